"""What confirming duties would bring, before anybody confirms: each group taken for its agencies, over the people of today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty
from db.people import Agency, list_agencies
from handlers.duties.confirming import Membership, load_membership, part_of
from handlers.wording.duties import Foreseen
from scheduler.audience import load_people
from scheduler.course import Rules
from scheduler.forecast import forecast


async def foresee(
    session: AsyncSession, duties: Sequence[Duty], rules: Rules, *, now: dt.datetime, agencies: Sequence[Agency] = ()
) -> Foreseen:
    """Who will get how many messages when, if these duties are confirmed now; `agencies`: of them, that may not be stored yet."""
    membership = await load_membership(session, duties)
    owed = [one for duty in duties for one in as_owed(duty, membership)]
    people = await load_people(session)
    names = {one.code: one.name for one in (*agencies, *await list_agencies(session))}
    names |= {one.code: one.name for duty in duties for one in membership.of(duty)}
    found = forecast(owed, people, rules, now=now)
    return Foreseen(
        agencies=tuple(dict.fromkeys(names.get(one.agency_code, one.agency_code) for one in owed)),
        people=len(found.reached),
        # What has no day reminds nobody, reachable or not.
        unreached=tuple(names.get(code, code) for code in found.unreached),
        days=tuple((one.day, one.messages, one.others, one.is_late) for one in found.days),
    )


def as_owed(duty: Duty, membership: Membership) -> list[Duty]:
    """A duty as it will be owed: a group's one by one, in rows that nobody stores."""
    members = membership.of(duty)
    return [part_of(duty, agency, like=duty) for agency in members] or [duty]
