"""The invented province with the assistant running in it, on any channel and either database, for whole conversations."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from sqlalchemy import update

from bot.settings import Settings
from db.accounts import Account
from db.engine import Database, open_database
from db.people import Agency, Contact, Role, add_contact, upsert_agencies
from db.schema import table_of
from handlers.documents import take_in
from knowledge.ingest import Limits
from tests.conftest import postgres_url, temporary_database
from tests.libraries import CORPUS
from tests.telegram_api import FakeTelegram
from tests.telegram_bot import QUICK, Chat, free_port, running, settings_for
from tests.web_chat import WebChat, WebPage, serving_demo

AGENCIES = [Agency(code="SYT", name="Sở Y tế", kind="department"), Agency(code="SKHCN", name="Sở Khoa học và Công nghệ", kind="department")]
PEOPLE = [
    ("Trần Thị Bình", "SYT", Role.FOCAL_POINT, "0912000001"),
    ("Lê Văn Cường", "SYT", Role.LEADER, "0912000002"),
    ("Phạm Thị Dung", "SKHCN", Role.COORDINATOR, "0912000003"),
    ("Võ Văn Em", "SKHCN", Role.COORDINATOR, "0912000004"),
    ("Hồ Thị Giang", None, Role.ADMIN, "0912000005"),
]
FOCAL_POINT, LEADER, COORDINATOR, OTHER_COORDINATOR, ADMIN = (phone for *_, phone in PEOPLE)
ASKED, FOLLOWED = "chi tieu phu song 5g nam 2027?", "còn 2030?"


async def fill(url: str, data_dir: Path) -> None:
    """The invented province's documents and people."""
    database = open_database(url)
    now = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    await take_in(database, [CORPUS], data_dir=data_dir, limits=Limits(max_bytes=10_000_000, max_pages=200), now=now)
    async with database.write() as session:
        await upsert_agencies(session, AGENCIES)
        for name, agency, role, phone in PEOPLE:
            await add_contact(session, Contact(name=name, agency_code=agency, role=role, phone=phone, created_at=now))
    await database.close()


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    shutil.copyfile(sqlite_template, folder / "assistant.db")
    asyncio.run(fill(f"sqlite:///{folder / 'assistant.db'}", folder))
    return folder


@pytest.fixture(scope="session")
def filled_postgres(postgres: psycopg.Connection[Any], postgres_template: str, filled_sqlite: Path) -> str:
    postgres.execute(f"CREATE DATABASE template_filled TEMPLATE {postgres_template}")
    asyncio.run(fill(postgres_url(postgres, "template_filled"), filled_sqlite))
    return "template_filled"


@contextmanager
def filled_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """A database of either kind that holds documents and people."""
    if kind == "sqlite":
        path = request.getfixturevalue("tmp_path") / "assistant.db"
        shutil.copyfile(request.getfixturevalue("filled_sqlite") / "assistant.db", path)
        yield f"sqlite:///{path}"
        return
    yield from temporary_database(request.getfixturevalue("postgres"), template=request.getfixturevalue("filled_postgres"))


class Person(Protocol):
    """Somebody on a channel, as a conversation needs them."""

    @property
    def seen(self) -> int: ...
    @property
    def buttons(self) -> list[str]: ...
    def shown(self) -> list[Any]: ...
    async def write(self, text: str, *, replies: int = 1, reply_to: Any = None) -> str: ...
    async def send(self, file_name: str, data: bytes, *, text: str = "", replies: int = 1) -> str: ...
    async def press(self, label: str, *, replies: int = 0) -> str: ...
    async def share_phone(self, phone: str) -> str: ...
    async def replies(self, count: int) -> str: ...
    async def file(self) -> tuple[str, bytes]: ...
    async def tap(self, message_id: Any, command: str) -> str: ...


