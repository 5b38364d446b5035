"""The numbers that Word prints in front of list paragraphs: «1.», «a)», «-», «1.1.», «II.» (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from knowledge.formats.docx_package import W
from knowledge.formats.docx_styles import Styles, read_attribute, read_number, read_toggle

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_PRINTED_BULLETS = {"-", "–", "—", "+", "*", "•", "·", "▪"}
_LAST_LEVEL = 8


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    restarts: bool
    is_legal: bool
    suffix: str


class Numbering:
    """The lists of a document with their counters; paragraphs ask in reading order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._overrides: dict[str, dict[int, _Level]] = defaultdict(dict)
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._used: set[str] = set()
        if root is not None:
            self._read(root, styles)

    def _read(self, root: etree._Element, styles: Styles) -> None:
        linked: dict[str, str] = {}
        for abstract in root.iter(W + "abstractNum"):
            name = abstract.get(W + "abstractNumId", "")
            self._levels[name] = {_read_place(level): _read_level(level) for level in abstract.iter(W + "lvl")}
            link = read_attribute(abstract, "numStyleLink")
            if link:
                linked[name] = link
        for number in root.iter(W + "num"):
            name = number.get(W + "numId", "")
            self._lists[name] = read_attribute(number, "abstractNumId") or ""
            for override in number.iter(W + "lvlOverride"):
                at = _read_place(override)
                level = override.find(W + "lvl")
                if level is not None:
                    self._overrides[name][at] = _read_level(level)
                start = read_number(override, "startOverride")
                if start is not None:
                    self._starts[name][at] = start
        for name, style in linked.items():
            target = self._lists.get(styles.get(style).list_id or "", "")
            self._levels[name] = self._levels[name] or self._levels.get(target, {})

    def number(self, list_id: str, level: int) -> str:
        """What is printed in front of the next paragraph of a list, with its blank; «» for an unknown list."""
        abstract = self._lists.get(list_id)
        if abstract is None:
            return ""
        levels = self._levels.get(abstract, {}) | self._overrides[list_id]
        here = levels.get(level)
        if here is None:
            return ""
        counts = self._counts[abstract]
        if list_id not in self._used:
            self._used.add(list_id)
            for at, start in self._starts[list_id].items():
                counts[at] = start - 1
        counts[level] = counts.get(level, here.start - 1) + 1
        for deeper in range(level + 1, _LAST_LEVEL + 1):
            if deeper in counts and (deeper not in levels or levels[deeper].restarts):
                del counts[deeper]
        printed = self._print(here, levels, counts)
        return printed + ("" if here.suffix == "nothing" or not printed else " ")

    def _print(self, here: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        if here.form == "bullet":
            # Symbol fonts put their bullets on letters and private characters.
            return here.text if here.text in _PRINTED_BULLETS else "-"
        if here.form == "none":
            return re.sub(r"%\d", "", here.text).strip()

        def fill(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            level = levels.get(at)
            if level is None:
                return ""
            return format_number(counts.get(at, level.start), "decimal" if here.is_legal else level.form)

        return re.sub(r"%([1-9])", fill, here.text)


def _read_place(level: etree._Element) -> int:
    place = level.get(W + "ilvl", "0")
    return int(place) if place in set("012345678") else 0


def _read_level(level: etree._Element) -> _Level:
    start = read_number(level, "start")
    return _Level(
        start=1 if start is None else start,
        form=read_attribute(level, "numFmt") or "decimal",
        text=read_attribute(level, "lvlText") or "",
        restarts=read_attribute(level, "lvlRestart") != "0",
        is_legal=bool(read_toggle(level, "isLgl")),
        suffix=read_attribute(level, "suff") or "tab",
    )


def format_number(value: int, form: str) -> str:
    """A number in one of Word's forms: (4, «lowerRoman») → «iv», (28, «lowerLetter») → «bb», (5, «decimalZero») → «05»."""
    match form:
        case "lowerRoman" | "upperRoman":
            letters = ""
            rest = min(value, 9999)
            for size, sign in _ROMAN:
                letters += sign * (rest // size)
                rest %= size
            return letters.upper() if form == "upperRoman" else letters
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value < 1000 else str(value)
            return letter.upper() if form == "upperLetter" else letter
        case "decimalZero":
            return f"{value:02d}"
        case "none":
            return ""
        case "chicago":
            return "*†‡§"[(value - 1) % 4] * ((value - 1) // 4 + 1) if 0 < value < 100 else str(value)
        case _:
            return str(value)
