"""Everything that answering reads, in a few plain queries: light values, not objects bound to a session."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import Audience, Document, DocumentState, Origin, Passage, Rendition, Version
from db.facts import Abbreviation, Assignment, Fact, Relation, Result, Target
from db.schema import Row, table_of

# A superseded document stays: an answer says that it was replaced, and by which.
_ANSWERABLE = (DocumentState.IN_FORCE, DocumentState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class CurrentDocument:
    """A document that may be answered from, with its current version; fields as in `Document`."""

    id: int
    version_id: int
    number: str | None
    issued_on: str | None
    held_on: str | None
    kind: str
    issuer: str
    subject: str
    state: DocumentState
    superseded_by: int | None
    sample: bool
    audience: Audience
    provenance: dict[str, Origin]


@dataclass(frozen=True, slots=True)
class CurrentRendition:
    """A file of a current version."""

    version_id: int
    file_name: str
    sha256: str
    format: str
    pages: int | None


@dataclass(frozen=True, slots=True)
class CurrentPassage:
    """A passage of a current version; fields as in `Passage`."""

    id: int
    version_id: int
    ordinal: int
    paragraph: int
    kind: str
    clause: str
    headings: tuple[str, ...]
    marker: str
    text: str
    page: int | None


@dataclass(frozen=True, slots=True)
class CurrentFact:
    """One fact of a current version; `fields` holds the other columns by name, lists as tuples, enums as text."""

    id: int
    version_id: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Current:
    """All that may be answered from. Passages and facts stand in reading order, version by version."""

    documents: list[CurrentDocument] = field(default_factory=list)
    renditions: list[CurrentRendition] = field(default_factory=list)
    passages: list[CurrentPassage] = field(default_factory=list)
    targets: list[CurrentFact] = field(default_factory=list)
    results: list[CurrentFact] = field(default_factory=list)
    assignments: list[CurrentFact] = field(default_factory=list)
    relations: list[CurrentFact] = field(default_factory=list)
    abbreviations: list[CurrentFact] = field(default_factory=list)


async def load_current(session: AsyncSession) -> Current:
    """The documents in force or superseded, with the files, passages and facts of their current versions."""
    documents = [CurrentDocument(*row) for row in await _rows(session, _select_documents())]
    version_ids = [document.version_id for document in documents]
    if not version_ids:
        return Current()
    return Current(
        documents=documents,
        renditions=[CurrentRendition(*row) for row in await _rows(session, _select(Rendition, CurrentRendition, version_ids))],
        passages=[CurrentPassage(*row) for row in await _rows(session, _select(Passage, CurrentPassage, version_ids))],
        targets=await _load_facts(session, Target, version_ids),
        results=await _load_facts(session, Result, version_ids),
        assignments=await _load_facts(session, Assignment, version_ids),
        relations=await _load_facts(session, Relation, version_ids),
        abbreviations=await _load_facts(session, Abbreviation, version_ids),
    )


async def fingerprint_current(session: AsyncSession) -> str:
    """A short text that changes whenever `load_current` would give something else, at the cost of two small queries."""
    documents = [tuple(row) for row in await _rows(session, _select_documents())]
    latest_file = await session.scalar(select(func.max(table_of(Rendition).c.id)))
    return hashlib.sha256(repr((documents, latest_file)).encode()).hexdigest()


async def has_approved(session: AsyncSession) -> bool:
    """Whether any approved answer is in force; asked before `db.approved` is loaded, which costs a single question 50 ms."""
    answers = table("approved_answer", column("approved_at"), column("withdrawn_at"))
    is_in_force = answers.c.approved_at.is_not(None) & answers.c.withdrawn_at.is_(None)
    return (await session.execute(select(literal(1)).select_from(answers).where(is_in_force).limit(1))).first() is not None


async def _rows(session: AsyncSession, query: Select[Any]) -> Sequence[Any]:
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


def _select_documents() -> Select[Any]:
    document, version = table_of(Document).c, table_of(Version).c
    columns: list[ColumnElement[Any]] = [
        version.id if part.name == "version_id" else document[part.name] for part in fields(CurrentDocument)
    ]
    return (
        select(*columns)
        .join_from(table_of(Document), table_of(Version), version.document_id == document.id)
        .where(version.is_current, document.state.in_(_ANSWERABLE))
        .order_by(document.id)
    )


def _select(row: type[Row], shape: type[Any], version_ids: list[int]) -> Select[Any]:
    table = table_of(row).c
    return (
        select(*(table[part.name] for part in fields(shape))).where(table.version_id.in_(version_ids)).order_by(table.version_id, table.id)
    )


async def _load_facts(session: AsyncSession, row: type[Fact], version_ids: list[int]) -> list[CurrentFact]:
    table = table_of(row).c
    named = [column for column in table if column.name not in ("id", "version_id")]
    names = [column.name for column in named]
    query = select(table.id, table.version_id, *named).where(table.version_id.in_(version_ids)).order_by(table.version_id, table.id)
    return [CurrentFact(id, version_id, dict(zip(names, values, strict=True))) for id, version_id, *values in await _rows(session, query)]
