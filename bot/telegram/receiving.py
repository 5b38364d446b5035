"""How updates come in: by long polling or by a webhook, each stored before Telegram is told that it arrived."""

from __future__ import annotations

import asyncio
import datetime as dt
import hmac
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.methods import TelegramMethod
from aiogram.types import BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from aiohttp import web

from bot.telegram.sending import NAME, bot_id_of
from bot.telegram.updates import TROUBLE, UPDATE_KINDS, commands_of, read_envelope, wants_typing
from db.engine import Database, UnreachableDatabaseError
from db.inbox import store_events
from handlers.help import group_menu, menu_of

_LOG = logging.getLogger(__name__)
_POLL = 25  # seconds that Telegram holds a poll open
_BACKOFF, _LONGEST_BACKOFF = 0.5, 30.0  # seconds
_BATCH = 100
_TYPING_AT_ONCE = 64
WEBHOOK_PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class _GetRawUpdates(TelegramMethod[list[Any] | None]):
    """`getUpdates` undecoded: as aiogram has it, one update that cannot be read would fail the whole batch for ever."""

    __returning__ = list[Any] | None
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = _BATCH
    timeout: int = _POLL
    allowed_updates: tuple[str, ...] = UPDATE_KINDS


class _Session(AiohttpSession):
    """aiogram's session, closed without its quarter of a second of waiting: at the end nothing is under way."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()


def open_bot(token: str, *, api_base: str) -> Bot:
    """An aiogram bot on this Bot API. Raises `aiogram.utils.token.TokenValidationError` for what is no token."""
    return Bot(token, session=_Session(api=TelegramAPIServer.from_base(api_base), limit=2 * _TYPING_AT_ONCE))


class TelegramReceiver:
    """Stores what Telegram delivers and wakes whoever works it; shows at once that somebody is at it."""

    def __init__(self, bot: Bot, database: Database, *, now: Callable[[], dt.datetime], wake: Callable[[], None]) -> None:
        self._bot, self._database, self._now, self._wake = bot, database, now, wake
        self._bot_id = bot_id_of(bot.token)
        self._typing: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(_TYPING_AT_ONCE)

    async def poll(self, stop: asyncio.Event) -> None:
        """Ask for updates until told to stop. An update is confirmed by the next question, after it was stored."""
        offset: int | None = None
        failures = 0
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                asking = asyncio.ensure_future(self._bot(_GetRawUpdates(offset=offset), request_timeout=_POLL + 10))
                await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not asking.done():
                    asking.cancel()
                    break
                try:
                    # Whatever stands before Telegram may answer «ok» and nothing else.
                    updates = [one for one in asking.result() or () if isinstance(one, dict)]
                    await self._store(updates)
                    failures = 0
                except (*TROUBLE, UnreachableDatabaseError) as error:
                    failures += 1
                    pause = _pause_after(error, failures)
                    await asyncio.wait({stopping}, timeout=pause)
                    continue
                numbers = [one["update_id"] for one in updates if isinstance(one.get("update_id"), int)]
                offset = max([*numbers, (offset or 0) - 1]) + 1 if numbers or offset else None
        finally:
            stopping.cancel()

    def webhook(self, secret: str) -> Callable[[web.Request], Any]:
        """The handler of webhook calls: 401 without the secret, 200 once the update is stored, 500 when it could not be."""

        async def receive(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET_HEADER, "")
            if not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
                return web.Response(status=401)
            try:
                update = json.loads(await request.read())
            except (ValueError, RecursionError):
                return web.Response(status=400)
            if not isinstance(update, dict) or read_envelope(update) is None:
                # Nothing to store, and the same the next time: Telegram is not asked to repeat it.
                _LOG.warning("a webhook call held no update")
                return web.Response()
            try:
                await self._store([update])
            except UnreachableDatabaseError as error:
                _LOG.error("an update could not be stored, Telegram will repeat it: %s", error.reason)
                return web.Response(status=500)
            return web.Response()

        return receive

    async def announce(self, *, is_public: bool) -> None:
        """The commands that strangers see; a linked chat gets those of its role when it is next heard of."""
        commands = commands_of(menu_of(None, is_public=is_public))
        await self._bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
        # In groups a command taken from the menu names the bot by itself, which a typed one often does not.
        await self._bot.set_my_commands(commands_of(group_menu()), scope=BotCommandScopeAllGroupChats())

    async def _store(self, updates: Sequence[Mapping[str, Any]]) -> None:
        events = [one for update in updates if (one := read_envelope(update)) is not None]
        if not events:
            return
        async with self._database.write() as session:
            new = await store_events(session, NAME, self._bot_id, events, now=self._now())
        self._wake()
        for event in events:
            if event.external_id in new and (chat := wants_typing(event.payload)) is not None:
                task = asyncio.ensure_future(self._show_typing(chat))
                self._typing.add(task)
                task.add_done_callback(self._typing.discard)

    async def _show_typing(self, chat: int) -> None:
        async with self._free:
            try:
                await self._bot.send_chat_action(chat, "typing")
            except TROUBLE as error:
                _LOG.debug("typing was not shown: %s", type(error).__name__)

    async def close(self) -> None:
        """Let go of what is only shown while somebody waits."""
        for task in self._typing:
            task.cancel()
        await asyncio.gather(*self._typing, return_exceptions=True)


def _pause_after(error: Exception, failures: int) -> float:
    """Seconds to wait after a failed poll; says in the log what a person must see to."""
    match error:
        case TelegramRetryAfter():
            return error.retry_after
        case TelegramUnauthorizedError():
            _LOG.error("Telegram does not know this token; see TELEGRAM_BOT_TOKEN")
            return _LONGEST_BACKOFF
        case TelegramConflictError():
            _LOG.error("another process polls with this token, or a webhook is set: %s", error.message)
        case UnreachableDatabaseError():
            _LOG.error("updates could not be stored and will be asked for again: %s", error.reason)
        case _:
            _LOG.warning("polling failed (%s), trying again", type(error).__name__)
    return min(_LONGEST_BACKOFF, _BACKOFF * (1 << min(failures - 1, 10)))
