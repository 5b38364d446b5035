"""The demo's time: it runs on by itself, is moved forward through every tick between, and can be begun anew."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot import wording
from bot.assistant import rules_of
from bot.clock import DemoTime
from bot.settings import Settings
from bot.ticks import Tick, due_between, run_tick
from bot.web.channel import HERE, Hub
from db.engine import Database, UnreachableDatabaseError
from handlers.demo import fill_demo, start_anew
from knowledge.dates import VIETNAM
from scheduler.planner import next_reminder_at

_LOG = logging.getLogger(__name__)
_SECOND = 1.0
_DAY = dt.timedelta(days=1)
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_FARTHEST = dt.timedelta(days=366)


class CannotMove(Exception):
    """The clock cannot go there; `reason` is one of `wording.CLOCK_REFUSALS`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Demo:
    """The demo's clock with all that hangs on it. `settle` waits, for a moment, until what was begun has been worked and sent."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        time: DemoTime,
        *,
        ticks: Sequence[Tick],
        hub: Hub,
        settle: Callable[[], Awaitable[None]],
    ) -> None:
        self._settings, self._database, self._time, self._ticks, self._hub, self._settle = settings, database, time, ticks, hub, settle
        self._rules = rules_of(settings)
        self._turn = asyncio.Lock()
        self._moving_to: dt.datetime | None = None
        self._is_beginning_anew = False
        self._moves: set[asyncio.Task[None]] = set()

    def now(self) -> dt.datetime:
        return self._time.now()

    async def fill(self) -> None:
        """Have people to speak as, also those who came meanwhile."""
        await fill_demo(self._database, HERE, now=self.now())

    async def describe(self) -> dict[str, Any]:
        """The clock as the page shows it: {now, next_reminder, is_moving, moving_to}."""
        reminder = await self.next_reminder()
        return {
            "now": _shown(self.now()),
            "next_reminder": _shown(reminder) if reminder else None,
            "is_moving": self._moving_to is not None,
            "moving_to": _shown(self._moving_to) if self._moving_to else None,
        }

    async def next_reminder(self) -> dt.datetime | None:
        """When somebody is to be reminded next; None while no duty that is confirmed comes up."""
        async with self._database.read() as session:
            return await next_reminder_at(session, self.now(), self._rules)

    def move(self, to: dt.datetime) -> None:
        """Set out for an instant; pages see the clock go. Raises CannotMove."""
        if self._moving_to is not None or self._is_beginning_anew:
            raise CannotMove("moving")
        if to <= self.now():
            raise CannotMove("past")
        if to > self.now() + _FARTHEST:
            raise CannotMove("far")
        self._moving_to = to
        task = asyncio.ensure_future(self._go(to))
        self._moves.add(task)
        task.add_done_callback(self._moves.discard)

    async def _go(self, to: dt.datetime) -> None:
        try:
            async with self._turn:
                await self._settle()
                idle_until: dict[str, dt.datetime] = {}
                tried: dict[str, tuple[dt.datetime, dt.datetime]] = {}
                once = [one for one in self._ticks if one.is_once_a_leap]
                last = {tick.name: at for at, tick in due_between(once, self._time.ticked_at, to)}
                for at, tick in due_between(self._ticks, self._time.ticked_at, to):
                    if at < idle_until.get(tick.name, at) or at < last.get(tick.name, at):
                        continue
                    if tick.next_work is not None:
                        due = await tick.next_work() or _NEVER
                        before, tried_at = tried.get(tick.name, (_NEVER, at))
                        # Work that it could not do will not be easier in half an hour.
                        idle_until[tick.name] = max(due, tried_at + _DAY) if due == before else due
                        if at < idle_until[tick.name]:
                            continue
                        tried[tick.name] = due, at
                    # One tick at a time, and what it says goes out at its own hour: so nothing is told late.
                    await self._time.move(at)
                    self._hub.changed()
                    await run_tick(tick, at)
                    await self._time.move(at, ticked=True)
                    await self._settle()
                    # What it did may be work for the others.
                    idle_until.clear()
                await self._time.move(to, ticked=True)
        except Exception as error:
            # Whatever hindered it, whoever moved the clock must not wait for ever.
            _LOG.error("the clock stopped at %s: %s", self.now().isoformat(), type(error).__name__, exc_info=error)
            self._hub.say({"type": "notice", "person": "", "tap": "", "text": wording.CLOCK_STUCK})
        finally:
            self._moving_to = None
            self._hub.changed()

    async def start_anew(self) -> None:
        """Forget everything said and done; the clock goes back to where it began. Raises CannotMove while it is moving."""
        if self._moving_to is not None or self._is_beginning_anew:
            raise CannotMove("moving")
        self._is_beginning_anew = True
        try:
            await self._begin_anew()
        finally:
            self._is_beginning_anew = False

    async def _begin_anew(self) -> None:
        async with self._turn:
            start = self._settings.demo_start.astimezone(dt.UTC)
            await start_anew(self._database, HERE, start=start, anchor=self._settings.report_anchor)
            await self._time.start_anew(start)
        self._hub.secrets.clear()
        self._hub.say({"type": "reset"})

    async def run(self, stop: asyncio.Event) -> None:
        """Run each tick that time brings by itself, until `stop`; several that were missed are made up for by one."""
        while not stop.is_set():
            try:
                # A move runs its ticks itself, and may take long: whoever stops does not wait for it.
                if self._moving_to is None:
                    async with self._turn:
                        await self._catch_up()
            except UnreachableDatabaseError as error:
                _LOG.error("ticks wait: the database does not answer: %s", error.reason)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _SECOND)
        for task in self._moves:
            task.cancel()
        await asyncio.gather(*self._moves, return_exceptions=True)

    async def _catch_up(self) -> None:
        now = self.now()
        missed = {tick.name: tick for _, tick in due_between(self._ticks, self._time.ticked_at, now)}
        for tick in missed.values():
            await run_tick(tick, now)
        if missed:
            await self._time.move(now, ticked=True)


def _shown(at: dt.datetime) -> str:
    return at.astimezone(VIETNAM).isoformat()
