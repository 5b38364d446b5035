"""Conversations without a channel: what a contact of the invented province would be answered."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.assistant import make_assistant
from bot.settings import Settings
from db.documents import DocumentState, list_documents
from db.engine import open_database
from db.messages import Message
from handlers.call import Assistant
from handlers.people import speak_as
from knowledge.answer import Library
from tests.libraries import CORPUS, library_of

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def library() -> Library:
    return library_of(CORPUS)


@pytest.fixture
async def assistant(filled_sqlite: Path, tmp_path: Path) -> AsyncIterator[Assistant]:
    """The invented province's documents, spoken with without a channel."""
    path = tmp_path / "assistant.db"
    shutil.copyfile(filled_sqlite / "assistant.db", path)
    database = open_database(f"sqlite:///{path}")
    yield make_assistant(Settings(_env_file=None, data_dir=filled_sqlite, secret_key="k" * 40), database)
    await database.close()


@pytest.fixture
async def empty_assistant(filled_sqlite: Path, tmp_path: Path) -> AsyncIterator[Assistant]:
    """The people, and not one document."""
    path = tmp_path / "empty.db"
    shutil.copyfile(filled_sqlite / "assistant.db", path)
    database = open_database(f"sqlite:///{path}")
    async with database.write() as session:
        for one in await list_documents(session):
            one.state = DocumentState.WITHDRAWN
    yield make_assistant(Settings(_env_file=None, data_dir=tmp_path, secret_key="k" * 40), database)
    await database.close()


async def say(assistant: Assistant, phone: str, text: str) -> Message:
    """The one reply to what somebody says."""
    replies = await speak_as(assistant, phone, text, now=NOW)
    assert replies is not None and len(replies) == 1
    return replies[0]


def commands(message: Message) -> list[str]:
    return [one.command for row in message.actions for one in row]


async def walk(assistant: Assistant, phone: str, first: str, *, stem: str) -> dict[str, Message]:
    """Everything that can be reached by buttons whose command begins so, by command."""
    seen: dict[str, Message] = {}
    waiting = [first]
    while waiting:
        command = waiting.pop()
        if command not in seen:
            seen[command] = await say(assistant, phone, command)
            waiting += [one for one in commands(seen[command]) if one.startswith(stem)]
    return seen
