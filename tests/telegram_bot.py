"""The whole assistant beside a fake Telegram: real HTTP between them, rows in a real database."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from bot.app import serve
from bot.settings import Settings
from db.engine import Database, open_database
from db.schema import Row, table_of
from tests.telegram_api import FakeTelegram
from tests.telegram_faults import Shown

# Fast enough that no test waits for its pace; what the pace is has tests of its own.
QUICK = {"send_rate": 1000, "chat_rate": 1000, "group_rate": 1000, "person_rate": 1000, "stranger_rate": 1000}
Table = TypeVar("Table", bound=Row)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Chat:
    """One person at their phone."""

    telegram: FakeTelegram
    user_id: int
    chat_id: int | None = None
    name: str = "Nguyễn Văn A"
    seen: int = field(init=False)

    def __post_init__(self) -> None:
        self.seen = len(self.shown())

    def shown(self) -> list[Shown]:
        return self.telegram.messages(self.chat_id or self.user_id)

    async def write(self, text: str, *, replies: int = 1, reply_to: int | None = None) -> str:
        """Send a text; what is answered, once that many messages are there."""
        self.telegram.write(self.user_id, text, name=self.name, chat_id=self.chat_id, reply_to=reply_to)
        return await self.replies(replies)

    async def send(self, file_name: str, data: bytes, *, text: str = "", replies: int = 1) -> str:
        """Send a file; what is answered."""
        self.telegram.send_document(self.user_id, file_name, data, caption=text)
        return await self.replies(replies)

    async def press(self, label: str, *, replies: int = 0) -> str:
        """Tap the newest button of that name; the note that is shown in passing, and what is answered besides."""
        before = len(self.telegram.answered)
        self.telegram.press(self.user_id, label, chat_id=self.chat_id)
        await self.telegram.until(lambda: len(self.telegram.answered) > before)
        note = list(self.telegram.answered.values())[-1]
        return "\n".join(part for part in (note, await self.replies(replies)) if part)

    async def tap(self, message_id: int, command: str) -> str:
        """Tap a button, also one that the message no longer shows; the note that is shown in passing."""
        before = len(self.telegram.answered)
        self.telegram.tap(self.user_id, message_id, command, chat_id=self.chat_id, stale=True)
        await self.telegram.until(lambda: len(self.telegram.answered) > before)
        return list(self.telegram.answered.values())[-1]

    async def file(self) -> tuple[str, bytes]:
        """The file that came with the newest message: its name and its bytes."""
        newest = self.shown()[-1]
        found = newest.document or newest.photo
        assert found is not None
        return found

    async def share_phone(self, phone: str, *, owner_id: int | None = None) -> str:
        self.telegram.share_phone(self.user_id, phone, owner_id=owner_id)
        return await self.replies(1)

    async def replies(self, count: int) -> str:
        await self.telegram.until(lambda: len(self.shown()) >= self.seen + count)
        new = self.shown()[self.seen :]
        self.seen += len(new)
        return "\n\n".join(one.text for one in new)

    @property
    def buttons(self) -> list[str]:
        """What may be tapped below the newest message."""
        return [text for row in self.shown()[-1].buttons for text, _ in row]


@asynccontextmanager
async def running(settings: Settings, database_url: str, **changes: Any) -> AsyncIterator[Database]:
    """The assistant, serving until the block is left, and stopped as SIGTERM stops it."""
    database = open_database(database_url)
    stop = asyncio.Event()
    task = asyncio.ensure_future(serve(settings.model_copy(update=changes), database, stop))
    try:
        yield database
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)
        await database.close()


async def rows_of(database: Database, row: type[Table]) -> list[Table]:
    """Everything in a table, in the order it was stored."""
    async with database.read() as session:
        return list((await session.execute(select(row).order_by(table_of(row).c.id))).scalars())


def settings_for(telegram: FakeTelegram, folder: Path, **changes: Any) -> Settings:
    """Settings of an installation that knows this Telegram."""
    given = {
        "data_dir": folder,
        "telegram_bot_token": telegram.token,
        "telegram_api_base": telegram.base_url,
        "secret_key": "k" * 40,
        **QUICK,
        **changes,
    }
    return Settings(_env_file=None, **given)
