"""Every message in, once: stored before the platform is told that it arrived, and worked from its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import Any

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Index, UniqueConstraint, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from db.schema import Json, Row, insert_missing, text_enum

_DEEPEST = 40  # levels of a payload; no platform comes near


class InboxState(StrEnum):
    """RECEIVED waits for a worker, WORKING is with one, DONE had its outcome, FAILED was given up after an error."""

    RECEIVED = "received"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class InboxRow(Row, table=True):
    """One event of a channel as it came. `chat` keeps the events of one chat in order, `sender` counts them a person.

    `claims` counts how often a worker took it: the number names a worker's hold on the row.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "bot_id", "external_id"),
        Index("ix_inbox_queue", "channel", "bot_id", "state", "id"),
        Index("ix_inbox_chat", "channel", "bot_id", "chat", "id"),
        Index("ix_inbox_sender", "channel", "bot_id", "sender", "received_at"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    channel: str
    bot_id: str
    external_id: str
    chat: str = ""
    sender: str = ""
    payload: dict[str, JsonValue] = Field(sa_type=Json(dict[str, JsonValue]))
    received_at: datetime
    state: InboxState = Field(default=InboxState.RECEIVED, sa_type=text_enum(InboxState))
    claims: int = 0
    lease_until: datetime | None = None
    settled_at: datetime | None = Field(default=None, index=True)
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An event before it is stored."""

    external_id: str
    chat: str
    sender: str
    payload: dict[str, Any]


async def store_events(session: AsyncSession, channel: str, bot_id: str, events: Sequence[Received], *, now: datetime) -> set[str]:
    """Store the events that are new; returns their external ids. One that came before changes nothing."""
    of_bot: dict[str, Any] = {"channel": channel, "bot_id": bot_id, "received_at": now}
    rows = [
        InboxRow(**of_bot, external_id=one.external_id, chat=one.chat, sender=one.sender, payload=_storable(one.payload)) for one in events
    ]
    return await insert_missing(session, rows, key="external_id", within=("channel", "bot_id"))


async def claim_events(session: AsyncSession, channel: str, bot_id: str, *, limit: int, now: datetime, lease: timedelta) -> list[InboxRow]:
    """Take the oldest event of each chat that nobody works on, up to `limit` of them; a worker that died loses its hold.

    Within a chat order is kept: the next one is given out only when the one before it is settled.
    """
    given = {"of_channel": channel, "of_bot": bot_id, "now": now, "lease_until": now + lease, "most": limit}
    claimed = (await session.execute(_claim_statement(), given)).scalars().all()
    return sorted(claimed, key=lambda row: row.id)


@cache
def _claim_statement() -> Any:
    """Chooses and takes rows at once; built once, since building it takes longer than running it."""
    earlier = aliased(InboxRow)
    same_chat = and_(
        col(earlier.channel) == col(InboxRow.channel), col(earlier.bot_id) == col(InboxRow.bot_id), col(earlier.chat) == col(InboxRow.chat)
    )
    unsettled = col(earlier.state).in_((InboxState.RECEIVED, InboxState.WORKING))
    is_first = ~exists().where(same_chat, unsettled, col(earlier.id) < col(InboxRow.id))
    of_bot = and_(col(InboxRow.channel) == bindparam("of_channel"), col(InboxRow.bot_id) == bindparam("of_bot"))
    lapsed = and_(col(InboxRow.state) == InboxState.WORKING, col(InboxRow.lease_until) <= bindparam("now"))
    is_free = or_(col(InboxRow.state) == InboxState.RECEIVED, lapsed)
    chosen = select(col(InboxRow.id)).where(of_bot, is_free, is_first).order_by(col(InboxRow.id)).limit(bindparam("most"))
    # `is_free` once more: where another worker was quicker, the row is looked at again as it is by then.
    # As a common table expression, which PostgreSQL evaluates once: as a subquery it could take more than it may.
    once = chosen.with_for_update(skip_locked=True).cte("chosen")
    claim = update(InboxRow).where(col(InboxRow.id).in_(select(once.c.id)), is_free)
    values = {"state": InboxState.WORKING, "claims": col(InboxRow.claims) + 1, "lease_until": bindparam("lease_until")}
    return claim.values(values).returning(InboxRow)


async def settle_event(session: AsyncSession, row: InboxRow, *, now: datetime, error: str = "", is_kept: bool = True) -> bool:
    """Note that an event has had its outcome (or, with `error`, will have none); false when the hold on it was lost.

    One that was not meant for us is not kept: only its number stays, so that it is known when it comes again.
    """
    state = InboxState.FAILED if error else InboxState.DONE
    held = update(InboxRow).where(_is_held(row))
    values: dict[str, Any] = {"state": state, "settled_at": now, "lease_until": None, "error": error}
    if not is_kept:
        values |= {"payload": {}, "sender": ""}
    return (await session.execute(held.values(values).returning(col(InboxRow.id)))).scalar_one_or_none() is not None


async def release_event(session: AsyncSession, row: InboxRow, *, until: datetime, error: str) -> None:
    """Give an event back after an error: it is taken again from that moment on."""
    await session.execute(update(InboxRow).where(_is_held(row)).values(lease_until=until, error=error))


async def postpone_event(session: AsyncSession, row: InboxRow, *, until: datetime) -> None:
    """Give an event back that waits for something: it is taken again from that moment on, as if it had not been taken before."""
    await session.execute(update(InboxRow).where(_is_held(row)).values(lease_until=until, claims=row.claims - 1))


async def return_events(session: AsyncSession, rows: Sequence[InboxRow]) -> None:
    """Give events back that were taken and never begun, as if they had not been."""
    for row in rows:
        untouched = {"state": InboxState.RECEIVED, "claims": row.claims - 1, "lease_until": None}
        await session.execute(update(InboxRow).where(_is_held(row)).values(untouched))


async def free_events(session: AsyncSession, channel: str, bot_id: str, *, now: datetime) -> None:
    """Let go of everything that is being worked: whoever held it is known to be dead."""
    held = update(InboxRow).where(col(InboxRow.channel) == channel, col(InboxRow.bot_id) == bot_id)
    await session.execute(held.where(col(InboxRow.state) == InboxState.WORKING).values(lease_until=now))


async def has_events(session: AsyncSession, channel: str, bot_id: str) -> bool:
    """Whether something that came to this bot has not had its outcome."""
    query = select(col(InboxRow.id)).where(col(InboxRow.channel) == channel, col(InboxRow.bot_id) == bot_id)
    unsettled = col(InboxRow.state).in_((InboxState.RECEIVED, InboxState.WORKING))
    return (await session.execute(query.where(unsettled).limit(1))).first() is not None


async def count_events(session: AsyncSession, channel: str, bot_id: str, sender: str, *, since: datetime, up_to: int) -> int:
    """How many events this person has sent since then, up to and with the one of this id."""
    query = select(func.count()).select_from(InboxRow)
    query = query.where(col(InboxRow.channel) == channel, col(InboxRow.bot_id) == bot_id, col(InboxRow.sender) == sender)
    return (await session.execute(query.where(col(InboxRow.received_at) > since, col(InboxRow.id) <= up_to))).scalar_one()


async def forget_events(session: AsyncSession, *, before: datetime) -> int:
    """Delete the events that were settled before then; returns how many."""
    query = delete(InboxRow).where(col(InboxRow.settled_at) < before)
    return len((await session.execute(query.returning(col(InboxRow.id)))).scalars().all())


def _is_held(row: InboxRow) -> ColumnElement[bool]:
    """Whether the hold on a row that was claimed still holds."""
    return and_(col(InboxRow.id) == row.id, col(InboxRow.claims) == row.claims, col(InboxRow.state) == InboxState.WORKING)


def _storable(value: Any, depth: int = 0) -> Any:
    """A JSON value as either database can keep it: without NUL, halves of letters, numbers that are none, bottomless nesting.

    Whoever sends such a thing must not keep the events beside it from being stored.
    """
    match value:
        case _ if depth > _DEEPEST:
            return None
        case str():
            return value.replace("\0", "").encode("utf-8", "ignore").decode()
        case dict():
            return {_storable(str(key)): _storable(part, depth + 1) for key, part in value.items()}
        case list():
            return [_storable(part, depth + 1) for part in value]
        case float() if not isfinite(value):
            return None
    return value
