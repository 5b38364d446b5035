"""The page's server: the page, what is shown live, what people do. Everything that is done is stored before it is answered."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiohttp import WSCloseCode, web

from bot import wording
from bot.web.channel import HERE, Hub
from bot.web.demo import CannotMove, Demo
from bot.web.feed import Feed
from bot.web.guard import UPLOADS, Handler, add_headers, guard, refuse
from bot.web.updates import GUEST
from bot.web.uploads import BadUpload, read_upload
from db.engine import Database, UnreachableDatabaseError, get_revision
from db.files import file_path
from db.inbox import Received, store_events
from db.outbox import get_sent
from handlers.files.receiving import FileDoor
from knowledge.dates import VIETNAM

_LOG = logging.getLogger(__name__)
_PAGE = Path(__file__).with_name("page")
_LONGEST = 4096  # characters of a message, as on Telegram
_BODY = 64 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Somebody of the list, also one who has left it, or nobody known.
_PERSON = re.compile(rf"c[0-9]{{1,9}}|{GUEST}(-[a-z0-9]{{1,20}})?")
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_HEARTBEAT = 20.0  # seconds
_DAY = dt.timedelta(days=1)


class _Refusal(Exception):
    """A request that cannot be done; says why, for a person."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class WebServer:
    """What the page asks for. `wake` is called when something was stored to be worked."""

    def __init__(
        self,
        database: Database,
        demo: Demo,
        hub: Hub,
        *,
        door: FileDoor,
        examples: Callable[[], Awaitable[tuple[str, ...]]],
        wake: Callable[[], None],
        is_public: bool,
    ) -> None:
        self._is_public = is_public
        self._database, self._demo, self._hub, self._wake = database, demo, hub, wake
        self._door, self._examples = door, examples
        self._pages: set[web.WebSocketResponse] = set()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[guard, _explain], client_max_size=_BODY)
        app.on_response_prepare.append(add_headers)
        app.router.add_get("/", self._page)
        app.router.add_get("/page/{name}", self._page)
        app.router.add_get("/files/{message}/{place}", self._file)
        app.router.add_get("/live", self._live)
        app.router.add_get("/healthz", self._healthy)
        app.router.add_post("/api/messages", self._message)
        app.router.add_post(UPLOADS, self._upload)
        app.router.add_post("/api/taps", self._tap)
        app.router.add_post("/api/phones", self._phone)
        app.router.add_post("/api/clock", self._clock)
        app.router.add_post("/api/reset", self._reset)
        app.on_shutdown.append(self._close)
        return app

    async def _page(self, request: web.Request) -> web.StreamResponse:
        path = _PAGE / request.match_info.get("name", "index.html")
        # The router lets no slash through, so that nothing outside the folder can be named.
        if path.parent != _PAGE or not path.is_file():
            raise _Refusal(wording.WEB_NOTHING_HERE, 404)
        return web.FileResponse(path)

    async def _healthy(self, _request: web.Request) -> web.Response:
        await get_revision(self._database)
        return web.Response(text="ok")

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        await self._demo.fill()
        page = web.WebSocketResponse(heartbeat=_HEARTBEAT)
        await page.prepare(request)
        self._pages.add(page)

        async def tell(said: dict[str, Any]) -> None:
            await page.send_str(json.dumps(said, ensure_ascii=False))

        feed = Feed(self._database, self._hub, self._demo, examples=self._examples, is_public=self._is_public)
        following = asyncio.ensure_future(feed.follow(tell))
        # A feed that ends has nobody to tell any more, or a fault of its own: the page connects again.
        following.add_done_callback(lambda _: asyncio.ensure_future(page.close()))
        try:
            async for _ in page:
                pass  # pages speak by POST, where they learn whether they were heard
        finally:
            self._pages.discard(page)
            following.cancel()
            [ended] = await asyncio.gather(following, return_exceptions=True)
            if isinstance(ended, Exception) and not isinstance(ended, ConnectionError):
                _LOG.error("a page was no longer told what is new", exc_info=ended)
        return page

    async def _close(self, _app: web.Application) -> None:
        await asyncio.gather(*(page.close(code=WSCloseCode.GOING_AWAY) for page in list(self._pages)))

    async def _message(self, request: web.Request) -> web.Response:
        given = await _read(request)
        said = _said(given)
        if not said["text"]:
            raise _Refusal(wording.WEB_NO_TEXT)
        return await self._store(given, said)

    async def _upload(self, request: web.Request) -> web.Response:
        """Files with or without words: each is checked and its bytes are written, then the event that names them is stored."""
        given, files, refused = await read_upload(request, self._door)
        return await self._store(given, _said(given) | {"files": [asdict(one) for one in files], "refused": refused})

    async def _tap(self, request: web.Request) -> web.Response:
        given = await _read(request)
        return await self._store(given, {"kind": "tap", "message": str(_entry(given, "entry")), "command": _text(given, "command")})

    async def _phone(self, request: web.Request) -> web.Response:
        given = await _read(request)
        return await self._store(given, {"kind": "phone", "phone": _text(given, "phone")[:40]})

    async def _store(self, given: dict[str, Any], said: dict[str, Any]) -> web.Response:
        person, key = _text(given, "person"), _text(given, "id")
        if not _PERSON.fullmatch(person):
            raise _Refusal(wording.WEB_NO_SUCH_PERSON, 404)
        if not _KEY.fullmatch(key):
            raise _Refusal(wording.WEB_BAD_REQUEST)
        async with self._database.write() as session:
            event = Received(external_id=key, chat=person, sender=person, payload=said)
            await store_events(session, HERE.name, HERE.bot_id, [event], now=self._demo.now())
        self._wake()
        self._hub.changed()
        return web.json_response({"ok": True})

    async def _clock(self, request: web.Request) -> web.Response:
        given = await _read(request)
        match given.get("move"):
            case "day":
                to: dt.datetime | None = self._demo.now() + _DAY
            case "next_reminder":
                to = await self._demo.next_reminder()
            case "to":
                to = _instant(_text(given, "to"))
            case _:
                raise _Refusal(wording.WEB_BAD_REQUEST)
        if to is None:
            raise _Refusal(wording.CLOCK_REFUSALS["no_reminder"], 409)
        try:
            self._demo.move(to)
        except CannotMove as error:
            raise _Refusal(wording.CLOCK_REFUSALS[error.reason], 409) from error
        self._hub.changed()
        return web.json_response({"ok": True})

    async def _reset(self, request: web.Request) -> web.Response:
        await _read(request)
        try:
            await self._demo.start_anew()
        except CannotMove as error:
            raise _Refusal(wording.CLOCK_REFUSALS[error.reason], 409) from error
        return web.json_response({"ok": True})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        person = request.query.get("as", "")
        message, place = request.match_info["message"], request.match_info["place"]
        if not (message.isdecimal() and place.isdecimal() and len(message + place) < 16):
            raise _Refusal(wording.WEB_NOTHING_HERE, 404)
        async with self._database.read() as session:
            row = await get_sent(session, HERE.name, HERE.bot_id, person, int(message))
        file = row.message.attachments[int(place)] if row and int(place) < len(row.message.attachments) else None
        path = file_path(self._door.folder, file.sha256) if file else None
        if file is None or path is None or not path.is_file():
            raise _Refusal(wording.WEB_FILE_MISSING, 404)
        picture = _PICTURES.get(Path(file.file_name).suffix.lower()) if file.is_picture else None
        answer = web.FileResponse(path, headers={"Cache-Control": "private, max-age=86400"})
        # What is no picture of ours is never shown by the browser itself: it may be anything.
        answer.content_type = picture or "application/octet-stream"
        answer.headers["Content-Disposition"] = _disposition("inline" if picture else "attachment", file.file_name)
        return answer


