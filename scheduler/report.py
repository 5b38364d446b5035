"""What a report of a period tells: each duty that an agency was concerned with, with who, what, when and what came of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import Document, list_documents
from db.duties import Awaited, Duty
from db.facts import Assignment
from db.nudges import Nudge, list_nudges
from db.people import Agency, Contact, Role, list_agencies, list_contacts
from db.progress import Scope, Standing, Stood, count_standings, get_assignments, get_contacts, list_issuers, list_next_due, list_standings
from db.reports import (
    ChangeKind,
    Evidence,
    Extension,
    Status,
    StatusReport,
    list_changes,
    list_evidence,
    list_extensions,
    list_reports,
)
from scheduler.calendar import Period, at_local, local_day
from scheduler.progress import DONE, Counts, last_report, sum_counts, when_asked, worst_first
from scheduler.wording import report as wording

_DAY = dt.timedelta(days=1)
_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_BATCH = 5000  # ids in one query: databases take some ten thousands
_COMING = 14 * _DAY  # what falls due so soon after the period is named as what comes next
_MOST_COMING = 20
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One duty as a report shows it, in words of the six «rõ»: who, what, when, whose responsibility, what product, whose
    authority; and how it stands."""

    code: str
    agency_code: str
    agency: str
    people: tuple[str, ...]
    task: str
    source: str
    clause: str
    last_day: dt.date | None
    printed: str
    coordinating: tuple[str, ...]
    products: tuple[str, ...]
    authority: str
    standing: Standing
    status: Status | None
    percent: int | None
    reported_at: dt.datetime | None
    reporter: str
    note: str
    obstacle: str
    obstacle_since: dt.date | None
    request: str
    closed_on: dt.date | None
    days_late: int
    reminders: int
    reminded_at: dt.datetime | None
    reminded: tuple[str, ...]

    @property
    def is_silent(self) -> bool:
        """Whether it is due, or was asked for, and its agency never answered."""
        return self.reported_at is None and not self.request and self.standing in (Standing.OVERDUE, Standing.NOT_REPORTED)


@dataclass(frozen=True, slots=True)
class Report:
    """A period's report. `at`: the instant it speaks of; `issuer` draws it up; `coming` falls due next; `place`: the province,
    empty where no document names it."""

    period: Period
    at: dt.datetime
    rows: tuple[ReportRow, ...]
    counts: Counts
    agencies: tuple[tuple[str, str, Counts], ...]
    coming: tuple[tuple[Stood, str], ...]
    issuer: Agency | None
    place: str
    sources: tuple[str, ...]
    agency: Agency | None = None

    @property
    def silent(self) -> tuple[ReportRow, ...]:
        return tuple(one for one in self.rows if one.is_silent)

    @property
    def obstacles(self) -> tuple[ReportRow, ...]:
        """What its agency cannot get on with, overdue or not."""
        return tuple(one for one in self.rows if one.obstacle and one.standing not in DONE)


def instant_of(period: Period, now: dt.datetime) -> dt.datetime:
    """Of which instant a period's report speaks: its end, so that one made late says the same; of one that is not over, now."""
    return min(now, at_local(period.last + _DAY, dt.time()))


async def load_report(
    session: AsyncSession, period: Period, *, now: dt.datetime, agency: Agency | None = None, document_id: int | None = None
) -> Report:
    """Everything that the files of a period's report say: the duties due by its end and not done before it, and those that
    were reported on, reminded of or closed in it; the worst first."""
    at = instant_of(period, now)
    scope = Scope(
        agency_code=agency.code if agency else None, document_id=document_id, since=at_local(period.first, dt.time()), due_by=period.last
    )
    found = await list_standings(session, scope, at)
    counted = await count_standings(session, scope, at)
    agencies = {one.code: one for one in await list_agencies(session)}
    coming = await list_next_due(session, replace(scope, since=None, due_by=None), at, limit=_MOST_COMING, until=at + _COMING)
    names = {code: one.name for code, one in agencies.items()}
    rows = await _rows(session, found, names, at)
    issuer = agency or await _coordinating_agency(session, agencies)
    sources = list(dict.fromkeys(one.source for one in rows if one.source))
    return Report(
        period=period,
        at=at,
        rows=rows,
        counts=sum_counts(counted.values()),
        agencies=tuple((code, names.get(code, code), counts) for code, counts in worst_first(counted)),
        coming=tuple((one, names.get(one.duty.agency_code, one.duty.agency_code)) for one in coming),
        issuer=issuer,
        place=_province(await list_issuers(session)),
        sources=tuple(sources),
        agency=agency,
    )


