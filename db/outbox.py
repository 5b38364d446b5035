"""Every message out, until it is settled; and how fast each bot may send them.

A row is claimed with a lease, sent, and settled at once. What may be claimed next is decided here, in one transaction,
so that several senders keep one pace and one order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from db.files import StoredFile
from db.messages import Message
from db.schema import Json, Row, insert_missing, table_of, text_enum

# So early a message may be claimed before it is its turn: then the claim itself holds nobody up.
AHEAD = timedelta(milliseconds=100)
_EMPTY = Message(paragraphs=())
_LOOK_AGAIN = timedelta(milliseconds=80)


class OutboxState(StrEnum):
    """PENDING waits, SENDING is in flight, SENT arrived, FAILED never will, UNCERTAIN was sent several times and
    never answered for, DROPPED did not matter any more when its turn came."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


class Priority(IntEnum):
    """Who goes first. BEGUN: the rest of a message whose beginning the reader has already."""

    BEGUN = -1
    ANSWER = 0
    NUDGE = 1
    BROADCAST = 2


class OutboxRow(Row, table=True):
    """One message to one chat, or (`edits`) the new form of one that was sent.

    `topic` names what its buttons are about, wherever it was sent. `sent_ids`: the platform's ids of the parts that
    arrived. `claims` names a sender's hold on the row; `attempts` counts what may have reached the platform;
    `is_repeated` marks that a copy may have arrived before; `is_plain` gave up its markup; the words of an
    `is_secret` one are forgotten when it is settled. `called_at`: when the platform
    was last called for it, after an answer the time of that, since nobody knows when in between the platform counted it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_queue", "channel", "bot_id", "state", "priority", "id"),
        Index("ix_outbox_recipient", "channel", "bot_id", "recipient", "called_at"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    channel: str
    bot_id: str
    recipient: str
    is_group: bool = False
    reply_to: str | None = None
    priority: int = Field(sa_type=Integer)
    message: Message = Field(sa_type=Json(Message))
    topic: str | None = Field(default=None, index=True)
    edits: int | None = Field(default=None, foreign_key="outbox.id", ondelete="CASCADE", index=True)
    created_at: datetime
    not_before: datetime
    state: OutboxState = Field(default=OutboxState.PENDING, sa_type=text_enum(OutboxState))
    claims: int = 0
    attempts: int = 0
    called_at: datetime | None = None
    lease_until: datetime | None = None
    settled_at: datetime | None = Field(default=None, index=True)
    sent_ids: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    is_repeated: bool = False
    is_plain: bool = False
    is_secret: bool = False
    reason: str = ""


class MessageFile(Row, table=True):
    """A stored file that a message carries: it is kept as long as the message is."""

    __tablename__ = "message_file"

    message_id: int = Field(primary_key=True, foreign_key="outbox.id", ondelete="CASCADE")
    sha256: str = Field(primary_key=True, sa_column_args=[ForeignKey(table_of(StoredFile).c.sha256)], index=True)


class Gate(Row, table=True):
    """What holds back a whole bot: its pace, and the pause that the platform asked for."""

    __table_args__ = (UniqueConstraint("channel", "bot_id"),)

    id: int = Field(default=None, primary_key=True)
    channel: str
    bot_id: str
    next_at: datetime
    paused_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a bot may send: between two messages, between two to one chat, and how many a minute to one group."""

    between: timedelta
    between_in_chat: timedelta
    group_limit: int
    group_window: timedelta


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours until the lease runs out, to be sent at `send_at` and not before."""

    row: OutboxRow
    send_at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to send before then, as far as one can tell; None while nothing waits at all."""

    until: datetime | None


async def add_messages(session: AsyncSession, rows: Sequence[OutboxRow]) -> None:
    """Store messages to be sent, in this order; they have their ids afterwards. What they carry must be stored before."""
    session.add_all(rows)
    await session.flush()
    if carried := [
        MessageFile(message_id=row.id, sha256=sha256) for row in rows for sha256 in {one.sha256 for one in row.message.attachments}
    ]:
        session.add_all(carried)
        await session.flush()


async def extend_message(session: AsyncSession, row: OutboxRow, message: Message, *, not_before: datetime) -> None:
    """Give a message that nobody has begun to send other words and more files, and let it wait until then."""
    row.message, row.not_before = message, not_before
    for sha256 in {one.sha256 for one in message.attachments}:
        await session.merge(MessageFile(message_id=row.id, sha256=sha256))
    await session.flush()


