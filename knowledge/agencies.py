"""Agencies in a text: departments, offices, committees and groups, by full name, short name or name in a list.

«Sở Khoa học và Công nghệ», «sở KH&CN», «so khcn» and «SKHCN» are one agency; «các Sở: Nội vụ, Tài chính» names two.
Texts are NFC; spans are offsets into the text given.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from knowledge.group_phrases import find_group_phrases
from knowledge.text import fold
from knowledge.unlisted import PLACE, PLACE_TAIL, find_unlisted

GROUP, UNLISTED = "group", "unlisted"
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


@dataclass(frozen=True, slots=True)
class Mention:
    """An agency or a group named at [start, end). `name` is the canonical name, a group's words as printed, or for an
    agency that no registry knows («Trung tâm Xúc tiến đầu tư») its printed name; `code` is empty for the last.
    """

    code: str
    name: str
    kind: str
    start: int
    end: int
    printed: str

    @property
    def is_group(self) -> bool:
        return self.kind == GROUP


class _Tokens(NamedTuple):
    """A text's words and marks: how each is folded, where it starts, where it ends."""

    words: list[str]
    starts: list[int]
    ends: list[int]


_LINKS = {",", "&", ";", "(", "cac", "qua"}  # do not end a list of names
_OWNED = re.compile(r"\s+(?:trực\s+)?thuộc\s+", re.IGNORECASE)
_IN_LIST = _LINKS - {"qua"}  # behind these a name may stand without its «Sở»
_TOKEN = re.compile(r"[^\W_]+|[&,]|[^\w\s-]")
_SYLLABLE = re.compile(r"(?:[bcdghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?")


def _tokens(folded: str) -> _Tokens:
    found = list(_TOKEN.finditer(folded))
    words = ["&" if match[0] == "va" else match[0] for match in found]
    return _Tokens(words, [match.start() for match in found], [match.end() for match in found])


@dataclass(frozen=True, slots=True)
class _Alias:
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
    _by_tokens: dict[tuple[str, ...], list[_Alias]] = field(init=False, repr=False)
    _lengths: dict[str, list[int]] = field(init=False, repr=False)  # of the names that begin with a token, the longest first

    def __post_init__(self) -> None:
        self.by_code = {entry.code: entry for entry in self.agencies}
        self._by_tokens = {}
        for entry in self.agencies:
            for name, canonical, bare in _names_of(entry):
                words, starts, ends = _tokens(fold(name))
                if words:
                    printed = tuple(name[start:end] for start, end in zip(starts, ends, strict=True))
                    alias = _Alias(tuple(words), printed, entry, canonical, bare)
                    self._by_tokens.setdefault(alias.tokens, []).append(alias)
        lengths: dict[str, set[int]] = {}
        for key in self._by_tokens:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def longest_at(self, text: str, tokens: _Tokens, at: int, *, bare: bool, folded: bool) -> tuple[_Alias, int] | None:
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


def _is_acronym(printed: str, alias: _Alias) -> bool:
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


def agency_names() -> list[str]:
    """The names and short names of all agencies of the default registry."""
    return [name for entry in default_registry().agencies for name in (entry.name, *entry.short_names)]


def find_agencies(text: str, *, folded: bool = True, registry: Registry | None = None) -> list[Mention]:
    """Every agency and group named in a text, in reading order, the longest reading of each place.

    «các Sở: Nội vụ, Công Thương» and «Sở KH&CN, Nội vụ» name departments by what stands behind «Sở»; such names count
    only in a list, and capitalised where the text has marks. With `folded` false, marks left out are not forgiven.
    """
    if registry is None:
        return list(_find_by_default(text, folded=folded))
    return _find(text, registry, folded=folded)


@lru_cache(maxsize=1024)
def _find_by_default(text: str, *, folded: bool) -> tuple[Mention, ...]:
    """By the default registry; remembered, since a heading is asked for by every paragraph below it."""
    return tuple(_find(text, default_registry(), folded=folded))


