"""Files into the store: read, understood, told apart from what is there already; one version, one transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import (
    Audience,
    Document,
    DocumentState,
    Holding,
    Origin,
    Rendition,
    add_document,
    add_rendition,
    add_version,
    find_rendition_by_sha,
    list_current_versions,
    lock_documents,
    mark_superseded,
    withdraw_samples,
)
from db.engine import Database
from db.files import SavedFile, add_file, save_file
from knowledge import wording
from knowledge.candidates import Candidate, find_candidates, refuse_digest
from knowledge.formats.detect import Format, detect_format
from knowledge.identity import Described, KnownTexts, Stored, Text, describe, find_home
from knowledge.reading import ReadFile, read_file
from knowledge.reading_errors import MissingFile, OversizedFile, ReadingError, explain_reading_error
from knowledge.rows import content_of
from knowledge.structure import ParagraphKind
from knowledge.supplied import Supplied
from knowledge.text import fold
from knowledge.understanding import Understood, understand_document

_HEAD = 15  # paragraphs within which «Lưu hành nội bộ» is a stamp


class Outcome(StrEnum):
    NEW = "new"
    NEW_VERSION = "new_version"
    RENDITION = "rendition"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class NoSuchDocument(LookupError):
    """The document to be replaced is not one that answers; `document_id` as given."""

    def __init__(self, document_id: int) -> None:
        super().__init__(document_id)
        self.document_id = document_id


class SeveralDocuments(ValueError):
    """More than one document was handed in to replace another."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be: bytes and pages."""

    max_bytes: int
    max_pages: int


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. `found` counts what was read; `remarks` and `problem` are Vietnamese for a person's eye;
    `withdrawn` are the sample documents that its coming withdrew."""

    file: str
    outcome: Outcome
    document_id: int | None = None
    document: str = ""
    found: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    problem: str = ""
    withdrawn: tuple[int, ...] = ()


@dataclass(slots=True)
class _Run:
    """One ingest: how it was asked for, and what it has seen so far."""

    database: Database
    files_folder: Path
    limits: Limits
    now: dt.datetime
    draft: bool
    replaces: int | None
    samples: bool
    texts: KnownTexts = field(default_factory=KnownTexts)
    entries: dict[Supplied, int] = field(default_factory=dict)  # the document of each documents.yaml entry met


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

    `replaces` names the document that the one handed in supersedes. Raises, before anything is stored, SuppliedError
    for an unusable documents.yaml, NoSuchDocument when `replaces` names none that answers, SeveralDocuments.
    """
    candidates = find_candidates(paths)
    if not samples:
        refuse_digest(candidates)
    if replaces is not None:
        await _check_replaced(database, candidates, replaces)
    run = _Run(database, files_folder, limits, now, draft, replaces, samples)
    reports: list[FileReport] = []
    for number, candidate in enumerate(candidates):
        on_progress(number, len(candidates), candidate.name)
        try:
            report = await _take_in(run, candidate)
        except ReadingError as error:
            report = FileReport(candidate.name, Outcome.REFUSED, problem=explain_reading_error(error))
        if candidate.supplied is not None and report.document_id is not None:
            run.entries[candidate.supplied] = report.document_id
        reports.append(report)
    on_progress(len(candidates), len(candidates), "")
    return reports


async def _check_replaced(database: Database, candidates: Sequence[Candidate], replaces: int) -> None:
    if len({one.supplied or one.path for one in candidates}) > 1:
        raise SeveralDocuments(len(candidates))
    async with database.read() as session:
        replaced = await session.get(Document, replaces)
    if replaced is None or replaced.state in (DocumentState.DRAFT, DocumentState.WITHDRAWN):
        raise NoSuchDocument(replaces)


async def _take_in(run: _Run, candidate: Candidate) -> FileReport:
    """One file. Raises ReadingError; then nothing of it is stored."""
    # 1. Known bytes need no reading.
    data = await asyncio.to_thread(_read_bytes, candidate.path, run.limits.max_bytes)
    sha256 = hashlib.sha256(data).hexdigest()
    async with run.database.read() as session:
        known = await find_rendition_by_sha(session, sha256)
        if not _is_held(known, run):
            await run.texts.remember(session, _comparable(await list_current_versions(session), run))
    if known is not None and _is_held(known, run):
        return await _unchanged(run, candidate, known)
    # 2. Read and understand; what cannot be read goes no further.
    read = await asyncio.to_thread(read_file, candidate.path, max_bytes=run.limits.max_bytes, max_pages=run.limits.max_pages)
    kind = await asyncio.to_thread(detect_format, data, candidate.path.suffix)
    understood = await asyncio.to_thread(understand_document, read, dated=candidate.supplied.dated if candidate.supplied else "")
    saved = await asyncio.to_thread(save_file, run.files_folder, data)
    # 3. Store it where it belongs, in one transaction.
    async with run.database.write() as session:
        await lock_documents(session)
        known = await find_rendition_by_sha(session, sha256)
        if known is None or not _is_held(known, run):
            return await _store(session, run, candidate, read, kind, understood, saved, known)
    # Another process took in the same bytes meanwhile.
    return await _unchanged(run, candidate, known)


