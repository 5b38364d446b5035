"""What somebody may obviously want after an answer: another year, the whole clause, who does it, the way there."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge import wording
from knowledge.answer import Answer, AnswerKind, Citation, Library
from knowledge.answering import answer, answer_year
from knowledge.clause_text import holds_more
from knowledge.facts import Result, Target
from knowledge.indicators import Indicator
from knowledge.question import understand
from knowledge.reached import is_surely_of
from knowledge.roadmap import has_roadmap
from knowledge.talk import Cited, Talk

_YEARS = 4
_CLAUSES = 2  # an answer from more of them has no clause of its own
# Where no indicator is known either: a document's number and date, words that a person approved, what is merely nearest.
_WITHOUT_STEPS = (AnswerKind.DOCUMENT, AnswerKind.APPROVED, AnswerKind.NONE)


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The steps that lead somewhere: `years` are further horizons of the indicator, oldest first."""

    years: tuple[int, ...] = ()
    has_clause: bool = False
    has_doer: bool = False
    has_roadmap: bool = False


def find_next_steps(library: Library, found: Answer, talk: Talk) -> NextSteps:
    """The steps after an answer, `talk` being what is remembered of it. None that would end in «không tìm thấy»."""
    indicator = indicator_of(library, talk) if found.citations else None
    if indicator is None and (not found.citations or found.kind in _WITHOUT_STEPS):
        return NextSteps()
    if indicator is None:
        has_doer = found.kind is not AnswerKind.ASSIGNMENT and answer_doer(library, talk) is not None
        return NextSteps(has_clause=_has_clause(library, found), has_doer=has_doer)
    return NextSteps(
        _other_years(found, indicator), _has_clause(library, found), _has_doer(library, indicator, talk), has_roadmap(library, indicator)
    )


def indicator_of(library: Library, talk: Talk) -> Indicator | None:
    """The indicator that an answer was about, found again by the words it cited; None where that is not certain."""
    cited: dict[int, Indicator] = {}
    for held in library.catalogue.targets:
        if any(_holds(one, held.document, held.fact) for one in talk.cited):
            indicator = library.indicators.of(held.fact)
            if indicator is not None:
                cited[indicator.number] = indicator
    if not cited:
        return _of_result(library, talk)
    # One sentence may set two targets: which of them was meant, the name tells.
    named = [one for one in cited.values() if one.name == talk.topic]
    return named[0] if named else next(iter(cited.values())) if len(cited) == 1 else None


def _of_result(library: Library, talk: Talk) -> Indicator | None:
    """The indicator that the question named best, when the words cited report a result that is certainly its."""
    ranked = library.indicators.rank(understand(talk.asked, library.catalogue, library.terms), limit=1)
    if not ranked:
        return None
    indicator = ranked[0].indicator
    reported = (held for held in library.catalogue.results if any(_holds(one, held.document, held.fact) for one in talk.cited))
    return indicator if any(is_surely_of(library, held.fact, indicator) for held in reported) else None


def _holds(cited: Cited, document: int, fact: Target | Result) -> bool:
    return cited.document == document and cited.clause == fact.clause and fact.quote in cited.quote


def answer_other_year(library: Library, talk: Talk, year: int) -> tuple[Answer, Talk] | None:
    """The answer for one year of the indicator that an answer was about; None where it was about none."""
    indicator = indicator_of(library, talk)
    return None if indicator is None else answer_year(library, indicator, year)


def answer_doer(library: Library, talk: Talk) -> tuple[Answer, Talk] | None:
    """Who carries out what an answer was about; None where the documents name nobody."""
    found, talk_after = answer(library, question_of_doer(library, talk))
    if found.kind is AnswerKind.APPROVED:  # for just this question
        return found, talk_after
    if not found.answered or found.kind is not AnswerKind.ASSIGNMENT or wording.DOERS.split("{")[0] not in found.text:
        return None
    if indicator_of(library, talk) is None and not {one.clause for one in found.citations} & {one.clause for one in talk.cited}:
        return None  # of a sentence only its own clause tells for certain whose work it is
    return found, talk_after


def question_of_year(library: Library, talk: Talk, year: int) -> str | None:
    """The step in words, as it is kept and shown: «Chỉ tiêu «…» năm 2035?»; None where the answer was about no indicator."""
    indicator = indicator_of(library, talk)
    return None if indicator is None else wording.ASK_YEAR.format(indicator=indicator.name, year=year)


def question_of_doer(library: Library, talk: Talk) -> str:
    indicator = indicator_of(library, talk)
    return wording.ASK_DOER.format(subject=indicator.name if indicator else talk.subject)


def cited_clause(library: Library, talk: Talk) -> Citation | None:
    """The citation whose clause is meant by «nguyên văn»; None when its document is gone."""
    return talk.cited[0].citation(library) if talk.cited else None


def _has_doer(library: Library, indicator: Indicator, talk: Talk) -> bool:
    known = library.has_doer.get(indicator.number)
    if known is None:
        known = library.has_doer[indicator.number] = answer_doer(library, talk) is not None
    return known


def _has_clause(library: Library, found: Answer) -> bool:
    clauses = {(one.document.id, one.clause) for one in found.citations}
    if found.rest or len(clauses) > _CLAUSES:
        return False
    return holds_more(library, found.citations[0])


def _other_years(found: Answer, indicator: Indicator) -> tuple[int, ...]:
    """Horizons that the answer does not show, the nearest to what was asked."""
    # Words alone do not tell the year: «Có ≥ 12 tổ chức …» may stand under every one of them.
    cited = {(one.document.id, one.clause, one.quote) for one in found.citations}
    shown = {held.fact.horizon_year for held in indicator.targets if (held.document, held.fact.clause, held.fact.quote) in cited}
    # The row of a table says several years, the answer of it only what was asked.
    own_words = " ".join(part for part in found.text.split("\n") if not part.startswith(wording.NOT_OWN_WORDS))
    shown = {year for year in shown if str(year) in own_words} or shown
    asked = found.years[0] if found.years else max((year for year in shown if year), default=0)
    left = [year for year in indicator.years if year not in shown]
    return tuple(sorted(sorted(left, key=lambda year: abs(year - asked))[:_YEARS]))
