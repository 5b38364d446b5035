"""Agencies and groups are found by every name people give them, and by no accident."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.agencies import AgencyEntry, build_registry, code_for, default_registry, find_agencies, group_members
from knowledge.text import fold


def codes(text: str) -> list[str]:
    return [one.code for one in find_agencies(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "Sở Khoa học và Công nghệ",
        "Sở KH&CN",
        "Sở KHCN",
        "SKHCN",
        "so khcn",
        "sở khoa học và công nghệ",
        "so khoa hoc va cong nghe",
        "Sở KH-CN",
    ],
)
def test_department_is_found_by_every_name_people_type(typed: str) -> None:
    (one,) = find_agencies(f"{typed} có nhiệm vụ gì" if typed != fold(typed) else f"{typed} co nhiem vu gi")
    assert (one.code, one.name, one.printed) == ("SKHCN", "Sở Khoa học và Công nghệ", typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("STC", "STC"),
        ("Sở TC", "STC"),
        ("VPUB", "VPUB"),
        ("văn phòng ủy ban nhân dân tỉnh", "VPUB"),
        ("VPTU", "VPTU"),
        ("CA tỉnh", "CAT"),
        ("BTG", "BTGDV"),
        ("BTV", "BTV"),
        ("Ban Thường vụ Tỉnh uỷ", "BTV"),
        ("Uỷ ban Kiểm tra Tỉnh uỷ", "UBKT"),
        ("Bộ CHQS tỉnh", "BCHQS"),
        ("UBMTTQ tỉnh", "MTTQ"),
        ("Đảng ủy UBND tỉnh", "DUUB"),
        ("sở văn hóa thể thao du lịch", "SVHTTDL"),
        ("Báo và PT-TH", "BPTTH"),
    ],
)
def test_short_names_and_other_spellings_are_known(typed: str, code: str) -> None:
    assert codes(typed) == [code]


@given(st.sampled_from(default_registry().agencies))
def test_every_name_of_the_registry_finds_its_agency_with_and_without_marks(entry: AgencyEntry) -> None:
    for name in (entry.name, *entry.short_names):
        assert codes(name) == [entry.code], name
    assert codes(fold(entry.name)) == [entry.code]


def test_no_two_agencies_of_the_registry_share_a_code_or_a_name() -> None:
    agencies = default_registry().agencies
    owners: dict[str, set[str]] = {}
    for entry in agencies:
        for name in (entry.name, *entry.short_names):
            owners.setdefault(fold(name), set()).add(entry.code)
    assert len({entry.code for entry in agencies}) == len(agencies)
    assert [name for name, codes in owners.items() if len(codes) > 1] == []


@pytest.mark.parametrize(
    "text", ["cắt giảm thủ tục", "cat giam thu tuc", "từ nay", "tu nay", "các số liệu", "quyền sở hữu trí tuệ", "tài chính công"]
)
def test_ordinary_words_that_fold_like_a_name_are_none(text: str) -> None:
    assert codes(text) == []


def test_marks_that_were_typed_must_be_right() -> None:
    assert codes("Sở Nội vụ") == ["SNV"]
    assert codes("Số Nối vụ") == []
    assert [one.code for one in find_agencies("so noi vu", folded=False)] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("làm việc với các Sở: Nội vụ, Công Thương, Tài chính về chuyển đổi số", ["SNV", "SCT", "STC"]),
        ("Sở KH&CN, Nội vụ, Tài chính", ["SKHCN", "SNV", "STC"]),
        ("các sở, ngành: Y tế, Văn hóa, Thể thao và Du lịch và Công an tỉnh", ["SYT", "SVHTTDL", "CAT"]),
        ("so noi vu, cong thuong, tai chinh phai lam gi", ["SNV", "SCT", "STC"]),
        ("gửi Sở Xây dựng (và Văn phòng UBND tỉnh)", ["SXD", "VPUB"]),
        ("Công an tỉnh, Sở Y tế, Nội vụ, Thanh tra tỉnh, Thống kê tỉnh", ["CAT", "SYT", "SNV", "TTT", "TKT"]),
    ],
)
def test_list_with_one_head_names_each_department(text: str, wanted: list[str]) -> None:
    assert codes(text) == wanted


def test_name_without_its_head_counts_only_in_a_list() -> None:
    assert codes("công tác Nội vụ và nông nghiệp") == []
    assert codes("Sở Y tế phối hợp lĩnh vực nội vụ") == ["SYT"]


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("Các sở, ban, ngành, địa phương:", "N_SBNDP", "các sở, ban, ngành, địa phương"),
        ("từng Sở phải chủ động", "N_SO", "từng Sở"),
        ("Các sở, ngành tỉnh báo cáo", "N_SBN", "các sở, ngành tỉnh"),
        ("UBND các xã, phường, đặc khu", "N_XA", "UBND các xã, phường, đặc khu"),
        ("các cấp ủy đảng trực thuộc", "N_CAPUY", "các cấp ủy đảng trực thuộc"),
        ("các cơ quan, đơn vị liên quan", "N_CQDV", "các cơ quan, đơn vị liên quan"),
        ("ubnd cac xa, phuong", "N_XA", "ubnd cac xa, phuong"),
    ],
)
def test_group_is_found_as_one(text: str, code: str, name: str) -> None:
    (one,) = find_agencies(text)
    assert (one.code, one.name, one.is_group) == (code, name, True)


def test_long_list_of_groups_falls_into_its_kinds() -> None:
    text = "Các cấp ủy, tổ chức đảng, Ủy ban nhân dân, các sở, ngành, Mặt trận, đoàn thể gửi báo cáo"
    assert codes(text) == ["N_CAPUY", "N_XA", "N_SBN", "N_DOANTHE"]


@pytest.mark.parametrize(
    "name",
    [
        "Trung tâm Xúc tiến đầu tư",
        "Sở Ngoại giao",
        "UBND xã Bình Minh",
        "Hiệp hội Doanh nghiệp tỉnh",
        "VNPT Hòa Giang",
        "Bộ Khoa học và Công nghệ",
    ],
)
def test_agency_outside_the_registry_is_kept_by_its_name(name: str) -> None:
    (one,) = find_agencies(f"{name} phối hợp với bên liên quan")
    assert (one.code, one.name) == ("", name)


def test_place_behind_a_name_belongs_to_the_mention() -> None:
    (one,) = find_agencies("Trách nhiệm của Thường trực Tỉnh ủy Hòa Giang")
    assert (one.name, one.printed) == ("Thường trực Tỉnh ủy", "Thường trực Tỉnh ủy Hòa Giang")


def test_verb_with_marks_behind_a_name_is_no_place() -> None:
    (one,) = find_agencies("Sở Nội vụ đề nghị")
    assert one.printed == "Sở Nội vụ"


def test_departments_means_those_that_the_title_names() -> None:
    title = "Kết luận tại buổi làm việc với các Sở: Y tế, Xây dựng về dữ liệu"
    assert group_members("các Sở", title) == ("SYT", "SXD")
    assert group_members("từng Sở", title) == ("SYT", "SXD")
    assert "SNV" in group_members("các Sở", "Kết luận về dữ liệu")
    assert "CAT" in group_members("các sở, ban, ngành", title)


def test_agencies_concerned_means_nobody_in_particular() -> None:
    assert group_members("các cơ quan liên quan") == ()


def test_imported_list_is_searched_by_its_own_names() -> None:
    registry = build_registry([AgencyEntry("XBM", "UBND xã Bình Minh", "commune", ("xã Bình Minh", "BM"))])
    assert [one.code for one in find_agencies("giao xã Bình Minh", registry=registry)] == ["XBM"]
    assert group_members("UBND các xã", registry=registry) == ("XBM",)


def test_code_for_an_unlisted_agency_is_stable_and_its_own() -> None:
    assert code_for("Trung tâm Xúc tiến đầu tư") == code_for("trung tam xuc tien dau tu")
    assert code_for("Trung tâm Xúc tiến đầu tư") != code_for("Trung tâm Xây dựng đô thị")


@given(st.text(alphabet="SởKH&CN ,:;()vàcáctỉnhBanđUủỷộiT-", max_size=60))
def test_any_text_is_read_without_failing_and_mentions_stand_in_order(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    found = find_agencies(text)
    assert all(text[one.start : one.end] == one.printed for one in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Ban Chỉ đạo UBND tỉnh", "BCDUB"),
        ("Ban Chỉ đạo của UBND tỉnh", "BCDUB"),
        ("Ban chỉ đạo của Ủy ban nhân dân tỉnh", "BCDUB"),
        ("BCĐ UBND tỉnh", "BCDUB"),
        ("Ban Chỉ đạo Tỉnh ủy", "BCD"),
        ("Ban Chỉ đạo của Tỉnh uỷ", "BCD"),
        ("Ban Chỉ đạo của tỉnh", "BCD"),
        ("Ban Chỉ đạo tỉnh", "BCD"),
        ("Ban Chỉ đạo", "BCD"),
    ],
)
def test_committee_of_the_government_is_another_than_that_of_the_party(printed: str, code: str) -> None:
    (one,) = find_agencies(f"{printed} họp phiên đầu năm.")
    assert (one.code, one.printed) == (code, printed)


def test_list_behind_the_departments_begins_with_the_word_for_them() -> None:
    found = find_agencies("Các Sở Nội vụ, Công Thương và Tài chính rà soát; các sở: Y tế, Xây dựng góp ý.")
    assert [(one.code, one.printed) for one in found] == [
        ("SNV", "Các Sở Nội vụ"),
        ("SCT", "Công Thương"),
        ("STC", "Tài chính"),
        ("SYT", "các sở: Y tế"),
        ("SXD", "Xây dựng"),
    ]
