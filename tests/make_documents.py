"""Real PDF, DOCX and other files for tests, made of passages of our own writing.

In texts, `{2}` is a raised note mark. PDF pages are set by a small typesetter of our own, so that a test decides where
words, marks, notes and page numbers lie.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

FONT, BOLD = "TestSerif", "TestSerif-Bold"
LEFT, RIGHT, TOP, BOTTOM = 85.0, 545.0, 770.0, 60.0  # points on A4
_MARK = re.compile(r"\{(\w+)\}")
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")


@cache
def register_fonts() -> None:
    """Register a text face and a bold one that hold Vietnamese letters under FONT and BOLD.

    Raises FileNotFoundError where the machine has none.
    """
    found = [path for folder in _FONT_FOLDERS for path in sorted(Path(folder).rglob("*.ttf"))]
    wanted = ("DejaVuSerif", "DejaVuSans", "LiberationSerif", "NotoSerif", "times", "")
    for stem in wanted:
        regular = next((path for path in found if path.stem.startswith(stem) and _has_vietnamese(path)), None)
        if regular is None:
            continue
        family = regular.stem.removesuffix("-Regular")
        bold = next((path for path in found if path.stem == f"{family}-Bold" and _has_vietnamese(path)), regular)
        pdfmetrics.registerFont(TTFont(FONT, str(regular)))
        pdfmetrics.registerFont(TTFont(BOLD, str(bold)))
        return
    raise FileNotFoundError("a TrueType font with Vietnamese letters")


def _has_vietnamese(path: Path) -> bool:
    try:
        return all(ord(letter) in TTFont("probe", str(path)).face.charToGlyph for letter in "ệữđặ")
    except (TTFError, OSError):
        return False


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of a PDF; `align` is justify, left or centre."""

    text: str
    align: str = "justify"
    is_bold: bool = False
    size: float = 13.0
    indent: float = 28.0


