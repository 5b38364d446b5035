"""Looks after what got stuck: duties that nobody would look at any more, reminders whose message never went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from db.duties import DutyState, list_duties_after
from db.engine import Database
from db.nudges import NudgeState, end_forgotten_escalations, list_lost, settle_nudges
from db.reports import list_waiting_in_vain
from scheduler.course import Rules, decided, set_next_look

_BATCH = 500


@dataclass(slots=True)
class Audited:
    """How many duties had a wrong next look, how many messages had failed without their reminders knowing, how many duties
    waited for a decision that nobody asks for any more, and how many chains went on although their duty was closed."""

    duties: int = 0
    messages: int = 0
    waits: int = 0
    chains: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.duties or self.messages or self.waits or self.chains)


async def audit(database: Database, rules: Rules, *, now: dt.datetime) -> Audited:
    """Work out every open duty's next look anew, by the ladder and the calendar of today, and set right those that differ;
    settle the reminders of messages that failed behind their back, and end what waits or goes on for nothing."""
    found = Audited()
    async with database.write() as session:
        for duty in await list_waiting_in_vain(session):
            decided(duty, rules, now)
            found.waits += 1
        found.chains = await end_forgotten_escalations(session, now=now)
    last = 0
    while True:
        async with database.write() as session:
            duties = await list_duties_after(session, last, DutyState.OPEN, limit=_BATCH)
            if not duties:
                break
            last = duties[-1].id
            for duty in duties:
                before = duty.remind_at
                set_next_look(duty, rules)
                found.duties += duty.remind_at != before
    async with database.write() as session:
        for message_id, reason in await list_lost(session):
            await settle_nudges(session, message_id, NudgeState.DROPPED, now=now, reason=reason)
            found.messages += 1
    return found
