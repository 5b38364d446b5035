"""What people say of an answer: right, wrong with an optional correction, which whoever coordinates is told of."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.conversations import Inquiry, Verdict, get_inquiry, set_verdict
from db.messages import Action, Message, plain
from db.people import Role, list_contacts
from handlers import wording
from handlers.asking import answer_paragraphs
from handlers.call import Call, update_buttons
from handlers.summaries import brief
from handlers.wording import reviews
from knowledge.wording import clause_words
from scheduler.reach import tell

_QUOTES = 3
_JUDGES = ("đúng ", "sai ")


async def judge_right(call: Call, number: int) -> None:
    """«đúng 12»: the answer was right; the first verdict stands."""
    async with call.finish() as session:
        if await own_inquiry(call, session, number) is None:
            return
        if not await set_verdict(session, number, Verdict.RIGHT):
            return call.acknowledge(plain(wording.VERDICT_STANDS))
        await _take_buttons_away(session, call, number)
        call.acknowledge(plain(wording.THANKS_RIGHT))


async def judge_wrong(call: Call, number: int, correction: str = "") -> None:
    """«sai 12», or with what would be right; a coordinator gets it with the words that the answer cited."""
    async with call.finish() as session:
        inquiry = await own_inquiry(call, session, number)
        if inquiry is None:
            return
        is_new = await set_verdict(session, number, Verdict.WRONG)
        if not is_new and (not correction or inquiry.verdict is Verdict.RIGHT or correction == inquiry.correction):
            return call.acknowledge(plain(wording.VERDICT_STANDS))
        if correction:
            # What is new to be looked into.
            inquiry.correction, inquiry.reviewed_by, inquiry.reviewed_at = correction, None, None
        await _take_buttons_away(session, call, number)
        is_told = await _report(session, call, inquiry)
        if correction:
            return call.say(plain(wording.CORRECTION_TOLD if is_told else wording.CORRECTION_KEPT))
        call.acknowledge(plain(wording.WRONG_TOLD if is_told else wording.WRONG_KEPT))
        call.say(Message(paragraphs=wording.correction_how(number)), topic=f"correction:{number}")


async def own_inquiry(call: Call, session: AsyncSession, number: int) -> Inquiry | None:
    """The question, when the person who writes has asked it; else they are told."""
    inquiry = await get_inquiry(session, number)
    if inquiry is not None and inquiry.conversation == call.incoming.talk:
        return inquiry
    # In a group everybody sees the buttons; elsewhere another's question is none of theirs, and they are not told of it.
    is_other = inquiry is not None and call.incoming.is_group
    call.acknowledge(plain(wording.NOT_YOUR_QUESTION if is_other else wording.NO_SUCH_INQUIRY.format(number=number)))
    return None


async def _take_buttons_away(session: AsyncSession, call: Call, number: int) -> None:
    await update_buttons(session, f"inquiry:{number}", now=call.now, keep=lambda one: not one.command.startswith(_JUDGES))


async def _report(session: AsyncSession, call: Call, inquiry: Inquiry) -> bool:
    """Tell whoever coordinates; false when nobody who does can be reached."""
    person = call.person
    who = call.incoming.display_name or "người dùng chưa liên kết"
    if person is not None:
        who = f"{person.contact.name} ({person.agency.name})" if person.agency else person.contact.name
    quotes = [
        (f"{one.document}, {clause_words(one.clause)}", one.quote) for one in inquiry.citations[:_QUOTES] if one.quote not in inquiry.answer
    ]
    answer = brief(answer_paragraphs(inquiry.answer, is_cited=bool(inquiry.citations)))
    told = wording.wrong_answer(
        number=inquiry.id, who=who, question=inquiry.question, answer=answer, quotes=quotes, correction=inquiry.correction
    )
    compose = Action(label=reviews.COMPOSE, command=f"soạn {inquiry.id}")
    message = Message(paragraphs=told, actions=((Action(label=reviews.REVIEWED, command=f"đã xem {inquiry.id}"), compose),))
    for roles in ((Role.COORDINATOR,), (Role.ADMIN,)):  # an administrator where no coordinator can be reached
        if await tell(session, await list_contacts(session, *roles), message, now=call.now, topic=f"report:{inquiry.id}"):
            return True
    return False
