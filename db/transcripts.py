"""What was said in a channel's chats, for a channel that shows it from the rows themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import Account
from db.inbox import InboxRow, InboxState
from db.messages import Message
from db.outbox import OutboxRow, OutboxState, Priority
from db.people import Agency, Contact
from db.schema import table_of


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of a chat, as the channel stored it."""

    id: int
    chat: str
    external_id: str
    payload: dict[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A message that has arrived in a chat, in its newest form; one that was secret has lost its words."""

    id: int
    chat: str
    message: Message
    at: datetime
    is_secret: bool


@dataclass(frozen=True, slots=True)
class Transcripts:
    """The last that was said in every chat of a bot, oldest first, and the chats in which an answer is awaited."""

    heard: list[Heard]
    told: list[Told]
    waiting: frozenset[str]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody with an account on a channel: a person, or nobody known (`contact` None)."""

    account: Account
    contact: Contact | None
    agency: Agency | None


async def list_speakers(session: AsyncSession, channel: str, bot_id: str) -> list[Speaker]:
    """Everyone with an account on a channel, as they came."""
    query = select(Account, Contact, Agency).join(Contact, col(Account.contact_id) == col(Contact.id), isouter=True)
    query = query.join(Agency, col(Contact.agency_code) == col(Agency.code), isouter=True)
    query = query.where(col(Account.channel) == channel, col(Account.bot_id) == bot_id).order_by(col(Account.id))
    return [Speaker(*row) for row in (await session.execute(query)).all()]


async def read_transcripts(session: AsyncSession, channel: str, bot_id: str, *, limit: int) -> Transcripts:
    """The last `limit` events and the last `limit` messages of each chat of a bot."""
    inbox, outbox = table_of(InboxRow).c, table_of(OutboxRow).c
    late_in = func.row_number().over(partition_by=inbox.chat, order_by=inbox.id.desc()).label("place")
    events = select(inbox.id, inbox.chat, inbox.external_id, inbox.payload, inbox.received_at, late_in)
    heard = events.where(inbox.channel == channel, inbox.bot_id == bot_id).subquery().c
    late_out = func.row_number().over(partition_by=outbox.recipient, order_by=outbox.id.desc()).label("place")
    arrived = select(outbox.id, outbox.recipient, outbox.message, outbox.settled_at, outbox.is_secret, late_out)
    arrived = arrived.where(outbox.channel == channel, outbox.bot_id == bot_id, outbox.edits.is_(None), outbox.state == OutboxState.SENT)
    told = arrived.subquery().c
    unworked = select(inbox.chat).where(inbox.channel == channel, inbox.bot_id == bot_id)
    unworked = unworked.where(inbox.state.in_((InboxState.RECEIVED, InboxState.WORKING)))
    unsent = select(outbox.recipient).where(outbox.channel == channel, outbox.bot_id == bot_id, outbox.priority <= Priority.ANSWER)
    unsent = unsent.where(outbox.state.in_((OutboxState.PENDING, OutboxState.SENDING)), outbox.edits.is_(None))
    return Transcripts(
        [Heard(*row[:-1]) for row in await session.execute(select(*heard).where(heard.place <= limit).order_by(heard.id))],
        [Told(*row[:-1]) for row in await session.execute(select(*told).where(told.place <= limit).order_by(told.id))],
        frozenset((await session.execute(unworked.union(unsent))).scalars()),
    )


async def fingerprint_transcripts(session: AsyncSession, channel: str, bot_id: str) -> tuple[int, ...]:
    """Numbers that change whenever `read_transcripts` gives something else, but for what is emptied with its account."""
    inbox, outbox = table_of(InboxRow).c, table_of(OutboxRow).c
    unworked = func.count().filter(inbox.state.in_((InboxState.RECEIVED, InboxState.WORKING)))
    heard = select(func.coalesce(func.max(inbox.id), 0), func.count(), unworked).where(inbox.channel == channel, inbox.bot_id == bot_id)
    # A message that changes has an edit, which is a row of its own.
    sent = func.count().filter(outbox.state == OutboxState.SENT)
    told = select(func.coalesce(func.max(outbox.id), 0), func.count(), sent).where(outbox.channel == channel, outbox.bot_id == bot_id)
    return (*(await session.execute(heard)).one(), *(await session.execute(told)).one())
