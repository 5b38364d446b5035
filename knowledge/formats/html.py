"""HTML → lines: one a block element, list numbers as a browser prints them, table rows as one line, page furniture out.

Read with lxml rather than through BeautifulSoup: a hostile page of some megabytes would cost that gigabytes and minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from knowledge.formats.breaks import split_at_breaks
from knowledge.formats.decode import decode_text
from knowledge.formats.docx_numbering import format_number
from knowledge.formats.note_marks import Mark, Piece, cut_at_marks, end_of, is_exponent, join_pieces, read_label, split_superscripts
from knowledge.formats.tables import compose_row, places_blocks
from knowledge.layout.markers import read_marker
from knowledge.reading import Line, ReadFile
from knowledge.reading_errors import DamagedFile, OversizedFile

_LEFT_OUT = frozenset(
    (
        *("script", "style", "nav", "aside", "template", "noscript", "head", "svg", "iframe", "object", "audio", "video"),
        *("button", "select", "option", "input", "textarea"),
    )
)
_BLOCKS = frozenset(
    (
        *("html", "body", "main", "article", "section", "header", "footer", "div", "p", "pre", "blockquote", "address", "center"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "ul", "ol", "menu", "li", "dl", "dt", "dd", "figure", "figcaption", "hr"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "form", "fieldset", "legend", "details", "summary"),
    )
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DATA_ADDRESS = re.compile(r"""(["'(])data:[^"')\s]{200,}""")
NOTE_TARGET = re.compile(r"#(?:_|body_|sd)?(?:ftn|edn|fn|footnote|endnote|cite_note|note)", re.IGNORECASE)
_NOTE_ID = re.compile(r"(?:_|sd)?(?:ftn|edn|fn|footnote|endnote|note)[-_:]?(\d{1,3})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_FORMS |= {"lower-alpha": "lowerLetter", "upper-alpha": "upperLetter", "lower-latin": "lowerLetter", "upper-latin": "upperLetter"}
_FORMS |= {"lower-roman": "lowerRoman", "upper-roman": "upperRoman", "decimal-leading-zero": "decimalZero", "none": "none"}
_TOO_LONG = 4_000_000  # characters of markup without embedded pictures: many times the longest plan
_TOO_MANY_ELEMENTS = 400_000
_TOO_MANY_COLUMNS = 60


def read_html(data: bytes) -> ReadFile:
    """The lines of an HTML file; raises the errors of `reading_errors`."""
    return ReadFile(tuple(read_markup(_decode(data))))


def read_markup(text: str) -> Iterator[Line]:
    """The lines of a page or a piece of HTML."""
    text = _DATA_ADDRESS.sub(r"\1", text)
    if len(text) > _TOO_LONG:
        raise OversizedFile(limit=_TOO_LONG, size=len(text))
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text)
    try:
        root = lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    if sum(1 for _ in root.iter()) > _TOO_MANY_ELEMENTS:
        raise DamagedFile("html")
    body = root.find("body")
    yield from _Reader().read(root if body is None else body)


def _decode(data: bytes) -> str:
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(named.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # the page lies about itself
    return decode_text(data)


class _Reader:
    """Walks a page once; what is gathered between two block edges becomes lines."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._parts: list[list[Piece]] = [[]]
        self._marker = ""
        self._note: str | None = None
        self._heading = 0
        self._is_centred = False
        self._counters: list[tuple[str, int, int]] = []  # of the open lists: form, next number, step

    def read(self, root: etree._Element) -> list[Line]:
        self._walk(root, is_top=True)
        self._flush()
        return self._lines

    def _walk(self, element: etree._Element, *, is_top: bool = False) -> None:
        """The text of an element and of what it holds, without its tail."""
        self._add(element.text)
        for child in element:
            if isinstance(child.tag, str) and not _is_left_out(child, is_top=is_top):
                self._enter(child)
            self._add(child.tail)

    def _enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "br":
            self._parts.append([])
        elif tag == "sup" or (tag == "a" and NOTE_TARGET.match(element.get("href", ""))):
            self._add_raised(element)
        elif tag == "table":
            self._flush()
            self._read_table(element)
        elif tag == "pre":
            self._flush()
            for raw in "".join(element.itertext()).splitlines():
                text, marks = join_pieces(split_superscripts(raw))
                self._lines += [Line(text, marks=marks)] if text else []
        elif tag in _BLOCKS:
            self._enter_block(element)
        elif self._marker and re.search(r"float\s*:\s*left", element.get("style", "")):
            # A list's label that an export wrote out: the browser's own is switched off.
            self._marker = re.sub("^--+$", "-", "".join(element.itertext()).strip()) + " "
        else:
            self._walk(element)

    def _enter_block(self, element: etree._Element) -> None:
        self._flush()
        before = self._heading, self._is_centred, self._note
        tag = element.tag
        style = element.get("style", "")
        if re.fullmatch("h[1-6]", tag):
            self._heading = int(tag[1])
        if tag == "center" or element.get("align", "").lower() == "center" or re.search(r"text-align\s*:\s*center", style):
            self._is_centred = True
        named = _NOTE_ID.fullmatch(element.get("id", ""))
        if named:
            self._note = named.group(1)
        if tag in ("ol", "ul", "menu"):
            self._counters.append(_read_list(element))
        elif tag == "li":
            self._marker = "" if named else self._count(element)
        self._walk(element, is_top=tag == "body")
        self._flush()
        if tag in ("ol", "ul", "menu"):
            self._counters.pop()
        self._marker = "" if tag == "li" else self._marker
        self._heading, self._is_centred, self._note = before

    def _count(self, item: etree._Element) -> str:
        """What a browser prints in front of this list item, with its blank."""
        if not self._counters:
            return "- "
        form, number, step = self._counters[-1]
        if form in ("bullet", "none"):
            return "- " if form == "bullet" else ""
        number = _read_int(item.get("value"), number)
        self._counters[-1] = form, number + step, step
        return f"{format_number(number, form)}. "

    def _add(self, text: str | None) -> None:
        if text:
            self._parts[-1] += split_superscripts(re.sub(r"\s+", " ", text))

    def _add_raised(self, element: etree._Element) -> None:
        """A raised figure or a link to a note is a mark; at a block's beginning it is the label of the note's body."""
        raised = "".join(element.itertext()).strip()
        marks = read_label(raised)
        if element.tag == "a" and raised in ("↩", "↩︎", "^"):
            return
        if marks and not (element.tag == "sup" and is_exponent(end_of(self._parts[-1]), raised)):
            self._parts[-1] += marks
        else:
            self._walk(element)

    def _flush(self) -> None:
        """Make lines of what was gathered since the last block edge."""
        parts, self._parts = self._parts, [[]]
        for at, pieces in enumerate(split_at_breaks(parts, is_centred=self._is_centred or self._heading > 0)):
            note = self._note
            if isinstance(pieces[0], Mark) and len(pieces) > 1:
                note, pieces = pieces[0].label, pieces[1:]
            if self._marker and note is None and read_marker(join_pieces(pieces)[0]) is None:
                pieces = [self._marker, *pieces]
            self._marker = ""
            text, marks = join_pieces(pieces)
            if text:
                self._lines.append(Line(text, whole=True, note=note, marks=marks, heading=self._heading if at == 0 else 0))

    def _read_table(self, table: etree._Element) -> None:
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        cells = [[cell for cell in row if cell.tag in ("td", "th") and not _is_left_out(cell)] for row in rows]
        caption = table.find("caption")
        if caption is not None:
            self._enter_block(caption)
        has_table_inside = next(table.iterdescendants("table"), None) is not None
        is_layout = has_table_inside or places_blocks([["".join(cell.itertext()) for cell in row] for row in cells])
        if max(map(len, cells), default=0) < 2 or is_layout:
            for row in cells:
                for cell in row:
                    self._enter_block(cell)
            return
        held: dict[int, int] = {}  # column → rows that a cell from above still covers
        for row in cells:
            self._read_row(row, held)

    def _read_row(self, cells: list[etree._Element], held: dict[int, int]) -> None:
        columns: list[list[Piece]] = []
        notes: list[Line] = []
        for cell in cells:
            while held.get(len(columns), 0) > 0:
                held[len(columns)] -= 1
                columns.append([])
            inner = _Reader()
            inner._walk(cell)
            inner._flush()
            span = min(max(_read_int(cell.get("colspan"), 1), 1), _TOO_MANY_COLUMNS)
            for column in range(len(columns), len(columns) + span):
                held[column] = min(max(_read_int(cell.get("rowspan"), 1), 1), 1000) - 1
            columns.append([piece for line in inner._lines if line.note is None for piece in (" ", *cut_at_marks(line.text, line.marks))])
            columns += [[] for _ in range(span - 1)]
            notes += [line for line in inner._lines if line.note is not None]
        text, marks = join_pieces(compose_row(columns))
        if text.strip(" |"):
            self._lines.append(Line(text, whole=True, marks=marks))
        self._lines += notes


def _is_left_out(element: etree._Element, *, is_top: bool = False) -> bool:
    if element.tag in _LEFT_OUT or element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return True
    if element.tag == "div" and element.get("title") in ("header", "footer"):
        return True  # of a printed page, as Writer exports them
    # A site's own head and foot; inside an article they belong to the text.
    return is_top and element.tag in ("header", "footer")


def _read_list(element: etree._Element) -> tuple[str, int, int]:
    """(form, first number, step) of a list."""
    styled = re.search(r"list-style(?:-type)?\s*:\s*([\w-]+)", element.get("style", ""))
    kind = styled.group(1) if styled else element.get("type", "")
    if element.tag != "ol":
        return ("none" if kind == "none" else "bullet"), 1, 1
    is_reversed = element.get("reversed") is not None
    first = sum(1 for child in element if child.tag == "li") if is_reversed else 1
    return _FORMS.get(kind, "decimal"), _read_int(element.get("start"), first), -1 if is_reversed else 1


def _read_int(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*-?[0-9]{1,6}\s*", text) else otherwise
