"""An answer written by whoever coordinates, its source found, looked at again, approved: from then on it comes first."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import get_account_by_id, letter_to
from db.approved import (
    ApprovedAnswer,
    approve_answer,
    drop_draft,
    find_draft_without_source,
    get_answer,
    load_approved,
    lock_approvals,
    put_draft,
)
from db.conversations import Citation, Inquiry, get_inquiry
from db.messages import Action, Message, plain
from db.outbox import Priority, add_messages
from handlers import wording
from handlers.asking import answer_message
from handlers.call import Call, update_buttons
from handlers.reviewing import list_same, mark_reviewed
from handlers.wording import reviews
from knowledge.answer import Library
from knowledge.approved import Approved, holds
from knowledge.catalogue import DocumentInfo, ParagraphText
from knowledge.loading import approved_of
from knowledge.question import Question, understand
from knowledge.replies.approved import answer_of
from knowledge.sources import Unread, choose_quote, find_source, is_source, names_source, paragraphs_under, split_source, strange_figures
from knowledge.wording import clause_words, document_name, source_line

Found = TypeVar("Found")

ANSWER_LIMIT = 700  # characters: with quote, source and notices it must fit into one answer
_OFFERED = 3  # sources that a tap chooses
_LABEL = 60


@dataclass(frozen=True, slots=True)
class _Source:
    """Where an answer stands: a document, one paragraph of it, and words of that."""

    document: DocumentInfo
    paragraph: ParagraphText
    quote: str


@dataclass(frozen=True, slots=True)
class _Text:
    """What is to be approved: an answer, its question with its number while it is kept, and what was cited for it."""

    answer: str
    question: str
    inquiry: int | None
    citations: tuple[Citation, ...]


async def explain(call: Call, number: int) -> None:
    """«soạn 12»: how an answer to this question is written; an answer to the message that says so is one."""
    async with call.finish() as session:
        inquiry = await get_inquiry(session, number)
        if inquiry is None:
            return call.acknowledge(plain(wording.NO_SUCH_INQUIRY.format(number=number)))
        call.say(Message(paragraphs=reviews.compose_how(number, inquiry.question)), topic=f"compose:{number}")


async def write(call: Call, number: int, text: str) -> None:
    """«duyệt 12: … (nguồn …)»: keep what was written; show it once its source is read, else say what is missing."""
    assert call.person is not None
    library = await call.assistant.shelf.library(officials=True)
    answer, named = split_source(text)
    is_meant = bool(answer) and len(answer) <= ANSWER_LIMIT
    async with call.assistant.database.read() as session:
        asked = await get_inquiry(session, number)
    text_of = _Text(answer, asked.question, asked.id, asked.citations[:_OFFERED]) if asked is not None and is_meant else None
    source = await _think(call, lambda: _read_source(library, text_of, named)) if text_of is not None else ""
    async with call.finish() as session:
        call.subject = f"inquiry:{number}"
        inquiry = await get_inquiry(session, number)
        if inquiry is None:
            return call.say(plain(wording.NO_SUCH_INQUIRY.format(number=number)))
        if not answer:
            return call.say(plain(reviews.DRAFT_EMPTY.format(number=number)))
        if len(answer) > ANSWER_LIMIT:
            return call.say(plain(reviews.DRAFT_TOO_LONG.format(limit=ANSWER_LIMIT, length=len(answer))))
        draft = await put_draft(session, inquiry, call.person.contact.id, answer, now=call.now)
        await _go_on(call, session, library, draft, inquiry.citations[:_OFFERED], source)


async def choose_source(call: Call, number: int, named: str) -> None:
    """«nguồn câu 5: KH 359 II.2.2.a», or «nguồn câu 5: #1» for what the question's answer cited first."""
    library = await call.assistant.shelf.library(officials=True)
    async with call.assistant.database.read() as session:
        text = await _text_of(session, await get_answer(session, number, is_locked=False))
    source = await _think(call, lambda: _read_source(library, text, named)) if text is not None else ""
    async with call.finish() as session:
        call.subject = f"approved:{number}"
        draft = await get_answer(session, number)
        now = await _text_of(session, draft)
        if draft is None or now is None:
            return call.acknowledge(plain(reviews.DRAFT_GONE.format(number=number)))
        if now != text:  # written anew this very moment
            source = _read_source(library, now, named)
        await _go_on(call, session, library, draft, now.citations, source)


