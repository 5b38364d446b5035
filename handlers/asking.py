"""A question asked: answered from the library, remembered as a turn of its talk, kept with its answer."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from handlers import wording
from knowledge.answer import Answer, Citation, Library
from knowledge.answering import answer
from knowledge.messages import is_courtesy, split_message
from knowledge.next_steps import NextSteps, find_next_steps
from knowledge.talk import Talk
from knowledge.text import fold

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from db.conversations import Inquiry, Turn
    from db.engine import Database
    from db.messages import Action, Message, Paragraph
    from handlers.call import Call

_TURNS_KEPT = 5
_HEADLINE = 300  # characters; a longer beginning is no headline
_LONGEST = 5000  # characters of a question that are read: more than any channel lets through in one message


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, the talk after it, and the milliseconds it took."""

    answer: Answer
    talk: Talk
    latency_ms: float


def ask(library: Library, text: str, talk: Talk | None = None) -> Asked:
    """Answer one question of a talk that the caller remembers. Any text will do; what cannot be stored of it is left out."""
    started = perf_counter()
    found, talk_after = answer(library, _readable(text), talk)
    return Asked(found, talk_after, (perf_counter() - started) * 1000)


async def ask_in_conversation(database: Database, library: Library, text: str, *, key: str, now: dt.datetime, minutes: int) -> Asked:
    """Answer one question of the talk `key`, which is forgotten after `minutes` of silence; the question is kept."""
    # Here, as below, since a single question from the command line needs no rows of talks.
    from db.conversations import get_turns

    text = _readable(text)
    async with database.read() as session:
        turns = await get_turns(session, key, since=now - dt.timedelta(minutes=minutes))
    asked = ask(library, text, _talk_after(turns))
    async with database.write() as session:
        await _keep(session, asked, text, turns, key=key, now=now)
    return asked


async def answer_question(call: Call, text: str, think: Callable[[Library, str, Talk | None], Asked] = ask) -> None:
    """Answer a question on a channel, with what may obviously be wanted next at a tap.

    `think` finds the answer where it is known already what the question means.
    """
    from db.messages import Action
    from handlers.step_buttons import step_buttons
    from handlers.summaries import summarise

    assistant, incoming = call.assistant, call.incoming
    text = _readable(text)
    library, talk = await call.library(), _talk_after(call.turns)
    asked, steps = await asyncio.get_running_loop().run_in_executor(assistant.thinking, _think, think, library, text, talk)
    if not asked.answer.citations and not incoming.is_group and (call.account is None or call.account.told_at is None):
        from handlers.help import find_examples

        # Who has not found what they asked for learns what can be asked.

        call.examples = tuple(one for one in await find_examples(call) if fold(one) != fold(text))
    async with call.finish() as session:
        account_id = call.account.id if call.account else None
        inquiry = await _keep(session, asked, text, call.turns, key=incoming.talk, now=call.now, account_id=account_id)
        buttons = step_buttons(steps, inquiry.id, is_original=not any(one.document.sample for one in asked.answer.citations[:1]))
        if asked.answer.rest:
            buttons.append((Action(label=wording.MORE, command=wording.MORE_COMMAND),))
        buttons.extend(verdicts(inquiry))
        call.say(summarise(answer_message(asked.answer, *buttons), inquiry.id), topic=f"inquiry:{inquiry.id}")
        if incoming.pressed and think is ask:
            await _take_button_away(session, call, text)


def _think(how: Callable[[Library, str, Talk | None], Asked], library: Library, text: str, talk: Talk | None) -> tuple[Asked, NextSteps]:
    asked = how(library, text, talk)
    # Below the answers to several questions nobody would know which of them a button goes on from.
    is_single = len(split_message(text)) == 1
    return asked, find_next_steps(library, asked.answer, asked.talk) if is_single else NextSteps()


