"""Questions that a library answers well: shown to whoever does not know yet what to ask."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from knowledge import wording
from knowledge.agencies import find_agencies
from knowledge.answer import Answer, AnswerKind, Library
from knowledge.answering import answer
from knowledge.facts import Assignment, Target

_ON_A_BUTTON, _BYTES = 40, 64  # characters that a phone shows of a button; bytes that it carries
_TRIES = 8  # candidates of a kind that are asked
_MANY = 5  # targets that make a year one to show
_NAMED = range(2, 8)  # words of an indicator, or of a task, that still make a question
_BEGINS = re.compile(r"(?:Tỷ lệ|Tỉ lệ|Số|Quy mô)\s+")
_ENDS = re.compile(r"\s+(?:trên địa bàn(?: tỉnh)?|của (?:toàn )?tỉnh|toàn tỉnh)$")
_HURRY = re.compile(r"(?:(?:khẩn trương|chủ động|phải|cần|tiếp tục)\s+)+", re.IGNORECASE)
_BREAK = re.compile(r"[,;:(]|\s(?:về|của|cho|để|theo|tại|thực hiện|trước|trong|chậm nhất|hoàn thành|vào|nêu|gắn)\s")
_YEARLY = re.compile(r"\b(?:hằng|hàng) (?:tháng|quý|năm)\b")
_DEPARTMENT = "department"
_CODE = re.compile(r"\d\w*[A-Z]|\b[A-Z]{2,}\b")


def examples_of(library: Library) -> tuple[str, ...]:
    """Up to three questions: a target with its year, an agency's tasks, a deadline (or a reported result); each was asked and
    answered as it should be. The same library gives the same ones; they are looked for once."""
    if library.examples is None:
        due = _first(library, _deadlines(library)) or _first(library, _results(library))
        library.examples = (*_first(library, _targets(library)), *_first(library, _tasks(library)), *due)
    return library.examples


_Candidate = tuple[str, Callable[[Answer], bool]]


def _first(library: Library, candidates: Iterable[_Candidate]) -> tuple[str, ...]:
    """The first question that is answered as its candidate wants it."""
    fitting = (one for one in candidates if len(one[0].encode()) <= _BYTES)
    for question, is_right in islice(fitting, _TRIES):
        found, _ = answer(library, question)
        if found.answered and is_right(found):
            return (question,)
    return ()


def _targets(library: Library) -> Iterator[_Candidate]:
    """Of the next horizon that has some: what has a code («5G») before what has none, short names first."""
    held = [one for one in library.catalogue.targets if one.fact.quantified and not library.document(one.document).superseded_by]
    years = Counter(one.fact.horizon_year for one in held if one.fact.horizon_year)
    ahead = [year for year in sorted(years) if year > library.newest_year()] or sorted(years, reverse=True)
    year = next((one for one in ahead if years[one] >= _MANY), ahead[0] if ahead else None)
    named = [(_short(one.fact.indicator), one.fact) for one in held if year is not None and one.fact.horizon_year == year]
    named = [(name, fact) for name, fact in named if len(name.split()) in _NAMED]
    asked = [(wording.EXAMPLE_TARGET.format(name=_lowered(name), year=fact.horizon_year), fact) for name, fact in named]
    for question, fact in sorted(asked, key=lambda one: (len(one[0]) > _ON_A_BUTTON, not _CODE.search(one[0]), len(one[0]), one[0])):

        def is_right(found: Answer, fact: Target = fact) -> bool:
            return found.kind is AnswerKind.TARGET and found.citations[0].quote == fact.quote

        yield question, is_right


def _tasks(library: Library) -> Iterator[_Candidate]:
    """Whoever has most to do, departments first, of those whose question fits a button."""
    leads = Counter(lead for one in library.catalogue.assignments for lead in one.fact.lead)
    known = {name: found[0] for name in leads if (found := [one for one in find_agencies(name) if one.code and one.printed == name])}
    agencies = sorted(known.values(), key=lambda one: (one.kind != _DEPARTMENT, -leads[one.printed], one.printed))
    asked = [wording.EXAMPLE_TASKS.format(agency=one.printed) for one in agencies if not one.is_group]
    for question in sorted(asked, key=lambda one: len(one) > _ON_A_BUTTON):
        yield question, lambda found: found.kind is AnswerKind.ASSIGNMENT


def _deadlines(library: Library) -> Iterator[_Candidate]:
    """The latest day that is printed as a day, by the first words of its task."""
    due = [one.fact for one in library.catalogue.assignments if one.fact.due_on is not None and _is_one_day(one.fact)]
    for fact in sorted(due, key=lambda one: (one.due_on is None or -one.due_on.toordinal(), one.task)):
        phrase = _phrase(fact)
        if phrase:

            def is_right(found: Answer, fact: Assignment = fact) -> bool:
                return found.kind is AnswerKind.DEADLINE and fact.due_text in found.text

            yield wording.EXAMPLE_DEADLINE.format(task=_lowered(phrase)), is_right


def _is_one_day(fact: Assignment) -> bool:
    return "ngày" in fact.due_text and not fact.recurrence and not _YEARLY.search(fact.task)


def _results(library: Library) -> Iterator[_Candidate]:
    named = {_short(one.fact.indicator): one.fact for one in library.catalogue.results}
    for name in sorted(named, key=lambda one: (not _CODE.search(one), len(one), one)):
        if len(name.split()) in _NAMED:

            def is_right(found: Answer, printed: str = named[name].printed) -> bool:
                return found.kind is AnswerKind.RESULT and printed in found.text

            yield wording.EXAMPLE_RESULT.format(name=_lowered(name)), is_right


def _short(name: str) -> str:
    """«Tỷ lệ phủ sóng 5G trên địa bàn» → «phủ sóng 5G»."""
    begins = _BEGINS.match(name)
    return _ENDS.sub("", name[begins.end() if begins else 0 :])


def _phrase(fact: Assignment) -> str:
    """The beginning of a task that says by itself what is to be done: «rà soát toàn bộ nhu cầu kinh phí»; empty where none does."""
    hurry = _HURRY.match(fact.task)
    task = fact.task[hurry.end() if hurry else 0 :]
    end = _BREAK.search(task)
    phrase = task[: end.start() if end else len(task)].strip()
    return phrase if len(phrase.split()) in range(3, 9) else ""


def _lowered(name: str) -> str:
    """With a small letter, where it does not begin with a code or a name."""
    first = name.split()[0]
    return name if first != first.capitalize() or len(first) == 1 or first in ("Sở", "Ban", "Đảng") else name[:1].lower() + name[1:]
