"""Days as coordinators type them: «20/01/2026», «trước ngày 15/4», «hết quý I/2026», «hằng tháng»."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from db.deadlines import DeadlineRule, Recurrence
from knowledge.dates import find_periods, last_day
from knowledge.deadlines import find_deadlines
from knowledge.recurrences import find_repeats
from knowledge.text import fold
from scheduler.calendar import period_of

_DAY = r"(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])"
_BARE = re.compile(rf"(?<![\d/.,-])(?<!ngày ){_DAY}")
# Among other words only what a limit's word stands before: «2/3 số xã», «trực 24/7» are no days.
_AFTER_WORD = re.compile(rf"(?<=\b)(trước|truoc|chậm nhất|cham nhat|đến|den|hạn|han|xong|trong)\s+{_DAY}", re.IGNORECASE)
_TERM = re.compile(
    r"[,;.]?\s*\b(?:thoi\s+)?han(?:\s+(?:chot|cuoi|cung|la|den|nop|xong|hoan thanh|bao cao|gui|viec))*\s*:?\s+(?P<day>\S.*)$"
)
_RHYTHMS = {
    "hai tuan": Recurrence.TWO_WEEKS,
    "2 tuan": Recurrence.TWO_WEEKS,
    "thang": Recurrence.MONTH,
    "quy": Recurrence.QUARTER,
    "3 thang": Recurrence.QUARTER,
    "sau thang": Recurrence.HALF_YEAR,
    "6 thang": Recurrence.HALF_YEAR,
    "nua nam": Recurrence.HALF_YEAR,
    "nam": Recurrence.YEAR,
    "1 nam": Recurrence.YEAR,
}


@dataclass(frozen=True, slots=True)
class ReadTask:
    """What somebody is told to do, as it was typed: the task, and the rule behind its last day; `choices`: several days are
    named, and which is meant only the writer knows."""

    task: str
    rule: DeadlineRule
    choices: tuple[dt.date, ...] = ()


def read_rule(words: str, today: dt.date) -> DeadlineRule | None:
    """The rule in words that say nothing but a day: «trước ngày 15/4» → until the end of 14/4 of the year that comes next.
    None when there is no day in them, or several."""
    rules = _rules_in(_BARE.sub(r"ngày \1/\2", words), today)
    return rules[0] if len({one.last_day for one in rules}) == 1 else None


def read_task(words: str, today: dt.date, *, anchor: dt.date | None = None) -> ReadTask:
    """A task with its day: «Báo cáo kinh phí, hạn 20/03/2026», «Nộp kế hoạch trước ngày 15/4», «Báo cáo hằng quý»."""
    text = words.strip()
    term = _TERM.search(fold(text))
    if term and (rule := read_rule(text[term.start("day") :], today)):
        task = text[: term.start()].strip(" ,;.")
        return ReadTask(task, with_rhythm(rule, read_recurrence(task), today, anchor))
    rules = _rules_in(_AFTER_WORD.sub(r"\1 ngày \2/\3", text), today)
    days = tuple(dict.fromkeys(one.last_day for one in rules if one.last_day))
    if len(days) > 1:
        return ReadTask(text, DeadlineRule(), days)
    return ReadTask(text, with_rhythm(rules[0] if rules else DeadlineRule(), read_recurrence(text), today, anchor))


def read_recurrence(words: str) -> Recurrence | None:
    """How often something comes back: «hằng quý», of several the shortest; None where nothing says so."""
    values = [Recurrence(one) for repeat in find_repeats(words) for one in repeat.values]
    values = [one for one in values if one is not Recurrence.AD_HOC]
    return min(values, key=list(Recurrence).index, default=None)


def read_rhythm(cell: str) -> Recurrence | None:
    """The same where nothing else is said: «quý», «6 tháng/lần», «hằng năm»."""
    plain = re.sub(r"\b(?:dinh ky|hang|moi|tung|mot lan|1 lan|lan)\b|[/.,]", " ", fold(cell))
    return _RHYTHMS.get(" ".join(plain.split())) or read_recurrence(cell)


def with_rhythm(rule: DeadlineRule, recurrence: Recurrence | None, today: dt.date, anchor: dt.date | None) -> DeadlineRule:
    """The rule of a first turn: of the period that holds its day, or of today's with its end as last day."""
    if recurrence is None:
        return rule
    period = period_of(recurrence, rule.last_day or today, anchor=anchor)
    if period is None:
        return rule
    given = {"recurrence": recurrence, "period_from": period.first, "period_to": period.last}
    if rule.last_day is None:
        given |= {"due_on": period.last, "last_day": period.last}
    if recurrence is Recurrence.TWO_WEEKS:
        given["anchor"] = anchor
    return rule.model_copy(update=given)


def _rules_in(words: str, today: dt.date) -> list[DeadlineRule]:
    """What limits a text names; a day without a year is the next that comes."""
    if dated := _read(words, None):
        return dated
    for year in (today.year, today.year + 1):
        found = _read(words, year)
        if any(one.last_day and one.last_day >= today for one in found):
            return found
    return []


def _read(text: str, year: int | None) -> list[DeadlineRule]:
    deadlines = [(one.text, one.due_on, one.inclusive) for one in find_deadlines(text, year=year) if one.due_on is not None]
    if not deadlines:
        deadlines = [(text[one.start : one.end], one.last, True) for one in find_periods(text, year=year) if not one.cited]
    return [
        DeadlineRule(printed=printed, due_on=due_on, inclusive=inclusive, last_day=last_day(due_on, inclusive=inclusive))
        for printed, due_on, inclusive in deadlines
        if due_on is not None
    ]
