"""What a moment calls for: which duties are due for a step, who is told because of it, and the rows that say so.

`decide` is pure, and what a preview asks too; `plan_nudges` writes. A tick that runs twice, late, or in two processes at
once leaves the same rows: each duty is looked at when its `remind_at` has come, under a lease, in batches of one transaction each.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty
from db.engine import Database
from db.leases import hold, let_go
from db.nudges import (
    Escalation,
    Nudge,
    NudgeState,
    Step,
    add_nudges,
    list_due_agencies,
    list_due_duties,
    list_escalations,
    list_waiting_contacts,
    next_look,
)
from db.people import Role
from db.reports import ChangeKind, DutyChange
from scheduler.audience import Audience, LeftOut, People, Person, audience_of, load_people, reachable
from scheduler.calendar import local_day
from scheduler.course import Rules, course_of, set_next_look
from scheduler.ladder import Course, Rung, due_rungs
from scheduler.nudging import write_messages

_AGENCIES, _DUTIES, _PEOPLE, _NUDGES = 40, 400, 40, 400  # in one transaction
_LEASE, _TERM = "planner", dt.timedelta(seconds=10)
_AGAIN = 0.2  # seconds until another look at who holds the lease
# Rungs after the last day, by count: the leader is told with the second, the coordinator with the third.
LEADER_AT, COORDINATOR_AT = 2, 3
_COORDINATING = (Role.COORDINATOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a duty calls for now: the step to act on, the steps that were missed before it, who is told and who left out.
    `position`: how many steps after the last day have been reached with this one, whether or not each went out by itself."""

    rung: Rung
    missed: tuple[Rung, ...]
    audience: Audience
    position: int
    is_unreached: bool


@dataclass(slots=True)
class Planned:
    """What a tick did: duties looked at, and messages written."""

    duties: int = 0
    messages: int = 0


def decide(duty: Duty, course: Course, people: People, escalation: Escalation | None, now: dt.datetime, rules: Rules) -> Decision | None:
    """What an open duty calls for now; None when nothing is due. After a standstill only the latest step counts."""
    due = due_rungs(course, now, rules.working)
    if not due:
        return None
    rung, day, staff = due[-1], local_day(now), people.of(duty.agency_code)
    audience = audience_of(staff, day, assignee=people.assignee_of(duty), is_late=rung.is_late)
    before = escalation.position if escalation else 0
    position = before + sum(one.steps for one in due if one.is_late and not one.is_again)
    told = list(audience.told)
    is_unreached = not told
    if before < LEADER_AT <= position:
        named = [one for one in _named(escalation.leader_ids, people) if one.contact.agency_code == duty.agency_code] if escalation else []
        leaders = reachable(named, day) or reachable(staff.leaders, day)
        told += [(one, Step.LEADER) for one in leaders]
    if before < COORDINATOR_AT <= position:
        named = [one for one in _named(escalation.coordinator_ids, people) if one.contact.role in _COORDINATING] if escalation else []
        coordinators = reachable(named, day) or reachable(people.coordinators, day)
        told += [(one, Step.COORDINATOR) for one in coordinators]
    elif is_unreached and (duty.reminded_until is None or rung.offset == 0 or before < 1 <= position):
        # Not at every step: they know after the first, and are reminded of it on the last day.
        told += [(one, Step.UNREACHED) for one in reachable(people.coordinators, day)]
    return Decision(rung, tuple(due[:-1]), Audience(_once(told), audience.left_out), position, is_unreached)


def _once(told: Sequence[tuple[Person, Step]]) -> tuple[tuple[Person, Step], ...]:
    """Each person once in each part."""
    return tuple({(person.contact.id, step): (person, step) for person, step in told}.values())


def _named(ids: tuple[int, ...], people: People) -> list[Person]:
    """Those whom the chain named when it began. Where none of them is there any more, those of today take their place."""
    return [people.everybody[one] for one in ids if one in people.everybody]


async def plan_nudges(
    database: Database, rules: Rules, *, now: dt.datetime, holder: str, world: Callable[[], dt.datetime], wait: bool = True
) -> Planned:
    """Everything that is due by now, planned and written as messages; outside working time nothing is.

    One process at a time does it (`holder` names this one; the lease runs by the world's clock): another waits for it, or
    with `wait` false leaves it to that one.
    """
    planned = Planned()
    if not await has_work(database, rules, now):
        return planned
    while not await _take(database, holder, world()):
        if not wait:
            return planned
        await asyncio.sleep(_AGAIN)
    try:
        while (count := await _plan_batch(database, rules, now, holder, world)) is not None:
            planned.duties += count
        while (count := await _write_batch(database, now, holder, world)) is not None:
            planned.messages += count
    finally:
        async with database.write() as session:
            await let_go(session, _LEASE, holder, now=world())
    return planned


