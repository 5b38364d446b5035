"""What follows when a chat cannot be reached any more."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import letter_to, list_accounts, turn_account_off
from db.messages import plain
from db.outbox import Priority, add_messages, fail_waiting
from db.people import Role, get_person, list_contacts
from scheduler import wording


async def lose_chat(session: AsyncSession, channel: str, bot_id: str, chat_id: str, *, reason: str, now: dt.datetime) -> None:
    """Send nothing more there, and tell the administrators who cannot be reached; `reason` is one of `wording.GONE`.

    Strangers and groups are nobody's to be told of; what is known already is not told again.
    """
    await fail_waiting(session, channel, bot_id, chat_id, reason=reason, now=now)
    account = await turn_account_off(session, channel=channel, bot_id=bot_id, chat_id=chat_id, reason=reason, now=now)
    if account is None or account.contact_id is None:
        return
    person = await get_person(session, account.contact_id)
    admins = [one.id for one in await list_contacts(session, Role.ADMIN) if one.id != account.contact_id]
    told = plain(wording.unreachable(person.contact.name, person.agency.name if person.agency else "", channel, reason))
    letters = [letter_to(one, told, priority=Priority.NUDGE, now=now) for one in await list_accounts(session, admins)]
    await add_messages(session, letters)
