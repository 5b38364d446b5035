"""Replies about duties, spoken without a channel: what is recorded, said back, taken back, asked, and left a question."""

from __future__ import annotations

import datetime as dt

import pytest

from db.duties import Awaited, Duty, DutyOutcome, DutyState, Pause
from db.messages import Message
from db.nudges import Escalation
from db.outbox import OutboxRow
from db.reports import DutyChange, Extension, ExtensionState, Status, StatusReport
from handlers.call import Assistant
from handlers.people import remove_by_phone, speak_as
from tests.duties import COLLEAGUE, MONDAY, add_colleague, add_duties, give_accounts, remind
from tests.speaking import commands
from tests.telegram_bot import rows_of
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER, OTHER_COORDINATOR


async def say(assistant: Assistant, text: str, phone: str = FOCAL_POINT, *, now: dt.datetime = MONDAY) -> Message:
    replies = await speak_as(assistant, phone, text, now=now)
    assert replies is not None and len(replies) == 1, replies
    return replies[0]


async def duty(assistant: Assistant) -> Duty:
    return (await rows_of(assistant.database, Duty))[-1]


async def reports(assistant: Assistant) -> list[StatusReport]:
    return await rows_of(assistant.database, StatusReport)


async def told(assistant: Assistant) -> list[str]:
    """What was sent to others, as «chat: words»."""
    return [f"{one.recipient}: {one.message.text}" for one in await rows_of(assistant.database, OutboxRow) if one.edits is None]


@pytest.fixture
async def code(assistant: Assistant) -> str:
    """One open duty of the focal point's agency, due on 14 January."""
    return (await add_duties(assistant.database))[0]


async def test_done_closes_at_once_and_is_said_back(assistant: Assistant, code: str) -> None:
    reply = await say(assistant, f"xong {code}")
    assert "Hoàn thành" in reply.text and code in reply.text and "đúng hạn" in reply.text
    assert (await duty(assistant)).outcome is DutyOutcome.DONE
    assert [(one.status, one.words) for one in await reports(assistant)] == [(Status.DONE, f"xong {code}")]


async def test_only_open_duty_is_meant_where_none_is_named(assistant: Assistant, code: str) -> None:
    assert code in (await say(assistant, "nop r a")).text
    assert (await duty(assistant)).state is DutyState.CLOSED


async def test_one_tap_takes_a_report_back_and_its_row_stays(assistant: Assistant, code: str) -> None:
    reply = await say(assistant, "em nộp rồi mà")
    undo = commands(reply)[-1]
    assert undo.startswith("hoàn tác")
    undone = await say(assistant, undo)
    assert "Đã hoàn tác" in undone.text and f"xong {code}" in commands(undone)
    assert (await duty(assistant)).state is DutyState.OPEN
    assert [one.undone_at is not None for one in await reports(assistant)] == [True]
    assert "trước đó" in (await say(assistant, undo)).text


async def test_report_is_taken_back_within_a_day_and_by_its_agency_only(assistant: Assistant, code: str) -> None:
    undo = commands(await say(assistant, f"xong {code}"))[-1]
    assert "cùng cơ quan" in (await say(assistant, undo, COORDINATOR)).text
    assert "24 giờ" in (await say(assistant, undo, now=MONDAY + dt.timedelta(hours=25))).text
    assert "Đã hoàn tác" in (await say(assistant, undo, LEADER)).text


async def test_chain_of_an_overdue_duty_goes_on_where_it_was_when_done_is_taken_back(assistant: Assistant, code: str) -> None:
    await give_accounts(assistant.database, [FOCAL_POINT])
    late = MONDAY + dt.timedelta(days=14)
    await remind(assistant.database, late)
    assert [one.position for one in await rows_of(assistant.database, Escalation)] == [2]
    await say(assistant, commands(await say(assistant, f"xong {code}", now=late))[-1], now=late + dt.timedelta(minutes=1))
    assert [(one.position, one.ended_at) for one in await rows_of(assistant.database, Escalation)] == [(2, None)]


async def test_promise_pauses_reminders_until_that_day(assistant: Assistant, code: str) -> None:
    reply = await say(assistant, "đang làm, xong 12/01")
    assert "Hẹn xong: 12/01/2026" in reply.text
    found = await duty(assistant)
    assert (found.pause, found.paused_until) == (Pause.PROMISE, dt.date(2026, 1, 12))
    await say(assistant, commands(reply)[-1])
    assert (await duty(assistant)).paused_until is None


