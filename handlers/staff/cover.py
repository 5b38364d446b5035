"""Who is reminded in somebody's place, while they are away, silent, or gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.messages import Message
from db.people import Contact, Role, get_person
from handlers.wording import staff as wording
from scheduler.audience import Person, Staff, audience_of, is_reached, load_people, reachable
from scheduler.reach import tell

_DAY = dt.timedelta(days=1)
_LOOKED_AT = 92  # days of an absence


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is reminded instead on the first day; `alone_on`: the first day on which no focal point and no substitute of the
    agency is, None when there always is one. Nobody stands in for who is not reminded of an agency's duties anyway."""

    instead: tuple[Person, ...] = ()
    alone_on: dt.date | None = None
    is_needed: bool = False


async def cover_of(session: AsyncSession, contact: Contact, first: dt.date, last: dt.date | None = None) -> Cover:
    """Who is reminded of the agency's duties while this person is not, from one day to another (None: to no known day)."""
    if contact.role is not Role.FOCAL_POINT or contact.agency_code is None:
        return Cover()
    people = await load_people(session, {contact.agency_code})
    left = _without(people.of(contact.agency_code), contact.id)
    days = [first + number * _DAY for number in range(min((last - first).days + 1 if last else _LOOKED_AT, _LOOKED_AT))]
    instead = tuple(person for person, _ in audience_of(left, first).told)
    return Cover(instead, next((day for day in days if not is_reached(left, day)), None), is_needed=True)


async def told_if_alone(session: AsyncSession, contact: Contact, day: dt.date) -> str:
    """To the coordinators, where an agency loses its last focal point who can be reached; empty where it does not."""
    cover = await cover_of(session, contact, day, day)
    if cover.alone_on is None:
        return ""
    person = await get_person(session, contact.id)
    return wording.LEFT_ALONE.format(agency=person.agency.name if person.agency else "")


async def tell_coordinators(session: AsyncSession, message: Message, *, now: dt.datetime, day: dt.date, besides: Sequence[int] = ()) -> int:
    """Tell the coordinators who are there that day; how many."""
    people = await load_people(session, ())
    there = [one.contact for one in reachable(people.coordinators, day) if one.contact.id not in besides]
    return await tell(session, there, message, now=now) if there else 0


def _without(staff: Staff, contact_id: int) -> Staff:
    def others(group: tuple[Person, ...]) -> tuple[Person, ...]:
        return tuple(one for one in group if one.contact.id != contact_id)

    return Staff(others(staff.focal_points), others(staff.substitutes), others(staff.leaders))
