"""Assignments: what a document orders to be done, by whom, with whom, for whom and by when."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.agencies import Mention, find_agencies, group_members
from knowledge.dates import Grain, find_periods
from knowledge.deadlines import find_deadlines
from knowledge.extraction.assignment_tables import find_columns, read_row
from knowledge.extraction.assignment_units import BEGINS, Unit, find_units, shift_run, shift_subject
from knowledge.extraction.inheritance import Doer, Introduced
from knowledge.extraction.roles import (
    Run,
    body_start,
    find_coordinating,
    find_recipients,
    names,
    work_end,
    work_start,
)
from knowledge.extraction.sections import Section, section_of
from knowledge.extraction.sentences import cut_to, window
from knowledge.facts import Assignment, Recurrence
from knowledge.recurrences import find_repeats
from knowledge.structure import OPENING, Paragraph, ParagraphKind
from knowledge.text import fold, sentence_case

TASK_LIMIT, QUOTE_LIMIT = 250, 400  # characters

_READ = (ParagraphKind.HEADING, ParagraphKind.BULLET, ParagraphKind.PLAIN)
_PAST = re.compile(r"^\s*(?:da|duoc|dang)\s")
_ATTRIBUTE = re.compile(
    r"^(?P<lead>(?:co quan |don vi )?chu tri(?: thuc hien| tham muu)?|(?:co quan|don vi)(?: duoc giao)? thuc hien)\s*:"
    r"|^(?P<with>(?:co quan |don vi )?phoi hop(?: thuc hien)?)\s*:"
    r"|^(?P<when>thoi gian|thoi han|tien do|han|thoi diem)[^:]{0,30}:"
    r"|^(?P<other>san pham|ket qua|muc tieu)[^:]{0,30}:"
)


@dataclass(frozen=True, slots=True)
class _Document:
    """What one reading shares: the title, the year for dates without one, whether it is a report, headings over items."""

    title: str
    year: int | None
    is_report: bool
    parents: frozenset[str]


def extract_assignments(paragraphs: Sequence[Paragraph], *, title: str, issued_on: dt.date | None = None) -> list[Assignment]:
    """The assignments of a document, in reading order, from the parts that look forward.

    The doer stands in the sentence, in the heading above («2. Sở Khoa học và Công nghệ:») or in the words that
    introduce a list; where nobody is named `lead` is empty. «các Sở» in a document whose title names departments means
    those. Two deadlines in one paragraph are two assignments. Dates printed without a year are of the year of
    `issued_on`, else of the year the document speaks of.
    """
    paragraphs = list(paragraphs)
    year = issued_on.year if issued_on else _year_of(paragraphs, title)
    document = _Document(title, year, _is_report(paragraphs, title), frozenset(h for p in paragraphs for h in p.headings))
    found: list[Assignment] = []
    introduced = Introduced()
    columns: list[str] = []
    for paragraph in paragraphs:
        if paragraph.kind is ParagraphKind.ROW:
            header = find_columns(paragraph.text)
            if header:
                columns = header
            elif (
                columns
                and section_of(paragraph.headings) is not Section.REPORT
                and (row := read_row(paragraph, columns, year=document.year))
            ):
                found.append(row)
            continue
        columns = []
        if paragraph.kind not in _READ:
            continue
        if found and (amended := _amend(found[-1], paragraph, document)):
            found[-1] = amended
            continue
        introduced.enter(paragraph)
        inherited = introduced.doer_of(paragraph)
        if introduced.introduce(paragraph):
            continue
        found.extend(_paragraph_assignments(paragraph, inherited, document))
    return found


def _is_report(paragraphs: Sequence[Paragraph], title: str) -> bool:
    heads = [title, *(one.text for one in paragraphs if one.kind is ParagraphKind.TITLE)]
    return any(fold(one).strip().startswith("bao cao") for one in heads)


def _year_of(paragraphs: Sequence[Paragraph], title: str) -> int | None:
    """The year that dates without one belong to: of the meeting («Ngày 06/4/2026, tại …»), of the title, else the commonest."""
    for paragraph in paragraphs[:12]:
        if paragraph.kind is ParagraphKind.PLAIN and fold(paragraph.text).startswith("ngay "):
            periods = find_periods(paragraph.text)
            if periods and periods[0].start == 0:
                return periods[0].first.year
    years = [one.last.year for one in find_periods(title) if one.grain is Grain.YEAR]
    if not years:
        named = [one for paragraph in paragraphs for one in find_periods(paragraph.text)]
        years = [one.last.year for one in named if one.grain < Grain.YEARS and not one.cited]
        return Counter(years).most_common(1)[0][0] if years else None
    return years[-1]


# ---------------------------------------------------------------- one paragraph


def _paragraph_assignments(paragraph: Paragraph, inherited: Doer, document: _Document) -> Iterator[Assignment]:
    text = paragraph.text
    section = section_of(paragraph.headings, in_report=document.is_report)
    if section in (Section.REPORT, Section.ASIDE):
        return
    is_parent = paragraph.kind is ParagraphKind.HEADING and text in document.parents
    if is_parent and not text.rstrip().endswith((".", ";")) and not re.search(r"[;.]\s", text):
        return  # a title over items, not an instruction
    if not re.search(r"\w\s+\w+\s+\w", text):
        return
    introduces = text.rstrip().endswith(":")
    for unit in find_units(text, year=document.year):
        if introduces and not unit.deadlines and not unit.repeats:
            continue
        if section is Section.UNKNOWN and not inherited.lead and not _is_order(unit, paragraph):
            continue
        if unit.subject and _PAST.match(fold(text[unit.subject.end : unit.end])):
            continue
        yield from _assignments(paragraph, unit, inherited, document)


def _is_order(unit: Unit, paragraph: Paragraph) -> bool:
    """Where no heading says that orders follow, the words must: a doer below the leadership, or a firm deadline."""
    if any(one.firm for one in unit.deadlines):
        return True
    if unit.subject is None or paragraph.clause == OPENING:
        return False
    return unit.subject.lead[0].kind not in {"leadership", "national"}


# ---------------------------------------------------------------- the assignment


def _assignments(paragraph: Paragraph, unit: Unit, inherited: Doer, document: _Document) -> Iterator[Assignment]:
    text = paragraph.text
    words = text[unit.start : unit.end]
    runs = [shift_run(run, -unit.start) for run in unit.runs]
    subject = shift_subject(unit.subject, -unit.start)
    lead = subject.lead if subject else unit.carried or inherited.lead
    coordinating, recipients = find_coordinating(words, runs), find_recipients(words, runs)
    if lead is inherited.lead:
        coordinating += inherited.coordinating
    firm = [one for one in unit.deadlines if one.firm]
    deadline = firm[-1] if firm else unit.deadlines[-1] if unit.deadlines else None
    values = tuple(value for value in Recurrence if any(value in one.values for one in unit.repeats))
    begins, ends = _period(words)
    begin = work_start(words, subject, runs) if subject is None or subject.end <= len(words) else 0
    label = body_start(words) if unit.start == 0 and subject is None else 0
    task = cut_to(words[0 if label else begin : work_end(words)], TASK_LIMIT)
    if len(task) < 15:
        task = cut_to(words, TASK_LIMIT)
    holding = (deadline.start, deadline.end) if deadline else (unit.repeats[0].start, unit.repeats[0].end) if unit.repeats else None
    printed = [one.text for one in unit.repeats] if deadline is None or deadline.due_on is None else []
    yield Assignment(
        clause=paragraph.clause,
        paragraph=paragraph.ordinal,
        page=paragraph.page,
        task=sentence_case(task),
        lead=_resolved(lead, document.title),
        coordinating=names(coordinating, without=lead),
        report_to=names(recipients, without=lead),
        due_on=deadline.due_on if deadline else None,
        due_text=", ".join([*printed, deadline.text] if deadline else printed),
        inclusive=deadline.inclusive if deadline else True,
        period_from=begins,
        period_to=ends,
        recurrence=values,
        quote=window(text, (unit.start, unit.end), holding, QUOTE_LIMIT),
    )


def _resolved(lead: Run, title: str) -> tuple[str, ...]:
    """Names of the doers; «các Sở» becomes the departments that the title names."""
    resolved: list[str] = []
    for one in lead:
        members = group_members(one.printed, title) if one.code == "N_SO" and _named_departments(title) else ()
        resolved.extend(_name_of(code, title) for code in members) if members else resolved.append(one.name)
    return tuple(dict.fromkeys(resolved))


def _named_departments(title: str) -> list[Mention]:
    named = [one for one in find_agencies(title) if one.kind == "department"]
    return named if len(named) > 1 else []


def _name_of(code: str, title: str) -> str:
    return next(one.name for one in _named_departments(title) if one.code == code)


def _period(words: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of the time the work takes: «giai đoạn 2026 - 2030», «từ … đến …», «bắt đầu trong năm 2026»."""
    folded = fold(words)
    for one in find_periods(words):
        if one.cited or folded.startswith("nhiem ky", one.start) or re.match(r",\s*20\d\d", folded[one.end :]):
            continue  # a term of office, or a row of horizons («2025 đến năm 2030, 2035, 2040»)
        if BEGINS.search(folded[: one.start]):
            return one.first, None
        if one.grain is Grain.YEARS or (one.grain is Grain.DAY and one.first != one.last):
            return one.first, one.last
    return None, None


