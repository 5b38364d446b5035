"""What a talk is about: remembered after each answer, and what a follow-up takes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge.agencies import find_agencies
from knowledge.answer import Answer, Library
from knowledge.asks import Ask
from knowledge.concepts import Concept
from knowledge.question import Question, understand, without_agencies

# (document id, clause) of what was answered from.
Places = tuple[tuple[int, str], ...]

_OWN = 2.0  # weight of what a follow-up must name to have a subject of its own
_SHORT = 10  # words; what is longer stands alone
_IT = re.compile(r"\b(?:no|cai do|van ban (?:do|nay|kia)|quyet dinh (?:do|nay)|ke hoach (?:do|nay))\b")
_LITTLE = frozenset("ket qua lam duoc dat thuc te muc con so ben phia len lui ve toi den".split())
_SCRAP = 4  # words: «nộp cho ai?» names what is asked, hardly a subject


@dataclass(frozen=True, slots=True)
class Talk:
    """What the last turn was about: its question's words, years, agencies, the clauses answered from, and the numbers of
    the documents it spoke of."""

    subject: str = ""
    asked: str = ""
    years: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()
    places: Places = ()
    numbers: tuple[str, ...] = ()

    def as_row(self) -> dict[str, object]:
        return {
            "subject": self.subject,
            "asked": self.asked,
            "years": list(self.years),
            "agencies": list(self.agencies),
            "places": [list(one) for one in self.places],
            "numbers": list(self.numbers),
        }

    @classmethod
    def from_row(cls, row: dict[str, object]) -> Talk:
        def items(name: str) -> list[object]:
            value = row.get(name)
            return value if isinstance(value, list) else []

        places = tuple((int(one[0]), str(one[1])) for one in items("places") if isinstance(one, list) and len(one) == 2)
        return cls(
            str(row.get("subject", "")),
            str(row.get("asked", "")),
            tuple(int(str(one)) for one in items("years")),
            tuple(str(one) for one in items("agencies")),
            places,
            tuple(str(one) for one in items("numbers")),
        )


def carry_over(library: Library, question: Question, talk: Talk) -> Question:
    """Complete a follow-up from the talk: «còn 2035?» keeps the subject, «còn vườn ươm?» keeps year and question."""
    words = len(question.folded.split())
    short = words <= _SHORT
    # What no document knows is no subject: «lùi về 2030», «kết quả làm được thì sao?».
    own = sum(one.weight for one in question.content.concepts if not _says_little(one, library))
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


def _says_little(concept: Concept, library: Library) -> bool:
    return not concept.must and all(word in _LITTLE or not library.terms.knows(word) for word in concept.alternatives[0])


def _names_something(question: Question) -> bool:
    return bool(
        question.years or question.cited or any(concept.must or len(concept.alternatives) > 1 for concept in question.content.concepts)
    )


def remember(question: Question, found: Answer) -> Talk:
    subject = question.topic or found.topic
    places = tuple((citation.document.id, citation.clause.split(" ")[0]) for citation in found.citations[:3])
    return Talk(subject, question.text, question.years, tuple(one.name for one in question.agencies), places, found.numbers)
