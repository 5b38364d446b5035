"""Days and periods as people in Việt Nam count them; instants stay aware UTC everywhere else."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from db.deadlines import Recurrence

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_MONTHS = {Recurrence.MONTH: 1, Recurrence.QUARTER: 3, Recurrence.HALF_YEAR: 6, Recurrence.YEAR: 12}
_TWO_WEEKS = 14


class NaiveInstantError(ValueError):
    """An instant without a zone: nobody can tell which day it is."""


@dataclass(frozen=True, slots=True)
class Period:
    """One turn of something that comes back; both days belong to it."""

    first: dt.date
    last: dt.date


def local_day(at: dt.datetime) -> dt.date:
    """The calendar day in Việt Nam of an instant: 17:30 UTC is the next day there. Raises NaiveInstantError."""
    if at.tzinfo is None:
        raise NaiveInstantError(at.isoformat())
    return at.astimezone(VIETNAM).date()


def at_local(day: dt.date, time: dt.time) -> dt.datetime:
    """That time of that day in Việt Nam, as aware UTC."""
    return dt.datetime.combine(day, time, VIETNAM).astimezone(dt.UTC)


def period_of(recurrence: Recurrence, day: dt.date, *, anchor: dt.date | None = None) -> Period | None:
    """The period that holds the day: calendar month, quarter, half or year; two weeks counted from `anchor`.

    Before the anchor it is the first period of all. None for what has no period: on demand, and two weeks without an
    anchor.
    """
    if recurrence is Recurrence.TWO_WEEKS:
        if anchor is None:
            return None
        turn = max(0, (day - anchor).days // _TWO_WEEKS)
        first = anchor + dt.timedelta(days=turn * _TWO_WEEKS)
        return Period(first, first + dt.timedelta(days=_TWO_WEEKS - 1))
    months = _MONTHS.get(recurrence)
    if months is None:
        return None
    begin = (day.month - 1) // months * months + 1
    end = begin + months - 1
    return Period(dt.date(day.year, begin, 1), dt.date(day.year, end, calendar.monthrange(day.year, end)[1]))


def periods_from(
    recurrence: Recurrence, day: dt.date, count: int, *, anchor: dt.date | None = None, until: dt.date | None = None
) -> list[Period]:
    """The period that holds the day and those after it, `count` in all; none that begins after `until`."""
    found: list[Period] = []
    while len(found) < count:
        period = period_of(recurrence, day, anchor=anchor)
        if period is None or (until is not None and period.first > until):
            break
        found.append(period)
        day = period.last + dt.timedelta(days=1)
    return found