@web.middleware
async def _explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except _Refusal as error:
        return refuse(error.status, error.reason)
    except BadUpload as error:
        return refuse(error.status, error.reason)
    except UnreachableDatabaseError:
        return refuse(503, wording.WEB_DATABASE_AWAY)
    except web.HTTPRequestEntityTooLarge:
        return refuse(413, wording.WEB_TOO_LONG.format(limit=_LONGEST))
    except web.HTTPException as error:
        return refuse(error.status, wording.WEB_NOTHING_HERE if error.status == 404 else wording.WEB_BAD_REQUEST)


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """A message as its event keeps it."""
    text = _text(given, "text").replace("\0", "").strip()
    if len(text) > _LONGEST:
        raise _Refusal(wording.WEB_TOO_LONG.format(limit=_LONGEST))
    said: dict[str, Any] = {"kind": "message", "text": text}
    if given.get("reply_to"):
        said["reply_to"] = str(_entry(given, "reply_to"))
    return said


async def _read(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except (ValueError, LookupError, RecursionError, web.RequestPayloadError) as error:
        raise _Refusal(wording.WEB_BAD_REQUEST) from error
    if not isinstance(given, dict):
        raise _Refusal(wording.WEB_BAD_REQUEST)
    return given


def _text(given: dict[str, Any], name: str) -> str:
    if not isinstance(value := given.get(name), str):
        raise _Refusal(wording.WEB_BAD_REQUEST)
    return value


def _entry(given: dict[str, Any], name: str) -> int:
    """The row of a message of ours that the page names («o12»)."""
    found = re.fullmatch(r"o([0-9]{1,15})", _text(given, name))
    if found is None:
        raise _Refusal(wording.WEB_BAD_REQUEST)
    return int(found[1])


def _instant(text: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=VIETNAM)).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise _Refusal(wording.CLOCK_REFUSALS["unreadable"]) from error


def _disposition(kind: str, name: str) -> str:
    """The header that names a file, in letters of every kind (RFC 6266)."""
    from urllib.parse import quote

    return f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
