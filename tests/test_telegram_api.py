"""The fake Telegram refuses what the real one refuses, as the two client libraries see it."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import io
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import aiogram
import aiohttp
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    ForceReply,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from PIL import Image
from telegram import error as ptb_error
from telegram.request import HTTPXRequest

from tests.telegram_api import FakeTelegram
from tests.telegram_faults import Fault, Limits

AN = 5001
BINH = 5002
GROUP = -77
DOCUMENT = BufferedInputFile(b"%PDF-1.7", "Kế hoạch 57.pdf")


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A service without limits of number, to which An is known."""
    async with FakeTelegram(limits=None) as opened:
        opened.known(AN)
        yield opened


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[aiogram.Bot]:
    async with aiogram_bot(fake) as opened:
        yield opened


@asynccontextmanager
async def aiogram_bot(fake: FakeTelegram, token: str = "") -> AsyncIterator[aiogram.Bot]:
    """aiogram's client of a fake, closed without its quarter of a second for the end of a TLS that is not here."""
    session = copy.copy(_session())
    session.api = TelegramAPIServer.from_base(fake.base_url)
    yield aiogram.Bot(token or fake.token, session=session)
    await (await session.create_session()).close()


@cache
def _session() -> AiohttpSession:
    # Reads all certificates, which takes longer than a test.
    return AiohttpSession()


@pytest.fixture
async def ptb(fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    # Without it the mere making of a RetryAfter warns.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with ptb_bot(fake) as opened:
        yield opened


def ptb_bot(fake: FakeTelegram) -> telegram.Bot:
    """python-telegram-bot's client of a fake, whose two pools would else read all certificates too."""
    pools = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]
    base, files = f"{fake.base_url}/bot", f"{fake.base_url}/file/bot"
    return telegram.Bot(fake.token, base_url=base, base_file_url=files, request=pools[0], get_updates_request=pools[1])


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Hook:
    """A server of the bot's own, to which updates are pushed. It answers 200 unless told otherwise."""

    def __init__(self) -> None:
        self.url = ""
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = self.most_at_once = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        self.came.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), await request.json()))
        await self.gate.wait()
        self.at_once -= 1
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


async def serve(path: str, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> tuple[web.AppRunner, str]:
    app = web.Application()
    app.router.add_post(path, handler)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}{path}"


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    opened = Hook()
    runner, opened.url = await serve("/hook", opened.handle)
    yield opened
    await runner.cleanup()


async def refusal(call: Awaitable[object]) -> str:
    with pytest.raises(TelegramBadRequest) as caught:
        await call
    return caught.value.message


def buttons(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in row] for row in rows]
    )


def picture(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height)).save(data, "PNG")
    return data.getvalue()


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("<b> </b>", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("🏛" * 2049, "message is too long"),
        ("ớ" * 11_000, "text is too long"),
    ],
)
async def test_text_of_a_wrong_length_is_refused(bot: aiogram.Bot, fake: FakeTelegram, text: str, said: str) -> None:
    assert await refusal(bot.send_message(AN, text, parse_mode="HTML")) == f"Bad Request: {said}"
    assert fake.messages(AN) == []


async def test_length_counts_what_is_shown_not_the_markup(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    await bot.send_message(AN, "<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert fake.messages(AN)[0].text == "<" * 4096


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>Hạn</b> 25/11", "Hạn 25/11", ["bold 0 3"]),
        ("🏛 <i>Sở</i>", "🏛 Sở", ["italic 3 2"]),
        ("<b>a <u>b</u></b>", "a b", ["bold 0 3", "underline 2 1"]),
        ("<STRONG>a</strong>", "a", ["bold 0 1"]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", ["strikethrough 0 1", "strikethrough 1 1", "strikethrough 2 1"]),
        ('<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>', "ab", ["spoiler 0 1", "spoiler 1 1"]),
        ('<a href="https://a.vn/?b=1&amp;c=2">xem</a>', "xem", ["text_link 0 3 https://a.vn/?b=1&c=2"]),
        ("<code>a</code>", "a", ["code 0 1"]),
        ('<pre><code class="language-python">a</code></pre>', "a", ["pre 0 1 python"]),
        ("<blockquote>a</blockquote>", "a", ["blockquote 0 1"]),
        ("<blockquote expandable>a</blockquote>", "a", ["expandable_blockquote 0 1"]),
        ('<tg-time unix="1790000000" format="wDt">thứ Hai</tg-time>', "thứ Hai", ["date_time 0 7 1790000000 wDt"]),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", ["custom_emoji 0 2 5368324170671202286"]),
        ("a &lt; b &amp;&#38; &quot;c&quot; &#x1F44D;", 'a < b && "c" 👍', []),
        ("Văn hóa & Thể thao", "Văn hóa & Thể thao", []),
        ("  <b> a </b>\n", "a", ["bold 0 1"]),
    ],
)
async def test_html_is_shown_as_text_with_entities(bot: aiogram.Bot, html: str, text: str, entities: list[str]) -> None:
    message = await bot.send_message(AN, html, parse_mode="HTML")
    assert message.text == text
    extra = ("url", "language", "custom_emoji_id", "unix_time", "date_time_format")
    found = [
        " ".join(str(part) for part in (one.type, one.offset, one.length, *(getattr(one, name) for name in extra)) if part is not None)
        for one in message.entities or []
    ]
    assert found == entities


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("dòng<br>mới", 'Unsupported start tag "br" at byte offset 5'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("ở 3 < 5 >", 'Unsupported start tag "" at byte offset 6'),
        ("3<5 >", 'Unsupported start tag "5" at byte offset 1'),
        ("3 <", "Unclosed start tag at byte offset 2"),
        ("a <b và c", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b x", "Unclosed end tag at byte offset 4"),
        ('<b "x">a</b>', 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", 'Tag "blockquote" is nested in another at byte offset 13'),
        ("a&nbsp;b", 'Unsupported character reference "&nbsp;" at byte offset 1'),
        ("&#0;", 'Unsupported character reference "&#0;" at byte offset 0'),
        ('<tg-time format="wDt">a</tg-time>', "Invalid date specified"),
        ('<tg-time unix="1790000000" format="xx">a</tg-time>', "Invalid date format used"),
        ('<tg-emoji emoji-id="like">a</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
async def test_html_that_telegram_does_not_read_is_refused(bot: aiogram.Bot, html: str, said: str) -> None:
    assert await refusal(bot.send_message(AN, html, parse_mode="HTML")) == f"Bad Request: can't parse entities: {said}"


async def test_other_parse_modes_are_refused(bot: aiogram.Bot) -> None:
    assert await refusal(bot.send_message(AN, "*a*", parse_mode="MarkdownV2")) == "Bad Request: unsupported parse_mode"


async def test_entities_may_be_given_instead_of_markup_but_within_the_text(ptb: telegram.Bot) -> None:
    bold = telegram.MessageEntity("bold", 0, 3)
    message = await ptb.send_message(AN, "Hạn", entities=[bold])
    assert message.entities == (bold,)
    with pytest.raises(ptb_error.BadRequest, match="ends after the end of the text"):
        await ptb.send_message(AN, "Hạn", entities=[telegram.MessageEntity("bold", 0, 4)])


# ---------------------------------------------------------------- buttons


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        (buttons([("Xong", "x" * 65)]), "BUTTON_DATA_INVALID"),
        (buttons([("Xong", "ở" * 22)]), "BUTTON_DATA_INVALID"),
        (buttons([("Xong", "")]), "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (buttons([(" ", "x")]), "inline keyboard button text must be non-empty"),
        (buttons(*[[("Xong", "x")]] * 101), "reply markup is too long"),
        (
            InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="a", callback_data="a", url="https://a.vn")]]),
            "can't parse inline keyboard button: InlineKeyboardButton must have exactly one optional field",
        ),
        (
            InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="a", url="http://localhost")]]),
            "inline keyboard button URL 'http://localhost' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_inline_buttons_out_of_bounds_are_refused(bot: aiogram.Bot, markup: InlineKeyboardMarkup, said: str) -> None:
    assert await refusal(bot.send_message(AN, "Chọn", reply_markup=markup)) == f"Bad Request: {said}"


