"""A later day asked for, and granted, refused or set otherwise by whoever coordinates: the first who decides counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Awaited, Duty, lock_duty
from db.messages import Action, Message, plain
from db.prompts import end_prompt
from db.reports import Extension, ExtensionState, add_extension, list_extensions, lock_extension
from handlers.call import Call, update_buttons
from handlers.replies.days import find_day
from handlers.replies.evidence import attach_files
from handlers.replies.prompting import Want, wait_for
from handlers.replies.reminders import note_answer
from handlers.replies.saying import Said, agency_name, by, name_of, speaker, tell_agency, tell_coordinators, topic_of, why_not
from handlers.wording import replies as wording
from knowledge.text import fold, normalise
from scheduler import course
from scheduler.calendar import local_day
from scheduler.wording import format_day

_OFFERED = (3, 7, 14)  # days on top of the last day
_NO_REASON = "không nêu lý do"


def extension_topic(number: int) -> str:
    """The topic of what coordinators are told of a request."""
    return f"extension:{number}"


async def ask_extension(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """A later day: with one it goes to the coordinators, and nobody is reminded until they have decided; else it is asked for."""
    today, reply = local_day(call.now), said.reply
    if duty.last_day is None:
        return call.say(plain(wording.NO_DAY.format(code=duty.code)))
    base = max(duty.last_day, today)
    day = base + dt.timedelta(days=reply.more_days) if reply.more_days else reply.day
    if day is None:
        await wait_for(call, session, Want.DAY, duty=duty, said=said)
        offered = [(count, base + dt.timedelta(days=count)) for count in _OFFERED]
        problem = wording.NO_SUCH_DAY.format(day=reply.wrong) if reply.wrong else ""
        return await call.turn(session, wording.ask_new_day(duty, offered, problem), topic=topic_of(duty))
    if day <= duty.last_day or day < today:
        await wait_for(call, session, Want.DAY, duty=duty, said=said)
        problem = wording.DAY_NOT_LATER.format(day=format_day(day), code=duty.code, last_day=format_day(duty.last_day))
        return call.say(plain(problem), topic=topic_of(duty))
    for earlier in await list_extensions(session, [duty.id], state=ExtensionState.PENDING):
        await _withdraw(call, session, earlier)
    given = Extension(duty_id=duty.id, contact_id=speaker(call).id, asked_at=call.now, asked_day=day)
    given.from_day, given.reason = duty.last_day, reply.note[:1000]
    request = await add_extension(session, given)
    call.subject = f"duty:{duty.id}"
    course.wait_for(duty, Awaited.EXTENSION, call.assistant.rules, call.now)
    files = await attach_files(session, call, duty_id=duty.id, report_id=None)
    told = await tell_request(call, session, request, duty)
    remark = wording.answered_by(duty, f"xin gia hạn đến {format_day(day)}", speaker(call).name, call.now)
    await note_answer(session, duty, remark, now=call.now, is_closed=False)
    more = [*wording.extension_asked(request), "Trong khi chờ quyết định, trợ lý không nhắc phần việc này."]
    undo = f"hoàn tác GH{request.id}"
    recorded = wording.recorded("Xin gia hạn", duty, more=more, told=told, files=len(files), undo=undo)
    await call.turn(session, recorded, topic=topic_of(duty))


async def tell_request(call: Call, session: AsyncSession, request: Extension, duty: Duty) -> Sequence[str]:
    """Put a request before the coordinators; the names of those who can be reached."""
    agency = await agency_name(session, duty.agency_code)
    asked, buttons = wording.extension_asked(request), wording.decide_buttons(request, duty)
    message = wording.to_coordinator(f"Xin gia hạn (GH{request.id})", duty, agency, speaker(call).name, asked, *buttons)
    return await tell_coordinators(call, session, duty, message, topic=extension_topic(request.id))


async def withdraw(call: Call, session: AsyncSession, request: Extension, duty: Duty) -> None:
    """Whoever asked takes it back: reminding goes on as if nobody had asked."""
    await _withdraw(call, session, request)
    if duty.awaits is Awaited.EXTENSION:
        course.decided(duty, call.assistant.rules, call.now)


async def _withdraw(call: Call, session: AsyncSession, request: Extension) -> None:
    request.state, request.decided_at, request.decided_by = ExtensionState.WITHDRAWN, call.now, speaker(call).id
    remark = wording.withdrawn_remark(speaker(call).name, call.now)
    await update_buttons(session, extension_topic(request.id), now=call.now, keep=lambda _: False, remark=remark)


async def grant(call: Call, number: str, typed: str | None = None) -> None:
    """«đồng ý GH5», «GH5 đến 25/01»"""
    async with call.finish() as session:
        found = await _undecided(call, session, int(number))
        if found is None:
            return
        request, duty = found
        today, day = local_day(call.now), request.asked_day
        if typed is not None:
            read = find_day(fold(normalise(typed)), today)
            if read is None:
                await wait_for(call, session, Want.GRANT, duty=duty, extension=request.id)
                return call.say(plain(wording.DAY_UNCLEAR))
            day = read.on
        if day < today or (duty.last_day is not None and day <= duty.last_day):
            await wait_for(call, session, Want.GRANT, duty=duty, extension=request.id)
            return call.say(plain(_too_early(day, today, duty)))
        request.granted_day = day
        await _decide(call, session, request, duty, ExtensionState.GRANTED, "")


def _too_early(day: dt.date, today: dt.date, duty: Duty) -> str:
    if day < today or duty.last_day is None:
        return wording.DAY_OF_GRANT_PASSED.format(day=format_day(day))
    return wording.DAY_NOT_LATER.format(day=format_day(day), code=duty.code, last_day=format_day(duty.last_day))


async def refuse(call: Call, number: str, reason: str | None = None) -> None:
    """«từ chối GH5 lý do»; without one it is asked for."""
    async with call.finish() as session:
        found = await _undecided(call, session, int(number))
        if found is None:
            return
        request, duty = found
        if not (reason or "").strip():
            await wait_for(call, session, Want.REFUSAL, duty=duty, extension=request.id)
            button = Action(label=wording.NO_REASON, command=f"từ chối GH{request.id} {_NO_REASON}")
            return call.say(plain(wording.ASK_REFUSAL.format(id=request.id), (button,)), topic=f"decide:{request.id}")
        given = "" if fold(reason or "").strip(" .") == fold(_NO_REASON) else (reason or "").strip()
        await _decide(call, session, request, duty, ExtensionState.REFUSED, given)


async def ask_other_day(call: Call, number: str) -> None:
    """«ngày khác GH5»"""
    async with call.finish() as session:
        found = await _undecided(call, session, int(number))
        if found is not None:
            await wait_for(call, session, Want.GRANT, duty=found[1], extension=found[0].id)
            call.say(plain(wording.ASK_GRANT.format(id=number)), topic=f"decide:{number}")


async def _undecided(call: Call, session: AsyncSession, number: int) -> tuple[Extension, Duty] | None:
    """A request that waits, with its duty; else it is said what became of it."""
    await end_prompt(session, call.incoming.talk)
    request = await lock_extension(session, number)
    duty = await lock_duty(session, request.duty_id) if request else None
    if request is None or duty is None:
        call.say(plain(wording.NO_SUCH_EXTENSION.format(id=number)))
        return None
    call.subject = f"duty:{duty.id}"
    if request.state is ExtensionState.WITHDRAWN and (problem := why_not(call, duty, duty.id)):
        call.say(plain(problem))
        return None
    if request.state is not ExtensionState.PENDING:
        who = await name_of(session, request.decided_by)
        call.say(plain(f"GH{request.id}: {wording.decided_by(request, who)}"))
        return None
    return request, duty


async def _decide(call: Call, session: AsyncSession, request: Extension, duty: Duty, state: ExtensionState, answer: str) -> None:
    request.state, request.decided_at, request.decided_by, request.answer = state, call.now, speaker(call).id, answer[:1000]
    rules, who = call.assistant.rules, speaker(call).name
    course.decided(duty, rules, call.now)
    if state is ExtensionState.GRANTED:
        await course.move(session, duty, request.granted_day, rules, by(call, f"gia hạn GH{request.id}"))
    remark = wording.decided_by(request, who)
    await update_buttons(session, extension_topic(request.id), now=call.now, keep=lambda one: one.command == duty.code, remark=remark)
    await note_answer(session, duty, f"↳ {duty.code}: {wording.extension_line(request)}.", now=call.now, is_closed=False)
    told = wording.extension_decided(request, duty, who)
    count = await tell_agency(call, session, duty, told, besides=request.contact_id)
    said = Message(paragraphs=plain(f"GH{request.id} ({duty.code}): {remark} {wording.agency_told(count)}").paragraphs)
    await call.turn(session, said, topic=f"decide:{request.id}")
