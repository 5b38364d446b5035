"""People of an agency as tests of reminding need them: with or without an account, and a duty that the agency owes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from db.accounts import Account
from db.deadlines import DeadlineRule
from db.duties import Duty
from db.engine import Database
from db.outbox import OutboxRow
from db.people import Contact, Role, add_contact
from scheduler import course
from scheduler.course import By, Rules

RULES = Rules()


async def join(
    session: AsyncSession,
    name: str,
    phone: str,
    now: dt.datetime,
    *,
    agency: str | None = "SYT",
    role: Role = Role.FOCAL_POINT,
    **given: Any,
) -> Contact:
    """Somebody of the list, without an account."""
    return await add_contact(session, Contact(name=name, agency_code=agency, role=role, phone=phone, created_at=now, **given))


async def link(session: AsyncSession, contact: Contact, now: dt.datetime) -> Account:
    """Give somebody an account on Telegram, of which the number is their phone's."""
    number = contact.phone or ""
    account = Account(channel="telegram", bot_id="1", user_id=number, chat_id=number, contact_id=contact.id, created_at=now, linked_at=now)
    session.add(account)
    await session.flush()
    return account


async def owe(session: AsyncSession, last_day: dt.date, now: dt.datetime, *, agency: str = "SYT", **given: Any) -> Duty:
    """A duty of the agency, confirmed."""
    duty = Duty(
        fingerprint=uuid.uuid4().hex,
        agency_code=agency,
        clause="II.1",
        task="Nộp báo cáo",
        rule=DeadlineRule(printed="", due_on=last_day, last_day=last_day),
        last_day=last_day,
        proposed_at=now,
        **given,
    )
    session.add(duty)
    await session.flush()
    await course.confirm(session, duty, RULES, By(None, now))
    return duty


async def told(database: Database, contact: Contact) -> list[str]:
    """What waits to be sent to somebody, or was sent."""
    async with database.read() as session:
        rows = (
            await session.execute(select(OutboxRow).where(col(OutboxRow.recipient) == contact.phone).order_by(col(OutboxRow.id)))
        ).scalars()
        return [row.message.text for row in rows]
