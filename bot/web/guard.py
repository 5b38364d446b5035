"""Who may talk to the page's server: browsers that opened the page itself, on this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from bot import wording

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

UPLOADS = "/api/files"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page sends: by the name it was asked under (DNS rebinding), by where it came from."""
    if _name(f"//{request.headers.get('Host', '')}") not in _LOCAL_NAMES:
        return refuse(403, wording.WEB_WRONG_HOST)
    origin = request.headers.get("Origin")
    # Browsers name it with every POST and WebSocket; programs that are none need not.
    if origin is not None and origin != f"http://{request.headers['Host']}":
        return refuse(403, wording.WEB_WRONG_ORIGIN)
    # A link elsewhere may lead to the page; nothing else of it is another site's.
    is_visit = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    if not is_visit and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return refuse(403, wording.WEB_WRONG_ORIGIN)
    if request.method == "POST" and not _is_of_the_page(request):
        return refuse(415, wording.WEB_NOT_JSON)
    return await handler(request)


def _is_of_the_page(request: web.Request) -> bool:
    """Whether a post has a form that another site's page cannot give it without being asked first whether it may: JSON, or
    a header of our own beside files (a form of files alone may come from anywhere)."""
    if request.path == UPLOADS:
        return request.content_type == "multipart/form-data" and request.headers.get("X-Requested-With") == "page"
    return request.content_type == "application/json"


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Nothing from elsewhere is loaded, and nobody frames the page."""
    response.headers.update(_HEADERS)
    response.headers.setdefault("Cache-Control", "no-cache")


def refuse(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)


def _name(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
        return parts.hostname
    except ValueError:
        return None