async def awaited_source(call: Call, text: str) -> int | None:
    """The draft that a message names the source of, when it says nothing else and one waits for it."""
    # In a group it is a question like any other: what somebody prepares is shown to nobody else.
    if call.person is None or call.incoming.is_group or not is_source(text):
        return None
    since = call.now - dt.timedelta(minutes=call.assistant.minutes)
    async with call.assistant.database.read() as session:
        draft = await find_draft_without_source(session, call.person.contact.id, since=since)
    if draft is None or not names_source(text, (await call.assistant.shelf.library(officials=True)).catalogue):
        return None
    return draft


async def approve(call: Call, number: int) -> None:
    """«duyệt câu 5»: put it in force, mark the question as looked at, tell whoever asked it."""
    assert call.person is not None
    library = await call.assistant.shelf.library(officials=True)
    public = await call.assistant.shelf.library(officials=False)
    async with call.assistant.database.read() as session:
        known = approved_of(await load_approved(session))
        seen = await get_answer(session, number, is_locked=False)
    asked = seen.question if seen is not None else ""
    question, other = await _think(call, lambda: _find_same(library, known, asked))
    async with call.finish() as session:
        call.subject = f"approved:{number}"
        await lock_approvals(session)
        draft = await get_answer(session, number)
        if draft is None or draft.approved_at is not None:
            return call.acknowledge(plain(reviews.DRAFT_GONE.format(number=number)))
        if draft.document_id is None or not holds(draft.document_id, draft.clause, draft.quote, library.catalogue):
            return call.say(plain(reviews.SOURCE_GONE.format(number=number)), topic=f"source:{number}")
        current = approved_of(await load_approved(session))
        if {one.id for one in current} != {one.id for one in known}:  # approved or withdrawn this very moment
            question, other = _find_same(library, current, draft.question)
        if other is not None:
            return call.say(plain(reviews.ALREADY_ANSWERED.format(number=other.id, answer=other.answer)))
        await approve_answer(session, number, call.person.contact.id, now=call.now)
        if call.incoming.pressed is not None:
            call.acknowledge(plain(reviews.APPROVED_NOTE))
        approved = next(one for one in approved_of(await load_approved(session)) if one.id == number)
        await call.turn(session, _preview(library, draft, reviews.APPROVED_NOTE, is_open=False), topic=f"draft:{number}")
        await _take_buttons_away(call, session, number)
        inquiry = await get_inquiry(session, draft.inquiry_id) if draft.inquiry_id is not None else None
        if inquiry is not None:
            await _tell_askers(call, session, (library, public), inquiry, approved, question)
            await mark_reviewed(call, session, inquiry)
    call.assistant.shelf.look_again()


async def drop(call: Call, number: int) -> None:
    """«bỏ câu 5»: the draft goes, the question stays on the list."""
    async with call.finish() as session:
        call.subject = f"approved:{number}"
        if not await drop_draft(session, number):
            return call.acknowledge(plain(reviews.DRAFT_GONE.format(number=number)))
        await call.turn(session, plain(reviews.DRAFT_DROPPED.format(number=number)), topic=f"draft:{number}")
        await _take_buttons_away(call, session, number)


async def _go_on(
    call: Call, session: AsyncSession, library: Library, draft: ApprovedAnswer, citations: Sequence[Citation], source: _Source | str
) -> None:
    """Show the draft with its source to be approved, or ask for what is missing."""
    # What was shown before had another text or source: nobody may approve this one below that.
    await _take_buttons_away(call, session, draft.id)
    if isinstance(source, _Source):
        draft.document_id, draft.clause, draft.quote = source.document.id, source.paragraph.clause, source.quote
        return await call.turn(session, _preview(library, draft), topic=f"draft:{draft.id}")
    names = {one.file: document_name(one) for one in library.catalogue.documents.values()}
    buttons = [
        Action(label=f"{clause_words(one.clause)} – {names.get(one.file, one.document)}"[:_LABEL], command=f"nguồn câu {draft.id}: #{at}")
        for at, one in enumerate(citations, 1)
    ]
    told = reviews.source_wanted(draft.id, source, draft.answer)
    call.say(Message(paragraphs=told, actions=tuple((one,) for one in buttons)), topic=f"source:{draft.id}")


async def _take_buttons_away(call: Call, session: AsyncSession, number: int) -> None:
    for topic in (f"draft:{number}", f"source:{number}"):
        await update_buttons(session, topic, now=call.now, keep=lambda _: False)


async def _text_of(session: AsyncSession, draft: ApprovedAnswer | None) -> _Text | None:
    """What a source of a draft is held against; None where it is no draft any more."""
    if draft is None or draft.approved_at is not None:
        return None
    inquiry = await get_inquiry(session, draft.inquiry_id) if draft.inquiry_id is not None else None
    return _Text(draft.answer, draft.question, draft.inquiry_id, inquiry.citations[:_OFFERED] if inquiry is not None else ())


