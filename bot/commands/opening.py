"""What commands share: the database opened, the library loaded, lines read, rows printed."""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot import wording
from bot.clock import DemoTime, now
from bot.settings import Settings
from db.engine import Database, UnreachableDatabaseError, migrate, open_database

if TYPE_CHECKING:
    from knowledge.answer import Library
    from knowledge.ingest import Limits


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    try:
        database = open_database(settings.database_url)
    except ValueError as error:
        raise UnreachableDatabaseError(wording.DATABASE_ADDRESS_ADVICE) from error
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


async def clock_of(settings: Settings, database: Database) -> Callable[[], dt.datetime]:
    """The clock that counts here: the demo's where there is one, else the world's."""
    demo = await DemoTime.find(database) if settings.is_demo else None
    return demo.now if demo else now


async def open_library(database: Database, settings: Settings) -> Library:
    from knowledge.encoder import load_encoder
    from knowledge.loading import load_library

    async with database.read() as session:
        library = await load_library(
            session, index_folder=settings.data_dir / "index", encoder=load_encoder(settings.embedding_model or None)
        )
    # It lives as long as the process: nothing to be searched for garbage while people wait for answers.
    gc.freeze()
    return library


def ingest_limits(settings: Settings) -> Limits:
    from knowledge.ingest import Limits

    return Limits(settings.ingest_max_mb * 1024 * 1024, settings.ingest_max_pages)


def lines(source: str) -> Iterator[str]:
    """The lines of a file or of the standard input that hold anything; bytes that are no UTF-8 become «�»."""
    if source == "-":
        yield from (line for line in sys.stdin if line.strip("\ufeff \t\r\n"))
        return
    with open(source, encoding="utf-8-sig", errors="replace") as file:
        yield from (line for line in file if line.strip())


def print_json(row: dict[str, Any], *, flush: bool = False) -> None:
    print(json.dumps(row, ensure_ascii=False), flush=flush)
