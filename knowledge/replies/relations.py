"""Answers about documents themselves: what replaced what, what is being revised, what number or date a document has."""

from __future__ import annotations

import re

from knowledge import wording
from knowledge.answer import Answer, AnswerKind, Citation, Library, cite, compose, review_of
from knowledge.asks import Ask
from knowledge.catalogue import DocumentInfo, Held, ParagraphText
from knowledge.citations import find_citations, is_same_number, leading_digits
from knowledge.concepts import score
from knowledge.extraction.results import split_sentences
from knowledge.facts import Relation, RelationKind
from knowledge.question import Question
from knowledge.statements import quote_around
from knowledge.text import fold

_STANDS = re.compile(r"\b(?:con (?:hieu luc|ap dung|gia tri|dung|xai)|het hieu luc|bi thay|dang ap dung|co hieu luc)\b")
_ASKS_OLDER = re.compile(r"\bthay(?: the)?(?: cho)?\b.{0,24}\bnao\b|\bnao\b.{0,24}\b(?:het hieu luc|bi thay|truoc do)\b|\btruoc do\b")
_REPLACES = re.compile(r"\b(?:(bi|duoc)(?: \w+)? )?thay(?: the)?(?: (boi|bang))?\b")
_LITTLE = 2.5  # weight of a question that names a document and hardly anything else
_MENTIONS = 3
_SAME_MATTER = 0.6  # a replacement is about what is asked when its words hold this much of it
_REVISED = re.compile(r"\b(?:sua lai|lam lai|lam moi|ra soat|dieu chinh|tich hop|hop nhat|sap nhap|nhap tinh)\b")


def reply(library: Library, question: Question) -> Answer | None:
    """Which of two documents stands, what was replaced by what, what is being revised; None when nothing of it is asked."""
    between_numbers = bool(question.choices) and all(one.isdigit() for one in question.choices)
    return _standing(library, question) if question.wants(Ask.RELATION) or (question.cited and between_numbers) else None


def mentions(library: Library, question: Question) -> Answer | None:
    """The sentences that name the documents asked about, newest document first; None when none is named, or something
    is asked of them that these sentences do not say."""
    if not question.cited or question.content.weight >= _LITTLE or question.wants(Ask.FIGURE, Ask.MONEY, Ask.WHO, Ask.CONTACT):
        return None
    digits = {leading_digits(number.split(" ")[-1]) for number in question.cited}
    found: list[tuple[int, ParagraphText, str]] = []
    for paragraph in library.catalogue.paragraphs.values():
        if not any(one in paragraph.text for one in digits):
            continue
        for sentence in split_sentences(paragraph.text):
            named = [one.number for one in find_citations(sentence)]
            held = sum(any(is_same_number(asked, one) for one in named) for asked in question.cited)
            if held:
                found.append((held, paragraph, sentence))
    if not found:
        return None
    found.sort(key=lambda one: (one[0], library.document(one[1].document).dated), reverse=True)
    lines: list[str] = []
    citations: list[Citation] = []
    said: set[str] = set()
    for _, paragraph, sentence in found:
        if fold(sentence) in said or len(citations) == _MENTIONS:
            continue
        said.add(fold(sentence))
        quote = quote_around(paragraph, sentence, limit=300)
        citations.append(cite(library, paragraph, quote))
        lines.extend((wording.quoted(quote), wording.source_line(citations[-1].document, paragraph.clause, paragraph.page)))
    return Answer(AnswerKind.DOCUMENT, True, compose(lines), tuple(citations), topic=question.topic)


def _standing(library: Library, question: Question) -> Answer | None:
    """What the documents say of a replacement or revision of the document named; None when none is named or known."""
    numbers = [*question.cited, *(library.document(one).number for one in question.documents if library.document(one).number)]
    replaced = [one for one in library.catalogue.relations if one.fact.kind is RelationKind.REPLACES]
    older = [one for one in replaced if any(is_same_number(number, one.fact.older) for number in numbers)]
    newer = [one for one in replaced if one not in older and any(is_same_number(number, _newer(library, one)) for number in numbers)]
    if not numbers:
        older = [one for one in replaced if score(question.content, library.terms.profile(one.fact.quote)) >= _SAME_MATTER]
    revised = _REVISED.search(question.folded) is not None
    if older and not revised:
        return _replacement(library, question, older)
    gone = next((library.document(one) for one in question.documents if library.document(one).superseded_by), None)
    if gone is not None and not revised and not _ASKS_OLDER.search(question.folded):
        return _superseded(library, question, gone)
    documents = [library.document(one) for one in question.documents] or [
        one for one in library.catalogue.documents.values() if fold(one.kind) in question.folded and fold(one.kind)
    ]
    if not newer and not question.documents and _ASKS_OLDER.search(question.folded):
        # «Kế hoạch hành động hiện nay thay cho kế hoạch nào?»: the one document of that kind that says so of itself.
        own = [one for one in replaced if not one.fact.newer and library.document(one.document) in documents]
        newer = own if len(own) == 1 else []
    if newer and _ASKS_OLDER.search(question.folded):
        return _replacement(library, question, newer)
    reviewed = next((one for one in documents if review_of(library, one) is not None), None)
    if reviewed is not None and (revised or (_STANDS.search(question.folded) and question.documents)):
        return _review(library, question, reviewed.id)
    return _replacement(library, question, newer) if newer else None


