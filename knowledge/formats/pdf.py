"""PDF → lines: page by page, with tables as rows, raised note marks lifted out and note bodies at the page's foot.

Several PDF calls at once crash pdfium, so one file is read at a time; whatever is opened is closed under the lock.
"""

from __future__ import annotations

import ctypes
import re
import threading
import zlib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.formats.note_marks import join_pieces
from knowledge.formats.pdf_glyphs import read_glyphs
from knowledge.formats.pdf_lines import arrange
from knowledge.formats.pdf_notes import PageText, find_furniture, find_notes
from knowledge.formats.pdf_paragraphs import find_beginnings
from knowledge.formats.pdf_rows import join_cut_rows
from knowledge.formats.pdf_tables import find_rulings, take_tables
from knowledge.legibility import ENOUGH_WORDS, find_illegibility
from knowledge.reading import Line, ReadFile
from knowledge.reading_errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    Illegibility,
    OversizedFile,
    StateSecret,
    TooManyPages,
    UnreadableText,
    remark_on_blank_pages,
    remark_on_pages_left_out,
)
from knowledge.secrecy import find_secrecy_mark

_PDFIUM = threading.Lock()
_TAIL = 4096  # bytes in which the end mark stands, also when a server added some
_TOO_MANY_GLYPHS = 40_000  # on one page; the densest printed page has about 10 000
_STREAM = re.compile(rb"stream\r?\n")
_MOST_UNPACKED = 60_000_000  # bytes; pictures not counted
_FEW_LETTERS = 10  # a scanned page may carry a typed page number


@dataclass(slots=True)
class _Page:
    """A page laid out: its lines, how many glyphs of each size (half points) it has, and what is no line of text."""

    text: PageText
    sizes: Counter[float]
    overlaid: list[str]  # what is not upright, or laid over the page: stamps, watermarks, comments
    has_picture: bool


def read_pdf(data: bytes, *, max_pages: int) -> ReadFile:
    """The lines of a PDF with a text layer; raises the errors of `reading_errors`.

    Pages without a text layer, or with a torn one, are left out with a remark as long as other pages can be read.
    """
    if b"%%EOF" not in data[-_TAIL:]:
        # pdfium repairs a file cut short and would show its first pages as if they were all.
        raise DamagedFile("pdf")
    _refuse_bombs(data)
    with _PDFIUM:
        pages = _open_pages(data, max_pages)
    return _compose(pages)


def _refuse_bombs(data: bytes) -> None:
    """Raise OversizedFile where packed page descriptions or fonts unpack to more than a document needs.

    pdfium would unpack them all, and needs twenty times their size to keep what they draw.
    """
    unpacked = 0
    for found in _STREAM.finditer(data):
        start = found.end()
        header = data[max(found.start() - 600, 0) : found.start()].rpartition(b" obj")[2]
        if data[start : start + 1] != b"x" or b"/Image" in header:
            continue
        end = data.find(b"endstream", start)
        try:
            unpacked += len(zlib.decompressobj().decompress(data[start : end if end > 0 else None], _MOST_UNPACKED))
        except zlib.error:
            continue
        if unpacked >= _MOST_UNPACKED:
            raise OversizedFile(limit=_MOST_UNPACKED, size=unpacked)


def read_first_page(data: bytes) -> list[str]:
    """The lines of the first page with what is laid over it; none where they cannot be had. Raises EncryptedFile, DamagedFile
    for a file that cannot be opened at all, OversizedFile for one that unpacks to too much."""
    _refuse_bombs(data)
    with _PDFIUM, closing(_open(data)) as document:
        try:
            page = _read_page(document, 0)
        except (DamagedFile, pypdfium2.PdfiumError, IndexError):
            return []
    return [*page.overlaid, *(line.plain for line in page.text.lines)]


