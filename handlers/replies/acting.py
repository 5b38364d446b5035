"""A reply that is understood, carried out: for each duty it is about, what its meaning calls for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, get_duties, lock_duty
from db.messages import Action, plain
from db.prompts import end_prompt
from handlers.call import Call
from handlers.replies.assigning import hand_on
from handlers.replies.choosing import Meant, open_duties
from handlers.replies.extending import ask_extension
from handlers.replies.pausing import resume, snooze
from handlers.replies.prompting import Want, wait_for
from handlers.replies.reporting import report_done, report_not_begun, report_not_ours, report_obstacle, report_progress
from handlers.replies.saying import Said, speaker, topic_of, why_refused
from handlers.replies.undoing import undo_in
from handlers.replies.words import Meaning, Reply
from handlers.wording import replies as wording
from scheduler.wording import format_day

_DO: dict[Meaning, Callable[[Call, AsyncSession, Duty, Said], Awaitable[None]]] = {
    Meaning.DONE: report_done,
    Meaning.IN_PROGRESS: report_progress,
    Meaning.NOT_STARTED: report_not_begun,
    Meaning.OBSTACLE: report_obstacle,
    Meaning.EXTENSION: ask_extension,
    Meaning.NOT_OURS: report_not_ours,
    Meaning.HAND_OVER: hand_on,
    Meaning.SNOOZE: snooze,
    Meaning.RESUME: resume,
}
_OFFERED = 9  # duties to choose from


async def act(call: Call, said: Said) -> None:
    """Do what was said of each duty, in one transaction."""
    meaning = said.reply.meaning
    async with call.finish() as session:
        await end_prompt(session, call.incoming.talk)
        if meaning is Meaning.UNDO:
            return await undo_in(call, session, None)
        # In one order, so that two who answer for the same do not wait for each other.
        for duty_id in sorted(said.duty_ids):
            duty = await lock_duty(session, duty_id)
            if problem := await why_refused(session, call, duty, duty_id):
                call.say(plain(problem))
                continue
            assert duty is not None and meaning is not None
            if meaning is Meaning.RECEIVED:
                call.say(plain(wording.THANKS.format(code=duty.code)))
            else:
                await _DO[meaning](call, session, duty, said)


async def ask_which(call: Call, said: Said, meant: Meant) -> None:
    """Several duties may be meant: asked once, by buttons."""
    async with call.finish() as session:
        if not meant.among:
            await end_prompt(session, call.incoming.talk)
            return call.say(plain(wording.WITHOUT_CODE_NONE))
        await wait_for(call, session, Want.DUTY, said=said, among=[one.id for one in meant.among])
        call.say(wording.ask_which(meant.among[:_OFFERED], len(meant.among), said.words), topic="reply:0")


async def ask_meaning(call: Call, said: Said) -> None:
    """It is about a duty, but not clear what is meant: asked once, by buttons that say it."""
    async with call.finish() as session:
        found = await get_duties(session, said.duty_ids[:1])
        duty = found.get(said.duty_ids[0])
        if problem := await why_refused(session, call, duty, said.duty_ids[0]):
            return call.say(plain(problem))
        assert duty is not None
        await wait_for(call, session, Want.MEANING, duty=duty, said=said)
        call.say(wording.ask_meaning(duty, said.words, _offers(duty, said.reply)), topic=topic_of(duty))


async def ask_one_by_one(call: Call, said: Said) -> None:
    """Several duties, and not the same of each; where only the one that is not done was named, the done one is asked for."""
    codes = said.reply.codes
    async with call.finish() as session:
        if len(codes) > 1:
            return call.say(plain(wording.ONE_BY_ONE.format(first=f"PV{codes[0]}", second=f"PV{codes[1]}")))
        others = [one for one in await open_duties(session, speaker(call)) if one.id not in codes]
        call.say(wording.ask_which_done(f"PV{codes[0]}", others[:_OFFERED]))


async def give_up(call: Call, duty_id: int | None) -> None:
    """Asked once, and still not clear: nothing is recorded, and it is not asked again."""
    async with call.finish() as session:
        await end_prompt(session, call.incoming.talk)
        call.say(plain(wording.DROPPED.format(code=f"PV{duty_id}" if duty_id else "PV12")))


def _offers(duty: Duty, reply: Reply) -> list[Action]:
    """Buttons for what may be meant, each a whole reply."""
    code = duty.code
    day = format_day(reply.day) if reply.day else ""
    offers = {
        Meaning.DONE: Action(label="✅ Hoàn thành", command=f"xong {code}"),
        Meaning.IN_PROGRESS: Action(
            label=f"🔄 Đang làm, xong {day}" if day else "🔄 Đang làm",
            command=f"đang làm {code}, xong {day}" if day else f"đang làm {code}",
        ),
        Meaning.NOT_STARTED: Action(label="Chưa bắt đầu", command=f"chưa làm {code}"),
        Meaning.EXTENSION: Action(
            label=f"📅 Xin gia hạn đến {day}" if day else "📅 Xin gia hạn",
            command=f"xin gia hạn {code} đến {day}" if day else f"xin gia hạn {code}",
        ),
        Meaning.OBSTACLE: Action(label="⚠️ Vướng mắc", command=f"vướng {code}"),
        Meaning.HAND_OVER: Action(label="Bàn giao người khác", command=f"bàn giao {code}"),
    }
    wanted = reply.may_mean or (Meaning.DONE, Meaning.IN_PROGRESS, Meaning.OBSTACLE, Meaning.EXTENSION)
    return [*(offers[one] for one in wanted if one in offers), Action(label="Không phải báo cáo", command=f"thôi {code}")]
