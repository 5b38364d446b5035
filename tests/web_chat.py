"""The whole assistant with its page's server, spoken to as the page speaks: real HTTP, what is shown live over a WebSocket."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.clock import DemoTime
from bot.settings import Settings
from bot.web.app import serve_demo
from db.engine import Database, open_database

_PATIENCE = 10.0  # seconds
_ENTRY = {"id", "order", "at", "own", "client_id", "paragraphs", "buttons", "files", "asks_phone"}


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A message as the page shows it now."""

    message_id: str
    text: str
    html: str
    """The text with bold, italic and copied words in tags."""
    buttons: list[list[tuple[str, str]]]
    files: list[dict[str, Any]]


@asynccontextmanager
async def serving_demo(settings: Settings, database_url: str) -> AsyncIterator[tuple[str, Database]]:
    """The demo until the block is left, stopped as SIGTERM stops it: its address, and its database."""
    database = open_database(database_url)
    stop, ready = asyncio.Event(), asyncio.get_running_loop().create_future()
    time = await DemoTime.open(database, start=settings.demo_start)
    task = asyncio.ensure_future(serve_demo(settings, database, time, stop, ready=ready.set_result))
    try:
        await asyncio.wait({task, ready}, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield await ready, database
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)
        await database.close()


class WebPage:
    """One page that is open. Use as an async context manager."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.entries: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.waiting: dict[str, bool] = {}
        self.notices: dict[str, str] = {}
        self.people: list[dict[str, Any]] = []
        self.clock: dict[str, Any] = {}
        self.resets = 0
        self._changed = asyncio.Event()

    async def __aenter__(self) -> WebPage:
        self.http = aiohttp.ClientSession(base_url=self.address, headers={"Origin": self.address})
        self._live = await self.http.ws_connect("/live")
        self._listening = asyncio.ensure_future(self._listen())
        await self.until(lambda: bool(self.people))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._live.close()
        await self._listening
        await self.http.close()

    async def _listen(self) -> None:
        async for received in self._live:
            self._take(received.json())
            self._changed.set()
            self._changed = asyncio.Event()

    def _take(self, said: dict[str, Any]) -> None:
        match said["type"]:
            case "state":
                self.people, self.clock = said["people"], said["clock"]
            case "entries":
                assert said["person"] in {one["key"] for one in self.people}
                for entry in said["entries"]:
                    assert set(entry) == _ENTRY
                    self.entries[said["person"]][entry["id"]] = entry
                self.waiting[said["person"]] = said["waiting"]
            case "gone":
                for key in said["ids"]:
                    del self.entries[said["person"]][key]
            case "notice":
                self.notices[said["tap"]] = said["text"]
            case "reset":
                self.entries.clear()
                self.resets += 1
            case other:
                raise AssertionError(f"no such news: {other}")

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition, looked at whenever the page was told something."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not condition():
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {_PATIENCE} s; shown: {dict(self.entries)}") from None

    async def post(self, path: str, **given: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(path, json=given) as response:
            return response.status, await response.json()

    async def upload(self, person: str, files: dict[str, bytes], *, text: str = "", key: str = "") -> tuple[int, dict[str, Any]]:
        """Send files as the page's form does."""
        with aiohttp.MultipartWriter("form-data") as form:
            for name, value in (("person", person), ("id", key or str(uuid.uuid4())), ("text", text)):
                form.append(value).set_content_disposition("form-data", name=name)
            for name, data in files.items():
                form.append(io.BytesIO(data)).set_content_disposition("form-data", name="file", filename=name, quote_fields=False)
            async with self.http.post("/api/files", data=form, headers={"X-Requested-With": "page"}) as response:
                return response.status, await response.json()

    async def fetch(self, url: str) -> bytes:
        async with self.http.get(url) as response:
            response.raise_for_status()
            return await response.read()

    def shown(self, person: str) -> list[ShownEntry]:
        """What the assistant has said to somebody, as it stands now."""
        told = sorted((one for one in self.entries[person].values() if not one["own"]), key=lambda one: (one["order"], int(one["id"][1:])))
        return [
            ShownEntry(
                one["id"],
                _text(one, lambda span: span["text"]),
                _text(one, _tagged),
                [[(button["label"], button["command"]) for button in row] for row in one["buttons"]],
                one["files"],
            )
            for one in told
        ]


def _text(entry: dict[str, Any], write: Callable[[dict[str, str]], str]) -> str:
    return "\n".join("".join(write(span) for span in part["spans"]) for part in entry["paragraphs"])


def _tagged(span: dict[str, str]) -> str:
    tag = {"bold": "b", "italic": "i", "code": "code"}.get(span["style"])
    return f"<{tag}>{span['text']}</{tag}>" if tag else span["text"]


@dataclass(slots=True)
class WebChat:
    """Somebody whom nobody knows yet, at the page."""

    page: WebPage
    person: str
    _read: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._read = {one.message_id for one in self.shown()}

    @property
    def seen(self) -> int:
        """How many messages of those shown have been read."""
        return sum(one.message_id in self._read for one in self.shown())

    def shown(self) -> list[ShownEntry]:
        return self.page.shown(self.person)

    async def write(self, text: str, *, replies: int = 1, reply_to: str | None = None) -> str:
        """Send a text; what is answered, once that many messages are there."""
        await self._post("/api/messages", text=text, reply_to=reply_to)
        return await self.replies(replies)

    async def send(self, file_name: str, data: bytes, *, text: str = "", replies: int = 1) -> str:
        """Send a file; what is answered."""
        assert (await self.page.upload(self.person, {file_name: data}, text=text))[0] == 200
        return await self.replies(replies)

    async def press(self, label: str, *, replies: int = 0) -> str:
        """Tap the newest button of that name; the note that is shown in passing, and what is answered besides."""
        for is_meant in (label.__eq__, lambda text: label in text):
            for one in reversed(self.shown()):
                for text, command in (button for row in one.buttons for button in row):
                    if is_meant(text):
                        note = await self.tap(one.message_id, command)
                        return "\n".join(part for part in (note, await self.replies(replies)) if part)
        raise ValueError(f"no button «{label}»: {[one.buttons for one in self.shown()]}")

    async def tap(self, message_id: str, command: str) -> str:
        """Tap a button, also one that the message no longer shows; the note that is shown in passing, once it is worked."""
        key = await self._post("/api/taps", entry=message_id, command=command)
        await self.page.until(lambda: key in self.page.notices)
        return self.page.notices[key]

    async def share_phone(self, phone: str) -> str:
        await self._post("/api/phones", phone=phone)
        return await self.replies(1)

    async def _post(self, path: str, **given: Any) -> str:
        key = str(uuid.uuid4())
        status, answer = await self.page.post(path, person=self.person, id=key, **{name: one for name, one in given.items() if one})
        assert (status, answer) == (200, {"ok": True})
        return key

    async def replies(self, count: int) -> str:
        def new() -> list[ShownEntry]:
            return [one for one in self.shown() if one.message_id not in self._read]

        await self.page.until(lambda: len(new()) >= count)
        told = new()
        self._read |= {one.message_id for one in told}
        return "\n\n".join(one.text for one in told)

    @property
    def buttons(self) -> list[str]:
        """What may be tapped below the newest message."""
        return [text for row in self.shown()[-1].buttons for text, _ in row]

    async def file(self) -> tuple[str, bytes]:
        """The file that came with the newest message: its name and its bytes."""
        file = self.shown()[-1].files[0]
        return file["name"], await self.page.fetch(file["url"])
