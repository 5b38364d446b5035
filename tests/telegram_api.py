"""A strict Telegram Bot API on this machine: real HTTP for the real client libraries, refusing what the service refuses.

`FakeTelegram` is both ends of the wire. Tests act as people (`write`, `press`, `block`) and see what people see (`messages`);
the bot calls methods, by polling or with a webhook, and every call is kept. Faults are planned with `fail` or drawn by `chaos`.

Of the service's habits these are left out: it merges what polls ask too fast, delays the second 409 in a row, and carries out a
method given in the answer to a webhook. In groups every message arrives, as with privacy mode off.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import math
import mimetypes
import re
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import TracebackType
from typing import Any, ClassVar, Self

import aiohttp
from aiohttp import web

from tests.telegram_markup import (
    CHAT_ACTIONS,
    MAX_CALLBACK_ANSWER,
    MAX_CAPTION,
    MAX_DOCUMENT_BYTES,
    MAX_DOWNLOAD_BYTES,
    MAX_TEXT,
    Formatted,
    Json,
    Refused,
    bad_request,
    decode_params,
    read_commands,
    read_markup,
    read_photo,
    read_scope,
    read_text,
    units,
    written_entities,
)

# A client that waits exactly a second must not be refused because its packets travelled at different speeds.
TOLERANCE = 0.005
LONGEST_POLL = 50
# These updates come only to who asks for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_UPDATE_KINDS = _ON_REQUEST | frozenset(
    "message edited_message channel_post edited_channel_post business_connection business_message edited_business_message "
    "deleted_business_messages guest_message inline_query chosen_inline_result callback_query shipping_query pre_checkout_query "
    "purchased_paid_media poll poll_answer my_chat_member chat_join_request chat_boost removed_chat_boost managed_bot".split()
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply "
    "markup of the message"
)
_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_WEBHOOK_IS_SET = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True)
class Fault:
    """A way in which a call goes wrong. `status` 0: no answer ever comes; `accepted`: the call has its effect all the same."""

    name: str
    status: int = 0
    description: str = ""
    parameters: Mapping[str, int] = field(default_factory=dict, hash=False)
    html: str = ""
    accepted: bool = False
    reset: bool = False

    TOO_MANY: ClassVar[Fault]
    BLOCKED: ClassVar[Fault]
    DEACTIVATED: ClassVar[Fault]
    NOT_STARTED: ClassVar[Fault]
    CHAT_NOT_FOUND: ClassVar[Fault]
    MIGRATED: ClassVar[Fault]
    BAD_MARKUP: ClassVar[Fault]
    SERVER_ERROR: ClassVar[Fault]
    BAD_GATEWAY: ClassVar[Fault]
    UNAUTHORIZED: ClassVar[Fault]
    CONFLICT: ClassVar[Fault]
    HANG_AFTER: ClassVar[Fault]
    HANG_BEFORE: ClassVar[Fault]
    RESET_AFTER: ClassVar[Fault]
    RESET_BEFORE: ClassVar[Fault]

    @staticmethod
    def too_many(retry_after: int) -> Fault:
        return Fault("TOO_MANY", 429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})

    @staticmethod
    def migrated(to: int) -> Fault:
        return Fault("MIGRATED", 400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": to})


Fault.TOO_MANY = Fault.too_many(1)
Fault.BLOCKED = Fault("BLOCKED", 403, "Forbidden: bot was blocked by the user")
Fault.DEACTIVATED = Fault("DEACTIVATED", 403, "Forbidden: user is deactivated")
Fault.NOT_STARTED = Fault("NOT_STARTED", 403, "Forbidden: bot can't initiate conversation with a user")
Fault.CHAT_NOT_FOUND = Fault("CHAT_NOT_FOUND", 400, "Bad Request: chat not found")
Fault.MIGRATED = Fault.migrated(-1001234567890)
Fault.BAD_MARKUP = Fault("BAD_MARKUP", 400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0')
Fault.SERVER_ERROR = Fault("SERVER_ERROR", 500, "Internal Server Error")
Fault.BAD_GATEWAY = Fault("BAD_GATEWAY", 502, html="<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
Fault.UNAUTHORIZED = Fault("UNAUTHORIZED", 401, "Unauthorized")
Fault.CONFLICT = Fault("CONFLICT", 409, _OTHER_POLL)
Fault.HANG_AFTER = Fault("HANG_AFTER", accepted=True)
Fault.HANG_BEFORE = Fault("HANG_BEFORE")
Fault.RESET_AFTER = Fault("RESET_AFTER", accepted=True, reset=True)
Fault.RESET_BEFORE = Fault("RESET_BEFORE", reset=True)


@dataclass(frozen=True)
class Limits:
    """How many messages may go out: to all in a second, to one person in a second, to one group in a minute. None: any number."""

    per_second: int | None = 30
    per_chat: int | None = 1
    group_per_minute: int | None = 20


USUAL_LIMITS = Limits()


@dataclass
class Call:
    """A call of the bot; `at` is the loop's time when all of it had come, `status` 0 while or because no answer was given."""

    at: float
    method: str
    params: Json = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """The uploaded files by the name that people see."""
    status: int = 0
    answer: Json = field(default_factory=dict)
    fault: Fault | None = None
    parts: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Shown:
    """A message of the bot as the person sees it now; of a photo or document the text is the caption."""

    message_id: int
    text: str
    html: str
    buttons: list[list[tuple[str, str]]]
    """Rows of label and callback data; the data is empty where a button does something else."""
    sent_at: float
    edited: bool = False
    document: tuple[str, bytes] | None = None
    photo: tuple[str, bytes] | None = None
    reply_to: int | None = None
    markup: Json | None = None
    """The markup as sent, where keyboards that stand below the chat are too."""


