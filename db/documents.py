"""Documents, their versions, files and passages, and the queries that keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.facts import Abbreviation, Assignment, Relation, Result, Target
from db.schema import Json, Row, text_enum


class DocumentState(StrEnum):
    """Where a document stands: a draft is not answered from; a withdrawn one no more."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Who may read a document."""

    PUBLIC = "public"
    OFFICIALS = "officials"


class Origin(StrEnum):
    """Where a statement about a document comes from: its text, a person, or other documents' way of citing it."""

    STATED = "stated"
    SUPPLIED = "supplied"
    INFERRED = "inferred"


class Document(Row, table=True):
    """The identity of one issued document. `issued_on` and `held_on` are ISO, may be a month («2025-09»)."""

    # The database fills every id; a stored row always has one.
    id: int = Field(default=None, primary_key=True)
    number: str | None = Field(default=None, index=True)
    issued_on: str | None = None
    held_on: str | None = None
    kind: str = ""
    issuer: str = ""
    subject: str = ""
    state: DocumentState = Field(default=DocumentState.DRAFT, sa_type=text_enum(DocumentState))
    superseded_by: int | None = Field(default=None, foreign_key="document.id", ondelete="SET NULL")
    sample: bool = False
    audience: Audience = Field(default=Audience.PUBLIC, sa_type=text_enum(Audience))
    provenance: dict[str, Origin] = Field(default_factory=dict, sa_type=Json(dict[str, Origin]))
    created_at: datetime


class Version(Row, table=True):
    """One text of a document; `text_fold_hash` names the folded text. At most one is current: an index sees to it."""

    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", ondelete="CASCADE")
    number: int
    text_fold_hash: str = Field(index=True)
    created_at: datetime
    is_current: bool


class Rendition(Row, table=True):
    """One file of a version: DOCX and PDF of one text are two. `size` in bytes; `pages` None for formats without."""

    __table_args__ = (UniqueConstraint("version_id", "sha256"),)

    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="version.id", ondelete="CASCADE")
    file_name: str
    sha256: str = Field(foreign_key="stored_file.sha256", ondelete="RESTRICT", index=True)
    format: str
    pages: int | None = None
    size: int


class Passage(Row, table=True):
    """The unit of search. `paragraph` is the ordinal of the paragraph that it is (part of)."""

    __table_args__ = (UniqueConstraint("version_id", "ordinal"),)

    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="version.id", ondelete="CASCADE")
    ordinal: int
    paragraph: int
    kind: str
    clause: str
    headings: tuple[str, ...] = Field(sa_type=Json(tuple[str, ...]))
    marker: str
    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What was read out of one version: each mapping has its table's columns but `id` and `version_id`."""

    passages: Sequence[Mapping[str, Any]] = ()
    targets: Sequence[Mapping[str, Any]] = ()
    results: Sequence[Mapping[str, Any]] = ()
    assignments: Sequence[Mapping[str, Any]] = ()
    relations: Sequence[Mapping[str, Any]] = ()
    abbreviations: Sequence[Mapping[str, Any]] = ()


_TABLES: dict[str, type[Row]] = {
    "passages": Passage,
    "targets": Target,
    "results": Result,
    "assignments": Assignment,
    "relations": Relation,
    "abbreviations": Abbreviation,
}


@dataclass(frozen=True, slots=True)
class Holding:
    """A file that is already here, with the version and the document it belongs to."""

    document: Document
    version: Version
    rendition: Rendition


