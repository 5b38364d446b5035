"""Files into the store: read, understood, told apart from what is there already; one version, one transaction."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rapidfuzz.distance import Indel
from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import (
    Audience,
    Content,
    Document,
    DocumentState,
    Origin,
    Rendition,
    Version,
    add_document,
    add_rendition,
    add_version,
    find_document_by_identity,
    find_rendition_by_sha,
    list_current_versions,
    list_passage_texts,
    list_renditions,
    lock_documents,
    mark_superseded,
    withdraw_samples,
)
from db.engine import Database
from db.files import add_file, save_file
from knowledge import wording
from knowledge.reading import ReadFile, read_file
from knowledge.reading_errors import ReadingError, explain_reading_error
from knowledge.supplied import Supplied, load_supplied
from knowledge.text import fold, normalise, syllables
from knowledge.understanding import Understood, understand_document

SUFFIXES = {".pdf", ".docx", ".txt", ".md", ".markdown", ".html", ".htm"}
# Two texts are one when this share of their syllables is the same, in order (design: identity).
SAME_TEXT = 0.98
# Formats with pages first: their rendition is the one that answers cite.
_FORMAT_ORDER = {".pdf": 0, ".docx": 1, ".html": 2, ".htm": 2, ".md": 3, ".markdown": 3, ".txt": 4}


class Outcome(StrEnum):
    NEW = "new"
    NEW_VERSION = "new_version"
    RENDITION = "rendition"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be: bytes and pages."""

    max_bytes: int
    max_pages: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `found` counts what was read; `remarks` and `problem` are Vietnamese for a person's eye."""

    file: str
    outcome: Outcome
    document_id: int | None = None
    document: str = ""
    found: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    problem: str = ""
    withdrawn_samples: int = 0


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    supplied: Supplied | None
    together: tuple[str, ...]


async def ingest(
    database: Database,
    paths: Sequence[Path],
    *,
    files_folder: Path,
    limits: Limits,
    now: dt.datetime,
    draft: bool = False,
    replaces: int | None = None,
    samples: bool = False,
    on_progress: Callable[[int, int, str], None] = lambda _done, _all, _name: None,
) -> list[FileReport]:
    """Take in files and folders; every file is reported, a bad one stops no other.

    `replaces` names the document that the one file given supersedes. Raises SuppliedError for an unusable
    documents.yaml and LookupError when `replaces` names no document.
    """
    candidates = find_candidates(paths)
    reports: list[FileReport] = []
    for number, candidate in enumerate(candidates):
        on_progress(number, len(candidates), candidate.path.name)
        reports.append(await _ingest_one(database, candidate, files_folder, limits, now, draft=draft, replaces=replaces, samples=samples))
    on_progress(len(candidates), len(candidates), "")
    return reports


def find_candidates(paths: Iterable[Path]) -> list[_Candidate]:
    """The files to read, those of one documents.yaml entry together, formats with pages first."""
    found: list[_Candidate] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        entries = load_supplied(folder) if folder.is_dir() else []
        by_name = {normalise(name): (place, entry) for place, entry in enumerate(entries) for name in entry.files}
        files = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in SUFFIXES and not one.name.startswith(".")) if path.is_dir() else [path]
        ordered = []
        for file in files:
            place, entry = by_name.get(normalise(file.name), (len(entries), None))
            ordered.append((place, _FORMAT_ORDER.get(file.suffix.lower(), 9), str(file), _Candidate(file, entry, entry.files if entry else ())))
        found.extend(candidate for *_, candidate in sorted(ordered, key=lambda one: one[:3]))
    return found


