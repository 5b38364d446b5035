"""Sends to Telegram, by python-telegram-bot: one call a letter, and what came of it as data."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot import wording
from bot.telegram.rendering import Part, render
from db.files import file_path
from db.messages import Action
from scheduler.channel import BadMarkup, Gone, Letter, LockedOut, Moved, NotSent, Outcome, Refused, Sent, Throttled, Uncertain

NAME = "telegram"
_CONNECT, _ANSWER, _UPLOAD = 3.0, 5.0, 60.0  # seconds
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_PATIENCE = dt.timedelta(seconds=5)  # where Telegram asks to wait and does not say how long
_REASON = 200  # characters of a reason that are kept; some answers are whole pages
# Telegram's words for a chat that nothing reaches any more, and ours (`scheduler.wording.GONE`).
_GONE = (
    ("bot was blocked", "blocked"),
    ("user is deactivated", "deactivated"),
    ("can't initiate conversation", "not_started"),
    ("chat not found", "not_found"),
    ("bot was kicked", "left"),
    ("bot is not a member", "left"),
    ("group chat was deleted", "left"),
    ("not enough rights to send text", "left"),
    ("have no rights to send", "left"),
    ("chat_write_forbidden", "left"),
    ("peer_id_invalid", "not_found"),
    ("input_user_deactivated", "deactivated"),
)
_BAD_MARKUP = ("can't parse entities", "unsupported start tag", "can't find end tag", "can't find end of the entity")
# What was to be done is done, or its object is gone: nothing is left to do.
_HARMLESS = ("message is not modified", "message to edit not found", "message can't be edited", "message_id_invalid")


def is_token(text: str) -> bool:
    """Whether a text has a token's form: the bot's number, a colon, its secret."""
    return re.fullmatch(r"\d+:[\w-]+", text) is not None


def bot_id_of(token: str) -> str:
    """The bot's own id, which its token begins with."""
    return token.partition(":")[0]


def deep_link(username: str, code: str) -> str:
    """An address that opens the chat with the bot and sends it a code."""
    return f"https://t.me/{username}?start={code}"


class TelegramChannel:
    """One Telegram bot, as far as sending goes. `close` it at the end."""

    name = NAME

    def __init__(self, token: str, *, api_base: str, concurrency: int, files_folder: Path) -> None:
        # python-telegram-bot warns of whole seconds unless told that spans of time are wanted.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self.bot_id = bot_id_of(token)
        self._files_folder = files_folder
        request = HTTPXRequest(
            connection_pool_size=concurrency + 1,
            connect_timeout=_CONNECT,
            read_timeout=_ANSWER,
            write_timeout=_ANSWER,
            pool_timeout=_CONNECT,
            media_write_timeout=_UPLOAD,
            # As receiving does: a proxy named in the environment would otherwise be used by one half only.
            httpx_kwargs={"trust_env": False},
        )
        self._request = request
        self._bot = Bot(token, base_url=f"{api_base}/bot", request=request, get_updates_request=request)

    async def close(self) -> None:
        await self._request.shutdown()

    async def username(self) -> str:
        """The bot's name on Telegram, without «@». Raises TelegramError."""
        return (await self._bot.get_me()).username or ""

    async def send(self, letter: Letter) -> Outcome:
        """Make one call. Errors are outcomes; only what nobody foresaw is raised."""
        try:
            parts = render(letter.message)
        except ValueError as error:
            return Refused(str(error))
        try:
            if letter.edits is not None:
                return await self._edit(letter, parts)
            part = parts[letter.part]
            message_id = await self._send(letter, part)
        except TelegramError as error:
            return outcome_of(error)
        return Sent(message_id, is_last=letter.part >= len(parts) - 1)

    async def _send(self, letter: Letter, part: Part) -> str:
        common: dict[str, Any] = {
            "chat_id": _chat(letter.recipient),
            "reply_markup": _keyboard(part),
            "parse_mode": None if letter.is_plain else ParseMode.HTML,
        }
        if letter.reply_to and letter.part == 0:
            common["reply_parameters"] = ReplyParameters(int(letter.reply_to), allow_sending_without_reply=True)
        text = part.plain if letter.is_plain else part.html
        if part.attachment is None:
            return str((await self._bot.send_message(text=text, link_preview_options=_NO_PREVIEW, **common)).message_id)
        path = file_path(self._files_folder, part.attachment.sha256)
        if not path.exists():
            missing = wording.TELEGRAM_FILE_MISSING.format(name=part.attachment.file_name)
            common |= {"parse_mode": None, "text": f"{part.plain}\n{missing}".strip()}
            return str((await self._bot.send_message(**common)).message_id)
        common |= {"caption": text or None, "filename": part.attachment.file_name, "read_timeout": _UPLOAD}
        data = await asyncio.to_thread(path.read_bytes)
        if part.as_picture:
            return str((await self._bot.send_photo(photo=data, **common)).message_id)
        return str((await self._bot.send_document(document=data, **common)).message_id)

    async def _edit(self, letter: Letter, parts: Sequence[Part]) -> Outcome:
        """Bring the message to its new form: the last part's words and buttons; its buttons alone where parts changed."""
        assert letter.edits is not None
        chat, last, part = _chat(letter.recipient), int(letter.edits[-1]), parts[-1]
        keyboard = _keyboard(part)
        markup = keyboard if isinstance(keyboard, InlineKeyboardMarkup) else None
        try:
            if len(parts) == len(letter.edits) and part.attachment is None:
                text, mode = (part.plain, None) if letter.is_plain else (part.html, ParseMode.HTML)
                await self._bot.edit_message_text(
                    text, chat_id=chat, message_id=last, parse_mode=mode, reply_markup=markup, link_preview_options=_NO_PREVIEW
                )
            else:
                await self._bot.edit_message_reply_markup(chat_id=chat, message_id=last, reply_markup=markup)
        except BadRequest as error:
            if not any(words in error.message.lower() for words in _HARMLESS):
                raise
        return Sent(str(last))


