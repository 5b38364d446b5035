"""What people say about duties: status reports with their files, and requests for a later day. Added to, never rewritten."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.duties import Awaited, Duty, DutyState
from db.files import StoredFile
from db.people import Contact
from db.schema import Row, table_of, text_enum


class Status(StrEnum):
    """How a duty stands, as its agency says."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    OBSTACLE = "obstacle"
    DONE = "done"
    NOT_OURS = "not_ours"


class StatusReport(Row, table=True):
    """One reply about one duty. `contact_id` is who gave it; `words` are theirs, `note` what of them is the matter
    itself («thiếu kinh phí»). `promised_on`: the day by which they said it would be done. One that was taken back stays,
    with `undone_at`, and counts for nothing."""

    __tablename__ = "status_report"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    duty_id: int = Field(sa_column_args=[ForeignKey(table_of(Duty).c.id, ondelete="CASCADE")], index=True)
    contact_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")], index=True)
    at: datetime = Field(index=True)
    status: Status = Field(sa_type=text_enum(Status))
    percent: int | None = None
    note: str = ""
    words: str = ""
    promised_on: date | None = None
    undone_at: datetime | None = None


class Evidence(Row, table=True):
    """A file that came with a report, under its cleaned name; `media_type` was told from its bytes."""

    id: int = Field(default=None, primary_key=True)
    report_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(StatusReport).c.id, ondelete="CASCADE")], index=True)
    duty_id: int = Field(sa_column_args=[ForeignKey(table_of(Duty).c.id, ondelete="CASCADE")], index=True)
    contact_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")], index=True)
    sha256: str = Field(sa_column_args=[ForeignKey(table_of(StoredFile).c.sha256)], index=True)
    file_name: str
    size: int
    media_type: str
    at: datetime


class ExtensionState(StrEnum):
    """A request waits, until it is granted, refused, or taken back by whoever asked."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Extension(Row, table=True):
    """A request for a later day: what was asked, and what was decided, with the day it was granted for and the words."""

    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    duty_id: int = Field(sa_column_args=[ForeignKey(table_of(Duty).c.id, ondelete="CASCADE")], index=True)
    contact_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")], index=True)
    asked_at: datetime
    from_day: date | None = None
    asked_day: date
    reason: str = ""
    state: ExtensionState = Field(default=ExtensionState.PENDING, sa_type=text_enum(ExtensionState), index=True)
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")])
    granted_day: date | None = None
    answer: str = ""


class ChangeKind(StrEnum):
    """What was done to a duty, other than being reported on."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    MOVED = "moved"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OVER = "handed_over"
    GIVEN_BACK = "given_back"
    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    RESUMED = "resumed"
    SPLIT = "split"
    CONTINUED = "continued"
    ESCALATED = "escalated"
    UNREACHED = "unreached"


class DutyChange(Row, table=True):
    """One change of a duty: from what, to what (a day, an agency, a name, in words), why, and by whom (None: by the
    command line, or by itself)."""

    __tablename__ = "duty_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    duty_id: int = Field(sa_column_args=[ForeignKey(table_of(Duty).c.id, ondelete="CASCADE")], index=True)
    at: datetime
    kind: ChangeKind = Field(sa_type=text_enum(ChangeKind))
    contact_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")], index=True)
    before: str = ""
    after: str = ""
    reason: str = ""


async def add_report(session: AsyncSession, report: StatusReport) -> StatusReport:
    """Store a reply; it has its `id` afterwards."""
    session.add(report)
    await session.flush()
    return report


async def list_reports(session: AsyncSession, duty_ids: Collection[int], *, also_undone: bool = False) -> list[StatusReport]:
    """The replies about these duties, the oldest first."""
    query = select(StatusReport).where(col(StatusReport.duty_id).in_(duty_ids)).order_by(col(StatusReport.id))
    if not also_undone:
        query = query.where(col(StatusReport.undone_at).is_(None))
    return list((await session.execute(query)).scalars())


