"""What people do on the page, stored first and worked from its row, as on any channel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from bot.web.channel import HERE, Hub
from bot.worker import Malformed
from db.inbox import InboxRow
from handlers.call import Assistant, Incoming, ReceivedFile
from handlers.dispatch import dispatch

GUEST = "guest"


class WebUpdates:
    """Works stored events of the page."""

    def __init__(self, assistant: Assistant, hub: Hub, *, now: Callable[[], dt.datetime]) -> None:
        self._assistant, self._hub, self._now = assistant, hub, now

    async def work(self, row: InboxRow) -> bool:
        """Work one event; whether its row was settled by that. Raises Malformed for one that is none."""
        call = await dispatch(self._assistant, _incoming(row), now=self._now(), event=row)
        if call.incoming.pressed is not None:
            # Also when there is nothing to say: the button has had its effect.
            self._hub.say({"type": "notice", "person": row.chat, "tap": row.external_id, "text": call.notice})
        return True


def _incoming(row: InboxRow) -> Incoming:
    said: dict[str, Any] = row.payload
    common: dict[str, Any] = {"channel": HERE.name, "bot_id": HERE.bot_id, "user_id": row.sender, "chat_id": row.chat}
    match said:
        case {"kind": "message", "text": str(text)}:
            answered = said.get("reply_to")
            common |= {"message_id": f"i{row.id}", "reply_to": answered if isinstance(answered, str) else None}
            files = tuple(ReceivedFile(**one) for one in said.get("files", ()))
            return Incoming(**common, text=text, files=files, refused=tuple(said.get("refused", ())))
        case {"kind": "tap", "command": str(command), "message": str(message)}:
            return Incoming(**common, text=command, pressed=message)
        case {"kind": "phone", "phone": str(phone)}:
            return Incoming(**common, phone=phone)
    raise Malformed(f"event {row.external_id} is of no known kind")
