"""Work that one process does at a time: held by a lease on a row, so that a process that dies holds up nobody for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Row, insert_missing


class Lease(Row, table=True):
    """Who does a piece of work (`name`), and until when they hold it, by the world's clock."""

    name: str = Field(primary_key=True)
    holder: str
    until: datetime


async def hold(session: AsyncSession, name: str, holder: str, *, now: datetime, term: timedelta) -> bool:
    """Take the lease, or hold on to one that is ours; false while another holds it."""
    taken = Lease(name=name, holder=holder, until=now + term)
    if await insert_missing(session, [taken], key="name"):
        return True
    free = or_(col(Lease.holder) == holder, col(Lease.until) <= now)
    query = update(Lease).where(col(Lease.name) == name, free).values(holder=holder, until=now + term)
    return (await session.execute(query.returning(col(Lease.name)))).scalar_one_or_none() is not None


async def let_go(session: AsyncSession, name: str, holder: str, *, now: datetime) -> None:
    """Give the lease back, when it is still ours."""
    await session.execute(update(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder).values(until=now))
