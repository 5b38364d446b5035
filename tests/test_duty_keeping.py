"""Duties as coordinators keep them in a conversation: previewed, confirmed, corrected, made by hand."""

from __future__ import annotations

import asyncio
import datetime as dt
import unicodedata

import pytest
from sqlalchemy import select
from sqlmodel import col

from db.accounts import Account, ensure_account
from db.audit import AuditEntry
from db.deadlines import DeadlineRule
from db.duties import Awaited, Duty, DutyOutcome, DutyState, add_duties, find_duty, list_duties, list_parts, lock_duty
from db.engine import Database
from db.outbox import OutboxRow
from db.people import Agency, ensure_agencies, list_contacts
from db.reports import ChangeKind, list_changes
from handlers.call import Assistant
from handlers.documents import take_in
from handlers.duties.confirming import confirm_duties
from handlers.duties.making import unasked
from knowledge.ingest import Limits
from knowledge.text import fold
from scheduler import course
from scheduler.course import By, Rules
from tests.libraries import CORPUS
from tests.speaking import NOW, commands, say, walk
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER, World

# Sở Y tế: «hoàn thành trong Quý III/2026»; SKHCN every month; «các sở, ban, ngành»: «chậm nhất ngày 30/4/2026», sent to SKHCN.
HEALTH, MONTHLY, GROUP = "PV4", "PV8", "PV15"


@pytest.fixture
async def linked(assistant: Assistant) -> Assistant:
    """The focal point of Sở Y tế can be written to."""
    async with assistant.database.write() as session:
        for contact in await list_contacts(session):
            if contact.phone in (FOCAL_POINT, COORDINATOR):
                key = f"c{contact.id}"
                account = Account(channel="web", bot_id="web", user_id=key, chat_id=key, created_at=NOW)
                account = await ensure_account(session, account, is_reachable=True)
                account.contact_id, account.linked_at = contact.id, NOW
    return assistant


async def duty(assistant: Assistant, code: str) -> Duty:
    async with assistant.database.read() as session:
        found = await find_duty(session, code)
    assert found is not None
    return found


async def letters(assistant: Assistant, phone: str) -> list[str]:
    """What somebody was sent of the assistant's own accord."""
    async with assistant.database.read() as session:
        (contact,) = [one for one in await list_contacts(session) if one.phone == phone]
        rows = (await session.execute(select(OutboxRow).order_by(col(OutboxRow.id)))).scalars()
        return [row.message.text for row in rows if row.recipient == f"c{contact.id}"]


async def test_list_holds_every_proposal_once_and_counts_them(assistant: Assistant) -> None:
    pages = await walk(assistant, COORDINATOR, "/giaoviec", stem="/giaoviec trang")
    assert len(pages) == 5  # four pages, the first by two commands
    opened = [one for command, page in pages.items() if command != "/giaoviec" for one in commands(page) if one.startswith("xem PV")]
    async with assistant.database.read() as session:
        proposed = await list_duties(session, DutyState.PROPOSED)
    assert sorted(opened) == sorted(f"xem {one.code}" for one in proposed)
    assert pages["/giaoviec"].text.startswith("28 phần việc đang đề xuất, trong đó 1 chưa có ngày – trang 1/4")
    assert "Chưa có ngày" in pages["/giaoviec trang 4"].text


@pytest.mark.parametrize("typed", ["xem PV4", "xem pv 4", "XEM PV4", unicodedata.normalize("NFD", "xem PV4")])
async def test_card_shows_words_rule_agency_and_what_confirming_would_bring(linked: Assistant, typed: str) -> None:
    card = (await say(linked, COORDINATOR, typed)).text
    assert "Sở Y tế phối hợp với Bảo hiểm xã hội tỉnh đưa sổ sức khỏe điện tử" in card
    assert "Hạn: «trong Quý III/2026» → hết ngày 30/09/2026" in card
    assert "Nếu xác nhận bây giờ, sẽ nhắc 1 người của 1/1 cơ quan" in card
    assert "• 16/09/2026: 1 tin; 23/09/2026: 1 tin; 28/09/2026: 1 tin; 29/09/2026: 1 tin; 30/09/2026: 1 tin" in card
    assert "Cộng 5 tin đến hết hạn" in card