@dataclass
class _Chat:
    id: int
    info: Json
    is_open: bool = False
    """The bot may write: it is a group it is in, or the person has written."""
    is_blocked: bool = False
    last_message_id: int = 0
    messages: dict[int, Json] = field(default_factory=dict)
    shown: dict[int, Shown] = field(default_factory=dict)
    sent: deque[float] = field(default_factory=deque)

    @property
    def is_private(self) -> bool:
        return self.id > 0


@dataclass
class _File:
    name: str
    data: bytes
    path: str
    was_asked_for: bool = False


@dataclass
class _Planned:
    fault: Fault
    method: str
    chat_id: int | None
    times: int


@dataclass(eq=False)
class _Pending:
    update: Json
    id: int
    is_pushed: bool
    was_delivered: bool = False


@dataclass(frozen=True)
class _Webhook:
    url: str
    secret: str
    max_connections: int


class _Updates:
    """What happened and the bot has not yet taken: by long polls or pushed to its webhook, the one or the other."""

    def __init__(self, *, retry: float, on_change: Callable[[], None]) -> None:
        self.pending: list[_Pending] = []
        self.deliveries: list[tuple[int, int]] = []
        self._retry = retry
        self._on_change = on_change
        self._last_id = 700_000_000
        self._allowed = _UPDATE_KINDS - _ON_REQUEST
        self._poll: asyncio.Future[None] | None = None
        self._webhook: _Webhook | None = None
        self._webhook_error: Json = {}
        self._pusher: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self._is_closing = False

    def offer(self, kind: str, content: Json) -> int:
        """Queue an update where the bot takes its kind; its id."""
        self._last_id += 1
        if kind in self._allowed:
            # A copy: what happened stays as it was, whatever becomes of the message.
            self._queue(_Pending({"update_id": self._last_id, kind: json.loads(json.dumps(content))}, self._last_id, is_pushed=False))
        return self._last_id

    def push(self, update: Json) -> None:
        """Queue any update as it is."""
        update_id = update.get("update_id")
        if not isinstance(update_id, int):
            # Forgotten together with the next one, having no number by which it could be confirmed.
            update_id = self._last_id + 1
        self._last_id = max(self._last_id, update_id)
        kinds = _UPDATE_KINDS & update.keys()
        if not kinds or kinds & self._allowed:
            self._queue(_Pending(update, update_id, is_pushed=True))

    async def close(self) -> None:
        self._is_closing = True
        self._end_poll()
        await self._stop_pushing()

    def _queue(self, pending: _Pending) -> None:
        self.pending.append(pending)
        self._arrived.set()
        self._end_poll()

    def _end_poll(self, refused: Refused | None = None) -> None:
        if self._poll is None or self._poll.done():
            return
        if refused:
            self._poll.set_exception(refused)
        else:
            self._poll.set_result(None)

    def _remember_allowed(self, params: Json) -> None:
        names = params.get("allowed_updates")
        if isinstance(names, list):
            self._allowed = _UPDATE_KINDS & {str(name).lower() for name in names} or _UPDATE_KINDS - _ON_REQUEST

    async def poll(self, params: Json) -> list[Json]:
        if self._webhook:
            raise Refused(409, _WEBHOOK_IS_SET)
        self._remember_allowed(params)
        offset = _integer(params, "offset", 0)
        limit = min(max(_integer(params, "limit", 100), 1), 100)
        timeout = min(max(_integer(params, "timeout", 0), 0), LONGEST_POLL)
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            # One pushed again has a number that was confirmed before; it goes once it was delivered.
            self.pending = [one for one in self.pending if one.id >= offset or (one.is_pushed and not one.was_delivered)]
        self._on_change()
        if not self.pending and timeout and not self._is_closing:
            self._end_poll(Refused(409, _OTHER_POLL))
            await self._wait_for_one(timeout)
        batch = self.pending[:limit]
        for one in batch:
            one.was_delivered = True
        return [one.update for one in batch]

    async def _wait_for_one(self, timeout: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    async def set_webhook(self, params: Json) -> bool:
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if not url:
            return await self.delete_webhook(params)
        # The service takes https only, and nothing on its own machine; here loopback is what there is.
        if not re.match(r"https://[^/]+|http://(127\.0\.0\.1|localhost)[:/]", url):
            raise bad_request("invalid webhook URL specified")
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad_request("secret token contains unallowed characters")
        await self.delete_webhook(params)
        self._remember_allowed(params)
        self._end_poll(Refused(409, "Conflict: terminated by setWebhook request"))
        self._webhook = _Webhook(url, secret, min(max(_integer(params, "max_connections", 40), 1), 100))
        self._pusher = asyncio.create_task(self._push_all(self._webhook))
        return True

    async def delete_webhook(self, params: Json) -> bool:
        await self._stop_pushing()
        self._webhook, self._webhook_error = None, {}
        if params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    def webhook_info(self) -> Json:
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.pending)} | self._webhook_error
        if self._webhook:
            info |= {"url": self._webhook.url, "max_connections": self._webhook.max_connections, "ip_address": "127.0.0.1"}
        if self._allowed != _UPDATE_KINDS - _ON_REQUEST:
            info["allowed_updates"] = sorted(self._allowed)
        return info

    async def _push_all(self, webhook: _Webhook) -> None:
        """Push what is pending: of one chat in order, of several at once, on as many connections as were allowed."""
        started: set[_Pending] = set()
        busy: set[object] = set()
        free = asyncio.Semaphore(webhook.max_connections)

        async def deliver(one: _Pending, chat: object) -> None:
            while not await self._push_one(one, webhook, session, free):
                await asyncio.sleep(self._retry)
            self.pending.remove(one)
            started.discard(one)
            busy.discard(chat)
            self._arrived.set()
            self._on_change()

        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session, asyncio.TaskGroup() as deliveries:
            while True:
                self._arrived.clear()
                for one in self.pending:
                    chat = _chat_in(one.update)
                    if one not in started and chat not in busy:
                        started.add(one)
                        busy.add(chat)
                        deliveries.create_task(deliver(one, chat))
                await self._arrived.wait()

    async def _push_one(self, one: _Pending, webhook: _Webhook, session: aiohttp.ClientSession, free: asyncio.Semaphore) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        status, reason = 0, "Connection refused"
        async with free:
            try:
                async with session.post(webhook.url, json=one.update, headers=headers, allow_redirects=False) as answer:
                    await answer.read()
                    status, reason = answer.status, f"Wrong response from the webhook: {answer.status} {answer.reason}"
            except (aiohttp.ClientError, TimeoutError) as error:
                reason = str(error) or reason
        self.deliveries.append((one.id, status))
        if not 200 <= status < 300:
            self._webhook_error = {"last_error_date": int(time.time()), "last_error_message": reason}
        self._on_change()
        return 200 <= status < 300

    async def _stop_pushing(self) -> None:
        if self._pusher:
            self._pusher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pusher
            self._pusher = None