def _superseded(library: Library, question: Question, document: DocumentInfo) -> Answer:
    """A document that a person said was replaced: no text of it, or of another, has the words."""
    newer = next((one for one in library.catalogue.documents.values() if one.number and one.number == document.superseded_by), document)
    paragraph = next(one for one in library.catalogue.paragraphs.values() if one.document == newer.id)
    citation = cite(library, paragraph, quote_around(paragraph, paragraph.text, limit=200))
    lines = [
        wording.superseded_answer(document),
        wording.source_line(newer, paragraph.clause, paragraph.page),
        wording.quoted(citation.quote),
    ]
    numbers = (document.superseded_by,)
    return Answer(AnswerKind.DOCUMENT, True, compose(lines), (citation,), topic=question.topic, numbers=numbers)


def _newer(library: Library, held: Held[Relation]) -> str:
    return held.fact.newer or library.document(held.document).number


def _replacement(library: Library, question: Question, held: list[Held[Relation]]) -> Answer:
    lines, citations, sources = [], [], []
    for one in held[:3]:
        document = library.document(one.document)
        newer = _newer(library, one) or wording.document_name(document)
        paragraph = library.catalogue.paragraphs[(one.document, one.fact.paragraph)]
        lines.append(f"{one.fact.older} đã được thay thế bởi {newer}; {one.fact.older} không còn hiệu lực, {newer} là văn bản thay thế.")
        citations.append(cite(library, paragraph, one.fact.quote))
        sources.append(wording.source_line(document, paragraph.clause, paragraph.page))
    lines = [_correction(library, question, held), *lines]
    lines.extend(dict.fromkeys(sources))
    lines.extend(wording.quoted(citation.quote) for citation in citations)
    text = compose([*lines, *_reviews(library, held)])
    numbers = tuple(_newer(library, one) for one in held[:1])
    return Answer(AnswerKind.DOCUMENT, True, text, tuple(citations), topic=question.topic, numbers=numbers)


def _correction(library: Library, question: Question, held: list[Held[Relation]]) -> str:
    """«Không phải.» when a question supposes that one document replaced another and the documents say otherwise."""
    if not question.wants(Ask.CONFIRM) or len(question.cited) < 2:
        return ""
    for one in held:
        newer = _newer(library, one)
        if any(is_same_number(number, newer) for number in question.cited) and any(
            is_same_number(number, one.fact.older) for number in question.cited
        ):
            return wording.WRONG_CLAIM.format(claim="như vậy") if _is_turned_round(question, one.fact.older) else wording.RIGHT_CLAIM
    return wording.WRONG_CLAIM.format(claim="như vậy")


def _is_turned_round(question: Question, older: str) -> bool:
    """Whether a question supposes that the older document replaced the newer one: «336 thay 359», «359 bị thay bởi 336»."""
    verb = _REPLACES.search(question.folded)
    named = re.search(rf"(?<!\d){leading_digits(older)}(?!\d)", question.folded)
    if verb is None or named is None:
        return False
    passive = verb.group(1) is not None or verb.group(2) is not None
    return (named.start() < verb.start()) != passive


def _reviews(library: Library, held: list[Held[Relation]]) -> list[str]:
    said = []
    for one in held:
        document = library.document(one.document)
        review = review_of(library, document) if not one.fact.newer else None
        if review is not None:
            said.append(wording.review_notice(document, *review))
    return said


def _review(library: Library, question: Question, document_id: int) -> Answer:
    document = library.document(document_id)
    held = next(one for one in library.catalogue.relations if one.fact.kind is RelationKind.UNDER_REVIEW and one.document != document_id)
    paragraph = library.catalogue.paragraphs[(held.document, held.fact.paragraph)]
    source = library.document(held.document)
    lines = [
        f"{wording.document_name(document)} đang được rà soát, chưa thấy văn bản thay thế trong kho; bản hiện có ban hành "
        f"trước khi có yêu cầu này.",
        wording.quoted(held.fact.quote),
        wording.source_line(source, paragraph.clause, paragraph.page),
    ]
    return Answer(AnswerKind.DOCUMENT, True, compose(lines, limit=1500), (cite(library, paragraph, held.fact.quote),), topic=question.topic)
