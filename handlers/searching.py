"""«/timkiem hạ tầng số»: the passages that hold some words, page by page, the words marked where they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from db.conversations import SEARCH, Citation, Inquiry, add_inquiry, get_inquiry
from db.messages import Action, Message, Paragraph, Span, bold
from handlers import wording
from handlers.asking import citation_row
from handlers.call import Call
from handlers.feedback import own_inquiry
from handlers.help import as_buttons, find_examples
from handlers.paging import page_of, shorten, turning
from handlers.wording import pages
from knowledge.answer import Citation as Cited
from knowledge.answer import Library, notices
from knowledge.finding import MOST, Found, find_passages
from knowledge.wording import source_line

_A_PAGE = 3
_LONGEST = 200  # characters of what is searched for that are read
_NAMED = 60  # characters of it that are said again


async def explain(call: Call) -> None:
    """«/timkiem» alone: what it does, with an example."""
    async with call.finish():
        example = Action(label=pages.SEARCH_EXAMPLE, command=pages.SEARCH_EXAMPLE)
        call.say(Message(paragraphs=pages.search_how(), actions=((example,),)))


async def search(call: Call, typed: str) -> None:
    """Search, and keep the words: the pages are turned by the number of the row, since words may be longer than a button."""
    words = typed.strip()[:_LONGEST]
    library, found = await _find(call, words)
    examples = () if found else await find_examples(call)
    call.action = ""  # it leaves a row of its own
    async with call.finish() as session:
        inquiry = Inquiry(
            conversation=call.incoming.talk,
            account_id=call.account.id if call.account else None,
            question=words,
            kind=SEARCH,
            answered=bool(found),
            answer="",
            citations=tuple(_row(library, one) for one in found[:_A_PAGE]),
            asked_at=call.now,
        )
        await add_inquiry(session, inquiry)
        message = _page(library, words, found, inquiry.id, 1, examples)
        inquiry.answer = message.text
        call.say(message, topic=_topic(inquiry.id))


async def turn(call: Call, number: str, page: str = "1") -> None:
    """«tìm 12 trang 2»: another page of one's own search, in place."""
    async with call.assistant.database.read() as session:
        inquiry = await get_inquiry(session, int(number))
    words = inquiry.question if inquiry is not None else ""
    library, found = await _find(call, words)
    examples = () if found else await find_examples(call)
    call.subject = f"inquiry:{number}"
    async with call.finish() as session:
        if await own_inquiry(call, session, int(number)) is not None:
            await call.turn(session, _page(library, words, found, int(number), int(page), examples), topic=_topic(int(number)))


def _topic(number: int) -> str:
    return f"search:{number}"


async def _find(call: Call, words: str) -> tuple[Library, list[Found]]:
    library = await call.library()
    return library, await asyncio.get_running_loop().run_in_executor(call.assistant.thinking, find_passages, library, words)


def _page(library: Library, words: str, found: list[Found], number: int, asked: int, examples: Sequence[str] = ()) -> Message:
    named = shorten(words, _NAMED)
    if not found:
        return Message(paragraphs=pages.nothing_found(named), actions=as_buttons(examples))
    page = page_of(found, asked, size=_A_PAGE)
    told: list[Paragraph] = [*pages.passages_found(named, len(found), page.remark, is_cut=len(found) == MOST)]
    for one in page.items:
        told.append(Paragraph(spans=tuple(_marked(one)), is_quote=True))
        document = library.document(one.paragraph.document)
        told.append(wording.remark(source_line(document, one.paragraph.clause, one.paragraph.page)))
    told.extend(wording.remark(one) for one in notices(library, [one.paragraph.document for one in page.items]))
    return Message(paragraphs=tuple(told), actions=turning(page, lambda turned: f"tìm {number} trang {turned}"))


def _marked(found: Found) -> Iterator[Span]:
    """The quote, «…», with what was searched for in bold."""
    shown = f"«{found.quote}»"
    at = 0
    for start, end in found.marks:
        yield Span(text=shown[at : start + 1])
        yield bold(shown[start + 1 : end + 1])
        at = end + 1
    yield Span(text=shown[at:])


def _row(library: Library, found: Found) -> Citation:
    one = found.paragraph
    return Citation(**citation_row(Cited(library.document(one.document), one.clause, one.page, found.quote)))
