"""What a tick at some instant would do, without doing it: every reminder, sent or not, with the reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyState, list_duties
from db.nudges import Step, list_escalations
from db.people import list_agencies
from scheduler import wording
from scheduler.audience import Person, load_people
from scheduler.calendar import at_local, local_day
from scheduler.course import Rules, course_of
from scheduler.ladder import Course, ladder_for
from scheduler.nudging import line_of
from scheduler.planner import Decision, decide


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message that a moment calls for. `rung` is the most urgent step of its duties (-3: three days before); `contact`
    and `channel` are None while nobody of the agency is known; `reason` says why it will not be sent."""

    at: dt.datetime
    contact: str | None
    agency: str
    codes: tuple[str, ...]
    rung: int
    channel: str | None
    will_send: bool
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class _Item:
    duty: Duty
    decision: Decision
    step: Step
    is_proposed: bool


async def preview_reminders(session: AsyncSession, at: dt.datetime, rules: Rules) -> list[Reminder]:
    """The reminders that the moment calls for, as things stand now; duties of one person are one message.

    Those still proposed are shown as if they were confirmed, and apart. Where a duty was confirmed, or dealt with, later
    than `at`, the steps of that day are shown: what would have been.
    """
    duties = [one for one in await list_duties(session, DutyState.OPEN, DutyState.PROPOSED) if one.last_day is not None]
    people = await load_people(session)
    names = {one.code: one.name for one in await list_agencies(session)}
    escalations = await list_escalations(session, [one.id for one in duties])
    gathered: defaultdict[tuple[int, str, bool, str], list[_Item]] = defaultdict(list)
    for duty in duties:
        is_proposed = duty.state is DutyState.PROPOSED
        course = _course_at(duty, at, rules)
        decision = decide(duty, course, people, escalations.get(duty.id), at, rules) if course else None
        if decision is None:
            continue
        for person, step in decision.audience.told:
            gathered[person.contact.id, "", is_proposed, ""].append(_Item(duty, decision, step, is_proposed))
        for person, why in decision.audience.left_out:
            item = _Item(duty, decision, Step.FOCAL_POINT, is_proposed)
            gathered[person.contact.id, "", is_proposed, why.value].append(item)
        if decision.is_unreached and not decision.audience.left_out:
            gathered[0, duty.agency_code, is_proposed, ""].append(_Item(duty, decision, Step.FOCAL_POINT, is_proposed))
    reminders = [
        _reminder(people.everybody.get(contact_id), agency, items, why, names, at, rules)
        for (contact_id, agency, _, why), items in gathered.items()
    ]
    return sorted(reminders, key=lambda one: (one.at, one.agency, one.contact or "", one.codes))


def _course_at(duty: Duty, at: dt.datetime, rules: Rules) -> Course | None:
    """What decides at that instant; a proposed duty counts as confirmed at the beginning of the day."""
    day_begins = at_local(local_day(at), dt.time())
    if duty.state is DutyState.PROPOSED:
        assert duty.last_day is not None
        return Course(duty.last_day, ladder_for(duty.rule.recurrence, rules.ladder, duty.ladder), dealt_with=day_begins)
    course = course_of(duty, rules)
    if course is not None and course.dealt_with > at:
        return dataclasses.replace(course, dealt_with=day_begins)
    return course


def _reminder(
    person: Person | None,
    agency_code: str,
    items: Sequence[_Item],
    why: str,
    names: Mapping[str, str],
    at: dt.datetime,
    rules: Rules,
) -> Reminder:
    items = sorted(items, key=lambda one: (one.duty.last_day or dt.date.max, one.duty.id))
    by_step: defaultdict[Step, list[wording.NudgeLine]] = defaultdict(list)
    for one in items:
        name = names.get(one.duty.agency_code, one.duty.agency_code)
        by_step[one.step].append(line_of(one.duty, name, is_again=one.decision.rung.is_again))
    code = agency_code or (person.contact.agency_code if person else "") or ""
    agency = names.get(code, code)
    due_at = max(one.decision.rung.at for one in items)
    account = person.account if person else None
    if items[0].is_proposed:
        reason = wording.PROPOSED
    elif person is None:
        reason = wording.NO_CONTACT
    elif why:
        reason = wording.NOT_SENT[why]
    else:
        reason = "" if rules.working.is_open(at) else wording.OUTSIDE_HOURS
    return Reminder(
        at=due_at,
        contact=person.contact.name if person else None,
        agency=agency,
        codes=tuple(dict.fromkeys(one.duty.code for one in items)),
        rung=max(one.decision.rung.offset for one in items),
        channel=account.channel if account else None,
        will_send=not reason,
        reason=reason,
        text=wording.nudge(person.contact.name if person else "", agency, by_step, now=at, due_at=due_at).text,
    )
