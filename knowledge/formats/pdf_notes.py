"""What stands at a PDF page's head and foot beside the text: page numbers, running titles, note bodies."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from knowledge.formats.note_marks import Mark
from knowledge.formats.printed import PrintedLine, merge
from knowledge.layout.markers import read_marker

_PAGE_NUMBER = re.compile(r"(?:trang|page)?\s*[-–—.\[(]*\s*(\d{1,4})\s*(?:[/|]\s*\d{1,4})?\s*[-–—.\])]*", re.IGNORECASE)
_SMALLER = 0.93  # notes are set in 10 to 12 points under a body of 13 or 14
_LABEL = re.compile(r"([1-9]\d{0,2}|\*{1,3})(?:\s+(?=\S)|(?=[^\W\d_]|[“\"(]))(?![.)/%,])")
# Behind a letter, a closing sign, a two-figure number («06»), or a full stop that ends a word, a percentage or a year.
_GLUED = r"(?:(?<=[^\W\d_])|(?<=[)”\"’»\]])|(?<=\b0\d)|(?<=[^\W\d_][.,;:])|(?<=%[.,;:])|(?<=\d{{4}}[.,;:])){label}(?![\w%/]|[.,]\d)"

_FINISHED = (".", ";", "!", "?", "…", "./.", ".”", ".)")


@dataclass(slots=True)
class PageText:
    """The printed lines of a page in reading order, and the heights of the level lines drawn on it."""

    lines: list[PrintedLine]
    rulings: list[float]


def find_furniture(pages: list[PageText]) -> None:
    """Mark page numbers and running titles, the outermost lines of pages, as furniture."""
    for is_head in (True, False):
        edges = [(number, _outermost(page, is_head)) for number, page in enumerate(pages, 1)]
        _mark_page_numbers([(number, line) for number, line in edges if line is not None])
        _mark_running_titles([line for page in pages if (line := _outermost(page, is_head)) is not None], len(pages))


def _outermost(page: PageText, is_head: bool) -> PrintedLine | None:
    kept = [line for line in page.lines if not line.is_furniture]
    found = max(kept, key=lambda line: line.y if is_head else -line.y, default=None)
    return None if found is None or found.is_row else found


def _mark_page_numbers(edges: list[tuple[int, PrintedLine]]) -> None:
    """A number alone on the outermost line counts as a page's number when it runs with the pages."""
    found = [(number, line, int(match.group(1))) for number, line in edges if (match := _PAGE_NUMBER.fullmatch(line.plain))]
    if not found:
        return
    shift, _ = Counter(printed - number for number, _, printed in found).most_common(1)[0]
    for number, line, printed in found:
        if printed - number == shift and (len(found) > 1 or shift == 0):
            line.is_furniture = True


def _mark_running_titles(lines: list[PrintedLine], pages: int) -> None:
    """The same words at the edge of most pages, but for the page's number behind «trang»; no heading of a section."""
    lines = [line for line in lines if read_marker(line.plain) is None]
    texts = [re.sub(r"(?i)\b(trang|page)\s*\d+", r"\1", line.plain) for line in lines]
    times = Counter(texts)
    for line, text in zip(lines, texts, strict=True):
        if times[text] >= 3 and times[text] > pages * 0.6:
            line.is_furniture = True


def find_notes(pages: list[PageText], body_size: float) -> None:
    """Name the note of each line of a note's body; lift its label, and marks that are set like the text («Đề án 062»)."""
    last = ""
    last_size = 0.0
    lowest = min((line.y for page in pages for line in page.lines if not line.is_furniture), default=0.0)
    before = PageText([], [])
    known: set[str] = set()
    for page in pages:
        foot = _find_foot(page, body_size)
        # A note's body may begin on the page after its mark.
        in_foot = set(foot)
        body, before = [line for one in (page, before) for line in one.lines if line not in in_foot and line.note is None], page
        marks = {mark.label for line in body for mark in line.pieces[1:] if isinstance(mark, Mark)}
        known |= marks
        _name_endnotes([line for line in page.lines if line not in in_foot], known)
        if not foot:
            continue
        label = last if last and _continues(page, foot, last_size, lowest) else ""
        for line in foot:
            label = _take_label(line, body, marks, label) or label
            line.note = label or None
        if label:
            last, last_size = label, foot[-1].size


def _name_endnotes(lines: list[PrintedLine], known: set[str]) -> None:
    """Notes in the text's own type, after it: a line that begins with a raised label, and what its sentence goes on with."""
    label = None
    for line in lines:
        first = line.pieces[0] if line.pieces else ""
        if isinstance(first, Mark) and first.label in known and not line.is_row:
            label, line.pieces = first.label, line.pieces[1:]
        if line.is_furniture or line.is_row:
            continue
        line.note = label
        if line.plain.endswith(_FINISHED):
            label = None


def _find_foot(page: PageText, body_size: float) -> list[PrintedLine]:
    """The lines in small type at the page's end, from the top down."""
    foot: list[PrintedLine] = []
    for line in sorted((line for line in page.lines if not line.is_furniture), key=lambda line: line.y):
        if line.is_row or line.size > body_size * _SMALLER:
            break
        foot.append(line)
    return foot[::-1]


def _continues(page: PageText, foot: list[PrintedLine], size: float, lowest: float) -> bool:
    """Whether small type at the foot goes on with the note of the page before: a ruling above it, or the same type at the foot."""
    first = foot[0]
    in_foot = set(foot)
    body = [line.y for line in page.lines if line.y > first.y and line not in in_foot and not line.is_furniture]
    above = min(body, default=first.y + 4 * first.size)
    has_ruling = any(first.y < height < above for height in page.rulings)
    is_list = any(line.plain.lower().startswith("nơi nhận") for line in foot) or re.match(r"[-–+•]", first.plain)
    at_foot = foot[-1].y - lowest < 2.5 * first.size
    return has_ruling or (not is_list and at_foot and abs(first.size - size) < 0.3)


def _take_label(line: PrintedLine, body: list[PrintedLine], marks: set[str], before: str) -> str | None:
    """The label that begins this line of the foot, taken off it; None where none begins."""
    first = line.pieces[0] if line.pieces else ""
    if isinstance(first, Mark):
        line.pieces = line.pieces[1:]
        if first.label not in marks:
            _lift_glued_mark(body, first.label)
        return first.label
    found = _LABEL.match(first)
    if not found:
        return None
    label = found.group(1)
    expected = str(int(before) + 1) if before.isdigit() else None
    if label not in marks and not (expected in (None, label) and _lift_glued_mark(body, label)):
        return None
    line.pieces = [first[found.end() :], *line.pieces[1:]]
    return label


def _lift_glued_mark(body: list[PrintedLine], label: str) -> bool:
    """Lift the mark of a note whose figure is set in the text's own type; False if there is none."""
    pattern = re.compile(_GLUED.format(label=re.escape(label)))
    for line in body:
        if line.is_furniture:
            continue
        for at, piece in enumerate(line.pieces):
            if isinstance(piece, str) and (found := pattern.search(piece)):
                line.pieces[at : at + 1] = merge([piece[: found.start()], Mark(label), piece[found.end() :]])
                return True
    return False
