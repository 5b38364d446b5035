"""How the duties stand at an instant: counted and listed by the database, which alone can look at a whole province's at once.

`scheduler.progress.stand` says the same of one duty, from its rows; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import Account
from db.documents import Document
from db.duties import Duty, DutyOutcome, DutyState
from db.facts import Assignment
from db.nudges import Escalation, Nudge, NudgeState, Step
from db.people import Agency, Contact
from db.reports import ChangeKind, DutyChange, Status, StatusReport


class Standing(StrEnum):
    """How a duty stands, the worst first.

    OVERDUE: its last day has passed, whatever was reported; OBSTACLE: reported, or said to be another's and undecided;
    NOT_REPORTED: its agency was reminded and has not answered; NOT_DUE: nobody was reminded yet, or the answer was
    «not begun».
    """

    OVERDUE = "overdue"
    OBSTACLE = "obstacle"
    NOT_REPORTED = "not_reported"
    IN_PROGRESS = "in_progress"
    NOT_DUE = "not_due"
    DONE_LATE = "done_late"
    DONE_IN_TIME = "done_in_time"


# In these parts a reminder asks the duty's own agency.
ASKING_STEPS = (Step.FOCAL_POINT, Step.LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which duties are meant; what is None does not matter. `due_from` and `due_to` bound the last day, both included.

    `since` and `due_by`: only what an agency was concerned with from that instant on: not done before it, and due by that
    day or since then reported on, reminded of, or closed.
    """

    agency_code: str | None = None
    document_id: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    states: tuple[Standing, ...] = ()
    since: datetime | None = None
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """A duty with how it stands: the status and share of work reported last, when that was, and when its agency was last
    reminded."""

    duty: Duty
    standing: Standing
    status: Status | None
    percent: int | None
    reported_at: datetime | None
    asked_at: datetime | None


async def count_standings(session: AsyncSession, scope: Scope, at: datetime) -> dict[str, dict[Standing, int]]:
    """How many duties stand how at this instant, by agency code."""
    found = _standings(scope, at)
    query = select(found.c.agency_code, found.c.standing, func.count()).group_by(found.c.agency_code, found.c.standing)
    counted: dict[str, dict[Standing, int]] = {}
    for agency_code, standing, count in await session.execute(query.order_by(found.c.agency_code)):
        counted.setdefault(agency_code, {})[Standing(standing)] = count
    return counted


async def list_standings(session: AsyncSession, scope: Scope, at: datetime, *, limit: int | None = None, offset: int = 0) -> list[Stood]:
    """The duties with how they stand at this instant: the worst state first, in it the earliest last day, then by code."""
    found = _standings(scope, at)
    query = select(Duty, found.c.standing, found.c.status, found.c.percent, found.c.reported_at, found.c.asked_at)
    query = query.join(found, found.c.id == col(Duty.id)).order_by(*_worst_first(found)).limit(limit).offset(offset)
    return [Stood(duty, Standing(standing), *reported) for duty, standing, *reported in await session.execute(query)]


async def list_next_due(session: AsyncSession, scope: Scope, at: datetime, *, limit: int, until: datetime | None = None) -> list[Stood]:
    """The duties not done whose last day comes next, up to the instant named."""
    found = _standings(scope, at)
    query = select(Duty, found.c.standing, found.c.status, found.c.percent, found.c.reported_at, found.c.asked_at)
    query = query.join(found, found.c.id == col(Duty.id)).where(col(Duty.due_at) > at, found.c.standing.not_in(_DONE))
    if until is not None:
        query = query.where(col(Duty.due_at) <= until)
    query = query.order_by(col(Duty.due_at), col(Duty.id)).limit(limit)
    return [Stood(duty, Standing(standing), *reported) for duty, standing, *reported in await session.execute(query)]


async def list_escalated(session: AsyncSession, now: datetime, *, position: int, begun_before: datetime) -> list[tuple[Duty, Escalation]]:
    """Overdue open duties whose chain began before then and has gone up so far, the longest overdue first."""
    query = select(Duty, Escalation).join(Escalation, col(Escalation.duty_id) == col(Duty.id))
    query = query.where(col(Escalation.ended_at).is_(None), col(Escalation.position) >= position, col(Escalation.started_at) < begun_before)
    query = query.where(col(Duty.state) == DutyState.OPEN, col(Duty.due_at) <= now)
    return [(duty, one) for duty, one in await session.execute(query.order_by(col(Duty.due_at), col(Duty.id)))]


async def get_assignments(session: AsyncSession, ids: Collection[int]) -> list[Assignment]:
    """The assignments with these ids."""
    return list((await session.execute(select(Assignment).where(col(Assignment.id).in_(ids)))).scalars())


async def get_contacts(session: AsyncSession, ids: Collection[int]) -> list[Contact]:
    """The people with these ids, removed ones too."""
    return list((await session.execute(select(Contact).where(col(Contact.id).in_(ids)))).scalars())


async def list_contacts_in_kind(session: AsyncSession, kind: str) -> list[Contact]:
    """The people of all agencies of this kind who have not been removed."""
    query = select(Contact).join(Agency, col(Agency.code) == col(Contact.agency_code)).where(col(Agency.kind) == kind)
    return list((await session.execute(query.where(col(Contact.removed_at).is_(None)).order_by(col(Contact.id)))).scalars())


async def has_reachable(session: AsyncSession, contact_ids: Collection[int]) -> bool:
    """Whether any of these people has an account that can be written to."""
    query = select(col(Account.id)).where(col(Account.contact_id).in_(contact_ids), col(Account.off_at).is_(None)).limit(1)
    return (await session.execute(query)).first() is not None


