"""What a moment calls for is planned once, whatever runs twice, late or dies; one message a person; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

import scheduler.planner
from db.accounts import Account
from db.duties import Awaited, Duty, DutyOutcome, Pause
from db.engine import Database, open_database
from db.leases import Lease, hold
from db.nudges import Escalation, NudgeState
from db.outbox import OutboxState
from db.people import Contact, Role
from db.reports import Extension, Status, StatusReport, add_report
from scheduler import course
from scheduler.auditor import audit
from scheduler.channel import Gone
from scheduler.course import By
from scheduler.ladder import parse_ladder
from scheduler.planner import plan_nudges
from scheduler.preview import preview_reminders
from scheduler.working_time import WorkingTime
from tests.planning import DAY, MINUTE, RULES, add_duty, add_person, lines_of, local, nudges_of, rows_of, send_all, tick, words


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither senders nor planners that wait for one another keep a test waiting."""
    monkeypatch.setattr("scheduler.sender._IDLE", 0.01)
    monkeypatch.setattr("scheduler.sender._SOON", 0.005)
    monkeypatch.setattr(scheduler.planner, "_AGAIN", 0.01)


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """One database opened by two that share no pool, as two processes do."""
    first, second = open_database(database_url), open_database(database_url)
    yield first, second
    await first.close()
    await second.close()


async def planned_states(database: Database) -> list[str]:
    return [one.state.value for one in await nudges_of(database)]


# ---------------------------------------------------------------- one message a person, once


