"""File → lines of text, with page numbers and note marks where the format knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from knowledge.legibility import find_illegibility
from knowledge.reading_errors import DamagedFile, EmptyFile, MissingFile, OversizedFile, StateSecret, UnreadableText
from knowledge.secrecy import find_secrecy_mark


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the file gives it.

    `whole` is true where the format knows paragraphs (DOCX, HTML, Markdown, table rows): then the text is the whole
    paragraph and is never joined with the next line. A printed line of PDF or TXT has `whole` false.
    `note` is the printed label of the note («2») when the format knows that this line is (part of) a note's body.
    `marks` are note marks that the format knew and that were lifted out of `text`: (offset in text, label).
    `begins` says for a printed line whether its setting (an indent, a gap above) makes it a paragraph's first; None: unknown.
    `page` counts from 1; None for formats without pages. `page_start` is true on a page's first line.
    """

    text: str
    page: int | None = None
    whole: bool = False
    note: str | None = None
    marks: tuple[tuple[int, str], ...] = ()
    page_start: bool = False
    begins: bool | None = None
    heading: int = 0  # level of a heading that the format knows (HTML h1…, Markdown #…, Word Heading N); 0: not one


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file's text: lines in reading order, number of pages (None without pages), remarks for a person's eye."""

    lines: tuple[Line, ...]
    pages: int | None = None
    remarks: tuple[str, ...] = field(default=())


def read_file(path: Path, *, max_bytes: int, max_pages: int) -> ReadFile:
    """The text of a PDF, DOCX, TXT, Markdown or HTML file, told by its content before its name.

    Raises only errors of the family `ReadingError`; the work is bounded by `max_bytes` (also of what a packed file
    unpacks to, see `knowledge.formats.docx`) and `max_pages`.
    """
    try:
        if not path.is_file():
            raise MissingFile
        size = path.stat().st_size
        if size > max_bytes:
            raise OversizedFile(limit=max_bytes, size=size)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise MissingFile from error
    if len(data) > max_bytes:
        raise OversizedFile(limit=max_bytes, size=len(data))
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise EmptyFile
    try:
        read = _read(data, path.suffix, max_bytes, max_pages)
    except RecursionError as error:
        raise DamagedFile(path.suffix.lower()[1:] or "?") from error
    mark = find_secrecy_mark(line.text for line in read.lines)
    if mark:
        raise StateSecret(mark)
    if not read.lines:
        raise EmptyFile
    return read


def _read(data: bytes, suffix: str, max_bytes: int, max_pages: int) -> ReadFile:
    # The readers bring pdfium and lxml, which processes that only answer never load.
    from knowledge.formats.detect import Format, detect_format

    match detect_format(data, suffix):
        case Format.PDF:
            from knowledge.formats.pdf import read_pdf

            return read_pdf(data, max_pages=max_pages)
        case Format.DOCX:
            from knowledge.formats.docx import read_docx

            read = read_docx(data, max_bytes=max_bytes)
        case Format.HTML:
            from knowledge.formats.html import read_html

            read = read_html(data)
        case Format.MARKDOWN:
            from knowledge.formats.markdown import read_markdown

            read = read_markdown(data)
        case Format.TEXT:
            from knowledge.formats.plain import read_plain

            read = read_plain(data, max_pages=max_pages)
    cause = find_illegibility("\n".join(line.text for line in read.lines))
    if cause:
        raise UnreadableText(cause)
    return read
