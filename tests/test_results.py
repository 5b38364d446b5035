"""Reported figures keep their day, their hedge and their place, and never mix with targets; every passage is invented."""

from __future__ import annotations

import pytest

from knowledge.extraction.results import extract_results, split_sentences
from knowledge.extraction.targets import QUOTE_LIMIT, extract_targets
from knowledge.facts import Result
from knowledge.reading import Line
from knowledge.structure import parse


def read(text: str, *, kind: str = "Báo cáo", as_of: str = "2026-07") -> list[Result]:
    """The results of a document given as its paragraphs, one a line."""
    structure = parse(tuple(Line(line.strip(), whole=True) for line in text.strip().splitlines()))
    return extract_results(structure.paragraphs, kind=kind, as_of=as_of)


def reported(sentence: str, *, as_of: str = "2026-07") -> list[Result]:
    return read(f"I. KẾT QUẢ\n- {sentence}", as_of=as_of)


def one_reported(sentence: str, *, as_of: str = "2026-07") -> Result:
    (one,) = reported(sentence, as_of=as_of)
    return one


# ---------------------------------------------------------------- when


@pytest.mark.parametrize(
    ("sentence", "as_of"),
    [
        ("Đến ngày 30/6/2026, toàn tỉnh có 42 trạm đo mưa.", "2026-06-30"),
        ("Tính đến 31/5/2026 toàn tỉnh có 42 trạm đo mưa.", "2026-05-31"),
        ("Trong tháng 5/2026 lắp 42 trạm đo mưa.", "2026-05"),
        ("Năm 2025, tỉnh lắp 42 trạm đo mưa.", "2025"),
        ("Đến ngày 30/6, toàn tỉnh có 42 trạm đo mưa.", "2026-06-30"),
        ("Trong tháng 5, tỉnh lắp 42 trạm đo mưa.", "2026-05"),
        ("Toàn tỉnh có 42 trạm đo mưa.", "2026-07"),
    ],
)
def test_day_that_a_figure_was_true_is_read(sentence: str, as_of: str) -> None:
    one = one_reported(sentence)
    assert (one.as_of, one.value, one.unit) == (as_of, 42, "trạm")


def test_month_without_a_year_is_never_in_the_documents_future() -> None:
    assert one_reported("Trong tháng 11, tỉnh lắp 42 trạm đo mưa.").as_of == "2026-07"


def test_date_of_a_cited_document_is_not_the_figures_day() -> None:
    assert one_reported("Theo Quyết định số 70/QĐ-UBND ngày 21/4/2024, tỉnh lắp 42 trạm đo mưa.").as_of == "2026-07"


def test_year_of_comparison_is_not_the_figures_day() -> None:
    found = reported("So với cùng kỳ năm 2025, hồ sơ trực tuyến tăng 8,2 điểm phần trăm, đạt 66,9%.")
    assert [(one.as_of, one.value, one.indicator) for one in found] == [
        ("2026-07", 8.2, "Hồ sơ trực tuyến tăng"),
        ("2026-07", 66.9, "Hồ sơ trực tuyến"),
    ]


def test_day_at_the_head_of_a_sentence_holds_behind_its_semicolons() -> None:
    found = reported("Đến ngày 30/6/2026, lắp 42 trạm đo mưa; mở 15 chợ số.")
    assert [(one.as_of, one.value) for one in found] == [("2026-06-30", 42), ("2026-06-30", 15)]


def test_day_does_not_reach_the_next_sentence() -> None:
    found = reported("Đến ngày 30/6/2026, lắp 42 trạm đo mưa. Tỉnh mở 15 chợ số.")
    assert [one.as_of for one in found] == ["2026-06-30", "2026-07"]


def test_document_without_a_date_leaves_it_empty() -> None:
    assert one_reported("Toàn tỉnh có 42 trạm đo mưa.", as_of="").as_of == ""


# ---------------------------------------------------------------- which documents


