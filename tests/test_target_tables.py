"""Targets in tables: a row an indicator, a column a year; every table is invented."""

from __future__ import annotations

import pytest

from knowledge.extraction.targets import extract_targets
from knowledge.facts import Comparator, Target
from knowledge.structure import Paragraph, ParagraphKind

AT_LEAST, AT_MOST, EQUAL, RANGE = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EQUAL, Comparator.RANGE


def read_table(*rows: str, heading: str = "MỤC TIÊU", title: str = "") -> list[Target]:
    paragraphs = [Paragraph(0, ParagraphKind.TITLE, "mở đầu", (), "", title, None)] if title else []
    paragraphs += [Paragraph(number, ParagraphKind.ROW, "I.2", (heading,), "", row, None) for number, row in enumerate(rows, 1)]
    return extract_targets(paragraphs)


def test_table_gives_a_target_for_each_year_column() -> None:
    found = read_table(
        "STT | Chỉ tiêu | Đơn vị | Năm 2027 | Năm 2030",
        "1 | Camera giao thông | chiếc | ≥ 450 | ≥ 1.000",
        "2 | Thời gian xử lý phản ánh | ngày | ≤ 5 | ≤ 2",
        "3 | Trường có phòng máy | % | 80 - 90 | 100",
        "4 | Lớp kỹ năng số | lớp/năm | 14 | 20",
    )
    assert [(one.horizon_year, one.comparator, one.value, one.value_max, one.unit, one.per_year) for one in found] == [
        (2027, AT_LEAST, 450, None, "chiếc", False),
        (2030, AT_LEAST, 1000, None, "chiếc", False),
        (2027, AT_MOST, 5, None, "ngày", False),
        (2030, AT_MOST, 2, None, "ngày", False),
        (2027, RANGE, 80, 90, "%", False),
        (2030, EQUAL, 100, None, "%", False),
        (2027, EQUAL, 14, None, "lớp", True),
        (2030, EQUAL, 20, None, "lớp", True),
    ]


def test_second_head_row_gives_the_years_and_the_present_state_is_left_out() -> None:
    found = read_table(
        "TT | Nội dung | ĐVT | Hiện trạng 2025 | Mục tiêu | | Cơ quan chủ trì",
        " |  |  |  | 2027 | 2030 | ",
        "1 | Hộ có cáp quang | % | 42 | 60 | 85 | Sở Xây dựng",
    )
    assert [(one.horizon_year, one.value) for one in found] == [(2027, 60), (2030, 85)]


def test_row_that_only_says_where_goes_on_with_the_row_above() -> None:
    found = read_table("Chỉ tiêu | Năm 2030", "Tỷ lệ hồ sơ trực tuyến (%) | 90", "- Cấp xã | 85")
    assert [(one.indicator, one.value, one.unit) for one in found] == [
        ("Tỷ lệ hồ sơ trực tuyến", 90, "%"),
        ("Tỷ lệ hồ sơ trực tuyến: cấp xã", 85, "%"),
    ]


def test_column_without_a_year_takes_the_titles() -> None:
    (one,) = read_table("STT | Chỉ tiêu | Đơn vị | Mục tiêu", "1 | Trạm đo mưa | trạm | từ 07", title="Chợ số giai đoạn 2026 - 2030")
    assert (one.horizon_year, one.comparator, one.value) == (2030, AT_LEAST, 7)


@pytest.mark.parametrize(
    ("heading", "rows"),
    [
        ("NHIỆM VỤ", ("STT | Nhiệm vụ | Chủ trì | Thời gian", "1 | Mở 12 lớp | Sở Y tế | Quý I/2026")),
        ("KẾT QUẢ NĂM 2025", ("STT | Chỉ tiêu | Đơn vị | Năm 2025", "1 | Trạm đo mưa | trạm | 12")),
    ],
)
def test_tables_of_tasks_and_results_set_no_target(heading: str, rows: tuple[str, str]) -> None:
    assert read_table(*rows, heading=heading) == []
