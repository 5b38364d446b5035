"""Alembic on a connection that is open already, inside its transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from db.migrations import HEAD


def upgrade(connection: Connection, revision: str = HEAD) -> None:
    """Bring the database to a revision, up."""
    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Bring the database to a revision, down; `base` empties it."""
    command.downgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for these migrations, bound to a connection."""
    config = Config()
    # Alembic reads % as the start of a substitution.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
