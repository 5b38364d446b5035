"""`/baocao`: the report of any dates, as the files that are also made every two weeks."""

from __future__ import annotations

from db.documents import list_documents
from db.files import add_file
from db.messages import plain
from db.people import Role, list_agencies
from handlers.call import Call
from handlers.permissions import sees_every_agency
from handlers.progress.asked import Asked, NotUnderstood, read_asked
from handlers.wording import progress as wording
from scheduler.calendar import Period, local_day
from scheduler.periodic_reports import last_period, report_message, save_report
from scheduler.report import load_report
from scheduler.wording import format_day
from scheduler.wording.progress import period_words


async def send_report(call: Call, typed: str | None = None) -> None:
    """«báo cáo 05/01 - 18/01», «/baocao STC tháng 1»; without dates the two weeks that ended last."""
    try:
        asked, period = await _read(call, typed or "")
    except NotUnderstood as problem:
        async with call.finish():
            return call.say(plain(str(problem)))
    async with call.assistant.database.read() as session:
        report = await load_report(session, period, now=call.now, agency=asked.agency, document_id=asked.document_id)
    if not report.rows:
        whose = f" của {asked.agency.name}" if asked.agency else ""
        nothing = wording.NOTHING_TO_REPORT.format(period=period_words(period.first, period.last), agency=whose)
        async with call.finish():
            return call.say(plain(nothing))
    files = await save_report(report, call.assistant.files_folder)
    async with call.finish() as session:
        for saved in files.saved:
            await add_file(session, saved, now=call.now)
        call.say(report_message(files))


async def _read(call: Call, typed: str) -> tuple[Asked, Period]:
    """Whose report, of which days. Raises NotUnderstood with the words to answer with."""
    today = local_day(call.now)
    async with call.assistant.database.read() as session:
        agencies = {one.code: one for one in await list_agencies(session)}
        asked = read_asked(typed, list(agencies.values()), today)
        documents = {one.id for one in await list_documents(session)} if asked.document_id else set()
    own = agencies.get(call.contact.agency_code or "") if call.contact else None
    if not sees_every_agency(call.person):
        if call.contact is None or call.contact.role is not Role.LEADER:
            call.is_allowed = False
            raise NotUnderstood(wording.REPORT_FOR_WHOM)
        if own is None:
            raise NotUnderstood(wording.NO_AGENCY)
        if asked.agency is not None and asked.agency.code != own.code:
            call.is_allowed = False
            raise NotUnderstood(wording.REPORT_OWN_ONLY.format(agency=own.name))
        asked = asked.with_(agency=own)
    if asked.document_id and asked.document_id not in documents:
        raise NotUnderstood(wording.NO_DOCUMENT.format(number=asked.document_id))
    period = asked.period or last_period(call.assistant.report_anchor, today)
    if period is None:
        raise NotUnderstood(wording.NOT_BEGUN)
    if period.first > today:
        raise NotUnderstood(wording.NOT_YET.format(first=format_day(period.first)))
    return asked, period
