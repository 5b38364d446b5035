"""Answers from targets: one year, a series, a year without a target, the result beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge import wording
from knowledge.answer import LIST_LIMIT, TEXT_LIMIT, Answer, AnswerKind, Citation, Library, cite, compose, notices
from knowledge.asks import Ask
from knowledge.catalogue import Held
from knowledge.concepts import is_held
from knowledge.facts import Target
from knowledge.figures import value_of
from knowledge.indicators import Indicator, Match
from knowledge.question import Question
from knowledge.statements import Statement, focus

_YEARLY = re.compile(r"\b(?:moi|hang|tung) nam\b")
_JOINS = re.compile(r"\b(?:va|voi|cung|so sanh)\b")


def reply(library: Library, question: Question, matches: list[Match], result: Statement | None = None) -> Answer:
    """The answer for the best match: figures for the years asked, or a plain «không có» with the nearest horizons."""
    best = matches[0].indicator
    years = [year for year in question.years if best.at(year)]
    if question.wants(Ask.WHICH_YEAR):
        found = _year_of_value(best, question)
        if found:
            return _one_year(library, question, best, found, [], result)
    if question.years and not years:
        return _no_year(library, question, best)
    if not best.targets[0].fact.quantified and question.wants(Ask.FIGURE) and question.years:
        return _no_year(library, question, best)
    if not question.years or (question.wants(Ask.SERIES) and len(question.years) != 1):
        group = [match.indicator for match in matches[:1]] + _sisters(library, question, matches)
        return _series(library, question, group)
    return _one_year(library, question, best, best.at(years[0]), [match.indicator for match in matches[1:]], result)


def one_target(library: Library, question: Question, held: Held[Target]) -> Answer:
    """The answer about this very target, with what else is wanted of the same thing for the same year."""
    year, indicator = held.fact.horizon_year, library.indicators.of(held.fact)
    assert indicator is not None
    beside = [one for one in indicator.at(year) if one is not held] if year else []
    return _one_year(library, question, indicator, [held, *beside], [], None)


def _held_quote(library: Library, held: Held[Target]) -> Citation:
    paragraph = library.catalogue.paragraphs[(held.document, held.fact.paragraph)]
    return cite(library, paragraph, held.fact.quote)


def _one_year(
    library: Library,
    question: Question,
    indicator: Indicator,
    held: list[Held[Target]],
    others: Iterable[Indicator],
    result: Statement | None,
) -> Answer:
    newest = sorted(held, key=lambda one: library.document(one.document).dated, reverse=True)
    # A replaced document's figure is shown to those who ask for it by name, beside the one that stands.
    newest = [one for one in newest if one.document in question.documents or not library.document(one.document).superseded_by] or newest
    lines = [_claim(question, newest), *(wording.target_line(one.fact) for one in newest)]
    shown = list(newest)
    if len({one.fact.printed for one in newest}) > 1:
        lines.append(_difference(newest))
    for other in others:
        beside = [one for year in question.years for one in other.at(year)][:1]
        for one in beside:
            lines.append(wording.target_line(one.fact))
            shown.append(one)
    if len(shown) > len(newest) and not question.wants(Ask.SERIES, Ask.DIFFERENCE):
        lines.insert(1, wording.SEVERAL_READINGS.format(count=1 + len(shown) - len(newest)))
    citations = [_held_quote(library, one) for one in shown]
    sources = [wording.source_line(citation.document, citation.clause, citation.page) for citation in citations[:3]]
    said = []
    if result is not None:
        words = focus(question, result.text, library.terms, limit=220)
        where = wording.source_line(library.document(result.paragraph.document), result.paragraph.clause).removeprefix("Nguồn: ")
        said = [f"{wording.RESULTS_REPORTED} {wording.quoted(words)} ({where})."]
        citations.append(cite(library, result.paragraph, words))
    quotes = [wording.quoted(citation.quote) for citation in citations[: len(newest)]]
    text = compose(
        _in_order(
            [*lines, *said, *dict.fromkeys(sources), *quotes, *notices(library, (*question.documents, *(one.document for one in newest)))]
        ),
        limit=TEXT_LIMIT,
    )
    return Answer(AnswerKind.TARGET, True, text, tuple(citations), topic=indicator.name, years=question.years)


def _in_order(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if part]


def _claim(question: Question, held: list[Held[Target]]) -> str:
    """«Không phải 30%.» when the question supposes another figure than the document's."""
    claim = next((claim for claim in question.claims if value_of(claim) is not None), "")
    if not question.wants(Ask.CONFIRM) or not claim:
        return ""
    value = value_of(claim)
    if _YEARLY.search(question.folded) and not any(one.fact.per_year for one in held):
        return wording.WRONG_CLAIM.format(claim="mỗi năm")
    return wording.RIGHT_CLAIM if any(one.fact.value == value for one in held) else wording.WRONG_CLAIM.format(claim=claim)


def _difference(held: list[Held[Target]]) -> str:
    bases = {one.fact.base for one in held}
    if len(bases) > 1:
        return wording.DIFFERENT_BASES.format(bases=", ".join(sorted(base for base in bases if base)) or "không nêu")
    return wording.DIFFERENT_FIGURES


