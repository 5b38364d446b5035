"""Assignments in a table: one row a task, with columns for who, with whom and by when."""

from __future__ import annotations

import re

from knowledge.agencies import find_agencies
from knowledge.dates import find_periods
from knowledge.deadlines import find_deadlines
from knowledge.extraction.roles import names
from knowledge.extraction.sentences import cut_to
from knowledge.facts import Assignment, Recurrence
from knowledge.recurrences import find_repeats
from knowledge.structure import Paragraph
from knowledge.text import fold, sentence_case

_CELL = " | "
_COLUMNS = (
    ("with", re.compile(r"\bphoi hop\b")),
    ("lead", re.compile(r"\b(?:chu tri|(?:co quan|don vi) (?:thuc hien|duoc giao|chiu trach nhiem)|trach nhiem)\b")),
    ("when", re.compile(r"\b(?:thoi gian|thoi han|tien do|han hoan thanh|han)\b")),
    ("result", re.compile(r"\b(?:san pham|ket qua|ghi chu|du kien)\b")),
    ("task", re.compile(r"\b(?:nhiem vu|noi dung|cong viec|hoat dong|giai phap)\b")),
)


def find_columns(text: str) -> list[str]:
    """What each column of a table's head holds («task», «lead», «with», «when», «result», «»); empty when it is no such head."""
    cells = [cell.strip() for cell in text.split(_CELL)]
    columns = [next((name for name, pattern in _COLUMNS if pattern.search(fold(cell))), "") for cell in cells if len(cell) < 60]
    return columns if len(columns) == len(cells) and "task" in columns and len({"lead", "when"} & set(columns)) else []


def read_row(paragraph: Paragraph, columns: list[str], *, year: int | None) -> Assignment | None:
    """The assignment of one row; None for a row that has no task (a group's title, a row of another shape)."""
    cells = [cell.strip() for cell in paragraph.text.split(_CELL)]
    if len(cells) != len(columns):
        return None
    at = dict(zip(reversed(columns), reversed(cells), strict=True))  # the first column of a name counts
    task, lead, when = at.get("task", ""), at.get("lead", ""), at.get("when", "")
    if len(task.split()) < 3 or not (lead or when):
        return None
    printed = when if find_deadlines(when, year=year) else f"Thời hạn: {when}"
    deadlines = find_deadlines(printed, year=year) if when else []
    repeats = find_repeats(when)
    periods = find_periods(when) or find_periods(f"giai đoạn {when}")
    span = periods[0] if periods and not deadlines else None
    mentions = tuple(find_agencies(lead))
    return Assignment(
        clause=paragraph.clause,
        paragraph=paragraph.ordinal,
        page=paragraph.page,
        task=sentence_case(cut_to(task, 250)),
        lead=names(mentions) or ((lead,) if re.search(r"\w{2}", lead) else ()),
        coordinating=names(tuple(find_agencies(at.get("with", "")))),
        report_to=(),
        due_on=deadlines[-1].due_on if deadlines else None,
        due_text=when,
        inclusive=deadlines[-1].inclusive if deadlines else True,
        period_from=span.first if span else None,
        period_to=span.last if span else None,
        recurrence=tuple(value for value in Recurrence if any(value in one.values for one in repeats)),
        quote=paragraph.text[:400],
    )
