"""Targets are read with comparator, value, unit, base and the year that stands only in a heading; every passage is invented."""

from __future__ import annotations

import pytest

from knowledge.extraction.segments import split_segments
from knowledge.extraction.targets import QUOTE_LIMIT, extract_targets
from knowledge.facts import Comparator, Target
from knowledge.reading import Line
from knowledge.structure import parse

AT_LEAST, AT_MOST, EQUAL, RANGE, ABOUT, TEXT = (
    Comparator.AT_LEAST,
    Comparator.AT_MOST,
    Comparator.EQUAL,
    Comparator.RANGE,
    Comparator.ABOUT,
    Comparator.TEXT,
)


def read(text: str) -> list[Target]:
    """The targets of a document given as its paragraphs, one a line."""
    return extract_targets(parse(tuple(Line(line.strip(), whole=True) for line in text.strip().splitlines())).paragraphs)


def below(bullet: str) -> list[Target]:
    """The targets of bullets below «I. MỤC TIÊU», «1. Đến hết năm 2029»."""
    return read(f"I. MỤC TIÊU\n1. Đến hết năm 2029\n{bullet}")


def one_below(bullet: str) -> Target:
    (one,) = below(bullet)
    return one


# ---------------------------------------------------------------- which year


@pytest.mark.parametrize(
    ("document", "clause"),
    [
        ("I. MỤC TIÊU ĐẾN NĂM 2031\n1. Hạ tầng\na) Sóng di động\n- Sóng vùng cao phủ 70% thôn.", "I.1.a"),
        ("I. MỤC TIÊU\n1. Đến hết năm 2031\na) Sóng di động\n- Sóng vùng cao phủ 70% thôn.", "I.1.a"),
        ("I. MỤC TIÊU\n1. Hạ tầng\na) Giai đoạn 2027 - 2031\n- Sóng vùng cao phủ 70% thôn.", "I.1.a"),
        ("II. CHỈ TIÊU\n2.3. Tầm nhìn đến năm 2031\n- Sóng vùng cao phủ 70% thôn.", "II.2.3"),
        ("I. MỤC TIÊU\nPhấn đấu đến hết năm 2031 đạt các chỉ tiêu sau:\n- Sóng vùng cao phủ 70% thôn.", "I"),
        ("KẾ HOẠCH\nPhát triển chợ số giai đoạn 2027 - 2031\nI. MỤC TIÊU\n- Sóng vùng cao phủ 70% thôn.", "I"),
    ],
)
def test_year_is_inherited_from_a_heading_at_any_level(document: str, clause: str) -> None:
    (one,) = read(document)
    assert (one.horizon_year, one.clause, one.value) == (2031, clause, 70)


def test_same_letters_below_two_years_are_kept_apart() -> None:
    found = read("II. MỤC TIÊU\n2.1. Đến năm 2027\na) Sóng\n- Phủ sóng 60% thôn.\n2.2. Đến năm 2033\na) Sóng\n- Phủ sóng 90% thôn.")
    assert [(one.clause, one.horizon_year, one.value) for one in found] == [("II.2.1.a", 2027, 60), ("II.2.2.a", 2033, 90)]


def test_year_in_the_sentence_wins_over_the_heading() -> None:
    assert [(one.horizon_year, one.value) for one in below("- Riêng năm 2027, sóng vùng cao phủ 40% thôn.")] == [(2027, 40)]


def test_each_figure_takes_the_year_beside_it() -> None:
    found = below("- 60% xã có chợ số vào năm 2027 và 80% vào năm 2030.")
    assert [(one.horizon_year, one.value, one.indicator) for one in found] == [(2027, 60, "Xã có chợ số"), (2030, 80, "Xã có chợ số")]


def test_year_that_something_is_compared_with_is_no_horizon() -> None:
    one = one_below("- Năng suất lao động tăng gấp 2 lần năm 2025.")
    assert (one.horizon_year, one.value, one.unit, one.base) == (2029, 2, "lần", "năm 2025")


def test_where_things_stand_now_is_no_target() -> None:
    assert [one.value for one in below("- Tỷ lệ hồ sơ số hóa đạt 80% (năm 2025: 62%).")] == [80]


def test_target_without_any_year_has_none() -> None:
    (one,) = read("I. MỤC TIÊU\n- Sóng vùng cao phủ 70% thôn.")
    assert one.horizon_year is None


# ---------------------------------------------------------------- comparator, value, unit, «mỗi năm»