def test_notice_and_conclusion_report_where_they_say_so() -> None:
    text = (
        "1. Đánh giá cao Sở Xây dựng; đến hết tháng 2/2026, dự án đã hoàn thành 55% khối lượng, giải ngân 21,5 tỷ đồng.\n"
        "2. Tuy nhiên, đến nay mới có 12/40 xã bàn giao mặt bằng."
    )
    for kind in ("Thông báo", "Kết luận"):
        found = read(text, kind=kind, as_of="2026-03")
        assert [(one.printed, one.unit, one.as_of) for one in found] == [
            ("55", "%", "2026-02"),
            ("21,5", "tỷ đồng", "2026-02"),
            ("12/40", "xã", "2026-03"),
        ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Yêu cầu Sở Tài chính giải ngân 90% vốn đã giao trước ngày 30/6/2026.",
        "Sở Y tế phấn đấu đến năm 2027 đạt 80% trạm đã có mạng.",
        "Thống nhất chủ trương đầu tư hồ chứa, tổng mức 24,6 tỷ đồng.",
        "Theo quy định đã ban hành, mức hỗ trợ là 50% giá trị trạm đo.",
        "Căn cứ Thông báo số 5/TB-UBND ngày 02/5/2025 đã kết luận, đồng ý bố trí 30 tỷ đồng.",
        "Giao các xã đã đăng ký hoàn thành 100% hồ sơ.",
        "Các sở rà soát 120 trạm đã hỏng, báo cáo trước ngày 05/5/2026.",
    ],
)
def test_orders_of_a_notice_report_nothing(sentence: str) -> None:
    assert read(f"1. {sentence}", kind="Thông báo") == []


def test_plan_reports_nothing_outside_its_sections_of_results() -> None:
    assert read("1. Đến nay tỉnh đã lắp 42 trạm đo mưa.", kind="Kế hoạch") == []


@pytest.mark.parametrize(
    "cited",
    [
        "Kế hoạch số 15/KH-UBND (02/5)",
        "Quyết định 70/QĐ-UBND của UBND tỉnh (02/5)",
        "Công văn số 15 (02/5)",
        "Thông báo số 7/TB-VP (02/5), 9/TB-VP (12/6)",
        "Thông báo số 7/TB-VP (02/5; 12/6)",
    ],
)
def test_day_and_month_behind_a_document_are_no_figure(cited: str) -> None:
    assert [one.printed for one in reported(f"Đã ban hành {cited}; lắp 42 trạm đo mưa.")] == ["42"]


def test_share_in_brackets_behind_a_figure_stays_one() -> None:
    assert [one.printed for one in reported("Số xã có trạm đo mưa đạt 41,7% (5/12 xã).")] == ["41,7", "5/12"]


# ---------------------------------------------------------------- how surely


@pytest.mark.parametrize(
    ("sentence", "hedge"),
    [
        ("Gần 18.300 lượt người dự lớp kỹ năng số.", "gần"),
        ("Khoảng 18.300 lượt người dự lớp kỹ năng số.", "khoảng"),
        ("Ước 18.300 lượt người dự lớp kỹ năng số.", "ước"),
        ("Có trên 18.300 lượt người dự lớp kỹ năng số.", "trên"),
        ("Có hơn 18.300 lượt người dự lớp kỹ năng số.", "hơn"),
        ("Ước đến cuối năm, có 18.300 lượt người dự lớp kỹ năng số.", "ước"),
    ],
)
def test_hedge_is_kept_with_the_figure(sentence: str, hedge: str) -> None:
    one = one_reported(sentence)
    assert (one.approximate, one.hedge, one.value, one.printed) == (True, hedge, 18300, "18.300")


def test_plain_figure_is_not_approximate() -> None:
    one = one_reported("Có 146 buổi hướng dẫn tại thôn.")
    assert (one.approximate, one.hedge) == (False, "")


def test_estimate_at_the_head_of_a_sentence_makes_its_figures_approximate() -> None:
    one = one_reported("Ước đến hết năm 2026, 40/42 chỉ tiêu đạt hoặc vượt.")
    assert (one.as_of, one.approximate, one.hedge, one.printed) == ("2026", True, "ước", "40/42")


def test_preposition_makes_no_count_approximate() -> None:
    one = one_reported("Đã đặt biển báo lũ trên 04 tuyến đường.")
    assert (one.value, one.unit, one.approximate) == (4, "tuyến đường", False)


# ---------------------------------------------------------------- what


