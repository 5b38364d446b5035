"""The library of a folder of documents, made once for all tests that only ask."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from functools import cache
from pathlib import Path

from db.engine import migrate, open_database
from handlers.documents import SAMPLES, take_in
from knowledge.answer import Library
from knowledge.encoder import load_encoder
from knowledge.ingest import Limits
from knowledge.loading import load_library

CORPUS = Path(__file__).parent / "corpus"
_LIMITS = Limits(max_bytes=10_000_000, max_pages=200)


@cache
def library_of(folder: Path) -> Library:
    """What can be answered from the documents of a folder, the bundled digest included."""
    with tempfile.TemporaryDirectory() as data_dir:
        return asyncio.run(_load(folder, Path(data_dir)))


async def _load(folder: Path, data_dir: Path) -> Library:
    database = open_database(f"sqlite:///{data_dir / 'assistant.db'}")
    try:
        await migrate(database)
        now = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
        await take_in(database, [folder], data_dir=data_dir, limits=_LIMITS, now=now, samples=folder == SAMPLES)
        async with database.read() as session:
            return await load_library(session, index_folder=data_dir / "index", encoder=load_encoder())
    finally:
        await database.close()
