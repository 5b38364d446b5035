"""The ladder says on which days someone is reminded, moves what falls on a day off, and is silent on all others."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.deadlines import Recurrence
from scheduler.ladder import (
    USUAL,
    Course,
    Ladder,
    Rung,
    due_rungs,
    ladder_for,
    ladder_of,
    next_look_at,
    next_rung,
    parse_ladder,
    rungs,
)
from scheduler.working_time import WorkingTime

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
DAY, INSTANT = dt.timedelta(days=1), dt.timedelta(microseconds=1)
WORKING = WorkingTime()
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LAST_DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))
OWN = st.lists(st.integers(-60, 60), min_size=1, max_size=8).map(lambda days: ladder_of(tuple(days)))
LADDERS = st.sampled_from([USUAL, Ladder((-3, -1, 0))]) | OWN
# From well before a last day to well after it, at any time of day.
AWAY = st.timedeltas(-70 * DAY, 400 * DAY)


def eight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(8), LOCAL)


def first(last_day: dt.date, count: int, ladder: Ladder = USUAL) -> list[tuple[int, dt.date]]:
    """(offset, day it goes out on) of the first steps of all."""
    found = itertools.islice(rungs(last_day, ladder, WORKING, since=dt.date(2000, 1, 1)), count)
    return [(one.offset, one.sent_on) for one in found]


def all_until(last_day: dt.date, ladder: Ladder, until: dt.date) -> list[Rung]:
    found = rungs(last_day, ladder, WORKING, since=dt.date(2000, 1, 1))
    return list(itertools.takewhile(lambda one: one.sent_on <= until, found))


def offsets(last_day: dt.date, now: dt.datetime, *, dealt_with: dt.datetime = LONG_AGO) -> list[int]:
    return [one.offset for one in due_rungs(Course(last_day, USUAL, dealt_with), now, WORKING)]


def jan(day: int) -> dt.date:
    return dt.date(2026, 1, day)


# ---------------------------------------------------------------- which days


def test_last_day_14_january_is_reminded_of_on_its_days_and_weekly_afterwards() -> None:
    # 31/12 is a Wednesday; the 11th a Sunday; the 17th a Saturday.
    assert first(jan(14), 9) == [
        (-14, dt.date(2025, 12, 31)),
        (-7, jan(7)),
        (-3, jan(12)),
        (-1, jan(13)),
        (0, jan(14)),
        (1, jan(15)),
        (3, jan(19)),
        (7, jan(21)),
        (14, jan(28)),
    ]


def test_rung_counts_from_eight_in_viet_nam_until_it_was_dealt_with() -> None:
    since = eight(jan(12))
    assert offsets(jan(14), dt.datetime(2026, 1, 13, 7, 59, tzinfo=LOCAL), dealt_with=since) == []
    assert offsets(jan(14), dt.datetime(2026, 1, 13, 1, 0, tzinfo=dt.UTC), dealt_with=since) == [-1]
    assert offsets(jan(14), dt.datetime(2026, 1, 13, 23, 59, tzinfo=LOCAL), dealt_with=since) == [-1]
    assert offsets(jan(14), eight(jan(14)), dealt_with=since) == [-1, 0]
    assert offsets(jan(14), eight(jan(13)), dealt_with=eight(jan(13))) == []


@pytest.mark.parametrize(
    ("last_day", "wanted"),
    [
        # A Sunday: what would come on Saturday and Sunday comes on Friday, once.
        (jan(18), [(-14, jan(5)), (-7, jan(12)), (-3, jan(15)), (0, jan(16)), (1, jan(19)), (3, jan(21)), (7, jan(26))]),
        # Worked on Saturday the 10th instead of Friday the 2nd.
        (
            dt.date(2026, 1, 2),
            [(-14, dt.date(2025, 12, 19)), (-7, dt.date(2025, 12, 26)), (-3, dt.date(2025, 12, 30)), (0, dt.date(2025, 12, 31))],
        ),
        (
            jan(10),
            [
                (-14, dt.date(2025, 12, 29)),
                (-7, jan(5)),
                (-3, jan(7)),
                (-1, jan(9)),
                (0, jan(10)),
                (1, jan(12)),
                (3, jan(13)),
                (7, jan(19)),
            ],
        ),
        # In the middle of Tết: everything of the holidays on the last morning before, everything late on the first after.
        (
            dt.date(2026, 2, 18),
            [
                (-14, dt.date(2026, 2, 4)),
                (-7, dt.date(2026, 2, 11)),
                (0, dt.date(2026, 2, 13)),
                (3, dt.date(2026, 2, 23)),
                (7, dt.date(2026, 2, 25)),
            ],
        ),
        (
            dt.date(2028, 3, 1),
            [(-14, dt.date(2028, 2, 16)), (-7, dt.date(2028, 2, 23)), (-3, dt.date(2028, 2, 28)), (-1, dt.date(2028, 2, 29))],
        ),
    ],
)
def test_what_falls_on_a_day_off_moves_and_what_falls_together_is_one(last_day: dt.date, wanted: list[tuple[int, dt.date]]) -> None:
    assert first(last_day, len(wanted)) == wanted


@pytest.mark.parametrize(
    ("recurrence", "wanted"),
    [
        (None, (-14, -7, -3, -1, 0)),
        (Recurrence.QUARTER, (-14, -7, -3, -1, 0)),
        (Recurrence.YEAR, (-14, -7, -3, -1, 0)),
        (Recurrence.MONTH, (-3, -1, 0)),
        (Recurrence.TWO_WEEKS, (-3, -1, 0)),
    ],
)
def test_short_periods_begin_three_days_before(recurrence: Recurrence | None, wanted: tuple[int, ...]) -> None:
    assert ladder_for(recurrence, USUAL) == Ladder(wanted, (1, 3, 7))


def test_ladder_of_a_duty_goes_before_the_usual_one_also_for_short_periods() -> None:
    assert ladder_for(Recurrence.MONTH, USUAL, (-10, 2)) == Ladder((-10,), (2,))
    assert ladder_for(Recurrence.MONTH, parse_ladder("-20,-2,0"), None) == Ladder((-2, 0), (1, 3, 7))


def test_setting_is_read_in_order_and_each_step_once() -> None:
    assert parse_ladder("-7,-3,-1,0,+1,-3") == Ladder((-7, -3, -1, 0), (1,))
    assert parse_ladder("0,-30") == Ladder((-30, 0), (1, 3, 7))


@pytest.mark.parametrize("text", ["-7,soon", "", "-7;-3", "1.5"])
def test_setting_that_holds_no_numbers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        parse_ladder(text)


def test_hours_that_begin_after_eight_begin_the_reminders_of_the_day() -> None:
    late = WorkingTime(opens_at=dt.time(9, 30))
    (rung,) = itertools.islice(rungs(jan(14), USUAL, late, since=jan(14)), 1)
    assert rung.at == dt.datetime(2026, 1, 14, 9, 30, tzinfo=LOCAL)


# ---------------------------------------------------------------- what holds for every last day


@given(LAST_DAYS, LADDERS)
@example(dt.date(2026, 2, 18), USUAL)
@example(dt.date(2026, 2, 18), Ladder((-6, -5, -4, -3, -2, -1, 0), (1, 2, 3, 4)))
def test_every_rung_goes_out_on_a_working_day_in_order_and_once_a_day(last_day: dt.date, ladder: Ladder) -> None:
    found = all_until(last_day, ladder, last_day + 120 * DAY)
    assert all(WORKING.is_working_day(one.sent_on) for one in found)
    assert all(one.day == last_day + one.offset * DAY and one.at == eight(one.sent_on) for one in found)
    assert all(before.sent_on < after.sent_on and before.offset < after.offset for before, after in itertools.pairwise(found))
    for one in found:
        if one.offset <= 0:
            assert one.sent_on <= last_day
            # Nothing was skipped: on the next working day, or else on the last before.
            assert one.sent_on in (WORKING.on_or_after(one.day), WORKING.on_or_before(one.day))
        else:
            assert one.sent_on == WORKING.on_or_after(one.day)
    # Each day that the ladder names has its morning, with a step that is no earlier.
    mornings = {one.sent_on: one.offset for one in found}
    for offset in (*ladder.before, *ladder.after):
        day = last_day + offset * DAY
        sent_on = WORKING.on_or_after(day)
        sent_on = WORKING.on_or_before(day) if offset <= 0 and sent_on > last_day else sent_on
        assert mornings[sent_on] >= offset


@given(LAST_DAYS, LADDERS, st.integers(0, 4000))
def test_overdue_is_reminded_of_weekly_for_ever(last_day: dt.date, ladder: Ladder, days: int) -> None:
    since = last_day + max(days, ladder.after[-1] + 30) * DAY
    found = list(itertools.islice(rungs(last_day, ladder, WORKING, since=since), 20))
    assert all((one.offset - ladder.after[-1]) % 7 == 0 and one.sent_on >= since for one in found)
    # Over Tết two weeks may fall on one morning.
    assert all(b.offset - a.offset in (7, 14) for a, b in itertools.pairwise(found))
    assert found[0].sent_on < since + 21 * DAY


@given(LAST_DAYS, LADDERS, AWAY)
def test_looking_from_a_later_day_shows_the_same_rungs(last_day: dt.date, ladder: Ladder, away: dt.timedelta) -> None:
    since, until = last_day + away, last_day + away + 60 * DAY
    from_there = itertools.takewhile(lambda one: one.sent_on <= until, rungs(last_day, ladder, WORKING, since=since))
    assert list(from_there) == [one for one in all_until(last_day, ladder, until) if one.sent_on >= since]


def course(last_day: dt.date, ladder: Ladder, dealt_with: dt.timedelta, pause: int | None, asks_again: bool) -> Course:
    paused_until = None if pause is None else last_day + pause * DAY
    return Course(last_day, ladder, eight(last_day) + dealt_with, paused_until, asks_again and pause is not None)


COURSES = st.builds(course, LAST_DAYS, LADDERS, AWAY, st.none() | st.integers(-40, 120), st.booleans())


@given(COURSES, AWAY)
def test_nothing_is_due_that_was_dealt_with_or_falls_into_a_pause(course: Course, away: dt.timedelta) -> None:
    due = due_rungs(course, eight(course.last_day) + away, WORKING)
    assert all(course.dealt_with < one.at <= eight(course.last_day) + away for one in due)
    if course.paused_until:
        assert all(one.sent_on > course.paused_until for one in due)
    assert [one.sent_on for one in due] == sorted({one.sent_on for one in due})
    assert sum(one.is_again for one in due) <= int(course.asks_again)


@given(COURSES, AWAY)
def test_next_look_is_the_first_instant_at_which_something_is_due(course: Course, away: dt.timedelta) -> None:
    at = next_look_at(course, WORKING)
    assert due_rungs(course, at, WORKING) and not due_rungs(course, at - INSTANT, WORKING)
    now = eight(course.last_day) + away
    coming = next_rung(course, now, WORKING)
    assert coming is not None and coming.at > now
    assert due_rungs(course, coming.at, WORKING)[-1] == coming


@given(COURSES, st.integers(0, 200), st.integers(2, 9))
def test_looking_daily_rarely_or_once_ends_with_the_same_step(course: Course, days: int, step: int) -> None:
    """Each look deals with what is due; whoever looks less often acts on some of the same steps, the last of them alike."""

    def acted_on(every: int) -> list[Rung]:
        found, now, left = [], course.dealt_with, course
        end = course.dealt_with + days * DAY
        while now <= end:
            if due := due_rungs(left, now, WORKING):
                found.append(due[-1])
                left = Course(left.last_day, left.ladder, due[-1].at, left.paused_until, left.asks_again)
            now = min(now + every * DAY, end) if now < end else end + DAY
        return found

    daily, rarely, once = acted_on(1), acted_on(step), acted_on(max(days, 1))
    assert daily == due_rungs(course, course.dealt_with + days * DAY, WORKING)
    assert [one for one in daily if one in rarely] == rarely
    assert daily[-1:] == rarely[-1:] == once[-1:]


@given(LAST_DAYS, LADDERS, st.integers(-30, 90))
def test_promise_is_asked_about_on_the_first_working_morning_after_it(last_day: dt.date, ladder: Ladder, promised: int) -> None:
    until = last_day + promised * DAY
    asked = Course(last_day, ladder, eight(until - 20 * DAY), until, asks_again=True)
    quiet = Course(last_day, ladder, eight(until - 20 * DAY), until)
    morning = WORKING.on_or_after(until + DAY)
    assert next_look_at(asked, WORKING) <= eight(morning)
    (first_rung, *others) = due_rungs(asked, eight(morning + 30 * DAY), WORKING)
    usual = due_rungs(quiet, eight(morning + 30 * DAY), WORKING)
    if usual and usual[0].sent_on == first_rung.sent_on:
        # It falls together with a step: that one asks.
        assert [first_rung, *others] == usual
    else:
        assert (first_rung.sent_on, first_rung.is_again, first_rung.day) == (morning, True, until + DAY)
        assert others == usual


def test_duty_ten_years_overdue_is_looked_at_in_no_time() -> None:
    old = Course(dt.date(2016, 3, 31), USUAL, eight(jan(5)))
    next_look_at(old, WORKING)
    began = time.perf_counter()
    for _ in range(100):
        next_look_at(old, WORKING)
    assert time.perf_counter() - began < 0.5
