"""Every message in is stored once and worked in its chat's order, whoever dies on the way; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

import bot.worker
from bot.worker import Malformed, Worker
from db.engine import Database, UnreachableDatabaseError, open_database
from db.inbox import (
    InboxRow,
    InboxState,
    Received,
    claim_events,
    count_events,
    forget_events,
    free_events,
    release_event,
    settle_event,
    store_events,
)
from db.outbox import OutboxRow, Priority
from handlers.call import HoldLost

CHANNEL, BOT = "telegram", "8001"
LEASE, SECOND, INSTANT = dt.timedelta(seconds=30), dt.timedelta(seconds=1), dt.timedelta(microseconds=1)


def event(external_id: str, chat: str = "101", *, sender: str = "") -> Received:
    return Received(external_id=external_id, chat=chat, sender=sender or chat, payload={"text": f"tin {external_id}"})


async def store(database: Database, *events: Received, now: dt.datetime, bot_id: str = BOT) -> set[str]:
    async with database.write() as session:
        return await store_events(session, CHANNEL, bot_id, events, now=now)


async def claim(database: Database, now: dt.datetime, *, limit: int = 100, bot_id: str = BOT) -> list[InboxRow]:
    async with database.write() as session:
        return await claim_events(session, CHANNEL, bot_id, limit=limit, now=now, lease=LEASE)


async def settle(database: Database, row: InboxRow, now: dt.datetime, *, error: str = "") -> bool:
    async with database.write() as session:
        return await settle_event(session, row, now=now, error=error)


async def stored(database: Database) -> list[InboxRow]:
    async with database.read() as session:
        return list((await session.execute(select(InboxRow).order_by(col(InboxRow.id)))).scalars())


async def spoken(database: Database) -> list[OutboxRow]:
    async with database.read() as session:
        return list((await session.execute(select(OutboxRow).order_by(col(OutboxRow.id)))).scalars())


def ids(rows: Sequence[InboxRow]) -> list[str]:
    return [row.external_id for row in rows]


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """One database opened by two that share no pool, as two processes do."""
    first, second = open_database(database_url), open_database(database_url)
    yield first, second
    await first.close()
    await second.close()


# ---------------------------------------------------------------- stored once


async def test_event_that_came_before_changes_nothing(database: Database, now: dt.datetime) -> None:
    assert await store(database, event("7"), now=now) == {"7"}
    await settle(database, (await claim(database, now))[0], now)
    again = Received(external_id="7", chat="999", sender="999", payload={})
    assert await store(database, again, event("8"), now=now + SECOND) == {"8"}
    first = (await stored(database))[0]
    assert (first.state, first.chat, first.payload, first.received_at) == (InboxState.DONE, "101", {"text": "tin 7"}, now)


async def test_event_twice_in_one_batch_is_one_row(database: Database, now: dt.datetime) -> None:
    assert await store(database, event("7"), event("8"), event("7"), now=now) == {"7", "8"}
    assert ids(await stored(database)) == ["7", "8"]


async def test_event_received_by_two_processes_at_once_is_stored_once(both: tuple[Database, Database], now: dt.datetime) -> None:
    batch = [event(f"{number}") for number in range(20)]
    news = await asyncio.gather(*(store(database, *batch, now=now) for database in both * 3))
    assert sorted(external_id for new in news for external_id in new) == sorted(one.external_id for one in batch)
    assert ids(await stored(both[0])) == [one.external_id for one in batch]


async def test_same_number_of_another_bot_is_another_event(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), now=now)
    assert await store(database, event("7"), now=now, bot_id="9") == {"7"}
    assert len(await claim(database, now, bot_id="9")) == 1


# ---------------------------------------------------------------- claimed in order


async def test_events_of_one_chat_come_one_by_one_as_they_were_stored(database: Database, now: dt.datetime) -> None:
    await store(database, event("9"), event("3"), event("5"), now=now)
    seen = []
    while rows := await claim(database, now):
        assert await claim(database, now) == []
        seen += ids(rows)
        await settle(database, rows[0], now)
    assert seen == ["9", "3", "5"]


async def test_chats_are_worked_at_the_same_time_the_oldest_first(database: Database, now: dt.datetime) -> None:
    await store(database, *(event(f"{number}", f"{number % 4}") for number in range(8)), now=now)
    assert ids(await claim(database, now, limit=3)) == ["0", "1", "2"]
    assert ids(await claim(database, now, limit=3)) == ["3"]


async def test_claimers_at_once_share_events_and_never_two_of_one_chat(both: tuple[Database, Database], now: dt.datetime) -> None:
    await store(both[0], *(event(f"{chat}.{number}", f"{chat}") for number in range(4) for chat in range(5)), now=now)
    given_out: list[str] = []
    while rows := [row for rows in await asyncio.gather(*(claim(one, now, limit=3) for one in both * 2)) for row in rows]:
        assert len({row.chat for row in rows}) == len(rows)
        given_out += ids(rows)
        await asyncio.gather(*(settle(both[number % 2], row, now) for number, row in enumerate(rows)))
    assert sorted(given_out) == sorted(ids(await stored(both[0])))
    for chat in range(5):
        assert [one for one in given_out if one.startswith(f"{chat}.")] == [f"{chat}.{number}" for number in range(4)]


async def test_lapsed_hold_is_taken_over_and_the_first_worker_changes_nothing(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), event("8"), now=now)
    (first,) = await claim(database, now)
    assert await claim(database, now + LEASE - INSTANT) == []
    (second,) = await claim(database, now + LEASE)
    assert (second.id, second.claims) == (first.id, 2)
    assert not await settle(database, first, now + LEASE)
    assert await settle(database, second, now + LEASE)
    assert not await settle(database, second, now + LEASE, error="twice")
    assert ids(await claim(database, now + LEASE)) == ["8"]


async def test_released_event_comes_again_from_that_moment_and_before_its_chats_next(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), event("8"), event("9", "102"), now=now)
    first, _ = await claim(database, now)
    async with database.write() as session:
        await release_event(session, first, until=now + 5 * SECOND, error="KeyError")
    assert await claim(database, now + 5 * SECOND - INSTANT) == []
    (again,) = await claim(database, now + 5 * SECOND)
    assert (again.external_id, again.claims, again.error) == ("7", 2, "KeyError")


async def test_whoever_lost_the_hold_cannot_give_the_event_back(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), now=now)
    (first,) = await claim(database, now)
    await claim(database, now + LEASE)
    async with database.write() as session:
        await release_event(session, first, until=now, error="KeyError")
    assert await claim(database, now + LEASE) == []


async def test_event_that_had_its_outcome_cannot_be_given_back(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), now=now)
    (row,) = await claim(database, now)
    await settle(database, row, now)
    async with database.write() as session:
        await release_event(session, row, until=now, error="KeyError")
    (row,) = await stored(database)
    assert (row.state, row.error, row.lease_until) == (InboxState.DONE, "", None)


async def test_event_that_was_given_up_lets_its_chat_go_on(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), event("8"), now=now)
    await settle(database, (await claim(database, now))[0], now, error="ValueError")
    assert ids(await claim(database, now)) == ["8"]
    first = (await stored(database))[0]
    assert (first.state, first.error, first.settled_at) == (InboxState.FAILED, "ValueError", now)


async def test_what_a_dead_process_held_is_free_at_once_and_only_of_its_bot(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), event("8", "102"), now=now)
    await store(database, event("7"), now=now, bot_id="9")
    await claim(database, now)
    await claim(database, now, bot_id="9")
    async with database.write() as session:
        await free_events(session, CHANNEL, BOT, now=now)
    assert ids(await claim(database, now)) == ["7", "8"]
    assert await claim(database, now, bot_id="9") == []


# ---------------------------------------------------------------- counted and forgotten


async def test_events_of_a_person_are_counted_over_all_chats_up_to_one(database: Database, now: dt.datetime) -> None:
    await store(database, event("1", sender="5"), now=now)
    await store(database, event("2", sender="5"), event("3", "-500", sender="5"), event("4", "-500", sender="6"), now=now + SECOND)
    await store(database, event("5", sender="5"), now=now + 2 * SECOND)
    await store(database, event("6", sender="5"), now=now + SECOND, bot_id="9")
    rows = {row.external_id: row.id for row in await stored(database)}
    async with database.read() as session:
        assert await count_events(session, CHANNEL, BOT, "5", since=now, up_to=rows["3"]) == 2
        assert await count_events(session, CHANNEL, BOT, "5", since=now - INSTANT, up_to=rows["5"]) == 4
        assert await count_events(session, CHANNEL, BOT, "7", since=now - SECOND, up_to=rows["5"]) == 0


async def test_only_events_settled_before_then_are_forgotten(database: Database, now: dt.datetime) -> None:
    await store(database, event("1", "1"), event("2", "2"), event("3", "3"), event("4", "4"), now=now)
    done, failed, _, late = await claim(database, now)
    await settle(database, done, now)
    await settle(database, failed, now, error="ValueError")
    await settle(database, late, now + SECOND)
    await store(database, event("5", "5"), now=now)
    async with database.write() as session:
        assert await forget_events(session, before=now + SECOND) == 2
    assert ids(await stored(database)) == ["3", "4", "5"]


# ---------------------------------------------------------------- the worker


class Clock:
    """Time that stands until it is moved."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


