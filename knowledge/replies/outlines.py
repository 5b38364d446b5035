"""Answers that are a list: what stands under a heading, or behind a sentence that ends in a colon."""

from __future__ import annotations

import re

from knowledge import wording
from knowledge.answer import LIST_LIMIT, TEXT_LIMIT, Answer, AnswerKind, Library, cite, compose, notices
from knowledge.asks import Ask
from knowledge.catalogue import ParagraphText
from knowledge.question import Question
from knowledge.statements import BARE_HEADING, CLOSING, QUOTE_LIMIT

_ITEMS = 8  # shown of what stands under a heading


def reply(library: Library, question: Question, paragraph: ParagraphText) -> Answer | None:
    """A heading with what stands under it, each item cut so that many fit; None when the paragraph says something itself."""
    items = _beneath(library, paragraph)
    if not items:
        return None
    shown, later = items[:_ITEMS], items[_ITEMS:]
    whole = LIST_LIMIT - 500 if question.wants(Ask.WHO, Ask.TASKS) else TEXT_LIMIT - 300
    room = max(70, min(QUOTE_LIMIT, whole // len(shown)))
    lines = [f"{paragraph.text.rstrip(':')}:", *(f"- {wording.quoted(_beginning(one, room))}" for one in shown)]
    if later:
        lines.append(wording.MORE.format(count=len(later)))
    lines.append(wording.source_line(library.document(paragraph.document), paragraph.clause, paragraph.page))
    limit = LIST_LIMIT if question.wants(Ask.WHO, Ask.TASKS) else TEXT_LIMIT
    text = compose([*lines, *notices(library, [paragraph.document])], limit=limit)
    # The heading is cited too: it may hold a figure.
    citations = (*(cite(library, one, _beginning(one, room)) for one in shown), cite(library, paragraph, paragraph.text[:QUOTE_LIMIT]))
    rest = tuple((f"- {wording.quoted(_beginning(one, 160))}", cite(library, one, _beginning(one, 160))) for one in later)
    kind = AnswerKind.ASSIGNMENT if question.wants(Ask.WHO, Ask.TASKS) else AnswerKind.PASSAGE
    return Answer(kind, True, text, citations, topic=question.topic, years=question.years, rest=rest)


def _beneath(library: Library, paragraph: ParagraphText) -> list[ParagraphText]:
    """What a heading names: the paragraphs under it, in order. Empty when the paragraph says something itself."""
    if not (paragraph.text.endswith(":") or (paragraph.kind == "heading" and len(paragraph.text) < BARE_HEADING)):
        return []
    items: list[ParagraphText] = []
    ordinal = paragraph.ordinal + 1
    while (one := library.catalogue.paragraphs.get((paragraph.document, ordinal))) is not None:
        inside = one.clause == paragraph.clause or one.clause.startswith(f"{paragraph.clause}.")
        if not inside or one.kind in CLOSING or (one.clause == paragraph.clause and one.text.endswith(":")):
            break
        if one.kind != "note" and re.search(r"\w", one.text):
            items.append(one)
        ordinal += 1
    return items


def _beginning(paragraph: ParagraphText, room: int) -> str:
    text = paragraph.text
    return text if len(text) <= room else text[:room].rsplit(" ", 1)[0]