async def next_due(session: AsyncSession, channel: str, bot_id: str) -> datetime | None:
    """When the first message that is not settled may go out, as far as its row tells; None when there is none."""
    waits_for = func.coalesce(col(OutboxRow.lease_until), col(OutboxRow.not_before))
    unsettled = col(OutboxRow.state).in_((OutboxState.PENDING, OutboxState.SENDING))
    query = select(func.min(waits_for)).where(col(OutboxRow.channel) == channel, col(OutboxRow.bot_id) == bot_id, unsettled)
    due: datetime | None = (await session.execute(query)).scalar_one_or_none()
    return due


async def has_answers(session: AsyncSession, channel: str, bot_id: str, *, until: datetime) -> bool:
    """Whether an answer is in flight, or may go out before then."""
    soon = and_(col(OutboxRow.state) == OutboxState.PENDING, col(OutboxRow.not_before) <= until)
    query = select(col(OutboxRow.id)).where(col(OutboxRow.channel) == channel, col(OutboxRow.bot_id) == bot_id)
    query = query.where(col(OutboxRow.priority) <= Priority.ANSWER, or_(col(OutboxRow.state) == OutboxState.SENDING, soon))
    return (await session.execute(query.limit(1))).first() is not None


async def claim_message(
    session: AsyncSession, channel: str, bot_id: str, *, now: datetime, lease: Callable[[Message], timedelta], pace: Pace
) -> Claim | Wait:
    """Take the message whose turn it is, or tell when to ask again.

    First by priority, then as they came; one in flight a chat, and what a chat waits for because of an error is not
    overtaken by what came after it. A row whose sender died is taken over, marked as one that may have arrived.
    """
    gate = await _lock_gate(session, channel, bot_id, now)
    # Further ahead than a claim ever goes: the clock was set back, and must not hold everything up until it has caught up.
    next_at = gate.next_at if gate.next_at <= now + AHEAD + 2 * pace.between else now
    opens_at = max(next_at, gate.paused_until)
    if opens_at > now + AHEAD:
        return Wait(opens_at - AHEAD)
    send_at = max(opens_at, now)
    given = {
        "of_channel": channel,
        "of_bot": bot_id,
        "now": now,
        "send_at": send_at,
        "lease_until": send_at + lease(_EMPTY),
        "chat_until": now + pace.between_in_chat + AHEAD,
        "chat_since": now - pace.between_in_chat,
        "group_since": now - pace.group_window,
        "group_limit": pace.group_limit,
    }
    row = (await session.execute(_claim_statement(), given)).scalar_one_or_none()
    if row is None:
        due = await next_due(session, channel, bot_id)
        # What is due and was not given out is held back by its chat, and no row tells for how long.
        return Wait(max(due, now + _LOOK_AGAIN) if due else None)
    gate.next_at = send_at + pace.between
    if row.message.attachments:
        row.lease_until = send_at + lease(row.message)
    await session.flush()
    return Claim(row, send_at)


async def settle_message(session: AsyncSession, row: OutboxRow, *, now: datetime, **changes: Any) -> bool:
    """Store what became of a claimed message; false when the hold on it was lost, and nothing is changed.

    A row whose state becomes final gets its `settled_at`.
    """
    if changes.get("state") not in (None, OutboxState.PENDING):
        changes["settled_at"] = now
        changes["message"] = _unless_secret()
    held = update(OutboxRow).where(
        col(OutboxRow.id) == row.id, col(OutboxRow.claims) == row.claims, col(OutboxRow.state) == OutboxState.SENDING
    )
    settled = await session.execute(held.values(lease_until=None, called_at=now, **changes).returning(col(OutboxRow.id)))
    return settled.scalar_one_or_none() is not None


async def give_words(session: AsyncSession, row: OutboxRow) -> None:
    """Store the words that a claimed message has got meanwhile, while it is still ours."""
    held = update(OutboxRow).where(col(OutboxRow.id) == row.id, col(OutboxRow.claims) == row.claims)
    await session.execute(held.values(message=row.message))


