"""Agencies in a text: departments, offices, committees and groups, by full name, short name or name in a list.

«Sở Khoa học và Công nghệ», «sở KH&CN», «so khcn» and «SKHCN» are one agency; «các Sở: Nội vụ, Tài chính» names two.
Texts are NFC; spans are offsets into the text given.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from knowledge.agencies_registry import AgencyEntry, GroupEntry, Registry, Tokens, build_registry, default_registry, tokens_of
from knowledge.group_phrases import find_group_phrases
from knowledge.text import fold
from knowledge.unlisted import PLACE, PLACE_TAIL, find_unlisted

__all__ = [
    "GROUP",
    "UNLISTED",
    "AgencyEntry",
    "GroupEntry",
    "Mention",
    "Registry",
    "agency_names",
    "build_registry",
    "code_for",
    "default_registry",
    "find_agencies",
    "group_members",
]

GROUP, UNLISTED = "group", "unlisted"
_LINKS = {",", "&", ";", "(", "cac", "qua"}  # do not end a list of names
_OWNED = re.compile(r"\s+(?:trực\s+)?thuộc\s+", re.IGNORECASE)
_IN_LIST = _LINKS - {"qua"}  # behind these a name may stand without its «Sở»


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
    tokens = tokens_of(plain)
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
    text: str, tokens: Tokens, at: int, registry: Registry, found: list[Mention], *, folded: bool, bare: bool = True, since: int = -1
) -> int:
    """Append the agency named at token `at`, printed from `since` on («Các Sở» Nội vụ); returns the next token."""
    match = registry.longest_at(text, tokens, at, bare=bare, folded=folded)
    assert match is not None
    alias, length = match
    start, end = tokens.starts[at], tokens.ends[at + length - 1]
    place = PLACE.match(text, end)
    if place and not registry.longest_at(text, tokens_of(fold(text[place.start(1) :])), 0, bare=False, folded=folded):
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
