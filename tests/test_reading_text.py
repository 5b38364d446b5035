"""What the reader makes of plain text, Markdown and HTML."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from knowledge.reading import Line, ReadFile, read_file

PLAN = (
    "I. MỤC TIÊU",
    "Phấn đấu đến năm 2030, tỉnh Hòa Giang có 900 hộ nuôi ong theo chuỗi, mỗi hộ thu nhập thêm ít nhất 18 triệu đồng một năm, "
    "trong đó hộ nghèo và cận nghèo được ưu tiên giống ong nội và kỹ thuật nhân đàn.",
    "1. Sở Nông nghiệp và Môi trường chủ trì xây dựng vùng hoa tập trung ở ba xã Suối Bạc, Nậm Tỏ, Bản Hin; phối hợp với Hội Nông dân "
    "tỉnh mở ít nhất sáu lớp tập huấn mỗi năm cho người mới nuôi.",
    "2. Các xã rà soát diện tích rừng quế, báo cáo kết quả trước ngày 10/6/2028 để tổng hợp chung toàn tỉnh, làm căn cứ phân bổ giống "
    "cho vụ trồng năm sau.",
)


def read(tmp_path: Path, content: str | bytes, name: str = "văn bản.txt") -> ReadFile:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path, max_bytes=5_000_000, max_pages=50)


def texts(found: ReadFile) -> list[str]:
    return [line.text for line in found.lines]


def wrap(paragraph: str, width: int = 70) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_every_form_gives_the_same_lines(tmp_path: Path, encoding: str) -> None:
    assert texts(read(tmp_path, "\r\n".join(PLAN).encode(encoding))) == list(PLAN)


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    assert texts(read(tmp_path, unicodedata.normalize("NFD", "\n".join(PLAN)))) == list(PLAN)


def test_the_vietnamese_code_page_of_windows_is_read(tmp_path: Path) -> None:
    assert texts(read(tmp_path, encode_windows_1258("\n".join(PLAN)))) == list(PLAN)


def encode_windows_1258(text: str) -> bytes:
    """The code page has the letters with a circumflex, breve or horn, and the five tones as marks behind them."""
    encoded = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        encoded += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)).encode("cp1258") + tones.encode(
            "cp1258"
        )
    return encoded


def test_long_lines_between_blank_lines_are_whole_paragraphs(tmp_path: Path) -> None:
    found = read(tmp_path, "\n\n".join(PLAN * 3))
    assert texts(found) == list(PLAN * 3)
    assert all(line.whole for line in found.lines)


def test_printed_lines_with_a_blank_line_after_each_are_not_whole(tmp_path: Path) -> None:
    lines = [line for paragraph in PLAN * 3 for line in wrap(paragraph)]
    found = read(tmp_path, "\n\n".join(lines))
    assert texts(found) == lines
    assert not any(line.whole for line in found.lines)


def test_printed_lines_in_blocks_become_whole_paragraphs(tmp_path: Path) -> None:
    found = read(tmp_path, "\n\n".join("\n".join(wrap(paragraph)) for paragraph in PLAN * 3))
    assert texts(found) == list(PLAN * 3)
    assert all(line.whole for line in found.lines)


def test_form_feeds_part_the_pages(tmp_path: Path) -> None:
    found = read(tmp_path, "\f".join(("Trang một.\nCòn trang một.", "Trang hai.", "Trang ba.")))
    assert found.pages == 3
    assert [(line.page, line.page_start) for line in found.lines] == [(1, True), (1, False), (2, True), (3, True)]


def test_without_form_feeds_a_rare_leading_blank_starts_a_page(tmp_path: Path) -> None:
    lines = [line for paragraph in PLAN * 3 for line in wrap(paragraph)]
    lines[10] = " " + lines[10]
    found = read(tmp_path, "\n\n".join(lines))
    assert found.pages is None
    assert [at for at, line in enumerate(found.lines) if line.page_start] == [10]


def test_indents_of_paragraphs_start_no_pages(tmp_path: Path) -> None:
    assert not any(line.page_start for line in read(tmp_path, "\n".join("    " + paragraph for paragraph in PLAN)).lines)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Hoàn thành **trước ngày 10/6/2028** tại xã.", "Hoàn thành trước ngày 10/6/2028 tại xã."),
        ("Phong trào “*Mỗi bản một vườn hoa*” được nhân rộng.", "Phong trào “Mỗi bản một vườn hoa” được nhân rộng."),
        ("Diện tích 5*3 m và 2*4 m.", "Diện tích 5*3 m và 2*4 m."),
        ("* Kiến nghị của các xã * vùng cao", "* Kiến nghị của các xã * vùng cao"),
        ("Giá tạm tính(*) và phí(*)", "Giá tạm tính(*) và phí(*)"),
    ],
)
def test_emphasis_marks_are_lifted_and_other_stars_stay(tmp_path: Path, written: str, text: str) -> None:
    assert texts(read(tmp_path, written)) == [text]


def test_bold_over_several_lines_is_lifted(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "**TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG**\n\nHà Văn Pù")) == ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG", "Hà Văn Pù"]


def test_superscript_figures_are_marks_and_a_line_that_begins_with_one_is_the_note(tmp_path: Path) -> None:
    found = read(tmp_path, "Báo cáo **trước ngày 10/6/2028**¹.\n\nVườn ươm 300 m² ở bản Hin.\n\n¹ Theo ý kiến của Sở.")
    assert [(line.text, line.note, line.marks) for line in found.lines] == [
        ("Báo cáo trước ngày 10/6/2028.", None, ((28, "1"),)),
        ("Vườn ươm 300 m² ở bản Hin.", None, ()),
        ("Theo ý kiến của Sở.", "1", ()),
    ]


def test_markdown_gives_paragraphs_without_its_markup(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "# KẾ HOẠCH\n\n**Phát triển nghề ong  \ntỉnh Hòa Giang**\n\nMỗi bản có *một tổ hợp tác*\nhoạt động quanh năm.\n\n"
        "1. Sở chủ trì[^1].\n2. Xã phối hợp:\n   - Suối Bạc\n   + Nậm Tỏ\n\na) Mục một\nb) Mục hai\n\n"
        "| Năm | Hộ |\n|---|---|\n| 2028 | 700 |\n| 2030 | |\n\nHết¹.\n\n¹ Dòng cuối.\n\n[^1]: Giao từ năm 2027.\n",
        "kế hoạch.md",
    )
    assert texts(found) == [
        *("KẾ HOẠCH", "Phát triển nghề ong", "tỉnh Hòa Giang", "Mỗi bản có một tổ hợp tác hoạt động quanh năm."),
        *("1. Sở chủ trì.", "2. Xã phối hợp:", "- Suối Bạc", "+ Nậm Tỏ", "a) Mục một", "b) Mục hai", "Năm | Hộ", "2028 | 700", "2030"),
        *("Hết.", "Dòng cuối.", "Giao từ năm 2027."),
    ]
    assert found.lines[0].heading == 1
    assert [(line.text, line.note) for line in found.lines if line.note] == [("Dòng cuối.", "1"), ("Giao từ năm 2027.", "1")]
    assert [line.marks for line in found.lines if line.marks] == [((13, "1"),), ((3, "1"),)]


PAGE = """<!DOCTYPE html><html><head><title>Cổng tỉnh</title><style>p{color:red}</style></head><body>
<nav><ul><li>Trang chủ</li></ul></nav><header>Cổng thông tin tỉnh Hòa Giang</header>
<div class="bai"><h1>KẾ HOẠCH</h1><p style="text-align:center">Phát triển nghề ong<br>giai đoạn 2027 - 2030</p>
<p>Các xã <b>vùng   cao</b> đăng ký<sup>1</sup> trước ngày 10/6/2028,<br>gửi về Sở<span style="display:none">ẩn</span>.</p>
<ol><li>Trồng hoa</li><li value="4">Nhân đàn<ul><li>ong nội</li></ul></li></ol>
<ol type="a" start="2"><li>Kiểm dịch</li></ol>
<table><tr><th>Năm</th><th>Hộ</th><th>Ghi chú</th></tr>
<tr><td rowspan="2">2028</td><td>700</td><td></td></tr><tr><td>720</td><td>ước</td></tr></table>
<p>Vườn ươm 300 m<sup>2</sup>.</p><p><sup>1</sup> Theo mẫu của Sở.</p>
<script>alert(1)</script></div><footer>Bản quyền</footer></body></html>"""


def test_markdown_rows_longer_than_the_head_keep_their_cells(tmp_path: Path) -> None:
    table = "| STT | Chỉ tiêu | Mục tiêu |\n|---|---|---|\n| | | 2027 | 2028 |\n| 1 | Hộ nuôi ong | 450 | 500 |\n\nHết.\n"
    assert texts(read(tmp_path, table, "kế hoạch.md")) == [
        "STT | Chỉ tiêu | Mục tiêu",
        "| | 2027 | 2028",
        "1 | Hộ nuôi ong | 450 | 500",
        "Hết.",
    ]


def test_links_to_notes_in_markdown_are_marks(tmp_path: Path) -> None:
    found = read(tmp_path, "Giao Sở chủ trì[[1]](#footnote-2).\n\n1. Từ năm 2027. [↑](#footnote-ref-2)\n", "kế hoạch.md")
    assert [(line.text, line.marks) for line in found.lines] == [("Giao Sở chủ trì.", ((15, "1"),)), ("1. Từ năm 2027.", ())]


def test_html_gives_block_elements_as_whole_lines(tmp_path: Path) -> None:
    found = read(tmp_path, PAGE, "trang.html")
    assert texts(found) == [
        *("KẾ HOẠCH", "Phát triển nghề ong", "giai đoạn 2027 - 2030", "Các xã vùng cao đăng ký trước ngày 10/6/2028, gửi về Sở."),
        *("1. Trồng hoa", "4. Nhân đàn", "- ong nội", "b. Kiểm dịch", "Năm | Hộ | Ghi chú", "2028 | 700", "| 720 | ước"),
        *("Vườn ươm 300 m2.", "Theo mẫu của Sở."),
    ]
    assert all(line.whole for line in found.lines)
    assert find(found, "Các xã").marks == ((23, "1"),)
    assert find(found, "Theo mẫu").note == "1"
    assert found.lines[0].heading == 1


def find(found: ReadFile, start: str) -> Line:
    return next(line for line in found.lines if line.text.startswith(start))


def test_notes_of_word_saved_as_html_are_told_by_their_links(tmp_path: Path) -> None:
    note = "<div id='ftn1'><p><a href='#_ftnref1'>[1]</a> Từ năm 2027.</p></div>"
    page = f"<html><body><p>Giao Sở chủ trì<a href='#_ftn1'>[1]</a>.</p><hr>{note}</body></html>"
    found = read(tmp_path, page, "trang.doc")
    assert [(line.text, line.note, line.marks) for line in found.lines] == [
        ("Giao Sở chủ trì.", None, ((15, "1"),)),
        ("Từ năm 2027.", "1", ()),
    ]


def test_notes_of_writer_saved_as_html_are_told_by_their_links(tmp_path: Path) -> None:
    mark = "<sup><a class='sdfootnoteanc' name='sdfootnote1anc' href='#sdfootnote1sym'><sup>1</sup></a></sup>"
    note = "<div id='sdfootnote1'><p><a class='sdfootnotesym' name='sdfootnote1sym' href='#sdfootnote1anc'>1</a> Từ năm 2027.</p></div>"
    header = "<div title='header'><p>Trang <sdfield type=PAGE>3</sdfield></p></div>"
    found = read(tmp_path, f"<html><body>{header}<p>Giao Sở chủ trì{mark}.</p>{note}</body></html>", "trang.html")
    assert [(line.text, line.note, line.marks) for line in found.lines] == [
        ("Giao Sở chủ trì.", None, ((15, "1"),)),
        ("Từ năm 2027.", "1", ()),
    ]


def test_a_list_item_that_carries_its_printed_label_gets_no_second_one(tmp_path: Path) -> None:
    label = "<span style='display:block;float:left;min-width:0cm;'>II.</span>"
    items = f"<ol><li><p>{label}<span>NHIỆM VỤ</span></p></li></ol><ul><li>- Nhân đàn ong nội</li><li>a) Kiểm dịch</li></ul>"
    page = f"<html><body>{items}</body></html>"
    assert texts(read(tmp_path, page, "trang.html")) == ["II. NHIỆM VỤ", "- Nhân đàn ong nội", "a) Kiểm dịch"]


def test_a_page_in_another_encoding_says_so_itself(tmp_path: Path) -> None:
    page = "<html><head><meta charset='windows-1258'></head><body><p>Kế hoạch mùa ong</p></body></html>"
    assert texts(read(tmp_path, encode_windows_1258(page), "trang.htm")) == ["Kế hoạch mùa ong"]