class Office:
    """A worker who does what the test says, and what can be seen of it from outside."""

    def __init__(
        self,
        database: Database,
        now: Clock,
        work: Callable[[InboxRow], Awaitable[bool]],
        *,
        concurrency: int = 8,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self.begun: list[str] = []
        self.ended = 0
        self._work, self._then, self._changed = work, then, asyncio.Event()
        self.worker = Worker(database, channel=CHANNEL, bot_id=BOT, work=self._begin, then=self._end, now=now, concurrency=concurrency)

    async def _begin(self, row: InboxRow) -> bool:
        self.begun.append(row.external_id)
        self._tell()
        return await self._work(row)

    def _end(self) -> None:
        self.ended += 1
        self._then()
        self._tell()

    def _tell(self) -> None:
        # Who waits holds the old event.
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, *, begun: int = 0, ended: int = 0) -> None:
        """Wait until so many events were begun, and so many brought to an end."""
        async with asyncio.timeout(5):
            while len(self.begun) < begun or self.ended < ended:
                await self._changed.wait()


@asynccontextmanager
async def at_work(*offices: Office) -> AsyncIterator[asyncio.Event]:
    """The workers, working until the block is left or the event is set."""
    stop = asyncio.Event()
    working = [asyncio.ensure_future(office.worker.run(stop)) for office in offices]
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await asyncio.gather(*working)


