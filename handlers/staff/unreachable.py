"""Agencies of which nobody can be reminded: why, whom to call, and what they owe meanwhile."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import count_open_by_agency
from db.people import Agency, list_agencies
from handlers.wording import staff as wording
from knowledge.agencies import GROUP
from scheduler.audience import LeftOut, Person, Staff, is_reached, load_people


@dataclass(frozen=True, slots=True)
class Answering:
    """An agency with those who answer for it, each with the reason why they are not reminded (None: they are); `others` work
    there too. `is_reached`: a focal point or a substitute is reminded."""

    agency: Agency
    open_duties: int
    focal_points: tuple[tuple[Person, LeftOut | None], ...]
    others: tuple[Person, ...]
    is_reached: bool

    @property
    def why(self) -> str:
        """Why nobody is reminded: «Trần Thị Bình: chưa liên kết tài khoản», «chưa cử đầu mối»."""
        told = [f"{person.contact.name}: {wording.why_left_out(person, left)}" for person, left in self.focal_points if left]
        return "; ".join(told) or wording.NOBODY_NAMED

    @property
    def numbers(self) -> list[str]:
        """Whom to call: the focal points, then leaders and the others, at most three of those."""
        return [*_numbers([person for person, _ in self.focal_points]), *_numbers(self.others[:3])]


async def list_answering(session: AsyncSession, day: dt.date) -> list[Answering]:
    """Every agency that is on the list, has people, or owes an open duty, with who answers for it that day: those that nobody
    is reached of first, what is owed most before what is owed less. Groups of agencies are left out."""
    people, owed = await load_people(session), await count_open_by_agency(session)
    agencies = [one for one in await list_agencies(session) if one.kind != GROUP]
    working: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people.everybody.values():
        working[person.contact.agency_code or ""].append(person)
    known = [
        _answering(one, people.of(one.code), working[one.code], owed.get(one.code, 0), day)
        for one in agencies
        if one.is_listed or one.code in working or one.code in owed
    ]
    return sorted(known, key=lambda one: (one.is_reached, -one.open_duties, one.agency.name))


async def list_unreached(session: AsyncSession, day: dt.date) -> list[Answering]:
    """Those of which no focal point and no substitute can be reminded that day."""
    return [one for one in await list_answering(session, day) if not one.is_reached]


def describe(one: Answering) -> dict[str, Any]:
    """An agency for a script: {code, agency, open_duties, why, focal_points, others}, people with number and reason."""
    return {
        "code": one.agency.code,
        "agency": one.agency.name,
        "open_duties": one.open_duties,
        "why": one.why,
        "focal_points": [
            {"name": person.contact.name, "phone": person.contact.phone, "reason": left.value if left else None}
            for person, left in one.focal_points
        ],
        "others": [
            {"name": person.contact.name, "phone": person.contact.phone, "role": person.contact.role.value} for person in one.others
        ],
    }


def _answering(agency: Agency, staff: Staff, working: Sequence[Person], open_duties: int, day: dt.date) -> Answering:
    focal_points = tuple((one, one.left_out(day)) for one in (*staff.focal_points, *staff.substitutes))
    named = {person.contact.id for person, _ in focal_points}
    leaders = {one.contact.id for one in staff.leaders}
    others = [one for one in working if one.contact.id not in named and one.contact.id not in leaders]
    return Answering(agency, open_duties, focal_points, (*staff.leaders, *others), is_reached(staff, day))


def _numbers(people: Sequence[Person]) -> list[str]:
    return [f"{one.contact.name} {one.contact.phone}" for one in people if one.contact.phone]
