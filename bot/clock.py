"""The clocks: the world's, and the demo's, which stands in a row."""

from __future__ import annotations

import datetime as dt

from db.demo import DemoClock, ensure_clock, get_clock, move_clock
from db.engine import Database


def now() -> dt.datetime:
    """This instant, aware."""
    return dt.datetime.now(dt.UTC)


class DemoTime:
    """The demo's clock as this process knows it: read at any time without asking the database."""

    def __init__(self, database: Database, clock: DemoClock) -> None:
        self._database, self._clock = database, clock

    @classmethod
    async def open(cls, database: Database, *, start: dt.datetime) -> DemoTime:
        """The clock of this database's demo; one that is new begins at `start`."""
        async with database.write() as session:
            return cls(database, await ensure_clock(session, start=start, real=now()))

    @classmethod
    async def find(cls, database: Database) -> DemoTime | None:
        """The clock, where there has been a demo."""
        async with database.read() as session:
            clock = await get_clock(session)
        return cls(database, clock) if clock is not None else None

    def now(self) -> dt.datetime:
        """The demo's instant, aware."""
        return self._clock.read(now())

    @property
    def ticked_at(self) -> dt.datetime:
        """Up to when every tick has been run."""
        return self._clock.ticked_at

    async def move(self, to: dt.datetime, *, ticked: bool = False) -> None:
        """Go forward to an instant; one that has passed changes nothing. `ticked`: every tick up to it has been run."""
        async with self._database.write() as session:
            clock = await move_clock(session, to, real=now(), ticked=ticked)
        if clock is not None:
            self._clock = clock

    async def start_anew(self, start: dt.datetime) -> None:
        """Take up the row again after it was deleted with everything else."""
        async with self._database.write() as session:
            self._clock = await ensure_clock(session, start=start, real=now())
