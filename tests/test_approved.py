"""Questions without an answer looked at, an answer approved for one, and who gets it from then on."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from pathlib import Path
from typing import Any

from db.approved import ApprovedAnswer
from db.audit import AuditEntry
from db.conversations import Inquiry
from db.engine import open_database
from db.outbox import OutboxRow
from handlers.documents import take_in
from knowledge.ingest import Limits
from tests.telegram_bot import rows_of
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER, OTHER_COORDINATOR, TelegramWorld, World

ASKED = "Năm 2026 mỗi xã bắt buộc lắp mấy chỗ phát wifi không tốn tiền?"
SAME = "moi xa phai lap may cho phat wifi khong ton tien trong nam 2026 vay ad"
OTHER_YEAR = "Năm 2027 mỗi xã bắt buộc lắp mấy chỗ phát wifi không tốn tiền?"
ANSWER = "Riêng năm 2026, mỗi xã có ít nhất 01 điểm wifi miễn phí cho người dân"
CITED = "trưởng thôn có được học lớp gì không?"
LIMITS = Limits(max_bytes=10_000_000, max_pages=200)


async def test_question_without_answer_is_listed_answered_approved_and_then_met(every_world: World) -> None:
    world = every_world
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    assert "Không tìm thấy" in await official.write(ASKED)
    await official.write(ASKED.lower())
    listed = await admin.write("/canxem")
    assert "cần xem" in listed and ASKED.lower() in listed and "2 lần" in listed and "Sở Y tế" in listed
    await admin.press("1")
    await world.until(lambda: "Trợ lý đã trả lời" in admin.shown()[-1].text)
    assert "Trần Thị Bình" not in admin.shown()[-1].text
    assert "Reply" in await admin.press("Soạn câu trả lời", replies=1)
    prompt = admin.shown()[-1].message_id
    # The text first, without a source; then only the source.
    assert "cần một nguồn" in await admin.write(ANSWER, reply_to=prompt)
    preview = await admin.write("KH 128 mục I.3")
    assert ANSWER in preview and "Riêng năm 2026" in preview and "mục I.3" in preview
    assert "Đã duyệt" in await admin.press("Duyệt")
    told = await official.replies(1)
    assert "nay đã có câu trả lời được duyệt" in told and ANSWER in told
    answer = await world.linked(LEADER, 116)
    met = await answer.write(SAME)
    assert met.startswith(ANSWER) and "(Hồ Thị Giang)" in met and "mục I.3" in met and "«Riêng năm 2026" in met
    assert ANSWER not in await answer.write(OTHER_YEAR)
    assert ASKED.lower() not in await admin.write("/canxem")
    assert "đang dùng" in await admin.write("/duyet")
    rows = await rows_of(world.database, AuditEntry)
    assert [one.action for one in rows if one.subject == "approved:1"] == ["source", "approve"]


async def rows_in(url: str, row: Any) -> list[Any]:
    database = open_database(url)
    try:
        return await rows_of(database, row)
    finally:
        await database.close()


async def approved(world: World, asked: str = ASKED, answer: str = f"{ANSWER} (nguồn 128/KH-UBND, mục I.3)") -> Any:
    """An administrator who has approved an answer to a question of an official; both chats."""
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    await official.write(asked)
    await admin.write(f"duyệt 1: {answer}")
    await admin.press("Duyệt")
    await official.replies(1)
    return admin, official


async def test_approved_answer_lapses_when_its_source_is_replaced(world: World, tmp_path: Path) -> None:
    admin, official = await approved(world)
    assert ANSWER in await official.write(SAME)
    await official.write("chỉ tiêu phủ sóng 5G năm 2027?")
    asked = len(await rows_of(world.database, Inquiry))
    newer = tmp_path / "ke-hoach-200.txt"
    newer.write_text("Số: 200/KH-UBND\n\nKẾ HOẠCH\n\nHạ tầng số giai đoạn mới\n\nI. MỤC TIÊU\n\n- Năm 2026 mỗi xã có ba điểm.\n", "utf-8")
    now = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    await take_in(world.database, [newer], data_dir=tmp_path, limits=LIMITS, now=now, replaces=1)
    async with asyncio.timeout(10):
        # The documents are looked at once a second.
        while ANSWER in await official.write(SAME):
            pass
    assert "hết hiệu lực vì nguồn bị thay thế" in await admin.write("/duyet")
    assert "soạn 1" in str(admin.shown()[-1].buttons)
    # The words of a clause that stood below an earlier answer are said to be replaced.
    assert "đã được thay thế bởi" in await official.write(f"nguyên văn {asked}")


async def test_withdrawn_answer_is_given_no_more(world: World) -> None:
    admin, official = await approved(world)
    await admin.write("/duyet")
    assert "Đã thu hồi" in await admin.press("Thu hồi 1")
    await world.until(lambda: "– đã thu hồi" in admin.shown()[-1].text)
    assert ANSWER not in await official.write(SAME)
    assert "Không có câu trả lời số 1" in await admin.write("thu hồi câu 1")


async def test_figures_that_the_source_does_not_hold_are_refused_by_name(world: World) -> None:
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    refused = await admin.write("duyệt 1: Mỗi xã có 03 điểm, đạt 45% trước ngày 15/6/2026 (nguồn KH 128 I.3)")
    assert all(one in refused for one in ("«03»", "«45%»", "«15/6/2026»")) and "«2026»" not in refused
    assert admin.buttons == []
    assert "đã bị thay thế" not in refused
    assert "không có mục ấy" in await admin.write("duyệt 1: Mỗi xã có 01 điểm (nguồn KH 128, mục IX.9)")
    assert "Chưa rõ văn bản nào" in await admin.write("duyệt 1: Mỗi xã có 01 điểm (nguồn mục I.3)")


async def test_source_may_be_one_that_the_answer_cited(world: World) -> None:
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    await official.write(CITED)
    asked = await admin.write("duyệt 1: Có, trưởng thôn được học lớp kỹ năng số.")
    assert "cần một nguồn" in asked
    await admin.press("mục I.1.c – Kế hoạch 128/KH-UBND")
    await world.until(lambda: "«100% trưởng thôn" in admin.shown()[-1].text)
    await admin.press("Bỏ")
    await world.until(lambda: "Đã bỏ" in admin.shown()[-1].text)
    assert await rows_of(world.database, ApprovedAnswer) == []


async def test_only_those_who_coordinate_see_and_approve(world: World) -> None:
    leader, stranger = await world.linked(LEADER, 116), world.chat(201)
    await leader.write(ASKED)
    for text in ("/canxem", "xem câu 1", "soạn 1", f"duyệt 1: {ANSWER} (nguồn KH 128 I.3)", "duyệt câu 1", "/duyet", "thu hồi câu 1"):
        assert "không thuộc quyền" in await leader.write(text)
        assert "mã mời" in await stranger.write(text)
    assert await rows_of(world.database, ApprovedAnswer) == []


async def test_what_is_to_be_reviewed_is_not_shown_in_a_group(telegram_world: TelegramWorld) -> None:
    await telegram_world.linked(ADMIN, 105)
    group = telegram_world.chat(105, chat_id=-500)
    assert "riêng" in await group.write(f"/canxem@{telegram_world.telegram.username}")


async def test_two_at_once_approve_one_answer(world: World) -> None:
    admin, coordinator = await world.linked(ADMIN, 105), await world.linked(COORDINATOR, 103)
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    for chat in (admin, coordinator):
        await chat.write(f"duyệt 1: {ANSWER} (nguồn KH 128 I.3)")
    taps = [chat.shown()[-1] for chat in (admin, coordinator)]
    twice = [(chat, shown) for chat, shown in zip((admin, coordinator), taps, strict=True) for _ in range(2)]
    await asyncio.gather(*(chat.tap(shown.message_id, shown.buttons[0][0][1]) for chat, shown in twice))
    await official.replies(1)
    in_force = [one for one in await rows_of(world.database, ApprovedAnswer) if one.approved_at]
    assert len(in_force) == 1
    said = [one.text for chat in (admin, coordinator) for one in chat.shown()]
    assert any("đã có câu trả lời được duyệt (câu" in one for one in said)
    await official.write("/huy")
    assert len([one for one in official.shown() if "nay đã có" in one.text]) == 1


async def test_list_goes_on_after_a_question_is_looked_at_and_disliked_ones_come_first(world: World) -> None:
    first, second = await world.linked(COORDINATOR, 103), await world.linked(OTHER_COORDINATOR, 104)
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("chi tieu phu song 5g nam 2027?")
    await official.press("Chưa đúng", replies=1)
    await first.replies(1)
    for year in range(2031, 2037):
        await official.write(f"chỉ tiêu phủ sóng 5G năm {year}?")
    await official.write("cảm ơn em")
    listed = await first.write("cần xem")
    assert re.search(r"^1\. chi tieu phu song 5g nam 2027\? \(báo sai", listed, re.MULTILINE)
    assert "(7), trang 1/2" in listed and "cảm ơn" not in listed
    await first.press("▶")
    await world.until(lambda: "trang 2/2" in first.shown()[-1].text)
    await first.press("Báo sai (1)")
    await world.until(lambda: "báo sai (1)" in first.shown()[-1].text)
    await first.press("1")
    await world.until(lambda: "Trần Thị Bình (Sở Y tế)" in first.shown()[-1].text)
    await first.press("Đã xem xét")
    await world.until(lambda: "Không còn câu nào" in first.shown()[-1].text)
    assert "Đã xem xét: Phạm Thị Dung" in "".join(one.text for one in second.shown())


async def test_removed_author_is_named_nowhere(world: World) -> None:
    coordinator = await world.linked(COORDINATOR, 103)
    await world.linked(ADMIN, 105)
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    await coordinator.write(f"duyệt 1: {ANSWER} (nguồn KH 128 I.3)")
    await coordinator.press("Duyệt")
    assert "Phạm Thị Dung" in await official.replies(1)
    assert "Phạm Thị Dung" in await official.write(SAME)
    await coordinator.write("xoá tôi chắc chắn")
    assert not any("Phạm Thị Dung" in one.answer for one in await rows_of(world.database, Inquiry))
    told = [one for one in await rows_of(world.database, OutboxRow) if "Phạm Thị Dung" in one.message.text]
    assert [one.message.text.split(" ")[0] for one in told] in ([], ["Phạm"]), told
    met = await official.write(SAME)
    assert met.startswith(ANSWER) and "Phạm Thị Dung" not in met


async def test_question_of_somebody_removed_leaves_the_list(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    await coordinator.write("/canxem")
    await coordinator.write(f"duyệt 1: {ANSWER}")
    await official.write("xoá tôi chắc chắn")
    await coordinator.replies(1)
    assert "Không còn câu nào" in await coordinator.write("/canxem")
    assert await rows_of(world.database, ApprovedAnswer) == []
    assert not any(ASKED in one.message.text for one in await rows_of(world.database, OutboxRow))


async def test_internal_source_is_for_officials_only(world: World, tmp_path: Path) -> None:
    (tmp_path / "noi-bo.txt").write_text(
        "UBND TỈNH HÒA GIANG\n\nLưu hành nội bộ\n\nSố: 9/TB-UBND\n\nTHÔNG BÁO\n\nVề lịch trực\n\nI. LỊCH TRỰC\n\n"
        "- Tổ trực hệ thống có 4 người mỗi ca, thay nhau lúc 6 giờ.\n",
        "utf-8",
    )
    now = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    await take_in(world.database, [tmp_path / "noi-bo.txt"], data_dir=tmp_path, limits=LIMITS, now=now)
    stranger, asked = world.chat(201), "mỗi ca trực hệ thống máy chủ có mấy người?"
    await stranger.write(asked)
    admin, official = await world.linked(ADMIN, 105), await world.linked(LEADER, 116)
    async with asyncio.timeout(10):
        while "Xem lại" not in await admin.write("duyệt 1: Mỗi ca có 4 người. (nguồn 9/TB-UBND, mục I)"):
            pass
    await admin.press("Duyệt")
    assert "Mỗi ca có 4 người" in await official.write(asked)
    assert "4 người" not in await stranger.write(asked)
    assert not any("nay đã có" in one.text for one in stranger.shown())


async def test_follow_up_that_means_the_same_is_met_too(world: World) -> None:
    _, official = await approved(
        world, asked="chỉ tiêu phủ sóng 5G năm 2028?", answer="Không có mốc riêng; mốc gần nhất là 99% (nguồn KH 128 I.2.a)"
    )
    await official.write("chỉ tiêu phủ sóng 5G năm 2030?")
    assert "Không có mốc riêng" in await official.write("còn 2028?")
    assert "Không có mốc riêng" not in await official.write("còn 2027?")


async def test_disliked_approved_answer_comes_back_to_the_list(world: World) -> None:
    admin, official = await approved(world)
    assert ANSWER in await official.write(SAME)
    await official.press("Chưa đúng", replies=1)
    await admin.replies(1)
    assert SAME in await admin.write("cần xem báo sai")


async def test_draft_of_a_private_talk_is_not_shown_in_a_group(telegram_world: TelegramWorld) -> None:
    admin, official = await telegram_world.linked(ADMIN, 105), await telegram_world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    await admin.write(f"duyệt 1: {ANSWER}")
    group = telegram_world.chat(105, chat_id=-500)
    told = await group.write(f"@{telegram_world.telegram.username} KH 128 mục I.3")
    assert ANSWER not in told and "✓ Duyệt" not in group.buttons
    assert ANSWER not in await admin.write("mục I.3 kế hoạch 128 nói về wifi")
    assert ANSWER in await admin.write("nguồn: mục I.3 Kế hoạch 128/KH-UBND")


async def test_button_below_an_earlier_text_approves_no_later_one(world: World) -> None:
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    await admin.write("duyệt 1: Mỗi xã có 01 điểm (nguồn KH 128 I.3)")
    earlier = admin.shown()[-1]
    await admin.write(f"duyệt 1: {ANSWER} (nguồn KH 128 I.3)")
    await admin.tap(earlier.message_id, earlier.buttons[0][0][1])
    assert not any(one.approved_at for one in await rows_of(world.database, ApprovedAnswer))
    refused = await admin.write("nguồn câu 1: KH 128 mục IX.9")
    assert "không có mục ấy" in refused
    await world.until(lambda: not any("duyệt câu 1" in str(one.buttons) for one in admin.shown()))


async def test_opened_review_forgets_who_was_removed(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write("chi tieu phu song 5g nam 2027?")
    await official.write("sai 1: phải là chín mươi hai phần trăm")
    await coordinator.replies(1)
    await coordinator.write("/canxem")
    await coordinator.write("xem câu 1")
    await official.write("xoá tôi chắc chắn")
    # That they went is told by name, so that somebody takes their place.
    said = [one.message.text for one in await rows_of(world.database, OutboxRow) if "cử người thay" not in one.message.text]
    assert [one for one in said if "Trần Thị Bình" in one or "phu song 5g" in one or "chín mươi hai" in one] == []


async def test_search_that_found_nothing_is_no_question_to_look_at(world: World) -> None:
    coordinator = await world.linked(COORDINATOR, 103)
    await coordinator.write("/timkiem kỳ lân bay ngang trời")
    assert "Không còn câu nào" in await coordinator.write("/canxem")