def _read_bytes(path: Path, max_bytes: int) -> bytes:
    """The file's bytes. Raises MissingFile and OversizedFile as `read_file` does."""
    try:
        if not path.is_file():
            raise MissingFile
        size = path.stat().st_size
        if size > max_bytes:
            raise OversizedFile(limit=max_bytes, size=size)
        return path.read_bytes()
    except OSError as error:
        raise MissingFile from error


def _is_held(known: Holding | None, run: _Run) -> bool:
    """Whether these bytes are where this ingest would put them. A draft handed in to be published is not."""
    if known is None or known.document.state is DocumentState.WITHDRAWN or known.document.sample != run.samples:
        return False
    return run.draft or known.document.state is not DocumentState.DRAFT


def _comparable(stored: Iterable[Stored], run: _Run) -> list[Stored]:
    """The documents that a file may be one of: drafts among drafts, samples among samples."""
    alive = ((document, version) for document, version in stored if document.state is not DocumentState.WITHDRAWN)
    return [one for one in alive if one[0].sample == run.samples and (one[0].state is DocumentState.DRAFT) == run.draft]


async def _unchanged(run: _Run, candidate: Candidate, known: Holding) -> FileReport:
    document = known.document
    if run.replaces is not None and run.replaces != document.id:
        async with run.database.write() as session:
            await mark_superseded(session, document_id=run.replaces, by=document.id)
    return FileReport(candidate.name, Outcome.UNCHANGED, document.id, wording.stored_name(document.number, document.subject))


async def _store(
    session: AsyncSession,
    run: _Run,
    candidate: Candidate,
    read: ReadFile,
    kind: Format,
    understood: Understood,
    saved: SavedFile,
    draft: Holding | None,
) -> FileReport:
    """Rows for one file; `draft` is where its bytes were held as a draft, until now."""
    supplied = candidate.supplied
    described = describe(supplied, understood)
    text = Text.of(one.text for one in understood.structure.paragraphs)
    home = await find_home(
        session,
        _comparable(await list_current_versions(session), run),
        name=candidate.name,
        described=described,
        supplied=supplied,
        same_entry=run.entries.get(supplied) if supplied else None,
        text=text,
        texts=run.texts,
    )
    await add_file(session, saved, now=run.now)
    if home is None:
        outcome = Outcome.NEW
        document = Document(state=DocumentState.DRAFT if run.draft else DocumentState.IN_FORCE, sample=run.samples, created_at=run.now)
        _write_facts(document, described)
        await add_document(session, document)
    else:
        outcome = Outcome.RENDITION if home.same_text else Outcome.NEW_VERSION
        document = home.document
        if outcome is Outcome.NEW_VERSION:
            _write_facts(document, described)
    if _is_internal(supplied, understood):
        document.audience = Audience.OFFICIALS
    if home is not None and home.same_text:
        version = home.version
    else:
        content = content_of(understood)
        version = await add_version(session, document_id=document.id, text_fold_hash=text.digest, content=content, now=run.now)
    rendition = Rendition(
        version_id=version.id,
        file_name=candidate.name,
        sha256=saved.sha256,
        format=kind.value,
        pages=read.pages,
        size=saved.size,
    )
    await add_rendition(session, rendition)
    if run.replaces is not None and run.replaces != document.id:
        await mark_superseded(session, document_id=run.replaces, by=document.id)
    if draft is not None and draft.document.state is DocumentState.DRAFT and not run.draft:
        draft.document.state = DocumentState.WITHDRAWN
    withdrawn = await withdraw_samples(session) if not run.samples and not run.draft else []
    remarks = [wording.RENDITION_DIFFERS] if home is not None and home.differs else []
    return FileReport(
        candidate.name,
        outcome,
        document.id,
        wording.stored_name(document.number, document.subject),
        _count(understood),
        (*read.remarks, *remarks, *(() if outcome is Outcome.RENDITION else _remarks(understood, document))),
        withdrawn=tuple(withdrawn),
    )


def _write_facts(document: Document, described: Described) -> None:
    document.number = described.number or None
    document.issued_on = described.issued_on or None
    document.held_on = described.held_on or None
    document.kind = described.kind
    document.issuer = described.issuer
    document.subject = described.subject
    document.provenance = described.provenance


def _is_internal(supplied: Supplied | None, understood: Understood) -> bool:
    """«Lưu hành nội bộ» near the head is for officials only, whatever else is said."""
    head = (one.text for one in understood.structure.paragraphs[:_HEAD])
    if any("luu hanh noi bo" in fold(text) and len(text) < 60 for text in head):
        return True
    return supplied is not None and supplied.audience == "officials"


def _count(understood: Understood) -> dict[str, int]:
    return {name: len(getattr(understood, name)) for name in ("passages", "targets", "results", "assignments", "relations")}


def _remarks(understood: Understood, document: Document) -> Iterator[str]:
    """What a person should look at: an identity that the text does not print, a document without structure."""
    if not document.number:
        yield wording.NO_NUMBER
    elif document.provenance.get("number") is Origin.SUPPLIED:
        yield wording.NUMBER_SUPPLIED
    if not document.issued_on and not document.held_on:
        yield wording.NO_DATE
    if not any(one.kind is ParagraphKind.HEADING for one in understood.structure.paragraphs):
        yield wording.NO_HEADINGS
    doubtful = sum(one.quantified and one.horizon_year is None for one in understood.targets)
    if doubtful:
        yield wording.TARGETS_WITHOUT_YEAR.format(count=doubtful)
