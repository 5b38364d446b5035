"""For trying things out: an instant earlier than the duties' confirmation, as if they had been confirmed that morning."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import DutyState, list_duties
from scheduler.calendar import at_local, local_day
from scheduler.course import Rules, set_next_look


async def confirm_before(session: AsyncSession, at: dt.datetime, rules: Rules) -> int:
    """Have every duty that is open, but was confirmed after the instant, count as confirmed when its day began; how many."""
    day_begins = at_local(local_day(at), dt.time())
    later = [one for one in await list_duties(session, DutyState.OPEN) if one.confirmed_at is not None and one.confirmed_at > at]
    for duty in later:
        duty.confirmed_at = day_begins
        if duty.reminded_until is not None and duty.reminded_until > at:
            duty.reminded_until = None
        set_next_look(duty, rules)
    await session.flush()
    return len(later)
