"""A list that a person keeps in Excel or CSV → rows by the meaning of their columns; nothing in it is ever evaluated."""

from __future__ import annotations

import csv
import io
import re
import struct
import threading
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from handlers.wording import lists
from knowledge.text import fold, normalise

# A province has some hundred agencies and a few thousand officials.
MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 50

_HEADER_WITHIN = 10  # rows: above it stand a title, a date, who made the list
_LOOKED_AT_COLUMNS, _SHEET_ROWS = 256, 1_048_576
_MOST_UNPACKED = 50_000_000
_MOST_PARTS = 2_000
# openpyxl makes an object of every element, and larger ones of what is no cell; a full list has some million tags.
_MOST_TAGS, _MOST_OTHER_TAGS, _MOST_SHEETS = 2_500_000, 250_000, 50
_SHEET_TAG = re.compile(rb"<(?:[\w.-]+:)?sheet[\s/>]")
_DELIMITERS = ",;\t|"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What openpyxl and what it stands on raise for a file that is altered or cut short; SyntaxError is the XML parsers'.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
# Filters of warnings belong to the whole process, so one reading at a time may change them.
_QUIET = threading.Lock()


class UnreadableList(Exception):
    """A file that is no list of this kind. `reason` is Vietnamese: what is wrong and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Column:
    """What a list may say of each row. `title` is its heading in our templates, `names` other headings, folded, the best first.

    A required column must be there, whatever its cells hold. The lines of a cell become one, or with `is_many` «a; b».
    """

    title: str
    names: tuple[str, ...] = ()
    is_required: bool = False
    is_many: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: its line as a person counts, from 1 at the file's top, and its cells by column, «» where empty."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadList:
    """The rows of a list that say anything, in its order, and the columns that it has."""

    columns: frozenset[str]
    rows: tuple[ListRow, ...]


def read_list(path: Path, columns: Mapping[str, Column]) -> ReadList:
    """The list in a file: of an .xlsx the first sheet that has the header, of a .csv in whatever encoding and delimiter.

    Columns are told by their headings, in any order; others are ignored. Cells are NFC text in one line, whole numbers
    without decimals. Raises UnreadableList.
    """
    data = _load(path)
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise UnreadableList(lists.LIST_OF_ANOTHER_KIND)
    if data.startswith(_OLE):
        is_locked = "EncryptedPackage".encode("utf-16-le") in data
        raise UnreadableList(lists.LIST_ENCRYPTED if is_locked else lists.LIST_OF_ANOTHER_KIND)
    if suffix == ".csv":
        return _find_list(_csv_tables(data), columns)
    if not data.startswith(b"PK\3\4"):
        raise UnreadableList(lists.LIST_MISNAMED.format(suffix=suffix))
    try:
        _check_package(data)
        with _QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of every ornament it will not keep
            return _find_list(_xlsx_tables(data), columns)
    except _DAMAGE as error:
        raise UnreadableList(lists.LIST_DAMAGED) from error


def _load(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableList(lists.LIST_MISSING) from error
    if len(data) > MOST_BYTES:
        raise UnreadableList(lists.LIST_OVERSIZED.format(limit=MOST_BYTES // 1_000_000))
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise UnreadableList(lists.LIST_EMPTY)
    return data


def _check_package(data: bytes) -> None:
    """Refuse what would unpack or be parsed to more than a list can need, before openpyxl does either."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableList(lists.LIST_ENCRYPTED)
        if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
            raise UnreadableList(lists.LIST_OVERFILLED)
        # Other packings are unpacked without regard to the declared size.
        if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
            raise UnreadableList(lists.LIST_DAMAGED)
        if not any(entry.filename.startswith("xl/") for entry in entries):
            raise UnreadableList(lists.LIST_MISNAMED.format(suffix=".xlsx"))
        cells, others, sheets = 0, 0, 0
        for entry in entries:
            part = archive.read(entry).replace(b"\0", b"")  # so that UTF-16 hides nothing
            if b"<!DOCTYPE" in part:
                raise UnreadableList(lists.LIST_DAMAGED)  # the format has none: only an attack brings one
            sheets += len(_SHEET_TAG.findall(part))
            if entry.filename.startswith(("xl/worksheets/", "xl/sharedStrings")):
                cells += part.count(b"<")
            else:
                others += part.count(b"<")
    if cells > _MOST_TAGS or others > _MOST_OTHER_TAGS or sheets > _MOST_SHEETS:
        raise UnreadableList(lists.LIST_OVERFILLED)


