"""The glyphs of a PDF page with their places, upright: what pdfium knows of each character."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from unicodedata import combining

import pypdfium2
import pypdfium2.raw as pdfium

# pdfium's own signs for a hyphen at a line's end; bullets of symbol fonts.
_READ_AS = {"\x02": "-", "\ufffe": "-", "\uf0b7": "•", "\uf02d": "-", "\uf0a7": "▪", "\uf0d8": "▪", "\uf0fc": "-", "\uf076": "-"}
_NARROWEST_BLANK, _WIDEST_BLANK = 0.12, 1.0  # em
_BLANKS = frozenset(" \u00a0\t\u2002\u2003\u2009\u202f")


@dataclass(slots=True)
class Glyph:
    """One printed character: `x0` to `x1` its advance, `y` its baseline, `size` the effective size, all in points.

    Coordinates grow to the right and upwards, after turning the page so that most of its text runs to the right.
    `index` is its place in the file's own order.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    index: int

    @property
    def is_blank(self) -> bool:
        return self.text in _BLANKS


def read_glyphs(page: pypdfium2.PdfTextpage) -> tuple[list[Glyph], str, int]:
    """(glyphs of the page's main direction, the text of all others, quarter turns of the main direction)."""
    upright, others = _read_upright(page)
    if len(others) <= len(upright):
        return upright, _spell(page, others), 0
    turns = {index: _read_turn(page, index)[0] for index in others if not pdfium.FPDFText_IsGenerated(page.raw, index)}
    turn = Counter(turns.values()).most_common(1)[0][0] if turns else None
    if not turn:
        return upright, _spell(page, others), 0
    return [_read_turned(page, index, turn) for index in others if turns.get(index) == turn], "", turn


def _read_upright(page: pypdfium2.PdfTextpage) -> tuple[list[Glyph], list[int]]:
    # A plan has tens of thousands of characters, so each gets two calls: its code, and its loose box, which is as
    # wide as the advance and, but for tall accents, as high as the type. Only where the box's foot or height change
    # are the baseline, the type's size and its direction asked for.
    raw = page.raw
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    to_box, to_x, to_y = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    glyphs: list[Glyph] = []
    others: list[int] = []
    baseline = floor = math.inf
    height = size = 0.0
    guessed: tuple[int, float] | None = None  # (index, x) of a blank without a box
    for index in range(page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0, 10, 13):
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, to_box)
        text = chr(code) if code < 0x110000 else "\ufffd"
        now = box.top - box.bottom
        if now < 0.5:
            if text in _BLANKS:
                guessed = index, box.left
            else:
                others.append(index)
            continue
        if combining(text) and glyphs:
            glyphs[-1].text += text
            continue
        if now != height or box.bottom != floor:
            pdfium.FPDFText_GetCharOrigin(raw, index, to_x, to_y)
            if abs(y.value - baseline) > 0.1 or abs(now - height) > height * 0.01:
                turn, asked = _read_turn(page, index)
                if turn != 0:
                    others.append(index)
                    continue
                if y.value != baseline or abs(asked - size) > size * 0.01 or now < height:
                    height, floor = now, box.bottom
                baseline, size = y.value, asked
        # A blank without a box is pdfium's guess between two pieces of text; where the next letter leaves room for it,
        # it took the place of the blank that the piece begins with.
        if guessed and guessed[0] == index - 1 and _NARROWEST_BLANK < (box.left - guessed[1]) / size < _WIDEST_BLANK:
            glyphs.append(Glyph(" ", guessed[1], box.left, baseline, size, guessed[0]))
        glyphs.append(Glyph(_READ_AS.get(text, text), box.left, box.right, baseline, size, index))
    return glyphs, others


def _read_turn(page: pypdfium2.PdfTextpage, index: int) -> tuple[int | None, float]:
    """(quarter turns against the clock, 0 to 3, or None on a slant; effective size in points) of a character."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page.raw, index, matrix)
    turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    size = pdfium.FPDFText_GetFontSize(page.raw, index) * math.hypot(matrix.c, matrix.d)
    # Sheared type (a false italic) stays on its baseline: only `a` and `b` count.
    return (round(turns) % 4 if abs(turns - round(turns)) < 0.05 else None), max(size, 0.5)


def _read_turned(page: pypdfium2.PdfTextpage, index: int, turn: int) -> Glyph:
    """A glyph of a page set sideways, turned back; its advance is taken from its ink."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharBox(page.raw, index, left, right, bottom, top)
    pdfium.FPDFText_GetCharOrigin(page.raw, index, x, y)
    _, size = _read_turn(page, index)
    corners = [turn_back(one, two, turn) for one, two in ((left.value, bottom.value), (right.value, top.value))]
    origin = turn_back(x.value, y.value, turn)
    text = chr(pdfium.FPDFText_GetUnicode(page.raw, index))
    edges = sorted(corner[0] for corner in corners)
    return Glyph(_READ_AS.get(text, text), min(origin[0], edges[0]), edges[1], origin[1], size, index)


def turn_back(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point of a page whose text runs upwards (1), leftwards (2) or downwards (3), as if it ran to the right."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn % 4]


def _spell(page: pypdfium2.PdfTextpage, indices: list[int]) -> str:
    return "".join(chr(pdfium.FPDFText_GetUnicode(page.raw, index)) for index in indices[:2000])
