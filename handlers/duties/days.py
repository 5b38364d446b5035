"""Days as coordinators type them: «20/01/2026», «trước ngày 15/4», «hết quý I/2026», «hằng tháng»."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from db.deadlines import DeadlineRule, Recurrence
from handlers.replies.days import find_day
from knowledge.dates import find_periods, last_day
from knowledge.deadlines import find_deadlines
from knowledge.recurrences import find_repeats
from knowledge.text import fold
from scheduler.calendar import period_of

_DAY = r"(\d{1,2})\s?/\s?(\d{1,2})(?![\d/])"
_BARE = re.compile(rf"(?<![\d/.,-])(?<!ngày ){_DAY}")
# Among other words only what a limit's word stands before: «2/3 số xã», «trực 24/7» are no days.
_AFTER_WORD = re.compile(rf"(?<=\b)(trước|truoc|chậm nhất|cham nhat|đến|den|hạn|han|xong|trong)\s+{_DAY}", re.IGNORECASE)
_TERM = re.compile(r"[,;.]?\s*\b(?:thoi\s+)?han\b(?!\s(?:muc|che|han|hep)\b)")
_TERM_GOES_ON = re.compile(r"(?:\s+(?:chot|cuoi|cung|la|den|nop|xong|hoan thanh|bao cao|gui|viec))*\s*:?\s+(?=\S)")
# A day in words that only somebody who writes now says («thứ 6», «mai»), where the text ends with it.
_LIMIT = r"(?P<before>truoc )?(?:(?:cham nhat|den|toi|sang|qua|thanh|vao|la|trong|xong) )*(?P<again>truoc )?"
_AT_END = re.compile(r"\b(?:truoc|cham nhat|den|xong|trong) (?:(?:den|vao|la|truoc) )?(?P<day>\S.*)$")
_PRINTED = re.compile(r"(?:ngay )?(?P<day>\d{1,2})(?: ?[/.-] ?| thang )(?P<month>\d{1,2})(?:(?: ?[/.-] ?| nam )(?P<year>\d{4}|\d{2}))?")
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
    named, and which is meant only the writer knows; `no_such_day`: the day that was typed, where no calendar has it."""

    task: str
    rule: DeadlineRule
    choices: tuple[dt.date, ...] = ()
    no_such_day: str = ""


def read_rule(words: str, today: dt.date) -> DeadlineRule | None:
    """The rule in words that say nothing but a day: «trước ngày 15/4» → until the end of 14/4 of the year that comes next.
    None when there is no day in them, or several."""
    rules = _rules_in(_BARE.sub(r"ngày \1/\2", words), today)
    return rules[0] if len({one.last_day for one in rules}) == 1 else None


def read_day(words: str, today: dt.date) -> DeadlineRule | None:
    """The same, and days as one says them: «thứ 6», «mai», «cuối tháng», «trước thứ 2 tuần sau»."""
    if no_such_day(words):
        return None
    if rule := read_rule(words, today):
        return rule
    plain, printed = _plain(words), words.strip(" :,;.")
    limit = re.match(_LIMIT, plain)
    start = limit.end() if limit else 0
    found = find_day(plain[start:], today)
    if found is None or found.start > 0 or found.end < len(plain) - start:
        return None
    inclusive = not (limit and (limit["before"] or limit["again"]))
    return DeadlineRule(printed=printed, due_on=found.on, inclusive=inclusive, last_day=last_day(found.on, inclusive=inclusive))


def no_such_day(words: str) -> str:
    """The day that words name and nothing else, where there is none: «30/02», «trước ngày 31 tháng 4»; else empty."""
    plain = _plain(words)
    limit = re.match(_LIMIT, plain)
    found = _PRINTED.fullmatch(plain, limit.end() if limit else 0)
    if found is None:
        return ""
    try:
        # Without a year, a leap year has every day there is.
        dt.date(int(found["year"] or 2000) % 100 + 2000, int(found["month"]), int(found["day"]))
    except ValueError:
        return found[0].removeprefix("ngay ").replace(" thang ", "/").replace(" nam ", "/")
    return ""


def _plain(words: str) -> str:
    return fold(" ".join(words.split())).strip(" :,;.")


def read_task(words: str, today: dt.date, *, anchor: dt.date | None = None) -> ReadTask:
    """A task with its day: «Báo cáo kinh phí, hạn 20/03/2026», «Nộp kế hoạch trước ngày 15/4», «Báo cáo hằng quý»."""
    text = words.strip()
    folded = fold(text)
    for term in _TERM.finditer(folded):
        task = text[: term.start()].strip(" ,;.")
        goes_on = _TERM_GOES_ON.match(folded, term.end())
        # «hạn cuối: tháng 1», but also «hạn cuối tháng».
        for start in (goes_on.end(), term.end()) if goes_on else ():
            if absent := no_such_day(text[start:]):
                return ReadTask(task, with_rhythm(DeadlineRule(), read_recurrence(task), today, anchor), no_such_day=absent)
            if rule := read_day(text[start:], today):
                return ReadTask(task, with_rhythm(rule, read_recurrence(task), today, anchor))
    at_end = _AT_END.search(folded)
    if at_end and (absent := no_such_day(at_end["day"])):
        return ReadTask(text, DeadlineRule(), no_such_day=absent)
    rules = _rules_in(_AFTER_WORD.sub(r"\1 ngày \2/\3", text), today)
    if not rules and at_end and (rule := read_day(text[at_end.start() :], today)):
        rules = [rule]
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