async def find_rendition_by_sha(session: AsyncSession, sha256: str) -> Holding | None:
    """Where these bytes are held: in a current version rather than an older one, in the latest of several."""
    query = (
        select(Document, Version, Rendition)
        .join(Version, col(Version.document_id) == col(Document.id))
        .join(Rendition, col(Rendition.version_id) == col(Version.id))
        .where(col(Rendition.sha256) == sha256)
        .order_by(col(Version.is_current).desc(), col(Version.id).desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else Holding(*row)


async def find_document_by_identity(session: AsyncSession, *, number: str, issuer: str, year: int) -> Document | None:
    """The document with this number, of this issuer, issued in this year; never a sample."""
    query = (
        select(Document)
        .where(
            col(Document.number) == number,
            col(Document.issuer) == issuer,
            col(Document.issued_on).startswith(f"{year:04}"),
            col(Document.sample).is_(False),
        )
        .order_by(col(Document.id))
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def find_versions_by_text(session: AsyncSession, text_fold_hash: str) -> list[Version]:
    """Versions whose folded text is the same, newest first."""
    query = select(Version).where(col(Version.text_fold_hash) == text_fold_hash).order_by(col(Version.id).desc())
    return list((await session.execute(query)).scalars())


async def list_documents(session: AsyncSession, *states: DocumentState) -> list[Document]:
    """Documents in these states (in any, when none is named), newest first: by issue, else by the day held."""
    newest = func.coalesce(col(Document.issued_on), col(Document.held_on), "")
    query = select(Document).order_by(newest.desc(), col(Document.id).desc())
    if states:
        query = query.where(col(Document.state).in_(states))
    return list((await session.execute(query)).scalars())


async def list_current_versions(session: AsyncSession) -> list[tuple[Document, Version]]:
    """Every document that has a text, with its current version, in the order they came."""
    query = (
        select(Document, Version)
        .join(Version, col(Version.document_id) == col(Document.id))
        .where(col(Version.is_current))
        .order_by(col(Document.id))
    )
    return [(document, version) for document, version in await session.execute(query)]


async def list_renditions(session: AsyncSession, version_id: int) -> list[Rendition]:
    """The files of a version, in the order they came."""
    query = select(Rendition).where(col(Rendition.version_id) == version_id).order_by(col(Rendition.id))
    return list((await session.execute(query)).scalars())


async def list_passage_texts(session: AsyncSession, version_id: int) -> list[str]:
    """A version's text, passage by passage."""
    query = select(col(Passage.text)).where(col(Passage.version_id) == version_id).order_by(col(Passage.ordinal))
    return list((await session.execute(query)).scalars())


async def lock_documents(session: AsyncSession) -> None:
    """Let one writer at a time decide what a file belongs to, until the transaction ends.

    Two replicas that are handed the same file would else both find it new.
    """
    # On SQLite a writing transaction is alone already.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("documents"))))


async def add_document(session: AsyncSession, document: Document) -> Document:
    """Store a new document; it has its `id` afterwards."""
    session.add(document)
    await session.flush()
    return document


async def add_version(session: AsyncSession, *, document_id: int, text_fold_hash: str, content: Content, now: datetime) -> Version:
    """Store a document's new text with everything read out of it, and make it the current one."""
    await session.execute(update(Version).where(col(Version.document_id) == document_id).values(is_current=False))
    last = await session.scalar(select(func.max(col(Version.number))).where(col(Version.document_id) == document_id))
    version = Version(document_id=document_id, number=(last or 0) + 1, text_fold_hash=text_fold_hash, created_at=now, is_current=True)
    session.add(version)
    await session.flush()
    for part in fields(content):
        rows = [{**row, "version_id": version.id} for row in getattr(content, part.name)]
        if rows:
            await session.execute(insert(_TABLES[part.name]), rows)
    return version


async def add_rendition(session: AsyncSession, rendition: Rendition) -> Rendition:
    """Store one more file of a version. Its bytes must have their row already (`db.files.add_file`)."""
    session.add(rendition)
    await session.flush()
    return rendition


async def mark_superseded(session: AsyncSession, *, document_id: int, by: int) -> None:
    """Note that document `by` replaces `document_id`. Raises ValueError when they are one."""
    if document_id == by:
        raise ValueError(f"document {by} cannot replace itself")
    await session.execute(update(Document).where(col(Document.id) == document_id).values(state=DocumentState.SUPERSEDED, superseded_by=by))


async def withdraw_samples(session: AsyncSession) -> list[int]:
    """Withdraw every sample that is still answered from; returns their ids."""
    query = (
        update(Document)
        .where(col(Document.sample), col(Document.state) != DocumentState.WITHDRAWN)
        .values(state=DocumentState.WITHDRAWN)
        .returning(col(Document.id))
    )
    return sorted((await session.execute(query)).scalars())
