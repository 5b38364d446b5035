"""DOCX → lines: one a paragraph or table row, with printed list numbers, notes beside their marks, changes accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from knowledge.formats.breaks import split_at_breaks
from knowledge.formats.docx_numbering import Numbering, format_number
from knowledge.formats.docx_package import Package, W, open_package
from knowledge.formats.docx_styles import Look, Styles, draws_borders, read_attribute, read_look, read_number
from knowledge.formats.note_marks import Mark, Piece, end_of, is_exponent, join_pieces, read_label, split_superscripts
from knowledge.formats.tables import compose_row, places_blocks
from knowledge.reading import Line, ReadFile
from knowledge.reading_errors import Illegibility, StateSecret, UnreadableText
from knowledge.secrecy import find_secrecy_mark

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
# Left out: what a tracked change takes away, field codes, and the old twin of a drawing that newer Word shows.
_LEFT_OUT = {W + "del", W + "moveFrom", W + "instrText", W + "delText", W + "pPr", W + "rPr", _COMPATIBILITY + "Fallback"}
_FEW_COLUMNS, _FEW_ROWS = 3, 6
_MOST_COLUMNS = 63  # Word's own limit


@dataclass(slots=True)
class _Text:
    """A paragraph's visible text: parts between line breaks, the notes it refers to, the text boxes anchored in it."""

    parts: list[list[Piece]] = field(default_factory=lambda: [[]])
    raised: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)  # (kind, id, label)
    boxes: list[etree._Element] = field(default_factory=list)
    number: str = ""


def read_docx(data: bytes, *, max_bytes: int) -> ReadFile:
    """The lines of a DOCX file; raises the errors of `reading_errors`. The parts may unpack to `max_bytes` at most."""
    package = open_package(data, max_bytes=max_bytes)
    lines = tuple(_Reader(package).read())
    around = [text for part in package.headers for text in _read_plain_lines(part)]
    word_art = [art.get("string", "") for part in (*package.headers, package.document) for art in part.iter(_WORD_ART)]
    mark = find_secrecy_mark([*word_art, *around])
    if mark:
        raise StateSecret(mark)
    if not lines and any(True for name in ("drawing", "pict", "object") for _ in package.document.iter(W + name)):
        raise UnreadableText(Illegibility.SCAN)
    return ReadFile(lines)


def _read_plain_lines(part: etree._Element) -> Iterator[str]:
    """The text of each paragraph of a header or footer, text boxes apart."""
    for paragraph in part.iter(W + "p"):
        own = (text for text in paragraph.iter(W + "t") if next(text.iterancestors(W + "p")) is paragraph)
        yield "".join(text.text or "" for text in own)