def test_part_of_a_whole_keeps_both_as_printed() -> None:
    one = one_reported("Tỉnh hoàn thành 40/42 chỉ tiêu.")
    assert (one.value, one.printed, one.unit) == (40, "40/42", "chỉ tiêu")


def test_part_of_a_whole_and_its_share_are_two_results_of_one_thing() -> None:
    found = reported("Có 1.048/1.310 thủ tục nhận hồ sơ qua mạng, đạt 80%.")
    assert [(one.value, one.unit, one.indicator) for one in found] == [
        (1048, "thủ tục", "Thủ tục nhận hồ sơ qua mạng"),
        (80, "%", "Thủ tục nhận hồ sơ qua mạng"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Trong tháng 5/2026, tỷ lệ số hóa đạt 72,35%, xếp thứ 11/34 tỉnh, thành.",
        "Trong tháng 5/2026, tỷ lệ số hóa đạt 72,35%, xếp vị trí thứ 11/34 tỉnh, thành.",
    ],
)
def test_rank_is_a_result_of_the_rate_before_it(sentence: str) -> None:
    rate, rank = reported(sentence)
    assert (rate.value, rank.value, rank.printed, rank.unit) == (72.35, 11, "11/34", "")
    assert rank.indicator == "Tỷ lệ số hóa xếp hạng"


def test_change_reports_where_it_arrived() -> None:
    one = one_reported("Thời gian cấp phép giảm từ 20 ngày xuống còn 12 ngày.")
    assert (one.value, one.unit, one.indicator) == (12, "ngày", "Thời gian cấp phép")


def test_count_without_its_noun_is_of_the_noun_before_it() -> None:
    found = reported("Toàn tỉnh có 6.900 hợp tác xã, trong đó các hợp tác xã ở vùng thấp là 220; nhiều nơi còn yếu.")
    assert [(one.value, one.unit, one.indicator) for one in found] == [
        (6900, "hợp tác xã", "Hợp tác xã"),
        (220, "hợp tác xã", "Các hợp tác xã ở vùng thấp"),
    ]


def test_what_is_said_of_all_that_is_listed_names_each() -> None:
    found = reported("Còn 05 sở và 03 huyện chưa có phòng họp trực tuyến.")
    assert [(one.value, one.indicator) for one in found] == [
        (5, "Sở chưa có phòng họp trực tuyến"),
        (3, "Huyện chưa có phòng họp trực tuyến"),
    ]


def test_numbers_of_documents_and_dates_are_no_results() -> None:
    assert reported("Ban hành Quyết định số 70/QĐ-UBND ngày 21/4/2026 và Công văn số 611/VPUB-KT.") == []


# ---------------------------------------------------------------- where


def test_scope_in_brackets_belongs_to_the_figure_before_it() -> None:
    found = reported("Tỷ lệ hồ sơ số hóa đạt 78,5% (Giang Bắc cũ) và 61,2% (Hòa Nam cũ).")
    assert [(one.value, one.scope, one.indicator) for one in found] == [
        (78.5, "Giang Bắc cũ", "Tỷ lệ hồ sơ số hóa"),
        (61.2, "Hòa Nam cũ", "Tỷ lệ hồ sơ số hóa"),
    ]


def test_scope_before_the_figure_leaves_the_topic_as_its_name() -> None:
    found = reported("Cáp quang đến hộ gia đình: Giang Bắc cũ đạt 71,4%, Hòa Nam cũ đạt 52,8%; tính chung sau hợp nhất khoảng 63%.")
    assert [(one.value, one.scope) for one in found] == [(71.4, "Giang Bắc cũ"), (52.8, "Hòa Nam cũ"), (63, "sau hợp nhất")]
    assert {one.indicator for one in found} == {"Cáp quang đến hộ gia đình"}


def test_levels_and_groups_are_scopes() -> None:
    found = reported("Văn bản ký số: các sở đạt 98,6%, cấp xã đạt 87,15%.")
    assert [(one.value, one.scope, one.indicator) for one in found] == [
        (98.6, "các sở", "Văn bản ký số"),
        (87.15, "cấp xã", "Văn bản ký số"),
    ]


