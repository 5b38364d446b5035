"""Reminders as they were planned and what became of each; and how far up the chain an overdue duty has gone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.duties import Duty, DutyState
from db.outbox import OutboxRow, OutboxState
from db.people import Contact
from db.schema import Json, Row, insert_missing, table_of, text_enum


class Step(StrEnum):
    """In which part somebody is told of a duty: to do it; as its agency's leader; as coordinator; as coordinator because
    nobody of the agency can be reached."""

    FOCAL_POINT = "focal_point"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    UNREACHED = "unreached"


class NudgeState(StrEnum):
    """PLANNED waits for a message, or with it; SENT went out; DROPPED was not wanted any more, or could not be sent."""

    PLANNED = "planned"
    SENT = "sent"
    DROPPED = "dropped"


class Nudge(Row, table=True):
    """One duty's reminder to one person because of one rung: `rung` in days from the last day, `rung_day` the day that is.

    `is_again`: because a promised day has passed. Several of one person go out in one message, `message_id`; until
    they have one they only wait for it. `reason` says why a dropped one was dropped.
    """

    __table_args__ = (
        UniqueConstraint("duty_id", "rung", "rung_day", "contact_id", "step", "is_again"),
        Index("ix_nudge_waiting", "state", "message_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(default=None, primary_key=True)
    duty_id: int = Field(sa_column_args=[ForeignKey(table_of(Duty).c.id, ondelete="CASCADE")])
    contact_id: int = Field(sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="CASCADE")], index=True)
    rung: int
    rung_day: date
    step: Step = Field(sa_type=text_enum(Step))
    is_again: bool = False
    due_at: datetime
    planned_at: datetime
    message_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(OutboxRow).c.id, ondelete="SET NULL")], index=True)
    state: NudgeState = Field(default=NudgeState.PLANNED, sa_type=text_enum(NudgeState))
    settled_at: datetime | None = None
    channel: str = ""
    reason: str = ""


class Escalation(Row, table=True):
    """The chain of an overdue duty, fixed when it starts: who is told at the second rung after the last day, and who at the
    third. `position` counts the rungs that were reached; a duty whose third was stands on the next week's list.
    `ended_at`: the duty was closed, moved or handed over."""

    __table_args__ = (Index("ix_escalation_open", "duty_id", "ended_at"), {"sqlite_autoincrement": True})

    id: int = Field(default=None, primary_key=True)
    duty_id: int = Field(sa_column_args=[ForeignKey(table_of(Duty).c.id, ondelete="CASCADE")])
    started_at: datetime
    leader_ids: tuple[int, ...] = Field(default=(), sa_type=Json(tuple[int, ...]))
    coordinator_ids: tuple[int, ...] = Field(default=(), sa_type=Json(tuple[int, ...]))
    position: int = 0
    ended_at: datetime | None = None
    end_reason: str = ""


async def list_due_agencies(session: AsyncSession, now: datetime, *, limit: int) -> list[str]:
    """Agencies of which an open duty must be looked at by now, at most so many."""
    query = select(col(Duty.agency_code)).where(col(Duty.state) == DutyState.OPEN, col(Duty.remind_at) <= now)
    return list(
        (await session.execute(query.group_by(col(Duty.agency_code)).order_by(func.min(col(Duty.remind_at))).limit(limit))).scalars()
    )


async def list_due_duties(session: AsyncSession, now: datetime, agency_codes: Collection[str], *, limit: int) -> list[Duty]:
    """The open duties of these agencies that must be looked at by now, locked until the end of the transaction."""
    query = select(Duty).where(col(Duty.state) == DutyState.OPEN, col(Duty.remind_at) <= now, col(Duty.agency_code).in_(agency_codes))
    return list((await session.execute(query.order_by(col(Duty.id)).limit(limit).with_for_update())).scalars())


async def next_look(session: AsyncSession, *, after: datetime | None = None) -> datetime | None:
    """When the first open duty must be looked at (the first after an instant, where one is named); None when none ever must."""
    query = select(func.min(col(Duty.remind_at))).where(col(Duty.state) == DutyState.OPEN)
    if after is not None:
        query = query.where(col(Duty.remind_at) > after)
    at: datetime | None = (await session.execute(query)).scalar_one_or_none()
    return at


async def add_nudges(session: AsyncSession, nudges: Sequence[Nudge]) -> None:
    """Store reminders; one that was planned before, by whatever tick, is not planned again."""
    await insert_missing(session, nudges, key="contact_id", within=("duty_id", "rung", "rung_day", "step", "is_again"))


async def list_waiting_contacts(session: AsyncSession, *, limit: int, nudges: int) -> list[int]:
    """People with reminders that no message carries yet: at most so many, with about so many reminders in all."""
    query = select(col(Nudge.contact_id), func.count()).where(col(Nudge.state) == NudgeState.PLANNED, col(Nudge.message_id).is_(None))
    query = query.group_by(col(Nudge.contact_id)).order_by(col(Nudge.contact_id)).limit(limit)
    found: list[int] = []
    for contact_id, count in await session.execute(query):
        # One who has more than all that has them alone.
        if found and count > nudges:
            break
        found.append(contact_id)
        nudges -= count
    return found


async def list_waiting(session: AsyncSession, contact_ids: Collection[int]) -> list[Nudge]:
    """These people's reminders that no message carries yet, locked until the end of the transaction."""
    query = select(Nudge).where(col(Nudge.contact_id).in_(contact_ids), col(Nudge.state) == NudgeState.PLANNED)
    return list((await session.execute(query.where(col(Nudge.message_id).is_(None)).order_by(col(Nudge.id)).with_for_update())).scalars())


