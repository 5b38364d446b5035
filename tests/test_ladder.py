"""The ladder says on which days someone is reminded, and is silent on all others."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.deadlines import Recurrence
from scheduler.ladder import LADDER, due_rungs, offsets_for, parse_ladder, rungs_of

DAY = st.dates(dt.date(2000, 2, 1), dt.date(2080, 12, 31))
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def eight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8), LOCAL)


def offsets(last_day: dt.date, now: dt.datetime) -> list[int]:
    return [rung.offset for rung in due_rungs(last_day, now)]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (dt.date(2025, 12, 31), [-14]),
        (dt.date(2026, 1, 7), [-7]),
        (dt.date(2026, 1, 11), [-3]),
        (dt.date(2026, 1, 12), []),
        (dt.date(2026, 1, 13), [-1]),
        (dt.date(2026, 1, 14), [0]),
        (dt.date(2026, 1, 15), []),
    ],
)
def test_last_day_14_january_is_reminded_of_on_its_five_days(day: dt.date, wanted: list[int]) -> None:
    assert offsets(dt.date(2026, 1, 14), eight(day)) == wanted


def test_rung_counts_from_eight_until_the_day_ends_in_viet_nam() -> None:
    last_day = dt.date(2026, 1, 14)
    assert offsets(last_day, dt.datetime(2026, 1, 13, 7, 59, tzinfo=LOCAL)) == []
    assert offsets(last_day, dt.datetime(2026, 1, 13, 1, 0, tzinfo=dt.UTC)) == [-1]
    assert offsets(last_day, dt.datetime(2026, 1, 13, 16, 59, tzinfo=dt.UTC)) == [-1]
    assert offsets(last_day, dt.datetime(2026, 1, 13, 17, 0, tzinfo=dt.UTC)) == []


@pytest.mark.parametrize(
    ("last_day", "day", "wanted"),
    [
        (dt.date(2026, 1, 3), dt.date(2025, 12, 31), [-3]),
        (dt.date(2028, 3, 1), dt.date(2028, 2, 29), [-1]),
        (dt.date(2026, 3, 1), dt.date(2026, 2, 28), [-1]),
        (dt.date(2026, 3, 31), dt.date(2026, 3, 17), [-14]),
    ],
)
def test_rungs_cross_months_and_years(last_day: dt.date, day: dt.date, wanted: list[int]) -> None:
    assert offsets(last_day, eight(day)) == wanted


@given(DAY)
def test_each_rung_is_due_on_its_own_day_only(last_day: dt.date) -> None:
    for rung in rungs_of(last_day):
        assert rung.day == last_day + dt.timedelta(days=rung.offset)
        assert rung.at.astimezone(LOCAL) == eight(rung.day)
        assert [one.offset for one in due_rungs(last_day, rung.at)] == [rung.offset]


@given(DAY, st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2080, 1, 1), timezones=st.just(dt.UTC)))
def test_at_most_one_rung_is_due_and_never_early(last_day: dt.date, now: dt.datetime) -> None:
    due = due_rungs(last_day, now)
    assert len(due) <= 1
    assert all(rung.at <= now < rung.at + dt.timedelta(hours=16) for rung in due)


@pytest.mark.parametrize(
    ("recurrence", "wanted"),
    [
        (None, LADDER),
        (Recurrence.QUARTER, LADDER),
        (Recurrence.YEAR, LADDER),
        (Recurrence.MONTH, (-3, -1, 0)),
        (Recurrence.TWO_WEEKS, (-3, -1, 0)),
    ],
)
def test_short_periods_begin_three_days_before(recurrence: Recurrence | None, wanted: tuple[int, ...]) -> None:
    assert offsets_for(recurrence) == wanted


def test_days_that_move_bring_their_rungs_together_the_most_urgent_last() -> None:
    def to_monday(day: dt.date) -> dt.date:
        return day + dt.timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)

    monday = dt.date(2026, 1, 12)
    assert [rung.offset for rung in due_rungs(dt.date(2026, 1, 14), eight(monday), move=to_monday)] == [-3]
    assert due_rungs(dt.date(2026, 1, 14), eight(monday - dt.timedelta(days=1)), move=to_monday) == []
    assert [rung.offset for rung in due_rungs(dt.date(2026, 1, 11), eight(monday), move=to_monday)] == [-1, 0]


def test_setting_is_read_in_order_and_each_step_once() -> None:
    assert parse_ladder("-7,-3,-1,0,+1,-3") == (-7, -3, -1, 0, 1)


def test_setting_that_holds_no_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        parse_ladder("-7,soon")
