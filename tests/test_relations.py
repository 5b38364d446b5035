"""What a document says of others, its own short forms, and what its letterhead prints: read, never invented."""

from __future__ import annotations

import pytest

from knowledge.extraction.header import Header, read_header
from knowledge.extraction.relations import extract_abbreviations, extract_relations
from knowledge.facts import Relation, RelationKind
from knowledge.reading import Line
from knowledge.structure import parse


def lines_of(text: str) -> tuple[Line, ...]:
    return tuple(Line(line.strip(), whole=True) for line in text.strip().splitlines() if line.strip())


def relations(sentence: str) -> list[Relation]:
    return extract_relations(parse(lines_of(f"IV. TỔ CHỨC THỰC HIỆN\n5. Hiệu lực\n{sentence}")).paragraphs)


def replaced(sentence: str) -> list[tuple[str, str]]:
    """(newer, older) of each replacement; an empty number is the document itself."""
    found = relations(sentence)
    assert all(one.kind is RelationKind.REPLACES for one in found)
    return [(one.newer, one.older) for one in found]


def header(text: str) -> Header:
    lines = lines_of(text)
    return read_header(parse(lines), lines)


# ---------------------------------------------------------------- which replaces which


@pytest.mark.parametrize(
    "sentence",
    [
        "Kế hoạch này thay Kế hoạch số 41-KH/TU ngày 05/02/2025 của Tỉnh ủy.",
        "(Kế hoạch này thay thế Kế hoạch số 41-KH/TU ngày 05/02/2025 của Tỉnh ủy)",
        "Kế hoạch này có hiệu lực từ ngày ký và thay thế cho Kế hoạch số 41-KH/TU.",
        "Kế hoạch này bãi bỏ Kế hoạch số 41-KH/TU ngày 05/02/2025.",
        "Kế hoạch số 41-KH/TU ngày 05/02/2025 được thay thế bằng Kế hoạch này.",
        "Kế hoạch số 41-KH/TU ngày 05/02/2025 hết hiệu lực kể từ ngày Kế hoạch này được ban hành.",
    ],
)
def test_document_says_which_one_it_replaces(sentence: str) -> None:
    assert replaced(sentence) == [("", "41-KH/TU")]


@pytest.mark.parametrize(
    "sentence",
    [
        "- Quyết định số 70/QĐ-UBND ngày 21/4/2026 kiện toàn Tổ công tác (thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026).",
        "- Quyết định số 31/QĐ-UBND ngày 08/01/2026 được thay thế bằng Quyết định số 70/QĐ-UBND ngày 21/4/2026.",
        "- Quyết định số 31/QĐ-UBND ngày 08/01/2026 đã bị thay thế bởi Quyết định số 70/QĐ-UBND.",
    ],
)
def test_replacement_of_other_documents_is_read_whichever_stands_first(sentence: str) -> None:
    assert replaced(sentence) == [("70/QĐ-UBND", "31/QĐ-UBND")]


def test_replacement_in_one_part_of_a_list_does_not_take_the_number_of_another() -> None:
    text = (
        "- Quyết định số 5/QĐ-UBND lập Tổ công tác; Quyết định số 70/QĐ-UBND kiện toàn Tổ công tác (thay thế Quyết định số 31/QĐ-UBND); "
        "Quy chế số 3/QC-BCĐ."
    )
    assert replaced(text) == [("70/QĐ-UBND", "31/QĐ-UBND")]


def test_several_documents_are_replaced_at_once() -> None:
    found = replaced("Quyết định này có hiệu lực từ ngày ký và thay thế Quyết định số 5/QĐ-UBND và số 6/QĐ-UBND.")
    assert found == [("", "5/QĐ-UBND"), ("", "6/QĐ-UBND")]


@pytest.mark.parametrize(
    "sentence",
    [
        "- Kế hoạch này không thay thế Kế hoạch số 9/KH-UBND.",
        "- Thay đổi thói quen của người dân theo Kế hoạch số 9/KH-UBND.",
        "- Thay mặt UBND tỉnh ký Kế hoạch số 9/KH-UBND.",
        "- Thay mới 12 máy chủ theo Quyết định số 9/QĐ-UBND.",
        "- Triển khai Kế hoạch số 9/KH-UBND ngày 02/3/2026.",
    ],
)
def test_other_uses_of_the_words_replace_nothing(sentence: str) -> None:
    assert relations(sentence) == []


def test_replacement_is_cited_with_its_clause_and_words() -> None:
    (one,) = relations("(Kế hoạch này thay Kế hoạch số 41-KH/TU ngày 05/02/2025 của Tỉnh ủy)")
    assert one.clause == "IV.5"
    assert one.quote == "(Kế hoạch này thay Kế hoạch số 41-KH/TU ngày 05/02/2025 của Tỉnh ủy)"


