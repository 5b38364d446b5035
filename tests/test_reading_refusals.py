"""Files that cannot be read: each gets its own error with facts and a Vietnamese sentence, and none takes long."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from knowledge.legibility import find_illegibility
from knowledge.reading import ReadFile, read_file
from knowledge.reading_errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    Illegibility,
    MissingFile,
    OversizedFile,
    ReadingError,
    StateSecret,
    TooManyPages,
    UnreadableText,
    UnsupportedFormat,
    explain_reading_error,
)
from knowledge.secrecy import find_secrecy_mark
from tests.make_documents import NewPage, draw_pdf, make_docx, make_pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SENTENCE = "Các xã vùng cao của tỉnh Hòa Giang rà soát diện tích rừng quế rồi báo cáo về Sở trước mùa mưa."


def read(tmp_path: Path, data: bytes, name: str, *, max_bytes: int = 2_000_000, max_pages: int = 20) -> ReadFile:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path, max_bytes=max_bytes, max_pages=max_pages)


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def with_document(xml: bytes) -> bytes:
    """A DOCX whose main part is this."""
    source = zipfile.ZipFile(io.BytesIO(make_docx(["x"])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name == "word/document.xml" else source.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "rong.pdf", EmptyFile),
        (b"\xef\xbb\xbf \r\n\t\n", "trang.txt", EmptyFile),
        (bytes(5000), "khong.docx", EmptyFile),
        (b"PK\x03\x04" + b"\x07" * 300, "hong.docx", DamagedFile),
        (b"%PDF-1.7\n" + b"\x07" * 300, "hong.pdf", DamagedFile),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "khoa.docx", EncryptedFile),
        (OLE + "WordDocument".encode("utf-16-le"), "cu.doc", UnsupportedFormat),
        (OLE + "Workbook".encode("utf-16-le"), "bang.xls", UnsupportedFormat),
        (b"{\\rtf1 abc}", "cu.rtf", UnsupportedFormat),
        (zipped(xl__workbook=b"x"), "bang.xlsx", UnsupportedFormat),
        (zipped(anh=b"x"), "nen.zip", UnsupportedFormat),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "anh.png", UnreadableText),
        (b"\xff\xd8\xff\xe0" + bytes(50), "anh.pdf", UnreadableText),
        (b"a: 1\nb: 2\n", "documents.yaml", UnsupportedFormat),
    ],
)
def test_each_cause_has_its_own_error(tmp_path: Path, data: bytes, name: str, error: type[ReadingError]) -> None:
    with pytest.raises(error):
        read(tmp_path, data, name)


def test_what_is_not_there_or_is_a_folder_is_missing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "không có.txt"):
        with pytest.raises(MissingFile):
            read_file(path, max_bytes=10, max_pages=1)


def test_an_oversized_file_is_refused_with_its_size(tmp_path: Path) -> None:
    with pytest.raises(OversizedFile) as refused:
        read(tmp_path, b"x" * 101, "to.txt", max_bytes=100)
    assert (refused.value.limit, refused.value.size) == (100, 101)


@pytest.mark.parametrize("name", ["dai.pdf", "dai.txt"])
def test_too_many_pages_are_refused_with_their_number(tmp_path: Path, name: str) -> None:
    data = make_pdf(["Một.", NewPage(), "Hai.", NewPage(), "Ba."]) if name.endswith("pdf") else "Một.\fHai.\fBa.".encode()
    with pytest.raises(TooManyPages) as refused:
        read(tmp_path, data, name, max_pages=2)
    assert (refused.value.limit, refused.value.pages) == (2, 3)


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile):
        read(tmp_path, draw_pdf(lambda canvas: canvas.drawString(85, 700, SENTENCE), encrypt="ong-2027"), "khoa.pdf")


@pytest.mark.parametrize("name", ["thật ra là pdf.docx", "thật ra là pdf.txt", "không đuôi"])
def test_a_pdf_under_another_name_is_read_as_one(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, make_pdf([SENTENCE]), name).pages == 1


def test_a_docx_under_another_name_is_read_as_one(tmp_path: Path) -> None:
    assert read(tmp_path, make_docx([SENTENCE]), "tên sai.pdf").lines[0].text == SENTENCE


def test_a_part_that_unpacks_to_too_much_is_refused_before_it_does(tmp_path: Path) -> None:
    bomb = with_document(b"<w:document>" + b" " * 50_000_000 + b"</w:document>")
    assert len(bomb) < 200_000
    with pytest.raises(OversizedFile) as refused:
        read(tmp_path, bomb, "bom.docx")
    assert refused.value.size > 50_000_000


def test_a_pdf_page_that_unpacks_to_too_much_is_refused_before_it_does(tmp_path: Path) -> None:
    packed = zlib.compress(b" " * 100_000_000, 9)
    bomb = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj "
        b"4 0 obj<</Filter/FlateDecode/Length " + str(len(packed)).encode() + b">>stream\n" + packed + b"\nendstream endobj "
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(OversizedFile):
        read(tmp_path, bomb, "bom.pdf")


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    layers = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "ong"}">' for at in range(9))
    xml = f'<!DOCTYPE d [{layers}<!ENTITY f SYSTEM "file:///etc/hostname">]><d>&e8;&f;</d>'
    with pytest.raises(DamagedFile):
        read(tmp_path, with_document(xml.encode()), "thực thể.docx")


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = f"<w:document {space}><w:body>{'<w:tbl><w:tr><w:tc>' * 3000}{'</w:tc></w:tr></w:tbl>' * 3000}</w:body></w:document>"
    with pytest.raises(DamagedFile):
        read(tmp_path, with_document(xml.encode()), "sâu.docx")


def test_a_page_of_endless_nesting_is_read_or_refused(tmp_path: Path) -> None:
    page = "<html><body>" + "<div><b>" * 20_000 + SENTENCE
    try:
        assert SENTENCE in read(tmp_path, page.encode(), "sâu.html").lines[0].text
    except ReadingError:
        return


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".txt", ".md", ".html", ".doc", ""])
def test_random_bytes_are_refused(tmp_path: Path, suffix: str) -> None:
    chance = random.Random(57)
    for size in (1, 10, 1000, 50_000):
        with pytest.raises(ReadingError):
            read(tmp_path, b"\x01" + chance.randbytes(size), f"ngẫu nhiên{suffix}")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_altered_files_raise_nothing_but_reading_errors(tmp_path: Path, name: str) -> None:
    chance = random.Random(359)
    whole = make_pdf([SENTENCE] * 5) if name == "a.pdf" else make_docx([SENTENCE] * 5)
    for _ in range(60):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            altered[chance.randrange(len(altered))] = chance.randrange(256)
        try:
            read(tmp_path, bytes(altered), name)
        except ReadingError:
            continue


TORN = "K t lu n v  mùa ong: các xã t p trung nhân đàn, m  l p d y ngh , bán m t qua sàn ế ậ ề ậ ở ớ ạ ề ậ. " * 3
LEGACY = (
    "KÕ ho¹ch ph¸t triÓn nghÒ nu«i ong cña tØnh Hßa Giang ®Õn n¨m 2030, c¸c x· vïng cao ®­îc ­u tiªn gièng míi vµ vèn vay. " * 2,
    "Keá hoaïch phaùt trieån ngheà nuoâi ong cuûa tænh Hoøa Giang, caùc xaõ vuøng cao ñöôïc öu tieân gioáng môùi vaø voán vay daøi haïn. "
    * 2,
)


@pytest.mark.parametrize("text", [TORN, "Ktlunvmùaong cáxã tptrung nhnđn ml pdyngh bánmt quasàn " * 6])
def test_text_with_lost_letters_is_torn(text: str) -> None:
    assert find_illegibility(text) is Illegibility.TORN


@pytest.mark.parametrize("text", LEGACY)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_fonts_from_before_unicode_are_named(tmp_path: Path, text: str, encoding: str) -> None:
    with pytest.raises(UnreadableText) as refused:
        read(tmp_path, text.encode(encoding), "cũ.txt")
    assert refused.value.cause is Illegibility.LEGACY_FONT


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE * 3,
        "Cac xa vung cao cua tinh Hoa Giang ra soat dien tich rung que roi bao cao ve So truoc mua mua, o moi ban co mot to. " * 3,
        "UBND, HĐND, TTHC, CSDL, DVCTT, KH&CN, ĐMST, CĐS: TTg giao TP. HCM, QĐ 12/QĐ-TTg, 5G, IoT, AI, GRDP, DN, HTX, TNHH, MTV. " * 3,
        "a) Ong; b) Quế; c) Chè; d) Dược liệu; đ) Mây tre; e) Gạo nếp; g) Lợn bản; h) Cá suối; i) Rau; k) Hoa. " * 3,
        "The province supports farmers with training and digital tools, and publishes open data on markets every quarter. " * 3,
    ],
    ids=["with marks", "without marks", "abbreviations", "list letters", "English"],
)
def test_legible_text_passes(text: str) -> None:
    assert find_illegibility(text) is None


@pytest.mark.parametrize(
    "line", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "[ MẬT ]", "T Ố I  M Ậ T", "Độ mật: Mật", "ĐỘ MẬT: TUYỆT MẬT", "Số: 9-BC/TU | MẬT"]
)
def test_secrecy_marks_are_found_in_the_head(line: str) -> None:
    assert find_secrecy_mark(["TỈNH ỦY HÒA GIANG", line, "BÁO CÁO"]) in ("MẬT", "TỐI MẬT", "TUYỆT MẬT")


@pytest.mark.parametrize(
    "lines",
    [
        ["QUY CHẾ BẢO MẬT", "Các xã giữ bí mật nhà nước theo luật."],
        ["KẾ HOẠCH BẢO VỆ BÍ", "MẬT", "NHÀ NƯỚC"],
        ["Độ mật: (Mật, Tối mật, Tuyệt mật)", "Độ mật: Không"],
        ["Sản phẩm | Mật ong | Mật mía"],
    ],
)
def test_words_about_secrecy_are_no_mark(lines: list[str]) -> None:
    assert find_secrecy_mark(lines) is None


def test_a_mark_far_below_the_head_is_no_stamp() -> None:
    assert find_secrecy_mark([SENTENCE] * 100 + ["MẬT"]) is None


@pytest.mark.parametrize("name", ["mat.txt", "mat.md", "mat.html"])
def test_a_stamped_file_is_refused_in_every_format(tmp_path: Path, name: str) -> None:
    lines = ("TỈNH ỦY HÒA GIANG", "**TỐI MẬT**" if name.endswith("md") else "TỐI MẬT", SENTENCE)
    content = "".join(f"<p>{line}</p>" for line in lines) if name.endswith("html") else "\n\n".join(lines)
    with pytest.raises(StateSecret) as refused:
        read(tmp_path, content.encode(), name)
    assert refused.value.mark == "TỐI MẬT"


ERRORS: list[ReadingError] = [
    MissingFile(),
    EmptyFile(),
    DamagedFile("pdf"),
    EncryptedFile("docx"),
    OversizedFile(limit=20_000_000, size=31_500_000),
    TooManyPages(limit=300, pages=512),
    UnsupportedFormat("doc"),
    UnsupportedFormat("odt"),
    *(UnreadableText(cause, pages) for cause in Illegibility for pages in ((), (2, 5))),
    StateSecret("TỐI MẬT"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: f"{error.code} {error.args}")
def test_every_error_says_politely_what_to_do_next(error: ReadingError) -> None:
    sentence = explain_reading_error(error)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "xin " in sentence


def test_codes_are_distinct() -> None:
    kinds = {type(error) for error in ERRORS}
    assert len({kind.code for kind in kinds}) == len(kinds)
