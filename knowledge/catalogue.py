"""Everything that answering needs, held in memory: documents, passages and facts of the versions in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from knowledge.facts import Abbreviation, Assignment, Relation, Result, Target

Fact = TypeVar("Fact", Target, Result, Assignment, Relation)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """One document as answers name it. `issued_on` and `held_on` are ISO, possibly a month only, empty when unknown;
    `file` is the rendition that is cited; `provenance` says of each field: stated, supplied or inferred."""

    id: int
    number: str
    issued_on: str
    held_on: str
    kind: str
    issuer: str
    subject: str
    file: str
    sample: bool = False
    superseded_by: str = ""
    internal: bool = False
    provenance: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def dated(self) -> str:
        """The date by which newest comes first: issued, else held."""
        return self.issued_on or self.held_on


@dataclass(frozen=True, slots=True)
class PassageInfo:
    """A unit of search: (a piece of) one paragraph with its clause path and the headings above it."""

    id: int
    document: int
    paragraph: int
    kind: str
    clause: str
    headings: tuple[str, ...]
    marker: str
    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Held(Generic[Fact]):
    """A fact and the document that holds it."""

    document: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """A whole paragraph put together from its passages."""

    document: int
    ordinal: int
    kind: str
    clause: str
    headings: tuple[str, ...]
    marker: str
    text: str
    page: int | None


class Catalogue:
    """Documents in force with their passages and facts. Immutable once made; a new one replaces it after ingest."""

    def __init__(
        self,
        documents: Iterable[DocumentInfo],
        passages: Iterable[PassageInfo],
        targets: Iterable[Held[Target]] = (),
        results: Iterable[Held[Result]] = (),
        assignments: Iterable[Held[Assignment]] = (),
        relations: Iterable[Held[Relation]] = (),
        abbreviations: Iterable[Abbreviation] = (),
    ) -> None:
        self.documents = {one.id: one for one in documents}
        self.passages = {one.id: one for one in passages}
        self.targets = list(targets)
        self.results = list(results)
        self.assignments = list(assignments)
        self.relations = list(relations)
        self.abbreviations = list(abbreviations)
        self.paragraphs: dict[tuple[int, int], ParagraphText] = {}
        for passage in self.passages.values():
            key = (passage.document, passage.paragraph)
            known = self.paragraphs.get(key)
            text = passage.text if known is None else f"{known.text} {passage.text}"
            self.paragraphs[key] = ParagraphText(
                passage.document,
                passage.paragraph,
                passage.kind,
                passage.clause,
                passage.headings,
                passage.marker,
                text,
                passage.page if known is None else known.page,
            )
        self._by_clause: dict[tuple[int, str], list[ParagraphText]] = {}
        self.assignments_of: dict[tuple[int, int], list[Assignment]] = {}
        for held in self.assignments:
            self.assignments_of.setdefault((held.document, held.fact.paragraph), []).append(held.fact)

    @cached_property
    def newest_year(self) -> int:
        """The year of the newest document: what lies beyond it cannot have been reported yet."""
        dates = [document.dated for document in self.documents.values() if document.dated]
        return int(max(dates)[:4]) if dates else 0

    def paragraphs_at(self, document: int, clause: str) -> list[ParagraphText]:
        """The paragraphs of one clause in reading order; empty when the document has no such clause."""
        if not self._by_clause:
            # Put in its place when it is whole: another thread may be in here.
            by_clause: dict[tuple[int, str], list[ParagraphText]] = {}
            for one in self.paragraphs.values():
                by_clause.setdefault((one.document, one.clause), []).append(one)
            self._by_clause = by_clause
        return self._by_clause.get((document, clause), [])

    def clauses_of(self, document: int) -> list[str]:
        """The clauses of a document that hold words of their own, in reading order."""
        return list(dict.fromkeys(one.clause for one in self.paragraphs.values() if one.document == document))
