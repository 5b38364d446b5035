"""What the reader makes of PDF files with a text layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import getFont
from reportlab.pdfgen.canvas import Canvas

from knowledge.reading import Line, ReadFile, read_file
from knowledge.reading_errors import ReadingError, StateSecret, UnreadableText
from tests.make_documents import BOLD, FONT, Beside, Block, Grid, NewPage, Text, draw_pdf, draw_picture, make_pdf

PASSAGES = (
    "I. TÌNH HÌNH NUÔI ONG VÀ TRỒNG QUẾ",
    "Đến hết quý III, toàn tỉnh Hòa Giang có 412 hộ nuôi ong lấy mật theo tổ hợp tác, tăng 37 hộ so với đầu năm; sản lượng "
    "ước đạt 58,6 tấn, trong đó vùng Suối Bạc đóng góp gần một nửa{1}. Diện tích quế trồng mới đạt 1.250 ha.",
    "- Tỷ lệ hộ được tập huấn kỹ thuật đạt ≥ 82%, vượt 7 điểm phần trăm so với mức đề ra tại Đề án 06{2} của ngành.",
    "- Chi cục Kiểm lâm phối hợp với 14 xã vùng đệm hoàn thành việc cắm mốc ranh giới trước ngày 20/11/2027.",
    "II. NHIỆM VỤ TRỌNG TÂM",
    "Giao Trung tâm Khuyến nông chủ trì xây dựng bản đồ nguồn hoa theo mùa, cập nhật mỗi tháng một lần lên cổng dữ liệu mở của tỉnh.",
)
NOTES = {
    "1": "Số liệu tổng hợp từ báo cáo của 09 huyện, chưa gồm các hộ nuôi dưới 5 đàn.",
    "2": "Đề án nâng cao năng lực khuyến nông cơ sở, giai đoạn 2026 - 2030.",
}
LETTERHEAD = Beside(
    ("ỦY BAN NHÂN DÂN", "TỈNH HÒA GIANG", "Số: 88/BC-UBND"),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Hòa Giang, ngày 5 tháng 10 năm 2027"),
)
CLOSING = Beside(
    ("Nơi nhận:", "- Thường trực Tỉnh ủy;", "- Các sở, ban, ngành;", "- Lưu: VT, NN."),
    ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "", "Lò Thị Mai Hiên"),
)


def read(tmp_path: Path, data: bytes) -> ReadFile:
    path = tmp_path / "văn bản.pdf"
    path.write_bytes(data)
    return read_file(path, max_bytes=20_000_000, max_pages=200)


def body_words(lines: tuple[Line, ...]) -> list[str]:
    return " ".join(line.text for line in lines if line.note is None).split()


def plain_words() -> list[str]:
    return " ".join(PASSAGES).replace("{1}", "").replace("{2}", "").split()


def note_words(lines: tuple[Line, ...], label: str) -> str:
    return " ".join(line.text for line in lines if line.note == label)


@pytest.mark.parametrize("draw_words", [False, True], ids=["blanks in the file", "words placed one by one"])
def test_words_of_justified_lines_are_neither_glued_nor_torn(tmp_path: Path, draw_words: bool) -> None:
    found = read(tmp_path, make_pdf(PASSAGES, notes=NOTES, draw_words=draw_words))
    assert body_words(found.lines) == plain_words()


def test_a_blank_behind_a_letter_of_another_font_is_kept(tmp_path: Path) -> None:
    """Where a face lacks a letter, an export leaves a gap in the line and sets the letter, often wider, after the line."""

    def draw(canvas: Canvas) -> None:
        before, after = "Chi cục lưu tr", " điện tử của tỉnh"
        gap = canvas.stringWidth("ữ", FONT, 13) - 1.6
        font = getFont(FONT)
        shown = [canvas._escape(font.splitString(part, canvas._doc)[0][1]) for part in (before, after[:1], after[1:])]
        text = canvas.beginText(85, 700)
        text.textOut("Ở ")
        text._code.append(f"[({shown[0]}) {-gap / 13 * 1000:.0f} ({shown[1]}) -13 ({shown[2]})] TJ")
        canvas.drawText(text)
        canvas.drawString(85 + canvas.stringWidth("Ở " + before, FONT, 13), 700, "ữ")

    assert [line.text for line in read(tmp_path, draw_pdf(draw)).lines] == ["Ở Chi cục lưu trữ điện tử của tỉnh"]


def test_raised_note_marks_are_lifted_with_their_place(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf(PASSAGES, notes=NOTES))
    marked = {label: line.text[:offset] for line in found.lines for offset, label in line.marks}
    assert marked["1"].endswith("nửa")
    assert marked["2"].endswith("Đề án 06")


@pytest.mark.parametrize("ruling", [True, False])
def test_note_bodies_at_the_foot_carry_their_label(tmp_path: Path, ruling: bool) -> None:
    found = read(tmp_path, make_pdf(PASSAGES, notes=NOTES, ruling=ruling))
    assert note_words(found.lines, "1") == NOTES["1"]
    assert note_words(found.lines, "2") == NOTES["2"]


def test_marks_set_like_the_text_are_lifted_when_their_note_is_at_the_foot(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf(PASSAGES, notes=NOTES, glued=True))
    assert body_words(found.lines) == plain_words()


@pytest.mark.parametrize("ruling", [True, False])
def test_a_note_that_runs_over_the_page_keeps_its_label(tmp_path: Path, ruling: bool) -> None:
    long_note = " ".join(f"Văn bản thứ {number} của Sở Nông nghiệp về mùa hoa năm {2000 + number};" for number in range(1, 70))
    filling: list[Block | str] = ["Mở đầu có dẫn chiếu{1} ở ngay dòng đầu tiên của trang."]
    filling += [f"Đoạn số {number} nói về việc trồng cây ở bản vùng cao, mỗi bản có một tổ tự quản đi tuần rừng." for number in range(30)]
    found = read(tmp_path, make_pdf(filling, notes={"1": long_note}, ruling=ruling))
    pages = {line.page for line in found.lines if line.note == "1"}
    assert len(pages) > 1
    assert note_words(found.lines, "1") == long_note


def test_page_numbers_and_running_titles_are_left_out(tmp_path: Path) -> None:
    def page(number: int) -> object:
        def draw(canvas: Canvas) -> None:
            canvas.drawCentredString(300, 800, f"- {number} -")
            canvas.drawString(85, 30, "Báo cáo mùa ong tỉnh Hòa Giang")
            canvas.drawString(85, 700, f"Nội dung riêng của bản thứ {number * 7}.")
            canvas.drawString(85, 680, f"Toàn bản có {number * 10} hộ.")

        return draw

    found = read(tmp_path, draw_pdf(*(page(number) for number in range(1, 5))))  # type: ignore[arg-type]
    assert [line.text for line in found.lines][:2] == ["Nội dung riêng của bản thứ 7.", "Toàn bản có 10 hộ."]
    assert len(found.lines) == 8


def test_a_figure_alone_on_a_pages_last_line_stays_when_it_is_no_page_number(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(85, 700, "Số đàn ong được bảo tồn trong vùng lõi là")
        canvas.drawString(85, 680, "1250")

    assert [line.text for line in read(tmp_path, draw_pdf(draw)).lines][-1] == "1250"


def test_pages_are_counted_and_their_first_lines_marked(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf(["Trang thứ nhất nói về ong.", NewPage(), "Trang thứ hai nói về quế.", "Vẫn là trang hai."]))
    assert found.pages == 2
    assert [(line.page, line.page_start) for line in found.lines] == [(1, True), (2, True), (2, False)]


def test_letterhead_and_closing_block_are_read_block_by_block(tmp_path: Path) -> None:
    blocks: list[Block | str] = [
        LETTERHEAD,
        Text("BÁO CÁO", "centre", is_bold=True),
        Text("Mùa ong năm 2027", "centre"),
        *PASSAGES[3:],
        CLOSING,
    ]
    texts = [line.text for line in read(tmp_path, make_pdf(blocks)).lines]
    assert texts[:7] == [*LETTERHEAD.left, *LETTERHEAD.right, "BÁO CÁO"]
    assert texts[-8:] == [*CLOSING.left, *(line for line in CLOSING.right if line)]


def test_the_longer_block_of_a_letterhead_stays_together(tmp_path: Path) -> None:
    left = ("TỈNH HÒA GIANG", "SỞ NỘI VỤ", "Số: 90/SNV-CCHC", "V/v đăng ký tập huấn", "nghề nuôi ong năm", "2026")
    found = read(tmp_path, make_pdf([Beside(left, LETTERHEAD.right), Text("Kính gửi: Các sở, ban, ngành.", "left"), *PASSAGES[1:2]]))
    assert [line.text for line in found.lines[:9]] == [*left, *LETTERHEAD.right]


def test_a_closing_block_cut_by_the_pages_end_is_two_blocks(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(85, 120, "Các xã vùng đệm chịu trách nhiệm thi hành Quyết định này./.")
        canvas.drawString(85, 80, "Nơi nhận:")
        canvas.drawString(390, 80, "CHỦ TỊCH")

    assert [line.text for line in read(tmp_path, draw_pdf(draw)).lines][1:] == ["Nơi nhận:", "CHỦ TỊCH"]


def test_rows_of_a_ruled_table_become_one_line_each(tmp_path: Path) -> None:
    grid = Grid(
        (
            ("TT", "Chỉ tiêu", "2028", "2030"),
            ("1", "Tỷ lệ bản có tổ bảo vệ nguồn hoa (%)", "65", "≥ 90"),
            ("2", "Số hợp tác xã chế biến quế", "", "24"),
        ),
        (30, 220, 60, 60),
    )
    found = read(tmp_path, make_pdf(["Bảng chỉ tiêu kèm theo:", grid, "Các chỉ tiêu trên được rà soát hằng năm."]))
    rows = [line.text for line in found.lines if line.whole]
    assert rows == [
        "TT | Chỉ tiêu | 2028 | 2030",
        "1 | Tỷ lệ bản có tổ bảo vệ nguồn hoa (%) | 65 | ≥ 90",
        "2 | Số hợp tác xã chế biến quế | | 24",
    ]
    assert [line.text for line in found.lines if not line.whole] == ["Bảng chỉ tiêu kèm theo:", "Các chỉ tiêu trên được rà soát hằng năm."]


def test_rows_of_a_table_without_rulings_become_one_line_each(tmp_path: Path) -> None:
    grid = Grid((("Xã Nậm Tỏ", "35%", "60%"), ("Xã Bản Hin", "42%", "75%"), ("Xã Pù Lạn", "28%", "50%")), (200, 90, 90), is_ruled=False)
    found = read(tmp_path, make_pdf(["Tỷ lệ che phủ theo xã", grid]))
    assert [line.text for line in found.lines][1:] == ["Xã Nậm Tỏ | 35% | 60%", "Xã Bản Hin | 42% | 75%", "Xã Pù Lạn | 28% | 50%"]


def draw_table(canvas: Canvas, rows: Sequence[tuple[str, ...]], widths: tuple[float, ...], top: float) -> None:
    """A ruled table; a line break inside a cell starts a printed line."""
    edges = [60 + sum(widths[:at]) for at in range(len(widths) + 1)]
    y = top
    canvas.setFont(FONT, 10)
    for row in rows:
        height = 14 * max(cell.count("\n") + 1 for cell in row) + 4
        for x, cell in zip(edges, row, strict=False):
            for at, line in enumerate(cell.split("\n")):
                canvas.drawString(x + 3, y - 12 - 14 * at, line)
        for x in edges:
            canvas.line(x, y, x, y - height)
        canvas.line(edges[0], y, edges[-1], y)
        y -= height
        canvas.line(edges[0], y, edges[-1], y)


def test_two_tables_with_nearly_the_same_edge_keep_their_columns(tmp_path: Path) -> None:
    upper = [("Đơn vị", "Số hộ"), ("Suối Bạc", "412"), ("Nậm Cang", "37")]
    lower = [("TT", "Chỉ tiêu", "2027"), ("1", "Số hộ nuôi ong", "450"), ("2", "Trạm quan trắc", "12")]

    def draw(canvas: Canvas) -> None:
        draw_table(canvas, upper, (148.3, 100.0), 760)
        draw_table(canvas, lower, (40.0, 110.0, 80.0), 600)

    texts = [line.text for line in read(tmp_path, draw_pdf(draw)).lines]
    assert texts == [" | ".join(row) for row in (*upper, *lower)]


def test_a_letterhead_with_drawn_edges_is_no_table(tmp_path: Path) -> None:
    head = [("UBND TỈNH HÒA GIANG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("Số: 88/KH-UBND", "Hòa Giang, ngày 5 tháng 10 năm 2027")]

    def draw(canvas: Canvas) -> None:
        draw_table(canvas, head, (170.0, 290.0), 760)
        canvas.drawString(85, 600, "Các xã vùng đệm chịu trách nhiệm thi hành Kế hoạch này./.")

    texts = [line.text for line in read(tmp_path, draw_pdf(draw)).lines]
    assert texts[:4] == [cell for row in head for cell in row]


def test_a_row_cut_by_the_pages_end_is_one_row(tmp_path: Path) -> None:
    head, widths = ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"), (30.0, 200.0, 130.0, 110.0)
    below = ("", "", "(cơ quan)", "(năm 2027)")
    first = [
        head,
        below,
        ("1", "Lập sổ theo dõi đàn ong", "Hội Nông dân", "Quý I/2027"),
        ("2", "Xây dựng bản đồ", "Sở Nông nghiệp", "30/6/2027"),
    ]
    second = [head, below, ("", "nguồn hoa theo mùa", "và Môi trường", ""), ("3", "Cắm mốc ranh giới", "Chi cục Kiểm lâm", "Quý IV/2027")]

    def draw(canvas: Canvas, rows: Sequence[tuple[str, ...]]) -> None:
        draw_table(canvas, rows, widths, 750)
        canvas.drawString(60, 30, "Kế hoạch nuôi ong tỉnh Hòa Giang")

    pages = [lambda canvas: draw(canvas, first), lambda canvas: draw(canvas, second), lambda canvas: draw(canvas, first[:3])]
    found = read(tmp_path, draw_pdf(*pages))
    assert [line.text for line in found.lines][:5] == [
        "TT | Nhiệm vụ | Chủ trì | Thời hạn",
        "| | (cơ quan) | (năm 2027)",
        "1 | Lập sổ theo dõi đàn ong | Hội Nông dân | Quý I/2027",
        "2 | Xây dựng bản đồ nguồn hoa theo mùa | Sở Nông nghiệp và Môi trường | 30/6/2027",
        "3 | Cắm mốc ranh giới | Chi cục Kiểm lâm | Quý IV/2027",
    ]
    assert not [line for line in found.lines if "nuôi ong" in line.text]


def test_a_raised_two_behind_a_unit_is_no_note_mark(tmp_path: Path) -> None:
    found = read(tmp_path, make_pdf(["Vườn ươm rộng 3.400 m{2} tại bản Hin."]))
    assert found.lines[0].text == "Vườn ươm rộng 3.400 m2 tại bản Hin."
    assert found.lines[0].marks == ()


def test_letters_printed_twice_for_bold_are_read_once(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0.0, 0.4):
            canvas.drawString(85 + shift, 700, "Tổ hợp tác Suối Bạc")

    assert [line.text for line in read(tmp_path, draw_pdf(draw)).lines] == ["Tổ hợp tác Suối Bạc"]


def test_a_page_set_sideways_is_read_upright(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.setFont(FONT, 12)
        canvas.drawString(100, -100, "Phụ lục đặt ngang khổ giấy")
        canvas.drawString(100, -120, "với dòng thứ hai ở dưới.")

    assert [line.text for line in read(tmp_path, draw_pdf(draw)).lines] == ["Phụ lục đặt ngang khổ giấy", "với dòng thứ hai ở dưới."]


def test_scanned_pages_are_named_when_others_can_be_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(85, 700, "Trang này có lớp chữ đọc được.")

    found = read(tmp_path, draw_pdf(draw, draw_picture, draw, draw_picture))
    assert {line.page for line in found.lines} == {1, 3}
    assert len(found.remarks) == 1
    assert "trang 2, 4" in found.remarks[0]


def test_a_file_of_scanned_pages_is_refused_with_their_numbers(tmp_path: Path) -> None:
    with pytest.raises(UnreadableText) as refused:
        read(tmp_path, draw_pdf(draw_picture, draw_picture))
    assert refused.value.cause == "scan"
    assert refused.value.pages == (1, 2)


TORN = (
    "K t qu  th c hi n nhi m v  phát tri n kinh t  r ng   t nh Hòa Giang trong sáu tháng ế ả ự ệ ệ ụ ể ế ừ ở ỉ",
    "y ban nhân dân t nh đ  ngh  các s , ban, ngành t p trung tri n khai k  ho ch Ủ ỉ ề ị ở ậ ể ế ạ",
    "trên đ a bàn t nh, b o đ m đúng ti n đ  đã đ  ra ị ỉ ả ả ế ộ ề",
)


def test_a_torn_text_layer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableText) as refused:
        read(tmp_path, make_pdf(TORN))
    assert refused.value.cause == "torn"


@pytest.mark.parametrize("stamp", ["MẬT", "TỐI MẬT", "T U Y Ệ T  M Ậ T", "Độ mật: Tối mật"])
def test_a_secrecy_stamp_beside_the_letterhead_is_refused(tmp_path: Path, stamp: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 780, "TỈNH ỦY HÒA GIANG")
        canvas.drawString(320, 780, "ĐẢNG CỘNG SẢN VIỆT NAM")
        canvas.drawString(60, 760, "Số: 05-BC/TU")
        canvas.drawString(320, 760, "Hòa Giang, ngày 9 tháng 9 năm 2027")
        canvas.setFont(BOLD, 14)
        canvas.drawString(90, 735, stamp)

    with pytest.raises(StateSecret):
        read(tmp_path, draw_pdf(draw))


def test_a_secrecy_stamp_set_aslant_is_refused(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(85, 700, "Báo cáo tình hình bảo mật hệ thống của tỉnh.")
        canvas.rotate(35)
        canvas.drawString(400, 300, "MẬT")

    with pytest.raises(StateSecret):
        read(tmp_path, draw_pdf(draw))


def test_words_like_bao_mat_in_a_sentence_are_no_stamp(tmp_path: Path) -> None:
    texts = ("KẾ HOẠCH BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Các đơn vị chấp hành quy chế bảo mật, không để lộ bí mật nhà nước.")
    assert read(tmp_path, make_pdf(texts)).lines


def test_every_error_of_reading_is_of_one_family(tmp_path: Path) -> None:
    whole = make_pdf(PASSAGES, notes=NOTES)
    for cut in range(0, len(whole), max(len(whole) // 40, 1)):
        try:
            read(tmp_path, whole[:cut])
        except ReadingError:
            continue
        pytest.fail(f"a file cut after {cut} of {len(whole)} bytes was read as if whole")
