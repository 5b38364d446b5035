"""The reminder ladder: on which days around a last day somebody is reminded. Pure; the planner acts on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from db.deadlines import Recurrence
from scheduler.calendar import at_local, local_day
from scheduler.working_time import WorkingTime

REMIND_AT = dt.time(8)
_DAY = dt.timedelta(days=1)
_WEEK = 7
# Where a period lasts a month or less, a reminder two weeks ahead would come before the work can begin.
_SHORT_PERIODS = frozenset({Recurrence.TWO_WEEKS, Recurrence.MONTH})
_SHORT_LADDER = (-3, -1, 0)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Days from the last day: `before` and on it (-14 is two weeks before), `after` it, and from the last of those weekly."""

    before: tuple[int, ...] = (-14, -7, -3, -1, 0)
    after: tuple[int, ...] = (1, 3, 7)


USUAL = Ladder()


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. `day` is the day it belongs to, `sent_on` the working day it goes out on, `at` the instant
    from which it may. `is_again`: no step, but the question again after a promised day has passed. `steps`: how many
    steps it stands for, where days off brought several to one day."""

    offset: int
    day: dt.date
    sent_on: dt.date
    at: dt.datetime
    is_again: bool = False
    steps: int = 1

    @property
    def is_late(self) -> bool:
        """Whether it comes after the last day."""
        return self.offset > 0


def parse_ladder(text: str) -> Ladder:
    """«-7,-3,-1,0,+2» → 7, 3, 1 and 0 days before, 2 after and weekly from then on; where no day after is named, the usual
    ones. Raises ValueError on anything else."""
    return ladder_of(int(part) for part in text.split(","))


def ladder_of(offsets: Iterator[int] | tuple[int, ...]) -> Ladder:
    """The ladder that these days from the last day make."""
    days = sorted(set(offsets))
    after = tuple(day for day in days if day > 0)
    return Ladder(tuple(day for day in days if day <= 0), after or USUAL.after)


def ladder_for(recurrence: Recurrence | None, usual: Ladder, own: tuple[int, ...] | None = None) -> Ladder:
    """The ladder of a duty: its own, where it has one; else the usual one, from three days before where its period lasts a
    month or less."""
    if own is not None:
        return ladder_of(own)
    if recurrence not in _SHORT_PERIODS:
        return usual
    before = usual.before if usual.before != USUAL.before else _SHORT_LADDER
    return Ladder(tuple(day for day in before if day >= _SHORT_LADDER[0]), usual.after)


def rungs(last_day: dt.date, ladder: Ladder, working: WorkingTime, *, since: dt.date) -> Iterator[Rung]:
    """The steps of a last day that go out on `since` or later, in order and without end; of several that would go out on one
    day only the last.

    What falls on a day off goes out on the next working morning; where that would be past the last day, on the last
    working morning before.
    """
    held: Rung | None = None
    for offset in _offsets(last_day, ladder, since):
        day = last_day + _DAY * offset
        sent_on = working.on_or_after(day)
        if offset <= 0 and sent_on > last_day:
            sent_on = working.on_or_before(day)
        rung = Rung(offset, day, sent_on, _morning(sent_on, working))
        if held is not None and held.sent_on == sent_on:
            rung = replace(rung, steps=held.steps + 1)
        elif held is not None and held.sent_on >= since:
            yield held
        held = rung


def _morning(day: dt.date, working: WorkingTime) -> dt.datetime:
    """When the reminders of a day go out: where people begin later than usual, when they begin."""
    return at_local(day, max(REMIND_AT, working.opens_at))


def _offsets(last_day: dt.date, ladder: Ladder, since: dt.date) -> Iterator[int]:
    yield from ladder.before
    yield from ladder.after
    weekly = (ladder.after[-1] if ladder.after else 0) + _WEEK
    # Straight to the weeks that matter: a duty may be overdue for years. A few earlier ones, for what a day off moves.
    passed = (since - last_day).days - weekly - 2 * _WEEK
    weekly += max(0, passed // _WEEK) * _WEEK
    while True:
        yield weekly
        weekly += _WEEK


@dataclass(frozen=True, slots=True)
class Course:
    """All that decides when a duty's people are reminded. Rungs up to `dealt_with` are past, whatever became of them;
    `paused_until` is a day on which nobody is reminded yet; `asks_again`: when it has passed, everybody is asked."""

    last_day: dt.date
    ladder: Ladder
    dealt_with: dt.datetime
    paused_until: dt.date | None = None
    asks_again: bool = False


def due_rungs(course: Course, now: dt.datetime, working: WorkingTime) -> list[Rung]:
    """The steps that should have gone out by now and were not dealt with, in order; the last is the one to act on, the
    others were missed. None before the pause is over."""
    found: list[Rung] = []
    for rung in _coming(course, working):
        if rung.at > now:
            return found
        found.append(rung)
    return found


def next_rung(course: Course, now: dt.datetime, working: WorkingTime) -> Rung | None:
    """The first step that is yet to come."""
    return next((rung for rung in _coming(course, working) if rung.at > now), None)


def next_look_at(course: Course, working: WorkingTime) -> dt.datetime:
    """When a duty must be looked at next: its first step that was not dealt with."""
    return next(rung.at for rung in _coming(course, working))


def _coming(course: Course, working: WorkingTime) -> Iterator[Rung]:
    """The steps not dealt with, and the question again after a pause at its place among them."""
    start, again = course.dealt_with, None
    if course.paused_until is not None:
        resumed = course.paused_until + _DAY
        start = max(start, at_local(resumed, dt.time()))
        if course.asks_again:
            sent_on = working.on_or_after(resumed)
            again = Rung((resumed - course.last_day).days, resumed, sent_on, _morning(sent_on, working), is_again=True)
            again = again if again.at > course.dealt_with else None
    for rung in rungs(course.last_day, course.ladder, working, since=local_day(start)):
        if rung.at <= start:
            continue
        if again is not None and again.sent_on <= rung.sent_on:
            if again.sent_on < rung.sent_on:
                yield again
            again = None
        yield rung
