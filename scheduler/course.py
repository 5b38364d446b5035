"""A duty's course: everything that opens, moves, pauses or closes it, and when it must be looked at next.

The one place that writes a duty's state. Each function changes the rows it is given within the caller's transaction, adds
what was done to the duty's history, and works out `remind_at` anew.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Awaited, Duty, DutyOutcome, DutyState, Pause
from db.nudges import end_escalation
from db.reports import ChangeKind, DutyChange, ExtensionState, add_change, settle_extensions
from scheduler.calendar import at_local, local_day
from scheduler.ladder import USUAL, Course, Ladder, ladder_for, next_look_at
from scheduler.working_time import WorkingTime

_DAY = dt.timedelta(days=1)
_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class NotOpen(Exception):
    """The duty is not open, so nothing can be done to it that only open ones allow."""

    def __init__(self, duty: Duty) -> None:
        super().__init__(duty.code)
        self.duty = duty


@dataclass(frozen=True, slots=True)
class Rules:
    """By what reminders are timed here: the usual ladder and when people work."""

    ladder: Ladder = USUAL
    working: WorkingTime = field(default_factory=WorkingTime)


@dataclass(frozen=True, slots=True)
class By:
    """Who does something to a duty (None: the command line, or the assistant itself), when, and why."""

    contact_id: int | None
    at: dt.datetime
    reason: str = ""


def course_of(duty: Duty, rules: Rules) -> Course | None:
    """What decides when a duty's people are reminded; None where nothing ever does: no last day, not open, undecided."""
    if duty.state is not DutyState.OPEN or duty.last_day is None or duty.awaits is not None:
        return None
    return Course(
        last_day=duty.last_day,
        ladder=ladder_for(duty.rule.recurrence, rules.ladder, duty.ladder),
        # What came before the confirmation is nobody's to be reminded of.
        dealt_with=max(duty.confirmed_at or _EVER, duty.reminded_until or _EVER),
        paused_until=duty.paused_until,
        asks_again=duty.pause is Pause.PROMISE,
    )


def set_next_look(duty: Duty, rules: Rules) -> None:
    """Work out anew when the duty must be looked at."""
    course = course_of(duty, rules)
    duty.remind_at = next_look_at(course, rules.working) if course else None


async def confirm(session: AsyncSession, duty: Duty, rules: Rules, by: By) -> None:
    """Open a proposed duty: from now on its people are reminded. One that is not proposed stays as it is."""
    if duty.state is not DutyState.PROPOSED:
        return
    duty.state, duty.confirmed_at = DutyState.OPEN, by.at
    await _note(session, duty, rules, by, ChangeKind.CONFIRMED)


async def carry_on(session: AsyncSession, duty: Duty, before: Duty, rules: Rules, by: By) -> None:
    """Open the next turn of something that comes back and was confirmed when it first came. One that is not proposed stays."""
    if duty.state is not DutyState.PROPOSED:
        return
    duty.state, duty.confirmed_at = DutyState.OPEN, by.at
    await _note(session, duty, rules, by, ChangeKind.CONTINUED, before=before.code)


async def close(session: AsyncSession, duty: Duty, outcome: DutyOutcome, rules: Rules, by: By) -> None:
    """Close a duty, as what `outcome` says. Raises NotOpen for one that is closed already."""
    if duty.state is DutyState.CLOSED:
        raise NotOpen(duty)
    duty.state, duty.closed_at, duty.outcome = DutyState.CLOSED, by.at, outcome
    duty.pause = duty.paused_until = duty.awaits = duty.awaited_at = None
    await end_escalation(session, duty.id, now=by.at, reason=outcome.value)
    await settle_extensions(session, duty.id, ExtensionState.WITHDRAWN, now=by.at, by=by.contact_id, day=None)
    await _note(session, duty, rules, by, ChangeKind.CLOSED, after=outcome.value)


async def reopen(session: AsyncSession, duty: Duty, rules: Rules, by: By) -> None:
    """Open a closed duty again; steps that passed meanwhile are not made up for. One that is not closed stays as it is."""
    if duty.state is not DutyState.CLOSED:
        return
    before = duty.outcome.value if duty.outcome else ""
    duty.state, duty.closed_at, duty.outcome = DutyState.OPEN, None, None
    duty.confirmed_at = duty.confirmed_at or by.at
    duty.reminded_until = by.at
    await _note(session, duty, rules, by, ChangeKind.REOPENED, before=before)


async def move(session: AsyncSession, duty: Duty, last_day: dt.date | None, rules: Rules, by: By) -> None:
    """Give a duty another last day; the ladder begins anew from there, and a chain that had begun ends. Raises NotOpen for a
    closed one."""
    if duty.state is DutyState.CLOSED:
        raise NotOpen(duty)
    before = duty.last_day
    duty.last_day = last_day
    duty.due_at = at_local(last_day + _DAY, dt.time()) if last_day else None
    duty.pause = duty.paused_until = None
    if duty.awaits is Awaited.EXTENSION:
        # Another day was given, whichever was asked for.
        duty.awaits = duty.awaited_at = None
        await settle_extensions(session, duty.id, ExtensionState.GRANTED, now=by.at, by=by.contact_id, day=last_day)
    if duty.state is DutyState.OPEN:
        duty.reminded_until = by.at
        await end_escalation(session, duty.id, now=by.at, reason=ChangeKind.MOVED.value)
    await _note(session, duty, rules, by, ChangeKind.MOVED, before=_iso(before), after=_iso(last_day))


