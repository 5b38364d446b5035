"""Sending to Telegram over real HTTP: what arrives, and what every trouble says of the message."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

import bot.telegram.sending
import scheduler.sender
from bot.logs import start_logging
from bot.settings import Settings
from bot.telegram.sending import TelegramChannel, bot_id_of, deep_link, identify
from db.engine import Database
from db.files import save_file
from db.messages import Action, Attachment, Message, bold, italic, line, lines, plain
from db.outbox import OutboxRow, OutboxState, Pace, Priority
from scheduler import wording
from scheduler.channel import BadMarkup, Gone, Letter, LockedOut, Moved, NotSent, Outcome, Refused, Sent, Throttled, Uncertain
from scheduler.sender import Sender
from tests.telegram_api import FakeTelegram
from tests.telegram_bot import free_port
from tests.telegram_faults import Fault

AN, GROUP, SUPERGROUP = 101, -500, -1001234567890
DONE, HELP = Action(label="✅ Xong", command="xong PV12"), Action(label="Trợ giúp", command="/trogiup")
LONG = "\n".join(f"Dòng {number}: thúc đẩy chuyển đổi số trong cơ quan nhà nước." for number in range(120))
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(limits=None) as fake:
        fake.known(AN, GROUP)
        yield fake


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


@asynccontextmanager
async def opened(token: str, api_base: str, files: Path) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(token, api_base=api_base, concurrency=4, files_folder=files)
    yield channel
    await channel.close()


@pytest.fixture
async def channel(telegram: FakeTelegram, files: Path) -> AsyncIterator[TelegramChannel]:
    async with opened(telegram.token, telegram.base_url, files) as one:
        yield one


@pytest.fixture
def nowhere() -> str:
    """An address at which nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


def attached(files: Path, file_name: str, data: bytes, *, is_picture: bool = False) -> Attachment:
    saved = save_file(files, data)
    return Attachment(sha256=saved.sha256, file_name=file_name, size=saved.size, is_picture=is_picture)


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, "PNG")
    return buffer.getvalue()


async def send(channel: TelegramChannel, message: Message, chat: int = AN, **given: Any) -> str:
    """Send a message of one part; its id."""
    outcome = await channel.send(Letter(f"{chat}", message, **given))
    assert isinstance(outcome, Sent) and outcome.is_last
    return outcome.message_id


# ---------------------------------------------------------------- what arrives