async def _take_button_away(session: AsyncSession, call: Call, command: str) -> None:
    """«Xem thêm» has been used; what belongs to no question (examples) may be tapped again."""
    from db.outbox import find_sent
    from handlers.call import update_buttons

    one = call.incoming
    row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.pressed or "")
    if row is not None and row.topic is not None:
        await update_buttons(session, row.topic, now=call.now, keep=lambda action: action.command != command)


def answer_message(found: Answer, *buttons: tuple[Action, ...]) -> Message:
    """An answer for a chat: what it says first in bold, the documents' words as quotes, where they stand in italics."""
    from db.messages import Message

    return Message(paragraphs=answer_paragraphs(found.text, is_cited=bool(found.citations)), actions=buttons)


def answer_paragraphs(text: str, *, is_cited: bool) -> tuple[Paragraph, ...]:
    """The lines of an answer as a chat shows them."""
    from db.messages import Paragraph, bold, italic, line

    told: list[Paragraph] = []
    for number, part in enumerate(text.split("\n")):
        if part.startswith("«") and part.endswith("»"):
            told.append(Paragraph(spans=line(part).spans, is_quote=True))
        elif number == 0 and is_cited and len(part) <= _HEADLINE:
            told.append(line(bold(part)))
        elif part.startswith(wording.IN_ITALICS):
            told.append(line(italic(part)))
        else:
            told.append(line(part))
    return tuple(told)


def verdicts(inquiry: Inquiry) -> tuple[tuple[Action, ...], ...]:
    """The buttons for what the asker says of an answer: of one that cites nothing only that it is wrong."""
    from db.messages import Action

    wrong = Action(label=wording.WRONG, command=f"sai {inquiry.id}")
    if inquiry.citations:
        return ((Action(label=wording.RIGHT, command=f"đúng {inquiry.id}"), wrong),)
    return () if is_courtesy(inquiry.question) else ((wrong,),)


def _talk_after(turns: tuple[Turn, ...]) -> Talk | None:
    return Talk.model_validate(turns[-1].about) if turns else None


async def _keep(
    session: AsyncSession,
    asked: Asked,
    text: str,
    turns: tuple[Turn, ...],
    *,
    key: str,
    now: dt.datetime,
    account_id: int | None = None,
) -> Inquiry:
    """Store the turn, and the question with its answer."""
    from db.conversations import Citation as CitationRow
    from db.conversations import Inquiry, Turn, add_inquiry, put_turns

    turn = Turn(asked_at=now, question=text, about=asked.talk.model_dump(mode="json"))
    inquiry = Inquiry(
        conversation=key,
        account_id=account_id,
        question=text,
        kind=asked.answer.kind.value,
        answered=asked.answer.answered,
        answer=asked.answer.text,
        citations=tuple(CitationRow(**row) for row in citation_rows(asked.answer)),
        about=turn.about,
        asked_at=now,
    )
    await put_turns(session, key, (*turns, turn)[-_TURNS_KEPT:], now=now)
    return await add_inquiry(session, inquiry)


def _readable(text: str) -> str:
    """The text without what cannot be stored (lone surrogates, NUL), and not longer than anyone types."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")[:_LONGEST]


def citation_rows(found: Answer) -> list[dict[str, Any]]:
    """Citations for a script: {document, file, issued_on, held_on, clause, page, quote}."""
    return [citation_row(one) for one in found.citations]


def citation_row(one: Citation) -> dict[str, Any]:
    """One of `citation_rows`, and what is stored of it."""
    return {
        "document": one.document.number or one.document.subject,
        "file": one.document.file,
        "issued_on": one.document.issued_on or None,
        "held_on": one.document.held_on or None,
        "clause": one.clause,
        "page": one.page,
        "quote": one.quote,
    }


def answer_line(identity: str | int, question: str, asked: Asked) -> dict[str, Any]:
    """An answer for a script: {id, question, kind, answered, text, citations, latency_ms}."""
    found = asked.answer
    return {
        "id": identity,
        "question": question,
        "kind": found.kind.value,
        "answered": found.answered,
        "text": found.text,
        "citations": citation_rows(found),
        "latency_ms": round(asked.latency_ms, 2),
    }
