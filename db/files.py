"""The one door to stored files: bytes under `<folder>/<sha256>`, a row before use.

First `save_file` (in a thread, before the transaction), then `add_file` in the transaction that also stores what
refers to it. What a crash or a roll-back leaves between the two, `db.sweep` removes.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field

from db.schema import Row, upsert

_NAME = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".new-"


class StoredFile(Row, table=True):
    """Bytes that are kept; `size` in bytes, `stored_at` the last time they were handed in."""

    __tablename__ = "stored_file"

    sha256: str = Field(primary_key=True)
    size: int
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class SavedFile:
    """Bytes on disk, by the hash that names them."""

    sha256: str
    size: int


def file_path(folder: Path, sha256: str) -> Path:
    """Where bytes lie. Raises ValueError for what is no hash, so that no text from outside becomes a path."""
    if not _NAME.fullmatch(sha256):
        raise ValueError(f"not a sha256: {sha256!r}")
    return folder / sha256


def is_stored_file(path: Path) -> bool:
    """Whether a file is one that `save_file` wrote, whole or broken off."""
    return bool(_NAME.fullmatch(path.name)) or path.name.startswith(_UNFINISHED)


def save_file(folder: Path, data: bytes) -> SavedFile:
    """Write bytes so that they are whole or absent, also after a crash; the same bytes twice are one file."""
    sha256 = hashlib.sha256(data).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = file_path(folder, sha256)
    if path.exists():
        # Young again: a sweep that runs meanwhile leaves it.
        os.utime(path)
        return SavedFile(sha256, len(data))
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_UNFINISHED, delete=False) as part:
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
    os.replace(part.name, path)
    return SavedFile(sha256, len(data))


async def add_file(session: AsyncSession, saved: SavedFile, *, now: datetime) -> None:
    """Store the row of saved bytes, before anything refers to them; known bytes count as handed in anew."""
    await upsert(session, [StoredFile(sha256=saved.sha256, size=saved.size, stored_at=now)])


async def stored_size(session: AsyncSession, sha256: str) -> int | None:
    """The size in bytes of a stored file; None when there is no row of it."""
    stored = await session.get(StoredFile, sha256)
    return stored.size if stored else None
