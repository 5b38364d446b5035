"""What a file is, told by its first bytes; the name only decides between kinds of plain text."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from knowledge.reading_errors import DamagedFile, EncryptedFile, Illegibility, UnreadableText, UnsupportedFormat


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"


_HEAD = 1024  # PDF readers accept that much before the mark
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"BM", b"\0\0\1\0")
_PHONE_PICTURES = (b"ftypheic", b"ftypheix", b"ftypmif1")
_OTHERS = {b"{\\rtf": "rtf", b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gz", b"MZ": "exe", b"%!PS": "ps", b"MIME-Version:": "mht"}
_BY_SUFFIX = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    "": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
}
# Names under which a portal's page or a text is often saved; a file of these names that is neither is damaged.
_DOCUMENT_SUFFIXES = {".pdf", ".docx", ".doc", ".rtf", ".odt"}
_HTML_START = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def detect_format(data: bytes, suffix: str) -> Format:
    """The format to read these bytes as; `suffix` is the file name's, with its dot. Raises what a reader would."""
    suffix = suffix.lower()
    if data.startswith(_OLE):
        raise _name_ole(data)
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _detect_in_zip(data)
    if b"%PDF-" in data[:_HEAD]:
        return Format.PDF
    if data.startswith(_PICTURES) or data[4:12] in _PHONE_PICTURES or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        raise UnreadableText(Illegibility.SCAN)
    for start, name in _OTHERS.items():
        if data.startswith(start):
            raise UnsupportedFormat(name)
    return _detect_text(data, suffix)


def _detect_text(data: bytes, suffix: str) -> Format:
    if not is_text(data):
        if suffix in _DOCUMENT_SUFFIXES | {".html", ".htm"}:
            raise DamagedFile(suffix[1:])
        raise UnsupportedFormat(suffix[1:] or "?")
    if _HTML_START.match(data.removeprefix(_BYTE_ORDER_MARKS[0])[:_HEAD]):
        return Format.HTML
    if suffix in _DOCUMENT_SUFFIXES:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DamagedFile(suffix[1:]) from error
        return Format.TEXT
    if suffix not in _BY_SUFFIX:
        raise UnsupportedFormat(suffix[1:])
    return _BY_SUFFIX[suffix]


def is_text(data: bytes) -> bool:
    """Whether bytes can be text: no NUL and hardly a control character, or two-byte text with or without its mark."""
    if data.startswith(_BYTE_ORDER_MARKS) or guess_utf16(data):
        return True
    controls = sum(data.count(code) for code in range(32) if code not in (9, 10, 11, 12, 13, 27))
    return controls == 0 or (b"\0" not in data and controls < len(data) * 0.001)


def guess_utf16(data: bytes) -> str | None:
    """«utf-16-le» or «utf-16-be» for two-byte text without its mark: every other byte of plain letters is zero."""
    sample = data[:4096]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.3 and even < half * 0.02:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.02:
        return "utf-16-be"
    return None


def _name_ole(data: bytes) -> EncryptedFile | UnsupportedFormat:
    """The old container: a DOCX with a password, or a file of Office 97 to 2003."""
    names = {"EncryptedPackage": None, "WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
    for name, found in names.items():
        if name.encode("utf-16-le") in data:
            return UnsupportedFormat(found) if found else EncryptedFile("docx")
    return UnsupportedFormat("doc")


def _detect_in_zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DamagedFile("docx") from error
    if any(name.startswith("word/") for name in names) and "[Content_Types].xml" in names:
        return Format.DOCX
    for start, found in (("xl/", "xlsx"), ("ppt/", "pptx"), ("META-INF/manifest.xml", "odt")):
        if any(name.startswith(start) for name in names):
            raise UnsupportedFormat(found)
    raise UnsupportedFormat("zip")