async def test_card_of_a_group_lists_and_counts_its_agencies_and_says_that_it_is_late(assistant: Assistant) -> None:
    card = await say(assistant, ADMIN, f"xem {GROUP}")
    assert "Các sở, ban, ngành – 21 cơ quan: Sở Nội vụ, " in card.text
    assert "⚠ Đã quá hạn 124 ngày." in card.text
    assert "Chưa có ai nhận được tin (21): " in card.text
    assert (await say(assistant, ADMIN, f"cơ quan {GROUP}")).text.count("chưa có đầu mối nhận được tin") == 21


@pytest.mark.parametrize("phone", [FOCAL_POINT, LEADER])
@pytest.mark.parametrize("typed", ["/giaoviec", "xác nhận PV4", "đóng PV4 x", "giao việc STC: x hạn 20/10", "xác nhận tất cả"])
async def test_others_may_not(assistant: Assistant, phone: str, typed: str) -> None:
    assert (await say(assistant, phone, typed)).text.startswith("Việc này không thuộc quyền")
    assert (await duty(assistant, HEALTH)).state is DutyState.PROPOSED


@pytest.mark.parametrize("phone", [FOCAL_POINT, LEADER])
async def test_others_see_nothing_of_what_is_only_proposed(assistant: Assistant, phone: str) -> None:
    assert "PV4 chưa được điều phối xác nhận" in (await say(assistant, phone, "xem PV4")).text


async def test_confirming_opens_once_with_history_and_audit(linked: Assistant) -> None:
    told = await say(linked, COORDINATOR, "xac nhan pv4")
    assert told.text.startswith("Đã xác nhận PV4: mở 1 phần việc (PV4).\nLời nhắc đầu tiên: 16/09/2026, 1 tin.")
    assert "không còn ở trạng thái đề xuất (đang nhắc)" in (await say(linked, COORDINATOR, "xác nhận PV4")).text
    opened = await duty(linked, HEALTH)
    assert (opened.state, opened.confirmed_at) == (DutyState.OPEN, NOW)
    async with linked.database.read() as session:
        assert [one.kind for one in await list_changes(session, [opened.id])] == [ChangeKind.CONFIRMED]
        entries = (await session.execute(select(AuditEntry).where(col(AuditEntry.action) == "duty_confirm"))).scalars().all()
    assert {one.subject for one in entries} == {f"duty:{opened.id}"}
    assert await letters(linked, FOCAL_POINT) == []


async def test_all_of_a_document_take_two_taps_and_are_confirmed_once(assistant: Assistant) -> None:
    preview = await say(assistant, COORDINATOR, "xác nhận văn bản 3")
    assert preview.text.startswith("Xem trước: xác nhận 6 phần việc – Thông báo (họp ngày 11/8/2026)")
    assert "⚠ 1 phần việc chưa có ngày" in preview.text
    async with assistant.database.read() as session:
        assert await list_duties(session, DutyState.OPEN) == []
    (whole,) = [one for one in commands(preview) if one.startswith("xác nhận")]
    assert whole == "xác nhận 6 phần việc văn bản 3"
    await say(assistant, COORDINATOR, "bỏ PV25 không cần nhắc")
    assert "đã thay đổi từ lúc xem trước" in (await say(assistant, COORDINATOR, whole)).text
    told = (await say(assistant, COORDINATOR, "xác nhận 5 phần việc văn bản 3")).text
    assert told.startswith("Đã xác nhận 5 phần việc – Thông báo")
    assert "không còn phần việc nào đang đề xuất" in (await say(assistant, COORDINATOR, "xác nhận 5 phần việc văn bản 3")).text


@pytest.mark.parametrize(
    ("typed", "day"),
    [("20/10/2026", "2026-10-20"), ("trước ngày 15/10", "2026-10-14"), ("truoc 15/10", "2026-10-14"), ("hết quý IV", "2026-12-31")],
)
async def test_day_is_moved_as_it_is_said(linked: Assistant, typed: str, day: str) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    told = (await say(linked, COORDINATOR, f"doi han {HEALTH} {typed} vì chờ kinh phí")).text
    moved = await duty(linked, HEALTH)
    assert f"{moved.last_day}" == day
    assert "Đã báo 1 người của cơ quan." in told
    assert (await letters(linked, FOCAL_POINT))[0].endswith("Lý do: chờ kinh phí")


@pytest.mark.parametrize("typed", ["", " ngày nào đó", " 31/02/2026", " 2/3 và 4/5"])
async def test_unclear_day_changes_nothing(assistant: Assistant, typed: str) -> None:
    assert f"«đổi hạn {HEALTH} " in (await say(assistant, COORDINATOR, f"đổi hạn {HEALTH}{typed}")).text
    assert f"{(await duty(assistant, HEALTH)).last_day}" == "2026-09-30"


