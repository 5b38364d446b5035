"""People as an administrator handles them at the command line: listed, removed, spoken for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import list_accounts
from db.audit import AuditEntry, add_entry
from db.engine import Database
from db.messages import Message
from db.people import find_contact, list_agencies, list_contacts
from db.removal import remove_contact
from handlers import wording
from handlers.call import SPOKEN, Assistant, Incoming, spoken_talk
from handlers.dispatch import dispatch
from handlers.phones import normalise_phone
from handlers.staff.replacing import Replaced, replace
from scheduler.course import By, Rules


async def describe_contacts(session: AsyncSession) -> list[dict[str, Any]]:
    """Everybody on the list for a script: {name, phone, agency, role, is_substitute, channels}, by name; a channel that does not reach
    them any more with the reason («telegram: blocked»)."""
    contacts = await list_contacts(session)
    agencies = {one.code: one.name for one in await list_agencies(session)}
    channels: defaultdict[int | None, list[str]] = defaultdict(list)
    for account in await list_accounts(session, [one.id for one in contacts], also_off=True):
        channels[account.contact_id].append(account.channel if account.off_at is None else f"{account.channel}: {account.off_reason}")
    return [
        {
            "name": one.name,
            "phone": one.phone,
            "agency": agencies.get(one.agency_code or ""),
            "role": one.role.value,
            "is_substitute": one.is_substitute,
            "channels": channels[one.id],
        }
        for one in contacts
    ]


async def remove_by_phone(database: Database, phone: str, *, now: dt.datetime) -> bool:
    """Remove a person's data; false when nobody has this number."""
    async with database.write() as session:
        number = normalise_phone(phone)
        contact = await find_contact(session, number, also_left=True) if number else None
        if contact is None:
            return False
        await add_entry(session, AuditEntry(at=now, action="remove", subject=f"contact:{contact.id}"))
        await remove_contact(session, contact.id, name=wording.REMOVED_NAME, now=now, talk=spoken_talk(contact.id))
    return True


class NoSuchNumber(Exception):
    """Nobody has this number (`is_listed_nowhere`), or it is no phone number at all."""

    def __init__(self, phone: str, *, is_listed_nowhere: bool) -> None:
        super().__init__(phone)
        self.phone, self.is_listed_nowhere = phone, is_listed_nowhere


async def replace_by_phone(database: Database, old: str, new: str, name: str, rules: Rules, *, now: dt.datetime) -> Replaced:
    """Give one person's post to another, as an administrator at the command line. Raises NoSuchNumber, NotReplaced."""
    number = normalise_phone(new)
    if number is None:
        raise NoSuchNumber(new, is_listed_nowhere=False)
    async with database.write() as session:
        known = normalise_phone(old)
        leaver = await find_contact(session, known) if known else None
        if leaver is None:
            raise NoSuchNumber(old, is_listed_nowhere=True)
        done = await replace(session, leaver, number, name, rules, By(None, now))
        subject = f"contact:{leaver.id} contact:{done.successor.id}"
        await add_entry(session, AuditEntry(at=now, action="replace", subject=subject))
    return done


async def speak_as(assistant: Assistant, phone: str, text: str, *, now: dt.datetime) -> list[Message] | None:
    """What a contact would be answered; all that it changes is stored. None when nobody has this number."""
    number = normalise_phone(phone)
    async with assistant.database.read() as session:
        contact = await find_contact(session, number) if number else None
    if contact is None:
        return None
    spoken = Incoming(channel=SPOKEN, bot_id="", user_id=str(contact.id), chat_id=str(contact.id), text=text, contact_id=contact.id)
    return (await dispatch(assistant, spoken, now=now)).replies
