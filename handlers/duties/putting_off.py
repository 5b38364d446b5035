"""«dời PV63 đến 30/1»: who coordinates moves the last day by it; from anybody else it asks for a later one."""

from __future__ import annotations

from handlers.asking import answer_question
from handlers.call import Call
from handlers.duties import correcting
from handlers.permissions import Right, permits
from handlers.replies.listening import listen
from knowledge.text import normalise


async def put_off(call: Call, code: str, day: str) -> None:
    """Move the last day, or take the words for what they are from whoever may not: a reply, else a question."""
    if permits(call.contact, Right.MANAGE_DUTIES) and not call.incoming.is_group:
        call.action = "duty_move"
        return await correcting.move(call, code, day)
    text = normalise(call.incoming.text)
    if (reply := await listen(call, text)) is not None:
        call.action = reply.name
        return await reply.run(call)
    call.action = ""  # a question leaves a row of its own
    await answer_question(call, text)
