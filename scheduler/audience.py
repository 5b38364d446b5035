"""Whom a step of the ladder reaches, and who of an agency is left out and why. Pure but for loading the people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account, list_accounts
from db.duties import Duty
from db.nudges import Step
from db.people import Contact, Role, get_contacts, list_contacts_of


class LeftOut(StrEnum):
    """Why somebody who would be reminded is not."""

    AWAY = "away"
    SILENCED = "silenced"
    NO_ACCOUNT = "no_account"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as far as reminding goes; `account` is where they are written to, None where they cannot be. `off_reason`:
    why they cannot be any more, empty where they never could."""

    contact: Contact
    account: Account | None
    off_reason: str = ""

    def left_out(self, day: dt.date) -> LeftOut | None:
        """Why they are not reminded on this day; None when they are."""
        if self.contact.silenced_at is not None:
            return LeftOut.SILENCED
        if self.contact.is_away(day):
            return LeftOut.AWAY
        if self.account is None:
            return LeftOut.OFF if self.off_reason else LeftOut.NO_ACCOUNT
        return None


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works in an agency, by what they are there for."""

    focal_points: tuple[Person, ...] = ()
    substitutes: tuple[Person, ...] = ()
    leaders: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """The staff of some agencies, and the coordinators of all."""

    staff: dict[str, Staff]
    coordinators: tuple[Person, ...]
    everybody: dict[int, Person]

    def of(self, agency_code: str) -> Staff:
        return self.staff.get(agency_code, Staff())

    def assignee_of(self, duty: Duty) -> Person | None:
        """Who has taken a duty on, while they work in the agency that owes it."""
        person = self.everybody.get(duty.assignee_id or 0)
        return person if person is not None and person.contact.agency_code == duty.agency_code else None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told, in which part, and who is left out for which reason."""

    told: tuple[tuple[Person, Step], ...] = ()
    left_out: tuple[tuple[Person, LeftOut], ...] = field(default=())


async def load_people(session: AsyncSession, agency_codes: Collection[str] | None = None) -> People:
    """The people of these agencies (of all, when None), with the coordinators; where none of those has an account, the
    administrators are told what is theirs."""
    everybody = await _with_accounts(session, await list_contacts_of(session, agency_codes, Role.COORDINATOR, Role.ADMIN))
    grouped: defaultdict[str, list[Person]] = defaultdict(list)
    for person in everybody.values():
        grouped[person.contact.agency_code or ""].append(person)
    coordinating = [one for one in everybody.values() if one.contact.role is Role.COORDINATOR]
    if all(one.account is None for one in coordinating):
        coordinating += [one for one in everybody.values() if one.contact.role is Role.ADMIN]
    return People({code: staff_of(people) for code, people in grouped.items() if code}, tuple(coordinating), everybody)


async def load_persons(session: AsyncSession, contact_ids: Collection[int]) -> dict[int, Person]:
    """These people, by the contact's id; who has been removed is not among them."""
    return await _with_accounts(session, await get_contacts(session, contact_ids))


async def _with_accounts(session: AsyncSession, contacts: Sequence[Contact]) -> dict[int, Person]:
    """Each with the account where they are written to: the one that they linked first and that still takes messages."""
    accounts: dict[int | None, Account] = {}
    cut_off: dict[int | None, str] = {}
    for account in await list_accounts(session, [one.id for one in contacts], also_off=True):
        if account.off_at is not None:
            cut_off[account.contact_id] = account.off_reason or LeftOut.OFF.value
        else:
            accounts.setdefault(account.contact_id, account)
    return {one.id: Person(one, accounts.get(one.id), cut_off.get(one.id, "")) for one in contacts}


def staff_of(people: Sequence[Person]) -> Staff:
    """An agency's people by what they are there for."""
    focal_points = [one for one in people if one.contact.role is Role.FOCAL_POINT]
    return Staff(
        tuple(one for one in focal_points if not one.contact.is_substitute),
        tuple(one for one in focal_points if one.contact.is_substitute),
        tuple(one for one in people if one.contact.role is Role.LEADER),
    )


def audience_of(staff: Staff, day: dt.date, *, assignee: Person | None = None, is_late: bool = False) -> Audience:
    """Who is reminded to do a duty: whoever took it on, else the focal points, else their substitutes, else the agency's
    leaders. After the last day (`is_late`) whoever took it on, the focal points and the substitutes are all reminded."""
    taken = (assignee,) if assignee else ()
    doers = [taken, staff.focal_points, staff.substitutes]
    groups: list[tuple[Sequence[Person], Step]] = [
        *((group, Step.FOCAL_POINT) for group in ([[one for group in doers for one in group]] if is_late else doers)),
        (staff.leaders, Step.LEADER),
    ]
    # By person: whoever took a duty on is mostly a focal point too.
    left_out: dict[int, tuple[Person, LeftOut]] = {}
    for group, step in groups:
        told: dict[int, tuple[Person, Step]] = {}
        for person in group:
            why = person.left_out(day)
            if why is None:
                told.setdefault(person.contact.id, (person, step))
            else:
                left_out.setdefault(person.contact.id, (person, why))
        if told:
            return Audience(tuple(told.values()), tuple(left_out.values()))
    return Audience((), tuple(left_out.values()))


def is_reached(staff: Staff, day: dt.date) -> bool:
    """Whether a focal point or a substitute of the agency can be reminded that day."""
    return any(one.left_out(day) is None for one in (*staff.focal_points, *staff.substitutes))


def reachable(people: Sequence[Person], day: dt.date) -> list[Person]:
    """Those of them who can be told something that day; who asked for no reminders is still told what is overdue."""
    return [one for one in people if one.account is not None and not one.contact.is_away(day)]
