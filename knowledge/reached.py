"""Which reported results certainly measure an indicator. A wrong one beside a target embarrasses whoever shows it: when in doubt, none."""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge.answer import Library
from knowledge.catalogue import Held
from knowledge.facts import Result
from knowledge.indicators import Indicator
from knowledge.terms import Terms
from knowledge.text import fold

# A result is of an indicator when the indicator's name holds all its words, and it at least this much of the indicator's,
# by rarity. Chosen on the pairs of two collections, each looked at: «người nghiên cứu khoa học trên vạn dân» still is.
_WHOLE, _SHARED = 0.98, 0.45
_TOGETHER = 0.65  # of the pairs of words that stand side by side: «công nghệ số» is not «khoa học và công nghệ»
_AHEAD = 0.1  # by so much the indicator must hold it better than any other that the result could be of
_SHOWN = 4

# Words that name a measure and not what is measured.
_MEASURE = re.compile(r"^(?:(?:da|co|so|chi tieu|ty le|ti le|tong so|so luong)\s+)+")
_JOINING = frozenset("va cua cac nhung duoc co tai o tren cho la thi de trong 01 1".split())


def results_of(library: Library, indicator: Indicator) -> list[Held[Result]]:
    """The results that are certainly of the indicator, oldest first, at most four; each figure once."""
    found: dict[tuple[str, str], Held[Result]] = {}
    for held in library.catalogue.results:
        if not library.document(held.document).superseded_by and _dated(library, held) and is_surely_of(library, held.fact, indicator):
            found.setdefault((_dated(library, held), held.fact.printed), held)
    return [found[key] for key in sorted(found)][-_SHOWN:]


def _dated(library: Library, held: Held[Result]) -> str:
    return held.fact.as_of or library.document(held.document).dated


def is_surely_of(library: Library, result: Result, indicator: Indicator) -> bool:
    """Whether a result certainly measures the indicator, and no other."""
    # A part of the province, or so many of so many, is another measure.
    if result.scope or "/" in result.printed or not _is_counted_alike(library.terms, result, indicator):
        return False
    likeness = _likeness(library.terms, result.indicator, indicator)
    if likeness == 0.0:
        return False
    others = (one for one in library.indicators.all if one is not indicator and _is_counted_alike(library.terms, result, one))
    return all(likeness >= _likeness(library.terms, result.indicator, other) + _AHEAD for other in others)


def _is_counted_alike(terms: Terms, result: Result, indicator: Indicator) -> bool:
    """Whether both count the same thing: shares of a hundred, or things called alike («bài», «bài báo»; «DN», «doanh nghiệp»)."""
    units = {tuple(map(fold, terms.spell_out(held.fact.unit))) or (held.fact.unit,) for held in indicator.targets if held.fact.quantified}
    counted = tuple(map(fold, terms.spell_out(result.unit))) or (result.unit,)
    return any(unit[: len(counted)] == counted[: len(unit)] for unit in units)


def _likeness(terms: Terms, name: str, indicator: Indicator) -> float:
    """How much of the indicator's name a result's holds, 0–1; 0 where it is not clearly the same thing."""
    words = _words(terms, name)
    if len(words) < 2:
        return 0.0
    best = 0.0
    for called in dict.fromkeys(held.fact.indicator for held in indicator.targets):
        own = _words(terms, called)
        shared = _weight(terms, set(words) & set(own))
        pairs = set(pairwise(words))
        if shared < _WHOLE * _weight(terms, set(words)) or len(pairs & set(pairwise(own))) < _TOGETHER * len(pairs):
            continue
        best = max(best, shared / (_weight(terms, set(own)) or 1.0))
    return best if best >= _SHARED else 0.0


def _words(terms: Terms, name: str) -> list[str]:
    folded = " ".join(map(fold, terms.spell_out(name)))
    return [word for word in _MEASURE.sub("", folded).split() if word not in _JOINING]


def _weight(terms: Terms, words: set[str]) -> float:
    return sum(terms.rarity(word) for word in words)