@pytest.mark.parametrize(
    ("bullet", "comparator", "value", "unit", "printed"),
    [
        ("- Có ≥ 35 % hộ kinh doanh dùng hóa đơn số.", AT_LEAST, 35, "%", "35"),
        ("- Có ≥ 1.000 cán bộ biết phân tích dữ liệu.", AT_LEAST, 1000, "cán bộ", "1.000"),
        ("- Chỉ số an toàn dữ liệu của tỉnh ≥ 0,75.", AT_LEAST, 0.75, "", "0,75"),
        ("- Chỉ số an toàn dữ liệu của tỉnh đạt 1,0.", EQUAL, 1, "", "1,0"),
        ("- Có từ 07 kỹ sư nông nghiệp số trên 01 vạn dân.", AT_LEAST, 7, "kỹ sư", "07"),
        ("- Hồ sơ nộp qua mạng đạt từ 75% trở lên.", AT_LEAST, 75, "%", "75"),
        ("- Hồ sơ trễ hạn giảm còn dưới 2%.", AT_MOST, 2, "%", "2"),
        ("- Sóng vùng cao đạt 100%.", EQUAL, 100, "%", "100"),
        ("- Trồng mới 1.200 ha rừng gỗ lớn.", EQUAL, 1200, "ha", "1.200"),
        ("- Thu nhập bình quân đạt 92 triệu đồng/người/năm.", EQUAL, 92, "triệu đồng/người", "92"),
        ("- Doanh thu du lịch số khoảng 12% tổng mức bán lẻ.", ABOUT, 12, "%", "12"),
    ],
)
def test_comparator_value_and_unit_are_those_printed(bullet: str, comparator: Comparator, value: float, unit: str, printed: str) -> None:
    one = one_below(bullet)
    assert (one.comparator, one.value, one.unit, one.printed) == (comparator, value, unit, printed)
    assert one.quantified and one.printed in one.quote


@pytest.mark.parametrize(
    ("bullet", "low", "high"),
    [
        ("- 80% - 90% hộ chăn nuôi dùng sổ điện tử (nhật ký, tiêm phòng, bán hàng,…).", 80, 90),
        ("- Mỗi năm có 30 đến 40 dự án làng nghề số.", 30, 40),
        ("- Có 1-2 trung tâm bảo quản lạnh đạt chuẩn.", 1, 2),
    ],
)
def test_range_keeps_both_ends(bullet: str, low: float, high: float) -> None:
    one = one_below(bullet)
    assert (one.comparator, one.value, one.value_max) == (RANGE, low, high)


@pytest.mark.parametrize(
    ("bullet", "per_year"),
    [
        ("- Mỗi năm có ≥ 14 lớp kỹ năng số.", True),
        ("- Mỗi năm ≥ 14 lớp kỹ năng số.", True),
        ("- Mỗi năm 14 lớp kỹ năng số.", True),
        ("- Hằng năm mở ít nhất 14 lớp kỹ năng số.", True),
        ("- Mở ≥ 14 lớp/năm về kỹ năng số.", True),
        ("- Thời gian gián đoạn mạng không quá 4 giờ mỗi năm.", True),
        ("- Có ≥ 14 lớp kỹ năng số.", False),
    ],
)
def test_each_year_is_told_from_in_all(bullet: str, per_year: bool) -> None:
    one = one_below(bullet)
    assert one.per_year is per_year
    assert "năm" not in one.indicator


def test_numbers_that_only_describe_are_no_values() -> None:
    found = below("- Có ≥ 60% hộ có đường truyền trên 01 Gbps/s.\n- Có ≥ 40% đề tài được ứng dụng sau 12 tháng nghiệm thu.")
    assert [one.value for one in found] == [60, 40]


# ---------------------------------------------------------------- two targets in one bullet, and bases


def test_shares_of_two_bases_in_one_bullet_are_two_targets() -> None:
    found = below("- Chi cho thư viện số ≥ 1,5% tổng chi ngân sách địa phương; tỷ lệ chi cho bảo tàng số đạt 2% GRDP.")
    assert [(one.comparator, one.value, one.base) for one in found] == [
        (AT_LEAST, 1.5, "tổng chi ngân sách địa phương"),
        (EQUAL, 2, "GRDP"),
    ]


def test_shares_of_two_bases_joined_by_and_are_two_targets() -> None:
    found = below("- Có ≥ 1,5% tổng chi ngân sách địa phương dành cho thư viện số và 2% GRDP dành cho bảo tàng số.")
    assert [(one.value, one.base) for one in found] == [(1.5, "tổng chi ngân sách địa phương"), (2, "GRDP")]


