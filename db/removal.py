"""A person's data removed, wherever it is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import Account, Invitation
from db.conversations import Conversation, Inquiry
from db.inbox import InboxRow
from db.messages import Message
from db.outbox import OutboxRow, OutboxState
from db.people import Contact, Role


async def remove_account(session: AsyncSession, account: Account) -> None:
    """Delete an account with everything that it said, asked and was told."""
    talk = f"{account.channel}:{account.bot_id}:"
    key = col(Conversation.key)
    in_groups = key.startswith(talk, autoescape=True) & key.endswith(f":{account.user_id}", autoescape=True)
    await session.execute(delete(Conversation).where(or_(key == f"{talk}{account.chat_id}", in_groups)))
    await session.execute(delete(Inquiry).where(col(Inquiry.account_id) == account.id))
    heard = update(InboxRow).where(col(InboxRow.channel) == account.channel, col(InboxRow.bot_id) == account.bot_id)
    await session.execute(heard.where(col(InboxRow.sender) == account.user_id).values(payload={}))
    chat = (
        col(OutboxRow.channel) == account.channel,
        col(OutboxRow.bot_id) == account.bot_id,
        col(OutboxRow.recipient) == account.chat_id,
    )
    await session.execute(delete(OutboxRow).where(*chat, col(OutboxRow.state) == OutboxState.PENDING))
    # The rows stay without their words: the pace is told by when they were sent.
    emptied = {"message": Message(paragraphs=()), "topic": None}
    await session.execute(update(OutboxRow).where(*chat, col(OutboxRow.state) != OutboxState.SENDING).values(emptied))
    await session.delete(account)
    await session.flush()


async def remove_contact(session: AsyncSession, contact_id: int, *, name: str, now: datetime, talk: str | None = None) -> None:
    """Remove a person: their accounts with all that was said, open invitations, name and number.

    The row stays, with this for a name, since an agency's reports point to it. `talk`: one that no account had.
    """
    accounts = await session.execute(select(Account).where(col(Account.contact_id) == contact_id))
    for account in accounts.scalars().all():
        await remove_account(session, account)
    if talk is not None:
        await session.execute(delete(Conversation).where(col(Conversation.key) == talk))
        await session.execute(delete(Inquiry).where(col(Inquiry.conversation) == talk))
    await session.execute(delete(Invitation).where(col(Invitation.contact_id) == contact_id))
    cleared = {"name": name, "phone": None, "role": Role.OFFICIAL, "removed_at": now}
    await session.execute(update(Contact).where(col(Contact.id) == contact_id).values(cleared))