async def _ingest_one(
    database: Database, candidate: _Candidate, files_folder: Path, limits: Limits, now: dt.datetime, *, draft: bool, replaces: int | None, samples: bool
) -> FileReport:
    name = candidate.path.name
    try:
        data = await asyncio.to_thread(_read_bytes, candidate.path, limits.max_bytes)
        sha256 = hashlib.sha256(data).hexdigest()
        async with database.read() as session:
            known = await find_rendition_by_sha(session, sha256)
        if known is not None and known.document.state is not DocumentState.WITHDRAWN and known.document.sample == samples:
            return FileReport(name, Outcome.UNCHANGED, known.document.id, wording.stored_name(known.document.number, known.document.subject))
        read = await asyncio.to_thread(read_file, candidate.path, max_bytes=limits.max_bytes, max_pages=limits.max_pages)
    except ReadingError as error:
        return FileReport(name, Outcome.REFUSED, problem=explain_reading_error(error))
    understood = await asyncio.to_thread(understand_document, read, dated=candidate.supplied.dated if candidate.supplied else "")
    saved = await asyncio.to_thread(save_file, files_folder, data)
    async with database.write() as session:
        await lock_documents(session)
        await add_file(session, saved, now=now)
        document, outcome, remarks = await _place(session, candidate, understood, now, draft=draft, samples=samples)
        version = await _current_version(session, document)
        if outcome is not Outcome.RENDITION or version is None:
            version = await add_version(session, document_id=document.id, text_fold_hash=_text_hash(understood), content=content_of(understood), now=now)
        rendition = Rendition(
            version_id=version.id, file_name=name, sha256=sha256, format=candidate.path.suffix.lower().lstrip("."), pages=read.pages, size=len(data)
        )
        await add_rendition(session, rendition)
        if replaces is not None:
            if await session.get(Document, replaces) is None:
                raise LookupError(replaces)
            await mark_superseded(session, document_id=replaces, by=document.id)
        withdrawn = await withdraw_samples(session) if not samples and not draft else []
    return FileReport(
        name,
        outcome,
        document.id,
        wording.stored_name(document.number, document.subject),
        _count(understood),
        (*read.remarks, *remarks, *_remarks(read, understood, document)),
        withdrawn_samples=len(withdrawn),
    )


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    """The file's bytes; one that is too large or missing is left to the reader, which names what is wrong with it."""
    if not path.is_file() or path.stat().st_size > max_bytes:
        read_file(path, max_bytes=max_bytes, max_pages=1)
    return path.read_bytes()


async def _place(
    session: AsyncSession, candidate: _Candidate, understood: Understood, now: dt.datetime, *, draft: bool, samples: bool
) -> tuple[Document, Outcome, list[str]]:
    """Which document the text belongs to, by the identity rule: documents.yaml, else number, issuer and year, else the text."""
    described, provenance = _describe(candidate.supplied, understood)
    versions = [(one, version) for one, version in await list_current_versions(session) if one.state is not DocumentState.WITHDRAWN and one.sample == samples]
    alike = await _most_alike(session, versions, understood)
    remarks: list[str] = []
    # 1. Files of one documents.yaml entry are one document.
    for document, version in versions if len(candidate.together) > 1 else []:
        if {one.file_name for one in await list_renditions(session, version.id)} & (set(candidate.together) - {candidate.path.name}):
            if alike is None or alike[0].id != document.id:
                remarks.append(wording.RENDITION_DIFFERS)
            return document, Outcome.RENDITION, remarks
    # 2. The same number, issuer and year is the same document: the same text another file of it, another text a new version.
    if described["number"] and described["issuer"] and described["issued_on"]:
        known = await find_document_by_identity(session, number=described["number"], issuer=described["issuer"], year=int(described["issued_on"][:4]))
        if known is not None and known.state is not DocumentState.WITHDRAWN and not samples:
            same = alike is not None and alike[0].id == known.id
            return known, Outcome.RENDITION if same else Outcome.NEW_VERSION, remarks
    # 3. The same text.
    if alike is not None:
        return alike[0], Outcome.RENDITION, remarks
    document = Document(
        number=described["number"] or None,
        issued_on=described["issued_on"] or None,
        held_on=described["held_on"] or None,
        kind=described["kind"],
        issuer=described["issuer"],
        subject=described["subject"],
        state=DocumentState.DRAFT if draft else DocumentState.IN_FORCE,
        sample=samples,
        audience=_audience(candidate.supplied, understood),
        provenance=provenance,
        created_at=now,
    )
    return await add_document(session, document), Outcome.NEW, remarks


async def _most_alike(session: AsyncSession, versions: list[tuple[Document, Version]], understood: Understood) -> tuple[Document, Version] | None:
    own = _syllables(understood.structure.paragraphs[i].text for i in range(len(understood.structure.paragraphs)))
    digest = _text_hash(understood)
    counts = Counter(own)
    for document, version in versions:
        if version.text_fold_hash == digest:
            return document, version
        other = _syllables(await list_passage_texts(session, version.id))
        longest = max(len(own), len(other), 1)
        # Cheap first: texts that share fewer syllables than that in any order cannot share them in order.
        if sum((counts & Counter(other)).values()) >= SAME_TEXT * longest and Indel.normalized_similarity(own, other) >= SAME_TEXT:
            return document, version
    return None


