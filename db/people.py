"""Agencies, and the people who work in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Json, Row, insert_missing, text_enum, upsert


class Role(StrEnum):
    """What a person is here for."""

    OFFICIAL = "official"
    FOCAL_POINT = "focal_point"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


# The kind of agency whose leaders are the province's.
LEADERSHIP = "leadership"


class Agency(Row, table=True):
    """A department, office or commune. `short_names` are what people type; `groups` what a text may call it with others.
    `is_listed`: from this installation's own list, rather than known only because a document names it."""

    code: str = Field(primary_key=True)
    name: str
    short_names: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    kind: str = ""
    groups: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    # Checked at commit, so that a list may name a parent after its children.
    parent: str | None = Field(
        default=None, sa_column_args=[ForeignKey("agency.code", ondelete="SET NULL", deferrable=True, initially="DEFERRED")]
    )
    is_listed: bool = False


class Contact(Row, table=True):
    """A person. `phone` is national, digits only («0912345678»). Since `removed_at` they are not here any more: who has left
    the post keeps name and phone in the row, who was removed with their data neither. `is_sample`: an invented person of the
    demo. `is_substitute`: a focal point who is reminded where the others cannot be. Away from `away_from` to `away_until`,
    both days included; since `silenced_at` they want no reminders."""

    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    name: str
    agency_code: str | None = Field(default=None, foreign_key="agency.code", ondelete="RESTRICT", index=True)
    role: Role = Field(default=Role.OFFICIAL, sa_type=text_enum(Role))
    phone: str | None = Field(default=None, unique=True)
    created_at: datetime
    removed_at: datetime | None = None
    is_sample: bool = False
    is_substitute: bool = False
    away_from: date | None = None
    away_until: date | None = None
    silenced_at: datetime | None = None

    def is_away(self, day: date) -> bool:
        """Whether they said that they are not there on this day."""
        return self.away_from is not None and self.away_from <= day and (self.away_until is None or day <= self.away_until)


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with the agency they belong to."""

    contact: Contact
    agency: Agency | None


async def list_agencies(session: AsyncSession, codes: Collection[str] | None = None) -> list[Agency]:
    """All agencies (or those with these codes), by code."""
    query = select(Agency).order_by(col(Agency.code))
    if codes is not None:
        query = query.where(col(Agency.code).in_(codes))
    return list((await session.execute(query)).scalars())


async def upsert_agencies(session: AsyncSession, agencies: Sequence[Agency]) -> None:
    """Store agencies; one whose code is known takes over everything given (a list imported again, the last word wins)."""
    await upsert(session, list({agency.code: agency for agency in agencies}.values()))


async def ensure_agencies(session: AsyncSession, agencies: Sequence[Agency]) -> list[Agency]:
    """Store the agencies whose code is not known yet and return them; known ones stay as a person imported them."""
    added = await insert_missing(session, agencies, key="code")
    return [agency for agency in agencies if agency.code in added]


async def list_as_own(session: AsyncSession, codes: Collection[str], *, listed: bool = True) -> None:
    """Count these agencies as the installation's own, or (`listed` false) not any more."""
    await session.execute(update(Agency).where(col(Agency.code).in_(codes)).values(is_listed=listed))


async def list_contacts(session: AsyncSession, *roles: Role) -> list[Contact]:
    """Contacts who have not been removed, in these roles (in any, when none is named), by name."""
    query = select(Contact).where(col(Contact.removed_at).is_(None)).order_by(col(Contact.name), col(Contact.id))
    return list((await session.execute(query.where(col(Contact.role).in_(roles)) if roles else query)).scalars())


async def list_contacts_of(session: AsyncSession, agency_codes: Collection[str] | None, *also: Role) -> list[Contact]:
    """Contacts of these agencies (of all, when None) who have not been removed, and of any agency those in these roles."""
    query = select(Contact).where(col(Contact.removed_at).is_(None)).order_by(col(Contact.id))
    if agency_codes is not None:
        query = query.where(or_(col(Contact.agency_code).in_(agency_codes), col(Contact.role).in_(also)))
    return list((await session.execute(query)).scalars())


async def get_contacts(session: AsyncSession, ids: Collection[int]) -> list[Contact]:
    """The contacts with these ids who have not been removed, by id."""
    query = select(Contact).where(col(Contact.removed_at).is_(None), col(Contact.id).in_(ids)).order_by(col(Contact.id))
    return list((await session.execute(query)).scalars())


async def find_contact(session: AsyncSession, phone: str, *, also_left: bool = False) -> Contact | None:
    """The contact with this phone number, written as it is stored; `also_left`: even if they have left their post."""
    query = select(Contact).where(col(Contact.phone) == phone)
    if not also_left:
        query = query.where(col(Contact.removed_at).is_(None))
    return (await session.execute(query)).scalar_one_or_none()


async def get_person(session: AsyncSession, contact_id: int) -> Person:
    """A contact, removed or not, with the agency. Raises NoResultFound for an id that nobody has."""
    query = select(Contact, Agency).join(Agency, col(Contact.agency_code) == col(Agency.code), isouter=True)
    contact, agency = (await session.execute(query.where(col(Contact.id) == contact_id))).one()
    return Person(contact, agency)


async def put_contacts(session: AsyncSession, contacts: Sequence[Contact]) -> tuple[int, int]:
    """Store a list of people by phone number: (added, changed). One who is known keeps the row with its accounts; one who had
    left is back."""
    wanted = {contact.phone: contact for contact in contacts}
    query = select(Contact).where(col(Contact.phone).in_(list(wanted)))
    known = {contact.phone: contact for contact in (await session.execute(query)).scalars()}
    added = changed = 0
    for phone, contact in wanted.items():
        stored = known.get(phone)
        if stored is None:
            session.add(contact)
            added += 1
            continue
        is_back, is_changed = stored.removed_at is not None, _told(stored) != _told(contact)
        stored.name, stored.agency_code, stored.role, stored.is_substitute = _told(contact)
        stored.removed_at = None
        added, changed = added + is_back, changed + (is_changed and not is_back)
    await session.flush()
    return added, changed


def _told(contact: Contact) -> tuple[str, str | None, Role, bool]:
    """What a list says of a person besides the number."""
    return contact.name, contact.agency_code, contact.role, contact.is_substitute


async def add_contact(session: AsyncSession, contact: Contact) -> Contact:
    """Store a person; they have their `id` afterwards."""
    session.add(contact)
    await session.flush()
    return contact
