"""What a file that somebody sent is, told by its bytes, never by what its name says alone; what may do harm is turned away.

Nothing is opened with the program it is made for, and nothing is unpacked beyond what telling needs.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from handlers.files.compound import MAGIC as COMPOUND
from handlers.files.compound import Compound
from handlers.files.refusals import Refusal, RefusedFile
from knowledge.formats.detect import is_text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken in: the ending its name gets, and what it is on the wire."""

    suffix: str
    media_type: str


_OOXML, _ODF = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
PDF, TEXT, CSV = Kind(".pdf", "application/pdf"), Kind(".txt", "text/plain"), Kind(".csv", "text/csv")
DOCX, XLSX = Kind(".docx", f"{_OOXML}wordprocessingml.document"), Kind(".xlsx", f"{_OOXML}spreadsheetml.sheet")
PPTX = Kind(".pptx", f"{_OOXML}presentationml.presentation")
ODT, ODS = Kind(".odt", f"{_ODF}text"), Kind(".ods", f"{_ODF}spreadsheet")
DOC, XLS = Kind(".doc", "application/msword"), Kind(".xls", "application/vnd.ms-excel")
JPEG, PNG, WEBP = Kind(".jpg", "image/jpeg"), Kind(".png", "image/png"), Kind(".webp", "image/webp")
HEIC = Kind(".heic", "image/heic")

_PDF_HEAD = 1024  # readers accept so much before the mark
_PICTURES = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# Programs by their first bytes: Windows, Linux, macOS (also Java), Android, links, compiled Python's kin, disk images.
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\0asm",
    b"L\0\0\0\x01\x14\x02\0",
    b"#!",
    b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d",
    b"ITSF",
)
_DISC_PLACES = (0x8001, 0x8801, 0x9001)
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"(\xb5/\xfd")
# Names that start something when they are opened, whatever is inside.
_PROGRAM_SUFFIXES = frozenset(
    "exe com scr pif bat cmd ps1 psm1 vbs vbe js jse ws wsf wsh hta msi msp dll sys cpl jar class apk aab ipa dex lnk url desktop reg "
    "inf scf iso img vhd vhdx dmg pkg app deb rpm sh bash run elf py pyw pl rb php chm hlp gadget application jnlp one xll ppam "
    "appx msix msc mht mhtml svg html htm xhtml".split()
)
_MACRO_SUFFIXES = frozenset("docm dotm xlsm xltm xlsb xlam pptm potm ppsm sldm".split())
_SCRIPT_START = re.compile(
    r"\s*(?:#!|@echo\b|@?rem\b|<\?php|<script|<job\b|<package\b|<!doctype\s+html|<html|<hta:|<svg|<\?xml|\[internetshortcut\]|"
    r"\[desktop entry\]|mime-version:|windows registry editor)",
    re.IGNORECASE,
)
_TEXT_SUFFIXES = {"txt": TEXT, "text": TEXT, "log": TEXT, "md": TEXT, "": TEXT, "csv": CSV, "tsv": CSV}
_MOST_ENTRIES = 5_000
_MOST_UNPACKED = 200_000_000  # bytes
_TABLE = 2_000_000  # bytes of a package's own tables of what is in it
_MAIN_PARTS = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
_MACRO_PART = re.compile(r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml)$|(?:^|/)(?:macrosheets|intlmacrosheets)/", re.IGNORECASE)
_APP_PARTS = re.compile(r"(?:^|/)(?:androidmanifest\.xml|classes\.dex|meta-inf/manifest\.mf|[^/]+\.class)$", re.IGNORECASE)
_VBA_NAMES = frozenset({"_vba_project", "_vba_project_cur", "vba", "macros"})
_UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError, OSError)


def tell_kind(data: bytes, suffix: str) -> Kind:
    """The kind of these bytes; `suffix` is the cleaned name's ending, without its dot. Raises RefusedFile for all that is not kept.

    A name that would start a program is turned away whatever it names; any other wrong name is only a wrong name.
    """
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        raise RefusedFile(Refusal.EMPTY)
    if suffix in _PROGRAM_SUFFIXES or data.startswith(_PROGRAMS) or any(data[at : at + 5] == b"CD001" for at in _DISC_PLACES):
        raise RefusedFile(Refusal.PROGRAM, suffix)
    if suffix in _MACRO_SUFFIXES:
        raise RefusedFile(Refusal.MACRO, suffix)
    if data.startswith(COMPOUND):
        return _tell_compound(data)
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _tell_package(data)
    if data.startswith(_ARCHIVES) or data[257:262] == b"ustar":
        raise RefusedFile(Refusal.ARCHIVE)
    if picture := _tell_picture(data):
        return picture
    if b"%PDF-" in data[:_PDF_HEAD]:
        return PDF
    return _tell_text(data, suffix)


