"""Whole conversations, as people have them: the same on Telegram and on the web page, on both databases."""

from __future__ import annotations

import re

from db.audit import AuditEntry
from db.conversations import Inquiry
from db.inbox import InboxRow
from db.outbox import OutboxRow
from db.people import Contact
from tests.libraries import CORPUS
from tests.telegram_bot import rows_of
from tests.worlds import ADMIN, ASKED, COORDINATOR, FOCAL_POINT, FOLLOWED, LEADER, OTHER_COORDINATOR, PEOPLE, World


async def test_official_asks_asks_on_and_is_answered_with_source(every_world: World) -> None:
    world = every_world
    official = await world.linked(FOCAL_POINT, 101)
    answer = await official.write(ASKED)
    assert "65%" in answer and "mục I.1.a" in answer and "128/KH-UBND" in answer
    assert "65%" not in (await official.write(FOLLOWED)).split("\n")[0]
    assert official.buttons == ["2027", "📄 Nguyên văn", "📈 Lộ trình", "👍 Đúng", "👎 Chưa đúng"]
    assert "Không" in await official.write("chỉ tiêu phủ sóng 7G năm 2030?")


async def test_verdict_is_taken_once_and_its_buttons_go(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    (_, right), _ = official.shown()[-1].buttons[-1]
    message_id = official.shown()[-1].message_id
    assert "Cảm ơn" in await official.press("👍 Đúng")
    await world.until(lambda: official.buttons == ["2030", "📄 Nguyên văn", "📈 Lộ trình"])
    assert "không có gì thay đổi" in await official.tap(message_id, right)
    assert len(official.shown()) == official.seen


async def test_wrong_answer_reaches_every_coordinator_and_one_closes_it_for_all(every_world: World) -> None:
    world = every_world
    first, second = await world.linked(COORDINATOR, 103), await world.linked(OTHER_COORDINATOR, 104)
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    assert "báo cán bộ điều phối" in await official.press("Chưa đúng", replies=1)
    for coordinator in (first, second):
        report = await coordinator.replies(1)
        assert ASKED in report and "Trần Thị Bình (Sở Y tế)" in report and "mục I.1.a" in report and "65%" in report
    # The correction, as an answer to the prompt for it.
    prompt = official.shown()[-1].message_id
    assert "chuyển cán bộ điều phối" in await official.write("đúng ra là 70%, theo văn bản mới", reply_to=prompt)
    assert "70%" in await first.replies(1) and "70%" in await second.replies(1)
    await first.press("Đã xem xét")
    await world.until(lambda: all(not one.buttons for chat in (first, second) for one in chat.shown()))
    assert any("Đã xem xét: Phạm Thị Dung" in one.text for one in second.shown())
    assert "đã có người xem xét" in await second.write("đã xem 1")


async def test_code_links_once_as_link_or_text(world: World) -> None:
    admin = await world.linked(ADMIN, 105)
    offer = await admin.write("mời 0912 000 001")
    code = re.search(r"^[A-Z]{10}$", offer, re.MULTILINE)
    assert code
    assert "Trần Thị Bình" in await world.chat(106).write(f"/start {code[0]}")
    assert "không đúng, đã dùng hoặc đã hết hạn" in await world.chat(107).write(code[0].lower())


async def test_five_wrong_codes_end_the_trying(world: World) -> None:
    admin, guesser = await world.linked(ADMIN, 105), world.chat(108)
    offer = await admin.write("mời 0912000001")
    code = re.search(r"^[A-Z]{10}$", offer, re.MULTILINE)
    assert code
    for _ in range(5):
        assert "không đúng" in await guesser.write("CDFGHJKLMN")
    assert "nhiều lần" in await guesser.write(code[0])
    assert "Trần Thị Bình" in await world.chat(109).write(code[0])


async def test_phone_links_only_who_is_listed(world: World) -> None:
    unknown = world.chat(111)
    assert "chưa có trong danh sách" in await unknown.share_phone("0999999999")
    owner = await world.linked(FOCAL_POINT, 112)
    # A second account of the same person takes the place of the first, which is told.
    await world.linked(FOCAL_POINT, 113)
    assert "không còn liên kết" in await owner.replies(1)
    assert "chưa liên kết" in await owner.write("/toi")


async def test_set_up_code_makes_the_first_administrator_and_no_second(world: World) -> None:
    first, second = world.chat(114), world.chat(115)
    assert "quản trị viên" in await first.write("mot-ma-quan-tri-du-dai")
    assert "không đúng" in await second.write("mot-ma-quan-tri-du-dai")


async def test_set_up_code_raises_whoever_is_linked_and_is_nobodys_question(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    assert "quản trị viên" in await official.write("mot-ma-quan-tri-du-dai")
    assert await rows_of(world.database, Inquiry) == []
    assert "Mã mời" in await official.write(f"mời {ADMIN}")


async def test_first_administrator_who_is_on_the_list_is_one_person(world: World) -> None:
    first = world.chat(114)
    await first.write("mot-ma-quan-tri-du-dai")
    assert "quản trị viên" in await first.share_phone(COORDINATOR)
    people = [one for one in await rows_of(world.database, Contact) if one.removed_at is None]
    assert len(people) == len(PEOPLE)


async def test_set_up_code_stays_spent_whatever_becomes_of_who_spent_it(world: World) -> None:
    first, stranger = world.chat(114), world.chat(115)
    await first.write("mot-ma-quan-tri-du-dai")
    await first.share_phone(COORDINATOR)
    await world.linked(ADMIN, 105)
    await first.write("xoá tôi chắc chắn")
    assert "không đúng" in await stranger.write("mot-ma-quan-tri-du-dai")


async def test_removing_ones_data_gives_no_new_tries(world: World) -> None:
    guesser = world.chat(108)
    for _ in range(5):
        await guesser.write("CDFGHJKLMN")
    assert "Đã xoá" in await guesser.write("xoá tôi chắc chắn")
    assert "nhiều lần" in await guesser.write("CDFGHJKLMN")


async def test_report_forgets_whom_it_was_from_when_they_are_removed(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    await official.press("Chưa đúng", replies=1)
    await coordinator.replies(1)
    await official.write("xoá tôi chắc chắn")
    await coordinator.replies(1)
    assert not any(ASKED in one.message.text for one in await rows_of(world.database, OutboxRow))
    # Nobody else's question gets the number that stands on its button.
    other = await world.linked(LEADER, 116)
    await other.write(ASKED)
    assert [one.id for one in await rows_of(world.database, Inquiry)] == [2]


async def test_second_thought_keeps_everything_and_takes_the_button_away(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("xoá tôi")
    assert "vẫn như cũ" in await official.press("Không xoá", replies=1)
    await world.until(lambda: not any(one.buttons for one in official.shown()))
    assert "Trần Thị Bình" in await official.write("/toi")


async def test_new_code_ends_the_one_before(world: World) -> None:
    admin = await world.linked(ADMIN, 105)
    codes = [re.findall(r"^[A-Z]{10}$", await admin.write(f"mời {FOCAL_POINT}"), re.MULTILINE)[0] for _ in range(2)]
    invited = world.chat(106)
    assert "không đúng, đã dùng hoặc đã hết hạn" in await invited.write(codes[0])
    assert "Trần Thị Bình" in await invited.write(f"lienket {codes[1][:5]} {codes[1][5:].lower()}")


async def test_late_correction_opens_a_report_again(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    await official.press("Chưa đúng", replies=1)
    await coordinator.replies(1)
    await coordinator.press("Đã xem xét")
    await official.write("sai 1 phải là 70%")
    assert "70%" in await coordinator.replies(1)
    assert "xem xét báo cáo này" in await coordinator.press("Đã xem xét")


async def test_answer_that_nothing_was_found_can_be_reported_too(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write("giá vàng hôm nay bao nhiêu?")
    assert official.buttons == ["👎 Chưa đúng"]
    await official.press("Chưa đúng", replies=1)
    assert "giá vàng" in await coordinator.replies(1)
    await official.write("cảm ơn em")
    assert official.buttons == []


async def test_role_and_agency_decide_and_leave_an_audit_row(world: World) -> None:
    leader, official = await world.linked(LEADER, 116), await world.linked(FOCAL_POINT, 101)
    assert "không thuộc quyền" in await official.write("mời 0912000002")
    assert "không thuộc quyền" in await leader.write(f"mời {COORDINATOR}")
    assert "Mã mời cho Trần Thị Bình" in await leader.write(f"mời {FOCAL_POINT}")
    entries = [(one.action, one.is_allowed) for one in await rows_of(world.database, AuditEntry) if one.action == "invite"]
    assert entries == [("invite", False), ("invite", False), ("invite", True)]


async def test_original_file_comes_byte_for_byte(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    listed = await official.write("/vanban")
    assert "Kế hoạch số 128/KH-UBND" in listed
    number = re.search(r"^(\d+)\. Kế hoạch số 128", listed, re.MULTILINE)
    assert number
    await official.press(f"Tệp {number[1]}", replies=1)
    assert await official.file() == ("ke-hoach-128-KH-UBND.txt", (CORPUS / "ke-hoach-128-KH-UBND.txt").read_bytes())


async def test_mistyped_command_gets_the_nearest_to_tap(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    assert "/vanban" in await official.write("/vanbn")
    assert "Văn bản đang có" in await official.press("/vanban", replies=1)
    assert "/trogiup" in await official.write("/abcxyz")


async def test_own_data_is_shown_and_removed_with_everything_said(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    shown = await official.write("/toi")
    assert "Trần Thị Bình" in shown and FOCAL_POINT in shown and "đánh giá: 1;" in shown
    assert "không khôi phục được" in await official.press("Xoá dữ liệu của tôi", replies=1)
    assert "Đã xoá dữ liệu cá nhân" in await official.press("Xoá dữ liệu của tôi", replies=1)
    assert "Trần Thị Bình" in await coordinator.replies(1)
    removed = [one for one in await rows_of(world.database, Contact) if one.removed_at]
    heard = [one for one in await rows_of(world.database, InboxRow) if one.sender.endswith("101")]
    assert [(one.name, one.phone, one.agency_code) for one in removed] == [("đã xoá", None, "SYT")]
    assert all(one.payload == {} for one in heard)