async def test_earlier_promise_counts_again_when_a_later_report_is_taken_back(assistant: Assistant, code: str) -> None:
    await say(assistant, "đang làm, xong 12/01")
    await say(assistant, commands(await say(assistant, f"xong {code}"))[-1])
    assert (await duty(assistant)).paused_until == dt.date(2026, 1, 12)


async def test_coordinator_hears_of_a_promise_after_the_last_day(assistant: Assistant, code: str) -> None:
    await give_accounts(assistant.database, [COORDINATOR])
    assert "Phạm Thị Dung" in (await say(assistant, "đang làm, xong 20/01")).text
    assert any("Hẹn xong sau hạn" in one for one in await told(assistant))


async def test_day_that_has_just_passed_is_asked_again(assistant: Assistant, code: str) -> None:
    reply = await say(assistant, "đang làm, xong 02/01")
    assert "02/01/2026 đã qua" in reply.text
    assert await reports(assistant) == []
    assert "Hẹn xong: 09/01/2026" in (await say(assistant, "thứ 6")).text


async def test_how_far_is_asked_by_buttons_and_may_be_typed(assistant: Assistant, code: str) -> None:
    asked = await say(assistant, f"đang làm {code}")
    assert f"đang làm {code} 50%" in commands(asked) and await reports(assistant) == []
    assert "Tiến độ: 60%" in (await say(assistant, "60")).text
    assert "Tiến độ: 75%" in (await say(assistant, f"đang làm {code} 75%")).text
    assert "Tiến độ" not in (await say(assistant, commands(asked)[-1])).text
    assert [one.percent for one in await reports(assistant)] == [60, 75, None]


async def test_obstacle_is_asked_for_and_reaches_the_coordinators(assistant: Assistant, code: str) -> None:
    await give_accounts(assistant.database, [COORDINATOR, OTHER_COORDINATOR])
    assert "vướng gì" in (await say(assistant, f"vướng {code}")).text
    reply = await say(assistant, "thiếu kinh phí, chờ Sở Tài chính")
    assert "Đã báo điều phối: Phạm Thị Dung, Võ Văn Em" in reply.text
    assert [one.note for one in await reports(assistant)] == ["thiếu kinh phí, chờ Sở Tài chính"]
    assert sum("thiếu kinh phí" in one and "Sở Y tế" in one for one in await told(assistant)) == 2


async def test_question_in_the_middle_is_answered_and_the_reply_still_expected(assistant: Assistant, code: str) -> None:
    await say(assistant, f"vướng {code}")
    answer = await say(assistant, "chi tieu phu song 5g nam 2027?")
    assert "5G" in answer.text and f"{code}: đang chờ anh/chị cho biết vướng gì" in answer.text
    assert await reports(assistant) == []
    assert "Vướng mắc" in (await say(assistant, "chưa có hướng dẫn của Bộ")).text
    assert "đang chờ" not in (await say(assistant, "chi tieu phu song 5g nam 2027?")).text


async def test_several_open_duties_are_a_choice_that_keeps_what_was_said(assistant: Assistant) -> None:
    first, second = await add_duties(assistant.database, 2)
    asked = await say(assistant, "xong rồi ạ")
    assert commands(asked) == [f"về {first}", f"về {second}"]
    reply = await say(assistant, f"về {second}")
    assert second in reply.text and "Hoàn thành" in reply.text
    assert [one.words for one in await reports(assistant)] == ["xong rồi ạ"]


async def test_what_was_done_is_asked_about_where_it_is_told_in_other_words(assistant: Assistant, code: str) -> None:
    asked = await say(assistant, "đã hoàn thành việc xây dựng kế hoạch của ngành, lãnh đạo sở đã ký")
    assert commands(asked)[0] == f"xong {code}" and await reports(assistant) == []
    assert "không có gì thay đổi" in (await say(assistant, f"thôi {code}")).text


async def test_choice_may_be_typed(assistant: Assistant) -> None:
    _, second = await add_duties(assistant.database, 2)
    await say(assistant, "đang làm 60%")
    assert f"Đang làm · {second}" in (await say(assistant, second)).text


