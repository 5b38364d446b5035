"""The assistant as a process of its own: how it stops, what it logs, and that another may send for it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.telegram_api import FakeTelegram
from tests.telegram_faults import Fault

ROOT = Path(__file__).parent.parent


@asynccontextmanager
async def process(folder: Path, telegram: FakeTelegram, command: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder),
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE": telegram.base_url,
        "SECRET_KEY": "k" * 40,
        "PUBLIC_QUESTIONS": "true",
        "PYTHONWARNINGS": "error",
        **settings,
    }
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", command, cwd=folder, env=env, stderr=pipe)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def test_stopped_process_sends_what_it_has_answered_and_logs_no_token(tmp_path: Path) -> None:
    async with FakeTelegram(latency=0.3) as telegram, process(tmp_path, telegram, "run", LOG_LEVEL="DEBUG") as running:
        telegram.fail(Fault.BAD_GATEWAY)
        telegram.write(1, "/trogiup")
        await telegram.until(lambda: any(call.method == "sendMessage" for call in telegram.calls), timeout=30)
        running.send_signal(signal.SIGTERM)
        _, errors = await running.communicate()
        assert running.returncode == 0, errors.decode()
        assert telegram.messages(1)
    assert telegram.token.encode() not in errors and b"/bot***/" in errors


async def test_what_one_process_heard_another_may_answer_for(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        telegram.chaos = lambda method, _: Fault.SERVER_ERROR if method == "sendMessage" else None
        async with process(tmp_path, telegram, "run") as running:
            telegram.write(1, "/trogiup")
            await telegram.until(lambda: any(call.method == "sendMessage" for call in telegram.calls), timeout=30)
            running.kill()
        telegram.chaos = None
        async with process(tmp_path, telegram, "send") as sending:
            await telegram.shown(1, timeout=40)
            sending.send_signal(signal.SIGTERM)
            assert await sending.wait() == 0
        assert len(telegram.messages(1)) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TELEGRAM_BOT_TOKEN": "khong phai ma"}, "@BotFather"),
        ({"TELEGRAM_MODE": "webhook"}, "PUBLIC_BASE_URL"),
        ({"TELEGRAM_MODE": "webhook", "PUBLIC_BASE_URL": "https://a.vn", "SECRET_KEY": ""}, "TELEGRAM_WEBHOOK_SECRET"),
    ],
)
async def test_what_cannot_run_says_why_and_stops(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    async with FakeTelegram() as telegram, process(tmp_path, telegram, "run", **settings) as running:
        _, errors = await running.communicate()
        assert running.returncode == 2 and said in errors.decode()
