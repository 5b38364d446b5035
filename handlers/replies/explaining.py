"""«vì sao nhắc PV12»: for each person why they were or were not reminded of a duty, and when the next reminder comes."""

from __future__ import annotations

from db.duties import find_duty
from db.messages import Message, plain
from handlers.call import Call
from handlers.permissions import Right
from handlers.replies.saying import why_refused
from handlers.wording import replies as wording
from scheduler.why import explain
from scheduler.wording.why import explanation_lines


async def explain_reminders(call: Call, number: str) -> None:
    async with call.finish() as session:
        duty = await find_duty(session, f"PV{number}")
        if problem := await why_refused(session, call, duty, int(number), Right.SEE_DUTIES, also_closed=True):
            return call.say(plain(problem))
        assert duty is not None
        call.subject = f"duty:{duty.id}"
        found = await explain(session, duty, call.assistant.rules, now=call.now)
        call.say(Message(paragraphs=explanation_lines(found), actions=((wording.open_card(duty),),)))
