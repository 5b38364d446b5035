"""What becomes of a message by what came of sending it, and that none is lost or sent twice on the way; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

import scheduler.sender
from db.accounts import Account
from db.engine import Database, UnreachableDatabaseError, open_database
from db.messages import plain
from db.outbox import Claim, OutboxRow, OutboxState, Pace, Priority, Wait, claim_message, pause_sending
from db.people import Agency, Contact, Role, upsert_agencies
from scheduler import wording
from scheduler.channel import BadMarkup, Gone, Letter, LockedOut, Moved, NotSent, Outcome, Refused, Sent, Throttled, Uncertain
from scheduler.sender import NOTHING_TO_EDIT, Sender, pace_of

CHANNEL, BOT = "telegram", "8001"
SECOND, INSTANT, DAY = dt.timedelta(seconds=1), dt.timedelta(microseconds=1), dt.timedelta(days=1)
# Longer than any message is held.
LAPSE = dt.timedelta(minutes=5)
FREELY = Pace(between=0 * SECOND, between_in_chat=0 * SECOND, group_limit=1000, group_window=60 * SECOND)


class Clock:
    """Time that stands until it is moved."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.was_read = asyncio.Event()

    def __call__(self) -> dt.datetime:
        self.was_read.set()
        return self.now


class Platform:
    """A channel that answers as it was told, and then takes everything: a part for each paragraph of a message."""

    def __init__(self, *outcomes: Outcome | Exception, name: str = CHANNEL, bot_id: str = BOT) -> None:
        self.name, self.bot_id = name, bot_id
        self.letters: list[Letter] = []
        self.in_flight, self.most_in_flight = 0, 0
        self.open = asyncio.Event()  # calls are answered while this is set
        self.open.set()
        self._outcomes, self._changed = deque(outcomes), asyncio.Event()

    async def send(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        outcome = self._outcomes.popleft() if self._outcomes else Sent(f"{len(self.letters)}", is_last=self._is_last(letter))
        # Who waits holds the old event.
        self._changed.set()
        self._changed = asyncio.Event()
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.open.wait()
        finally:
            self.in_flight -= 1
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _is_last(self, letter: Letter) -> bool:
        return letter.edits is not None or letter.part == len(letter.message.paragraphs) - 1

    async def called(self, times: int) -> None:
        """Wait until so many calls were made, all together."""
        async with asyncio.timeout(5):
            while len(self.letters) < times:
                await self._changed.wait()

    @property
    def calls(self) -> list[tuple[str, str]]:
        """To whom, and what of the message: the words of the part."""
        return [(one.recipient, one.message.paragraphs[0 if one.edits else one.part].text) for one in self.letters]


def letter(text: str, chat: str, now: dt.datetime, priority: Priority = Priority.ANSWER, **given: Any) -> OutboxRow:
    about: dict[str, Any] = {"channel": CHANNEL, "bot_id": BOT, "created_at": now, "not_before": now} | given
    return OutboxRow(recipient=chat, priority=priority, message=plain(text), **about)


async def store(database: Database, *rows: OutboxRow | Account | Contact) -> None:
    async with database.write() as session:
        session.add_all(rows)


async def stored(database: Database) -> dict[str, OutboxRow]:
    """All rows, by the first line of their text."""
    async with database.read() as session:
        rows = (await session.execute(select(OutboxRow).order_by(col(OutboxRow.id)))).scalars()
        return {row.message.paragraphs[0].text: row for row in rows}


async def is_held(database: Database, until: dt.datetime) -> bool:
    """Whether nothing leaves before then; what is given out a moment early is to be sent then. Changes nothing."""
    answers = []
    for early in (SECOND, INSTANT):
        async with database.write() as session:
            answers.append(await claim_message(session, CHANNEL, BOT, now=until - early, lease=lambda _: LAPSE / 2, pace=FREELY))
            await session.rollback()
    return isinstance(answers[0], Wait) and (isinstance(answers[1], Wait) or answers[1].send_at == until)


async def claim(database: Database, now: dt.datetime, pace: Pace = FREELY) -> Claim | Wait:
    """What a sender would be given now."""
    async with database.write() as session:
        return await claim_message(session, CHANNEL, BOT, now=now, lease=lambda _: LAPSE / 2, pace=pace)


def sender(database: Database, now: Clock, *channels: Platform, concurrency: int = 4) -> Sender:
    return Sender(database, channels, pace=FREELY, concurrency=concurrency, now=now)


@asynccontextmanager
async def sending(*senders: Sender) -> AsyncIterator[asyncio.Event]:
    """The senders at work, until the block is left or the event is set; then what is in flight is settled."""
    stop = asyncio.Event()
    running = [asyncio.ensure_future(one.run(stop)) for one in senders]
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await asyncio.gather(*running)


async def send(one: Sender, channel: Platform, calls: int = 1) -> None:
    """Let it make so many calls more, and settle them."""
    before = len(channel.letters)
    async with sending(one):
        await channel.called(before + calls)


async def kill(one: Sender, channel: Platform, calls: int = 1) -> None:
    """Let it make so many calls more, and die before the last is answered."""
    before = len(channel.letters)
    running = asyncio.ensure_future(one.run(asyncio.Event()))
    await channel.called(before + calls - 1)
    channel.open.clear()
    await channel.called(before + calls)
    running.cancel()
    await asyncio.wait([running])
    channel.open.set()


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """One database opened by two that share no pool, as two processes do."""
    first, second = open_database(database_url), open_database(database_url)
    yield first, second
    await first.close()
    await second.close()


@pytest.fixture
def clock(now: dt.datetime) -> Clock:
    return Clock(now)


@pytest.fixture(autouse=True)
def _looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Senders look at the outbox often, so that no test waits for that."""
    monkeypatch.setattr(scheduler.sender, "_IDLE", 0.01)
    monkeypatch.setattr(scheduler.sender, "_SOON", 0.005)


# ---------------------------------------------------------------- what comes of a call


async def test_message_that_arrived_keeps_the_platforms_id(database: Database, clock: Clock) -> None:
    channel = Platform(Sent("77"))
    await store(database, letter("text", "101", clock.now, reply_to="5"))
    await send(sender(database, clock, channel), channel)
    row = (await stored(database))["text"]
    assert (row.state, row.sent_ids, row.settled_at, row.attempts) == (OutboxState.SENT, ("77",), clock.now, 1)
    assert channel.letters == [Letter("101", plain("text"), reply_to="5", row_id=row.id)]


async def test_throttled_bot_sends_nothing_until_it_may_and_the_attempt_does_not_count(database: Database, clock: Clock) -> None:
    channel = Platform(Throttled(7 * SECOND))
    await store(database, letter("first", "101", clock.now), letter("other chat", "102", clock.now), letter("second", "101", clock.now))
    one = sender(database, clock, channel, concurrency=1)
    await send(one, channel)
    rows = await stored(database)
    assert (rows["first"].state, rows["first"].attempts, rows["first"].is_repeated) == (OutboxState.PENDING, 0, False)
    assert await is_held(database, clock.now + 7 * SECOND)
    clock.now += 7 * SECOND
    await send(one, channel, 3)
    assert channel.calls[1:] == [("101", "first"), ("102", "other chat"), ("101", "second")]
    assert {row.state for row in (await stored(database)).values()} == {OutboxState.SENT}


async def test_pause_of_one_bot_holds_up_no_other(database: Database, clock: Clock) -> None:
    slow, free = Platform(Throttled(60 * SECOND)), Platform(name="zalo", bot_id="z")
    await store(database, letter("first", "101", clock.now))
    both = sender(database, clock, slow, free)
    await send(both, slow)
    await store(database, letter("second", "101", clock.now), letter("on zalo", "101", clock.now, channel="zalo", bot_id="z"))
    await send(both, free)
    assert slow.calls == [("101", "first")]
    assert (await stored(database))["on zalo"].state is OutboxState.SENT


async def test_message_that_was_not_sent_waits_longer_each_time_and_keeps_its_turn(database: Database, clock: Clock) -> None:
    channel = Platform(*[NotSent("ConnectError")] * 4)
    await store(database, letter("first", "101", clock.now))
    one = sender(database, clock, channel)
    waits = []
    for _ in range(4):
        await send(one, channel)
        row = (await stored(database))["first"]
        assert (row.state, row.reason, row.is_repeated) == (OutboxState.PENDING, "ConnectError", False)
        waits.append((row.not_before - clock.now) / SECOND)
        clock.now = row.not_before
    assert waits == [1, 2, 4, 8]
    await store(database, letter("second", "101", clock.now))
    await send(one, channel, 2)
    assert channel.calls[4:] == [("101", "first"), ("101", "second")]


async def test_message_that_was_not_sent_is_tried_at_least_every_five_minutes(database: Database, clock: Clock) -> None:
    channel = Platform(NotSent("ConnectError"))
    await store(database, letter("text", "101", clock.now, attempts=500, claims=500))
    await send(sender(database, clock, channel), channel)
    assert (await stored(database))["text"].not_before == clock.now + dt.timedelta(minutes=5)


async def test_message_is_given_up_after_three_days_of_trying_and_not_before(database: Database, clock: Clock) -> None:
    channel = Platform(NotSent("ConnectError"), NotSent("ConnectError"))
    tried: dict[str, Any] = {"attempts": 900, "claims": 900}
    await store(
        database, letter("still", "101", clock.now - 3 * DAY, **tried), letter("tired", "102", clock.now - 3 * DAY - SECOND, **tried)
    )
    await send(sender(database, clock, channel), channel, 2)
    rows = await stored(database)
    assert (rows["still"].state, rows["tired"].state) == (OutboxState.PENDING, OutboxState.FAILED)
    assert (rows["tired"].reason, rows["tired"].settled_at) == ("ConnectError", clock.now)


async def test_message_first_tried_days_late_is_not_given_up_at_the_first_failure(database: Database, clock: Clock) -> None:
    channel = Platform(NotSent("ConnectError"))
    await store(database, letter("waited while the machine was off", "101", clock.now - 4 * DAY))
    one = sender(database, clock, channel)
    await send(one, channel)
    clock.now += SECOND
    await send(one, channel)
    assert [row.state for row in (await stored(database)).values()] == [OutboxState.SENT]


async def test_platform_that_fails_every_message_is_left_alone_for_a_moment(database: Database, clock: Clock) -> None:
    channel = Platform(*[NotSent("Bad Gateway")] * 6)
    await store(database, *(letter(f"{number}", f"{number}", clock.now) for number in range(5)))
    one = sender(database, clock, channel, concurrency=1)
    await send(one, channel, 5)
    assert await is_held(database, clock.now + SECOND)
    # And for longer when it still fails.
    clock.now += SECOND
    await send(one, channel)
    assert await is_held(database, clock.now + 2 * SECOND)
    clock.now += 2 * SECOND
    await send(one, channel, 5)
    assert {row.state for row in (await stored(database)).values()} == {OutboxState.SENT}


@pytest.mark.parametrize(("is_cut", "waited"), [(False, [1, 30, 60, 90, 120]), (True, [1, 2, 4, 30, 60, 90, 120])])
async def test_message_without_an_answer_is_sent_again_and_marked_but_not_for_ever(
    database: Database, clock: Clock, is_cut: bool, waited: list[int]
) -> None:
    copies = len(waited) + 1
    channel = Platform(*[Uncertain("ReadError", is_cut)] * copies)
    await store(database, letter("text", "101", clock.now), letter("after it", "101", clock.now))
    one = sender(database, clock, channel)
    waits = []
    for _ in waited:
        await send(one, channel)
        row = (await stored(database))["text"]
        assert (row.state, row.is_repeated) == (OutboxState.PENDING, True)
        waits.append((row.not_before - clock.now) / SECOND)
        clock.now = row.not_before + dt.timedelta(minutes=1)  # past any pause of the whole bot
    assert waits == waited
    await send(one, channel)
    row = (await stored(database))["text"]
    assert (row.state, row.reason, row.settled_at) == (OutboxState.UNCERTAIN, "ReadError", clock.now)
    clock.now += dt.timedelta(minutes=1)
    await send(one, channel)
    assert channel.calls == [("101", "text")] * copies + [("101", "after it")]


async def test_silence_about_one_message_while_others_are_answered_means_one_copy(database: Database, clock: Clock) -> None:
    silent = Uncertain("ReadTimeout")
    channel = Platform(silent, silent)
    await store(database, letter("text", "101", clock.now))
    one = sender(database, clock, channel)
    await send(one, channel)
    clock.now = (await stored(database))["text"].not_before
    # Answered while the copy is under way.
    one._answered_at[channel.name] = clock.now + SECOND
    await send(one, channel)
    assert (await stored(database))["text"].state is OutboxState.UNCERTAIN
    assert channel.calls == [("101", "text")] * 2


async def test_clock_that_was_set_back_does_not_stop_the_sending(database: Database, clock: Clock) -> None:
    channel = Platform()
    await store(database, letter("before", "101", clock.now))
    await send(sender(database, clock, channel), channel)
    clock.now -= dt.timedelta(hours=1)
    await store(database, letter("after", "101", clock.now))
    await send(sender(database, clock, channel), channel)
    assert channel.calls == [("101", "before"), ("101", "after")]


async def test_exception_of_a_channel_counts_as_no_answer_and_tells_only_its_kind(database: Database, clock: Clock) -> None:
    channel = Platform(ValueError("https://api.telegram.org/bot8001:secret/sendMessage"))
    await store(database, letter("text", "101", clock.now))
    await send(sender(database, clock, channel), channel)
    row = (await stored(database))["text"]
    assert (row.state, row.is_repeated, row.reason) == (OutboxState.PENDING, True, "ValueError")


async def test_call_that_takes_too_long_counts_as_no_answer(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler.sender, "_CALL", dt.timedelta(milliseconds=20))
    channel = Platform()
    channel.open.clear()
    await store(database, letter("text", "101", clock.now))
    await send(sender(database, clock, channel), channel)
    row = (await stored(database))["text"]
    assert (row.state, row.is_repeated) == (OutboxState.PENDING, True)


async def test_refused_message_fails_at_once_and_lets_the_next_go(database: Database, clock: Clock) -> None:
    channel = Platform(Refused("message is too long"))
    await store(database, letter("text", "101", clock.now), letter("next", "101", clock.now))
    await send(sender(database, clock, channel), channel, 2)
    rows = await stored(database)
    assert (rows["text"].state, rows["text"].reason) == (OutboxState.FAILED, "message is too long")
    assert rows["next"].state is OutboxState.SENT


async def test_unreadable_markup_is_sent_once_more_without(database: Database, clock: Clock) -> None:
    channel = Platform(BadMarkup("can't parse entities"))
    await store(database, letter("text", "101", clock.now), letter("next", "101", clock.now))
    await send(sender(database, clock, channel), channel, 3)
    assert [(one.message.text, one.is_plain) for one in channel.letters] == [("text", False), ("text", True), ("next", False)]
    assert {row.state for row in (await stored(database)).values()} == {OutboxState.SENT}


async def test_markup_that_is_unreadable_even_without_fails(database: Database, clock: Clock) -> None:
    channel = Platform(BadMarkup("can't parse entities"), BadMarkup("can't parse entities"))
    await store(database, letter("text", "101", clock.now))
    await send(sender(database, clock, channel), channel, 2)
    assert (await stored(database))["text"].state is OutboxState.FAILED


async def test_group_that_moved_gets_everything_under_its_new_id_in_order(database: Database, clock: Clock) -> None:
    channel = Platform(Moved("-100500"))
    await store(database, *(letter(text, "-500", clock.now, is_group=True) for text in ("first", "second", "third")))
    await send(sender(database, clock, channel), channel, 4)
    assert channel.calls == [("-500", "first"), ("-100500", "first"), ("-100500", "second"), ("-100500", "third")]
    assert {(row.state, row.recipient) for row in (await stored(database)).values()} == {(OutboxState.SENT, "-100500")}


async def test_bot_that_is_locked_out_waits_and_loses_nothing(database: Database, clock: Clock) -> None:
    channel = Platform(LockedOut("Unauthorized"))
    await store(database, letter("first", "101", clock.now), letter("other chat", "102", clock.now))
    one = sender(database, clock, channel, concurrency=1)
    await send(one, channel)
    row = (await stored(database))["first"]
    assert (row.state, row.attempts, row.reason) == (OutboxState.PENDING, 0, "Unauthorized")
    again_at = row.not_before
    assert again_at >= clock.now + 10 * SECOND
    assert await is_held(database, again_at)
    clock.now = again_at
    await send(one, channel, 2)
    assert channel.calls[1:] == [("101", "first"), ("102", "other chat")]


# ---------------------------------------------------------------- chats that nothing reaches any more


async def known(database: Database, now: dt.datetime, **roles: Role) -> None:
    """People of Sở Y tế by name and role, each with an account whose chat has the number of their place in the list, from 101."""
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế")])
        for number, (name, role) in enumerate(roles.items(), 101):
            contact = Contact(name=name, agency_code="SYT", role=role, phone=f"09120000{number}", created_at=now)
            session.add(contact)
            await session.flush()
            chat = f"{number}"
            session.add(
                Account(channel=CHANNEL, bot_id=BOT, user_id=chat, chat_id=chat, contact_id=contact.id, created_at=now, linked_at=now)
            )


async def accounts(database: Database) -> dict[str, str]:
    """Why each chat cannot be reached; empty where it can."""
    async with database.read() as session:
        return {one.chat_id: one.off_reason for one in (await session.execute(select(Account))).scalars()}


async def test_blocked_chat_ends_what_waits_for_it_and_turns_its_account_off(database: Database, clock: Clock) -> None:
    channel = Platform(Gone("blocked"))
    await known(database, clock.now, Bình=Role.FOCAL_POINT, Cường=Role.OFFICIAL)
    later = clock.now + 60 * SECOND
    await store(database, letter("first", "101", clock.now), letter("for later", "101", clock.now, not_before=later))
    await store(database, letter("other chat", "102", clock.now))
    await send(sender(database, clock, channel, concurrency=1), channel, 2)
    rows = await stored(database)
    assert {text: (row.state, row.reason) for text, row in rows.items()} == {
        "first": (OutboxState.FAILED, "blocked"),
        "for later": (OutboxState.FAILED, "blocked"),
        "other chat": (OutboxState.SENT, ""),
    }
    assert await accounts(database) == {"101": "blocked", "102": ""}


async def test_every_other_administrator_is_told_once_who_cannot_be_reached(database: Database, clock: Clock) -> None:
    channel = Platform(Gone("deactivated"), Sent("1"), Sent("2"), Gone("deactivated"))
    await known(database, clock.now, Bình=Role.FOCAL_POINT, Giang=Role.ADMIN, Hà=Role.ADMIN, Lan=Role.COORDINATOR)
    one = sender(database, clock, channel, concurrency=1)
    await store(database, letter("first", "101", clock.now))
    await send(one, channel, 3)
    # What was stored before it was known fails too, and tells nobody again.
    await store(database, letter("second", "101", clock.now))
    await send(one, channel)
    told = [row for text, row in (await stored(database)).items() if text not in ("first", "second")]
    assert [one.recipient for one in channel.letters] == ["101", "102", "103", "101"]
    assert len(told) == 1 and await claim(database, clock.now) == Wait(None)
    assert "Bình (Sở Y tế)" in told[0].message.text and wording.GONE["deactivated"] in told[0].message.text


async def test_administrator_who_is_gone_is_not_told_of_it_in_that_chat(database: Database, clock: Clock) -> None:
    channel = Platform(Gone("blocked"), Sent("1"))
    await known(database, clock.now, Giang=Role.ADMIN, Hà=Role.ADMIN)
    await store(database, letter("text", "101", clock.now))
    await send(sender(database, clock, channel, concurrency=1), channel, 2)
    assert [one.recipient for one in channel.letters] == ["101", "102"]
    assert await claim(database, clock.now) == Wait(None)


async def test_nobody_is_told_of_strangers_and_groups(database: Database, clock: Clock) -> None:
    channel = Platform(Gone("blocked"), Gone("left"))
    await known(database, clock.now, Giang=Role.ADMIN)
    await store(database, Account(channel=CHANNEL, bot_id=BOT, user_id="900", chat_id="900", created_at=clock.now))
    await store(database, letter("to a stranger", "900", clock.now), letter("to a group", "-500", clock.now, is_group=True))
    await send(sender(database, clock, channel), channel, 2)
    assert {row.state for row in (await stored(database)).values()} == {OutboxState.FAILED}
    assert await accounts(database) == {"101": "", "900": "blocked"}
    assert len(await stored(database)) == 2


# ---------------------------------------------------------------- messages of several parts


async def test_parts_are_sent_in_order_and_keep_their_ids(database: Database, clock: Clock) -> None:
    channel = Platform(Sent("7", is_last=False), Sent("8", is_last=False), Sent("9"))
    await store(database, letter("1\n2\n3", "101", clock.now), letter("after", "101", clock.now))
    await send(sender(database, clock, channel), channel, 4)
    assert channel.calls == [("101", "1"), ("101", "2"), ("101", "3"), ("101", "after")]
    row = (await stored(database))["1"]
    assert (row.state, row.sent_ids) == (OutboxState.SENT, ("7", "8", "9"))


async def test_begun_message_is_finished_before_answers_begin(database: Database, clock: Clock) -> None:
    channel = Platform()
    channel.open.clear()
    await store(database, letter("1\n2\n3", "101", clock.now, Priority.BROADCAST))
    async with sending(sender(database, clock, channel, concurrency=1)):
        await channel.called(1)
        await store(database, letter("answer", "102", clock.now))
        channel.open.set()
        await channel.called(4)
    assert channel.calls == [("101", "1"), ("101", "2"), ("101", "3"), ("102", "answer")]


async def test_only_the_part_without_an_answer_is_repeated(database: Database, clock: Clock) -> None:
    channel = Platform(Sent("1", is_last=False), Uncertain("ReadTimeout"))
    await store(database, letter("1\n2\n3", "101", clock.now))
    one = sender(database, clock, channel)
    await send(one, channel, 2)
    clock.now += SECOND
    await send(one, channel, 2)
    assert [part for _, part in channel.calls] == ["1", "2", "2", "3"]
    row = (await stored(database))["1"]
    assert (row.state, row.is_repeated) == (OutboxState.SENT, False)


async def test_death_between_two_parts_repeats_none_of_them(database: Database, clock: Clock) -> None:
    channel = Platform()
    await store(database, letter("1\n2\n3", "101", clock.now))
    # Each sender goes on from what the one before has settled, and is gone after a part.
    while (await stored(database))["1"].state is not OutboxState.SENT:
        await send(sender(database, clock, channel), channel)
    assert [part for _, part in channel.calls] == ["1", "2", "3"]


async def test_death_during_a_part_repeats_that_part_alone(database: Database, clock: Clock) -> None:
    channel = Platform()
    await store(database, letter("1\n2\n3", "101", clock.now), letter("after", "101", clock.now))
    await kill(sender(database, clock, channel, concurrency=1), channel, 2)
    clock.now += LAPSE
    await send(sender(database, clock, channel), channel, 3)
    assert [part for _, part in channel.calls] == ["1", "2", "2", "3", "after"]


# ---------------------------------------------------------------- senders that die, several senders


async def test_message_whose_sender_died_is_sent_again_and_before_what_came_after_it(database: Database, clock: Clock) -> None:
    channel = Platform()
    await store(database, letter("text", "101", clock.now), letter("after", "101", clock.now))
    await kill(sender(database, clock, channel, concurrency=1), channel)
    assert isinstance(await claim(database, clock.now + SECOND), Wait)
    clock.now += LAPSE
    await send(sender(database, clock, channel), channel, 2)
    assert channel.calls == [("101", "text")] * 2 + [("101", "after")]
    row = (await stored(database))["text"]
    assert (row.state, row.is_repeated, row.attempts) == (OutboxState.SENT, True, 2)


async def test_message_whose_sender_died_before_the_call_is_sent(database: Database, clock: Clock) -> None:
    channel = Platform()
    await store(database, letter("text", "101", clock.now))
    assert isinstance(await claim(database, clock.now), Claim)
    clock.now += LAPSE
    await send(sender(database, clock, channel), channel)
    assert (await stored(database))["text"].state is OutboxState.SENT


async def test_sender_that_was_taken_for_dead_changes_nothing_any_more(database: Database, clock: Clock) -> None:
    slow, quick = Platform(Gone("blocked")), Platform(Sent("7"))
    slow.open.clear()
    await known(database, clock.now, Bình=Role.FOCAL_POINT)
    await store(database, letter("text", "101", clock.now))
    async with sending(sender(database, clock, slow, concurrency=1)):
        await slow.called(1)
        clock.now += LAPSE
        await send(sender(database, clock, quick), quick)
        slow.open.set()
    row = (await stored(database))["text"]
    assert (row.state, row.sent_ids, row.reason) == (OutboxState.SENT, ("7",), "")


async def test_two_senders_deliver_everything_once_and_each_chat_in_order(both: tuple[Database, Database], clock: Clock) -> None:
    channel = Platform()
    texts = [f"{chat}.{number}" for number in range(10) for chat in range(6)]
    await store(both[0], *(letter(text, text[0], clock.now) for text in texts))
    async with sending(*(sender(database, clock, channel) for database in both)):
        await channel.called(len(texts))
    sent = [text for _, text in channel.calls]
    assert sorted(sent) == sorted(texts)
    for chat in range(6):
        assert [text for text in sent if text[0] == f"{chat}"] == [f"{chat}.{number}" for number in range(10)]
    assert {(row.state, row.attempts) for row in (await stored(both[0])).values()} == {(OutboxState.SENT, 1)}


async def test_no_more_calls_than_allowed_are_in_flight(database: Database, clock: Clock) -> None:
    channel = Platform()
    channel.open.clear()
    await store(database, *(letter(f"{number}", f"{number}", clock.now) for number in range(6)))
    async with sending(sender(database, clock, channel, concurrency=2)):
        await channel.called(2)
        assert [row.state for row in (await stored(database)).values()].count(OutboxState.SENDING) == 2
        channel.open.set()
        await channel.called(6)
    assert channel.most_in_flight == 2


async def test_stopping_finishes_what_is_in_flight(database: Database, clock: Clock) -> None:
    channel = Platform()
    channel.open.clear()
    await store(database, letter("text", "101", clock.now))
    async with sending(sender(database, clock, channel)) as stop:
        await channel.called(1)
        stop.set()
        assert (await stored(database))["text"].state is OutboxState.SENDING
        channel.open.set()
    assert (await stored(database))["text"].state is OutboxState.SENT


async def test_nothing_is_begun_after_the_stop(database: Database, clock: Clock) -> None:
    channel = Platform()
    channel.open.clear()
    await store(database, letter("text", "101", clock.now), letter("other chat", "102", clock.now))
    async with sending(sender(database, clock, channel, concurrency=1)) as stop:
        await channel.called(1)
        stop.set()
        channel.open.set()
    assert channel.calls == [("101", "text")]


async def test_stop_does_not_wait_for_the_bots_next_turn(database: Database, clock: Clock) -> None:
    channel = Platform()
    pace = Pace(between=3600 * SECOND, between_in_chat=0 * SECOND, group_limit=1000, group_window=60 * SECOND)
    await store(database, letter("text", "101", clock.now), letter("other chat", "102", clock.now))
    async with sending(Sender(database, [channel], pace=pace, concurrency=4, now=clock)):
        await channel.called(1)
    assert channel.calls == [("101", "text")]


async def test_woken_sender_sends_at_once(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler.sender, "_IDLE", 3600.0)
    channel = Platform()
    one = sender(database, clock, channel)
    async with sending(one):
        for number in range(3):
            await store(database, letter(f"{number}", "101", clock.now))
            one.wake()
            await channel.called(number + 1)


async def test_next_part_is_sent_as_soon_as_the_one_before_is_settled(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.sender, "_IDLE", 3600.0)
    channel = Platform()
    await store(database, letter("1\n2\n3", "101", clock.now))
    async with sending(sender(database, clock, channel)):
        await channel.called(3)


async def test_trouble_with_one_row_is_not_the_others(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_known: Any = None
    channel = Platform(nothing_known, Sent("7"))
    await store(database, letter("odd", "101", clock.now), letter("other chat", "102", clock.now))
    one = sender(database, clock, channel, concurrency=1)
    await send(one, channel, 2)
    rows = await stored(database)
    assert (rows["odd"].state, rows["other chat"].state) == (OutboxState.SENDING, OutboxState.SENT)
    clock.now += LAPSE
    await send(one, channel)
    assert (await stored(database))["odd"].state is OutboxState.SENT


async def test_database_that_does_not_answer_for_a_while_stops_no_sender(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def gone_at_first(*given: Any, **named: Any) -> Claim | Wait:
        if asked.is_set():
            return await claim_message(*given, **named)
        asked.set()
        raise UnreachableDatabaseError("connection refused")

    monkeypatch.setattr(scheduler.sender, "claim_message", gone_at_first)
    channel = Platform()
    await store(database, letter("text", "101", clock.now))
    one = sender(database, clock, channel)
    async with sending(one):
        await asked.wait()
        one.wake()
        await channel.called(1)


# ---------------------------------------------------------------- edits


async def test_edit_goes_out_with_the_platforms_ids_of_all_parts(database: Database, clock: Clock) -> None:
    channel = Platform(Sent("7", is_last=False), Sent("8"), Sent("8"))
    await store(database, letter("1\n2", "101", clock.now))
    one = sender(database, clock, channel)
    await send(one, channel, 2)
    original = (await stored(database))["1"]
    await store(database, letter("new form", "101", clock.now, edits=original.id))
    await send(one, channel)
    assert channel.letters[2].edits == ("7", "8")
    assert (await stored(database))["new form"].state is OutboxState.SENT


async def test_edit_of_what_never_arrived_is_not_sent(database: Database, clock: Clock) -> None:
    channel = Platform(Refused("message is too long"))
    await store(database, letter("text", "101", clock.now))
    original = (await stored(database))["text"]
    await store(database, letter("new form", "101", clock.now, edits=original.id), letter("after", "101", clock.now))
    await send(sender(database, clock, channel), channel, 2)
    assert channel.calls == [("101", "text"), ("101", "after")]
    edit = (await stored(database))["new form"]
    assert (edit.state, edit.reason) == (OutboxState.FAILED, NOTHING_TO_EDIT)


# ---------------------------------------------------------------- the end, and the pace


async def test_farewell_waits_until_answers_are_out_with_all_their_parts(database: Database, clock: Clock) -> None:
    await store(database, letter("1\n2\n3", "101", clock.now), letter("answer", "102", clock.now))
    one = sender(database, clock, Platform())
    async with sending(one), asyncio.timeout(5):
        await one.finish_answers()
        assert {row.state for row in (await stored(database)).values()} == {OutboxState.SENT}


async def test_farewell_waits_for_nothing_but_answers_that_may_go_out_soon(database: Database, clock: Clock) -> None:
    later = clock.now + 60 * SECOND
    await store(database, letter("late", "101", clock.now, not_before=later), letter("nudge", "102", clock.now, Priority.NUDGE))
    async with asyncio.timeout(5):
        await sender(database, clock, Platform()).finish_answers()


async def test_farewell_ends_though_an_answer_cannot_go_out(database: Database, clock: Clock) -> None:
    await store(database, letter("answer", "101", clock.now))
    one = sender(database, clock, Platform())
    clock.was_read.clear()
    leaving = asyncio.ensure_future(one.finish_answers())
    await clock.was_read.wait()
    clock.now += 60 * SECOND
    async with asyncio.timeout(5):
        await leaving


@pytest.mark.parametrize("send_rate, chat_rate, group_rate", [(30, 1, 20), (1, 0.1, 0.5), (30, 3, 1.9)])
def test_pace_stays_below_the_rates_that_are_set(send_rate: float, chat_rate: float, group_rate: float) -> None:
    pace = pace_of(send_rate=send_rate, chat_rate=chat_rate, group_rate=group_rate)
    assert pace.between > SECOND / send_rate and pace.between_in_chat > SECOND / chat_rate
    assert pace.group_limit >= 1
    assert pace.group_limit * 60 * SECOND / group_rate < pace.group_window or pace.group_limit < group_rate


async def test_messages_of_a_bot_leave_apart(database: Database) -> None:
    left_at = []

    class Noting(Platform):
        async def send(self, letter: Letter) -> Outcome:
            left_at.append(asyncio.get_running_loop().time())
            return await super().send(letter)

    def now() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    channel, every = Noting(), dt.timedelta(milliseconds=40)
    pace = Pace(between=every, between_in_chat=every, group_limit=1000, group_window=60 * SECOND)
    await store(database, *(letter(f"{number}", f"{number}", now()) for number in range(4)))
    async with sending(Sender(database, [channel], pace=pace, concurrency=4, now=now)):
        await channel.called(4)
    # A little lateness of one may be caught up by the next.
    assert min(after - before for before, after in pairwise(left_at)) > every.total_seconds() / 2
    assert left_at[-1] - left_at[0] > 2.5 * every.total_seconds()


async def test_chats_interval_counts_from_the_call_also_where_the_database_was_busy(database: Database, clock: Clock) -> None:
    pace = Pace(between=0 * SECOND, between_in_chat=SECOND, group_limit=1000, group_window=60 * SECOND)
    channel, stop = Platform(), asyncio.Event()
    one = Sender(database, [channel], pace=pace, concurrency=4, now=clock)
    await store(database, letter("first", "101", clock.now), letter("second", "101", clock.now))
    async with database.write() as busy:
        await pause_sending(busy, CHANNEL, BOT, until=clock.now, now=clock.now)
        clock.was_read.clear()
        running = asyncio.ensure_future(one.run(stop))
        await clock.was_read.wait()
        clock.now += 10 * SECOND
    await channel.called(1)
    stop.set()
    await running
    assert channel.calls == [("101", "first")]
    assert isinstance(await claim(database, clock.now, pace), Wait)
