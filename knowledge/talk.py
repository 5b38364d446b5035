"""What a talk is about: remembered after each answer, and what a follow-up takes from it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from knowledge.agencies import find_agencies
from knowledge.answer import Answer, Citation, Library
from knowledge.asks import Ask
from knowledge.concepts import Concept
from knowledge.question import Question, understand, without_agencies

# (document id, clause) of what was answered from.
Places = tuple[tuple[int, str], ...]

_CITED, _REST = 3, 40  # citations and lines remembered
_OWN = 2.0  # weight of what a follow-up must name to have a subject of its own
_SHORT = 10  # words; what is longer stands alone
_IT = re.compile(r"\b(?:no|cai do|van ban (?:do|nay|kia)|quyet dinh (?:do|nay)|ke hoach (?:do|nay))\b")
_LITTLE = frozenset(
    "ket qua lam duoc dat thuc te muc con so ben phia len lui ve toi den van ban cai thu nguon trang noi vay ghi nhat hai ba dau "
    "cuoi 1 2 3".split()
)
_SCRAP = 4  # words: «nộp cho ai?» names what is asked, hardly a subject


class Cited(NamedTuple):
    """A citation of the last answer, as a row keeps it."""

    document: int
    clause: str
    page: int | None
    quote: str

    @classmethod
    def of(cls, citation: Citation) -> Cited:
        return cls(citation.document.id, citation.clause, citation.page, citation.quote)

    def citation(self, library: Library) -> Citation | None:
        """The citation again; None when its document is gone."""
        document = library.catalogue.documents.get(self.document)
        return Citation(document, self.clause, self.page, self.quote) if document else None


class Talk(BaseModel):
    """What the last turn was about: its question's words, what it answered about (an indicator's name), years and agencies,
    the numbers of documents it spoke of, what it cited, and the lines of a list that are still to be shown."""

    model_config = ConfigDict(frozen=True)

    subject: str = ""
    topic: str = ""
    asked: str = ""
    years: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    cited: tuple[Cited, ...] = ()
    rest: tuple[tuple[str, Cited], ...] = ()

    @property
    def places(self) -> Places:
        """(document id, clause) of what was answered from."""
        return tuple((one.document, one.clause.split(" ")[0]) for one in self.cited)


def carry_over(library: Library, question: Question, talk: Talk) -> Question:
    """Complete a follow-up from the talk: «còn 2035?» keeps the subject, «còn vườn ươm?» keeps year and question."""
    words = len(question.folded.split())
    short = words <= _SHORT
    # What no document knows is no subject: «lùi về 2030», «kết quả làm được thì sao?».
    own = sum(one.weight for one in question.content.concepts if not says_little(one, library))
    if words <= _SCRAP and question.wants(Ask.WHO, Ask.WHEN, Ask.SIGNER, Ask.DOCUMENT_NUMBER) and not _names_something(question):
        own = 0.0
    if (
        talk.numbers
        and not question.cited
        and question.wants(Ask.WHEN, Ask.SIGNER, Ask.RELATION)
        and (own < _OWN or _IT.search(question.folded))
    ):
        return replace(question, cited=talk.numbers)
    if question.wants(Ask.FOLLOWS) and question.agencies and without_agencies(question, library.terms) is question:
        return replace(question, asks=question.asks | {Ask.TASKS})
    only_document = bool(question.documents) and question.wants(Ask.FOLLOWS) and short
    if (own < _OWN or only_document) and (only_document or (not question.agencies and not question.documents and not question.cited)):
        whole = understand(f"{talk.subject} {question.text}", library.catalogue, library.terms)
        asks = question.asks - {Ask.FOLLOWS}
        kept = asks or understand(talk.asked, library.catalogue, library.terms).asks
        years = question.years or (talk.years if not question.wants(Ask.SERIES) else ())
        agencies = tuple(mention for name in talk.agencies for mention in find_agencies(name))
        return replace(
            whole,
            asks=kept | (question.asks & {Ask.FOLLOWS}),
            years=years,
            claims=question.claims,
            agencies=agencies if Ask.TASKS in kept else (),
        )
    if question.wants(Ask.FOLLOWS) and short:
        before = understand(talk.asked, library.catalogue, library.terms)
        asks = (question.asks - {Ask.FOLLOWS, Ask.TASKS}) or before.asks
        return replace(question, asks=asks | {Ask.FOLLOWS}, years=question.years or talk.years, period=question.period or before.period)
    return question


def says_little(concept: Concept, library: Library) -> bool:
    """Whether a word gives a message no subject of its own."""
    return not concept.must and all(word in _LITTLE or not library.terms.knows(word) for word in concept.alternatives[0])


def _names_something(question: Question) -> bool:
    return bool(
        question.years or question.cited or any(concept.must or len(concept.alternatives) > 1 for concept in question.content.concepts)
    )


def remember(question: Question, found: Answer) -> Talk:
    return Talk(
        subject=question.topic or found.topic,
        topic=found.topic,
        asked=question.text,
        years=question.years,
        agencies=tuple(one.name for one in question.agencies),
        numbers=found.numbers,
        cited=tuple(Cited.of(one) for one in found.citations[:_CITED]),
        rest=tuple((line, Cited.of(one)) for line, one in found.rest[:_REST]),
    )
