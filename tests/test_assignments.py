"""Who does what by when is read from directives; every passage here is invented (tỉnh Hòa Giang)."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge.extraction.assignments import QUOTE_LIMIT, TASK_LIMIT, extract_assignments
from knowledge.facts import Assignment, Recurrence
from knowledge.reading import Line
from knowledge.structure import Paragraph, ParagraphKind, parse


def read(text: str, *, title: str = "") -> list[Assignment]:
    """The assignments of a document given as its paragraphs, one a line."""
    structure = parse(tuple(Line(line.strip(), whole=True) for line in text.strip().splitlines() if line.strip()))
    return extract_assignments(structure.paragraphs, title=title or structure.subject)


def read_one(text: str, *, title: str = "") -> Assignment:
    (one,) = read(text, title=title)
    return one


# ---------------------------------------------------------------- who


@pytest.mark.parametrize(
    "heading",
    ["2. Sở Y tế:", "2. Sở Y tế", "2. Trách nhiệm của Sở Y tế", "2. Đối với Sở Y tế", "2. Sở Y tế tỉnh Hòa Giang"],
)
def test_doer_is_inherited_from_the_heading(heading: str) -> None:
    one = read_one(f"II. NHIỆM VỤ\n{heading}\na) Lập danh mục thiết bị đo của các trạm.")
    assert (one.lead, one.clause, one.task) == (("Sở Y tế",), "II.2.a", "Lập danh mục thiết bị đo của các trạm")


def test_doer_before_a_colon_leads_its_bullet() -> None:
    found = read("IV. TỔ CHỨC THỰC HIỆN\n- Văn phòng Tỉnh ủy: Theo dõi việc học tập.\n- Ban Nội chính Tỉnh ủy: Kiểm tra các dự án.")
    assert [(one.lead, one.task) for one in found] == [
        (("Văn phòng Tỉnh ủy",), "Theo dõi việc học tập"),
        (("Ban Nội chính Tỉnh ủy",), "Kiểm tra các dự án"),
    ]


def test_label_before_a_colon_is_no_doer() -> None:
    one = read_one("IV. TỔ CHỨC THỰC HIỆN\n1. Trách nhiệm của Ban Chỉ đạo tỉnh\n- Kiểm tra, giám sát: Lập đoàn đi cơ sở.")
    assert (one.lead, one.task) == (("Ban Chỉ đạo",), "Kiểm tra, giám sát: Lập đoàn đi cơ sở")


def test_doer_in_the_sentence_wins_over_the_heading() -> None:
    one = read_one("II. NHIỆM VỤ\n1. Các sở, ngành:\na) Công an tỉnh chủ trì, phối hợp với Sở Nội vụ làm sạch dữ liệu hộ tịch.")
    assert (one.lead, one.coordinating, one.task) == (("Công an tỉnh",), ("Sở Nội vụ",), "Làm sạch dữ liệu hộ tịch")


@pytest.mark.parametrize(
    "sentence",
    [
        "Giao Sở Xây dựng trực tiếp khảo sát các cột phát sóng.",
        "Yêu cầu Sở Xây dựng khảo sát các cột phát sóng.",
        "Đề nghị Giám đốc Sở Xây dựng khảo sát các cột phát sóng.",
        "Trên cơ sở số liệu của các xã, Sở Xây dựng khảo sát các cột phát sóng.",
        "Trong đó, Sở Xây dựng phải khảo sát các cột phát sóng.",
        "Người đứng đầu Sở Xây dựng trực tiếp khảo sát các cột phát sóng.",
    ],
)
def test_doer_is_found_however_the_order_is_put(sentence: str) -> None:
    assert read_one(f"II. NHIỆM VỤ\n- {sentence}").lead == ("Sở Xây dựng",)


def test_task_without_a_named_doer_has_none() -> None:
    one = read_one("III. NHIỆM VỤ VÀ GIẢI PHÁP\n- Mở rộng mạng truyền dẫn tới vùng cao.")
    assert (one.lead, one.coordinating, one.report_to) == ((), (), ())


def test_open_group_is_kept_as_it_is_printed() -> None:
    one = read_one("II. NHIỆM VỤ\n1. Các sở, ban, ngành, địa phương:\na) Từng sở, ban, ngành, địa phương phải cử một đầu mối.")
    assert one.lead == ("từng sở, ban, ngành, địa phương",)


def test_departments_are_those_that_the_title_names() -> None:
    title = "Kết luận tại buổi làm việc với các Sở: Y tế, Xây dựng về dữ liệu"
    one = read_one("2. Nhiệm vụ, giải pháp\n- Yêu cầu các Sở gửi nhu cầu vốn chậm nhất ngày 12/5/2026.", title=title)
    assert one.lead == ("Sở Y tế", "Sở Xây dựng")


def test_words_before_a_list_name_the_doer_of_its_items() -> None:
    found = read(
        "II. NHIỆM VỤ\nNăm 2026 còn nhiều việc; yêu cầu ngành Y tế tập trung các việc sau:\n1. Mở thêm điểm khám từ xa cho vùng cao."
    )
    assert [(one.clause, one.lead) for one in found] == [("II.1", ("ngành Y tế",))]


def test_sentence_without_a_doer_goes_on_with_the_one_before() -> None:
    found = read(
        "IV. TỔ CHỨC THỰC HIỆN\n- Hằng quý, Ban Chỉ đạo nghe báo cáo của cơ sở. Giữa nhiệm kỳ hoặc theo chu kỳ 2,5 năm, tổ chức sơ kết."
    )
    assert [one.lead for one in found] == [("Ban Chỉ đạo",), ("Ban Chỉ đạo",)]


def test_agency_outside_the_registry_can_lead() -> None:
    one = read_one("III. TỔ CHỨC THỰC HIỆN\n- Trung tâm Xúc tiến đầu tư phối hợp với Sở Công Thương mở hội chợ vào ngày 20/11/2026.")
    assert (one.lead, one.coordinating, one.due_on) == (("Trung tâm Xúc tiến đầu tư",), ("Sở Công Thương",), dt.date(2026, 11, 20))


def test_working_with_others_is_told_from_reporting_to_them() -> None:
    one = read_one(
        "II. NHIỆM VỤ\n2. Sở Nội vụ\n- Chủ trì, phối hợp với Sở Y tế và các cơ quan liên quan lập đề án, "
        "gửi Sở Tài chính cho ý kiến, báo cáo UBND tỉnh."
    )
    assert one.coordinating == ("Sở Y tế", "các cơ quan liên quan")
    assert one.report_to == ("Sở Tài chính", "UBND tỉnh")


@pytest.mark.parametrize(
    "sentence",
    [
        "Như Báo cáo của Sở Y tế, tiếp tục rà soát trạm.",
        "Định kỳ nghe Ban Chỉ đạo báo cáo về tiến độ.",
        "Xem xét nội dung tại Báo cáo số 10/BC-SYT.",
    ],
)
def test_report_as_a_noun_names_no_recipient(sentence: str) -> None:
    assert read_one(f"II. NHIỆM VỤ\n- {sentence}").report_to == ()


def test_recipients_behind_a_preposition_are_found() -> None:
    one = read_one("II. NHIỆM VỤ\n- Các cấp ủy gửi kết quả, khó khăn về Ban Chỉ đạo tỉnh.")
    assert one.report_to == ("Ban Chỉ đạo",)


# ---------------------------------------------------------------- by when


def test_two_deadlines_with_different_doers_are_two_assignments() -> None:
    found = read(
        "II. NHIỆM VỤ\n1. Các sở, ngành gửi nhu cầu về Sở Nội vụ trước ngày 10/3/2026 để rà soát, lập dự toán, "
        "gửi Sở Tài chính thẩm định, hoàn thành trong Quý II/2026."
    )
    assert [(one.lead, one.due_on, one.due_text, one.inclusive) for one in found] == [
        (("các sở, ngành",), dt.date(2026, 3, 10), "trước ngày 10/3/2026", False),
        (("Sở Nội vụ", "Sở Tài chính"), dt.date(2026, 6, 30), "trong Quý II/2026", True),
    ]
    assert found[0].report_to == ("Sở Nội vụ",)
    assert found[1].task.startswith("Rà soát, lập dự toán")


def test_change_of_subject_at_a_semicolon_is_another_assignment() -> None:
    found = read("II. NHIỆM VỤ\n- Các xã gửi danh sách trước ngày 05/7/2026; Sở Y tế tổng hợp, báo cáo UBND tỉnh chậm nhất ngày 15/7/2026.")
    assert [(one.lead, one.due_on) for one in found] == [(("các xã",), dt.date(2026, 7, 5)), (("Sở Y tế",), dt.date(2026, 7, 15))]


def test_period_and_deadline_of_one_doer_stay_one_assignment() -> None:
    one = read_one(
        "II. NHIỆM VỤ\n2. Sở Y tế:\na) Lập kế hoạch số hóa của ngành trong năm 2026; trình phê duyệt; hoàn thành trong Quý III/2026."
    )
    assert (one.due_on, one.due_text) == (dt.date(2026, 9, 30), "trong Quý III/2026")


def test_year_in_passing_sets_no_deadline() -> None:
    one = read_one("II. NHIỆM VỤ\n- Trên cơ sở nhiệm vụ trong năm 2026, Sở Y tế lập bảng theo dõi tiến độ.")
    assert (one.due_on, one.due_text) == (None, "")


def test_year_at_the_end_of_an_order_is_its_deadline() -> None:
    one = read_one("II. NHIỆM VỤ\n- Phủ sóng 60% thôn vùng cao trong năm 2026.")
    assert (one.due_on, one.due_text) == (dt.date(2026, 12, 31), "trong năm 2026")


def test_date_of_a_cited_document_is_no_deadline() -> None:
    one = read_one("II. NHIỆM VỤ\n- Triển khai Quyết định số 12/QĐ-UBND ngày 26/5/2025 của UBND tỉnh.")
    assert one.due_on is None


def test_day_in_a_sentence_of_its_own_belongs_to_the_task_before() -> None:
    one = read_one("II. NHIỆM VỤ\n- Sở Y tế lập bản đồ trạm y tế số. Hoàn thành trước ngày 15/6/2026.")
    assert (one.task, one.due_on) == ("Lập bản đồ trạm y tế số. Hoàn thành trước ngày 15/6/2026", dt.date(2026, 6, 15))


def test_dates_without_a_year_are_of_the_year_of_the_meeting() -> None:
    found = read("THÔNG BÁO\nKết luận họp giao ban\nNgày 02/3/2026, tại Trụ sở UBND tỉnh đã họp.\n1. Giao Sở Y tế báo cáo trước ngày 20/6.")
    assert [one.due_on for one in found] == [dt.date(2026, 6, 20)]


def test_every_two_weeks_starts_when_the_text_says() -> None:
    one = read_one("II. NHIỆM VỤ\n- Sở Y tế định kỳ 02 tuần một lần (bắt đầu từ năm 2026) báo cáo tiến độ.")
    assert (one.recurrence, one.period_from, one.due_on) == ((Recurrence.TWO_WEEKS,), dt.date(2026, 1, 1), None)
    assert one.due_text == "định kỳ 02 tuần một lần"


def test_recurrences_of_a_bullet_are_gathered() -> None:
    one = read_one("IV. TỔ CHỨC THỰC HIỆN\n- Sơ kết từng kỳ (03 tháng, 06 tháng, năm), báo cáo Tỉnh ủy khi có yêu cầu.")
    assert one.recurrence == (Recurrence.QUARTER, Recurrence.HALF_YEAR, Recurrence.YEAR, Recurrence.AD_HOC)


def test_rhythm_without_a_code_stays_in_words() -> None:
    one = read_one("IV. TỔ CHỨC THỰC HIỆN\n- Tổ chức tổng kết theo chu kỳ 2,5 năm trên toàn tỉnh.")
    assert (one.recurrence, one.due_text) == ((), "theo chu kỳ 2,5 năm")


def test_day_of_each_month_is_kept_beside_the_recurrence() -> None:
    one = read_one("II. NHIỆM VỤ\n- Định kỳ hằng tháng (trước ngày 25), các sở gửi kết quả về Sở Y tế.")
    assert (one.recurrence, one.due_text, one.due_on) == ((Recurrence.MONTH,), "Định kỳ hằng tháng, trước ngày 25", None)


def test_years_of_a_plan_are_a_period_without_a_deadline() -> None:
    one = read_one("II. NHIỆM VỤ\n- Đề xuất lộ trình số hóa trong giai đoạn 2026 - 2030.")
    assert (one.due_on, one.period_from, one.period_to) == (None, dt.date(2026, 1, 1), dt.date(2030, 12, 31))


# ---------------------------------------------------------------- where


@pytest.mark.parametrize(
    "heading",
    ["KẾT QUẢ THỰC HIỆN NĂM 2025", "ĐÁNH GIÁ CHUNG", "MỤC TIÊU", "MỤC ĐÍCH, YÊU CẦU", "Hạn chế, khó khăn", "KIẾN NGHỊ, ĐỀ XUẤT"],
)
def test_reports_targets_and_principles_order_nothing(heading: str) -> None:
    assert read(f"I. {heading}\n- Các sở, ngành triển khai kho dữ liệu trước ngày 31/12/2026.") == []


@pytest.mark.parametrize(
    "heading",
    [
        "NHIỆM VỤ TRỌNG TÂM NĂM 2026",
        "Tổ chức thực hiện",
        "Yêu cầu trong thời gian tới",
        "Cơ chế thông tin, báo cáo",
        "Phương hướng, nhiệm vụ",
    ],
)
def test_forward_looking_sections_order(heading: str) -> None:
    assert len(read(f"II. {heading}\n- Triển khai kho dữ liệu của ngành.")) == 1


def test_report_gives_no_assignments_though_it_speaks_of_tasks() -> None:
    text = (
        "BÁO CÁO\nKết quả chuyển đổi số\nI. Việc thực hiện các nhiệm vụ được giao\n- Tham mưu UBND tỉnh ban hành kế hoạch ngày 10/3/2025."
    )
    assert read(text) == []


def test_what_was_done_is_no_order_even_among_tasks() -> None:
    assert read("II. NHIỆM VỤ\n- Sở Y tế đã hoàn thành kho dữ liệu trước ngày 01/3/2026.") == []


def test_opening_and_closing_formulas_order_nothing() -> None:
    text = (
        "THÔNG BÁO\nKết luận họp giao ban\nNgày 02/3/2026, tại Trụ sở UBND tỉnh, Chủ tịch UBND tỉnh chủ trì họp giao ban.\n"
        "II. NHIỆM VỤ\n1. Sở Y tế mở điểm khám từ xa.\nVăn phòng UBND tỉnh thông báo để các sở, ngành biết, thực hiện./."
    )
    assert [one.task for one in read(text)] == ["Mở điểm khám từ xa"]


def test_orders_without_any_section_are_found_by_their_words() -> None:
    found = read("Qua kiểm tra còn nhiều trạm hỏng.\n1. Giao Sở Y tế sửa các trạm hỏng trước ngày 20/6/2026.\n2. Nhiều xã còn thiếu máy.")
    assert [(one.clause, one.lead) for one in found] == [("1", ("Sở Y tế",))]


def test_title_over_items_is_no_task_of_its_own() -> None:
    found = read("II. NHIỆM VỤ\n1. Phát triển hạ tầng\na) Kéo cáp quang tới thôn.\nb) Dựng trạm phát sóng.")
    assert [one.clause for one in found] == ["II.1.a", "II.1.b"]


def test_lines_below_an_item_complete_it() -> None:
    one = read_one(
        "II. NHIỆM VỤ\n1. Hạ tầng\na) Dựng 12 trạm phát sóng vùng cao.\n- Cơ quan chủ trì: Sở Xây dựng.\n"
        "- Cơ quan phối hợp: Sở Y tế, UBND các xã.\n- Thời gian hoàn thành: Quý IV/2026.\n- Sản phẩm: Trạm phát sóng."
    )
    assert (one.lead, one.coordinating, one.due_on) == (("Sở Xây dựng",), ("Sở Y tế", "UBND các xã"), dt.date(2026, 12, 31))


def test_doer_in_brackets_leads_and_is_no_part_of_the_task() -> None:
    one = read_one("II. NHIỆM VỤ\n- Lập bản đồ vùng trồng số (Cơ quan chủ trì: Sở Y tế; hoàn thành trong tháng 9/2026).")
    assert (one.lead, one.task, one.due_on) == (("Sở Y tế",), "Lập bản đồ vùng trồng số", dt.date(2026, 9, 30))


def test_table_of_tasks_gives_one_assignment_a_row() -> None:
    rows = [
        "STT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành | Sản phẩm",
        "1 | Xây dựng kho dữ liệu dùng chung | Sở KH&CN | Sở Nội vụ, Công an tỉnh | Quý II/2026 | Kho",
        "2 | Rà soát thủ tục hành chính | Văn phòng UBND tỉnh |  | Hằng quý | Báo cáo",
    ]
    paragraphs = [Paragraph(number, ParagraphKind.ROW, "Phụ lục I", (), "", row, None) for number, row in enumerate(rows)]
    first, second = extract_assignments(paragraphs, title="")
    assert (first.lead, first.coordinating, first.due_on) == (
        ("Sở Khoa học và Công nghệ",),
        ("Sở Nội vụ", "Công an tỉnh"),
        dt.date(2026, 6, 30),
    )
    assert (second.lead, second.recurrence, second.due_on) == (("Văn phòng UBND tỉnh",), (Recurrence.QUARTER,), None)


def test_task_and_quote_keep_to_their_lengths_and_to_the_words() -> None:
    long = "II. NHIỆM VỤ\n- Sở Y tế " + ", ".join(f"rà soát nhóm thiết bị số {number} của trạm vùng cao" for number in range(1, 30))
    one = read_one(long + ", hoàn thành chậm nhất trong ngày 08/5/2026.")
    text = one.quote
    assert len(one.task) <= TASK_LIMIT and len(text) <= QUOTE_LIMIT
    assert text in long + ", hoàn thành chậm nhất trong ngày 08/5/2026."
    assert one.task[1:] in long
    assert one.due_text in text
    assert "…" not in text
