"""Results in tables: a row an indicator, a column what was done («Chỉ tiêu | ĐVT | Kế hoạch 2026 | Thực hiện 6 tháng»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.extraction.result_figures import stated_date
from knowledge.extraction.sentences import window
from knowledge.extraction.target_tables import QUOTE_LIMIT, UNIT_HEAD, UNIT_IN_NAME, read_value, split_cells
from knowledge.facts import Result
from knowledge.structure import Paragraph
from knowledge.text import fold, sentence_case

_DONE = re.compile(r"^(?:uoc |so |gia tri |ket qua )*(?:thuc hien|th|dat duoc|da dat|ket qua|hien trang|ket qua dat)\b")
_NOT_DONE = re.compile(
    r"\b(?:don vi|co quan|nguoi|thoi gian|thoi han|tien do|bien phap|ghi chu|muc do|san pham|danh gia|du kien)\b|%|\bty le\b"
)
_PLANNED = re.compile(r"\b(?:ke hoach|kh|muc tieu|chi tieu giao|du toan|phan dau|giao)\b")
_NAMES = re.compile(r"\b(?:chi tieu|tieu chi|noi dung|ten(?! (?:co quan|don vi))|danh muc|linh vuc|hang muc|nhiem vu)\b")
_ESTIMATED = re.compile(r"^uoc\b")
_LONGEST_HEAD = 60  # characters
_LONGEST_VALUE = 4  # words: «41 trạm», «2,3 triệu hồ sơ»


@dataclass(slots=True)
class ResultTable:
    """Reads the rows of one table after another; `close` ends a table."""

    _heads: list[str] = field(default_factory=list)
    _has_rows: bool = False

    def close(self) -> None:
        self._heads, self._has_rows = [], False

    @property
    def is_open(self) -> bool:
        """Whether a head was read that names indicators beside what was planned or done: other tables are read as sentences."""
        return any(_NAMES.search(fold(head)) for head in self._heads) and any(
            _is_done(head) or _PLANNED.search(fold(head)) for head in self._heads
        )

    def in_words(self, paragraph: Paragraph) -> list[tuple[str, str]]:
        """(indicator, what was done) of a row that says it in words: those are read like a sentence."""
        cells = split_cells(paragraph.text)
        found = [cell for head, cell in zip(self._heads, cells, strict=False) if _is_done(head) and len(cell.split()) > _LONGEST_VALUE]
        return [(self._name(cells), cell) for cell in found]

    def read(self, paragraph: Paragraph, *, as_of: str) -> Iterator[Result]:
        """The results of a row; a row that heads the table gives none."""
        cells = split_cells(paragraph.text)
        if _is_head(cells):
            self.close()
            self._heads = cells
        elif self._heads and not self._has_rows and _is_second_head(cells):
            self._read_second_head(cells)
        elif self.is_open:
            self._has_rows = True
            yield from self._row_results(paragraph, cells, as_of)

    def _read_second_head(self, cells: list[str]) -> None:
        """A merged cell reaches to the right: «| | Kế hoạch | Thực hiện» below «STT | Chỉ tiêu | Năm 2026»."""
        heads = [*self._heads, *[""] * (len(cells) - len(self._heads))]
        self._heads = [cell or head for cell, head in zip(cells, heads, strict=False)]

    def _name(self, cells: list[str]) -> str:
        named = (cell for head, cell in zip(self._heads, cells, strict=False) if _NAMES.search(fold(head)) and not _is_done(head))
        return next(named, "")

    def _row_results(self, paragraph: Paragraph, cells: list[str], as_of: str) -> Iterator[Result]:
        if len(cells) != len(self._heads):
            return
        name = self._name(cells)
        unit = next((cell for cell, head in zip(cells, self._heads, strict=True) if UNIT_HEAD.match(head)), "")
        printed = UNIT_IN_NAME.search(name)
        if printed:
            unit, name = unit or printed.group(1), name[: printed.start()]
        if not re.search(r"[^\W\d]{2}", name):
            return
        for head, cell in zip(self._heads, cells, strict=True):
            is_value = _is_done(head) and len(cell.split()) <= _LONGEST_VALUE
            figure = read_value(cell, unit) if is_value else None
            if figure is None:
                continue
            at = max(paragraph.text.find(f" {figure.printed}", paragraph.text.find(name) + len(name)), 0)
            is_estimate = _ESTIMATED.match(fold(head)) is not None
            yield Result(
                clause=paragraph.clause,
                paragraph=paragraph.ordinal,
                page=paragraph.page,
                indicator=sentence_case(name.lstrip("-+–• ").strip()),
                value=figure.value,
                printed=figure.printed.rstrip("%").strip(),
                unit=figure.unit,
                approximate=is_estimate,
                hedge="ước" if is_estimate else "",
                scope="",
                as_of=_as_of(head, as_of),
                quote=window(paragraph.text, (0, len(paragraph.text)), (at, at + len(figure.printed)), QUOTE_LIMIT),
            )


def _as_of(head: str, as_of: str) -> str:
    """The time that a column's head names; of the running year the document's own date says more."""
    year = re.search(r"20\d\d", head)
    stated = stated_date(head, as_of=as_of) or (year[0] if year else "")
    return as_of if not stated or as_of.startswith(stated) else stated


def _is_done(head: str) -> bool:
    folded = fold(head)
    return _DONE.match(folded) is not None and _NOT_DONE.search(folded) is None


def _is_head(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return (
        len(filled) > 1
        and all(len(cell) <= _LONGEST_HEAD for cell in cells)
        and any(_NAMES.search(fold(cell)) and not _is_done(cell) for cell in cells[:3])
        and (re.fullmatch(r"\d+|[IVX]+", cells[0]) is None)
        and not any(re.fullmatch(r"[\d.,%\s]+", cell) and not re.fullmatch(r"20\d\d", cell) for cell in filled)
    )


def _is_second_head(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return not cells[0] and bool(filled) and all(_is_done(cell) or _PLANNED.search(fold(cell)) or "%" in cell for cell in filled)
