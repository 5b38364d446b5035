"""The page's server: who may talk to it, what it refuses, and that it loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.web.guard import is_loopback
from db.inbox import InboxRow
from tests.telegram_bot import free_port, rows_of
from tests.web_chat import WebChat, WebPage
from tests.worlds import ADMIN, ASKED, FOCAL_POINT, WebWorld

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("headers", "is_welcome"),
    [
        ({}, True),
        ({"Host": "localhost:{port}"}, True),
        ({"Host": "[::1]:{port}"}, True),
        ({"Host": "evil.example:{port}"}, False),
        ({"Host": "127.0.0.1.evil.example"}, False),
        ({"Host": "localhost.:{port}"}, False),
        ({"Host": "[::1"}, False),
        ({"Origin": "http://127.0.0.1:{port}"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:1"}, False),
        ({"Origin": "https://127.0.0.1:{port}"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
    ],
)
async def test_only_the_page_itself_is_listened_to(web_world: WebWorld, headers: dict[str, str], is_welcome: bool) -> None:
    address = web_world.page.address
    given = {name: value.format(port=address.rpartition(":")[2]) for name, value in headers.items()}
    said = {"person": "guest", "text": ASKED, "id": "1"}
    async with aiohttp.ClientSession(base_url=address) as http:
        async with http.post("/api/messages", json=said, headers=given) as answer:
            assert (answer.status == 200) is is_welcome
        async with http.get("/healthz", headers=given) as answer:
            assert (answer.status == 200) is is_welcome
        if is_welcome:
            await (await http.ws_connect("/live", headers=given)).close()
        else:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect("/live", headers=given)
    assert len(await rows_of(web_world.database, InboxRow)) == is_welcome


async def test_link_elsewhere_may_lead_to_the_page_and_a_form_elsewhere_does_nothing(web_world: WebWorld) -> None:
    async with aiohttp.ClientSession(base_url=web_world.page.address) as http:
        visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        async with http.get("/", headers=visit) as answer:
            assert answer.status == 200 and "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        async with http.post("/api/reset", data="{}", headers={**visit, "Content-Type": "text/plain"}) as answer:
            assert answer.status == 403
        async with http.post("/api/reset", data="{}", headers={"Content-Type": "text/plain"}) as answer:
            assert answer.status == 415


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("/api/messages", {"person": "guest", "text": "  ", "id": "1"}, 400),
        ("/api/messages", {"person": "guest", "text": "x" * 4097, "id": "1"}, 400),
        ("/api/messages", {"person": "guest", "text": 5, "id": "1"}, 400),
        ("/api/messages", {"person": "guest", "text": "a"}, 400),
        ("/api/messages", {"person": "guest", "text": "a", "id": "../x"}, 400),
        ("/api/messages", {"person": "ai do", "text": "a", "id": "1"}, 404),
        ("/api/messages", ["guest"], 400),
        ("/api/messages", {"person": "guest", "text": "x" * 70_000, "id": "1"}, 413),
        ("/api/taps", {"person": "guest", "entry": "12", "command": "đúng 1", "id": "1"}, 400),
        ("/api/clock", {"move": "back"}, 400),
        ("/api/nothing", {}, 404),
    ],
)
async def test_what_cannot_be_read_is_refused_with_a_reason(web_world: WebWorld, path: str, said: object, status: int) -> None:
    async with web_world.page.http.post(path, json=said) as answer:
        assert answer.status == status
        assert (await answer.json())["error"]
    assert await rows_of(web_world.database, InboxRow) == []


async def test_nothing_beside_the_page_is_served(web_world: WebWorld) -> None:
    for path in ("/page/../server.py", "/page/%2e%2e%2fserver.py", "/page/..%2f..%2fsettings.py", "/page/", "/.env", "/page/nothing.js"):
        async with web_world.page.http.get(path) as answer:
            assert answer.status in (403, 404), path


async def test_message_that_is_sent_again_is_one_message(web_world: WebWorld) -> None:
    chat, key = web_world.chat(1), str(uuid.uuid4())
    for _ in range(3):
        assert (await web_world.page.post("/api/messages", person=chat.person, text=ASKED, id=key))[0] == 200
    assert "65%" in await chat.replies(1)
    await web_world.page.until(lambda: not web_world.page.waiting[chat.person])
    assert len(chat.shown()) == 1
    [own] = [one for one in web_world.page.entries[chat.person].values() if one["own"]]
    assert own["client_id"] == key


async def test_file_is_fetched_by_whom_it_was_sent_to(web_world: WebWorld) -> None:
    official = await web_world.linked(FOCAL_POINT, 1)
    await official.write("văn bản 1")
    url = official.shown()[-1].files[0]["url"]
    async with web_world.page.http.get(url) as answer:
        assert answer.status == 200 and answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.content_type == "application/octet-stream"
    for other in (url.replace("as=guest-1", "as=guest-2"), url.replace("/0?", "/9?"), "/files/99/0?as=guest-1", "/files/x/0?as=guest-1"):
        async with web_world.page.http.get(other) as answer:
            assert answer.status == 404


async def test_code_is_shown_once_and_kept_nowhere(web_world: WebWorld) -> None:
    admin = await web_world.linked(ADMIN, 5)
    offer = await admin.write(f"mời {FOCAL_POINT}")
    assert "Mã mời" in offer
    async with WebPage(web_world.page.address) as another:
        assert WebChat(another, "guest-5").shown()[-1].text == offer


async def test_several_pages_see_the_same_at_once(web_world: WebWorld) -> None:
    async with WebPage(web_world.page.address) as other:
        chat, elsewhere = web_world.chat(1), WebChat(other, "guest-1")
        answer = await chat.write(ASKED)
        assert await elsewhere.replies(1) == answer
        await elsewhere.press("Chưa đúng", replies=1)
        await web_world.page.until(lambda: not any("đúng" in label for row in chat.shown()[0].buttons for label, _ in row))


@pytest.mark.parametrize(
    ("host", "is_local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.0.0.5", False), ("a.vn", False)],
)
def test_only_this_machine_is_loopback(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


# ---------------------------------------------------------------- as a process


@asynccontextmanager
async def demo(folder: Path, **settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`python -m bot run` without a token, and what it says first."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data"), "SECRET_KEY": "k" * 40, "PYTHONWARNINGS": "error"}
    env |= {"WEB_PORT": str(free_port()), **settings}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", cwd=folder, env=env, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(50):
            yield process, (await process.stdout.readline()).decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_run_without_a_token_serves_the_digest_and_forgets_nothing_when_it_is_killed(tmp_path: Path) -> None:
    port = str(free_port())
    async with demo(tmp_path, WEB_PORT=port) as (process, said):
        assert said.startswith(f"Trang trò chuyện: http://127.0.0.1:{port}")
        async with WebPage(f"http://127.0.0.1:{port}") as page:
            chat = WebChat(page, page.people[0]["key"])
            first = await chat.write("chỉ tiêu 5G năm 2030?")
            assert "100%" in first and "Tóm lược" in first
            await page.post("/api/clock", move="day")
            await page.until(lambda: page.clock["now"] > "2026-01-06T08" and not page.clock["is_moving"])
            # Stored, perhaps not answered yet, when the end comes.
            await page.post("/api/messages", person=chat.person, text="chỉ tiêu 6G năm 2035?", id="asked-last")
            process.send_signal(signal.SIGKILL)
            await process.wait()
    async with demo(tmp_path, WEB_PORT=port) as (process, _), WebPage(f"http://127.0.0.1:{port}") as page:
        again = WebChat(page, chat.person)
        await page.until(lambda: len(again.shown()) == 2)
        assert again.shown()[0].text == first and "2035" in again.shown()[1].text
        assert page.clock["now"] > "2026-01-06T08"
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


@pytest.mark.parametrize(("settings", "said"), [({"WEB_HOST": "0.0.0.0"}, "WEB_HOST=127.0.0.1"), ({"DEMO": "false"}, "TELEGRAM_BOT_TOKEN")])
async def test_demo_that_others_could_reach_or_that_is_none_does_not_start(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    async with demo(tmp_path, **settings) as (process, _):
        _, errors = await process.communicate()
        assert process.returncode == 2 and said in errors.decode()


async def test_port_that_is_taken_is_named(tmp_path: Path) -> None:
    async with demo(tmp_path) as (first, address), demo(tmp_path, WEB_PORT=address.split()[3].rpartition(":")[2]) as (second, _):
        _, errors = await second.communicate()
        assert second.returncode == 1 and "WEB_PORT" in errors.decode()
        assert first.returncode is None
