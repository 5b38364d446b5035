"""Files that came with a Telegram message, fetched within bounds of size and time."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

import aiohttp
from aiogram import Bot
from aiogram.enums import ContentType
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message

from bot.worker import Later
from handlers.call import ReceivedFile
from handlers.files.receiving import MEGABYTE, FileDoor
from handlers.files.refusals import Refusal, RefusedFile
from handlers.wording import files as wording

# What the Bot API hands over (core.telegram.org/bots/api#getfile).
_MOST = 20 * MEGABYTE
_PATIENCE = 60.0  # seconds for one file
# So long a worker waits for a file before it turns to other people: most are here by then.
INLINE, _AGAIN = 2.0, dt.timedelta(seconds=1)
_AT_ONCE = 4
_KEPT = 120.0  # seconds that a file is kept in memory for the event that it belongs to


class DownloadFailed(Exception):
    """A file could not be fetched this time. Says no address: those of files hold the bot's token."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as a message names it; `size` None where Telegram does not tell."""

    file_id: str
    name: str
    size: int | None


def sent_file(message: Message) -> SentFile | None:
    """The document of a message, or its picture in the largest size; None where something else came."""
    if message.content_type == ContentType.DOCUMENT and message.document is not None:
        one = message.document
        return SentFile(one.file_id, one.file_name or "", one.file_size)
    if message.content_type == ContentType.PHOTO and message.photo:
        largest = max(message.photo, key=lambda size: (size.width * size.height, size.file_size or 0))
        # A photo has no name of its own.
        return SentFile(largest.file_id, f"anh-{message.date:%Y%m%d}-{message.message_id}.jpg", largest.file_size)
    return None


class Downloads:
    """Files on their way, by the event that they came with: a slow one keeps no worker from other people's messages."""

    def __init__(self, bot: Bot, door: FileDoor) -> None:
        self._bot, self._door = bot, door
        self._tasks: dict[int, asyncio.Task[ReceivedFile | str]] = {}
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def receive(self, event_id: int, sent: SentFile) -> ReceivedFile | str:
        """As `receive`. Raises Later while the file is on its way."""
        task, patience = self._tasks.get(event_id), 0.0
        if task is None:
            task, patience = asyncio.ensure_future(self._fetch(sent)), INLINE
            self._tasks[event_id] = task
            # Another process may have taken the event over: nobody asks for the file then.
            asyncio.get_running_loop().call_later(_PATIENCE + _KEPT, self._drop, event_id, task)
        await asyncio.wait({task}, timeout=patience)
        if not task.done():
            raise Later(_AGAIN)
        del self._tasks[event_id]
        return task.result()

    async def _fetch(self, sent: SentFile) -> ReceivedFile | str:
        async with self._gate:
            return await receive(self._bot, self._door, sent)

    def _drop(self, event_id: int, task: asyncio.Task[ReceivedFile | str]) -> None:
        if self._tasks.get(event_id) is task:
            self._tasks.pop(event_id).cancel()

    async def close(self) -> None:
        """Let go of what is on its way: its event is worked anew."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


async def receive(bot: Bot, door: FileDoor, sent: SentFile) -> ReceivedFile | str:
    """The file, checked and saved; or, in words for its sender, why it was not taken in. Raises DownloadFailed."""
    most = min(door.max_bytes, _MOST)
    try:
        if (sent.size or 0) > most:
            raise RefusedFile(Refusal.TOO_LARGE)
        data = await _download(bot, sent, most)
        return wording.not_fetched(sent.name) if data is None else await door.take(sent.name, data)
    except RefusedFile as error:
        return wording.refusal(sent.name, error, limit_mb=most // MEGABYTE)


async def _download(bot: Bot, sent: SentFile, most: int) -> bytes | None:
    """The bytes; None where Telegram does not know the file any more."""
    try:
        async with asyncio.timeout(_PATIENCE):
            file = await bot.get_file(sent.file_id)
            if not file.file_path:
                return None
            received = bytearray()
            address = bot.session.api.file_url(bot.token, file.file_path)
            async for part in bot.session.stream_content(address, timeout=int(_PATIENCE), raise_for_status=True):
                received += part
                if len(received) > most:
                    raise RefusedFile(Refusal.TOO_LARGE)
            return bytes(received)
    except TelegramBadRequest as error:
        if "too big" in error.message:
            raise RefusedFile(Refusal.TOO_LARGE) from error
        return None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise DownloadFailed(type(error).__name__) from None