def _open(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise EncryptedFile("pdf") from error
        raise DamagedFile("pdf") from error


def _open_pages(data: bytes, max_pages: int) -> list[_Page]:
    with closing(_open(data)) as document:
        if len(document) > max_pages:
            raise TooManyPages(limit=max_pages, pages=len(document))
        try:
            return [_read_page(document, index) for index in range(len(document))]
        except pypdfium2.PdfiumError as error:
            raise DamagedFile("pdf") from error


def _read_page(document: pypdfium2.PdfDocument, index: int) -> _Page:
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        if text.count_chars() > _TOO_MANY_GLYPHS:
            raise DamagedFile("pdf")
        glyphs, slanted, turn = read_glyphs(text)
        rulings, has_picture = find_rulings(page, turn)
        overlaid = [slanted, *(_read_annotations(page) if index == 0 else [])]
    sizes = Counter(round(glyph.size * 2) / 2 for glyph in glyphs)
    rows, rest = take_tables(glyphs, rulings)
    lines = sorted([*rows, *arrange(rest)], key=lambda line: line.order)
    separators = [ruling.y0 for ruling in rulings if ruling.is_horizontal]
    return _Page(PageText(lines, separators), sizes, overlaid, has_picture)


def _read_annotations(page: pypdfium2.PdfPage) -> list[str]:
    """What stamps and free-text notes laid over the page say."""
    found = []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), 100)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        size = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
        pdfium.FPDFPage_CloseAnnot(annotation)
        found.append(buffer.raw.decode("utf-16-le", errors="replace").rstrip("\0"))
    return found


def _compose(pages: list[_Page]) -> ReadFile:
    if pages:
        # Before page numbers and the like are taken out: a stamp may look like one.
        mark = find_secrecy_mark([*pages[0].overlaid, *(line.plain for line in pages[0].text.lines)])
        if mark:
            raise StateSecret(mark)
    unreadable = _find_unreadable_pages(pages)
    readable = [number for number, page in enumerate(pages, 1) if page.text.lines and number not in unreadable]
    if not readable and not unreadable:
        raise EmptyFile
    if not readable or sum(cause is not Illegibility.SCAN for cause in unreadable.values()) > len(readable):
        cause = Counter(unreadable.values()).most_common(1)[0][0]
        raise UnreadableText(cause, tuple(number for number, why in unreadable.items() if why is cause))
    texts = [page.text for page in pages]
    find_furniture(texts)
    find_notes(texts, _find_body_size(pages))
    find_beginnings(texts)
    lines = join_cut_rows([line for number in readable for line in _to_lines(texts[number - 1], number)])
    remarks = [
        remark_on_pages_left_out(cause, tuple(number for number, why in unreadable.items() if why is cause))
        for cause in Illegibility
        if cause in unreadable.values()
    ]
    blank = tuple(number for number, text in enumerate(texts, 1) if not text.lines and number not in unreadable)
    if blank:
        remarks.append(remark_on_blank_pages(blank))
    return ReadFile(tuple(lines), pages=len(pages), remarks=tuple(remarks))


def _find_body_size(pages: list[_Page]) -> float:
    """The size in points of the text proper: the largest in which a fifth of the letters is set (long notes may have more)."""
    sizes = sum((page.sizes for page in pages), Counter[float]())
    return max((size for size, count in sizes.items() if count >= sizes.total() * 0.2), default=0.0)


def _find_unreadable_pages(pages: list[_Page]) -> dict[int, Illegibility]:
    found: dict[int, Illegibility] = {}
    short: dict[int, str] = {}  # pages with too few words to judge, judged together
    for number, page in enumerate(pages, 1):
        plain = "\n".join(line.plain for line in page.text.lines)
        if page.has_picture and sum(map(str.isalpha, plain)) < _FEW_LETTERS:
            found[number] = Illegibility.SCAN
        elif cause := find_illegibility(plain):
            found[number] = cause
        elif len(plain.split()) < ENOUGH_WORDS:
            short[number] = plain
    if cause := find_illegibility("\n".join(short.values())):
        found |= dict.fromkeys(short, cause)
    return found


def _to_lines(text: PageText, page: int) -> list[Line]:
    lines: list[Line] = []
    for printed in text.lines:
        if printed.is_furniture:
            continue
        words, marks = join_pieces(printed.pieces)
        if words:
            line = Line(words, page, whole=printed.is_row, note=printed.note, marks=marks, page_start=not lines)
            lines.append(replace(line, begins=printed.begins))
    return lines