@dataclass(slots=True)
class World:
    """The assistant running with a channel beside it."""

    settings: Settings
    url: str
    database: Database

    def chat(self, user_id: int) -> Person:
        """Somebody whom nobody knows yet."""
        raise NotImplementedError

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what people will be shown."""
        raise NotImplementedError

    async def linked(self, phone: str, user_id: int) -> Person:
        """Somebody of the list who has shared their own number."""
        chat = self.chat(user_id)
        assert "Đã liên kết" in await chat.share_phone(f"+84{phone[1:]}")
        return chat


@dataclass(slots=True)
class TelegramWorld(World):
    telegram: FakeTelegram

    def chat(self, user_id: int, **given: Any) -> Chat:
        return Chat(self.telegram, user_id, **given)

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.telegram.until(condition)


@dataclass(slots=True)
class WebWorld(World):
    page: WebPage

    def chat(self, user_id: int) -> WebChat:
        return WebChat(self.page, f"guest-{user_id}")

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.page.until(condition)


_EVERY = [(way, kind) for way in ("polling", "webhook", "web") for kind in ("sqlite", "postgresql")]


# Databases are filled outside the loop that a test runs in. Polling differs from the webhook in how updates come in alone:
# `telegram_world` and `every_world` have both.
@pytest.fixture(params=[("webhook", "postgresql"), ("web", "sqlite")], ids="-".join)
def way(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    with filled_url(request, request.param[1]) as url:
        yield request.param[0], url


@pytest.fixture(params=_EVERY, ids="-".join)
def every_way(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    with filled_url(request, request.param[1]) as url:
        yield request.param[0], url


@pytest.fixture(params=[("polling", "sqlite"), ("webhook", "postgresql")], ids="-".join)
def telegram_way(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    with filled_url(request, request.param[1]) as url:
        yield request.param[0], url


@pytest.fixture
def web_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """What is the page's alone needs one kind of database."""
    with filled_url(request, "sqlite") as url:
        yield url


@pytest.fixture
async def world(way: tuple[str, str], filled_sqlite: Path) -> AsyncIterator[World]:
    """Each channel and each database once."""
    async with _open_world(*way, filled_sqlite) as opened:
        yield opened


@pytest.fixture
async def every_world(every_way: tuple[str, str], filled_sqlite: Path) -> AsyncIterator[World]:
    """Each way of being spoken to, on each database."""
    async with _open_world(*every_way, filled_sqlite) as opened:
        yield opened


@pytest.fixture
async def telegram_world(telegram_way: tuple[str, str], filled_sqlite: Path) -> AsyncIterator[TelegramWorld]:
    async with open_telegram_world(*telegram_way, filled_sqlite) as opened:
        yield opened


@pytest.fixture
async def web_world(web_url: str, filled_sqlite: Path) -> AsyncIterator[WebWorld]:
    async with open_web_world(web_url, filled_sqlite) as opened:
        yield opened


def _open_world(way: str, url: str, data_dir: Path) -> AbstractAsyncContextManager[World]:
    return open_web_world(url, data_dir) if way == "web" else open_telegram_world(way, url, data_dir)


_GIVEN: dict[str, Any] = {"public_questions": True, "admin_invite": "mot-ma-quan-tri-du-dai"}


@asynccontextmanager
async def open_telegram_world(mode: str, url: str, data_dir: Path) -> AsyncIterator[TelegramWorld]:
    port = free_port()
    web = {"telegram_mode": mode, "web_port": port, "public_base_url": f"http://127.0.0.1:{port}"}
    async with FakeTelegram(limits=None) as telegram:
        settings = settings_for(telegram, data_dir, **web, **_GIVEN)
        async with running(settings, url) as database:
            yield TelegramWorld(settings, url, database, telegram)


@asynccontextmanager
async def open_web_world(url: str, data_dir: Path) -> AsyncIterator[WebWorld]:
    given: dict[str, Any] = {"data_dir": data_dir, "secret_key": "k" * 40, "web_port": 0, **QUICK, **_GIVEN}
    settings = Settings(_env_file=None, **given)
    async with serving_demo(settings, url) as (address, database), WebPage(address) as page:
        # As on any channel, nobody is linked before they did it themselves.
        async with database.write() as session:
            await session.execute(update(table_of(Account)).values(contact_id=None, linked_at=None))
        yield WebWorld(settings, url, database, page)
