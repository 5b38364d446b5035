"""Personal data (Law 91/2025/QH15): what is kept about somebody, and its removal. How long: `handlers/tidying.py`."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import list_accounts
from db.conversations import count_inquiries
from db.messages import Action, Message, plain
from db.people import Role, list_contacts
from db.removal import remove_account, remove_contact
from handlers import wording
from handlers.call import Call, spoken_talk, update_buttons
from handlers.staff import cover
from handlers.wording import staff
from knowledge.dates import VIETNAM
from scheduler.calendar import local_day
from scheduler.reach import tell
from scheduler.wording import CHANNELS


async def show_own_data(call: Call) -> None:
    """What is kept about the person who asks, and for how long."""
    async with call.finish() as session:
        person, account = call.person, call.account
        accounts = await list_accounts(session, [person.contact.id]) if person else [account] if account else []
        first = min((one.linked_at or one.created_at for one in accounts), default=None)
        told = wording.own_data(
            name=person.contact.name if person else call.incoming.display_name,
            role=wording.role_name(person.contact.role, is_substitute=person.contact.is_substitute) if person else "",
            agency=person.agency.name if person and person.agency else "",
            phone=(person.contact.phone or "") if person else "",
            channels=[CHANNELS.get(one.channel, one.channel) for one in accounts],
            inquiries=await count_inquiries(session, [one.id for one in accounts]),
            months=call.assistant.months_kept,
            since=f"{first.astimezone(VIETNAM):%d/%m/%Y}" if first else "",
            standing=staff.standing(person.contact, local_day(call.now)) if person else (),
        )
        call.say(Message(paragraphs=told, actions=((Action(label=wording.REMOVE_YES, command="xoá tôi"),),)))


async def ask_removal(call: Call) -> None:
    """Said back before anything is removed: it cannot be undone."""
    async with call.finish():
        yes = Action(label=wording.REMOVE_YES, command="xoá tôi chắc chắn")
        call.say(plain(wording.REMOVE_ASK, (yes, Action(label=wording.REMOVE_NO, command="không xoá tôi"))), topic=_topic(call))


async def keep_data(call: Call) -> None:
    """Nothing is removed after all; the buttons that would do it go."""
    async with call.finish() as session:
        await _take_buttons_away(session, call)
        call.say(plain(wording.KEPT))


async def remove_person(call: Call) -> None:
    """The person becomes «đã xoá»: name, number, accounts, talks and questions go, the agency's reports stay."""
    async with call.finish() as session:
        account, person = call.account, call.person
        await _take_buttons_away(session, call)
        admins = [one.id for one in await list_contacts(session, Role.ADMIN)]
        reachable = {one.contact_id for one in await list_accounts(session, admins)}
        if person and person.contact.role is Role.ADMIN and reachable <= {person.contact.id}:
            call.is_allowed = False
            return call.say(plain(wording.REMOVE_LAST_ADMIN))
        if person is not None:
            call.subject = f"contact:{person.contact.id}"
            agency = f", {person.agency.name}" if person.agency else ""
            left = await cover.told_if_alone(session, person.contact, local_day(call.now))
            role = wording.role_name(person.contact.role, is_substitute=person.contact.is_substitute)
            told = wording.REMOVAL_TOLD.format(name=person.contact.name, role=role, agency=agency)
            others = [one for one in await list_contacts(session, Role.COORDINATOR, Role.ADMIN) if one.id != person.contact.id]
            await tell(session, others, plain("\n".join(filter(None, (told, left)))), now=call.now)
            await remove_contact(session, person.contact.id, name=wording.REMOVED_NAME, now=call.now, talk=spoken_talk(person.contact.id))
        elif account is not None:
            await remove_account(session, account, now=call.now)
        call.account = call.person = None
        call.say(plain(wording.REMOVE_DONE))
    # Their name goes from the answers that they approved.
    call.assistant.shelf.look_again()


def _topic(call: Call) -> str:
    return f"removal:{call.account.id}" if call.account else f"removal:{call.incoming.talk}"


async def _take_buttons_away(session: AsyncSession, call: Call) -> None:
    await update_buttons(session, _topic(call), now=call.now, keep=lambda _: False)
