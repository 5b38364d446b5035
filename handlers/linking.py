"""How an account becomes a person's: a one-time code, the own phone number, the first administrator's code."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import (
    Invitation,
    add_invitation,
    add_spent_invitation,
    end_invitations,
    letter_to,
    link_account,
    list_accounts,
    spend_invitation,
)
from db.audit import count_entries
from db.conversations import move_inquiries
from db.duties import DutyState, list_duties
from db.messages import Message, Paragraph, line, plain
from db.outbox import Priority, add_messages
from db.people import Contact, Person, Role, add_contact, find_contact, get_person, list_contacts
from db.removal import remove_contact
from handlers import wording
from handlers.call import Call
from handlers.help import find_examples, menu_of
from handlers.permissions import Right, permits_for_agency
from handlers.phones import normalise_phone

# Without vowels, which make words, and without look-alikes (I l 1, O 0, B 8, S 5, Z 2, V U): read out over the phone.
_ALPHABET = "CDFGHJKLMNPQRTWXY"
_LENGTH = 10  # 17 ** 10 is 2 · 10 ** 12
SHORTEST, LONGEST, USUAL = dt.timedelta(minutes=10), dt.timedelta(days=7), dt.timedelta(days=2)
_WRONG_TRIES, _TRIES_WITHIN = 5, dt.timedelta(hours=1)
_WRONG = "link_wrong"


def read_code(text: str) -> str | None:
    """A code as people type it («cdfg hjklm n», small letters, dashes) as it was given; None for what is none."""
    compact = "".join(one for one in text.upper() if one not in " -.")
    return compact if len(compact) == _LENGTH and set(compact) <= set(_ALPHABET) else None


async def invite(session: AsyncSession, contact: Contact, *, secret: bytes, now: dt.datetime, valid: dt.timedelta = USUAL) -> str:
    """A new code for a contact, in the place of any before; only its hash is stored.

    Raises ValueError when `valid` is outside 10 minutes to 7 days.
    """
    if not SHORTEST <= valid <= LONGEST:
        raise ValueError(f"valid for {valid}")
    given = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    await end_invitations(session, contact.id, now=now)
    await add_invitation(session, Invitation(code_hash=_hash(given, secret), contact_id=contact.id, created_at=now, expires_at=now + valid))
    return given


async def find_invited(session: AsyncSession, phones: Sequence[str] | None) -> tuple[list[Contact], list[str]]:
    """The people with these numbers, and the numbers that nobody has; None: everybody who has no account yet."""
    if phones is None:
        contacts = await list_contacts(session)
        linked = {one.contact_id for one in await list_accounts(session, [one.id for one in contacts], also_off=True)}
        return [one for one in contacts if one.id not in linked], []
    found, unknown = [], []
    for phone in phones:
        number = normalise_phone(phone)
        contact = await find_contact(session, number) if number else None
        found.append(contact) if contact else unknown.append(phone)
    return found, unknown


async def link_by_code(call: Call, typed: str) -> None:
    """Use up a code, and the account is the person's it was made for; five wrong ones an hour, then none is looked at."""
    assistant = call.assistant
    examples = await find_examples(call, is_linked=True)
    async with call.finish() as session:
        account = call.account
        if account is None:
            return call.say(plain(wording.CODE_WRONG))
        # By a name that outlives the account: removing one's data does not give new tries.
        tried_by = _hash(f"{account.channel}:{account.bot_id}:{account.user_id}", assistant.secret)
        if await count_entries(session, _WRONG, subject=tried_by, since=call.now - _TRIES_WITHIN) >= _WRONG_TRIES:
            call.is_allowed = False
            return call.say(plain(wording.CODE_TOO_OFTEN))
        contact_id: int | None = None
        if assistant.admin_invite and hmac.compare_digest(typed.strip().encode(), assistant.admin_invite.encode()):
            contact_id = await _first_admin(session, call)
        elif given := read_code(typed):
            contact_id = await spend_invitation(session, _hash(given, assistant.secret), now=call.now)
        if contact_id is None:
            call.action, call.subject, call.is_allowed = _WRONG, tried_by, False
            return call.say(plain(wording.CODE_WRONG))
        await _link(session, call, contact_id, examples)


