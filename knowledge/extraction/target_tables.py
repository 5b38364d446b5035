"""Targets in tables: a row an indicator, a column a horizon year («Chỉ tiêu | Đơn vị | 2027 | 2030»)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.extraction.naming import is_scope
from knowledge.extraction.sentences import window
from knowledge.facts import Comparator, Target
from knowledge.figures import Figure, find_figures, parse_number
from knowledge.structure import Paragraph
from knowledge.text import sentence_case

QUOTE_LIMIT = 400
_YEAR = re.compile(r"\b(20\d\d)\b(?:\s*(?:-|–|đến)\s*(20\d\d))?")
_NAME_HEAD = re.compile(r"\b(?:chỉ tiêu|tiêu chí|nội dung|mục tiêu|tên|danh mục|lĩnh vực|hạng mục)\b", re.IGNORECASE)
_TARGET_WORD = re.compile(r"\b(?:chỉ tiêu|mục tiêu|tiêu chí)\b", re.IGNORECASE)
UNIT_HEAD = re.compile(r"^(?:đơn vị(?: tính)?|đvt|đ\.v\.t|đ/v tính)$", re.IGNORECASE)
_VALUE_HEAD = re.compile(r"\b(?:mục tiêu|kế hoạch|chỉ tiêu|giá trị|phấn đấu|yêu cầu|mức)\b", re.IGNORECASE)
_OTHER_HEAD = re.compile(
    r"\b(?:kinh phí|vốn|ngân sách|dự toán|thời gian|thời hạn|hoàn thành|tiến độ|chủ trì|phối hợp|phụ trách|thực hiện|kết quả"
    r"|hiện trạng|ước|ghi chú"
    r"|nguồn|theo dõi|đánh giá|căn cứ|tỷ lệ đạt|so sánh)\b|^(?:stt|tt|số tt)$",
    re.IGNORECASE,
)
UNIT_IN_NAME = re.compile(r"\s*\(\s*(%|[^\W\d][^()]{0,24})\s*\)\s*$")
_BASES = re.compile(
    r"\b(GRDP|GDP|tổng chi ngân sách (?:địa phương|nhà nước|tỉnh)|tổng chi ngân sách|dân số trưởng thành|dân số|diện tích|"
    r"tổng số [^,.;]{3,60}|hộ gia đình|người dân trưởng thành|người dân)",
    re.IGNORECASE,
)
_BASE_BEHIND = re.compile(
    r"\s*(?:của\s+|so với\s+|trong\s+|trên\s+)?((?:tổng|số|năm 20\d\d|cùng kỳ|GRDP|GDP|dân số)(?!\w)(?:[ ]?[^,.;:()\d][^,.;:()\d]{0,50})?)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\s*(?:so với|của|mức)?\s*((?:cuối |cùng kỳ )?năm 20\d\d|cùng kỳ(?: năm trước)?|giai đoạn 20\d\d\s*[-–]\s*20\d\d|năm trước)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d.,]*")


def find_base(segment: str, figure: Figure) -> str:
    """What a share is taken of («GRDP», «tổng mức bán lẻ»), or the year that a multiple or growth is held against."""
    behind = segment[figure.end :]
    if figure.unit and figure.unit != "%":
        behind = behind.lstrip().removeprefix(figure.unit)
    relative = _RELATIVE.match(behind)
    if relative and (figure.unit == "lần" or re.search(r"(?:so với|cùng kỳ)", relative.group())):
        return relative.group(1)
    if figure.unit == "lần":
        return ""
    if figure.unit != "%":
        return ""
    known = _BASES.match(re.sub(r"^\s*(?:(?:của|trong|trên|vào)\s+)?", "", behind))
    if known:
        return known.group(1)
    stated = _BASE_BEHIND.match(behind)
    if stated and re.match(r"(?:tổng|số)\b", stated.group(1), re.IGNORECASE):
        return _up_to_verb(stated.group(1))
    anywhere = _BASES.search(segment)
    if anywhere is None or (
        anywhere.group(1) in ("GRDP", "GDP") and not re.search(r"(?:trong|trên|vào|/)\s*$", segment[: anywhere.start()])
    ):
        return ""
    return anywhere.group(1)


def _up_to_verb(words: str) -> str:
    """«số bộ đã công bố» stays, «số hộ được dùng nước sạch» → «số hộ»."""
    return re.split(r"\s+(?:được|có|đạt|sử dụng|tham gia|đủ|vào|trong năm)\b", words, maxsplit=1)[0].strip()


def split_cells(row: str) -> list[str]:
    """The cells of a row as the readers print it; an empty cell keeps its place."""
    return [cell.strip() for cell in row.split("|")]


@dataclass(slots=True)
class _Column:
    """A table's column: its head, and the year if its cells are values."""

    head: str
    year: int | None = None
    is_value: bool = False
    label: str = ""  # the second line of a head: «Cấp xã» below «Năm 2027»