async def pause_sending(session: AsyncSession, channel: str, bot_id: str, *, until: datetime, now: datetime) -> None:
    """Send nothing more by this bot before then; a longer pause stays."""
    gate = await _lock_gate(session, channel, bot_id, now)
    gate.paused_until = max(gate.paused_until, until)
    await session.flush()


async def free_messages(session: AsyncSession, channel: str, bot_id: str) -> None:
    """Let go of everything in flight: whoever held it is known to be dead, and the channel knows a message that comes twice."""
    held = update(OutboxRow).where(col(OutboxRow.channel) == channel, col(OutboxRow.bot_id) == bot_id)
    await session.execute(held.where(col(OutboxRow.state) == OutboxState.SENDING).values(state=OutboxState.PENDING, lease_until=None))


async def move_chat(session: AsyncSession, channel: str, bot_id: str, *, old: str, new: str) -> None:
    """A chat has another id now: everything that waits for it goes there."""
    waiting = update(OutboxRow).where(*_to_chat(channel, bot_id, old), col(OutboxRow.state) == OutboxState.PENDING)
    await session.execute(waiting.values(recipient=new))


async def fail_waiting(session: AsyncSession, channel: str, bot_id: str, recipient: str, *, reason: str, now: datetime) -> int:
    """Nothing reaches this chat any more: settle what waits for it; returns how many."""
    waiting = update(OutboxRow).where(*_to_chat(channel, bot_id, recipient), col(OutboxRow.state) == OutboxState.PENDING)
    failed = waiting.values(state=OutboxState.FAILED, reason=reason, settled_at=now, message=_unless_secret()).returning(col(OutboxRow.id))
    return len((await session.execute(failed)).scalars().all())


async def list_by_topic(session: AsyncSession, topic: str) -> list[OutboxRow]:
    """The messages of a topic that were sent or will be, edits left out."""
    alive = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.SENT)
    query = select(OutboxRow).where(col(OutboxRow.topic) == topic, col(OutboxRow.edits).is_(None), col(OutboxRow.state).in_(alive))
    # Locked, so that no sender takes one between being looked at and being changed.
    return list((await session.execute(query.order_by(col(OutboxRow.id)).with_for_update())).scalars())


async def find_sent(session: AsyncSession, channel: str, bot_id: str, recipient: str, sent_id: str) -> OutboxRow | None:
    """The message behind a platform's id in a chat: the latest few are looked through."""
    query = select(OutboxRow).where(*_to_chat(channel, bot_id, recipient), col(OutboxRow.edits).is_(None))
    query = query.where(col(OutboxRow.state) == OutboxState.SENT).order_by(col(OutboxRow.id).desc()).limit(200)
    return next((row for row in (await session.execute(query)).scalars() if sent_id in row.sent_ids), None)


async def get_sent(session: AsyncSession, channel: str, bot_id: str, recipient: str, row_id: int) -> OutboxRow | None:
    """A message that arrived in this chat, by its row."""
    row = await session.get(OutboxRow, row_id)
    if row is None or (row.channel, row.bot_id, row.recipient) != (channel, bot_id, recipient):
        return None
    return row if row.state is OutboxState.SENT and row.edits is None else None


async def list_latest(session: AsyncSession, channel: str, bot_id: str, recipient: str) -> list[OutboxRow]:
    """The last few messages to a chat, in whatever state, edits left out."""
    query = select(OutboxRow).where(*_to_chat(channel, bot_id, recipient), col(OutboxRow.edits).is_(None))
    return list((await session.execute(query.order_by(col(OutboxRow.id).desc()).limit(20))).scalars())


async def count_by_state(session: AsyncSession, *, since: datetime) -> tuple[int, int]:
    """How many messages wait, and how many of those stored since then never arrived."""
    waiting = func.count().filter(col(OutboxRow.state).in_((OutboxState.PENDING, OutboxState.SENDING)))
    lost = col(OutboxRow.state).in_((OutboxState.FAILED, OutboxState.UNCERTAIN)) & (col(OutboxRow.created_at) >= since)
    waits, failed = (await session.execute(select(waiting, func.count().filter(lost)).select_from(OutboxRow))).one()
    return waits, failed


async def forget_messages(session: AsyncSession, *, before: datetime) -> int:
    """Delete the messages that were settled before then; returns how many."""
    edit = aliased(OutboxRow)
    is_being_edited = exists().where(col(edit.edits) == col(OutboxRow.id), col(edit.settled_at).is_(None))
    query = delete(OutboxRow).where(col(OutboxRow.settled_at) < before, ~is_being_edited)
    return len((await session.execute(query.returning(col(OutboxRow.id)))).scalars().all())


