"""What is Telegram's own in a conversation: groups, menus, links, taps that come late, updates that nobody can read."""

from __future__ import annotations

import re
from typing import Any

from pydantic import SecretStr

from db.inbox import InboxRow
from db.outbox import OutboxRow
from tests.telegram_api import FakeTelegram
from tests.telegram_bot import Chat, rows_of, running
from tests.worlds import ADMIN, ASKED, COORDINATOR, FOCAL_POINT, FOLLOWED, LEADER, TelegramWorld


async def test_restart_in_the_middle_of_a_talk_forgets_nothing(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    async with running(world.settings.model_copy(update={"telegram_mode": "polling"}), world.url):
        # The one before has handed over by now, or shares the work: either way nothing is answered twice.
        answer = await official.write(FOLLOWED)
    assert "5G" in answer
    assert len(official.shown()) == official.seen


async def test_typing_is_shown_before_the_answer_and_the_first_answer_tells_what_is_kept(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    stranger = world.chat(102)
    first = await stranger.write(ASKED)
    assert "trợ lý tự động" in first and "12 tháng" in first and "/toi" in first
    assert "trợ lý tự động" not in await stranger.write(FOLLOWED)
    made = [(call.method, call.params.get("chat_id")) for call in world.telegram.calls]
    assert made.index(("sendChatAction", 102)) < made.index(("sendMessage", 102))


async def test_stranger_learns_only_how_to_be_invited(telegram_world: TelegramWorld) -> None:
    world = telegram_world
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


async def test_code_is_not_taken_in_a_group_and_not_kept_once_it_is_sent(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    admin, member = await world.linked(ADMIN, 105), world.chat(106, chat_id=-500)
    code = re.findall(r"^[A-Z]{10}$", await admin.write(f"mời {FOCAL_POINT}"), re.MULTILINE)[0]
    assert "riêng" in await member.write(f"/start@{world.telegram.username} {code}")
    await world.telegram.until(lambda: len(admin.shown()) == admin.seen)
    await admin.write("/huy")  # by then the one before is settled
    assert not any(code in one.message.text for one in await rows_of(world.database, OutboxRow))
    assert "Trần Thị Bình" in await world.chat(106).write(code)


async def test_what_a_group_says_among_itself_is_not_kept(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    member = world.chat(101, chat_id=-500)
    for _ in range(3):
        world.telegram.write(101, "chiều nay họp lúc mấy giờ?", chat_id=-500)
    assert "65%" in await member.write(f"/hoi@{world.telegram.username} {ASKED}")
    kept = [one.payload for one in await rows_of(world.database, InboxRow)]
    assert kept[:3] == [{}, {}, {}] and kept[3]
    assert all("mấy giờ" not in str(one) for one in kept)


async def test_menu_shows_the_commands_of_the_role(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    leader = await world.linked(LEADER, 116)
    scopes = world.telegram.commands
    await world.telegram.until(lambda: ('{"chat_id": 116, "type": "chat"}', "") in scopes)
    assert "moi" in str(scopes['{"chat_id": 116, "type": "chat"}', ""])
    assert "moi" not in str(scopes['{"type": "all_private_chats"}', ""])
    await leader.write("xoá tôi chắc chắn")
    await world.telegram.until(lambda: ('{"chat_id": 116, "type": "chat"}', "") not in scopes)


async def test_group_is_answered_only_when_it_calls(telegram_world: TelegramWorld) -> None:
    world = telegram_world
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


async def test_button_may_be_tapped_before_its_sending_was_noted(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("/start")
    button = official.shown()[-1].buttons[0][0][1]
    # An id that no row has, as while the answer to the sending is still under way.
    world.telegram.tap(101, 987_654, button, stale=True)
    assert "Nguồn" in await official.replies(1) or official.shown()[-1].text.startswith("Không")
    world.telegram.tap(101, 987_654, "chưa từng có nút này", stale=True)
    await world.telegram.until(lambda: len(world.telegram.answered) == 2)
    assert "không còn hiệu lực" in list(world.telegram.answered.values())[-1]


async def test_redelivered_and_malformed_updates_disturb_nobody(telegram_world: TelegramWorld) -> None:
    world = telegram_world
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


async def test_blocked_bot_is_noted_and_an_administrator_told(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    admin, official = await world.linked(ADMIN, 105), await world.linked(FOCAL_POINT, 101)
    world.telegram.block(101)
    assert "đã chặn trợ lý" in await admin.replies(1)
    world.telegram.unblock(101)
    assert "65%" in await official.write(ASKED)


async def test_one_phone_cannot_starve_the_others(telegram_world: TelegramWorld) -> None:
    world = telegram_world
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


async def test_phone_links_only_its_owner(telegram_world: TelegramWorld) -> None:
    assert "của chính anh/chị" in await telegram_world.chat(110).share_phone(FOCAL_POINT, owner_id=999)


async def test_invitation_comes_as_a_link_too(telegram_world: TelegramWorld) -> None:
    offer = await (await telegram_world.linked(ADMIN, 105)).write("mời 0912 000 001")
    code = re.search(r"^[A-Z]{10}$", offer, re.MULTILINE)
    assert code and f"https://t.me/{telegram_world.telegram.username}?start={code[0]}" in offer


async def test_only_administrator_who_can_be_reached_stays(telegram_world: TelegramWorld) -> None:
    first = telegram_world.chat(114)
    await first.write("mot-ma-quan-tri-du-dai")
    await first.share_phone(COORDINATOR)
    assert "duy nhất" in await first.write("xoá tôi chắc chắn")
