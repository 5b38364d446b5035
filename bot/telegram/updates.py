"""Telegram's updates, decoded one by one and fed to aiogram, as messages that no channel owns."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import BotCommand, BotCommandScopeChat, CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update, User
from pydantic import ValidationError

from bot.telegram.downloading import Downloads, sent_file
from bot.telegram.sending import NAME
from bot.worker import Malformed
from db.accounts import note_menu
from db.inbox import InboxRow, Received
from db.outbox import move_chat
from handlers.call import Assistant, Call, Incoming, ReceivedFile
from handlers.dispatch import dispatch
from handlers.files.receiving import FileDoor
from handlers.help import menu_of
from handlers.wording import files as files_wording
from scheduler.reach import lose_chat

_LOG = logging.getLogger(__name__)
UPDATE_KINDS = ("message", "callback_query", "my_chat_member")
# What goes wrong with a call that only makes things nicer is noted and passed over.
TROUBLE = (TelegramAPIError, ClientDecodeError, asyncio.TimeoutError)
_NOTICE_LIMIT = 200  # characters of the note that a tap shows
_PATIENCE, _FAREWELL = 10, 3  # seconds for one such call; for all of them at the end
# What a person says, as against what the service notes (a pinned message, a timer).
_SAID = frozenset(
    "text contact animation audio document paid_media photo sticker story video video_note voice checklist dice game poll venue "
    "location".split()
)
_LEFT = {"kicked", "left"}


def read_envelope(update: Mapping[str, Any]) -> Received | None:
    """Which chat and person an update is of, without decoding it; None where not even its number can be read."""
    number = update.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    content: Any = next((update[kind] for kind in UPDATE_KINDS if isinstance(update.get(kind), dict)), {})
    message = content.get("message") if isinstance(content.get("message"), dict) else content
    sender = _id_in(content, "from")
    return Received(external_id=str(number), chat=_id_in(message, "chat") or sender, sender=sender, payload=dict(update))


def _id_in(content: Any, key: str) -> str:
    part = content.get(key) if isinstance(content, dict) else None
    return str(part["id"]) if isinstance(part, dict) and isinstance(part.get("id"), int) else ""


def wants_typing(update: Mapping[str, Any]) -> int | None:
    """The private chat in which somebody now waits for an answer; None for anything else."""
    message = update.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict) or chat.get("type") != "private" or not isinstance(chat.get("id"), int):
        return None
    return int(chat["id"]) if {"text", "document", "photo"} & update["message"].keys() else None


class TelegramUpdates:
    """Works stored updates: each is decoded by itself, so that one that nobody can read stands in no other's way."""

    def __init__(self, bot: Bot, assistant: Assistant, *, door: FileDoor, now: Callable[[], dt.datetime]) -> None:
        self._bot, self._assistant, self._door, self._now = bot, assistant, door, now
        self._downloads = Downloads(bot, door)
        self.username = ""
        self._niceties: set[asyncio.Task[None]] = set()
        router = Router()
        router.message.register(self._on_private, F.chat.type == "private")
        router.message.register(self._on_group, F.chat.type.in_({"group", "supergroup"}))
        router.callback_query.register(self._on_tap)
        router.my_chat_member.register(self._on_membership)
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(router)

    async def work(self, row: InboxRow) -> bool:
        """Work one stored update; whether its row was settled by that. Raises Malformed for one that is none."""
        try:
            update = Update.model_validate(row.payload, context={"bot": self._bot})
        except ValidationError as error:
            raise Malformed(f"{error.error_count()} fields of update {row.external_id} cannot be read") from error
        return await self._dispatcher.feed_update(self._bot, update, row=row) is True

    async def _on_private(self, message: Message, row: InboxRow) -> bool:
        sender = message.from_user
        if sender is None or sender.is_bot or message.content_type not in _SAID:
            return False
        phone = None
        if message.contact is not None:
            # Anybody's number can be passed on; only the own one proves who somebody is.
            phone = message.contact.phone_number if message.contact.user_id == sender.id else ""
        files, refused = await self._files_of(message, sender, row)
        text = message.text or message.caption or ""
        return await self._take(message, sender, row, text=text, phone=phone, files=files, refused=refused)

    async def _files_of(self, message: Message, sender: User, row: InboxRow) -> tuple[tuple[ReceivedFile, ...], tuple[str, ...]]:
        """What came besides words, and of what was not taken in why. Of people nobody knows nothing is fetched."""
        sent = sent_file(message)
        if sent is None and message.caption is None:
            return (), ()
        may = await self._door.admits(channel=NAME, bot_id=row.bot_id, user_id=str(sender.id))
        if may is None:
            return (), ()
        if sent is None:
            return (), (files_wording.OTHER_THING,)
        if not may:
            return (), (files_wording.NOT_FROM_YOU,)
        received = await self._downloads.receive(row.id, sent)
        return ((), (received,)) if isinstance(received, str) else ((received,), ())

    async def _on_group(self, message: Message, row: InboxRow) -> bool:
        """Groups are listened to only where the assistant is spoken to."""
        if message.migrate_to_chat_id is not None:
            async with self._assistant.database.write() as session:
                old, new = str(message.chat.id), str(message.migrate_to_chat_id)
                await move_chat(session, NAME, row.bot_id, old=old, new=new)
            return False
        sender, text = message.from_user, message.text or ""
        if sender is None or sender.is_bot or not text:
            return False
        if not self.username:
            self.username = (await self._bot.me()).username or ""
        spoken_to = self._without_mention(text, message.entities or [])
        answers_us = message.reply_to_message is not None and _is_by(message.reply_to_message.from_user, self._bot.id)
        if spoken_to is None and not answers_us:
            return False
        return await self._take(message, sender, row, text=text if spoken_to is None else spoken_to)

    async def _take(
        self,
        message: Message,
        sender: User,
        row: InboxRow,
        *,
        text: str,
        phone: str | None = None,
        files: tuple[ReceivedFile, ...] = (),
        refused: tuple[str, ...] = (),
    ) -> bool:
        answered = message.reply_to_message
        incoming = Incoming(
            channel=NAME,
            bot_id=row.bot_id,
            user_id=str(sender.id),
            chat_id=str(message.chat.id),
            display_name=sender.full_name,
            text=text,
            message_id=str(message.message_id),
            is_group=message.chat.type != "private",
            reply_to=str(answered.message_id) if answered is not None and _is_by(answered.from_user, self._bot.id) else None,
            phone=phone,
            files=files,
            refused=refused,
            album=message.media_group_id,
        )
        call = await dispatch(self._assistant, incoming, now=self._now(), event=row)
        self._meanwhile(self._show_menu(call))
        return True

    async def _on_tap(self, tap: CallbackQuery, row: InboxRow) -> bool:
        chat = tap.message.chat if tap.message is not None else None
        incoming = Incoming(
            channel=NAME,
            bot_id=row.bot_id,
            user_id=str(tap.from_user.id),
            chat_id=str(chat.id if chat is not None else tap.from_user.id),
            display_name=tap.from_user.full_name,
            text=tap.data or "",
            is_group=chat is not None and chat.type != "private",
            pressed=str(tap.message.message_id) if tap.message is not None else "",
        )
        call = await dispatch(self._assistant, incoming, now=self._now(), event=row)
        self._meanwhile(self._answer_tap(tap.id, call.notice))
        self._meanwhile(self._show_menu(call))
        return True

    async def _on_membership(self, change: ChatMemberUpdated, row: InboxRow) -> None:
        """Whoever blocks the bot, or puts it out of a group, gets nothing more until they write again."""
        if change.new_chat_member.status in _LEFT:
            reason = "blocked" if change.chat.type == "private" else "left"
            async with self._assistant.database.write() as session:
                await lose_chat(session, NAME, row.bot_id, str(change.chat.id), reason=reason, now=self._now())

    def _meanwhile(self, nicety: Coroutine[Any, Any, None]) -> None:
        """Do something that only makes things nicer, without anybody waiting for it."""
        task = asyncio.ensure_future(nicety)
        self._niceties.add(task)
        task.add_done_callback(self._niceties.discard)

    async def close(self) -> None:
        """Let what is under way end, for a moment."""
        await self._downloads.close()
        if self._niceties:
            await asyncio.wait(self._niceties, timeout=_FAREWELL)
        for task in self._niceties:
            task.cancel()

    async def _answer_tap(self, tap_id: str, notice: str) -> None:
        for pause in (1.0, 0.0):
            try:
                await self._bot.answer_callback_query(tap_id, text=notice[:_NOTICE_LIMIT] or None, request_timeout=_PATIENCE)
            except TelegramBadRequest:
                _LOG.debug("tap %s came too late to be answered", tap_id)  # its wheel has stopped turning by itself
            except TROUBLE as error:
                _LOG.warning("tap %s was not answered: %s", tap_id, type(error).__name__)
                await asyncio.sleep(error.retry_after if pause and isinstance(error, TelegramRetryAfter) else pause)
                continue
            return

    def _without_mention(self, text: str, entities: list[MessageEntity]) -> str | None:
        """The text without the words that call the assistant by name; None when it is not called."""
        for entity in entities:
            part = entity.extract_from(text)
            is_name = entity.type == "mention" and part.lower() == f"@{self.username}".lower()
            is_link = entity.type == "text_mention" and _is_by(entity.user, self._bot.id)
            if is_name or is_link:
                return " ".join(text.replace(part, " ", 1).split())
            command, _, name = part.partition("@")
            if entity.type == "bot_command" and name.lower() == self.username.lower() and name:
                return text.replace(part, command, 1)
        return None

    async def _show_menu(self, call: Call) -> None:
        """Whose role has changed gets the commands of the new one."""
        role = call.contact.role.value if call.contact else ""
        if call.incoming.is_group or role == call.menu_before:
            return
        scope = BotCommandScopeChat(chat_id=int(call.incoming.chat_id))
        try:
            if role:
                await self._bot.set_my_commands(commands_of(menu_of(call.contact)), scope=scope, request_timeout=_PATIENCE)
            else:
                await self._bot.delete_my_commands(scope=scope, request_timeout=_PATIENCE)
        except TROUBLE as error:
            _LOG.warning("the menu of a chat was not changed: %s", type(error).__name__)
            return
        if call.account is not None:
            async with self._assistant.database.write() as session:
                await note_menu(session, call.account.id, role)


def commands_of(menu: list[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(command=command.removeprefix("/"), description=about) for command, about in menu]


def _is_by(user: User | None, bot_id: int) -> bool:
    return user is not None and user.id == bot_id
