"""What every answer about a duty shares: whose it is, whether it may be given, who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyState
from db.messages import Message
from db.people import Contact, get_person, list_agencies
from db.reports import ChangeKind, list_changes
from handlers.call import Call
from handlers.permissions import Right, may_see_duties, permits_for_agency
from handlers.replies.words import Reply
from handlers.wording import replies as wording
from scheduler.audience import load_people
from scheduler.calendar import local_day
from scheduler.course import By
from scheduler.reach import tell
from scheduler.wording import format_day


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said (`words` as typed), as it was understood, and of which duties."""

    reply: Reply
    words: str
    duty_ids: tuple[int, ...] = ()


def speaker(call: Call) -> Contact:
    """Who says it: these handlers need a right that no stranger has."""
    assert call.contact is not None
    return call.contact


def by(call: Call, reason: str = "") -> By:
    return By(speaker(call).id, call.now, reason)


def why_not(call: Call, duty: Duty | None, duty_id: int, right: Right = Right.REPORT, *, also_closed: bool = False) -> str:
    """Why nothing can be said of this duty (SEE_DUTIES: why it is not shown), in words; empty when it can."""
    if duty is None:
        return wording.NO_SUCH_DUTY.format(code=f"PV{duty_id}")
    assert call.person is not None
    is_shown = right is Right.SEE_DUTIES and may_see_duties(call.person, duty.agency_code)
    if not is_shown and not permits_for_agency(speaker(call), right, duty.agency_code):
        return wording.OTHER_AGENCY.format(code=duty.code)
    if duty.state is DutyState.PROPOSED:
        return wording.NOT_CONFIRMED.format(code=duty.code)
    if duty.state is DutyState.CLOSED and not also_closed:
        outcome = wording.OUTCOMES[duty.outcome] if duty.outcome else "đã đóng"
        when = f" lúc {wording.at(duty.closed_at)}" if duty.closed_at else ""
        return wording.CLOSED.format(code=duty.code, outcome=outcome, when=when)
    return ""


async def why_refused(
    session: AsyncSession, call: Call, duty: Duty | None, duty_id: int, right: Right = Right.REPORT, *, also_closed: bool = False
) -> str:
    """As `why_not`; to whoever owed the duty before it is said who owes it now."""
    problem = why_not(call, duty, duty_id, right, also_closed=also_closed)
    if duty is None or not problem or problem != wording.OTHER_AGENCY.format(code=duty.code):
        return problem
    handed = [one for one in await list_changes(session, [duty_id]) if one.kind is ChangeKind.HANDED_OVER]
    own = [one for one in handed if one.before == speaker(call).agency_code]
    if not own:
        return problem
    agency = await agency_name(session, duty.agency_code)
    return wording.HANDED_OVER.format(code=duty.code, agency=agency, day=format_day(local_day(handed[-1].at)))


def topic_of(duty: Duty) -> str:
    """The topic of what is said to whoever answers: a question of ours turns into what was recorded."""
    return f"reply:{duty.id}"


def card_topic(duty_id: int) -> str:
    return f"duty:{duty_id}"


async def agency_name(session: AsyncSession, code: str) -> str:
    found = await list_agencies(session, [code])
    return found[0].name if found else code


async def name_of(session: AsyncSession, contact_id: int | None) -> str:
    return (await get_person(session, contact_id)).contact.name if contact_id is not None else wording.BY_ITSELF


async def tell_coordinators(call: Call, session: AsyncSession, duty: Duty, message: Message, *, topic: str) -> Sequence[str]:
    """Tell everybody who coordinates, but for the speaker; the names of those who can be reached."""
    people = await load_people(session, [duty.agency_code])
    others = [one for one in people.coordinators if one.contact.id != speaker(call).id]
    await tell(session, [one.contact for one in others], message, now=call.now, topic=topic)
    return [one.contact.name for one in others if one.account is not None]


async def tell_agency(call: Call, session: AsyncSession, duty: Duty, message: Message, *, besides: int | None = None) -> int:
    """Tell the agency's focal points, whoever took the duty on, and one more person (`besides`); not the speaker. Returns how
    many can be reached."""
    people = await load_people(session, [duty.agency_code])
    staff = people.of(duty.agency_code)
    contacts = {one.contact.id: one.contact for one in (*staff.focal_points, *staff.substitutes)}
    for contact_id in (duty.assignee_id, besides):
        if contact_id is not None and (person := people.everybody.get(contact_id)) is not None:
            contacts[contact_id] = person.contact
    contacts.pop(speaker(call).id, None)
    return await tell(session, list(contacts.values()), message, now=call.now, topic=card_topic(duty.id))
