"""Duties corrected by whoever keeps them, before and after they are confirmed. A group's duty that was divided stands for
its open parts. Whoever works on a duty that is open is told of what changes for them; the caller says what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyOutcome, DutyState, list_parts, list_recurring
from db.messages import Action, Message
from db.people import Agency, ensure_agencies, list_agencies
from handlers.duties.series import REMEMBERED, Series
from handlers.wording import duties as wording
from scheduler import course
from scheduler.audience import load_people
from scheduler.calendar import local_day
from scheduler.course import By, Rules
from scheduler.reach import tell


class NotDone(Exception):
    """A change that makes no sense as things are; `reason` is Vietnamese: why, and what to do instead; `rows`: buttons to do it."""

    def __init__(self, reason: str, *rows: tuple[Action, ...]) -> None:
        super().__init__(reason)
        self.reason, self.rows = reason, rows


@dataclass(frozen=True, slots=True)
class Changed:
    """The duties that a change was made to, and how many people were told (None: nobody had to be)."""

    duties: tuple[Duty, ...]
    told: int | None = None


async def affected(session: AsyncSession, duty: Duty) -> list[Duty]:
    """The duties that a change of this one means: itself, or the open parts of a group's."""
    return await list_parts(session, [duty.id], DutyState.OPEN) if duty.outcome is DutyOutcome.SPLIT else [duty]


async def move_duty(session: AsyncSession, duty: Duty, last_day: dt.date, rules: Rules, by: By) -> Changed:
    """Another last day. Raises NotDone where it is the day already, or the duty is closed."""
    moved = [one for one in await _open_ones(session, duty) if one.last_day != last_day]
    if not moved:
        raise NotDone(wording.MOVE_SAME.format(code=duty.code, day=wording.day(last_day)))
    for one in moved:
        await course.move(session, one, last_day, rules, by)
    return Changed(tuple(moved), await _tell(session, moved, lambda one: wording.told_moved(one, by.reason), by))


async def close_duty(session: AsyncSession, duty: Duty, rules: Rules, by: By, *, outcome: DutyOutcome = DutyOutcome.DROPPED) -> Changed:
    """Taken off the list. Raises NotDone where it is closed already."""
    closed = await _open_ones(session, duty)
    open_ones = [one for one in closed if one.state is DutyState.OPEN]
    for one in closed:
        await course.close(session, one, outcome, rules, by)
    return Changed(tuple(closed), await _tell(session, open_ones, lambda one: wording.told_closed(one, by.reason), by))


async def reopen_duty(session: AsyncSession, duty: Duty, rules: Rules, by: By) -> Changed:
    """Opened again, with the reason told to the agency. Raises NotDone where it is not closed, or was divided."""
    if duty.outcome is DutyOutcome.SPLIT:
        raise NotDone(wording.SPLIT_STAYS.format(code=duty.code))
    if duty.state is not DutyState.CLOSED:
        raise NotDone(wording.NOT_CLOSED.format(code=duty.code))
    await course.reopen(session, duty, rules, by)
    return Changed((duty,), await _tell(session, [duty], lambda one: wording.told_reopened(one, by.reason), by))


async def give_duty(session: AsyncSession, duty: Duty, agency: Agency, rules: Rules, by: By) -> Changed:
    """Another agency owes it; both are told. Raises NotDone for the same agency, a group in an agency's place, a closed duty."""
    if duty.outcome is DutyOutcome.SPLIT:
        raise NotDone(wording.SPLIT_GIVE.format(code=duty.code))
    await _open_ones(session, duty)
    if agency.code == duty.agency_code:
        raise NotDone(wording.GIVE_SAME.format(code=duty.code, agency=agency.name))
    if agency.kind == "group" and duty.state is DutyState.OPEN:
        raise NotDone(wording.GIVE_GROUP.format(agency=agency.name))
    (before,) = await list_agencies(session, [duty.agency_code])
    await ensure_agencies(session, [agency])
    turns = await list_recurring(session, since=local_day(by.at) - REMEMBERED) if duty.rule.recurrence else []
    later = [one for one in turns if one.state is DutyState.PROPOSED and Series.of(one) == Series.of(duty) and one.id != duty.id]
    for one in (duty, *later):
        await course.hand_over(session, one, agency.code, rules, by)
    told = await _tell(session, [duty], lambda one: wording.told_given(one, before.name, by.reason), by)
    if told is not None:
        message = wording.told_given_away(duty, agency.name, by.reason)
        told += await _tell_agency(session, before.code, message, by)
    return Changed((duty,), told)


async def set_ladder(session: AsyncSession, duty: Duty, offsets: tuple[int, ...] | None, rules: Rules, by: By) -> Changed:
    """A ladder of its own, or (None) the usual one. Raises NotDone for a closed duty."""
    changed = await _open_ones(session, duty)
    for one in changed:
        await course.set_ladder(session, one, offsets, rules, by)
    return Changed(tuple(changed))


async def correct_task(session: AsyncSession, duty: Duty, task: str, rules: Rules, by: By) -> Changed:
    """Other words for what is to be done. Raises NotDone for a closed duty."""
    changed = await _open_ones(session, duty)
    for one in changed:
        await course.correct_task(session, one, task, rules, by)
    return Changed(tuple(changed))


async def stop_repeating(session: AsyncSession, duty: Duty, rules: Rules, by: By) -> Changed:
    """No turn after those that are open; turns that are only proposed are dropped. Raises NotDone where nothing repeats."""
    asked = await list_parts(session, [duty.id]) if duty.outcome is DutyOutcome.SPLIT else [duty]
    known = await list_recurring(session, since=local_day(by.at) - REMEMBERED)
    # A group's own turns count too: they would be divided anew.
    turns = [one for one in known if any(Series.of(one) == Series.of(each) for each in (duty, *asked))]
    stopped = [one for one in turns if one.repeats]
    if not stopped:
        raise NotDone(wording.NOT_REPEATING.format(code=duty.code))
    for one in stopped:
        await course.stop_repeating(session, one, rules, by)
        if one.state is DutyState.PROPOSED and one.id != duty.id:
            await course.close(session, one, DutyOutcome.DROPPED, rules, by)
    return Changed(tuple(stopped))


async def _open_ones(session: AsyncSession, duty: Duty) -> list[Duty]:
    found = [one for one in await affected(session, duty) if one.state is not DutyState.CLOSED]
    if not found:
        raise NotDone(wording.CLOSED_ALREADY.format(code=duty.code, outcome=wording.state_of(duty)))
    return found


async def _tell(session: AsyncSession, duties: Sequence[Duty], message: Callable[[Duty], Message], by: By) -> int | None:
    """Tell the people who work on these duties; None where none of them is open, so that nobody knows of them."""
    told = None
    for duty in duties:
        if duty.state is DutyState.OPEN or duty.confirmed_at is not None:
            told = (told or 0) + await _tell_agency(session, duty.agency_code, message(duty), by)
    return told


async def _tell_agency(session: AsyncSession, code: str, message: Message, by: By) -> int:
    staff = (await load_people(session, {code})).of(code)
    people = [one.contact for one in (*staff.focal_points, *staff.substitutes)] or [one.contact for one in staff.leaders]
    return await tell(session, [one for one in people if one.id != by.contact_id], message, now=by.at)
