"""What is made once a period: the two-week report and the week's list, whatever runs twice, late or at once."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.ticks import make_ticks
from db.engine import Database, open_database
from db.files import file_path, stored_size
from db.outbox import OutboxRow
from db.people import Agency, Role, ensure_agencies
from db.periodic import PeriodicNotice
from scheduler.calendar import Period, at_local
from scheduler.course import Rules
from scheduler.periodic_reports import last_period, make_report, make_weekly_list, report_due_at
from scheduler.working_time import WorkingTime
from tests.standing_plan import add_plan_under_way, add_reader
from tests.telegram_bot import rows_of

ANCHOR, EIGHT, HALF = dt.date(2026, 1, 5), dt.time(8), dt.timedelta(minutes=30)
DAY = dt.timedelta(days=1)
MONDAY = at_local(dt.date(2026, 1, 19), EIGHT)
RULES = Rules()
FIRST = Period(dt.date(2026, 1, 5), dt.date(2026, 1, 18))


@pytest.fixture
async def under_way(database: Database) -> Database:
    """A plan under way on 18 January, with people who can be written to."""
    async with database.write() as session:
        await add_plan_under_way(session, MONDAY - DAY)
        await ensure_agencies(session, [Agency(code="UBND", name="UBND tỉnh", kind="leadership")])
        for name, role, agency in (
            ("điều phối", Role.COORDINATOR, "SNV"),
            ("chủ tịch", Role.LEADER, "UBND"),
            ("giám đốc", Role.LEADER, "SYT"),
            ("quản trị", Role.ADMIN, None),
        ):
            await add_reader(session, MONDAY - 30 * DAY, role, agency, name)
    return database


async def report_at(database: Database, folder: Path, now: dt.datetime) -> Period | None:
    return await make_report(database, RULES, anchor=ANCHOR, report_at=EIGHT, files_folder=folder, now=now)


def test_period_is_the_one_before_and_its_report_waits_for_a_working_morning() -> None:
    assert last_period(ANCHOR, dt.date(2025, 12, 1)) is None
    assert last_period(ANCHOR, FIRST.last) is None
    assert last_period(ANCHOR, FIRST.last + DAY) == last_period(ANCHOR, dt.date(2026, 2, 1)) == FIRST
    # 15/02/2026 ends a period; Tết keeps everybody at home until 23/02.
    tet = last_period(ANCHOR, dt.date(2026, 2, 16))
    assert tet == Period(dt.date(2026, 2, 2), dt.date(2026, 2, 15))
    assert report_due_at(tet, EIGHT, WorkingTime()) == at_local(dt.date(2026, 2, 23), EIGHT)


async def test_report_is_made_once_whatever_runs_twice_or_late(under_way: Database, tmp_path: Path) -> None:
    assert await report_at(under_way, tmp_path, MONDAY - HALF) is None
    other = open_database(under_way.url.render_as_string(hide_password=False).replace("+aiosqlite", "").replace("+psycopg", ""))
    made = await asyncio.gather(report_at(under_way, tmp_path, MONDAY), report_at(other, tmp_path, MONDAY))
    await other.close()
    assert sorted(made, key=str) == [None, FIRST]
    for later in (MONDAY + HALF, MONDAY + 3 * DAY):
        assert await report_at(under_way, tmp_path, later) is None
    [letter] = await rows_of(under_way, OutboxRow)
    assert letter.recipient == "điều phối" and "Báo cáo tiến độ từ 05/01/2026 đến 18/01/2026" in letter.message.text
    assert "2 phần việc đã nhắc mà chưa có báo cáo nào" in letter.message.text
    assert [one.file_name.rpartition(".")[2] for one in letter.message.attachments] == ["xlsx", "docx"]
    async with under_way.read() as session:
        for one in letter.message.attachments:
            assert await stored_size(session, one.sha256) == one.size == file_path(tmp_path, one.sha256).stat().st_size


async def test_report_made_late_says_the_same(under_way: Database, tmp_path: Path) -> None:
    assert await report_at(under_way, tmp_path, MONDAY + 9 * DAY + HALF) == FIRST
    [letter] = await rows_of(under_way, OutboxRow)
    assert "7 phần việc, tính đến hết ngày 18/01/2026" in letter.message.text
    assert "quá hạn 12 ngày" in letter.message.text


async def test_after_a_long_standstill_only_the_latest_period_is_reported(under_way: Database, tmp_path: Path) -> None:
    assert await report_at(under_way, tmp_path, at_local(dt.date(2026, 3, 3), EIGHT)) == Period(dt.date(2026, 2, 16), dt.date(2026, 3, 1))
    assert await report_at(under_way, tmp_path, at_local(dt.date(2026, 3, 4), EIGHT)) is None
    assert len(await rows_of(under_way, OutboxRow)) == 1


async def test_nothing_is_claimed_where_nobody_reads_or_nothing_is_owed(database: Database, tmp_path: Path) -> None:
    assert await report_at(database, tmp_path, MONDAY) is None
    async with database.write() as session:
        await add_reader(session, MONDAY, Role.ADMIN, None, "quản trị")
    assert await report_at(database, tmp_path, MONDAY) is None
    assert await rows_of(database, PeriodicNotice) == []
    async with database.write() as session:
        await add_plan_under_way(session, MONDAY - DAY)
    # Nobody coordinates: the administrator gets it.
    assert await report_at(database, tmp_path, MONDAY + HALF) == FIRST
    assert [one.recipient for one in await rows_of(database, OutboxRow)] == ["quản trị"]


async def test_week_begins_with_the_list_of_what_stays_overdue(under_way: Database) -> None:
    assert await make_weekly_list(under_way, RULES, now=MONDAY - HALF) == 0
    assert await make_weekly_list(under_way, RULES, now=MONDAY) == 1
    assert await make_weekly_list(under_way, RULES, now=MONDAY + 2 * DAY) == 0
    letters = await rows_of(under_way, OutboxRow)
    assert {one.recipient for one in letters} == {"điều phối", "chủ tịch"} and len(letters) == 2
    assert "PV2 · Sở Tài chính · quá hạn 13 ngày" in letters[0].message.text and "PV1" not in letters[0].message.text
    assert await make_weekly_list(under_way, RULES, now=MONDAY + 7 * DAY) == 1


async def test_two_processes_send_one_list(under_way: Database) -> None:
    counts = await asyncio.gather(*(make_weekly_list(under_way, RULES, now=MONDAY) for _ in range(2)))
    assert sorted(counts) == [0, 1] and len(await rows_of(under_way, OutboxRow)) == 2


async def test_empty_list_is_not_sent_and_a_paused_duty_is_not_on_it(database: Database) -> None:
    async with database.write() as session:
        duties = await add_plan_under_way(session, MONDAY - DAY)
        await add_reader(session, MONDAY - 30 * DAY, Role.COORDINATOR, "SNV", "điều phối")
        duties["very_late"].paused_until = dt.date(2026, 1, 21)
    assert await make_weekly_list(database, RULES, now=MONDAY) == 0
    assert await rows_of(database, OutboxRow) == []


async def test_both_are_among_what_is_done_by_the_clock(under_way: Database, tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    for tick in make_ticks(settings, under_way):
        if tick.name in ("report", "weekly list"):
            assert tick.is_for_start
            assert tick.next_work is not None
            assert (await tick.next_work() or MONDAY) <= MONDAY
            await tick.run(MONDAY)
            # A clock that leaps stops there no more before the next period.
            assert (await tick.next_work() or MONDAY) >= MONDAY + 7 * DAY
    assert {one.kind for one in await rows_of(under_way, PeriodicNotice)} == {"report", "weekly_list"}
