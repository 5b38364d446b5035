"""A printed line of a PDF page, while the page is being put in order."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.formats.note_marks import Piece, join_pieces


@dataclass(slots=True, eq=False)
class PrintedLine:
    """One printed line, or one row of a table. Coordinates in points; lines sort by `order` from the page's top down."""

    pieces: list[Piece]
    x0: float
    x1: float
    y: float
    size: float
    order: tuple[float, int]
    is_row: bool = False
    is_furniture: bool = False
    note: str | None = None
    begins: bool | None = None  # a paragraph; None: the setting does not tell

    @property
    def plain(self) -> str:
        return join_pieces(self.pieces)[0]


def merge(pieces: list[Piece]) -> list[Piece]:
    """Pieces with neighbouring strings made one."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged
