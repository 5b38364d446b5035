"""What a page carries beside its text: page numbers and running headers, taken out before paragraphs are joined."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from knowledge.layout.markers import read_marker
from knowledge.reading import Line

_BARE_NUMBER = re.compile(r"^[-–—|]?\s*(?P<number>[1-9]\d{0,2})\s*[-–—|]?$")
_NAMED_NUMBER = re.compile(r"^[-–—|]?\s*(?:trang|page)\s*(?:số\s*)?\d{1,3}(?:\s*(?:/|of|trên)\s*\d{1,3})?\s*[-–—|]?$", re.IGNORECASE)
_OF_ALL = re.compile(r"^\d{1,3}\s*/\s*(?P<all>\d{1,3})$")
_REPEATED = 3  # pages: a line that opens or closes so many is a running header
_EDGE = 2  # lines at a page's head and at its foot


def drop_furniture(lines: tuple[Line, ...]) -> list[Line]:
    """Lines without page numbers and running headers; the line after one that parted two pages starts a page."""
    numbers = _page_numbers(lines)
    if _is_printed_anew(lines, numbers):
        lines = tuple(replace(line, page_start=False) for line in lines)
    out = numbers | _running_headers(lines)
    kept: list[Line] = []
    starts = False
    for at, line in enumerate(lines):
        if at in out:
            starts = starts or line.page_start or _is_number(line.text)
            continue
        kept.append(replace(line, page_start=True) if starts and not line.page_start else line)
        starts = False
    return kept


def _is_number(text: str) -> bool:
    return len(text) < 20 and any(pattern.match(text) for pattern in (_BARE_NUMBER, _NAMED_NUMBER, _OF_ALL))


def _page_numbers(lines: tuple[Line, ...]) -> set[int]:
    """Positions of lines that hold a page's number alone.

    A bare number counts only where it grows from page to page and no faster than the text does, so that the cells of a
    table that an export put on lines of their own («450», «1.000») stay.
    """
    found: set[int] = set()
    last = 0
    totals = [match["all"] for line in lines if len(line.text) < 10 and (match := _OF_ALL.match(line.text))]
    for at, line in enumerate(lines):
        text = line.text
        if line.whole or line.note is not None or len(text) > 20:
            continue
        bare = _BARE_NUMBER.match(text)
        if bare:
            number = int(bare["number"])
            if last < number <= (line.page or 0) + 5 + at // 5:
                found.add(at)
                last = number
        elif _NAMED_NUMBER.match(text) or ((match := _OF_ALL.match(text)) and totals.count(match["all"]) >= _REPEATED):
            found.add(at)
    return found


def _is_printed_anew(lines: tuple[Line, ...], numbers: set[int]) -> bool:
    """Whether the pages' numbers stand in mid-page: then a text export was printed, and the pages of the paper it was printed
    on are not those at whose foot the notes stand."""
    starts = {at for at, line in enumerate(lines) if line.page_start and line.page is not None}
    inner = [at for at in numbers if not starts & set(range(at - _EDGE, at + _EDGE + 1)) and at < len(lines) - _EDGE]
    return bool(starts) and len(inner) > len(numbers) * 0.5


def _running_headers(lines: tuple[Line, ...]) -> set[int]:
    """Positions of lines that stand, but for their figures, at the head (or at the foot) of three pages or more, of every
    second page at least: a part of a document may have a title of its own."""
    starts = [at for at, line in enumerate(lines) if line.page_start or (at and line.page != lines[at - 1].page)]
    if len(starts) < _REPEATED - 1:
        return set()
    edges = [0, *(at for at in starts if at), len(lines)]
    places: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)  # (page, position)
    for page, (begin, end) in enumerate(pairwise(edges)):
        head = range(begin, min(begin + _EDGE, end))
        foot = range(max(begin + _EDGE, end - _EDGE), end)
        for at in (*head, *foot):
            if _may_run(lines[at]):
                places[at in head, re.sub(r"\d+", "#", lines[at].text)].append((page, at))
    found: set[int] = set()
    for stands in places.values():
        if len(stands) >= _REPEATED and stands[-1][0] - stands[0][0] <= 2 * (len(stands) - 1):
            positions = [at for _, at in stands]
            # The head row of a table that goes over several pages is printed again on each: once is enough.
            found.update(positions[1:] if " | " in lines[positions[0]].text else positions)
    return found


def _may_run(line: Line) -> bool:
    """Whether a line can be a running header: no item, no note and no numbered heading («2.1. Đến hết năm 2026» and
    «2.2. Đến hết năm 2027» are not one header)."""
    text = line.text
    if len(text) <= 3 or line.note is not None or text.endswith((".", ";", ":")):
        return False
    return " | " in text or read_marker(text) is None