@dataclass(frozen=True, slots=True)
class Beside:
    """Two blocks of lines side by side: a letterhead, or the recipients beside the signature."""

    left: Sequence[str]
    right: Sequence[str]
    left_size: float = 11.0
    right_size: float = 13.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `is_ruled` draws its lines."""

    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    is_ruled: bool = True
    size: float = 11.0


@dataclass(frozen=True, slots=True)
class NewPage:
    """The end of a page."""


Block = Text | Beside | Grid | NewPage


class Typesetter:
    """Sets blocks on A4 pages, with notes at the foot of the page that carries their mark."""

    def __init__(self, *, notes: dict[str, str], page_numbers: bool, ruling: bool, glued: bool, draw_words: bool) -> None:
        register_fonts()
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=A4)
        self._notes, self._page_numbers, self._ruling, self._glued, self._draw_words = notes, page_numbers, ruling, glued, draw_words
        self._page = 0
        self._waiting: list[tuple[str, list[str]]] = []  # (label, lines) of notes for this page's foot
        self._begin_page()

    def finish(self) -> bytes:
        while self._waiting:
            self._end_page()
            if self._waiting:
                self._begin_page()
        if self._y != TOP or self._page == 1:
            self._end_page()
        self._canvas.save()
        return self._buffer.getvalue()

    def set(self, block: Block) -> None:
        match block:
            case Text():
                self._set_text(block)
            case Beside():
                self._set_beside(block)
            case Grid():
                self._set_grid(block)
            case NewPage():
                self._break_page()

    def _begin_page(self) -> None:
        self._page += 1
        self._y = TOP
        if self._page_numbers and self._page > 1:
            self._canvas.setFont(FONT, 12)
            self._canvas.drawCentredString((LEFT + RIGHT) / 2, TOP + 25, str(self._page))

    def _break_page(self) -> None:
        self._end_page()
        self._begin_page()

    def _end_page(self) -> None:
        """Print the notes that fit at the foot; what is left of the last one waits for the next page."""
        room = int((self._y - BOTTOM) / 12.5)
        lines: list[tuple[str, str]] = []
        waiting: list[tuple[str, list[str]]] = []
        for label, note_lines in self._waiting:
            taken = note_lines[: max(room - len(lines), 0)]
            lines += [(label if at == 0 else "", line) for at, line in enumerate(taken)]
            if len(taken) < len(note_lines):
                waiting.append(("" if taken else label, note_lines[len(taken) :]))
        y = BOTTOM + 12.5 * (len(lines) - 1)
        if lines and self._ruling:
            self._canvas.line(LEFT, y + 14, LEFT + 140, y + 14)
        for label, line in lines:
            x = LEFT
            if label:
                self._canvas.setFont(FONT, 6.5)
                self._canvas.drawString(x, y + 3.3, label)
                x += self._canvas.stringWidth(label, FONT, 6.5) + 2
            self._canvas.setFont(FONT, 10)
            self._canvas.drawString(x, y, line)
            y -= 12.5
        self._waiting = waiting
        self._canvas.showPage()

    def _set_text(self, text: Text) -> None:
        font = BOLD if text.is_bold else FONT
        lines = self._wrap(text.text, font, text.size, RIGHT - LEFT - 4, text.indent if text.align == "justify" else 0)
        for at, words in enumerate(lines):
            for label in _MARK.findall(" ".join(words)):
                if label in self._notes:
                    self._waiting.append(
                        (label, [" ".join(line) for line in self._wrap(self._notes[label], FONT, 10, RIGHT - LEFT - 12, 0)])
                    )
            needed = 12.5 * min(sum(len(lines) for _, lines in self._waiting), 8) + 16
            if self._y - text.size * 1.35 < BOTTOM + needed:
                self._break_page()
            indent = text.indent if at == 0 and text.align == "justify" else 0.0
            self._draw_line(words, font, text, indent, is_last=at == len(lines) - 1)
            self._y -= text.size * 1.35
        self._y -= 4

    def _draw_line(self, words: list[str], font: str, text: Text, indent: float, *, is_last: bool) -> None:
        widths = [self._measure(word, font, text.size) for word in words]
        blank = self._canvas.stringWidth(" ", font, text.size)
        free = RIGHT - LEFT - indent - sum(widths)
        gap = free / (len(words) - 1) if text.align == "justify" and not is_last and len(words) > 1 else blank
        x = LEFT + indent
        if text.align == "centre":
            x = LEFT + (RIGHT - LEFT - sum(widths) - blank * (len(words) - 1)) / 2
        for at, (word, width) in enumerate(zip(words, widths, strict=True)):
            self._draw_word(word if self._draw_words or at == len(words) - 1 else word + " ", x, font, text.size)
            x += width + gap

    def _draw_word(self, word: str, x: float, font: str, size: float) -> None:
        for at, piece in enumerate(_MARK.split(word)):
            is_mark = at % 2 == 1 and not self._glued
            self._canvas.setFont(font, size * 0.6 if is_mark else size)
            self._canvas.drawString(x, self._y + (size * 0.33 if is_mark else 0), piece)
            x += self._canvas.stringWidth(piece, font, size * 0.6 if is_mark else size)

    def _measure(self, word: str, font: str, size: float) -> float:
        width = 0.0
        for at, piece in enumerate(_MARK.split(word)):
            width += self._canvas.stringWidth(piece, font, size * 0.6 if at % 2 and not self._glued else size)
        return width

    def _wrap(self, text: str, font: str, size: float, width: float, indent: float) -> list[list[str]]:
        lines: list[list[str]] = [[]]
        used = indent
        blank = self._canvas.stringWidth(" ", font, size)
        for word in text.split():
            measure = self._measure(word, font, size)
            if lines[-1] and used + measure > width:
                lines.append([])
                used = 0.0
            lines[-1].append(word)
            used += measure + blank
        return lines

    def _set_beside(self, block: Beside) -> None:
        for lines, size, middle in ((block.left, block.left_size, LEFT + 90), (block.right, block.right_size, RIGHT - 125)):
            y = self._y
            for line in lines:
                self._canvas.setFont(FONT, size)
                if lines is block.left:
                    self._canvas.drawString(LEFT, y, line)
                else:
                    self._canvas.drawCentredString(middle, y, line)
                y -= size * 1.3
        self._y -= max(len(block.left) * block.left_size, len(block.right) * block.right_size) * 1.3 + 12

    def _set_grid(self, grid: Grid) -> None:
        for row in grid.rows:
            wrapped = [
                [" ".join(line) for line in self._wrap(cell, FONT, grid.size, width - 8, 0)]
                for cell, width in zip(row, grid.widths, strict=True)
            ]
            height = max(map(len, wrapped)) * grid.size * 1.25 + 6
            if self._y - height < BOTTOM:
                self._break_page()
            x = LEFT
            for lines, width in zip(wrapped, grid.widths, strict=True):
                if grid.is_ruled:
                    self._canvas.rect(x, self._y - height, width, height)
                self._canvas.setFont(FONT, grid.size)
                for at, line in enumerate(lines):
                    self._canvas.drawString(x + 4, self._y - grid.size * (1.25 * at + 1.05), line)
                x += width
            self._y -= height
        self._y -= 16


def make_pdf(
    blocks: Iterable[Block | str],
    *,
    notes: dict[str, str] | None = None,
    page_numbers: bool = True,
    ruling: bool = True,
    glued: bool = False,
    draw_words: bool = False,
) -> bytes:
    """A PDF with a text layer. `notes` are bodies by label; `glued` sets marks like the text around them.

    `ruling` draws the line above notes; `draw_words` prints word by word without a blank in the file.
    """
    typesetter = Typesetter(notes=notes or {}, page_numbers=page_numbers, ruling=ruling, glued=glued, draw_words=draw_words)
    for block in blocks:
        typesetter.set(Text(block) if isinstance(block, str) else block)
    return typesetter.finish()


def draw_pdf(*pages: Callable[[Canvas], None], encrypt: str | None = None) -> bytes:
    """A PDF of pages drawn by hand; FONT and BOLD are there. `encrypt` is the password to open it."""
    register_fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, encrypt=encrypt)
    for draw in pages:
        canvas.setFont(FONT, 13)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw_picture(canvas: Canvas) -> None:
    """A page that is a picture, as a scanner makes it."""
    canvas.drawImage(ImageReader(Image.new("L", (8, 8), 200)), 0, 0, A4[0], A4[1])


_NOTES = (
    '<w:footnotes {ns}><w:footnote w:id="-1" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:id="0" w:type="continuationSeparator"><w:p/></w:footnote>{bodies}</w:footnotes>'
)
_NOTE = '<w:footnote w:id="{id}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def make_docx(paragraphs: Iterable[str], *, notes: dict[str, str] | None = None, change: Callable[[Document], None] | None = None) -> bytes:
    """A DOCX file; `{2}` in a text becomes a real footnote with the body of that label. `change` edits it before saving."""
    document = docx.Document()
    bodies: list[str] = []
    for text in paragraphs:
        add_paragraph(document, text, notes or {}, bodies)
    if change:
        change(document)
    if bodies:
        written = "".join(_NOTE.format(id=at + 2, text=body) for at, body in enumerate(bodies))
        blob = _NOTES.format(ns=nsdecls("w"), bodies=written).encode()
        part = Part(PackURI("/word/footnotes.xml"), _NOTES_TYPE, blob, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def add_paragraph(document: Document, text: str, notes: dict[str, str], bodies: list[str]) -> Paragraph:
    """A paragraph with its footnote references; the bodies used are added to `bodies`."""
    paragraph = document.add_paragraph()
    for at, piece in enumerate(_MARK.split(text)):
        if at % 2 == 0:
            paragraph.add_run(piece)
            continue
        bodies.append(notes[piece])
        reference = parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{len(bodies) + 1}"/>')
        paragraph.add_run()._r.append(reference)
    return paragraph


def add_list(document: Document, levels: Sequence[tuple[str, str]], items: Sequence[tuple[int, str]], *, list_id: int = 77) -> None:
    """Paragraphs numbered by Word itself: levels as (number form, text), items as (level, text)."""
    numbering = document.part.numbering_part.element
    written = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{list_id}">{written}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/></w:num>'))
    for level, text in items:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'))


def add_xml(document: Document, xml: str) -> None:
    """Raw WordprocessingML (with the prefix w: bound) before the section's end."""
    body = document.element.body
    wrapped = parse_xml(f"<w:body {nsdecls('w')}>{xml}</w:body>")
    for element in list(wrapped):
        body.find(qn("w:sectPr")).addprevious(element)
