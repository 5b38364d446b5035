"""Note marks glued to words and note bodies at the foot of a page, lifted out of printed lines.

A text export keeps neither the raised mark nor the smaller type: «Đề án 062» is Đề án 06 with note 2, and the note's
body stands among the body's lines. A mark counts only when a line further down begins with the same number, so that
«m2» or «062» without a note stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from knowledge.layout.line_ends import is_open
from knowledge.layout.markers import read_marker
from knowledge.reading import Line

_WIDE = 1.1  # note type is smaller than body type: a full line of a note holds at least a tenth more characters
_FINISHED = (".", ";", "!", "?", "…", ".”", ":")


@dataclass(slots=True)
class Note:
    """A note's body: its printed label and its lines, joined later."""

    label: str
    lines: list[Line] = field(default_factory=list)


def lift_notes(lines: list[Line], width: int) -> tuple[list[Line], list[Note]]:
    """Body lines with their marks set apart, and the notes in the order of their numbers.

    `width` is the length of a full body line in characters. Notes that the format knew come through as they are.
    """
    notes = _known_notes(lines)
    known = {note.label for note in notes}
    body = [line for line in lines if line.note is None]
    expected, mark_from, body_from = 1, 0, 0
    while True:
        label = str(expected)
        if label in known:
            expected += 1
            continue
        mark = _find_mark(body, label, mark_from)
        start = None if mark is None else _find_body(body, label, max(mark[0] + 1, body_from))
        if mark is None or start is None:
            break
        at, offset = mark
        line = body[at]
        body[at] = replace(
            line,
            text=line.text[:offset] + line.text[offset + len(label) :],
            marks=(*line.marks, (offset, label)),
        )
        end = _end_of_note(body, start, str(expected + 1), width)
        first = body[start]
        note = Note(label, [replace(first, text=first.text[len(label) :].strip(), note=label), *body[start + 1 : end]])
        del body[start:end]
        notes.append(note)
        if not note.lines[-1].text.endswith(_FINISHED):
            _take_continuation(body, note, start, str(expected + 1), width)
        mark_from, body_from = at, start
        expected += 1
    return body, sorted(notes, key=lambda note: int(note.label) if note.label.isdecimal() else 10**6)


def _known_notes(lines: list[Line]) -> list[Note]:
    """Notes that the format knew. The same label again is another note («*», numbers that start anew on each page),
    unless the first one broke off at the page's end and goes on."""
    notes: list[Note] = []
    before: Line | None = None
    for line in lines:
        if line.note is not None:
            last = next((note for note in reversed(notes) if note.label == line.note), None)
            cut = last is not None and _goes_on(last.lines[-1].text, line.text)
            if last is None or not (cut or (before is not None and before.note == line.note)):
                last = Note(line.note)
                notes.append(last)
            last.lines.append(line)
        before = line
    return notes


def _goes_on(before: str, after: str) -> bool:
    return not before.endswith(_FINISHED) and (after[:1].islower() or is_open(before, after))


def _mark_pattern(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<=[^\W\d_])|(?<=[)”\"’»\]])|(?<=\b0\d)){label}(?![\w%/]|[.,]\d)")


def _find_mark(body: list[Line], label: str, start: int) -> tuple[int, int] | None:
    pattern = _mark_pattern(label)
    for at in range(start, len(body)):
        found = pattern.search(body[at].text)
        if found:
            return at, found.start()
    return None


def _find_body(body: list[Line], label: str, start: int) -> int | None:
    pattern = re.compile(rf"^{label}(?:\s+(?=\S)|(?=[^\W\d_]))(?![.)])")
    for at in range(start, len(body)):
        line = body[at]
        if pattern.match(line.text) and len(line.text) > 12 and not re.match(rf"^{label}\s*(?:[.,/)%-]|\d+[.,/])", line.text):
            return at
    return None


def _end_of_note(body: list[Line], start: int, following: str, width: int) -> int:
    pattern = re.compile(rf"^{following}(?:\s+(?=\S)|(?=[^\W\d_]))(?![.)])")
    is_at_foot = not _stands_in_mid_page(body, start)
    for at in range(start + 1, len(body)):
        line = body[at]
        if (line.page_start and is_at_foot) or line.whole or line.begins or pattern.match(line.text):
            return at
        before = body[at - 1].text
        if line.begins is False or not before.endswith(_FINISHED):
            continue
        if is_at_foot and any(one.page_start for one in body[at:]):
            continue
        if len(before) < width * 0.9 or (not is_at_foot and read_marker(line.text) is not None):
            return at
    return len(body)


def _stands_in_mid_page(body: list[Line], start: int) -> bool:
    """Whether the text goes on below the note: then an export was printed on new pages, whose ends say nothing of notes."""
    if body[start].page is None:
        return False
    for at in range(start + 1, len(body)):
        if body[at].page_start:
            return False
        marker = read_marker(body[at].text)
        if marker is not None and body[at - 1].text.endswith(_FINISHED):
            return True
    return False


def _take_continuation(body: list[Line], note: Note, start: int, following: str, width: int) -> None:
    """Move the rest of a note that the page's end cut from the next page's foot, told by its longer lines."""
    pattern = re.compile(rf"^{following}(?:\s+(?=\S)|(?=[^\W\d_]))(?![.)])")
    if start >= len(body) or not body[start].page_start:
        return
    foot = len(body)
    for at in range(start + 1, len(body)):
        if body[at].page_start or pattern.match(body[at].text):
            foot = at
            break
    first = foot - 1
    while first > start and len(body[first - 1].text) > width * _WIDE:
        first -= 1
    if first == foot - 1 and len(body[first].text) <= width * _WIDE:
        return
    note.lines.extend(body[first:foot])
    del body[first:foot]
