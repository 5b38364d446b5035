"""Works the inbox: takes each chat's oldest event, hands it to whoever knows the channel, and settles what comes of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable

from db.engine import Database, UnreachableDatabaseError
from db.inbox import InboxRow, claim_events, free_events, postpone_event, release_event, return_events, settle_event
from db.messages import plain
from db.outbox import OutboxRow, Priority, add_messages
from handlers import wording
from handlers.call import HoldLost

_LOG = logging.getLogger(__name__)
_LEASE = dt.timedelta(seconds=30)
_TRIES = 3
_IDLE = 0.5  # seconds; another process may have stored an event
_AGAIN = dt.timedelta(seconds=1)


class Malformed(Exception):
    """An event that nobody can read, now or later."""


class Later(Exception):
    """What an event needs is on its way: it is to be taken again after a while, and others meanwhile."""

    def __init__(self, after: dt.timedelta) -> None:
        super().__init__(after)
        self.after = after


class _Deadly(Exception):
    """Every worker that took the event died of it."""


class Worker:
    """The working half for one bot. `work` brings one event to its end and tells whether its row was settled by that;
    `then` is called when something may be sent. Two at once: thinking is work for the processor, and more
    at once only keep those who send from the database."""

    def __init__(
        self,
        database: Database,
        *,
        channel: str,
        bot_id: str,
        work: Callable[[InboxRow], Awaitable[bool]],
        then: Callable[[], None],
        now: Callable[[], dt.datetime],
        concurrency: int = 2,
    ) -> None:
        self._database, self._channel, self._bot_id = database, channel, bot_id
        self._work, self._then, self._now, self._concurrency = work, then, now, concurrency
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Look at the inbox now: something was stored."""
        self._news.set()

    async def take_over(self) -> None:
        """Take up at once what a process before this one was at when it died. Only where one process works this bot."""
        async with self._database.write() as session:
            await free_events(session, self._channel, self._bot_id, now=self._now())

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is being worked then is finished."""
        ready: list[InboxRow] = []
        working: set[asyncio.Task[None]] = set()
        stopping = asyncio.ensure_future(stop.wait())
        while not stop.is_set():
            self._news.clear()
            if len(ready) + len(working) < self._concurrency:
                # A few ahead, so that a crowd is not let in one by one.
                ready += await self._claim(2 * self._concurrency)
            while ready and len(working) < self._concurrency:
                working.add(asyncio.ensure_future(self._handle(ready.pop(0))))
            news = asyncio.ensure_future(self._news.wait())
            done, _ = await asyncio.wait({news, stopping, *working}, timeout=_IDLE, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            working -= done
        stopping.cancel()
        await asyncio.gather(*working, self._give_back(ready))

    async def _claim(self, limit: int) -> list[InboxRow]:
        try:
            async with self._database.write() as session:
                return await claim_events(session, self._channel, self._bot_id, limit=limit, now=self._now(), lease=_LEASE)
        except UnreachableDatabaseError as error:
            _LOG.error("inbox of %s: the database does not answer: %s", self._channel, error.reason)
            return []

    async def _handle(self, row: InboxRow) -> None:
        try:
            if row.claims > _TRIES:
                raise _Deadly
            async with asyncio.timeout(_LEASE.total_seconds()):
                is_settled = await self._work(row)
            if not is_settled:
                # What asked for nothing: what people say to each other in a group.
                async with self._database.write() as session:
                    await settle_event(session, row, now=self._now(), is_kept=False)
        except HoldLost:
            _LOG.warning("inbox row %s was taken over by another worker", row.id)
        except Later as error:
            await self._postpone(row, until=self._now() + error.after)
        except Malformed as error:
            _LOG.warning("inbox row %s: %s", row.id, error)
            await self._give_up(row, str(error), is_told=False)
        except Exception as error:
            _LOG.exception("inbox row %s failed", row.id)
            if row.claims < _TRIES:
                await self._try_again(row, type(error).__name__, at=self._now() + _AGAIN * row.claims)
            else:
                await self._give_up(row, type(error).__name__, is_told=True)
        self._then()

    async def _give_back(self, rows: list[InboxRow]) -> None:
        """What was taken ahead and not begun is as if it had not been taken."""
        try:
            async with self._database.write() as session:
                await return_events(session, rows)
        except UnreachableDatabaseError:
            _LOG.error("%s events are taken up again when their leases run out", len(rows))

    async def _postpone(self, row: InboxRow, *, until: dt.datetime) -> None:
        try:
            async with self._database.write() as session:
                await postpone_event(session, row, until=until)
        except UnreachableDatabaseError:
            _LOG.error("inbox row %s is taken up again when its lease runs out", row.id)

    async def _try_again(self, row: InboxRow, error: str, *, at: dt.datetime) -> None:
        try:
            async with self._database.write() as session:
                await release_event(session, row, until=at, error=error)
        except UnreachableDatabaseError:
            _LOG.error("inbox row %s is taken up again when its lease runs out", row.id)

    async def _give_up(self, row: InboxRow, error: str, *, is_told: bool) -> None:
        """Leave the row as failed; whoever wrote it is told, with its number, so that it can be looked for."""
        now = self._now()
        try:
            async with self._database.write() as session:
                is_ours = await settle_event(session, row, now=now, error=error)
                if is_ours and is_told and row.chat:
                    told = OutboxRow(
                        channel=row.channel,
                        bot_id=row.bot_id,
                        recipient=row.chat,
                        priority=Priority.ANSWER,
                        message=plain(wording.TROUBLE.format(number=row.id)),
                        created_at=now,
                        not_before=now,
                    )
                    await add_messages(session, [told])
        except UnreachableDatabaseError:
            _LOG.error("inbox row %s is taken up again when its lease runs out", row.id)
