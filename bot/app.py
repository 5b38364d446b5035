"""The assistant as it runs: what comes in is stored, worked and answered, until it is told to stop."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot
from aiohttp import web

from bot.assistant import file_door, make_assistant, rules_of
from bot.clock import now
from bot.process import listening, sending
from bot.settings import Settings
from bot.telegram.receiving import WEBHOOK_PATH, TelegramReceiver, open_bot
from bot.telegram.sending import NAME, TelegramChannel, bot_id_of, deep_link
from bot.telegram.updates import TROUBLE, UPDATE_KINDS, TelegramUpdates
from bot.ticks import make_ticks, start_ticks
from bot.worker import Worker
from db.engine import Database
from handlers.call import Assistant
from scheduler.channel import Channel
from scheduler.sender import Sender, pace_of

_LOG = logging.getLogger(__name__)
_RETRY = 5.0  # seconds between two tries to introduce ourselves to a platform
_WEBHOOK_CONNECTIONS = 40


def open_channels(settings: Settings) -> list[TelegramChannel]:
    """The sending half of every channel that has a token."""
    if settings.telegram_bot_token is None:
        return []
    token = settings.telegram_bot_token.get_secret_value()
    files = settings.data_dir / "files"
    return [TelegramChannel(token, api_base=settings.telegram_api_base, concurrency=settings.send_concurrency, files_folder=files)]


def open_sender(settings: Settings, database: Database, channels: Sequence[Channel]) -> Sender:
    pace = pace_of(send_rate=settings.send_rate, chat_rate=settings.chat_rate, group_rate=settings.group_rate)
    return Sender(database, channels, pace=pace, concurrency=settings.send_concurrency, now=now, rules=rules_of(settings))


async def send_only(settings: Settings, database: Database, stop: asyncio.Event) -> None:
    """The sender alone."""
    channels = open_channels(settings)
    try:
        await open_sender(settings, database, channels).run(stop)
    finally:
        for channel in channels:
            await channel.close()


async def serve(settings: Settings, database: Database, stop: asyncio.Event) -> None:
    """Every channel that is configured, with the scheduler, until `stop`; then what is under way is finished."""
    channels = open_channels(settings)
    sender = open_sender(settings, database, channels)
    assistant = make_assistant(settings, database)
    ticks = start_ticks(make_ticks(settings, database), timezone=settings.timezone)
    try:
        async with sending(sender, stop):
            # Read before anybody asks: the first answer shall not wait for it.
            await assistant.shelf.library(officials=True)
            telegram = _Telegram.of(settings, assistant, sender)
            await telegram.run(stop)
    finally:
        ticks.shutdown(wait=False)
        for channel in channels:
            await channel.close()


def webhook_secret(settings: Settings) -> str:
    """What a webhook call must carry: as set, else made from the installation's own key."""
    if settings.telegram_webhook_secret:
        return settings.telegram_webhook_secret.get_secret_value()
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return hmac.new(key.encode(), b"telegram webhook", hashlib.sha256).hexdigest()


@dataclass(slots=True)
class _Telegram:
    """The receiving half of the Telegram bot."""

    settings: Settings
    bot: Bot
    updates: TelegramUpdates
    receiver: TelegramReceiver
    worker: Worker

    @classmethod
    def of(cls, settings: Settings, assistant: Assistant, sender: Sender) -> _Telegram:
        assert settings.telegram_bot_token is not None
        token = settings.telegram_bot_token.get_secret_value()
        bot = open_bot(token, api_base=settings.telegram_api_base)
        # Its name, which links need, is known only after it was asked for.
        linking = replace(assistant, link_for=lambda code: deep_link(updates.username, code) if updates.username else None)
        updates = TelegramUpdates(bot, linking, door=file_door(settings, assistant.database), now=now)
        worker = Worker(assistant.database, channel=NAME, bot_id=bot_id_of(token), work=updates.work, then=sender.wake, now=now)
        receiver = TelegramReceiver(bot, assistant.database, now=now, wake=worker.wake)
        return cls(settings, bot, updates, receiver, worker)

    async def run(self, stop: asyncio.Event) -> None:
        """Receive and work until `stop`; nothing is taken in after it, and what is being worked is finished."""
        async with AsyncExitStack() as ends:
            ends.push_async_callback(self.bot.session.close)
            ends.push_async_callback(self.updates.close)
            ends.push_async_callback(self.receiver.close)
            if self.settings.telegram_mode == "webhook":
                # Before Telegram learns the address.
                await ends.enter_async_context(listening(self._app(), host=self.settings.web_host, port=self.settings.web_port))
                receiving: Coroutine[Any, Any, Any] = stop.wait()
            else:
                await self.worker.take_over()
                receiving = self.receiver.poll(stop)
            introducing = asyncio.ensure_future(self._introduce())
            ends.callback(introducing.cancel)
            await asyncio.gather(receiving, self.worker.run(stop))

    async def _introduce(self) -> None:
        """Learn our name, and tell Telegram where updates go and which commands there are; again until it is done."""
        while True:
            try:
                self.updates.username = (await self.bot.me()).username or ""
                if self.settings.telegram_mode == "webhook":
                    await self.bot.set_webhook(
                        f"{self.settings.public_base_url}{WEBHOOK_PATH}",
                        secret_token=webhook_secret(self.settings),
                        allowed_updates=list(UPDATE_KINDS),
                        max_connections=_WEBHOOK_CONNECTIONS,
                    )
                else:
                    await self.bot.delete_webhook()
                await self.receiver.announce(is_public=self.settings.public_questions)
            except TROUBLE as error:
                _LOG.warning("Telegram does not take our introduction, trying again: %s", error)
                await asyncio.sleep(_RETRY)
            else:
                _LOG.info("Telegram: @%s is listening (%s)", self.updates.username, self.settings.telegram_mode)
                return

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_post(WEBHOOK_PATH, self.receiver.webhook(webhook_secret(self.settings)))
        app.router.add_get("/healthz", _healthy)
        return app


async def _healthy(_request: web.Request) -> web.Response:
    return web.Response(text="ok")
