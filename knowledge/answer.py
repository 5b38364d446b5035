"""A question answered: what it asks decides which facts speak, the facts decide the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from knowledge import wording
from knowledge.approved import Approved, ApprovedAnswers
from knowledge.catalogue import Catalogue, DocumentInfo, ParagraphText
from knowledge.citations import find_citations
from knowledge.facts import RelationKind
from knowledge.index import SearchIndex
from knowledge.indicators import Indicators
from knowledge.passages import search_text
from knowledge.reported import ReportedResults
from knowledge.statements import Statements
from knowledge.terms import Terms

TEXT_LIMIT = 900  # characters of a plain answer; LIST_LIMIT where things are compared or listed
LIST_LIMIT = 1500


class AnswerKind(StrEnum):
    TARGET = "target"
    ASSIGNMENT = "assignment"
    DEADLINE = "deadline"
    RESULT = "result"
    DOCUMENT = "document"
    PASSAGE = "passage"
    APPROVED = "approved"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands. `quote` is an unbroken run of the document's words, at most 400 characters."""

    document: DocumentInfo
    clause: str
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person reads, and what it rests on. `answered` is false when the exact thing asked is not in the documents.

    `topic`, `years` and `numbers` (of documents that it speaks of) are what a follow-up may mean; `rest` are the lines
    of a list that found no room, each with its citation."""

    kind: AnswerKind
    answered: bool
    text: str
    citations: tuple[Citation, ...] = ()
    topic: str = ""
    years: tuple[int, ...] = field(default=())
    numbers: tuple[str, ...] = field(default=())
    rest: tuple[tuple[str, Citation], ...] = field(default=())


@dataclass(slots=True)
class Library:
    """What answering works with: the catalogue and everything derived from it. Read-only once made, but for what it remembers:
    `has_doer` tells by an indicator's number whether anybody is named for it, once that was asked."""

    catalogue: Catalogue
    terms: Terms
    index: SearchIndex
    indicators: Indicators
    reported: ReportedResults
    statements: Statements
    approved: ApprovedAnswers
    # Looked for when they are first wanted.
    examples: tuple[str, ...] | None = None
    has_doer: dict[int, bool] = field(default_factory=dict)

    @classmethod
    def over(cls, catalogue: Catalogue, index: SearchIndex, terms: Terms | None = None, approved: Iterable[Approved] = ()) -> Library:
        terms = terms or make_terms(catalogue)
        indicators, reported = Indicators(catalogue, terms, index.encoder), ReportedResults(catalogue, terms, index.encoder)
        statements = Statements(catalogue, terms, index)
        return cls(catalogue, terms, index, indicators, reported, statements, ApprovedAnswers(approved, catalogue, terms))

    def with_approved(self, approved: Iterable[Approved]) -> Library:
        """The same library with the approved answers of now, and nothing remembered of what was answered without them."""
        return replace(self, approved=ApprovedAnswers(approved, self.catalogue, self.terms), examples=None, has_doer={})

    def document(self, document_id: int) -> DocumentInfo:
        return self.catalogue.documents[document_id]

    def newest_year(self) -> int:
        """The year of the newest document: what lies beyond it cannot have been reported yet."""
        return self.catalogue.newest_year


def make_terms(catalogue: Catalogue) -> Terms:
    """The vocabulary of a catalogue: its passages with their headings, and the short forms its documents define."""
    texts = [" ".join((passage.text, *passage.headings[-1:])) for passage in catalogue.passages.values()]
    own = " . ".join(f"{one.issuer} . {one.subject}" for one in catalogue.documents.values())
    return Terms(texts, [(one.short, one.long) for one in catalogue.abbreviations], own)


def search_texts(catalogue: Catalogue, terms: Terms) -> list[tuple[int, str]]:
    """(passage id, what is searched for it): its words and the nearest headings, short forms written out."""
    return [(one.id, " ".join(terms.spell_out(search_text(one.text, one.headings)))) for one in catalogue.passages.values()]


def compose(parts: Iterable[str], *, limit: int = TEXT_LIMIT) -> str:
    """Paragraphs in order of weight; those that no longer fit are left out, the first is cut at a word if it must."""
    text = ""
    for part in parts:
        part = part.strip()
        if not part:
            continue
        joined = f"{text}\n{part}" if text else part
        if len(joined) > limit:
            if not text:
                text = part[: limit - 1].rsplit(" ", 1)[0] + "…"
            continue
        text = joined
    return text


def cite(library: Library, paragraph: ParagraphText, quote: str) -> Citation:
    return Citation(library.document(paragraph.document), paragraph.clause, paragraph.page, quote)


def notices(library: Library, documents: Iterable[int]) -> list[str]:
    """What must be said of the documents an answer rests on: replaced, or being revised by a newer one."""
    said: list[str] = []
    for document_id in dict.fromkeys(documents):
        document = library.document(document_id)
        if document.superseded_by:
            said.append(wording.superseded_notice(document))
        review = review_of(library, document)
        if review is not None:
            said.append(wording.review_notice(document, *review))
    return said


def review_of(library: Library, document: DocumentInfo) -> tuple[DocumentInfo, str] | None:
    """The newer document, and its clause, that says this plan is to be revised; None when there is none."""
    if not document.kind.lower().startswith("kế hoạch"):
        return None
    for held in library.catalogue.relations:
        if held.fact.kind is not RelationKind.UNDER_REVIEW or held.document == document.id:
            continue
        newer = library.document(held.document)
        about = held.fact.older
        if about and about in (document.number, *_numbers_in(document.subject)) and newer.dated > document.dated:
            return newer, held.fact.clause
    return None


def _numbers_in(text: str) -> list[str]:
    return [one.number for one in find_citations(text)]