def _tell_picture(data: bytes) -> Kind | None:
    for start, kind in _PICTURES.items():
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return HEIC if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS else None


def _tell_text(data: bytes, suffix: str) -> Kind:
    if not is_text(data):
        raise RefusedFile(Refusal.OTHER_KIND, suffix)
    head = data[:2048]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if _SCRIPT_START.match(head.decode("utf-16" if wide else "utf-8-sig", "ignore")):
        raise RefusedFile(Refusal.PROGRAM, suffix)
    if suffix not in _TEXT_SUFFIXES:
        raise RefusedFile(Refusal.OTHER_KIND, suffix)
    return _TEXT_SUFFIXES[suffix]


def _tell_compound(data: bytes) -> Kind:
    """An old Word or Excel file without macros. A new one with a password lies in the same container."""
    file = Compound(data)
    if "encryptedpackage" in file.names:
        raise RefusedFile(Refusal.LOCKED)
    if file.names & _VBA_NAMES:
        raise RefusedFile(Refusal.MACRO)
    if "worddocument" in file.names:
        # [MS-DOC] FibBase: bit 8 of the word at 10 says that a password is needed.
        flags = struct.unpack_from("<H", file.stream("WordDocument")[:12].ljust(12, b"\0"), 10)[0]
        if flags & 0x100:
            raise RefusedFile(Refusal.LOCKED)
        return DOC
    for name in ("Workbook", "Book"):
        if name.lower() in file.names:
            _look_into_workbook(file.stream(name))
            return XLS
    raise RefusedFile(Refusal.OTHER_KIND, "ppt" if "powerpoint document" in file.names else "")


def _look_into_workbook(stream: bytes) -> None:
    """The records of an old workbook up to its first sheet: one says that a password is needed, one that a sheet is of macros."""
    at = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        if record == 0x2F:  # FilePass
            raise RefusedFile(Refusal.LOCKED)
        if record == 0x85 and len(body) > 5 and body[5] in (1, 6):  # BoundSheet8: 1 a macro sheet, 6 a VBA module
            raise RefusedFile(Refusal.MACRO)
        if record == 0x0A:  # EOF of the workbook's own records
            return
        at += 4 + length


def _tell_package(data: bytes) -> Kind:
    """A document packed as a zip: of Office, of LibreOffice. Any other zip is sent file by file, or is a program."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_UNPACKED:
                raise RefusedFile(Refusal.BOMB)
            names = {one.filename.replace("\\", "/") for one in entries}
            if "[Content_Types].xml" in names:
                return _tell_office(archive, entries, names)
            if "META-INF/manifest.xml" in names and "mimetype" in names:
                return _tell_open_document(archive, names)
            if any(_APP_PARTS.search(one) for one in names):
                raise RefusedFile(Refusal.PROGRAM)
    except _UNPACKING as error:
        raise RefusedFile(Refusal.DAMAGED) from error
    raise RefusedFile(Refusal.ARCHIVE)


def _tell_office(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], names: set[str]) -> Kind:
    if any(one.flag_bits & 1 for one in entries):
        raise RefusedFile(Refusal.LOCKED)
    types = _read_part(archive, "[Content_Types].xml").lower()
    # The part may bear any name; what it is, is told by its type.
    if any(_MACRO_PART.search(one) for one in names) or b"vbaproject" in types or b"macroenabled" in types or b"macrosheet" in types:
        raise RefusedFile(Refusal.MACRO)
    kind = next((kind for start, kind in _MAIN_PARTS.items() if any(one.startswith(start) for one in names)), None)
    if kind is None:
        raise RefusedFile(Refusal.OTHER_KIND)
    if "sheet.binary" in types.decode("ascii", "ignore"):
        raise RefusedFile(Refusal.MACRO)
    return kind


def _tell_open_document(archive: zipfile.ZipFile, names: set[str]) -> Kind:
    media_type = _read_part(archive, "mimetype").strip().decode("ascii", "ignore")
    manifest = _read_part(archive, "META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise RefusedFile(Refusal.LOCKED)
    # «Standard» with nothing in it is made by some programs for every document: a module is a file of its own.
    modules = (one for one in names if one.startswith(("Basic/", "Scripts/")) and not one.endswith(("/", "script-lc.xml", "script-lb.xml")))
    if next(modules, None):
        raise RefusedFile(Refusal.MACRO)
    found = next((kind for kind in (ODT, ODS) if kind.media_type == media_type), None)
    if found is None:
        raise RefusedFile(Refusal.OTHER_KIND)
    return found


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(_TABLE + 1)
    if len(data) > _TABLE:
        raise RefusedFile(Refusal.BOMB)
    return data
