"""Duties: an assignment as one agency owes it for one last day, from proposal to closing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, delete, func, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.deadlines import DeadlineRule
from db.schema import Json, Row, insert_missing, text_enum

_CODE_PREFIX = "PV"


class DutyState(StrEnum):
    """A duty is proposed by what was read, opened by a person, closed by a report or a person."""

    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"


class DutyOutcome(StrEnum):
    """As what a duty was closed: reported done; taken off the list; its document was replaced; owed by each agency of a
    group, one by one."""

    DONE = "done"
    DROPPED = "dropped"
    SUPERSEDED = "superseded"
    SPLIT = "split"


class Pause(StrEnum):
    """Why nobody is reminded until a day: they promised to be done by then, or asked not to be."""

    PROMISE = "promise"
    SNOOZE = "snooze"


class Awaited(StrEnum):
    """What the coordinator has to decide before anybody is reminded again: a later day, or whose duty it is."""

    EXTENSION = "extension"
    OWNER = "owner"


class Duty(Row, table=True):
    """What one agency owes by one day. `due_at` is the first instant that is too late.

    `fingerprint` names what was proposed, and stays when a person changes the day: the same assignment, read again
    from a newer version, is not proposed twice. A duty made by hand has no document; `source` then says where it
    comes from. `parent_id`: the duty of a group that this one is an agency's part of. `assignee_id`: who in the agency
    has taken it on. `ladder`: days from the last day, where another ladder than the usual is wanted. `repeats`: after
    its period comes the next. Rungs up to `reminded_until` are dealt with; at `remind_at` it must be looked at again,
    never while it is None. Both are written by `scheduler.course` alone, from everything else here.
    """

    # A code that people have seen is never given to another duty, also after deletions.
    __table_args__ = (Index("ix_duty_remind_at", "state", "remind_at"), {"sqlite_autoincrement": True})

    id: int = Field(default=None, primary_key=True)
    fingerprint: str = Field(unique=True)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", ondelete="SET NULL", index=True)
    document_id: int | None = Field(default=None, foreign_key="document.id", ondelete="SET NULL", index=True)
    parent_id: int | None = Field(default=None, foreign_key="duty.id", ondelete="SET NULL", index=True)
    agency_code: str = Field(foreign_key="agency.code", ondelete="RESTRICT", index=True)
    assignee_id: int | None = Field(default=None, foreign_key="contact.id", ondelete="SET NULL", index=True)
    clause: str
    task: str
    source: str = ""
    rule: DeadlineRule = Field(sa_type=Json(DeadlineRule))
    last_day: date | None = None
    due_at: datetime | None = Field(default=None, index=True)
    state: DutyState = Field(default=DutyState.PROPOSED, sa_type=text_enum(DutyState))
    proposed_at: datetime
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: DutyOutcome | None = Field(default=None, sa_type=text_enum(DutyOutcome))
    repeats: bool = True
    ladder: tuple[int, ...] | None = Field(default=None, sa_type=Json(tuple[int, ...]))
    awaits: Awaited | None = Field(default=None, sa_type=text_enum(Awaited))
    awaited_at: datetime | None = None
    pause: Pause | None = Field(default=None, sa_type=text_enum(Pause))
    paused_until: date | None = None
    reminded_until: datetime | None = None
    remind_at: datetime | None = None

    @property
    def code(self) -> str:
        """What people call it: «PV12»."""
        return f"{_CODE_PREFIX}{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A duty before anyone has seen it; fields as in `Duty`."""

    assignment_id: int
    document_id: int
    agency_code: str
    clause: str
    task: str
    rule: DeadlineRule
    last_day: date | None
    due_at: datetime | None
    source: str = ""

    @property
    def fingerprint(self) -> str:
        """Equal for the same task of the same clause, owed by the same agency for the same day."""
        day = self.last_day.isoformat() if self.last_day else ""
        return fingerprint_of(str(self.document_id), self.clause, self.agency_code, day, words_of(self.task))


