"""The demo's clock: a row that tells which instant of the demo stands for which instant of the world."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from db.schema import Row, insert_missing


class DemoClock(Row, table=True):
    """One row, id 1. At `real_at` the demo was at `demo_at`, and runs on from there as the world does; every tick up to
    `ticked_at` (an instant of the demo) has been run."""

    __tablename__ = "demo_clock"

    id: int = Field(default=1, primary_key=True)
    demo_at: datetime
    real_at: datetime
    ticked_at: datetime

    def read(self, real: datetime) -> datetime:
        """The demo's instant at an instant of the world; it never goes back, also when the world's clock does."""
        return max(self.demo_at, self.demo_at + (real - self.real_at))


async def ensure_clock(session: AsyncSession, *, start: datetime, real: datetime) -> DemoClock:
    """The demo's clock; one that is new starts there, with no tick owed."""
    await insert_missing(session, [DemoClock(id=1, demo_at=start, real_at=real, ticked_at=start)], key="id")
    clock = await session.get(DemoClock, 1)
    assert clock is not None
    return clock


async def get_clock(session: AsyncSession) -> DemoClock | None:
    """The demo's clock, when there has been a demo."""
    return await session.get(DemoClock, 1)


async def move_clock(session: AsyncSession, to: datetime, *, real: datetime, ticked: bool = False) -> DemoClock | None:
    """Move the clock forward; an instant that has passed changes nothing. `ticked`: every tick up to it has been run.

    None when there is no clock any more.
    """
    clock = await session.get(DemoClock, 1, with_for_update=True, populate_existing=True)
    if clock is not None:
        if to > clock.read(real):
            clock.demo_at, clock.real_at = to, real
        if ticked:
            clock.ticked_at = max(clock.ticked_at, to)
        await session.flush()
    return clock


async def forget_clock(session: AsyncSession) -> None:
    """The demo is over."""
    await session.execute(delete(DemoClock))
