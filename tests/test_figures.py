"""Figures are read as an official means them: their comparing words, their Vietnamese spelling, and what is no figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.facts import Comparator
from knowledge.figures import Figure, find_figures, parse_number


def figure(text: str) -> Figure:
    """The only figure of a text."""
    (one,) = find_figures(text)
    return one


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.000", 1000.0),
        ("0,75", 0.75),
        ("07", 7.0),
        ("1.234.567", 1234567.0),
        ("2.400,5", 2400.5),
        ("1.5", 1.5),
        ("1,0", 1.0),
        ("100", 100.0),
    ],
)
def test_numbers_are_spelt_the_vietnamese_way(printed: str, value: float) -> None:
    assert parse_number(printed) == value


@pytest.mark.parametrize("printed", ["", "một", "1.000.00", "12%", "3/4"])
def test_what_is_no_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError):
        parse_number(printed)


@given(st.integers(1000, 10**9))
def test_thousands_are_parted_by_full_stops(value: int) -> None:
    assert parse_number(f"{value:,}".replace(",", ".")) == value


@pytest.mark.parametrize(
    ("text", "value", "printed", "unit"),
    [
        ("Có ≥ 35 % hộ nuôi ong dùng sổ điện tử", 35, "35", "%"),
        ("Lắp ≥ 1.000 trạm đo mưa", 1000, "1.000", "trạm"),
        ("Chỉ số an toàn dữ liệu ≥ 0,75", 0.75, "0,75", ""),
        ("Có từ 07 kỹ sư phần mềm", 7, "07", "kỹ sư"),
        ("Đạt 100 phần trăm số thôn", 100, "100", "%"),
        ("Đón 2,4 triệu lượt khách", 2_400_000, "2,4 triệu", "lượt khách"),
        ("Tập huấn cho 13 nghìn người", 13_000, "13 nghìn", "người"),
        ("Bố trí 1.250 tỷ đồng", 1250, "1.250", "tỷ đồng"),
        ("Tỷ lệ hồ sơ tăng 8,2 điểm phần trăm", 8.2, "8,2", "điểm phần trăm"),
    ],
)
def test_figure_keeps_its_value_its_print_and_its_unit(text: str, value: float, printed: str, unit: str) -> None:
    one = figure(text)
    assert (one.value, one.printed, one.unit) == (value, printed, unit)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("Sóng di động phủ ≥ 88% thôn", Comparator.AT_LEAST),
        ("Sóng di động phủ >= 88% thôn", Comparator.AT_LEAST),
        ("Có từ 12 hợp tác xã số", Comparator.AT_LEAST),
        ("Hồ sơ đúng hạn đạt từ 95% trở lên", Comparator.AT_LEAST),
        ("Mở 15 lớp kỹ năng số trở lên", Comparator.AT_LEAST),
        ("Có ít nhất 25 mô hình", Comparator.AT_LEAST),
        ("Ít nhất đạt 25% số xã", Comparator.AT_LEAST),
        ("Mức tối thiểu là 30% cán bộ", Comparator.AT_LEAST),
        ("Giữ không dưới 60% diện tích", Comparator.AT_LEAST),
        ("Phủ trên 70% số hộ", Comparator.AT_LEAST),
        ("Hồ sơ trễ hạn ≤ 2%", Comparator.AT_MOST),
        ("Hồ sơ trễ hạn không quá 0,5%", Comparator.AT_MOST),
        ("Trả kết quả tối đa 3 ngày", Comparator.AT_MOST),
        ("Hộ nghèo còn dưới 2%", Comparator.AT_MOST),
        ("Vào nhóm 10 tỉnh dẫn đầu", Comparator.AT_MOST),
        ("Bán qua mạng chiếm khoảng 12% tổng mức bán lẻ", Comparator.ABOUT),
        ("Có gần 18.300 lượt người dự", Comparator.ABOUT),
        ("Ước đạt 61% người dự", Comparator.ABOUT),
        ("Kết nối 31 hệ thống", Comparator.EQUAL),
    ],
)
def test_comparing_words_become_the_comparator(text: str, comparator: Comparator) -> None:
    assert figure(text).comparator is comparator


@pytest.mark.parametrize(
    ("text", "low", "high", "printed"),
    [
        ("80% - 90% hộ chăn nuôi ghi nhật ký số", 80, 90, "80% - 90%"),
        ("80 - 90% hộ chăn nuôi ghi nhật ký số", 80, 90, "80 - 90%"),
        ("từ 80% đến dưới 90% hộ chăn nuôi", 80, 90, "80% đến dưới 90%"),
        ("0,5–0,7% ngân sách", 0.5, 0.7, "0,5–0,7%"),
        ("Có 30 đến 40 dự án làng nghề", 30, 40, "30 đến 40"),
        ("Có từ 30 đến 40 dự án làng nghề", 30, 40, "30 đến 40"),
        ("Có 1-2 trung tâm bảo quản lạnh", 1, 2, "1-2"),
    ],
)
def test_two_ends_make_a_range(text: str, low: float, high: float, printed: str) -> None:
    one = figure(text)
    assert (one.comparator, one.value, one.value_max, one.printed) == (Comparator.RANGE, low, high, printed)


@pytest.mark.parametrize(
    "text",
    [
        "đến hết năm 2030",
        "giai đoạn 2026 - 2030",
        "ngày 14/3/2026",
        "từ 01/8/2026 đến 31/12/2026",
        "Quyết định số 327/QĐ-UBND",
        "Công văn 611/VPUB-KT",
        "theo Đề án 06",
        "dịch vụ công mức độ 3 và 4",
        "tài khoản định danh mức 2",
        "đường truyền với tốc độ trên 01 Gbps/s",
        "thử sóng 5G tại chợ",
        "sau 12 tháng nghiệm thu",
        "tính trên 01 vạn dân",
        "theo chu kỳ 2,5 năm",
        "Quốc lộ 4",
        "xếp thứ 11/34",
        "đạt 40/42 việc",
    ],
)
def test_years_documents_levels_durations_and_ranks_are_no_values(text: str) -> None:
    assert find_figures(text) == []


def test_where_a_change_starts_is_no_value() -> None:
    assert [one.value for one in find_figures("Thời gian cấp phép giảm từ 20 ngày xuống còn 12 ngày")] == [12]


def test_each_year_before_a_number_does_not_make_it_a_year() -> None:
    one = figure("Mỗi năm 14 lớp kỹ năng số")
    assert (one.value, one.unit) == (14, "lớp")


def test_limit_stands_even_behind_a_noun_that_often_carries_a_number() -> None:
    one = figure("Thời gian gián đoạn mạng không quá 4 giờ")
    assert (one.comparator, one.value, one.unit) == (Comparator.AT_MOST, 4, "giờ")


def test_preposition_before_a_zero_padded_number_compares_nothing() -> None:
    assert figure("Cảnh báo lũ trên 04 tuyến").comparator is Comparator.EQUAL
    assert figure("Phấn đấu có trên 05 hợp tác xã").comparator is Comparator.AT_LEAST


def test_every_figure_of_a_sentence_is_found_in_order() -> None:
    found = find_figures("Hồ sơ nộp qua mạng đạt ≥ 90%; trễ hạn không quá 0,5%; mở 1-2 điểm hỗ trợ")
    assert [(one.value, one.value_max) for one in found] == [(90, None), (0.5, None), (1, 2)]


def test_span_covers_the_comparing_word_and_the_number() -> None:
    text = "Có ít nhất 25 mô hình vườn số"
    one = figure(text)
    assert text[one.start : one.end] == "ít nhất 25"
