"""Why somebody was, or was not, reminded of a duty: every reminder of it with what became of it, and when the next comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty
from db.nudges import Nudge, list_nudges
from db.people import get_person
from scheduler.audience import LeftOut, audience_of, load_people
from scheduler.calendar import local_day
from scheduler.course import Rules, course_of
from scheduler.ladder import Rung, next_rung


@dataclass(frozen=True, slots=True)
class Reminded:
    """One person with the reminders of a duty that were theirs, the oldest first. `left_out`: why they would not be reminded
    today; `is_next`: whether the next reminder is theirs as things stand."""

    name: str
    is_of_agency: bool
    nudges: tuple[Nudge, ...]
    left_out: LeftOut | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that decided who was reminded of a duty. `next_rung` is None when nobody is reminded any more, as things stand."""

    duty: Duty
    people: tuple[Reminded, ...]
    next_rung: Rung | None


async def explain(session: AsyncSession, duty: Duty, rules: Rules, *, now: dt.datetime) -> Explanation:
    """Why the people of a duty's agency, and whoever else was told, were reminded or not."""
    nudges = await list_nudges(session, [duty.id])
    people = await load_people(session, [duty.agency_code])
    staff = people.of(duty.agency_code)
    course = course_of(duty, rules)
    rung = next_rung(course, now, rules.working) if course else None
    day = rung.sent_on if rung else local_day(now)
    assignee = people.everybody.get(duty.assignee_id or 0)
    audience = audience_of(staff, day, assignee=assignee, is_late=bool(rung and rung.is_late))
    coming = {person.contact.id for person, _ in audience.told} if rung else set()
    found: list[Reminded] = []
    seen: set[int] = set()
    for person in (*((assignee,) if assignee else ()), *staff.focal_points, *staff.substitutes, *staff.leaders):
        contact_id = person.contact.id
        if contact_id in seen:
            continue
        seen.add(contact_id)
        left_out = person.left_out(local_day(now))
        found.append(Reminded(person.contact.name, True, _of(nudges, contact_id), left_out, contact_id in coming))
    for contact_id in dict.fromkeys(one.contact_id for one in nudges):
        if contact_id not in seen:
            other = await get_person(session, contact_id)
            found.append(Reminded(other.contact.name, False, _of(nudges, contact_id), None, False))
    return Explanation(duty, tuple(found), rung)


def _of(nudges: Sequence[Nudge], contact_id: int) -> tuple[Nudge, ...]:
    return tuple(one for one in nudges if one.contact_id == contact_id)
