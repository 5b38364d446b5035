"""Lines become the heading tree as printed: clause paths, joined lines, letters, closing blocks; every passage is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.reading import Line, read_file
from knowledge.structure import Paragraph, ParagraphKind, Structure, parse


def whole(text: str) -> Structure:
    """A document of a format that knows its paragraphs, one a line."""
    return parse(tuple(Line(line.strip(), whole=True) for line in text.strip().splitlines() if line.strip()))


def exported(tmp_path: Path, text: str, *, blank: bool = True) -> Structure:
    """A text export of printed pages; `blank` puts an empty line between every two lines."""
    path = tmp_path / "văn bản.txt"
    path.write_text(("\n\n" if blank else "\n").join(text.strip("\n").splitlines()), encoding="utf-8")
    return parse(read_file(path, max_bytes=1_000_000, max_pages=50).lines)


def tree(structure: Structure) -> list[tuple[str, str]]:
    return [(one.clause, one.text) for one in structure.paragraphs]


def find(structure: Structure, words: str) -> Paragraph:
    (one,) = [paragraph for paragraph in structure.paragraphs if words in paragraph.text]
    return one


PAGES = """
BÁO CÁO
Kết quả mở chợ số ở vùng cao
6 tháng đầu năm 2026
Theo đề nghị của Văn phòng UBND tỉnh, Sở Công Thương tỉnh Hòa Giang báo cáo
kết quả mở chợ số ở các xã vùng cao như sau:
I. Chỉ đạo, điều hành
- Trình UBND tỉnh hai văn bản về mở chợ số; lồng ghép vào kế hoạch phát triển
thương mại của từng xã trước khi sắp xếp lại các điểm bán hàng.
- Lập quỹ quay vòng cho hộ mới mở quầy hàng từ vốn ngân sách và nguồn xã hội
hóa (vốn vay ưu đãi, hợp tác công
- tư) cho các xã chưa có chợ, nhằm giảm tiền thuê quầy của bà con trong năm
đầu buôn bán. Việc xét chọn hộ do thôn làm, có sự chứng kiến của đoàn thể.
2
II. Kết quả cụ thể
1. Mở chợ
- Mười xã đã có chợ số họp đều mỗi tuần hai phiên; còn các xã sau đây chưa có
6
mặt bằng để họp chợ: Nậm Rồng, Tả Vân, Khe Lá, Pà Sin, Bản Hon, Suối Thầu.
- Sóng di động ở các chợ đủ mạnh để trả tiền qua mạng trong giờ họp chợ chính.
2. Khó khăn
- Nhiều người già chưa quen trả tiền qua mạng, còn phải nhờ con cháu làm giúp.
Sở Công Thương báo cáo để Văn phòng UBND tỉnh tổng hợp chung./.
Nơi nhận:
- Văn phòng UBND tỉnh;
- Lãnh đạo Sở;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Vàng Thị Mỷ
"""


# ---------------------------------------------------------------- the tree


def test_clause_path_is_the_numbers_as_printed() -> None:
    found = whole(
        "II. MỤC TIÊU\n2. Mục tiêu cụ thể\n2.2. Đến hết năm 2030\na) Hạ tầng\n- Mở chợ số.\nb) Nguồn lực\n"
        "III. NHIỆM VỤ\n5. Dữ liệu\n5.1. Kho chung\n- Lập kho.\n6. Nhân lực\n- Mở lớp."
    )
    assert [(one.clause, one.text) for one in found.paragraphs if one.kind is ParagraphKind.BULLET] == [
        ("II.2.2.a", "Mở chợ số."),
        ("III.5.1", "Lập kho."),
        ("III.6", "Mở lớp."),
    ]
    assert find(found, "Mở chợ số").headings == ("MỤC TIÊU", "Mục tiêu cụ thể", "Đến hết năm 2030", "Hạ tầng")


def test_letters_below_numbers_without_a_roman_heading() -> None:
    found = whole("THÔNG BÁO\nKết luận họp giao ban\n4. Nhiệm vụ cụ thể\na) Sở Y tế\n- Lập sổ.\nb) Sở Công Thương\n- Mở chợ.")
    assert (find(found, "Lập sổ").clause, find(found, "Mở chợ").clause) == ("4.a", "4.b")


@pytest.mark.parametrize("letters", ["abcde", "abcdefghij", "abcdđeg"])
def test_letters_run_in_either_alphabet(letters: str) -> None:
    items = "\n".join(f"{letter}) Việc thứ {number} của sở." for number, letter in enumerate(letters, 1))
    assert [one.clause for one in whole(f"II. NHIỆM VỤ\n2. Sở Y tế\n{items}").paragraphs[2:]] == [f"II.2.{letter}" for letter in letters]


@pytest.mark.parametrize(
    ("line", "clause", "text"),
    [
        ("I. MỤC TIÊU", "I", "MỤC TIÊU"),
        ("IV/ TỔ CHỨC", "IV", "TỔ CHỨC"),
        ("2. Mở chợ", "2", "Mở chợ"),
        ("2.1  Mở chợ", "2.1", "Mở chợ"),
        ("2.1.3. Mở chợ", "2.1.3", "Mở chợ"),
        ("01. Bảng số liệu", "01", "Bảng số liệu"),
        ("1. 100% hồ sơ nộp qua mạng", "1", "100% hồ sơ nộp qua mạng"),
        ("đ) Mở chợ", "đ", "Mở chợ"),
        ("Điều 3. Mở chợ", "Điều 3", "Mở chợ"),
    ],
)
def test_markers_of_headings(line: str, clause: str, text: str) -> None:
    (one,) = whole(line).paragraphs
    assert (one.kind, one.clause, one.text) == (ParagraphKind.HEADING, clause, text)


@pytest.mark.parametrize("marker", ["-", "–", "+", "*", "•"])
def test_bullets_carry_the_clause_above(marker: str) -> None:
    one = whole(f"I. MỤC TIÊU\n{marker} Mở chợ số.").paragraphs[1]
    assert (one.kind, one.marker, one.clause, one.text) == (ParagraphKind.BULLET, marker, "I", "Mở chợ số.")


@pytest.mark.parametrize(
    "line", ["10 ngày nữa họp lại.", "2026 là năm bản lề.", "1.048 thủ tục nhận qua mạng.", "30/4 là hạn nộp.", "V/v mở chợ số"]
)
def test_numbers_that_open_a_sentence_are_no_headings(line: str) -> None:
    assert whole(f"I. MỤC TIÊU\n{line}").paragraphs[1].kind is not ParagraphKind.HEADING


def test_words_before_the_first_heading_are_the_opening() -> None:
    found = whole("KẾ HOẠCH\nMở chợ số\nCăn cứ nhu cầu, tỉnh lập Kế hoạch như sau:\nI. MỤC TIÊU")
    assert [(one.kind, one.clause) for one in found.paragraphs[:3]] == [
        (ParagraphKind.TITLE, "mở đầu"),
        (ParagraphKind.TITLE, "mở đầu"),
        (ParagraphKind.PLAIN, "mở đầu"),
    ]


def test_kind_and_subject_come_from_the_title_lines() -> None:
    found = whole(
        "KẾ HOẠCH HÀNH ĐỘNG\nthực hiện Nghị quyết số 19-NQ/TU\nvề mở chợ số\n-----\nThực hiện Nghị quyết, tỉnh lập Kế hoạch như sau:\nI. A"
    )
    assert (found.kind, found.subject) == ("Kế hoạch hành động", "thực hiện Nghị quyết số 19-NQ/TU về mở chợ số")


def test_subject_may_begin_like_the_text() -> None:
    found = whole("KẾ HOẠCH\nThực hiện Nghị quyết số 19-NQ/TU về mở chợ số\nCăn cứ nhu cầu, tỉnh lập Kế hoạch như sau:\nI. MỤC TIÊU")
    assert found.subject == "Thực hiện Nghị quyết số 19-NQ/TU về mở chợ số"


def test_text_that_begins_like_a_subject_is_no_subject() -> None:
    found = whole("KẾ HOẠCH\nThực hiện Nghị quyết số 19-NQ/TU, Sở Công Thương lập Kế hoạch mở chợ số như sau:\nI. MỤC TIÊU\n- Mở chợ.")
    assert found.subject == ""


# ---------------------------------------------------------------- printed lines


@pytest.mark.parametrize("blank", [True, False])
def test_broken_lines_are_joined_with_or_without_blank_lines_between(tmp_path: Path, blank: bool) -> None:
    found = exported(tmp_path, PAGES, blank=blank)
    assert find(found, "Trình UBND tỉnh").text == (
        "Trình UBND tỉnh hai văn bản về mở chợ số; lồng ghép vào kế hoạch phát triển thương mại của từng xã trước khi sắp xếp lại các "
        "điểm bán hàng."
    )
    assert [one.clause for one in found.paragraphs if one.kind is ParagraphKind.BULLET] == ["I", "I", "II.1", "II.1", "II.2"]


def test_title_lines_are_joined_to_one_subject(tmp_path: Path) -> None:
    assert exported(tmp_path, PAGES).subject == "Kết quả mở chợ số ở vùng cao 6 tháng đầu năm 2026"


def test_line_broken_behind_a_hyphen_that_looks_like_a_bullet_is_none(tmp_path: Path) -> None:
    one = find(exported(tmp_path, PAGES), "Lập quỹ quay vòng")
    assert "(vốn vay ưu đãi, hợp tác công - tư) cho các xã chưa có chợ" in one.text
    assert one.text.endswith("có sự chứng kiến của đoàn thể.")


def test_page_numbers_are_left_out_even_in_mid_sentence(tmp_path: Path) -> None:
    found = exported(tmp_path, PAGES)
    assert "còn các xã sau đây chưa có mặt bằng để họp chợ: Nậm Rồng" in find(found, "Mười xã").text
    assert not [one for one in found.paragraphs if one.text in ("2", "6")]


def test_document_number_broken_over_lines_is_one_number(tmp_path: Path) -> None:
    text = PAGES.replace("Trình UBND tỉnh hai văn bản về mở chợ số;", "Thực hiện Kế hoạch mở chợ số của tỉnh số 28-\nKH/TU,")
    assert "số 28-KH/TU, lồng ghép" in find(exported(tmp_path, text), "Thực hiện Kế hoạch").text


def test_closing_sentence_is_no_part_of_the_last_bullet(tmp_path: Path) -> None:
    found = exported(tmp_path, PAGES)
    closing = find(found, "tổng hợp chung./.")
    assert (closing.kind, closing.clause) == (ParagraphKind.PLAIN, "II.2")
    assert find(found, "người già").text.endswith("nhờ con cháu làm giúp.")


def test_recipients_and_signature_stand_apart(tmp_path: Path) -> None:
    found = exported(tmp_path, PAGES)
    assert [one.text for one in found.paragraphs if one.clause == "nơi nhận"][1:] == [
        "- Văn phòng UBND tỉnh;",
        "- Lãnh đạo Sở;",
        "- Lưu: VT.",
    ]
    assert [one.text for one in found.paragraphs if one.clause == "chữ ký"] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Vàng Thị Mỷ"]


def test_annex_behind_the_recipients_has_paths_of_its_own(tmp_path: Path) -> None:
    found = exported(tmp_path, PAGES + "PHỤ LỤC II\nDANH MỤC CHỢ SỐ\n1. Vùng cao\n- Chợ Nậm Rồng.\n")
    one = find(found, "Chợ Nậm Rồng")
    assert (one.kind, one.clause, one.headings[0]) == (ParagraphKind.BULLET, "Phụ lục II.1", "DANH MỤC CHỢ SỐ")


def test_emphasis_marks_are_no_part_of_the_text(tmp_path: Path) -> None:
    text = "THÔNG BÁO\n**Kết luận họp\nvề chợ số**\n1. Nhiệm vụ\na) Sở Y tế lập sổ (*qua mạng*), xong **trước ngày 15/4/2026**.\n"
    found = exported(tmp_path, text, blank=False)
    assert find(found, "Sở Y tế").text == "Sở Y tế lập sổ (qua mạng), xong trước ngày 15/4/2026."
    assert not [one for one in found.paragraphs if "*" in one.text]


# ---------------------------------------------------------------- whole paragraphs


def test_paragraph_cut_by_the_pages_end_goes_on() -> None:
    found = whole("2. Yêu cầu\nTừng sở lập kế hoạch mở chợ; trên\ncơ sở đó trình UBND tỉnh.")
    assert tree(found)[1] == ("2", "Từng sở lập kế hoạch mở chợ; trên cơ sở đó trình UBND tỉnh.")


def test_same_paragraph_in_three_places_stays_in_each() -> None:
    found = whole("I. A\n- Kho số có 31 hệ thống.\nII. B\n- Kho số có 31 hệ thống.\nIII. C\n- Kho số có 31 hệ thống.")
    assert [one.clause for one in found.paragraphs if one.kind is ParagraphKind.BULLET] == ["I", "II", "III"]


def test_no_lines_give_no_paragraphs() -> None:
    assert parse(()).paragraphs == ()