def in_report(*paragraphs: str) -> list[tuple[str, str]]:
    found = extract_relations(parse(lines_of("\n".join(("BÁO CÁO", "Công tác thủy lợi", "I. KẾT QUẢ", *paragraphs)))).paragraphs)
    assert all(one.kind is RelationKind.REPLACES for one in found)
    return [(one.newer, one.older) for one in found]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("- Tham mưu Quyết định số 70/QĐ-UBND ngày 21/4/2026 kiện toàn Tổ công tác (thay thế Quyết định số 31/QĐ-UBND).",),
        ("- Quyết định số 70/QĐ-UBND ngày 21/4/2026 kiện toàn Tổ công tác", "(thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026)."),
        ("- Ban hành Quyết định số 70/QĐ-UBND kiện toàn Tổ công tác", "(Thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026)."),
        (
            "3 Kế hoạch số 5/KH-UBND về chợ số; Quyết định số 70/QĐ-UBND ngày 21/4/2026 kiện toàn Tổ công tác và Ban",
            "Chỉ đạo mùa lũ của tỉnh (thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026).",
        ),
        (
            "3 Kế hoạch số 5/KH-UBND về chợ số; Quyết định số 70/QĐ-UBND ngày 21/4/2026 kiện toàn Tổ công tác theo",
            "- Ngay sau khi Chính phủ ban hành Nghị quyết số 9/NQ-CP, các xã đã lắp trạm đo mưa theo",
            "(thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026); Quy chế số 2/QC-TCT của Tổ công tác.",
        ),
    ],
)
def test_decision_before_the_brackets_replaces_also_where_a_page_parts_them(paragraphs: tuple[str, ...]) -> None:
    assert in_report(*paragraphs) == [("70/QĐ-UBND", "31/QĐ-UBND")]


def test_report_itself_replaces_nothing() -> None:
    assert in_report("- Các xã đã lắp trạm đo mưa (thay thế Quyết định số 31/QĐ-UBND ngày 08/01/2026).") == []


def test_brackets_below_the_title_speak_of_the_document() -> None:
    structure = parse(lines_of("KẾ HOẠCH\nPhát triển chợ số\n(thay thế Kế hoạch số 31/KH-UBND ngày 08/01/2026)\nI. MỤC TIÊU\n- Mở chợ."))
    assert [(one.newer, one.older) for one in extract_relations(structure.paragraphs)] == [("", "31/KH-UBND")]


def test_order_to_draft_a_successor_announces_a_revision() -> None:
    (one,) = relations(
        "- Sở Y tế tham mưu UBND tỉnh ban hành Quy chế trực trạm thay thế Quyết định số 31/QĐ-UBND, trình trong tháng 7/2026."
    )
    assert (one.kind, one.newer, one.older) == (RelationKind.UNDER_REVIEW, "", "31/QĐ-UBND")


# ---------------------------------------------------------------- what is to be revised


@pytest.mark.parametrize(
    ("sentence", "older"),
    [
        ("- Sở Y tế rà soát lại chỉ tiêu chợ số năm 2027 trong Kế hoạch số 28/KH-UBND cho sát thực tế.", "28/KH-UBND"),
        ("- Rà soát lại chỉ tiêu chợ số năm 2027 trong Kế hoạch số 28/KH-UBND cho sát thực tế.", "28/KH-UBND"),
        ("- Điều chỉnh Kế hoạch số 28/KH-UBND ngày 14/3/2026.", "28/KH-UBND"),
        ("- Đề nghị sửa đổi Quyết định số 44/QĐ-UBND về mức hỗ trợ.", "44/QĐ-UBND"),
        ("- Rà soát, tích hợp các Kế hoạch của hai tỉnh trước sáp nhập cho phù hợp với tình hình mới.", ""),
    ],
)
def test_document_that_is_to_be_revised_is_under_review(sentence: str, older: str) -> None:
    (one,) = relations(sentence)
    assert (one.kind, one.newer, one.older) == (RelationKind.UNDER_REVIEW, "", older)


@pytest.mark.parametrize(
    "sentence",
    [
        "- Kế hoạch số 28/KH-UBND đã được rà soát, điều chỉnh.",
        "- Đã rà soát, sửa đổi Kế hoạch số 28/KH-UBND.",
        "- Rà soát trạm đo mưa theo tiến độ.",
    ],
)
def test_what_was_revised_or_is_no_document_is_not_under_review(sentence: str) -> None:
    assert relations(sentence) == []


# ---------------------------------------------------------------- short forms


def test_short_forms_that_a_document_explains_are_read() -> None:
    text = (
        "I. NỘI DUNG\n- Sở Khoa học và Công nghệ (KH&CN) mở dịch vụ công trực tuyến (DVCTT); "
        "công nghệ thông tin, chuyển đổi số (CNTT/CĐS); thủ tục hành chính (sau đây viết tắt là TTHC); Bưu điện tỉnh (VNPT)."
    )
    found = {one.short: one.long for one in extract_abbreviations(parse(lines_of(text)).paragraphs)}
    assert found == {
        "KH&CN": "Khoa học và Công nghệ",
        "DVCTT": "dịch vụ công trực tuyến",
        "CNTT": "công nghệ thông tin",
        "CĐS": "chuyển đổi số",
        "TTHC": "thủ tục hành chính",
    }


