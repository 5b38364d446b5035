"""Who is there to be reminded: silence, focal points, agencies that nobody answers for; and what a tick makes of it."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from db.accounts import list_accounts
from db.engine import Database
from db.files import file_path
from db.nudges import NudgeState, Step, list_nudges
from db.people import Agency, Role, find_contact, list_as_own, upsert_agencies
from db.reports import ChangeKind, list_changes
from handlers.call import Assistant
from handlers.staff.exporting import write_sheet
from handlers.staff.unreachable import list_unreached
from knowledge.agencies import GROUP
from scheduler.planner import plan_nudges
from tests.speaking import NOW, commands, say, walk
from tests.staffed import RULES, join, link, owe, told
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER, World

TODAY = dt.date(2026, 9, 1)


async def with_account(assistant: Assistant, *phones: str) -> None:
    async with assistant.database.write() as session:
        for phone in phones:
            contact = await find_contact(session, phone)
            assert contact is not None
            await link(session, contact, NOW)


async def test_silence_is_asked_for_once_more_told_and_ended(assistant: Assistant) -> None:
    await with_account(assistant, COORDINATOR)
    asked = await say(assistant, FOCAL_POINT, "dung nhac")
    assert "chắc chắn" in asked.text and "Sở Y tế không có đầu mối" in asked.text
    assert commands(asked) == ["dừng nhắc chắc chắn", "không dừng nhắc"]
    assert "Không đổi gì" in (await say(assistant, FOCAL_POINT, "không dừng nhắc")).text
    assert "Đã dừng nhắc" in (await say(assistant, FOCAL_POINT, "dừng nhắc chắc chắn")).text
    async with assistant.database.read() as session:
        coordinator, silent = await find_contact(session, COORDINATOR), await find_contact(session, FOCAL_POINT)
    assert coordinator is not None and silent is not None and silent.silenced_at == NOW
    (passed_on,) = await told(assistant.database, coordinator)
    assert "Trần Thị Bình (cán bộ đầu mối, Sở Y tế) đã dừng nhận lời nhắc" in passed_on and "không còn đầu mối" in passed_on
    assert "đã dừng nhận lời nhắc từ 01/09/2026" in (await say(assistant, FOCAL_POINT, "dừng nhắc")).text
    assert "Đã dừng nhận lời nhắc" in (await say(assistant, FOCAL_POINT, "/toi")).text
    assert "Đã bật" in (await say(assistant, FOCAL_POINT, "nhắc lại tôi")).text
    assert "không có gì thay đổi" in (await say(assistant, FOCAL_POINT, "bật nhắc")).text


async def test_silence_names_who_is_reminded_instead(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        await link(session, await join(session, "Ngô Văn Phó", "0912000021", NOW, is_substitute=True), NOW)
    asked = await say(assistant, FOCAL_POINT, "dừng nhắc tôi")
    assert "Người được nhắc thay: Ngô Văn Phó (đầu mối dự phòng)." in asked.text and "Lưu ý" not in asked.text


async def test_agencies_are_listed_with_their_focal_points_the_unreached_first(assistant: Assistant) -> None:
    await with_account(assistant, FOCAL_POINT)
    async with assistant.database.write() as session:
        await upsert_agencies(session, [Agency(code=f"X{number}", name=f"UBND xã {number:02}") for number in range(12)])
        await list_as_own(session, [f"X{number}" for number in range(12)])
    pages = await walk(assistant, COORDINATOR, "/daumoi", stem="/daumoi")
    first = pages["/daumoi"].text
    assert "14 cơ quan; 13 cơ quan chưa có ai" in first and "UBND xã 00: chưa cử đầu mối" in first and "Sở Y tế" not in first
    assert "14. Sở Y tế: ✓ Trần Thị Bình" in pages["/daumoi trang 2"].text


async def test_people_of_an_agency_are_shown_with_what_keeps_them_from_being_reminded(assistant: Assistant) -> None:
    await with_account(assistant, LEADER)
    await say(assistant, FOCAL_POINT, "vắng đến 05/09")
    for said in ("đầu mối SYT", "dau moi so y te?", "/daumoi Sở Y tế"):
        shown = (await say(assistant, COORDINATOR, said)).text
        assert "✗ Trần Thị Bình – cán bộ đầu mối – 0912000001 – vắng từ 01/09/2026 đến hết 05/09/2026" in shown
        assert "✓ Lê Văn Cường – lãnh đạo đơn vị – 0912000002 – Telegram" in shown
    assert "Không có cơ quan «SZZ»" in (await say(assistant, ADMIN, "/daumoi SZZ")).text
    # A leader sees the own agency; what is no agency, and whoever arranges nothing, asks a question.
    assert "Trần Thị Bình" in (await say(assistant, LEADER, "đầu mối SYT")).text
    for speaker, said in ((LEADER, "đầu mối SKHCN"), (FOCAL_POINT, "đầu mối SYT"), (COORDINATOR, "đầu mối là ai?")):
        assert "0912" not in (await say(assistant, speaker, said)).text


async def test_agencies_that_nobody_answers_for_are_listed_with_whom_to_call(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        await upsert_agencies(session, [Agency(code="CAC-SO", name="Các sở", kind=GROUP), Agency(code="SNV", name="Sở Nội vụ")])
        await list_as_own(session, ["SYT", "SKHCN"])
        for agency in ("SYT", "SYT", "SNV", "CAC-SO"):
            await owe(session, dt.date(2026, 9, 30), NOW, agency=agency)
    shown = await say(assistant, COORDINATOR, "/khonglienhe")
    lines = shown.text.splitlines()
    assert lines[0] == "Có phần việc đang mở, chưa có đầu mối nào nhận được tin (2):"
    assert lines[1].startswith("1. Sở Y tế – 2 phần việc: Trần Thị Bình: chưa liên kết tài khoản. Gọi: Trần Thị Bình 0912000001; Lê Văn")
    assert lines[2] == "2. Sở Nội vụ – 1 phần việc: chưa cử đầu mối. Chưa có số điện thoại nào"
    assert lines[3:] == [
        "Chưa có phần việc đang mở (1):",
        "3. Sở Khoa học và Công nghệ: chưa cử đầu mối. Gọi: Phạm Thị Dung 0912000003; Võ Văn Em 0912000004",
    ]
    (sent,) = (await say(assistant, COORDINATOR, commands(shown)[-1])).attachments
    rows = list(load_workbook(io.BytesIO(file_path(assistant.files_folder, sent.sha256).read_bytes())).active.values)
    assert [row[2] for row in rows] == ["Cơ quan", "Sở Y tế", "Sở Nội vụ", "Sở Khoa học và Công nghệ"]
    assert "không thuộc quyền" in (await say(assistant, LEADER, "/khonglienhe")).text


async def test_agency_is_off_the_list_once_somebody_is_reached(assistant: Assistant) -> None:
    await with_account(assistant, FOCAL_POINT)
    async with assistant.database.write() as session:
        focal_point = await find_contact(session, FOCAL_POINT)
        assert focal_point is not None
        (account,) = await list_accounts(session, [focal_point.id])
        assert [one.agency.code for one in await list_unreached(session, TODAY)] == ["SKHCN"]
        account.off_at, account.off_reason = NOW, "blocked"
        await session.flush()
        assert "Trần Thị Bình: đã chặn trợ lý" in [one.why for one in await list_unreached(session, TODAY)]


async def test_words_of_a_list_are_never_a_formula_in_the_spreadsheet(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        await upsert_agencies(session, [Agency(code="=1+1", name="=HYPERLINK(1)", is_listed=True)])
        found = [one for one in await list_unreached(session, TODAY) if one.agency.code == "=1+1"]
    sheet = load_workbook(io.BytesIO(write_sheet(found))).active
    assert [(cell.value, cell.data_type) for cell in sheet[2][1:3]] == [("=1+1", "s"), ("=HYPERLINK(1)", "s")]


async def test_who_links_learns_in_one_line_what_the_agency_owes(world: World) -> None:
    async with world.database.write() as session:
        await owe(session, dt.date(2026, 9, 30), NOW)
    focal_point = await world.linked(FOCAL_POINT, 31)
    await world.linked(LEADER, 32)
    welcome = " ".join(str(one) for one in focal_point.shown())
    assert "Cơ quan có 1 phần việc đang mở: gõ /viec." in welcome


# What a tick makes of it: a duty of 14/01/2026, looked at the day before at eight in the morning.
LAST_DAY = dt.date(2026, 1, 14)
TICK = dt.datetime(2026, 1, 13, 1, tzinfo=dt.UTC)
AWAY = {"away_from": dt.date(2026, 1, 10), "away_until": dt.date(2026, 1, 13)}


@pytest.mark.parametrize(
    ("focal_point", "takes_it_on", "planned", "left_out"),
    [
        ({}, "", {"Bình"}, {}),
        (AWAY, "", {"Phó"}, {"Bình": "away"}),
        ({"silenced_at": TICK}, "", {"Phó"}, {"Bình": "silenced"}),
        ({}, "Mai", {"Mai"}, {}),
        (AWAY, "Bình", {"Phó"}, {"Bình": "away"}),
    ],
)
async def test_tick_plans_for_who_is_there(
    database: Database, now: dt.datetime, focal_point: dict[str, Any], takes_it_on: str, planned: set[str], left_out: dict[str, str]
) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế")])
        people = [
            await join(session, "Bình", "0912000001", now, **focal_point),
            await join(session, "Phó", "0912000002", now, is_substitute=True),
            await join(session, "Mai", "0912000003", now, role=Role.OFFICIAL),
        ]
        for one in people:
            await link(session, one, now)
        taken = next((one.id for one in people if one.name == takes_it_on), None)
        duty = await owe(session, LAST_DAY, now, assignee_id=taken)
    await plan_nudges(database, RULES, now=TICK, holder="a", world=lambda: TICK)
    names = {one.id: one.name for one in people}
    async with database.read() as session:
        nudges = await list_nudges(session, [duty.id])
        changes = [one.kind for one in await list_changes(session, [duty.id])]
    assert {names[one.contact_id] for one in nudges if one.state is NudgeState.PLANNED} == planned
    assert {names[one.contact_id]: one.reason for one in nudges if one.state is NudgeState.DROPPED} == left_out
    assert {one.step for one in nudges} == {Step.FOCAL_POINT} and ChangeKind.UNREACHED not in changes
