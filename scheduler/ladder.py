"""The reminder ladder: on which days before a last day someone is reminded. Pure; the planner acts on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.deadlines import Recurrence
from scheduler.calendar import at_local, local_day

# Days from the last day: -14 is two weeks before it.
LADDER = (-14, -7, -3, -1, 0)
REMIND_AT = dt.time(8)
# Where a period lasts a month or less, a reminder two weeks ahead would come before the work can begin.
_SHORT_PERIODS = frozenset({Recurrence.TWO_WEEKS, Recurrence.MONTH})
_SHORT_LADDER_FROM = -3


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. `day` is the day it belongs to, `sent_on` the day it goes out (moved off a day off),
    `at` the instant from which it may."""

    offset: int
    day: dt.date
    sent_on: dt.date
    at: dt.datetime


def same_day(day: dt.date) -> dt.date:
    """No day is moved."""
    return day


def parse_ladder(text: str) -> tuple[int, ...]:
    """«-7,-3,-1,0,+1» → (-7, -3, -1, 0, 1), in order, each once. Raises ValueError on anything else."""
    return tuple(sorted({int(part) for part in text.split(",")}))


def offsets_for(recurrence: Recurrence | None, ladder: Sequence[int] = LADDER) -> tuple[int, ...]:
    """The steps for a duty: all of them, or from three days before where its period lasts a month or less."""
    if recurrence in _SHORT_PERIODS:
        return tuple(offset for offset in ladder if offset >= _SHORT_LADDER_FROM)
    return tuple(ladder)


def rungs_of(last_day: dt.date, *, offsets: Sequence[int] = LADDER, move: Callable[[dt.date], dt.date] = same_day) -> list[Rung]:
    """All steps for a last day, the earliest first. `move` gives the day on which something meant for a day goes out."""
    rungs = []
    for offset in sorted(offsets):
        day = last_day + dt.timedelta(days=offset)
        sent_on = move(day)
        rungs.append(Rung(offset, day, sent_on, at_local(sent_on, REMIND_AT)))
    return rungs


def due_rungs(
    last_day: dt.date, now: dt.datetime, *, offsets: Sequence[int] = LADDER, move: Callable[[dt.date], dt.date] = same_day
) -> list[Rung]:
    """The steps that go out on the local day of `now`, once it is eight o'clock; more than one only where `move` brings
    several to one day, the most urgent last."""
    today = local_day(now)
    return [rung for rung in rungs_of(last_day, offsets=offsets, move=move) if rung.sent_on == today and rung.at <= now]