async def test_two_codes_are_two_reports(assistant: Assistant) -> None:
    first, second = await add_duties(assistant.database, 2)
    replies = await speak_as(assistant, FOCAL_POINT, f"xong {first}, {second}", now=MONDAY)
    assert replies is not None and [first in replies[0].text, second in replies[1].text] == [True, True]
    assert [one.state for one in (await rows_of(assistant.database, Duty))[-2:]] == [DutyState.CLOSED] * 2


async def test_what_is_unclear_is_asked_once_and_then_dropped(assistant: Assistant, code: str) -> None:
    asked = await say(assistant, f"{code} chưa xong")
    assert commands(asked)[:2] == [f"đang làm {code}", f"chưa làm {code}"]
    assert "chưa ghi nhận gì" in (await say(assistant, "tùy")).text
    assert "chưa ghi nhận" not in (await say(assistant, "tùy")).text
    assert await reports(assistant) == []


@pytest.mark.parametrize(
    "question",
    [
        "xong PV1 là gì?",
        "tiến độ hoàn thành 5G?",
        "bao giờ phải nộp?",
        "chỉ tiêu 5g 2030?",
        "hoàn thành chỉ tiêu 5G năm 2030",
        "nhiệm vụ đang thực hiện",
        "ok",
        "60%",
    ],
)
async def test_question_stays_a_question_for_who_has_duties(assistant: Assistant, code: str, question: str) -> None:
    answer = await say(assistant, question)
    assert "Đã ghi nhận" not in answer.text and "PV" not in answer.text
    assert await reports(assistant) == [] and (await duty(assistant)).state is DutyState.OPEN


async def test_nobody_without_duties_reports_by_chance(assistant: Assistant) -> None:
    for text in ("xong rồi", "đang làm 60%", "vướng kinh phí"):
        assert "Đã ghi nhận" not in (await say(assistant, text)).text
    assert await reports(assistant) == []


async def test_extension_is_asked_for_and_granted(assistant: Assistant, code: str) -> None:
    await give_accounts(assistant.database, [FOCAL_POINT, COORDINATOR, OTHER_COORDINATOR])
    reply = await say(assistant, "xin lui den 20/01 vi cho Bo huong dan")
    assert "Xin đến hết ngày 20/01/2026" in reply.text and "Lý do: cho Bo huong dan" in reply.text
    assert (await duty(assistant)).awaits is Awaited.EXTENSION and (await duty(assistant)).remind_at is None
    asked = next(one for one in await rows_of(assistant.database, OutboxRow) if one.topic == "extension:1")
    assert commands(asked.message)[:3] == ["đồng ý GH1", "từ chối GH1", "ngày khác GH1"]
    # Whoever opens the duty may decide there, too.
    assert "đồng ý GH1" in commands(await say(assistant, code, OTHER_COORDINATOR))
    assert "đồng ý GH1" not in commands(await say(assistant, code))
    assert "đã đồng ý đến 20/01/2026" in (await say(assistant, "đồng ý GH1", COORDINATOR)).text
    found = await duty(assistant)
    assert (found.last_day, found.awaits) == (dt.date(2026, 1, 20), None) and found.remind_at is not None
    assert any(one.startswith(FOCAL_POINT) and "Hạn mới: hết ngày 20/01/2026" in one for one in await told(assistant))
    # The first who decides counts; the second is told who it was.
    assert "Phạm Thị Dung đã đồng ý" in (await say(assistant, "từ chối GH1 không cần", OTHER_COORDINATOR)).text
    for row in await rows_of(assistant.database, OutboxRow):
        assert row.topic != "extension:1" or commands(row.message) == [code]


@pytest.mark.parametrize(
    ("done", "state"), [("đổi hạn {} 25/01/2026", ExtensionState.GRANTED), ("đóng {} không cần nữa", ExtensionState.WITHDRAWN)]
)
async def test_what_is_done_otherwise_settles_what_was_asked(assistant: Assistant, code: str, done: str, state: ExtensionState) -> None:
    await say(assistant, "xin lui den 20/01 vi cho Bo huong dan")
    await say(assistant, done.format(code), COORDINATOR)
    [asked] = await rows_of(assistant.database, Extension)
    assert (asked.state, (await duty(assistant)).awaits) == (state, None)
    assert (await say(assistant, "đồng ý GH1", COORDINATOR)).text.startswith(("GH1: Phạm Thị Dung đã đồng ý", f"{code} đã được bỏ"))


async def test_extension_is_refused_with_a_reason_or_given_another_day(assistant: Assistant) -> None:
    first, second = await add_duties(assistant.database, 2)
    await give_accounts(assistant.database, [FOCAL_POINT])
    await say(assistant, f"xin gia hạn {first} thêm 1 tuần")
    await say(assistant, f"xin gia hạn {second} đến 31/01")
    assert "Lý do từ chối" in (await say(assistant, "từ chối GH1", COORDINATOR)).text
    assert "đã từ chối" in (await say(assistant, "hạn do Tỉnh uỷ giao", COORDINATOR)).text
    assert "ngày nào" in (await say(assistant, "ngày khác GH2", COORDINATOR)).text
    assert "không muộn hơn hạn" in (await say(assistant, "10/01", COORDINATOR)).text
    assert "đến 25/01/2026" in (await say(assistant, "25/01", COORDINATOR)).text
    states = [(one.state, one.asked_day, one.granted_day, one.answer) for one in await rows_of(assistant.database, Extension)]
    assert states == [
        (ExtensionState.REFUSED, dt.date(2026, 1, 21), None, "hạn do Tỉnh uỷ giao"),
        (ExtensionState.GRANTED, dt.date(2026, 1, 31), dt.date(2026, 1, 25), ""),
    ]
    assert any("Không đồng ý" in one and "hạn do Tỉnh uỷ giao" in one for one in await told(assistant))


async def test_extension_is_offered_by_days_and_can_be_withdrawn(assistant: Assistant, code: str) -> None:
    asked = await say(assistant, f"xin gia hạn {code}")
    assert commands(asked) == [f"xin gia hạn {code} đến {day}/01/2026" for day in (17, 21, 28)]
    assert "không muộn hơn hạn" in (await say(assistant, "10/01")).text
    reply = await say(assistant, "21/01 vì chưa có số liệu")
    assert "Lý do: chưa có số liệu" in reply.text
    assert "Đã hoàn tác" in (await say(assistant, commands(reply)[-1])).text
    assert (await duty(assistant)).awaits is None
    assert "đã rút" in (await say(assistant, "đồng ý GH1", COORDINATOR)).text


async def test_not_ours_is_confirmed_and_given_back_with_a_reason(assistant: Assistant, code: str) -> None:
    await give_accounts(assistant.database, [FOCAL_POINT, COORDINATOR])
    asked = await say(assistant, "k phải việc của sở")
    assert commands(asked)[0] == f"xác nhận không phải việc {code}" and await reports(assistant) == []
    assert "Đã báo điều phối" in (await say(assistant, commands(asked)[0])).text
    assert (await duty(assistant)).awaits is Awaited.OWNER
    assert "Vì sao" in (await say(assistant, f"trả lại {code}", COORDINATOR)).text
    await say(assistant, "đã phân công tại Kế hoạch 12", COORDINATOR)
    assert (await duty(assistant)).awaits is None
    assert "trả lại cơ quan – đã phân công tại Kế hoạch 12" in (await say(assistant, code)).text
    assert any(one.startswith(FOCAL_POINT) and "đã phân công tại Kế hoạch 12" in one for one in await told(assistant))


async def test_name_of_who_answered_goes_with_them(assistant: Assistant, code: str) -> None:
    await give_accounts(assistant.database, [FOCAL_POINT, COORDINATOR])
    await say(assistant, f"vướng {code} thiếu kinh phí")
    await say(assistant, "xin lùi đến 20/01")
    await say(assistant, "đồng ý GH1", COORDINATOR)
    assert any("Trần Thị Bình" in one for one in await told(assistant))
    await remove_by_phone(assistant.database, FOCAL_POINT, now=MONDAY)
    await remove_by_phone(assistant.database, COORDINATOR, now=MONDAY)
    assert not any("Trần Thị Bình" in one or "Phạm Thị Dung" in one for one in await told(assistant))
    assert "Báo cáo mới nhất: vướng mắc – thiếu kinh phí (đã xoá" in (await say(assistant, code, LEADER)).text


