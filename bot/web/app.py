"""The demo as it runs: the page's server, what is worked and sent for it, and the demo's time."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.assistant import file_door, make_assistant, rules_of
from bot.clock import DemoTime
from bot.process import listening, sending
from bot.settings import Settings
from bot.ticks import make_ticks
from bot.web.channel import HERE, Hub, WebChannel
from bot.web.demo import Demo
from bot.web.server import WebServer
from bot.web.updates import WebUpdates
from bot.worker import Worker
from db.engine import Database
from db.inbox import has_events
from db.outbox import free_messages, next_due
from knowledge.examples import examples_of
from scheduler.sender import Sender, pace_of

# No platform stands between: what is said may be shown at once.
_PACE = pace_of(send_rate=500, chat_rate=500, group_rate=500)
_SETTLED_WITHIN, _SOON = 5.0, 0.02  # seconds


async def serve_demo(settings: Settings, database: Database, time: DemoTime, stop: asyncio.Event, *, ready: Callable[[str], None]) -> None:
    """The local web chat until `stop`; `ready` is told its address. Raises PortTaken."""
    hub = Hub()
    assistant = make_assistant(settings, database)
    sender = Sender(database, [WebChannel(hub)], pace=_PACE, concurrency=settings.send_concurrency, now=time.now, rules=rules_of(settings))
    updates = WebUpdates(assistant, hub, now=time.now)

    def worked() -> None:
        sender.wake()
        hub.changed()

    worker = Worker(database, channel=HERE.name, bot_id=HERE.bot_id, work=updates.work, then=worked, now=time.now)

    async def settle() -> None:
        """Wait until what was begun is worked and sent: a clock that leaps meanwhile would make it late."""
        async with asyncio.timeout(_SETTLED_WITHIN):
            while await _is_busy(database, time.now()):
                sender.wake()
                await asyncio.sleep(_SOON)

    async def examples() -> tuple[str, ...]:
        library = await assistant.shelf.library(officials=True)
        return await asyncio.to_thread(examples_of, library)

    demo = Demo(settings, database, time, ticks=make_ticks(settings, database), hub=hub, settle=settle)
    server = WebServer(
        database,
        demo,
        hub,
        door=file_door(settings, database),
        examples=examples,
        wake=worker.wake,
        is_public=settings.public_questions,
    )
    async with AsyncExitStack() as ends:
        port = await ends.enter_async_context(listening(server.app(), host=settings.web_host, port=settings.web_port))
        # Only now: whoever finds the port taken must not have touched what another process is at.
        await worker.take_over()
        async with database.write() as session:
            await free_messages(session, HERE.name, HERE.bot_id)
        await ends.enter_async_context(sending(sender, stop))
        # Read before anybody asks: the first answer shall not wait for it.
        await assistant.shelf.library(officials=True)
        # Before anybody confirms a duty: what is addressed to everybody goes to these.
        await demo.fill()
        host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
        ready(f"http://{host}:{port}")
        await asyncio.gather(worker.run(stop), demo.run(stop))


async def _is_busy(database: Database, until: dt.datetime) -> bool:
    async with database.read() as session:
        if await has_events(session, HERE.name, HERE.bot_id):
            return True
        due = await next_due(session, HERE.name, HERE.bot_id)
        return due is not None and due <= until
