"""Conversations without a channel: what a contact of the invented province would be answered."""

from __future__ import annotations

import datetime as dt

from db.messages import Message
from handlers.call import Assistant
from handlers.people import speak_as

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


async def say(assistant: Assistant, phone: str, text: str) -> Message:
    """The one reply to what somebody says."""
    replies = await speak_as(assistant, phone, text, now=NOW)
    assert replies is not None and len(replies) == 1
    return replies[0]


def commands(message: Message) -> list[str]:
    return [one.command for row in message.actions for one in row]


async def walk(assistant: Assistant, phone: str, first: str, *, stem: str) -> dict[str, Message]:
    """Everything that can be reached by buttons whose command begins so, by command."""
    seen: dict[str, Message] = {}
    waiting = [first]
    while waiting:
        command = waiting.pop()
        if command not in seen:
            seen[command] = await say(assistant, phone, command)
            waiting += [one for one in commands(seen[command]) if one.startswith(stem)]
    return seen
