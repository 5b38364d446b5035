"""What is done by the clock, and when. Ticks only: what they do is told by rows, so that one too many or too late does no harm."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.assistant import rules_of
from bot.clock import now
from bot.settings import Settings
from db.engine import Database, UnreachableDatabaseError
from db.nudges import next_look
from handlers.duties.renewing import next_renewal, renew
from handlers.tidying import tidy
from scheduler.auditor import audit
from scheduler.periodic_reports import make_report, make_weekly_list, next_list_at, next_report_at
from scheduler.planner import plan_nudges
from scheduler.undecided import next_undecided_at, remind_of_undecided

_LOG = logging.getLogger(__name__)
_INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do at every instant that `trigger` names; `run` is told the instant. `is_for_start`: also when the
    assistant starts, since it may have stood still. `next_work` tells when there will be something to do (None: never, as
    things stand), so that a clock that leaps need not stop at every instant; `is_once_a_leap`: for such a clock it is
    enough to stop at the last of them."""

    name: str
    trigger: CronTrigger
    run: Callable[[dt.datetime], Awaitable[None]]
    is_for_start: bool = False
    next_work: Callable[[], Awaitable[dt.datetime | None]] | None = None
    is_once_a_leap: bool = False


def make_ticks(settings: Settings, database: Database) -> tuple[Tick, ...]:
    """All that is done by the clock."""
    rules, holder = rules_of(settings), f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"

    async def tidy_up(at: dt.datetime) -> None:
        files_folder, months = settings.data_dir / "files", settings.inquiry_months
        _LOG.info("%s", await tidy(database, files_folder=files_folder, months=months, now=at, world=now()))

    async def remind(at: dt.datetime) -> None:
        planned = await plan_nudges(database, rules, now=at, holder=holder, world=now)
        if planned.duties or planned.messages:
            _LOG.info("%s", planned)

    async def ask_for_decisions(at: dt.datetime) -> None:
        await remind_of_undecided(database, rules, now=at)

    async def next_decision() -> dt.datetime | None:
        async with database.read() as session:
            return await next_undecided_at(session)

    async def bring_up_to_date(at: dt.datetime) -> None:
        _LOG.info("%s", await renew(database, rules, now=at, anchor=settings.report_anchor))

    async def look_after(at: dt.datetime) -> None:
        found = await audit(database, rules, now=at)
        (_LOG.info if found.is_clean else _LOG.warning)("%s", found)

    async def report(at: dt.datetime) -> None:
        files_folder, when = settings.data_dir / "files", settings.report_at
        made = await make_report(database, rules, anchor=settings.report_anchor, report_at=when, files_folder=files_folder, now=at)
        if made is not None:
            _LOG.info("report of %s to %s sent", made.first, made.last)

    async def list_overdue(at: dt.datetime) -> None:
        if count := await make_weekly_list(database, rules, now=at):
            _LOG.info("weekly list of %d duties sent", count)

    async def next_turn() -> dt.datetime | None:
        async with database.read() as session:
            return await next_renewal(session, settings.report_anchor)

    async def next_reminder() -> dt.datetime | None:
        async with database.read() as session:
            return await next_look(session)

    async def next_report() -> dt.datetime | None:
        async with database.read() as session:
            return await next_report_at(session, rules, anchor=settings.report_anchor, report_at=settings.report_at)

    async def next_list() -> dt.datetime | None:
        async with database.read() as session:
            return await next_list_at(session, rules)

    def at(**when: str | int) -> CronTrigger:
        return CronTrigger(timezone=settings.timezone, **when)

    return (
        Tick("tidy", at(hour=3), tidy_up, is_once_a_leap=True),
        # Before the day's reminders are planned; a standstill may have lasted over a period's end.
        Tick("renew", at(hour=1), bring_up_to_date, is_for_start=True, next_work=next_turn),
        # The ladder and the calendar may have been changed: also when the assistant starts.
        Tick("audit", at(hour=2), look_after, is_for_start=True, is_once_a_leap=True),
        Tick("undecided", at(hour="8,10,14"), ask_for_decisions, is_for_start=True, next_work=next_decision),
        # Twice an hour: what a standstill held up must not wait for the next morning.
        Tick("remind", at(hour="7-17", minute="0,30"), remind, is_for_start=True, next_work=next_reminder),
        # After the reminders of the same instant. Each is made once a period, however often it is looked at.
        Tick("report", at(hour="6-20", minute="0,30"), report, is_for_start=True, next_work=next_report),
        Tick("weekly list", at(hour="6-20", minute="0,30"), list_overdue, is_for_start=True, next_work=next_list),
    )


def start_ticks(ticks: Sequence[Tick], *, timezone: str) -> AsyncIOScheduler:
    """Run them as the world's clock goes, and some at once; the caller shuts the scheduler down."""
    scheduler = AsyncIOScheduler(timezone=timezone)

    async def catch_up() -> None:
        for tick in ticks:
            if tick.is_for_start:
                await run_tick(tick, now())

    scheduler.add_job(catch_up, name="start")
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
