"""Markdown → lines: markup lifted out, list markers as printed, hard breaks as lines, table rows as one line, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from knowledge.formats.breaks import MARKER
from knowledge.formats.decode import decode_text
from knowledge.formats.html import NOTE_TARGET, read_markup
from knowledge.formats.note_marks import Mark, Piece, end_of, is_exponent, join_pieces, read_label, split_superscripts
from knowledge.formats.tables import compose_row
from knowledge.reading import Line, ReadFile
from knowledge.reading_errors import OversizedFile

_TOO_LONG = 500_000  # characters, six times a long plan; hostile markup takes the parser many seconds a million
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:[\w-]+:.*\n|[ \t]+.*\n)*---[ \t]*\n")
_BACK = {"↑", "↩", "↩︎", "^"}
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_CELL_END = re.compile(r"(?<!\\)\|")
_MOST_COLUMNS = 60
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def read_markdown(data: bytes) -> ReadFile:
    """The lines of a Markdown file (CommonMark with tables and notes); raises the errors of `reading_errors`."""
    text = re.sub(r"\r\n?", "\n", decode_text(data)).replace("\f", "\n")
    if len(text) > _TOO_LONG:
        raise OversizedFile(limit=_TOO_LONG, size=len(text))
    # Indented text is no code here, and a rule under a letterhead makes it no heading.
    parser = MarkdownIt("commonmark").enable("table").disable(["code", "lheading"]).use(footnote_plugin)
    return ReadFile(tuple(_Reader().read(parser.parse(_widen_tables(_FRONT_MATTER.sub("", text))))))


def _widen_tables(text: str) -> str:
    """Tables with their head as wide as their widest row: a parser drops the cells that stand beyond it."""
    lines = text.split("\n")
    at = 1
    while at < len(lines):
        if "|" in lines[at] and _DELIMITER.fullmatch(lines[at]):
            end = next((after for after in range(at + 1, len(lines)) if "|" not in lines[after]), len(lines))
            missing = max((_count_cells(line) for line in lines[at + 1 : end]), default=0) - _count_cells(lines[at])
            if 0 < missing < _MOST_COLUMNS:
                lines[at - 1] = lines[at - 1].rstrip().removesuffix("|") + "| " * (missing + 1)
                lines[at] = lines[at].rstrip().removesuffix("|") + "|---" * missing + "|"
            at = end
        at += 1
    return "\n".join(lines)


def _count_cells(row: str) -> int:
    return len(_CELL_END.findall(row.strip().strip("|"))) + 1


class _Reader:
    """Walks the parser's tokens once, with the markers and the note that the next line gets."""

    def __init__(self) -> None:
        self._marker = ""
        self._note: str | None = None
        self._heading = 0
        self._cells: list[list[Piece]] | None = None

    def read(self, tokens: list[Token]) -> Iterator[Line]:
        for token in tokens:
            match token.type:
                case "list_item_open":
                    self._marker = f"{token.info}{token.markup} "
                case "heading_open":
                    self._heading = int(token.tag[1])
                case "heading_close":
                    self._heading = 0
                case "footnote_open":
                    self._note = str(token.meta.get("label") or token.meta["id"] + 1)
                case "footnote_close":
                    self._note = None
                case "tr_open":
                    self._cells = []
                case "tr_close":
                    yield from self._close_row()
                case "inline":
                    yield from self._read_inline(token)
                case "fence" | "code_block":
                    yield from (Line(text) for raw in token.content.splitlines() if (text := join_pieces([raw])[0]))
                case "html_block":
                    yield from read_markup(token.content)

    def _close_row(self) -> Iterator[Line]:
        text, marks = join_pieces(compose_row(self._cells or []))
        self._cells = None
        if text.strip(" |"):
            yield Line(text, whole=True, marks=marks)

    def _read_inline(self, token: Token) -> Iterator[Line]:
        parts = _split_inline(token.children or [])
        if self._cells is not None:
            self._cells.append([piece for part in parts for piece in (" ", *part)])
            return
        for at, pieces in enumerate(parts):
            note = self._note
            if pieces and isinstance(pieces[0], Mark) and len(pieces) > 1:
                note, pieces = pieces[0].label, pieces[1:]
            if self._marker:
                pieces, self._marker = [self._marker, *pieces], ""
            text, marks = join_pieces(pieces)
            if text:
                yield Line(text, whole=True, note=note, marks=marks, heading=self._heading if at == 0 else 0)


def _split_inline(children: list[Token]) -> list[list[Piece]]:
    """The lines of an inline token: hard breaks part them; a soft one only before an item or inside bold type."""
    parts: list[list[Piece]] = [[]]
    raised = is_note = False
    strong = 0
    for at, token in enumerate(children):
        match token.type:
            case "text" | "code_inline" if is_note:
                # «[[1]](#footnote-1)» is a mark, «[↑](#footnote-ref-1)» leads back to it.
                parts[-1] += read_label(token.content) or ([] if token.content in _BACK else [token.content])
            case "text" | "code_inline":
                pieces = read_label(token.content) if raised else []
                is_power = raised and is_exponent(end_of(parts[-1]), token.content)
                parts[-1] += pieces if pieces and not is_power else split_superscripts(token.content)
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "footnote_ref":
                parts[-1].append(Mark(str(token.meta.get("label") or token.meta["id"] + 1)))
            case "hardbreak":
                parts.append([])
            case "softbreak":
                following = "".join(one.content for one in children[at + 1 : at + 4])
                if strong or MARKER.match(following) or re.match("[¹²³]", following):
                    parts.append([])
                else:
                    parts[-1].append(" ")
            case "link_open":
                is_note = NOTE_TARGET.match(str(token.attrs.get("href", ""))) is not None
            case "link_close":
                is_note = False
            case "html_inline":
                raised = token.content.lower().startswith("<sup") or (raised and not token.content.lower().startswith("</sup"))
                if _BREAK.match(token.content):
                    parts.append([])
            case _:
                pass
    return [part for part in parts if part]
