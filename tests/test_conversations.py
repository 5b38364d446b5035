"""Whole conversations, as people have them: over HTTP with the channel's real libraries, on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from bot.settings import Settings
from db.audit import AuditEntry
from db.conversations import Inquiry
from db.engine import Database, open_database
from db.inbox import InboxRow
from db.outbox import OutboxRow
from db.people import Agency, Contact, Role, add_contact, upsert_agencies
from handlers.documents import take_in
from knowledge.ingest import Limits
from tests.conftest import postgres_url, temporary_database
from tests.libraries import CORPUS
from tests.telegram_api import FakeTelegram
from tests.telegram_bot import Chat, free_port, rows_of, running, settings_for

AGENCIES = [Agency(code="SYT", name="Sở Y tế", kind="department"), Agency(code="SKHCN", name="Sở Khoa học và Công nghệ", kind="department")]
PEOPLE = [
    ("Trần Thị Bình", "SYT", Role.FOCAL_POINT, "0912000001"),
    ("Lê Văn Cường", "SYT", Role.LEADER, "0912000002"),
    ("Phạm Thị Dung", "SKHCN", Role.COORDINATOR, "0912000003"),
    ("Võ Văn Em", "SKHCN", Role.COORDINATOR, "0912000004"),
    ("Hồ Thị Giang", None, Role.ADMIN, "0912000005"),
]
FOCAL_POINT, LEADER, COORDINATOR, OTHER_COORDINATOR, ADMIN = (phone for *_, phone in PEOPLE)
ASKED, FOLLOWED = "chi tieu phu song 5g nam 2027?", "còn 2030?"


async def fill(url: str, data_dir: Path) -> None:
    """The invented province's documents and people."""
    database = open_database(url)
    now = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    await take_in(database, [CORPUS], data_dir=data_dir, limits=Limits(max_bytes=10_000_000, max_pages=200), now=now)
    async with database.write() as session:
        await upsert_agencies(session, AGENCIES)
        for name, agency, role, phone in PEOPLE:
            await add_contact(session, Contact(name=name, agency_code=agency, role=role, phone=phone, created_at=now))
    await database.close()


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    shutil.copyfile(sqlite_template, folder / "assistant.db")
    asyncio.run(fill(f"sqlite:///{folder / 'assistant.db'}", folder))
    return folder


@pytest.fixture(scope="session")
def filled_postgres(postgres: psycopg.Connection[Any], postgres_template: str, filled_sqlite: Path) -> str:
    postgres.execute(f"CREATE DATABASE template_filled TEMPLATE {postgres_template}")
    asyncio.run(fill(postgres_url(postgres, "template_filled"), filled_sqlite))
    return "template_filled"


@contextmanager
def filled_url(request: pytest.FixtureRequest, kind: str) -> Iterator[str]:
    """A database of either kind that holds documents and people."""
    if kind == "sqlite":
        path = request.getfixturevalue("tmp_path") / "assistant.db"
        shutil.copyfile(request.getfixturevalue("filled_sqlite") / "assistant.db", path)
        yield f"sqlite:///{path}"
        return
    yield from temporary_database(request.getfixturevalue("postgres"), template=request.getfixturevalue("filled_postgres"))


@dataclass(slots=True)
class World:
    """The assistant running, the fake platform beside it."""

    telegram: FakeTelegram
    settings: Settings
    url: str
    database: Database

    def chat(self, user_id: int, **given: Any) -> Chat:
        return Chat(self.telegram, user_id, **given)

    async def linked(self, phone: str, user_id: int) -> Chat:
        """Somebody of the list who has shared their own number."""
        chat = self.chat(user_id)
        assert "Đã liên kết" in await chat.share_phone(f"+84{phone[1:]}")
        return chat


