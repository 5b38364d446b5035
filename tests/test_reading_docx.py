"""What the reader makes of DOCX files: everything as a person sees it in Word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.reading import Line, read_file
from knowledge.reading_errors import StateSecret
from tests.make_documents import add_list, add_xml, make_docx

Read = Callable[..., tuple[Line, ...]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_docx(*paragraphs: str, **options: object) -> tuple[Line, ...]:
        path = tmp_path / "văn bản.docx"
        path.write_bytes(make_docx(paragraphs, **options))  # type: ignore[arg-type]
        return read_file(path, max_bytes=5_000_000, max_pages=10).lines

    return read_docx


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


def test_paragraphs_come_whole_and_in_order(read: Read) -> None:
    lines = read("I. MỤC ĐÍCH", "Phát triển nghề nuôi ong ở tỉnh Hòa Giang.", "- Mỗi bản một tổ hợp tác.")
    assert texts(lines) == ["I. MỤC ĐÍCH", "Phát triển nghề nuôi ong ở tỉnh Hòa Giang.", "- Mỗi bản một tổ hợp tác."]
    assert all(line.whole and line.page is None for line in lines)


def test_a_footnote_follows_the_paragraph_with_its_mark(read: Read) -> None:
    lines = read(
        "Vùng Suối Bạc có 96 hộ{1} theo tổ hợp tác{2}.",
        "Đoạn sau.",
        notes={"1": "Theo số liệu của xã.", "2": "Thành lập năm 2026."},
    )
    assert texts(lines) == ["Vùng Suối Bạc có 96 hộ theo tổ hợp tác.", "Theo số liệu của xã.", "Thành lập năm 2026.", "Đoạn sau."]
    assert [line.note for line in lines] == [None, "1", "2", None]
    assert lines[0].marks == ((22, "1"), (38, "2"))


def test_footnotes_are_numbered_by_appearance_not_by_their_ids(read: Read) -> None:
    def swap_ids(document: Document) -> None:
        references = document.element.body.xpath(".//w:footnoteReference")
        first, second = (reference.values()[0] for reference in references)
        references[0].set(references[0].keys()[0], second)
        references[1].set(references[1].keys()[0], first)

    lines = read("Một{1} hai{2}.", notes={"1": "Chú giải đầu.", "2": "Chú giải sau."}, change=swap_ids)
    assert [(line.note, line.text) for line in lines[1:]] == [("1", "Chú giải sau."), ("2", "Chú giải đầu.")]


def test_a_note_sign_chosen_by_the_writer_is_its_label(read: Read) -> None:
    def choose(document: Document) -> None:
        reference = document.element.body.xpath(".//w:footnoteReference")[0]
        reference.set(f"{{{reference.nsmap['w']}}}customMarkFollows", "1")
        reference.addnext(parse_xml(f"<w:t {nsdecls('w')}>*</w:t>"))

    lines = read("Giá ước tính{1} theo thị trường.", notes={"1": "Chưa gồm thuế."}, change=choose)
    assert [(line.text, line.note, line.marks) for line in lines] == [
        ("Giá ước tính theo thị trường.", None, ((12, "*"),)),
        ("Chưa gồm thuế.", "*", ()),
    ]


def test_numbers_of_automatic_lists_are_printed(read: Read) -> None:
    def number(document: Document) -> None:
        levels = [("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)"), ("bullet", "-")]
        items = [
            (0, "Mục tiêu"),
            (1, "Chung"),
            (1, "Cụ thể"),
            (2, "Đến 2028"),
            (2, "Đến 2030"),
            (3, "Rừng"),
            (3, "Ong"),
            (4, "Đàn ong nội"),
        ]
        add_list(document, levels, [*items, (0, "Nhiệm vụ"), (1, "Giao việc"), (2, "Kiểm tra")])

    assert texts(read(change=number)) == [
        *("I. Mục tiêu", "1. Chung", "2. Cụ thể", "2.1. Đến 2028", "2.2. Đến 2030", "a) Rừng", "b) Ong", "- Đàn ong nội"),
        *("II. Nhiệm vụ", "1. Giao việc", "1.1. Kiểm tra"),
    ]


def test_bullets_of_symbol_fonts_are_printed_as_dashes(read: Read) -> None:
    assert texts(read(change=lambda document: add_list(document, [("bullet", "\uf0b7")], [(0, "Tổ chức trồng quế")]))) == [
        "- Tổ chức trồng quế"
    ]


def test_two_lists_of_one_kind_count_for_themselves(read: Read) -> None:
    def number(document: Document) -> None:
        add_list(document, [("lowerLetter", "%1)")], [(0, "Ong"), (0, "Quế")], list_id=71)
        add_list(document, [("lowerLetter", "%1)")], [(0, "Chè")], list_id=72)

    assert texts(read(change=number)) == ["a) Ong", "b) Quế", "a) Chè"]


def test_table_rows_stand_between_the_paragraphs_around_them(read: Read) -> None:
    def tabulate(document: Document) -> None:
        table = document.add_table(0, 3, style="Table Grid")
        for row in (("Chỉ tiêu", "2028", "2030"), ("Hộ nuôi ong", "", "900"), ("Rừng quế (ha)", "2.100", "")):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.add_paragraph("Sau bảng.")

    lines = read("Trước bảng.", change=tabulate)
    assert texts(lines) == ["Trước bảng.", "Chỉ tiêu | 2028 | 2030", "Hộ nuôi ong | | 900", "Rừng quế (ha) | 2.100", "Sau bảng."]


def test_a_merged_cell_is_read_once(read: Read) -> None:
    def tabulate(document: Document) -> None:
        table = document.add_table(3, 2, style="Table Grid")
        table.cell(0, 0).merge(table.cell(0, 1)).text = "A. Lâm nghiệp"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "Quế"
        table.cell(1, 1).text, table.cell(2, 1).text = "40 ha", "55 ha"

    assert texts(read(change=tabulate)) == ["A. Lâm nghiệp", "Quế | 40 ha", "| 55 ha"]


def test_a_table_that_only_places_the_closing_block_is_read_cell_by_cell(read: Read) -> None:
    def close(document: Document) -> None:
        left, right = document.add_table(1, 2).rows[0].cells
        left.text = "Nơi nhận:"
        left.add_paragraph("- Như trên;")
        right.text = "GIÁM ĐỐC"
        right.add_paragraph("Vàng Thị Súa")

    assert texts(read(change=close)) == ["Nơi nhận:", "- Như trên;", "GIÁM ĐỐC", "Vàng Thị Súa"]


def test_line_breaks_part_the_lines_of_a_title_and_not_those_of_a_sentence(read: Read) -> None:
    def write(document: Document) -> None:
        title = document.add_paragraph("KẾ HOẠCH\nPhát triển nghề ong")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.add_paragraph("Các xã vùng cao\nđăng ký trước tháng Ba.")
        document.add_paragraph("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC")

    assert texts(read(change=write)) == [
        *("KẾ HOẠCH", "Phát triển nghề ong", "Các xã vùng cao đăng ký trước tháng Ba.", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    ]


def test_tracked_changes_count_as_accepted(read: Read) -> None:
    xml = (
        "<w:p><w:r><w:t xml:space='preserve'>Hoàn thành trong </w:t></w:r>"
        "<w:del w:id='1' w:author='a'><w:r><w:delText>tháng 5</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='a'><w:r><w:t>tháng 7</w:t></w:r></w:ins>"
        "<w:moveFrom w:id='3' w:author='a'><w:r><w:t>, báo cáo Sở</w:t></w:r></w:moveFrom><w:r><w:t>.</w:t></w:r></w:p>"
    )
    assert texts(read(change=lambda document: add_xml(document, xml))) == ["Hoàn thành trong tháng 7."]


def test_a_paragraph_end_that_is_taken_away_joins_two_paragraphs(read: Read) -> None:
    xml = (
        "<w:p><w:pPr><w:rPr><w:del w:id='1' w:author='a'/></w:rPr></w:pPr><w:r><w:t xml:space='preserve'>Các xã </w:t></w:r></w:p>"
        "<w:p><w:r><w:t>cùng thực hiện.</w:t></w:r></w:p>"
    )
    assert texts(read(change=lambda document: add_xml(document, xml))) == ["Các xã cùng thực hiện."]


def test_hidden_text_is_left_out_and_capitals_are_as_printed(read: Read) -> None:
    xml = (
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t xml:space='preserve'>Kế hoạch </w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>ghi chú riêng </w:t></w:r><w:r><w:t>mùa ong</w:t></w:r></w:p>"
    )
    assert texts(read(change=lambda document: add_xml(document, xml))) == ["KẾ HOẠCH mùa ong"]


def test_raised_figures_typed_by_hand_are_marks_and_units_are_not(read: Read) -> None:
    raised = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{}</w:t></w:r>"
    xml = (
        f"<w:p><w:r><w:t>Đề án 06</w:t></w:r>{raised.format('3')}<w:r><w:t> rộng 40 m</w:t></w:r>{raised.format('2')}</w:p>"
        f"<w:p>{raised.format('3')}<w:r><w:t xml:space='preserve'> Ban hành năm 2026.</w:t></w:r></w:p>"
    )
    lines = read(change=lambda document: add_xml(document, xml))
    assert [(line.text, line.note, line.marks) for line in lines] == [
        ("Đề án 06 rộng 40 m2", None, ((8, "3"),)),
        ("Ban hành năm 2026.", "3", ()),
    ]


def test_headings_of_word_carry_their_level(read: Read) -> None:
    def write(document: Document) -> None:
        document.add_heading("MỤC TIÊU", 1)
        document.add_heading("Đến năm 2030", 2)
        document.add_paragraph("Nội dung.")

    assert [(line.text, line.heading) for line in read(change=write)] == [("MỤC TIÊU", 1), ("Đến năm 2030", 2), ("Nội dung.", 0)]


def test_a_table_of_contents_headers_and_footers_are_left_out(read: Read) -> None:
    def write(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Báo cáo mùa ong"
        document.sections[0].footer.paragraphs[0].text = "Trang 1"
        add_xml(
            document,
            "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
            "<w:sdtContent><w:p><w:r><w:t>I. Mở đầu 2</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>Nội dung trong ô nhập.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        )

    assert texts(read(change=write)) == ["Nội dung trong ô nhập."]


def test_text_boxes_are_read_once(read: Read) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Chữ trong khung</w:t></w:r></w:p></w:txbxContent>"
    xml = (
        "<w:p><w:r><w:t>Chữ ngoài khung</w:t></w:r><w:r>"
        "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert texts(read(change=lambda document: add_xml(document, xml))) == ["Chữ ngoài khung", "Chữ trong khung"]


def stamp_header(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "TỐI MẬT"


def stamp_cell(document: Document) -> None:
    document.add_table(1, 2).rows[0].cells[0].text = "MẬT"


def stamp_watermark(document: Document) -> None:
    art = "<v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textpath string='TUYỆT MẬT'/></v:shape>"
    add_xml(document, f"<w:p><w:r><w:pict>{art}</w:pict></w:r></w:p>")


@pytest.mark.parametrize("stamp", [stamp_header, stamp_cell, stamp_watermark])
def test_a_secrecy_mark_is_refused_wherever_word_can_put_it(read: Read, stamp: Callable[[Document], None]) -> None:
    with pytest.raises(StateSecret):
        read("BÁO CÁO", "Nội dung báo cáo của tỉnh Hòa Giang.", change=stamp)
