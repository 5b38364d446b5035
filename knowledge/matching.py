"""Which indicators a question means: by its words, by meaning, and by what it counts; better none than another thing's figure."""

from __future__ import annotations

from knowledge.answer import Library
from knowledge.asks import Ask
from knowledge.concepts import Head, coverage, is_held
from knowledge.figures import value_of
from knowledge.indicators import Indicator, Match
from knowledge.question import Question
from knowledge.terms import Profile, Terms
from knowledge.vocabulary import STOPWORDS

# An indicator is meant when it holds at least this share of what is asked, by rarity of the words.
COVERED = 0.58
# Where a horizon year is named and a figure asked, words and meaning together may tell, if no other is as near.
_FITS, _AHEAD = 0.62, 0.06
# Others that fit nearly as well are shown beside it rather than guessed away.
_CLOSE = 0.05
_SHOWN = 3
_ALIKE = 0.1
_ANYTHING = {"nguoi", "viec"}  # «số người …» may be officials, members, people


def find_match(library: Library, question: Question) -> list[Match]:
    """The indicators that a question can mean, best first: at most three, the rest clearly worse."""
    telling = [concept for concept in question.content.concepts if concept.must]
    ranked = library.indicators.rank(question, limit=8)
    # «5G, 6G»: no indicator holds both, each of the two holds one.
    several = len(telling) > 1 and all(any(concept not in match.missing for match in ranked) for concept in telling)
    named = [match for match in ranked if _has_figures(question, match.indicator)]
    if named:
        return named[:1]
    ranked = [match for match in ranked if counts_the_same(question.content.head, match.indicator.profile, library.terms)]
    matches = [
        match
        for match in ranked
        if (match.covered >= (0.45 if match.missing or question.wants(Ask.WHICH_YEAR) else COVERED) or _fits(question, match, ranked))
        and (not match.missing or (several and len(match.missing) < len(telling)))
    ]
    if question.documents:
        inside = [match for match in matches if any(held.document in question.documents for held in match.indicator.targets)]
        matches = inside or matches
    if not matches:
        return []
    best = matches[0]
    if question.years and not any(best.indicator.at(year) for year in question.years):
        # A sister indicator that has the year and misses nothing that tells is meant rather than a gap.
        for other in matches[1:]:
            if (
                all(other.indicator.at(year) for year in question.years)
                and other.covered >= best.covered - _ALIKE
                and other.fit >= best.fit - _ALIKE
            ):
                best = other
                break
    room = 0.2 if question.wants(Ask.SERIES, Ask.DIFFERENCE) else 0.0
    close = [match for match in matches if match is not best and _is_as_near(match, best, room)]
    return [best, *close[: _SHOWN - 1]]


def _is_as_near(match: Match, best: Match, room: float) -> bool:
    # What scores the same holds other words of the question; either may be meant.
    fewer = _ALIKE if match.score >= best.score - 0.01 else 0.02
    return match.score >= best.score - _CLOSE - room and match.covered >= best.covered - fewer - room


def _has_figures(question: Question, indicator: Indicator) -> bool:
    """Whether the figures that a question sets against each other are targets of the indicator."""
    wanted = {value_of(choice) for choice in question.choices}
    return len(wanted) > 1 and None not in wanted and wanted <= {held.fact.value for held in indicator.targets}


def _fits(question: Question, match: Match, ranked: list[Match]) -> bool:
    """Words other than the document's will do where a horizon is named and no other indicator is as near."""
    if not match.indicator.at(question.years[0] if question.years else 0) or not question.wants(Ask.FIGURE, Ask.TARGET, Ask.SERIES):
        return False
    return match is ranked[0] and match.fit >= _FITS and (len(ranked) < 2 or match.fit - ranked[1].fit >= _AHEAD)


def counts_the_same(head: Head | None, profile: Profile, terms: Terms) -> bool:
    """Whether a text speaks of the thing that is counted: «tỷ lệ đô thị hóa» is no share of digitised data."""
    if head is None or all(word in _ANYTHING or word in STOPWORDS or not terms.knows(word) for word in head.concept.alternatives[0]):
        return True
    words = head.concept.alternatives[0]
    if head.concept.compound:
        # A word that no document has may be another name for something; one that they have means itself.
        return not terms.knows_pair(*words) or words in profile.pairs
    if words[0] in _ANYTHING and words[0] in profile.folded:
        return True
    if len(head.concept.alternatives) > 1 or len(words) > 1:
        return is_held(head.concept, profile)
    return coverage(head.concept, profile) == 1.0
