"""A leaver and the successor: what goes over, what stays, who may arrange it; on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from db.accounts import Account, list_accounts
from db.duties import Duty, DutyOutcome
from db.engine import Database
from db.nudges import Escalation, Nudge, NudgeState, Step, list_nudges
from db.people import Agency, Contact, Role, find_contact, get_person, list_contacts, upsert_agencies
from db.reports import ChangeKind, Extension, ExtensionState, list_changes, list_extensions
from handlers.call import Assistant
from handlers.people import speak_as
from handlers.staff.replacing import NotReplaced, Refusal, replace
from scheduler import course
from scheduler.course import By
from scheduler.planner import plan_nudges
from tests.speaking import NOW, say
from tests.staffed import RULES, join, link, owe, told
from tests.telegram_bot import rows_of
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER, OTHER_COORDINATOR

LAST_DAY = dt.date(2026, 1, 14)
OLD, NEW = "0912000001", "0912000009"


async def staff(session: AsyncSession, now: dt.datetime) -> Contact:
    """A focal point with an account, in an agency."""
    await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế"), Agency(code="SNV", name="Sở Nội vụ")])
    leaver = await join(session, "Trần Thị Bình", OLD, now)
    await link(session, leaver, now)
    return leaver


async def test_what_waits_for_the_leaver_waits_for_the_successor(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        leaver = await staff(session, now)
        taken, closed = await owe(session, LAST_DAY, now, assignee_id=leaver.id), await owe(session, LAST_DAY, now)
        closed.assignee_id = leaver.id
        await course.close(session, closed, DutyOutcome.DONE, RULES, By(leaver.id, now))
        session.add(Extension(duty_id=taken.id, contact_id=leaver.id, asked_at=now, asked_day=LAST_DAY))
        chains = [Escalation(duty_id=taken.id, started_at=now, leader_ids=(7, leaver.id), coordinator_ids=(leaver.id,))]
        chains.append(Escalation(duty_id=closed.id, started_at=now, leader_ids=(leaver.id,), ended_at=now))
        session.add_all(chains)
        waiting: dict[str, Any] = {"duty_id": taken.id, "rung_day": LAST_DAY, "step": Step.FOCAL_POINT, "due_at": now, "planned_at": now}
        session.add(Nudge(contact_id=leaver.id, rung=0, **waiting))
        session.add(Nudge(contact_id=leaver.id, rung=-3, state=NudgeState.SENT, **waiting))
    async with database.write() as session:
        known = await find_contact(session, OLD)
        assert known is not None
        done = await replace(session, known, NEW, "Nguyễn Văn  Mới", RULES, By(None, now))
        assert (done.successor.name, done.assigned, done.is_new, done.is_linked) == ("Nguyễn Văn Mới", 1, True, False)
    async with database.read() as session:
        successor = await find_contact(session, NEW)
        assert successor is not None and await find_contact(session, OLD) is None
        assert (successor.agency_code, successor.role) == ("SYT", Role.FOCAL_POINT)
        assert [one.id for one in await list_contacts(session)] == [successor.id]
        # The history keeps who did what, and the account is nobody's.
        assert (await get_person(session, leaver.id)).contact.name == "Trần Thị Bình"
        assert await list_accounts(session, [leaver.id], also_off=True) == []
        duties = {one.id: one.assignee_id for one in (await session.execute(select(Duty))).scalars()}
        assert duties == {taken.id: successor.id, closed.id: leaver.id}
        assert [one.after for one in await list_changes(session, [taken.id]) if one.kind is ChangeKind.ASSIGNED] == ["Nguyễn Văn Mới"]
        nudges = {one.rung: one.contact_id for one in await list_nudges(session, [taken.id])}
        assert nudges == {0: successor.id, -3: leaver.id}
        (extension,) = await list_extensions(session)
        assert (extension.state, extension.contact_id) == (ExtensionState.PENDING, leaver.id)
    now_open, ended = await rows_of(database, Escalation)
    assert (now_open.leader_ids, now_open.coordinator_ids, ended.leader_ids) == ((7, successor.id), (successor.id,), (leaver.id,))


async def test_successor_gets_the_waiting_reminder_once_and_the_leaver_none(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        leaver = await staff(session, now)
        deputy = await join(session, "Ngô Văn Phó", NEW, now)
        await link(session, deputy, now)
        await owe(session, LAST_DAY, now)
    at = dt.datetime(2026, 1, 11, 1, tzinfo=dt.UTC) + dt.timedelta(days=1)
    await plan_nudges(database, RULES, now=at, holder="a", world=lambda: at)
    async with database.write() as session:
        before = await list_nudges(session, [1])
        assert {one.contact_id for one in before} == {leaver.id, deputy.id}
        known = await find_contact(session, OLD)
        assert known is not None
        await replace(session, known, NEW, "", RULES, By(None, at))
    async with database.read() as session:
        left = {one.contact_id: (one.state, one.reason) for one in await list_nudges(session, [1])}
    assert left == {leaver.id: (NudgeState.DROPPED, "replaced"), deputy.id: (NudgeState.PLANNED, "")}


async def test_replaced_the_other_way_round_everything_is_as_before(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        leaver = await staff(session, now)
        leaver.is_substitute = True
        duty = await owe(session, LAST_DAY, now, assignee_id=leaver.id)
        done = await replace(session, leaver, NEW, "Nguyễn Văn Mới", RULES, By(None, now))
        back = await replace(session, done.successor, OLD, "", RULES, By(None, now))
        assert back.successor.id == leaver.id and back.successor.removed_at is None and back.successor.is_substitute
        assert duty.assignee_id == leaver.id


@pytest.mark.parametrize(
    ("phone", "name", "why"),
    [
        (OLD, "", Refusal.SAME),
        (NEW, "", Refusal.NAME),
        (NEW, "<b>", Refusal.BAD_NAME),
        ("0912000011", "", Refusal.AGENCY),
        ("0912000012", "", Refusal.ROLE),
    ],
)
async def test_who_cannot_take_the_place_is_refused_and_nothing_changes(
    session: AsyncSession, now: dt.datetime, phone: str, name: str, why: Refusal
) -> None:
    leaver = await staff(session, now)
    await join(session, "Hà", "0912000011", now, agency="SNV")
    await join(session, "Cường", "0912000012", now, role=Role.LEADER)
    with pytest.raises(NotReplaced) as refused:
        await replace(session, leaver, phone, name, RULES, By(None, now))
    assert refused.value.why is why and refused.value.sentence
    assert leaver.removed_at is None and await list_accounts(session, [leaver.id])


async def test_both_are_told_and_a_new_one_is_invited(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        leaver = await find_contact(session, FOCAL_POINT)
        assert leaver is not None
        await link(session, leaver, NOW)
        await owe(session, dt.date(2026, 9, 30), NOW)
    replies = await speak_as(assistant, COORDINATOR, f"thay {FOCAL_POINT} bằng 0912 000 009 Nguyễn Văn Mới", now=NOW)
    assert replies is not None
    done, invitation = (one.text for one in replies)
    assert "Đã thay Trần Thị Bình bằng Nguyễn Văn Mới (Sở Y tế)" in done and "Mã mời cho Nguyễn Văn Mới" in invitation
    (farewell,) = await told(assistant.database, leaver)
    assert "đã chuyển cho Nguyễn Văn Mới" in farewell
    assert await speak_as(assistant, FOCAL_POINT, "/toi", now=NOW) is None
    assert "đầu mối" in (await say(assistant, NEW, "/toi")).text


async def test_successor_with_an_account_learns_what_is_theirs_now(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        deputy = await join(session, "Ngô Văn Phó", NEW, NOW, role=Role.OFFICIAL)
        await link(session, deputy, NOW)
        await owe(session, dt.date(2026, 9, 30), NOW)
    # By the leader of the agency; nobody needs a code.
    assert "Ngô Văn Phó" in (await say(assistant, LEADER, f"thay {FOCAL_POINT} bằng {NEW}")).text
    (welcome,) = await told(assistant.database, deputy)
    assert "cán bộ đầu mối của Sở Y tế, thay Trần Thị Bình" in welcome and "1 phần việc" in welcome


@pytest.mark.parametrize(
    ("speaker", "old", "said"),
    [
        (FOCAL_POINT, LEADER, "không thuộc quyền"),
        (LEADER, COORDINATOR, "không thuộc quyền"),
        (COORDINATOR, OTHER_COORDINATOR, "không thuộc quyền"),
        (COORDINATOR, "0999999999", "Không có ai mang số"),
        (ADMIN, OTHER_COORDINATOR, "Đã thay"),
    ],
)
async def test_only_who_is_above_replaces(assistant: Assistant, speaker: str, old: str, said: str) -> None:
    replies = await speak_as(assistant, speaker, f"thay {old} bằng {NEW} Nguyễn Văn Mới", now=NOW)
    assert replies is not None and said in replies[0].text


async def test_leaver_cannot_come_back_by_the_number_alone(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        leaver = await staff(session, now)
        await replace(session, leaver, NEW, "Nguyễn Văn Mới", RULES, By(None, now))
    assert [one.contact_id for one in await rows_of(database, Account)] == [None]
    async with database.read() as session:
        assert await find_contact(session, OLD) is None
        found = await find_contact(session, OLD, also_left=True)
        assert found is not None and found.name == "Trần Thị Bình"