# ---------------------------------------------------------------- the letterhead


def test_letterhead_gives_number_day_place_and_issuer() -> None:
    found = header(
        "ỦY BAN NHÂN DÂN\nTỈNH HÒA GIANG\nSố: 28/KH-UBND\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
        "Hòa Giang, ngày 14 tháng 3 năm 2026\nKẾ HOẠCH\nPhát triển chợ số\nI. MỤC TIÊU\n- Mở chợ."
    )
    assert found == Header("28/KH-UBND", "2026-03-14", "UBND tỉnh Hòa Giang", "Hòa Giang", "")


def test_letterhead_in_two_columns_is_read_column_by_column() -> None:
    found = header(
        "UBND TỈNH HÒA GIANG | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSỞ KHOA HỌC VÀ CÔNG NGHỆ | Độc lập - Tự do - Hạnh phúc\n"
        "Số: 58/BC-SKHCN | Hòa Giang, ngày 05 tháng 7 năm 2026\nBÁO CÁO\nKết quả chợ số\nI. KẾT QUẢ\n- Mở chợ."
    )
    assert (found.number, found.issued_on, found.issuer) == ("58/BC-SKHCN", "2026-07-05", "Sở Khoa học và Công nghệ tỉnh Hòa Giang")


def test_number_of_a_party_document_is_read() -> None:
    found = header(
        "TỈNH ỦY HÒA GIANG\nSố 41-KH/TU\nĐẢNG CỘNG SẢN VIỆT NAM\nHòa Giang, ngày 05 tháng 02 năm 2026\nKẾ HOẠCH\nMở chợ số\nI. MỤC TIÊU"
    )
    assert (found.number, found.issued_on, found.issuer) == ("41-KH/TU", "2026-02-05", "Tỉnh ủy Hòa Giang")


@pytest.mark.parametrize(
    ("letterhead", "issuer"),
    [
        ("UBND TỈNH HÒA GIANG\nVĂN PHÒNG", "Văn phòng UBND tỉnh Hòa Giang"),
        ("SỞ Y TẾ HÒA GIANG", "Sở Y tế Hòa Giang"),
        ("UBND TỈNH HÒA GIANG\nSỞ Y TẾ", "Sở Y tế tỉnh Hòa Giang"),
    ],
)
def test_issuer_is_the_last_agency_of_the_letterhead(letterhead: str, issuer: str) -> None:
    assert header(f"{letterhead}\nSố: 7/TB-VP\nTHÔNG BÁO\nKết luận họp\n1. Mở chợ số.").issuer == issuer


def test_blank_left_for_the_pen_is_no_number_and_no_day() -> None:
    found = header(
        "UBND TỈNH HÒA GIANG\nSố:      /KH-UBND\nHòa Giang, ngày     tháng 3 năm 2026\nKẾ HOẠCH\nMở chợ số\nI. MỤC TIÊU\n- Mở chợ."
    )
    assert (found.number, found.issued_on) == ("", "2026-03")


def test_numbers_and_dates_of_other_documents_are_not_its_own() -> None:
    found = header(
        "KẾ HOẠCH\nThực hiện Nghị quyết số 19-NQ/TU ngày 20/01/2026 của Tỉnh ủy\n"
        "Căn cứ Công văn số 611/VPUB-KT ngày 22/6/2026, Sở Y tế lập Kế hoạch số 9/KH-SYT như sau:\nI. MỤC TIÊU\n- Mở chợ."
    )
    assert found == Header("", "", "", "", "")


def test_notice_tells_the_day_of_its_meeting_and_that_is_not_its_own() -> None:
    found = header("THÔNG BÁO\nKết luận họp giao ban\nNgày 02/3/2026, tại Trụ sở UBND tỉnh, Chủ tịch chủ trì họp.\n1. Mở chợ số.")
    assert (found.held_on, found.issued_on) == ("2026-03-02", "")


def test_day_of_another_document_is_no_day_of_the_meeting() -> None:
    found = header("THÔNG BÁO\nKết luận họp giao ban\nTheo Công văn số 611/VPUB-KT ngày 22/6/2026, Văn phòng thông báo.\n1. Mở chợ số.")
    assert found.held_on == ""


def test_place_and_date_above_the_signature_count() -> None:
    found = header("QUYẾT ĐỊNH\nVề việc mở chợ số\nĐiều 1. Mở chợ.\nHòa Giang, ngày 03 tháng 3 năm 2026\nCHỦ TỊCH\nLò Văn Nghiệp")
    assert (found.issued_on, found.place) == ("2026-03-03", "Hòa Giang")
