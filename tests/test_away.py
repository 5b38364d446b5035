"""Being away: the days as people type them, and who is reminded meanwhile."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from handlers.call import Assistant
from handlers.staff.commands import COMMANDS
from handlers.staff.days import SPAN, Span, Unusable, read_span
from knowledge.text import fold
from scheduler.audience import load_people
from tests.speaking import NOW, commands, say
from tests.staffed import join, link, told
from tests.worlds import ADMIN, COORDINATOR, FOCAL_POINT, LEADER

TODAY = dt.date(2026, 11, 24)  # a Tuesday


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("từ 10/02 đến 20/02", "10/02/2027", "20/02/2027"),
        ("tu 10/2 toi 20/2/2027", "10/02/2027", "20/02/2027"),
        ("từ ngày 28/12 đến hết ngày 3/1", "28/12/2026", "03/01/2027"),
        ("từ 20/11 đến 30/11", "20/11/2026", "30/11/2026"),
        ("25/11 - 27/11", "25/11/2026", "27/11/2026"),
        ("25-11 đến 27-11", "25/11/2026", "27/11/2026"),
        ("25 tháng 11", "25/11/2026", "25/11/2026"),
        ("đến 15/01", "24/11/2026", "15/01/2027"),
        ("hết 30/11/2026", "24/11/2026", "30/11/2026"),
        ("hôm nay", "24/11/2026", "24/11/2026"),
        ("ngày mai", "25/11/2026", "25/11/2026"),
        ("tới thứ 6", "24/11/2026", "27/11/2026"),
        ("đến hết thứ hai", "24/11/2026", "30/11/2026"),
        ("từ thứ 5 đến thứ 3", "26/11/2026", "01/12/2026"),
        ("thứ 3", "24/11/2026", "24/11/2026"),
        ("t6 tuần sau", "04/12/2026", "04/12/2026"),
        ("đến chủ nhật", "24/11/2026", "29/11/2026"),
        ("hết tuần này", "24/11/2026", "27/11/2026"),
        ("tuần sau", "30/11/2026", "04/12/2026"),
        ("3 ngày", "24/11/2026", "26/11/2026"),
        ("2 tuần", "24/11/2026", "07/12/2026"),
    ],
)
def test_days_are_read_as_people_type_them(said: str, first: str, last: str) -> None:
    assert re.fullmatch(SPAN, fold(said))
    assert read_span(fold(said), TODAY) == Span(day(first), day(last))


def test_without_an_end_nobody_knows_when_they_come_back() -> None:
    assert read_span("tu 01/12", TODAY) == Span(day("01/12/2026"), None)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("31/02", Unusable.NO_SUCH_DAY),
        ("den 15/13", Unusable.NO_SUCH_DAY),
        ("0 ngay", Unusable.NO_SUCH_DAY),
        ("den 20/11/2026", Unusable.PAST),
        ("tu 30/11 den 25/11/2026", Unusable.BACKWARDS),
        ("tu 10/02/2027 den 20/01/2027", Unusable.BACKWARDS),
        ("tu 01/12/2026 den 01/12/2028", Unusable.TOO_LONG),
        # Most likely a slip: nobody is away from November to the next.
        ("den 20/11", Unusable.WHICH_YEAR),
    ],
)
def test_days_that_cannot_be_are_refused(said: str, why: Unusable) -> None:
    assert re.fullmatch(SPAN, said)
    assert read_span(said, TODAY) is why


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("toi nghi phep toi thu 6", "away"),
        ("Em xin phép vắng mặt từ 10/02 đến 20/02.", "away"),
        ("tôi đi công tác đến 15/01", "away"),
        ("tôi nghỉ 3 ngày", "away"),
        ("vang mat", "away_how"),
        ("Tôi đã về", "back"),
        ("hết vắng", "back"),
        ("vắng 0912 000 001 đến 20/01", "away"),
        ("vang 0912000001 10/02", "away"),
        ("hết vắng 0912000001", "back"),
        # No absence: «vâng», questions, sentences about something else.
        ("vâng", None),
        ("vang", None),
        ("nghỉ 30/4 đến 1/5", None),
        ("vắng 5G ở xã nào?", None),
        ("hôm nay tôi vắng họp có sao không", None),
    ],
)
def test_only_what_says_so_is_an_absence(said: str, name: str | None) -> None:
    matched = [one.name for one in COMMANDS if re.fullmatch(one.pattern, fold(said), re.DOTALL)]
    assert matched == ([name] if name else [])


async def test_absence_is_said_back_with_who_is_reminded_instead_and_ends(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        deputy = await join(session, "Ngô Văn Phó", "0912000021", NOW, is_substitute=True)
        await link(session, deputy, NOW)
    assert "vắng ngày 02/09/2026" in (await say(assistant, FOCAL_POINT, "/vang ngày mai")).text
    noted = await say(assistant, FOCAL_POINT, "vang tu 10/09 den 20/09")
    assert "từ 10/09/2026 đến hết 20/09/2026" in noted.text and "Ngô Văn Phó (đầu mối dự phòng)" in noted.text
    assert "Lưu ý" not in noted.text and commands(noted) == ["hết vắng"]
    assert "Thay cho lần vắng đã ghi trước đó: ngày 02/09/2026." in noted.text
    assert "Vắng mặt: từ 10/09/2026" in (await say(assistant, FOCAL_POINT, "/toi")).text
    assert "không còn vắng" in (await say(assistant, FOCAL_POINT, "tôi đã về")).text
    assert "không có gì thay đổi" in (await say(assistant, FOCAL_POINT, "hết vắng")).text
    assert "Vắng mặt" not in (await say(assistant, FOCAL_POINT, "/toi")).text


async def test_yes_is_no_absence(assistant: Assistant) -> None:
    await say(assistant, FOCAL_POINT, "vâng hôm nay")
    assert "Vắng mặt" not in (await say(assistant, FOCAL_POINT, "/toi")).text


async def test_agency_left_alone_is_warned_of_and_the_coordinator_told(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        coordinator = next(one.contact for one in (await load_people(session)).coordinators if one.contact.phone == COORDINATOR)
        await link(session, coordinator, NOW)
    noted = await say(assistant, FOCAL_POINT, "vắng hôm nay")
    assert "Sở Y tế không có đầu mối hoặc người dự phòng nào khác" in noted.text and "điều phối đã được báo" in noted.text
    (passed_on,) = await told(assistant.database, coordinator)
    assert passed_on.startswith("Trần Thị Bình (Sở Y tế) vắng ngày 01/09/2026") and "/khonglienhe" in passed_on


async def test_substitute_who_leaves_halfway_leaves_the_agency_alone_from_then_on(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        deputy = await join(session, "Ngô Văn Phó", "0912000021", NOW, is_substitute=True)
        deputy.away_from, deputy.away_until = dt.date(2026, 9, 15), dt.date(2026, 9, 16)
        await link(session, deputy, NOW)
    noted = await say(assistant, FOCAL_POINT, "vắng từ 10/09 đến 20/09")
    assert "Ngô Văn Phó" in noted.text and "ngày 15/09/2026 Sở Y tế không có" in noted.text


async def test_absence_is_noted_for_others_by_who_arranges_for_them(assistant: Assistant) -> None:
    assert "Trần Thị Bình vắng" in (await say(assistant, COORDINATOR, f"vắng {FOCAL_POINT} đến 20/09")).text
    assert "không còn vắng" in (await say(assistant, LEADER, f"hết vắng {FOCAL_POINT}")).text
    assert "không thuộc quyền" in (await say(assistant, FOCAL_POINT, f"vắng {LEADER} đến 20/09")).text
    # A leader arranges for the own agency only.
    assert "không thuộc quyền" in (await say(assistant, LEADER, f"vắng {COORDINATOR} đến 20/09")).text
    assert "Không có ai mang số" in (await say(assistant, ADMIN, "vắng 0999999999 đến 20/09")).text


async def test_days_that_cannot_be_change_nothing(assistant: Assistant) -> None:
    assert "chưa ghi nhận" in (await say(assistant, FOCAL_POINT, "vắng 31/02")).text
    assert "ghi cả năm" in (await say(assistant, FOCAL_POINT, "vắng đến 30/08")).text
    assert "Vắng mặt" not in (await say(assistant, FOCAL_POINT, "/toi")).text
