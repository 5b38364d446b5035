"""What is made once a period, whatever runs twice: the two-week report, the weekly list."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Row, insert_missing


class PeriodicNotice(Row, table=True):
    """That a notice of this kind was made for the period that begins on this day."""

    __tablename__ = "periodic_notice"
    __table_args__ = (UniqueConstraint("kind", "period_from"),)

    id: int = Field(default=None, primary_key=True)
    kind: str
    period_from: date
    made_at: datetime


async def begin_notice(session: AsyncSession, kind: str, period_from: date, *, now: datetime) -> bool:
    """Claim the making of a notice in this transaction; false when it was made before."""
    notice = PeriodicNotice(kind=kind, period_from=period_from, made_at=now)
    return bool(await insert_missing(session, [notice], key="period_from", within=("kind",)))


async def was_made(session: AsyncSession, kind: str, period_from: date) -> bool:
    """Whether a notice was made for the period, so that nobody need prepare it."""
    query = select(col(PeriodicNotice.id)).where(col(PeriodicNotice.kind) == kind, col(PeriodicNotice.period_from) == period_from)
    return (await session.execute(query)).first() is not None


async def last_made(session: AsyncSession, kind: str) -> date | None:
    """The first day of the latest period for which a notice was made."""
    query = select(func.max(col(PeriodicNotice.period_from))).where(col(PeriodicNotice.kind) == kind)
    day: date | None = (await session.execute(query)).scalar_one_or_none()
    return day
