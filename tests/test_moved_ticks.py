"""`tick --at`: an instant earlier than the world's, tried out to the end with a messenger beside it."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
from pathlib import Path

from bot.app import send_only
from bot.assistant import make_assistant
from bot.clock import now as world
from bot.commands.duties import tick
from bot.settings import Settings
from db.duties import Awaited, list_duties
from db.engine import open_database
from db.nudges import Nudge
from db.outbox import OutboxRow
from db.people import Agency, Contact, Role, ensure_agencies
from handlers.people import speak_as
from scheduler.course import wait_for
from tests.planning import local
from tests.staffed import RULES, join, link, owe
from tests.telegram_api import FakeTelegram
from tests.telegram_bot import rows_of, settings_for

PHONE, COORDINATOR = "0912000001", "0912000003"


async def _owing(settings: Settings) -> None:
    """A focal point and a coordinator, both linked, and two duties for the 14th of January, confirmed by the world's clock."""
    database, at = open_database(settings.database_url), world()
    async with database.write() as session:
        await ensure_agencies(session, [Agency(code="SYT", name="Sở Y tế", is_listed=True)])
        for name, phone, role in (("Bình", PHONE, Role.FOCAL_POINT), ("Dung", COORDINATOR, Role.COORDINATOR)):
            contact: Contact = await join(session, name, phone, at, role=role)
            account = await link(session, contact, at)
            account.bot_id = "8001"
        for task in ("Gửi kế hoạch", "Gửi nhu cầu kinh phí"):
            duty = await owe(session, dt.date(2026, 1, 14), at)
            duty.task = task
    await database.close()


async def _ticked(settings: Settings, *instants: str) -> None:
    for one in instants:
        assert await tick(settings, argparse.Namespace(at=local(one))) == 0


async def _send(settings: Settings, telegram: FakeTelegram, chat: str, count: int) -> list[str]:
    """What somebody has been shown once the sender found nothing more to send."""
    database, stop = open_database(settings.database_url), asyncio.Event()
    sending = asyncio.ensure_future(send_only(settings, database, stop))
    await telegram.until(lambda: len(telegram.messages(int(chat))) >= count)
    async with asyncio.timeout(10):
        while any(one.settled_at is None for one in await rows_of(database, OutboxRow)):
            await asyncio.sleep(0.02)
    stop.set()
    await sending
    await database.close()
    return [one.text for one in telegram.messages(int(chat))]


async def test_moment_of_last_january_is_written_sent_and_answered(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "data.db").write_bytes(sqlite_template.read_bytes())
    async with FakeTelegram(limits=None) as telegram:
        telegram.known(int(PHONE), int(COORDINATOR))
        settings = settings_for(telegram, tmp_path, database_url=f"sqlite:///{tmp_path / 'data.db'}")
        await _owing(settings)
        # Twice: the second finds nothing left to do.
        await _ticked(settings, "2026-01-13", "2026-01-13")
        (text,) = await _send(settings, telegram, PHONE, 1)
        assert "Gửi kế hoạch" in text and "Gửi nhu cầu kinh phí" in text and "còn 1 ngày (hết ngày 14/01/2026)" in text
        database = open_database(settings.database_url)
        async with database.read() as session:
            done, left = [one.code for one in await list_duties(session)]
        # By the world's clock, which is months on.
        for said in (f"xong {done}", f"đang làm 60% {left}"):
            assert await speak_as(make_assistant(settings, database), PHONE, said, now=world())
        await _ticked(settings, "2026-01-14", "2026-01-14")
        again = (await _send(settings, telegram, PHONE, 2))[-1]
        assert "Gửi nhu cầu kinh phí" in again and "Gửi kế hoạch" not in again
        assert [(one.rung, one.state.value) for one in await rows_of(database, Nudge)] == [(-1, "sent"), (-1, "sent"), (0, "sent")]
        await database.close()


async def test_moment_brings_everything_that_is_done_by_the_clock(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "data.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(_env_file=None, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'data.db'}")
    await _owing(settings)
    database = open_database(settings.database_url)
    async with database.write() as session:
        for duty in await list_duties(session):
            wait_for(duty, Awaited.OWNER, RULES, local("2026-01-07"))
    # A Monday: what waits for a decision is asked for again, once.
    await _ticked(settings, "2026-01-12", "2026-01-12")
    told = [one for one in await rows_of(database, OutboxRow) if one.recipient == COORDINATOR and not one.topic]
    await database.close()
    assert len(told) == 1 and "PV1" in told[0].message.text