def test_share_of_the_things_just_counted_says_what_it_is_a_share_of() -> None:
    count, share = below("- Có ≥ 70 hợp tác xã số, trong đó 10% bán hàng ra nước ngoài.")
    assert (count.comparator, count.value, count.unit) == (AT_LEAST, 70, "hợp tác xã")
    assert (share.comparator, share.value, share.unit, share.base) == (EQUAL, 10, "%", "hợp tác xã số")
    assert share.indicator == "Hợp tác xã số bán hàng ra nước ngoài"


def test_share_with_a_noun_of_its_own_keeps_it() -> None:
    _, share = below("- Có ≥ 70 hợp tác xã số, trong số đó có 10% doanh nghiệp vươn ra khu vực.")
    assert (share.indicator, share.base) == ("Doanh nghiệp vươn ra khu vực", "hợp tác xã số")


def test_second_rate_behind_a_comma_is_another_target() -> None:
    found = below("- Có ≥ 85% người dân dùng sổ sức khỏe số, tỷ lệ người dân có chữ ký số ≥ 12%.")
    assert [(one.value, one.indicator) for one in found] == [
        (85, "Người dân dùng sổ sức khỏe số"),
        (12, "Tỷ lệ người dân có chữ ký số"),
    ]


def test_aim_in_words_beside_a_figure_is_a_target_too() -> None:
    found = below("- Mở rộng chợ trực tuyến tới các xã; quy mô kinh tế số đạt 9% GRDP.")
    assert [(one.comparator, one.value, one.base) for one in found] == [(TEXT, None, ""), (EQUAL, 9, "GRDP")]


def test_aim_in_words_keeps_year_and_clause_and_has_no_figure() -> None:
    one = one_below("d) Nhân lực\n- Thu hút thợ giỏi về làng, hình thành “làng thợ”.")
    assert (one.quantified, one.comparator, one.value, one.horizon_year, one.clause) == (False, TEXT, None, 2029, "I.1.d")


def test_bullets_below_a_rate_are_named_by_it() -> None:
    found = below("- Tỷ lệ hồ sơ trực tuyến:\n+ Cấp tỉnh: 90%;\n+ Cấp xã: 70%.")
    assert [(one.indicator, one.value) for one in found] == [
        ("Tỷ lệ hồ sơ trực tuyến: cấp tỉnh", 90),
        ("Tỷ lệ hồ sơ trực tuyến: cấp xã", 70),
    ]


def test_name_says_whether_something_shall_fall() -> None:
    one = one_below("- Giảm ít nhất 30% thời gian xử lý hồ sơ.")
    assert (one.indicator, one.comparator, one.value) == ("Giảm thời gian xử lý hồ sơ", AT_LEAST, 30)


def test_counts_listed_side_by_side_are_targets_each() -> None:
    found = below(
        "- Đào tạo ít nhất 300 kỹ sư, 50 chuyên gia trí tuệ nhân tạo.\n- Trên 60% trường dạy lập trình, ít nhất 20 trường có phòng máy."
    )
    assert [(one.comparator, one.value, one.unit) for one in found] == [
        (AT_LEAST, 300, "kỹ sư"),
        (EQUAL, 50, "chuyên gia"),
        (AT_LEAST, 60, "%"),
        (AT_LEAST, 20, "trường"),
    ]


def test_listed_shares_go_on_with_what_is_said_of_them_all() -> None:
    found = below(
        "- 100% hồ sơ cấp tỉnh và 70% hồ sơ cấp xã được xử lý trên mạng.\n- Sóng vùng cao phủ 100% khu công nghiệp và ≥ 90% dân số."
    )
    assert [(one.indicator, one.value, one.base) for one in found] == [
        ("Hồ sơ cấp tỉnh được xử lý trên mạng", 100, ""),
        ("Hồ sơ cấp xã được xử lý trên mạng", 70, ""),
        ("Sóng vùng cao phủ khu công nghiệp", 100, ""),
        ("Sóng vùng cao phủ dân số", 90, "dân số"),
    ]


def test_figure_set_apart_goes_on_with_the_name_before_it() -> None:
    found = below("- Tỷ lệ người dân hài lòng đạt tối thiểu 90%, riêng lĩnh vực đất đai đạt tối thiểu 85%.")
    assert [one.indicator for one in found] == ["Tỷ lệ người dân hài lòng", "Tỷ lệ người dân hài lòng: lĩnh vực đất đai"]


