"""Vietnamese letters in a picture: measured, broken into lines, and drawn in one font that every machine has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

DPI = 100
# matplotlib shares its font cache between threads, and nothing in it is locked: whoever draws holds this.
drawing = threading.Lock()


def wrap(text: str, size: float, width: float, *, is_bold: bool = False) -> list[str]:
    """Lines that fit a width in pixels; a word too long for it is broken."""
    wide = measure(size, is_bold)
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and wide(joined) <= width:
            lines[-1] = joined
            continue
        while wide(word) > width and len(word) > 1:
            fits = next(count for count in range(len(word) - 1, 0, -1) if count == 1 or wide(word[:count]) <= width)
            lines.append(word[:fits])
            word = word[fits:]
        lines.append(word)
    return lines


def cut(lines: list[str], most: int) -> list[str]:
    """At most so many lines; that more was said is shown at the end."""
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rsplit(' ', 1)[0]} …"]


@cache
def _font_file(is_bold: bool) -> Path:
    """DejaVu Sans as matplotlib brings it: the same on every machine, with every Vietnamese letter."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf")


def font(size: float, *, is_bold: bool) -> FontProperties:
    """The font at a size in pixels."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_font_file(is_bold), size=size * 72 / DPI)


def measure(size: float, is_bold: bool) -> Callable[[str], float]:
    """How many pixels wide a text is."""
    from matplotlib.font_manager import get_font

    def width(text: str) -> float:
        font = get_font(_font_file(is_bold))
        font.set_size(size * 72 / DPI, DPI)
        font.set_text(drawable(text))
        return float(font.get_width_height()[0]) / 64

    return width


@cache
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(_font_file(True)).get_charmap())


def drawable(text: str) -> str:
    """The text without letters that the font lacks."""
    return "".join(letter for letter in text if ord(letter) in _letters())
