"""Imports go down the floors only, and the database library stays on its floor."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Each floor with those it may import, beside itself.
FLOORS = {
    "db": set(),
    "knowledge": {"db"},
    "scheduler": {"db"},
    "handlers": {"db", "knowledge", "scheduler"},
    "bot": {"db", "knowledge", "scheduler", "handlers"},
}
DATABASE_LIBRARIES = {"sqlalchemy", "sqlmodel", "alembic", "aiosqlite", "psycopg", "sqlite3"}
# A query function takes a session, so whoever calls one may name its type.
SESSION = "sqlalchemy.ext.asyncio.AsyncSession"


def find_imports(source: str, package: str) -> Iterator[str]:
    """Full names of everything imported in a module of `package`, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{name.name}" for name in node.names)


def find_wrong_imports(source: str, package: str) -> list[str]:
    """What a module of `package` imports although its floor may not."""
    floor = package.split(".")[0]
    above = set(FLOORS) - FLOORS[floor] - {floor} | {"tests"}
    foreign = set() if floor == "db" else DATABASE_LIBRARIES
    return [name for name in find_imports(source, package) if name.split(".")[0] in above | foreign and name != SESSION]


@pytest.mark.parametrize("floor", FLOORS)
def test_floor_imports_only_what_lies_below(floor: str) -> None:
    files = sorted((ROOT / floor).rglob("*.py"))
    wrong = {
        str(file.relative_to(ROOT)): found
        for file in files
        if (found := find_wrong_imports(file.read_text("utf-8"), ".".join(file.relative_to(ROOT).parent.parts)))
    }
    assert files
    assert wrong == {}


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("db", "import knowledge.facts"),
        ("db", "from bot import settings"),
        ("knowledge", "from scheduler.calendar import x"),
        ("scheduler", "def late():\n    from knowledge import dates"),
        ("handlers", "from bot.settings import Settings"),
        ("knowledge.extraction", "from ...handlers import dispatch"),
        ("handlers", "from sqlalchemy import select"),
        ("bot", "import sqlite3"),
        ("bot", "from tests import conftest"),
    ],
)
def test_import_of_another_floor_is_noticed(package: str, source: str) -> None:
    assert find_wrong_imports(source, package)


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("bot", "from handlers import dispatch"),
        ("knowledge.extraction", "from ..facts import Target\nfrom . import targets"),
        ("handlers", f"from sqlalchemy.ext.asyncio import {SESSION.rsplit('.', 1)[1]}"),
        ("db", "from sqlalchemy import select"),
    ],
)
def test_import_within_the_rules_passes(package: str, source: str) -> None:
    assert find_wrong_imports(source, package) == []