async def identify(token: str, *, api_base: str) -> str | Outcome:
    """The bot's username, asked of Telegram; where it does not say, what came of asking."""
    channel = TelegramChannel(token, api_base=api_base, concurrency=1, files_folder=Path())
    try:
        return await channel.username()
    except TelegramError as error:
        return outcome_of(error)
    finally:
        await channel.close()


def outcome_of(error: TelegramError) -> Outcome:
    """What an error of python-telegram-bot says of the message: arrived or not, now, later or never."""
    words = error.message.lower()
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Throttled(wait if isinstance(wait, dt.timedelta) else dt.timedelta(seconds=wait))
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case BadRequest() | Forbidden() | InvalidToken() if isinstance(error.__cause__, TelegramError):
            # The answer could not be read: a proxy's page, not Telegram's word.
            return NotSent(error.message[:_REASON])
        case InvalidToken():
            return LockedOut(error.message)
        case BadRequest() | Forbidden():
            if gone := next((ours for theirs, ours in _GONE if theirs in words), None):
                return Gone(gone)
            return BadMarkup(error.message) if any(one in words for one in _BAD_MARKUP) else Refused(error.message)
        case NetworkError():
            return _network_outcome(error, words)
        case Conflict():
            return NotSent(error.message)
    return Uncertain(error.message[:_REASON])


def _network_outcome(error: NetworkError, words: str) -> Outcome:
    if "too many requests" in words:
        seconds = re.search(r"retry after (\d+)", words)
        return Throttled(dt.timedelta(seconds=int(seconds[1])) if seconds else _PATIENCE)
    if "request entity too large" in words:
        return Refused(error.message[:_REASON])
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError) and not isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        # The request left, and no answer to it came.
        return Uncertain(type(cause).__name__, is_cut=not isinstance(cause, httpx.TimeoutException))
    # Never connected; or answered by a server, or a proxy before it, that had trouble of its own.
    return NotSent(type(cause).__name__ if isinstance(cause, httpx.HTTPError) else error.message[:_REASON])


def _chat(recipient: str) -> int | str:
    return int(recipient) if recipient.lstrip("-").isdigit() else recipient


def _keyboard(part: Part) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    if part.buttons:
        return InlineKeyboardMarkup([[_button(action) for action in row] for row in part.buttons])
    if part.asks_phone:
        button = KeyboardButton(wording.TELEGRAM_SHARE_PHONE, request_contact=True)
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    return ReplyKeyboardRemove() if part.hides_keyboard else None


def _button(action: Action) -> InlineKeyboardButton:
    return InlineKeyboardButton(action.label, callback_data=action.command)
