"""Agencies and groups as people type them: by code, name or short name, with or without marks, several at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Agency, list_agencies
from handlers.duties.proposing import default_agencies
from knowledge.agencies import GROUP, Registry, default_registry
from knowledge.agencies_registry import tokens_of
from knowledge.group_phrases import find_group_phrases
from knowledge.text import fold, sentence_case

_LONGEST = 100
_ALIKE = 75  # of 100: less alike is no suggestion
_MOST_CHOICES = 6
_BETWEEN = re.compile(r"\s*(?:[;,]|\bva\b|&)\s*")


@dataclass(frozen=True, slots=True)
class Named:
    """What words name: `agency` where that is sure; else those that may be meant, the likeliest first (none: nobody like it)."""

    words: str
    agency: Agency | None
    choices: tuple[Agency, ...] = ()


class Names:
    """The agencies of an installation, then the usual ones of a province, then groups, by everything that they are called."""

    def __init__(self, stored: Sequence[Agency], registry: Registry | None = None) -> None:
        self._registry = registry or default_registry()
        own = [one for one in stored if one.kind != GROUP]
        known = {one.code for one in own}
        usual = [one for one in default_agencies() if one.code not in known]
        self._agencies = {one.code: one for one in (*usual, *own)}
        groups = {one.code: one for one in stored if one.kind == GROUP}
        for entry in self._registry.groups:
            groups.setdefault(entry.code, Agency(code=entry.code, name=sentence_case(entry.name), kind=GROUP))
        self._groups = groups
        self._layers: list[defaultdict[str, set[str]]] = []
        # A list of one's own goes before what is usual elsewhere.
        for among in (own, usual, list(groups.values())):
            codes, names, short_names, bare = (defaultdict[str, set[str]](set) for _ in range(4))
            for one in among:
                codes[_key(one.code)].add(one.code)
                names[_key(one.name)].add(one.code)
                for name in one.short_names:
                    short_names[_key(name)].add(one.code)
                bare[_key(re.sub(r"^(?:Sở|UBND|Các)\s+", "", one.name))].add(one.code)
            self._layers += [codes, names, short_names, bare]

    def find(self, words: str) -> Named:
        """The agency or group that these words alone name."""
        key = _key(words)
        found: set[str] = next((layer[key] for layer in self._layers if key and key in layer), set())
        if not found and (group := self._group(words)):
            found = {group}
        if len(found) == 1:
            return Named(words, self._get(next(iter(found))))
        return Named(words, None, self._choices(key, found))

    def find_all(self, words: str) -> list[Named]:
        """Each agency of a list: «STC, Sở Nội vụ và SYT»; a name that holds «và» or a comma is one."""
        whole = self.find(words)
        if whole.agency is not None:
            return [whole]
        text, found = words.strip(), list[Named]()
        cuts = [(match.start(), match.end()) for match in _BETWEEN.finditer(fold(text))] + [(len(text), len(text))]
        start = at = 0
        while at < len(cuts):
            # The longest run of parts that is a name: «Sở Khoa học và Công nghệ, STC».
            runs = [(end, self.find(text[start : cuts[end][0]])) for end in range(len(cuts) - 1, at - 1, -1)]
            end, named = next(((end, one) for end, one in runs if one.agency is not None), runs[-1])
            start, at = cuts[end][1], end + 1
            if named.words.strip():
                found.append(named)
        return found

    def _get(self, code: str) -> Agency:
        return self._agencies.get(code) or self._groups[code]

    def _group(self, words: str) -> str | None:
        """The group that a phrase means in other words than its name: «tất cả các xã, phường»."""
        phrases = find_group_phrases(words)
        if len(phrases) != 1 or phrases[0].printed.strip() != words.strip():
            return None
        group = self._registry.group_of(words)
        return group.code if group else None

    def _choices(self, key: str, found: set[str]) -> tuple[Agency, ...]:
        if not found and key:
            words = set(key.split())
            found = {code for code, one in self._agencies.items() if words <= set(_key(one.name).split())}
        if not found and key:
            names = {_key(one.name): code for code, one in self._agencies.items()}
            best = process.extract(key[:_LONGEST], names.keys(), scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=3)
            return tuple(self._get(names[name]) for name, *_ in best)
        return tuple(self._get(code) for code in sorted(found)[:_MOST_CHOICES])


async def load_names(session: AsyncSession) -> Names:
    return Names(await list_agencies(session))


def _key(text: str) -> str:
    """What a name is compared by: «Sở KH & CN» and «so kh&cn» are one, and «và» is «&»."""
    return " ".join(tokens_of(fold(text)).words) or fold(text)


def join_names(agencies: Iterable[Agency]) -> str:
    return ", ".join(one.name for one in agencies)