async def ask_nothing(_row: InboxRow) -> bool:
    return False


@pytest.fixture(autouse=True)
def _only_when_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look at the inbox when they are woken, and no test is saved by their looking now and then."""
    monkeypatch.setattr(bot.worker, "_IDLE", 3600.0)


async def test_event_that_asks_for_nothing_is_done(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), event("8"), event("9", "102"), now=now)
    office = Office(database, Clock(now), ask_nothing)
    async with at_work(office):
        await office.until(ended=3)
    assert [row.state for row in await stored(database)] == [InboxState.DONE] * 3
    assert await spoken(database) == []


async def test_stored_event_is_begun_as_soon_as_the_worker_is_woken(database: Database, now: dt.datetime) -> None:
    office = Office(database, Clock(now), ask_nothing)
    async with at_work(office):
        for number in range(3):
            await store(database, event(f"{number}"), now=now)
            office.worker.wake()
            await office.until(ended=number + 1)
    assert office.begun == ["0", "1", "2"]


async def test_event_that_failed_is_tried_again_before_what_came_after_it(database: Database, now: dt.datetime) -> None:
    async def fail_once(row: InboxRow) -> bool:
        if row.external_id == "7" and row.claims == 1:
            raise KeyError("7")
        return False

    await store(database, event("7"), event("8"), now=now)
    clock = Clock(now)
    office = Office(database, clock, fail_once)
    async with at_work(office):
        await office.until(ended=1)
        clock.now += SECOND
        office.worker.wake()
        await office.until(ended=3)
    assert office.begun == ["7", "7", "8"]
    assert [row.state for row in await stored(database)] == [InboxState.DONE, InboxState.DONE]
    assert await spoken(database) == []


async def test_third_failure_is_given_up_and_the_person_told_its_number(database: Database, now: dt.datetime) -> None:
    async def fail(row: InboxRow) -> bool:
        if row.external_id == "7":
            raise KeyError("7")
        return False

    await store(database, event("6", "102"), event("7"), event("8"), now=now)
    clock = Clock(now)
    office = Office(database, clock, fail)
    async with at_work(office):
        for ended in (2, 3, 5):
            await office.until(ended=ended)
            clock.now += 10 * SECOND
            office.worker.wake()
    assert office.begun.count("7") == 3 and office.begun[-1] == "8"
    _, failed, after = await stored(database)
    assert (failed.state, failed.error, after.state) == (InboxState.FAILED, "KeyError", InboxState.DONE)
    (told,) = await spoken(database)
    assert (told.recipient, told.channel, told.bot_id, told.priority) == ("101", CHANNEL, BOT, Priority.ANSWER)
    assert f"mã {failed.id}" in told.message.text


async def test_event_that_killed_three_workers_kills_no_fourth(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), event("8"), now=now)
    for dead in range(3):
        await claim(database, now + dead * LEASE)
    office = Office(database, Clock(now + 3 * LEASE), ask_nothing)
    async with at_work(office):
        await office.until(ended=2)
    assert office.begun == ["8"]
    assert [row.state for row in await stored(database)] == [InboxState.FAILED, InboxState.DONE]
    assert len(await spoken(database)) == 1


async def test_unreadable_event_is_given_up_at_once_and_stands_in_nobodys_way(database: Database, now: dt.datetime) -> None:
    async def read(row: InboxRow) -> bool:
        if row.external_id == "7":
            raise Malformed("no field can be read")
        return False

    await store(database, event("7"), event("8"), event("9", "102"), now=now)
    office = Office(database, Clock(now), read)
    async with at_work(office):
        await office.until(ended=3)
    rows = await stored(database)
    assert [row.state for row in rows] == [InboxState.FAILED, InboxState.DONE, InboxState.DONE]
    assert (rows[0].error, rows[0].claims) == ("no field can be read", 1)
    assert await spoken(database) == []


async def test_lost_hold_leaves_the_event_to_whoever_has_it(database: Database, now: dt.datetime) -> None:
    async def lose(row: InboxRow) -> bool:
        if row.chat == "101":
            assert len(await claim(database, now + LEASE)) == 1
            raise HoldLost
        return False

    await store(database, event("7"), now=now)
    office = Office(database, Clock(now), lose)
    async with at_work(office):
        await office.until(ended=1)
        await store(database, event("8", "102"), now=now)
        office.worker.wake()
        await office.until(ended=2)
    first, second = await stored(database)
    assert (first.state, first.claims, first.error) == (InboxState.WORKING, 2, "")
    assert second.state is InboxState.DONE
    assert await spoken(database) == []


async def test_last_failure_of_whoever_lost_the_hold_tells_nobody(database: Database, now: dt.datetime) -> None:
    async def lose_then_fail(_row: InboxRow) -> bool:
        assert len(await claim(database, now + 3 * LEASE)) == 1
        raise KeyError("7")

    await store(database, event("7"), now=now)
    for dead in range(2):
        await claim(database, now + dead * LEASE)
    office = Office(database, Clock(now + 2 * LEASE), lose_then_fail)
    async with at_work(office):
        await office.until(ended=1)
    assert [(row.state, row.error) for row in await stored(database)] == [(InboxState.WORKING, "")]
    assert await spoken(database) == []


async def test_failure_after_the_outcome_was_stored_does_not_bring_the_event_back(database: Database, now: dt.datetime) -> None:
    async def settle_then_fail(row: InboxRow) -> bool:
        await settle(database, row, now)
        raise KeyError("after the commit")

    await store(database, event("7"), now=now)
    office = Office(database, Clock(now), settle_then_fail)
    async with at_work(office):
        await office.until(ended=1)
    assert await claim(database, now + LEASE) == []
    assert (await stored(database))[0].state is InboxState.DONE


async def test_event_that_hangs_holds_up_its_own_chat_alone(database: Database, now: dt.datetime) -> None:
    released = asyncio.Event()

    async def hang(row: InboxRow) -> bool:
        if row.external_id == "7":
            await released.wait()
        return False

    await store(database, event("7"), event("8"), *(event(f"{number}", "102") for number in range(20, 25)), now=now)
    office = Office(database, Clock(now), hang, concurrency=2)
    async with at_work(office):
        await office.until(ended=5)
        assert office.begun == ["7", "20", "21", "22", "23", "24"]
        released.set()
        await office.until(ended=7)
    assert office.begun[-1] == "8"


async def test_event_that_never_ends_loses_its_place(database: Database, now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asyncio.Event()

    async def hang(row: InboxRow) -> bool:
        if row.external_id == "7":
            await ended.wait()
        return False

    monkeypatch.setattr(bot.worker, "_LEASE", dt.timedelta(milliseconds=50))
    await store(database, event("7"), event("8", "102"), now=now)
    office = Office(database, Clock(now), hang, concurrency=1)
    async with at_work(office):
        try:
            await office.until(begun=2)
        finally:
            ended.set()
    assert office.begun == ["7", "8"]


async def test_stopping_waits_for_what_is_being_worked_and_begins_nothing(database: Database, now: dt.datetime) -> None:
    released = asyncio.Event()

    async def hold(_row: InboxRow) -> bool:
        await released.wait()
        return False

    await store(database, event("7"), event("8"), event("9", "102"), now=now)
    office = Office(database, Clock(now), hold, concurrency=1)
    async with at_work(office) as stop:
        await office.until(begun=1)
        stop.set()
        office.worker.wake()
        assert (await stored(database))[0].state is InboxState.WORKING
        released.set()
    assert office.begun == ["7"]
    assert (await stored(database))[0].state is InboxState.DONE
    # What it had not begun is free for the next.
    assert ids(await claim(database, now)) == ["8", "9"]


async def test_event_that_was_not_begun_before_a_stop_loses_none_of_its_tries(database: Database, now: dt.datetime) -> None:
    released = asyncio.Event()

    async def hold(row: InboxRow) -> bool:
        if row.external_id == "8":
            raise KeyError("8")
        await released.wait()
        return False

    await store(database, *(event(f"{number}") for number in range(3)), event("8", "102"), now=now)
    for number in range(3):
        released.clear()
        office = Office(database, Clock(now), hold, concurrency=1)
        async with at_work(office) as stop:
            await office.until(begun=1)
            stop.set()
            released.set()
        assert office.begun == [f"{number}"]
    office = Office(database, Clock(now), hold)
    async with at_work(office):
        await office.until(ended=1)
    assert (await stored(database))[-1].state is not InboxState.FAILED
    assert await spoken(database) == []


async def test_work_of_a_dead_process_is_taken_up_at_once_at_the_start(database: Database, now: dt.datetime) -> None:
    await store(database, event("7"), now=now)
    await claim(database, now)
    office = Office(database, Clock(now), ask_nothing)
    await office.worker.take_over()
    async with at_work(office):
        await office.until(ended=1)
    assert (await stored(database))[0].state is InboxState.DONE


async def test_two_workers_work_each_event_once_and_each_chat_in_order(both: tuple[Database, Database], now: dt.datetime) -> None:
    events = [event(f"{chat}.{number}", f"{chat}") for number in range(6) for chat in range(5)]
    await store(both[0], *events, now=now)
    worked: list[str] = []
    ended = asyncio.Event()

    async def note(row: InboxRow) -> bool:
        worked.append(row.external_id)
        return False

    offices = [Office(database, Clock(now), note, concurrency=3, then=ended.set) for database in both]
    async with at_work(*offices), asyncio.timeout(10):
        # Whoever ends an event takes up the next that is free by that.
        while sum(office.ended for office in offices) < len(events):
            await ended.wait()
            ended.clear()
    assert sorted(worked) == sorted(one.external_id for one in events)
    for chat in range(5):
        assert [one for one in worked if one.startswith(f"{chat}.")] == [f"{chat}.{number}" for number in range(6)]


async def test_database_that_does_not_answer_for_a_while_stops_no_worker(
    database: Database, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def gone_at_first(*given: Any, **named: Any) -> list[InboxRow]:
        if asked.is_set():
            return await claim_events(*given, **named)
        asked.set()
        raise UnreachableDatabaseError("connection refused")

    monkeypatch.setattr(bot.worker, "claim_events", gone_at_first)
    await store(database, event("7"), now=now)
    office = Office(database, Clock(now), ask_nothing)
    async with at_work(office):
        await asked.wait()
        office.worker.wake()
        await office.until(ended=1)
    assert (await stored(database))[0].state is InboxState.DONE