async def test_buttons_within_the_bounds_are_shown_in_their_rows(ptb: telegram.Bot, fake: FakeTelegram) -> None:
    rows = [
        [telegram.InlineKeyboardButton("Xong", callback_data="x" * 64), telegram.InlineKeyboardButton("Chưa", callback_data="ở" * 21)],
        [telegram.InlineKeyboardButton("Mở", url="https://a.vn/x")],
    ]
    await ptb.send_message(AN, "Chọn", reply_markup=telegram.InlineKeyboardMarkup(rows))
    assert fake.messages(AN)[0].buttons == [[("Xong", "x" * 64), ("Chưa", "ở" * 21)], [("Mở", "")]]


@pytest.mark.parametrize(
    "markup", ["{", "[]", '{"inline_keyboard": [{"text": "a"}]}', '{"inline_keyboard": [["a"]]}', '{"keyboard": ["a"]}']
)
async def test_markup_of_the_wrong_shape_is_refused(http: aiohttp.ClientSession, fake: FakeTelegram, markup: str) -> None:
    status, answer = await post(http, fake, "sendMessage", data={"chat_id": str(AN), "text": "a", "reply_markup": markup})
    assert (status, answer["ok"]) == (400, False)


async def test_phone_may_be_asked_for_in_private_only(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.known(GROUP)
    markup = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Gửi số điện thoại", request_contact=True)]])
    await bot.send_message(AN, "Số điện thoại?", reply_markup=markup)
    shown = fake.messages(AN)[0].markup
    assert shown and shown["keyboard"][0][0]["request_contact"]
    said = await refusal(bot.send_message(GROUP, "Số điện thoại?", reply_markup=markup))
    assert said == "Bad Request: phone number can be requested in private chats only"


async def test_tap_brings_the_message_and_is_answered_once(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=buttons([("Xong", "done")]))
    fake.tap(AN, sent.message_id, "done")
    query = (await bot.get_updates())[-1].callback_query
    assert query and isinstance(query.message, Message)
    assert (query.data, query.from_user.id, query.message.message_id) == ("done", AN, sent.message_id)
    assert query.message.reply_markup and query.chat_instance
    assert await refusal(bot.answer_callback_query(query.id, "ă" * 201)) == "Bad Request: MESSAGE_TOO_LONG"
    assert await bot.answer_callback_query(query.id, "Đã ghi")
    assert fake.answered == {query.id: "Đã ghi"}
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await refusal(bot.answer_callback_query(query.id)) == too_old
    assert await refusal(bot.answer_callback_query("17")) == too_old


async def test_only_shown_buttons_can_be_tapped_unless_the_tap_is_stale(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=buttons([("Xong", "done")]))
    await bot.edit_message_reply_markup(chat_id=AN, message_id=sent.message_id)
    with pytest.raises(ValueError, match="shows no button"):
        fake.tap(AN, sent.message_id, "done")
    fake.tap(AN, sent.message_id, "done", stale=True)
    await bot.delete_message(AN, sent.message_id)
    fake.tap(AN, sent.message_id, "done", stale=True)
    first, second = [update.callback_query for update in await bot.get_updates()]
    assert first and isinstance(first.message, Message) and first.message.reply_markup is None
    assert second and isinstance(second.message, InaccessibleMessage)


async def test_press_finds_the_newest_button_by_its_label(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    await bot.send_message(AN, "Cũ", reply_markup=buttons([("✅ Xong", "old")]))
    await bot.send_message(AN, "Mới", reply_markup=buttons([("✅ Xong hết", "all"), ("✅ Xong", "new")]))
    fake.press(AN, "✅ Xong")
    fake.press(AN, "Xong h")
    assert [update.callback_query and update.callback_query.data for update in await bot.get_updates()] == ["new", "all"]
    with pytest.raises(ValueError, match="no button «Hoãn»"):
        fake.press(AN, "Hoãn")


# ---------------------------------------------------------------- edits


async def test_edit_changes_what_is_shown_and_takes_buttons_away(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_message(AN, "Chọn", reply_markup=buttons([("Xong", "done")]))
    await bot.edit_message_text("<b>Đã xong</b>", chat_id=AN, message_id=sent.message_id, parse_mode="HTML")
    (shown,) = fake.messages(AN)
    assert (shown.text, shown.html, shown.buttons, shown.edited) == ("Đã xong", "<b>Đã xong</b>", [], True)


async def test_edit_that_changes_nothing_is_refused(bot: aiogram.Bot) -> None:
    markup = buttons([("Xong", "done")])
    number = (await bot.send_message(AN, "Chọn", reply_markup=markup)).message_id
    for edit in (
        bot.edit_message_text("<i></i>Chọn ", chat_id=AN, message_id=number, parse_mode="HTML", reply_markup=markup),
        bot.edit_message_reply_markup(chat_id=AN, message_id=number, reply_markup=markup),
    ):
        assert (await refusal(edit)).startswith("Bad Request: message is not modified: specified new message content")
    await bot.edit_message_text("<b>Chọn</b>", chat_id=AN, message_id=number, parse_mode="HTML", reply_markup=markup)


async def test_edit_of_what_cannot_be_edited_is_refused(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.write(AN, "chào")
    asking = await bot.send_message(AN, "Tên?", reply_markup=ForceReply())
    document = await bot.send_document(AN, DOCUMENT)
    said = {
        99: "message to edit not found",
        1: "message can't be edited",
        asking.message_id: "message can't be edited",
        document.message_id: "there is no text in the message to edit",
    }
    for message_id, words in said.items():
        assert await refusal(bot.edit_message_text("a", chat_id=AN, message_id=message_id)) == f"Bad Request: {words}"
    assert await refusal(bot.edit_message_text("a", chat_id=BINH, message_id=1)) == "Bad Request: chat not found"
    assert await refusal(bot.edit_message_text("a" * 4097, chat_id=AN, message_id=1)) == "Bad Request: MESSAGE_TOO_LONG"


async def test_edit_takes_inline_keyboards_only(http: aiohttp.ClientSession, bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_message(AN, "Chọn")
    edit = {"chat_id": AN, "message_id": sent.message_id, "text": "a", "reply_markup": {"force_reply": True}}
    _, answer = await post(http, fake, "editMessageText", json=edit)
    assert answer["description"] == "Bad Request: inline keyboard expected"


async def test_deleted_message_is_gone(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_message(AN, "a")
    await bot.delete_message(AN, sent.message_id)
    assert fake.messages(AN) == []
    assert await refusal(bot.delete_message(AN, sent.message_id)) == "Bad Request: message to delete not found"


# ---------------------------------------------------------------- chats


async def test_bot_cannot_write_to_who_never_wrote(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.write(BINH, "chào nhóm", chat_id=GROUP)
    with pytest.raises(TelegramForbiddenError) as caught:
        await bot.send_message(BINH, "a")
    assert caught.value.message == "Forbidden: bot can't initiate conversation with a user"
    fake.write(BINH, "/start")
    assert (await bot.send_message(BINH, "a")).chat.id == BINH


@pytest.mark.parametrize("chat_id", [-5, "@khong_co"])
async def test_unknown_chat_is_not_found(bot: aiogram.Bot, chat_id: int | str) -> None:
    assert await refusal(bot.send_message(chat_id, "a")) == "Bad Request: chat not found"


async def test_blocking_is_told_and_refuses_sends_until_unblocked(ptb: telegram.Bot, fake: FakeTelegram) -> None:
    fake.block(AN)
    with pytest.raises(ptb_error.Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await ptb.send_message(AN, "a")
    with pytest.raises(ptb_error.Forbidden):
        await ptb.send_chat_action(AN, "typing")
    with pytest.raises(ValueError, match="has blocked"):
        fake.write(AN, "a")
    fake.unblock(AN)
    assert await ptb.send_message(AN, "a")
    changes = [update.my_chat_member for update in await ptb.get_updates()]
    assert [change and change.new_chat_member.status for change in changes] == ["kicked", "member"]


async def test_message_ids_count_per_chat(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.known(BINH)
    fake.write(AN, "a")
    assert [(await bot.send_message(chat, "b")).message_id for chat in (AN, AN, BINH)] == [2, 3, 1]


async def test_reply_needs_its_message(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.write(AN, "Hạn?")
    sent = await bot.send_message(AN, "25/11", reply_parameters=aiogram.types.ReplyParameters(message_id=1))
    assert sent.reply_to_message and sent.reply_to_message.text == "Hạn?"
    assert fake.messages(AN)[0].reply_to == 1
    missing = aiogram.types.ReplyParameters(message_id=99)
    assert await refusal(bot.send_message(AN, "a", reply_parameters=missing)) == "Bad Request: message to be replied not found"
    optional = aiogram.types.ReplyParameters(message_id=99, allow_sending_without_reply=True)
    assert (await bot.send_message(AN, "a", reply_parameters=optional)).reply_to_message is None


async def test_chat_action_is_one_of_those_that_exist(bot: aiogram.Bot) -> None:
    assert await bot.send_chat_action(AN, "typing")
    assert await refusal(bot.send_chat_action(AN, "dancing")) == "Bad Request: wrong parameter action in request"


# ---------------------------------------------------------------- what people send


async def test_commands_and_mentions_are_marked_in_utf_16_units(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.write(AN, "🏛 /tim@nq57_bot nhờ @nq57_bot, 1/5 và /báo", chat_id=GROUP, name="Trần Thị B")
    message = (await bot.get_updates())[0].message
    assert message and message.from_user and message.text
    assert (message.chat.type, message.chat.title, message.from_user.first_name) == ("group", "Nhóm 77", "Trần Thị B")
    assert [(one.type, one.extract_from(message.text)) for one in message.entities or []] == [
        ("bot_command", "/tim@nq57_bot"),
        ("mention", "@nq57_bot"),
    ]


async def test_person_keeps_the_name_once_given(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.known(BINH, name="Trần Thị B")
    fake.write(BINH, "a")
    fake.write(BINH, "b", name="Trần Thị Bình")
    fake.write(BINH, "c")
    senders = [update.message and update.message.from_user for update in await bot.get_updates()]
    assert [sender and sender.full_name for sender in senders] == ["Trần Thị B", "Trần Thị Bình", "Trần Thị Bình"]


async def test_person_may_reply_to_the_bot(ptb: telegram.Bot, fake: FakeTelegram) -> None:
    sent = await ptb.send_message(AN, "Tên?")
    fake.write(AN, "An", reply_to=sent.message_id)
    message = (await ptb.get_updates())[0].message
    assert message and message.reply_to_message and message.reply_to_message.from_user
    assert message.reply_to_message.from_user.id == fake.bot_id
    with pytest.raises(ValueError, match="no message 99"):
        fake.write(AN, "An", reply_to=99)


@pytest.mark.parametrize(("owner", "user_id"), [(None, AN), (BINH, BINH)])
async def test_shared_phone_says_whose_it_is(ptb: telegram.Bot, fake: FakeTelegram, owner: int | None, user_id: int) -> None:
    fake.share_phone(AN, "84901234567", owner_id=owner)
    message = (await ptb.get_updates())[0].message
    assert message and message.contact
    assert (message.contact.phone_number, message.contact.user_id) == ("84901234567", user_id)


async def test_document_of_a_person_is_downloaded(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    fake.send_document(AN, "Kế hoạch.docx", b"PK\x03\x04", caption="Xem giúp")
    message = (await bot.get_updates())[0].message
    assert message and message.document and message.caption == "Xem giúp"
    assert (message.document.file_name, message.document.file_size) == ("Kế hoạch.docx", 4)
    file = await bot.download(message.document)
    assert file and file.read() == b"PK\x03\x04"
    assert await (await ptb.get_file(message.document.file_id)).download_as_bytearray() == b"PK\x03\x04"


async def test_file_must_be_asked_for_before_it_is_downloaded(http: aiohttp.ClientSession, bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.send_document(AN, "a.pdf", b"1")
    url = f"{fake.base_url}/file/bot{fake.token}/documents/file_1.pdf"
    async with http.get(url) as answer:
        assert answer.status == 404
    message = (await bot.get_updates())[0].message
    assert message and message.document
    assert (await bot.get_file(message.document.file_id)).file_path == "documents/file_1.pdf"
    async with http.get(url) as answer:
        assert (answer.status, await answer.read()) == (200, b"1")
    async with http.get(url.replace(fake.token, "8001:other")) as answer:
        assert answer.status == 404


async def test_file_over_20_mb_is_too_big_to_get(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.send_document(AN, "a.pdf", b"0" * ((20 << 20) + 1))
    message = (await bot.get_updates())[0].message
    assert message and message.document
    assert await refusal(bot.get_file(message.document.file_id)) == "Bad Request: file is too big"
    assert await refusal(bot.get_file("AgAD")) == "Bad Request: invalid file_id"


# ---------------------------------------------------------------- files of the bot


async def test_both_clients_send_documents_by_name(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    await bot.send_document(AN, DOCUMENT, caption="<b>Kế hoạch</b>", parse_mode="HTML", reply_markup=buttons([("Xong", "done")]))
    await ptb.send_document(AN, b"%PDF-1.4", filename="Báo cáo quý.pdf")
    first, second = fake.messages(AN)
    assert (first.document, first.text, first.buttons) == (("Kế hoạch 57.pdf", b"%PDF-1.7"), "Kế hoạch", [[("Xong", "done")]])
    assert second.document == ("Báo cáo quý.pdf", b"%PDF-1.4")
    assert [call.files for call in fake.calls if call.files] == [{"Kế hoạch 57.pdf": b"%PDF-1.7"}, {"Báo cáo quý.pdf": b"%PDF-1.4"}]


async def test_file_is_sent_again_by_its_id(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_document(AN, DOCUMENT)
    assert sent.document
    await bot.send_document(AN, sent.document.file_id)
    assert fake.messages(AN)[1].document == ("Kế hoạch 57.pdf", b"%PDF-1.7")


async def test_both_clients_send_photos(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    data = picture(30, 20)
    sent = await bot.send_photo(AN, BufferedInputFile(data, "biểu đồ.png"), caption="Quý I")
    assert sent.photo and (sent.photo[-1].width, sent.photo[-1].height) == (30, 20)
    await ptb.send_photo(AN, data, filename="biểu đồ.png")
    assert [shown.photo for shown in fake.messages(AN)] == [("biểu đồ.png", data)] * 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
        (picture(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (b"0" * ((10 << 20) + 1), "file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"),
        (b"", "file must be non-empty"),
    ],
)
async def test_photo_that_telegram_does_not_take_is_refused(bot: aiogram.Bot, data: bytes, said: str) -> None:
    assert await refusal(bot.send_photo(AN, BufferedInputFile(data, "a.png"))) == f"Bad Request: {said}"


async def test_document_over_50_mb_is_refused(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(AN, BufferedInputFile(b"0" * ((50 << 20) + 1), "a.zip"))
    assert fake.messages(AN) == []


@pytest.mark.parametrize(
    ("document", "caption", "said"),
    [
        (DOCUMENT, "a" * 1025, "message caption is too long"),
        (DOCUMENT, "<b>a", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("attach://nothing", "", "there is no document in the request"),
        ("BQAC", "", "wrong remote file identifier specified: Wrong padding in the string"),
        (BufferedInputFile(b"", "a.pdf"), "", "file must be non-empty"),
    ],
)
async def test_document_with_a_fault_is_refused(bot: aiogram.Bot, document: BufferedInputFile | str, caption: str, said: str) -> None:
    assert await refusal(bot.send_document(AN, document, caption=caption, parse_mode="HTML")) == f"Bad Request: {said}"


# ---------------------------------------------------------------- commands


async def test_commands_are_kept_by_scope_and_language(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    help_, find = BotCommand(command="help", description="Trợ giúp"), BotCommand(command="tim", description="Tìm")
    await bot.set_my_commands([help_])
    await bot.set_my_commands([help_, find], scope=BotCommandScopeAllPrivateChats(), language_code="vi")
    assert [(scope, language, len(commands)) for (scope, language), commands in fake.commands.items()] == [
        ('{"type": "default"}', "", 1),
        ('{"type": "all_private_chats"}', "vi", 2),
    ]
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []


@pytest.mark.parametrize(
    ("command", "description", "said"),
    [
        ("Help", "a", "BOT_COMMAND_INVALID"),
        ("tìm", "a", "BOT_COMMAND_INVALID"),
        ("a" * 33, "a", "command length must not exceed 32"),
        ("", "a", "command must be non-empty"),
        ("a", "", "command description must be non-empty"),
        ("a", "a" * 257, "command description length must not exceed 256"),
    ],
)
async def test_command_out_of_bounds_is_refused(bot: aiogram.Bot, command: str, description: str, said: str) -> None:
    commands = [BotCommand(command=command, description=description)]
    assert await refusal(bot.set_my_commands(commands)) == f"Bad Request: {said}"


async def test_more_than_100_commands_are_refused(bot: aiogram.Bot) -> None:
    commands = [BotCommand(command=f"c{number}", description="a") for number in range(101)]
    assert await refusal(bot.set_my_commands(commands)) == "Bad Request: BOT_COMMANDS_TOO_MUCH"
    assert await bot.set_my_commands(commands[:100])


@pytest.mark.parametrize(
    "asked", [{"scope": {"type": "everybody"}}, {"scope": {"type": "chat"}}, {"scope": "{"}, {"language_code": "vie"}, {"commands": "{"}]
)
async def test_commands_for_nobody_are_refused(http: aiohttp.ClientSession, fake: FakeTelegram, asked: dict[str, Any]) -> None:
    commands = [{"command": "a", "description": "a"}]
    assert (await post(http, fake, "setMyCommands", json={"commands": commands} | asked))[0] == 400


# ---------------------------------------------------------------- polling


def ids(updates: list[Update]) -> list[int]:
    return [update.update_id for update in updates]


async def test_updates_come_again_until_an_offset_confirms_them(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    first, second, third = (fake.write(AN, text) for text in "abc")
    assert ids(await bot.get_updates()) == ids(await bot.get_updates()) == [first, second, third]
    assert ids(await bot.get_updates(limit=1)) == [first]
    assert ids(await bot.get_updates(offset=second)) == [second, third]
    assert ids(await bot.get_updates()) == [second, third]
    assert ids(await bot.get_updates(offset=-1)) == [third]
    assert fake.pending == 1
    assert await bot.get_updates(offset=third + 1) == []
    assert fake.pending == 0


async def test_no_more_than_100_updates_come_at_once(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    for _ in range(101):
        fake.write(AN, "a")
    assert len(await bot.get_updates(limit=200)) == 100


async def test_waiting_poll_ends_with_the_first_update(ptb: telegram.Bot, fake: FakeTelegram) -> None:
    polling = asyncio.create_task(ptb.get_updates(timeout=30))
    await fake.until(lambda: any(call.method == "getUpdates" for call in fake.calls))
    began = time.monotonic()
    update_id = fake.write(AN, "a")
    assert [update.update_id for update in await polling] == [update_id]
    assert time.monotonic() - began < 1


async def test_poll_waits_its_time_and_brings_nothing(bot: aiogram.Bot) -> None:
    began = time.monotonic()
    assert await bot.get_updates(timeout=1) == []
    assert 0.99 <= time.monotonic() - began < 2


async def test_allowed_updates_filter_and_are_remembered(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await bot.get_updates()
    fake.block(AN)
    fake.unblock(AN)
    wanted = fake.write(AN, "a")
    assert ids(await bot.get_updates(offset=wanted)) == [wanted]
    await bot.get_updates(allowed_updates=[])
    changed = fake.block(AN)
    fake.push({"update_id": changed + 1, "message_reaction": {}})
    assert ids(await bot.get_updates(offset=changed)) == [changed]


async def test_newer_poll_ends_the_older_one(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: len(fake.calls) == 2)
    newer = asyncio.create_task(ptb.get_updates(timeout=30))
    with pytest.raises(TelegramConflictError, match="Conflict: terminated by other getUpdates request"):
        await older
    fake.write(AN, "a")
    assert len(await newer) == 1


async def test_update_is_delivered_again_when_it_is_pushed_again(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    update_id = fake.write(AN, "a")
    (update,) = await bot.get_updates()
    await bot.get_updates(offset=update_id + 1)
    fake.push(update.model_dump(mode="json", exclude_none=True, by_alias=True))
    assert ids(await bot.get_updates(offset=update_id + 1)) == [update_id]
    assert ids(await bot.get_updates(offset=update_id + 1)) == []


async def test_malformed_update_stays_until_it_is_confirmed(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.push({"update_id": 1, "message": {"text": "no chat"}})
    after = fake.write(AN, "a")
    for _ in range(2):
        with pytest.raises(ClientDecodeError):
            await bot.get_updates()
    assert ids(await bot.get_updates(offset=2)) == [after]


async def test_abandoned_poll_takes_nothing_from_the_next(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    with pytest.raises(TelegramNetworkError):
        await bot(aiogram.methods.GetUpdates(timeout=30), request_timeout=0.05)  # type: ignore[arg-type]
    fake.write(AN, "a")
    assert len(await ptb.get_updates(timeout=30)) == 1


# ---------------------------------------------------------------- webhook


async def test_webhook_gets_updates_in_order_with_the_secret(ptb: telegram.Bot, fake: FakeTelegram, hook: Hook) -> None:
    before = fake.write(AN, "0")
    await ptb.set_webhook(hook.url, secret_token="s3cret-_")
    after = [fake.write(AN, text) for text in "123"]
    await fake.until(lambda: fake.pending == 0)
    assert [(secret, update["update_id"]) for secret, update in hook.came] == [("s3cret-_", number) for number in (before, *after)]
    assert fake.deliveries == [(number, 200) for number in (before, *after)]


async def test_update_that_the_webhook_does_not_take_comes_again(hook: Hook) -> None:
    async with FakeTelegram(webhook_retry=0.01) as fake, ptb_bot(fake) as ptb:
        hook.statuses = [500, 302, 201]
        await ptb.set_webhook(hook.url)
        first, second = fake.write(AN, "1"), fake.write(AN, "2")
        await fake.until(lambda: fake.pending == 0)
        assert [update["update_id"] for _, update in hook.came] == [first, first, first, second]
        assert fake.deliveries == [(first, 500), (first, 302), (first, 201), (second, 200)]
        info = await ptb.get_webhook_info()
        assert (info.last_error_message, info.url) == ("Wrong response from the webhook: 302 Found", hook.url)


async def test_webhook_that_is_not_there_leaves_updates_pending(ptb: telegram.Bot, fake: FakeTelegram, unused_tcp_port: int) -> None:
    await ptb.set_webhook(f"http://127.0.0.1:{unused_tcp_port}/", max_connections=7, allowed_updates=["message"])
    update_id = fake.write(AN, "1")
    await fake.until(lambda: (update_id, 0) in fake.deliveries)
    info = await ptb.get_webhook_info()
    assert (info.pending_update_count, info.max_connections, info.allowed_updates) == (1, 7, ("message",))
    await ptb.delete_webhook()
    assert [update.update_id for update in await ptb.get_updates()] == [update_id]


async def test_webhook_drops_what_is_pending_when_asked(ptb: telegram.Bot, fake: FakeTelegram, hook: Hook) -> None:
    fake.write(AN, "1")
    await ptb.set_webhook(hook.url, drop_pending_updates=True)
    second = fake.write(AN, "2")
    await fake.until(lambda: fake.pending == 0)
    assert fake.deliveries == [(second, 200)]


@pytest.mark.parametrize(("max_connections", "people", "most"), [(2, 5, 2), (40, 5, 5), (40, 1, 1)])
async def test_webhook_has_no_more_connections_than_allowed(
    ptb: telegram.Bot, fake: FakeTelegram, hook: Hook, max_connections: int, people: int, most: int
) -> None:
    hook.gate.clear()
    await ptb.set_webhook(hook.url, max_connections=max_connections)
    for number in range(10):
        fake.write(BINH + number % people, str(number))
    # What is answered after the pushes were begun shows that no further one was.
    while hook.at_once < most:
        await ptb.get_me()
    await ptb.get_me()
    assert hook.at_once == most
    hook.gate.set()
    await fake.until(lambda: fake.pending == 0)
    assert hook.most_at_once == most
    by_chat = [[update["update_id"] for _, update in hook.came if update["message"]["chat"]["id"] == BINH + n] for n in range(people)]
    assert all(numbers == sorted(numbers) for numbers in by_chat) and sum(map(len, by_chat)) == 10


async def test_polling_is_refused_while_a_webhook_is_set(bot: aiogram.Bot, fake: FakeTelegram, hook: Hook) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: len(fake.calls) == 1)
    await bot.set_webhook(hook.url)
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await polling
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("http://example.com/hook", None, "invalid webhook URL specified"),
        ("https://example.com/hook", "a" * 257, "secret token is too long"),
        ("https://example.com/hook", "mật", "secret token contains unallowed characters"),
    ],
)
async def test_webhook_out_of_bounds_is_refused(bot: aiogram.Bot, url: str, secret: str | None, said: str) -> None:
    assert await refusal(bot.set_webhook(url, secret_token=secret)) == f"Bad Request: {said}"


async def test_aiogram_answers_from_behind_a_webhook(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    dispatcher = aiogram.Dispatcher()

    @dispatcher.message()
    async def answer(message: Message) -> None:
        await message.answer(f"Đã nhận: {message.text}")

    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="s3cret")
    runner, url = await serve("/hook", handler.handle)
    try:
        await bot.set_webhook(url, secret_token="s3cret")
        fake.write(AN, "chào")
        assert (await fake.shown(AN))[0].text == "Đã nhận: chào"
    finally:
        await runner.cleanup()


# ---------------------------------------------------------------- the wire


async def post(http: aiohttp.ClientSession, fake: FakeTelegram, method: str, **kwargs: Any) -> tuple[int, dict[str, Any]]:
    async with http.post(f"{fake.base_url}/bot{fake.token}/{method}", **kwargs) as answer:
        return answer.status, await answer.json()


def multipart() -> aiohttp.FormData:
    form = aiohttp.FormData({"chat_id": str(AN), "text": "Chào & hỏi", "reply_parameters": '{"message_id": 1}'})
    form.add_field("unused", b"1", filename="a.txt")
    return form


@pytest.mark.parametrize(
    "kwargs",
    [
        {"params": {"chat_id": AN, "text": "Chào & hỏi", "reply_parameters": '{"message_id": 1}'}},
        {"data": {"chat_id": AN, "text": "Chào & hỏi", "reply_parameters": '{"message_id": 1}'}},
        {"json": {"chat_id": AN, "text": "Chào & hỏi", "reply_parameters": {"message_id": 1}}},
        {"json": {"chat_id": str(AN), "text": "Chào & hỏi", "reply_parameters": '{"message_id": 1}'}},
        {"data": multipart},
    ],
)
async def test_parameters_come_in_any_of_the_four_ways(http: aiohttp.ClientSession, fake: FakeTelegram, kwargs: dict[str, Any]) -> None:
    fake.write(AN, "Hạn?")
    kwargs = {name: value() if callable(value) else value for name, value in kwargs.items()}
    status, answer = await post(http, fake, "sendMessage", **kwargs)
    assert (status, answer["ok"]) == (200, True)
    assert fake.calls[-1].params == {"chat_id": AN, "text": "Chào & hỏi", "reply_parameters": {"message_id": 1}}
    assert fake.messages(AN)[0].reply_to == 1


async def test_get_request_is_as_good_and_case_is_the_same(http: aiohttp.ClientSession, fake: FakeTelegram) -> None:
    async with http.get(f"{fake.base_url}/bot{fake.token}/SENDmessage", params={"chat_id": AN, "text": "a"}) as answer:
        assert answer.status == 200
    assert fake.calls[-1].method == "sendMessage"


@pytest.mark.parametrize("body", ["{", "[]", "\xff"])
async def test_broken_json_is_refused(http: aiohttp.ClientSession, fake: FakeTelegram, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await post(http, fake, "sendMessage", data=body.encode("latin-1"), headers=headers))[0] == 400


async def test_wrong_token_is_unauthorized(http: aiohttp.ClientSession, fake: FakeTelegram) -> None:
    async with aiogram_bot(fake, token="8001:wrong") as bot:
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()
    async with http.post(f"{fake.base_url}/bot8001:wrong/getMe") as answer:
        assert (answer.status, await answer.json()) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_unknown_method_is_not_found(bot: aiogram.Bot, ptb: telegram.Bot) -> None:
    with pytest.raises(TelegramNotFound):
        await bot.send_dice(AN)
    with pytest.raises(ptb_error.EndPointNotFound):
        await ptb.do_api_request("sendNothing")


async def test_both_clients_are_told_who_the_bot_is(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    assert ((await bot.get_me()).id, (await bot.get_me()).username) == (fake.bot_id, "nq57_bot")
    assert (ptb.id, ptb.username) == (fake.bot_id, "nq57_bot")


# ---------------------------------------------------------------- limits


async def flood(fake: FakeTelegram, bot: aiogram.Bot, sends: list[tuple[float, int]]) -> list[int | None]:
    """What sends at these seconds to these chats got: None, or how long to wait."""
    got: list[int | None] = []
    for at, chat_id in sends:
        fake.clock = lambda at=at: 1000.0 + at  # type: ignore[misc]
        try:
            await bot.send_message(chat_id, "a")
            got.append(None)
        except TelegramRetryAfter as error:
            got.append(error.retry_after)
    return got


@pytest.mark.parametrize(
    ("sends", "wanted"),
    [
        ([(0, AN), (0.5, AN), (1.0, AN)], [None, 1, None]),
        ([(0, AN), (0.996, AN)], [None, None]),
        ([(0, AN), (0.9, AN), (0.99, AN)], [None, 1, 1]),
        ([(0, AN), (0, BINH)], [None, None]),
        ([(number / 100, 100 + number) for number in range(31)], [None] * 30 + [1]),
        ([(number / 100, GROUP) for number in range(21)], [None] * 20 + [60]),
        ([*[(number, GROUP) for number in range(20)], (59, GROUP), (60, GROUP), (60.5, GROUP)], [*[None] * 20, 1, None, 1]),
    ],
)
async def test_sends_over_the_limits_must_wait(sends: list[tuple[float, int]], wanted: list[int | None]) -> None:
    async with FakeTelegram() as fake, aiogram_bot(fake) as bot:
        fake.known(*{chat_id for _, chat_id in sends})
        assert await flood(fake, bot, sends) == wanted
        assert sum(len(fake.messages(chat_id)) for chat_id in {chat_id for _, chat_id in sends}) == wanted.count(None)


async def test_refusal_for_flooding_is_told_as_telegram_tells_it(http: aiohttp.ClientSession) -> None:
    async with FakeTelegram() as fake:
        fake.known(AN)
        await post(http, fake, "sendMessage", json={"chat_id": AN, "text": "a"})
        status, answer = await post(http, fake, "sendMessage", json={"chat_id": AN, "text": "a"})
        assert status == 429
        assert answer == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }


async def test_actions_edits_and_answers_are_not_counted() -> None:
    async with FakeTelegram() as fake, aiogram_bot(fake) as bot:
        fake.known(AN)
        sent = await bot.send_message(AN, "0", reply_markup=buttons([("Xong", "done")]))
        fake.press(AN, "Xong")
        query = (await bot.get_updates())[0].callback_query
        assert query
        await bot.answer_callback_query(query.id)
        for number in range(1, 40):
            await bot.send_chat_action(AN, "typing")
            await bot.edit_message_text(str(number), chat_id=AN, message_id=sent.message_id)
        with pytest.raises(TelegramRetryAfter):
            await bot.send_document(AN, DOCUMENT)


async def test_single_limits_can_be_switched_off() -> None:
    async with FakeTelegram(limits=Limits(per_chat=None)) as fake, aiogram_bot(fake) as bot:
        fake.known(AN)
        assert await flood(fake, bot, [(0, AN)] * 31) == [None] * 30 + [1]


# ---------------------------------------------------------------- faults

FAULTS: list[tuple[Fault, type[Exception], type[Exception], bool]] = [
    (Fault.too_many(7), TelegramRetryAfter, ptb_error.RetryAfter, False),
    (Fault.BLOCKED, TelegramForbiddenError, ptb_error.Forbidden, False),
    (Fault.DEACTIVATED, TelegramForbiddenError, ptb_error.Forbidden, False),
    (Fault.NOT_STARTED, TelegramForbiddenError, ptb_error.Forbidden, False),
    (Fault.CHAT_NOT_FOUND, TelegramBadRequest, ptb_error.BadRequest, False),
    (Fault.migrated(-100777), TelegramMigrateToChat, ptb_error.ChatMigrated, False),
    (Fault.BAD_MARKUP, TelegramBadRequest, ptb_error.BadRequest, False),
    (Fault.SERVER_ERROR, TelegramServerError, ptb_error.NetworkError, False),
    (Fault.BAD_GATEWAY, ClientDecodeError, ptb_error.NetworkError, False),
    (Fault.UNAUTHORIZED, TelegramUnauthorizedError, ptb_error.InvalidToken, False),
    (Fault.CONFLICT, TelegramConflictError, ptb_error.Conflict, False),
    (Fault.HANG_AFTER, TelegramNetworkError, ptb_error.TimedOut, True),
    (Fault.HANG_BEFORE, TelegramNetworkError, ptb_error.TimedOut, False),
    (Fault.RESET_AFTER, TelegramNetworkError, ptb_error.NetworkError, True),
    (Fault.RESET_BEFORE, TelegramNetworkError, ptb_error.NetworkError, False),
]


@pytest.mark.parametrize(("fault", "of_aiogram", "of_ptb", "arrives"), FAULTS, ids=[fault.name for fault, *_ in FAULTS])
async def test_planned_fault_reaches_both_clients(
    bot: aiogram.Bot,
    ptb: telegram.Bot,
    fake: FakeTelegram,
    fault: Fault,
    of_aiogram: type[Exception],
    of_ptb: type[Exception],
    arrives: bool,
) -> None:
    fake.fail(fault, times=2)
    with pytest.raises(of_aiogram):
        await bot.send_message(AN, "a", request_timeout=0.1)  # type: ignore[arg-type]
    with pytest.raises(of_ptb):
        await ptb.send_message(AN, "a", read_timeout=0.1)
    failed = fake.calls[-2:]
    assert [(call.method, call.status, call.fault) for call in failed] == [("sendMessage", fault.status, fault)] * 2
    assert len(fake.messages(AN)) == (2 if arrives else 0)
    await bot.send_message(AN, "a")
    assert len(fake.messages(AN)) == (3 if arrives else 1)


async def test_fault_carries_its_numbers(bot: aiogram.Bot, ptb: telegram.Bot, fake: FakeTelegram) -> None:
    fake.fail(Fault.too_many(7), times=2)
    with pytest.raises(TelegramRetryAfter) as too_many:
        await bot.send_message(AN, "a")
    with pytest.raises(ptb_error.RetryAfter) as too_many_too:
        await ptb.send_message(AN, "a")
    assert (too_many.value.retry_after, too_many_too.value.retry_after) == (7, dt.timedelta(seconds=7))
    fake.known(GROUP)
    fake.fail(Fault.migrated(-1000000000777), chat_id=GROUP)
    with pytest.raises(TelegramMigrateToChat) as migrated:
        await bot.send_message(GROUP, "a")
    assert (await bot.send_message(migrated.value.migrate_to_chat_id, "a")).chat.type == "supergroup"


async def test_fault_meets_only_its_method_and_chat(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.known(BINH)
    fake.fail(Fault.SERVER_ERROR, chat_id=BINH)
    fake.fail(Fault.SERVER_ERROR, method="sendDocument")
    await bot.send_message(AN, "a")
    with pytest.raises(TelegramServerError):
        await bot.send_message(BINH, "a")
    with pytest.raises(TelegramServerError):
        await bot.send_document(AN, DOCUMENT)
    await bot.send_message(BINH, "a")


async def test_chaos_is_asked_at_every_call(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    fake.chaos = lambda method, params: Fault.SERVER_ERROR if params.get("text") == "bad" else None
    await bot.send_message(AN, "good")
    with pytest.raises(TelegramServerError):
        await bot.send_message(AN, "bad")


async def test_answers_are_late_by_the_latency_but_polls_are_not() -> None:
    # Long enough that a busy machine is not taken for it.
    latency = 1.0
    async with FakeTelegram(latency=latency) as fake, aiogram_bot(fake) as bot:
        began = time.monotonic()
        await bot.get_updates()
        assert time.monotonic() - began < latency
        await bot.get_me()
        assert time.monotonic() - began >= latency


# ---------------------------------------------------------------- the fake itself


async def test_waiting_in_vain_tells_the_last_calls(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    await bot.send_message(AN, "chào")
    with pytest.raises(AssertionError, match=r"sendMessage .*'text': 'chào'.* → 200"):
        await fake.shown(AN, 2, timeout=0.01)


async def test_waiting_ends_with_the_call(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    waiting = asyncio.create_task(fake.shown(AN, 2))
    await bot.send_message(AN, "a")
    await bot.send_message(AN, "b")
    assert [shown.text for shown in await waiting] == ["a", "b"]


async def test_closing_does_not_wait_for_who_still_waits() -> None:
    async with FakeTelegram() as fake, aiogram_bot(fake) as bot:
        fake.known(AN)
        fake.fail(Fault.HANG_BEFORE)
        waiting = [asyncio.create_task(bot.get_updates(timeout=30)), asyncio.create_task(bot.send_message(AN, "a"))]
        await fake.until(lambda: len(fake.calls) == 2)
        began = time.monotonic()
        await fake.__aexit__(None, None, None)
        assert time.monotonic() - began < 0.5
        polled, hung = await asyncio.gather(*waiting, return_exceptions=True)
        assert polled == [] and isinstance(hung, TelegramAPIError)


async def test_calls_are_kept_in_order_with_their_answers(bot: aiogram.Bot, fake: FakeTelegram) -> None:
    sent = await bot.send_message(AN, "a", reply_markup=buttons([("Xong", "done")]))
    await refusal(bot.send_message(-5, "b"))
    first, second = fake.calls
    assert first.params == {
        "chat_id": AN,
        "text": "a",
        "reply_markup": {"inline_keyboard": [[{"text": "Xong", "callback_data": "done"}]]},
    }
    assert (first.status, first.answer["result"]["message_id"]) == (200, sent.message_id)
    assert (second.status, json.dumps(second.answer)) == (
        400,
        '{"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}',
    )
    assert first.at <= second.at
