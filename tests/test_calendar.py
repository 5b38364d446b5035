"""Days and periods are those of Việt Nam."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.deadlines import Recurrence
from scheduler.calendar import NaiveInstantError, Period, at_local, local_day, period_of, periods_from

DAY = st.dates(dt.date(2000, 1, 1), dt.date(2080, 12, 31))
CALENDAR = st.sampled_from([Recurrence.MONTH, Recurrence.QUARTER, Recurrence.HALF_YEAR, Recurrence.YEAR])


def test_evening_in_utc_is_the_next_day_in_viet_nam() -> None:
    assert local_day(dt.datetime(2026, 1, 5, 16, 59, tzinfo=dt.UTC)) == dt.date(2026, 1, 5)
    assert local_day(dt.datetime(2026, 1, 5, 17, 0, tzinfo=dt.UTC)) == dt.date(2026, 1, 6)
    assert local_day(dt.datetime(2025, 12, 31, 18, 0, tzinfo=dt.UTC)) == dt.date(2026, 1, 1)


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstantError):
        local_day(dt.datetime(2026, 1, 5, 8))


@given(DAY, st.times())
def test_local_time_and_day_agree(day: dt.date, time: dt.time) -> None:
    instant = at_local(day, time)
    assert instant.utcoffset() == dt.timedelta()
    assert local_day(instant) == day


@pytest.mark.parametrize(
    ("recurrence", "first", "last"),
    [
        (Recurrence.MONTH, dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
        (Recurrence.QUARTER, dt.date(2028, 1, 1), dt.date(2028, 3, 31)),
        (Recurrence.HALF_YEAR, dt.date(2028, 1, 1), dt.date(2028, 6, 30)),
        (Recurrence.YEAR, dt.date(2028, 1, 1), dt.date(2028, 12, 31)),
    ],
)
def test_period_holds_the_day(recurrence: Recurrence, first: dt.date, last: dt.date) -> None:
    assert period_of(recurrence, dt.date(2028, 2, 29)) == Period(first, last)


@given(CALENDAR, DAY)
def test_periods_follow_each_other_without_a_gap(recurrence: Recurrence, day: dt.date) -> None:
    periods = periods_from(recurrence, day, 5)
    assert periods[0].first <= day <= periods[0].last
    assert all(after.first - before.last == dt.timedelta(days=1) for before, after in itertools.pairwise(periods))


@given(DAY, DAY)
def test_two_weeks_count_from_the_anchor(day: dt.date, anchor: dt.date) -> None:
    period = period_of(Recurrence.TWO_WEEKS, day, anchor=anchor)
    assert period is not None
    assert (period.last - period.first).days == 13
    assert (period.first - anchor).days % 14 == 0
    assert period.first >= anchor
    assert period.first <= max(day, anchor) <= period.last


def test_two_weeks_without_an_anchor_and_on_demand_have_no_period() -> None:
    day = dt.date(2026, 1, 5)
    assert period_of(Recurrence.TWO_WEEKS, day) is None
    assert period_of(Recurrence.AD_HOC, day) is None
    assert periods_from(Recurrence.AD_HOC, day, 2) == []


def test_no_period_begins_after_the_end() -> None:
    assert len(periods_from(Recurrence.QUARTER, dt.date(2026, 11, 1), 2, until=dt.date(2026, 12, 31))) == 1
