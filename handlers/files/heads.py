"""The first words of a file, as far as they are cheap to read: where a secrecy mark stands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from handlers.files.kinds import CSV, DOCX, ODS, ODT, PDF, PPTX, TEXT, XLSX, Kind
from handlers.files.refusals import Refusal, RefusedFile
from knowledge.formats.decode import decode_text
from knowledge.formats.pdf import read_first_page
from knowledge.reading_errors import DamagedFile, EncryptedFile, OversizedFile, ReadingError, UnreadableText

_TEXT_READ = 200_000  # bytes of a text
_PART_READ = 2_000_000  # bytes of one unpacked part
_PARTS = 8
_LINES = 200
# Parts that begin a document, in the order in which they are seen: what stands above each page, then its first page.
_BEGINNINGS = {
    DOCX: re.compile(r"word/(?:header|footer)\d*\.xml|word/document\.xml"),
    XLSX: re.compile(r"xl/sharedStrings\.xml|xl/worksheets/sheet1\.xml"),
    PPTX: re.compile(r"ppt/slides/slide1\.xml|ppt/slideMasters/slideMaster1\.xml"),
    ODT: re.compile(r"styles\.xml|content\.xml"),
    ODS: re.compile(r"content\.xml"),
}
# Elements that hold one line: a paragraph in each of these formats, a text of a sheet.
_LINE_TAGS = frozenset({"p", "si", "is"})


def first_lines(data: bytes, kind: Kind) -> list[str]:
    """Lines from the beginning of a file of this kind; none where it has no text, or one that is not cheap to read.

    Raises RefusedFile where opening it shows a password, damage, or something that unpacks to too much.
    """
    if kind in (TEXT, CSV):
        try:
            return decode_text(data[:_TEXT_READ]).splitlines()
        except UnreadableText:
            return []
    if kind is PDF:
        return _first_of_pdf(data)
    return list(_first_of_package(data, _BEGINNINGS[kind])) if kind in _BEGINNINGS else []


def _first_of_pdf(data: bytes) -> list[str]:
    try:
        return [part for line in read_first_page(data) for part in line.splitlines()]
    except EncryptedFile as error:
        raise RefusedFile(Refusal.LOCKED) from error
    except OversizedFile as error:
        raise RefusedFile(Refusal.BOMB) from error
    except DamagedFile as error:
        raise RefusedFile(Refusal.DAMAGED, "pdf") from error
    except (ReadingError, RecursionError):
        return []


def _first_of_package(data: bytes, beginnings: re.Pattern[str]) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [one for one in archive.namelist() if beginnings.fullmatch(one)]
        for name in sorted(parts, key=lambda one: one.endswith(("document.xml", "content.xml")))[-_PARTS:]:
            with archive.open(name) as part:
                yield from _lines_of(part.read(_PART_READ))


def _lines_of(xml: bytes) -> Iterator[str]:
    """The first lines of a part, which may have been cut short."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    root = etree.fromstring(xml, parser)
    count = 0
    for element in () if root is None else root.iter():
        if not isinstance(element.tag, str):
            continue
        if art := element.get("string"):  # WordArt, as a watermark is
            yield art
        if etree.QName(element).localname in _LINE_TAGS:
            yield "".join(str(text) for text in element.itertext())
            count += 1
        if count >= _LINES:
            return
