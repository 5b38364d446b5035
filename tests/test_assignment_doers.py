"""Who leads when the name stands in a list, behind a time or in the heading, and what is no order; every passage is invented."""

from __future__ import annotations

import pytest

from knowledge.agencies import find_agencies, group_members
from knowledge.extraction.assignments import extract_assignments
from knowledge.facts import Assignment
from knowledge.reading import Line
from knowledge.structure import parse


def read(text: str) -> list[Assignment]:
    structure = parse(tuple(Line(line.strip(), whole=True) for line in text.strip().splitlines() if line.strip()))
    return extract_assignments(structure.paragraphs, title=structure.subject)


def leads(sentence: str) -> tuple[str, ...]:
    (one,) = read(f"II. NHIỆM VỤ\n- {sentence}")
    return one.lead


# ---------------------------------------------------------------- lists, times, titles of people


@pytest.mark.parametrize(
    "sentence",
    [
        "Các Sở Y tế, Nội vụ, Xây dựng khẩn trương lập danh mục trạm đo.",
        "Các Sở: Y tế, Nội vụ và Xây dựng lập danh mục trạm đo.",
        "Giao các Sở: Y tế, Nội vụ, Xây dựng lập danh mục trạm đo.",
        "Trên cơ sở kết quả khảo sát, các Sở Y tế, Nội vụ, Xây dựng lập danh mục trạm đo.",
    ],
)
def test_departments_listed_behind_one_word_lead_together(sentence: str) -> None:
    assert leads(sentence) == ("Sở Y tế", "Sở Nội vụ", "Sở Xây dựng")


@pytest.mark.parametrize("time", ["Hằng năm", "Hằng quý", "Định kỳ 6 tháng", "Trong quý I/2026", "Trước ngày 15/5/2026", "Năm 2026"])
@pytest.mark.parametrize("comma", ["", ","])
def test_time_before_the_doer_needs_no_comma(time: str, comma: str) -> None:
    assert leads(f"{time}{comma} Ban Chỉ đạo kiểm tra các kho lúa.") == ("Ban Chỉ đạo",)


def test_words_before_the_doer_that_are_no_time_do_not_make_it_one() -> None:
    assert leads("Mở rộng hằng năm kho lúa Sở Y tế quản lý.") == ()


def test_committees_chairman_is_no_doer() -> None:
    assert leads("Thành lập Tổ công tác chợ số; Chủ tịch UBND tỉnh làm Tổ trưởng, Sở Công Thương là cơ quan thường trực.") == ()
    assert leads("Kiện toàn Ban Chỉ đạo mùa lũ. Bí thư Tỉnh ủy làm Trưởng Ban.") == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Ban Chỉ đạo mùa lũ do Phó Chủ tịch UBND tỉnh làm Trưởng ban; cơ quan thường trực là Sở Xây dựng.",
        "Tổ công tác chợ số do đồng chí Giám đốc Sở Công Thương làm Tổ trưởng.",
    ],
)
def test_who_chairs_a_committee_is_no_task(sentence: str) -> None:
    assert read(f"II. NHIỆM VỤ\n- {sentence}") == []


def test_heads_of_agencies_in_a_heading_lead_the_items_below() -> None:
    (one,) = read(
        "II. NHIỆM VỤ\n1. Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các xã, phường\na) Cử người trực kho lúa trước ngày 05/6/2026."
    )
    assert one.lead == ("các sở, ban, ngành", "UBND các xã, phường")


# ---------------------------------------------------------------- inside one department


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("Văn phòng Sở theo dõi sổ trực, gửi Giám đốc Sở.", ("Văn phòng Sở",)),
        ("Văn phòng Sở tổng hợp sổ trực.", ("Văn phòng Sở",)),
        ("Giao Văn phòng Sở tổng hợp sổ trực.", ("Văn phòng Sở",)),
        ("Văn phòng Sở Y tế tổng hợp sổ trực.", ("Văn phòng Sở Y tế",)),
        ("Các phòng chuyên môn của Sở lập sổ trực.", ("các phòng chuyên môn của Sở",)),
        ("Các đơn vị trực thuộc Sở Y tế lập sổ trực.", ("các đơn vị trực thuộc Sở Y tế",)),
        ("Phòng Kế hoạch - Tài chính trình dự toán kho lúa.", ("Phòng Kế hoạch - Tài chính",)),
        ("Các phòng, đơn vị thuộc Sở lập sổ trực của mình.", ("các phòng, đơn vị thuộc Sở",)),
        ("Các phòng chuyên môn, đơn vị trực thuộc Sở lập sổ trực.", ("các phòng chuyên môn, đơn vị trực thuộc Sở",)),
    ],
)
def test_offices_and_divisions_of_a_department_lead(sentence: str, lead: tuple[str, ...]) -> None:
    assert leads(sentence) == lead


