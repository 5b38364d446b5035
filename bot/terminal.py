"""A conversation in the terminal; without a terminal it reads lines and ends at their end."""

from __future__ import annotations

import datetime as dt
import importlib
import locale
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress

from bot import wording
from db.engine import Database
from handlers.asking import ask_in_conversation
from knowledge.answer import Library
from knowledge.text import fold, normalise


async def converse(database: Database, library: Library, *, now: Callable[[], dt.datetime], minutes: int) -> None:
    """Answer line by line until the person leaves; every question is a turn of one talk. Nothing else runs meanwhile."""
    key = f"terminal:{uuid.uuid4()}"
    is_person = sys.stdin.isatty()
    if is_person:
        _remember_lines()
        print(f"{_welcome(library)}\n")
    while True:
        try:
            line = _read(wording.CHAT_PROMPT if is_person else "")
        except (EOFError, KeyboardInterrupt):
            if is_person:
                print()
            break
        text = line.strip()
        word = fold(normalise(text)).strip("/!. ")
        if word in wording.CHAT_ENDS:
            break
        if not text:
            continue
        if word in wording.CHAT_REPLIES:
            print(f"{wording.CHAT_REPLIES[word]}\n", flush=True)
            continue
        asked = await ask_in_conversation(database, library, text, key=key, now=now(), minutes=minutes)
        print(f"{asked.answer.text}\n", flush=True)
    if is_person:
        print(wording.CHAT_FAREWELL)


def _welcome(library: Library) -> str:
    """The greeting, and what the person should know of the store: that it is empty, or holds the digest."""
    documents = library.catalogue.documents.values()
    if not documents:
        return f"{wording.CHAT_WELCOME}\n{wording.CHAT_EMPTY}"
    return f"{wording.CHAT_WELCOME}\n{wording.CHAT_DIGEST}" if all(one.sample for one in documents) else wording.CHAT_WELCOME


def _remember_lines() -> None:
    """Arrow keys move in the line and bring earlier ones back. Not outside UTF-8, where readline tears letters apart."""
    if locale.nl_langinfo(locale.CODESET).upper() == "UTF-8":
        with suppress(ImportError):
            importlib.import_module("readline")


def _read(prompt: str) -> str:
    if prompt:
        return input(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
