"""«/duyet»: the answers that were approved, which of them still hold, and taking one back."""

from __future__ import annotations

from db.approved import CurrentApproved, load_approved, withdraw_answer
from db.messages import Action, Message, plain
from handlers.call import Call
from handlers.paging import page_of, rows_of, turning
from handlers.reviewing import PAGE
from handlers.wording import reviews
from knowledge.answer import Library
from knowledge.approved import holds
from knowledge.dates import VIETNAM
from knowledge.wording import clause_words, document_name

IN_FORCE, LAPSED, WITHDRAWN = "in_force", "lapsed", "withdrawn"
_TOPIC = "approvals"


async def show_list(call: Call, page: str | None = None) -> None:
    """«/duyet», «đã duyệt 2»: a page of the answers that were approved, the latest first, each with its state."""
    library = await call.assistant.shelf.library(officials=True)
    async with call.finish() as session:
        found = await load_approved(session, also_withdrawn=True)
        await call.turn(session, _list(library, found[::-1], int(page or 1)), topic=_TOPIC)


async def withdraw(call: Call, number: int, page: str | None = None) -> None:
    """«thu hồi câu 5»: it answers nothing any more; it stays on the list."""
    library = await call.assistant.shelf.library(officials=True)
    async with call.finish() as session:
        call.subject = f"approved:{number}"
        if not await withdraw_answer(session, number, now=call.now):
            return call.acknowledge(plain(reviews.NO_SUCH_APPROVED.format(number=number)))
        call.acknowledge(plain(reviews.WITHDRAWN_NOTE.format(number=number)))
        if call.incoming.pressed is not None:
            found = await load_approved(session, also_withdrawn=True)
            await call.turn(session, _list(library, found[::-1], int(page or 1)), topic=_TOPIC)
    call.assistant.shelf.look_again()


def state_of(one: CurrentApproved, library: Library) -> str:
    """Whether an approved answer is used, has lost its source, or was taken back: seen, never stored."""
    if one.withdrawn_at is not None:
        return WITHDRAWN
    return IN_FORCE if holds(one.document_id, one.clause, one.quote, library.catalogue) else LAPSED


def _list(library: Library, found: tuple[CurrentApproved, ...], asked: int) -> Message:
    if not found:
        return plain(reviews.NO_APPROVED)
    page = page_of(found, asked, size=PAGE)
    rows, buttons = [], []
    for one in page.items:
        state = state_of(one, library)
        document = library.catalogue.documents.get(one.document_id)
        source = f"{document_name(document)}, {clause_words(one.clause)}" if document else ""
        about = (f"{one.approved_at.astimezone(VIETNAM):%d/%m/%Y}", one.author, source)
        rows.append((one.id, one.question, one.answer, "; ".join(part for part in about if part), reviews.APPROVED_STATES[state]))
        if state == IN_FORCE:
            buttons.append(Action(label=f"{reviews.WITHDRAW} {one.id}", command=f"thu hồi câu {one.id} {page.number}"))
        elif one.inquiry_id is not None:
            buttons.append(Action(label=f"{reviews.COMPOSE} {one.id}", command=f"soạn {one.inquiry_id}"))
    told = reviews.approved_list(rows, len(found), page=page.number, pages=page.count)
    return Message(paragraphs=told, actions=(*rows_of(buttons, 2), *turning(page, lambda turned: f"đã duyệt {turned}")))
