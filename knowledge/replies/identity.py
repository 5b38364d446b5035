"""Answers about a document itself: who signed or issued it, its number, its date, and whether it is in store at all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge import wording
from knowledge.answer import Answer, AnswerKind, Library, cite, compose
from knowledge.asks import Ask
from knowledge.catalogue import DocumentInfo, ParagraphText
from knowledge.citations import find_citations, is_same_number, leading_digits
from knowledge.concepts import score
from knowledge.question import Question
from knowledge.statements import QUOTE_LIMIT, quote_around
from knowledge.structure import SIGNATURE
from knowledge.text import fold

_ISSUED = re.compile(
    r"\b(?:ban hanh|ky|ra doi|phe duyet|co)\b.{0,12}\b(?:ngay|khi) (?:nao|may)\b|\bngay (?:ban hanh|ky)\b|\b(?:ky|de) ngay\b"
)
_ISSUER = re.compile(r"\b(?:do|cua|ai|nao)\b.{0,40}\bban hanh\b(?! ngay| khi)|\bban hanh boi\b|\bco quan ban hanh\b")
_SUPPOSED_DAY = re.compile(r"\b(?:ky|ban hanh|ra|de|ngay)\b")
_LITTLE = 2.5  # weight of a question that names a document and hardly anything else
_DESCRIBED = 0.5


def reply(library: Library, question: Question, near: Iterable[tuple[int, str]]) -> Answer | None:
    """What is asked of one document as such; None when nothing is."""
    if question.absent:
        return _not_in_store(library, question)
    if question.wants(Ask.SIGNER):
        found = signer(library, question, near)
        if found is not None:
            return found
    if question.documents and _ISSUER.search(question.folded) and not question.wants(Ask.WHEN, Ask.RELATION):
        return issuer(library, question)
    supposed_day = question.wants(Ask.CONFIRM) and question.period is not None and _SUPPOSED_DAY.search(question.folded)
    dated = supposed_day or (question.wants(Ask.WHEN) and (question.content.weight < _LITTLE or _ISSUED.search(question.folded)))
    if question.cited and (dated or any("/" in one for one in question.choices)):
        found = issue_dates(library, question)
        if found is not None:
            return found
    if question.wants(Ask.DOCUMENT_NUMBER):
        document = _described(library, question, near)
        return document_number(library, document) if document is not None else None
    return None


def _not_in_store(library: Library, question: Question) -> Answer:
    """A meeting or document that is named by a day on which none was: said so, with those of its kind."""
    known = sorted(library.catalogue.documents.values(), key=lambda one: one.dated, reverse=True)
    lines = [wording.ABSENT.format(named=question.absent), *(f"- {wording.source_name(one)}" for one in known[:5])]
    return Answer(AnswerKind.NONE, False, compose(lines), topic=question.topic)


def issuer(library: Library, question: Question) -> Answer:
    """Who issued the document; another agency that the question supposes is denied first."""
    document = library.document(question.documents[0])
    supposed = [one.name for one in question.agencies if not one.is_group]
    lines = []
    if not document.issuer:
        lines.append(wording.NO_ISSUER.format(name=wording.document_name(document)))
    else:
        if question.wants(Ask.CONFIRM) and supposed and not any(fold(one) in fold(document.issuer) for one in supposed):
            lines.append(wording.WRONG_CLAIM.format(claim=supposed[0]))
        lines.append(wording.ISSUED_BY.format(name=wording.document_name(document), issuer=document.issuer))
    paragraph, quote = _where_issued(library, document)
    lines.extend((wording.quoted(quote), wording.source_line(library.document(paragraph.document), paragraph.clause, paragraph.page)))
    answered = document.issuer != ""
    kind = AnswerKind.DOCUMENT if answered else AnswerKind.NONE
    return Answer(kind, answered, compose(lines), (cite(library, paragraph, quote),), topic=question.topic)


def _where_issued(library: Library, document: DocumentInfo) -> tuple[ParagraphText, str]:
    """The words that name the document together with who issued it; else its own first words."""
    words = {word for word in fold(document.issuer).split() if len(word) > 1}
    best: tuple[int, ParagraphText, str] | None = None
    for paragraph in library.catalogue.paragraphs.values():
        if not document.number or leading_digits(document.number) not in paragraph.text:
            continue
        for cited in find_citations(paragraph.text):
            if is_same_number(document.number, cited.number):
                behind = paragraph.text[cited.start : cited.end + 80]
                shared = len(words & set(fold(behind).split()))
                if best is None or shared > best[0]:
                    best = (shared, paragraph, quote_around(paragraph, behind.rsplit(" ", 1)[0], limit=QUOTE_LIMIT))
    if best is not None and best[0] >= len(words) / 2:
        return best[1], best[2]
    first = next(one for key, one in library.catalogue.paragraphs.items() if key[0] == document.id)
    return first, first.text[:QUOTE_LIMIT]


def signer(library: Library, question: Question, near: Iterable[tuple[int, str]]) -> Answer | None:
    """Who signed the document that is named, described or talked of; said plainly when its text names nobody."""
    document = _described(library, question, near)
    if document is None:
        return None
    signed = [
        one
        for one in library.catalogue.paragraphs.values()
        if one.document == document.id and one.clause == SIGNATURE and one.kind != "note"
    ]
    if not signed:
        return Answer(AnswerKind.NONE, False, wording.NO_SIGNER.format(name=wording.document_name(document)), topic=question.topic)
    denied = question.wants(Ask.CONFIRM) and not any(fold(one.text) in question.folded for one in signed)
    lines = [wording.WRONG_CLAIM.format(claim="như vậy")] if denied else []
    lines += [wording.SIGNED_BY.format(name=wording.document_name(document)), *(wording.quoted(one.text) for one in signed)]
    lines.append(wording.source_line(document, SIGNATURE, signed[0].page))
    citations = tuple(cite(library, one, one.text[:QUOTE_LIMIT]) for one in signed)
    return Answer(AnswerKind.DOCUMENT, True, compose(lines), citations, topic=question.topic)


def _described(library: Library, question: Question, near: Iterable[tuple[int, str]]) -> DocumentInfo | None:
    """The document a question names, or describes better than any other; else the one the talk is about."""
    if question.documents:
        return library.document(question.documents[0])
    fits = sorted(
        (
            (score(question.content, library.terms.profile(f"{one.kind} {one.subject} {one.issuer}")), one.dated, one)
            for one in library.catalogue.documents.values()
        ),
        key=lambda fit: fit[:2],
        reverse=True,
    )
    if fits and fits[0][0] >= _DESCRIBED:
        return fits[0][2]
    talked = next((document for document, _ in near), None)
    return library.document(talked) if talked is not None else None


def issue_dates(library: Library, question: Question) -> Answer | None:
    """The days that the documents give for a document named by its number; all of them where they differ."""
    digits_of = {leading_digits(number.split(" ")[-1]) for number in question.cited}
    found: dict[str, tuple[ParagraphText, str]] = {}
    number = ""
    for paragraph in library.catalogue.paragraphs.values():
        if not any(digits in paragraph.text for digits in digits_of):
            continue
        for cited in find_citations(paragraph.text):
            if cited.issued_on and cited.issued_on not in found and any(is_same_number(number, cited.number) for number in question.cited):
                found[cited.issued_on] = (paragraph, paragraph.text[cited.start : cited.end])
                number = f"{cited.kind} {cited.number}".strip()
    if not found:
        return _own_date(library, question)
    days = sorted(found)
    lines = [_day_denied(question, days), f"{number}: ngày {' và ngày '.join(wording.spoken_date(day) for day in days)}."]
    if len(days) > 1:
        lines.append(wording.DIFFERENT_DATES)
    citations = [cite(library, paragraph, quote) for paragraph, quote in (found[day] for day in days)]
    for citation in citations:
        lines.append(f"{wording.quoted(citation.quote)} – {wording.source_line(citation.document, citation.clause, citation.page)}")
    return Answer(AnswerKind.DOCUMENT, True, compose(lines), tuple(citations), topic=question.topic)


def _day_denied(question: Question, days: list[str]) -> str:
    """«Không phải 25/02/2025.» where a question supposes a day that no document gives."""
    if not question.wants(Ask.CONFIRM) or question.period is None or question.period.first.isoformat() in days:
        return ""
    return wording.WRONG_CLAIM.format(claim=wording.spoken_date(question.period.first.isoformat()))


def _own_date(library: Library, question: Question) -> Answer | None:
    """The date of the document that is named and in store, where no other document gives it."""
    document = next((library.document(one) for one in question.documents if library.document(one).issued_on), None)
    if document is None:
        return None
    first = next(one for key, one in library.catalogue.paragraphs.items() if key[0] == document.id)
    text = compose(
        [
            _day_denied(question, [document.issued_on]),
            wording.ISSUED_ON.format(name=wording.source_name(document), day=wording.spoken_date(document.issued_on)),
        ]
    )
    return Answer(AnswerKind.DOCUMENT, True, text, (cite(library, first, first.text[:QUOTE_LIMIT]),), topic=question.topic)


def document_number(library: Library, document: DocumentInfo) -> Answer:
    """The number of a document; said plainly when its text prints none."""
    if not document.number:
        return Answer(AnswerKind.NONE, False, f"Không có: {wording.NUMBER_UNKNOWN.format(name=wording.document_name(document))}")
    text = f"{document.kind} có số ký hiệu {document.number}." + (
        " (theo văn bản khác viện dẫn)" if document.provenance.get("number") == "inferred" else ""
    )
    first = next(one for key, one in library.catalogue.paragraphs.items() if key[0] == document.id)
    return Answer(AnswerKind.DOCUMENT, True, text, (cite(library, first, first.text[:QUOTE_LIMIT]),))
