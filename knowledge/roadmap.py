"""An indicator over its horizons: one set of figures, from which both the picture and the words beside it are made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge import wording
from knowledge.answer import Library, notices
from knowledge.catalogue import DocumentInfo, Held
from knowledge.facts import Comparator, Result, Target
from knowledge.indicators import Indicator
from knowledge.reached import results_of

# Units that say how much one is: two of them cannot stand on one scale.
_SCALES = re.compile(r"\b(?:tỷ|tỉ|triệu|nghìn|ngàn|vạn|trăm|chục)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure of a roadmap. `figure` is it in full («≥ 12 người»), `label` without what all have in common («≥ 12»),
    `detail` what only some have («mỗi năm», «dân số»); `sort_key` puts it in time: an ISO day, month or year-end."""

    when: str  # «2030», «04/12/2025»
    month: str  # the same where there is little room: «2030», «12/2025»
    sort_key: str
    figure: str
    label: str
    detail: str
    value: float
    value_max: float | None
    comparator: Comparator
    is_result: bool
    document: DocumentInfo
    clause: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Targets by horizon, reported results by date. `unit` is common to all targets; `remarks` warn of what cannot be compared,
    `notices` of the documents; `worded` are horizons for which a document names no figure."""

    name: str
    unit: str
    marks: tuple[Mark, ...]
    has_several_documents: bool
    remarks: tuple[str, ...]
    notices: tuple[str, ...]
    worded: tuple[int, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """«Kế hoạch 359-KH/TU ngày 29/4/2025, mục II.2.1.a, II.2.2.a»: each document once, with the clauses of its figures."""
        of_document: dict[int, list[Mark]] = {}
        for mark in self.marks:
            of_document.setdefault(mark.document.id, []).append(mark)
        return tuple(
            wording.source_with_clauses(marks[0].document, dict.fromkeys(one.clause for one in marks)) for marks in of_document.values()
        )


def has_roadmap(library: Library, indicator: Indicator) -> bool:
    """Whether an indicator has figures for two horizons that can stand on one scale."""
    held = _current(library, indicator)
    units = {one.fact.unit.lower() for one in held}
    return len({one.fact.horizon_year for one in held}) >= 2 and not (len(units) > 1 and any(_SCALES.search(unit) for unit in units))


def roadmap_of(library: Library, indicator: Indicator) -> Roadmap | None:
    """The roadmap of an indicator; None where it has no two horizons with figures that can be compared."""
    if not has_roadmap(library, indicator):
        return None
    held = _current(library, indicator)
    facts = [one.fact for one in held]
    unit, base = _common(one.unit for one in facts), _common(one.base for one in facts)
    is_yearly = all(one.per_year for one in facts)
    marks = [_target_mark(library, one, common_unit=unit, common_base=base, is_yearly=is_yearly) for one in held]
    results = [_result_mark(library, one, common_unit=unit) for one in results_of(library, indicator)]
    shown = sorted((*marks, *results), key=lambda mark: mark.sort_key)
    documents = dict.fromkeys(mark.document.id for mark in shown)
    with_figures = {one.horizon_year for one in facts}
    return Roadmap(
        name=indicator.name,
        unit=wording.unit_words(unit, base if base.lower() not in indicator.name.lower() else "", is_yearly=is_yearly),
        marks=tuple(shown),
        has_several_documents=len({one.document for one in held}) > 1,
        remarks=tuple(_remarks(facts)),
        notices=tuple(notices(library, documents)),
        worded=tuple(year for year in indicator.years if year not in with_figures and _is_worded(indicator, year)),
    )


def roadmap_lines(roadmap: Roadmap) -> list[str]:
    """The roadmap in words, a line each: the same figures as in the picture, then where they stand and what to heed."""
    told = [wording.ROADMAP_OF.format(indicator=roadmap.name)]
    targets = [mark for mark in roadmap.marks if not mark.is_result]
    told += [_line(roadmap, mark) for mark in targets]
    told += [wording.roadmap_worded(year) for year in roadmap.worded]
    results = [mark for mark in roadmap.marks if mark.is_result]
    if results:
        told += [wording.RESULTS_REPORTED, *(_line(roadmap, mark) for mark in results)]
    documents = {mark.document.id: wording.source_name(mark.document) for mark in (*targets, *results)}
    return [*told, *(f"Nguồn: {name}" for name in documents.values()), *roadmap.remarks, *roadmap.notices]


def _line(roadmap: Roadmap, mark: Mark) -> str:
    document = wording.short_document(mark.document) if roadmap.has_several_documents and not mark.is_result else ""
    return wording.roadmap_line(mark.when, mark.figure, mark.clause, document, is_result=mark.is_result)


def _current(library: Library, indicator: Indicator) -> list[Held[Target]]:
    """Targets with a figure and a year, of documents in force where there are any; the newest of those that say the same."""
    held = [one for one in indicator.targets if one.fact.quantified and one.fact.horizon_year and one.fact.value is not None]
    held = [one for one in held if not library.document(one.document).superseded_by] or held
    held.sort(key=lambda one: library.document(one.document).dated, reverse=True)
    once: dict[tuple[int | None, str, str, bool], Held[Target]] = {}
    for one in held:
        once.setdefault((one.fact.horizon_year, wording.figure_words(one.fact), one.fact.base, one.fact.per_year), one)
    return sorted(once.values(), key=lambda one: (one.fact.horizon_year or 0, one.fact.value or 0.0))


def _target_mark(library: Library, held: Held[Target], *, common_unit: str, common_base: str, is_yearly: bool) -> Mark:
    fact = held.fact
    assert fact.value is not None and fact.horizon_year is not None
    details = ["" if common_unit else fact.unit, "" if common_base else fact.base, "mỗi năm" if fact.per_year and not is_yearly else ""]
    return Mark(
        when=str(fact.horizon_year),
        month=str(fact.horizon_year),
        sort_key=f"{fact.horizon_year}-12-32",
        figure=wording.figure_in_full(fact, base="" if common_base and common_base.lower() in fact.indicator.lower() else fact.base),
        label=wording.figure_alone(fact),
        detail=" ".join(one for one in details if one and one != "%"),
        value=fact.value,
        value_max=fact.value_max,
        comparator=fact.comparator,
        is_result=False,
        document=library.document(held.document),
        clause=fact.clause,
        page=fact.page,
    )


def _result_mark(library: Library, held: Held[Result], *, common_unit: str) -> Mark:
    fact, document = held.fact, library.document(held.document)
    as_of = fact.as_of or document.dated
    label = wording.result_alone(fact)
    unit = fact.unit if fact.unit != "%" else ""
    return Mark(
        when=wording.spoken_date(as_of),
        month=wording.spoken_date(as_of[:7]),
        sort_key=as_of,
        figure=f"{label} {unit}".strip(),
        label=label,
        detail="" if unit == common_unit else unit,
        value=fact.value,
        value_max=None,
        comparator=Comparator.ABOUT if fact.approximate else Comparator.EQUAL,
        is_result=True,
        document=document,
        clause=fact.clause,
        page=fact.page,
    )


def _remarks(facts: list[Target]) -> Iterable[str]:
    bases = {one.base.lower() for one in facts}
    if len(bases) > 1:
        yield wording.DIFFERENT_BASES.format(bases=", ".join(sorted(one or "không nêu" for one in bases)))
    years = [one.horizon_year for one in facts]
    if len(set(years)) < len(years):
        yield wording.DIFFERENT_FIGURES
    if len({one.per_year for one in facts}) > 1:
        yield wording.YEARLY_AND_TOTAL


def _is_worded(indicator: Indicator, year: int) -> bool:
    return all(not one.fact.quantified for one in indicator.at(year))


def _common(values: Iterable[str]) -> str:
    """What all have, however they write it; empty where they differ."""
    found = {value.lower(): value for value in values}
    return found.popitem()[1] if len(found) == 1 else ""