def _unless_secret() -> Any:
    """A settled row's words, but for a code or of somebody who was removed: as the row is by now, not as it was claimed."""
    nothing = literal(_EMPTY, table_of(OutboxRow).c.message.type)
    return case((col(OutboxRow.is_secret), nothing), else_=col(OutboxRow.message))


def _to_chat(channel: str, bot_id: str, recipient: str) -> tuple[ColumnElement[bool], ...]:
    return (col(OutboxRow.channel) == channel, col(OutboxRow.bot_id) == bot_id, col(OutboxRow.recipient) == recipient)


async def _lock_gate(session: AsyncSession, channel: str, bot_id: str, now: datetime) -> Gate:
    """The bot's gate, locked until the end of the transaction (SQLite's writers are alone anyway)."""
    query = select(Gate).where(col(Gate.channel) == channel, col(Gate.bot_id) == bot_id).with_for_update()
    gate = (await session.execute(query)).scalar_one_or_none()
    if gate is None:
        long_ago = now - timedelta(days=1)
        new = Gate(channel=channel, bot_id=bot_id, next_at=long_ago, paused_until=long_ago)
        await insert_missing(session, [new], key="bot_id", within=("channel",))
        gate = (await session.execute(query)).scalar_one()
    return gate


@cache
def _claim_statement() -> Any:
    """One statement that chooses and takes a row; built once, since building it takes longer than running it."""
    now: Any = bindparam("now")
    other = aliased(OutboxRow)
    of_bot = and_(col(OutboxRow.channel) == bindparam("of_channel"), col(OutboxRow.bot_id) == bindparam("of_bot"))
    same_chat = and_(
        col(other.channel) == col(OutboxRow.channel),
        col(other.bot_id) == col(OutboxRow.bot_id),
        col(other.recipient) == col(OutboxRow.recipient),
    )
    in_flight = and_(col(other.state) == OutboxState.SENDING, col(other.id) != col(OutboxRow.id))
    is_before = tuple_(col(other.priority), col(other.id)) < tuple_(col(OutboxRow.priority), col(OutboxRow.id))
    # A row whose sender died goes on in any case: it has been begun.
    is_waiting = col(OutboxRow.state) == OutboxState.PENDING
    stuck_before = and_(is_waiting, col(other.state) == OutboxState.PENDING, col(other.claims) > 0, is_before)
    lately = col(other.called_at) <= bindparam("chat_until")
    too_soon = and_(col(other.called_at) > bindparam("chat_since"), lately, col(other.id) != col(OutboxRow.id))
    calls = select(func.coalesce(func.sum(col(other.claims)), 0)).where(same_chat, lately, col(other.called_at) > bindparam("group_since"))
    is_free = and_(
        of_bot,
        ~exists().where(same_chat, or_(in_flight, stuck_before, too_soon)),
        or_(~col(OutboxRow.is_group), calls.scalar_subquery() < bindparam("group_limit")),
    )
    lapsed = and_(col(OutboxRow.state) == OutboxState.SENDING, col(OutboxRow.lease_until) <= now)
    waiting = and_(col(OutboxRow.state) == OutboxState.PENDING, col(OutboxRow.not_before) <= now)

    def first(*conditions: ColumnElement[bool]) -> Any:
        # In the order of the index, so that the first that is free ends the search.
        chosen = select(col(OutboxRow.id)).where(is_free, *conditions).order_by(col(OutboxRow.priority), col(OutboxRow.id)).limit(1)
        return chosen.with_for_update(skip_locked=True).scalar_subquery()

    taken = {
        "state": OutboxState.SENDING,
        "is_repeated": or_(col(OutboxRow.is_repeated), col(OutboxRow.state) == OutboxState.SENDING),
        "claims": col(OutboxRow.claims) + 1,
        "attempts": col(OutboxRow.attempts) + 1,
        "called_at": bindparam("send_at"),
        "lease_until": bindparam("lease_until"),
    }
    return update(OutboxRow).where(col(OutboxRow.id) == func.coalesce(first(lapsed), first(waiting))).values(taken).returning(OutboxRow)
