"""From which day to which somebody is away, as people type it: «từ 10/02 đến 20/02», «đến thứ 6», «hôm nay», «3 ngày»."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

_DAY = dt.timedelta(days=1)
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, **{str(number): number - 2 for number in range(2, 8)}}
# «10/02» without a year is the next such day; this far ahead nobody plans a leave, and another year was meant.
_FARTHEST = dt.timedelta(days=270)
_LONGEST = dt.timedelta(days=366)

_DATE = r"\d{1,2}\s?(?:[/.-]\s?|thang )\d{1,2}(?:\s?(?:[/.-]|nam)\s?(?:20)?\d\d)?"
_NAMED = r"hom nay|(?:ngay )?mai|(?:ngay )?(?:kia|mot)"
_WEEKDAY = r"(?:thu (?:hai|ba|tu|nam|sau|bay)|(?:thu |t)[2-7]|chu nhat|cn)(?: tuan nay| tuan sau| nay| toi)?"
_ONE = rf"(?:het )?(?:(?:ngay )?{_DATE}|{_NAMED}|{_WEEKDAY}|(?:cuoi )?tuan (?:nay|sau))"
_TO = r"(?:(?:cho )?(?:den|toi)(?: het)?|het)"
# What follows «vắng», as a part of a command's pattern.
SPAN = rf"(?:tu {_ONE}(?:\s*(?:{_TO}|[-–])\s*{_ONE})?|{_TO} {_ONE}|{_ONE}(?:\s*(?:{_TO}|[-–])\s*{_ONE})?|\d{{1,2}} (?:ngay|tuan))"

_PARTS = re.compile(rf"(?P<until_only>{_TO} )?(?:(?P<from>tu ))?(?P<first>{_ONE})(?:\s*(?:{_TO}|[-–])\s*(?P<last>{_ONE}))?")
_COUNT = re.compile(r"(\d{1,2}) (ngay|tuan)")
_WRITTEN = re.compile(r"(\d{1,2})\s?(?:[/.-]\s?|thang )(\d{1,2})(?:\s?(?:[/.-]|nam)\s?((?:20)?\d\d))?")


class Unusable(StrEnum):
    """Why days that were named cannot be taken."""

    NO_SUCH_DAY = "no_such_day"
    PAST = "past"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"
    WHICH_YEAR = "which_year"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of being away, both included; without `last` nobody knows yet when they come back."""

    first: dt.date
    last: dt.date | None


def read_span(folded: str, today: dt.date) -> Span | Unusable:
    """What a text that matches `SPAN` means on a day. Dates without a year are the next such days, and the first of two
    dates the nearest one before the last: on 24/11 «từ 20/11 đến 30/11» has begun already."""
    folded = " ".join(folded.split())
    if counted := _COUNT.fullmatch(folded):
        days = int(counted[1]) * (7 if counted[2] == "tuan" else 1)
        return Span(today, today + (days - 1) * _DAY) if days else Unusable.NO_SUCH_DAY
    parts = _PARTS.fullmatch(folded)
    if parts is None:
        return Unusable.NO_SUCH_DAY
    if parts["until_only"]:
        last = _last_of(parts["first"], today)
        return last if isinstance(last, Unusable) else _checked(Span(today, last), today)
    if parts["last"] is None:
        first = _first_of(parts["first"], today)
        if isinstance(first, Unusable):
            return first
        if parts["from"]:
            return _checked(Span(first, None), today)
        last = _last_of(parts["first"], today)
        return last if isinstance(last, Unusable) else _checked(Span(first, last), today)
    return _from_to(parts["first"], parts["last"], today)


def _from_to(first_words: str, last_words: str, today: dt.date) -> Span | Unusable:
    # «từ thứ 5 đến thứ 3» ends in the week after; a date is looked for from today on.
    begins = _first_of(first_words, today)
    after = begins if isinstance(begins, dt.date) and not _WRITTEN.search(first_words) else today
    last = _last_of(last_words, after)
    if isinstance(last, Unusable):
        return last
    written = _WRITTEN.search(first_words)
    if written is not None and written[3] is None:
        on = [day for year in (last.year, last.year - 1) if (day := _on(year, int(written[2]), int(written[1]))) is not None]
        # A date alone is no day before; but «từ 25/11 đến 20/11» is a slip, not eleven months and a half.
        before = next((day for day in on if day <= last), None)
        begins = Unusable.NO_SUCH_DAY if not on else Unusable.BACKWARDS if before is None else before
        if isinstance(begins, dt.date) and last - begins > _FARTHEST:
            begins = Unusable.BACKWARDS
    return begins if isinstance(begins, Unusable) else _checked(Span(begins, last), today)


def _checked(span: Span, today: dt.date) -> Span | Unusable:
    if span.last is not None and span.last < today:
        return Unusable.PAST
    if span.last is not None and span.last < span.first:
        return Unusable.BACKWARDS
    if span.last is not None and span.last - span.first > _LONGEST:
        return Unusable.TOO_LONG
    return span


def _first_of(words: str, today: dt.date) -> dt.date | Unusable:
    return _bounds(words, today)[0]


def _last_of(words: str, today: dt.date) -> dt.date | Unusable:
    return _bounds(words, today)[1]


def _bounds(words: str, today: dt.date) -> tuple[dt.date | Unusable, dt.date | Unusable]:
    """The first and the last day that words for a day, or a week, mean."""
    words = words.removeprefix("het ")
    if written := _WRITTEN.search(words):
        day = _written(written, today)
        return day, day
    monday = today - today.weekday() * _DAY
    if week := re.fullmatch(r"(?:cuoi )?tuan (nay|sau)", words):
        begin = max(today, monday) if week[1] == "nay" else monday + 7 * _DAY
        return begin, max(begin, monday + (4 if week[1] == "nay" else 11) * _DAY)
    if words.startswith("hom nay"):
        return today, today
    if words.endswith("mai"):
        return today + _DAY, today + _DAY
    if words.endswith(("kia", "mot")):
        return today + 2 * _DAY, today + 2 * _DAY
    found = re.search(r"(?:thu |t)([2-7]|hai|ba|tu|nam|sau|bay)\b", words)
    weekday = _WEEKDAYS[found[1]] if found else 6
    if words.endswith(("tuan nay", "tuan sau")):
        day = monday + (weekday + (7 if words.endswith("sau") else 0)) * _DAY
    else:
        day = today + ((weekday - today.weekday()) % 7) * _DAY
    return day, day


def _written(written: re.Match[str], today: dt.date) -> dt.date | Unusable:
    number, month = int(written[1]), int(written[2])
    if written[3] is not None:
        return _on(2000 + int(written[3]) % 100, month, number) or Unusable.NO_SUCH_DAY
    # 29/02 may be some years away.
    years = range(today.year, today.year + 5)
    day = next((one for year in years if (one := _on(year, month, number)) is not None and one >= today), None)
    if day is None:
        return Unusable.NO_SUCH_DAY
    return Unusable.WHICH_YEAR if day - today > _FARTHEST else day


def _on(year: int, month: int, number: int) -> dt.date | None:
    if not 1 <= month <= 12 or not 1 <= number <= calendar.monthrange(year, month)[1]:
        return None
    return dt.date(year, month, number)
