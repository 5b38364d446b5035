"""Note marks glued to words and note bodies at a page's foot are lifted out of the text; every passage is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.reading import Line, read_file
from knowledge.structure import Paragraph, ParagraphKind, Structure, parse

# Two printed pages. The first one's notes cut a sentence («… hai xã vùng cao còn» / «thiếu điện …»); its note 3 is cut by the
# page's end and goes on at the foot of the second page, in longer lines than the body's.
PAGES = """
BÁO CÁO
Kết quả mở chợ số ở vùng cao
Theo đề nghị của Văn phòng UBND tỉnh, Sở Công Thương tỉnh Hòa Giang báo cáo
đúng những nội dung được yêu cầu1 như sau:
I. Chỉ đạo, điều hành
- Trình UBND tỉnh hai văn bản thực hiện Nghị quyết số 19-NQ/TU2 về mở chợ số ở
vùng cao; lồng ghép vào kế hoạch phát triển thương mại của các xã.
- Lập tổ giúp việc Ban Chỉ đạo về chuyển đổi số và Đề án 063 của tỉnh để theo
dõi việc họp chợ. Tổ đã kiểm tra mười xã và thấy rằng hai xã vùng cao còn
1 Nội dung gồm: mặt bằng họp chợ, điện lưới, sóng di động, cách trả tiền và việc chọn hộ bán hàng.
2 Chương trình số 44-CTr/TU ngày 02/3/2026 của Ban Thường vụ Tỉnh ủy về mở chợ số ở các xã vùng cao.
3 Quyết định số 31/QĐ-UBND ngày 08/01/2026 lập Ban Chỉ đạo; Quyết định số 70/QĐ-UBND ngày 21/4/2026
kiện toàn Ban Chỉ đạo (thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026); Kế hoạch số 28/KH-UBND về
2
thiếu điện lưới ổn định, bà con phải dùng máy nổ trong các phiên chợ chính.
- Phối hợp các sở lập danh mục điểm họp chợ trên bản đồ thương mại cấp tỉnh4 và
khảo sát xong trong
10 ngày, có sự tham gia của doanh nghiệp viễn thông đang phủ sóng ở các xã.
- Hướng dẫn hơn hai trăm hộ trồng 5 m2 rau mẫu cạnh quầy để người mua xem tận
mắt cách trồng rau sạch trước khi đặt hàng qua mạng.
mở chợ số ở các xã vùng cao; Kế hoạch số 05/KH-BCĐ ngày 06/5/2026 về hoạt động của Ban Chỉ đạo năm 2026.
4 Danh mục gồm 212 điểm họp chợ, kèm theo Tờ trình số 58/TTr-SCT ngày 12/5/2026 của Sở Công Thương.
3
II. Khó khăn
- Nhiều người già chưa quen trả tiền qua mạng, còn phải nhờ con cháu làm giúp.
"""


@pytest.fixture(params=[True, False], ids=["blank lines between", "no blank lines"])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Structure:
    path = tmp_path / "báo cáo.txt"
    path.write_text(("\n\n" if request.param else "\n").join(PAGES.strip("\n").splitlines()), encoding="utf-8")
    return parse(read_file(path, max_bytes=1_000_000, max_pages=50).lines)


def find(structure: Structure, words: str) -> Paragraph:
    """The one paragraph of the body that holds these words."""
    (one,) = [found for found in structure.paragraphs if words in found.text and found.kind is not ParagraphKind.NOTE]
    return one


def note(structure: Structure, label: str) -> Paragraph:
    (one,) = [found for found in structure.paragraphs if found.kind is ParagraphKind.NOTE and found.marker == label]
    return one


@pytest.mark.parametrize(
    ("words", "text", "label"),
    [
        ("đúng những nội dung", "đúng những nội dung được yêu cầu như sau:", "1"),
        ("hai văn bản", "Nghị quyết số 19-NQ/TU về mở chợ số", "2"),
        ("Lập tổ giúp việc", "Đề án 06 của tỉnh", "3"),
        ("lập danh mục", "bản đồ thương mại cấp tỉnh và khảo sát", "4"),
    ],
)
def test_mark_glued_to_a_word_or_number_is_lifted(report: Structure, words: str, text: str, label: str) -> None:
    one = find(report, words)
    assert text in one.text
    assert one.notes == (label,)


def test_sentence_cut_by_notes_and_a_page_number_is_whole(report: Structure) -> None:
    assert find(report, "Lập tổ giúp việc").text == (
        "Lập tổ giúp việc Ban Chỉ đạo về chuyển đổi số và Đề án 06 của tỉnh để theo dõi việc họp chợ. Tổ đã kiểm tra mười xã và thấy rằng "
        "hai xã vùng cao còn thiếu điện lưới ổn định, bà con phải dùng máy nổ trong các phiên chợ chính."
    )


def test_note_cut_by_the_pages_end_goes_on_from_the_next_pages_foot(report: Structure) -> None:
    assert note(report, "3").text.endswith(
        "Kế hoạch số 28/KH-UBND về mở chợ số ở các xã vùng cao; Kế hoạch số 05/KH-BCĐ ngày 06/5/2026 về hoạt động của Ban Chỉ đạo năm 2026."
    )


def test_words_before_a_continued_note_stay_in_the_body(report: Structure) -> None:
    assert find(report, "rau mẫu").text.endswith("trước khi đặt hàng qua mạng.")


def test_note_carries_the_clause_of_its_mark_and_its_number(report: Structure) -> None:
    assert [(one.clause, one.marker) for one in report.paragraphs if one.kind is ParagraphKind.NOTE] == [
        ("mở đầu chú thích 1", "1"),
        ("I chú thích 2", "2"),
        ("I chú thích 3", "3"),
        ("I chú thích 4", "4"),
    ]


def test_note_follows_the_paragraph_of_its_mark(report: Structure) -> None:
    at = find(report, "lập danh mục").ordinal
    assert report.paragraphs[at + 1].text.startswith("Danh mục gồm 212 điểm")


def test_line_that_begins_with_a_number_is_no_note(report: Structure) -> None:
    assert "khảo sát xong trong 10 ngày, có sự tham gia của doanh nghiệp" in find(report, "lập danh mục").text


def test_unit_with_an_exponent_keeps_it(report: Structure) -> None:
    assert "5 m2 rau" in find(report, "rau mẫu").text


def test_digit_without_a_note_stays() -> None:
    found = parse((Line("I. NỘI DUNG"), Line("- Triển khai Đề án 062 và dùng thẻ A4 để ghi sổ.")))
    assert found.paragraphs[1].text == "Triển khai Đề án 062 và dùng thẻ A4 để ghi sổ."


def test_every_mark_of_one_sentence_finds_its_note() -> None:
    lines = [
        "II. Các thông báo",
        "- Thực hiện các Thông báo của Ban Chỉ đạo1 và của Tổ giúp việc2 về mở chợ số.",
        "1Thông báo số 01-TB/BCĐ ngày 22/01/2026; Thông báo số 03-TB/BCĐ ngày 06/3/2026.",
        "2 Thông báo số 08-TB/TGV ngày 01/4/2026; Thông báo số 11-TB/TGV ngày 08/4/2026.",
    ]
    found = parse(tuple(Line(line) for line in lines))
    assert found.paragraphs[1].notes == ("1", "2")
    assert found.paragraphs[1].text == "Thực hiện các Thông báo của Ban Chỉ đạo và của Tổ giúp việc về mở chợ số."
    assert [one.text[:21] for one in found.paragraphs[2:]] == ["Thông báo số 01-TB/BC", "Thông báo số 08-TB/TG"]


def test_raised_mark_finds_its_note_behind_the_signature(tmp_path: Path) -> None:
    path = tmp_path / "thông báo.txt"
    path.write_text(
        "THÔNG BÁO\nKết luận họp chợ số\n1. Nhiệm vụ\na) Sở Tài chính ứng tiền, xong **trước ngày 15/4/2026**¹.\nb) Sở Y tế lập sổ.\n"
        "Nơi nhận:\n- Lưu: VT.\n**TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG**\nLò Văn Nghiệp\n\n¹ Việc này đã nêu tại Công văn số 22/UBND-KT.\n",
        encoding="utf-8",
    )
    found = parse(read_file(path, max_bytes=1_000_000, max_pages=50).lines)
    assert find(found, "ứng tiền").text == "Sở Tài chính ứng tiền, xong trước ngày 15/4/2026."
    assert (note(found, "1").clause, note(found, "1").text) == ("1.a chú thích 1", "Việc này đã nêu tại Công văn số 22/UBND-KT.")


def test_notes_that_the_format_knows_are_kept_as_they_are() -> None:
    lines = (
        Line("I. NỘI DUNG", whole=True),
        Line("- Sở Y tế lập sổ theo mẫu.", whole=True, marks=((19, "1"),)),
        Line("Mẫu số 5.", whole=True, note="1"),
    )
    found = parse(lines)
    assert [(one.kind, one.clause, one.text) for one in found.paragraphs[1:]] == [
        (ParagraphKind.BULLET, "I", "Sở Y tế lập sổ theo mẫu."),
        (ParagraphKind.NOTE, "I chú thích 1", "Mẫu số 5."),
    ]


def test_note_whose_mark_is_not_found_is_not_lost() -> None:
    found = parse((Line("I. NỘI DUNG", whole=True), Line("Sở Y tế lập sổ.", whole=True), Line("Mẫu số 5.", whole=True, note="7")))
    assert (found.paragraphs[-1].clause, found.paragraphs[-1].text) == ("I chú thích 7", "Mẫu số 5.")
