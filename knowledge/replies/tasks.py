"""Answers about who does what: the assignments of an agency, in a period, in a document."""

from __future__ import annotations

from functools import lru_cache

from knowledge import wording
from knowledge.agencies import Mention, find_agencies
from knowledge.answer import LIST_LIMIT, Answer, AnswerKind, Library, cite, compose, notices
from knowledge.catalogue import Held
from knowledge.concepts import Content
from knowledge.facts import Assignment
from knowledge.question import Question, without_agencies
from knowledge.text import fold

_DUE_LENGTH = 95  # characters shown of one task where many are due in a period
_LIST_ROOM = 1000  # characters shared by the tasks of a list
_LISTED = 8


def reply(library: Library, question: Question) -> Answer | None:
    """The tasks of the agencies named (as lead, then as addressee), newest document first; None when there are none."""
    agencies = [one for one in question.agencies]
    held = [one for one in library.catalogue.assignments if any(_leads(one.fact, agency) for agency in agencies)] if agencies else []
    if question.documents:
        held = [one for one in held if one.document in question.documents]
    if question.period is not None:
        held = [one for one in (held or library.catalogue.assignments) if _due_within(one.fact, question)]
        held = _also_due(library, question, held)
    if not held:
        return None
    # Own work first, then what is asked of many; the newest document first.
    held.sort(
        key=lambda one: (
            not any(_leads(one.fact, agency) for agency in agencies),
            len(one.fact.lead) > 1,
            _year_order(library, one),
            one.fact.paragraph,
        )
    )
    subject = without_agencies(question, library.terms).content
    if subject.concepts and subject is not question.content:
        held = _about(subject, held)
    name = agencies[0].name if agencies else ""
    lines = [f"Việc của {name}:" if name else "Các việc:"]
    citations = []
    shown = min(len(held), _LISTED)
    length = _DUE_LENGTH if question.period is not None and shown > 2 else max(_DUE_LENGTH, min(400, _LIST_ROOM // shown))
    for one in held[:_LISTED]:
        paragraph = library.catalogue.paragraphs[(one.document, one.fact.paragraph)]
        due = f" – {one.fact.due_text}" if one.fact.due_text and one.fact.due_text not in one.fact.task[:length] else ""
        lines.append(
            f"- {_short(one.fact.task if len(held) > 2 else one.fact.quote, length)}{due} "
            f"({wording.clause_words(one.fact.clause)}, {wording.document_name(library.document(one.document))})"
        )
        citations.append(cite(library, paragraph, one.fact.quote))
    if len(held) > _LISTED:
        lines.append(wording.MORE.format(count=len(held) - _LISTED))
    text = compose(
        [*_shared_source(lines, library, held[:_LISTED]), *notices(library, (one.document for one in held[:_LISTED]))], limit=LIST_LIMIT
    )
    return Answer(AnswerKind.ASSIGNMENT, True, text, tuple(citations), topic=question.topic, years=question.years)


def _leads(task: Assignment, agency: Mention) -> bool:
    return any(
        fold(lead) in (fold(agency.name), fold(agency.printed)) or (agency.code != "" and agency.code in _codes(lead)) for lead in task.lead
    )


@lru_cache(maxsize=1024)
def _codes(lead: str) -> frozenset[str]:
    return frozenset(one.code for one in find_agencies(lead) if one.code)


def _due_within(task: Assignment, question: Question) -> bool:
    assert question.period is not None
    return task.due_on is not None and question.period.first <= task.due_on <= question.period.last


def _also_due(library: Library, question: Question, held: list[Held[Assignment]]) -> list[Held[Assignment]]:
    """Tasks due in the period whose text names the agency, though another leads."""
    names = {fold(one.name) for one in question.agencies} | {fold(one.printed) for one in question.agencies}
    for one in library.catalogue.assignments:
        if one in held or not _due_within(one.fact, question):
            continue
        if not names or any(
            name in fold(one.fact.quote) or name in fold(" ".join((*one.fact.coordinating, *one.fact.report_to))) for name in names
        ):
            held.append(one)
    return held


def _about(subject: Content, held: list[Held[Assignment]]) -> list[Held[Assignment]]:
    """Tasks that share words with the question come first."""
    return sorted(held, key=lambda one: -len(subject.words & set(fold(one.fact.task).split())))


def _year_order(library: Library, held: Held[Assignment]) -> int:
    dated = library.document(held.document).dated.replace("-", "")
    return -int((dated + "00000000")[:8] or 0)


def _short(task: str, length: int) -> str:
    return task if len(task) <= length else task[: length - 1].rsplit(" ", 1)[0] + "…"


def _shared_source(lines: list[str], library: Library, held: list[Held[Assignment]]) -> list[str]:
    """One document for all: named once below the list."""
    documents = {one.document for one in held}
    if len(documents) != 1:
        return lines
    name = wording.document_name(library.document(documents.pop()))
    return [*(line.replace(f", {name})", ")") for line in lines), f"Nguồn: {name}"]
