"""Agencies, and the people who work in them: contacts, their accounts on each channel, the codes that link the two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
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


class Agency(Row, table=True):
    """A department, office or commune. `short_names` are what people type; `groups` what a text may call it with others."""

    code: str = Field(primary_key=True)
    name: str
    short_names: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    kind: str = ""
    groups: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    # Checked at commit, so that a list may name a parent after its children.
    parent: str | None = Field(
        default=None, sa_column_args=[ForeignKey("agency.code", ondelete="SET NULL", deferrable=True, initially="DEFERRED")]
    )


class Contact(Row, table=True):
    """A person. `phone` is national, digits only («0912345678»); a removed person keeps the row, without name and phone."""

    id: int = Field(default=None, primary_key=True)
    name: str
    agency_code: str | None = Field(default=None, foreign_key="agency.code", ondelete="RESTRICT", index=True)
    role: Role = Field(default=Role.OFFICIAL, sa_type=text_enum(Role))
    phone: str | None = Field(default=None, unique=True)
    created_at: datetime
    removed_at: datetime | None = None


class Account(Row, table=True):
    """Someone on one channel: a contact once linked, before that a stranger.

    `off_reason` says why nothing can be sent there any more. `told_at`: when the person was told what is kept.
    `menu`: whose commands the channel shows, as far as it was told.
    """

    __table_args__ = (UniqueConstraint("channel", "bot_id", "user_id"),)

    id: int = Field(default=None, primary_key=True)
    channel: str
    bot_id: str
    user_id: str
    chat_id: str
    display_name: str = ""
    contact_id: int | None = Field(default=None, foreign_key="contact.id", ondelete="SET NULL", index=True)
    created_at: datetime
    told_at: datetime | None = None
    linked_at: datetime | None = None
    off_at: datetime | None = None
    off_reason: str = ""
    menu: str = ""


class Invitation(Row, table=True):
    """A one-time code that links an account to a contact; only its hash is kept."""

    id: int = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    contact_id: int = Field(foreign_key="contact.id", ondelete="CASCADE", index=True)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with the agency they belong to."""

    contact: Contact
    agency: Agency | None


async def list_agencies(session: AsyncSession) -> list[Agency]:
    """All agencies, by code."""
    return list((await session.execute(select(Agency).order_by(col(Agency.code)))).scalars())


async def upsert_agencies(session: AsyncSession, agencies: Sequence[Agency]) -> None:
    """Store agencies; one whose code is known takes over everything given (a list imported again, the last word wins)."""
    await upsert(session, list({agency.code: agency for agency in agencies}.values()))


async def ensure_agencies(session: AsyncSession, agencies: Sequence[Agency]) -> list[Agency]:
    """Store the agencies whose code is not known yet and return them; known ones stay as a person imported them."""
    added = await insert_missing(session, agencies, key="code")
    return [agency for agency in agencies if agency.code in added]


async def list_contacts(session: AsyncSession, *roles: Role) -> list[Contact]:
    """Contacts who have not been removed, in these roles (in any, when none is named), by name."""
    query = select(Contact).where(col(Contact.removed_at).is_(None)).order_by(col(Contact.name), col(Contact.id))
    return list((await session.execute(query.where(col(Contact.role).in_(roles)) if roles else query)).scalars())


async def find_contact(session: AsyncSession, phone: str) -> Contact | None:
    """The contact with this phone number, written as it is stored."""
    return (await session.execute(select(Contact).where(col(Contact.phone) == phone))).scalar_one_or_none()


async def get_person(session: AsyncSession, contact_id: int) -> Person:
    """A contact, removed or not, with the agency. Raises NoResultFound for an id that nobody has."""
    query = select(Contact, Agency).join(Agency, col(Contact.agency_code) == col(Agency.code), isouter=True)
    contact, agency = (await session.execute(query.where(col(Contact.id) == contact_id))).one()
    return Person(contact, agency)


async def put_contacts(session: AsyncSession, contacts: Sequence[Contact]) -> tuple[int, int]:
    """Store a list of people by phone number: (added, changed). One who is known keeps the row with its accounts."""
    wanted = {contact.phone: contact for contact in contacts}
    query = select(Contact).where(col(Contact.phone).in_(list(wanted)))
    known = {contact.phone: contact for contact in (await session.execute(query)).scalars()}
    changed = 0
    for phone, contact in wanted.items():
        stored = known.get(phone)
        if stored is None:
            session.add(contact)
        elif (stored.name, stored.agency_code, stored.role) != (contact.name, contact.agency_code, contact.role):
            stored.name, stored.agency_code, stored.role = contact.name, contact.agency_code, contact.role
            changed += 1
    await session.flush()
    return len(wanted) - len(known), changed


async def get_account(session: AsyncSession, *, channel: str, bot_id: str, user_id: str) -> Account | None:
    """The account of a person on a channel."""
    query = select(Account).where(col(Account.channel) == channel, col(Account.bot_id) == bot_id, col(Account.user_id) == user_id)
    return (await session.execute(query)).scalar_one_or_none()


async def list_accounts(session: AsyncSession, contact_ids: Collection[int]) -> list[Account]:
    """The accounts of these contacts that can be reached, the longest linked first."""
    query = select(Account).where(col(Account.contact_id).in_(contact_ids), col(Account.off_at).is_(None))
    return list((await session.execute(query.order_by(col(Account.linked_at), col(Account.id)))).scalars())


async def turn_account_off(session: AsyncSession, *, channel: str, bot_id: str, chat_id: str, reason: str, now: datetime) -> Account | None:
    """Note that nothing can be sent there any more; None when there is no such account, or it was off already."""
    query = update(Account).where(col(Account.channel) == channel, col(Account.bot_id) == bot_id, col(Account.chat_id) == chat_id)
    query = query.where(col(Account.off_at).is_(None)).values(off_at=now, off_reason=reason)
    return (await session.execute(query.returning(Account))).scalar_one_or_none()


async def spend_invitation(session: AsyncSession, code_hash: str, *, now: datetime) -> int | None:
    """Use up a code that is neither used nor too old; the contact it is for. Of two at once, one gets it."""
    query = update(Invitation).where(
        col(Invitation.code_hash) == code_hash, col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now
    )
    return (await session.execute(query.values(used_at=now).returning(col(Invitation.contact_id)))).scalar_one_or_none()
