"""Answers that people approved, held against the documents of today: which still hold, and which a question asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.catalogue import Catalogue
from knowledge.question import Question, understand
from knowledge.sameness import Meaning, mean_same, meaning_of
from knowledge.terms import Terms

_REMEMBERED = 1024  # questions


@dataclass(frozen=True, slots=True)
class Approved:
    """A question, its answer in a person's words and the clause that it rests on; `author` is empty when nobody is to be named."""

    id: int
    question: str
    answer: str
    document: int
    clause: str
    quote: str
    author: str
    agency: str
    approved_on: dt.date


class ApprovedAnswers:
    """The approved answers whose sources hold. Their questions are read when the first one is asked."""

    def __init__(self, answers: Iterable[Approved], catalogue: Catalogue, terms: Terms) -> None:
        self.all = [one for one in answers if holds(one.document, one.clause, one.quote, catalogue)]
        self._catalogue, self._terms = catalogue, terms
        # The same few hundred questions are held against the answers each time that somebody looks through them.
        self.find_text = lru_cache(maxsize=_REMEMBERED)(self._find_text)

    @cached_property
    def _meanings(self) -> list[tuple[Meaning, Approved]]:
        # The newest first: of two that mean the same, what was approved last is said.
        newest = sorted(self.all, key=lambda one: (one.approved_on, one.id), reverse=True)
        return [(self._meaning(understand(one.question, self._catalogue, self._terms)), one) for one in newest]

    def _meaning(self, question: Question) -> Meaning:
        return meaning_of(question, self._terms, newest_year=self._catalogue.newest_year)

    def find(self, question: Question) -> Approved | None:
        """The answer that was approved for a question that means the same; None when there is none."""
        if not self.all:
            return None
        asked = self._meaning(question)
        return next((one for meaning, one in self._meanings if mean_same(meaning, asked)), None)

    def _find_text(self, text: str) -> Approved | None:
        """As `find`, for a question that stands by itself."""
        return self.find(understand(text, self._catalogue, self._terms)) if self.all else None


def holds(document_id: int, clause: str, quote: str, catalogue: Catalogue) -> bool:
    """Whether a source is there to be shown: its document is here and not replaced, and the clause still says these words."""
    document = catalogue.documents.get(document_id)
    if document is None or document.superseded_by:
        return False
    return any(quote in one.text for one in catalogue.paragraphs_at(document_id, clause))
