"""Tables that the format knows as such: rows as one line each, and tables that only place text side by side."""

from __future__ import annotations

import re

from knowledge.formats.note_marks import Piece, join_pieces

_BLOCK = re.compile(r"nơi nhận\s*:|cộng h(?:òa|oà) xã hội chủ nghĩa|độc lập\s*[-–]\s*tự do|đảng cộng sản việt nam", re.IGNORECASE)
_FEW_ROWS = 6


def compose_row(cells: list[list[Piece]]) -> list[Piece]:
    """The cells of a row joined by « | ». An empty cell keeps its place, so that figures stay under their year."""
    cells = list(cells)
    while cells and not join_pieces(cells[-1])[0] and not any(not isinstance(piece, str) for piece in cells[-1]):
        cells.pop()
    return [piece for index, cell in enumerate(cells) for piece in ([" | ", *cell] if index else cell)]


def places_blocks(rows: list[list[str]]) -> bool:
    """Whether a table of few rows holds a letterhead or the closing block («Nơi nhận» beside the signature)."""
    return len(rows) <= _FEW_ROWS and any(_BLOCK.search(cell) for row in rows for cell in row)