class TargetTable:
    """Reads the rows of one table after another; `close` ends a table."""

    def __init__(self) -> None:
        self.close()

    def close(self) -> None:
        self._columns: list[_Column] = []
        self._has_rows = False
        self._year: int | None = None
        self._parent = self._unit = ""

    def read(self, paragraph: Paragraph, *, year: int | None, in_targets: bool) -> Iterator[Target]:
        """The targets of a row. `year` is the horizon that headings or the title set, used for columns without one; a
        table outside the sections that set targets counts only if its head speaks of targets."""
        cells = split_cells(paragraph.text)
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:
            self._read_group(filled[0])
            return
        if self._columns and not self._has_rows and _is_second_head(cells):
            self._read_second_head(cells)
            return
        if _is_head(cells, in_targets=in_targets):
            self._read_head(cells)
            return
        if self._columns:
            self._has_rows = True
            yield from self._row_targets(paragraph, cells, year)

    def _read_group(self, text: str) -> None:
        found = _YEAR.search(text)
        if found:
            self._year = int(found.group(2) or found.group(1))
        self._parent = ""

    def _read_head(self, cells: list[str]) -> None:
        named = next((at for at, cell in enumerate(cells) if _NAME_HEAD.search(cell)), -1)
        self._columns = [_Column(cell) for cell in cells]
        self._has_rows = False
        for at, column in enumerate(self._columns):
            if at == named or _OTHER_HEAD.search(column.head) or UNIT_HEAD.match(column.head):
                continue
            found = _YEAR.search(column.head)
            column.year = int(found.group(2) or found.group(1)) if found and len(column.head) < 40 else None
            column.is_value = column.year is not None or _VALUE_HEAD.search(column.head) is not None

    def _read_second_head(self, cells: list[str]) -> None:
        """«| | | 2027 | 2030» below «STT | Chỉ tiêu | Đơn vị | Mục tiêu»: a merged cell reaches to the right."""
        while len(self._columns) < len(cells):
            self._columns.append(_Column(""))
        above = _Column("")
        for column, cell in zip(self._columns, cells, strict=False):
            above = column if column.head else above
            if not cell or (_OTHER_HEAD.search(above.head) and not _VALUE_HEAD.search(above.head)):
                continue
            found = _YEAR.search(cell)
            column.year = int(found.group(2) or found.group(1)) if found else above.year
            column.is_value = not _OTHER_HEAD.search(cell) and (found is not None or above.is_value)
            column.label = "" if found else cell

    def _row_targets(self, paragraph: Paragraph, cells: list[str], year: int | None) -> Iterator[Target]:
        columns = self._columns[: len(cells)]
        others = [cell for cell, column in zip(cells, columns, strict=False) if not column.is_value and not UNIT_HEAD.match(column.head)]
        name = self._name(cells, columns, others)
        if not name:
            return
        unit = next((cell for cell, column in zip(cells, columns, strict=False) if UNIT_HEAD.match(column.head)), "")
        if not unit and any(cell == "%" for cell in others):
            unit = "%"
        per_year = _is_per_year(name, unit)
        unit = re.sub(r"\s?/\s?năm\b", "", unit)
        printed = UNIT_IN_NAME.search(name)
        if printed:
            unit = unit or printed.group(1)
            name = name[: printed.start()]
        own = name
        name = self._below(own)
        unit = unit or (self._unit if name != own else "")  # «- Cấp xã» is counted like the row above it
        self._unit = unit
        for cell, column in zip(cells, columns, strict=False):
            figure = read_value(cell, unit) if column.is_value else None
            if figure is not None:
                label = f"{name}: {column.label[:1].lower()}{column.label[1:]}" if column.label else name
                yield _target(paragraph, label, figure, column.year or self._year or year, per_year=per_year or _is_per_year(column.head))

    def _name(self, cells: Sequence[str], columns: Sequence[_Column], others: list[str]) -> str:
        for cell, column in zip(cells, columns, strict=False):
            if cell and not column.is_value and _NAME_HEAD.search(column.head) and not _OTHER_HEAD.search(column.head):
                return cell
        words = [cell for cell in others if re.search(r"[^\W\d]{2,}", cell)]
        return max(words, key=len) if words else ""

    def _below(self, name: str) -> str:
        """A row that begins with a dash, or says only where, goes on with the row above it."""
        own = name.lstrip("-+–• ").strip()
        if self._parent and (own != name or is_scope(own)):
            return f"{self._parent}: {own[:1].lower()}{own[1:]}"
        self._parent = own
        return own


