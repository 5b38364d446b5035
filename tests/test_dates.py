"""Dates, periods and deadlines are read as a Vietnamese document means them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.dates import Grain, due_at, find_periods, last_day, month_end, quarter
from knowledge.deadlines import find_deadlines
from knowledge.text import fold

DAY = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))


def period(text: str, year: int | None = None) -> tuple[str, str]:
    """The only period of a text, as ISO days."""
    (one,) = find_periods(text, year=year)
    return one.first.isoformat(), one.last.isoformat()


def deadline(text: str, year: int | None = None) -> tuple[str | None, bool, str]:
    """The only deadline of a text: day, whether it counts, the printed words."""
    (one,) = find_deadlines(text, year=year)
    return one.due_on.isoformat() if one.due_on else None, one.inclusive, one.text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("15/01/2026", "2026-01-15", "2026-01-15"),
        ("ngày 24 tháng 01 năm 2025", "2025-01-24", "2025-01-24"),
        ("ngày 29/02/2028", "2028-02-29", "2028-02-29"),
        ("15-3-2026", "2026-03-15", "2026-03-15"),
        ("tháng 7/2025", "2025-07-01", "2025-07-31"),
        ("tháng 02 năm 2028", "2028-02-01", "2028-02-29"),
        ("cuối tháng 6/2025", "2025-06-21", "2025-06-30"),
        ("Quí I/2026", "2026-01-01", "2026-03-31"),
        ("quý 1 năm 2026", "2026-01-01", "2026-03-31"),
        ("Quý IV-2026", "2026-10-01", "2026-12-31"),
        ("quý II và quý III năm 2026", "2026-04-01", "2026-09-30"),
        ("6 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        ("06 tháng cuối năm 2026", "2026-07-01", "2026-12-31"),
        ("9 tháng đầu năm 2026", "2026-01-01", "2026-09-30"),
        ("4 tháng đầu năm 2026", "2026-01-01", "2026-04-30"),
        ("11 tháng đầu năm 2026", "2026-01-01", "2026-11-30"),
        ("trong năm 2026", "2026-01-01", "2026-12-31"),
        ("cuối năm 2026", "2026-10-01", "2026-12-31"),
        ("đến hết năm 2030", "2030-01-01", "2030-12-31"),
        ("giai đoạn 2026 - 2030", "2026-01-01", "2030-12-31"),
        ("từ năm 2026 đến năm 2028", "2026-01-01", "2028-12-31"),
        ("từ 01/8/2025 đến 31/12/2025", "2025-08-01", "2025-12-31"),
        ("từ ngày 20/12/2025 đến hết ngày 05/01/2026", "2025-12-20", "2026-01-05"),
        ("từ 01/3 đến 15/6/2026", "2026-03-01", "2026-06-15"),
        ("tháng 3 đến tháng 6/2026", "2026-03-01", "2026-06-30"),
    ],
)
def test_period_is_read_with_its_first_and_last_day(text: str, first: str, last: str) -> None:
    assert period(text) == (first, last)
    assert period(fold(text)) == (first, last)


@pytest.mark.parametrize(
    "text", ["31/02/2026", "ngày 32/01/2026", "29/02/2026", "tháng 13/2026", "1.000.000 đồng", "số 12/2026/QĐ-UBND", "quý khách 2026"]
)
def test_what_is_no_day_gives_no_period(text: str) -> None:
    assert find_periods(text) == []


def test_date_without_a_year_needs_one_given() -> None:
    assert find_periods("trước ngày 20/6") == []
    assert period("trước ngày 20/6", 2026) == ("2026-06-20", "2026-06-20")


def test_date_of_a_cited_document_is_told_from_others() -> None:
    text = "Quyết định số 12/QĐ-UBND ngày 26/5/2025, họp ngày 02/6/2025"
    assert [(text[one.start : one.end], one.cited) for one in find_periods(text)] == [("ngày 26/5/2025", True), ("ngày 02/6/2025", False)]


@given(DAY, st.sampled_from(["{0.day}/{0.month}/{0.year}", "ngày {0:%d/%m/%Y}", "ngày {0:%d} tháng {0:%m} năm {0:%Y}", "{0:%d-%m-%Y}"]))
def test_any_day_is_read_back_however_it_is_printed(day: dt.date, form: str) -> None:
    text = f"Sở Y tế báo cáo {form.format(day)} tại Hòa Giang."
    (one,) = find_periods(text)
    assert (one.first, one.last, one.grain) == (day, day, Grain.DAY)
    assert text[one.start : one.end] == form.format(day)


@given(st.integers(1990, 2099), st.integers(1, 4), st.sampled_from(["quý {}/{}", "Quí {} năm {}", "quy {} nam {}"]))
def test_any_quarter_ends_on_its_last_day(year: int, number: int, form: str) -> None:
    roman = ("I", "II", "III", "IV")[number - 1]
    wanted = quarter(year, number)
    for printed in (str(number), roman):
        (one,) = find_periods(form.format(printed, year))
        assert (one.first, one.last) == wanted
    assert wanted[1] + dt.timedelta(days=1) == (dt.date(year + 1, 1, 1) if number == 4 else dt.date(year, 3 * number + 1, 1))


@given(st.integers(1990, 2099), st.integers(1, 12))
def test_month_ends_the_day_before_the_next_begins(year: int, month: int) -> None:
    following = month_end(year, month) + dt.timedelta(days=1)
    assert (following.day, following.month) == (1, month % 12 + 1)


@pytest.mark.parametrize(
    ("text", "due_on", "inclusive", "printed"),
    [
        ("gửi về Sở Y tế trước ngày 15/01/2026 để tổng hợp", "2026-01-15", False, "trước ngày 15/01/2026"),
        ("trước 30/6/2026", "2026-06-30", False, "trước 30/6/2026"),
        ("báo cáo UBND tỉnh trước ngày 15/4/2026.", "2026-04-15", False, "trước ngày 15/4/2026"),
        ("trước tháng 7/2025", "2025-07-01", False, "trước tháng 7/2025"),
        ("trước cuối tháng 6/2026", "2026-06-30", False, "trước cuối tháng 6/2026"),
        ("xong trước 17 giờ ngày 15/6/2026", "2026-06-15", True, "trước 17 giờ ngày 15/6/2026"),
        ("hoàn thành chậm nhất trong ngày 08/4/2026", "2026-04-08", True, "chậm nhất trong ngày 08/4/2026"),
        ("chậm nhất là ngày 05 tháng 9 năm 2026", "2026-09-05", True, "chậm nhất là ngày 05 tháng 9 năm 2026"),
        ("chậm nhất trong Quí I/2026", "2026-03-31", True, "chậm nhất trong Quí I/2026"),
        ("hoàn thành trong Quý II/2026 (cùng đợt)", "2026-06-30", True, "trong Quý II/2026"),
        ("trong năm 2026", "2026-12-31", True, "trong năm 2026"),
        ("thực hiện đến hết năm 2030", "2030-12-31", True, "đến hết năm 2030"),
        ("Thời hạn hoàn thành: Quý II/2026", "2026-06-30", True, "Quý II/2026"),
        ("hạn cuối 30/6/2026", "2026-06-30", True, "30/6/2026"),
        ("hoàn thành cuối tháng 6/2026", "2026-06-30", True, "cuối tháng 6/2026"),
        ("thực hiện từ 01/8/2025 đến 31/12/2025", "2025-12-31", True, "từ 01/8/2025 đến 31/12/2025"),
        ("không quá ngày 30/6/2026", "2026-06-30", True, "không quá ngày 30/6/2026"),
    ],
)
def test_deadline_keeps_its_day_and_its_printed_words(text: str, due_on: str, inclusive: bool, printed: str) -> None:
    assert deadline(text) == (due_on, inclusive, printed)
    assert deadline(fold(text))[:2] == (due_on, inclusive)


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 12/QĐ-UBND ngày 26/5/2025",
        "Ngày 20/4/2026, tại Trụ sở UBND tỉnh, Chủ tịch UBND tỉnh chủ trì họp",
        "Ước đến hết năm 2025, 12 chỉ tiêu đã đạt",
        "số liệu tính đến ngày 30/6/2026",
        "các phần mềm đã được đầu tư trước ngày 01/7/2025",
        "giai đoạn 2026 - 2030",
        "đến năm 2030, tầm nhìn 2045",
        "khẩn trương rà soát",
        "trước hết là rà soát",
    ],
)
def test_other_dates_and_haste_are_no_deadline(text: str) -> None:
    assert find_deadlines(text) == []


@pytest.mark.parametrize(
    ("text", "printed", "inclusive"),
    [
        ("bố trí kinh phí trong vòng 10 ngày kể từ ngày nhận hồ sơ", "trong vòng 10 ngày kể từ ngày nhận hồ sơ", True),
        ("gửi báo cáo trước ngày 20 hằng tháng", "trước ngày 20 hằng tháng", False),
        ("trước ngày 20/6", "trước ngày 20/6", False),
        ("trước ngày 31/02/2026", "trước ngày 31/02/2026", False),
        ("hoàn thành trong đầu quý II/2026", "trong đầu quý II/2026", True),
    ],
)
def test_deadline_without_a_certain_day_is_kept_in_words(text: str, printed: str, inclusive: bool) -> None:
    assert deadline(text) == (None, inclusive, printed)


def test_year_in_passing_is_less_firm_than_a_limit() -> None:
    assert [one.firm for one in find_deadlines("kế hoạch trong năm 2026; hoàn thành trong Quý I/2026")] == [False, True]


@pytest.mark.parametrize(
    ("due_on", "inclusive", "wanted"),
    [
        (dt.date(2026, 1, 15), False, dt.date(2026, 1, 14)),
        (dt.date(2026, 4, 8), True, dt.date(2026, 4, 8)),
        (dt.date(2026, 1, 1), False, dt.date(2025, 12, 31)),
        (dt.date(2028, 3, 1), False, dt.date(2028, 2, 29)),
    ],
)
def test_last_day_is_the_day_before_only_for_an_exclusive_date(due_on: dt.date, inclusive: bool, wanted: dt.date) -> None:
    assert last_day(due_on, inclusive=inclusive) == wanted


@given(DAY)
def test_duty_is_late_from_the_vietnamese_midnight_after_its_last_day(day: dt.date) -> None:
    local = due_at(day).astimezone(dt.timezone(dt.timedelta(hours=7)))
    assert (local.date(), local.time()) == (day + dt.timedelta(days=1), dt.time())
    assert due_at(day).utcoffset() == dt.timedelta()


@given(st.text(alphabet="0123456789/.- quýngàythámđếnừtrướcnămI", max_size=40))
def test_any_text_is_read_without_failing_and_spans_lie_in_it(text: str) -> None:
    for one in find_periods(text, year=2026):
        assert 0 <= one.start < one.end <= len(text)
        assert one.first <= one.last
    for limit in find_deadlines(text, year=2026):
        assert 0 <= limit.start <= limit.end <= len(text)
