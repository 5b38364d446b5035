"""Line breaks inside a paragraph: lines of a title or of a list stay apart, all others are blanks."""

from __future__ import annotations

import re

from knowledge.formats.note_marks import Piece, join_pieces

MARKER = re.compile(r"(?:[-–—+*•▪]\s|\(?[a-zđ]\)\s?|\d{1,2}(?:\.\d{1,2})*[.)]\s|[IVX]{1,5}[.)]\s)")
_LONGEST_TITLE_LINE = 160


def split_at_breaks(parts: list[list[Piece]], *, is_centred: bool) -> list[list[Piece]]:
    """The lines that a paragraph's parts between line breaks make.

    Centred text and text in capitals keeps its breaks («TL. CHỦ TỊCH» / «CHÁNH VĂN PHÒNG»), an item («- …», «a) …»)
    begins a line of its own, and any other break is a blank.
    """
    texts = [join_pieces(part)[0] for part in parts]
    parts = [part for part, text in zip(parts, texts, strict=True) if text]
    texts = [text for text in texts if text]
    is_title = all(len(text) <= _LONGEST_TITLE_LINE and (is_centred or text.isupper()) for text in texts)
    lines: list[list[Piece]] = []
    for part, text in zip(parts, texts, strict=True):
        if not lines or is_title or MARKER.match(text):
            lines.append(list(part))
        else:
            lines[-1] += [" ", *part]
    return lines
