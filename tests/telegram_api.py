"""A strict Telegram Bot API on this machine: real HTTP for the real client libraries, refusing what the service refuses.

`FakeTelegram` is both ends of the wire. Tests act as people (`write`, `press`, `block`) and see what people see (`messages`);
the bot calls methods, by polling or with a webhook, and every call is kept. Faults are planned with `fail` or drawn by `chaos`.

Of the service's habits these are left out: it merges what polls ask too fast, delays the second 409 in a row, and carries out a
method given in the answer to a webhook. In groups every message arrives, as with privacy mode off.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import math
import mimetypes
import re
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.telegram_faults import USUAL_LIMITS, Call, Fault, Limits, Shown
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
from tests.telegram_updates import Updates

# A client that waits exactly a second must not be refused because its packets travelled at different speeds.
TOLERANCE = 0.005
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply "
    "markup of the message"
)
_QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


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
        self.files_flow = asyncio.Event()
        """While it is not set, files are asked for and do not come."""
        self.files_flow.set()
        self.downloads: list[str] = []
        """The path of every file that was asked for, also in vain."""
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
        self._updates = Updates(retry=webhook_retry, on_change=self._wake)
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
        return self._say(user_id, _captioned({"document": self._keep_file(file_name, data, folder="documents")}, caption))

    def send_photo(self, user_id: int, data: bytes, *, caption: str = "", album: str = "") -> int:
        """Somebody sends a picture, which the service keeps in several sizes; `album`: as one of several of this number."""
        width, height = read_photo(data)
        sizes = []
        for part, shown in ((4, b"\xff\xd8\xff a preview"), (1, data)):
            kept = self._keep_file("photo.jpg", shown, folder="photos")
            size = {key: kept[key] for key in ("file_id", "file_unique_id", "file_size")}
            sizes.append(size | {"width": max(width // part, 1), "height": max(height // part, 1)})
        return self._say(user_id, _captioned({"photo": sizes}, caption) | ({"media_group_id": album} if album else {}))

    def send_sticker(self, user_id: int) -> int:
        kept = self._keep_file("sticker.webp", b"RIFF0000WEBP", folder="stickers")
        size = {key: kept[key] for key in ("file_id", "file_unique_id", "file_size")}
        about = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._say(user_id, {"sticker": size | about})

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
        """Let the next calls of a method (or `download`) go wrong, or only those for one chat.

        Faults come in the order in which they were planned.
        """
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
        self.downloads.append(path)
        self._wake()
        if (fault := self._draw_fault(Call(self.clock(), "download"))) is not None:
            return await self._stay_silent(request, fault) if not fault.status else web.Response(status=fault.status, text="trouble")
        await self.files_flow.wait()
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


def _captioned(content: Json, caption: str) -> Json:
    return content | ({"caption": caption} if caption else {})


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
