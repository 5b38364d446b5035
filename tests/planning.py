"""A few agencies with their people and duties, ticks at moved instants, and what the reminders of it all came to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import Account
from db.deadlines import DeadlineRule
from db.duties import Duty
from db.engine import Database
from db.nudges import Nudge
from db.outbox import OutboxRow
from db.people import Agency, Contact, Role, ensure_agencies
from scheduler.channel import Letter, Outcome
from scheduler.course import By, Rules, confirm
from scheduler.planner import Planned, plan_nudges
from tests.test_sender import BOT, CHANNEL, Clock, Platform, sender, sending

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
RULES = Rules()
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
# (rung, who, step, state, reason)
Line = tuple[int, str, str, str, str]


def local(text: str) -> dt.datetime:
    """«2026-01-12 08:00» in Việt Nam; without an hour, eight."""
    return dt.datetime.fromisoformat(text if " " in text else text + " 08:00").replace(tzinfo=LOCAL).astimezone(dt.UTC)


CONFIRMED = local("2025-12-01")


async def add_person(
    session: AsyncSession, name: str, agency: str | None, role: Role = Role.FOCAL_POINT, *, linked: bool = True, **given: Any
) -> Contact:
    """Somebody of an agency, linked on the channel unless said otherwise; their chat is their name."""
    if agency:
        await ensure_agencies(session, [Agency(code=agency, name=f"Sở {agency}", is_listed=True)])
    contact = Contact(name=name, agency_code=agency, role=role, created_at=CONFIRMED, **given)
    session.add(contact)
    await session.flush()
    if linked:
        account = Account(channel=CHANNEL, bot_id=BOT, user_id=name, chat_id=name, created_at=CONFIRMED)
        account.contact_id, account.linked_at = contact.id, CONFIRMED
        session.add(account)
        await session.flush()
    return contact


async def add_duty(
    session: AsyncSession, agency: str, last_day: str, *, confirmed: dt.datetime = CONFIRMED, task: str = "Lập danh mục", **given: Any
) -> Duty:
    """An open duty of an agency, confirmed then."""
    await ensure_agencies(session, [Agency(code=agency, name=f"Sở {agency}", is_listed=True)])
    count = len((await session.execute(select(col(Duty.id)))).all())
    about: dict[str, Any] = {"clause": "II.1", "source": "Kế hoạch số 1", "rule": DeadlineRule(printed="")} | given
    day = dt.date.fromisoformat(last_day)
    duty = Duty(fingerprint=str(count), agency_code=agency, task=task, last_day=day, proposed_at=confirmed, **about)
    session.add(duty)
    await session.flush()
    await confirm(session, duty, RULES, By(None, confirmed))
    return duty


async def tick(database: Database, when: str | dt.datetime, *, holder: str = "one", rules: Rules = RULES, **given: Any) -> Planned:
    """What the clock brings at an instant, the world's clock standing there too."""
    now = local(when) if isinstance(when, str) else when
    return await plan_nudges(database, rules, now=now, holder=holder, world=lambda: now, **given)


async def nudges_of(database: Database) -> list[Nudge]:
    async with database.read() as session:
        return list((await session.execute(select(Nudge).order_by(col(Nudge.id)))).scalars())


async def lines_of(database: Database) -> list[Line]:
    """Every reminder, as planned and as it came out."""
    async with database.read() as session:
        names = {one.id: one.name for one in (await session.execute(select(Contact))).scalars()}
    return [(one.rung, names[one.contact_id], one.step.value, one.state.value, one.reason) for one in await nudges_of(database)]


async def rows_of(database: Database) -> list[OutboxRow]:
    async with database.read() as session:
        return list((await session.execute(select(OutboxRow).order_by(col(OutboxRow.id)))).scalars())


class Telegram(Platform):
    """A channel that takes a message as one."""

    def _is_last(self, letter: Letter) -> bool:
        return True

    @property
    def sent(self) -> list[tuple[str, str]]:
        """(chat, text) in order."""
        return [(one.recipient, one.message.text) for one in self.letters]


async def send_all(
    database: Database, when: str | dt.datetime, *outcomes: Outcome | Exception, rules: Rules = RULES
) -> list[tuple[str, str]]:
    """Send what waits at an instant until nothing more goes out; (chat, text) of each call."""
    now = local(when) if isinstance(when, str) else when
    channel = Telegram(*outcomes)
    clock = Clock(now)
    async with sending(sender(database, clock, channel)):
        await settled(database, now)
    return channel.sent


async def settled(database: Database, now: dt.datetime) -> None:
    """Wait until nothing is left that may go out by now."""
    async with asyncio.timeout(20):
        while any(one.settled_at is None and (one.lease_until or one.not_before) <= now + 1 * MINUTE for one in await rows_of(database)):
            await asyncio.sleep(0.01)


def words(texts: Sequence[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in texts)