async def test_closed_duty_is_reopened_with_a_reason_that_its_agency_reads(linked: Assistant) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    assert "Xin kèm lý do" in (await say(linked, COORDINATOR, f"đóng {HEALTH}")).text
    await say(linked, COORDINATOR, f"dong {HEALTH} trung")
    closed = await duty(linked, HEALTH)
    assert (closed.state, closed.outcome) == (DutyState.CLOSED, DutyOutcome.DROPPED)
    assert "đã đóng (đã bỏ)" in (await say(linked, COORDINATOR, f"đổi hạn {HEALTH} 20/10")).text
    assert "Xin kèm lý do" in (await say(linked, COORDINATOR, f"mở lại {HEALTH}")).text
    await say(linked, COORDINATOR, f"mở lại {HEALTH}: còn thiếu biểu 2")
    assert (await duty(linked, HEALTH)).state is DutyState.OPEN
    assert "được mở lại" in (await letters(linked, FOCAL_POINT))[-1]
    assert "Lý do: còn thiếu biểu 2" in (await letters(linked, FOCAL_POINT))[-1]


@pytest.mark.parametrize("typed", ["STC", "stc", "sở tài chính", "so tai chinh", "Tài chính", "STC vì đúng chức năng"])
async def test_agency_is_named_in_any_way(linked: Assistant, typed: str) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    told = (await say(linked, COORDINATOR, f"giao {HEALTH} cho {typed}")).text
    assert told.startswith(f"Đã giao {HEALTH} cho Sở Tài chính. Đã báo 1 người")
    assert (await duty(linked, HEALTH)).agency_code == "STC"
    assert "được giao cho Sở Tài chính" in (await letters(linked, FOCAL_POINT))[-1]


async def test_unclear_agency_is_a_choice(assistant: Assistant) -> None:
    choice = await say(assistant, COORDINATOR, f"giao {HEALTH} cho khoa hoc")
    assert commands(choice) == [f"giao {HEALTH} cho LHHKHKT", f"giao {HEALTH} cho SKHCN"]
    assert (await say(assistant, COORDINATOR, f"giao {HEALTH} cho qwerty")).text.startswith("Không có cơ quan «qwerty»")
    assert (await duty(assistant, HEALTH)).agency_code == "SYT"


async def test_ladder_and_words_are_corrected(assistant: Assistant) -> None:
    told = (await say(assistant, COORDINATOR, f"nhắc {HEALTH} trước 10, 5, 2 ngày và đúng ngày")).text
    assert told.startswith(f"Từ nay nhắc {HEALTH}: trước 10, 5, 2 ngày; đúng ngày hạn")
    assert (await duty(assistant, HEALTH)).ladder == (-10, -5, -2, 0)
    assert "Xin gõ số ngày" in (await say(assistant, COORDINATOR, f"nhắc {HEALTH} ngày mai")).text
    await say(assistant, COORDINATOR, f"nhac {HEALTH} nhu thuong")
    assert (await duty(assistant, HEALTH)).ladder is None
    await say(assistant, COORDINATOR, f"sửa {HEALTH}: Báo cáo kết quả quý III")
    assert (await duty(assistant, HEALTH)).task == "Báo cáo kết quả quý III"


async def test_what_repeats_is_stopped_and_its_next_proposal_dropped(assistant: Assistant) -> None:
    await say(assistant, COORDINATOR, f"xác nhận {MONTHLY}")
    assert "ngừng lặp: không có kỳ sau. Các kỳ đã mở vẫn còn: PV8." in (await say(assistant, COORDINATOR, f"ngừng lặp {MONTHLY}")).text
    assert (await duty(assistant, "PV9")).outcome is DutyOutcome.DROPPED
    assert "không phải việc định kỳ" in (await say(assistant, COORDINATOR, f"ngừng lặp {MONTHLY}")).text


async def test_group_is_moved_and_closed_as_one(linked: Assistant) -> None:
    await say(linked, COORDINATOR, f"xác nhận {GROUP}")
    assert "Đã đổi hạn 21 phần việc của PV15" in (await say(linked, COORDINATOR, f"đổi hạn {GROUP} 20/10")).text
    assert len(await letters(linked, FOCAL_POINT)) == 1
    assert "Đã đóng 21 phần việc của PV15" in (await say(linked, COORDINATOR, f"đóng {GROUP} không cần nữa")).text
    assert "đã chia cho từng cơ quan" in (await say(linked, COORDINATOR, f"mở lại {GROUP} x")).text


