"""`/tiendo` and `/baocao` as people type them: who sees what, filters, lists, the picture, the files."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import docx
import openpyxl
import pytest

from db.duties import Duty, DutyState, list_duties
from db.files import file_path
from db.messages import COMMAND_BYTES
from db.people import Agency, Contact, Role, add_contact, ensure_agencies
from db.progress import Standing
from handlers.call import Assistant
from handlers.people import speak_as
from handlers.progress.asked import Asked, NotUnderstood, read_asked
from scheduler.calendar import Period
from tests.speaking import NOW, commands, say
from tests.standing_plan import add_plan_under_way
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER, World

TODAY = dt.date(2026, 1, 12)
KNOWN = [
    Agency(code="STC", name="Sở Tài chính", short_names=("Sở TC",)),
    Agency(code="SYT", name="Sở Y tế"),
    Agency(code="XA1", name="UBND xã Đăk Hà"),
    Agency(code="XA2", name="UBND xã Đăk Hà Nam"),
]
JANUARY = Period(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
PERIOD = Period(dt.date(2026, 1, 5), dt.date(2026, 1, 18))
CHIEF = "0912000077"


@pytest.fixture
async def under_way(assistant: Assistant) -> dict[str, str]:
    """The codes of the duties of a plan that is under way."""
    async with assistant.database.write() as session:
        return {name: one.code for name, one in (await add_plan_under_way(session, NOW)).items()}


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", Asked()),
        ("STC", Asked(agency=KNOWN[0])),
        ("sở y tế", Asked(agency=KNOWN[1])),
        ("so tc qua han", Asked(agency=KNOWN[0], states=(Standing.OVERDUE,))),
        ("xã Đăk Hà", Asked(agency=KNOWN[2])),
        ("quý 1", Asked(period=Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)))),
        ("quy II nam 2027", Asked(period=Period(dt.date(2027, 4, 1), dt.date(2027, 6, 30)))),
        ("tháng 1/2026", Asked(period=JANUARY)),
        ("năm 2026 văn bản 3", Asked(period=Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), document_id=3)),
        ("05/01 - 18/01", Asked(period=PERIOD)),
        ("từ 5/1/2026 đến ngày 18/01/2026", Asked(period=PERIOD)),
        ("20/12 - 05/01", Asked(period=Period(dt.date(2025, 12, 20), dt.date(2026, 1, 5)))),
        ("tháng này, chưa báo cáo", Asked(period=JANUARY, states=(Standing.NOT_REPORTED,))),
        ("đã xong STC trang 2", Asked(agency=KNOWN[0], states=(Standing.DONE_IN_TIME, Standing.DONE_LATE), page=2)),
        ("xong chậm", Asked(states=(Standing.DONE_LATE,))),
        ("chưa đến hạn", Asked(states=(Standing.NOT_DUE,))),
        ("theo cơ quan", Asked(by_agency=True)),
        ("biểu đồ quý 1/2026", Asked(period=Period(dt.date(2026, 1, 1), dt.date(2026, 3, 31)), chart=True)),
    ],
)
def test_filter_is_read_as_typed_and_its_button_reads_the_same(typed: str, asked: Asked) -> None:
    assert read_asked(typed, KNOWN, TODAY) == asked
    command = asked.command()
    assert len(command.encode()) <= COMMAND_BYTES
    assert read_asked(command.removeprefix("/tiendo"), KNOWN, TODAY) == asked


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Sở Vũ trụ", "Không hiểu «Sở Vũ trụ»"),
        ("Đăk", "UBND xã Đăk Hà; UBND xã Đăk Hà Nam"),
        ("31/02 - 05/03", "không phải một ngày"),
        ("18/01 - 05/01", "sau ngày kết thúc"),
    ],
)
def test_filter_that_names_nothing_says_what_to_type(typed: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        read_asked(typed, KNOWN, TODAY)


async def test_coordinator_sees_the_province_by_state_worst_first(assistant: Assistant, under_way: dict[str, str]) -> None:
    told = await say(assistant, COORDINATOR, "/tiendo")
    assert "toàn tỉnh" in told.text and "8 phần việc, tính đến 07:00 ngày 01/09/2026" in told.text
    assert "🔴 Quá hạn: 2 (25%)" in told.text and "🟢 Xong đúng hạn: 1 (12%)" in told.text
    assert told.text.index(under_way["very_late"]) < told.text.index(under_way["late"]) < told.text.index(under_way["stuck"])
    assert f"{under_way['very_late']} · Sở Tài chính · quá hạn 12 ngày (đang làm 50%): Lập dự toán" in told.text
    assert under_way["proposed"] not in told.text
    assert {under_way["very_late"], "/tiendo qua han", "/tiendo co quan", "/tiendo bieu do"} <= set(commands(told))


async def test_each_button_of_progress_leads_somewhere(assistant: Assistant, under_way: dict[str, str]) -> None:
    seen: dict[str, str] = {}
    waiting = ["/tiendo"]
    while waiting:
        command = waiting.pop()
        if command in seen:
            continue
        replies = await speak_as(assistant, COORDINATOR, command, now=NOW)
        assert replies and "Không hiểu" not in replies[0].text, command
        seen[command] = replies[0].text
        waiting += [one for reply in replies for one in commands(reply) if one.startswith("/tiendo")]
    assert "Phần việc quá hạn (2)" in seen["/tiendo qua han"]
    assert "Sở Tài chính: 3 phần việc – 1 quá hạn, 1 vướng mắc, 1 xong chậm" in seen["/tiendo co quan"]
    assert "Phần việc xong đúng hạn và xong chậm (2)" in seen["/tiendo da xong"]
    assert "Sở Y tế" in seen["/tiendo SYT"] and under_way["stuck"] not in seen["/tiendo SYT"]


async def test_long_list_is_turned_page_by_page(assistant: Assistant, under_way: dict[str, str]) -> None:
    async with assistant.database.write() as session:
        for one in [duty for duty in await list_duties(session, DutyState.OPEN) if duty.code == under_way["late"]] * 7:
            copied = {name: getattr(one, name) for name in type(one).model_fields if name not in ("id", "fingerprint")}
            session.add(Duty(**copied, fingerprint=uuid.uuid4().hex))
    first = await say(assistant, COORDINATOR, "/tiendo quá hạn")
    assert "Phần việc quá hạn (9)" in first.text and "/tiendo qua han trang 2" in commands(first)
    second = await say(assistant, COORDINATOR, "/tiendo qua han trang 2")
    codes = [[one for one in commands(page) if one.startswith("PV")] for page in (first, second)]
    assert [len(one) for one in codes] == [6, 3] and not set(codes[0]) & set(codes[1])
    assert "Danh sách chỉ có 2 trang" in (await say(assistant, COORDINATOR, "/tiendo quá hạn trang 9")).text


async def test_filters_narrow_what_is_counted(assistant: Assistant, under_way: dict[str, str]) -> None:
    assert "3 phần việc" in (await say(assistant, ADMIN, "/tiendo STC")).text
    assert "hạn trong tháng 9/2026" in (told := (await say(assistant, ADMIN, "/tiendo thang 9"))).text and "3 phần việc" in told.text
    assert "Không có văn bản mã 999" in (await say(assistant, ADMIN, "/tiendo văn bản 999")).text
    assert "Chưa có phần việc nào" in (await say(assistant, ADMIN, "/tiendo năm 2031")).text
    assert "Không hiểu «bầu trời»" in (await say(assistant, ADMIN, "/tiendo bầu trời")).text


async def test_focal_point_and_leader_see_their_own_agency_alone(assistant: Assistant, under_way: dict[str, str]) -> None:
    for phone in (FOCAL_POINT, LEADER):
        told = await say(assistant, phone, "tien do")
        assert "Sở Y tế" in told.text and "3 phần việc" in told.text and under_way["very_late"] not in told.text
        assert not any("bieu do" in one for one in commands(told))
        assert "Anh/chị xem được tiến độ của Sở Y tế" in (await say(assistant, phone, "/tiendo STC")).text
        assert under_way["stuck"] not in (await say(assistant, phone, "/tiendo vướng mắc")).text


async def test_leader_of_the_province_sees_everything(assistant: Assistant, under_way: dict[str, str]) -> None:
    async with assistant.database.write() as session:
        await ensure_agencies(session, [Agency(code="UBND", name="UBND tỉnh", kind="leadership")])
        await add_contact(session, Contact(name="Chủ tịch", agency_code="UBND", role=Role.LEADER, phone=CHIEF, created_at=NOW))
        await add_contact(session, Contact(name="Nhân viên", agency_code="SYT", role=Role.OFFICIAL, phone="0912000078", created_at=NOW))
    assert "toàn tỉnh" in (await say(assistant, CHIEF, "/tiendo")).text
    assert "quyền" in (await say(assistant, "0912000078", "/tiendo")).text


async def test_report_of_any_dates_comes_as_both_files(assistant: Assistant, under_way: dict[str, str]) -> None:
    told = await say(assistant, COORDINATOR, "báo cáo 24/08 - 31/08")
    assert "Báo cáo tiến độ từ 24/08/2026 đến 31/08/2026" in told.text and under_way["very_late"] in told.text
    xlsx, document = (file_path(assistant.files_folder, one.sha256).read_bytes() for one in told.attachments)
    assert [one.file_name for one in told.attachments] == [f"bao-cao-tien-do-2026-08-24-2026-08-31.{ending}" for ending in ("xlsx", "docx")]
    assert openpyxl.load_workbook(io.BytesIO(xlsx)).sheetnames == ["Tổng hợp", "Chi tiết", "Vướng mắc", "Chưa trả lời"]
    assert any("BÁO CÁO" in one.text for one in docx.Document(io.BytesIO(document)).paragraphs)
    assert (await say(assistant, COORDINATOR, "/baocao")).attachments
    assert "Không có phần việc nào" in (await say(assistant, COORDINATOR, "/baocao 01/01/2020 - 05/01/2020")).text
    assert "chưa bắt đầu" in (await say(assistant, COORDINATOR, "/baocao 01/01/2031 - 05/01/2031")).text


async def test_report_is_for_those_who_coordinate_and_for_an_agencys_leader(assistant: Assistant, under_way: dict[str, str]) -> None:
    assert "Chỉ điều phối, quản trị và lãnh đạo" in (await say(assistant, FOCAL_POINT, "/baocao")).text
    told = await say(assistant, LEADER, "/baocao 24/08 - 31/08")
    assert "của Sở Y tế" in told.text and under_way["very_late"] not in told.text
    assert "của Sở Y tế" in (await say(assistant, LEADER, "/baocao STC 24/08 - 31/08")).text


async def test_progress_comes_with_its_picture_on_every_channel(world: World) -> None:
    # Where the page's clock begins; elsewhere all of it is overdue by now.
    now = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
    async with world.database.write() as session:
        duties = await add_plan_under_way(session, now)
        duties["proposed"].state, duties["proposed"].confirmed_at = duties["doing"].state, now - 50 * dt.timedelta(days=1)
    coordinator = await world.linked(COORDINATOR, 301)
    told = await coordinator.write("/tiendo", replies=2)
    assert "phần việc, tính đến" in told
    name, picture = await coordinator.file()
    assert name == "tien-do.png" and picture.startswith(b"\x89PNG")