def test_listed_scopes_share_what_is_said_of_them() -> None:
    found = reported("100% các sở và 100% cấp xã (74/74 xã, phường) có đường truyền riêng.")
    assert [(one.value, one.unit, one.scope) for one in found[:2]] == [(100, "%", "các sở"), (100, "%", "cấp xã")]
    assert [one.value for one in found] == [100, 100, 74]
    assert {one.indicator for one in found} == {"Có đường truyền riêng"}


# ---------------------------------------------------------------- results and targets


@pytest.mark.parametrize(
    "sentence",
    [
        "Tỷ lệ đúng hạn đạt 77%, vượt mục tiêu ≥ 70%.",
        "Tỷ lệ đúng hạn đạt 77% (vượt chỉ tiêu ≥ 70%).",
        "Tỷ lệ đúng hạn đạt 77% (chỉ tiêu: 70%).",
    ],
)
def test_target_that_a_result_is_held_against_is_no_result(sentence: str) -> None:
    assert [one.value for one in reported(sentence)] == [77]


@pytest.mark.parametrize("sentence", ["Năm 2026 phấn đấu có 60 chợ số.", "Dự kiến mở 60 chợ số.", "Sẽ lắp 60 trạm đo mưa."])
def test_what_is_planned_is_no_result(sentence: str) -> None:
    assert reported(sentence) == []


BOTH = (
    "I. KẾT QUẢ NĂM 2025\n- Sóng vùng cao phủ 42% thôn.\nII. MỤC TIÊU NĂM 2026\n- Sóng vùng cao phủ 60% thôn.\n"
    "III. NHIỆM VỤ\n- Mở 12 chợ số."
)


@pytest.mark.parametrize("kind", ["Báo cáo", "Thông báo", "Kế hoạch"])
def test_results_and_targets_of_one_document_are_kept_apart(kind: str) -> None:
    paragraphs = parse(tuple(Line(line, whole=True) for line in BOTH.splitlines())).paragraphs
    assert [(one.value, one.clause) for one in extract_results(paragraphs, kind=kind, as_of="2025")] == [(42, "I")]
    assert [(one.value, one.clause) for one in extract_targets(paragraphs)] == [(60, "II")]


def test_report_reports_in_every_section_that_does_not_look_forward() -> None:
    text = "I. Chỉ đạo, điều hành\n- Tỉnh mở 15 chợ số.\nII. Phương hướng\n- Tỉnh mở 20 chợ số.\nIII. Kiến nghị\n- Xin mở 30 chợ số."
    assert [(one.value, one.clause) for one in read(text)] == [(15, "I")]
    assert read(text, kind="Kế hoạch") == []


def test_same_paragraph_in_two_places_is_a_result_in_each() -> None:
    text = "I. KẾT QUẢ\n1. Hạ tầng\n- Kho số có 31 hệ thống kết nối.\n2. Dữ liệu\n- Kho số có 31 hệ thống kết nối."
    assert [(one.value, one.clause) for one in read(text)] == [(31, "I.1"), (31, "I.2")]


def test_figures_that_contradict_each_other_are_both_kept() -> None:
    text = "I. KẾT QUẢ\n1. Văn bản\n- Ban hành 05 văn bản về chợ số.\n2. Tổ chức\n- Ban hành 11 văn bản về chợ số."
    assert [(one.value, one.indicator) for one in read(text)] == [
        (5, "Ban hành văn bản về chợ số"),
        (11, "Ban hành văn bản về chợ số"),
    ]


def test_quote_is_an_unbroken_run_that_holds_the_figure() -> None:
    long = ", ".join(f"thôn thứ {'x' * number} đã họp" for number in range(1, 40)) + ", tỷ lệ dự họp đạt 64%."
    one = one_reported(long)
    assert len(one.quote) <= QUOTE_LIMIT and one.quote in long and "64%" in one.quote


def test_full_stop_of_a_short_form_before_a_small_letter_ends_no_sentence() -> None:
    assert split_sentences("Thu phí 5 tr. đồng mỗi trạm. Đến nay có 42 trạm.") == ["Thu phí 5 tr. đồng mỗi trạm.", "Đến nay có 42 trạm."]


def test_old_place_is_told_by_its_capital() -> None:
    assert one_reported("Lắp 42 trạm đo mưa ở Đập Đá cũ.").scope == "Đập Đá cũ"
    assert one_reported("Lắp 42 trạm đo mưa ở đập cũ.").scope == ""