async def link_by_phone(call: Call, phone: str) -> None:
    """The own number, shared by its owner, of somebody who is on the list; empty when it was another's."""
    examples = await find_examples(call, is_linked=True)
    async with call.finish() as session:
        if not phone:
            return call.say(Message(paragraphs=plain(wording.PHONE_NOT_OWN).paragraphs, asks_phone=True))
        number = normalise_phone(phone)
        contact = await find_contact(session, number) if number else None
        if contact is None or call.account is None:
            call.is_allowed = False
            return call.say(Message(paragraphs=plain(wording.PHONE_NOT_LISTED).paragraphs, hides_keyboard=True))
        await _link(session, call, contact.id, examples)


async def give_invitation(call: Call, typed: str) -> None:
    """«mời 0912345678»: a code for somebody of the list, by whoever may invite for their agency."""
    number = normalise_phone(typed)
    async with call.finish() as session:
        if number is None:
            return call.say(plain(wording.INVITE_WHOM))
        contact = await find_contact(session, number)
        if contact is None:
            return call.say(plain(wording.INVITE_UNKNOWN.format(phone=number)))
        call.subject = f"contact:{contact.id}"
        assert call.contact is not None
        # Who is invited by a leader must not come in with more rights than the leader has.
        above = contact.role in (Role.COORDINATOR, Role.ADMIN) and call.contact.role is not Role.ADMIN
        if above or not permits_for_agency(call.contact, Right.INVITE, contact.agency_code):
            call.is_allowed = False
            return call.say(plain(wording.NOT_ALLOWED))
        given = await invite(session, contact, secret=call.assistant.secret, now=call.now)
        hours = int(USUAL.total_seconds() // 3600)
        told = wording.invitation(contact.name, given, call.assistant.link_for(given), hours)
        call.say(Message(paragraphs=told), is_secret=True)


def _hash(given: str, secret: bytes) -> str:
    # Keyed: a short code could be found from a bare hash by trying them all.
    return hmac.new(secret, given.encode(), hashlib.sha256).hexdigest()


async def _first_admin(session: AsyncSession, call: Call) -> int | None:
    """The person of this account as administrator, the first time that the set-up code is sent; later None."""
    name = call.incoming.display_name or wording.ROLES[Role.ADMIN]
    known = await session.get(Contact, call.person.contact.id) if call.person else None
    contact = known or await add_contact(session, Contact(name=name, role=Role.ADMIN, created_at=call.now))
    if not await add_spent_invitation(session, _hash(call.assistant.admin_invite, call.assistant.secret), contact.id, now=call.now):
        if known is None:
            await session.delete(contact)
        return None
    contact.role = Role.ADMIN
    return contact.id


async def _link(session: AsyncSession, call: Call, contact_id: int, examples: Sequence[str]) -> None:
    assert call.account is not None
    call.subject = f"contact:{contact_id}"
    before = call.contact
    invited = await get_person(session, contact_id)
    if before is not None and before.id == contact_id and before.role is invited.contact.role:
        return call.say(plain(wording.ALREADY_LINKED))
    for old in await link_account(session, call.account, contact_id, now=call.now):
        # Whoever holds the account that was the person's until now must learn of it.
        told = plain(wording.UNLINKED_ELSEWHERE.format(name=invited.contact.name))
        await add_messages(session, [letter_to(old, told, priority=Priority.NUDGE, now=call.now)])
        await move_inquiries(session, old.id, call.account.id)
    await end_invitations(session, contact_id, now=call.now)
    if before is not None and before.id != contact_id and before.phone is None:
        # Who came by the set-up code turns out to be somebody on the list: one person, with the rights of both.
        if before.role is Role.ADMIN:
            invited.contact.role = Role.ADMIN
        await remove_contact(session, before.id, name=wording.REMOVED_NAME, now=call.now)
    call.person = invited
    told_all = (
        *await _linked(session, invited),
        line(),
        *wording.how_to_ask(examples),
        line(),
        *wording.menu_lines(menu_of(invited.contact)),
    )
    call.say(Message(paragraphs=told_all, hides_keyboard=True))


async def _linked(session: AsyncSession, person: Person) -> tuple[Paragraph, ...]:
    """The welcome; what the agency owes is told in one line, and nothing is sent because of it."""
    contact = person.contact
    role = wording.role_name(contact.role, is_substitute=contact.is_substitute)
    if person.agency is None or not permits_for_agency(contact, Right.REPORT, person.agency.code):
        return wording.linked(contact.name, role, person.agency.name if person.agency else "")
    duties = await list_duties(session, DutyState.OPEN, agency_code=person.agency.code)
    return wording.linked(contact.name, role, person.agency.name, open_duties=len(duties))
