"""Note marks: raised figures lifted out of the text, with their place in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.text import normalise


@dataclass(frozen=True, slots=True)
class Mark:
    """A note mark as it stands between two pieces of text; `label` without brackets: «2», «*»."""

    label: str


Piece = str | Mark

_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_AS_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LABEL = re.compile(r"[(\[]?\s*([1-9]\d{0,2}|\*{1,4})\s*[)\]]?")
_UNIT = re.compile(r"(?<![^\W\d_])(?:km|hm|dam|m|dm|cm|mm)$")
_LOOK_BEHIND = 8  # characters: the longest unit and what stands before it
_PLACE = "\ufdd0"  # a noncharacter: no text holds it, normalising leaves it alone


def read_label(raised: str) -> list[Mark]:
    """The marks that raised characters stand for: «1», «(2)», «3,4» (two), «*»; none for «th» or «a»."""
    marks = []
    for part in re.split(r"\s*[,;]\s*", raised.strip()):
        found = _LABEL.fullmatch(part)
        if not found:
            return []
        marks.append(Mark(found.group(1)))
    return marks


def is_exponent(before: str, raised: str) -> bool:
    """Whether a raised figure belongs to a unit: «1.000 m²», «km³»."""
    return raised in ("2", "3") and bool(_UNIT.search(before))


def end_of(pieces: list[Piece]) -> str:
    """The last characters written, for `is_exponent`; «» behind a mark."""
    written = ""
    for piece in reversed(pieces[-_LOOK_BEHIND:]):
        if isinstance(piece, Mark) or len(written) >= _LOOK_BEHIND:
            break
        written = piece[-_LOOK_BEHIND:] + written
    return written


def split_superscripts(text: str) -> list[Piece]:
    """Text with its superscript characters as marks: «trước ngày 15/4¹.» → [«trước ngày 15/4», Mark(1), «.»]."""
    pieces: list[Piece] = []
    start = 0
    for found in _SUPERSCRIPTS.finditer(text):
        label = found.group().translate(_AS_DIGITS)
        if is_exponent(text[max(found.start() - _LOOK_BEHIND, 0) : found.start()], label) or label.startswith("0") or len(label) > 3:
            continue
        pieces += [text[start : found.start()], Mark(label)]
        start = found.end()
    pieces.append(text[start:])
    return [piece for piece in pieces if piece != ""]


def join_pieces(pieces: Iterable[Piece]) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The normalised text of the pieces and the marks as (offset in that text, label).

    A blank before a mark is the writer's slip: «kế hoạch ¹ để» is «kế hoạch để», with the mark behind «hoạch».
    """
    labels: list[str] = []
    written: list[str] = []
    for piece in pieces:
        if isinstance(piece, Mark):
            labels.append(piece.label)
            written.append(_PLACE)
        else:
            written.append(piece)
    text = normalise("".join(written))
    if not labels:
        return text, ()
    text = re.sub(rf" +(?={_PLACE})", "", text) if not text.startswith(_PLACE) else text
    marks: list[tuple[int, str]] = []
    kept = ""
    for index, part in enumerate(text.split(_PLACE)):
        if index:
            marks.append((len(kept), labels[index - 1]))
        kept += part.lstrip() if not kept else part
    return kept.rstrip(), tuple(marks)


def cut_at_marks(text: str, marks: Iterable[tuple[int, str]]) -> list[Piece]:
    """The pieces that `join_pieces` made this text and these marks of."""
    pieces: list[Piece] = []
    start = 0
    for offset, label in marks:
        pieces += [text[start:offset], Mark(label)]
        start = offset
    return [*pieces, text[start:]]