async def test_several_duties_of_one_person_are_one_message(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Bình", "B")
        codes = [(await add_duty(session, agency, "2026-01-14")).code for agency in "AAB"]
    await tick(database, "2026-01-14")
    assert len(await nudges_of(database)) == 3
    by_chat = dict(await send_all(database, "2026-01-14"))
    assert {chat: [code for code in codes if code in text] for chat, text in by_chat.items()} == {"An": codes[:2], "Bình": codes[2:]}
    assert await planned_states(database) == ["sent"] * 3


async def test_tick_that_runs_twice_plans_nothing_new(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
    first = await tick(database, "2026-01-14")
    again = await tick(database, "2026-01-14")
    other = await tick(database, "2026-01-14 08:30", holder="another")
    assert [(one.duties, one.messages) for one in (first, again, other)] == [(1, 1), (0, 0), (0, 0)]
    await send_all(database, "2026-01-14")
    assert (await tick(database, "2026-01-14 16:59")).messages == 0


async def test_nobody_is_written_to_outside_working_time(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-02-18")
    for when in ("2026-02-13 06:30", "2026-02-13 07:30", "2026-02-13 17:00", "2026-02-18 08:00", "2026-02-21 09:00"):
        await tick(database, when)
    # At half past seven nothing is due yet but what came long before.
    assert [(one.rung, one.planned_at) for one in await nudges_of(database)] == [(-7, local("2026-02-13 07:30"))]
    await tick(database, "2026-02-23")
    assert [one.rung for one in await nudges_of(database)] == [-7, 3]


async def test_duty_confirmed_after_the_morning_is_first_reminded_of_at_its_next_step(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14", confirmed=local("2026-01-13 08:10"))
    await tick(database, "2026-01-13 08:30")
    assert await nudges_of(database) == []
    await tick(database, "2026-01-14")
    assert [one.rung for one in await nudges_of(database)] == [0]


@pytest.mark.parametrize("wait", [True, False])
async def test_two_processes_at_once_write_one_message_a_person(
    both: tuple[Database, Database], wait: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.planner, "_AGENCIES", 1)
    monkeypatch.setattr(scheduler.planner, "_PEOPLE", 2)
    async with both[0].write() as session:
        for number in range(8):
            await add_person(session, f"{number}", f"A{number}")
            for _ in range(2):
                await add_duty(session, f"A{number}", "2026-01-14")
    done = await asyncio.gather(*(tick(one, "2026-01-14", holder=str(place), wait=wait) for place, one in enumerate(both)))
    assert sum(one.duties for one in done) == 16 and sum(one.messages for one in done) == 8
    assert sorted(row.recipient for row in await rows_of(both[0])) == [f"{number}" for number in range(8)]
    assert len({one.message_id for one in await nudges_of(both[0])}) == 8


async def test_two_ticks_of_one_process_at_once_write_one_message_a_person(both: tuple[Database, Database]) -> None:
    """The tick of the start and that of the hour are of one holder, who holds the lease for both."""
    async with both[0].write() as session:
        for number in range(8):
            await add_person(session, f"{number}", f"A{number}")
            await add_duty(session, f"A{number}", "2026-01-14")
    await asyncio.gather(*(tick(one, "2026-01-14") for one in both for _ in range(2)))
    assert sorted(row.recipient for row in await rows_of(both[0])) == [f"{number}" for number in range(8)]


async def test_lease_whose_holder_died_is_taken_over_when_it_runs_out(database: Database) -> None:
    now = local("2026-01-14")
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
        assert await hold(session, "planner", "dead", now=now, term=dt.timedelta(seconds=10))
    assert (await tick(database, now, wait=False)).duties == 0
    world = iter(now + count * dt.timedelta(seconds=3) for count in range(100))
    planned = await plan_nudges(database, RULES, now=now, holder="one", world=lambda: next(world))
    assert (planned.duties, planned.messages) == (1, 1)
    async with database.read() as session:
        lease = await session.get(Lease, "planner")
    assert lease is not None and lease.holder == "one"


@pytest.mark.parametrize("broken", ["_plan_batch", "_write_batch"])
async def test_crash_between_two_batches_loses_and_doubles_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(scheduler.planner, "_AGENCIES", 2)
    monkeypatch.setattr(scheduler.planner, "_PEOPLE", 2)
    async with database.write() as session:
        for number in range(6):
            await add_person(session, f"{number}", f"A{number}")
            await add_duty(session, f"A{number}", "2026-01-14")
    original, calls = getattr(scheduler.planner, broken), []

    async def die(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:
            raise ConnectionResetError
        return await original(*arguments)

    monkeypatch.setattr(scheduler.planner, broken, die)
    with pytest.raises(ConnectionResetError):
        await tick(database, "2026-01-14")
    assert 0 < len(await nudges_of(database)) <= 6
    await tick(database, "2026-01-14 08:30", holder="another")
    assert sorted(one.rung for one in await nudges_of(database)) == [0] * 6
    assert sorted(row.recipient for row in await rows_of(database)) == [f"{number}" for number in range(6)]


async def test_many_who_cannot_be_reached_any_more_hold_up_nobody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planned by a process that died before it wrote; meanwhile the first batch of people lost their accounts."""
    monkeypatch.setattr(scheduler.planner, "_PEOPLE", 2)
    async with database.write() as session:
        people = [await add_person(session, f"{number}", f"A{number}") for number in range(4)]
        for number in range(4):
            await add_duty(session, f"A{number}", "2026-01-14")

    async def die(*_: object) -> int:
        raise ConnectionResetError

    with monkeypatch.context() as patch, pytest.raises(ConnectionResetError):
        patch.setattr(scheduler.planner, "_write_batch", die)
        await tick(database, "2026-01-14")
    async with database.write() as session:
        for one in people[:2]:
            (await session.get_one(Contact, one.id)).silenced_at = local("2026-01-14")
    await tick(database, "2026-01-14 08:30")
    assert [row.recipient for row in await rows_of(database)] == ["2", "3"]
    assert [(one.state, one.reason) for one in await nudges_of(database)][:2] == [(NudgeState.DROPPED, "silenced")] * 2


# ---------------------------------------------------------------- late


async def test_three_days_late_only_the_latest_step_is_sent_and_says_how_late(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Lãnh đạo", "A", Role.LEADER)
        await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-12")
    await send_all(database, "2026-01-12")
    # Nothing ran on the 13th, the 14th and the 15th.
    await tick(database, "2026-01-16 09:10")
    sent = await send_all(database, "2026-01-16 09:10")
    assert [(chat, "quá hạn 2 ngày" in text, "lẽ ra gửi lúc 08:00 ngày 15/01/2026" in text) for chat, text in sent] == [("An", True, True)]
    assert "chậm 1 ngày" in sent[0][1]
    assert await lines_of(database) == [(-3, "An", "focal_point", "sent", ""), (1, "An", "focal_point", "sent", "")]


async def test_reminder_that_waited_for_days_to_be_sent_speaks_of_the_day_it_is_sent_on(database: Database) -> None:
    """Planned on a Wednesday, the sender stood still until Sunday night."""
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-14")
    assert await send_all(database, "2026-01-18 21:00") == []
    assert [one.state for one in await rows_of(database)] == [OutboxState.PENDING]
    sent = words(await send_all(database, "2026-01-19 07:30"))
    assert "đã quá hạn 5 ngày" in sent and "chậm 5 ngày" in sent


async def test_tick_for_quite_another_day_speaks_of_that_day(database: Database) -> None:
    """`tick --at` on a machine whose clock stands elsewhere."""
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
    await plan_nudges(database, RULES, now=local("2026-01-13"), holder="one", world=lambda: local("2026-11-24 23:00"))
    assert "còn 1 ngày" in words(await send_all(database, "2026-11-24 23:00"))
    async with database.write() as session:
        await add_duty(session, "A", "2027-03-31")
    await plan_nudges(database, RULES, now=local("2027-03-30"), holder="one", world=lambda: local("2026-11-24 23:00"))
    assert "còn 1 ngày" in words(await send_all(database, "2026-11-24 23:00"))


async def test_several_steps_missed_after_the_last_day_go_up_the_chain_at_once(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Lãnh đạo", "A", Role.LEADER)
        await add_person(session, "Điều phối", None, Role.COORDINATOR)
        await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-22")
    assert [line[:3] for line in await lines_of(database)] == [
        (7, "An", "focal_point"),
        (7, "Lãnh đạo", "leader"),
        (7, "Điều phối", "coordinator"),
    ]
    await tick(database, "2026-01-28")
    assert [line[:3] for line in await lines_of(database)][3:] == [(14, "An", "focal_point")]


# ---------------------------------------------------------------- what changes before it is sent


async def close(session: AsyncSession, duty: Duty, by: By) -> None:
    await course.close(session, duty, DutyOutcome.DONE, RULES, by)


async def answer(session: AsyncSession, duty: Duty, by: By) -> None:
    await add_report(session, StatusReport(duty_id=duty.id, contact_id=None, at=by.at, status=Status.IN_PROGRESS))


async def move(session: AsyncSession, duty: Duty, by: By) -> None:
    await course.move(session, duty, dt.date(2026, 1, 31), RULES, by)


async def hand_over(session: AsyncSession, duty: Duty, by: By) -> None:
    await course.hand_over(session, duty, "B", RULES, by)


async def promise(session: AsyncSession, duty: Duty, by: By) -> None:
    await course.pause(session, duty, dt.date(2026, 2, 20), Pause.PROMISE, RULES, by)


async def ask_extension(session: AsyncSession, duty: Duty, by: By) -> None:
    course.wait_for(duty, Awaited.EXTENSION, RULES, by.at)


async def go_away(session: AsyncSession, duty: Duty, by: By) -> None:
    for one in ("An", "Lãnh đạo", "Điều phối"):
        await _change(session, one, away_from=dt.date(2026, 1, 1))


async def fall_silent(session: AsyncSession, duty: Duty, by: By) -> None:
    for one in ("An", "Lãnh đạo", "Điều phối"):
        await _change(session, one, silenced_at=by.at)


async def _change(session: AsyncSession, name: str, **values: object) -> None:
    await session.execute(update(Contact).where(col(Contact.name) == name).values(values))


CHANGES = {
    close: "closed",
    answer: "answered",
    move: "moved",
    hand_over: "handed_over",
    promise: "paused",
    ask_extension: "undecided",
}
OWN = {go_away: "away", fall_silent: "silenced"}


@pytest.mark.parametrize(("change", "reason"), [*CHANGES.items(), *OWN.items()], ids=lambda one: getattr(one, "__name__", ""))
async def test_what_changed_between_planning_and_sending_is_not_sent(database: Database, change: object, reason: str) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Bình", "B")
        duty = await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-14")
    async with database.write() as session:
        await change(session, await session.get_one(Duty, duty.id), By(None, local("2026-01-14 08:01")))  # type: ignore[operator]
    assert await send_all(database, "2026-01-14 08:02") == []
    assert await lines_of(database) == [(0, "An", "focal_point", "dropped", reason)]
    (row,) = await rows_of(database)
    assert (row.state, row.settled_at) == (OutboxState.DROPPED, local("2026-01-14 08:02"))


@pytest.mark.parametrize(("change", "reason"), list(CHANGES.items()), ids=lambda one: getattr(one, "__name__", ""))
async def test_neither_leader_nor_coordinator_is_told_of_what_changed(database: Database, change: object, reason: str) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Bình", "B")
        await add_person(session, "Lãnh đạo", "A", Role.LEADER)
        await add_person(session, "Điều phối", None, Role.COORDINATOR)
        duty = await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-21")
    assert len(await nudges_of(database)) == 3
    async with database.write() as session:
        await change(session, await session.get_one(Duty, duty.id), By(None, local("2026-01-21 08:01")))  # type: ignore[operator]
    assert await send_all(database, "2026-01-21 08:02") == []
    assert {line[3:] for line in await lines_of(database)} == {("dropped", reason)}


async def test_coordinator_is_not_told_that_an_agency_is_unreachable_whose_duty_it_is_not_any_more(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "Bình", "B")
        await add_person(session, "Điều phối", None, Role.COORDINATOR)
        duty = await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-14")
    assert [line[:3] for line in await lines_of(database)] == [(0, "Điều phối", "unreached")]
    async with database.write() as session:
        await hand_over(session, await session.get_one(Duty, duty.id), By(None, local("2026-01-14 08:01")))
    assert await send_all(database, "2026-01-14 08:02") == []


async def test_message_of_several_duties_goes_without_the_one_that_was_closed(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        first, second = [await add_duty(session, "A", "2026-01-14", task=task) for task in ("Việc một", "Việc hai")]
    await tick(database, "2026-01-14")
    async with database.write() as session:
        await close(session, await session.get_one(Duty, first.id), By(None, local("2026-01-14 08:01")))
    ((_, text),) = await send_all(database, "2026-01-14 08:02")
    assert "Việc hai" in text and "Việc một" not in text and f"xong {second.code}" in text
    assert await lines_of(database) == [(0, "An", "focal_point", "dropped", "closed"), (0, "An", "focal_point", "sent", "")]


async def test_reminder_planned_before_five_and_not_sent_waits_for_the_next_morning(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-16")
    await tick(database, "2026-01-16 16:59")
    assert await send_all(database, "2026-01-16 17:00") == []
    (row,) = await rows_of(database)
    assert row.not_before == local("2026-01-19 07:30")
    assert "đã quá hạn 3 ngày" in words(await send_all(database, "2026-01-19 07:30"))


async def test_next_step_takes_the_place_of_one_that_was_never_sent(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-13")
    await tick(database, "2026-01-14")
    ((_, text),) = await send_all(database, "2026-01-14 08:01")
    assert "hôm nay là ngày cuối" in text
    assert await lines_of(database) == [(-1, "An", "focal_point", "dropped", "overtaken"), (0, "An", "focal_point", "sent", "")]


async def test_blocked_chat_is_noted_on_the_reminders_and_the_next_goes_to_others(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Phụ", "A", is_substitute=True)
        await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-13")
    await send_all(database, "2026-01-13", Gone("blocked"))
    assert await lines_of(database) == [(-1, "An", "focal_point", "dropped", "blocked")]
    await tick(database, "2026-01-14")
    assert (await lines_of(database))[1:] == [(0, "Phụ", "focal_point", "planned", ""), (0, "An", "focal_point", "dropped", "off")]


async def test_reminders_behind_a_message_that_failed_with_its_chat_are_settled_by_the_audit(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-13")
        await add_duty(session, "A", "2026-01-21")
    await tick(database, "2026-01-13")
    await tick(database, "2026-01-14")
    # Two messages wait; the first finds the chat closed, which fails the other behind its reminders' back.
    await send_all(database, "2026-01-14", Gone("blocked"))
    await audit(database, RULES, now=local("2026-01-15 02:00"))
    assert "planned" not in await planned_states(database)
    assert {one.reason for one in await nudges_of(database)} <= {"blocked", "overtaken"}


async def test_reminder_follows_its_person_to_another_account(database: Database) -> None:
    """Written for a phone that is somebody else's by the time it would be sent."""
    async with database.write() as session:
        an = await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
    await tick(database, "2026-01-14")
    async with database.write() as session:
        old = await session.get_one(Account, 1)
        old.contact_id = None
        session.add(
            Account(
                channel="telegram",
                bot_id="8001",
                user_id="new",
                chat_id="new",
                created_at=old.created_at,
                contact_id=an.id,
                linked_at=old.created_at,
            )
        )
    assert await send_all(database, "2026-01-14 08:01") == []
    await tick(database, "2026-01-14 08:30")
    assert [chat for chat, _ in await send_all(database, "2026-01-14 08:30")] == ["new"]
    assert await planned_states(database) == ["sent"]


# ---------------------------------------------------------------- who, and up the chain


async def walk(database: Database, *days: str) -> list[tuple[int, str, str]]:
    for day in days:
        await tick(database, day)
        await send_all(database, day)
    return [line[:3] for line in await lines_of(database)]


async def test_overdue_duty_goes_up_step_by_step(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Phụ", "A", is_substitute=True)
        await add_person(session, "Lãnh đạo", "A", Role.LEADER)
        await add_person(session, "Điều phối", None, Role.COORDINATOR)
        await add_duty(session, "A", "2026-01-14")
    assert await walk(database, "2026-01-14", "2026-01-15", "2026-01-19", "2026-01-21", "2026-01-28", "2026-02-04") == [
        (0, "An", "focal_point"),
        (1, "An", "focal_point"),
        (1, "Phụ", "focal_point"),
        (3, "An", "focal_point"),
        (3, "Phụ", "focal_point"),
        (3, "Lãnh đạo", "leader"),
        (7, "An", "focal_point"),
        (7, "Phụ", "focal_point"),
        (7, "Điều phối", "coordinator"),
        (14, "An", "focal_point"),
        (14, "Phụ", "focal_point"),
        (21, "An", "focal_point"),
        (21, "Phụ", "focal_point"),
    ]


async def test_chain_keeps_the_people_it_began_with(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Bình", "B")
        for name, agency, role in (("Trưởng", "A", Role.LEADER), ("Điều phối", None, Role.COORDINATOR)):
            await add_person(session, name, agency, role)
        await add_duty(session, "A", "2026-01-14")
        # Due on the same days, so that both agencies are looked at together.
        await add_duty(session, "B", "2026-01-14")
    await tick(database, "2026-01-15")
    async with database.write() as session:
        await add_person(session, "Mới", "A", Role.LEADER)
        await add_person(session, "Điều phối mới", None, Role.COORDINATOR)
    await tick(database, "2026-01-19")
    await tick(database, "2026-01-21")
    above = {line[:3] for line in await lines_of(database) if line[2] in ("leader", "coordinator")}
    assert above == {(3, "Trưởng", "leader"), (7, "Điều phối", "coordinator")}


async def test_who_left_the_chain_is_followed_by_whoever_is_there_today(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Bình", "B")
        for name, agency, role in (("Trưởng", "A", Role.LEADER), ("Điều phối", "B", Role.COORDINATOR)):
            await add_person(session, name, agency, role)
        await add_duty(session, "A", "2026-01-14")
        await add_duty(session, "B", "2026-01-14")
    await tick(database, "2026-01-15")
    async with database.write() as session:
        # The leader leads another department now; who coordinated is a focal point there.
        await _change(session, "Trưởng", agency_code="B")
        await _change(session, "Điều phối", role=Role.FOCAL_POINT)
        await add_person(session, "Mới", "A", Role.LEADER)
        await add_person(session, "Điều phối mới", None, Role.COORDINATOR)
    await tick(database, "2026-01-19")
    await tick(database, "2026-01-21")
    async with database.read() as session:
        duties = {one.id: one.agency_code for one in [await session.get_one(Duty, number) for number in (1, 2)]}
        names = {number: (await session.get_one(Contact, number)).name for number in range(1, 7)}
    above = {
        (duties[one.duty_id], names[one.contact_id], one.step.value)
        for one in await nudges_of(database)
        if one.step.value in ("leader", "coordinator")
    }
    assert above == {("A", "Mới", "leader"), ("B", "Trưởng", "leader"), *((one, "Điều phối mới", "coordinator") for one in "AB")}


async def test_promise_pauses_then_everybody_is_asked_again_and_the_chain_goes_on(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Lãnh đạo", "A", Role.LEADER)
        duty = await add_duty(session, "A", "2026-01-14")
    await walk(database, "2026-01-15")
    async with database.write() as session:
        one = await session.get_one(Duty, duty.id)
        await course.pause(session, one, dt.date(2026, 1, 23), Pause.PROMISE, RULES, By(None, local("2026-01-15 09:00")))
    assert await walk(database, "2026-01-19", "2026-01-21", "2026-01-23", "2026-01-26", "2026-01-28") == [
        (1, "An", "focal_point"),
        (10, "An", "focal_point"),  # Monday the 26th, after the promised Friday
        (14, "An", "focal_point"),
        (14, "Lãnh đạo", "leader"),
    ]
    assert [one.is_again for one in await nudges_of(database)] == [False, True, False, False]


async def test_question_after_a_promise_names_the_promised_day(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        duty = await add_duty(session, "A", "2026-03-31")
        await course.pause(session, duty, dt.date(2026, 1, 20), Pause.PROMISE, RULES, By(None, local("2026-01-12 09:00")))
    await tick(database, "2026-01-21")
    assert "hẹn xong ngày 20/01/2026" in words(await send_all(database, "2026-01-21"))


async def test_question_after_a_promise_is_asked_where_a_step_of_that_day_was_sent_before(database: Database) -> None:
    """The last day is a Sunday, its reminder came on Friday; promised then was the Saturday."""
    async with database.write() as session:
        await add_person(session, "An", "A")
        duty = await add_duty(session, "A", "2026-01-18", ladder=(0, 5))
    await walk(database, "2026-01-16")
    async with database.write() as session:
        one = await session.get_one(Duty, duty.id)
        await course.pause(session, one, dt.date(2026, 1, 17), Pause.PROMISE, RULES, By(None, local("2026-01-16 09:00")))
    await walk(database, "2026-01-19")
    assert [(one.rung, one.is_again, one.state.value) for one in await nudges_of(database)] == [(0, False, "sent"), (0, True, "sent")]


async def test_extension_that_is_not_decided_stops_everything_and_a_refusal_goes_on(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        duty = await add_duty(session, "A", "2026-01-14")
    await walk(database, "2026-01-13")
    async with database.write() as session:
        course.wait_for(await session.get_one(Duty, duty.id), Awaited.EXTENSION, RULES, local("2026-01-13 09:00"))
    assert len(await walk(database, "2026-01-14", "2026-01-15", "2026-01-28")) == 1
    async with database.write() as session:
        course.decided(await session.get_one(Duty, duty.id), RULES, local("2026-01-28 10:00"))
    assert (await walk(database, "2026-01-29", "2026-02-04"))[1:] == [(21, "An", "focal_point")]


async def test_agency_that_nobody_can_be_reached_in_is_told_of_at_first_on_the_last_day_and_when_it_is_late(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A", linked=False)
        await add_person(session, "Điều phối", None, Role.COORDINATOR)
        await add_duty(session, "A", "2026-01-14")
    days = ("2025-12-31", "2026-01-07", "2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-19", "2026-01-21")
    told = [(line[0], line[2]) for line in [*await _walked(database, *days)] if line[1] == "Điều phối"]
    assert told == [(-14, "unreached"), (0, "unreached"), (1, "unreached"), (7, "coordinator")]


async def _walked(database: Database, *days: str) -> list[tuple[int, str, str]]:
    return await walk(database, *days)


async def test_leader_stands_in_where_no_focal_point_can_be_reached(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A", away_from=dt.date(2026, 1, 10), away_until=dt.date(2026, 1, 13))
        await add_person(session, "Phụ", "A", is_substitute=True, linked=False)
        await add_person(session, "Lãnh đạo", "A", Role.LEADER)
        await add_duty(session, "A", "2026-01-14")
    await walk(database, "2026-01-13", "2026-01-14")
    assert await lines_of(database) == [
        (-1, "Lãnh đạo", "leader", "sent", ""),
        (-1, "An", "focal_point", "dropped", "away"),
        (-1, "Phụ", "focal_point", "dropped", "no_account"),
        (0, "An", "focal_point", "sent", ""),
    ]


async def test_who_took_a_duty_on_is_reminded_alone_until_it_is_late(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        chi = await add_person(session, "Chi", "A", Role.OFFICIAL)
        duty = await add_duty(session, "A", "2026-01-14")
        await course.assign(session, duty, chi.id, "Chi", RULES, By(None, local("2026-01-12")))
    assert await walk(database, "2026-01-13", "2026-01-15") == [
        (-1, "Chi", "focal_point"),
        (1, "Chi", "focal_point"),
        (1, "An", "focal_point"),
    ]


async def test_who_took_a_duty_on_and_moved_elsewhere_is_not_reminded_of_it(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        chi = await add_person(session, "Chi", "A", Role.OFFICIAL)
        duty = await add_duty(session, "A", "2026-01-14", assignee_id=chi.id)
        await add_duty(session, "B", "2026-01-14")
        await _change(session, "Chi", agency_code="B")
    await tick(database, "2026-01-14")
    assert [one.contact_id for one in await nudges_of(database) if one.duty_id == duty.id] == [1]


# ---------------------------------------------------------------- audit, preview


async def test_audit_sets_right_what_nobody_would_look_at_any_more(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        right, stuck, early = [await add_duty(session, "A", "2026-01-14") for _ in range(3)]
        stuck.remind_at, early.remind_at = None, local("2026-06-01")
    found = await audit(database, RULES, now=local("2026-01-05"))
    assert (found.duties, found.messages) == (2, 0)
    assert (await audit(database, RULES, now=local("2026-01-05"))).duties == 0
    async with database.read() as session:
        assert {(await session.get_one(Duty, one.id)).remind_at for one in (right, stuck, early)} == {local("2025-12-31")}


async def test_audit_ends_what_waits_or_goes_on_for_nothing(database: Database) -> None:
    asked_at = local("2026-01-05 09:00")
    async with database.write() as session:
        person = await add_person(session, "An", "A")
        vain, asked, closed = [await add_duty(session, "A", "2026-01-14") for _ in range(3)]
        for duty in (vain, asked):
            course.wait_for(duty, Awaited.EXTENSION, RULES, asked_at)
        session.add(Extension(duty_id=asked.id, contact_id=person.id, asked_at=asked_at, asked_day=dt.date(2026, 1, 20)))
        await course.close(session, closed, DutyOutcome.DONE, RULES, By(None, asked_at))
        session.add(Escalation(duty_id=closed.id, started_at=asked_at))
    found = await audit(database, RULES, now=local("2026-01-06 02:00"))
    assert (found.waits, found.chains, found.is_clean) == (1, 1, False)
    assert (await audit(database, RULES, now=local("2026-01-07 02:00"))).is_clean
    async with database.read() as session:
        looks = {one.id: (await session.get_one(Duty, one.id)).remind_at for one in (vain, asked)}
    assert looks == {vain.id: local("2026-01-07"), asked.id: None}


async def test_ladder_that_was_changed_counts_from_the_next_audit_on(database: Database) -> None:
    rules = course.Rules(parse_ladder("-2,0,+4"), WorkingTime())
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2026-01-14")
    assert (await audit(database, rules, now=local("2026-01-05"))).duties == 1
    for day in range(5, 31):
        await tick(database, f"2026-01-{day:02}", rules=rules)
    assert [one.rung for one in await nudges_of(database)] == [-2, 0, 4, 11]


async def test_preview_shows_what_the_tick_then_does(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_person(session, "Bình", "B", away_from=dt.date(2026, 1, 1))
        await add_person(session, "Lãnh đạo", "B", Role.LEADER)
        await add_person(session, "Điều phối", None, Role.COORDINATOR)
        for agency in "AABC":
            await add_duty(session, agency, "2026-01-14")
    for when in ("2026-01-14", "2026-01-15", "2026-01-19", "2026-01-21"):
        before = len(await nudges_of(database))
        async with database.read() as session:
            shown = await preview_reminders(session, local(when), RULES)
        await tick(database, when)
        done = (await lines_of(database))[before:]
        assert {one.contact for one in shown if one.will_send} == {name for _, name, _, state, _ in done if state == "planned"}
        texts = {one.contact: one.text for one in shown if one.will_send}
        assert dict(await send_all(database, local(when) + MINUTE)) == {chat: text for chat, text in texts.items() if chat}, when


async def test_ten_years_of_standstill_end_with_one_reminder(database: Database) -> None:
    async with database.write() as session:
        await add_person(session, "An", "A")
        await add_duty(session, "A", "2016-01-14", confirmed=local("2015-12-01"))
    await tick(database, local("2026-01-14") + 3 * DAY * 0)
    assert len(await nudges_of(database)) == 1
