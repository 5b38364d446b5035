"""Which duty is meant where none is named: the one a message of ours is about, the only one that is open; else it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyState, get_duties, list_duties
from db.nudges import NudgeState, list_carried, list_nudges
from db.outbox import OutboxRow, find_sent
from db.people import Contact
from handlers.call import Call
from scheduler.nudging import TOPIC


@dataclass(frozen=True, slots=True)
class Meant:
    """`duty` where it is clear which one is meant; else those `among` which it must be, the soonest first (none: there is
    nothing to answer for)."""

    duty: Duty | None
    among: tuple[Duty, ...] = ()


async def find_answered(call: Call, session: AsyncSession) -> OutboxRow | None:
    """The message of ours that is answered directly."""
    one = call.incoming
    return await find_sent(session, one.channel, one.bot_id, one.chat_id, one.reply_to) if one.reply_to else None


async def duties_of_message(session: AsyncSession, row: OutboxRow | None) -> list[int] | None:
    """The duties that a message of ours is about, by id; None for one that is about no duty."""
    kind, _, number = ((row.topic if row else None) or "").partition(":")
    if row is not None and kind == TOPIC:
        return list(dict.fromkeys(one.duty_id for one in await list_carried(session, row.id)))
    return [int(number)] if kind in ("duty", "reply") and number.isdecimal() and int(number) else None


async def find_meant(session: AsyncSession, contact: Contact, *, about: Sequence[int] | None = None) -> Meant:
    """The duty that this person means. `about`: the duties of the message that is answered.

    Of several that are open the only one that they were reminded of is meant.
    """
    if about is not None:
        open_ones = [one for one in (await get_duties(session, about)).values() if one.state is DutyState.OPEN]
        if len(open_ones) == 1 or len(about) == 1:
            found = open_ones or list((await get_duties(session, about)).values())
            return Meant(found[0] if found else None)
        if open_ones:
            return Meant(None, tuple(sorted(open_ones, key=_soonest)))
    own = await open_duties(session, contact)
    if len(own) == 1:
        return Meant(own[0])
    reminded = await reminded_of(session, contact, own)
    asked = [one for one in own if one.id in reminded]
    return Meant(asked[0]) if len(asked) == 1 else Meant(None, tuple(asked or own))


async def open_duties(session: AsyncSession, contact: Contact) -> list[Duty]:
    """The open duties of this person's agency, the soonest first."""
    if contact.agency_code is None:
        return []
    return await list_duties(session, DutyState.OPEN, agency_code=contact.agency_code)


async def reminded_of(session: AsyncSession, contact: Contact, duties: Sequence[Duty]) -> set[int]:
    """The ids of those of these duties that this person was reminded of."""
    nudges = await list_nudges(session, [one.id for one in duties])
    return {one.duty_id for one in nudges if one.contact_id == contact.id and one.state is NudgeState.SENT}


def _soonest(duty: Duty) -> tuple[bool, str, int]:
    return duty.last_day is None, duty.last_day.isoformat() if duty.last_day else "", duty.id
