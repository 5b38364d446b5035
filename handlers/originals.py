"""«/vanban»: which documents there are, and the original file of one."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from db.current import CurrentDocument, load_current
from db.documents import Audience
from db.files import stored_size
from db.messages import Action, Attachment, Message, lines, plain
from handlers import wording
from handlers.call import Call

_AT_A_TAP = 12  # documents with a button


async def show_documents(call: Call) -> None:
    """«/vanban»: the documents that the person may see, newest first, the files of the latest at a tap."""
    async with call.finish() as session:
        found = await _readable_documents(call, session)
        if not found:
            return call.say(plain(wording.NO_DOCUMENTS))
        rows = [(one.id, _label(one), one.subject, wording.DOCUMENT_STATES[one.state.value]) for one in found]
        buttons = [Action(label=f"{wording.FILE} {one.id}", command=f"văn bản {one.id}") for one in found[:_AT_A_TAP]]
        rows_of_buttons = tuple(tuple(buttons[place : place + 3]) for place in range(0, len(buttons), 3))
        call.say(Message(paragraphs=wording.document_list(rows, buttons[0].command), actions=rows_of_buttons))


async def send_document(call: Call, number: int) -> None:
    """«văn bản 12»: the original file, as it was handed in."""
    async with call.finish() as session:
        found = await _readable_documents(call, session)
        # «văn bản 128» may mean the number that the document bears.
        same_number = (one for one in found if re.match(rf"{number}\D", one.number or ""))
        chosen = next((one for one in found if one.id == number), None) or next(same_number, None)
        call.subject = f"document:{number}"
        if chosen is None:
            return call.say(plain(wording.NO_SUCH_DOCUMENT.format(number=number)))
        current = await load_current(session)
        file = next((one for one in current.renditions if one.version_id == chosen.version_id), None)
        size = await stored_size(session, file.sha256) if file else None
        if file is None or size is None:
            return call.say(plain(wording.FILE_MISSING))
        original = Attachment(sha256=file.sha256, file_name=file.file_name, size=size)
        call.say(Message(paragraphs=lines(_label(chosen)), attachments=(original,)))


async def _readable_documents(call: Call, session: AsyncSession) -> list[CurrentDocument]:
    officials = call.contact is not None and not call.incoming.is_group
    documents = (await load_current(session)).documents
    seen = [one for one in documents if officials or one.audience is Audience.PUBLIC]
    return sorted(seen, key=lambda one: (one.issued_on or one.held_on or "", one.id), reverse=True)


def _label(one: CurrentDocument) -> str:
    return wording.document_label(
        kind=one.kind, number=one.number, issued_on=one.issued_on, held_on=one.held_on, subject=one.subject, sample=one.sample
    )
