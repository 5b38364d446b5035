"""Sends what the outbox holds: claims a row, hands it to its channel, settles it at once by what came of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database, UnreachableDatabaseError
from db.messages import Message
from db.outbox import (
    AHEAD,
    Claim,
    OutboxRow,
    OutboxState,
    Pace,
    Priority,
    Wait,
    claim_message,
    give_words,
    has_answers,
    move_chat,
    next_due,
    pause_sending,
    settle_message,
)
from scheduler.channel import (
    BadMarkup,
    Channel,
    Gone,
    Letter,
    LockedOut,
    Moved,
    NotSent,
    Outcome,
    Refused,
    Sent,
    Throttled,
    Uncertain,
)
from scheduler.course import Rules
from scheduler.nudging import contact_of, note_outcome, revise
from scheduler.reach import lose_chat

_LOG = logging.getLogger(__name__)
NOTHING_TO_EDIT = "the message to change was never sent"

# How long one call may take before nobody knows what became of it, and how much longer a row is held: whoever finds it
# held for longer knows that its sender died.
_CALL, _CALL_WITH_FILES, _GRACE = dt.timedelta(seconds=6), dt.timedelta(seconds=120), dt.timedelta(seconds=2)
_IDLE = 0.5  # seconds; another process may have stored a message
_SOON = 0.03  # seconds between two looks at what is still to go out
_LONGEST_BACKOFF = dt.timedelta(minutes=5)
_GIVE_UP_AFTER, _TRIES = dt.timedelta(days=3), 10
_FAREWELL = dt.timedelta(seconds=3)
_AGAIN = dt.timedelta(seconds=1)
# Silence after sending means one copy more, a cut connection, which mostly means that nothing arrived, three. While nobody
# at all is answered the platform is down: then a few more, far apart.
_COPIES, _CUT_COPIES, _OUTAGE_COPIES, _OUTAGE = 2, 4, 4, dt.timedelta(seconds=30)
# Failures in a row after which it is the platform that is down, not one message that is odd.
_DOWN_AFTER, _LONGEST_PAUSE = 5, dt.timedelta(seconds=30)
# A platform counts a message when it arrives, which jitters: so much slower than its limit is never too fast for it.
_MARGIN = 1.02
_CATCH_UP = dt.timedelta(milliseconds=4)


def pace_of(*, send_rate: float, chat_rate: float, group_rate: float) -> Pace:
    """The pace for so many messages a second by a bot, a second to a chat, and a minute to a group."""
    return Pace(
        between=dt.timedelta(seconds=_MARGIN / send_rate),
        between_in_chat=dt.timedelta(seconds=_MARGIN / chat_rate),
        group_limit=max(1, int(group_rate)),
        group_window=dt.timedelta(seconds=60 * _MARGIN * max(1.0, 1 / group_rate)),
    )


class Sender:
    """The sending half of the assistant. `now` reads the clock; `concurrency` calls are in flight at most a channel; by
    `rules` it is told whether it is time for a reminder."""

    def __init__(
        self,
        database: Database,
        channels: Sequence[Channel],
        *,
        pace: Pace,
        concurrency: int,
        now: Callable[[], dt.datetime],
        rules: Rules | None = None,
    ) -> None:
        self._database, self._channels, self._pace, self._concurrency, self._now = database, channels, pace, concurrency, now
        self._rules = rules or Rules()
        self._news = asyncio.Event()
        self._failures = {channel.name: 0 for channel in channels}
        self._answered_at = {channel.name: now() - _GIVE_UP_AFTER for channel in channels}
        self._departures = {channel.name: _Departures(pace.between, now) for channel in channels}

    def wake(self) -> None:
        """Look at the outbox now: something was stored."""
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what is in flight then is finished and settled."""
        async with asyncio.TaskGroup() as group:
            for channel in self._channels:
                group.create_task(self._serve(channel, stop))

    async def finish_answers(self) -> None:
        """Wait, for a moment, until what was said to people lately is out."""
        until = self._now() + _FAREWELL
        for channel in self._channels:
            while self._now() < until:
                async with self._database.read() as session:
                    if not await has_answers(session, channel.name, channel.bot_id, until=until):
                        break
                await asyncio.sleep(_SOON)

    async def _serve(self, channel: Channel, stop: asyncio.Event) -> None:
        free = asyncio.Semaphore(self._concurrency)
        async with asyncio.TaskGroup() as in_flight:
            is_flowing = False  # whether the last look found something to send
            while not stop.is_set():
                await free.acquire()
                if stop.is_set():
                    break
                self._news.clear()
                claim = await self._claim(channel, is_flowing=is_flowing)
                is_flowing = isinstance(claim, Claim)
                if isinstance(claim, Wait):
                    free.release()
                    await self._pause(claim, stop)
                    continue
                task = in_flight.create_task(self._deliver(channel, claim))
                task.add_done_callback(lambda _: free.release())
                # What was settled may have opened the way for the next in its chat.
                task.add_done_callback(lambda _: self.wake())
                # The bot's next turn is known: no need to ask before it is near.
                await self._pause_until(claim.send_at + self._pace.between - AHEAD, stop)

    async def _claim(self, channel: Channel, *, is_flowing: bool) -> Claim | Wait:
        now = self._now()
        try:
            if not is_flowing:
                # Looking costs little; only when something is due the database is locked for the claim.
                async with self._database.read() as session:
                    due = await next_due(session, channel.name, channel.bot_id)
                if due is None or due > now:
                    return Wait(due)
            async with self._database.write() as session:
                return await claim_message(session, channel.name, channel.bot_id, now=self._now(), lease=_lease, pace=self._pace)
        except UnreachableDatabaseError as error:
            _LOG.error("outbox of %s: the database does not answer: %s", channel.name, error.reason)
            return Wait(now + _AGAIN)

    async def _pause_until(self, at: dt.datetime, stop: asyncio.Event) -> None:
        left = (at - self._now()).total_seconds()
        if left > 0:
            stopping = asyncio.ensure_future(stop.wait())
            await asyncio.wait({stopping}, timeout=left)
            stopping.cancel()

    async def _pause(self, wait: Wait, stop: asyncio.Event) -> None:
        """Until the next message is due, something is stored, or it is time to stop."""
        left = _IDLE if wait.until is None else (wait.until - self._now()).total_seconds()
        if left <= 0:
            return
        waiters = [asyncio.ensure_future(event.wait()) for event in (self._news, stop)]
        try:
            await asyncio.wait(waiters, timeout=min(_IDLE, left), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()

    async def _deliver(self, channel: Channel, claim: Claim) -> None:
        row = claim.row
        await self._departures[channel.name].wait(claim.send_at)
        try:
            if contact_of(row) is not None and not row.sent_ids and not await self._is_wanted(row):
                return
            outcome = await self._send(channel, row)
            async with self._database.write() as session:
                await self._settle(session, channel, row, outcome)
        except Exception:
            # One row's trouble is not the others': its lease runs out, and it is taken up again.
            _LOG.exception("outbox row %s of %s was not settled", row.id, channel.name)

    async def _is_wanted(self, row: OutboxRow) -> bool:
        """Ask once more whether a reminder still matters, and give it today's words; else it is settled, or waits."""
        now = self._now()
        async with self._database.write() as session:
            match await revise(session, row, self._rules, now=now):
                case None:
                    await settle_message(session, row, now=now, state=OutboxState.DROPPED, reason="not wanted any more")
                case dt.datetime() as later:
                    await settle_message(session, row, now=now, **_again(later, "outside working time"))
                case message:
                    row.message = message
                    await give_words(session, row)
                    return True
        return False

    async def _send(self, channel: Channel, row: OutboxRow) -> Outcome:
        edits = None
        if row.edits is not None:
            async with self._database.read() as session:
                original = await session.get(OutboxRow, row.edits)
            if original is None or original.state is not OutboxState.SENT:
                return Refused(NOTHING_TO_EDIT)
            edits = original.sent_ids
        letter = Letter(row.recipient, row.message, len(row.sent_ids), row.reply_to, edits, row.is_plain, row.id, row.is_secret)
        try:
            async with asyncio.timeout(_call_time(row.message).total_seconds()):
                return await channel.send(letter)
        except TimeoutError:
            return Uncertain("no answer in time")
        except Exception as error:
            _LOG.exception("outbox row %s: %s failed in a way it does not know", row.id, channel.name)
            return Uncertain(type(error).__name__)

    async def _settle(self, session: AsyncSession, channel: Channel, row: OutboxRow, outcome: Outcome) -> None:
        now = self._now()
        down_for = self._note(channel, outcome)
        if down_for:
            await pause_sending(session, channel.name, channel.bot_id, until=now + down_for, now=now)
        changes: dict[str, Any]
        match outcome:
            case Sent(message_id, is_last):
                changes = {"sent_ids": (*row.sent_ids, message_id), "reason": ""}
                if is_last:
                    changes |= {"state": OutboxState.SENT}
                else:
                    again_at = now + self._pace.between_in_chat
                    changes |= {"state": OutboxState.PENDING, "priority": Priority.BEGUN, "not_before": again_at}
                    changes |= {"attempts": 0, "is_repeated": False}
            case Throttled(retry_after):
                await pause_sending(session, channel.name, channel.bot_id, until=now + retry_after, now=now)
                changes = _again(now + retry_after, "throttled") | {"attempts": row.attempts - 1}
                _LOG.warning("%s asks to wait %.0f s", channel.name, retry_after.total_seconds())
            case NotSent(reason):
                # Days of being switched off are no tries.
                tired = now - row.created_at > _GIVE_UP_AFTER and row.attempts > _TRIES
                changes = _never(OutboxState.FAILED, reason) if tired else _again(now + _backoff(row.attempts), reason)
            case Uncertain(reason, is_cut):
                over = row.attempts - (_CUT_COPIES if is_cut else _COPIES)
                # Others were answered meanwhile: it is this message, and it most likely arrived.
                is_odd = row.called_at is not None and self._answered_at[channel.name] > row.called_at
                if row.is_repeated and over >= 0 and (is_odd or over >= _OUTAGE_COPIES):
                    changes = _never(OutboxState.UNCERTAIN, reason)
                else:
                    wait = _OUTAGE * (over + 1) if row.is_repeated and over >= 0 else _backoff(row.attempts)
                    changes = _again(now + wait, reason) | {"is_repeated": True}
            case Gone(reason):
                changes = _never(OutboxState.FAILED, reason)
                await lose_chat(session, channel.name, channel.bot_id, row.recipient, reason=reason, now=now)
            case Moved(recipient):
                await move_chat(session, channel.name, channel.bot_id, old=row.recipient, new=recipient)
                changes = _again(now, "moved") | {"recipient": recipient}
            case BadMarkup(reason):
                changes = _never(OutboxState.FAILED, reason) if row.is_plain else _again(now, reason) | {"is_plain": True}
            case Refused(reason):
                changes = _never(OutboxState.FAILED, reason)
            case LockedOut(reason):
                await pause_sending(session, channel.name, channel.bot_id, until=now + _LONGEST_PAUSE, now=now)
                changes = _again(now + _LONGEST_PAUSE, reason) | {"attempts": row.attempts - 1}
                _LOG.error("%s does not know the bot: %s", channel.name, reason)
        if changes["state"] in (OutboxState.FAILED, OutboxState.UNCERTAIN):
            _LOG.warning("outbox row %s to %s: %s: %s", row.id, channel.name, changes["state"].value, changes["reason"])
        if not await settle_message(session, row, now=now, **changes):
            _LOG.warning("outbox row %s of %s was taken over before it was settled", row.id, channel.name)
            return
        await note_outcome(session, row, changes["state"], changes["reason"], now=now)

    def _note(self, channel: Channel, outcome: Outcome) -> dt.timedelta | None:
        """Count failures in a row; how long to leave a platform alone that fails again and again."""
        if not isinstance(outcome, NotSent | Uncertain):
            self._failures[channel.name] = 0
            self._answered_at[channel.name] = self._now()
            return None
        self._failures[channel.name] += 1
        over = self._failures[channel.name] - _DOWN_AFTER
        return None if over < 0 else min(_LONGEST_PAUSE, dt.timedelta(seconds=2 ** min(over, 10)))


class _Departures:
    """Spaces the calls of one process as they really leave: a busy moment must not end in a bunch of them."""

    def __init__(self, between: dt.timedelta, now: Callable[[], dt.datetime]) -> None:
        self._between, self._now, self._last = between, now, now() - between
        self._turn = asyncio.Lock()

    async def wait(self, send_at: dt.datetime) -> None:
        async with self._turn:
            # Not longer than a turn from now: a clock that was set back must not stop everything.
            planned = min(max(send_at, self._last + self._between), max(send_at, self._now() + self._between))
            await asyncio.sleep(max(0.0, (planned - self._now()).total_seconds()))
            # A little lateness is caught up, so that the pace is kept on the whole.
            self._last = max(planned, self._now() - _CATCH_UP)


def _call_time(message: Message) -> dt.timedelta:
    return _CALL_WITH_FILES if message.attachments else _CALL


def _lease(message: Message) -> dt.timedelta:
    return _call_time(message) + _GRACE


def _backoff(attempts: int) -> dt.timedelta:
    return min(_LONGEST_BACKOFF, _AGAIN * (1 << min(attempts - 1, 20)))


def _again(at: dt.datetime, reason: str) -> dict[str, Any]:
    return {"state": OutboxState.PENDING, "not_before": at, "reason": reason}


def _never(state: OutboxState, reason: str) -> dict[str, Any]:
    return {"state": state, "reason": reason}
