"""What the layout makes of printed lines: paragraphs, page furniture, notes, clause paths."""

from __future__ import annotations

from pathlib import Path

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


def print_lines(lines: list[str], width: float = 90) -> bytes:
    """A PDF that prints each of these lines by itself from the page's top to its foot, as exports of text files are."""

    def page_of(chunk: list[str]) -> object:
        def draw(canvas: Canvas) -> None:
            for at, line in enumerate(chunk):
                canvas.drawString(60, 790 - 14 * at, line)

        return draw

    chunks = [lines[at : at + 50] for at in range(0, len(lines), 50)]
    return draw_pdf(*(page_of(chunk) for chunk in chunks))  # type: ignore[arg-type]


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