class FakeTelegram:
    """The service and the people on it, for one bot."""

    def __init__(
        self,
        *,
        token: str = "8001:test-token",
        username: str = "nq57_bot",
        latency: float = 0.0,
        limits: Limits | None = USUAL_LIMITS,
        webhook_retry: float = 0.05,
    ) -> None:
        self.token = token
        self.username = username
        self.latency = latency
        """Seconds by which every answer but that of a poll is late."""
        self.limits = limits or Limits(None, None, None)
        self.bot_id = int(token.partition(":")[0])
        self.base_url = ""
        self.calls: list[Call] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        """What setMyCommands left, by scope as sorted JSON and language code."""
        self.answered: dict[str, str] = {}
        """The text with which each callback was answered."""
        self.chaos: Callable[[str, Json], Fault | None] | None = None
        """Asked at every call, with its method and parameters, whether it shall go wrong."""
        self.clock: Callable[[], float] = lambda: asyncio.get_running_loop().time()
        """The time of calls and limits; a test may put its own in place."""

        self._chats: dict[int, _Chat] = {}
        self._people: dict[int, Json] = {}
        self._files: dict[str, _File] = {}
        self._open_callbacks: set[str] = set()
        self._planned: list[_Planned] = []
        self._sent: deque[float] = deque()
        self._numbers = count(1)

        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._updates = _Updates(retry=webhook_retry, on_change=self._wake)
        self._methods = self._list_methods()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=MAX_DOCUMENT_BYTES + (1 << 20))
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token:[^/]+}/{method}", self._serve)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._serve_file)
        # Who hangs up ends what it asked for: else an abandoned poll would take the updates of the next.
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.set()
        await self._updates.close()
        await self._runner.cleanup()

    # ---------------------------------------------------------------- what people do

    def known(self, *chat_ids: int, name: str = "Nguyễn Văn A") -> None:
        """These people wrote before the test begins, and in these groups the bot is."""
        for chat_id in chat_ids:
            self._chat_of(chat_id, name).is_open = True

    def write(self, user_id: int, text: str, *, name: str | None = None, chat_id: int | None = None, reply_to: int | None = None) -> int:
        """Somebody writes to the bot, or into a group; the update's id. Who was named once keeps the name."""
        entities = written_entities(text)
        content = {"text": text} | ({"entities": entities} if entities else {})
        return self._say(user_id, content, name=name, chat_id=chat_id, reply_to=reply_to)

    def share_phone(self, user_id: int, phone: str, *, owner_id: int | None = None) -> int:
        """Somebody sends a contact: the own one, or that of another person on Telegram."""
        owner_id = owner_id or user_id
        owner = self._person(owner_id)["first_name"]
        return self._say(user_id, {"contact": {"phone_number": phone, "first_name": owner, "user_id": owner_id}})

    def send_document(self, user_id: int, file_name: str, data: bytes, *, caption: str = "") -> int:
        content: Json = {"document": self._keep_file(file_name, data, folder="documents")}
        return self._say(user_id, content | ({"caption": caption} if caption else {}))

    def tap(self, user_id: int, message_id: int, data: str, *, chat_id: int | None = None, stale: bool = False) -> int:
        """Somebody taps a button; `stale`: one that the message no longer shows, as a phone without net still does.

        Raises ValueError where the message shows no such button.
        """
        chat = self._chat_of(chat_id or user_id)
        shown = chat.shown.get(message_id)
        if not stale and (shown is None or data not in [button[1] for row in shown.buttons for button in row if button[1]]):
            raise ValueError(f"message {message_id} in chat {chat.id} shows no button with «{data}»: {shown and shown.buttons}")
        message = chat.messages.get(message_id) or {"chat": chat.info, "message_id": message_id, "date": 0}
        callback_id = str(4_200_000_000_000_000 + next(self._numbers))
        self._open_callbacks.add(callback_id)
        query = {
            "id": callback_id,
            "from": self._person(user_id),
            "message": message,
            "chat_instance": str(-7_000_000_000 * chat.id - self.bot_id),
            "data": data,
        }
        return self._updates.offer("callback_query", query)

    def press(self, user_id: int, label: str, *, chat_id: int | None = None) -> int:
        """Somebody taps the newest button that is named so, or whose name contains it. Raises ValueError where none is shown."""
        messages = self.messages(chat_id or user_id)
        for shown in reversed(messages):
            buttons = [button for row in shown.buttons for button in row if button[1]]
            for is_meant in (label.__eq__, lambda text: label in text):
                for text, data in buttons:
                    if is_meant(text):
                        return self.tap(user_id, shown.message_id, data, chat_id=chat_id)
        raise ValueError(f"no button «{label}» in chat {chat_id or user_id}: {[shown.buttons for shown in messages]}")

    def block(self, user_id: int) -> int:
        return self._change_membership(user_id, is_blocked=True)

    def unblock(self, user_id: int) -> int:
        return self._change_membership(user_id, is_blocked=False)

    def push(self, update: Json) -> None:
        """Any update, also a malformed one, or one that was delivered before."""
        self._updates.push(update)

    # ---------------------------------------------------------------- what people see, and what tests wait for

    def messages(self, chat_id: int) -> list[Shown]:
        """The bot's messages in a chat as they are now, oldest first."""
        chat = self._chats.get(chat_id)
        return list(chat.shown.values()) if chat else []

    @property
    def pending(self) -> int:
        """How many updates the bot has not yet confirmed or, with a webhook, taken."""
        return len(self._updates.pending)

    @property
    def deliveries(self) -> list[tuple[int, int]]:
        """Every push to the webhook: update_id, and the status that was answered, or 0."""
        return self._updates.deliveries

    async def until(self, condition: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait for a condition, looked at whenever something happened here. Raises AssertionError with the last calls."""
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    await self._changed.wait()
        except TimeoutError:
            last = "\n".join(f"  {call.at:.3f} {call.method} {call.params} → {call.status} {call.answer}" for call in self.calls[-10:])
            raise AssertionError(f"not within {timeout} s; {self.pending} updates pending; the last calls:\n{last}") from None

    async def shown(self, chat_id: int, count: int = 1, timeout: float = 10.0) -> list[Shown]:
        """The bot's messages in a chat once there are `count` of them."""
        await self.until(lambda: len(self.messages(chat_id)) >= count, timeout)
        return self.messages(chat_id)

    def fail(self, fault: Fault, *, method: str = "sendMessage", chat_id: int | None = None, times: int = 1) -> None:
        """Let the next calls of a method go wrong, or only those for one chat. Faults come in the order in which they were planned."""
        if to := fault.parameters.get("migrate_to_chat_id"):
            self.known(to)
        self._planned.append(_Planned(fault, method, chat_id, times))

    def _wake(self) -> None:
        # Who waits holds the old event, so that one happening wakes everybody once.
        self._changed.set()
        self._changed = asyncio.Event()

    # ---------------------------------------------------------------- people and chats

    def _person(self, user_id: int, name: str | None = None) -> Json:
        person = self._people.setdefault(user_id, {"id": user_id, "is_bot": False, "first_name": "Nguyễn Văn A", "language_code": "vi"})
        if name:
            person["first_name"] = name
        return dict(person)

    def _chat_of(self, chat_id: int, name: str | None = None) -> _Chat:
        if chat_id not in self._chats:
            if chat_id > 0:
                info = {"id": chat_id, "type": "private", "first_name": self._person(chat_id, name)["first_name"]}
            else:
                kind = "supergroup" if chat_id < -1_000_000_000_000 else "group"
                info = {"id": chat_id, "type": kind, "title": f"Nhóm {abs(chat_id)}"}
            self._chats[chat_id] = _Chat(chat_id, info, is_open=chat_id < 0)
        return self._chats[chat_id]

    def _bot(self) -> Json:
        return {"id": self.bot_id, "is_bot": True, "first_name": "Trợ lý NQ57", "username": self.username}

    def _say(self, user_id: int, content: Json, *, name: str | None = None, chat_id: int | None = None, reply_to: int | None = None) -> int:
        sender = self._person(user_id, name)
        chat = self._chat_of(chat_id or user_id)
        if chat.is_blocked:
            raise ValueError(f"{user_id} has blocked the bot, and cannot write before unblocking it")
        chat.is_open = True
        return self._updates.offer("message", self._keep_message(chat, sender, content, reply_to=reply_to))

    def _keep_message(self, chat: _Chat, sender: Json, content: Json, *, reply_to: int | None) -> Json:
        message: Json = {}
        if reply_to is not None:
            if reply_to not in chat.messages:
                raise ValueError(f"there is no message {reply_to} in chat {chat.id}")
            message["reply_to_message"] = {name: value for name, value in chat.messages[reply_to].items() if name != "reply_to_message"}
        chat.last_message_id += 1
        message |= {"message_id": chat.last_message_id, "from": sender, "chat": chat.info, "date": int(time.time())} | content
        chat.messages[chat.last_message_id] = message
        return message

    def _change_membership(self, user_id: int, *, is_blocked: bool) -> int:
        chat = self._chat_of(user_id)
        chat.is_open, chat.is_blocked = True, is_blocked
        member: Json = {"user": self._bot(), "status": "member"}
        kicked = {"user": self._bot(), "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if is_blocked else (kicked, member)
        change = {"chat": chat.info, "from": self._person(user_id), "date": int(time.time())}
        return self._updates.offer("my_chat_member", change | {"old_chat_member": old, "new_chat_member": new})

    def _keep_file(self, name: str, data: bytes, *, folder: str) -> Json:
        number = next(self._numbers)
        ending = re.search(r"\.\w+$", name)
        file_id = f"BQACAgUAAxkBAAI{number:06d}"
        self._files[file_id] = _File(name, data, f"{folder}/file_{number}{ending[0] if ending else ''}")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return {"file_id": file_id, "file_unique_id": f"AgAD{number:06d}", "file_name": name, "mime_type": kind, "file_size": len(data)}

    # ---------------------------------------------------------------- calls

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        asked = request.match_info["method"]
        call = Call(0.0, next((name for name in self._methods if name.lower() == asked.lower()), asked))
        refused = None
        try:
            await _read_into(call, request)
            self._admit(call, request.match_info["token"])
        except Refused as error:
            refused = error
        call.at = self.clock()
        self.calls.append(call)
        fault = call.fault = None if refused else self._draw_fault(call)
        if fault is None or fault.accepted:
            status, call.answer = await self._carry_out(call, refused)
        else:
            status = fault.status
            call.answer = _refusal(status, fault.description, fault.parameters) if fault.description else {}
        if fault and not fault.status:
            self._wake()
            return await self._stay_silent(request, fault)
        call.status = status
        self._wake()
        if self.latency and call.method != "getUpdates":
            await asyncio.sleep(self.latency)
        if fault and fault.html:
            return web.Response(status=status, text=fault.html, content_type="text/html")
        wait = call.answer.get("parameters", {}).get("retry_after")
        return web.json_response(call.answer, status=status, headers={"Retry-After": str(wait)} if wait else None)

    async def _carry_out(self, call: Call, refused: Refused | None) -> tuple[int, Json]:
        try:
            if refused:
                raise refused
            result = self._methods[call.method](call)
            return 200, {"ok": True, "result": await result if inspect.isawaitable(result) else result}
        except Refused as error:
            return error.code, _refusal(error.code, error.description, error.parameters)

    def _admit(self, call: Call, token: str) -> None:
        if token != self.token:
            raise Refused(401, "Unauthorized")
        if call.method not in self._methods:
            raise Refused(404, "Not Found: method not found")

    def _draw_fault(self, call: Call) -> Fault | None:
        for planned in self._planned:
            if planned.method == call.method and planned.chat_id in (None, call.params.get("chat_id")):
                planned.times -= 1
                if planned.times <= 0:
                    self._planned.remove(planned)
                return planned.fault
        return self.chaos(call.method, call.params) if self.chaos else None

    async def _stay_silent(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        transport = request.transport
        if fault.reset and transport is not None:
            # Lingering for no time, a closed connection is reset, not finished.
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        # Ends when the client gives up, which cancels this, or when the fake closes.
        await self._closing.wait()
        if transport is not None:
            transport.abort()
        return web.Response()

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if request.match_info["token"] == self.token:
            for file in self._files.values():
                if file.path == path and file.was_asked_for:
                    return web.Response(body=file.data, content_type="application/octet-stream")
        return web.json_response(_refusal(404, "Not Found", {}), status=404)

    def _list_methods(self) -> dict[str, Callable[[Call], Any]]:
        return {
            "getMe": lambda _: self._bot() | {"can_join_groups": True, "can_read_all_group_messages": False},
            "getUpdates": lambda call: self._updates.poll(call.params),
            "setWebhook": lambda call: self._updates.set_webhook(call.params),
            "deleteWebhook": lambda call: self._updates.delete_webhook(call.params),
            "getWebhookInfo": lambda _: self._updates.webhook_info(),
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "sendPhoto": self._send_photo,
            "sendChatAction": self._send_chat_action,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_callback,
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda call: self.commands.get(read_scope(call.params), []),
            "deleteMyCommands": self._delete_commands,
            "getFile": self._get_file,
        }

    # ---------------------------------------------------------------- methods

    def _chat_to_write(self, params: Json) -> _Chat:
        chat_id = params.get("chat_id", "")
        if chat_id == "":
            raise bad_request("chat_id is empty")
        chat = self._chats.get(chat_id)
        if isinstance(chat_id, int) and chat_id > 0 and not (chat and chat.is_open):
            raise Refused(403, Fault.NOT_STARTED.description)
        if chat is None:
            raise Refused(400, Fault.CHAT_NOT_FOUND.description)
        if chat.is_blocked:
            raise Refused(403, Fault.BLOCKED.description)
        return chat

    def _send_message(self, call: Call) -> Json:
        text = _text_of(call, too_long="message is too long")
        return self._send(call, {"text": text.text}, text, html=str(call.params["text"]))

    def _send_document(self, call: Call) -> Json:
        name, data = self._uploaded(call, "document")
        caption = read_text(call.params, "caption", limit=MAX_CAPTION, too_long="message caption is too long")
        if len(data) > MAX_DOCUMENT_BYTES:
            raise Refused(413, "Request Entity Too Large")
        document = self._keep_file(name, data, folder="documents")
        return self._send(call, {"document": document}, caption, html=str(call.params.get("caption") or ""), document=(name, data))

    def _send_photo(self, call: Call) -> Json:
        name, data = self._uploaded(call, "photo")
        caption = read_text(call.params, "caption", limit=MAX_CAPTION, too_long="message caption is too long")
        width, height = read_photo(data)
        kept = self._keep_file(name, data, folder="photos")
        size = {key: kept[key] for key in ("file_id", "file_unique_id", "file_size")} | {"width": width, "height": height}
        return self._send(call, {"photo": [size]}, caption, html=str(call.params.get("caption") or ""), photo=(name, data))

    def _uploaded(self, call: Call, name: str) -> tuple[str, bytes]:
        value = str(call.params.get(name) or "")
        part = call.parts.get(value.removeprefix("attach://") if value.startswith("attach://") else name)
        if part is None and value in self._files:
            return self._files[value].name, self._files[value].data
        if part is None and value and not value.startswith("attach://"):
            raise bad_request("wrong remote file identifier specified: Wrong padding in the string")
        if part is None:
            raise bad_request(f"there is no {name} in the request")
        if not part[1]:
            raise bad_request("file must be non-empty")
        return part

    def _send(
        self,
        call: Call,
        content: Json,
        text: Formatted,
        *,
        html: str,
        document: tuple[str, bytes] | None = None,
        photo: tuple[str, bytes] | None = None,
    ) -> Json:
        params = call.params
        chat = self._chat_to_write(params)
        reply_to = _replied_to(params, chat)
        markup = read_markup(params, private=chat.is_private)
        self._count(chat, call.at)
        if "text" not in content and text.text:
            content["caption"] = text.text
        if text.entities:
            content["entities" if "text" in content else "caption_entities"] = text.entities
        if markup and "inline_keyboard" in markup:
            content["reply_markup"] = markup
        message = self._keep_message(chat, self._bot(), content, reply_to=reply_to)
        number = message["message_id"]
        chat.shown[number] = Shown(
            number, text.text, html, _buttons(markup), call.at, document=document, photo=photo, reply_to=reply_to, markup=markup
        )
        return message

    def _count(self, chat: _Chat, now: float) -> None:
        limits = self.limits
        of_chat = (chat.sent, limits.per_chat, 1.0) if chat.is_private else (chat.sent, limits.group_per_minute, 60.0)
        wait = max(_wait(*counted, now) for counted in ((self._sent, limits.per_second, 1.0), of_chat))
        if wait > 0:
            fault = Fault.too_many(max(1, math.ceil(wait)))
            raise Refused(fault.status, fault.description, **fault.parameters)
        self._sent.append(now)
        chat.sent.append(now)

    def _send_chat_action(self, call: Call) -> bool:
        if str(call.params.get("action") or "").lower() not in CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._chat_to_write(call.params)
        return True

    def _message_to(self, do: str, params: Json) -> tuple[_Chat, Json]:
        chat = self._chats.get(params.get("chat_id", 0))
        if chat is None:
            raise Refused(400, Fault.CHAT_NOT_FOUND.description)
        message = chat.messages.get(params.get("message_id", 0))
        if message is None:
            raise bad_request(f"message to {do} not found")
        return chat, message

    def _edit_text(self, call: Call) -> Json:
        text = _text_of(call, too_long="MESSAGE_TOO_LONG")
        return self._edit(call, text)

    def _edit_markup(self, call: Call) -> Json:
        return self._edit(call, None)

    def _edit(self, call: Call, text: Formatted | None) -> Json:
        chat, message = self._message_to("edit", call.params)
        number = message["message_id"]
        shown = chat.shown.get(number)
        if shown is None or (shown.markup and "inline_keyboard" not in shown.markup):
            # Neither what a person wrote nor what brought a keyboard below the chat.
            raise bad_request("message can't be edited")
        if text and "text" not in message:
            raise bad_request("there is no text in the message to edit")
        markup = read_markup(call.params, private=chat.is_private, only_inline=True)
        changed: Json = {"text": text.text, "entities": text.entities} if text else {}
        # An edit without markup takes the buttons away.
        changed["reply_markup"] = markup
        if all((message.get(name) or None) == (value or None) for name, value in changed.items()):
            raise bad_request(_NOT_MODIFIED)
        edited = {name: value for name, value in (message | changed).items() if value or name not in changed}
        chat.messages[number] = edited | {"edit_date": int(time.time())}
        if text:
            shown = replace(shown, text=text.text, html=str(call.params["text"]))
        chat.shown[number] = replace(shown, buttons=_buttons(markup), markup=markup, edited=True)
        return chat.messages[number]

    def _delete_message(self, call: Call) -> bool:
        chat, message = self._message_to("delete", call.params)
        del chat.messages[message["message_id"]]
        chat.shown.pop(message["message_id"], None)
        return True

    def _answer_callback(self, call: Call) -> bool:
        callback_id, text = str(call.params.get("callback_query_id") or ""), str(call.params.get("text") or "")
        if callback_id not in self._open_callbacks:
            raise bad_request(_QUERY_TOO_OLD)
        if units(text) > MAX_CALLBACK_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        self._open_callbacks.remove(callback_id)
        self.answered[callback_id] = text
        return True

    def _set_commands(self, call: Call) -> bool:
        commands, whose = read_commands(call.params), read_scope(call.params)
        self.commands[whose] = commands
        if not commands:
            del self.commands[whose]
        return True

    def _delete_commands(self, call: Call) -> bool:
        self.commands.pop(read_scope(call.params), None)
        return True

    def _get_file(self, call: Call) -> Json:
        file_id = str(call.params.get("file_id") or "")
        if not file_id:
            raise bad_request("file_id not specified")
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > MAX_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        file.was_asked_for = True
        return {"file_id": file_id, "file_unique_id": f"AgAD{file_id[-6:]}", "file_size": len(file.data), "file_path": file.path}


async def _read_into(call: Call, request: web.Request) -> None:
    """The parameters and files of a call, in whichever of the four ways they came."""
    raw: Json = dict(request.query)
    try:
        if request.content_type == "application/json":
            body = json.loads(await request.text() or "{}")
            if not isinstance(body, dict):
                raise bad_request("can't parse request JSON object")
            raw |= body
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    call.parts[name] = (value.filename, value.file.read())
                else:
                    raw[name] = value if isinstance(value, str) else bytes(value).decode()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    except ValueError:
        raise bad_request("can't parse request JSON object") from None
    call.params = decode_params(raw)
    call.files = dict(call.parts.values())


def _integer(params: Json, name: str, default: int) -> int:
    value = params.get(name)
    return value if isinstance(value, int) else default


def _refusal(code: int, description: str, parameters: Mapping[str, int]) -> Json:
    answer: Json = {"ok": False, "error_code": code, "description": description}
    return answer | ({"parameters": dict(parameters)} if parameters else {})


def _text_of(call: Call, *, too_long: str) -> Formatted:
    if not call.params.get("text"):
        raise bad_request("message text is empty")
    text = read_text(call.params, "text", limit=MAX_TEXT, too_long=too_long)
    if not text.text:
        raise bad_request("text must be non-empty")
    return text


def _replied_to(params: Json, chat: _Chat) -> int | None:
    reply = params.get("reply_parameters") or params
    number = reply.get("message_id" if reply is not params else "reply_to_message_id")
    if not number or number in chat.messages:
        return number or None
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _buttons(markup: Json | None) -> list[list[tuple[str, str]]]:
    rows = (markup or {}).get("inline_keyboard", [])
    return [[(button["text"], button.get("callback_data", "")) for button in row] for row in rows]


def _wait(sent: deque[float], limit: int | None, window: float, now: float) -> float:
    """Seconds until one more may be sent; forgets what has left the window."""
    while sent and sent[0] <= now - window + TOLERANCE:
        sent.popleft()
    return sent[0] + window - now if limit is not None and len(sent) >= limit else 0.0


def _chat_in(update: Json) -> object:
    """Whose queue an update stands in: its chat's, or its own where it has none."""
    for inner in _objects(update):
        if isinstance(inner.get("chat"), dict):
            return inner["chat"].get("id")
    return id(update)


def _objects(value: Json) -> Iterator[Json]:
    for inner in value.values():
        if isinstance(inner, dict):
            yield inner
            yield from _objects(inner)
