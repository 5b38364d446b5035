"""Glyphs → printed lines in reading order: words told by their gaps, raised marks attached, columns kept apart."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.formats.note_marks import Mark, Piece, is_exponent, read_label, split_superscripts
from knowledge.formats.pdf_columns import order_columns
from knowledge.formats.pdf_glyphs import Glyph
from knowledge.formats.printed import PrintedLine, merge

# All in ems of the line's type size.
_SAME_BASELINE = 0.15
_RAISED = (0.12, 0.75)
_NEAR = 0.6  # how far a raised mark may stand from its word
_GAP_OF_WORDS = 0.16  # where the row has no blanks of its own
_GAP_BESIDE_BLANKS = 0.22  # where it has: a tab, or a blank that pdfium lost beside a raised mark
_GAP_OF_COLUMNS = 1.8
_GAP_AFTER_MARKER = 5.0
_SMALLER = 0.85
_STEP = 24.0  # points: what lies farther apart than this is not on one row
_CROWDED = 60  # rows within such steps: a drawing or an attack, where nothing is attached
_MARKER = re.compile(r"[-–—+*•▪]?|(?:\d{1,2}\.){0,3}\d{0,2}[.)]?|[a-zđ][.)]|[IVX]{1,5}[.)]")


@dataclass(slots=True)
class _Run:
    """Glyphs that follow each other in the file on one baseline and in one size."""

    glyphs: list[Glyph]
    y: float
    size: float

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs).strip()


@dataclass(slots=True)
class _Row:
    """What stands on one baseline, whatever the column: glyphs and raised marks by their left edge."""

    y: float
    size: float
    items: list[tuple[Glyph, list[Mark]]]


@dataclass(slots=True)
class _Word:
    """Pieces without a blank between them; `gap` in ems is what lies before them."""

    pieces: list[Piece]
    x0: float
    x1: float
    gap: float


def arrange(glyphs: list[Glyph]) -> list[PrintedLine]:
    """The printed lines of a page (or of a table's cell) in reading order."""
    rows = [_split(row) for row in _gather_rows(_cut_into_runs(glyphs))]
    ordered = order_columns([row for row in rows if row])
    for number, line in enumerate(ordered):
        line.order = (line.order[0], number)
    return ordered


def _cut_into_runs(glyphs: Iterable[Glyph]) -> list[_Run]:
    runs: list[_Run] = []
    for glyph in glyphs:
        run = runs[-1] if runs else None
        if (
            run is not None
            and abs(glyph.y - run.y) <= glyph.size * 0.05
            and abs(glyph.size - run.size) <= run.size * 0.05
            and -run.size * 0.5 <= glyph.x0 - run.glyphs[-1].x1 <= run.size * _GAP_OF_COLUMNS
        ):
            run.glyphs.append(glyph)
        else:
            runs.append(_Run([glyph], glyph.y, glyph.size))
    return runs


def _gather_rows(runs: list[_Run]) -> list[_Row]:
    """Runs of one baseline together, from the top down; raised and lowered small type goes to the row it belongs to."""
    rows: list[_Row] = []
    blank = [run for run in runs if not run.text]
    runs = [run for run in runs if run.text]
    usual = sorted(run.size for run in runs for _ in run.glyphs)
    small = usual[len(usual) // 2] * _SMALLER if usual else 0.0
    floating = {id(run) for run in runs if len(run.text) <= 4 and (run.size < small or read_label(run.text))}
    # Rows of full type first: what floats needs them to settle on, and a blank alone makes no row.
    heights: dict[int, list[_Row]] = defaultdict(list)
    for run in [*sorted(runs, key=lambda run: (id(run) in floating, -len(run.glyphs))), *blank]:
        near = [row for step in (-1, 0, 1) for row in heights[round(run.y / _STEP) + step]]
        row = next((row for row in near if abs(row.y - run.y) <= max(row.size, run.size) * _SAME_BASELINE), None)
        is_smaller = row is not None and run.size < row.size * _SMALLER
        if id(run) in floating and (row is None or is_smaller) and len(near) < _CROWDED and _attach(run, near):
            continue
        if row is None and run.text:
            rows.append(_Row(run.y, run.size, [(glyph, []) for glyph in run.glyphs]))
            heights[round(run.y / _STEP)].append(rows[-1])
        elif row is not None:
            row.items += [(glyph, []) for glyph in run.glyphs]
    for row in rows:
        row.items.sort(key=lambda item: item[0].x0)
    return sorted(rows, key=lambda row: -row.y)


def _attach(run: _Run, rows: list[_Row]) -> bool:
    """Hang a short run of raised (or lowered) small type on the word it stands at; False if there is none."""
    first, last = run.glyphs[0], run.glyphs[-1]
    for row in rows:
        rise = (run.y - row.y) / row.size
        if not -0.5 < rise < _RAISED[1] or run.size > row.size * 1.02:
            continue
        near = _NEAR * row.size
        left = next((glyph for glyph, _ in row.items if not glyph.is_blank and -near < first.x0 - glyph.x1 < near), None)
        right = next((glyph for glyph, _ in row.items if not glyph.is_blank and -near < glyph.x0 - last.x1 < near * 4), None)
        if left is None and right is None:
            continue
        marks = read_label(run.text) if rise > _RAISED[0] else []
        if marks and not (left and is_exponent(_word_before(row, left), run.text)):
            placed = Glyph("", first.x0, last.x1, row.y, run.size, first.index)
            row.items.append((placed, marks))
            return True
        if run.size < row.size * _SMALLER and abs(rise) > 0.05:
            row.items += [(Glyph(glyph.text, glyph.x0, glyph.x1, row.y, row.size, glyph.index), []) for glyph in run.glyphs]
            return True
    return False


def _word_before(row: _Row, last: Glyph) -> str:
    near = (glyph for glyph, _ in row.items if 0 <= last.x0 - glyph.x0 < row.size * 4)
    before = sorted(near, key=lambda glyph: glyph.x0)
    return "".join(glyph.text for glyph in before)


def _split(row: _Row) -> list[PrintedLine]:
    """The row's stretches between gaps as wide as a gutter, each with its words told apart."""
    blanks = sum(glyph.is_blank for glyph, _ in row.items)
    gap = _GAP_BESIDE_BLANKS if blanks > len(row.items) * 0.07 else _GAP_OF_WORDS
    words = _read_words(row, gap)
    gaps = [word.gap for word in words[1:]]
    # A justified line of few words has wide gaps, but all alike.
    gutter = math.inf if len(gaps) > 1 and max(gaps) < 1.2 * min(gaps) else _GAP_OF_COLUMNS
    lines: list[PrintedLine] = []
    for word in words:
        line = lines[-1] if lines else None
        is_after_marker = len(lines) == 1 and _is_marker(lines[0])
        if line is None or word.gap > (max(gutter, _GAP_AFTER_MARKER) if is_after_marker else gutter):
            lines.append(PrintedLine(word.pieces, word.x0, word.x1, row.y, row.size, (-row.y, 0)))
        else:
            line.pieces += [" ", *word.pieces]
            line.x1 = word.x1
    for line in lines:
        pieces = merge(line.pieces)
        line.pieces = [part for piece in pieces for part in (split_superscripts(piece) if isinstance(piece, str) else [piece])]
    return lines


def _read_words(row: _Row, gap: float) -> list[_Word]:
    words: list[_Word] = []
    last: Glyph | None = None
    blank = False
    for glyph, marks in row.items:
        if glyph.is_blank:
            blank = True
            continue
        if last is not None and _is_printed_twice(last, glyph):
            continue
        distance = (glyph.x0 - last.x1) / row.size if last is not None else 0.0
        is_far = distance > (_NEAR if marks else gap)
        if not words or is_far or (blank and not marks):
            words.append(_Word([], glyph.x0, glyph.x1, distance))
        word = words[-1]
        if marks or not word.pieces or isinstance(word.pieces[-1], Mark):
            word.pieces += marks or [glyph.text]
        else:
            word.pieces[-1] += glyph.text
        word.x1 = max(word.x1, glyph.x1)
        last, blank = glyph, False
    return words


def _is_printed_twice(one: Glyph, two: Glyph) -> bool:
    """Bold made by printing a letter again a hair's breadth away; neighbours in the file are two letters («oo»)."""
    return one.text == two.text and abs(one.x0 - two.x0) < one.size * 0.1 and abs(one.index - two.index) > 1


def _is_marker(line: PrintedLine) -> bool:
    """Whether the row so far is a bullet, an item's number or a note's label, which a tab sets off from its text."""
    return bool(_MARKER.fullmatch("".join(piece for piece in line.pieces if isinstance(piece, str))))