async def list_carried(session: AsyncSession, message_id: int) -> list[Nudge]:
    """The reminders that a message carries."""
    return list((await session.execute(select(Nudge).where(col(Nudge.message_id) == message_id).order_by(col(Nudge.id)))).scalars())


async def list_nudges(session: AsyncSession, duty_ids: Collection[int]) -> list[Nudge]:
    """All reminders of these duties, the oldest first."""
    return list((await session.execute(select(Nudge).where(col(Nudge.duty_id).in_(duty_ids)).order_by(col(Nudge.id)))).scalars())


async def list_reminders_sent(session: AsyncSession, duty_id: int) -> list[tuple[Nudge, OutboxRow]]:
    """The newest reminder of this duty that each person got, with its message, locked until the end of the transaction."""
    latest = select(func.max(col(Nudge.message_id))).where(col(Nudge.duty_id) == duty_id, col(Nudge.state) == NudgeState.SENT)
    query = select(Nudge, OutboxRow).join(OutboxRow, col(OutboxRow.id) == col(Nudge.message_id))
    query = query.where(col(Nudge.duty_id) == duty_id, col(OutboxRow.state) == OutboxState.SENT)
    query = query.where(col(Nudge.message_id).in_(latest.group_by(col(Nudge.contact_id)))).order_by(col(Nudge.id))
    found = await session.execute(query.with_for_update().execution_options(populate_existing=True))
    return [(nudge, row) for nudge, row in found]


async def settle_nudges(session: AsyncSession, message_id: int, state: NudgeState, *, now: datetime, reason: str = "") -> None:
    """Note what became of the reminders that a message carried and that were still wanted."""
    carried = update(Nudge).where(col(Nudge.message_id) == message_id, col(Nudge.state) == NudgeState.PLANNED)
    await session.execute(carried.values(state=state, settled_at=now, reason=reason))


async def list_escalations(session: AsyncSession, duty_ids: Collection[int]) -> dict[int, Escalation]:
    """The chains that these duties are going up, by duty."""
    query = select(Escalation).where(col(Escalation.duty_id).in_(duty_ids), col(Escalation.ended_at).is_(None))
    return {one.duty_id: one for one in (await session.execute(query.order_by(col(Escalation.id)))).scalars()}


async def end_escalation(session: AsyncSession, duty_id: int, *, now: datetime, reason: str) -> None:
    """The chain of a duty ends here; what was told stays told."""
    query = update(Escalation).where(col(Escalation.duty_id) == duty_id, col(Escalation.ended_at).is_(None))
    await session.execute(query.values(ended_at=now, end_reason=reason))


async def resume_escalation(session: AsyncSession, duty_id: int, *, ended_at: datetime) -> None:
    """What ended the chain of a duty at that instant was taken back: it goes on from where it was."""
    query = update(Escalation).where(col(Escalation.duty_id) == duty_id, col(Escalation.ended_at) == ended_at)
    await session.execute(query.values(ended_at=None, end_reason=""))


async def latest_due(
    session: AsyncSession, contact_ids: Collection[int], duty_ids: Collection[int]
) -> dict[tuple[int, int, Step], datetime]:
    """When the latest reminder of each duty to each of these people was due, in each part, dropped ones left out; by
    (contact, duty, part)."""
    whose = (col(Nudge.contact_id), col(Nudge.duty_id), col(Nudge.step))
    query = select(*whose, func.max(col(Nudge.due_at))).where(col(Nudge.contact_id).in_(contact_ids), col(Nudge.duty_id).in_(duty_ids))
    found = await session.execute(query.where(col(Nudge.state) != NudgeState.DROPPED).group_by(*whose))
    return {(contact_id, duty_id, step): at for contact_id, duty_id, step, at in found}


async def list_lost(session: AsyncSession) -> list[tuple[int, str]]:
    """Messages that failed while the reminders they carry still wait for them: (message, reason)."""
    query = select(col(OutboxRow.id), col(OutboxRow.reason)).join(Nudge, col(Nudge.message_id) == col(OutboxRow.id))
    query = query.where(col(Nudge.state) == NudgeState.PLANNED, col(OutboxRow.state).in_((OutboxState.FAILED, OutboxState.DROPPED)))
    return [(message_id, reason) for message_id, reason in await session.execute(query.distinct())]


async def end_forgotten_escalations(session: AsyncSession, *, now: datetime) -> int:
    """End the chains of duties that are not open any more; returns how many there were."""
    closed = select(col(Duty.id)).where(col(Duty.state) != DutyState.OPEN)
    query = update(Escalation).where(col(Escalation.ended_at).is_(None), col(Escalation.duty_id).in_(closed))
    ended = await session.execute(query.values(ended_at=now, end_reason="forgotten").returning(col(Escalation.id)))
    return len(ended.scalars().all())
