"""Files sent as evidence, on every channel: kept for the duty that is meant, and brought to the coordinators."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from bot.telegram import downloading
from db.accounts import Account
from db.deadlines import DeadlineRule
from db.duties import Duty, DutyOutcome, DutyState
from db.engine import Database
from db.files import StoredFile, file_path
from db.inbox import InboxRow
from db.outbox import OutboxRow
from db.prompts import Prompt, ask
from db.reports import Evidence, Status, StatusReport, add_report
from handlers.replies import evidence
from handlers.tidying import tidy
from tests import sent_files as made
from tests.telegram_bot import rows_of
from tests.telegram_faults import Fault
from tests.worlds import COORDINATOR, FOCAL_POINT, LEADER, OTHER_COORDINATOR, TelegramWorld, WebWorld, World

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
DAY = dt.date(2027, 1, 14)
# What is Telegram's alone, and the same however updates and rows are kept.
ONE_WAY = pytest.mark.parametrize("telegram_way", [("polling", "sqlite")], indirect=True, ids="-".join)


@pytest.fixture(autouse=True)
def _coordinators_wait_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "GATHERED_FOR", dt.timedelta(seconds=0.6))


async def add_duty(database: Database, task: str = "Báo cáo rà soát thiết bị", **given: Any) -> str:
    """An open duty of Sở Y tế; its code."""
    about = {"agency_code": "SYT", "clause": "II.1", "state": DutyState.OPEN, "last_day": DAY, "confirmed_at": NOW, **given}
    async with database.write() as session:
        duty = Duty(
            fingerprint=hashlib.sha256(task.encode()).hexdigest(), task=task, rule=DeadlineRule(printed=""), proposed_at=NOW, **about
        )
        session.add(duty)
        await session.flush()
        return duty.code


def kept_at(world: World, row: Evidence) -> bytes:
    return file_path(world.settings.data_dir / "files", row.sha256).read_bytes()


async def test_file_without_a_word_is_kept_for_the_only_duty_and_reaches_the_coordinator(world: World) -> None:
    code = await add_duty(world.database)
    coordinator = await world.linked(COORDINATOR, 103)
    official = await world.linked(FOCAL_POINT, 101)
    said = await official.send("Báo cáo.pdf", made.pdf())
    assert "Đã nhận tệp «Báo cáo.pdf»" in said and code in said and "đã hoàn thành chưa?" in said
    assert official.buttons == ["✅ Đã hoàn thành", "🔄 Đang làm"]
    told = await coordinator.replies(1)
    assert "Trần Thị Bình, Sở Y tế" in told and code in told and "Báo cáo rà soát thiết bị" in told
    assert await coordinator.file() == ("Báo cáo.pdf", made_once(world, await rows_of(world.database, Evidence)))
    # The same bytes once more are the same evidence, and nobody is told again.
    assert "đã có trong minh chứng" in await official.send("lan hai.pdf", kept_at(world, (await rows_of(world.database, Evidence))[0]))
    assert len(await rows_of(world.database, Evidence)) == 1
    listed = await coordinator.write(f"tep {code.lower()}")
    assert "Tệp minh chứng" in listed and "(Trần Thị Bình)" in listed and (await coordinator.file())[0] == "Báo cáo.pdf"


def made_once(world: World, rows: list[Evidence]) -> bytes:
    assert [(one.file_name, one.media_type, one.report_id) for one in rows] == [("Báo cáo.pdf", "application/pdf", None)]
    return kept_at(world, rows[0])


async def test_several_duties_are_asked_about_and_the_files_wait_for_the_answer(world: World) -> None:
    first, second = await add_duty(world.database), await add_duty(world.database, "Nộp kế hoạch vốn")
    official = await world.linked(FOCAL_POINT, 101)
    said = await official.send("a.docx", made.word())
    assert "minh chứng cho phần việc nào" in said and "Nộp kế hoạch vốn – hạn 14/01/2027" in said
    assert official.buttons == [first, second] and not await rows_of(world.database, Evidence)
    # A night goes by: what waits for an answer is not swept away.
    [asked] = [one for one in await prompts(world.database) if one.kind == "files"]
    at, world_at = asked.asked_at + dt.timedelta(hours=5), dt.datetime.now(dt.UTC) + dt.timedelta(hours=5)
    await tidy(world.database, files_folder=world.settings.data_dir / "files", months=12, now=at, world=world_at)
    assert f"ghi vào {second}" in await official.press(second, replies=1)
    [row] = await rows_of(world.database, Evidence)
    assert f"PV{row.duty_id}" == second and kept_at(world, row)
    assert "chưa có tệp" in await official.write(f"tệp {first}")
    # With the code as its words a file is kept at once; other words leave no doubt that it must be asked.
    assert f"ghi vào {first}" in await official.send("b.png", made.picture(), text=f"Tệp {first}")
    assert "phần việc nào" in await official.send("c.png", made.picture(colour=9), text="chỉ tiêu 5G năm 2030?", replies=2)


async def test_files_go_where_what_was_asked_belongs(world: World) -> None:
    first, second = await add_duty(world.database), await add_duty(world.database, "Nộp kế hoạch vốn")
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("/trogiup")
    account = next(one for one in await rows_of(world.database, Account) if one.contact_id is not None and one.user_id.endswith("101"))
    talk, now = f"{account.channel}:{account.bot_id}:{account.chat_id}", (await rows_of(world.database, OutboxRow))[-1].created_at
    async with world.database.write() as session:
        about = {"want": "note", "duty": int(second[2:])}
        await ask(session, Prompt(key=talk, kind="reply", about=about, asked_at=now, expires_at=now + dt.timedelta(minutes=30)))
    assert f"ghi vào {second}" in await official.send("a.pdf", made.pdf("1")) and first
    # What was asked is still waited for: a file is no answer in words.
    assert [one.kind for one in await prompts(world.database)] == ["reply"]


async def test_report_that_files_came_with_is_told_with_them(world: World) -> None:
    code = await add_duty(world.database)
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    async with world.database.write() as session:
        report = await add_report(session, StatusReport(duty_id=int(code[2:]), at=NOW, status=Status.DONE))
    with pytest.MonkeyPatch.context() as patched:
        # As a reply in words does it: the files go with its report.
        async def reply(call: Any, session: Any) -> None:
            await evidence.attach_files(session, call, duty_id=int(code[2:]), report_id=report.id)

        patched.setattr("handlers.dispatch.settle_files", reply)
        await official.send("a.pdf", made.pdf("1"), replies=0)
        assert "kèm báo cáo «hoàn thành»" in await coordinator.replies(1)


async def test_codes_that_do_not_fit_are_answered_and_keep_nothing(world: World) -> None:
    own = await add_duty(world.database)
    foreign = await add_duty(world.database, "Việc của sở khác", agency_code="SKHCN")
    over = await add_duty(world.database, "Việc thôi theo dõi", state=DutyState.CLOSED, outcome=DutyOutcome.DROPPED)
    done = await add_duty(world.database, "Việc đã xong", state=DutyState.CLOSED, outcome=DutyOutcome.DONE)
    official = await world.linked(LEADER, 102)
    assert "không thuộc cơ quan" in await official.send("a.pdf", made.pdf("1"), text=f"tệp {foreign}", replies=2)
    assert "thôi theo dõi" in await official.write(f"tệp {over}")
    assert not await rows_of(world.database, Evidence)
    said = await official.write(f"tệp {done}")
    assert f"ghi vào {done}" in said and "hoàn thành chưa" not in said
    assert "không thuộc cơ quan" in await official.write("tệp PV999") and own


async def test_refused_files_are_explained_beside_what_is_answered(world: World) -> None:
    await add_duty(world.database)
    official = await world.linked(FOCAL_POINT, 101)
    assert "macro" in await official.send("a.docx", made.office("word", "word/vbaProject.bin"))
    assert "chương trình" in await official.send("hoa-don.pdf", b"MZ" + b"\0" * 80)
    both = await official.send("b.zip", made.zipped({"a": b"1"}), text="/trogiup", replies=2)
    assert "từng tệp" in both and "/vanban" in both
    assert not await rows_of(world.database, Evidence)


async def test_strangers_files_are_not_taken(world: World) -> None:
    stranger = world.chat(900)
    said = await stranger.send("a.pdf", made.pdf("stranger"))
    assert "tin nhắn chữ" in said
    if isinstance(world, TelegramWorld):
        assert not world.telegram.downloads
    sha256 = hashlib.sha256(made.pdf("stranger")).hexdigest()
    assert not file_path(world.settings.data_dir / "files", sha256).exists()


async def test_album_is_one_reply_and_one_message_to_the_coordinator(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    await add_duty(world.database)
    coordinator = await world.linked(COORDINATOR, 103)
    other = await world.linked(OTHER_COORDINATOR, 104)
    official = await world.linked(FOCAL_POINT, 101)
    for colour in range(5):
        world.telegram.send_photo(101, made.picture("JPEG", colour=colour * 40), album="77")
    await world.until(lambda: "Đã nhận 5 tệp" in official.shown()[-1].text)
    assert "hoàn thành chưa" in await official.replies(1) and len(official.shown()) == official.seen
    # The largest size of each, not the previews.
    assert all(
        kept_at(world, one) == made.picture("JPEG", colour=at * 40) for at, one in enumerate(await rows_of(world.database, Evidence))
    )
    for one in (coordinator, other):
        assert "5 tệp minh chứng" in await one.replies(6)
        assert [shown.document is not None for shown in one.shown()[-6:]] == [False] + [True] * 5
    told = [row for row in await rows_of(world.database, OutboxRow) if (row.topic or "").startswith("evidence:")]
    assert len(told) == 2


@ONE_WAY
async def test_words_with_one_picture_of_an_album_are_for_all_of_it(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    first, second = await add_duty(world.database), await add_duty(world.database, "Nộp kế hoạch vốn")
    official = await world.linked(FOCAL_POINT, 101)
    # The first waits, being without words; then come the words, then one more.
    for colour, caption in ((1, ""), (2, f"tệp {second}"), (3, "")):
        world.telegram.send_photo(101, made.picture("JPEG", colour=colour * 60), album="78", caption=caption)
    await world.until(lambda: "Đã nhận 3 tệp" in official.shown()[-1].text)
    await world.until(lambda: not official.shown()[-2].buttons)
    assert {f"PV{one.duty_id}" for one in await rows_of(world.database, Evidence)} == {second} and first
    assert not [one for one in await prompts(world.database) if one.kind == "files"]


async def prompts(database: Database) -> list[Prompt]:
    async with database.read() as session:
        return list((await session.execute(select(Prompt))).scalars())


@ONE_WAY
async def test_download_that_fails_is_tried_again_and_given_up_with_a_word(
    telegram_world: TelegramWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world = telegram_world
    await add_duty(world.database)
    official = await world.linked(FOCAL_POINT, 101)
    world.telegram.fail(Fault("Bad Gateway", 502), method="download")
    assert "Đã nhận" in await official.send("a.pdf", made.pdf("1"))
    assert len(world.telegram.downloads) == 2
    world.telegram.fail(Fault("Bad Gateway", 502), method="download", times=3)
    assert "gặp lỗi khi xử lý tin này" in await official.send("b.pdf", made.pdf("2"))
    assert len(await rows_of(world.database, Evidence)) == 1
    # Addresses of files hold the token.
    assert world.telegram.token not in caplog.text


@ONE_WAY
async def test_slow_files_hold_up_nobody_elses_message(telegram_world: TelegramWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world = telegram_world
    monkeypatch.setattr(downloading, "INLINE", 0.1)
    await add_duty(world.database)
    slow, leader = await world.linked(FOCAL_POINT, 101), await world.linked(LEADER, 102)
    coordinator = await world.linked(COORDINATOR, 103)
    world.telegram.files_flow.clear()
    for user_id in (101, 102):
        for at in range(2):
            world.telegram.send_document(user_id, "a.pdf", made.pdf(f"{user_id} {at}"))
    await world.until(lambda: len(world.telegram.downloads) == 2)
    assert "/vanban" in await coordinator.write("/trogiup")
    world.telegram.files_flow.set()
    assert "Đã nhận" in await slow.replies(2) and "Đã nhận" in await leader.replies(2)
    # Waiting is no failed try, and each file was asked for once.
    assert {row.claims for row in await rows_of(world.database, InboxRow)} == {1} and len(world.telegram.downloads) == 4


@ONE_WAY
async def test_too_large_and_other_things_are_not_fetched(telegram_world: TelegramWorld) -> None:
    world = telegram_world
    await add_duty(world.database)
    official = await world.linked(FOCAL_POINT, 101)
    assert "quá 20 MB" in await official.send("a.pdf", b"%PDF-" + b"0" * (20 << 20))
    world.telegram.send_sticker(101)
    assert "tin nhắn chữ" in await official.replies(1)
    assert not world.telegram.downloads


@ONE_WAY
async def test_crash_between_bytes_and_row_leaves_one_evidence(telegram_world: TelegramWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world = telegram_world
    await add_duty(world.database)
    official = await world.linked(FOCAL_POINT, 101)
    settle, crashes = evidence.settle_files, iter([True])

    async def crash_once(*given: Any) -> None:
        await settle(*given)
        if next(crashes, False):
            raise RuntimeError("killed")

    monkeypatch.setattr("handlers.dispatch.settle_files", crash_once)
    assert "Đã nhận" in await official.send("a.pdf", made.pdf("1"))
    assert len(await rows_of(world.database, Evidence)) == 1
    assert [row.claims for row in await rows_of(world.database, InboxRow)][-1] == 2


async def test_page_refuses_what_no_page_sends(web_world: WebWorld) -> None:
    page = web_world.page
    official = await web_world.linked(FOCAL_POINT, 101)
    big = web_world.settings.evidence_max_mb * 1024 * 1024 + 1
    status, answer = await page.upload("guest-101", {"a.pdf": made.pdf("1"), "b.pdf": b"%PDF-" + b"0" * big}, key="k1")
    assert (status, answer) == (200, {"ok": True})
    assert "quá 20 MB" in await official.replies(2)
    # The same post once more, its answer having been lost, is the same message.
    assert (await page.upload("guest-101", {"a.pdf": made.pdf("1")}, key="k1"))[0] == 200
    async with page.http.post("/api/files", data={"person": "guest-101", "id": "2", "text": "x"}) as refused:
        assert refused.status == 415
    status, answer = await page.upload("guest-101", {})
    assert (status, "Chưa có tệp" in answer["error"]) == (400, True)
    assert "nhiều nhất 10 tệp" in await say_many(web_world, official)
    own = [one for one in page.entries["guest-101"].values() if one["own"] and one["files"]]
    assert (
        own[0]["files"][0] == {"name": "a.pdf", "size": len(made.pdf("1")), "picture": False, "url": ""}
        or own[0]["files"][0]["name"] == "a.pdf"
    )


async def say_many(world: WebWorld, official: Any) -> str:
    await world.page.upload("guest-101", {f"{at}.png": made.picture(colour=at) for at in range(11)})
    said: str = await official.replies(2)
    return said


async def test_evidence_outlives_the_person_and_the_sweep(world: World) -> None:
    code = await add_duty(world.database)
    official = await world.linked(FOCAL_POINT, 101)
    await official.send("Báo cáo.pdf", made.pdf("mine"))
    await official.write("xoá tôi")
    await official.write("xoá tôi chắc chắn")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    await tidy(world.database, files_folder=world.settings.data_dir / "files", months=12, now=later, world=dt.datetime.now(dt.UTC))
    [row] = await rows_of(world.database, Evidence)
    assert kept_at(world, row) and row.sha256 in {one.sha256 for one in await stored(world.database)}
    leader = await world.linked(LEADER, 102)
    listed = await leader.write(f"tệp {code}")
    assert "Báo cáo.pdf" in listed and "Bình" not in listed and "xoá" not in listed
    assert all("Bình" not in one.message.model_dump_json() for one in await rows_of(world.database, OutboxRow))


async def stored(database: Database) -> list[StoredFile]:
    async with database.read() as session:
        return list((await session.execute(select(StoredFile))).scalars())
