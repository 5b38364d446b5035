"""Requests that wait for the coordinators: nobody is reminded of such a duty, so nobody may forget the request either."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import DutyState, first_awaited_at, list_awaiting
from db.engine import Database
from db.people import list_agencies
from db.periodic import begin_notice
from scheduler import wording
from scheduler.audience import load_people
from scheduler.calendar import local_day
from scheduler.course import Rules
from scheduler.reach import tell

_KIND = "undecided"
# Twice a week, from the second day on.
_WEEKDAYS, _AGE = (0, 3), dt.timedelta(days=2)


async def remind_of_undecided(database: Database, rules: Rules, *, now: dt.datetime) -> int:
    """Tell the coordinators what has waited for them for two days, on Mondays and Thursdays (on the next working day where that
    is none); once a day, whatever runs twice. Returns how many requests."""
    today = local_day(now)
    if not rules.working.is_open(now) or today not in (rules.working.on_or_after(day) for day in _days_before(today)):
        return 0
    async with database.write() as session:
        return await _tell(session, today, now)


async def next_undecided_at(session: AsyncSession) -> dt.datetime | None:
    """From when there may be something to tell, as things stand; None while nothing waits."""
    since = await first_awaited_at(session)
    return None if since is None else since + _AGE


async def _tell(session: AsyncSession, today: dt.date, now: dt.datetime) -> int:
    waiting = [one for one in await list_awaiting(session, before=now - _AGE) if one.state is DutyState.OPEN]
    if not waiting or not await begin_notice(session, _KIND, today, now=now):
        return 0
    names = {one.code: one.name for one in await list_agencies(session, {one.agency_code for one in waiting})}
    coordinators = [one.contact for one in (await load_people(session, ())).coordinators]
    await tell(session, coordinators, wording.undecided(waiting, names), now=now)
    return len(waiting)


def _days_before(today: dt.date) -> list[dt.date]:
    """The Mondays and Thursdays of the last days, today with them: one may have been a day off until now."""
    days = (today - dt.timedelta(days=count) for count in range(14))
    return [day for day in days if day.weekday() in _WEEKDAYS]
