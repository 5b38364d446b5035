"""A person's post goes to another: what waited for the one waits for the other from now on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import end_invitations, unlink_accounts
from db.nudges import Escalation, Nudge, NudgeState
from db.people import Contact

# Why a reminder to whoever left was dropped: the successor had the same already.
REPLACED = "replaced"


async def hand_on(session: AsyncSession, old_id: int, new_id: int, *, now: datetime) -> None:
    """Everything that waits for one person waits for another: open chains of escalation, and reminders that were not sent.
    What was done and said stays the leaver's. Duties that they had taken on are `scheduler.course.assign`'s to hand on.
    Whatever else comes to wait for a person by name has its line here.
    """
    await _hand_on_chains(session, old_id, new_id)
    await _hand_on_nudges(session, old_id, new_id, now=now)


async def let_leave(session: AsyncSession, contact: Contact, *, now: datetime) -> None:
    """A person has left the post: no account, no code of theirs is good any more, no list names them. Their name stays in
    what they did; they come back by being put on a list again."""
    await unlink_accounts(session, contact.id)
    await end_invitations(session, contact.id, now=now)
    contact.removed_at = now
    contact.away_from = contact.away_until = contact.silenced_at = None
    await session.flush()


async def _hand_on_chains(session: AsyncSession, old_id: int, new_id: int) -> None:
    # A province has some hundred chains at most; what a JSON list holds is asked differently by each database.
    for chain in (await session.execute(select(Escalation).where(col(Escalation.ended_at).is_(None)))).scalars():
        chain.leader_ids = _replaced(chain.leader_ids, old_id, new_id)
        chain.coordinator_ids = _replaced(chain.coordinator_ids, old_id, new_id)
    await session.flush()


def _replaced(ids: tuple[int, ...], old_id: int, new_id: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(new_id if one == old_id else one for one in ids))


async def _hand_on_nudges(session: AsyncSession, old_id: int, new_id: int, *, now: datetime) -> None:
    """Reminders that did not go out wait for a message to the successor; the message that carried them is dropped when its
    turn comes, since it carries nothing any more."""
    query = select(Nudge).where(col(Nudge.contact_id) == old_id, col(Nudge.state) == NudgeState.PLANNED)
    waiting = (await session.execute(query.with_for_update())).scalars().all()
    theirs = select(Nudge).where(col(Nudge.contact_id) == new_id, col(Nudge.duty_id).in_({one.duty_id for one in waiting}))
    known = {_key(one) for one in (await session.execute(theirs)).scalars()}
    for nudge in waiting:
        nudge.message_id = None
        if _key(nudge) in known:
            nudge.state, nudge.settled_at, nudge.reason = NudgeState.DROPPED, now, REPLACED
        else:
            nudge.contact_id = new_id
    await session.flush()


def _key(nudge: Nudge) -> tuple[object, ...]:
    return nudge.duty_id, nudge.rung, nudge.rung_day, nudge.step
