"""Who did, or was refused, what and when. Added to, never rewritten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.accounts import Account
from db.people import Contact
from db.schema import Row, table_of


class AuditEntry(Row, table=True):
    """One action. `subject` is what it was about («inquiry:12»); who has been removed stays here as a number only."""

    __tablename__ = "audit"

    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    account_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Account).c.id, ondelete="SET NULL")], index=True)
    contact_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")])
    action: str
    subject: str = ""
    is_allowed: bool = True


async def add_entry(session: AsyncSession, entry: AuditEntry) -> None:
    session.add(entry)
    await session.flush()


async def count_entries(session: AsyncSession, action: str, *, subject: str, since: datetime) -> int:
    """How often an action was done (or tried) on this subject since then."""
    query = select(func.count()).select_from(AuditEntry)
    return (
        await session.execute(query.where(col(AuditEntry.subject) == subject, col(AuditEntry.action) == action, col(AuditEntry.at) > since))
    ).scalar_one()


async def forget_entries(session: AsyncSession, *, before: datetime) -> int:
    """Delete the entries from before then; returns how many."""
    return len((await session.execute(delete(AuditEntry).where(col(AuditEntry.at) < before).returning(col(AuditEntry.id)))).scalars().all())
