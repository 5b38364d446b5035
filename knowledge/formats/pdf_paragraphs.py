"""Where the setting of a PDF shows that a paragraph begins: its first line set in, a wider gap above it, or room left on the
line before."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from knowledge.formats.pdf_notes import PageText
from knowledge.formats.printed import PrintedLine
from knowledge.layout.markers import read_marker

_NEAR = 3.0  # points: left edges nearer than this are one
_INDENT = (10.0, 85.0)  # points: from a centimetre's third to three centimetres
_WIDER = 0.14  # of the usual step from line to line; letters of another font move lines by less
_LEAST_AT_EDGE = 0.08  # of the lines: so many go on at the left edge in a document of short items
_MARKED_AT_EDGE, _MARKED_BY_CHANCE = 0.05, 2  # a broken line may begin with a dash or a number
_SPARE = 1.3  # letters differ in width
_USUAL_STEPS = 3
_FEWEST, _FEWEST_SHARE = 3, 0.04
_LIKE_A_BEGINNING = 0.85  # share of such lines that begin in a capital or with a marker; of all printed lines it is about a half


def find_beginnings(pages: list[PageText]) -> None:
    """Say of each line of text whether a paragraph begins with it, as far as indents and gaps tell in this document.

    A kind of setting counts only where its lines look like beginnings, and the others like the middle of sentences: the
    hanging lines of a list are set in too, headings alone may be set apart, and a text export prints each line as a paragraph.
    """
    columns = [[line for line in page.lines if not line.is_furniture and not line.is_row and line.note is None] for page in pages]
    lines = [line for column in columns for line in column]
    places = Counter(round(line.x0 / _NEAR) for line in lines)
    left = min((place for place, count in places.items() if count >= len(lines) * _LEAST_AT_EDGE), default=0) * _NEAR
    indented = _find_indented(lines, left)
    steps = {two: one.y - two.y for column in columns for one, two in pairwise(column) if 0 < one.y - two.y < 6 * two.size}
    spaced = _find_spaced(steps, len(lines)) | _find_broken_off(columns)
    at_edge = {
        line for line in lines if line not in spaced and (abs(line.x0 - left) <= _NEAR if indented else bool(spaced) and line in steps)
    }
    if sum(read_marker(line.plain) is not None for line in at_edge) > max(len(at_edge) * _MARKED_AT_EDGE, _MARKED_BY_CHANCE):
        at_edge = set()
    for line in lines:
        line.begins = True if line in indented or line in spaced else False if line in at_edge else None


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


def _find_broken_off(columns: list[list[PrintedLine]]) -> set[PrintedLine]:
    """The lines whose first word had room on the line before, measured by the widest line of that line's page."""
    lines = [(line, max(one.x1 for one in column)) for column in columns for line in column]
    found = set()
    for (before, right), (line, _) in pairwise(lines):
        word = len(line.plain.split(" ", 1)[0]) + 1
        needed = word * (line.x1 - line.x0) / max(len(line.plain), 1)
        if before.x1 + needed * _SPARE < right - before.size:
            found.add(line)
    return found if _are_beginnings(found, len(lines)) else set()


def _are_beginnings(found: set[PrintedLine], lines: int) -> bool:
    likely = sum(not line.plain[:1].islower() or read_marker(line.plain) is not None for line in found)
    return len(found) >= max(_FEWEST, lines * _FEWEST_SHARE) and likely >= len(found) * _LIKE_A_BEGINNING
