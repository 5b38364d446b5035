"""Orphans: file rows that nothing refers to, and files that have no row.

First `delete_unused_rows` in a transaction; then, in a thread, `delete_unlisted_files` with what `list_file_hashes`
still knows. Both spare what was handed in lately, since its row, or what refers to it, may be about to be committed:
an hour is far more than a store needs.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.files import StoredFile, is_stored_file
from db.schema import table_of
from db.tables import METADATA


async def delete_unused_rows(session: AsyncSession, *, before: datetime, spared: Collection[str] = ()) -> int:
    """Drop the rows that no other table refers to, of files last handed in before then; returns how many. `spared`: hashes
    that something other than a table's key still needs."""
    stored = table_of(StoredFile)
    references = [key.parent for table in METADATA.tables.values() for key in table.foreign_keys if key.references(stored)]
    query = delete(StoredFile).where(col(StoredFile.stored_at) < before, col(StoredFile.sha256).not_in(spared))
    for column in references:
        query = query.where(~exists().where(column == stored.c.sha256))
    return len((await session.execute(query.returning(col(StoredFile.sha256)))).scalars().all())


async def list_file_hashes(session: AsyncSession) -> set[str]:
    """The hashes of all files that have a row."""
    return set((await session.execute(select(col(StoredFile.sha256)))).scalars())


def delete_unlisted_files(folder: Path, listed: Collection[str], *, before: datetime) -> int:
    """Remove the stored files that have no row and were last handed in before then; returns how many.

    Whatever else lies in the folder is left alone.
    """
    if not folder.is_dir():
        return 0
    stored = (path for path in folder.iterdir() if is_stored_file(path) and path.name not in listed)
    unlisted = [path for path in stored if path.stat().st_mtime < before.timestamp()]
    for path in unlisted:
        path.unlink(missing_ok=True)
    return len(unlisted)
