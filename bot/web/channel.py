"""The page as a channel: what is sent is there to be shown, since the page is drawn from the rows themselves."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from db.messages import Message
from handlers.demo import DemoChannel
from scheduler.channel import Letter, Outcome, Sent

HERE = DemoChannel("web", "local")
_SECRETS = 50


class Hub:
    """Who is looking, and what has to be told at once. Everything lasting is in rows."""

    def __init__(self) -> None:
        self._news: set[asyncio.Event] = set()
        self._passing: set[asyncio.Queue[dict[str, object]]] = set()
        # Words that no row keeps: shown while this process lives.
        self.secrets: OrderedDict[int, Message] = OrderedDict()

    def join(self) -> tuple[asyncio.Event, asyncio.Queue[dict[str, object]]]:
        """What a page waits for: that rows have changed, and words said in passing."""
        news, passing = asyncio.Event(), asyncio.Queue[dict[str, object]]()
        self._news.add(news)
        self._passing.add(passing)
        return news, passing

    def leave(self, news: asyncio.Event, passing: asyncio.Queue[dict[str, object]]) -> None:
        self._news.discard(news)
        self._passing.discard(passing)

    def changed(self) -> None:
        """Look at the rows: something is new."""
        for news in self._news:
            news.set()

    def say(self, said: dict[str, object]) -> None:
        """Tell everybody who looks something that is not kept."""
        for passing in self._passing:
            passing.put_nowait(said)
        self.changed()

    def keep_secret(self, row_id: int, message: Message) -> None:
        self.secrets[row_id] = message
        while len(self.secrets) > _SECRETS:
            self.secrets.popitem(last=False)


class WebChannel:
    """The sending half: a message has arrived when its row says so, and pages are told to look."""

    name, bot_id = HERE.name, HERE.bot_id

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def send(self, letter: Letter) -> Outcome:
        if letter.is_secret:
            self._hub.keep_secret(letter.row_id, letter.message)
        # The row is settled a moment from now; pages look again by themselves if this was too early.
        asyncio.get_running_loop().call_later(_SETTLED_BY, self._hub.changed)
        return Sent(str(letter.row_id) if letter.edits is None else letter.edits[-1])


_SETTLED_BY = 0.02  # seconds
