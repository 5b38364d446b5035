"""Answers that list targets: all of a year, those of one group, or how many there are for which year."""

from __future__ import annotations

import re
from itertools import groupby

from knowledge import wording
from knowledge.answer import LIST_LIMIT, Answer, AnswerKind, Citation, Library, cite, compose, notices
from knowledge.asks import Ask
from knowledge.catalogue import Held
from knowledge.concepts import is_held
from knowledge.facts import Target
from knowledge.question import Question
from knowledge.talk import says_little

_ROOM = LIST_LIMIT - 420  # characters of the lines shown; the rest is for heading, source and notice
_ALL = r"(?:cac|nhung|bao nhieu|may|tat ca|toan bo|danh sach|danh muc|liet ke|ke (?:ra|ten)|tong hop|gom|he thong)"
_LISTED = re.compile(
    rf"\b{_ALL}\b(?: \w+)? (?:chi tieu|muc tieu)\b|\b(?:chi tieu|muc tieu) (?:gi|nao)\b|"
    r"\b(?:chi tieu|muc tieu)\b.{0,20}\b(?:gom|la) (?:nhung|cac) gi\b"
)
_PLAIN = re.compile(r"\b(?:chi tieu|muc tieu)\b")
_FRAME = frozenset("tinh ke hoach nghi quyet cu the giai doan dat dia phuong viet nam nam het dinh huong gom so voi".split())


def is_wanted(question: Question) -> bool:
    """Whether a message says in so many words that it wants targets listed."""
    return _LISTED.search(question.folded) is not None


def reply(library: Library, question: Question) -> Answer | None:
    """The targets of the years and the group asked; None when the question is about something more particular."""
    named = [one for one in question.content.concepts if not (says_little(one, library) or set(one.alternatives[0]) <= _FRAME)]
    if not question.wants(Ask.TARGET) or question.wants(Ask.RESULT, Ask.CONFIRM, Ask.WHEN, Ask.WHO) or question.agencies or question.claims:
        return None
    if not is_wanted(question) and (named or not question.years or not _PLAIN.search(question.folded)):
        return None
    held = [one for one in library.catalogue.targets if _asked(library, question, one)]
    if named:
        held = [one for one in held if all(is_held(concept, library.terms.profile(_group(library, one))) for concept in named)]
    if len(held) < 2:
        return None
    held.sort(key=lambda one: (one.document, one.fact.horizon_year or 0, one.fact.paragraph))
    return _list(library, question, held) if question.years or named else _overview(library, question, held)


def _asked(library: Library, question: Question, held: Held[Target]) -> bool:
    documents = question.documents or [one.id for one in library.catalogue.documents.values() if not one.superseded_by]
    return held.document in documents and (not question.years or held.fact.horizon_year in question.years)


def _group(library: Library, held: Held[Target]) -> str:
    """The heading that a target stands under: «a) Phát triển hạ tầng»."""
    return " ".join(library.catalogue.paragraphs[(held.document, held.fact.paragraph)].headings[-1:])


def _list(library: Library, question: Question, held: list[Held[Target]]) -> Answer:
    years = " và ".join(str(year) for year in question.years)
    lines = [wording.TARGETS_OF_YEAR.format(years=years, count=len(held)) if years else wording.TARGETS_LISTED.format(count=len(held))]
    several = len({one.document for one in held}) > 1
    shown: list[tuple[str, Citation]] = []
    for one in held:
        document = f"; {wording.document_name(library.document(one.document))}" if several else ""
        year = f", năm {one.fact.horizon_year}" if len(question.years) != 1 and one.fact.horizon_year else ""
        figure = f": {wording.figure_words(one.fact)}" if one.fact.quantified else ""
        line = f"- {one.fact.indicator}{figure}{year} ({wording.clause_words(one.fact.clause)}{document})"
        shown.append((line, _cite(library, one)))
    room, fitting = _ROOM, 0
    while fitting < len(shown) and room > len(shown[fitting][0]):
        room -= len(shown[fitting][0]) + 1
        fitting += 1
    lines.extend(line for line, _ in shown[:fitting])
    if later := shown[fitting:]:
        lines.append(wording.MORE.format(count=len(later)))
    return _answer(library, question, lines, tuple(citation for _, citation in shown[:fitting]), held, rest=tuple(later))


def _overview(library: Library, question: Question, held: list[Held[Target]]) -> Answer:
    """How many targets for which year: a list of all of them helps nobody."""
    lines = [wording.TARGETS_LISTED.format(count=len(held))]
    citations = []
    for (document, year), group in groupby(held, key=lambda one: (one.document, one.fact.horizon_year)):
        of_year = list(group)
        when = f"đến hết năm {year}" if year else "không gắn năm"
        lines.append(f"- {when}: {len(of_year)} ({wording.document_name(library.document(document))})")
        citations.append(_cite(library, of_year[0]))
    lines.append(wording.ASK_A_YEAR)
    return _answer(library, question, lines, tuple(citations), held)


def _answer(
    library: Library,
    question: Question,
    lines: list[str],
    citations: tuple[Citation, ...],
    held: list[Held[Target]],
    rest: tuple[tuple[str, Citation], ...] = (),
) -> Answer:
    documents = list(dict.fromkeys(one.document for one in held))
    sources = [f"Nguồn: {wording.source_name(library.document(one))}" for one in documents[:3]]
    text = compose([*lines, *sources, *notices(library, documents)], limit=LIST_LIMIT)
    return Answer(AnswerKind.TARGET, True, text, citations, topic=question.topic, years=question.years, rest=rest)


def _cite(library: Library, held: Held[Target]) -> Citation:
    return cite(library, library.catalogue.paragraphs[(held.document, held.fact.paragraph)], held.fact.quote)
