"""`make soak`: the assistant is killed again and again while messages go out and the platform has its moods.

Half of the messages wait in the outbox from the start, half are answers to what people write meanwhile. Nothing may be
lost; a message may arrive twice only when it was in flight at a kill, or when the platform took it and never said so;
within a chat the order is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import re
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from db.engine import Database, migrate, open_database
from db.messages import plain
from db.outbox import OutboxRow, OutboxState, Priority, add_messages
from tests.telegram_api import FakeTelegram
from tests.telegram_faults import Fault

ROOT = Path(__file__).parent.parent
FIRST_CHAT = 5000
_STORED, _ASKED = re.compile(r"^Tin (\d+)\."), re.compile(r"/tin(\d+)x")
_FAULTS = (Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.RESET_AFTER, Fault.RESET_BEFORE, Fault.BAD_MARKUP)


@dataclass(slots=True)
class Verdict:
    """What came of a soak."""

    messages: int
    kills: int
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubles: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    disordered: list[int] = field(default_factory=list)
    most_in_flight: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    too_fast: int = 0

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.unexplained or self.disordered or self.too_fast)

    def __str__(self) -> str:
        faults = ", ".join(f"{name.lower()} {count}" for name, count in sorted(self.faults.items()))
        return (
            f"{self.messages} messages, {self.kills} kills, {self.seconds:.0f} s; faults: {faults}\n"
            f"lost {len(self.lost)}, twice {sum(self.doubles.values())} (unexplained {len(self.unexplained)}), "
            f"out of order in {len(self.disordered)} chats, at most {self.most_in_flight} in flight at a kill, "
            f"sent too fast {self.too_fast} times"
        )


async def soak(
    *, messages: int, chats: int, kills: int, url: str, data_dir: Path, seed: int, alive: tuple[float, float], quick: bool
) -> Verdict:
    """Run one soak; `alive` bounds the seconds between a start's first message and its kill. `quick` lifts the pace."""
    dice = random.Random(seed)
    verdict = Verdict(messages, kills)
    struck: Counter[str] = Counter()

    def chaos(method: str, params: dict[str, Any]) -> Fault | None:
        # A message has two mishaps at most: what always fails is another promise.
        key = _name(str(params.get("text", "")))
        if method != "sendMessage" or not key or struck[key] > 1 or dice.random() > 0.05:
            return None
        struck[key] += 1
        fault = dice.choice(_FAULTS)
        verdict.faults[fault.name] += 1
        return fault

    async with FakeTelegram(limits=None) if quick else FakeTelegram() as telegram:
        telegram.chaos = chaos
        telegram.known(*range(FIRST_CHAT, FIRST_CHAT + chats))
        database = open_database(url)
        await migrate(database)
        await _store(database, messages // 2, chats)
        env = _environment(telegram, url, data_dir, quick=quick)
        started = asyncio.get_running_loop().time()
        explained: Counter[str] = Counter()
        held: set[tuple[int, int]] = set()
        writing = iter(range(messages // 2, messages))
        for turn in range(kills + 1):
            process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", cwd=env["DATA_DIR"], env=env)
            before = len(telegram.calls)
            share = len(range(messages // 2, messages)) // (kills + 1) + 1
            for number in islice(writing, share):
                telegram.write(FIRST_CHAT + number % chats, f"/tin{number}x")
            if turn == kills:
                await telegram.until(lambda: len(_arrived(telegram, chats)) >= messages, timeout=240)
                process.send_signal(signal.SIGTERM)
                assert await process.wait() == 0, "SIGTERM did not end it well"
                break
            await telegram.until(lambda seen=before: any(one.method == "sendMessage" for one in telegram.calls[seen:]), timeout=60)  # type: ignore[misc]
            await asyncio.sleep(dice.uniform(*alive))
            process.kill()
            await process.wait()
            # Those of earlier kills are still held until their leases run out.
            in_flight = {hold: name for hold, name in (await _in_flight(database)).items() if hold not in held}
            held |= in_flight.keys()
            verdict.most_in_flight = max(verdict.most_in_flight, len(in_flight))
            explained.update(in_flight.values())
        verdict.seconds = asyncio.get_running_loop().time() - started
        await database.close()
        _judge(verdict, telegram, chats, explained)
        return verdict


def _judge(verdict: Verdict, telegram: FakeTelegram, chats: int, explained: Counter[str]) -> None:
    arrived = _arrived(telegram, chats)
    verdict.lost = [str(number) for number in range(verdict.messages) if str(number) not in arrived]
    verdict.doubles = Counter({name: count - 1 for name, count in arrived.items() if count > 1})
    for call in telegram.calls:
        if call.fault is not None and call.fault.accepted:
            explained[_name(str(call.params.get("text", "")))] += 1
        # 429s that nobody planned: the pace was not kept.
        verdict.too_fast += call.status == 429 and call.fault is None
    verdict.unexplained = [name for name, extra in verdict.doubles.items() if extra > explained[name]]
    for chat in range(FIRST_CHAT, FIRST_CHAT + chats):
        for pattern in (_STORED, _ASKED):
            order = list(dict.fromkeys(int(found[1]) for one in telegram.messages(chat) if (found := pattern.search(one.text))))
            if order != sorted(order):
                verdict.disordered.append(chat)


def _name(text: str) -> str:
    found = _STORED.search(text) or _ASKED.search(text)
    return found[1] if found else ""


def _arrived(telegram: FakeTelegram, chats: int) -> Counter[str]:
    shown = (one for chat in range(FIRST_CHAT, FIRST_CHAT + chats) for one in telegram.messages(chat))
    return Counter(name for one in shown if (name := _name(one.text)))


async def _store(database: Database, count: int, chats: int) -> None:
    now = dt.datetime.now(dt.UTC)
    rows = [
        OutboxRow(
            channel="telegram",
            bot_id="8001",
            recipient=str(FIRST_CHAT + number % chats),
            priority=Priority.BROADCAST,
            message=plain(f"Tin {number}."),
            created_at=now,
            not_before=now,
        )
        for number in range(count)
    ]
    async with database.write() as session:
        await add_messages(session, rows)


async def _in_flight(database: Database) -> dict[tuple[int, int], str]:
    """What is held by a sender, by row and hold; never two of one chat."""
    async with database.read() as session:
        query = select(OutboxRow).where(col(OutboxRow.state) == OutboxState.SENDING)
        rows = list((await session.execute(query)).scalars())
        assert len({row.recipient for row in rows}) == len(rows)
    return {(row.id, row.claims): _name(row.message.text) for row in rows}


def _environment(telegram: FakeTelegram, url: str, data_dir: Path, *, quick: bool) -> dict[str, str]:
    env = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "PYTHONPATH": str(ROOT),  # run from elsewhere, away from any .env
        "DATABASE_URL": url,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_BASE": telegram.base_url,
        "SECRET_KEY": "s" * 40,
        "PUBLIC_QUESTIONS": "true",
        "STRANGER_RATE": "100000",
        "LOG_LEVEL": os.environ.get("SOAK_LOG", "ERROR"),
    }
    return env | ({"SEND_RATE": "300", "CHAT_RATE": "100"} if quick else {})


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Kill the assistant again and again; see what is lost.")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--chats", type=int, default=60)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--database", help="a database of your own, empty; default: SQLite in a folder that is thrown away")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/soak.db"
        given = {"messages": arguments.messages, "chats": arguments.chats, "kills": arguments.kills, "seed": arguments.seed}
        verdict = asyncio.run(soak(**given, url=url, data_dir=Path(folder), alive=(0.2, 2.0), quick=False))
    print(verdict)
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
