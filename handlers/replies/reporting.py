"""How a duty stands, as its agency says: recorded, said back with a way to take it back, told to whoever must know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Awaited, Duty, DutyOutcome, Pause
from db.messages import Action, Message
from db.reports import ExtensionState, Status, StatusReport, add_report, list_extensions
from handlers.call import Call, update_buttons
from handlers.replies.evidence import attach_files
from handlers.replies.prompting import Want, wait_for
from handlers.replies.reminders import note_answer
from handlers.replies.saying import Said, agency_name, by, speaker, tell_coordinators, topic_of
from handlers.wording import replies as wording
from handlers.wording.replies import STATUSES
from knowledge.text import fold, sentence_case
from scheduler import course
from scheduler.calendar import local_day
from scheduler.wording import format_day

_STILL = re.compile(r"van (?:con )?dang\b")  # «vẫn đang làm PV12 100%» insists
_WORDS = 1000  # characters of a reply that are kept


def status_topic(report_id: int) -> str:
    """The topic of what coordinators are told of a report."""
    return f"status:{report_id}"


async def report_done(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """Done: the duty closes at once; a request for a later day is not needed any more."""
    report, files = await _record(call, session, duty, said, Status.DONE)
    await _withdraw_requests(call, session, duty)
    await course.close(session, duty, DutyOutcome.DONE, call.assistant.rules, by(call, said.reply.note))
    await _note(call, session, duty, report, is_closed=True)
    more = [f"Ghi chú: {report.note}" if report.note else "", wording.done_when(duty, local_day(call.now))]
    await _say(call, session, duty, report, more=more, files=files)


async def report_progress(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """Under way. With a day by which it will be done nobody is reminded until then; without anything it is asked how far."""
    reply, today = said.reply, local_day(call.now)
    if reply.wrong and reply.day is None:
        is_day = not reply.wrong.endswith("%")
        await wait_for(call, session, Want.PROMISE if is_day else Want.PERCENT, duty=duty, said=said)
        problem = wording.NO_SUCH_DAY.format(day=reply.wrong) if is_day else wording.NO_SUCH_SHARE.format(share=reply.wrong)
        again = wording.ask_promise(duty, f"{problem} {wording.ASK_PROMISE.format(code=duty.code)}") if is_day else None
        return await call.turn(session, again or wording.ask_percent(duty, problem), topic=topic_of(duty))
    if reply.percent == 100 and not _STILL.match(fold(said.words)):
        await wait_for(call, session, Want.MEANING, duty=duty, said=said)
        return await call.turn(session, wording.ask_finished(duty), topic=topic_of(duty))
    if reply.percent is None and reply.day is None and not reply.note:
        await wait_for(call, session, Want.PERCENT, duty=duty, said=said)
        return await call.turn(session, wording.ask_percent(duty), topic=topic_of(duty))
    if reply.day is not None and (reply.day < today or reply.day_has_passed):
        await wait_for(call, session, Want.PROMISE, duty=duty, said=said)
        # Said without a year the day is read as the coming one; what was meant is the one that has just passed.
        passed = reply.day.replace(year=reply.day.year - 1) if reply.day >= today else reply.day
        problem = wording.DAY_PASSED.format(day=format_day(passed), code=duty.code)
        return call.say(wording.ask_promise(duty, problem), topic=topic_of(duty))
    report, files = await _record(call, session, duty, said, Status.IN_PROGRESS)
    more = [f"Tiến độ: {report.percent}%" if report.percent is not None else "", f"Ghi chú: {report.note}" if report.note else ""]
    told = None
    if reply.day is not None:
        await course.pause(session, duty, reply.day, Pause.PROMISE, call.assistant.rules, by(call))
        more.append(wording.promised(reply.day))
        if duty.last_day is not None and reply.day > duty.last_day:
            more.append(wording.promise_is_late(duty))
            told = await _tell(call, session, duty, report, f"Hẹn xong sau hạn ({format_day(reply.day)})")
    elif duty.awaits is None:
        more.append(wording.next_reminder(duty))
    await _note(call, session, duty, report)
    await _say(call, session, duty, report, more=more, told=told, files=files)


async def report_not_begun(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    report, files = await _record(call, session, duty, said, Status.NOT_STARTED)
    await _note(call, session, duty, report)
    await _say(call, session, duty, report, more=[wording.next_reminder(duty)], files=files)


async def report_obstacle(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """Something is in the way: the coordinators hear of it at once."""
    if not said.reply.note and not call.incoming.files:
        await wait_for(call, session, Want.NOTE, duty=duty, said=said)
        return await call.turn(session, wording.ask_obstacle(duty), topic=topic_of(duty))
    report, files = await _record(call, session, duty, said, Status.OBSTACLE)
    told = await _tell(call, session, duty, report, "Vướng mắc")
    await _note(call, session, duty, report)
    await _say(call, session, duty, report, more=[f"Nội dung: {report.note}" if report.note else ""], told=told, files=files)


async def report_not_ours(call: Call, session: AsyncSession, duty: Duty, said: Said, *, is_confirmed: bool = False) -> None:
    """Another agency's business, as they say: asked once whether that is meant, then the coordinators decide, and until then
    nobody is reminded."""
    if not is_confirmed and said.reply.whom != "confirmed":
        await wait_for(call, session, Want.CONFIRM, duty=duty, said=said)
        return await call.turn(session, wording.ask_not_ours(duty, said.reply.note), topic=topic_of(duty))
    report, files = await _record(call, session, duty, said, Status.NOT_OURS)
    course.wait_for(duty, Awaited.OWNER, call.assistant.rules, call.now)
    give_back = Action(label=wording.GIVE_BACK, command=f"trả lại {duty.code}")
    message = await _to_coordinator(session, call, duty, report, "Báo không phải việc của cơ quan", give_back)
    told = await tell_coordinators(call, session, duty, message, topic=f"owner:{duty.id}")
    await _note(call, session, duty, report)
    more = [f"Lý do: {report.note}" if report.note else "", "Trong khi chờ điều phối quyết định, trợ lý không nhắc phần việc này."]
    await _say(call, session, duty, report, more=more, told=told, files=files)


async def _record(call: Call, session: AsyncSession, duty: Duty, said: Said, status: Status) -> tuple[StatusReport, int]:
    """The report as a row, with the files that came along; how many those are."""
    reply = said.reply
    report = StatusReport(
        duty_id=duty.id,
        contact_id=speaker(call).id,
        at=call.now,
        status=status,
        percent=reply.percent if status is Status.IN_PROGRESS else None,
        note=reply.note[:_WORDS],
        words=said.words[:_WORDS],
        promised_on=reply.day if status is Status.IN_PROGRESS else None,
    )
    await add_report(session, report)
    call.subject = f"duty:{duty.id}"
    files = await attach_files(session, call, duty_id=duty.id, report_id=report.id)
    return report, len(files)


async def _withdraw_requests(call: Call, session: AsyncSession, duty: Duty) -> None:
    for one in await list_extensions(session, [duty.id], state=ExtensionState.PENDING):
        one.state, one.decided_at, one.decided_by = ExtensionState.WITHDRAWN, call.now, speaker(call).id
        remark = wording.answered_by(duty, STATUSES[Status.DONE], speaker(call).name, call.now)
        await update_buttons(session, f"extension:{one.id}", now=call.now, keep=lambda _: False, remark=remark)


async def _tell(call: Call, session: AsyncSession, duty: Duty, report: StatusReport, title: str) -> Sequence[str]:
    message = await _to_coordinator(session, call, duty, report, title)
    return await tell_coordinators(call, session, duty, message, topic=status_topic(report.id))


async def _to_coordinator(session: AsyncSession, call: Call, duty: Duty, report: StatusReport, title: str, *buttons: Action) -> Message:
    more = [f"Nội dung: {report.note}" if report.note else ""]
    if report.status is Status.NOT_OURS:
        more.append(wording.how_to_hand_over(duty))
    actions = (wording.open_card(duty), *buttons)
    return wording.to_coordinator(title, duty, await agency_name(session, duty.agency_code), speaker(call).name, more, actions)


async def _note(call: Call, session: AsyncSession, duty: Duty, report: StatusReport, *, is_closed: bool = False) -> None:
    remark = wording.answered_by(duty, wording.status_line(report), speaker(call).name, call.now)
    await note_answer(session, duty, remark, now=call.now, is_closed=is_closed)


async def _say(
    call: Call,
    session: AsyncSession,
    duty: Duty,
    report: StatusReport,
    *,
    more: Sequence[str],
    told: Sequence[str] | None = None,
    files: int = 0,
) -> None:
    what = sentence_case(STATUSES[report.status])
    message = wording.recorded(what, duty, more=more, told=told, files=files, undo=f"hoàn tác {report.id}")
    await call.turn(session, message, topic=topic_of(duty))
