"""How the plan stands as a picture for a phone: a bar an agency, the worst first, its duties by state one after another."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.progress import Standing
from handlers.wording import progress as wording
from knowledge.lettering import DPI, cut, drawable, drawing, font, measure, wrap
from scheduler.progress import Counts
from scheduler.wording.progress import STANDINGS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 1080
MOST_ROWS = 15
_MARGIN, _ROW, _BAR = 44, 98, 42
_TITLE, _SMALL, _NAME, _FIGURE = 44, 28, 30, 28  # pixels: on a phone a third of it
_INK, _GREY = "#1f2a37", "#5b6675"
# Told apart also by who confuses red and green: from dark to light, and each with its figure.
COLOURS = {
    Standing.OVERDUE: "#b3261e",
    Standing.OBSTACLE: "#ef8e1c",
    Standing.NOT_REPORTED: "#f3d25b",
    Standing.IN_PROGRESS: "#4f8fd0",
    Standing.NOT_DUE: "#d5dae1",
    Standing.DONE_LATE: "#8d6e63",
    Standing.DONE_IN_TIME: "#2e7d4f",
}
_LIGHT = frozenset({Standing.NOT_REPORTED, Standing.NOT_DUE, Standing.OBSTACLE})


def draw_progress(rows: Sequence[tuple[str, Counts]], scope: str, at: dt.datetime) -> bytes:
    """Draw agencies (the worst first; of more than fifteen the first fifteen) as PNG; the same bytes for the same counts.

    Takes some tenths of a second, the first time more: not for the loop.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    shown, rest = rows[:MOST_ROWS], len(rows) - MOST_ROWS
    with drawing:
        states = [one for one in Standing if any(counts.of(one) for _, counts in shown)]
        subtitle = cut(wrap(wording.chart_subtitle(scope, at), _SMALL, WIDTH - 2 * _MARGIN), 3)
        legend = _legend(states)
        head = _MARGIN + 1.3 * _TITLE + len(subtitle) * 1.3 * _SMALL + len(legend) * 1.7 * _SMALL + 24
        height = round(head + len(shown) * _ROW + (1.6 * _SMALL if rest > 0 else 0) + _MARGIN / 2)
        figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(height, 0)
        y = float(_MARGIN)
        _write(axes, _MARGIN, y, wording.CHART_TITLE, _TITLE, _INK, is_bold=True)
        y += 1.3 * _TITLE
        for part in subtitle:
            _write(axes, _MARGIN, y, part, _SMALL, _GREY)
            y += 1.3 * _SMALL
        y = _draw_legend(axes, legend, y + 8)
        most = max((counts.total for _, counts in shown), default=1) or 1
        for name, counts in shown:
            _draw_row(axes, y, name, counts, most)
            y += _ROW
        if rest > 0:
            _write(axes, _MARGIN, y, wording.CHART_REST.format(count=rest), _SMALL, _GREY)
        return _png(figure)


def _legend(states: Sequence[Standing]) -> list[list[Standing]]:
    """The states in lines that fit."""
    lines: list[list[Standing]] = [[]]
    used = 0.0
    for one in states:
        wide = _wide(STANDINGS[one]) + 64
        if lines[-1] and used + wide > WIDTH - 2 * _MARGIN:
            lines.append([])
            used = 0.0
        lines[-1].append(one)
        used += wide
    return lines


def _draw_legend(axes: Axes, legend: Sequence[Sequence[Standing]], y: float) -> float:
    from matplotlib.patches import Rectangle

    for states in legend:
        x = float(_MARGIN)
        for one in states:
            axes.add_patch(Rectangle((x, y + 4), 24, 24, color=COLOURS[one], linewidth=0))
            _write(axes, x + 32, y, STANDINGS[one], _SMALL, _INK)
            x += _wide(STANDINGS[one]) + 64
        y += 1.7 * _SMALL
    return y + 16


def _draw_row(axes: Axes, y: float, name: str, counts: Counts, most: int) -> None:
    """An agency's name, and below it its bar with the figures that have room."""
    from matplotlib.patches import Rectangle

    total = str(counts.total)
    room = WIDTH - 2 * _MARGIN - _wide(total) - 16
    _write(axes, _MARGIN, y, cut(wrap(name, _NAME, WIDTH - 2 * _MARGIN), 1)[0], _NAME, _INK, is_bold=True)
    x, top = float(_MARGIN), y + 1.3 * _NAME
    for one in Standing:
        if not (count := counts.of(one)):
            continue
        # However few, they are seen.
        wide = max(count / most * room, 4)
        axes.add_patch(Rectangle((x, top), wide, _BAR, facecolor=COLOURS[one], edgecolor="white", linewidth=1))
        if _wide(str(count)) + 8 <= wide:
            colour = _INK if one in _LIGHT else "white"
            _write(axes, x + wide / 2, top + 4, str(count), _FIGURE, colour, align="center")
        x += wide
    _write(axes, min(x + 12, WIDTH - _MARGIN / 2 - _wide(total)), top + 4, total, _FIGURE, _GREY)


def _wide(text: str) -> float:
    return measure(_SMALL, False)(text)


def _write(axes: Axes, x: float, y: float, text: str, size: float, colour: str, *, is_bold: bool = False, align: str = "left") -> None:
    """Text whose line begins at a height; by its baseline, since marks above a letter must not push it down."""
    written = font(size, is_bold=is_bold)
    y += 0.92 * size
    axes.text(x, y, drawable(text), color=colour, fontproperties=written, ha=align, va="baseline", parse_math=False, clip_on=False)


def _png(figure: Figure) -> bytes:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()
