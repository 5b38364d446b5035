"""Reported results: which of the figures that documents report a question is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from knowledge.catalogue import Catalogue, Held
from knowledge.concepts import coverage, touch
from knowledge.dates import Period
from knowledge.encoder import Encoder
from knowledge.facts import Result
from knowledge.question import Question
from knowledge.terms import Profile, Terms

_MEANING = 0.3  # weight of the vectors' likeness beside the words held
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class ReportedMatch:
    """A result and how well it fits: `covered` is the share of the question that it holds, 0–1; `fit` adds meaning."""

    held: Held[Result]
    covered: float
    fit: float
    profile: Profile


class ReportedResults:
    """All results of a catalogue, with an index by syllable."""

    def __init__(self, catalogue: Catalogue, terms: Terms, encoder: Encoder) -> None:
        self._all = catalogue.results
        self._encoder = encoder
        named = [f"{one.fact.indicator} {one.fact.unit} {one.fact.scope}" for one in self._all]
        self._profiles = [terms.profile(name) for name in named]
        self._vectors = encoder.encode([" ".join(terms.spell_out(name)) for name in named])
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for at, profile in enumerate(self._profiles):
            for word in profile.folded:
                self._by_word[word].append(at)

    def rank(self, question: Question, *, limit: int = 8) -> list[ReportedMatch]:
        """The results that fit best, best first; with a period asked for, those of that period alone."""
        touched = touch(question.content, self._by_word)
        near = sorted(touched, key=lambda at: -touched[at])
        if question.period is not None:
            near = [at for at in near if is_within(self._all[at].fact, question.period)]
        if not near:
            return []
        near = near[:_CANDIDATES]
        likeness = self._vectors[near] @ self._encoder.encode([question.search_text])[0]
        whole = question.content.weight or 1.0
        matches = []
        for at, alike in zip(near, likeness, strict=True):
            covered = sum(one.weight * coverage(one, self._profiles[at]) for one in question.content.concepts) / whole
            matches.append(ReportedMatch(self._all[at], covered, covered + _MEANING * float(alike), self._profiles[at]))
        matches.sort(key=lambda match: -match.fit)
        return matches[:limit]


def is_within(result: Result, period: Period) -> bool:
    """Whether a result was true in a period; one dated by its month counts when the month lies in it."""
    return result.as_of != "" and period.first.isoformat()[: len(result.as_of)] <= result.as_of <= period.last.isoformat()
