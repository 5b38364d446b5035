"""What a question is about: concepts with their other names, and how much of them a text holds."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from knowledge.terms import Profile

_OTHER_WORDING = 0.9  # what a text says in other words than those asked counts nine tenths
_PART_OF_OTHER = 0.25  # a part of another wording is hardly a sign
_OTHER_MARKS = 0.5
_FROM_HEADINGS = 0.6


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a question is about: ways to say it (folded syllables), the first as asked; `weight` by rarity.
    `must` when an answer that lacks it is about something else («6G», «PII», «Trà Bồng»); `named` for names, which
    must stand together; `typed` is the first wording with the marks that were typed, empty when there are none;
    `compound` is one word of two syllables."""

    alternatives: tuple[tuple[str, ...], ...]
    weight: float
    must: bool = False
    named: bool = False
    typed: tuple[str, ...] = ()
    compound: bool = False


class Head(NamedTuple):
    """What is counted or measured: the concept behind «tỷ lệ», «số», «bao nhiêu»."""

    concept: Concept


@dataclass(frozen=True)
class Content:
    """The concepts of a question in the order asked, the pairs of content syllables that stand together in it, and
    what it counts, where that is said."""

    concepts: tuple[Concept, ...]
    pairs: tuple[tuple[str, str], ...]
    head: Head | None = None

    @cached_property
    def weight(self) -> float:
        return sum(concept.weight for concept in self.concepts)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for concept in self.concepts for words in concept.alternatives for word in words)


def score(content: Content, profile: Profile, context: Profile | None = None) -> float:
    """How much of what is asked a text holds, 0–1; what only its headings hold counts six tenths."""
    if not content.concepts:
        return 0.0
    total = whole = 0.0
    for concept in content.concepts:
        own = coverage(concept, profile)
        if own < _FROM_HEADINGS and context is not None:
            own = max(own, _FROM_HEADINGS * coverage(concept, context))
        total += concept.weight * own
        whole += concept.weight
    value = total / whole
    if content.pairs:
        pairs = profile.pairs
        value = 0.85 * value + 0.15 * len([pair for pair in content.pairs if pair in pairs]) / len(content.pairs)
    return value


def touch(content: Content, by_word: Mapping[str, Iterable[int]]) -> dict[int, float]:
    """How much of what is asked each text touches, by the numbers of the texts that hold a syllable: the best wording of
    each concept by the share of its syllables, another wording only whole. A first, cheap look before `coverage`."""
    touched: dict[int, float] = defaultdict(float)
    for concept in content.concepts:
        reached: dict[int, float] = {}
        for number, words in enumerate(concept.alternatives):
            counts: dict[int, int] = defaultdict(int)
            for word in words:
                for at in by_word.get(word, ()):
                    counts[at] += 1
            for at, count in counts.items():
                share = count / len(words)
                if number:
                    share = 0.9 * share if share == 1 else 0.35 * share
                if share > reached.get(at, 0.0):
                    reached[at] = share
        for at, share in reached.items():
            touched[at] += share * concept.weight
    return touched


def coverage(concept: Concept, profile: Profile) -> float:
    """The best share of one of the concept's wordings that the text holds, 0–1."""
    # Called for every sentence weighed: plain loops, the common single word first.
    words, folded = profile.words, profile.folded
    best = 0.0
    if concept.named:
        first = concept.alternatives[0]
        return 1.0 if all(word in folded for word in first) and _is_together(first, profile) else 0.0
    if concept.typed:
        for typed, word in zip(concept.typed, concept.alternatives[0], strict=True):
            best += 1.0 if typed in words else _OTHER_MARKS if word in folded else 0.0
    else:
        for word in concept.alternatives[0]:
            if word in folded:
                best += 1.0
    best /= len(concept.alternatives[0])
    for other in concept.alternatives[1:]:
        if best >= _OTHER_WORDING:
            break
        held = 0
        for word in other:
            if word in folded:
                held += 1
        whole = held == len(other) and _is_together(other, profile)
        share = _OTHER_WORDING if whole else _PART_OF_OTHER * held / len(other)
        if share > best:
            best = share
    return best


def _is_together(words: tuple[str, ...], profile: Profile) -> bool:
    return all(pair in profile.pairs for pair in itertools.pairwise(words))


def is_held(concept: Concept, profile: Profile) -> bool:
    """Whether a text holds one wording of the concept whole; a name's words, and another wording's, side by side."""
    for number, words in enumerate(concept.alternatives):
        if all(word in profile.folded for word in words) and ((number == 0 and not concept.named) or _is_together(words, profile)):
            return True
    return False


def lacks(content: Content, *profiles: Profile) -> list[Concept]:
    """The telling concepts that none of the texts holds."""
    return [concept for concept in content.concepts if concept.must and not any(is_held(concept, profile) for profile in profiles)]
