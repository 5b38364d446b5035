"""Whom a step of the ladder reaches, and who of an agency is left out and why. Pure but for loading the people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account, list_accounts
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
    """A contact as far as reminding goes; `account` is where they are written to, None where they cannot be."""

    contact: Contact
    account: Account | None
    is_cut_off: bool = False

    def left_out(self, day: dt.date) -> LeftOut | None:
        """Why they are not reminded on this day; None when they are."""
        if self.contact.silenced_at is not None:
            return LeftOut.SILENCED
        if self.contact.is_away(day):
            return LeftOut.AWAY
        if self.account is None:
            return LeftOut.OFF if self.is_cut_off else LeftOut.NO_ACCOUNT
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


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told, in which part, and who is left out for which reason."""

    told: tuple[tuple[Person, Step], ...] = ()
    left_out: tuple[tuple[Person, LeftOut], ...] = field(default=())


async def load_people(session: AsyncSession, agency_codes: Collection[str] | None = None) -> People:
    """The people of these agencies (of all, when None), with the coordinators; where nobody coordinates, administrators do."""
    everybody = await _with_accounts(session, await list_contacts_of(session, agency_codes, Role.COORDINATOR, Role.ADMIN))
    grouped: defaultdict[str, list[Person]] = defaultdict(list)
    for person in everybody.values():
        grouped[person.contact.agency_code or ""].append(person)
    coordinating = [one for one in everybody.values() if one.contact.role is Role.COORDINATOR]
    coordinating = coordinating or [one for one in everybody.values() if one.contact.role is Role.ADMIN]
    return People({code: staff_of(people) for code, people in grouped.items() if code}, tuple(coordinating), everybody)


async def load_persons(session: AsyncSession, contact_ids: Collection[int]) -> dict[int, Person]:
    """These people, by the contact's id; who has been removed is not among them."""
    return await _with_accounts(session, await get_contacts(session, contact_ids))


async def _with_accounts(session: AsyncSession, contacts: Sequence[Contact]) -> dict[int, Person]:
    """Each with the account where they are written to: the one that they linked first and that still takes messages."""
    accounts: dict[int | None, Account] = {}
    cut_off: set[int | None] = set()
    for account in await list_accounts(session, [one.id for one in contacts], also_off=True):
        if account.off_at is not None:
            cut_off.add(account.contact_id)
        else:
            accounts.setdefault(account.contact_id, account)
    return {one.id: Person(one, accounts.get(one.id), one.id in cut_off) for one in contacts}


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
    leaders. After the last day (`is_late`) the substitutes are reminded beside the focal points."""
    left_out: list[tuple[Person, LeftOut]] = []
    groups: list[tuple[Sequence[Person], Step]] = [
        ((assignee,) if assignee and not is_late else (), Step.FOCAL_POINT),
        ((*staff.focal_points, *staff.substitutes) if is_late else staff.focal_points, Step.FOCAL_POINT),
        (() if is_late else staff.substitutes, Step.FOCAL_POINT),
        (staff.leaders, Step.LEADER),
    ]
    for group, step in groups:
        told = []
        for person in group:
            why = person.left_out(day)
            if why is None:
                told.append((person, step))
            elif (person, why) not in left_out:
                left_out.append((person, why))
        if told:
            return Audience(tuple(told), tuple(left_out))
    return Audience((), tuple(left_out))


def reachable(people: Sequence[Person], day: dt.date) -> list[Person]:
    """Those of them who can be told something that day; who asked for no reminders is still told what is overdue."""
    return [one for one in people if one.left_out(day) in (None, LeftOut.SILENCED) and one.account is not None]
