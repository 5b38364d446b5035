"""Duties for conversations about them: the province's health department owes plans, and is reminded of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.accounts import Account
from db.deadlines import DeadlineRule
from db.duties import Duty
from db.engine import Database
from db.people import Contact, Role, add_contact, find_contact
from scheduler import course
from scheduler.calendar import at_local
from scheduler.course import By, Rules
from scheduler.planner import plan_nudges

AGENCY = "SYT"
# Monday 5 January 2026, eight in the morning in Việt Nam.
MONDAY = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
LAST_DAY = dt.date(2026, 1, 14)
TASKS = ("Xây dựng kế hoạch chuyển đổi số của ngành", "Báo cáo nhu cầu kinh phí", "Cử cán bộ tham gia tổ giúp việc")
COLLEAGUE = "0912000009"


async def add_duties(
    database: Database, count: int = 1, *, now: dt.datetime = MONDAY, agency: str = AGENCY, last_day: dt.date | None = LAST_DAY
) -> list[str]:
    """Open so many duties of an agency; their codes."""
    codes = []
    async with database.write() as session:
        for number in range(count):
            day = last_day + dt.timedelta(days=number) if last_day else None
            duty = Duty(
                fingerprint=f"{agency}-{last_day}-{number}",
                agency_code=agency,
                clause="II.1",
                task=TASKS[number % len(TASKS)],
                source="Kế hoạch số 12/KH-UBND",
                rule=DeadlineRule(printed="trước ngày 15/01/2026" if not number else "", last_day=day),
                last_day=day,
                due_at=at_local(day + dt.timedelta(days=1), dt.time()) if day else None,
                proposed_at=now - dt.timedelta(days=30),
            )
            session.add(duty)
            await session.flush()
            await course.confirm(session, duty, Rules(), By(None, now - dt.timedelta(days=30)))
            codes.append(duty.code)
    return codes


async def add_colleague(database: Database, *, name: str = "Ngô Thị Hạnh", phone: str = COLLEAGUE) -> int:
    """Another focal point of the department."""
    async with database.write() as session:
        contact = Contact(name=name, agency_code=AGENCY, role=Role.FOCAL_POINT, phone=phone, created_at=MONDAY)
        return (await add_contact(session, contact)).id


async def give_accounts(database: Database, phones: Sequence[str]) -> None:
    """Accounts, on a channel that nothing is sent on, for people who only speak through the command line."""
    async with database.write() as session:
        for phone in phones:
            contact = await find_contact(session, phone)
            assert contact is not None
            account = Account(channel="telegram", bot_id="1", user_id=phone, chat_id=phone, contact_id=contact.id, created_at=MONDAY)
            account.linked_at = account.told_at = MONDAY
            session.add(account)


async def remind(database: Database, now: dt.datetime, *, world: dt.datetime | None = None) -> int:
    """What a tick does at that instant; how many messages it wrote."""
    planned = await plan_nudges(database, Rules(), now=now, holder="test", world=lambda: world or now)
    return planned.messages
