"""Answers about who does what: the assignments of an agency, in a period, in a document."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from knowledge import wording
from knowledge.agencies import Mention, find_agencies
from knowledge.agencies_registry import default_registry
from knowledge.answer import LIST_LIMIT, Answer, AnswerKind, Citation, Library, cite, compose, notices
from knowledge.catalogue import Held
from knowledge.concepts import Content
from knowledge.facts import Assignment
from knowledge.question import Question, without_agencies
from knowledge.text import fold, sentence_case
from knowledge.vocabulary import WEAK

_DUE_LENGTH = 95  # characters shown of one task where many are due in a period
_LIST_ROOM = 1000  # characters shared by the tasks of a list
_LISTED = 8
_NEAREST = 3  # tasks of other documents shown where the one asked about has none
_LITTLE = 1.5  # weight of a question that names an agency and nothing of its work


def reply(library: Library, question: Question) -> Answer | None:
    """The tasks of the agencies named, then those of groups they belong to, newest document first; None when there are none."""
    agencies = [one for one in question.agencies]
    bare = without_agencies(question, library.terms)
    subject, weight = bare.content, 0.0 if bare is question or question.period is not None else bare.content.weight
    held = [one for one in library.catalogue.assignments if any(_leads(one.fact, agency) for agency in agencies)]
    if weight < _LITTLE:
        held += [one for one in library.catalogue.assignments if one not in held and any(_shares(one.fact, agency) for agency in agencies)]
    if question.documents:
        elsewhere, held = held, [one for one in held if one.document in question.documents]
        if elsewhere and not held and question.period is None:
            return _not_there(library, question, elsewhere)
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
            one.document,
            one.fact.paragraph,
        )
    )
    if subject.concepts and subject is not question.content:
        held = _about(subject, held, agencies)
    name = agencies[0].name if agencies else ""
    # A group is called as the documents write it, however it was typed.
    name = next((lead for one in held for lead in one.fact.lead if fold(lead) == fold(name)), "" if name == fold(name) else name)
    first = {document: at for at, document in enumerate(dict.fromkeys(one.document for one in held[:_LISTED]))}
    shown, later = sorted(held[:_LISTED], key=lambda one: first[one.document]), held[_LISTED:]
    rooms = [_DUE_LENGTH] * len(shown) if question.period is not None and len(shown) > 2 else _rooms(shown, agencies)
    own = not name or any(_leads(one.fact, agencies[0]) for one in held)
    lines = [wording.tasks_of(name) if own else wording.TASKS_SHARED.format(agency=name)]
    for document, group in groupby(zip(shown, rooms, strict=True), key=lambda one: one[0].document):
        if len(first) > 1:
            lines.append(wording.source_name(library.document(document)) + ":")
        lines.extend(_line(one, room) for one, room in group)
    if len(shown) < 3:
        # Few tasks, each with the words around it.
        lines.extend(wording.quoted(one.fact.quote) for one in shown if one.fact.quote != one.fact.task)
    if later:
        lines.append(wording.MORE.format(count=len(later)))
    if len(first) == 1:
        lines.append(f"Nguồn: {wording.source_name(library.document(shown[0].document))}")
    text = compose([*lines, *notices(library, dict.fromkeys(one.document for one in shown))], limit=LIST_LIMIT)
    citations = tuple(_citation(library, one) for one in shown)
    rest = tuple(
        (f"{_line(one, _DUE_LENGTH)} – {wording.source_name(library.document(one.document))}", _citation(library, one)) for one in later
    )
    return Answer(AnswerKind.ASSIGNMENT, True, text, citations, topic=question.topic, years=question.years, rest=rest)


def _not_there(library: Library, question: Question, elsewhere: list[Held[Assignment]]) -> Answer:
    """The document asked about gives the agency nothing to do: said so, with what others give it."""
    near = sorted(elsewhere, key=lambda one: (len(one.fact.lead), _year_order(library, one)))[:_NEAREST]
    name = wording.document_name(library.document(question.documents[0]))
    lines = [wording.NO_TASKS.format(document=name, agency=question.agencies[0].name), wording.NEAREST]
    for one in near:
        lines.append(f"{_line(one, _DUE_LENGTH)} – {wording.source_name(library.document(one.document))}")
    citations = tuple(_citation(library, one) for one in near)
    return Answer(AnswerKind.NONE, False, compose(lines), citations, topic=question.topic, years=question.years)


def _line(held: Held[Assignment], room: int) -> str:
    """«- lập bản đồ vùng lõm sóng… – trước ngày 30/4/2026 (mục II.1)»."""
    fact = held.fact
    due = f" – {fact.due_text}" if fact.due_text and fact.due_text not in fact.task[:room] else ""
    return f"- {_short(sentence_case(fact.task), room)}{due} ({wording.clause_words(fact.clause)})"


def _citation(library: Library, held: Held[Assignment]) -> Citation:
    return cite(library, library.catalogue.paragraphs[(held.document, held.fact.paragraph)], held.fact.quote)


def _leads(task: Assignment, agency: Mention) -> bool:
    return any(
        fold(lead) in (fold(agency.name), fold(agency.printed)) or (agency.code != "" and agency.code in _codes(lead)) for lead in task.lead
    )


def _shares(task: Assignment, agency: Mention) -> bool:
    """Whether a task is given to a group that the agency belongs to: Sở Y tế is one of «các sở, ban, ngành»."""
    kinds = _kinds_of_groups(agency.name) if agency.is_group else {agency.kind} if agency.code else set()
    return any(kinds & _kinds_of_groups(lead) for lead in task.lead)


@lru_cache(maxsize=1024)
def _kinds_of_groups(phrase: str) -> frozenset[str]:
    """The kinds of agency that a group phrase means; empty for one agency, and for «các cơ quan liên quan»."""
    if "lien quan" in fold(phrase) or not any(one.is_group for one in find_agencies(phrase)):
        return frozenset()
    group = default_registry().group_of(phrase)
    return frozenset(group.kinds) if group else frozenset()


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


def _about(subject: Content, held: list[Held[Assignment]], agencies: list[Mention]) -> list[Held[Assignment]]:
    """Of the agency's own tasks and of those of many, the ones that share words with the question come first."""
    telling = subject.words - WEAK
    return sorted(held, key=lambda one: (not _is_own(one, agencies), -len(telling & set(fold(one.fact.task).split()))))


def _is_own(held: Held[Assignment], agencies: list[Mention]) -> bool:
    return len(held.fact.lead) == 1 and any(_leads(held.fact, agency) for agency in agencies)


def _rooms(shown: list[Held[Assignment]], agencies: list[Mention]) -> list[int]:
    """Characters for each task: the agency's own whole where there is room, those of many short."""
    own = sum(_is_own(one, agencies) for one in shown)
    spare = _LIST_ROOM - _DUE_LENGTH * (len(shown) - own)
    return [max(_DUE_LENGTH, min(400, spare // own)) if _is_own(one, agencies) else _DUE_LENGTH for one in shown]


def _year_order(library: Library, held: Held[Assignment]) -> int:
    dated = library.document(held.document).dated.replace("-", "")
    return -int((dated + "00000000")[:8] or 0)


def _short(task: str, length: int) -> str:
    return task if len(task) <= length else task[: length - 1].rsplit(" ", 1)[0] + "…"
