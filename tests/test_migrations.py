"""The database comes up from nothing or an older shape, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from db.deadlines import DeadlineRule
from db.duties import Duty, DutyState, list_duties
from db.engine import Database, UnknownRevisionError, get_revision, migrate, open_database
from db.migrations import HEAD, REVISIONS
from db.migrations.runner import alembic_config, downgrade, upgrade
from db.people import list_agencies
from db.tables import METADATA
from scheduler.auditor import audit
from scheduler.course import Rules

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


_BEFORE_REMINDERS = (
    "INSERT INTO document (kind, issuer, subject, state, sample, audience, provenance, created_at)"
    " VALUES ('Thông báo', '', 'Họp', 'in_force', false, 'public', '{}', '2026-01-01 00:00:00+00:00')",
    "INSERT INTO agency (code, name, short_names, kind, groups)"
    " VALUES ('SYT', 'Sở Y tế', '[]', 'department', '[]'), ('BCD', 'Ban Chỉ đạo', '[]', 'committee', '[]')",
    "INSERT INTO contact (name, agency_code, role, phone, created_at)"
    " VALUES ('Trần Thị Bình', 'SYT', 'focal_point', '0912000001', '2026-01-01 00:00:00+00:00')",
    "INSERT INTO duty (fingerprint, document_id, agency_code, clause, task, rule, last_day, state, proposed_at, confirmed_at)"
    " SELECT code, 1, code, 'I', 'Báo cáo', '{}', '2026-01-14', 'open', '2026-01-01 00:00:00+00:00', '2026-01-02 00:00:00+00:00'"
    " FROM agency ORDER BY code DESC",
    "DELETE FROM duty WHERE agency_code = 'BCD'",
)


async def test_duties_of_the_release_before_are_kept_and_reminded_of_again(empty_database_url: str) -> None:
    await run(empty_database_url, upgrade, "0003")
    database = open_database(empty_database_url)
    async with database.write() as session:
        for statement in _BEFORE_REMINDERS:
            await session.execute(text(statement))
    await migrate(database)
    await audit(database, Rules(), now=dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC))
    async with database.write() as session:
        [duty] = await list_duties(session)
        assert (duty.agency_code, duty.state, duty.remind_at) == ("SYT", DutyState.OPEN, dt.datetime(2026, 1, 7, 1, tzinfo=dt.UTC))
        assert [one.code for one in await list_agencies(session) if one.is_listed] == ["SYT"]
        # The code of one that was deleted before is given to no other.
        session.add(Duty(fingerprint="new", agency_code="SYT", clause="", task="", rule=DeadlineRule(), proposed_at=duty.proposed_at))
        await session.flush()
        assert {one.id for one in await list_duties(session)} == {duty.id, 3}
    await database.close()
