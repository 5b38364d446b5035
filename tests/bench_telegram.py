"""`make bench-telegram`: how long people wait, with the platform at 50 ms a call and its limits in force.

300 questions from 300 chats, once arriving evenly over 12 s, once all at one instant. Printed: from the update to the
answer at the platform, how soon «typing» showed, how fast a crowd was served, and that the platform never had to slow
the assistant down.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.telegram_api import FakeTelegram

ROOT = Path(__file__).parent.parent
QUESTIONS = Path(__file__).parent / "digest" / "questions.jsonl"
LATENCY = 0.05  # seconds a call
FIRST_CHAT = 1000
WARM_UP = 3  # questions before the clock runs


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from each update to its answer and to its «typing»; answers a second from the first to the last."""

    answers: list[float]
    typing: list[float]
    per_second: float
    too_fast: int

    def __str__(self) -> str:
        def spread(values: list[float]) -> str:
            ordered = sorted(values)
            return f"median {statistics.median(ordered):.2f} s, p95 {ordered[int(len(ordered) * 0.95)]:.2f} s, last {ordered[-1]:.2f} s"

        return (
            f"  answer: {spread(self.answers)}\n  typing: {spread(self.typing)}\n"
            f"  answers a second: {self.per_second:.1f}; refused as too fast: {self.too_fast}"
        )


async def measure(telegram: FakeTelegram, questions: list[str], *, over: float) -> Waits:
    """Ask each question in a chat of its own, evenly over so many seconds, and wait for all answers."""
    loop = asyncio.get_running_loop()
    first_call, first = len(telegram.calls), FIRST_CHAT + len(telegram.calls)
    asked: dict[int, float] = {}
    started = loop.time()
    for number, question in enumerate(questions):
        await asyncio.sleep(max(0.0, started + over * number / len(questions) - loop.time()))
        telegram.write(first + number, question)
        asked[first + number] = loop.time()
    await telegram.until(lambda: all(telegram.messages(chat) for chat in asked), timeout=120)
    calls = [call for call in telegram.calls[first_call:] if call.params.get("chat_id") in asked]
    answers = {call.params["chat_id"]: call.at for call in reversed(calls) if call.method == "sendMessage" and call.status == 200}
    typing = {call.params["chat_id"]: call.at for call in reversed(calls) if call.method == "sendChatAction"}
    span = max(answers.values()) - min(answers.values())
    return Waits(
        [answers[chat] - at for chat, at in asked.items()],
        [typing[chat] - at for chat, at in asked.items()],
        (len(answers) - 1) / span,
        sum(call.status == 429 for call in calls),
    )


async def run(count: int, over: float) -> list[tuple[str, Waits]]:
    questions = [json.loads(line).get("question", "") for line in QUESTIONS.read_text("utf-8").splitlines()]
    questions = [one for one in questions if one]
    asked = [questions[number % len(questions)] for number in range(count)]
    async with FakeTelegram(latency=LATENCY) as telegram:
        with tempfile.TemporaryDirectory() as folder:
            env = {
                **os.environ,
                "DATA_DIR": folder,
                # Away from any .env: what is measured is what the settings are by default.
                "PYTHONPATH": str(ROOT),
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "TELEGRAM_API_BASE": telegram.base_url,
                "PUBLIC_QUESTIONS": "true",
                "LOG_LEVEL": "ERROR",
            }
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", cwd=env["DATA_DIR"], env=env)
            try:
                for number in range(WARM_UP):
                    telegram.write(1 + number, questions[0])
                await telegram.until(lambda: all(telegram.messages(1 + number) for number in range(WARM_UP)), timeout=60)
                evenly = await measure(telegram, asked, over=over)
                at_once = await measure(telegram, asked, over=0)
            finally:
                process.send_signal(signal.SIGTERM)
                await process.wait()
    return [(f"{count} questions over {over:.0f} s", evenly), (f"{count} questions at one instant", at_once)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_telegram")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--over", type=float, default=12.0)
    arguments = parser.parse_args()
    for title, waits in asyncio.run(run(arguments.questions, arguments.over)):
        print(f"{title}\n{waits}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
