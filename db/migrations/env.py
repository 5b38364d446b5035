"""Run by Alembic: applies the migrations on the connection it was handed.

To write a new one after changing a table: add its number to REVISIONS, then
`alembic -x url=sqlite:///data/assistant.db revision --autogenerate --rev-id 0002 -m "…"`.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Enum, create_engine
from sqlmodel import AutoString
from sqlmodel.sql.sqltypes import UTCDateTime

from db.schema import Json
from db.tables import METADATA


def render_plainly(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Column types as the database has them: a migration must not change with the code."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return "sa.String()"
    if isinstance(item, Enum):
        return f"sa.String({item.length})"
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Json):
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    # SQLite cannot alter a column in place: batch mode copies the table.
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, render_item=render_plainly)
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as connection:
        run(connection)