def test_two_figures_for_one_thing_and_year_are_both_kept() -> None:
    found = below("- Có ≥ 50 làng nghề số.\n- Có 12 lễ hội số.\n- Có ≥ 70 làng nghề số.")
    assert [one.value for one in found if one.indicator == "Làng nghề số"] == [50, 70]


# ---------------------------------------------------------------- where


@pytest.mark.parametrize("heading", ["1. Mục tiêu chung", "1. Quan điểm", "1. Mục đích"])
def test_general_aims_set_no_target(heading: str) -> None:
    assert read(f"I. MỤC TIÊU\n{heading}\n- Đưa 100% làng nghề lên mạng.") == []


def test_results_are_no_targets() -> None:
    assert read("I. KẾT QUẢ NĂM 2025\n- Sóng vùng cao phủ 70% thôn.\n- Đã có 12 chợ số.") == []


def test_task_that_strives_for_a_share_by_a_year_is_a_target() -> None:
    (one,) = read("II. NHIỆM VỤ\n- Sở Y tế mở 12 lớp.\n- Mở rộng sóng vùng cao, phấn đấu đạt 60% thôn trong năm 2026.")
    assert (one.value, one.horizon_year, one.clause) == (60, 2026, "II")


def test_quote_is_an_unbroken_run_that_holds_the_figure() -> None:
    long = "- " + ", ".join(f"nhóm hộ thứ {number} của vùng cao" for number in range(1, 40)) + ", tỷ lệ dùng sổ số đạt ≥ 64%."
    one = below(long)[-1]
    assert len(one.quote) <= QUOTE_LIMIT and one.quote in long and "64" in one.quote


def test_full_stop_of_a_short_form_before_a_small_letter_ends_no_segment() -> None:
    assert [part for _, part in split_segments("Thu nhập đạt 90 tr. đồng mỗi người. Đạt 60% thôn.")] == [
        "Thu nhập đạt 90 tr. đồng mỗi người.",
        "Đạt 60% thôn.",
    ]


# ---------------------------------------------------------------- reports and conclusions


@pytest.mark.parametrize(
    "sentence",
    [
        "2. Kho lúa: Tỷ lệ kho lúa có mã số đạt 71,5%, vượt chỉ tiêu (70%); lắp được 42 trạm đo mưa.",
        "2. Tỷ lệ kho lúa có mã số đạt 71,5%, đạt chỉ tiêu đề ra.",
        "2. Kết quả thực hiện các chỉ tiêu\n- Tỷ lệ kho lúa có mã số đạt 71,5%.",
        "2. Tình hình thực hiện mục tiêu năm 2026\n- Tỷ lệ kho lúa có mã số đạt 71,5%.",
    ],
)
def test_figure_held_against_a_target_is_no_target(sentence: str) -> None:
    assert read(f"BÁO CÁO\nCông tác kho lúa\nI. KẾT QUẢ THỰC HIỆN\n{sentence}") == []


def test_share_to_be_assured_and_its_later_year_are_targets_outside_any_section() -> None:
    found = read("KẾT LUẬN\nvề số hóa\n1- Các chi bộ bảo đảm 85% biên bản họp được số hóa từ quý II/2026; đến năm 2028 đạt 100%.")
    assert [(one.indicator, one.value, one.horizon_year) for one in found] == [
        ("Biên bản họp được số hóa", 85, 2026),
        ("Biên bản họp được số hóa", 100, 2028),
    ]


def test_share_that_is_assured_already_is_no_target() -> None:
    assert read("KẾT LUẬN\nvề số hóa\n1- Đến nay các chi bộ đã bảo đảm 85% biên bản họp được số hóa.") == []


def test_report_sets_targets_only_where_it_looks_forward() -> None:
    text = "BÁO CÁO\nCông tác kho lúa\n1. Kho lúa\n- Tỷ lệ kho lúa có mã số đạt 71,5%.\n"
    assert read(text) == []
    found = read(f"{text}2. Nhiệm vụ thời gian tới\n- Phấn đấu tỷ lệ kho lúa có mã số đạt 90%.")
    assert [(one.clause, one.value) for one in found] == [("2", 90)]


def test_day_before_which_a_share_is_due_gives_its_year_and_no_part_of_its_name() -> None:
    (one,) = read("KẾT LUẬN\nvề chợ số\n1- Các xã bảo đảm 100% chợ có mã số trước ngày 30/6/2027.")
    assert (one.indicator, one.horizon_year) == ("Chợ có mã số", 2027)
