"""When people work: on which days, and between which hours. Holidays are the `holidays` package's, with rows of our own."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import holidays
import yaml

from scheduler.calendar import VIETNAM, at_local, local_day

SPECIAL_DAYS = Path(__file__).with_name("special_days.yaml")
_DAY = dt.timedelta(days=1)
# Longer than any run of days off: a calendar that has no working day at all must not be searched for ever.
_FARTHEST = 60


class BadSpecialDays(ValueError):
    """The file of special days cannot be read; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from what its weekday and the list of holidays say, and the notice that makes it so."""

    day: dt.date
    is_working: bool
    notice: str


@functools.cache
def _bundled() -> Mapping[dt.date, SpecialDay]:
    return {one.day: one for one in read_special_days(SPECIAL_DAYS)}


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Working days, and the hours between which people may be written to of our own accord (`opens_at` to `closes_at`)."""

    opens_at: dt.time = dt.time(7, 30)
    closes_at: dt.time = dt.time(17)
    special: Mapping[dt.date, SpecialDay] = field(default_factory=_bundled)

    def is_working_day(self, day: dt.date) -> bool:
        """Whether people work on this day: no week-end, no holiday, or a day that is worked instead of another."""
        return (one.is_working if (one := self.special.get(day)) else _calendar().is_working_day(day)) is True

    def on_or_after(self, day: dt.date) -> dt.date:
        """The first working day from this one on."""
        return self._seek(day, _DAY)

    def on_or_before(self, day: dt.date) -> dt.date:
        """The last working day up to this one."""
        return self._seek(day, -_DAY)

    def is_open(self, at: dt.datetime) -> bool:
        """Whether people may be written to at this instant."""
        local = at.astimezone(VIETNAM)
        return self.opens_at <= local.time() < self.closes_at and self.is_working_day(local.date())

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """The first instant from this one on at which people may be written to."""
        if self.is_open(at):
            return at
        day = local_day(at)
        if at >= at_local(day, self.opens_at):
            day += _DAY
        return at_local(self.on_or_after(day), self.opens_at)

    def _seek(self, day: dt.date, step: dt.timedelta) -> dt.date:
        for _ in range(_FARTHEST):
            if self.is_working_day(day):
                return day
            day += step
        return day


def read_working_time(hours: str, *, own: Path | None = None) -> WorkingTime:
    """Working time from a setting («07:30-17:00», several parts count as one from first to last) and the installation's own
    file of special days, where there is one. Raises BadSpecialDays, and ValueError for hours that are none."""
    times = sorted(dt.time.fromisoformat(one) for one in re.split("[-,]", hours))
    if times[0] == times[-1]:
        # A message would wait for ever, and be looked at without a pause.
        raise ValueError(f"no time between {hours!r}")
    special = dict(_bundled())
    if own is not None and own.is_file():
        special |= {one.day: one for one in read_special_days(own)}
    return WorkingTime(times[0], times[-1], special)


def read_special_days(path: Path) -> list[SpecialDay]:
    """The rows of a file of special days. Raises BadSpecialDays."""
    try:
        rows = yaml.safe_load(path.read_text("utf-8")) or []
    # ValueError: a day that no calendar has.
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadSpecialDays(path, str(error)) from error
    if not isinstance(rows, list):
        raise BadSpecialDays(path, "not a list")
    found: dict[dt.date, SpecialDay] = {}
    for row in rows:
        one = _special_day(path, row)
        if one.day in found:
            raise BadSpecialDays(path, f"{one.day} stands there twice")
        found[one.day] = one
    return list(found.values())


def _special_day(path: Path, row: Any) -> SpecialDay:
    match row:
        # An instant is a date too, to Python; it would never be found again.
        case {"day": dt.date() as day, "working": bool() as working, "notice": str() as notice} if type(day) is dt.date and notice.strip():
            return SpecialDay(day, working, notice)
    raise BadSpecialDays(path, f"not a row with day, working and notice: {row!r}")


@functools.cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("VN", language="vi")
