"""What all tables share: constraint names, column types for enums and JSON, inserts that meet a known key."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from sqlalchemy import JSON, Dialect, Enum, MetaData, Table, TypeDecorator, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

# Fixed names let a migration find a constraint again on either database.
_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Row(SQLModel):
    """A table of ours. Instants are aware UTC: a naive one is refused when it is stored."""

    metadata = MetaData(naming_convention=_NAMES)
    # Rows are not validated, so pydantic's validators would be built for nothing at every start.
    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]


class Json(TypeDecorator[Any]):
    """JSON of one Python shape, checked on the way in and out: `Json(list[str])`, `Json(DeadlineRule)`.

    A changed value must be assigned anew: changes inside a list are not noticed. None is SQL NULL.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__(none_as_null=True)
        self.shape = shape

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.shape)

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=True))
        # Here, since this import costs every start on SQLite 60 ms.
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return self._adapter.dump_python(self._adapter.validate_python(value), mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self._adapter.validate_python(value)


def text_enum(members: type[StrEnum]) -> Enum:
    """Column type that stores an enum's values as text, so that a new member needs no migration."""
    return Enum(members, native_enum=False, length=32, values_callable=lambda enum: [member.value for member in enum])


async def upsert(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Store rows of one table; one whose primary key is known takes over every column. Safe against a writer beside."""
    if rows:
        table = table_of(type(rows[0]))
        keys = [column.name for column in table.primary_key]
        statement = _dialect_insert(session, table)
        changes = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
        await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), _columns_of(table, rows))


async def insert_missing(session: AsyncSession, rows: Sequence[Row], *, key: str, within: tuple[str, ...] = ()) -> set[Any]:
    """Store the rows of one table whose `key` (unique, `within` other columns where named) is not known yet; returns the
    keys that were new."""
    if not rows:
        return set()
    table = table_of(type(rows[0]))
    statement = _dialect_insert(session, table).on_conflict_do_nothing(index_elements=[*within, key]).returning(table.c[key])
    return set((await session.execute(statement, _columns_of(table, rows))).scalars())


def _columns_of(table: Table, rows: Sequence[Row]) -> list[dict[str, Any]]:
    # Without the ids that the database has yet to give.
    names = [column.name for column in table.c if column is not table.autoincrement_column]
    return [{name: getattr(row, name) for name in names} for row in rows]


def _dialect_insert(session: AsyncSession, table: Table) -> Any:
    """INSERT that knows ON CONFLICT, which each database's dialect spells for itself."""
    # Imported here, since the other database's dialect would cost every start 60 ms.
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def table_of(row: type[Row]) -> Table:
    """The table behind a row class, for queries that want columns rather than objects."""
    table = inspect(row).local_table
    assert isinstance(table, Table)
    return table
