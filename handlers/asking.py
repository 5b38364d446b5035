"""A question asked: answered from the library, remembered as a turn of its talk, kept with its answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from knowledge.answer import Answer, Library
from knowledge.answering import answer
from knowledge.talk import Talk

if TYPE_CHECKING:
    from db.engine import Database

_TURNS_KEPT = 5
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
    # Here, since a single question from the command line needs none of it.
    from db.conversations import Citation as CitationRow
    from db.conversations import Inquiry, Turn, add_inquiry, get_turns, put_turns

    text = _readable(text)
    async with database.read() as session:
        turns = await get_turns(session, key, since=now - dt.timedelta(minutes=minutes))
    asked = ask(library, text, Talk.model_validate(turns[-1].about) if turns else None)
    turn = Turn(asked_at=now, question=text, about=asked.talk.model_dump(mode="json"))
    inquiry = Inquiry(
        conversation=key,
        question=text,
        kind=asked.answer.kind.value,
        answered=asked.answer.answered,
        answer=asked.answer.text,
        citations=tuple(CitationRow(**row) for row in citation_rows(asked.answer)),
        asked_at=now,
    )
    async with database.write() as session:
        await put_turns(session, key, (*turns, turn)[-_TURNS_KEPT:], now=now)
        await add_inquiry(session, inquiry)
    return asked


def _readable(text: str) -> str:
    """The text without what cannot be stored (lone surrogates, NUL), and not longer than anyone types."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")[:_LONGEST]


def citation_rows(found: Answer) -> list[dict[str, Any]]:
    """Citations for a script: {document, file, issued_on, held_on, clause, page, quote}."""
    return [
        {
            "document": one.document.number or one.document.subject,
            "file": one.document.file,
            "issued_on": one.document.issued_on or None,
            "held_on": one.document.held_on or None,
            "clause": one.clause,
            "page": one.page,
            "quote": one.quote,
        }
        for one in found.citations
    ]


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
