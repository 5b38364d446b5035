"""What is done by the clock, and when. Ticks only: what they do is told by rows, so that one too many or too late does no harm."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.clock import now
from bot.settings import Settings
from db.engine import Database, UnreachableDatabaseError
from handlers.tidying import tidy

_LOG = logging.getLogger(__name__)
_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do at every instant that `trigger` names; `run` is told the instant."""

    name: str
    trigger: CronTrigger
    run: Callable[[dt.datetime], Awaitable[None]]


def make_ticks(settings: Settings, database: Database) -> tuple[Tick, ...]:
    """All that is done by the clock."""

    async def tidy_up(at: dt.datetime) -> None:
        files_folder, months = settings.data_dir / "files", settings.inquiry_months
        _LOG.info("%s", await tidy(database, files_folder=files_folder, months=months, now=at, world=now()))

    return (Tick("tidy", CronTrigger(hour=3, timezone=settings.timezone), tidy_up),)


def start_ticks(ticks: Sequence[Tick], *, timezone: str) -> AsyncIOScheduler:
    """Run them as the world's clock goes; the caller shuts the scheduler down."""
    scheduler = AsyncIOScheduler(timezone=timezone)
    for tick in ticks:

        async def run(tick: Tick = tick) -> None:
            await run_tick(tick, now())

        scheduler.add_job(run, tick.trigger, name=tick.name, misfire_grace_time=3600, coalesce=True)
    scheduler.start()
    return scheduler


def due_between(ticks: Sequence[Tick], after: dt.datetime, until: dt.datetime) -> Iterator[tuple[dt.datetime, Tick]]:
    """(instant, tick) of everything due after the one instant and up to the other, in order of time."""
    due = {place: _next(tick, after) for place, tick in enumerate(ticks)}
    while due:
        place = min(due, key=lambda one: (due[one], one))
        at = due[place]
        if at > until:
            return
        yield at, ticks[place]
        due[place] = _next(ticks[place], at)


def _next(tick: Tick, after: dt.datetime) -> dt.datetime:
    at: dt.datetime | None = tick.trigger.get_next_fire_time(None, after + _INSTANT)
    # None is for triggers that end; ours do not.
    return dt.datetime.max.replace(tzinfo=dt.UTC) if at is None else at.astimezone(dt.UTC)


async def run_tick(tick: Tick, at: dt.datetime) -> None:
    """Run one; its failure is noted and keeps nothing else from running. Raises UnreachableDatabaseError: nothing would run."""
    try:
        await tick.run(at)
    except UnreachableDatabaseError:
        raise
    except Exception:
        _LOG.exception("tick %s of %s failed", tick.name, at.isoformat())
