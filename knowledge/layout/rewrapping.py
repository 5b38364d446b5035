"""Printed lines that were broken a second time: an export's lines set anew on a narrower page are made whole again."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.layout.line_ends import TERMINAL
from knowledge.layout.markers import read_marker
from knowledge.reading import Line

_LEFT_OVER = 0.45  # of a full line: what did not fit is shorter
_FULL = 0.88  # of the longest lines: letters differ in width
_SHARE = 0.1  # of all lines; in a text broken once, a short line in mid-sentence is a rarity
_FEW_LINES = 20
_PAGE_NUMBER = re.compile(r"[-–—]?\s*\d{1,3}\s*[-–—]?")


def join_left_overs(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with what did not fit on each joined to it: «… của các cơ» / «quan» / «nhà nước …» → «… của các cơ quan» /
    «nhà nước …». Other texts come back as they are."""
    lengths = sorted(len(line.text) for line in lines if _is_printed(line))
    if len(lengths) < _FEW_LINES:
        return lines
    full = lengths[int(len(lengths) * 0.95)]
    left_over = [at for at in range(1, len(lines)) if _is_left_over(lines[at - 1], lines[at], full)]
    in_mid_sentence = [at for at in left_over if at + 1 < len(lines) and lines[at + 1].text[:1].islower()]
    if len(in_mid_sentence) < len(lengths) * _SHARE:
        return lines
    joined: list[Line] = []
    chosen = set(left_over)
    for at, line in enumerate(lines):
        if at in chosen:
            before = joined[-1]
            shift = len(before.text) + 1
            marks = (*before.marks, *((offset + shift, label) for offset, label in line.marks))
            joined[-1] = replace(before, text=f"{before.text} {line.text}", marks=marks)
        else:
            joined.append(line)
    return tuple(joined)


def _is_printed(line: Line) -> bool:
    return not line.whole and line.note is None


def _is_left_over(before: Line, line: Line, full: int) -> bool:
    """Whether the line holds no more than what the one before had no room for, in mid-sentence: where a sentence ends, it may
    as well be a paragraph's last line."""
    if line.text.endswith(TERMINAL) or _PAGE_NUMBER.fullmatch(line.text):
        return False
    if not (_is_printed(before) and _is_printed(line)) or line.begins or len(line.text) > full * _LEFT_OVER:
        return False
    first = line.text.split(" ", 1)[0]
    return len(before.text) + 1 + len(first) > full * _FULL and len(before.text) > full * _LEFT_OVER and read_marker(line.text) is None
