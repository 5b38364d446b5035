"""«dừng nhắc»: somebody wants no reminders; asked once more, and the coordinators are told."""

from __future__ import annotations

from db.messages import Action, Message, plain
from db.people import get_person
from handlers.call import Call, update_buttons
from handlers.staff.cover import Cover, cover_of, tell_coordinators
from handlers.wording import role_name
from handlers.wording import staff as wording
from scheduler.calendar import local_day
from scheduler.wording import format_day


async def ask(call: Call) -> None:
    """Said back before it is done: who is reminded instead, or that nobody is."""
    async with call.finish() as session:
        assert call.person is not None
        contact = (await get_person(session, call.person.contact.id)).contact
        if contact.silenced_at is not None:
            end = Action(label=wording.SILENCE_END, command="bật nhắc")
            return call.say(plain(wording.ALREADY_SILENCED.format(since=format_day(local_day(contact.silenced_at))), (end,)))
        today = local_day(call.now)
        cover = await cover_of(session, contact, today, today)
        told = wording.silence_ask(wording.instead(cover.instead), _alone(call, cover))
        yes = Action(label=wording.SILENCE_YES, command="dừng nhắc chắc chắn")
        no = Action(label=wording.SILENCE_NO, command="không dừng nhắc")
        call.say(Message(paragraphs=told, actions=((yes, no),)), topic=_topic(contact.id))


async def keep(call: Call) -> None:
    """«không dừng nhắc»"""
    async with call.finish() as session:
        assert call.person is not None
        await update_buttons(session, _topic(call.person.contact.id), now=call.now, keep=lambda _: False)
        call.say(plain(wording.SILENCE_KEPT))


async def silence(call: Call) -> None:
    """«dừng nhắc chắc chắn»"""
    async with call.finish() as session:
        assert call.person is not None
        person = await get_person(session, call.person.contact.id)
        contact = person.contact
        await update_buttons(session, _topic(contact.id), now=call.now, keep=lambda _: False)
        today = local_day(call.now)
        if contact.silenced_at is not None:
            return call.acknowledge(plain(wording.ALREADY_SILENCED.format(since=format_day(local_day(contact.silenced_at)))))
        contact.silenced_at = call.now
        await session.flush()
        cover = await cover_of(session, contact, today, today)
        agency = person.agency.name if person.agency else ""
        role = role_name(contact.role, is_substitute=contact.is_substitute)
        told = wording.silence_told(contact.name, role, agency, is_alone=cover.alone_on is not None)
        count = await tell_coordinators(session, plain(told), now=call.now, day=today, besides=(contact.id,))
        end = Action(label=wording.SILENCE_END, command="bật nhắc")
        call.say(plain(wording.silenced(wording.instead(cover.instead), _alone(call, cover), is_told=count > 0), (end,)))


async def end(call: Call) -> None:
    """«bật nhắc», «nhắc lại tôi»"""
    async with call.finish() as session:
        assert call.person is not None
        contact = (await get_person(session, call.person.contact.id)).contact
        if contact.silenced_at is None:
            return call.acknowledge(plain(wording.NOT_SILENCED))
        contact.silenced_at = None
        call.say(plain(wording.SILENCE_ENDED))


def _alone(call: Call, cover: Cover) -> str:
    """The agency's name where nobody else of it is reminded."""
    agency = call.person.agency if call.person else None
    return agency.name if agency is not None and cover.alone_on is not None else ""


def _topic(contact_id: int) -> str:
    return f"silence:{contact_id}"
