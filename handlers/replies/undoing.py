"""«hoàn tác»: a reply taken back within a day; its row stays, and the duty stands as it stood before."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Awaited, Duty, DutyOutcome, DutyState, Pause, lock_duty
from db.messages import plain
from db.nudges import resume_escalation
from db.people import get_person
from db.prompts import end_prompt
from db.reports import (
    Extension,
    ExtensionState,
    Status,
    StatusReport,
    handed_over_at,
    latest_by,
    list_extensions,
    list_reports,
    lock_extension,
    lock_report,
)
from handlers.call import Call, update_buttons
from handlers.replies.extending import tell_request, withdraw
from handlers.replies.reminders import give_buttons_back
from handlers.replies.reporting import status_topic
from handlers.replies.saying import by, speaker, topic_of
from handlers.wording import replies as wording
from handlers.wording.replies import STATUSES
from scheduler import course
from scheduler.calendar import local_day

_WITHIN = dt.timedelta(hours=24)


async def undo(call: Call, number: str | None = None) -> None:
    """«hoàn tác 15»; without a number what this person said last."""
    async with call.finish() as session:
        await undo_in(call, session, int(number) if number else None)


async def undo_in(call: Call, session: AsyncSession, number: int | None) -> None:
    await end_prompt(session, call.incoming.talk)
    if number is None:
        latest = await latest_by(session, speaker(call).id, since=call.now - _WITHIN)
        if latest is None:
            return call.acknowledge(plain(wording.NOTHING_TO_UNDO))
        if isinstance(latest, Extension):
            return await _undo_request(call, session, latest.id)
        number = latest.id
    report = await lock_report(session, number)
    duty = await lock_duty(session, report.duty_id) if report else None
    if report is None or duty is None:
        return call.acknowledge(plain(wording.NO_SUCH_REPORT.format(number=number)))
    problem = await _problem(call, session, report.contact_id, report.at, duty)
    if report.undone_at is not None or problem:
        return call.acknowledge(plain(wording.UNDONE_ALREADY if report.undone_at is not None else problem))
    call.subject = f"duty:{duty.id}"
    report.undone_at = call.now
    await session.flush()
    await _restore(call, session, duty, report)
    await _tell(call, session, duty)
    remark = wording.withdrawn_remark(speaker(call).name, call.now)
    for topic in (status_topic(report.id), *((f"owner:{duty.id}",) if report.status is Status.NOT_OURS else ())):
        await update_buttons(session, topic, now=call.now, keep=lambda one: one.command == duty.code, remark=remark)
    await call.turn(session, wording.undone(STATUSES[report.status], duty), topic=topic_of(duty))


async def undo_request(call: Call, number: str) -> None:
    """«hoàn tác GH5»"""
    async with call.finish() as session:
        await end_prompt(session, call.incoming.talk)
        await _undo_request(call, session, int(number))


async def _undo_request(call: Call, session: AsyncSession, number: int) -> None:
    request = await lock_extension(session, number)
    duty = await lock_duty(session, request.duty_id) if request else None
    if request is None or duty is None:
        return call.acknowledge(plain(wording.NO_SUCH_EXTENSION.format(id=number)))
    if problem := await _problem(call, session, request.contact_id, request.asked_at, duty):
        return call.acknowledge(plain(problem))
    if request.state is not ExtensionState.PENDING:
        return call.acknowledge(plain(wording.EXTENSION_SETTLED.format(id=number, state=wording.EXTENSIONS[request.state])))
    call.subject = f"duty:{duty.id}"
    await withdraw(call, session, request, duty)
    await _tell(call, session, duty)
    await call.turn(session, wording.undone("xin gia hạn", duty), topic=topic_of(duty))


async def _problem(call: Call, session: AsyncSession, contact_id: int | None, at: dt.datetime, duty: Duty) -> str:
    """Why this person cannot take it back; empty when they can."""
    me = speaker(call)
    agencies = {(await get_person(session, contact_id)).contact.agency_code} if contact_id is not None else set()
    handed_over = (await handed_over_at(session, [duty.id])).get(duty.id)
    if handed_over is None or handed_over < at:
        # Whoever has taken the duty over since has nothing to do with what was said before.
        agencies.add(duty.agency_code)
    if contact_id != me.id and (me.agency_code is None or me.agency_code not in agencies):
        return wording.UNDO_NOT_YOURS
    return wording.UNDO_TOO_LATE if call.now - at > _WITHIN else ""


async def _restore(call: Call, session: AsyncSession, duty: Duty, report: StatusReport) -> None:
    """What the report did to its duty is done back, as far as nobody has done anything else with it since."""
    rules = call.assistant.rules
    if report.status is Status.DONE and duty.state is DutyState.CLOSED and duty.outcome is DutyOutcome.DONE:
        await course.reopen(session, duty, rules, by(call, wording.UNDONE_REASON))
        # Or a report and its undoing would put off who is told next of what is overdue.
        await resume_escalation(session, duty.id, ended_at=report.at)
        await _promise_again(call, session, duty)
        for request in await list_extensions(session, [duty.id], state=ExtensionState.WITHDRAWN):
            # Withdrawn because it was done.
            if request.decided_at == report.at:
                request.state, request.decided_at, request.decided_by = ExtensionState.PENDING, None, None
                course.wait_for(duty, Awaited.EXTENSION, rules, call.now)
                await tell_request(call, session, request, duty)
    elif report.status is Status.NOT_OURS and duty.state is DutyState.OPEN and duty.awaits is Awaited.OWNER:
        course.decided(duty, rules, call.now)
    elif report.promised_on is not None and duty.pause is Pause.PROMISE and duty.paused_until == report.promised_on:
        await course.resume(session, duty, rules, by(call, wording.UNDONE_REASON))
        await _promise_again(call, session, duty)


async def _promise_again(call: Call, session: AsyncSession, duty: Duty) -> None:
    """What was promised before counts again."""
    earlier = [one for one in await list_reports(session, [duty.id]) if one.promised_on is not None]
    day = earlier[-1].promised_on if earlier else None
    if day is not None and day >= local_day(call.now) and duty.state is DutyState.OPEN:
        await course.pause(session, duty, day, Pause.PROMISE, call.assistant.rules, by(call))


async def _tell(call: Call, session: AsyncSession, duty: Duty) -> None:
    if duty.state is DutyState.OPEN:
        await give_buttons_back(session, duty, wording.taken_back_by(duty, speaker(call).name, call.now), now=call.now)
