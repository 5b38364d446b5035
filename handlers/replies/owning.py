"""Whose duty it is: an agency says «not ours», and the coordinator gives it back, with the reason, or to another agency."""

from __future__ import annotations

from db.duties import Awaited, lock_duty
from db.messages import plain
from db.prompts import end_prompt, get_prompt
from db.reports import ChangeKind, DutyChange, add_change
from handlers.call import Call, update_buttons
from handlers.replies.prompting import Want, wait_for
from handlers.replies.reminders import give_buttons_back
from handlers.replies.reporting import report_not_ours
from handlers.replies.saying import Said, speaker, tell_agency, why_not
from handlers.replies.words import Certainty, Meaning, Reply
from handlers.wording import replies as wording
from scheduler import course


async def confirm_not_ours(call: Call, number: str) -> None:
    """«xác nhận không phải việc PV12»: with the reason that was given before, if any."""
    async with call.finish() as session:
        prompt = await get_prompt(session, call.incoming.talk, now=call.now)
        about = (
            prompt.about if prompt is not None and prompt.about.get("want") == Want.CONFIRM and prompt.about["duty"] == int(number) else {}
        )
        await end_prompt(session, call.incoming.talk)
        duty = await lock_duty(session, int(number))
        if problem := why_not(call, duty, int(number)):
            return call.say(plain(problem))
        assert duty is not None
        said = Said(Reply(Certainty.CERTAIN, (Meaning.NOT_OURS,), note=about.get("note", "")), about.get("words") or call.incoming.text)
        await report_not_ours(call, session, duty, said, is_confirmed=True)


async def give_back(call: Call, number: str, reason: str | None = None) -> None:
    """«trả lại PV12 lý do»: it stays the agency's, which is told why."""
    async with call.finish() as session:
        await end_prompt(session, call.incoming.talk)
        duty = await lock_duty(session, int(number))
        if problem := why_not(call, duty, int(number)):
            return call.say(plain(problem))
        assert duty is not None
        call.subject = f"duty:{duty.id}"
        if duty.awaits is not Awaited.OWNER:
            return call.say(plain(wording.NOT_WAITING_FOR_OWNER.format(code=duty.code)))
        given = (reason or "").strip(" .:,-–")
        if not given:
            await wait_for(call, session, Want.RETURN, duty=duty)
            return call.say(plain(wording.ASK_RETURN.format(code=duty.code)), topic=f"decide:{duty.code}")
        course.decided(duty, call.assistant.rules, call.now)
        change = DutyChange(duty_id=duty.id, at=call.now, kind=ChangeKind.GIVEN_BACK, contact_id=speaker(call).id, reason=given[:1000])
        await add_change(session, change)
        who = speaker(call).name
        remark = f"{who} đã trả lại cơ quan lúc {wording.at(call.now)}: {given}"
        await update_buttons(session, f"owner:{duty.id}", now=call.now, keep=lambda one: one.command == duty.code, remark=remark)
        await give_buttons_back(session, duty, f"↳ {duty.code}: {remark}", now=call.now)
        count = await tell_agency(call, session, duty, wording.given_back(duty, who, given))
        call.say(plain(f"{duty.code}: {remark}. {wording.agency_told(count)}"))


async def leave(call: Call, number: str) -> None:
    """«thôi PV12»: what was asked is not wanted."""
    async with call.finish() as session:
        await end_prompt(session, call.incoming.talk)
        await call.turn(session, plain(wording.LEFT.format(code=f"PV{number}")), topic=f"reply:{number}")
