"""The assistant running: its channels, the demo's page, the sender alone, a chat in the terminal; and what it stands on."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import webbrowser
from typing import TYPE_CHECKING

from bot import wording
from bot.clock import now
from bot.commands.opening import clock_of, ingest_limits, open_library, opened, print_json
from bot.settings import Settings

if TYPE_CHECKING:
    from db.engine import Database


async def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Every channel that has a token, or the demo's page. An empty store gets the digest first."""
    if problem := _demo_problem(settings) if settings.is_demo else _problem(settings):
        print(problem, file=sys.stderr)
        return 2
    return await (_run_demo if settings.is_demo else _run_channels)(settings)


async def _run_channels(settings: Settings) -> int:
    from bot.web.channel import HERE
    from handlers.demo import end_demo

    async with opened(settings) as database:
        await _fill(settings, database, now())
        await end_demo(database, HERE, now=now())
    return await _with_channels(settings, alone=False)


async def _run_demo(settings: Settings) -> int:
    from bot.clock import DemoTime
    from bot.logs import start_logging
    from bot.process import PortTaken, stop_on_signals
    from bot.web.app import serve_demo
    from bot.web.channel import HERE
    from handlers.demo import is_in_use

    start_logging(settings)
    stop = stop_on_signals()
    try:
        async with opened(settings) as database:
            if await is_in_use(database, HERE):
                print(wording.WEB_STORE_IN_USE, file=sys.stderr)
                return 2
            time = await DemoTime.open(database, start=settings.demo_start.astimezone(dt.UTC))
            await _fill(settings, database, time.now())
            await serve_demo(settings, database, time, stop, ready=_show_page)
    except PortTaken as error:
        print(wording.PORT_BUSY.format(host=settings.web_host, port=settings.web_port, reason=error), file=sys.stderr)
        return 1
    return 0


async def _fill(settings: Settings, database: Database, at: dt.datetime) -> None:
    from handlers.documents import SAMPLES, is_empty, take_in

    if await is_empty(database):
        print(wording.LOADING_SAMPLES, file=sys.stderr)
        limits, anchor = ingest_limits(settings), settings.report_anchor
        await take_in(database, [SAMPLES], data_dir=settings.data_dir, limits=limits, now=at, anchor=anchor, samples=True)


def _show_page(address: str) -> None:
    """Say where the page is, and open it where somebody sits before the machine."""
    print(wording.WEB_READY.format(address=address), flush=True)
    has_desk = sys.platform in ("darwin", "win32") or any(os.environ.get(one) for one in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.stdout.isatty() and has_desk:
        webbrowser.open(address)


def _demo_problem(settings: Settings) -> str:
    """What stands in the way of the demo: whoever reaches its page may speak as anybody."""
    from bot.web.guard import is_loopback

    if not is_loopback(settings.web_host):
        return wording.WEB_LOOPBACK_ONLY.format(host=settings.web_host)
    if settings.has_channel:
        print(wording.WEB_CHANNELS_SILENT, file=sys.stderr)
    return ""


async def send(settings: Settings, _options: argparse.Namespace) -> int:
    """The sender alone: what another process stored goes out."""
    if (
        problem := wording.WEB_CHANNELS_SILENT
        if settings.is_demo and settings.has_channel
        else _problem(settings, missing=wording.NO_CHANNEL)
    ):
        print(problem, file=sys.stderr)
        return 2
    return await _with_channels(settings, alone=True)


async def _with_channels(settings: Settings, *, alone: bool) -> int:
    from bot.app import send_only, serve
    from bot.logs import start_logging
    from bot.process import PortTaken, stop_on_signals

    start_logging(settings)
    stop = stop_on_signals()
    try:
        async with opened(settings) as database:
            await (send_only if alone else serve)(settings, database, stop)
    except PortTaken as error:
        print(wording.PORT_BUSY.format(host=settings.web_host, port=settings.web_port, reason=error), file=sys.stderr)
        return 1
    return 0


def _problem(settings: Settings, *, missing: str = wording.NO_CHANNEL_OUTSIDE_DEMO) -> str:
    """What stands in the way of Telegram; `missing` is said where it is not configured."""
    if settings.telegram_bot_token is None:
        return missing
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
        clock = await clock_of(settings, database)
        await converse(database, await open_library(database, settings), now=clock, minutes=settings.conversation_minutes)
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
