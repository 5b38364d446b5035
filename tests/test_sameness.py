"""Which questions mean the same, and which only look so: over the invented province's documents."""

from __future__ import annotations

import pytest

from knowledge.question import understand
from knowledge.sameness import Meaning, mean_same, meaning_of
from knowledge.sources import Missing, Unread, find_source, is_source, split_source, strange_figures
from tests.libraries import CORPUS, library_of

SAME = {
    "Chỉ tiêu phủ sóng 5G đến năm 2030 là bao nhiêu?": (
        "chi tieu phu song 5g nam 2030",
        "phủ sóng 5G 2030 bn %?",
        "Cho em hỏi tỷ lệ phủ sóng 5G năm 2030 ạ",
        "năm 2030 phải phủ sóng 5G bao nhiêu phần trăm vậy anh",
    ),
    "Cán bộ cấp xã có được hỗ trợ máy quét không?": (
        "can bo cap xa co duoc ho tro may quet ko",
        "cho hỏi máy quét có được hỗ trợ cho cán bộ cấp xã không ạ",
    ),
    "Kinh phí mua máy in cho bộ phận một cửa lấy từ nguồn nào?": (
        "kinh phi mua may in cho bo phan mot cua lay tu nguon nao",
        "bộ phận một cửa mua máy in thì kinh phí lấy từ nguồn nào ạ",
    ),
    "Sở Y tế phải hoàn thành sổ sức khỏe điện tử khi nào?": (
        "so y te phai hoan thanh so suc khoe dien tu khi nao",
        "SYT bao giờ phải hoàn thành sổ sức khỏe điện tử?",
        "Sổ sức khoẻ điện tử Sở Y tế phải hoàn thành hạn nào?",
    ),
    "Trưởng thôn có được học lớp kỹ năng số không?": (
        "truong thon co dc hoc lop ky nang so k",
        "Trưởng thôn có được học lớp kĩ năng số không vậy",
    ),
}
OTHER = (
    ("Chỉ tiêu phủ sóng 5G đến năm 2030?", "Chỉ tiêu phủ sóng 5G đến năm 2027?"),
    ("Chỉ tiêu phủ sóng 5G đến năm 2030?", "Chỉ tiêu phủ sóng 6G đến năm 2030?"),
    ("Chỉ tiêu phủ sóng 5G năm 2026?", "Phủ sóng 5G năm 2026 thực tế đạt được bao nhiêu?"),
    ("Ai chủ trì phủ sóng 5G?", "Khi nào phủ sóng 5G?"),
    ("Cán bộ cấp xã có được hỗ trợ máy quét không?", "Cán bộ cấp tỉnh có được hỗ trợ máy quét không?"),
    ("Cán bộ cấp xã có được hỗ trợ máy quét không?", "Cán bộ cấp xã được hỗ trợ bao nhiêu máy quét?"),
    ("Cán bộ cấp xã có được hỗ trợ máy quét không?", "Cán bộ cấp xã có được hỗ trợ máy in không?"),
    ("Sở Y tế phải hoàn thành sổ sức khỏe điện tử khi nào?", "Sở Nội vụ phải hoàn thành sổ sức khỏe điện tử khi nào?"),
    ("Sở Y tế gửi số liệu cho Sở Nội vụ khi nào?", "Sở Nội vụ gửi số liệu cho Sở Y tế khi nào?"),
    ("Hồ sơ trễ hạn trên 2% thì xử lý thế nào?", "Hồ sơ trễ hạn dưới 2% thì xử lý thế nào?"),
    ("Xã nào đã có cáp quang?", "Xã nào chưa có cáp quang?"),
    ("Bao nhiêu xã đã có cáp quang?", "Những xã nào đã có cáp quang?"),
    ("Bao nhiêu xã đã có cáp quang?", "Bao nhiêu phần trăm xã đã có cáp quang?"),
    ("Vì sao kế hoạch 128 phải rà soát?", "Khi nào kế hoạch 128 phải rà soát?"),
    ("Vì sao kế hoạch 128 phải rà soát?", "Vì sao kế hoạch 87 phải rà soát?"),
    ("Mỗi xã có tối thiểu mấy điểm truy cập?", "Mỗi xã có tối đa mấy điểm truy cập?"),
    ("Hồ sơ nộp trực tuyến năm 2030 đạt 90% đúng không?", "Hồ sơ nộp trực tuyến năm 2030 đạt 75% đúng không?"),
    ("Các xã gửi báo cáo cho ai?", "Ai gửi báo cáo cho các xã?"),
)  # fmt: skip


