"""The database comes up from nothing or an older shape, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from db.engine import Database, UnknownRevisionError, get_revision, migrate, open_database
from db.migrations import HEAD, REVISIONS
from db.migrations.runner import alembic_config, downgrade, upgrade
from db.tables import METADATA

ROOT = Path(__file__).parent.parent
MIGRATE = """
import asyncio, sys
from db.engine import migrate, open_database

async def run():
    database = open_database(sys.argv[1])
    await migrate(database)
    await database.close()

asyncio.run(run())
print("alembic" in sys.modules)
"""


async def run(url: str, step: Any, *arguments: Any) -> Any:
    database = open_database(url)
    try:
        async with database.writing.begin() as connection:
            return await connection.run_sync(step, *arguments)
    finally:
        await database.close()


async def start_migrating(url: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, url, cwd=ROOT, stdout=pipe, stderr=pipe)


def list_tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


async def test_every_revision_goes_up_down_and_up_again(empty_database_url: str) -> None:
    below = "base"
    for revision in REVISIONS:
        await run(empty_database_url, upgrade, revision)
        first = await run(empty_database_url, list_tables)
        await run(empty_database_url, downgrade, below)
        assert await run(empty_database_url, list_tables) != first
        await run(empty_database_url, upgrade, revision)
        assert await run(empty_database_url, list_tables) == first
        below = revision
    assert first == set(METADATA.tables)


async def test_migrated_database_equals_the_models(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))

    assert await run(database_url, differences) == []


def test_known_revisions_are_those_of_the_files() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == REVISIONS


async def test_migrating_twice_keeps_what_is_stored(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    await migrate(database)
    async with database.write() as session:
        await session.execute(text("INSERT INTO agency (code, name, short_names, kind, groups) VALUES ('A', 'A', '[]', '', '[]')"))
    await migrate(database)
    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM agency")) == 1
    await database.close()


async def test_processes_that_start_at_once_all_find_the_database_ready(empty_database_url: str) -> None:
    processes = [await start_migrating(empty_database_url) for _ in range(3)]
    outcomes = [await process.communicate() for process in processes]
    assert [(process.returncode, errors) for process, (_, errors) in zip(processes, outcomes, strict=True)] == [(0, b"")] * 3
    assert await run(empty_database_url, list_tables) == set(METADATA.tables)


async def test_database_that_is_up_to_date_needs_no_alembic(database_url: str) -> None:
    process = await start_migrating(database_url)
    assert await process.communicate() == (b"False\n", b"")


async def test_database_of_a_newer_program_is_refused_by_its_revision(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnknownRevisionError) as caught:
        await migrate(database)
    assert caught.value.revision == "9999"


async def test_revision_is_none_before_and_the_newest_after(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    assert await get_revision(database) is None
    await migrate(database)
    assert await get_revision(database) == HEAD
    await database.close()