async def latest_report_at(session: AsyncSession, duty_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these duties was last reported on."""
    query = select(col(StatusReport.duty_id), func.max(col(StatusReport.at))).where(col(StatusReport.duty_id).in_(duty_ids))
    query = query.where(col(StatusReport.undone_at).is_(None)).group_by(col(StatusReport.duty_id))
    return {duty_id: at for duty_id, at in await session.execute(query)}


async def list_evidence(session: AsyncSession, duty_ids: Collection[int]) -> list[Evidence]:
    """The files that came with replies about these duties, the oldest first."""
    query = select(Evidence).where(col(Evidence.duty_id).in_(duty_ids)).order_by(col(Evidence.id))
    return list((await session.execute(query)).scalars())


async def list_extensions(
    session: AsyncSession, duty_ids: Collection[int] | None = None, *, state: ExtensionState | None = None
) -> list[Extension]:
    """Requests for a later day, of these duties and in this state where named, the oldest first."""
    query = select(Extension).order_by(col(Extension.id))
    if duty_ids is not None:
        query = query.where(col(Extension.duty_id).in_(duty_ids))
    if state is not None:
        query = query.where(col(Extension.state) == state)
    return list((await session.execute(query)).scalars())


async def list_waiting_in_vain(session: AsyncSession) -> list[Duty]:
    """Open duties that wait for a decision about a later day which nobody asks for any more."""
    asked = select(col(Extension.duty_id)).where(col(Extension.state) == ExtensionState.PENDING)
    query = select(Duty).where(col(Duty.state) == DutyState.OPEN, col(Duty.awaits) == Awaited.EXTENSION, col(Duty.id).not_in(asked))
    return list((await session.execute(query.with_for_update())).scalars())


async def settle_extensions(
    session: AsyncSession, duty_id: int, state: ExtensionState, *, now: datetime, by: int | None, day: date | None
) -> None:
    """What is still asked for a duty is settled by what was done to it otherwise: moved to a day, closed, handed over."""
    pending = update(Extension).where(col(Extension.duty_id) == duty_id, col(Extension.state) == ExtensionState.PENDING)
    await session.execute(pending.values(state=state, decided_at=now, decided_by=by, granted_day=day))


async def handed_over_at(session: AsyncSession, duty_ids: Collection[int]) -> dict[int, datetime]:
    """When those of these duties that went to another agency last did so."""
    query = select(col(DutyChange.duty_id), func.max(col(DutyChange.at))).where(col(DutyChange.duty_id).in_(duty_ids))
    query = query.where(col(DutyChange.kind) == ChangeKind.HANDED_OVER).group_by(col(DutyChange.duty_id))
    return {duty_id: at for duty_id, at in await session.execute(query)}


async def _lock_duty_first(session: AsyncSession, about: Select[int]) -> None:
    """Everybody locks a duty before what was said of it: in one order, so that two who decide and answer do not wait for each
    other."""
    await session.execute(select(col(Duty.id)).where(col(Duty.id).in_(about)).with_for_update())


async def lock_report(session: AsyncSession, report_id: int) -> StatusReport | None:
    """The reply with this id as it is now, locked with its duty until the end of the transaction."""
    await _lock_duty_first(session, select(col(StatusReport.duty_id)).where(col(StatusReport.id) == report_id))
    query = select(StatusReport).where(col(StatusReport.id) == report_id).with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def add_extension(session: AsyncSession, extension: Extension) -> Extension:
    """Store a request for a later day; it has its `id` afterwards."""
    session.add(extension)
    await session.flush()
    return extension


async def lock_extension(session: AsyncSession, extension_id: int) -> Extension | None:
    """The request with this id as it is now, locked with its duty until the end of the transaction: of two who decide, one is
    first."""
    await _lock_duty_first(session, select(col(Extension.duty_id)).where(col(Extension.id) == extension_id))
    query = select(Extension).where(col(Extension.id) == extension_id).with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def latest_by(session: AsyncSession, contact_id: int, *, since: datetime) -> StatusReport | Extension | None:
    """What this person said last of any duty since then, and has not taken back."""
    reports = select(StatusReport).where(col(StatusReport.contact_id) == contact_id, col(StatusReport.at) >= since)
    reports = reports.where(col(StatusReport.undone_at).is_(None)).order_by(col(StatusReport.id).desc()).limit(1)
    requests = select(Extension).where(col(Extension.contact_id) == contact_id, col(Extension.asked_at) >= since)
    requests = requests.where(col(Extension.state) == ExtensionState.PENDING).order_by(col(Extension.id).desc()).limit(1)
    report = (await session.execute(reports)).scalars().first()
    request = (await session.execute(requests)).scalars().first()
    if report is None or request is None:
        return report or request
    return report if report.at > request.asked_at else request


async def add_change(session: AsyncSession, change: DutyChange) -> None:
    session.add(change)
    await session.flush()


async def list_changes(session: AsyncSession, duty_ids: Collection[int]) -> list[DutyChange]:
    """What was done to these duties, the oldest first."""
    query = select(DutyChange).where(col(DutyChange.duty_id).in_(duty_ids)).order_by(col(DutyChange.id))
    return list((await session.execute(query)).scalars())
