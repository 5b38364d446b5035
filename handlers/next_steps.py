"""What may be wanted after an answer: another year, the whole clause, who does it, the way there as a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from db.conversations import Inquiry, get_inquiry, latest_inquiry
from db.files import add_file, save_file
from db.messages import Action, Attachment, Message, Paragraph, Span, bold, italic, line, plain
from handlers import wording
from handlers.asking import Asked, answer_question, ask
from handlers.call import Call
from knowledge.answer import Answer, Citation, Library, notices
from knowledge.chart import draw_roadmap
from knowledge.clause_text import ClauseLine, ClausePages, clause_pages
from knowledge.next_steps import answer_doer, answer_other_year, cited_clause, indicator_of, question_of_doer, question_of_year
from knowledge.roadmap import Roadmap, roadmap_lines, roadmap_of
from knowledge.talk import Talk
from knowledge.wording import clause_words, source_line

Found = TypeVar("Found")


async def tell_year(call: Call, year: int, number: int) -> None:
    """«năm 2035 của 12»: the same indicator in another year, as a question of its own."""
    about = await _about(call, number)
    if about is None:
        return
    library = await call.library()
    question = await _think(call, lambda: question_of_year(library, about, year))
    if question is None:
        return await _tell(call, wording.NO_SUCH_YEAR.format(year=year))
    call.action = ""  # a question leaves a row of its own
    await answer_question(call, question, _as_asked(lambda library: answer_other_year(library, about, year)))


async def tell_doer(call: Call, number: int | None = None) -> None:
    """«ai làm 12»: who carries out what was answered, as a question of its own."""
    about = await _about(call, number)
    if about is None:
        return
    library = await call.library()
    if await _think(call, lambda: answer_doer(library, about)) is None:
        if number is None:
            # Typed as part of a talk, the words may still find more than a button would promise.
            call.action = ""
            return await answer_question(call, call.incoming.text)
        return await _tell(call, wording.NO_DOER)
    call.action = ""
    await answer_question(call, question_of_doer(library, about), _as_asked(lambda library: answer_doer(library, about)))


async def show_clause(call: Call, number: int | None = None, part: int | None = None) -> None:
    """«nguyên văn 12»: the whole clause that the answer cited, from the page with the cited words; «… phần 2» turns the page."""
    inquiry = await _own_inquiry(call, number)
    if inquiry is None:
        return
    library = await call.library()
    citation = cited_clause(library, Talk.model_validate(inquiry.about))
    pages = clause_pages(library, citation) if citation is not None else None
    if citation is None or pages is None:
        return await _tell(call, wording.NO_CLAUSE)
    at = pages.start if part is None else min(max(part, 1), len(pages.pages)) - 1
    message, topic = _clause_message(library, citation, pages, at, inquiry.id), f"clause:{inquiry.id}"
    async with call.finish() as session:
        call.subject = f"inquiry:{inquiry.id}"
        await call.turn(session, message, topic=topic)


async def show_roadmap(call: Call, number: int | None = None) -> None:
    """«lộ trình 12»: the indicator over its horizons, as a picture and in words."""
    inquiry = await _own_inquiry(call, number)
    if inquiry is None:
        return
    library, about = await call.library(), Talk.model_validate(inquiry.about)
    roadmap = await _think(call, lambda: _roadmap(library, about))
    if roadmap is None:
        return await _tell(call, wording.NO_ROADMAP)
    # Drawing takes longer than thinking, and others wait for that.
    picture = await asyncio.to_thread(draw_roadmap, roadmap)
    saved = await asyncio.to_thread(save_file, call.assistant.files_folder, picture.png)
    told = roadmap_lines(roadmap)
    paragraphs = (line(bold(told[0])), *(line(italic(one)) if one.startswith(wording.IN_ITALICS) else line(one) for one in told[1:]))
    attachment = Attachment(sha256=saved.sha256, file_name=wording.PICTURE_NAME, size=saved.size, is_picture=True)
    async with call.finish() as session:
        call.subject = f"inquiry:{inquiry.id}"
        await add_file(session, saved, now=call.now)
        call.say(Message(paragraphs=paragraphs, attachments=(attachment,)))


def _roadmap(library: Library, about: Talk) -> Roadmap | None:
    indicator = indicator_of(library, about)
    return None if indicator is None else roadmap_of(library, indicator)


def _clause_message(library: Library, citation: Citation, pages: ClausePages, at: int, number: int) -> Message:
    """A page of a clause, with buttons to the pages before and after it."""
    shown = pages.pages[at]
    title = wording.clause_title(clause_words(pages.clause), is_original=not citation.document.sample)
    body = [_clause_line(one) for one in shown]
    source = source_line(citation.document, pages.clause, next((one.page for one in shown if one.page), None))
    turns = [(wording.BEFORE, at)] if at else []
    turns += [(wording.AFTER, at + 2)] if at + 1 < len(pages.pages) else []
    buttons = tuple(Action(label=label, command=f"nguyên văn {number} phần {part}") for label, part in turns)
    told = wording.clause_page(title, pages.headings, body, source, number=at + 1, count=len(pages.pages))
    heeded = (line(italic(one)) for one in notices(library, [citation.document.id]))
    return Message(paragraphs=(*told, *heeded), actions=(buttons,) if buttons else ())


def _clause_line(one: ClauseLine) -> Paragraph:
    marker = wording.clause_marker(one.kind, one.marker)
    if one.kind == "heading":
        return line(bold(f"{marker}{one.text}"))
    start = one.text.find(one.cited) if one.cited else -1
    if start < 0:
        return line(f"{marker}{one.text}")
    spans: list[str | Span] = [marker + one.text[:start], bold(one.cited), one.text[start + len(one.cited) :]]
    return line(*spans)


def _as_asked(find: Callable[[Library], tuple[Answer, Talk] | None]) -> Callable[[Library, str, Talk | None], Asked]:
    """A way of answering that needs no words; should the documents have changed this very moment, the words are asked."""

    def how(library: Library, text: str, talk: Talk | None) -> Asked:
        started = perf_counter()
        found = find(library)
        return ask(library, text) if found is None else Asked(*found, (perf_counter() - started) * 1000)

    return how


async def _think(call: Call, work: Callable[[], Found]) -> Found:
    return await asyncio.get_running_loop().run_in_executor(call.assistant.thinking, work)


async def _about(call: Call, number: int | None) -> Talk | None:
    inquiry = await _own_inquiry(call, number)
    return None if inquiry is None else Talk.model_validate(inquiry.about)


async def _own_inquiry(call: Call, number: int | None) -> Inquiry | None:
    """The question of that number, else the last of this talk, when the person who writes has asked it; else they are told."""
    key = call.incoming.talk
    async with call.assistant.database.read() as session:
        inquiry = await latest_inquiry(session, key) if number is None else await get_inquiry(session, number)
    if inquiry is not None and inquiry.conversation == key:
        return inquiry
    if number is None:
        await _tell(call, wording.NOTHING_ASKED)
    elif inquiry is not None and call.incoming.is_group:
        # In a group everybody sees the buttons; elsewhere another's question is none of theirs, and they are not told of it.
        await _tell(call, wording.NOT_YOUR_BUTTON)
    else:
        await _tell(call, wording.NO_SUCH_INQUIRY.format(number=number))
    return None


async def _tell(call: Call, text: str) -> None:
    async with call.finish():
        call.acknowledge(plain(text))
