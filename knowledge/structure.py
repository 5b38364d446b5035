"""Lines → the heading tree of Vietnamese administrative writing (Decree 30/2020/NĐ-CP, appendix I)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from knowledge.layout.clauses import number
from knowledge.layout.endnotes import name_endnotes
from knowledge.layout.furniture import drop_furniture
from knowledge.layout.head import read_head
from knowledge.layout.joining import gather
from knowledge.layout.line_ends import TERMINAL
from knowledge.layout.paragraph import OPENING, RECIPIENTS, SIGNATURE, Paragraph, ParagraphKind, Structure
from knowledge.layout.rewrapping import join_left_overs
from knowledge.notes import lift_notes
from knowledge.reading import Line

__all__ = ["OPENING", "RECIPIENTS", "SIGNATURE", "Paragraph", "ParagraphKind", "Structure", "parse"]

_NEARLY_FULL = 0.6
_FEW_LINES = 20
_BROKEN = 0.3  # share of lines that go on in small letters: more, and each printed line is a paragraph of its own


def parse(lines: tuple[Line, ...]) -> Structure:
    """The paragraphs of a document with their clause paths; `lines` as `knowledge.reading.read_file` gives them.

    Every word of the lines is in one paragraph, in reading order, but for page numbers and running headers; a note
    follows the paragraph that carries its mark. Never raises.
    """
    kept = drop_furniture(name_endnotes(join_left_overs(_as_printed(lines))))
    width = _body_width(kept)
    body, notes = lift_notes(kept, width)
    head = read_head(body, width)
    drafts = [*head.drafts, *gather(body[head.end :], width)]
    return Structure(head.kind, head.subject, tuple(number(drafts, notes)))


def _as_printed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A document typed line by line (each printed line a paragraph of its own) is read like a text export."""
    whole = [line for line in lines if line.whole and line.note is None]
    pairs = list(pairwise(whole))
    broken = sum(not one.text.endswith(TERMINAL) and two.text[:1].islower() for one, two in pairs)
    if len(pairs) < _FEW_LINES or broken < len(pairs) * _BROKEN:
        return lines
    return tuple(replace(line, whole=False) if line.note is None and " | " not in line.text else line for line in lines)


def _body_width(lines: list[Line]) -> int:
    """Length of a full body line in characters: the middle one of those that are no headings or last lines (notes, in smaller
    type, are longer)."""
    lengths = sorted(len(line.text) for line in lines if not line.whole and line.note is None)
    lengths = [length for length in lengths if length > lengths[int(len(lengths) * 0.9)] * _NEARLY_FULL]
    return lengths[len(lengths) // 2] if lengths else 0