async def list_issuers(session: AsyncSession) -> Sequence[str]:
    """Who issued the documents, the most frequent first."""
    query = select(col(Document.issuer)).where(col(Document.issuer) != "").group_by(col(Document.issuer))
    return list((await session.execute(query.order_by(func.count().desc(), col(Document.issuer)))).scalars())


_DONE = (Standing.DONE_IN_TIME.value, Standing.DONE_LATE.value)


def _standings(scope: Scope, at: datetime) -> Subquery:
    """Each duty on the list at the instant, with how it stands and what that rests on."""
    handed = _latest(col(DutyChange.duty_id), col(DutyChange.at), col(DutyChange.kind) == ChangeKind.HANDED_OVER, col(DutyChange.at) <= at)
    # What was said before a duty was handed over was said by another agency.
    reports = select(col(StatusReport.duty_id), func.max(col(StatusReport.id)).label("id"))
    reports = reports.join(handed, handed.c.duty_id == col(StatusReport.duty_id), isouter=True)
    reports = reports.where(col(StatusReport.undone_at).is_(None), col(StatusReport.at) <= at)
    reports = reports.where(or_(handed.c.at.is_(None), col(StatusReport.at) > handed.c.at)).group_by(col(StatusReport.duty_id))
    last = reports.subquery("last_report")
    asked = _latest(
        col(Nudge.duty_id),
        col(Nudge.settled_at),
        col(Nudge.state) == NudgeState.SENT,
        col(Nudge.step).in_(ASKING_STEPS),
        col(Nudge.settled_at) <= at,
    )
    asked_at = case((and_(handed.c.at.is_not(None), asked.c.at <= handed.c.at), None), else_=asked.c.at)
    standing = _standing(asked_at, at)
    query: Select[Any] = select(
        col(Duty.id),
        col(Duty.agency_code),
        col(Duty.last_day),
        col(Duty.closed_at),
        standing.label("standing"),
        col(StatusReport.status).label("status"),
        col(StatusReport.percent).label("percent"),
        col(StatusReport.at).label("reported_at"),
        asked_at.label("asked_at"),
    )
    query = query.join(last, last.c.duty_id == col(Duty.id), isouter=True)
    query = query.join(StatusReport, col(StatusReport.id) == last.c.id, isouter=True)
    query = query.join(asked, asked.c.duty_id == col(Duty.id), isouter=True)
    query = query.join(handed, handed.c.duty_id == col(Duty.id), isouter=True)
    query = query.where(*_on_the_list(at), *_within(scope))
    if scope.since is None and not scope.states:
        return query.subquery("standing")
    found = query.subquery("found")
    chosen = select(found)
    if scope.states:
        chosen = chosen.where(found.c.standing.in_([one.value for one in scope.states]))
    if scope.since is not None:
        is_done = found.c.standing.in_(_DONE)
        touched = [when >= scope.since for when in (found.c.reported_at, found.c.asked_at)]
        due = [found.c.last_day <= scope.due_by] if scope.due_by else []
        chosen = chosen.where(or_(is_done, *touched, *due), or_(~is_done, found.c.closed_at >= scope.since))
    return chosen.subquery("standing")


def _standing(asked_at: ColumnElement[Any], at: datetime) -> ColumnElement[str]:
    is_closed = and_(col(Duty.state) == DutyState.CLOSED, col(Duty.closed_at) <= at)
    in_time = or_(col(Duty.due_at).is_(None), col(Duty.closed_at) < col(Duty.due_at))
    status = col(StatusReport.status)
    is_undecided = and_(col(Duty.awaits).is_not(None), or_(col(Duty.awaited_at).is_(None), col(Duty.awaited_at) <= at))
    return case(
        (and_(is_closed, in_time), Standing.DONE_IN_TIME.value),
        (is_closed, Standing.DONE_LATE.value),
        (col(Duty.due_at) <= at, Standing.OVERDUE.value),
        (or_(status == Status.OBSTACLE, is_undecided), Standing.OBSTACLE.value),
        # Reported done and still open: the coordinator has opened it again.
        (status.in_((Status.IN_PROGRESS, Status.DONE)), Standing.IN_PROGRESS.value),
        (status == Status.NOT_STARTED, Standing.NOT_DUE.value),
        (asked_at.is_not(None), Standing.NOT_REPORTED.value),
        else_=Standing.NOT_DUE.value,
    )


def _on_the_list(at: datetime) -> list[ColumnElement[bool]]:
    """Confirmed by then, and neither taken off the list nor replaced nor split."""
    return [
        col(Duty.state).in_((DutyState.OPEN, DutyState.CLOSED)),
        or_(col(Duty.outcome).is_(None), col(Duty.outcome) == DutyOutcome.DONE),
        col(Duty.confirmed_at) <= at,
    ]


def _within(scope: Scope) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if scope.agency_code is not None:
        wanted.append(col(Duty.agency_code) == scope.agency_code)
    if scope.document_id is not None:
        wanted.append(col(Duty.document_id) == scope.document_id)
    if scope.due_from is not None:
        wanted.append(col(Duty.last_day) >= scope.due_from)
    if scope.due_to is not None:
        wanted.append(col(Duty.last_day) <= scope.due_to)
    return wanted


def _latest(duty_id: Any, when: Any, *wanted: ColumnElement[bool]) -> Subquery:
    query = select(duty_id.label("duty_id"), func.max(when).label("at")).where(*wanted).group_by(duty_id)
    return query.subquery()


def _worst_first(found: Subquery) -> list[ColumnElement[Any]]:
    rank = case({one.value: place for place, one in enumerate(Standing)}, value=found.c.standing)
    return [rank, found.c.last_day.is_(None), found.c.last_day, found.c.id]
