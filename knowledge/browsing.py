"""The targets laid out to be browsed: by horizon, then by the heading that they stand under."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.answer import Library
from knowledge.catalogue import DocumentInfo, Held
from knowledge.concepts import is_held
from knowledge.facts import Target
from knowledge.question import understand
from knowledge.talk import says_little

NO_YEAR = 0  # the horizon of targets that name none
_MARKER = re.compile(r"(?:[IVXLC]+|\d+(?:\.\d+)*|[^\W\d_])[.)]\s+")


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """The targets of one horizon under one heading of a document, in its order; `name` is the heading without its marker,
    empty where there is none."""

    horizon: int
    number: int
    document: DocumentInfo
    name: str
    targets: tuple[Held[Target], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target stands in the layout, both counted from 1."""

    group: TargetGroup
    number: int

    @property
    def held(self) -> Held[Target]:
        return self.group.targets[self.number - 1]


def lay_out(library: Library) -> dict[int, list[TargetGroup]]:
    """The groups of each horizon, years in order and `NO_YEAR` last; a newer document's first, a replaced document's not at all."""
    found: dict[int, dict[tuple[int, tuple[str, ...]], list[Held[Target]]]] = {}
    for held in sorted(library.catalogue.targets, key=lambda one: _order(library, one)):
        if library.document(held.document).superseded_by:
            continue
        headings = library.catalogue.paragraphs[(held.document, held.fact.paragraph)].headings
        found.setdefault(held.fact.horizon_year or NO_YEAR, {}).setdefault((held.document, headings), []).append(held)
    return {
        horizon: [
            TargetGroup(horizon, number, library.document(document), _name(headings), tuple(targets))
            for number, ((document, headings), targets) in enumerate(found[horizon].items(), 1)
        ]
        for horizon in sorted(found, key=lambda one: (one == NO_YEAR, one))
    }


def find_places(library: Library, words: str) -> list[Place]:
    """The targets whose name or heading holds all the words, in any spelling that the documents use for them; a year among
    the words chooses the horizon. Empty when the words say nothing that targets could hold."""
    question = understand(words, library.catalogue, library.terms)
    concepts = [one for one in question.content.concepts if not says_little(one, library) or one.must]
    if not concepts:
        return []
    return [
        place
        for place in _places(lay_out(library))
        if (not question.years or place.group.horizon in question.years)
        and all(is_held(one, library.terms.profile(_described(place))) for one in concepts)
    ]


def _places(layout: dict[int, list[TargetGroup]]) -> Iterable[Place]:
    for groups in layout.values():
        for group in groups:
            yield from (Place(group, number) for number in range(1, len(group.targets) + 1))


def _described(place: Place) -> str:
    fact = place.held.fact
    return " . ".join((fact.indicator, fact.base, place.group.name))


def _order(library: Library, held: Held[Target]) -> tuple[int, int, int]:
    dated = library.document(held.document).dated
    newest_first = -int((dated.replace("-", "") + "00000000")[:8]) if dated else 0
    return newest_first, held.document, held.fact.paragraph


def _name(headings: tuple[str, ...]) -> str:
    return headings[-1][found.end() if (found := _MARKER.match(headings[-1])) else 0 :].strip(" :") if headings else ""
