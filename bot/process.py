"""What every running process stands on: when it is told to stop, the sender beside, an address to listen on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from scheduler.sender import Sender

_FAREWELL = 3.0  # seconds for open requests at the end


class PortTaken(Exception):
    """The address cannot be listened on; says why."""


@asynccontextmanager
async def listening(app: web.Application, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve an application there until the block is left; the port is told, since 0 takes any. Raises PortTaken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_FAREWELL)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise PortTaken(error.strerror or str(error)) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    return stop


@asynccontextmanager
async def sending(sender: Sender, stop: asyncio.Event) -> AsyncIterator[None]:
    """The sender runs while the block does, and sends what was answered in it."""
    still_sending = asyncio.Event()
    task = asyncio.ensure_future(sender.run(still_sending))
    # Whatever ends the sender ends the process: it must not go on taking in what it cannot answer.
    task.add_done_callback(lambda _: stop.set())
    try:
        yield
        # What was just answered goes out before the sender stops, as far as a moment allows.
        await sender.finish_answers()
    finally:
        still_sending.set()
        await task
