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
from handlers.paging import page_of, rows_of, shorten, turning
from handlers.wording import pages
from knowledge.answer import Library, review_of
from knowledge.wording import document_name

_TOPIC = "documents"
_A_PAGE = 6
_SUBJECT = 110  # characters


async def show_documents(call: Call, page: str = "1") -> None:
    """«/vanban», «văn bản trang 2»: the documents that the person may see, newest first, the file of each at a tap."""
    library = await call.library()
    async with call.finish() as session:
        found = await _readable_documents(call, session)
        if not found:
            return call.say(plain(pages.NO_DOCUMENTS))
        shown = page_of(found, int(page), size=_A_PAGE)
        told = pages.document_list([_row(library, one) for one in shown.items], len(found), shown.remark)
        buttons = [Action(label=f"{pages.FILE} {one.id}", command=f"văn bản {one.id}") for one in shown.items]
        turned = turning(shown, lambda number: f"văn bản trang {number}")
        await call.turn(session, Message(paragraphs=told, actions=(*rows_of(buttons, 3), *turned)), topic=_TOPIC)


async def send_document(call: Call, number: int) -> None:
    """«văn bản 12»: the original file, as it was handed in."""
    async with call.finish() as session:
        found = await _readable_documents(call, session)
        # «văn bản 128» may mean the number that the document bears.
        same_number = (one for one in found if re.match(rf"{number}\D", one.number or ""))
        chosen = next((one for one in found if one.id == number), None) or next(same_number, None)
        call.subject = f"document:{number}"
        if chosen is None:
            return call.say(plain(pages.NO_SUCH_DOCUMENT.format(number=number)))
        current = await load_current(session)
        file = next((one for one in current.renditions if one.version_id == chosen.version_id), None)
        size = await stored_size(session, file.sha256) if file else None
        if file is None or size is None:
            return call.say(plain(pages.FILE_MISSING))
        original = Attachment(sha256=file.sha256, file_name=file.file_name, size=size)
        call.say(Message(paragraphs=lines(_label(chosen)), attachments=(original,)))


async def _readable_documents(call: Call, session: AsyncSession) -> list[CurrentDocument]:
    officials = call.contact is not None and not call.incoming.is_group
    documents = (await load_current(session)).documents
    seen = [one for one in documents if officials or one.audience is Audience.PUBLIC]
    return sorted(seen, key=lambda one: (one.issued_on or one.held_on or "", one.id), reverse=True)


def _row(library: Library, one: CurrentDocument) -> pages.DocumentRow:
    """A document as the list tells it. What came this very second the library may not know yet."""
    known = library.catalogue.documents.get(one.id)
    state = pages.DOCUMENT_STATES[one.state.value]
    if known is not None and known.superseded_by:
        state = pages.replaced_by(known.superseded_by)
    elif known is not None and (review := review_of(library, known)) is not None:
        state = pages.under_review(document_name(review[0]))
    # Without a number the date is part of the name.
    dated = pages.dated(one.issued_on, one.held_on) if one.number or not (one.issued_on or one.held_on) else ""
    return pages.DocumentRow(one.id, _label(one), dated, shorten(one.subject, _SUBJECT), state)


def _label(one: CurrentDocument) -> str:
    return wording.document_label(
        kind=one.kind, number=one.number, issued_on=one.issued_on, held_on=one.held_on, subject=one.subject, sample=one.sample
    )
