"""A leaver and the successor: who takes over, what goes to them, and who is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import list_accounts
from db.duties import DutyState, list_assigned, list_duties
from db.messages import Message, plain
from db.people import Contact, Role, add_contact, find_contact, get_person
from db.succession import hand_on, let_leave
from handlers import wording as common
from handlers.call import Call
from handlers.linking import USUAL, invite
from handlers.permissions import Right, permits_for_agency
from handlers.phones import normalise_phone
from handlers.wording import staff as wording
from scheduler import course
from scheduler.course import By, Rules
from scheduler.reach import tell

_NAME = re.compile(r"[^\W\d_][^\d_<>@/\\]{1,99}")
# Who has one of these keeps it: another's post is no demotion.
_ABOVE = (Role.LEADER, Role.COORDINATOR, Role.ADMIN)


class Refusal(StrEnum):
    """Why a person cannot take another's place."""

    SAME = "same"
    NAME = "name"
    BAD_NAME = "bad_name"
    AGENCY = "agency"
    ROLE = "role"


class NotReplaced(Exception):
    """Nothing was changed; `facts` fill the sentence that says why."""

    def __init__(self, why: Refusal, **facts: str) -> None:
        super().__init__(why.value)
        self.why, self.facts = why, facts

    @property
    def sentence(self) -> str:
        return wording.REPLACE_REFUSED[self.why.value].format(**self.facts)


@dataclass(frozen=True, slots=True)
class Replaced:
    """Who stands where somebody stood; `assigned` counts the duties that the leaver had taken on."""

    leaver: Contact
    successor: Contact
    agency: str
    assigned: int
    is_new: bool
    is_linked: bool


async def replace(session: AsyncSession, leaver: Contact, phone: str, name: str, rules: Rules, by: By) -> Replaced:
    """The person with this number takes a leaver's place, with their agency, role, duties and chains; one whom no list names
    is added by `name`. Both are told. Raises NotReplaced, and nothing is changed then."""
    if leaver.phone == phone:
        raise NotReplaced(Refusal.SAME)
    successor = await find_contact(session, phone, also_left=True)
    is_new = successor is None or successor.removed_at is not None
    name = " ".join(name.split())
    if successor is None:
        if not name:
            raise NotReplaced(Refusal.NAME, phone=phone, old=leaver.phone or "")
        if not _NAME.fullmatch(name):
            raise NotReplaced(Refusal.BAD_NAME, name=name[:60])
        successor = await add_contact(session, Contact(name=name, phone=phone, created_at=by.at))
    elif not is_new:
        await _check(session, leaver, successor)
    successor.removed_at = None
    successor.agency_code, successor.role, successor.is_substitute = leaver.agency_code, leaver.role, leaver.is_substitute
    await session.flush()
    assigned = await list_assigned(session, leaver.id)
    for duty in assigned:
        await course.assign(session, duty, successor.id, successor.name, rules, by)
    await hand_on(session, leaver.id, successor.id, now=by.at)
    agency, is_linked = await _tell_both(session, leaver, successor, by)
    await let_leave(session, leaver, now=by.at)
    return Replaced(leaver, successor, agency, len(assigned), is_new, is_linked)


async def _check(session: AsyncSession, leaver: Contact, successor: Contact) -> None:
    """Refuse whom the place would take away from another agency, or from what they are here for."""
    if successor.agency_code not in (leaver.agency_code, None):
        person = await get_person(session, successor.id)
        raise NotReplaced(Refusal.AGENCY, name=successor.name, agency=person.agency.name if person.agency else "")
    if successor.role in _ABOVE and successor.role is not leaver.role:
        raise NotReplaced(Refusal.ROLE, name=successor.name, role=common.ROLES[successor.role])


async def _tell_both(session: AsyncSession, leaver: Contact, successor: Contact, by: By) -> tuple[str, bool]:
    """Before the leaver's account is nobody's; the agency's name, and whether the successor could be told."""
    person = await get_person(session, successor.id)
    agency = person.agency.name if person.agency else ""
    duties = await list_duties(session, DutyState.OPEN, agency_code=successor.agency_code) if successor.agency_code else []
    role = common.role_name(successor.role, is_substitute=successor.is_substitute)
    if by.contact_id != leaver.id:
        await tell(session, [leaver], plain(wording.replaced_told_leaver(agency, successor.name)), now=by.at)
    told = wording.replaced_told_successor(leaver.name, role, agency, len(duties))
    return agency, bool(await tell(session, [successor], plain(told), now=by.at))


async def replace_in_talk(call: Call, old: str, new: str, name: str | None = None) -> None:
    """«thay 0912000001 bằng 0912000009 Nguyễn Văn Mới», by a coordinator, or a leader for the own agency."""
    async with call.finish() as session:
        leaver = await _leaver(session, call, old)
        number = normalise_phone(new)
        if leaver is None:
            return
        if number is None:
            return call.say(plain(wording.BAD_PHONE.format(text=new.strip())))
        assert call.contact is not None
        rights = call.contact.role
        try:
            done = await replace(session, leaver, number, name or "", call.assistant.rules, By(call.contact.id, call.now))
        except NotReplaced as refused:
            return call.say(plain(refused.sentence))
        call.subject = f"contact:{leaver.id} contact:{done.successor.id}"
        told = wording.replaced(leaver.name, done.successor.name, done.agency, done.assigned, is_new=done.is_new)
        call.say(Message(paragraphs=told))
        above = done.successor.role in (Role.COORDINATOR, Role.ADMIN) and rights is not Role.ADMIN
        if not await list_accounts(session, [done.successor.id], also_off=True) and not above:
            given = await invite(session, done.successor, secret=call.assistant.secret, now=call.now)
            hours = int(USUAL.total_seconds() // 3600)
            code = common.invitation(done.successor.name, given, call.assistant.link_for(given), hours)
            call.say(Message(paragraphs=code), is_secret=True)


async def _leaver(session: AsyncSession, call: Call, phone: str) -> Contact | None:
    """The person with this number, where the caller may replace them; else the caller is told why not."""
    number = normalise_phone(phone)
    if number is None:
        call.say(plain(wording.BAD_PHONE.format(text=phone.strip())))
        return None
    leaver = await find_contact(session, number)
    if leaver is None:
        call.say(plain(wording.NO_SUCH_PERSON.format(phone=number)))
        return None
    assert call.contact is not None
    # A leader must not make somebody more than the leader is.
    above = leaver.role in (Role.COORDINATOR, Role.ADMIN) and call.contact.role is not Role.ADMIN
    if above or not permits_for_agency(call.contact, Right.ARRANGE_STAFF, leaver.agency_code):
        call.is_allowed = False
        call.say(plain(common.NOT_ALLOWED))
        return None
    return leaver
