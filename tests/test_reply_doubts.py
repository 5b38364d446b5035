"""Replies that cannot be taken as they are: two things in one, numbers and days that do not exist, people who may not report."""

from __future__ import annotations

import datetime as dt

import pytest

from db.audit import AuditEntry
from db.duties import DutyState
from db.nudges import NudgeState, list_nudges
from db.people import Contact, Role, add_contact
from handlers.call import SPOKEN, Assistant, Incoming
from handlers.dispatch import dispatch
from handlers.replies.words import read_reply
from tests.duties import MONDAY, add_duties, give_accounts, remind
from tests.speaking import commands
from tests.telegram_bot import rows_of
from tests.test_replies import code, duty, reports, say
from tests.worlds import COORDINATOR, FOCAL_POINT

__all__ = ["code"]


async def test_two_things_in_one_are_asked_one_by_one(assistant: Assistant) -> None:
    first, second = await add_duties(assistant.database, 2)
    asked = await say(assistant, f"nop r a, con viec {second.lower()} thi chua")
    assert "việc nào" in asked.text and commands(asked) == [f"xong {first}", f"chưa làm {second}"]
    assert await reports(assistant) == []
    # So they are where it was just asked which duty is meant.
    await say(assistant, "xong rồi ạ")
    assert "việc nào đã xong" in (await say(assistant, f"xong rồi, còn {second} thì chưa")).text
    assert "từng phần việc" in (await say(assistant, f"xong {first}, còn {second} thì chưa")).text
    assert await reports(assistant) == []


def test_question_about_one_duty_is_not_two_things() -> None:
    for text in ("PV12 xong chưa", "còn PV12 thì chưa?", "nộp rồi, còn gì ở PV12 chưa?", "PV12 còn việc gì chưa"):
        assert not read_reply(text, MONDAY.date()).is_mixed, text


@pytest.mark.parametrize("typed", ["100", "100%", "đạt 100%", "đang làm PV{} 100%"])
async def test_under_way_to_the_full_is_asked_whether_it_is_done(assistant: Assistant, code: str, typed: str) -> None:
    await say(assistant, f"đang làm {code}")
    asked = await say(assistant, typed.format(code[2:]))
    assert commands(asked) == [f"xong {code}", f"vẫn đang làm {code} 100%"] and await reports(assistant) == []
    assert "Tiến độ: 100%" in (await say(assistant, commands(asked)[1])).text
    assert (await duty(assistant)).state is DutyState.OPEN
    asked = await say(assistant, f"đang làm {code} 100%")
    assert "Hoàn thành" in (await say(assistant, "xong rồi")).text


@pytest.mark.parametrize(
    ("typed", "wrong", "then", "recorded"),
    [
        ("{} dang lam 150%", "150%", "60", "Tiến độ: 60%"),
        ("xin lui {} den 30/02", "30/02", "20/01", "Xin đến hết ngày 20/01/2026"),
        ("xin lùi {} đến 15/13", "15/13", "20/01", "Xin đến hết ngày 20/01/2026"),
        ("đang làm {}, xong 31/04", "31/04", "10/01", "Hẹn xong: 10/01/2026"),
        ("xong {} 30/02", "30/02", "10/01", "Hẹn xong: 10/01/2026"),
    ],
)
async def test_what_does_not_exist_is_said_and_asked_again(
    assistant: Assistant, code: str, typed: str, wrong: str, then: str, recorded: str
) -> None:
    asked = await say(assistant, typed.format(code))
    assert f"Không có {'ngày ' if '/' in wrong else 'mức '}{wrong}" in asked.text and await reports(assistant) == []
    # The same again is said again.
    assert wrong in (await say(assistant, wrong)).text
    assert recorded in (await say(assistant, then)).text


async def test_former_agency_is_told_who_has_the_duty_now(assistant: Assistant, code: str) -> None:
    await say(assistant, f"giao {code} cho STC", COORDINATOR, now=MONDAY + dt.timedelta(days=2))
    for text in (f"xong {code}", f"vì sao nhắc {code}", code):
        assert f"{code} đã giao cho Sở Tài chính ngày 07/01/2026" in (await say(assistant, text)).text, text
    other = (await add_duties(assistant.database, agency="SKHCN"))[0]
    assert "đã giao cho" not in (await say(assistant, f"xong {other}")).text