def _no_year(library: Library, question: Question, indicator: Indicator) -> Answer:
    asked = question.years[0] if question.years else 0
    before = [year for year in indicator.years if year < asked][-1:]
    after = [year for year in indicator.years if year > asked][:1]
    if asked in indicator.years:
        before, after = [asked], []
    near = [held for year in (*before, *after) for held in indicator.at(year)] or indicator.targets[:2]
    near.sort(key=lambda held: abs((held.fact.horizon_year or asked) - asked))
    lines = [wording.no_target(indicator.name, question.years), wording.NEAREST, *(f"- {wording.target_line(held.fact)}" for held in near)]
    citations = [_held_quote(library, held) for held in near]
    sources = dict.fromkeys(wording.source_line(citation.document, citation.clause, citation.page) for citation in citations)
    text = compose([*lines, *sources, *notices(library, (held.document for held in near))])
    return Answer(AnswerKind.NONE, False, text, tuple(citations), topic=indicator.name, years=question.years)


def no_result(library: Library, question: Question, match: Match) -> Answer:
    """A result was asked and only the target is known: said so, with the target."""
    indicator = match.indicator
    held = [one for year in question.years for one in indicator.at(year)] or indicator.targets[:1]
    years = f" năm {question.years[0]}" if question.years else ""
    lines = [wording.NO_RESULT.format(indicator=indicator.name, years=years), *(f"- {wording.target_line(one.fact)}" for one in held)]
    citations = [_held_quote(library, one) for one in held]
    sources = dict.fromkeys(wording.source_line(citation.document, citation.clause, citation.page) for citation in citations)
    return Answer(AnswerKind.NONE, False, compose([*lines, *sources]), tuple(citations), topic=indicator.name, years=question.years)


def _year_of_value(indicator: Indicator, question: Question) -> list[Held[Target]]:
    """The first horizon that reaches the figure named in the question («khi nào … 100%?»)."""
    wanted = next((value for value in map(value_of, question.claims) if value is not None), None)
    if wanted is None:
        return []
    return [held for held in indicator.targets if held.fact.value is not None and held.fact.value >= wanted][:1]


def _sisters(library: Library, question: Question, matches: list[Match]) -> list[Indicator]:
    """Further indicators that a comparison names («5G, 6G»): those that hold a telling word the first lacks."""
    first = matches[0].indicator
    telling = [concept for concept in question.content.concepts if concept.must]
    found: list[Indicator] = []
    for match in library.indicators.rank(question, limit=8):
        if match.indicator is first or match.covered < 0.35:
            continue
        for concept in telling:
            if is_held(concept, match.indicator.profile) and not is_held(concept, first.profile):
                found.append(match.indicator)
                break
    if not found and _JOINS.search(question.folded):
        found = [match.indicator for match in matches[1:]]
    return found[:2]


def _series(library: Library, question: Question, indicators: list[Indicator]) -> Answer:
    lines: list[str] = []
    citations: list[Citation] = []
    documents: list[int] = []
    for indicator in indicators:
        held = [one for one in indicator.targets if not question.years or _in_span(one.fact.horizon_year, question.years)]
        if not held:
            continue
        lines.append(f"{indicator.name}:")
        held.sort(key=lambda one: one.fact.horizon_year or 9999)
        several = len({one.document for one in held}) > 1
        for one in held:
            where = f"; {wording.document_name(library.document(one.document))}" if several else ""
            figure = wording.figure_words(one.fact) if one.fact.quantified else "không nêu con số"
            base = f" {one.fact.base}" if several and one.fact.base and one.fact.base not in figure else ""
            lines.append(f"- {one.fact.horizon_year or 'không gắn năm'}: {figure}{base} ({wording.clause_words(one.fact.clause)}{where})")
            citations.append(_held_quote(library, one))
            documents.append(one.document)
        if len({one.fact.base for one in held if one.fact.unit == "%"}) > 1 and several:
            lines.append(wording.DIFFERENT_BASES.format(bases=", ".join(sorted({one.fact.base or "địa bàn/không nêu" for one in held}))))
        years = [one.fact.horizon_year for one in held]
        if any(years.count(year) > 1 and len({one.fact.printed for one in held if one.fact.horizon_year == year}) > 1 for year in years):
            lines.append(wording.DIFFERENT_FIGURES)
        missing = [year for year in question.years if year not in years]
        if missing and len(question.years) > 1:
            lines.append(wording.no_target(indicator.name, missing))
    sources = dict.fromkeys(f"Nguồn: {wording.source_name(library.document(one))}" for one in documents)
    text = compose([*lines, *sources, *notices(library, documents)], limit=LIST_LIMIT)
    return Answer(AnswerKind.TARGET, True, text, tuple(citations), topic=indicators[0].name, years=question.years)


def _in_span(year: int | None, years: tuple[int, ...]) -> bool:
    if year is None:
        return False
    return year in years if len(years) != 2 else min(years) <= year <= max(years)
