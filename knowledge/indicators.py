"""Indicators: the targets (and their years) that measure the same thing, and which of them a question is about."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from knowledge.catalogue import Catalogue, Held
from knowledge.concepts import Concept, coverage, is_held, touch
from knowledge.encoder import Encoder
from knowledge.facts import Target
from knowledge.question import Question
from knowledge.terms import Profile, Terms
from knowledge.text import fold

# Two targets measure one thing when they share at least this much of their words, by rarity; chosen so that «cấp xã» and
# «cấp tỉnh», «nghiệm thu» and «triển khai» stay apart while «băng rộng» and «băng thông rộng» meet.
_SAME = 0.62
# Two figures of one document for one year are one indicator (and differ) only when they are named the same.
_IDENTICAL = 0.9
# Weight of the vectors' likeness beside the words' score. Chosen on 69 questions in other words than the documents': the
# words alone put the right indicator first for 93, 100 and 78% of three sets, both together for 93, 100 and 89%.
_MEANING = 0.5
_BEYOND = 12  # further candidates by words, for the meaning to choose from
_EMPTY = frozenset("co dat duoc ty le so cua tren cac va voi tinh dia ban toan cho trong o tai quy mo tong den".split())


@dataclass(slots=True)
class Indicator:
    """One measured thing: its targets by year, oldest horizon first, and its words."""

    number: int
    targets: list[Held[Target]]
    profile: Profile
    context: Profile
    key_words: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @property
    def years(self) -> list[int]:
        return sorted({held.fact.horizon_year for held in self.targets if held.fact.horizon_year})

    @property
    def name(self) -> str:
        """The shortest of its names that is a phrase."""
        return min((held.fact.indicator for held in self.targets), key=lambda name: (len(name.split()) < 3, len(name)))

    def at(self, year: int) -> list[Held[Target]]:
        return [held for held in self.targets if held.fact.horizon_year == year]


@dataclass(frozen=True, slots=True)
class Match:
    """An indicator with how well it fits a question: `score` 0–1 by words, `covered` the share of the question it
    holds, `likeness` −1 to 1 by meaning; `fit` weighs words and meaning."""

    indicator: Indicator
    score: float
    covered: float
    missing: tuple[Concept, ...]
    likeness: float

    @property
    def fit(self) -> float:
        return self.score + _MEANING * self.likeness


class Indicators:
    """All indicators of a catalogue with an index by syllable."""

    def __init__(self, catalogue: Catalogue, terms: Terms, encoder: Encoder) -> None:
        self._terms, self._encoder = terms, encoder
        self.all = _group(catalogue.targets, terms)
        self._vectors = encoder.encode([_described(one, terms) for one in self.all])
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for indicator in self.all:
            for word in indicator.profile.folded:
                self._by_word[word].add(indicator.number)
        self._of_target = {id(held.fact): indicator for indicator in self.all for held in indicator.targets}

    def of(self, target: Target) -> Indicator | None:
        return self._of_target.get(id(target))

    def rank(self, question: Question, *, limit: int = 6) -> list[Match]:
        """The indicators that fit best, best first."""
        touched = touch(question.content, self._by_word)
        if not touched:
            return []
        best = sorted(touched, key=lambda at: -touched[at])[: limit + _BEYOND]
        likeness = self._vectors[best] @ self._encoder.encode([question.search_text])[0]
        matches = [self._match(question, self.all[at], float(alike)) for at, alike in zip(best, likeness, strict=True)]
        matches.sort(key=lambda match: -match.fit)
        return matches[:limit]

    def _match(self, question: Question, indicator: Indicator, likeness: float) -> Match:
        content = question.content
        covered = sum(concept.weight * coverage(concept, indicator.profile) for concept in content.concepts) / (content.weight or 1.0)
        together = sum(pair in indicator.profile.pairs for pair in content.pairs) / len(content.pairs) if content.pairs else covered
        own = sum(self._terms.rarity(word) for word in indicator.key_words) or 1.0
        asked = content.words
        back = sum(self._terms.rarity(word) for word in indicator.key_words if word in asked) / own
        missing = tuple(
            one for one in content.concepts if one.must and not is_held(one, indicator.profile) and not is_held(one, indicator.context)
        )
        years = {held.fact.horizon_year for held in indicator.targets}
        value = 0.62 * covered + 0.13 * together + 0.25 * back
        value += 0.03 if question.years and all(year in years for year in question.years) else 0.0
        value += 0.05 if question.documents and any(held.document in question.documents for held in indicator.targets) else 0.0
        value += 0.02 if any(held.fact.quantified for held in indicator.targets) else -0.05
        return Match(indicator, value, covered, missing, likeness)


def _described(indicator: Indicator, terms: Terms) -> str:
    return " ".join(terms.spell_out(f"{indicator.name} {indicator.targets[0].fact.base}"))


def _group(targets: list[Held[Target]], terms: Terms) -> list[Indicator]:
    """Targets of one thing together: a target joins the group whose words it shares most, if it shares enough."""
    groups: list[Indicator] = []
    by_word: dict[str, set[int]] = defaultdict(set)
    for held in targets:
        profile = terms.profile(f"{held.fact.indicator} {held.fact.base} {held.fact.unit}")
        words = frozenset(word for word in profile.folded if word not in _EMPTY) or profile.folded
        near: dict[int, float] = defaultdict(float)
        for word in words:
            for number in by_word.get(word, ()):
                near[number] += terms.rarity(word)
        best, likeness = None, 0.0
        for number, _ in sorted(near.items(), key=lambda item: -item[1])[:8]:
            one = groups[number]
            if not _comparable(one, held):
                continue
            alike = _alike(words, one.key_words, terms)
            if alike < _IDENTICAL and any(_rivals(other, held) for other in one.targets):
                continue
            if alike > likeness:
                best, likeness = one, alike
        if best is not None and likeness >= _SAME:
            best.targets.append(held)
            best.profile = Profile(
                best.profile.words | profile.words, best.profile.folded | profile.folded, best.profile.pairs | profile.pairs
            )
            for word in words:
                by_word[word].add(best.number)
            continue
        group = Indicator(len(groups), [held], profile, terms.profile(f"{held.fact.group} {held.fact.quote}"), words, profile.pairs)
        groups.append(group)
        for word in words:
            by_word[word].add(group.number)
    for group in groups:
        group.targets.sort(key=lambda held: (held.fact.horizon_year or 9999, held.document))
    return groups


def _comparable(group: Indicator, held: Held[Target]) -> bool:
    """A figure and an aim in words are two things, and so are a share and a count; codes («5G», «6G») must agree."""
    other = group.targets[0].fact
    if other.quantified != held.fact.quantified or (other.unit == "%") != (held.fact.unit == "%"):
        return False
    if held.document == group.targets[0].document and {other.base, held.fact.base} >= {"GRDP", "tổng chi ngân sách địa phương"}:
        return False
    return _codes(other.indicator) == _codes(held.fact.indicator)


def _rivals(one: Held[Target], two: Held[Target]) -> bool:
    return one.document == two.document and one.fact.horizon_year == two.fact.horizon_year


def _codes(text: str) -> set[str]:
    return set(re.findall(r"\b\d+g\b", fold(text)))


def _alike(one: frozenset[str], two: frozenset[str], terms: Terms) -> float:
    """Shared words over all words, by rarity (weighted Jaccard)."""
    shared = sum(terms.rarity(word) for word in one & two)
    whole = sum(terms.rarity(word) for word in one | two) or 1.0
    return shared / whole