async def test_closed_duty_offers_no_why_unless_it_was_reminded_of(assistant: Assistant, code: str) -> None:
    _, second = await add_duties(assistant.database, 2, last_day=dt.date(2026, 3, 2))
    await give_accounts(assistant.database, [FOCAL_POINT])
    await remind(assistant.database, MONDAY + dt.timedelta(days=2))
    async with assistant.database.write() as session:
        for nudge in await list_nudges(session, [int(code[2:]), int(second[2:])]):
            nudge.state = NudgeState.SENT
    for one, is_offered in ((code, True), (second, False)):
        assert f"vì sao nhắc {one}" in commands(await say(assistant, one))
        await say(assistant, f"xong {one}")
        assert (f"vì sao nhắc {one}" in commands(await say(assistant, one))) == is_offered


async def test_report_with_a_refused_file_is_recorded_and_says_so(assistant: Assistant, code: str) -> None:
    for text, is_recorded in ((f"vướng {code} thiếu kinh phí", True), (f"đang làm {code}", False), ("/viec", False)):
        incoming = Incoming(channel=SPOKEN, bot_id="", user_id="1", chat_id="1", text=text, contact_id=1, refused=("không nhận tệp nén",))
        said = (await dispatch(assistant, incoming, now=MONDAY)).replies[-1].text
        assert "không nhận tệp nén" in said and ("Báo cáo đã ghi nhận; tệp chưa nhận được" in said) == is_recorded


async def test_who_may_not_report_is_told_who_may(assistant: Assistant, code: str) -> None:
    phone = "0912000077"
    async with assistant.database.write() as session:
        await add_contact(session, Contact(name="Đinh Văn Hải", agency_code="SYT", role=Role.OFFICIAL, phone=phone, created_at=MONDAY))
    said = (await say(assistant, f"xong {code}", phone)).text
    assert "đầu mối và lãnh đạo" in said and "Trần Thị Bình" not in said and await reports(assistant) == []
    assert "đầu mối và lãnh đạo" not in (await say(assistant, f"{code} xong chưa?", phone)).text
    assert "đầu mối và lãnh đạo" not in (await say(assistant, "xong rồi", phone)).text
    assert [(one.action, one.is_allowed) for one in await rows_of(assistant.database, AuditEntry)][-1:] == [("reply", False)]


async def test_whether_it_is_done_is_answered_with_how_duties_stand(assistant: Assistant) -> None:
    first, second = await add_duties(assistant.database, 2)
    for text in ("xong chưa?", "đã xong chưa", "da nop chua a?"):
        assert "2 đang mở" in (await say(assistant, text)).text, text
    assert f"{second} · Sở Y tế" in (await say(assistant, f"{second} xong chưa?")).text
    # Where it was asked which duty is done, a question is no answer.
    await say(assistant, "xong rồi ạ")
    assert "Trả lời lời nhắc: đang chờ" in (await say(assistant, f"{first} xong chưa?")).text
    assert "2 đang mở" in (await say(assistant, "xong chưa?")).text and await reports(assistant) == []
    for question in ("chỉ tiêu 5G xong chưa?", "Sở Nội vụ nộp báo cáo chưa"):
        assert "đang mở" not in (await say(assistant, question)).text


async def test_whether_it_is_done_stays_a_question_for_who_has_no_duties(assistant: Assistant) -> None:
    assert "đang mở" not in (await say(assistant, "xong chưa?")).text


async def test_picture_letters_alone_are_no_text(assistant: Assistant, code: str) -> None:
    await say(assistant, "chi tieu phu song 5g nam 2027?")
    for text in ("😀", "👍👍", "❤️ !"):
        assert "chỉ đọc được tin nhắn chữ" in (await say(assistant, text)).text
    await say(assistant, f"vướng {code}")
    said = (await say(assistant, "😀")).text
    assert "chỉ đọc được" in said and "đang chờ" in said and await reports(assistant) == []


@pytest.mark.parametrize(
    ("text", "meaning"), [("xong 3/20 việc", "in_progress"), ("xong 1/2 viec", "in_progress"), ("xong 20/20 việc", "done")]
)
def test_share_of_several_is_no_day_and_only_all_of_them_are_done(text: str, meaning: str) -> None:
    reply = read_reply(text, MONDAY.date())
    assert (reply.meaning, reply.day) == (meaning, None)
