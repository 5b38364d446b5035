"""What a preview promises is what the planner then does, day by day, while nobody answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select
from sqlmodel import col

from db.accounts import Account, ensure_account
from db.deadlines import DeadlineRule, Recurrence
from db.duties import DutyState, list_duties
from db.engine import Database
from db.nudges import Nudge, NudgeState
from db.outbox import OutboxRow
from db.people import Agency, Contact, Role, add_contact, ensure_agencies
from handlers.duties.confirming import confirm_duties
from handlers.duties.foreseeing import foresee
from handlers.duties.making import unasked
from scheduler.calendar import at_local, local_day
from scheduler.course import By, Rules
from scheduler.planner import plan_nudges

RULES = Rules()
NOW = at_local(dt.date(2026, 1, 5), dt.time(10))


def _same(at: dt.datetime) -> dt.datetime:
    return at


def duty_day(day: dt.date, recurrence: Recurrence | None = None) -> DeadlineRule:
    return DeadlineRule(due_on=day, last_day=day, recurrence=recurrence)


async def fill(database: Database) -> list[str]:
    """Two agencies with people, one without, and duties of them and of all together; the codes."""
    async with database.write() as session:
        agencies = [
            Agency(code=code, name=f"Sở {code}", kind="department", is_listed=True, groups=("các đầu mối",)) for code in ("AA", "BB", "CC")
        ]
        agencies.append(Agency(code="N_ALL", name="Các đầu mối", kind="group"))
        await ensure_agencies(session, agencies)
        people: list[tuple[str, str | None, Role]] = [
            ("An", "AA", Role.FOCAL_POINT),
            ("Bé", "AA", Role.FOCAL_POINT),
            ("Cả", "AA", Role.LEADER),
        ]
        people += [("Dư", "BB", Role.FOCAL_POINT), ("Em", "CC", Role.LEADER), ("Gia", None, Role.COORDINATOR)]
        for name, agency, role in people:
            contact = await add_contact(session, Contact(name=name, agency_code=agency, role=role, created_at=NOW))
            if name in ("An", "Bé", "Cả", "Gia"):
                account = Account(channel="web", bot_id="web", user_id=name, chat_id=name, created_at=NOW)
                account = await ensure_account(session, account, is_reachable=True)
                account.contact_id, account.linked_at = contact.id, NOW
        made = [
            unasked(agencies[0], "Báo cáo", duty_day(dt.date(2026, 1, 14)), NOW, source="", token="1"),
            unasked(agencies[3], "Gửi kế hoạch", duty_day(dt.date(2026, 1, 21)), NOW, source="", token="2"),
            unasked(agencies[1], "Báo cáo tháng", duty_day(dt.date(2026, 1, 31), Recurrence.MONTH), NOW, source="", token="3"),
            unasked(agencies[0], "Việc đã quá hạn", duty_day(dt.date(2025, 12, 20)), NOW, source="", token="4"),
        ]
        session.add_all(made)
        await session.flush()
        return [one.code for one in made]


@pytest.mark.parametrize("chosen", [(0,), (1,), (2,), (3,), (0, 1, 2)], ids=str)
async def test_preview_promises_what_is_planned(database: Database, chosen: tuple[int, ...]) -> None:
    made = await fill(database)
    codes = [made[at] for at in chosen]
    async with database.read() as session:
        proposed = [one for one in await list_duties(session, DutyState.PROPOSED) if one.code in codes]
        promised = await foresee(session, proposed, RULES, now=NOW)
    async with database.write() as session:
        await confirm_duties(session, codes, RULES, By(None, NOW))
    # The preview of a duty ends a week after its last day, or from now.
    last = min(max(one.last_day, local_day(NOW)) for one in proposed if one.last_day) + dt.timedelta(days=7)
    day = local_day(NOW)
    while day <= last:
        for hour in (10, 16):
            at = at_local(day, dt.time(hour))
            await plan_nudges(database, RULES, now=at, holder="walk", world=partial(_same, at))
        day += dt.timedelta(days=1)
    async with database.read() as session:
        rows = (await session.execute(select(OutboxRow))).scalars().all()
        told = {row.message_id for row in (await session.execute(select(Nudge).where(col(Nudge.state) != NudgeState.DROPPED))).scalars()}
    sent = Counter(local_day(row.created_at) for row in rows if row.id in told)
    assert sent == {at: count for at, count, *_ in promised.days if at <= last}
    assert promised.people == (0 if chosen == (2,) else 2)
    nobody = {(1,): {"Sở BB", "Sở CC"}, (0, 1, 2): {"Sở BB", "Sở CC"}, (2,): {"Sở BB"}}
    assert set(promised.unreached) == nobody.get(chosen, set())
