"""Documents come in: stored and understood, their duties proposed; and what the store holds, for scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.current import CurrentFact, load_current
from db.documents import DocumentState, list_documents
from db.duties import DutyState, delete_proposals, list_duties
from db.engine import Database
from handlers.duties.proposing import propose_from_documents
from handlers.duties.replaced import ask_about_open_duties
from knowledge.ingest import FileReport, Limits, Outcome, ingest
from knowledge.loading import cited_files

SAMPLES = Path(__file__).parent.parent / "knowledge" / "samples"
_HIDDEN = {"group", "paragraph", "page", "printed", "hedge", "scope"}


class OriginalsPresent(Exception):
    """The digest was asked for where official documents are answered from already."""


async def take_in(
    database: Database,
    paths: Sequence[Path],
    *,
    data_dir: Path,
    limits: Limits,
    now: dt.datetime,
    anchor: dt.date | None = None,
    draft: bool = False,
    replaces: int | None = None,
    samples: bool = False,
    on_progress: Callable[[int, int, str], None] = lambda _done, _all, _name: None,
) -> list[FileReport]:
    """Ingest files and folders, propose the duties of what is new, and drop the proposals of what no longer stands.

    Raises OriginalsPresent for the digest beside official documents; else as `knowledge.ingest.ingest`.
    """
    if samples and await _has_originals(database):
        raise OriginalsPresent
    reports = await ingest(
        database,
        paths,
        files_folder=data_dir / "files",
        limits=limits,
        now=now,
        draft=draft,
        replaces=replaces,
        samples=samples,
        on_progress=on_progress,
    )
    changed = {one.document_id for one in reports if one.outcome in (Outcome.NEW, Outcome.NEW_VERSION) and one.document_id is not None}
    gone = {document_id for one in reports for document_id in one.withdrawn} | ({replaces} if replaces is not None else set())
    if draft or not (changed or gone):
        return reports
    async with database.write() as session:
        await delete_proposals(session, gone - changed)
        await propose_from_documents(session, now=now, anchor=anchor, document_ids=changed)
        await _drop_stale_proposals(session, changed)
        await ask_about_open_duties(session, gone - changed, now=now)
    return reports


async def _has_originals(database: Database) -> bool:
    async with database.read() as session:
        documents = await list_documents(session, DocumentState.IN_FORCE, DocumentState.SUPERSEDED)
    return any(not one.sample for one in documents)


async def _drop_stale_proposals(session: AsyncSession, document_ids: set[int]) -> None:
    """Proposals of a text that a newer version has taken the place of; what the new text says too was pointed to it."""
    current = {one.id for one in (await load_current(session)).assignments}
    for duty in await list_duties(session, DutyState.PROPOSED):
        if duty.document_id in document_ids and duty.assignment_id not in current:
            await session.delete(duty)


async def is_empty(database: Database) -> bool:
    async with database.read() as session:
        return not await list_documents(session)


async def describe_documents(database: Database) -> list[dict[str, Any]]:
    """Every document for a script, newest first, with where each of its facts comes from."""
    async with database.read() as session:
        rows = await list_documents(session)
    return [
        {
            "id": one.id,
            "document": one.number or one.subject,
            "number": one.number,
            "issued_on": one.issued_on,
            "held_on": one.held_on,
            "kind": one.kind,
            "issuer": one.issuer,
            "subject": one.subject,
            "state": one.state.value,
            "superseded_by": one.superseded_by,
            "sample": one.sample,
            "audience": one.audience.value,
            "provenance": {name: origin.value for name, origin in one.provenance.items()},
        }
        for one in rows
    ]


async def describe_facts(database: Database, kind: str) -> list[dict[str, Any]]:
    """The targets, results or assignments in force, for a script; keys as the command line promises them."""
    async with database.read() as session:
        current = await load_current(session)
    documents = {one.version_id: one for one in current.documents if one.state is DocumentState.IN_FORCE}
    files = cited_files(current)
    facts: list[CurrentFact] = getattr(current, kind)
    return [
        {
            "document": documents[one.version_id].number or documents[one.version_id].subject,
            "file": files.get(one.version_id, ""),
            **_visible(one),
        }
        for one in facts
        if one.version_id in documents
    ]


def _visible(fact: CurrentFact) -> dict[str, Any]:
    row = {name: value for name, value in fact.fields.items() if name not in _HIDDEN}
    return {
        name: value.isoformat() if isinstance(value, dt.date) else list(value) if isinstance(value, tuple) else value
        for name, value in row.items()
    }