def meaning(text: str) -> Meaning:
    library = library_of(CORPUS)
    return meaning_of(understand(text, library.catalogue, library.terms), library.terms, newest_year=library.newest_year())


@pytest.mark.parametrize(("asked", "again"), [(one, other) for one, others in SAME.items() for other in others])
def test_same_question_in_other_words_is_the_same(asked: str, again: str) -> None:
    assert mean_same(meaning(asked), meaning(again)) and mean_same(meaning(again), meaning(asked))


@pytest.mark.parametrize(("asked", "other"), OTHER)
def test_question_of_another_thing_is_another(asked: str, other: str) -> None:
    assert not mean_same(meaning(asked), meaning(other))


def test_no_two_groups_of_questions_are_taken_for_one() -> None:
    groups = [[meaning(text) for text in (one, *others)] for one, others in SAME.items()]
    mixed = [(one, two) for at, group in enumerate(groups) for other in groups[at + 1 :] for one in group for two in other]
    assert not any(mean_same(one, two) for one, two in mixed)


@pytest.mark.parametrize("named", ["128/KH-UBND, mục I.3", "mục i.3 kế hoạch 128", "KH 128 I.3", "văn bản 2 mục I.3", "128/kh-ubnd I.3"])
def test_source_is_read_as_people_type_it(named: str) -> None:
    catalogue = library_of(CORPUS).catalogue
    number = next(one.id for one in catalogue.documents.values() if one.number == "128/KH-UBND")
    found = find_source(named.replace("văn bản 2", f"văn bản {number}"), catalogue)
    assert not isinstance(found, Unread) and found[0].id == number
    assert {one.clause for one in found[1]} == {"I.3"} and is_source(named)


@pytest.mark.parametrize(
    ("named", "missing"),
    [("mục I.3", Missing.DOCUMENT), ("KH 128", Missing.CLAUSE), ("KH 128 mục I.9", Missing.CLAUSE), ("", Missing.DOCUMENT)],
)
def test_what_is_missing_of_a_source_is_told(named: str, missing: Missing) -> None:
    found = find_source(named, library_of(CORPUS).catalogue)
    assert isinstance(found, Unread) and found.missing is missing


def test_letter_with_a_stroke_is_another_clause() -> None:
    catalogue = library_of(CORPUS).catalogue
    for named in ("d", "đ"):
        found = find_source(f"thông báo 11/8/2026, mục 3.{named}", catalogue)
        assert not isinstance(found, Unread) and found[1][0].clause == f"3.{named}"


def test_source_at_the_end_is_told_from_the_answer() -> None:
    assert split_source("Đạt 65% (nguồn: 128/KH-UBND, mục I.1.a)") == ("Đạt 65%", "128/KH-UBND, mục I.1.a")
    assert split_source("Đạt 65%.\nNguồn: KH 128 I.1.a") == ("Đạt 65%.", "KH 128 I.1.a")
    assert split_source("Đạt 65% theo mục tiêu đã đặt") == ("Đạt 65% theo mục tiêu đã đặt", "")


@pytest.mark.parametrize(
    ("answer", "strange"),
    [
        ("Năm 2027, sóng 5G phủ 65% dân số, theo Kế hoạch 128/KH-UBND ngày 14/3/2026, mục I.1.a.", []),
        ("Phủ 65 phần trăm dân số; cáp quang trên 70,0%.", []),
        ("1. Phủ 65%\n2. Cáp quang trên 70%", []),
        ("Phủ 66% năm 2028, hạn 15/3/2026", ["66%", "2028", "15/3/2026"]),
        ("Phủ 65 xã", ["65"]),
        ("Phủ bảy mươi phần trăm, gấp đôi", ["bảy mươi phần trăm", "gấp đôi"]),
        ("Sóng 6G phủ 65%", ["6G"]),
        ("Chi ba mươi tỷ đồng cho hai phần ba số xã", ["ba mươi tỷ", "hai phần ba"]),
        ("Đạt ½, mục Ⅳ", ["½", "Ⅳ"]),
        ("Tỷ lệ ấy báo cáo mỗi năm một lần", []),
    ],
)
def test_figures_must_stand_in_the_clause(answer: str, strange: list[str]) -> None:
    catalogue = library_of(CORPUS).catalogue
    found = find_source("KH 128 I.1.a", catalogue)
    assert not isinstance(found, Unread)
    assert strange_figures(answer, *found) == strange