# ---------------------------------------------------------------- what the lines below an item add


def _amend(before: Assignment, paragraph: Paragraph, document: _Document) -> Assignment | None:
    """The assignment before with what a line like «- Cơ quan chủ trì: Sở Y tế» adds; None when the line is another thing."""
    text = paragraph.text
    label = _ATTRIBUTE.match(fold(text))
    if not label or paragraph.kind is ParagraphKind.HEADING or not paragraph.clause.startswith(before.clause):
        return None
    mentions = tuple(find_agencies(text[label.end() :]))
    if label["lead"]:
        return replace(before, lead=_resolved(mentions, document.title)) if mentions else before
    if label["with"]:
        return replace(before, coordinating=names(mentions)) if mentions else before
    if label["when"]:
        deadlines = find_deadlines(text, year=document.year)
        repeats = find_repeats(text)
        values = tuple(value for value in Recurrence if any(value in one.values for one in repeats))
        if deadlines:
            one = deadlines[-1]
            return replace(before, due_on=one.due_on, due_text=one.text, inclusive=one.inclusive, recurrence=values or before.recurrence)
        begins, ends = _period(text)
        printed = text[label.end() :].strip(" .")
        return replace(before, due_text=printed, recurrence=values or before.recurrence, period_from=begins, period_to=ends)
    return before
