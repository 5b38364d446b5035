"""A conversation in the terminal; without a terminal it reads lines and ends at their end."""

from __future__ import annotations

import datetime as dt
import signal
import sys
import uuid
from collections.abc import Callable

from bot import wording
from db.engine import Database
from handlers.asking import ask_in_conversation
from knowledge.answer import Library

_ENDS = {"/thoat", "thoat", "thoát", "exit", "quit", "/exit", "/quit"}


async def converse(database: Database, library: Library, *, now: Callable[[], dt.datetime], minutes: int) -> None:
    """Answer line by line until the person leaves; every question is a turn of one talk. Nothing else runs meanwhile."""
    key = f"terminal:{uuid.uuid4()}"
    is_person = sys.stdin.isatty()
    if is_person:
        # asyncio takes the first Ctrl-C for itself, and a person who waits for the prompt to end would wait for ever.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        print(wording.CHAT_WELCOME)
    while True:
        try:
            line = _read(wording.CHAT_PROMPT if is_person else "")
        except (EOFError, KeyboardInterrupt):
            break
        text = line.strip()
        if text.lower() in _ENDS:
            break
        if not text:
            continue
        asked = await ask_in_conversation(database, library, text, key=key, now=now(), minutes=minutes)
        print(f"{asked.answer.text}\n", flush=True)
    if is_person:
        print(wording.CHAT_FAREWELL)


def _read(prompt: str) -> str:
    if prompt:
        return input(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
