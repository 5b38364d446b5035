"""On which days and between which hours people work: the holidays' library, the notices it lacks, an installation's own file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.working_time import SPECIAL_DAYS, BadSpecialDays, WorkingTime, read_special_days, read_working_time

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WORKING = WorkingTime()


def list_days_off(working: WorkingTime, first: dt.date, last: dt.date) -> list[dt.date]:
    every = (first + dt.timedelta(days=count) for count in range((last - first).days + 1))
    return [day for day in every if not working.is_working_day(day)]


def days(*texts: str) -> list[dt.date]:
    """«2026-02-14..22» and single days."""
    found: list[dt.date] = []
    for text in texts:
        first, _, last = text.partition("..")
        begin = dt.date.fromisoformat(first)
        end = begin.replace(day=int(last)) if last else begin
        found += [begin + dt.timedelta(days=count) for count in range((end - begin).days + 1)]
    return found


def off_weekdays(year: int) -> list[dt.date]:
    """The days from Monday to Friday without work."""
    return [one for one in list_days_off(WORKING, dt.date(year, 1, 1), dt.date(year, 12, 31)) if one.weekday() < 5]


def worked_weekends(year: int) -> list[dt.date]:
    every = (dt.date(year, 1, 1) + dt.timedelta(days=count) for count in range(365))
    return [one for one in every if one.weekday() >= 5 and WORKING.is_working_day(one)]


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("year", "off", "worked"),
    [
        (2025, days("2025-01-01", "2025-01-27..31", "2025-04-07", "2025-04-30", "2025-05-01..02", "2025-09-01..02"), days("2025-04-26")),
        (
            2026,
            days(
                "2026-01-01..02", "2026-02-16..20", "2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01..02", "2026-11-24"
            ),
            days("2026-01-10", "2026-08-22"),
        ),
    ],
)
def test_years_whose_holidays_are_announced(year: int, off: list[dt.date], worked: list[dt.date]) -> None:
    assert off_weekdays(year) == off
    assert worked_weekends(year) == worked


def test_tet_of_2026_is_nine_days_without_work() -> None:
    assert list_days_off(WORKING, dt.date(2026, 2, 12), dt.date(2026, 2, 24)) == days("2026-02-14..22")
    assert WORKING.on_or_before(dt.date(2026, 2, 18)) == dt.date(2026, 2, 13)
    assert WORKING.on_or_after(dt.date(2026, 2, 14)) == dt.date(2026, 2, 23)


def test_year_to_come_has_at_least_the_holidays_of_the_law() -> None:
    """Bộ luật Lao động, Điều 112: 1/1, Tết, the Hùng Kings (16/4/2027), 30/4, 1/5, 2/9."""
    off = set(list_days_off(WORKING, dt.date(2027, 1, 1), dt.date(2027, 12, 31)))
    assert set(days("2027-01-01", "2027-02-05..09", "2027-04-16", "2027-04-30", "2027-05-01", "2027-09-02")) <= off


def test_day_swapped_by_a_notice_says_which() -> None:
    assert "12729/VPCP-KGVX" in WORKING.special[dt.date(2026, 1, 2)].notice
    assert not WORKING.is_working_day(dt.date(2026, 1, 2)) and WORKING.is_working_day(dt.date(2026, 1, 10))


# ---------------------------------------------------------------- hours


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-01-12T07:29:59", "2026-01-12T07:30:00"),
        ("2026-01-12T07:30:00", None),
        ("2026-01-12T16:59:59", None),
        ("2026-01-12T17:00:00", "2026-01-13T07:30:00"),
        ("2026-01-09T18:00:00", "2026-01-10T07:30:00"),  # the next day is a Saturday that is worked
        ("2026-01-11T10:00:00", "2026-01-12T07:30:00"),
        ("2025-12-31T17:00:00", "2026-01-05T07:30:00"),
        ("2026-02-13T17:00:00", "2026-02-23T07:30:00"),
        ("2026-02-23T00:00:00", "2026-02-23T07:30:00"),
    ],
)
def test_people_may_be_written_to_in_working_hours_only(at: str, opens: str | None) -> None:
    instant = dt.datetime.fromisoformat(at).replace(tzinfo=LOCAL)
    assert WORKING.is_open(instant) == (opens is None)
    wanted = instant if opens is None else dt.datetime.fromisoformat(opens).replace(tzinfo=LOCAL)
    assert WORKING.next_open(instant) == WORKING.next_open(instant.astimezone(dt.UTC)) == wanted
    assert WORKING.is_open(WORKING.next_open(instant))


@pytest.mark.parametrize(
    ("setting", "opens", "closes"),
    [
        ("07:30-17:00", dt.time(7, 30), dt.time(17)),
        ("07:30-11:30,13:30-17:00", dt.time(7, 30), dt.time(17)),
        ("08:00-16:30", dt.time(8), dt.time(16, 30)),
    ],
)
def test_hours_are_read_from_the_setting(setting: str, opens: dt.time, closes: dt.time) -> None:
    working = read_working_time(setting)
    assert (working.opens_at, working.closes_at) == (opens, closes)


@pytest.mark.parametrize("setting", ["17:00", "", "sáng", "07:30-25:00", "08:00-08:00"])
def test_hours_between_which_nobody_works_are_refused(setting: str) -> None:
    with pytest.raises(ValueError):
        read_working_time(setting)


# ---------------------------------------------------------------- an installation's own days


def test_own_file_adds_days_and_goes_before_what_is_bundled(tmp_path: Path) -> None:
    own = tmp_path / "special_days.yaml"
    own.write_text(
        "- {day: 2026-03-09, working: false, notice: Ngày lễ của tỉnh}\n"
        "- {day: 2026-01-10, working: false, notice: Không làm bù}\n"
        "- {day: 2026-02-14, working: true, notice: Trực Tết}\n",
        "utf-8",
    )
    working = read_working_time("07:30-17:00", own=own)
    assert [working.is_working_day(one) for one in days("2026-03-09", "2026-01-10", "2026-02-14", "2026-01-02")] == [
        False,
        False,
        True,
        False,
    ]
    assert working.special[dt.date(2026, 3, 9)].notice == "Ngày lễ của tỉnh"
    assert WORKING.is_working_day(dt.date(2026, 3, 9))


def test_installation_without_a_file_of_its_own_has_the_bundled_days(tmp_path: Path) -> None:
    (empty := tmp_path / "empty.yaml").write_text("# nothing yet\n")
    for own in (tmp_path / "nothing.yaml", empty, None):
        assert read_working_time("07:30-17:00", own=own) == WORKING


@pytest.mark.parametrize(
    "text",
    [
        "day: 2026-03-09",
        "- 2026-03-09",
        "- {day: 2026-03-09, working: false}",
        "- {day: 9/3/2026, working: false, notice: a}",
        "- {day: 2026-02-30, working: false, notice: a}",
        "- {day: 2026-03-09 08:00:00, working: false, notice: a}",
        "- {day: 2026-03-09, working: nghỉ, notice: a}",
        "- {day: 2026-03-09, working: false, notice: ''}",
        "- {day: 2026-03-09, working: false, notice: a",
        "- {day: 2026-03-09, working: false, notice: a}\n- {day: 2026-03-09, working: true, notice: b}",
    ],
)
def test_file_that_does_not_say_day_working_and_notice_is_refused(tmp_path: Path, text: str) -> None:
    own = tmp_path / "special_days.yaml"
    own.write_text(text, "utf-8")
    with pytest.raises(BadSpecialDays) as caught:
        read_working_time("07:30-17:00", own=own)
    assert caught.value.path == own and caught.value.reason


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "special_days.yaml"
    own.write_bytes(b"\xff\xfe\x00day")
    with pytest.raises(BadSpecialDays):
        read_special_days(own)


def test_every_bundled_day_cites_its_notice() -> None:
    assert all("ngày" in one.notice and any(letter.isdigit() for letter in one.notice) for one in read_special_days(SPECIAL_DAYS))