def _is_head(cells: list[str], *, in_targets: bool) -> bool:
    """Whether a row heads a table of targets: it names the indicators, or years stand over the other columns."""
    if len(cells) < 2 or (cells[0] and _YEAR.search(cells[0])) or any(len(cell) > 80 for cell in cells):
        return False
    years = sum(_YEAR.search(cell) is not None and len(cell) < 40 for cell in cells)
    named = any(_TARGET_WORD.search(cell) for cell in cells)
    labelled = any(UNIT_HEAD.match(cell) or re.match(r"^(?:stt|tt)$", cell, re.IGNORECASE) for cell in cells)
    if in_targets:
        return (years >= 1 and len(cells) >= 2 and not any(find_figures(cell) for cell in cells)) or (named and labelled)
    return named and (years >= 1 or labelled)


def _is_second_head(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return not cells[0] and len(filled) >= 2 and all(len(cell) < 40 and not find_figures(cell) for cell in filled)


def read_value(cell: str, unit: str) -> Figure | None:
    """The figure of a cell, with the unit of its row where it prints none."""
    if _NUMBER.fullmatch(cell):
        try:
            return Figure(0, len(cell), Comparator.EQUAL, "", parse_number(cell), None, cell, unit)
        except ValueError:
            return None
    figures = find_figures(cell if "%" in cell or unit != "%" else f"{cell}%")
    if not figures:
        return None
    return replace(figures[0], unit=figures[0].unit or unit, printed=figures[0].printed if "%" in cell else figures[0].printed.rstrip("%"))


def _is_per_year(*texts: str) -> bool:
    return any(re.search(r"/\s?năm\b|\b(?:mỗi|hằng|hàng) năm\b", text, re.IGNORECASE) for text in texts)


def _target(paragraph: Paragraph, name: str, figure: Figure, year: int | None, *, per_year: bool) -> Target:
    at = max(paragraph.text.find(figure.printed), 0)
    base = re.search(r"\b(?:GRDP|GDP|tổng chi ngân sách(?: địa phương| nhà nước| tỉnh)?)\b", name) if figure.unit == "%" else None
    return Target(
        clause=paragraph.clause,
        paragraph=paragraph.ordinal,
        page=paragraph.page,
        indicator=sentence_case(name),
        comparator=figure.comparator,
        value=figure.value,
        value_max=figure.value_max,
        printed=figure.printed,
        unit=figure.unit,
        base=base.group() if base else "",
        horizon_year=year,
        per_year=per_year,
        quantified=True,
        quote=window(paragraph.text, (0, len(paragraph.text)), (at, at + len(figure.printed)), QUOTE_LIMIT),
        group=paragraph.headings[-1] if paragraph.headings and len(paragraph.headings[-1]) < 90 else "",
    )