@pytest.fixture(params=[("polling", "sqlite"), ("webhook", "postgresql")], ids="-".join)
def way(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """How updates come in, and a database: both of either."""
    with filled_url(request, request.param[1]) as url:
        yield request.param[0], url


@pytest.fixture(params=[(mode, kind) for mode in ("polling", "webhook") for kind in ("sqlite", "postgresql")], ids="-".join)
def every_way(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Each way of receiving on each database."""
    with filled_url(request, request.param[1]) as url:
        yield request.param[0], url


@asynccontextmanager
async def open_world(mode: str, url: str, data_dir: Path) -> AsyncIterator[World]:
    port = free_port()
    async with FakeTelegram(limits=None) as telegram:
        settings = settings_for(
            telegram,
            data_dir,
            telegram_mode=mode,
            web_port=port,
            public_base_url=f"http://127.0.0.1:{port}",
            public_questions=True,
            admin_invite="mot-ma-quan-tri-du-dai",
        )
        async with running(settings, url) as database:
            yield World(telegram, settings, url, database)


@pytest.fixture
async def world(way: tuple[str, str], filled_sqlite: Path) -> AsyncIterator[World]:
    async with open_world(*way, filled_sqlite) as opened:
        yield opened


@pytest.fixture
async def every_world(every_way: tuple[str, str], filled_sqlite: Path) -> AsyncIterator[World]:
    async with open_world(*every_way, filled_sqlite) as opened:
        yield opened


async def test_official_asks_asks_on_and_is_answered_with_source(every_world: World) -> None:
    world = every_world
    official = await world.linked(FOCAL_POINT, 101)
    answer = await official.write(ASKED)
    assert "65%" in answer and "mục I.1.a" in answer and "128/KH-UBND" in answer
    assert "65%" not in (await official.write(FOLLOWED)).split("\n")[0]
    assert official.buttons == ["👍 Đúng", "👎 Chưa đúng"]
    assert "Không" in await official.write("chỉ tiêu phủ sóng 7G năm 2030?")


async def test_restart_in_the_middle_of_a_talk_forgets_nothing(every_world: World) -> None:
    world = every_world
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    async with running(world.settings.model_copy(update={"telegram_mode": "polling"}), world.url):
        # The one before has handed over by now, or shares the work: either way nothing is answered twice.
        answer = await official.write(FOLLOWED)
    assert "5G" in answer
    assert len(official.shown()) == official.seen


async def test_typing_is_shown_before_the_answer_and_the_first_answer_tells_what_is_kept(world: World) -> None:
    stranger = world.chat(102)
    first = await stranger.write(ASKED)
    assert "trợ lý tự động" in first and "12 tháng" in first and "/toi" in first
    assert "trợ lý tự động" not in await stranger.write(FOLLOWED)
    made = [(call.method, call.params.get("chat_id")) for call in world.telegram.calls]
    assert made.index(("sendChatAction", 102)) < made.index(("sendMessage", 102))


async def test_verdict_is_taken_once_and_its_buttons_go(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    (_, right), *_ = [one for row in official.shown()[-1].buttons for one in row]
    message_id = official.shown()[-1].message_id
    assert "Cảm ơn" in await official.press("👍 Đúng")
    await world.telegram.until(lambda: official.shown()[-1].buttons == [])
    world.telegram.tap(101, message_id, right, stale=True)
    await world.telegram.until(lambda: len(world.telegram.answered) == 2)
    assert "không có gì thay đổi" in list(world.telegram.answered.values())[-1]
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
    await world.telegram.until(lambda: all(not one.buttons for chat in (first, second) for one in chat.shown()))
    assert any("Đã xem xét: Phạm Thị Dung" in one.text for one in second.shown())
    assert "đã có người xem xét" in await second.write("đã xem 1")


async def test_stranger_learns_only_how_to_be_invited(world: World, filled_sqlite: Path) -> None:
    closed = world.settings.model_copy(update={"public_questions": False, "telegram_mode": "polling"})
    async with FakeTelegram(limits=None, token="8002:of-another-bot") as telegram:
        settings = closed.model_copy(update={"telegram_api_base": telegram.base_url, "telegram_bot_token": SecretStr(telegram.token)})
        async with running(settings, world.url):
            stranger = Chat(telegram, 201)
            for text in ("/start", ASKED, "/vanban", "đúng 1", "mời 0912000001"):
                told = await stranger.write(text)
                assert "mã mời" in told and "5G" not in told
            assert stranger.buttons == []
            keyboards = [call.params.get("reply_markup") for call in telegram.calls if call.method == "sendMessage"]
            assert all("request_contact" in str(one) for one in keyboards)


async def test_code_links_once_as_link_or_text(world: World) -> None:
    admin = await world.linked(ADMIN, 105)
    offer = await admin.write("mời 0912 000 001")
    code = re.search(r"^[A-Z]{10}$", offer, re.MULTILINE)
    assert code and f"https://t.me/{world.telegram.username}?start={code[0]}" in offer
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


async def test_phone_links_only_its_owner_and_only_who_is_listed(world: World) -> None:
    thief, unknown = world.chat(110), world.chat(111)
    assert "của chính anh/chị" in await thief.share_phone(FOCAL_POINT, owner_id=999)
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
    assert "duy nhất" in await first.write("xoá tôi chắc chắn")


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


async def test_code_is_not_taken_in_a_group_and_not_kept_once_it_is_sent(world: World) -> None:
    admin, member = await world.linked(ADMIN, 105), world.chat(106, chat_id=-500)
    code = re.findall(r"^[A-Z]{10}$", await admin.write(f"mời {FOCAL_POINT}"), re.MULTILINE)[0]
    assert "riêng" in await member.write(f"/start@{world.telegram.username} {code}")
    await world.telegram.until(lambda: len(admin.shown()) == admin.seen)
    await admin.write("/huy")  # by then the one before is settled
    assert not any(code in one.message.text for one in await rows_of(world.database, OutboxRow))
    assert "Trần Thị Bình" in await world.chat(106).write(code)


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
    await world.telegram.until(lambda: not any(one.buttons for one in official.shown()))
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


async def test_what_a_group_says_among_itself_is_not_kept(world: World) -> None:
    member = world.chat(101, chat_id=-500)
    for _ in range(3):
        world.telegram.write(101, "chiều nay họp lúc mấy giờ?", chat_id=-500)
    assert "65%" in await member.write(f"/hoi@{world.telegram.username} {ASKED}")
    kept = [one.payload for one in await rows_of(world.database, InboxRow)]
    assert kept[:3] == [{}, {}, {}] and kept[3]
    assert all("mấy giờ" not in str(one) for one in kept)


async def test_role_and_agency_decide_and_leave_an_audit_row(world: World) -> None:
    leader, official = await world.linked(LEADER, 116), await world.linked(FOCAL_POINT, 101)
    assert "không thuộc quyền" in await official.write("mời 0912000002")
    assert "không thuộc quyền" in await leader.write(f"mời {COORDINATOR}")
    assert "Mã mời cho Trần Thị Bình" in await leader.write(f"mời {FOCAL_POINT}")
    entries = [(one.action, one.is_allowed) for one in await rows_of(world.database, AuditEntry) if one.action == "invite"]
    assert entries == [("invite", False), ("invite", False), ("invite", True)]


async def test_menu_shows_the_commands_of_the_role(world: World) -> None:
    leader = await world.linked(LEADER, 116)
    scopes = world.telegram.commands
    await world.telegram.until(lambda: ('{"chat_id": 116, "type": "chat"}', "") in scopes)
    assert "moi" in str(scopes['{"chat_id": 116, "type": "chat"}', ""])
    assert "moi" not in str(scopes['{"type": "all_private_chats"}', ""])
    await leader.write("xoá tôi chắc chắn")
    await world.telegram.until(lambda: ('{"chat_id": 116, "type": "chat"}', "") not in scopes)


async def test_original_file_comes_byte_for_byte(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    listed = await official.write("/vanban")
    assert "Kế hoạch số 128/KH-UBND" in listed
    number = re.search(r"^(\d+)\. Kế hoạch số 128", listed, re.MULTILINE)
    assert number
    await official.press(f"Tệp {number[1]}", replies=1)
    assert official.shown()[-1].document == ("ke-hoach-128-KH-UBND.txt", (CORPUS / "ke-hoach-128-KH-UBND.txt").read_bytes())


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
    heard = [one for one in await rows_of(world.database, InboxRow) if one.sender == "101"]
    assert [(one.name, one.phone, one.agency_code) for one in removed] == [("đã xoá", None, "SYT")]
    assert all(one.payload == {} for one in heard)


async def test_group_is_answered_only_when_it_calls(world: World) -> None:
    group, name = -500, world.telegram.username
    member = world.chat(101, chat_id=group)
    world.telegram.write(101, ASKED, chat_id=group)
    answer = await member.write(f"@{name} {ASKED}")
    assert "65%" in answer and len(member.shown()) == 1
    assert "65%" in await member.write(f"/hoi@{name} {ASKED}")
    assert "riêng" in await member.write(f"/toi@{name}")
    other = world.chat(102, chat_id=group)
    world.telegram.tap(102, member.shown()[0].message_id, member.shown()[0].buttons[0][0][1], chat_id=group)
    await world.telegram.until(lambda: len(world.telegram.answered) == 1)
    assert "Chỉ người đã hỏi" in next(iter(world.telegram.answered.values()))
    assert len(other.shown()) == other.seen


async def test_button_may_be_tapped_before_its_sending_was_noted(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("/start")
    button = official.shown()[-1].buttons[0][0][1]
    # An id that no row has, as while the answer to the sending is still under way.
    world.telegram.tap(101, 987_654, button, stale=True)
    assert "Nguồn" in await official.replies(1) or official.shown()[-1].text.startswith("Không")
    world.telegram.tap(101, 987_654, "chưa từng có nút này", stale=True)
    await world.telegram.until(lambda: len(world.telegram.answered) == 2)
    assert "không còn hiệu lực" in list(world.telegram.answered.values())[-1]


async def test_redelivered_and_malformed_updates_disturb_nobody(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    world.telegram.push({"update_id": 900_000_000, "message": {"message_id": "x", "chat": {"id": 101}}})
    world.telegram.push({"update_id": 900_000_001, "poll": {"id": "1"}})
    world.telegram.push({"update_id": 900_000_002, "unheard_of": {"id": 3, "text": "\0 \ud83d", "deep": deep, "number": float("nan")}})
    update = {
        "update_id": 900_000_003,
        "message": {
            "message_id": 77,
            "date": 1790000000,
            "chat": {"id": 101, "type": "private", "first_name": "A"},
            "from": {"id": 101, "is_bot": False, "first_name": "A"},
            "text": ASKED,
        },
    }
    world.telegram.push(update)
    assert "65%" in await official.replies(1)
    world.telegram.push(update)
    assert "trang" not in await official.write("/huy")
    assert len([one for one in official.shown() if "65%" in one.text]) == 1


async def test_blocked_bot_is_noted_and_an_administrator_told(world: World) -> None:
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    world.telegram.block(101)
    assert "đã chặn trợ lý" in await admin.replies(1)
    world.telegram.unblock(101)
    assert "65%" in await official.write(ASKED)


async def test_picture_or_sticker_gets_a_polite_word(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    world.telegram.send_document(101, "ke-hoach.pdf", b"%PDF-1.4")
    assert "tin nhắn chữ" in await official.replies(1)


async def test_one_phone_cannot_starve_the_others(world: World) -> None:
    async with FakeTelegram(limits=None, token="8002:of-another-bot") as telegram:
        other_bot = {"telegram_api_base": telegram.base_url, "telegram_bot_token": SecretStr(telegram.token)}
        settings = world.settings.model_copy(update={**other_bot, "telegram_mode": "polling", "stranger_rate": 3})
        async with running(settings, world.url):
            noisy, other = Chat(telegram, 301), Chat(telegram, 302)
            for _ in range(30):
                telegram.write(301, ASKED)
            assert "65%" in await other.write(ASKED)
            await telegram.until(lambda: any("gửi nhanh quá" in one.text for one in noisy.shown()))
            assert "65%" in await other.write(FOLLOWED + " năm 2027")
            assert len(noisy.shown()) == 4
