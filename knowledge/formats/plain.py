"""Plain text → lines: pages told by form feeds or leading blanks, paragraphs by blank lines, Markdown emphasis lifted."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto
from itertools import pairwise

from knowledge.formats.decode import decode_text
from knowledge.formats.note_marks import Mark, Piece, cut_at_marks, join_pieces, split_superscripts
from knowledge.reading import Line, ReadFile
from knowledge.reading_errors import OversizedFile, TooManyPages

_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x85\u2028\u2029]")
# `**…**` and `*…*` around words; «(*)», «5*3», a bullet «* » and a note's star are none.
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\W_]|[“\"«(\[-])((?:(?!\n[ \t]*\n)[^*])+?)(?<=[^\s*(])\1(?![^\W¹²³⁰⁴-⁹]|\*)")
_TOO_LONG = 4_000_000  # characters: fifty times a long plan
_LONG = 150  # characters: no printed line is so long, so the line is a paragraph
_FEW_LINES = 10
_MARKER = re.compile(r"(?:[-–—+*•▪]\s|\(?[a-zđ]\)|\d{1,2}(?:\.\d{1,2})*[.)]\s|[IVX]{1,5}[.)]\s)")


class _Layout(Enum):
    """What a line of the file is."""

    PARAGRAPHS = auto()  # a whole paragraph
    BLOCKS = auto()  # a printed line; blank lines stand between paragraphs
    PRINTED = auto()  # a printed line; nothing tells where a paragraph ends


def read_plain(data: bytes, *, max_pages: int) -> ReadFile:
    """The lines of a text file; raises the errors of `reading_errors`.

    Pages are numbered only where form feeds part them. A line that begins with a blank while most do not starts a page:
    some exports leave one there.
    """
    text = decode_text(data)
    if len(text) > _TOO_LONG:
        raise OversizedFile(limit=_TOO_LONG, size=len(text))
    pages = text.rstrip("\f \r\n\t").lstrip("\ufeff").split("\f")
    if len(pages) > max_pages:
        raise TooManyPages(limit=max_pages, pages=len(pages))
    blocks: list[list[Line]] = []
    for number, page in enumerate(pages, 1):
        blocks += _read_blocks(page, number if len(pages) > 1 else None)
    _keep_page_starts(blocks)
    lines = [line for block in _join_paragraphs(blocks) for line in block]
    return ReadFile(tuple(lines), pages=len(pages) if len(pages) > 1 else None)


def _read_blocks(text: str, page: int | None) -> list[list[Line]]:
    """Lines grouped as blank lines part them; `page_start` is set on every line with a leading blank, for now."""
    blocks: list[list[Line]] = [[]]
    for raw in _LINE_END.split(_lift_emphasis("\n".join(_LINE_END.split(text)))):
        line = _read_line(raw, page)
        if line.text:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    blocks = [block for block in blocks if block]
    if page is not None and blocks:
        blocks[0][0] = replace(blocks[0][0], page_start=True)
    return blocks


def _lift_emphasis(text: str) -> str:
    # Twice: `***a** b*` and emphasis inside bold need a second look.
    return _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))


def _read_line(raw: str, page: int | None) -> Line:
    """One line; superscript characters are marks, one at the beginning is the label of a note's body."""
    pieces = split_superscripts(raw.strip())
    note = None
    if pieces and isinstance(pieces[0], Mark):
        note, pieces = pieces[0].label, pieces[1:]
    text, marks = join_pieces(pieces)
    return Line(text, page, note=note, marks=marks, page_start=raw[:1].isspace())


def _keep_page_starts(blocks: list[list[Line]]) -> None:
    """Leading blanks mean pages only where they are rare; else they are the indents of paragraphs."""
    lines = [line for block in blocks for line in block]
    numbered = bool(lines) and lines[0].page is not None
    if not numbered and sum(line.page_start for line in lines) <= len(lines) * 0.2:
        return
    before: int | None = None
    for block in blocks:
        for at, line in enumerate(block):
            block[at] = replace(line, page_start=numbered and line.page != before)
            before = line.page


def _join_paragraphs(blocks: list[list[Line]]) -> list[list[Line]]:
    match _tell_layout(blocks):
        case _Layout.PARAGRAPHS:
            return [[replace(line, whole=True) for line in block] for block in blocks]
        case _Layout.BLOCKS:
            lengths = sorted(len(line.text) for block in blocks for line in block)
            return [_join_block(block, lengths[int(len(lengths) * 0.9)]) for block in blocks]
        case _Layout.PRINTED:
            return [_carry_note(block) for block in blocks]


def _tell_layout(blocks: list[list[Line]]) -> _Layout:
    lines = [line.text for block in blocks for line in block]
    lengths = sorted(map(len, lines))
    if lines and lengths[int(len(lengths) * 0.9)] > _LONG:
        return _Layout.PARAGRAPHS
    if len(lines) < _FEW_LINES:
        return _Layout.PRINTED
    # Of the fullest lines, the share that goes on in small letters tells broken lines from whole paragraphs.
    full = lengths[int(len(lengths) * 0.95)] * 0.8
    follows = [(_goes_on(two), len(one) >= full) for one, two in pairwise(lines)]
    broken = [goes_on for goes_on, is_full in follows if is_full]
    if sum(goes_on for goes_on, _ in follows) < len(follows) * 0.05 and sum(broken) < len(broken) * 0.3:
        return _Layout.PARAGRAPHS
    in_blocks = sum(len(block) for block in blocks if len(block) > 1)
    return _Layout.BLOCKS if len(blocks) > 3 and in_blocks > len(lines) * 0.5 else _Layout.PRINTED


def _goes_on(text: str) -> bool:
    return text[:1].islower() and not _MARKER.match(text)


def _join_block(block: list[Line], width: int) -> list[Line]:
    """A block of broken lines as one whole paragraph; as it is printed where an item or a short line stands inside."""
    block = _carry_note(block)
    has_items = any(_MARKER.match(line.text) or line.note != block[0].note for line in block[1:])
    if has_items or any(len(line.text) < width * 0.7 for line in block[:-1]):
        return block
    pieces: list[Piece] = []
    for line in block:
        is_one_number = pieces and isinstance(pieces[-1], str) and re.search(r"\w-$", pieces[-1]) and re.match(r"[A-ZĐ]{2}", line.text)
        pieces += [*([" "] if pieces and not is_one_number else []), *cut_at_marks(line.text, line.marks)]
    text, marks = join_pieces(pieces)
    return [replace(block[0], text=text, marks=marks, whole=True)]


def _carry_note(block: list[Line]) -> list[Line]:
    """Lines below a note's first line, up to a blank line or the next page, belong to that note."""
    note: str | None = None
    carried: list[Line] = []
    for line in block:
        note = line.note or (None if line.page_start else note)
        carried.append(replace(line, note=note))
    return carried