async def test_duty_is_made_by_hand_after_it_was_shown(linked: Assistant) -> None:
    shown = await say(linked, COORDINATOR, "giao việc Sở Y tế, STC: Báo cáo kinh phí, hạn trước ngày 15/10")
    assert "Cơ quan: Sở Y tế, Sở Tài chính\nNội dung: Báo cáo kinh phí\nHạn: «trước ngày 15/10» → hết ngày 14/10/2026" in shown.text
    async with linked.database.read() as session:
        assert await list_duties(session, DutyState.OPEN) == []
    (make,) = commands(shown)
    assert "mở 2 phần việc" in (await say(linked, COORDINATOR, make)).text
    assert "đã được tạo hoặc không còn" in (await say(linked, COORDINATOR, make)).text
    async with linked.database.read() as session:
        made = await list_duties(session, DutyState.OPEN)
    assert {(one.agency_code, f"{one.last_day}", one.document_id) for one in made} == {
        ("SYT", "2026-10-14", None),
        ("STC", "2026-10-14", None),
    }


async def test_duty_without_a_day_is_asked_for_one(assistant: Assistant) -> None:
    asked = await say(assistant, COORDINATOR, "giao viec cac so: bao cao kinh phi")
    assert "Chưa có hạn" in asked.text and "Các sở (15 cơ quan)" in asked.text
    assert all(one.startswith("hạn việc ") for one in commands(asked))
    shown = await say(assistant, COORDINATOR, "hạn việc 20/10")
    assert "mở 15 phần việc" in (await say(assistant, COORDINATOR, commands(shown)[0])).text


async def test_unclear_agency_of_a_new_duty_is_chosen_by_a_tap(assistant: Assistant) -> None:
    choice = await say(assistant, COORDINATOR, "giao việc khoa học: Báo cáo, hạn 20/10")
    shown = await say(assistant, COORDINATOR, commands(choice)[1])
    assert "Cơ quan: Sở Khoa học và Công nghệ\nNội dung: Báo cáo\n" in shown.text