async def _rows(session: AsyncSession, found: Sequence[Stood], names: dict[str, str], at: dt.datetime) -> tuple[ReportRow, ...]:
    ids = [one.duty.id for one in found]
    reports = _by_duty(one for one in await _in_batches(ids, lambda some: list_reports(session, some)) if one.at <= at)
    evidence = _by_duty(one for one in await _in_batches(ids, lambda some: list_evidence(session, some)) if one.at <= at)
    nudges = _by_duty(await _in_batches(ids, lambda some: list_nudges(session, some)))
    extensions = _by_duty(one for one in await _in_batches(ids, lambda some: list_extensions(session, some)) if one.asked_at <= at)
    changes = _by_duty(one for one in await _in_batches(ids, lambda some: list_changes(session, some)) if one.at <= at)
    assigned = sorted({one.duty.assignment_id for one in found if one.duty.assignment_id})
    assignments = {one.id: one for one in await _in_batches(assigned, lambda some: get_assignments(session, some))}
    documents = {one.id: one for one in await list_documents(session)}
    spoken = {one.contact_id for each in reports.values() for one in each} | {one.contact_id for each in nudges.values() for one in each}
    known = spoken | {one.duty.assignee_id for one in found}
    people = {one.id: one for one in await _in_batches([one for one in known if one], lambda some: get_contacts(session, some))}
    focal_points: defaultdict[str | None, list[Contact]] = defaultdict(list)
    for contact in await list_contacts(session, Role.FOCAL_POINT):
        focal_points[contact.agency_code].append(contact)
    rows = []
    for one in found:
        duty = one.duty
        handed = max(
            (each.at for each in changes[duty.id] if each.kind is ChangeKind.HANDED_OVER), default=dt.datetime.min.replace(tzinfo=dt.UTC)
        )
        rows.append(
            _row(
                one,
                names.get(duty.agency_code, duty.agency_code),
                [each for each in reports[duty.id] if each.at > handed],
                evidence[duty.id],
                [each for each in nudges[duty.id] if (asked := when_asked(each)) is not None and handed < asked <= at],
                extensions[duty.id],
                people,
                focal_points[duty.agency_code],
                assignments.get(duty.assignment_id or 0),
                documents.get(duty.document_id or 0),
                at,
            )
        )
    return tuple(rows)


def _row(
    one: Stood,
    agency: str,
    reports: Sequence[StatusReport],
    evidence: Sequence[Evidence],
    nudges: Sequence[Nudge],
    extensions: Sequence[Extension],
    people: dict[int, Contact],
    focal_points: Sequence[Contact],
    assignment: Assignment | None,
    document: Document | None,
    at: dt.datetime,
) -> ReportRow:
    duty, said = one.duty, last_report(reports, at)
    assignee = people.get(duty.assignee_id or 0)
    obstacle = last_report([each for each in reports if each.status is Status.OBSTACLE], at)
    # An obstacle that was followed by «đang làm» is over.
    is_stuck = obstacle is not None and said is obstacle
    closed_on = local_day(duty.closed_at) if one.standing in DONE and duty.closed_at else None
    until = closed_on or local_day(at - dt.timedelta(microseconds=1))
    undone = {each.id for each in reports}
    return ReportRow(
        code=duty.code,
        agency_code=duty.agency_code,
        agency=agency,
        people=(assignee.name,) if assignee else tuple(each.name for each in focal_points if not each.is_substitute),
        task=duty.task,
        source=duty.source or (wording.document(document.kind, document.number) if document else ""),
        clause=duty.clause,
        last_day=duty.last_day,
        printed=duty.rule.printed,
        coordinating=assignment.coordinating if assignment else (),
        products=tuple(each.file_name for each in evidence if each.report_id is None or each.report_id in undone),
        authority=", ".join(assignment.report_to) if assignment and assignment.report_to else document.issuer if document else "",
        standing=one.standing,
        status=said.status if said else None,
        percent=100 if one.standing in DONE else said.percent if said else None,
        reported_at=said.at if said else None,
        reporter=_name(people, said.contact_id) if said else "",
        note=(said.note or said.words) if said else "",
        obstacle=_obstacle(obstacle if is_stuck else None, duty, said),
        obstacle_since=local_day(obstacle.at) if is_stuck and obstacle else None,
        request=_request(extensions),
        closed_on=closed_on,
        days_late=max((until - duty.last_day).days, 0) if duty.last_day and one.standing in (Standing.OVERDUE, Standing.DONE_LATE) else 0,
        reminders=len({each.due_at for each in nudges}),
        reminded_at=max((each.settled_at for each in nudges if each.settled_at), default=None),
        reminded=tuple(dict.fromkeys(_name(people, each.contact_id) for each in nudges)),
    )


def _obstacle(obstacle: StatusReport | None, duty: Duty, said: StatusReport | None) -> str:
    if obstacle is not None:
        return obstacle.note or obstacle.words or wording.NO_WORDS
    if duty.awaits is Awaited.OWNER and said is not None and said.status is Status.NOT_OURS:
        return said.note or said.words or wording.NOT_OURS
    return ""


def _request(extensions: Sequence[Extension]) -> str:
    """The newest request for a later day, and where it stands."""
    one = extensions[-1] if extensions else None
    return wording.request(one.asked_day, one.state, one.granted_day) if one else ""


def _name(people: dict[int, Contact], contact_id: int | None) -> str:
    return people[contact_id].name if contact_id in people else ""


def _by_duty(rows: Iterable[Found]) -> defaultdict[int, list[Found]]:
    grouped: defaultdict[int, list[Found]] = defaultdict(list)
    for row in rows:
        grouped[row.duty_id].append(row)  # type: ignore[attr-defined]
    return grouped


async def _in_batches(ids: Sequence[int], load: Callable[[Collection[int]], Awaitable[list[Found]]]) -> list[Found]:
    found: list[Found] = []
    for start in range(0, len(ids), _BATCH):
        found += await load(ids[start : start + _BATCH])
    return found


async def _coordinating_agency(session: AsyncSession, agencies: dict[str, Agency]) -> Agency | None:
    """Who draws reports up: the agency of those who coordinate."""
    for contact in await list_contacts(session, Role.COORDINATOR):
        if contact.agency_code in agencies:
            return agencies[contact.agency_code]
    return agencies.get("SKHCN")


def _province(issuers: Sequence[str]) -> str:
    """«Hòa Giang» of «UBND tỉnh Hòa Giang»; empty where no issuer names its province."""
    for issuer in issuers:
        _, _, after = issuer.partition("tỉnh ")
        if name := " ".join(takewhile(lambda word: word[0].isupper(), after.split())):
            return name
    return ""
