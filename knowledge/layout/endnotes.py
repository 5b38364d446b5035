"""Notes gathered at a document's end, below the signature: «[1] Kế hoạch số …», «1. Kế hoạch số …»."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.reading import Line

_RECIPIENTS = re.compile(r"nơi nhận\s*(?:[:：]|$)", re.IGNORECASE)
_BRACKETED = re.compile(r"\[([1-9]\d{0,2})\]\s+(?=\S)")
_NUMBERED = re.compile(r"([1-9]\d{0,2})[.)]?\s+(?=\S)")


def name_endnotes(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with `note` set on those of gathered notes, and bracketed marks («yêu cầu[1]») lifted.

    Bracketed notes count where each has its mark in the text before; numbered ones, where the format knew just these marks
    and no body to them.
    """
    bracketed = _find_bodies(lines, _BRACKETED, 0, None)
    if bracketed:
        first = min(bracketed)
        marked = [_lift_marks(line, set(bracketed.values())) for line in lines[:first]]
        if {label for line in marked for _, label in line.marks} >= set(bracketed.values()):
            return (*marked, *_name(lines, first, bracketed, _BRACKETED))
    known = {line.note for line in lines}
    missing = {label for line in lines for _, label in line.marks if label.isdecimal()} - known
    closing = max((at for at, line in enumerate(lines) if _RECIPIENTS.match(line.text)), default=None)
    if not missing or closing is None:
        return lines
    numbered = _find_bodies(lines, _NUMBERED, closing, missing)
    if set(numbered.values()) != missing:
        return lines
    first = min(numbered)
    return (*lines[:first], *_name(lines, first, numbered, _NUMBERED))


def _find_bodies(lines: tuple[Line, ...], form: re.Pattern[str], start: int, wanted: set[str] | None) -> dict[int, str]:
    """Position → label of lines that begin the notes 1, 2, 3 … (those `wanted`) one after the other."""
    found: dict[int, str] = {}
    for at in range(start, len(lines)):
        match = form.match(lines[at].text)
        label = match.group(1) if match else ""
        is_next = int(label) == max(map(int, found.values()), default=0) + 1 if label and wanted is None else label in (wanted or ())
        if is_next and label not in found.values() and lines[at].note is None:
            found[at] = label
    return found


def _lift_marks(line: Line, labels: set[str]) -> Line:
    text, marks = "", list(line.marks)
    for part in re.split(r"(?<=[^\s\[(])(\[[1-9]\d{0,2}\])", line.text):
        if part[1:-1] in labels and part == f"[{part[1:-1]}]":
            marks.append((len(text), part[1:-1]))
        else:
            text += part
    return replace(line, text=text, marks=tuple(sorted(marks))) if text != line.text else line


def _name(lines: tuple[Line, ...], first: int, bodies: dict[int, str], form: re.Pattern[str]) -> list[Line]:
    named: list[Line] = []
    label = ""
    for at in range(first, len(lines)):
        line = lines[at]
        if at in bodies:
            label = bodies[at]
            line = replace(line, text=form.sub("", line.text, count=1))
        named.append(replace(line, note=label))
    return named