class _Reader:
    """Walks a document once, in reading order, with its lists' and notes' counters."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering, self._styles)
        self._forms = {kind: _read_note_form(package, kind) for kind in ("footnote", "endnote")}
        self._counts = {kind: start - 1 for kind, (_, start) in self._forms.items()}
        self._bodies = {
            kind: {note.get(W + "id", ""): note for note in root.iter(W + kind)} if root is not None else {}
            for kind, root in (("footnote", package.footnotes), ("endnote", package.endnotes))
        }
        self._carried: _Text | None = None  # a paragraph whose end a tracked change takes away

    def read(self) -> Iterator[Line]:
        body = self._package.document.find(W + "body")
        if body is not None:
            yield from self._read_blocks(body)

    def _read_blocks(self, parent: etree._Element) -> Iterator[Line]:
        for element in parent:
            if element.tag == W + "p":
                yield from self._read_paragraph(element)
            elif element.tag == W + "tbl":
                yield from self._read_table(element)
            elif element.tag == W + "sdt":
                gallery = read_attribute(element, "sdtPr/docPartObj/docPartGallery") or ""
                content = element.find(W + "sdtContent")
                if content is not None and not gallery.startswith("Table of Contents"):
                    yield from self._read_blocks(content)
            elif element.tag not in _LEFT_OUT:
                yield from self._read_blocks(element)

    def _read_paragraph(self, paragraph: etree._Element) -> Iterator[Line]:
        look = self._look(paragraph)
        if look.name.startswith("toc "):
            return  # a table of contents only repeats the headings
        text = self._read_text(paragraph, look)
        if self._carried is not None:
            return
        lines = split_at_breaks(text.parts, is_centred=look.alignment == "center")
        for at, pieces in enumerate(lines):
            printed = self._to_line([text.number, *pieces] if at == 0 and text.number else pieces, look.heading if at == 0 else 0)
            if printed is not None:
                yield printed
        yield from self._read_notes(text)
        for box in text.boxes:
            yield from self._read_blocks(box)

    def _to_line(self, pieces: list[Piece], heading: int = 0) -> Line | None:
        """A line; one that begins with a typed mark («¹ Nội dung …») is a note's body."""
        note = None
        if pieces and isinstance(pieces[0], Mark) and len(pieces) > 1:
            note, pieces = pieces[0].label, pieces[1:]
        text, marks = join_pieces(pieces)
        return Line(text, whole=True, note=note, marks=marks, heading=heading) if text else None

    def _look(self, paragraph: etree._Element) -> Look:
        properties = paragraph.find(W + "pPr")
        style = read_attribute(properties, "pStyle") or self._styles.default
        return read_look(properties, None, self._styles.get(style))

    def _read_text(self, paragraph: etree._Element, look: Look) -> _Text:
        """The paragraph's text with its list number; kept back when a tracked change joins it to the next one."""
        joins_next = paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None
        text = self._carried or _Text()
        if self._carried is None and not joins_next and look.list_id not in (None, "0"):
            text.number = self._numbering.number(look.list_id or "", look.list_level or 0)
        self._walk(paragraph, look, text)
        _settle_raised(text)
        self._carried = text if joins_next else None
        return text

    def _walk(self, parent: etree._Element, look: Look, text: _Text) -> None:
        for element in parent:
            tag = element.tag
            if tag == W + "r":
                self._read_run(element, look, text)
            elif tag == _COMPATIBILITY + "AlternateContent":
                self._walk(next(iter(element), element), look, text)
            elif tag == W + "txbxContent":
                text.boxes.append(element)
            elif tag == _MATH_TEXT:
                _settle_raised(text)
                text.parts[-1].append(element.text or "")
            elif tag not in _LEFT_OUT:
                self._walk(element, look, text)

    def _read_run(self, run: etree._Element, paragraph_look: Look, text: _Text) -> None:
        properties = run.find(W + "rPr")
        style = self._styles.get(read_attribute(properties, "rStyle"))
        look = read_look(
            None,
            properties,
            Look(
                is_hidden=paragraph_look.is_hidden if style.is_hidden is None else style.is_hidden,
                is_capitals=paragraph_look.is_capitals if style.is_capitals is None else style.is_capitals,
                raised=style.raised,
            ),
        )
        if look.is_hidden:
            return
        for element in run:
            self._read_run_part(element, look, text)

    def _read_run_part(self, element: etree._Element, look: Look, text: _Text) -> None:
        tag = element.tag
        if tag in (W + "footnoteReference", W + "endnoteReference"):
            self._refer(element, text)
            return
        written = {W + "tab": " ", W + "noBreakHyphen": "-", W + "t": element.text or ""}.get(tag)
        if written is not None:
            if look.raised == "superscript" and tag == W + "t":
                text.raised.append(written)
                return
            _settle_raised(text)
            text.parts[-1] += split_superscripts(written.upper() if look.is_capitals else written)
        elif tag in (W + "br", W + "cr"):
            _settle_raised(text)
            text.parts.append([])
        elif tag not in _LEFT_OUT and len(element):
            self._walk(element, look, text)

    def _refer(self, element: etree._Element, text: _Text) -> None:
        """Lift a note's mark: its number in the order of appearance, or the sign the writer chose."""
        _settle_raised(text)
        kind = "footnote" if element.tag == W + "footnoteReference" else "endnote"
        note_id = element.get(W + "id", "")
        if element.get(W + "customMarkFollows") in ("1", "true", "on"):
            own = element.getnext()
            label = (own.text or "").strip() if own is not None and own.tag == W + "t" else ""
            if own is not None and label:
                own.text = ""
        else:
            self._counts[kind] += 1
            label = format_number(self._counts[kind], self._forms[kind][0])
        if label:
            text.parts[-1].append(Mark(label))
            text.notes.append((kind, note_id, label))

    def _read_notes(self, text: _Text) -> Iterator[Line]:
        for kind, note_id, label in text.notes:
            note = self._bodies[kind].get(note_id)
            for paragraph in note.iter(W + "p") if note is not None else ():
                inner = _Text()
                self._walk(paragraph, Look(), inner)
                _settle_raised(inner)
                # The note's own number comes from w:footnoteRef, or is typed raised in front.
                pieces = [piece for piece in _flatten(inner.parts) if piece != Mark(label)]
                words, marks = join_pieces(pieces)
                if words:
                    yield Line(words, whole=True, note=label, marks=marks)

    def _read_table(self, table: etree._Element) -> Iterator[Line]:
        rows = [row for row in _find_rows(table) if row.find(f"{W}trPr/{W}del") is None]
        cells = [list(_find_cells(row)) for row in rows]
        texts = [["".join(text.text or "" for text in cell.iter(W + "t")) for cell in row] for row in cells]
        columns = max((len(row) for row in cells), default=0)
        is_layout = not self._has_borders(table) and columns <= _FEW_COLUMNS and len(rows) <= _FEW_ROWS
        if columns < 2 or is_layout or places_blocks(texts):
            for row in cells:
                for cell in row:
                    yield from self._read_blocks(cell)
            return
        for row in cells:
            yield from self._read_row(row)

    def _has_borders(self, table: etree._Element) -> bool:
        own = table.find(f"{W}tblPr/{W}tblBorders")
        if own is not None:
            return draws_borders(own) or any(map(draws_borders, table.iter(W + "tcBorders")))
        style = self._styles.get(read_attribute(table, "tblPr/tblStyle"))
        return style.has_borders or any(map(draws_borders, table.iter(W + "tcBorders")))

    def _read_row(self, cells: list[etree._Element]) -> Iterator[Line]:
        columns: list[list[Piece]] = []
        after = _Text()
        for cell in cells:
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            is_continued = merged is not None and merged.get(W + "val", "continue") == "continue"
            pieces: list[Piece] = []
            for paragraph in [] if is_continued else cell.iter(W + "p"):
                if next(paragraph.iterancestors(_COMPATIBILITY + "Fallback"), None) is not None:
                    continue
                text = self._read_text(paragraph, self._look(paragraph))
                if self._carried is None:
                    pieces += [" ", text.number, *_flatten(text.parts)]
                    after.notes += text.notes
            columns.append(pieces)
            columns += [[] for _ in range(min(read_number(cell, "tcPr/gridSpan", 1) or 1, _MOST_COLUMNS) - 1)]
        words, marks = join_pieces(compose_row(columns))
        if words.strip(" |"):
            yield Line(words, whole=True, marks=marks)
        yield from self._read_notes(after)


