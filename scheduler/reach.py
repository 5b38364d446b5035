"""People told on the channel where they are; and what follows when a chat cannot be reached any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account, letter_to, list_accounts, turn_account_off
from db.messages import Message, plain
from db.outbox import OutboxRow, Priority, add_messages, fail_waiting
from db.people import Contact, Role, get_person, list_contacts
from scheduler import wording


async def tell(
    session: AsyncSession,
    contacts: Sequence[Contact],
    message: Message,
    *,
    now: dt.datetime,
    topic: str | None = None,
    wait: dt.timedelta = dt.timedelta(),
    besides: Sequence[OutboxRow] = (),
) -> int:
    """Send a message to each of these people, on the channel they linked first; returns how many can be reached.

    It goes out after `wait`; whoever one of the rows `besides` goes to is left out.
    """
    served = {(row.channel, row.bot_id, row.recipient) for row in besides}
    reached: dict[int, Account] = {}
    for account in await list_accounts(session, [one.id for one in contacts]):
        reached.setdefault(account.contact_id or 0, account)
    accounts = [one for one in reached.values() if (one.channel, one.bot_id, one.chat_id) not in served]
    letters = [letter_to(one, message, priority=Priority.NUDGE, now=now, topic=topic) for one in accounts]
    for letter in letters:
        letter.not_before = now + wait
    await add_messages(session, letters)
    return len(reached)


async def lose_chat(session: AsyncSession, channel: str, bot_id: str, chat_id: str, *, reason: str, now: dt.datetime) -> None:
    """Send nothing more there, and tell the administrators who cannot be reached; `reason` is one of `wording.GONE`.

    Strangers and groups are nobody's to be told of; what is known already is not told again.
    """
    await fail_waiting(session, channel, bot_id, chat_id, reason=reason, now=now)
    account = await turn_account_off(session, channel=channel, bot_id=bot_id, chat_id=chat_id, reason=reason, now=now)
    if account is None or account.contact_id is None:
        return
    person = await get_person(session, account.contact_id)
    admins = [one for one in await list_contacts(session, Role.ADMIN) if one.id != account.contact_id]
    agency = person.agency.name if person.agency else ""
    await tell(session, admins, plain(wording.unreachable(person.contact.name, agency, channel, reason)), now=now)