async def has_work(database: Database, rules: Rules, now: dt.datetime) -> bool:
    """Whether there is anything to plan or to write now; looking costs little."""
    if not rules.working.is_open(now):
        return False
    async with database.read() as session:
        at = await next_look(session)
        return (at is not None and at <= now) or bool(await list_waiting_contacts(session, limit=1, nudges=1))


async def _take(database: Database, holder: str, world: dt.datetime) -> bool:
    async with database.write() as session:
        return await hold(session, _LEASE, holder, now=world, term=_TERM)


async def _plan_batch(database: Database, rules: Rules, now: dt.datetime, holder: str, world: Callable[[], dt.datetime]) -> int | None:
    """Plan for some agencies; how many duties were due, None when nothing is any more or the lease was lost."""
    async with database.write() as session:
        if not await hold(session, _LEASE, holder, now=world(), term=_TERM):
            return None
        agencies = await list_due_agencies(session, now, limit=_AGENCIES)
        duties = await list_due_duties(session, now, agencies, limit=_DUTIES) if agencies else []
        if not duties:
            return None
        people = await load_people(session, {one.agency_code for one in duties})
        escalations = await list_escalations(session, [one.id for one in duties])
        nudges: list[Nudge] = []
        for duty in duties:
            nudges += _plan(session, duty, people, escalations.get(duty.id), now, rules)
        await session.flush()
        await add_nudges(session, nudges)
        return len(duties)


def _plan(session: AsyncSession, duty: Duty, people: People, escalation: Escalation | None, now: dt.datetime, rules: Rules) -> list[Nudge]:
    """The reminders of one duty that is due, its chain a rung further, and its next look."""
    course = course_of(duty, rules)
    decision = decide(duty, course, people, escalation, now, rules) if course else None
    if decision is None:
        set_next_look(duty, rules)
        return []
    if decision.position and escalation is None:
        escalation = _begin_chain(duty, people, now)
        session.add(escalation)
    if escalation is not None and decision.position > escalation.position:
        told = sorted({step.value for _, step in decision.audience.told if step in (Step.LEADER, Step.COORDINATOR)})
        if told:
            session.add(DutyChange(duty_id=duty.id, at=now, kind=ChangeKind.ESCALATED, after=", ".join(told)))
        escalation.position = decision.position
    if decision.is_unreached:
        session.add(DutyChange(duty_id=duty.id, at=now, kind=ChangeKind.UNREACHED, after=str(decision.rung.offset)))
    duty.reminded_until = decision.rung.at
    set_next_look(duty, rules)
    return [
        *(_nudge(duty, person, step, decision.rung, now) for person, step in decision.audience.told),
        *(_nudge(duty, person, Step.FOCAL_POINT, decision.rung, now, why) for person, why in decision.audience.left_out),
    ]


def _begin_chain(duty: Duty, people: People, now: dt.datetime) -> Escalation:
    """The chain of a duty that is overdue, with the people of today."""
    leaders = tuple(one.contact.id for one in people.of(duty.agency_code).leaders)
    coordinators = tuple(one.contact.id for one in people.coordinators)
    return Escalation(duty_id=duty.id, started_at=now, leader_ids=leaders, coordinator_ids=coordinators)


def _nudge(duty: Duty, person: Person, step: Step, rung: Rung, now: dt.datetime, why: LeftOut | None = None) -> Nudge:
    return Nudge(
        duty_id=duty.id,
        contact_id=person.contact.id,
        rung=rung.offset,
        rung_day=rung.day,
        step=step,
        is_again=rung.is_again,
        due_at=rung.at,
        planned_at=now,
        state=NudgeState.PLANNED if why is None else NudgeState.DROPPED,
        settled_at=None if why is None else now,
        reason="" if why is None else why.value,
    )


async def _write_batch(database: Database, now: dt.datetime, holder: str, world: Callable[[], dt.datetime]) -> int | None:
    """Write the messages of some people; how many, None when nobody waits for one any more or the lease was lost."""
    async with database.write() as session:
        if not await hold(session, _LEASE, holder, now=world(), term=_TERM):
            return None
        contact_ids = await list_waiting_contacts(session, limit=_PEOPLE, nudges=_NUDGES)
        return await write_messages(session, contact_ids, now=now, world=world()) if contact_ids else None


async def next_reminder_at(session: AsyncSession, after: dt.datetime, rules: Rules) -> dt.datetime | None:
    """The first instant after this one at which somebody is reminded, as far as is known now; None when nobody ever is."""
    at = await next_look(session, after=after)
    return None if at is None else rules.working.next_open(at)