def _read_note_form(package: Package, kind: str) -> tuple[str, int]:
    """(number form, first number) of the document's notes: 1, 2 … at the page's foot, i, ii … at the end, unless it says otherwise."""
    name = kind + "Pr"
    places = [*package.document.iter(W + "sectPr"), *([package.settings] if package.settings is not None else [])]
    forms = [form for place in places if (form := read_attribute(place, f"{name}/numFmt"))]
    starts = [start for place in places if (start := read_number(place, f"{name}/numStart")) is not None]
    return (forms[0] if forms else "decimal" if kind == "footnote" else "lowerRoman"), starts[0] if starts else 1


def _settle_raised(text: _Text) -> None:
    """Make marks of the raised characters gathered so far; «m²» and «1ˢᵗ» stay text."""
    raised = "".join(text.raised)
    text.raised.clear()
    if not raised:
        return
    marks = read_label(raised)
    text.parts[-1] += marks if marks and not is_exponent(end_of(text.parts[-1]), raised.strip()) else [raised]


def _flatten(parts: list[list[Piece]]) -> list[Piece]:
    return [piece for index, part in enumerate(parts) for piece in ([" ", *part] if index else part)]


def _find_rows(table: etree._Element) -> Iterator[etree._Element]:
    """Rows of a table, also those inside content controls, not those of tables inside its cells."""
    for element in table:
        if element.tag == W + "tr":
            yield element
        elif element.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _find_rows(element)


def _find_cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if element.tag == W + "tc":
            yield element
        elif element.tag in (W + "sdt", W + "sdtContent", W + "customXml"):
            yield from _find_cells(element)
