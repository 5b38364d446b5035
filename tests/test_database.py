"""What transactions and columns promise, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import (
    Audience,
    Content,
    Document,
    Origin,
    add_document,
    add_version,
    find_document_by_identity,
    list_documents,
    lock_documents,
)
from db.engine import Database, UnreachableDatabaseError, open_database
from tests.stored_plan import (
    add_plan,
)


async def test_reading_session_cannot_write(database: Database) -> None:
    with pytest.raises((UnreachableDatabaseError, DBAPIError), match=r"readonly|read-only"):
        async with database.read() as session:
            await session.execute(text("DELETE FROM document"))


async def test_reading_session_sees_one_state_while_others_write(database: Database, now: dt.datetime) -> None:
    async with database.read() as reading:
        assert await list_documents(reading) == []
        async with database.write() as writing:
            await add_plan(writing, now)
        assert await list_documents(reading) == []
    async with database.read() as reading:
        assert len(await list_documents(reading)) == 1


async def test_exception_undoes_the_whole_transaction(database: Database, now: dt.datetime) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await add_plan(session, now)
            raise RuntimeError
    async with database.read() as session:
        assert await list_documents(session) == []


async def test_writers_that_read_first_wait_for_each_other(database_url: str, now: dt.datetime) -> None:
    async def write(database: Database, number: str) -> None:
        async with database.write() as session:
            await list_documents(session)
            await asyncio.sleep(0)
            await add_document(session, Document(number=number, created_at=now))

    # Two that share no pool, as two processes do.
    first, second = open_database(database_url), open_database(database_url)
    await asyncio.gather(*(write(database, f"{turn}") for turn in range(4) for database in (first, second)))
    async with first.read() as session:
        assert len(await list_documents(session)) == 8
    await first.close()
    await second.close()


async def test_second_ingest_waits_until_the_first_has_decided(database_url: str, now: dt.datetime) -> None:
    async def ingest(database: Database) -> None:
        async with database.write() as session:
            await lock_documents(session)
            if await find_document_by_identity(session, number="15/KH-HG", issuer="UBND tỉnh Hòa Giang", year=2025) is None:
                await add_plan(session, now)

    first, second = open_database(database_url), open_database(database_url)
    await asyncio.gather(ingest(first), ingest(second))
    async with first.read() as session:
        assert len(await list_documents(session)) == 1
    await first.close()
    await second.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/plans", "assistant.db"])
def test_database_that_cannot_be_served_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        open_database(url)


async def test_instants_come_back_aware_in_utc(database: Database) -> None:
    eight_in_vietnam = dt.datetime(2026, 1, 5, 8, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    async with database.write() as session:
        await add_document(session, Document(created_at=eight_in_vietnam))
    async with database.read() as session:
        stored = (await list_documents(session))[0].created_at
    assert (stored, stored.tzinfo) == (eight_in_vietnam, dt.UTC)


async def test_naive_instant_is_refused(session: AsyncSession) -> None:
    with pytest.raises(StatementError):
        await add_document(session, Document(created_at=dt.datetime(2026, 1, 5, 8)))


async def test_json_of_another_shape_is_refused(session: AsyncSession, now: dt.datetime) -> None:
    unknown: Any = "guessed"
    with pytest.raises(StatementError) as caught:
        await add_document(session, Document(provenance={"number": unknown}, created_at=now))
    assert isinstance(caught.value.orig, ValidationError)


async def test_json_and_enums_come_back_as_they_went_in(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        await add_document(session, Document(audience=Audience.OFFICIALS, provenance={"number": Origin.INFERRED}, created_at=now))
    async with database.read() as session:
        (document,) = await list_documents(session)
        assert document.audience is Audience.OFFICIALS
        assert document.provenance == {"number": Origin.INFERRED}
        # Stored as text that a person can read and a migration need not know.
        assert await session.scalar(text("SELECT audience FROM document")) == "officials"


async def test_reference_to_nothing_is_refused(session: AsyncSession, now: dt.datetime) -> None:
    with pytest.raises(IntegrityError):
        await add_version(session, document_id=404, text_fold_hash="", content=Content(), now=now)