def _syllables(texts: Iterable[str]) -> list[str]:
    return syllables(fold(" ".join(texts)))


def _text_hash(understood: Understood) -> str:
    return hashlib.sha256(" ".join(_syllables(one.text for one in understood.structure.paragraphs)).encode()).hexdigest()


def _describe(supplied: Supplied | None, understood: Understood) -> tuple[dict[str, str], dict[str, Origin]]:
    """The document's facts and where each comes from: what a person supplied goes before what the text states."""
    header, structure = understood.header, understood.structure
    stated = {
        "number": header.number,
        "issued_on": header.issued_on,
        "held_on": header.held_on,
        "kind": structure.kind,
        "issuer": header.issuer,
        "subject": structure.subject,
    }
    described: dict[str, str] = {}
    provenance: dict[str, Origin] = {}
    for name, value in stated.items():
        given = getattr(supplied, name) if supplied else ""
        described[name] = given or value
        if described[name]:
            provenance[name] = Origin.STATED if value and fold(value) == fold(described[name]) else Origin.SUPPLIED if given else Origin.STATED
    return described, provenance


def _audience(supplied: Supplied | None, understood: Understood) -> Audience:
    """«Lưu hành nội bộ» near the head is for officials only, whatever else is said."""
    head = [one.text for one in understood.structure.paragraphs[:15]]
    if any("luu hanh noi bo" in fold(text) and len(text) < 60 for text in head):
        return Audience.OFFICIALS
    return Audience.OFFICIALS if supplied and supplied.audience == "officials" else Audience.PUBLIC


async def _current_version(session: AsyncSession, document: Document) -> Version | None:
    return next((version for one, version in await list_current_versions(session) if one.id == document.id), None)


def content_of(understood: Understood) -> Content:
    """Rows for the database: the columns of each table by name."""
    return Content(
        passages=[
            {
                "ordinal": one.ordinal,
                "paragraph": one.paragraph.ordinal,
                "kind": one.paragraph.kind.value,
                "clause": one.paragraph.clause,
                "headings": one.paragraph.headings,
                "marker": one.paragraph.marker,
                "text": one.text,
                "page": one.paragraph.page,
            }
            for one in understood.passages
        ],
        targets=[_row(one) for one in understood.targets],
        results=[_row(one) for one in understood.results],
        assignments=[_row(one) for one in understood.assignments],
        relations=[_row(one) for one in understood.relations],
        abbreviations=[_row(one) for one in understood.abbreviations],
    )


def _row(fact: object) -> dict[str, object]:
    """A fact's fields by name; enums as their values."""
    row: dict[str, object] = {}
    for column in dataclasses.fields(fact):  # type: ignore[arg-type]
        value = getattr(fact, column.name)
        row[column.name] = value.value if isinstance(value, StrEnum) else tuple(one.value if isinstance(one, StrEnum) else one for one in value) if isinstance(value, tuple) else value
    return row


def _count(understood: Understood) -> dict[str, int]:
    return {
        "passages": len(understood.passages),
        "targets": len(understood.targets),
        "results": len(understood.results),
        "assignments": len(understood.assignments),
        "relations": len(understood.relations),
    }


def _remarks(read: ReadFile, understood: Understood, document: Document) -> list[str]:
    """What a person should look at: an identity that the text does not print, a document without structure."""
    remarks = []
    if not document.number:
        remarks.append(wording.NO_NUMBER)
    elif document.provenance.get("number") is Origin.SUPPLIED:
        remarks.append(wording.NUMBER_SUPPLIED)
    if not document.issued_on and not document.held_on:
        remarks.append(wording.NO_DATE)
    if not any(one.clause[:1].isdigit() or one.clause[:1] in "IVX" for one in understood.structure.paragraphs):
        remarks.append(wording.NO_HEADINGS)
    doubtful = sum(one.quantified and one.horizon_year is None for one in understood.targets)
    if doubtful:
        remarks.append(wording.TARGETS_WITHOUT_YEAR.format(count=doubtful))
    return remarks
