"""The assistant running: all of it, the sender alone, a chat in the terminal; and what an installation stands on."""

from __future__ import annotations

import argparse
import sys

from bot import wording
from bot.clock import now
from bot.commands.opening import ingest_limits, open_library, opened, print_json
from bot.settings import Settings


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Every channel that has a token; without one, the chat in the terminal. An empty store gets the digest first."""
    from handlers.documents import SAMPLES, is_empty, take_in

    if problem := _problem(settings):
        print(problem, file=sys.stderr)
        return 2
    async with opened(settings) as database:
        if await is_empty(database):
            print(wording.LOADING_SAMPLES, file=sys.stderr)
            limits, anchor = ingest_limits(settings), settings.report_anchor
            await take_in(database, [SAMPLES], data_dir=settings.data_dir, limits=limits, now=now(), anchor=anchor, samples=True)
    if settings.telegram_bot_token is None:
        return await chat(settings, options)
    return await _with_channels(settings, alone=False)


async def send(settings: Settings, _options: argparse.Namespace) -> int:
    """The sender alone: what another process stored goes out."""
    if problem := wording.NO_CHANNEL if settings.telegram_bot_token is None else _problem(settings):
        print(problem, file=sys.stderr)
        return 2
    return await _with_channels(settings, alone=True)


async def _with_channels(settings: Settings, *, alone: bool) -> int:
    from bot.app import PortTaken, send_only, serve, stop_on_signals
    from bot.logs import start_logging

    start_logging(settings)
    stop = stop_on_signals()
    try:
        async with opened(settings) as database:
            await (send_only if alone else serve)(settings, database, stop)
    except PortTaken as error:
        print(wording.PORT_BUSY.format(host=settings.web_host, port=settings.web_port, reason=error), file=sys.stderr)
        return 1
    return 0


def _problem(settings: Settings) -> str:
    """What stands in the way of Telegram, where it is configured."""
    if settings.telegram_bot_token is None:
        return ""
    from bot.telegram.sending import is_token

    if not is_token(settings.telegram_bot_token.get_secret_value()):
        return wording.TELEGRAM_BAD_TOKEN
    if settings.telegram_mode != "webhook":
        return ""
    if settings.public_base_url is None:
        return wording.WEBHOOK_NEEDS_URL
    return "" if settings.telegram_webhook_secret or settings.secret_key else wording.WEBHOOK_NEEDS_SECRET


async def chat(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.terminal import converse

    async with opened(settings) as database:
        await converse(database, await open_library(database, settings), now=now, minutes=settings.conversation_minutes)
    return 0


async def bring_up_to_date(settings: Settings, _options: argparse.Namespace) -> int:
    async with opened(settings):
        print(wording.MIGRATED)
    return 0


async def check(settings: Settings, options: argparse.Namespace) -> int:
    from bot.doctor import diagnose, format_checks

    checks = await diagnose(settings)
    if options.json:
        for one in checks:
            print_json({"name": one.name, "ok": one.ok, "detail": one.detail, "advice": one.advice})
    else:
        print(format_checks(checks))
    return 1 if any(one.ok is False for one in checks) else 0
