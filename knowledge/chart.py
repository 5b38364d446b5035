"""A roadmap as a picture for a phone: a column a figure, in time order, each with its figure as printed on top of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge import wording
from knowledge.facts import Comparator
from knowledge.lettering import DPI, cut, drawable, drawing, font, wrap
from knowledge.roadmap import Mark, Roadmap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

# Pixels. A phone shows the picture about 360 points wide, a third of it: nothing is written smaller than 26.
WIDTH, HEIGHT = 1080, 1000
_MARGIN = 48
_TITLE, _SUBTITLE, _FIGURE, _DETAIL, _YEAR, _SMALL = 46, 32, 42, 28, 36, 26
_LINE = 1.3  # height of a line of text, in sizes
_TITLE_LINES, _SOURCE_LINES = 4, 3
_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6)  # of the figures: the largest at which each has one line

_INK, _GREY, _FAINT = "#1f2a37", "#5b6675", "#d7dce3"
_TARGET, _TARGET_FROM, _RESULT = "#1f5fa8", "#c3d7ee", "#c8501e"
_RESULT_FROM = "#f4d3c2"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn roadmap: PNG bytes, the same for the same roadmap, and every text that stands in it."""

    png: bytes
    texts: tuple[str, ...]


def draw_roadmap(roadmap: Roadmap) -> Picture:
    """Draw a roadmap as a PNG of 1080 × 1000 pixels. Takes some tenths of a second, the first time more: not for the loop."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    with drawing:
        figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        top = _write_head(figure, roadmap)
        bottom = _write_foot(figure, roadmap)
        _draw_columns(figure, roadmap, top=top, bottom=bottom)
        drawn = io.BytesIO()
        # Without matplotlib's own mark: the same roadmap is the same bytes, and one stored file.
        figure.savefig(drawn, format="png", metadata={"Software": None})
        texts = tuple(str(one.get_text()) for one in figure.findobj(Text) if isinstance(one, Text) and one.get_text() and one.get_visible())
        return Picture(drawn.getvalue(), texts)


def _write_head(figure: Figure, roadmap: Roadmap) -> float:
    """Title and subtitle; returns the height that is left below them."""
    y: float = HEIGHT - _MARGIN
    width = WIDTH - 2 * _MARGIN
    for part in cut(wrap(roadmap.name, _TITLE, width, is_bold=True), _TITLE_LINES):
        y -= _TITLE * _LINE
        _write(figure, _MARGIN, y, part, _TITLE, _INK, is_bold=True)
    y -= 8
    for part in wrap(wording.chart_subtitle(roadmap.unit), _SUBTITLE, width):
        y -= _SUBTITLE * _LINE
        _write(figure, _MARGIN, y, part, _SUBTITLE, _GREY)
    return y - 30


def _write_foot(figure: Figure, roadmap: Roadmap) -> float:
    """Remarks and sources; returns the height at which they begin."""
    width = WIDTH - 2 * _MARGIN
    told = [(part, _INK) for remark in roadmap.remarks for part in wrap(remark, _SMALL, width)]
    sources = wrap(f"Nguồn: {'; '.join(roadmap.sources)}", _SMALL, width)
    told += [(part, _GREY) for part in cut(sources, _SOURCE_LINES)]
    y = _MARGIN / 2 + len(told) * _SMALL * _LINE
    top = y
    for part, colour in told:
        y -= _SMALL * _LINE
        _write(figure, _MARGIN, y + 6, part, _SMALL, colour)
    figure.add_artist(_rule(top + 14))
    return top + 30


def _draw_columns(figure: Figure, roadmap: Roadmap, *, top: float, bottom: float) -> None:
    """The columns with what stands on and below them, between two heights."""
    marks = roadmap.marks
    slot = (WIDTH - 2 * _MARGIN) / len(marks)
    labels = [mark.label for mark in marks]
    scale = next(
        (one for one in _SCALES if all(len(wrap(each, _FIGURE * one, slot - 6, is_bold=True)) < 2 for each in labels)), _SCALES[-1]
    )
    years = _below(roadmap, slot)
    below = max(len(parts) for parts in years) * _DETAIL * _LINE + 24
    above = [_on_top(mark, slot, scale) for mark in marks]
    axes = figure.add_axes((_MARGIN / WIDTH, (bottom + below) / HEIGHT, 1 - 2 * _MARGIN / WIDTH, (top - bottom - below) / HEIGHT))
    axes.set_axis_off()
    axes.set_xlim(-0.5, len(marks) - 0.5)
    # Room above the highest column for what stands on it.
    height = top - bottom - below
    room = max(sum(size for _, size, _ in parts) for parts in above) * _LINE + 34
    highest = max([mark.value_max or mark.value for mark in marks] + [mark.value for mark in marks])
    highest = highest if highest > 0 else 1.0
    axes.set_ylim(0, highest * height / max(height - room, height / 3))
    per_pixel = axes.get_ylim()[1] / height
    for at, mark in enumerate(marks):
        reached = _draw_column(axes, at, mark, per_pixel)
        y = reached + 12 * per_pixel
        for text, size, is_bold in reversed(above[at]):
            _write_in(axes, at, y, text, size, _RESULT if mark.is_result else _INK, is_bold=is_bold)
            y += size * _LINE * per_pixel
        y = -8 * per_pixel
        for text, size, is_bold in years[at]:
            y -= size * _LINE * per_pixel
            _write_in(axes, at, y, text, size, _RESULT if mark.is_result else _GREY if not is_bold else _INK, is_bold=is_bold)
    axes.plot([-0.5, len(marks) - 0.5], [0, 0], color=_INK, linewidth=2, clip_on=False, solid_capstyle="butt")


def _draw_column(axes: Axes, at: int, mark: Mark, per_pixel: float) -> float:
    """One column; returns the height at which its labels begin. A range is drawn from its lower to its upper figure; where
    a target is a bound, an arrow tells which way."""
    ink, light = (_RESULT, _RESULT_FROM) if mark.is_result else (_TARGET, _TARGET_FROM)
    width = 0.34 if mark.is_result else 0.56
    low, high = mark.value, max(mark.value, mark.value_max or mark.value)
    axes.bar(at, low, width=width, color=light, zorder=2)
    if high > low:
        axes.bar(at, high - low, bottom=low, width=width, color=ink, zorder=2)
    axes.plot([at - width / 2, at + width / 2], [high, high], color=ink, linewidth=5, solid_capstyle="butt", zorder=3, clip_on=False)
    symbol = "D" if mark.is_result else {Comparator.AT_LEAST: "^", Comparator.AT_MOST: "v"}.get(mark.comparator, "")
    if not symbol:
        return high + 4 * per_pixel
    # An arrow stands on the line where it says «or more», below it where it says «or less».
    y = high + 13 * per_pixel if symbol == "^" else high - 13 * per_pixel if symbol == "v" else high
    axes.plot([at], [y], marker=symbol, markersize=15 if mark.is_result else 17, color=ink, zorder=4, clip_on=False)
    return high + {"^": 24, "v": 4, "D": 14}[symbol] * per_pixel


def _on_top(mark: Mark, slot: float, scale: float) -> list[tuple[str, float, bool]]:
    """(text, size, is_bold) of what stands on a column, from above: the figure, then what only some have."""
    size = _FIGURE * scale
    label = wrap(mark.label, size, slot - 6, is_bold=True)
    return [
        *((part, size, True) for part in label),
        *((part, _DETAIL, False) for part in wrap(mark.detail, _DETAIL, slot - 6)),
    ]


def _below(roadmap: Roadmap, slot: float) -> list[list[tuple[str, float, bool]]]:
    """(text, size, is_bold) of what stands below each column: when, and where they differ the document."""
    told = []
    for mark in roadmap.marks:
        size = _SMALL if mark.is_result else min(_YEAR, slot / 3)
        parts = [(part, size, True) for part in wrap(mark.month, size, slot, is_bold=True)]
        more = wording.RESULT_BELOW if mark.is_result else wording.short_document(mark.document) if roadmap.has_several_documents else ""
        told.append(parts + [(part, _SMALL, False) for part in wrap(more, _SMALL, slot - 6)])
    return told


def _write(figure: Figure, x: float, y: float, text: str, size: float, colour: str, *, is_bold: bool = False) -> None:
    figure.text(
        x / WIDTH, y / HEIGHT, drawable(text), color=colour, fontproperties=font(size, is_bold=is_bold), va="bottom", parse_math=False
    )


def _write_in(axes: Axes, x: float, y: float, text: str, size: float, colour: str, *, is_bold: bool) -> None:
    written = font(size, is_bold=is_bold)
    axes.text(x, y, drawable(text), color=colour, fontproperties=written, ha="center", va="bottom", parse_math=False, clip_on=False)


def _rule(y: float) -> Line2D:
    from matplotlib.lines import Line2D

    return Line2D([_MARGIN / WIDTH, 1 - _MARGIN / WIDTH], [y / HEIGHT] * 2, color=_FAINT, linewidth=2)