def _find(text: str, registry: Registry, *, folded: bool) -> list[Mention]:
    plain = fold(text)
    marked = plain != text.lower()
    groups = {phrase.start: phrase for phrase in find_group_phrases(text)}
    tokens = _tokens(plain)
    words, starts, ends = tokens
    found: list[Mention] = []
    in_list, at = False, 0
    while at < len(words):
        bare = in_list and at > 0 and words[at - 1] in _IN_LIST and (not marked or text[starts[at]].isupper())
        match = registry.longest_at(text, tokens, at, bare=bare, folded=folded)
        phrase = groups.get(starts[at])
        if phrase and (match is None or phrase.end > ends[at + match[1] - 1]):
            at = bisect_left(starts, phrase.end, at)
            if at < len(words) and words[at] == ":":
                at += 1
            in_list = at < len(words) and (not marked or text[starts[at]].isupper())
            in_list = in_list and registry.longest_at(text, tokens, at, bare=True, folded=folded) is not None
            if in_list:
                at = _take(text, tokens, at, registry, found, folded=folded, since=phrase.start)
            else:
                found.append(_group_mention(text, phrase.start, phrase.end, registry))
            continue
        if match:
            at = _take(text, tokens, at, registry, found, folded=folded, bare=bare)
            in_list = found[-1].kind == "department" or in_list
            continue
        in_list = in_list and words[at] in _LINKS
        at += 1
    return _with_unlisted(text, _with_owners(text, found))


def _take(
    text: str, tokens: _Tokens, at: int, registry: Registry, found: list[Mention], *, folded: bool, bare: bool = True, since: int = -1
) -> int:
    """Append the agency named at token `at`, printed from `since` on («Các Sở» Nội vụ); returns the next token."""
    match = registry.longest_at(text, tokens, at, bare=bare, folded=folded)
    assert match is not None
    alias, length = match
    start, end = tokens.starts[at], tokens.ends[at + length - 1]
    place = PLACE.match(text, end)
    if place and not registry.longest_at(text, _tokens(fold(text[place.start(1) :])), 0, bare=False, folded=folded):
        end = place.end()
        tail = PLACE_TAIL.match(text, end)
        end = tail.end() if tail else end
    start = since if since >= 0 else start
    found.append(Mention(alias.entry.code, alias.name, alias.entry.kind, start, end, text[start:end]))
    return bisect_left(tokens.starts, end, at)


def _group_mention(text: str, start: int, end: int, registry: Registry) -> Mention:
    printed = text[start:end]
    group = registry.group_of(printed)
    is_plain = fold(printed).startswith(("cac ", "tung ", "moi ", "tat ca ", "toan the ", "co quan", "so"))
    name = printed[:1].lower() + printed[1:] if is_plain else printed
    return Mention(group.code if group else "", name, GROUP, start, end, printed)


def _with_owners(text: str, found: list[Mention]) -> list[Mention]:
    """«các đơn vị trực thuộc Sở Y tế» is one mention, of no group that has members of its own."""
    joined: list[Mention] = []
    for one in found:
        before = joined[-1] if joined else None
        if before and before.is_group and not one.is_group and _OWNED.fullmatch(text, before.end, one.start):
            printed = text[before.start : one.end]
            joined[-1] = Mention("", before.name + text[before.end : one.end], GROUP, before.start, one.end, printed)
        else:
            joined.append(one)
    return joined


def _with_unlisted(text: str, found: list[Mention]) -> list[Mention]:
    for start, end in find_unlisted(text):
        overlapping = [one for one in found if one.start < end and start < one.end]
        inner = overlapping[0] if len(overlapping) == 1 else None
        if inner and start < inner.start and end <= inner.end and text.startswith("Văn phòng ", start):
            found = [one for one in found if one is not inner]  # «Văn phòng Sở Y tế» is not the department
            end, overlapping = inner.end, []
        if any(one.end >= end or one.start < start for one in overlapping):
            continue
        if any(not one.is_group for one in overlapping):
            continue
        found = [one for one in found if one not in overlapping]
        found.append(Mention("", text[start:end], UNLISTED, start, end, text[start:end]))
    return sorted(found, key=lambda one: one.start)


def group_members(phrase: str, title: str = "", *, registry: Registry | None = None) -> tuple[str, ...]:
    """Codes of the agencies that a group phrase means.

    «các Sở» in a notice whose title names departments («các Sở: Nội vụ, Công Thương, Tài chính») means those; else all
    that belong to the group. «các cơ quan liên quan» means nobody in particular: empty.
    """
    registry = registry or default_registry()
    group = registry.group_of(phrase)
    if group is None or "lien quan" in fold(phrase):
        return ()
    if group.code == "N_SO":
        named = tuple(dict.fromkeys(one.code for one in find_agencies(title, registry=registry) if one.kind == "department"))
        if len(named) > 1:
            return named
    return tuple(entry.code for entry in registry.agencies if entry.kind in group.kinds)


def code_for(name: str) -> str:
    """A stable code for an agency that no list has: initials and a short checksum («TTXTDT-5c1f»)."""
    words = re.findall(r"[a-z0-9]+", fold(name))
    return "".join(word[0] for word in words).upper()[:12] + "-" + hashlib.sha256(" ".join(words).encode()).hexdigest()[:4]
