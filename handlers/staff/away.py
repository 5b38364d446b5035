"""Being away: noted by oneself, or by a coordinator; said back with who is reminded instead."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.messages import Action, Message, line, plain
from db.people import Contact, find_contact, get_person
from handlers import wording as common
from handlers.asking import answer_question
from handlers.call import Call
from handlers.permissions import Right, permits_for_agency
from handlers.phones import normalise_phone
from handlers.staff.cover import cover_of, tell_coordinators
from handlers.staff.days import Span, Unusable, read_span
from handlers.wording import staff as wording
from knowledge.text import fold, normalise
from scheduler.calendar import local_day
from scheduler.reach import tell


async def note_own(call: Call, words: str, span: str) -> None:
    """«vắng từ 10/02 đến 20/02», «tôi nghỉ phép tới thứ 6»: `words` is how being away was said."""
    if words.lower().endswith("vâng"):
        # «vâng hôm nay»: folded the two words are one.
        call.action = ""
        return await answer_question(call, normalise(call.incoming.text))
    async with call.finish() as session:
        assert call.person is not None
        contact = await _row(session, call.person.contact.id)
        await _note(session, call, contact, span)


async def explain(call: Call) -> None:
    """«vắng», and no word of until when."""
    async with call.finish():
        today = Action(label=wording.AWAY_TODAY, command="vắng hôm nay")
        call.say(plain(wording.AWAY_HOW, (today, Action(label=wording.AWAY_TOMORROW, command="vắng ngày mai"))))


async def note_other(call: Call, phone: str, span: str) -> None:
    """«vắng 0912345678 đến 20/01»: noted for somebody else."""
    async with call.finish() as session:
        contact = await _other(session, call, phone)
        if contact is not None:
            await _note(session, call, contact, span)


async def end_own(call: Call) -> None:
    """«tôi đã về», «hết vắng»"""
    async with call.finish() as session:
        assert call.person is not None
        await _end(session, call, await _row(session, call.person.contact.id))


async def end_other(call: Call, phone: str) -> None:
    """«hết vắng 0912345678»"""
    async with call.finish() as session:
        contact = await _other(session, call, phone)
        if contact is not None:
            await _end(session, call, contact)


async def _row(session: AsyncSession, contact_id: int) -> Contact:
    """The person as a row of this transaction: what the call knows of them was read before it."""
    return (await get_person(session, contact_id)).contact


async def _other(session: AsyncSession, call: Call, phone: str) -> Contact | None:
    """The person with this number, where they are the caller's to arrange for; else the caller is told why not."""
    number = normalise_phone(phone)
    if number is None:
        call.say(plain(wording.BAD_PHONE.format(text=phone.strip())))
        return None
    contact = await find_contact(session, number)
    assert call.contact is not None
    if contact is not None and permits_for_agency(call.contact, Right.ARRANGE_STAFF, contact.agency_code):
        call.subject = f"contact:{contact.id}"
        return contact
    if contact is None:
        call.say(plain(wording.NO_SUCH_PERSON.format(phone=number)))
    else:
        call.is_allowed = False
        call.say(plain(common.NOT_ALLOWED))
    return None


async def _note(session: AsyncSession, call: Call, contact: Contact, words: str) -> None:
    today = local_day(call.now)
    read = read_span(fold(words), today)
    if isinstance(read, Unusable):
        return call.say(plain(f"{wording.UNUSABLE_DAYS[read.value].format(year=today.year)}\n{wording.AWAY_HOW}"))
    begun, ends = contact.away_from, contact.away_until
    is_another = begun is not None and (ends is None or ends >= today) and (begun, ends) != (read.first, read.last)
    before = wording.span(begun, ends) if is_another and begun is not None else ""
    contact.away_from, contact.away_until = read.first, read.last
    await session.flush()
    begins = max(read.first, today)
    cover = await cover_of(session, contact, begins, read.last)
    person = await get_person(session, contact.id)
    agency, when = person.agency.name if person.agency else "", wording.span(read.first, read.last)
    warning = ""
    if cover.alone_on is not None:
        told = await _warn(session, call, contact, agency, read)
        warning = wording.alone(agency, cover.alone_on if cover.alone_on > begins else None, is_told=told > 0)
    is_own = call.contact is not None and call.contact.id == contact.id
    who = wording.YOU if is_own else contact.name
    if not is_own and call.contact is not None:
        noted = wording.away_told(contact.name, when, call.contact.name)
        await tell(session, [contact], plain(noted), now=call.now)
    label, command = (wording.BACK, "hết vắng") if is_own else (wording.NOT_AWAY_ANY_MORE, f"hết vắng {contact.phone}")
    back = Action(label=label, command=command)
    call.say(Message(paragraphs=wording.away(who, when, wording.instead(cover.instead), warning, before=before), actions=((back,),)))


async def _warn(session: AsyncSession, call: Call, contact: Contact, agency: str, span: Span) -> int:
    told = wording.alone_told(contact.name, agency, f"vắng {wording.span(span.first, span.last)}")
    besides = (contact.id, call.contact.id) if call.contact else (contact.id,)
    return await tell_coordinators(session, plain(told), now=call.now, day=local_day(call.now), besides=besides)


async def _end(session: AsyncSession, call: Call, contact: Contact) -> None:
    is_own = call.contact is not None and call.contact.id == contact.id
    who = wording.YOU if is_own else contact.name
    if contact.away_from is None or (contact.away_until is not None and contact.away_until < local_day(call.now)):
        return call.acknowledge(plain(wording.NOT_AWAY.format(who=who)))
    contact.away_from = contact.away_until = None
    told = wording.BACK_BUT_SILENCED if is_own and contact.silenced_at else wording.BACK_NOTED.format(who=who)
    call.say(Message(paragraphs=(line(told),)))
