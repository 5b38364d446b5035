"""What is made once a period: the two-week report with its files, and the week's list of what stays overdue.

Both are decided by what time it is, and claimed in the transaction that holds their messages: a tick that runs twice, late or
in two processes at once sends each of them once.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from db.deadlines import Recurrence
from db.engine import Database
from db.files import SavedFile, add_file, save_file
from db.messages import Attachment, Message
from db.nudges import next_look
from db.people import LEADERSHIP, Contact, Role, list_agencies, list_contacts
from db.periodic import begin_notice, last_made, was_made
from db.progress import Standing, has_reachable, list_contacts_in_kind, list_escalated
from scheduler.calendar import VIETNAM, Period, at_local, local_day, period_of
from scheduler.course import Rules, is_paused
from scheduler.planner import COORDINATOR_AT
from scheduler.progress import DONE
from scheduler.reach import tell
from scheduler.report import Report, ReportRow, load_report
from scheduler.report_docx import write_docx
from scheduler.report_xlsx import write_xlsx
from scheduler.wording import progress as wording
from scheduler.working_time import WorkingTime

_REPORT, _LIST = "report", "weekly_list"
_LIST_AT = dt.time(8)
_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
_WORST = 3  # duties that the message itself names


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """A period's report as files on disk, and the attachments that refer to them; they have no row yet."""

    report: Report
    saved: tuple[SavedFile, ...]
    attachments: tuple[Attachment, ...]


def last_period(anchor: dt.date, day: dt.date) -> Period | None:
    """The two-week period that ended before this day; None while the first is not over."""
    current = period_of(Recurrence.TWO_WEEKS, day, anchor=anchor)
    if current is None or current.first <= anchor:
        return None
    return Period(current.first - 14 * _DAY, current.first - _DAY)


def report_due_at(period: Period, report_at: dt.time, working: WorkingTime) -> dt.datetime:
    """When a period's report is made: at that hour of the first working day after it."""
    return at_local(working.on_or_after(period.last + _DAY), report_at)


async def make_report(
    database: Database, rules: Rules, *, anchor: dt.date, report_at: dt.time, files_folder: Path, now: dt.datetime
) -> Period | None:
    """Send the report of the latest period that is over to those who coordinate, unless it was sent; the period, when it was now.

    Nothing is claimed while there is nobody to send it to, or nothing to tell.
    """
    period = last_period(anchor, local_day(now))
    if period is None or now < report_due_at(period, report_at, rules.working) or not _is_time(now, report_at, rules.working):
        return None
    async with database.read() as session:
        if await was_made(session, _REPORT, period.first):
            return None
        if not await has_reachable(session, [one.id for one in await _coordinators(session)]):
            return None
        report = await load_report(session, period, now=now)
    if not report.rows:
        return None
    files = await save_report(report, files_folder)
    async with database.write() as session:
        if not await begin_notice(session, _REPORT, period.first, now=now):
            return None
        for saved in files.saved:
            await add_file(session, saved, now=now)
        await tell(session, await _coordinators(session), report_message(files), now=now, topic=f"report:{period.first.isoformat()}")
    return period


async def save_report(report: Report, files_folder: Path) -> ReportFiles:
    """Write both files of a report, in a thread, before the transaction that will refer to them."""

    def write() -> tuple[SavedFile, ...]:
        return tuple(save_file(files_folder, data) for data in (write_xlsx(report), write_docx(report)))

    saved = await asyncio.to_thread(write)
    names = (wording.file_name(report.period.first, report.period.last, ending) for ending in ("xlsx", "docx"))
    attachments = tuple(Attachment(sha256=one.sha256, file_name=name, size=one.size) for one, name in zip(saved, names, strict=True))
    return ReportFiles(report, saved, attachments)


def report_message(files: ReportFiles) -> Message:
    """The short message that carries a report's files."""
    report = files.report
    worst = [_line(one) for one in report.rows if one.standing not in DONE][:_WORST]
    whose = report.agency.name if report.agency else ""
    message = wording.period_report(
        report.period.first, report.period.last, report.counts, worst, silent=len(report.silent), at=report.at, whose=whose
    )
    return message.model_copy(update={"attachments": files.attachments})


async def make_weekly_list(database: Database, rules: Rules, *, now: dt.datetime) -> int:
    """Send what stays overdue to those who coordinate and to the leaders of the province: on the first working morning of a
    week, or later in it, once; how many duties it named. An empty list is not sent, and not again looked for in that week."""
    day = local_day(now)
    monday = day - _DAY * day.weekday()
    opens_on = rules.working.on_or_after(monday)
    # In a week without a working day there is none.
    if opens_on > monday + 6 * _DAY or now < at_local(opens_on, _LIST_AT) or not _is_time(now, _LIST_AT, rules.working):
        return 0
    async with database.read() as session:
        due = await next_look(session)
        # Steps of this very morning go first: they tell people in person.
        if await was_made(session, _LIST, monday) or (due is not None and due <= now and rules.working.is_open(now)):
            return 0
    async with database.write() as session:
        if not await begin_notice(session, _LIST, monday, now=now):
            return 0
        found = await list_escalated(session, now, position=COORDINATOR_AT, begun_before=at_local(monday, dt.time()))
        names = {one.code: one.name for one in await list_agencies(session)}
        duties = [
            wording.DutyLine(duty.code, names.get(duty.agency_code, duty.agency_code), duty.task, duty.last_day, Standing.OVERDUE)
            for duty, _ in found
            if not is_paused(duty, now)
        ]
        if duties:
            leaders = [one for one in await list_contacts_in_kind(session, LEADERSHIP) if one.role is Role.LEADER]
            told = {one.id: one for one in (*await _coordinators(session), *leaders)}
            message = wording.weekly_list(monday, duties, today=day)
            await tell(session, list(told.values()), message, now=now, topic=f"weekly:{monday.isoformat()}")
    return len(duties)


async def next_report_at(session: AsyncSession, rules: Rules, *, anchor: dt.date, report_at: dt.time) -> dt.datetime:
    """From when on a report may have to be made, as far as the reports made tell."""
    last = await last_made(session, _REPORT)
    first = last + 14 * _DAY if last else anchor
    return report_due_at(Period(first, first + 13 * _DAY), report_at, rules.working)


async def next_list_at(session: AsyncSession, rules: Rules) -> dt.datetime:
    """From when on a week's list may have to be made; long ago where none ever was."""
    last = await last_made(session, _LIST)
    if last is None:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return at_local(rules.working.on_or_after(last + 7 * _DAY), _LIST_AT)


def _line(one: ReportRow) -> wording.DutyLine:
    reported = wording.reported_words(one.status, one.percent)
    return wording.DutyLine(one.code, one.agency, one.task, one.last_day, one.standing, reported)


async def _coordinators(session: AsyncSession) -> Sequence[Contact]:
    """Those who coordinate; where nobody does, administrators."""
    return await list_contacts(session, Role.COORDINATOR) or await list_contacts(session, Role.ADMIN)


def _is_time(now: dt.datetime, at: dt.time, working: WorkingTime) -> bool:
    """Whether people may be written to: in working hours, which an hour named outside them widens."""
    local = now.astimezone(VIETNAM)
    until = (dt.datetime.combine(local.date(), at) + _HOUR).time() if at.hour < 23 else dt.time.max
    return working.is_working_day(local.date()) and min(working.opens_at, at) <= local.time() < max(working.closes_at, until)
