"""The parts of a DOCX package, unpacked within bounds and parsed without entities, networks or deep nesting.

python-docx is not used to open them: it unpacks every picture, and knows neither notes nor list numbers nor tracked
changes.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from knowledge.reading_errors import DamagedFile, EncryptedFile, OversizedFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# «Strict» files (ISO 29500) name the same elements otherwise.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
_TOO_MANY_PARTS = 20_000
_UNREAD_FACTOR = 10  # pictures are not unpacked here, yet a package that would fill the disk is refused


@dataclass(frozen=True, slots=True)
class Package:
    """The parsed parts a text is read from; None where the package has no such part."""

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    settings: etree._Element | None
    footnotes: etree._Element | None
    endnotes: etree._Element | None
    headers: tuple[etree._Element, ...]  # and footers


def open_package(data: bytes, *, max_bytes: int) -> Package:
    """Raises DamagedFile, EncryptedFile, or OversizedFile when the parts unpack to more than `max_bytes`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(archive, max_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, OSError) as error:
        raise DamagedFile("docx") from error


def _read_parts(archive: zipfile.ZipFile, max_bytes: int) -> Package:
    entries = archive.infolist()
    if len(entries) > _TOO_MANY_PARTS:
        raise DamagedFile("docx")
    if any(entry.flag_bits & 1 for entry in entries):
        raise EncryptedFile("docx")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > max_bytes * _UNREAD_FACTOR:
        raise OversizedFile(limit=max_bytes * _UNREAD_FACTOR, size=unpacked)
    main = next((target for kind, target in _read_relationships(archive, "", max_bytes) if kind == "officeDocument"), "word/document.xml")
    parts = _read_relationships(archive, main, max_bytes)
    wanted = [main, *(target for kind, target in parts if kind in _KINDS)]
    size = sum(archive.getinfo(name).file_size for name in wanted if name in archive.NameToInfo)
    if size > max_bytes:
        raise OversizedFile(limit=max_bytes, size=size)

    def parse(kind: str) -> list[etree._Element]:
        return [_parse(archive, name, max_bytes) for found, name in parts if found == kind and name in archive.NameToInfo]

    def first(kind: str) -> etree._Element | None:
        return next(iter(parse(kind)), None)

    return Package(
        document=_parse(archive, main, max_bytes),
        styles=first("styles"),
        numbering=first("numbering"),
        settings=first("settings"),
        footnotes=first("footnotes"),
        endnotes=first("endnotes"),
        headers=(*parse("header"), *parse("footer")),
    )


_KINDS = {"styles", "numbering", "settings", "footnotes", "endnotes", "header", "footer"}


def _read_relationships(archive: zipfile.ZipFile, part: str, max_bytes: int) -> list[tuple[str, str]]:
    """(kind, name) of the parts that a part refers to; kinds are the last word of the relationship's type."""
    folder, name = posixpath.split(part)
    place = posixpath.join(folder, "_rels", name + ".rels")
    if place not in archive.NameToInfo:
        return []
    found = []
    for relation in _parse(archive, place, max_bytes).iter(_RELATIONSHIP):
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((relation.get("Type", "").rsplit("/", 1)[-1], full))
    return found


def _parse(archive: zipfile.ZipFile, name: str, max_bytes: int) -> etree._Element:
    with archive.open(name) as part:
        data = part.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OversizedFile(limit=max_bytes, size=len(data))
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DamagedFile("docx") from error
    if root.getroottree().docinfo.doctype:
        raise DamagedFile("docx")  # the format has no document types: only an attack brings one
    return root
