"""What happened in the fake Telegram and the bot has not yet taken, by long polls or by a webhook."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import aiohttp

from tests.telegram_faults import OTHER_POLL
from tests.telegram_markup import Json, Refused, bad_request, integer

LONGEST_POLL = 50
# These updates come only to who asks for them by name.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_UPDATE_KINDS = _ON_REQUEST | frozenset(
    "message edited_message channel_post edited_channel_post business_connection business_message edited_business_message "
    "deleted_business_messages guest_message inline_query chosen_inline_result callback_query shipping_query pre_checkout_query "
    "purchased_paid_media poll poll_answer my_chat_member chat_join_request chat_boost removed_chat_boost managed_bot".split()
)
_WEBHOOK_IS_SET = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(eq=False)
class Pending:
    update: Json
    id: int
    is_pushed: bool
    was_delivered: bool = False


@dataclass(frozen=True)
class _Webhook:
    url: str
    secret: str
    max_connections: int


class Updates:
    """What happened and the bot has not yet taken: by long polls or pushed to its webhook, the one or the other."""

    def __init__(self, *, retry: float, on_change: Callable[[], None]) -> None:
        self.pending: list[Pending] = []
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
            self._queue(Pending({"update_id": self._last_id, kind: json.loads(json.dumps(content))}, self._last_id, is_pushed=False))
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
            self._queue(Pending(update, update_id, is_pushed=True))

    async def close(self) -> None:
        self._is_closing = True
        self._end_poll()
        await self._stop_pushing()

    def _queue(self, pending: Pending) -> None:
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
        offset = integer(params, "offset", 0)
        limit = min(max(integer(params, "limit", 100), 1), 100)
        timeout = min(max(integer(params, "timeout", 0), 0), LONGEST_POLL)
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            # One pushed again has a number that was confirmed before; it goes once it was delivered.
            self.pending = [one for one in self.pending if one.id >= offset or (one.is_pushed and not one.was_delivered)]
        self._on_change()
        if not self.pending and timeout and not self._is_closing:
            self._end_poll(Refused(409, OTHER_POLL))
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
        self._webhook = _Webhook(url, secret, min(max(integer(params, "max_connections", 40), 1), 100))
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
        started: set[Pending] = set()
        busy: set[object] = set()
        free = asyncio.Semaphore(webhook.max_connections)

        async def deliver(one: Pending, chat: object) -> None:
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

    async def _push_one(self, one: Pending, webhook: _Webhook, session: aiohttp.ClientSession, free: asyncio.Semaphore) -> bool:
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
