"""Slips of the keyboard are put right by what the documents write, and good words are left alone."""

from __future__ import annotations

import pytest

from knowledge.terms import Terms

TEXTS = [
    "Tỷ lệ hồ sơ trực tuyến toàn trình của Sở Công Thương đạt 70% năm 2030.",
    "Chuyển đổi số cấp xã; chỉ số chuyển đổi số của tỉnh đạt 0,75.",
    "Kinh tế số chiếm 20% GRDP; doanh nghiệp ứng dụng công nghệ số.",
    "Người dân có tài khoản VNeID; nhiệm vụ nghiên cứu khoa học được nghiệm thu.",
]


@pytest.fixture(scope="module")
def terms() -> Terms:
    return Terms(TEXTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chỉ tiiêu kinh tế số", "chỉ tiêu kinh tế số"),
        ("chi tieeuu kinh te so", "chi tieu kinh te so"),
        ("chir tieeu kinh tees soos", "chi tieu kinh te so"),
        ("chi3 tieu6 kinh te61 so61", "chi tieu kinh te so"),
        ("chuyyển đổi số", "chuyển đổi số"),
        ("chuynể đổi số", "chuyển đổi số"),
        ("ngưpi dân có tài khoản", "người dân có tài khoản"),
        ("Sở Công Thươgn được giao gì", "Sở Công Thương được giao gì"),
        ("thcự tế đạt bao nhiêu", "thực tế đạt bao nhiêu"),
        ("nghêin cuứ khoa học", "nghiên cứu khoa học"),
        ("dvctr toàn trình", "dvctt toàn trình"),
        ("chitieu chuyendoi so", "chi tieu chuyen doi so"),
        ("hồ sơ trựctuyến", "hồ sơ trực tuyến"),
    ],
)
def test_a_slip_is_read_as_what_was_meant(terms: Terms, typed: str, meant: str) -> None:
    assert terms.mend(typed).lower() == meant.lower()


@pytest.mark.parametrize(
    "typed",
    [
        "Giá vàng hôm nay bao nhiêu",
        "gia vang hom nay",
        "mai có mưa không",
        "xã Ba Vì, xã Trà Bồng, phường Nghĩa Lộ",
        "đồng chí Trần Phước Hiền",
        "chỉ tiêu 6G, PII, DTI năm 2030",
        "Quyết định 505/QĐ-UBND ngày 02/4/2025",
        "hok bít, bn % á?",
        "Bitcoin, ChatGPT, blockchain, drone",
        "東京 ❤ Zürich !? ''",
        "",
    ],
)
def test_what_is_no_slip_stays_as_it_was_typed(terms: Terms, typed: str) -> None:
    assert terms.mend(typed) == typed


def test_capitals_are_kept(terms: Terms) -> None:
    assert terms.mend("CHUYYỂN ĐỔI SỐ; Chuyyển đổi số") == "CHUYỂN ĐỔI SỐ; Chuyển đổi số"


def test_a_long_message_of_nonsense_takes_no_time(terms: Terms) -> None:
    from time import process_time

    started = process_time()
    terms.mend(" ".join(f"qxz{chr(97 + number % 26)}wkk{chr(97 + number // 26)}" for number in range(600)))
    assert process_time() - started < 1