async def _think(call: Call, work: Callable[[], Found]) -> Found:
    # Before the transaction: others wait for that.
    return await asyncio.get_running_loop().run_in_executor(call.assistant.thinking, work)


def _find_same(library: Library, approved: Sequence[Approved], text: str) -> tuple[Question, Approved | None]:
    """A question as it is understood, and what is approved already for one that means the same."""
    question = understand(text, library.catalogue, library.terms)
    return question, library.with_approved(approved).approved.find(question)


def _read_source(library: Library, text: _Text, named: str) -> _Source | str:
    """The source that was named, or in words what is missing of it, or of the text that is to rest on it."""
    catalogue = library.catalogue
    citations = text.citations
    if not named:
        return reviews.SOURCE_MISSING["none"]
    wanted = ""
    if named.startswith("#") and named[1:].isdecimal():
        chosen = next(iter(citations[int(named[1:]) - 1 : int(named[1:])]), None)
        document = next((one for one in catalogue.documents.values() if chosen and one.file == chosen.file), None)
        if chosen is None or document is None:
            return reviews.SOURCE_MISSING["document"]
        if document.superseded_by:
            return reviews.SOURCE_MISSING["superseded"].format(documents=document_name(document))
        paragraphs, wanted = paragraphs_under(catalogue, document.id, chosen.clause), chosen.quote
    else:
        found = find_source(named, catalogue)
        if isinstance(found, Unread):
            documents = ", ".join(f"{document_name(one)} (mã {one.id})" for one in found.documents[:4])
            return reviews.SOURCE_MISSING[found.missing.value].format(documents=documents)
        document, paragraphs = found
    if not paragraphs:
        return reviews.SOURCE_MISSING["clause"].format(documents=document_name(document))
    source = _Source(document, *choose_quote(text.answer, paragraphs, library.terms, wanted))
    around = catalogue.paragraphs_at(document.id, source.paragraph.clause)
    strange = strange_figures(text.answer, document, around, text.question)
    place = f"{document_name(document)}, {clause_words(source.paragraph.clause)}"
    return reviews.strange_figures(strange, place, text.inquiry) if strange else source


def _preview(library: Library, draft: ApprovedAnswer, remark: str = "", *, is_open: bool = True) -> Message:
    assert draft.document_id is not None
    document = library.document(draft.document_id)
    page = next((one.page for one in library.catalogue.paragraphs_at(document.id, draft.clause) if draft.quote in one.text), None)
    told = reviews.draft_preview(
        number=draft.id,
        question=draft.question,
        answer=draft.answer,
        source=source_line(document, draft.clause, page),
        quote=draft.quote,
        remark=remark,
    )
    yes, no = Action(label=reviews.APPROVE, command=f"duyệt câu {draft.id}"), Action(label=reviews.DROP, command=f"bỏ câu {draft.id}")
    return Message(paragraphs=told, actions=((yes, no),) if is_open else ())


async def _tell_askers(
    call: Call, session: AsyncSession, libraries: tuple[Library, Library], inquiry: Inquiry, approved: Approved, question: Question
) -> None:
    """Tell each who asked this question, in private, and can be reached, once; `libraries` are for officials and for everyone."""
    assert call.person is not None
    asked = {(one.account_id, one.conversation) for one in await list_same(session, inquiry.question)}
    asked.add((inquiry.account_id, inquiry.conversation))
    for number in sorted({account_id for account_id, _ in asked if account_id is not None}):
        account = await get_account_by_id(session, number)
        if account is None or account.off_at is not None:
            continue
        # As when they ask: of an internal document strangers read nothing, not even that it revises another.
        library = libraries[0] if account.contact_id is not None else libraries[1]
        if not holds(approved.document, approved.clause, approved.quote, library.catalogue):
            continue
        # What was asked in a group was asked there only; whoever approves it knows of it.
        is_private = (number, f"{account.channel}:{account.bot_id}:{account.chat_id}") in asked
        if is_private and (account.contact_id is None or account.contact_id != call.person.contact.id):
            said = answer_message(answer_of(library, approved, question))
            message = said.model_copy(update={"paragraphs": (reviews.asker_told(approved.question), *said.paragraphs)})
            letter = letter_to(account, message, priority=Priority.NUDGE, now=call.now, topic=f"answered:{approved.id}")
            await add_messages(session, [letter])
