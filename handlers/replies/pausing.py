"""Quiet until a day, with a reason, and the end of it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, Pause
from db.messages import plain
from handlers.call import Call
from handlers.replies.prompting import Want, wait_for
from handlers.replies.saying import Said, by, topic_of
from handlers.wording import replies as wording
from scheduler import course
from scheduler.calendar import local_day
from scheduler.wording import format_day


async def snooze(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """«hoãn nhắc PV12 đến 18/01 vì lãnh đạo đi công tác»: never past the last day, never without a reason."""
    reply, today = said.reply, local_day(call.now)
    if duty.last_day is not None and duty.last_day < today:
        return call.say(plain(wording.SNOOZE_AFTER_LAST_DAY.format(code=duty.code)))
    if reply.day is None or reply.day < today:
        await wait_for(call, session, Want.UNTIL, duty=duty, said=said)
        return call.say(wording.ask_snooze_day(duty), topic=topic_of(duty))
    if duty.last_day is not None and reply.day > duty.last_day:
        await wait_for(call, session, Want.UNTIL, duty=duty, said=said)
        problem = wording.SNOOZE_PAST_LAST_DAY.format(last_day=format_day(duty.last_day), code=duty.code)
        return call.say(plain(problem), topic=topic_of(duty))
    if not reply.note:
        await wait_for(call, session, Want.REASON, duty=duty, said=said)
        return call.say(wording.ask_snooze_reason(duty, reply.day), topic=topic_of(duty))
    await course.pause(session, duty, reply.day, Pause.SNOOZE, call.assistant.rules, by(call, reply.note))
    call.subject = f"duty:{duty.id}"
    more = [f"Lý do: {reply.note}", f"Muốn nhắc lại sớm hơn, gõ «nhắc lại {duty.code}»."]
    message = wording.recorded(wording.SNOOZED.format(day=format_day(reply.day)), duty, more=more, undo=f"nhắc lại {duty.code}")
    await call.turn(session, message, topic=topic_of(duty))


async def resume(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """«nhắc lại PV12»"""
    if duty.paused_until is None:
        return call.say(plain(wording.NOT_PAUSED.format(code=duty.code)))
    await course.resume(session, duty, call.assistant.rules, by(call))
    call.subject = f"duty:{duty.id}"
    message = wording.recorded(wording.RESUMED, duty, more=[wording.next_reminder(duty)])
    await call.turn(session, message, topic=topic_of(duty))
