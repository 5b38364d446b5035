"""Paragraphs → their place in the heading tree: clause path, headings above, and each note after its mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.layout.line_ends import join
from knowledge.layout.markers import Level
from knowledge.layout.paragraph import OPENING, RECIPIENTS, SIGNATURE, Draft, Paragraph, ParagraphKind
from knowledge.notes import Note

_BELOW_ROMAN = Level.ROMAN + 0.5
_LONGEST_LABEL = 40  # characters of a heading's words that name it where it has no number


@dataclass(slots=True)
class _Heading:
    """An open heading; `style` is set where the format knows its rank."""

    level: float
    label: str
    text: str
    style: int
    named: bool = False  # by its words, for want of a number


def number(drafts: Iterable[Draft], notes: Iterable[Note]) -> Iterator[Paragraph]:
    """Give each paragraph its clause path and headings; a note follows the paragraph that carries its mark, notes whose
    mark was not found come last."""
    stack: list[_Heading] = []
    bodies: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        bodies[note.label].append(note)
    ordinal = 0
    clause = OPENING
    for one in drafts:
        above: tuple[str, ...] = ()
        if one.kind in (ParagraphKind.RECIPIENT, ParagraphKind.SIGNATURE):
            stack.clear()
            clause = RECIPIENTS if one.kind is ParagraphKind.RECIPIENT else SIGNATURE
        else:
            if one.kind is ParagraphKind.TITLE:
                stack.clear()
            if one.kind is ParagraphKind.HEADING:
                heading = _place(stack, one)
                above = tuple(kept.text for kept in stack if kept.text)
                stack.append(heading)
            else:
                above = tuple(kept.text for kept in stack if kept.text)
            clause = _path(stack) or OPENING
        yield Paragraph(ordinal, one.kind, clause, above, one.marker, one.text, one.page, tuple(one.notes))
        ordinal += 1
        for label in one.notes:
            if bodies[label]:
                yield _note(bodies[label].pop(0), ordinal, clause, above)
                ordinal += 1
    for left in bodies.values():
        for note in left:
            yield _note(note, ordinal, clause, ())
            ordinal += 1


def _place(stack: list[_Heading], one: Draft) -> _Heading:
    """Close the headings that end where this one begins; the place it takes in the tree."""
    if one.label:
        level: float = one.level
        if level == Level.CAPITAL and _capitals_stand_below(stack, one.label):
            level = _BELOW_ROMAN
        while stack and (stack[-1].level >= level or (stack[-1].named and (level <= Level.ARTICLE or 0 < one.style <= stack[-1].style))):
            stack.pop()
        return _Heading(level, one.label, one.text, one.style)
    same = [at for at, kept in enumerate(stack) if (kept.style and kept.style >= (one.style or 1)) or (kept.named and not one.style)]
    if same:
        del stack[same[0] :]
    return _Heading((stack[-1].level if stack else -1) + 0.25, short_label(one.text), one.text, one.style, named=True)


def _capitals_stand_below(stack: list[_Heading], label: str) -> bool:
    """«I. … A. … B. …»: capitals stand below the roman numbers when one of those came first."""
    levels = [kept.level for kept in stack]
    return _BELOW_ROMAN in levels or (label == "A" and Level.ROMAN in levels and Level.CAPITAL not in levels)


def short_label(text: str) -> str:
    """A heading's first words as a name: «NHIỆM VỤ VÀ GIẢI PHÁP» → «Nhiệm vụ và giải pháp»; whole words, 40 characters."""
    text = text.strip(" .:;–-")
    text = text.capitalize() if text.isupper() else text
    if len(text) > _LONGEST_LABEL:
        text = text[: _LONGEST_LABEL + 1].rsplit(" ", 1)[0]
    return text.replace(".", "").strip(" ,;:(") or "…"


def _note(note: Note, ordinal: int, clause: str, above: tuple[str, ...]) -> Paragraph:
    text = ""
    for line in note.lines:
        text = join(text, line.text)
    return Paragraph(ordinal, ParagraphKind.NOTE, f"{clause} chú thích {note.label}", above, note.label, text, note.lines[0].page)


def _path(stack: list[_Heading]) -> str:
    """[II, 2, 2.2, a] → «II.2.2.a»: a dotted number repeats its parents. Articles are counted through the whole document,
    so that the part and the chapter above them are left out: «Điều 5.1.a»."""
    parts: list[str] = []
    for heading in stack:
        if heading.level == Level.ARTICLE:
            parts = [part for part in parts if part.startswith("Phụ lục")]
        if parts and heading.label.startswith(parts[-1] + ".") and not heading.named:
            parts[-1] = heading.label
        else:
            parts.append(heading.label)
    return ".".join(parts)
