"""People on their channels: accounts, and the codes that link them to a contact."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.messages import Message
from db.outbox import OutboxRow, Priority
from db.people import Contact
from db.schema import Row, insert_missing, table_of


class Account(Row, table=True):
    """Someone on one channel: a contact once linked, before that a stranger.

    `off_reason` says why nothing can be sent there any more. `told_at`: when the person was told what is kept.
    `menu`: whose commands the channel shows, as far as it was told.
    """

    __table_args__ = (UniqueConstraint("channel", "bot_id", "user_id"), {"sqlite_autoincrement": True})

    id: int = Field(default=None, primary_key=True)
    channel: str
    bot_id: str
    user_id: str
    chat_id: str
    display_name: str = ""
    contact_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")], index=True)
    created_at: datetime
    told_at: datetime | None = None
    linked_at: datetime | None = None
    off_at: datetime | None = None
    off_reason: str = ""
    menu: str = ""


class Invitation(Row, table=True):
    """A one-time code that links an account to a contact; only its hash is kept."""

    id: int = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    contact_id: int = Field(sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="CASCADE")], index=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


async def get_account(session: AsyncSession, *, channel: str, bot_id: str, user_id: str) -> Account | None:
    """The account of a person on a channel."""
    query = select(Account).where(col(Account.channel) == channel, col(Account.bot_id) == bot_id, col(Account.user_id) == user_id)
    return (await session.execute(query)).scalar_one_or_none()


async def get_account_by_id(session: AsyncSession, account_id: int) -> Account | None:
    """The account with this number, while it is there."""
    return await session.get(Account, account_id)


async def ensure_account(session: AsyncSession, account: Account, *, is_reachable: bool) -> Account:
    """The stored account of this person: as it was, where there is one, but with the chat and name of today, and on again
    when they are known to be reachable."""
    await insert_missing(session, [account], key="user_id", within=("channel", "bot_id"))
    stored = await get_account(session, channel=account.channel, bot_id=account.bot_id, user_id=account.user_id)
    assert stored is not None
    stored.chat_id, stored.display_name = account.chat_id, account.display_name or stored.display_name
    if is_reachable:
        stored.off_at, stored.off_reason = None, ""
    return stored


async def list_accounts(session: AsyncSession, contact_ids: Collection[int], *, also_off: bool = False) -> list[Account]:
    """The accounts of these contacts that can be reached (or all of them), the longest linked first."""
    query = select(Account).where(col(Account.contact_id).in_(contact_ids))
    if not also_off:
        query = query.where(col(Account.off_at).is_(None))
    return list((await session.execute(query.order_by(col(Account.linked_at), col(Account.id)))).scalars())


async def has_accounts_elsewhere(session: AsyncSession, channel: str) -> bool:
    """Whether anybody has an account on another channel than this."""
    return (await session.execute(select(col(Account.id)).where(col(Account.channel) != channel).limit(1))).first() is not None


async def count_linked(session: AsyncSession) -> int:
    """How many people have an account that can be reached."""
    query = select(func.count(col(Account.contact_id).distinct())).where(col(Account.off_at).is_(None))
    return (await session.execute(query)).scalar_one()


async def turn_account_off(session: AsyncSession, *, channel: str, bot_id: str, chat_id: str, reason: str, now: datetime) -> Account | None:
    """Note that nothing can be sent there any more; None when there is no such account, or it was off already."""
    query = update(Account).where(col(Account.channel) == channel, col(Account.bot_id) == bot_id, col(Account.chat_id) == chat_id)
    query = query.where(col(Account.off_at).is_(None)).values(off_at=now, off_reason=reason)
    return (await session.execute(query.returning(Account))).scalar_one_or_none()


async def note_menu(session: AsyncSession, account_id: int, menu: str) -> None:
    """Note whose commands the channel shows this person now."""
    await session.execute(update(Account).where(col(Account.id) == account_id).values(menu=menu))


async def spend_invitation(session: AsyncSession, code_hash: str, *, now: datetime) -> int | None:
    """Use up a code that is neither used nor too old; the contact it is for. Of two at once, one gets it."""
    query = update(Invitation).where(
        col(Invitation.code_hash) == code_hash, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now
    )
    return (await session.execute(query.values(used_at=now).returning(col(Invitation.contact_id)))).scalar_one_or_none()


def letter_to(account: Account, message: Message, *, priority: Priority, now: datetime, topic: str | None = None) -> OutboxRow:
    """A message to be sent to this account, not stored yet."""
    return OutboxRow(
        channel=account.channel,
        bot_id=account.bot_id,
        recipient=account.chat_id,
        priority=priority,
        message=message,
        topic=topic,
        created_at=now,
        not_before=now,
    )


async def add_invitation(session: AsyncSession, invitation: Invitation) -> None:
    session.add(invitation)
    await session.flush()


async def end_invitations(session: AsyncSession, contact_id: int, *, now: datetime) -> None:
    """The codes that a contact was given and has not used are good no more."""
    query = update(Invitation).where(col(Invitation.contact_id) == contact_id, col(Invitation.expires_at) > now)
    await session.execute(query.where(col(Invitation.used_at).is_(None)).values(expires_at=now))


async def add_spent_invitation(session: AsyncSession, code_hash: str, contact_id: int, *, now: datetime) -> bool:
    """Note that a code which was never stored has been used; false when it was before."""
    spent = Invitation(code_hash=code_hash, contact_id=contact_id, created_at=now, expires_at=now, used_at=now)
    return bool(await insert_missing(session, [spent], key="code_hash"))


async def unlink_accounts(session: AsyncSession, contact_id: int) -> None:
    """A contact has no account any more; whoever holds one is a stranger there from now on."""
    theirs = update(Account).where(col(Account.contact_id) == contact_id)
    await session.execute(theirs.values(contact_id=None, linked_at=None))


async def link_account(session: AsyncSession, account: Account, contact_id: int, *, now: datetime) -> list[Account]:
    """Make an account the contact's only one on its channel; returns those that were theirs until now."""
    same_bot = select(Account).where(col(Account.channel) == account.channel, col(Account.bot_id) == account.bot_id)
    theirs = (await session.execute(same_bot.where(col(Account.contact_id) == contact_id, col(Account.id) != account.id))).scalars().all()
    for old in theirs:
        old.contact_id = old.linked_at = None
    account.contact_id, account.linked_at = contact_id, now
    await session.flush()
    return list(theirs)