def words_of(task: str) -> str:
    """A task as far as it is compared: without regard to case and blanks."""
    return " ".join(task.casefold().split())


def fingerprint_of(*parts: str) -> str:
    """A short text that is equal for equal parts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def parse_duty_code(code: str) -> int | None:
    """The id behind a code as people type it: «pv 12» → 12; None when it is none."""
    compact = "".join(code.split()).upper()
    match = re.fullmatch(_CODE_PREFIX + r"([0-9]{1,9})", compact)
    return int(match[1]) if match else None


async def list_duties(session: AsyncSession, *states: DutyState, agency_code: str | None = None) -> list[Duty]:
    """Duties in these states (in any, when none is named), the soonest first, those without a day last."""
    query = select(Duty).order_by(col(Duty.last_day).is_(None), col(Duty.last_day), col(Duty.id))
    if states:
        query = query.where(col(Duty.state).in_(states))
    if agency_code is not None:
        query = query.where(col(Duty.agency_code) == agency_code)
    return list((await session.execute(query)).scalars())


async def count_open_by_agency(session: AsyncSession) -> dict[str, int]:
    """How many open duties each agency owes; agencies without any are left out."""
    query = select(col(Duty.agency_code), func.count()).where(col(Duty.state) == DutyState.OPEN).group_by(col(Duty.agency_code))
    return {agency_code: count for agency_code, count in await session.execute(query)}


async def list_assigned(session: AsyncSession, contact_id: int) -> list[Duty]:
    """The duties that a person has taken on and that are not closed."""
    query = select(Duty).where(col(Duty.assignee_id) == contact_id, col(Duty.state) != DutyState.CLOSED)
    return list((await session.execute(query.order_by(col(Duty.id)))).scalars())


async def find_duty(session: AsyncSession, code: str) -> Duty | None:
    """The duty with this code, however it is typed."""
    duty_id = parse_duty_code(code)
    return None if duty_id is None else await session.get(Duty, duty_id)


async def get_duties(session: AsyncSession, ids: Collection[int]) -> dict[int, Duty]:
    """The duties with these ids, by id."""
    found = await session.execute(select(Duty).where(col(Duty.id).in_(ids)))
    return {duty.id: duty for duty in found.scalars()}


async def count_duties(session: AsyncSession) -> dict[DutyState, int]:
    """How many duties there are in each state."""
    found = await session.execute(select(col(Duty.state), func.count()).group_by(col(Duty.state)))
    return {state: count for state, count in found}


async def list_awaiting(session: AsyncSession, *, before: datetime) -> list[Duty]:
    """Open duties about which the coordinators have something to decide since before then, the soonest first."""
    query = select(Duty).where(col(Duty.awaits).is_not(None), col(Duty.awaited_at) <= before, col(Duty.state) == DutyState.OPEN)
    return list((await session.execute(query.order_by(col(Duty.last_day), col(Duty.id)))).scalars())


async def list_parts(session: AsyncSession, parent_ids: Collection[int], *states: DutyState) -> list[Duty]:
    """What agencies owe of these groups' duties, one by one, by id."""
    query = select(Duty).where(col(Duty.parent_id).in_(parent_ids)).order_by(col(Duty.id))
    return list((await session.execute(query.where(col(Duty.state).in_(states)) if states else query)).scalars())


async def list_recurring(session: AsyncSession, *, since: date) -> list[Duty]:
    """The duties of something that comes back whose last day is not before then (or not known), by id."""
    # Read as plain JSON: the column's own type would check the part for the whole.
    recurrence = type_coerce(col(Duty.rule), JSON)["recurrence"].as_string()
    recent = or_(col(Duty.last_day).is_(None), col(Duty.last_day) >= since)
    return list((await session.execute(select(Duty).where(recurrence.is_not(None), recent).order_by(col(Duty.id)))).scalars())


async def lock_duties(session: AsyncSession) -> None:
    """Let one at a time open duties or continue them, until the transaction ends.

    Two who confirm the same group, or a person and a tick, would else both find a part missing.
    """
    # On SQLite a writing transaction is alone already.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("duties"))))