async def test_words_arrive_with_their_emphasis_and_buttons(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    message = Message(paragraphs=(line("Kính gửi ", bold("Sở Y tế"), ": 5 < 6 & «a»"), line(italic("hạn"))), actions=((DONE, HELP),))
    sent_id = await send(channel, message)
    (shown,) = telegram.messages(AN)
    assert (f"{shown.message_id}", shown.text) == (sent_id, "Kính gửi Sở Y tế: 5 < 6 & «a»\nhạn")
    assert shown.html == "Kính gửi <b>Sở Y tế</b>: 5 &lt; 6 &amp; «a»\n<i>hạn</i>"
    assert shown.buttons == [[("✅ Xong", "xong PV12"), ("Trợ giúp", "/trogiup")]]
    assert telegram.calls[-1].params["link_preview_options"] == {"is_disabled": True}


async def test_without_markup_the_same_words_arrive(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    await send(channel, Message(paragraphs=(line("5 < 6 & ", bold("đậm")),), actions=((DONE,),)), is_plain=True)
    (shown,) = telegram.messages(AN)
    assert (shown.text, shown.buttons) == ("5 < 6 & đậm", [[("✅ Xong", "xong PV12")]])
    assert "parse_mode" not in telegram.calls[-1].params


async def test_long_message_is_sent_part_by_part(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    message = plain(LONG, (DONE,))
    first, second = [await channel.send(Letter(f"{AN}", message, part)) for part in range(2)]
    assert isinstance(first, Sent) and not first.is_last
    assert isinstance(second, Sent) and second.is_last
    shown = telegram.messages(AN)
    assert "\n".join(one.text for one in shown) == LONG
    assert [bool(one.buttons) for one in shown] == [False, True]


async def test_offer_to_share_the_own_number_comes_and_goes(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    await send(channel, Message(paragraphs=lines("Xin chia sẻ số điện thoại."), asks_phone=True))
    await send(channel, Message(paragraphs=lines("Cảm ơn."), hides_keyboard=True))
    offered, hidden = [one.markup or {} for one in telegram.messages(AN)]
    assert [[button["request_contact"] for button in row] for row in offered["keyboard"]] == [[True]]
    assert hidden["remove_keyboard"]


async def test_first_part_alone_answers_the_message_it_is_for(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    telegram.write(AN, "câu hỏi", chat_id=GROUP)
    for part in range(2):
        await channel.send(Letter(f"{GROUP}", plain(LONG), part, reply_to="1"))
    assert [one.reply_to for one in telegram.messages(GROUP)] == [1, None]


async def test_answer_to_a_message_that_was_deleted_arrives_all_the_same(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    await send(channel, plain("trả lời"), reply_to="999")
    assert [(one.text, one.reply_to) for one in telegram.messages(AN)] == [("trả lời", None)]


async def test_document_arrives_byte_for_byte_under_its_name(telegram: FakeTelegram, channel: TelegramChannel, files: Path) -> None:
    data = bytes(range(256)) * 4096
    message = Message(
        paragraphs=lines("Văn bản gốc"), attachments=(attached(files, "Kế hoạch số 57 (bản ký).pdf", data),), actions=((DONE,),)
    )
    await send(channel, message)
    (shown,) = telegram.messages(AN)
    assert shown.document == ("Kế hoạch số 57 (bản ký).pdf", data)
    assert (shown.text, shown.buttons) == ("Văn bản gốc", [[("✅ Xong", "xong PV12")]])


async def test_picture_arrives_byte_for_byte_and_is_shown(telegram: FakeTelegram, channel: TelegramChannel, files: Path) -> None:
    await send(channel, Message(paragraphs=(), attachments=(attached(files, "biểu đồ.png", png(), is_picture=True),)))
    (shown,) = telegram.messages(AN)
    assert (shown.photo, shown.document, shown.text) == (("biểu đồ.png", png()), None, "")


async def test_text_goes_before_several_files(telegram: FakeTelegram, channel: TelegramChannel, files: Path) -> None:
    both = attached(files, "a.pdf", b"%PDF-a"), attached(files, "b.docx", b"PK-b")
    message = Message(paragraphs=lines("Hai tệp"), attachments=both)
    outcomes = [await channel.send(Letter(f"{AN}", message, part)) for part in range(3)]
    assert [isinstance(one, Sent) and one.is_last for one in outcomes] == [False, False, True]
    shown = [(one.text, one.document) for one in telegram.messages(AN)]
    assert shown == [("Hai tệp", None), ("", ("a.pdf", b"%PDF-a")), ("", ("b.docx", b"PK-b"))]


# ---------------------------------------------------------------- edits


async def test_edit_changes_the_words_and_the_buttons(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    sent_id = await send(channel, plain("Đang chờ", (DONE, HELP)))
    assert await send(channel, Message(paragraphs=(line("Đã ", bold("xong")),), actions=((HELP,),)), edits=(sent_id,)) == sent_id
    (shown,) = telegram.messages(AN)
    assert (shown.text, shown.buttons, shown.edited) == ("Đã xong", [[("Trợ giúp", "/trogiup")]], True)


async def test_edit_takes_the_buttons_away(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    sent_id = await send(channel, plain("Xong chưa?", (DONE,)))
    await send(channel, plain("Xong chưa?"), edits=(sent_id,))
    assert [(one.text, one.buttons) for one in telegram.messages(AN)] == [("Xong chưa?", [])]


async def test_edit_of_a_long_message_changes_its_last_part(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    ids = []
    for part in range(2):
        outcome = await channel.send(Letter(f"{AN}", plain(LONG, (DONE,)), part))
        assert isinstance(outcome, Sent)
        ids.append(outcome.message_id)
    await send(channel, plain(f"{LONG}\nĐã xem.", (HELP,)), edits=tuple(ids))
    first, second = telegram.messages(AN)
    assert not first.edited
    assert second.text.endswith("Đã xem.") and second.buttons == [[("Trợ giúp", "/trogiup")]]


async def test_edit_that_makes_a_part_more_changes_the_buttons_alone(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    sent_id = await send(channel, plain("ngắn", (DONE,)))
    await send(channel, plain(LONG), edits=(sent_id,))
    assert [(one.text, one.buttons) for one in telegram.messages(AN)] == [("ngắn", [])]


async def test_edit_of_a_document_changes_its_buttons(telegram: FakeTelegram, channel: TelegramChannel, files: Path) -> None:
    message = Message(paragraphs=lines("Tệp"), attachments=(attached(files, "a.pdf", b"%PDF-a"),), actions=((DONE,),))
    sent_id = await send(channel, message)
    await send(channel, message.model_copy(update={"actions": ()}), edits=(sent_id,))
    assert [(one.text, one.document, one.buttons) for one in telegram.messages(AN)] == [("Tệp", ("a.pdf", b"%PDF-a"), [])]


async def test_edit_that_changes_nothing_does_no_harm(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    sent_id = await send(channel, plain("Xong", (DONE,)))
    assert await send(channel, plain("Xong", (DONE,)), edits=(sent_id,)) == sent_id
    assert "message is not modified" in telegram.calls[-1].answer["description"]


async def test_edit_of_a_message_that_was_deleted_does_no_harm(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    assert await send(channel, plain("Xong"), edits=("999",)) == "999"
    assert "message to edit not found" in telegram.calls[-1].answer["description"]


async def test_edit_that_cannot_be_made_is_told_like_any_other_call(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    sent_id = await send(channel, plain("Xong", (DONE,)))
    for fault, outcome in ((Fault.BLOCKED, Gone("blocked")), (Fault.TOO_MANY, Throttled(SECOND))):
        telegram.fail(fault, method="editMessageText")
        assert await channel.send(Letter(f"{AN}", plain("Đã xong"), edits=(sent_id,))) == outcome


# ---------------------------------------------------------------- what every trouble says


def refusal(status: int, description: str) -> Fault:
    return Fault(description, status, description)


OUTCOMES: list[tuple[Fault, Outcome | type[Outcome]]] = [
    (Fault.TOO_MANY, Throttled(SECOND)),
    (Fault.too_many(37), Throttled(37 * SECOND)),
    (Fault.BLOCKED, Gone("blocked")),
    (Fault.DEACTIVATED, Gone("deactivated")),
    (Fault.NOT_STARTED, Gone("not_started")),
    (Fault.CHAT_NOT_FOUND, Gone("not_found")),
    (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), Gone("left")),
    (refusal(403, "Forbidden: bot is not a member of the channel chat"), Gone("left")),
    (refusal(403, "Forbidden: the group chat was deleted"), Gone("left")),
    (refusal(400, "Bad Request: not enough rights to send text messages to the chat"), Gone("left")),
    (refusal(400, "Bad Request: have no rights to send a message"), Gone("left")),
    (refusal(400, "Bad Request: PEER_ID_INVALID"), Gone("not_found")),
    (Fault.migrated(SUPERGROUP), Moved(f"{SUPERGROUP}")),
    (Fault.BAD_MARKUP, BadMarkup),
    (refusal(400, "Bad Request: message is too long"), Refused("Message is too long")),
    (refusal(400, "Bad Request: BUTTON_DATA_INVALID"), Refused),
    (Fault.UNAUTHORIZED, LockedOut("Unauthorized")),
    (refusal(404, "Not Found"), LockedOut("Not Found")),
    (Fault.SERVER_ERROR, NotSent("Internal Server Error")),
    (Fault.BAD_GATEWAY, NotSent),
    (Fault.CONFLICT, NotSent),
    (Fault.RESET_BEFORE, Uncertain),
    (Fault.RESET_AFTER, Uncertain),
]


@pytest.mark.parametrize("fault, expected", OUTCOMES, ids=[f"{fault.name}" for fault, _ in OUTCOMES])
async def test_trouble_says_what_became_of_the_message(
    telegram: FakeTelegram, channel: TelegramChannel, fault: Fault, expected: Outcome | type[Outcome]
) -> None:
    telegram.fail(fault)
    outcome = await channel.send(Letter(f"{AN}", plain("Xin chào")))
    assert outcome == expected if not isinstance(expected, type) else type(outcome) is expected
    assert len([call for call in telegram.calls if call.method == "sendMessage"]) == 1
    # What is over leaves nothing behind.
    assert isinstance(await channel.send(Letter(f"{AN}", plain("Sau đó"))), Sent)


async def test_every_chat_that_is_gone_is_gone_for_a_reason_that_can_be_told() -> None:
    reasons = {outcome.reason for _, outcome in OUTCOMES if isinstance(outcome, Gone)}
    assert reasons == set(wording.GONE)


async def test_too_many_requests_without_a_time_waits_a_while(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    telegram.fail(refusal(429, "Too Many Requests: retry after 12"))
    assert await channel.send(Letter(f"{AN}", plain("Xin chào"))) == Throttled(12 * SECOND)
    telegram.fail(Fault("TOO_MANY", 429, html="<html>slow down</html>"))
    outcome = await channel.send(Letter(f"{AN}", plain("Xin chào")))
    assert isinstance(outcome, Throttled) and outcome.retry_after >= SECOND


@pytest.mark.parametrize("status", [400, 403])
async def test_refusal_that_is_not_telegrams_own_is_none(telegram: FakeTelegram, channel: TelegramChannel, status: int) -> None:
    telegram.fail(Fault("PROXY", status, html="<html><body>nginx</body></html>"))
    assert isinstance(await channel.send(Letter(f"{AN}", plain("Xin chào"))), NotSent)


async def test_answer_that_cannot_be_read_leaves_open_whether_it_arrived(telegram: FakeTelegram, channel: TelegramChannel) -> None:
    telegram.fail(Fault("GARBLED", 200, html="<html>OK</html>", accepted=True))
    assert isinstance(await channel.send(Letter(f"{AN}", plain("Xin chào"))), Uncertain)
    assert len(telegram.messages(AN)) == 1


async def test_file_that_is_too_large_is_refused_for_good(telegram: FakeTelegram, channel: TelegramChannel, files: Path) -> None:
    telegram.fail(refusal(413, "Request Entity Too Large"), method="sendDocument")
    message = Message(paragraphs=(), attachments=(attached(files, "a.pdf", b"%PDF-a"),))
    assert isinstance(await channel.send(Letter(f"{AN}", message)), Refused)


async def test_group_that_takes_no_files_still_takes_words(telegram: FakeTelegram, channel: TelegramChannel, files: Path) -> None:
    telegram.fail(refusal(400, "Bad Request: not enough rights to send documents to the chat"), method="sendDocument")
    message = Message(paragraphs=(), attachments=(attached(files, "a.pdf", b"%PDF-a"),))
    assert isinstance(await channel.send(Letter(f"{GROUP}", message)), Refused)


async def test_refused_connection_means_not_sent(telegram: FakeTelegram, nowhere: str, files: Path) -> None:
    async with opened(telegram.token, nowhere, files) as channel:
        assert await channel.send(Letter(f"{AN}", plain("Xin chào"))) == NotSent("ConnectError")


async def test_unknown_token_locks_the_bot_out(telegram: FakeTelegram, files: Path) -> None:
    async with opened("9999:other", telegram.base_url, files) as channel:
        assert isinstance(await channel.send(Letter(f"{AN}", plain("Xin chào"))), LockedOut)


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER], ids=["before", "after"])
async def test_answer_that_never_comes_is_waited_for_only_so_long(
    telegram: FakeTelegram, files: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.telegram.sending, "_ANSWER", 0.1)
    telegram.fail(fault)
    async with opened(telegram.token, telegram.base_url, files) as channel:
        assert await channel.send(Letter(f"{AN}", plain("Xin chào"))) == Uncertain("ReadTimeout")


# ---------------------------------------------------------------- together with the sender


async def deliver(database: Database, channel: TelegramChannel, telegram: FakeTelegram, *, calls: int, now: dt.datetime) -> OutboxRow:
    """Let a sender make so many calls and settle them; the only row there is."""
    pace = Pace(between=0 * SECOND, between_in_chat=0 * SECOND, group_limit=1000, group_window=60 * SECOND)
    stop, before = asyncio.Event(), len(telegram.calls)
    running = asyncio.ensure_future(Sender(database, [channel], pace=pace, concurrency=4, now=lambda: now).run(stop))
    await telegram.until(lambda: len(telegram.calls) >= before + calls)
    stop.set()
    await running
    async with database.read() as session:
        return (await session.execute(select(OutboxRow))).scalar_one()


async def store(database: Database, channel: TelegramChannel, message: Message, now: dt.datetime) -> None:
    about: dict[str, Any] = {"channel": channel.name, "bot_id": channel.bot_id, "recipient": f"{AN}", "priority": Priority.ANSWER}
    async with database.write() as session:
        session.add(OutboxRow(message=message, created_at=now, not_before=now, **about))


async def test_sender_does_not_wait_for_an_answer_that_never_comes(
    database: Database, telegram: FakeTelegram, channel: TelegramChannel, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.sender, "_CALL", dt.timedelta(milliseconds=100))
    telegram.fail(Fault.HANG_AFTER)
    await store(database, channel, plain("Xin chào"), now)
    row = await deliver(database, channel, telegram, calls=1, now=now)
    assert (row.state, row.is_repeated) == (OutboxState.PENDING, True)
    row = await deliver(database, channel, telegram, calls=1, now=row.not_before)
    assert (row.state, row.sent_ids) == (OutboxState.SENT, ("2",))


async def test_markup_that_telegram_cannot_read_arrives_as_plain_words(
    database: Database, telegram: FakeTelegram, channel: TelegramChannel, now: dt.datetime
) -> None:
    telegram.fail(Fault.BAD_MARKUP)
    await store(database, channel, Message(paragraphs=(line("5 < 6, ", bold("đậm")),)), now)
    row = await deliver(database, channel, telegram, calls=2, now=now)
    assert (row.state, row.is_plain) == (OutboxState.SENT, True)
    assert [one.text for one in telegram.messages(AN)] == ["5 < 6, đậm"]


# ---------------------------------------------------------------- who we are, and what nobody may read


async def test_bot_learns_its_name_or_why_not(telegram: FakeTelegram, nowhere: str) -> None:
    assert await identify(telegram.token, api_base=telegram.base_url) == telegram.username
    assert await identify("9999:other", api_base=telegram.base_url) == LockedOut("Unauthorized")
    assert await identify(telegram.token, api_base=nowhere) == NotSent("ConnectError")
    telegram.fail(Fault.SERVER_ERROR, method="getMe")
    assert isinstance(await identify(telegram.token, api_base=telegram.base_url), NotSent)


def test_token_tells_the_bots_id_and_a_link_opens_its_chat() -> None:
    assert bot_id_of("8001:secret") == "8001"
    assert deep_link("nq57_bot", "CDFGHJKLMN") == "https://t.me/nq57_bot?start=CDFGHJKLMN"


async def cause_every_trouble(telegram: FakeTelegram, channel: TelegramChannel, nowhere: str, files: Path) -> list[Outcome | str]:
    """One message that arrives, and one for each way in which it does not; what came of them."""
    seen: list[Outcome | str] = [await channel.send(Letter(f"{AN}", plain("Xin chào")))]
    for fault in [fault for fault, _ in OUTCOMES] + [Fault("PROXY", 403, html="<html>"), Fault("GARBLED", 200, html="<html>")]:
        telegram.fail(fault)
        seen.append(await channel.send(Letter(f"{AN}", plain("Xin chào"))))
    async with opened(telegram.token, nowhere, files) as unreachable:
        seen.append(await unreachable.send(Letter(f"{AN}", plain("Xin chào"))))
    seen.append(await identify(telegram.token, api_base=nowhere))
    return seen


async def test_token_stands_in_no_outcome(telegram: FakeTelegram, channel: TelegramChannel, nowhere: str, files: Path) -> None:
    assert telegram.token not in repr(await cause_every_trouble(telegram, channel, nowhere, files))


@pytest.fixture
def _own_logging() -> Iterator[None]:
    """Whatever a test does to logging is undone."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: one.level for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


@pytest.mark.usefixtures("_own_logging")
@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
async def test_token_is_never_printed(
    telegram: FakeTelegram, channel: TelegramChannel, nowhere: str, files: Path, capsys: pytest.CaptureFixture[str], level: Any
) -> None:
    start_logging(Settings(_env_file=None, telegram_bot_token=telegram.token, log_level=level))
    await cause_every_trouble(telegram, channel, nowhere, files)
    try:
        raise RuntimeError(f"{telegram.base_url}/file/bot{telegram.token}/a.pdf")
    except RuntimeError:
        logging.getLogger("bot").exception("a call of %s failed", telegram.token)
    printed = capsys.readouterr().err
    # The libraries print every call's address when everything is wanted, and else none.
    assert ("/bot***/sendMessage" in printed) is (level == "DEBUG")
    assert "/file/bot***/a.pdf" in printed and telegram.token not in printed