async def test_open_duties_of_a_replaced_document_are_put_to_the_coordinators(
    linked: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    newer = tmp_path_factory.mktemp("newer") / "ke-hoach-200.txt"
    text = (CORPUS / "ke-hoach-128-KH-UBND.txt").read_text("utf-8").replace("128/KH-UBND", "200/KH-UBND")
    newer.write_text(text, "utf-8")
    folder = tmp_path_factory.mktemp("data")
    limits = Limits(max_bytes=10_000_000, max_pages=200)
    await take_in(linked.database, [newer], data_dir=folder, limits=limits, now=NOW, replaces=1)
    (asked,) = await letters(linked, COORDINATOR)
    assert asked.startswith("Kế hoạch số 128/KH-UBND không còn hiệu lực, nhưng còn 1 phần việc đang mở.\n• PV4 – Sở Y tế: ")
    assert (await duty(linked, HEALTH)).state is DutyState.OPEN
    preview = await say(linked, COORDINATOR, "đóng các việc của văn bản 1")
    assert commands(preview) == ["đóng 1 việc của văn bản 1"]
    await say(linked, COORDINATOR, commands(preview)[0])
    assert (await duty(linked, HEALTH)).outcome is DutyOutcome.SUPERSEDED


async def test_card_is_confirmed_by_a_tap_on_every_channel(world: World) -> None:
    chat = await world.linked(COORDINATOR, 81)
    await chat.write("/giaoviec")
    await chat.press("PV4")
    await world.until(lambda: "✅ Xác nhận" in chat.buttons)
    await chat.press("✅ Xác nhận")
    await world.until(lambda: "✅ Xác nhận" not in chat.buttons)
    async with world.database.read() as session:
        found = await find_duty(session, HEALTH)
    assert found is not None and found.state is DutyState.OPEN


def test_no_text_of_the_commands_is_mistaken_for_a_question() -> None:
    from handlers.dispatch import _PATTERNS

    questions = [
        "hạn gửi kế hoạch về Sở KH&CN?",
        "Sở Nội vụ được giao việc gì?",
        "giao việc cho ai",
        "giao việc Sở Nội vụ hạn 2026 là khi nào",
        "giao việc nào quá hạn trong tháng 9",
        "giao việc gì có hạn trước 20/1",
        "giao việc gì có hạn trước 20/1?",
        "nhắc lại chỉ tiêu 5G",
        "cơ quan nào chủ trì",
    ]
    taken = [one for one in questions if any(pattern.fullmatch(fold(one)) for pattern, _ in _PATTERNS)]
    assert taken == []


async def test_group_is_owed_by_all_but_the_agency_that_it_is_sent_to(assistant: Assistant) -> None:
    assert "Sở Khoa học và Công nghệ" not in (await say(assistant, ADMIN, f"cơ quan {GROUP}")).text
    assert "mở 21 phần việc" in (await say(assistant, ADMIN, f"xác nhận {GROUP}")).text
    async with assistant.database.read() as session:
        assert "SKHCN" not in {one.agency_code for one in await list_parts(session, [int(GROUP[2:])])}


@pytest.mark.parametrize(
    ("typed", "task", "day"),
    [
        ("báo cáo nhân sự CĐS, hạn thứ 6", "báo cáo nhân sự CĐS", "04/09/2026"),
        ("bao cao nhan su, han 20/1", "bao cao nhan su", "20/01/2027"),
        ("báo cáo nhân sự, hạn cuối tháng", "báo cáo nhân sự", "30/09/2026"),
        ("báo cáo nhân sự hạn: mai", "báo cáo nhân sự", "02/09/2026"),
        ("báo cáo các hạn chế, hạn trước thứ 2 tuần sau", "báo cáo các hạn chế", "06/09/2026"),
        ("nộp kế hoạch trước thứ 6", "nộp kế hoạch trước thứ 6", "03/09/2026"),
        ("nộp kế hoạch chậm nhất mai", "nộp kế hoạch chậm nhất mai", "02/09/2026"),
    ],
)
async def test_day_of_a_new_duty_is_read_as_one_says_it(assistant: Assistant, typed: str, task: str, day: str) -> None:
    shown = (await say(assistant, COORDINATOR, f"giao việc Sở Nội vụ: {typed}")).text
    assert f"Nội dung: {task}\n" in shown
    assert f"hết ngày {day}" in shown


@pytest.mark.parametrize("typed", ["hạn 30/02", "hạn ngày 30/2/2027", "han cuoi 30-02", "hạn ngày 30 tháng 2", "trước 30/02"])
async def test_day_that_does_not_exist_is_named_and_asked_again(assistant: Assistant, typed: str) -> None:
    asked = await say(assistant, COORDINATOR, f"giao việc Sở Nội vụ: báo cáo nhân sự, {typed}")
    assert "Không có ngày 30" in asked.text and "Chưa có hạn. Xin chọn" in asked.text
    assert all(one.startswith("hạn việc ") for one in commands(asked))
    assert "Không có ngày 31/04" in (await say(assistant, COORDINATOR, "hạn việc 31/04")).text
    assert "hết ngày 04/09/2026" in (await say(assistant, COORDINATOR, "hạn việc thứ 6")).text
    assert "Không có ngày 31/02/2026" in (await say(assistant, COORDINATOR, f"đổi hạn {HEALTH} 31/02/2026")).text


async def test_what_is_dropped_while_everything_is_confirmed_stays_dropped(database: Database) -> None:
    agency, rule = Agency(code="STC", name="Sở Tài chính"), DeadlineRule(due_on=dt.date(2026, 10, 1), last_day=dt.date(2026, 10, 1))
    async with database.write() as session:
        await ensure_agencies(session, [agency])
        await add_duties(session, [unasked(agency, task, rule, NOW, source="", token=task) for task in ("Báo cáo", "Kế hoạch")])

    async def confirm() -> list[str]:
        async with database.write() as session:
            return [one.code for one in await confirm_duties(session, None, Rules(), By(None, NOW))]

    async with database.write() as session:
        dropped = await lock_duty(session, 1)
        assert dropped is not None
        await course.close(session, dropped, DutyOutcome.DROPPED, Rules(), By(None, NOW))
        await session.flush()
        confirming = asyncio.create_task(confirm())
        await asyncio.sleep(0.3)
    assert await confirming == ["PV2"]
    async with database.read() as session:
        assert [one.id for one in await list_duties(session, DutyState.OPEN)] == [2]


async def test_day_in_the_past_is_asked_about_once(linked: Assistant) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    asked = await say(linked, COORDINATOR, f"đổi hạn {HEALTH} 01/01/2026 vì nhầm")
    assert "Ngày 01/01/2026 đã qua" in asked.text
    assert f"{(await duty(linked, HEALTH)).last_day}" == "2026-09-30"
    assert commands(asked) == [f"đổi hạn {HEALTH} 01/01/2026 chắc chắn vì nhầm"]
    assert f"Đã đổi hạn {HEALTH}: hết ngày 01/01/2026." in (await say(linked, COORDINATOR, commands(asked)[0])).text
    assert (await letters(linked, FOCAL_POINT))[0].endswith("Lý do: nhầm")
    assert "không có gì thay đổi" in (await say(linked, COORDINATOR, f"đổi hạn {HEALTH} 01/01/2026")).text


@pytest.mark.parametrize("typed", ["giao viec so noi vu bao cao abc han 20/1", "giao việc cho STC báo cáo chậm nhất thứ 6"])
async def test_how_to_give_work_is_shown_where_the_colon_is_missing(assistant: Assistant, typed: str) -> None:
    told = (await say(assistant, COORDINATOR, typed)).text
    assert told.startswith("Xin đặt dấu hai chấm") and "«giao việc STC: " in told


async def test_agency_that_owes_the_same_already_is_named(assistant: Assistant) -> None:
    made = await say(assistant, COORDINATOR, "giao việc STC, SNV: Báo cáo kinh phí, hạn 20/10")
    made = await say(assistant, COORDINATOR, commands(made)[0])
    first, second = (one.removeprefix("xem ") for one in commands(made))
    told = (
        await say(assistant, COORDINATOR, f"giao {second} cho {'STC' if (await duty(assistant, first)).agency_code == 'STC' else 'SNV'}")
    ).text
    assert f"đã có {first} cùng nội dung, cùng hạn" in told
    assert "cùng nội dung" not in (await say(assistant, COORDINATOR, f"giao {second} cho SYT")).text


_PUT_OFF = ["dời PV4 đến 30/1", "doi han pv4 sang 30/1", "lui han PV4 den 30/1", "gia hạn PV4 đến ngày 30/01/2027 vì chờ kinh phí"]


@pytest.mark.parametrize("typed", _PUT_OFF)
async def test_putting_off_by_whoever_coordinates_moves_the_day(linked: Assistant, typed: str) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    assert "hết ngày 30/01/2027." in (await say(linked, COORDINATOR, typed)).text
    assert f"{(await duty(linked, HEALTH)).last_day}" == "2027-01-30"


@pytest.mark.parametrize("typed", _PUT_OFF[2:])
async def test_putting_off_by_an_agency_asks_for_a_later_day(linked: Assistant, typed: str) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    await say(linked, FOCAL_POINT, typed)
    asked = await duty(linked, HEALTH)
    assert (f"{asked.last_day}", asked.awaits) == ("2026-09-30", Awaited.EXTENSION)
    assert any("30/01/2027" in one for one in await letters(linked, COORDINATOR))


async def test_words_that_say_less_to_an_agency_are_asked_about(linked: Assistant) -> None:
    await say(linked, COORDINATOR, f"xác nhận {HEALTH}")
    told = (await say(linked, FOCAL_POINT, _PUT_OFF[0])).text
    assert "PV4" in told and "không thuộc quyền" not in told
    assert f"{(await duty(linked, HEALTH)).last_day}" == "2026-09-30"


async def test_what_comes_back_keeps_its_rhythm_when_its_day_is_said_anew(assistant: Assistant) -> None:
    shown = (await say(assistant, COORDINATOR, "giao việc STC: Báo cáo hằng tháng, hạn 31/09")).text
    assert "hết ngày 30/09/2026" in shown and "Không có ngày 31/09 trong lịch. Lấy ngày cuối kỳ" in shown
    shown = (await say(assistant, COORDINATOR, "hạn việc 25/9")).text
    assert "hết ngày 25/09/2026" in shown and "hằng tháng" in shown.split("Nội dung: Báo cáo hằng tháng")[1]


async def test_limit_of_something_else_is_no_last_day(assistant: Assistant) -> None:
    shown = (await say(assistant, COORDINATOR, "giao việc STC: rà soát hạn mức 2/3 số xã")).text
    assert "Nội dung: rà soát hạn mức 2/3 số xã" in shown and "Chưa có hạn" in shown
