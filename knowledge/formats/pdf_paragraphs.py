"""Where the setting of a PDF shows that a paragraph begins: its first line set in, or a wider gap above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from knowledge.formats.pdf_notes import PageText
from knowledge.formats.printed import PrintedLine
from knowledge.layout.markers import read_marker

_NEAR = 3.0  # points: left edges nearer than this are one
_INDENT = (10.0, 85.0)  # points: from a centimetre's third to three centimetres
_WIDER = 0.14  # of the usual step from line to line; letters of another font move lines by less
_USUAL_STEPS = 3
_FEWEST, _FEWEST_SHARE = 3, 0.04
_LIKE_A_BEGINNING = 0.85  # share of such lines that begin in a capital or with a marker; of all printed lines it is about a half


def find_beginnings(pages: list[PageText]) -> None:
    """Say of each line of text whether a paragraph begins with it, as far as indents and gaps tell in this document.

    A kind of setting counts only where its lines look like beginnings: the hanging lines of a list are set in too, and a
    text export prints each of its lines as a paragraph.
    """
    columns = [[line for line in page.lines if not line.is_furniture and not line.is_row and line.note is None] for page in pages]
    lines = [line for column in columns for line in column]
    left = _most_common(round(line.x0 / _NEAR) * _NEAR for line in lines)
    indented = _find_indented(lines, left)
    steps = {two: one.y - two.y for column in columns for one, two in pairwise(column) if 0 < one.y - two.y < 6 * two.size}
    spaced = _find_spaced(steps, len(lines))
    if not indented and not spaced:
        return
    for line in lines:
        at_edge = not indented or abs(line.x0 - left) <= _NEAR
        is_close = not spaced or line in steps
        line.begins = True if line in indented or line in spaced else False if at_edge and is_close else None


def _find_spaced(steps: dict[PrintedLine, float], lines: int) -> set[PrintedLine]:
    """The lines with a wider gap above them than the usual one; in a list of short items the wider one is more common."""
    for usual, _ in Counter(round(step * 2) / 2 for step in steps.values()).most_common(_USUAL_STEPS):
        spaced = {line for line, step in steps.items() if step > usual * (1 + _WIDER)}
        if _are_beginnings(spaced, lines):
            return spaced
    return set()


def _find_indented(lines: list[PrintedLine], left: float) -> set[PrintedLine]:
    """The lines whose left edge is that of paragraphs' first lines."""
    places: dict[int, set[PrintedLine]] = {}
    for line in lines:
        if _INDENT[0] <= line.x0 - left <= _INDENT[1]:
            places.setdefault(round((line.x0 - left) / _NEAR), set()).add(line)
    return {line for place in places.values() if _are_beginnings(place, len(lines)) for line in place}


def _are_beginnings(found: set[PrintedLine], lines: int) -> bool:
    likely = sum(not line.plain[:1].islower() or read_marker(line.plain) is not None for line in found)
    return len(found) >= max(_FEWEST, lines * _FEWEST_SHARE) and likely >= len(found) * _LIKE_A_BEGINNING


def _most_common(values: Iterable[float]) -> float:
    return next((value for value, _ in Counter(values).most_common(1)), 0.0)
