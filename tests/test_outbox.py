"""Which message goes next, how fast, and to whom: what the outbox promises its senders, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from db.engine import Database, open_database
from db.files import SavedFile, add_file
from db.messages import Action, Attachment, Message, bold, line, plain
from db.outbox import (
    Claim,
    OutboxRow,
    OutboxState,
    Pace,
    Priority,
    Wait,
    add_messages,
    claim_message,
    fail_waiting,
    find_sent,
    forget_messages,
    has_answers,
    list_by_topic,
    move_chat,
    next_due,
    pause_sending,
    settle_message,
)

CHANNEL, BOT = "telegram", "8001"
LEASE = dt.timedelta(seconds=13)
SECOND, INSTANT = dt.timedelta(seconds=1), dt.timedelta(microseconds=1)


def pace(*, between: float = 0, in_chat: float = 0, group_limit: int = 1000) -> Pace:
    """A pace in seconds, without limits unless one is named."""
    intervals = dt.timedelta(seconds=between), dt.timedelta(seconds=in_chat)
    return Pace(between=intervals[0], between_in_chat=intervals[1], group_limit=group_limit, group_window=60 * SECOND)


FREELY = pace()


def letter(text: str, chat: str, now: dt.datetime, priority: Priority = Priority.ANSWER, **given: Any) -> OutboxRow:
    about: dict[str, Any] = {"channel": CHANNEL, "bot_id": BOT, "created_at": now, "not_before": now} | given
    return OutboxRow(recipient=chat, priority=priority, message=plain(text), **about)


async def store(database: Database, *rows: OutboxRow) -> None:
    async with database.write() as session:
        await add_messages(session, rows)


async def ask(database: Database, now: dt.datetime, pace: Pace = FREELY, bot_id: str = BOT, channel: str = CHANNEL) -> Claim | Wait:
    async with database.write() as session:
        return await claim_message(session, channel, bot_id, now=now, lease=lambda _: LEASE, pace=pace)


async def claim(database: Database, now: dt.datetime, pace: Pace = FREELY, **of: str) -> OutboxRow:
    """The row whose turn it is; fails the test when there is none."""
    answer = await ask(database, now, pace, **of)
    assert isinstance(answer, Claim)
    return answer.row


async def is_held(database: Database, until: dt.datetime, pace: Pace = FREELY) -> bool:
    """Whether nothing leaves before then; what is given out a moment early is to be sent then. Changes nothing."""
    answers = []
    for early in (SECOND, INSTANT):
        async with database.write() as session:
            answers.append(await claim_message(session, CHANNEL, BOT, now=until - early, lease=lambda _: LEASE, pace=pace))
            await session.rollback()
    return isinstance(answers[0], Wait) and (isinstance(answers[1], Wait) or answers[1].send_at == until)


async def settle(database: Database, row: OutboxRow, now: dt.datetime, state: OutboxState = OutboxState.SENT, **changes: Any) -> bool:
    async with database.write() as session:
        return await settle_message(session, row, now=now, state=state, **changes)


async def send_all(database: Database, now: dt.datetime) -> list[str]:
    """Everything that may be sent now, one after the other, as texts in the order in which it was given out."""
    sent = []
    while isinstance(answer := await ask(database, now), Claim):
        sent.append(answer.row.message.text)
        assert await settle(database, answer.row, now)
    return sent


async def stored(database: Database) -> dict[str, OutboxRow]:
    """All rows, by their text."""
    async with database.read() as session:
        rows = (await session.execute(select(OutboxRow).order_by(col(OutboxRow.id)))).scalars()
        return {row.message.text: row for row in rows}


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """One database opened by two that share no pool, as two processes do."""
    first, second = open_database(database_url), open_database(database_url)
    yield first, second
    await first.close()
    await second.close()


# ---------------------------------------------------------------- order


async def test_answers_go_before_nudges_and_nudges_before_broadcasts_each_in_order(database: Database, now: dt.datetime) -> None:
    waiting = [("t1", Priority.BROADCAST), ("n1", Priority.NUDGE), ("a1", Priority.ANSWER)]
    waiting += [("t2", Priority.BROADCAST), ("n2", Priority.NUDGE), ("a2", Priority.ANSWER)]
    await store(database, *(letter(text, f"{number}", now, priority) for number, (text, priority) in enumerate(waiting)))
    assert await send_all(database, now) == ["a1", "a2", "n1", "n2", "t1", "t2"]


async def test_rest_of_a_begun_message_goes_before_answers(database: Database, now: dt.datetime) -> None:
    await store(database, letter("long broadcast", "101", now, Priority.BROADCAST))
    await settle(database, await claim(database, now), now, OutboxState.PENDING, priority=Priority.BEGUN)
    await store(database, letter("answer", "102", now), letter("answer there", "101", now))
    assert await send_all(database, now) == ["long broadcast", "answer", "answer there"]


async def test_one_message_to_a_chat_is_in_flight_at_a_time(database: Database, now: dt.datetime) -> None:
    await store(database, letter("first", "101", now), letter("second", "101", now), letter("other chat", "102", now))
    first = await claim(database, now)
    assert (await claim(database, now)).message.text == "other chat"
    assert isinstance(await ask(database, now), Wait)
    await settle(database, first, now)
    assert (await claim(database, now)).message.text == "second"


async def test_database_itself_refuses_a_second_message_in_flight_to_one_chat(database: Database, now: dt.datetime) -> None:
    sending: dict[str, Any] = {"state": OutboxState.SENDING, "lease_until": now}
    await store(database, letter("first", "101", now, **sending), letter("of another bot", "101", now, bot_id="9", **sending))
    with pytest.raises(IntegrityError):
        await store(database, letter("second", "101", now, **sending))


async def test_claimers_at_once_share_rows_and_never_two_of_one_chat(both: tuple[Database, Database], now: dt.datetime) -> None:
    await store(both[0], *(letter(f"{chat}.{number}", f"{chat}", now) for number in range(4) for chat in range(5)))
    given_out: list[str] = []
    while answers := [one for one in await asyncio.gather(*(ask(database, now) for database in both * 4)) if isinstance(one, Claim)]:
        assert len({one.row.recipient for one in answers}) == len(answers)
        given_out += [one.row.message.text for one in answers]
        await asyncio.gather(*(settle(both[number % 2], one.row, now) for number, one in enumerate(answers)))
    assert sorted(given_out) == sorted({*given_out}) and len(given_out) == 20
    for chat in range(5):
        assert [text for text in given_out if text.startswith(f"{chat}.")] == [f"{chat}.{number}" for number in range(4)]


async def test_retry_that_waits_is_not_overtaken_in_its_chat_and_holds_up_no_other(database: Database, now: dt.datetime) -> None:
    await store(database, letter("first", "101", now), letter("second", "101", now), letter("other chat", "102", now))
    await settle(database, await claim(database, now), now, OutboxState.PENDING, not_before=now + 5 * SECOND)
    assert await send_all(database, now) == ["other chat"]
    assert await send_all(database, now + 5 * SECOND) == ["first", "second"]


async def test_answer_does_not_wait_for_a_nudge_that_is_to_be_retried(database: Database, now: dt.datetime) -> None:
    await store(database, letter("nudge", "101", now, Priority.NUDGE))
    await settle(database, await claim(database, now), now, OutboxState.PENDING, not_before=now + 300 * SECOND)
    await store(database, letter("answer", "101", now), letter("broadcast", "101", now, Priority.BROADCAST))
    assert await send_all(database, now) == ["answer"]


async def test_message_for_later_holds_back_nothing_that_is_due(database: Database, now: dt.datetime) -> None:
    later = now + 3600 * SECOND
    await store(database, letter("for later", "101", now, not_before=later), letter("due", "101", now), letter("due too", "102", now))
    assert await send_all(database, now) == ["due", "due too"]
    assert await ask(database, later - SECOND) == Wait(later)
    assert await send_all(database, later) == ["for later"]


async def test_next_message_is_due_when_the_first_of_its_bot_is(database: Database, now: dt.datetime) -> None:
    assert await ask(database, now) == Wait(None)
    await store(database, letter("late", "101", now, not_before=now + 9 * SECOND), letter("sooner", "102", now, not_before=now + SECOND))
    async with database.read() as session:
        assert await next_due(session, CHANNEL, BOT) == now + SECOND
        assert await next_due(session, CHANNEL, "9") is None


async def test_answers_are_known_until_they_are_settled_and_nothing_else_is_one(database: Database, now: dt.datetime) -> None:
    async def are_there() -> bool:
        async with database.read() as session:
            return await has_answers(session, CHANNEL, BOT, until=now + SECOND)

    await store(database, letter("nudge", "101", now, Priority.NUDGE), letter("late", "102", now, not_before=now + 2 * SECOND))
    await store(database, letter("other bot", "101", now, bot_id="9"))
    assert not await are_there()
    await store(database, letter("answer", "103", now))
    assert await are_there()
    row = await claim(database, now)
    assert await are_there()
    await settle(database, row, now)
    assert not await are_there()


async def test_message_comes_out_as_it_was_stored(database: Database, now: dt.datetime) -> None:
    stored_message = Message(
        paragraphs=(line("Kính gửi ", bold("Sở Y tế"), ": «a < b & c»"), line(), line("ữ ệ 😀").model_copy(update={"is_quote": True})),
        actions=((Action(label="✅ Xong", command="xong PV12"),),),
        attachments=(Attachment(sha256="0" * 64, file_name="kế hoạch.pdf", size=3),),
        hides_keyboard=True,
    )
    row = letter("", "101", now, is_group=True, reply_to="7", topic="inquiry:1")
    row.message = stored_message
    async with database.write() as session:
        await add_file(session, SavedFile("0" * 64, 3), now=now)
    await store(database, row)
    claimed = await claim(database, now)
    assert (claimed.message, claimed.is_group, claimed.reply_to, claimed.topic) == (stored_message, True, "7", "inquiry:1")


# ---------------------------------------------------------------- holds


async def test_lapsed_hold_is_taken_over_and_marked_as_perhaps_repeated(database: Database, now: dt.datetime) -> None:
    await store(database, letter("text", "101", now))
    first = await claim(database, now)
    assert not first.is_repeated
    assert isinstance(await ask(database, now + LEASE - INSTANT), Wait)
    second = await claim(database, now + LEASE)
    assert (second.id, second.is_repeated, second.attempts) == (first.id, True, 2)


async def test_whoever_lost_the_hold_changes_nothing_any_more(database: Database, now: dt.datetime) -> None:
    await store(database, letter("text", "101", now))
    first = await claim(database, now)
    second = await claim(database, now + LEASE)
    assert not await settle(database, first, now, OutboxState.FAILED, reason="too late")
    assert await settle(database, second, now, sent_ids=("7",))
    assert not await settle(database, second, now, OutboxState.FAILED, reason="twice")
    row = (await stored(database))["text"]
    assert (row.state, row.sent_ids, row.reason, row.settled_at, row.lease_until) == (OutboxState.SENT, ("7",), "", now, None)


async def test_late_outcome_is_taken_as_long_as_nobody_took_over(database: Database, now: dt.datetime) -> None:
    await store(database, letter("text", "101", now))
    row = await claim(database, now)
    assert await settle(database, row, now + 2 * LEASE)
    assert await ask(database, now + 2 * LEASE) == Wait(None)


async def test_message_that_is_to_be_retried_is_not_settled(database: Database, now: dt.datetime) -> None:
    await store(database, letter("text", "101", now))
    await settle(database, await claim(database, now), now, OutboxState.PENDING, reason="connection refused")
    row = (await stored(database))["text"]
    assert (row.settled_at, row.lease_until, row.is_repeated) == (None, None, False)


# ---------------------------------------------------------------- pace


async def test_bot_keeps_its_interval(database: Database, now: dt.datetime) -> None:
    slowly = pace(between=5)
    await store(database, *(letter(f"{number}", f"{number}", now) for number in range(3)))
    for number in range(3):
        answer = await ask(database, now + number * 5 * SECOND, slowly)
        assert isinstance(answer, Claim) and answer.send_at == now + number * 5 * SECOND
        assert await is_held(database, now + (number + 1) * 5 * SECOND, slowly)


async def test_interval_counts_from_when_a_late_message_was_sent(database: Database, now: dt.datetime) -> None:
    slowly, late = pace(between=5), now + 3600 * SECOND
    await store(database, *(letter(f"{number}", f"{number}", now) for number in range(3)))
    await claim(database, now, slowly)
    await claim(database, late, slowly)
    assert await is_held(database, late + 5 * SECOND, slowly)


async def test_hold_counts_from_when_a_message_given_out_early_is_to_be_sent(database: Database, now: dt.datetime) -> None:
    slowly = pace(between=2)
    await store(database, letter("first", "101", now), letter("second", "102", now))
    await claim(database, now, slowly)
    early = await ask(database, now + 2 * SECOND - INSTANT, slowly)
    assert isinstance(early, Claim) and (early.send_at, early.row.lease_until) == (now + 2 * SECOND, now + 2 * SECOND + LEASE)


async def test_chat_keeps_its_interval_while_others_go_on(database: Database, now: dt.datetime) -> None:
    slowly = pace(in_chat=1)
    await store(database, letter("first", "101", now), letter("second", "101", now), letter("other chat", "102", now))
    await settle(database, await claim(database, now, slowly), now)
    await settle(database, await claim(database, now, slowly), now)
    assert isinstance(await ask(database, now + SECOND - INSTANT, slowly), Wait)
    assert (await claim(database, now + SECOND, slowly)).message.text == "second"


async def test_group_gets_its_limit_in_any_window_and_no_more(database: Database, now: dt.datetime) -> None:
    limited = pace(group_limit=3)
    await store(database, *(letter(f"{number}", "-500", now, is_group=True) for number in range(6)))
    sent_at = [0, 10, 20, 60, 70, 80]
    for number, second in enumerate(sent_at):
        if second >= 60:
            assert isinstance(await ask(database, now + second * SECOND - INSTANT, limited), Wait)
        row = await claim(database, now + second * SECOND, limited)
        assert row.message.text == f"{number}"
        await settle(database, row, now + second * SECOND)


async def test_full_group_holds_up_no_other_group_and_no_person(database: Database, now: dt.datetime) -> None:
    limited = pace(group_limit=1)
    await store(database, *(letter(f"{chat}", chat, now, is_group=True) for chat in ("-500", "-500", "-501")))
    await store(database, *(letter(f"{number}", "101", now) for number in range(3)))
    given_out = []
    while isinstance(answer := await ask(database, now, limited), Claim):
        given_out.append(answer.row.message.text)
        await settle(database, answer.row, now)
    assert given_out == ["-500", "-501", "0", "1", "2"]


async def test_each_part_of_a_message_counts_in_its_groups_window(database: Database, now: dt.datetime) -> None:
    limited = pace(group_limit=2)
    await store(database, letter("three parts", "-500", now, is_group=True))
    for number in range(2):
        row = await claim(database, now + number * SECOND, limited)
        await settle(database, row, now, OutboxState.PENDING, priority=Priority.BEGUN, sent_ids=(*row.sent_ids, f"{number}"))
    assert isinstance(await ask(database, now + 2 * SECOND, limited), Wait)


async def test_pause_holds_everything_of_its_bot_and_nothing_of_another(database: Database, now: dt.datetime) -> None:
    until = now + 7 * SECOND
    await store(database, letter("answer", "101", now), letter("nudge", "102", now, Priority.NUDGE))
    await store(database, letter("other bot", "101", now, bot_id="9"), letter("other channel", "101", now, channel="zalo"))
    async with database.write() as session:
        await pause_sending(session, CHANNEL, BOT, until=until, now=now)
    assert await is_held(database, until)
    assert (await claim(database, now, bot_id="9")).message.text == "other bot"
    assert (await claim(database, now, channel="zalo")).message.text == "other channel"
    assert await send_all(database, until) == ["answer", "nudge"]


async def test_shorter_pause_does_not_end_a_longer_one(database: Database, now: dt.datetime) -> None:
    await store(database, letter("text", "101", now))
    for seconds in (30, 5):
        async with database.write() as session:
            await pause_sending(session, CHANNEL, BOT, until=now + seconds * SECOND, now=now)
    assert await is_held(database, now + 30 * SECOND)
    assert await send_all(database, now + 30 * SECOND) == ["text"]


async def test_pause_first_asked_for_by_two_senders_at_once_is_one(both: tuple[Database, Database], now: dt.datetime) -> None:
    async def pause(database: Database, seconds: int) -> None:
        async with database.write() as session:
            await pause_sending(session, CHANNEL, BOT, until=now + seconds * SECOND, now=now)

    await store(both[0], letter("text", "101", now))
    await asyncio.gather(pause(both[0], 9), pause(both[1], 4))
    assert await is_held(both[0], now + 9 * SECOND)


# ---------------------------------------------------------------- chats that move or end


async def test_chat_that_moved_takes_along_what_waits_for_it(database: Database, now: dt.datetime) -> None:
    await store(database, letter("sent", "-500", now))
    assert await send_all(database, now) == ["sent"]
    await store(database, letter("waits", "-500", now), letter("other bot", "-500", now, bot_id="9"), letter("other chat", "-501", now))
    async with database.write() as session:
        await move_chat(session, CHANNEL, BOT, old="-500", new="-100500")
    recipients = {text: row.recipient for text, row in (await stored(database)).items()}
    assert recipients == {"sent": "-500", "waits": "-100500", "other bot": "-500", "other chat": "-501"}


async def test_retry_that_moved_to_a_chat_with_a_lapsed_hold_goes_on(database: Database, now: dt.datetime) -> None:
    await store(database, letter("first", "-500", now), letter("second", "-100500", now, Priority.NUDGE))
    first, abandoned = await claim(database, now), await claim(database, now)
    await settle(database, first, now, OutboxState.PENDING, recipient="-100500", reason="moved")
    lapsed_at = now + LEASE
    given_out = set()
    while isinstance(answer := await ask(database, lapsed_at), Claim):
        given_out.add(answer.row.id)
        await settle(database, answer.row, lapsed_at)
    assert given_out == {first.id, abandoned.id}


async def test_chat_that_is_gone_fails_what_waits_for_it_and_nothing_else(database: Database, now: dt.datetime) -> None:
    await store(
        database, letter("in flight", "101", now), letter("waits", "101", now), letter("for later", "101", now, not_before=now + LEASE)
    )
    await store(database, letter("other chat", "102", now), letter("other bot", "101", now, bot_id="9"))
    await claim(database, now)
    async with database.write() as session:
        assert await fail_waiting(session, CHANNEL, BOT, "101", reason="blocked", now=now) == 2
    rows = await stored(database)
    failed = {text for text, row in rows.items() if (row.state, row.reason, row.settled_at) == (OutboxState.FAILED, "blocked", now)}
    assert failed == {"waits", "for later"}
    assert rows["in flight"].state is OutboxState.SENDING


# ---------------------------------------------------------------- looking up and forgetting


async def test_topic_lists_what_was_or_will_be_sent_without_edits(database: Database, now: dt.datetime) -> None:
    states = [OutboxState.SENT, OutboxState.PENDING, OutboxState.SENDING, OutboxState.FAILED, OutboxState.UNCERTAIN]
    await store(database, *(letter(state.value, f"{number}", now, state=state, topic="duty:1") for number, state in enumerate(states)))
    sent = (await stored(database))["sent"]
    await store(database, letter("edit", "0", now, topic="duty:1", edits=sent.id), letter("other", "0", now, topic="duty:12"))
    async with database.write() as session:
        assert [row.message.text for row in await list_by_topic(session, "duty:1")] == ["sent", "pending", "sending"]


async def test_message_is_found_by_the_platforms_id_of_any_of_its_parts(database: Database, now: dt.datetime) -> None:
    sent: dict[str, Any] = {"state": OutboxState.SENT}
    await store(
        database, letter("two parts", "101", now, sent_ids=("7", "8"), **sent), letter("other chat", "102", now, sent_ids=("7",), **sent)
    )
    original = (await stored(database))["two parts"]
    await store(database, letter("edit", "101", now, edits=original.id, sent_ids=("8",), **sent))
    await store(database, letter("begun", "101", now, sent_ids=("9",)))
    async with database.read() as session:
        for sent_id in ("7", "8"):
            found = await find_sent(session, CHANNEL, BOT, "101", sent_id)
            assert found is not None and found.id == original.id
        assert await find_sent(session, CHANNEL, BOT, "101", "9") is None
        assert await find_sent(session, CHANNEL, BOT, "103", "7") is None
        assert await find_sent(session, CHANNEL, "9", "101", "7") is None


async def test_only_what_was_settled_before_then_is_forgotten(database: Database, now: dt.datetime) -> None:
    year_ago, before = now - dt.timedelta(days=366), now - dt.timedelta(days=365)
    old: dict[str, Any] = {"state": OutboxState.SENT, "settled_at": year_ago}
    await store(
        database, letter("old", "101", year_ago, **old), letter("old and failed", "101", year_ago, **old | {"state": OutboxState.FAILED})
    )
    await store(
        database, letter("waits", "102", year_ago), letter("in flight", "103", year_ago, state=OutboxState.SENDING, lease_until=now)
    )
    await store(database, letter("just then", "104", year_ago, state=OutboxState.SENT, settled_at=before))
    async with database.write() as session:
        assert await forget_messages(session, before=before) == 2
    assert list(await stored(database)) == ["waits", "in flight", "just then"]


async def test_message_is_kept_until_its_edit_is_settled(database: Database, now: dt.datetime) -> None:
    await store(database, letter("old", "101", now, state=OutboxState.SENT, settled_at=now))
    original = (await stored(database))["old"]
    await store(database, letter("edit", "101", now, edits=original.id))
    async with database.write() as session:
        assert await forget_messages(session, before=now + SECOND) == 0
    assert await send_all(database, now) == ["edit"]
    async with database.write() as session:
        await forget_messages(session, before=now + SECOND)
    assert await stored(database) == {}
