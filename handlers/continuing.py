"""«Xem thêm»: the whole of an answer that was shown in short, then the next lines of a list that goes on."""

from __future__ import annotations

from db.conversations import Inquiry, get_inquiry
from db.messages import Action, Message, Paragraph
from db.outbox import find_sent, list_latest
from handlers import wording
from handlers.asking import answer_paragraphs, answer_question, verdicts
from handlers.call import Call
from handlers.feedback import own_inquiry
from handlers.summaries import summarise, without_more
from knowledge.answer import Library
from knowledge.wording import count_of_more, superseded_notice


async def show_whole(call: Call, number: int) -> None:
    """«xem thêm 12»: the whole of an answer, in the place of its summary; a list that goes on can be gone on with."""
    call.subject = topic = f"inquiry:{number}"
    one = call.incoming
    library = await call.library()
    async with call.finish() as session:
        inquiry = await own_inquiry(call, session, number)
        if inquiry is None:
            return
        row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.pressed) if one.pressed else None
        shown = row.message if row is not None and row.topic == topic else None
        await call.turn(session, _expanded(inquiry, shown, _replaced(library, inquiry)), topic=topic)


async def go_on(call: Call, text: str) -> None:
    """«xem thêm» as people type it: the whole of the answer whose summary is the latest thing answered, else the next lines."""
    one = call.incoming
    number = None
    if one.pressed is None:
        async with call.assistant.database.read() as session:
            rows = await list_latest(session, one.channel, one.bot_id, one.chat_id)
            latest = next((row for row in rows if (row.topic or "").startswith("inquiry:")), None)
            commands = [action.command for part in latest.message.actions for action in part] if latest is not None else []
            number = next((int(command.split()[-1]) for command in commands if command.startswith(f"{wording.MORE_COMMAND} ")), None)
            inquiry = await get_inquiry(session, number) if number is not None else None
            if inquiry is None or inquiry.conversation != one.talk:
                number = None
    if number is None:
        call.action = ""  # a question: it leaves a row of its own
        return await answer_question(call, text)
    await show_whole(call, number)


def _replaced(library: Library, inquiry: Inquiry) -> tuple[Paragraph, ...]:
    """What has been replaced since the answer was given is said below it."""
    files = {one.file for one in inquiry.citations}
    gone = (one for one in library.catalogue.documents.values() if one.superseded_by and one.file in files)
    told = (superseded_notice(one) for one in gone)
    return tuple(wording.remark(one) for one in told if one not in inquiry.answer)


def _expanded(inquiry: Inquiry, shown: Message | None, replaced: tuple[Paragraph, ...]) -> Message:
    """The whole answer; what stood below its summary, and its buttons, stay where the message is known."""
    answer = answer_paragraphs(inquiry.answer, is_cited=bool(inquiry.citations))
    whole = Message(paragraphs=answer)
    goes_on = any(count_of_more(one.text) is not None for one in whole.paragraphs)
    more = ((Action(label=wording.MORE, command=wording.MORE_COMMAND),),) if goes_on else ()
    if shown is None:
        return Message(paragraphs=(*answer, *replaced), actions=(*more, *(verdicts(inquiry) if inquiry.verdict is None else ())))
    summary = summarise(whole, inquiry.id).paragraphs
    below = shown.paragraphs[len(summary) :] if shown.paragraphs[: len(summary)] == summary else ()
    return shown.model_copy(update={"paragraphs": (*answer, *replaced, *below), "actions": (*more, *without_more(shown.actions))})