@pytest.mark.parametrize("printed", ["Các phòng, đơn vị thuộc Sở", "Các đơn vị trực thuộc Sở Y tế", "Các đơn vị của Sở"])
def test_divisions_of_a_department_stand_for_no_department(printed: str) -> None:
    (one,) = find_agencies(f"{printed} lập sổ trực.")
    assert one.printed == printed
    assert (one.code, group_members(one.printed)) == ("", ())


@pytest.mark.parametrize("text", ["các phòng thí nghiệm của trường", "công tác phòng, chống lụt bão", "các phòng học, nhà kho"])
def test_rooms_and_defence_are_no_divisions(text: str) -> None:
    assert find_agencies(text) == []


# ---------------------------------------------------------------- headings


def test_heading_passes_lead_and_coordinators_to_its_items() -> None:
    first, second, third = read(
        "II. NHIỆM VỤ\n1. Sở Y tế chủ trì, phối hợp với Sở Nội vụ, Công an tỉnh:\na) Lập danh mục trạm đo trước ngày 30/6/2026.\n"
        "b) Phối hợp với Sở Xây dựng dựng 12 trạm đo.\nc) Sở Tài chính cấp kinh phí dựng trạm."
    )
    assert (first.lead, first.coordinating) == (("Sở Y tế",), ("Sở Nội vụ", "Công an tỉnh"))
    assert (second.lead, second.coordinating) == (("Sở Y tế",), ("Sở Xây dựng", "Sở Nội vụ", "Công an tỉnh"))
    assert (third.lead, third.coordinating) == (("Sở Tài chính",), ())


def test_bullet_passes_lead_and_coordinators_to_the_bullets_below_it_only() -> None:
    first, second = read(
        "II. NHIỆM VỤ\n- Sở Y tế chủ trì, phối hợp với Sở Nội vụ:\n+ Lập danh mục trạm đo mưa.\n- Mở rộng kho lúa ở vùng cao."
    )
    assert (first.lead, first.coordinating) == (("Sở Y tế",), ("Sở Nội vụ",))
    assert (second.lead, second.coordinating) == ((), ())


# ---------------------------------------------------------------- no orders


@pytest.mark.parametrize(
    "sentence",
    [
        "Các nhiệm vụ cụ thể tại Phụ lục II kèm theo Kế hoạch này.",
        "Danh mục nhiệm vụ theo Phụ lục kèm theo.",
        "(Chi tiết tại Phụ lục kèm theo)",
        "(Có Phụ lục chi tiết kèm theo)",
        "(Phân công nhiệm vụ cụ thể tại Phụ lục kèm theo)",
        "Nghị quyết này đã được Hội đồng nhân dân tỉnh khóa IX, kỳ họp thứ 3 thông qua ngày 10 tháng 12 năm 2026./.",
        "Nghị quyết được Hội đồng nhân dân tỉnh thông qua ngày 10/12/2026 và có hiệu lực từ ngày ký.",
    ],
)
def test_pointers_to_annexes_and_formulas_of_adoption_order_nothing(sentence: str) -> None:
    assert read(f"III. TỔ CHỨC THỰC HIỆN\n{sentence}") == []


def test_task_that_cites_an_annex_stays_a_task() -> None:
    (one,) = read("II. NHIỆM VỤ\n- Sở Y tế thực hiện các nhiệm vụ tại Phụ lục II trước ngày 30/6/2026.")
    assert one.lead == ("Sở Y tế",)


def test_number_of_people_from_each_department_is_no_task() -> None:
    assert read("CÔNG VĂN\nV/v mở lớp\n1. Số lượng: mỗi sở không quá 04 người; mỗi xã 02 người.") == []
    assert leads("Cử người học: mỗi sở tối đa 04 người.") == ()


def test_founding_a_committee_is_a_task_though_it_says_who_chairs_it() -> None:
    (one,) = read("II. NHIỆM VỤ\n- Ban hành quyết định lập Tổ công tác chợ số do Giám đốc Sở Công Thương làm Tổ trưởng.")
    assert (one.lead, one.due_on) == ((), None)


def test_chairman_and_duty_in_one_sentence_are_a_task() -> None:
    (one,) = read("II. NHIỆM VỤ\n- Ban Chỉ đạo chợ số do Bí thư Đảng ủy xã làm Trưởng ban, định kỳ hằng quý họp với các hộ.")
    assert one.due_text == "định kỳ hằng quý"


def test_table_of_tasks_among_results_orders_nothing() -> None:
    rows = "STT | Nhiệm vụ | Cơ quan thực hiện | Kết quả thực hiện\n1 | Lập kho dữ liệu của ngành | Sở Y tế | Đã lập 10 kho"
    assert read(f"I. KẾT QUẢ THỰC HIỆN\n{rows}") == []
