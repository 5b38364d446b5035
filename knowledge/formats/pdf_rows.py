"""Table rows that the page's end cuts in two: the rest stands first on the next page, below the head row printed again."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from knowledge.formats.note_marks import Piece, cut_at_marks, join_pieces
from knowledge.layout.line_ends import TERMINAL
from knowledge.reading import Line

_BETWEEN_CELLS = " | "


def join_cut_rows(lines: list[Line]) -> list[Line]:
    """Lines with each cut row made whole, and the head row only where the table begins.

    A row is the rest of another when its first cell is empty and a cell goes on in small letters: the cells below a merged
    one are empty too, but their neighbours begin anew.
    """
    joined: list[Line] = []
    head: list[str] = []  # the rows that head the table so far: the first one, and those below it whose first cell is empty
    cut: int | None = None  # position of the last row of the page before, until this page's first row has been seen
    for line in lines:
        last = joined[-1] if joined else None
        if last is None or not (_is_row(line) and _is_row(last)):
            head, cut = [line.text] if _is_row(line) else [], None
        elif last.page != line.page and cut is None:
            cut = len(joined) - 1
        if cut is not None and line.text in head:
            continue
        if cut is not None and _is_rest(joined[cut].text, line.text):
            joined[cut] = _join(joined[cut], line)
            continue
        if last is not None and [last.text] == head[-1:] and not _split(line.text)[0]:
            head.append(line.text)
        joined.append(line)
        cut = None
    return joined


def _is_row(line: Line) -> bool:
    return line.whole and (_BETWEEN_CELLS in line.text or line.text.startswith("| "))


def _split(text: str) -> list[str]:
    return [cell.strip() for cell in (" " + text + " ").split(_BETWEEN_CELLS.rstrip())]


def _is_rest(above: str, row: str) -> bool:
    cells = _split(row)
    if cells[0] or len(cells) > len(_split(above)):
        return False
    pairs = zip(_split(above), cells, strict=False)
    return any(cell[:1].islower() and one and not one.endswith(TERMINAL) for one, cell in pairs)


def _join(above: Line, rest: Line) -> Line:
    """The two rows cell by cell."""
    pieces: list[Piece] = []
    for one, two in zip_longest(_cut_into_cells(above), _cut_into_cells(rest), fillvalue=list[Piece]()):
        pieces += [" | " if pieces else "", *one, " ", *two]
    text, marks = join_pieces(pieces)
    return replace(above, text=text, marks=marks)


def _cut_into_cells(line: Line) -> list[list[Piece]]:
    cells: list[list[Piece]] = [[]]
    for piece in cut_at_marks(line.text, line.marks):
        if not isinstance(piece, str):
            cells[-1].append(piece)
            continue
        first, *more = piece.split("|")
        cells[-1].append(first)
        cells += [[part] for part in more]
    return cells
