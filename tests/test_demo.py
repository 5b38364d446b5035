"""The demo: its clock, its people, and its beginning anew."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger

from bot.settings import Settings
from bot.ticks import Tick, due_between
from bot.web.channel import HERE
from db.accounts import Account
from db.approved import ApprovedAnswer
from db.audit import AuditEntry, add_entry
from db.conversations import Inquiry
from db.demo import DemoClock, ensure_clock, move_clock
from db.documents import Document, DocumentState
from db.duties import DutyState, list_duties
from db.engine import Database, open_database
from db.inbox import InboxRow
from db.messages import plain
from db.outbox import OutboxRow, add_messages
from db.people import Contact, Role, add_contact, list_contacts
from handlers.demo import end_demo, fill_demo, start_anew, withdraw_sample_people
from handlers.duties.confirming import confirm_duties
from scheduler.course import By, Rules
from tests.command_line import CommandLine
from tests.telegram_bot import rows_of
from tests.web_chat import WebChat, WebPage, serving_demo
from tests.worlds import ASKED, WebWorld

START = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
REAL = dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
ROOT = Path(__file__).parent.parent


# ---------------------------------------------------------------- the clock


async def test_clock_starts_once_runs_on_and_never_goes_back(database: Database) -> None:
    async with database.write() as session:
        clock = await ensure_clock(session, start=START, real=REAL)
        assert clock.read(REAL) == START and clock.read(REAL + HOUR) == START + HOUR
        assert clock.read(REAL - DAY) == START
    async with database.write() as session:
        moved = await move_clock(session, START + DAY, real=REAL + HOUR)
        assert moved is not None and moved.read(REAL + 2 * HOUR) == START + DAY + HOUR
    async with database.write() as session:
        await move_clock(session, START, real=REAL + 2 * HOUR)
        again = await ensure_clock(session, start=START, real=REAL + 2 * HOUR)
        assert again.read(REAL + 2 * HOUR) == START + DAY + HOUR


def test_every_tick_between_two_instants_is_met_in_order_and_once() -> None:
    async def nothing(_at: dt.datetime) -> None: ...

    zone = "Asia/Ho_Chi_Minh"
    night, morning = (Tick(name, CronTrigger(hour=hour, timezone=zone), nothing) for name, hour in (("night", 3), ("morning", 8)))
    due = [(at.isoformat(), tick.name) for at, tick in due_between((night, morning), START, START + DAY)]
    assert due == [("2026-01-05T20:00:00+00:00", "night"), ("2026-01-06T01:00:00+00:00", "morning")]
    assert list(due_between((night, morning), START + DAY, START + DAY)) == []


async def test_moved_clock_runs_each_night_between_and_goes_only_forward(web_world: WebWorld) -> None:
    page, chat = web_world.page, web_world.chat(1)
    await chat.write(ASKED)
    assert await page.post("/api/clock", move="to", to="2026-03-20T09:30") == (200, {"ok": True})
    await page.until(lambda: not page.clock["is_moving"] and page.clock["now"].startswith("2026-03-20T09:30"))
    # What was said more than thirty days ago has been tidied away, night by night.
    assert await rows_of(web_world.database, InboxRow) == []
    [clock] = await rows_of(web_world.database, DemoClock)
    assert clock.ticked_at == dt.datetime(2026, 3, 20, 2, 30, tzinfo=dt.UTC)
    status, answer = await page.post("/api/clock", move="to", to="2026-01-06T08:00")
    assert status == 409 and "không lùi lại" in answer["error"]
    for to in ("", "hôm qua", "2026-13-01", "9999-12-31T23:59"):
        status, answer = await page.post("/api/clock", move="to", to=to)
        assert status in (400, 409) and answer["error"]


async def test_clock_goes_to_the_next_reminder_of_what_is_confirmed(web_world: WebWorld) -> None:
    page = web_world.page
    assert not page.clock["next_reminder"]
    assert (await page.post("/api/clock", move="next_reminder"))[0] == 409
    async with web_world.database.write() as session:
        soonest = (await list_duties(session, DutyState.PROPOSED))[0]
        await confirm_duties(session, [soonest.code], Rules(), By(None, START))
    await page.until(lambda: page.clock["next_reminder"] is not None)
    reminder = page.clock["next_reminder"]
    assert reminder.endswith("T08:00:00+07:00")
    await page.post("/api/clock", move="next_reminder")
    await page.until(lambda: not page.clock["is_moving"] and page.clock["now"] >= reminder)


# ---------------------------------------------------------------- people, and beginning anew


async def test_invented_people_come_once_and_leave_before_real_ones(database: Database) -> None:
    await fill_demo(database, HERE, now=START)
    await fill_demo(database, HERE, now=START)
    async with database.write() as session:
        assert {one.role.value for one in await list_contacts(session)} == {"official", "focal_point", "leader", "coordinator", "admin"}
        assert await withdraw_sample_people(session, now=START) == 7
        assert await list_contacts(session) == []


async def test_demo_begun_anew_is_as_on_its_first_day(database: Database) -> None:
    await fill_demo(database, HERE, now=START)
    async with database.write() as session:
        await ensure_clock(session, start=START, real=REAL)
        [first, *_] = await list_contacts(session)
        await add_entry(session, AuditEntry(at=START, action="invite", contact_id=first.id))
        at: dict[str, Any] = {"created_at": START, "not_before": START, "message": plain("a"), "priority": 0}
        sent = OutboxRow(channel="web", bot_id="local", recipient="c1", **at)
        await add_messages(session, [sent])
        await add_messages(session, [OutboxRow(channel="web", bot_id="local", recipient="c1", edits=sent.id, **at)])
    await start_anew(database, HERE, start=START, anchor=None)
    assert [len(await rows_of(database, row)) for row in (AuditEntry, OutboxRow, DemoClock)] == [0, 0, 0]
    assert len(await rows_of(database, Contact)) == len(await rows_of(database, Account)) == 7


async def test_beginning_anew_forgets_what_was_said_and_keeps_what_was_brought(web_world: WebWorld) -> None:
    page, database = web_world.page, web_world.database
    chat = WebChat(page, page.people[0]["key"])
    await chat.write(ASKED)
    await page.post("/api/clock", move="day")
    await page.until(lambda: page.clock["now"] > "2026-01-06T08" and not page.clock["is_moving"])
    people, documents = await rows_of(database, Contact), await rows_of(database, Document)
    assert await page.post("/api/reset") == (200, {"ok": True})
    await page.until(lambda: page.resets == 1 and page.clock["now"].startswith("2026-01-05T08:0"))
    assert chat.shown() == []
    for row in (InboxRow, OutboxRow, Inquiry, AuditEntry):
        assert await rows_of(database, row) == []
    assert [one.id for one in await rows_of(database, Contact)] == [one.id for one in people]
    assert [one.id for one in await rows_of(database, Document)] == [one.id for one in documents]
    assert "65%" in await chat.write(ASKED)


async def test_lists_imported_meanwhile_take_the_place_of_invented_people(tmp_path: Path) -> None:
    bot = CommandLine(tmp_path)
    settings = Settings(_env_file=None, data_dir=bot.data_dir, web_port=0)
    await asyncio.to_thread(bot, "migrate")
    async with serving_demo(settings, settings.database_url) as (address, _), WebPage(address) as page:
        assert "Trần Thị Bình" in {one["name"] for one in page.people}
        await asyncio.to_thread(bot, "agencies", "import", ROOT / "docs/templates/agencies.csv")
        await asyncio.to_thread(bot, "contacts", "import", ROOT / "docs/templates/contacts.csv")
        async with WebPage(address) as later:
            names = {one["name"] for one in later.people if one["role"]}
    assert names == {"Nguyễn Văn Ví Dụ", "Trần Thị Ví Dụ", "Lê Văn Ví Dụ"}


async def test_demo_leaves_nothing_behind_where_real_channels_are_served(database: Database) -> None:
    await fill_demo(database, HERE, now=START)
    async with database.write() as session:
        await ensure_clock(session, start=START, real=REAL)
        real = await add_contact(session, Contact(name="Người Thật", role=Role.COORDINATOR, phone="0912000009", created_at=START))
        admin = next(one for one in await list_contacts(session) if one.role is Role.ADMIN)
        document = Document(kind="", issuer="", subject="", state=DocumentState.IN_FORCE, provenance={}, created_at=START)
        session.add(document)
        await session.flush()
        tried: dict[str, Any] = {"question": "a", "answer": "b", "document_id": document.id, "clause": "", "quote": "", "created_at": START}
        session.add(ApprovedAnswer(**tried, author_id=admin.id))
    await fill_demo(database, HERE, now=START)
    await end_demo(database, HERE, now=REAL)
    assert [len(await rows_of(database, row)) for row in (Account, DemoClock, ApprovedAnswer)] == [0, 0, 0]
    async with database.read() as session:
        assert [one.id for one in await list_contacts(session)] == [real.id]


def test_store_that_serves_people_elsewhere_is_no_place_for_a_demo(tmp_path: Path) -> None:
    bot = CommandLine(tmp_path)
    bot("migrate")

    async def serve_somebody() -> None:
        database = open_database(f"sqlite:///{bot.data_dir / 'assistant.db'}")
        async with database.write() as session:
            session.add(Account(channel="telegram", bot_id="1", user_id="7", chat_id="7", created_at=START))
        await database.close()

    asyncio.run(serve_somebody())
    ran = bot("run")
    assert ran.status == 2 and "DATA_DIR" in ran.err


async def test_clock_that_cannot_go_on_says_so(web_world: WebWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    page = web_world.page
    told: list[str] = []
    monkeypatch.setattr(page, "notices", _Heard(told))

    async def fail(_session: object, *_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.clock.move_clock", fail)
    assert (await page.post("/api/clock", move="day"))[0] == 200
    await page.until(lambda: bool(told) and not page.clock["is_moving"])
    assert "dừng giữa chừng" in told[0]
    monkeypatch.undo()
    (anew, _), (moved, _) = await asyncio.gather(page.post("/api/reset"), page.post("/api/clock", move="day"))
    assert {anew, moved} <= {200, 409}
    await page.until(lambda: not page.clock["is_moving"] and page.clock["now"] < "2026-01-06T08:05")


class _Heard(dict[str, str]):
    """Notices that belong to nobody's tap."""

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self._told = told

    def __setitem__(self, tap: str, text: str) -> None:
        if not tap:
            self._told.append(text)
        super().__setitem__(tap, text)
