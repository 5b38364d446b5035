"""What the layout makes of printed lines: paragraphs, page furniture, notes, clause paths."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap

import pytest
from reportlab.pdfgen.canvas import Canvas

from knowledge.layout.paragraph import Paragraph, ParagraphKind
from knowledge.reading import Line, read_file
from knowledge.structure import parse
from tests.make_documents import NewPage, Text, draw_pdf, make_pdf

HARVEST = (
    "- Chi cục Kiểm lâm phối hợp với các xã vùng đệm rà soát hiện trạng rừng quế, lập bản đồ nguồn hoa theo mùa và cập nhật lên "
    "cổng dữ liệu mở của tỉnh Hòa Giang, bảo đảm các tổ hợp tác tra cứu được trên điện thoại."
)


def parse_lines(*texts: str) -> tuple[Paragraph, ...]:
    return parse(tuple(Line(text) for text in texts)).paragraphs


def parse_pdf(tmp_path: Path, data: bytes) -> tuple[Paragraph, ...]:
    path = tmp_path / "văn bản.pdf"
    path.write_bytes(data)
    return parse(read_file(path, max_bytes=20_000_000, max_pages=200).lines).paragraphs


def draw_lines(lines: list[tuple[float, float, str]]) -> bytes:
    """A PDF page of lines, each with how far it is set in and what it keeps free above, in points."""

    def draw(canvas: Canvas) -> None:
        y = 790.0
        for indent, gap, text in lines:
            y -= 18 + gap
            canvas.drawString(70 + indent, y, text)

    return draw_pdf(draw)


FULL_LINES = (
    ("Trung tâm Khuyến nông tỉnh Hòa Giang hướng dẫn các tổ hợp tác lập sổ theo dõi", True),
    ("đàn ong, nguồn hoa và sản lượng mật của từng hộ, báo cáo trước ngày 20 tháng 11.", False),
    ("Các xã vùng đệm cử cán bộ phụ trách, bảo đảm việc theo dõi không bị gián đoạn khi", True),
    ("thay đổi nhân sự, rà soát quy hoạch vùng nguyên liệu của tỉnh với tầm nhìn đến năm", False),
    ("- 2045, đồng bộ với quy hoạch sử dụng đất của các xã, phường và đặc khu của tỉnh.", False),
    ("Sở Nông nghiệp và Môi trường tổng hợp, báo cáo Ủy ban nhân dân tỉnh kết quả hằng", True),
    ("tháng. Kinh phí do ngân sách tỉnh bảo đảm theo phân cấp hiện hành về ngân sách và", False),
    ("các nguồn huy động hợp pháp khác.", False),
)


@pytest.mark.parametrize(("indent", "gap"), [(28.0, 0.0), (0.0, 6.0)], ids=["set in", "set apart"])
def test_the_setting_tells_where_a_paragraph_begins(tmp_path: Path, indent: float, gap: float) -> None:
    lines = [(indent if begins else 0.0, gap if begins else 0.0, text) for text, begins in FULL_LINES * 2]
    found = parse_pdf(tmp_path, draw_lines(lines))
    assert [paragraph.text.split(",")[0][:20] for paragraph in found] == [
        "Trung tâm Khuyến nôn",
        "Các xã vùng đệm cử c",
        "Sở Nông nghiệp và Mô",
    ] * 2
    assert all(paragraph.kind is ParagraphKind.PLAIN for paragraph in found)


def test_first_lines_are_told_where_most_paragraphs_have_one_line(tmp_path: Path) -> None:
    short = [(28.0, 6.0, f"{at}. Mỗi xã vùng đệm có một tổ theo dõi nguồn hoa.") for at in range(2, 9)]
    found = parse_pdf(
        tmp_path,
        draw_lines(
            [
                (28.0, 6.0, "Điều 2. Giao nhiệm vụ cho Sở Nông nghiệp và Môi trường"),
                *((28.0, 6.0, "1. " + FULL_LINES[0][0]), (0.0, 0.0, "đàn ong."), *short),
            ]
        ),
    )
    assert [paragraph.clause for paragraph in found] == ["Điều 2", *(f"Điều 2.{at}" for at in range(1, 9))]


def test_where_only_headings_are_set_apart_items_are_told_by_their_marks(tmp_path: Path) -> None:
    lines: list[tuple[float, float, str]] = []
    for at in range(1, 5):
        items = [(0.0, 0.0, "- Có ít nhất 70% hộ nuôi ong lập sổ theo dõi."), (0.0, 0.0, "- Mỗi xã có một trạm quan trắc.")]
        lines += [(0.0, 10.0, f"{at}. Mục tiêu nghề nuôi ong đến năm 203{at}"), *items]
    found = parse_pdf(
        tmp_path,
        draw_lines(
            [*lines, (0.0, 10.0, "5. Trung tâm Khuyến nông tỉnh Hòa Giang"), (0.0, 0.0, "Chủ trì tuyên truyền, " + FULL_LINES[3][0])]
        ),
    )
    assert [paragraph.kind for paragraph in found].count(ParagraphKind.BULLET) == 8
    assert [paragraph.text for paragraph in found if paragraph.kind is ParagraphKind.HEADING][-1] == "Trung tâm Khuyến nông tỉnh Hòa Giang"


def test_hanging_lines_of_a_list_begin_no_paragraphs(tmp_path: Path) -> None:
    items = ("- Chi cục Kiểm lâm rà soát hiện trạng rừng quế, lập bản đồ nguồn hoa theo", "mùa và cập nhật lên cổng dữ liệu của")
    last = "Trung tâm Khuyến nông tỉnh Hòa Giang."
    lines = [line for _ in range(6) for line in ((18.0, 0.0, items[0]), (36.0, 0.0, items[1]), (36.0, 0.0, last))]
    found = parse_pdf(tmp_path, draw_lines(lines))
    assert [paragraph.kind for paragraph in found] == [ParagraphKind.BULLET] * 6


def test_a_heading_that_opens_or_closes_several_pages_is_no_running_header(tmp_path: Path) -> None:
    years = ("2026", "2027", "2028", "2029")
    blocks: list[Text | NewPage] = [Text("KẾ HOẠCH", "centre"), Text("Phát triển nghề nuôi ong", "centre"), Text("I. MỤC TIÊU")]
    for at, year in enumerate(years, 1):
        blocks += [Text(HARVEST), Text(f"{at}. Đến hết năm {year}"), Text("a) Phát triển hạ tầng", "left"), NewPage()]
        blocks += [Text(f"- Có ≥ {at}2 trạm quan trắc nguồn hoa.")]
    found = parse_pdf(tmp_path, make_pdf(blocks))
    targets = [paragraph.clause for paragraph in found if paragraph.text.startswith("Có ≥")]
    assert targets == ["I.1.a", "I.2.a", "I.3.a", "I.4.a"]


def test_a_header_that_stands_on_every_second_page_is_left_out() -> None:
    lines: list[Line] = []
    for page in range(1, 9):
        header = [Line("Kế hoạch nuôi ong tỉnh Hòa Giang", page, page_start=True)] if page % 2 else []
        body = [Line(f"{page}. Nội dung thứ {page} của kế hoạch được nêu ở đây.", page, page_start=not header)]
        lines += [*header, *body, Line(f"Các đơn vị thực hiện đúng hạn ở kỳ {page}.", page), Line("Hết.", page)]
    found = parse(tuple(lines)).paragraphs
    assert not [paragraph for paragraph in found if "nuôi ong" in paragraph.text]
    assert sum(paragraph.kind is ParagraphKind.HEADING for paragraph in found) == 8


PROSE = (
    "- Trung tâm Khuyến nông Hòa Giang, Chi cục Kiểm lâm Hòa Giang, Hội Nông dân Hòa Giang, Liên minh Hợp tác xã Hòa Giang, Trường Cao "
    "đẳng Nông Lâm Hòa Giang và Ban Quản lý Vườn quốc gia Suối Bạc rà soát quy hoạch vùng nguyên liệu, báo cáo đúng thời hạn đã giao.",
    "- Các xã vùng đệm Suối Bạc, Nậm Cang, Tả Phìn, Bản Liền, Cốc Lầu, Nàn Sán, Si Ma Cai và Lùng Phình cử cán bộ phụ trách, phối hợp "
    "với Hạt Kiểm lâm Suối Bạc cắm mốc ranh giới, vận động Nhân dân cùng giữ rừng quế, giữ nguồn hoa của Vườn quốc gia Suối Bạc.",
)


def test_lines_broken_a_second_time_are_made_whole() -> None:
    """An export of 80 letters a line, set anew where 72 have room: each line leaves a word or two over."""
    printed = [line for text in PROSE * 6 for line in wrap(text, 80)]
    broken = [part for line in printed for part in wrap(line, 72)]
    assert len(broken) > len(printed) * 1.4
    assert [paragraph.text for paragraph in parse_lines(*broken)] == [text.removeprefix("- ") for text in PROSE * 6]


def test_a_note_of_an_export_printed_anew_ends_where_the_text_goes_on() -> None:
    lines = ["I. KẾT QUẢ", *wrap(PROSE[0].removesuffix(".") + "2027 theo Đề án 061.", 80)]
    lines += [
        "1 Đề án nâng cao năng lực khuyến nông cơ sở, giai đoạn 2026 - 2030, ban hành kèm theo quyết định của tỉnh.",
        *wrap(PROSE[1], 80),
    ]
    pages = (*(Line(text, 1, page_start=at == 0) for at, text in enumerate(lines)), Line("II. NHIỆM VỤ", 2, page_start=True))
    found = parse((*pages, Line("Các sở, ban, ngành phối hợp thực hiện.", 2))).paragraphs
    note = next(paragraph for paragraph in found if paragraph.kind is ParagraphKind.NOTE)
    assert note.text.endswith("quyết định của tỉnh.")
    assert [paragraph.text for paragraph in found if paragraph.kind is ParagraphKind.BULLET][1:] == [PROSE[1].removeprefix("- ")]


def test_the_pages_that_an_export_was_printed_on_do_not_part_its_notes() -> None:
    """The pages' own numbers stand in mid-page: they tell where the pages end at whose foot the notes are."""
    texts = [f"{letter}) Nội dung thứ {letter} giao Trung tâm Khuyến nông tỉnh Hòa Giang." for letter in "abcdeghiklmn"]
    texts[3] = "d) Thực hiện Đề án 061 của ngành."
    texts[8:8] = ["1 Đề án nâng cao năng lực", "khuyến nông cơ sở", "và phát triển nghề rừng", "ở các xã vùng đệm", "2"]
    lines = [Line(text, 1 + at // 9, page_start=at % 9 == 0) for at, text in enumerate(texts)]
    found = parse(tuple(lines)).paragraphs
    notes = [paragraph.text for paragraph in found if paragraph.kind is ParagraphKind.NOTE]
    assert notes == ["Đề án nâng cao năng lực khuyến nông cơ sở và phát triển nghề rừng ở các xã vùng đệm"]
    assert sum(paragraph.kind is ParagraphKind.HEADING for paragraph in found) == 12


def read_notes(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(paragraph.clause, paragraph.text) for paragraph in parse(lines).paragraphs if paragraph.kind is ParagraphKind.NOTE]


def test_bracketed_notes_at_the_end_go_to_their_marks() -> None:
    texts = ("I. KẾT QUẢ", "Tỉnh có 412 hộ nuôi ong[1] và 1.250 ha quế[2].", "II. NHIỆM VỤ", "Các xã đăng ký theo mẫu [3].", "Nơi nhận:")
    notes = ("- Lưu: VT.", "[1] Số liệu của 09 xã.", "[2] Gồm cả diện tích", "trồng xen.")
    assert read_notes(tuple(map(Line, (*texts, *notes)))) == [
        ("I chú thích 1", "Số liệu của 09 xã."),
        ("I chú thích 2", "Gồm cả diện tích trồng xen."),
    ]


def test_numbered_notes_below_the_signature_go_to_their_marks() -> None:
    body = (Line("I. KẾT QUẢ"), Line("Tỉnh có 412 hộ nuôi ong và 1.250 ha quế.", marks=((23, "1"), (39, "2"))), Line("Nơi nhận:"))
    tail = (Line("- Lưu: VT."), Line("Lò Thị Mai Hiên"), Line("1. Số liệu của 09 xã."), Line("2. Gồm cả diện tích trồng xen."))
    assert read_notes((*body, *tail)) == [("I chú thích 1", "Số liệu của 09 xã."), ("I chú thích 2", "Gồm cả diện tích trồng xen.")]


def test_a_quarter_cut_by_the_lines_end_is_no_heading() -> None:
    lines = ("a) Trung tâm Khuyến nông lập sổ theo dõi đàn ong của từng hộ, hoàn thành trong Quý", "I/2027.", "b) Các xã cử cán bộ.")
    found = parse_lines(*lines)
    assert [paragraph.clause for paragraph in found] == ["a", "b"]
    assert found[0].text.endswith("hoàn thành trong Quý I/2027.")


def test_the_session_of_a_council_and_the_decision_that_a_plan_belongs_to_stand_in_the_title() -> None:
    resolution = ("NGHỊ QUYẾT", "Về phát triển nghề nuôi ong", "HỘI ĐỒNG NHÂN DÂN TỈNH HÒA GIANG", "KHÓA XIV, KỲ HỌP THỨ 21")
    found = parse_lines(*resolution, "Căn cứ Luật Tổ chức chính quyền địa phương;", "Điều 1. Thông qua mục tiêu sau:")
    assert [paragraph.kind for paragraph in found[:4]] == [ParagraphKind.TITLE] * 4
    assert [paragraph.clause for paragraph in found[4:]] == ["mở đầu", "Điều 1"]

    attached = ("QUY CHẾ", "Quản lý vùng nguyên liệu", "(Ban hành kèm theo Quyết định số 14/QĐ-UBND ngày 12 tháng 3 năm", "2027)")
    found = parse_lines(*attached, "Điều 1. Phạm vi điều chỉnh")
    assert [paragraph.kind for paragraph in found] == [*[ParagraphKind.TITLE] * 3, ParagraphKind.HEADING]
