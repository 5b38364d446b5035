"""Agencies by every name they go by: full, short, abbreviated, or what stands behind «Sở» in a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from knowledge.text import fold

_DEPARTMENT = "Sở "


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One agency of a registry: its code, full name, the short names people type, its kind, names used in lists only."""

    code: str
    name: str
    kind: str
    short_names: tuple[str, ...] = ()
    bare_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """An addressee without a fixed list: «các sở, ban, ngành». Agencies of `kinds` belong to it; `words` tell it."""

    code: str
    name: str
    kinds: tuple[str, ...]
    words: tuple[str, ...]


class Tokens(NamedTuple):
    """A text's words and marks: how each is folded, where it starts, where it ends."""

    words: list[str]
    starts: list[int]
    ends: list[int]


_TOKEN = re.compile(r"[^\W_]+|[&,]|[^\w\s-]")
_SYLLABLE = re.compile(r"(?:[bcdghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?")


def tokens_of(folded: str) -> Tokens:
    """The tokens of a folded text; «và» is «&»."""
    found = list(_TOKEN.finditer(folded))
    words = ["&" if match[0] == "va" else match[0] for match in found]
    return Tokens(words, [match.start() for match in found], [match.end() for match in found])


@dataclass(frozen=True, slots=True)
class Alias:
    tokens: tuple[str, ...]
    printed: tuple[str, ...]
    entry: AgencyEntry
    name: str
    bare: bool


@dataclass(slots=True)
class Registry:
    """Agencies by every name they go by. Holds the compiled names; build it once for a list of agencies."""

    agencies: tuple[AgencyEntry, ...]
    groups: tuple[GroupEntry, ...]
    by_code: dict[str, AgencyEntry] = field(init=False)
    _by_tokens: dict[tuple[str, ...], list[Alias]] = field(init=False, repr=False)
    _lengths: dict[str, list[int]] = field(init=False, repr=False)  # of the names that begin with a token, the longest first

    def __post_init__(self) -> None:
        self.by_code = {entry.code: entry for entry in self.agencies}
        self._by_tokens = {}
        for entry in self.agencies:
            for name, canonical, bare in _names_of(entry):
                words, starts, ends = tokens_of(fold(name))
                if words:
                    printed = tuple(name[start:end] for start, end in zip(starts, ends, strict=True))
                    alias = Alias(tuple(words), printed, entry, canonical, bare)
                    self._by_tokens.setdefault(alias.tokens, []).append(alias)
        lengths: dict[str, set[int]] = {}
        for key in self._by_tokens:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def longest_at(self, text: str, tokens: Tokens, at: int, *, bare: bool, folded: bool) -> tuple[Alias, int] | None:
        """The longest name that begins at token `at`, and the number of its tokens; bare names only where `bare`."""
        words, starts, ends = tokens
        for length in self._lengths.get(words[at], ()):
            if at + length > len(words):
                continue
            for alias in self._by_tokens.get(tuple(words[at : at + length]), ()):
                if alias.bare and not bare:
                    continue
                if not all(_agree(text[starts[at + n] : ends[at + n]], alias.printed[n], folded=folded) for n in range(length)):
                    continue
                if length == 1 and not _is_acronym(text[starts[at] : ends[at]], alias):
                    continue
                return alias, length
        return None

    def group_of(self, phrase: str) -> GroupEntry | None:
        """The group that a phrase means: «từng sở, ban, ngành» → các sở, ban, ngành."""
        words = f" {re.sub(r'[^a-z]+', ' ', fold(phrase))} ".replace(" uy ban nhan dan ", " ubnd ")
        if " phong " in words or " thuoc so " in words or " cua so " in words:
            return None  # divisions and units of one agency
        return next((group for group in self.groups if any(word in words for word in _whole_words(group))), None)


@lru_cache(maxsize=64)
def _whole_words(group: GroupEntry) -> tuple[str, ...]:
    return tuple(f" {fold(word)} " for word in group.words)


def _names_of(entry: AgencyEntry) -> Iterable[tuple[str, str, bool]]:
    """(name, what a mention of it is called, whether it stands only in lists)."""
    for name in (entry.name, *entry.short_names):
        yield name, entry.name, False
        if name.startswith(_DEPARTMENT):
            bare = name.removeprefix(_DEPARTMENT)
            yield bare, entry.name, True
            if len(bare.split()) > 1:
                yield f"ngành {bare}", f"ngành {bare}", False
    for bare in entry.bare_names:
        yield bare, entry.name, True


@lru_cache(maxsize=4096)
def _agree(printed: str, name: str, *, folded: bool) -> bool:
    """Whether a printed word is the name's word: marks that were typed must be right, marks left out are forgiven."""
    plain = fold(printed)
    if printed.lower() == name.lower() or printed in {"&", ","}:
        return True
    if plain == printed.lower():
        return folded or fold(name) == name.lower()
    return _letters(printed) == _letters(name)


@lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[str, ...]:
    """Letters and marks, however the tone is placed: «uỷ» and «ủy» agree."""
    parts = unicodedata.normalize("NFD", word.lower())
    return (fold(word), *sorted(char for char in parts if unicodedata.combining(char)), *sorted("đ" * parts.count("đ")))


def _is_acronym(printed: str, alias: Alias) -> bool:
    """«STC» and «stc» are the department, «cat», «tu» and «Xây» are words."""
    if alias.bare and len(alias.printed[0]) > 4:
        return True
    if not alias.printed[0].isupper() and not any(char.isupper() for char in alias.printed[0][1:]):
        return True
    return sum(char.isupper() for char in printed) >= 2 or not _SYLLABLE.fullmatch(fold(printed))


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    # The loader in C reads the list in 10 ms instead of 150: every start of `ask` waits for it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(Path(__file__).with_name("agencies.yaml").read_text("utf-8"), Loader=loader)
    return data


@lru_cache(maxsize=1)
def default_registry() -> Registry:
    """The agencies and groups of a province with two tiers of government, from `agencies.yaml`."""
    return build_registry(
        AgencyEntry(one["code"], one["name"], one["kind"], tuple(one.get("short", ())), tuple(one.get("bare", ())))
        for one in _data()["agencies"]
    )


@lru_cache(maxsize=1)
def _default_groups() -> tuple[GroupEntry, ...]:
    return tuple(GroupEntry(one["code"], one["name"], tuple(one["kinds"]), tuple(one["words"])) for one in _data()["groups"])


def build_registry(agencies: Iterable[AgencyEntry]) -> Registry:
    """A registry of these agencies (an imported list, say) with the usual groups."""
    return Registry(tuple(agencies), _default_groups())
