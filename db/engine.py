"""Opening the database: SQLite by default, PostgreSQL when several replicas run; and bringing it up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from db.migrations import HEAD, REVISIONS

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
# A transaction that reads first and only then finds another writer could not wait any more, only fail.
_WRITING = "BEGIN IMMEDIATE"
# How long to wait for another process that writes.
_BUSY_MS = 30_000


class UnknownRevisionError(Exception):
    """The database was written by a newer version of this program."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


class UnreachableDatabaseError(Exception):
    """The database does not answer, is none, went away or has no room left; `reason` is the driver's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Database:
    """One database, held open: a way to read and a way to write. `close` it, or the process does not end."""

    url: URL
    reading: AsyncEngine
    writing: AsyncEngine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one state of the database and cannot change it. Raises UnreachableDatabaseError."""
        with _named_trouble():
            async with AsyncSession(self.reading, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed at the end, rolled back when an exception leaves it.

        On SQLite there is one at a time: opening a second inside the first waits until it times out.
        Raises UnreachableDatabaseError.
        """
        with _named_trouble():
            async with AsyncSession(self.writing, expire_on_commit=False) as session, session.begin():
                # Begun at once: who reads the clock inside must not do so before waiting for another writer.
                await session.connection()
                yield session

    async def close(self) -> None:
        await self.reading.dispose()
        await self.writing.dispose()


@contextmanager
def _named_trouble() -> Iterator[None]:
    """The floors above know no database library, so they get an error of ours."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        raise UnreachableDatabaseError(str(getattr(error, "orig", None) or error)) from error


def open_database(url: str) -> Database:
    """Open `sqlite:///PATH` or `postgresql://…`. Nothing is made or reached before first use.

    Raises ValueError for what is no address, for another kind of database, and for SQLite in memory.
    """
    address = _with_driver(url)
    if address.get_backend_name() == "postgresql":
        engine = create_async_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        # The same promises as on SQLite: what reads sees one state, and cannot write.
        return Database(address, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True), engine)
    return Database(address, _sqlite_engine(address, begin="BEGIN", query_only=True), _sqlite_engine(address, begin=_WRITING))


async def get_revision(database: Database) -> str | None:
    """The stored revision; None for an empty database, or one that is not there yet.

    Raises UnreachableDatabaseError.
    """
    if _is_sqlite(database) and not _sqlite_path(database).exists():
        return None
    try:
        async with database.reading.connect() as connection:
            return await connection.run_sync(_read_revision)
    except (SQLAlchemyError, OSError) as error:
        raise UnreachableDatabaseError(str(getattr(error, "orig", None) or error)) from error


async def migrate(database: Database) -> None:
    """Bring an empty or older database to the newest revision; several processes may do so at once.

    Raises UnknownRevisionError when the database is newer than this program, UnreachableDatabaseError.
    """
    revision = await get_revision(database)
    if revision == HEAD:
        return
    if revision is not None and revision not in REVISIONS:
        raise UnknownRevisionError(revision)
    if not _is_sqlite(database):
        async with database.writing.begin() as connection:
            # Two replicas starting at once: the second waits here, and finds nothing left to do.
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("migrate"))))
            await connection.run_sync(_upgrade)
        return
    _sqlite_path(database).parent.mkdir(parents=True, exist_ok=True)
    # Altering a table copies it and drops the old one, which would take along every row that refers to it.
    engine = _sqlite_engine(database.url, begin=_WRITING, foreign_keys=False)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _is_sqlite(database: Database) -> bool:
    return database.url.get_backend_name() == "sqlite"


def _sqlite_path(database: Database) -> Path:
    return Path(str(database.url.database))


def _with_driver(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        # Without the text itself, which may hold a password.
        raise ValueError("not a database address") from error
    driver = _DRIVERS.get(address.get_backend_name())
    if driver is None or (driver.startswith("sqlite") and address.database in (None, "", ":memory:")):
        raise ValueError(f"not a database of this program: {address.render_as_string()}")
    return address.set(drivername=driver)


def _sqlite_engine(address: URL, *, begin: str, query_only: bool = False, foreign_keys: bool = True) -> AsyncEngine:
    # One connection that writes: this process' writers queue for it in order, and busy_timeout is for another's.
    single = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 2 * _BUSY_MS / 1000}
    engine = create_async_engine(address, **({} if query_only else single))

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes too late and only before writes; ours below takes its place.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        cursor.execute(f"PRAGMA query_only = {int(query_only)}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _read_revision(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def _upgrade(connection: Connection) -> None:
    # Here, since most starts find the database up to date and need no Alembic.
    from db.migrations.runner import upgrade

    upgrade(connection)