async def add_duties(session: AsyncSession, duties: Sequence[Duty]) -> list[Duty]:
    """Store duties that are new, and return those that were, by id; one whose fingerprint is known stays as it is."""
    wanted = {one.fingerprint: one for one in duties}
    known = await _find_by_fingerprint(session, wanted)
    # As below: an insert that finds its key taken would use up a code.
    new = [one for fingerprint, one in wanted.items() if fingerprint not in known]
    added = await _find_by_fingerprint(session, await insert_missing(session, new, key="fingerprint"))
    return sorted(added.values(), key=lambda duty: duty.id)


async def lock_duty(session: AsyncSession, duty_id: int) -> Duty | None:
    """The duty with this id as it is now, locked until the end of the transaction."""
    query = select(Duty).where(col(Duty.id) == duty_id).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def lock_proposed(session: AsyncSession, ids: Collection[int] | None = None) -> list[Duty]:
    """The duties that are still proposed (of these ids, where given) as they are now, by id; locked until the end of the
    transaction."""
    query = select(Duty).where(col(Duty.state) == DutyState.PROPOSED).order_by(col(Duty.id))
    if ids is not None:
        query = query.where(col(Duty.id).in_(ids))
    return list((await session.execute(query.with_for_update().execution_options(populate_existing=True))).scalars())


async def first_awaited_at(session: AsyncSession) -> datetime | None:
    """Since when the oldest request of an open duty has waited for a decision; None when none does."""
    query = select(func.min(col(Duty.awaited_at))).where(col(Duty.state) == DutyState.OPEN)
    at: datetime | None = (await session.execute(query)).scalar_one_or_none()
    return at


async def list_duties_after(session: AsyncSession, after: int, *states: DutyState, limit: int) -> list[Duty]:
    """Duties in these states with a greater id, by id, at most so many; locked until the end of the transaction."""
    query = select(Duty).where(col(Duty.id) > after, col(Duty.state).in_(states)).order_by(col(Duty.id)).limit(limit)
    return list((await session.execute(query.with_for_update())).scalars())


async def propose_duties(session: AsyncSession, proposals: Sequence[Proposal], *, now: datetime) -> list[Duty]:
    """Store the proposals that are new and return them in order.

    One that is known, in whatever state, stays as it is, but for the assignment it points to and what that is called.
    """
    wanted = {proposal.fingerprint: proposal for proposal in proposals}
    known = await _find_by_fingerprint(session, wanted)
    for fingerprint, duty in known.items():
        duty.assignment_id, duty.source = wanted[fingerprint].assignment_id, wanted[fingerprint].source
    await session.flush()
    # Known ones were sorted out first, since an insert that finds its key taken would use up a code all the same.
    new = [_propose(proposal, now) for fingerprint, proposal in wanted.items() if fingerprint not in known]
    added = await _find_by_fingerprint(session, await insert_missing(session, new, key="fingerprint"))
    return sorted(added.values(), key=lambda duty: duty.id)


async def delete_proposals(session: AsyncSession, document_ids: Collection[int]) -> int:
    """Drop what these documents proposed and nobody confirmed (they were withdrawn or replaced); returns how many."""
    query = delete(Duty).where(col(Duty.document_id).in_(document_ids), col(Duty.state) == DutyState.PROPOSED)
    return len((await session.execute(query.returning(col(Duty.id)))).scalars().all())


def _propose(proposal: Proposal, now: datetime) -> Duty:
    given = {part.name: getattr(proposal, part.name) for part in fields(proposal)}
    return Duty(**given, fingerprint=proposal.fingerprint, proposed_at=now)


async def _find_by_fingerprint(session: AsyncSession, fingerprints: Collection[str]) -> dict[str, Duty]:
    found = await session.execute(select(Duty).where(col(Duty.fingerprint).in_(fingerprints)))
    return {duty.fingerprint: duty for duty in found.scalars()}