async def pause(session: AsyncSession, duty: Duty, until: dt.date, why: Pause, rules: Rules, by: By) -> None:
    """Remind nobody up to and with this day: they promised to be done by then, or asked for quiet. Raises NotOpen."""
    if duty.state is not DutyState.OPEN:
        raise NotOpen(duty)
    duty.pause, duty.paused_until = why, until
    if why is Pause.SNOOZE:
        await _note(session, duty, rules, by, ChangeKind.SNOOZED, after=until.isoformat())
    else:
        # The report that holds the promise tells of it.
        set_next_look(duty, rules)


async def resume(session: AsyncSession, duty: Duty, rules: Rules, by: By) -> None:
    """End a pause before its day; steps that fell into it are not made up for."""
    if duty.paused_until is not None:
        before = duty.paused_until
        duty.pause = duty.paused_until = None
        duty.reminded_until = by.at
        await _note(session, duty, rules, by, ChangeKind.RESUMED, before=before.isoformat())


def wait_for(duty: Duty, awaited: Awaited, rules: Rules, at: dt.datetime) -> None:
    """Remind nobody until the coordinator has decided. Raises NotOpen."""
    if duty.state is not DutyState.OPEN:
        raise NotOpen(duty)
    duty.awaits, duty.awaited_at = awaited, at
    set_next_look(duty, rules)


def decided(duty: Duty, rules: Rules, at: dt.datetime) -> None:
    """What was waited for is decided, or was taken back: reminding goes on, without the steps that passed meanwhile."""
    if duty.awaits is not None:
        duty.awaits, duty.awaited_at, duty.reminded_until = None, None, at
    set_next_look(duty, rules)


async def hand_over(session: AsyncSession, duty: Duty, agency_code: str, rules: Rules, by: By) -> None:
    """Another agency owes the duty from now on; whose it was is not reminded any more. Raises NotOpen for a closed one."""
    if duty.state is DutyState.CLOSED:
        raise NotOpen(duty)
    before, duty.agency_code, duty.assignee_id = duty.agency_code, agency_code, None
    duty.awaits = duty.awaited_at = duty.pause = duty.paused_until = None
    if duty.state is DutyState.OPEN:
        duty.reminded_until = by.at
    await end_escalation(session, duty.id, now=by.at, reason=ChangeKind.HANDED_OVER.value)
    await settle_extensions(session, duty.id, ExtensionState.WITHDRAWN, now=by.at, by=by.contact_id, day=None)
    await _note(session, duty, rules, by, ChangeKind.HANDED_OVER, before=before, after=agency_code)


async def assign(session: AsyncSession, duty: Duty, contact_id: int | None, name: str, rules: Rules, by: By) -> None:
    """Somebody of the agency takes the duty on, and is reminded alone; None: all focal points again. Raises NotOpen."""
    if duty.state is DutyState.CLOSED:
        raise NotOpen(duty)
    duty.assignee_id = contact_id
    await _note(session, duty, rules, by, ChangeKind.ASSIGNED, after=name)


async def set_ladder(session: AsyncSession, duty: Duty, offsets: tuple[int, ...] | None, rules: Rules, by: By) -> None:
    """Give a duty a ladder of its own, or (None) the usual one again."""
    before, duty.ladder = duty.ladder, offsets
    if duty.state is DutyState.OPEN:
        duty.reminded_until = by.at
    await _note(session, duty, rules, by, ChangeKind.CORRECTED, before=_days(before), after=_days(offsets))


async def correct_task(session: AsyncSession, duty: Duty, task: str, rules: Rules, by: By) -> None:
    """Say in other words what is to be done."""
    before, duty.task = duty.task, task
    await _note(session, duty, rules, by, ChangeKind.CORRECTED, before=before, after=task)


async def stop_repeating(session: AsyncSession, duty: Duty, rules: Rules, by: By) -> None:
    """After this turn comes no other. One that comes back no more, or never did, stays as it is."""
    if duty.repeats and duty.rule.recurrence is not None:
        duty.repeats = False
        await _note(session, duty, rules, by, ChangeKind.CORRECTED, before=duty.rule.recurrence.value)


def is_paused(duty: Duty, now: dt.datetime) -> bool:
    """Whether nobody is to be reminded of it today: promised, snoozed, or undecided."""
    return duty.awaits is not None or (duty.paused_until is not None and local_day(now) <= duty.paused_until)


async def _note(session: AsyncSession, duty: Duty, rules: Rules, by: By, kind: ChangeKind, *, before: str = "", after: str = "") -> None:
    set_next_look(duty, rules)
    session.add(duty)
    change = DutyChange(
        duty_id=duty.id, at=by.at, kind=kind, contact_id=by.contact_id, before=before, after=after, reason=by.reason.strip()
    )
    await add_change(session, change)


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _days(offsets: tuple[int, ...] | None) -> str:
    return ",".join(map(str, offsets)) if offsets is not None else ""