def _xlsx_tables(data: bytes) -> Iterator[Iterator[Sequence[Any]]]:
    from openpyxl import load_workbook  # here, since every start would pay for it

    for sheet in load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False).worksheets:
        # The size that a sheet declares is not asked: it may be wrong, and every row is filled up to it.
        yield sheet.iter_rows(min_row=1, max_row=_SHEET_ROWS, min_col=1, max_col=_LOOKED_AT_COLUMNS, values_only=True)


def _csv_tables(data: bytes) -> Iterator[Iterator[Sequence[Any]]]:
    """The file as each delimiter would divide it; only with the right one the header's columns stand apart."""
    from knowledge.formats.decode import decode_text
    from knowledge.formats.detect import is_text
    from knowledge.reading_errors import UnreadableText

    if data.startswith(b"PK\3\4") or not is_text(data):
        raise UnreadableList(lists.LIST_MISNAMED.format(suffix=".csv"))
    try:
        text = decode_text(data)
    except UnreadableText as error:
        raise UnreadableList(lists.LIST_UNKNOWN_ENCODING) from error
    for delimiter in _DELIMITERS:
        yield csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _find_list(tables: Iterable[Iterator[Sequence[Any]]], columns: Mapping[str, Column]) -> ReadList:
    """The first table with every required column; else the one that comes nearest says what it lacks."""
    required = [name for name, column in columns.items() if column.is_required]
    nearest: dict[str, list[int]] = {}
    nearest_line = 0
    seen: list[str] = []
    for table in tables:
        try:
            for line, row in enumerate(islice(table, _HEADER_WITHIN), 1):
                places = _places(row, columns)
                if all(name in places for name in required):
                    return _read_rows(table, columns, places, line)
                if len(places) > len(nearest):
                    nearest, nearest_line = places, line
                seen += [_text(cell) for cell in row]
        except csv.Error:
            continue  # quotes that make no sense with this delimiter
    if nearest:
        titles = ", ".join(f"«{columns[name].title}»" for name in required if name not in nearest)
        raise UnreadableList(lists.LIST_WITHOUT_COLUMNS.format(line=nearest_line, columns=titles))
    if not any(seen):
        raise UnreadableList(lists.LIST_EMPTY)
    _refuse_legacy_font(seen)
    titles = ", ".join(f"«{columns[name].title}»" for name in required)
    raise UnreadableList(lists.LIST_WITHOUT_HEADER.format(rows=_HEADER_WITHIN, columns=titles))


def _places(row: Sequence[Any], columns: Mapping[str, Column]) -> dict[str, list[int]]:
    """Where each column stands in what may be a header; several headings of one column, the best first."""
    keys = [_heading(_text(cell)) for cell in row[:MOST_COLUMNS]]
    places = {
        name: [at for known in (_heading(column.title), *column.names) for at, key in enumerate(keys) if key == known]
        for name, column in columns.items()
    }
    return {name: list(dict.fromkeys(found)) for name, found in places.items() if found}


def _heading(text: str) -> str:
    """«Số điện thoại (*)» → «so dien thoai», «short_names» → «short names»."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\(.*?\)", " ", fold(text))))


def _read_rows(
    table: Iterator[Sequence[Any]], columns: Mapping[str, Column], places: Mapping[str, list[int]], header_line: int
) -> ReadList:
    rows: list[ListRow] = []
    line = header_line
    try:
        for line, row in enumerate(table, header_line + 1):
            if not any(row):
                continue
            if any(_text(cell) for cell in row[MOST_COLUMNS:]):
                raise UnreadableList(lists.LIST_TOO_WIDE.format(limit=MOST_COLUMNS))
            cells = {
                name: next(filter(None, (_text(row[at], "; " if columns[name].is_many else " ") for at in found if at < len(row))), "")
                for name, found in places.items()
            }
            if not any(cells.values()):
                continue  # numbered beforehand, or a signature below the list
            if len(rows) == MOST_ROWS:
                raise UnreadableList(lists.LIST_TOO_LONG.format(limit=MOST_ROWS))
            rows.append(ListRow(line, cells))
    except csv.Error as error:
        raise UnreadableList(lists.LIST_BROKEN_QUOTES.format(line=line + 1)) from error
    if not rows:
        raise UnreadableList(lists.LIST_EMPTY)
    _refuse_legacy_font(cell for row in rows[:200] for cell in row.cells.values())
    return ReadList(frozenset(places), tuple(rows))


def _text(cell: Any, glue: str = " ") -> str:
    """A cell as one line of text: 912345678.0 is «912345678», as the person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return glue.join(filter(None, map(normalise, str(cell).splitlines())))


def _refuse_legacy_font(cells: Iterable[str]) -> None:
    from knowledge.legibility import find_illegibility
    from knowledge.reading_errors import Illegibility

    if find_illegibility("\n".join(cells)) is Illegibility.LEGACY_FONT:
        raise UnreadableList(lists.LIST_LEGACY_FONT)
