"""Files as people send them, and as nobody should: made here, byte by byte, each as small as it can be."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

import docx
import openpyxl
from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

OOXML_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def pdf(*lines: str, password: str = "") -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=pdfencrypt.StandardEncryption(password, canPrint=0) if password else None)
    for place, text in enumerate(lines or ("Bao cao ket qua",)):
        canvas.drawString(80, 760 - 20 * place, text)
    canvas.save()
    return file.getvalue()


def word(*paragraphs: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for text in paragraphs or ("Báo cáo kết quả thực hiện",):
        document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def sheet(*rows: str) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for text in rows or ("Danh mục thiết bị",):
        book.active.append([text])
    book.save(file)
    return file.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), colour: int = 0) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (colour, 90, 160)).save(file, kind)
    return file.getvalue()


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def office(folder: str, *parts: str, types: str = OOXML_TYPE) -> bytes:
    """A package of Office with these parts besides."""
    return zipped(
        {"[Content_Types].xml": f'<Types><Override ContentType="{types}"/></Types>', f"{folder}/main.xml": "<a/>"}
        | dict.fromkeys(parts, b"1")
    )


def open_document(kind: str = "text", manifest: str = "<m/>", parts: Mapping[str, str] = {}) -> bytes:
    content = "<c xmlns:text='t'><text:p>Báo cáo</text:p></c>"
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    return zipped({"mimetype": media_type, "META-INF/manifest.xml": manifest, "content.xml": content} | dict(parts))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A container of Office 97 with these streams, in the form of version 3 ([MS-CFB])."""
    end, free, here = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    sectors: list[bytes] = []
    table: list[int] = []
    entries = [_entry("Root Entry", 5, end, 0)]
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        start, count = len(sectors), len(padded) // 512
        sectors += [padded[at * 512 : at * 512 + 512] for at in range(count)]
        table += [*range(start + 1, start + count), end]
        entries.append(_entry(name, 2, start, len(padded)))
    listed = b"".join(entries)
    listed = listed.ljust(-(-len(listed) // 512) * 512, b"\0")
    directory, count = len(sectors), len(listed) // 512
    sectors += [listed[at * 512 : at * 512 + 512] for at in range(count)]
    table += [*range(directory + 1, directory + count), end]
    places = -(-(len(table) + 1) // 127)
    first = len(sectors)
    table += [here] * places
    raw = struct.pack(f"<{len(table)}I", *table).ljust(places * 512, b"\xff")
    sectors += [raw[at * 512 : at * 512 + 512] for at in range(places)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<9I", 0, places, directory, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *range(first, first + places), *[free] * (109 - places))
    return head + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1) + b"\xff" * 12
    return head + b"\0" * 36 + struct.pack("<III", start, size, 0)


def workbook(*records: tuple[int, bytes]) -> bytes:
    """An old workbook's stream with these records between its beginning and its end."""
    said = [(0x809, b"\0\6\5\0" + b"\0" * 12), *records, (0x0A, b"")]
    return b"".join(struct.pack("<HH", code, len(body)) + body for code, body in said)


def bound_sheet(kind: int) -> tuple[int, bytes]:
    return 0x85, struct.pack("<IBB", 0, 0, kind) + b"\6\0Trang1"
