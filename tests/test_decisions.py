"""What is decided about a duty that changed meanwhile, and who may see and take back what."""

from __future__ import annotations

import asyncio

import pytest

from db.duties import Duty, DutyOutcome, lock_duty
from db.engine import Database
from db.people import Agency, Contact, Role, add_contact, ensure_agencies
from db.removal import remove_contact
from db.reports import Extension, ExtensionState, StatusReport, add_extension, lock_extension
from handlers.call import Assistant
from handlers.people import speak_as
from tests.duties import LAST_DAY, MONDAY, add_duties
from tests.speaking import commands
from tests.telegram_bot import rows_of
from tests.worlds import COORDINATOR, FOCAL_POINT

CHIEF, STRANGER_FOCAL_POINT = "0912000077", "0912000078"


async def say(assistant: Assistant, text: str, phone: str = FOCAL_POINT) -> str:
    replies = await speak_as(assistant, phone, text, now=MONDAY)
    assert replies is not None
    return "\n".join(one.text for one in replies)


@pytest.fixture
async def code(assistant: Assistant) -> str:
    """One open duty of the focal point's agency, due on 14 January."""
    return (await add_duties(assistant.database))[0]


async def add_person(assistant: Assistant, phone: str, agency: Agency, role: Role) -> None:
    async with assistant.database.write() as session:
        await ensure_agencies(session, [agency])
        await add_contact(session, Contact(name="Mai Văn Tám", agency_code=agency.code, role=role, phone=phone, created_at=MONDAY))


async def test_request_of_a_duty_that_was_closed_meanwhile_is_not_granted(assistant: Assistant, code: str) -> None:
    await say(assistant, f"xin lùi {code} đến 20/01 vì chờ kinh phí")
    await say(assistant, f"đóng {code} văn bản đã rút", COORDINATOR)
    (request,) = await rows_of(assistant.database, Extension)
    assert "được bỏ khỏi danh sách" in await say(assistant, f"đồng ý GH{request.id}", COORDINATOR)
    duty = (await rows_of(assistant.database, Duty))[-1]
    assert (duty.outcome, duty.last_day) == (DutyOutcome.DROPPED, LAST_DAY)


async def test_request_of_an_agency_that_does_not_owe_the_duty_any_more_is_not_granted(assistant: Assistant, code: str) -> None:
    await say(assistant, f"xin lùi {code} đến 20/01 vì chờ kinh phí")
    await say(assistant, f"giao {code} cho STC", COORDINATOR)
    (request,) = await rows_of(assistant.database, Extension)
    await say(assistant, f"đồng ý GH{request.id}", COORDINATOR)
    duty = (await rows_of(assistant.database, Duty))[-1]
    assert (duty.agency_code, duty.last_day) == ("STC", LAST_DAY)


async def test_agency_that_took_a_duty_over_cannot_take_back_what_the_other_said(assistant: Assistant, code: str) -> None:
    await say(assistant, f"đang làm {code} 50%")
    (report,) = await rows_of(assistant.database, StatusReport)
    await say(assistant, f"giao {code} cho STC", COORDINATOR)
    await add_person(assistant, STRANGER_FOCAL_POINT, Agency(code="STC", name="Sở Tài chính"), Role.FOCAL_POINT)
    assert "cùng cơ quan" in await say(assistant, f"hoàn tác {report.id}", STRANGER_FOCAL_POINT)
    (report,) = await rows_of(assistant.database, StatusReport)
    assert report.undone_at is None


async def test_leaders_of_the_province_open_every_duty_and_answer_for_none(assistant: Assistant, code: str) -> None:
    await add_person(assistant, CHIEF, Agency(code="UBND", name="UBND tỉnh", kind="leadership"), Role.LEADER)
    replies = await speak_as(assistant, CHIEF, code, now=MONDAY)
    assert replies is not None and "Xây dựng kế hoạch" in replies[0].text
    assert f"xong {code}" not in commands(replies[0])
    for asked in (f"lịch sử {code}", f"vì sao nhắc {code}", f"tệp {code}"):
        assert "cơ quan khác" not in await say(assistant, asked, CHIEF)
        assert "Không có phần việc" not in await say(assistant, asked, CHIEF)
    assert "cơ quan khác" in await say(assistant, f"xong {code}", CHIEF)


async def test_leader_of_another_agency_sees_neither_a_duty_nor_its_history_and_files(assistant: Assistant, code: str) -> None:
    await add_person(assistant, STRANGER_FOCAL_POINT, Agency(code="STC", name="Sở Tài chính", kind="department"), Role.LEADER)
    for asked in (code, f"lịch sử {code}", f"vì sao nhắc {code}", f"tệp {code}", f"xong {code}"):
        assert "Xây dựng kế hoạch" not in await say(assistant, asked, STRANGER_FOCAL_POINT)


async def test_words_of_a_removed_person_are_forgotten_and_what_they_reported_stays(assistant: Assistant, code: str) -> None:
    await say(assistant, f"vướng {code} thiếu kinh phí, em Bình báo ạ")
    (report,) = await rows_of(assistant.database, StatusReport)
    assert report.contact_id is not None and report.words
    async with assistant.database.write() as session:
        await remove_contact(session, report.contact_id, name="người đã xoá dữ liệu", now=MONDAY)
    (report,) = await rows_of(assistant.database, StatusReport)
    assert report.words == "" and "thiếu kinh phí" in report.note


async def test_who_decides_and_who_answers_for_the_same_duty_wait_in_one_order(database: Database) -> None:
    (code,) = await _owing(database)
    async with database.write() as session:
        request = Extension(duty_id=int(code[2:]), asked_at=MONDAY, asked_day=LAST_DAY)
        number = (await add_extension(session, request)).id
    has_locked, decides = asyncio.Event(), asyncio.Event()

    async def answer() -> None:
        async with database.write() as session:
            await lock_duty(session, int(code[2:]))
            has_locked.set()
            await asyncio.sleep(0)
            await asyncio.wait([asyncio.ensure_future(decides.wait())], timeout=0.5)
            found = await session.get(Extension, number)
            assert found is not None
            found.state = ExtensionState.WITHDRAWN

    async def decide() -> ExtensionState:
        await has_locked.wait()
        async with database.write() as session:
            found = await lock_extension(session, number)
            assert found is not None
            await lock_duty(session, found.duty_id)
            decides.set()
            return found.state

    _, state = await asyncio.gather(answer(), decide())
    assert state is ExtensionState.WITHDRAWN


async def _owing(database: Database) -> list[str]:
    async with database.write() as session:
        await ensure_agencies(session, [Agency(code="SYT", name="Sở Y tế")])
    return await add_duties(database)