async def test_duty_is_handed_to_a_colleague_who_is_told(assistant: Assistant, code: str) -> None:
    colleague = await add_colleague(assistant.database)
    await give_accounts(assistant.database, [COLLEAGUE])
    asked = await say(assistant, "bàn giao cho người khác")
    assert f"bàn giao {code} cho #{colleague}" in commands(asked)
    assert "không thấy" in (await say(assistant, "anh Tèo")).text.lower()
    assert "Bàn giao cho Ngô Thị Hạnh" in (await say(assistant, "chị Hạnh")).text
    assert (await duty(assistant)).assignee_id == colleague
    assert any(one.startswith(COLLEAGUE) and "do Trần Thị Bình bàn giao" in one for one in await told(assistant))
    assert "Tất cả đầu mối" in str((await say(assistant, f"bàn giao {code}")).actions)


async def test_snooze_needs_a_reason_and_ends_by_the_last_day(assistant: Assistant, code: str) -> None:
    assert "Vì sao" in (await say(assistant, f"hoãn nhắc {code} đến 12/01")).text
    assert "Hoãn nhắc đến hết 12/01/2026" in (await say(assistant, "lãnh đạo đi công tác")).text
    assert (await duty(assistant)).pause is Pause.SNOOZE
    assert "quá hạn" in (await say(assistant, f"hoãn nhắc {code} đến 18/01 vì bận")).text
    assert "Nhắc lại bình thường" in (await say(assistant, f"nhắc lại {code}")).text
    assert (await duty(assistant)).paused_until is None
    assert [one.reason for one in await rows_of(assistant.database, DutyChange)][1] == "lãnh đạo đi công tác"


async def test_wrong_codes_are_answered_with_what_to_do(assistant: Assistant, code: str) -> None:
    other = (await add_duties(assistant.database, agency="SKHCN"))[0]
    assert "cơ quan khác" in (await say(assistant, f"xong {other}")).text
    assert "Không có phần việc PV999" in (await say(assistant, "xong PV999")).text
    assert "Không có phần việc PV998" in (await say(assistant, "xong 998")).text
    await say(assistant, f"xong {code}")
    assert "đã hoàn thành" in (await say(assistant, f"đang làm {code} 50%")).text
    assert "Hoàn thành" in (await say(assistant, f"xong {other}", COORDINATOR)).text


async def test_card_shows_the_duty_and_its_history(assistant: Assistant, code: str) -> None:
    for share in (10, 20, 30, 40, 50, 60):
        await say(assistant, f"đang làm {code} {share}%")
    card = await say(assistant, code)
    assert "trước ngày 15/01/2026" in card.text and "Báo cáo mới nhất: đang làm 60%" in card.text and "việc trước đó" in card.text
    assert f"xong {code}" in commands(card)
    history = await say(assistant, f"lịch sử {code}")
    assert "đang làm 10%" in history.text and "xác nhận phần việc" in history.text
    assert "cơ quan khác" in (await say(assistant, (await add_duties(assistant.database, agency="SKHCN"))[0])).text


async def test_list_shows_the_own_agency_or_for_a_coordinator_all(assistant: Assistant) -> None:
    await add_duties(assistant.database, 8)
    await add_duties(assistant.database, 1, agency="SKHCN", last_day=dt.date(2026, 1, 2))
    own = await say(assistant, "/viec")
    assert "8 đang mở" in own.text and "Sở Khoa học" not in own.text and "/viec trang 2" in commands(own)
    everything = await say(assistant, "/viec", COORDINATOR)
    assert "9 đang mở, 1 quá hạn" in everything.text and everything.text.index("Sở Khoa học") < everything.text.index("Sở Y tế")
    assert "9 đang mở" in (await say(assistant, "/viec", ADMIN)).text


async def test_why_somebody_was_reminded_or_not_is_told(assistant: Assistant, code: str) -> None:
    await add_colleague(assistant.database)
    await give_accounts(assistant.database, [FOCAL_POINT])
    assert await remind(assistant.database, MONDAY + dt.timedelta(days=2)) == 1
    said = (await say(assistant, f"vì sao {code} không nhắc", now=MONDAY + dt.timedelta(days=2))).text
    assert "Trần Thị Bình" in said and "mốc trước hạn 7 ngày: đang chờ gửi" in said
    assert "không gửi, vì chưa liên kết tài khoản" in said and "Lời nhắc tiếp theo" in said
