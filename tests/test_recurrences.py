"""How often something comes back is read from the words that say so, and from no others."""

from __future__ import annotations

import pytest

from knowledge.recurrences import find_repeats
from knowledge.text import fold


def repeats(text: str) -> list[tuple[list[str], str]]:
    return [([value.value for value in one.values], one.text) for one in find_repeats(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("định kỳ 02 tuần một lần báo cáo kết quả", ["P2W"]),
        ("hai tuần một lần", ["P2W"]),
        ("báo cáo 2 tuần/lần", ["P2W"]),
        ("hàng tháng", ["P1M"]),
        ("hằng quý", ["P3M"]),
        ("hằng năm", ["P1Y"]),
        ("Hằng năm, Ban Chỉ đạo tổ chức kiểm tra", ["P1Y"]),
        ("3 tháng, 6 tháng, 1 năm", ["P3M", "P6M", "P1Y"]),
        ("sau mỗi giai đoạn (03 tháng, 06 tháng, năm, giữa nhiệm kỳ)", ["P3M", "P6M", "P1Y"]),
        ("báo cáo theo tháng, quý, 6 tháng, 1 năm", ["P1M", "P3M", "P6M", "P1Y"]),
        ("định kỳ hàng tháng, 3 tháng, 6 tháng, 1 năm", ["P1M", "P3M", "P6M", "P1Y"]),
        ("định kỳ 6 tháng", ["P6M"]),
        ("kiểm tra hằng năm hoặc đột xuất", ["P1Y", "adhoc"]),
        ("gửi báo cáo khi có yêu cầu", ["adhoc"]),
        ("diễn đàn thường niên", ["P1Y"]),
    ],
)
def test_recurrence_is_read_with_and_without_marks(text: str, values: list[str]) -> None:
    assert [one[0] for one in repeats(text)] == [values]
    assert [one[0] for one in repeats(fold(text))] == [values]


@pytest.mark.parametrize(
    "text",
    [
        "trong 6 tháng",
        "6 tháng đầu năm 2026",
        "trong vòng 12 tháng sau nghiệm thu",
        "phân kỳ (theo năm, giai đoạn 5 năm)",
        "phân bổ theo từng năm",
        "khen thưởng hằng năm",
        "ngày, tháng, năm sinh",
        "xuất khẩu hàng năm 2026",
        "đời sống sinh hoạt hàng ngày",
        "thành lập quỹ, 6 tháng sau thì giải ngân",
    ],
)
def test_durations_and_descriptions_do_not_come_back(text: str) -> None:
    assert repeats(text) == []


@pytest.mark.parametrize("text", ["theo chu kỳ 2,5 năm", "hằng tuần", "10 ngày một lần"])
def test_rhythm_without_a_code_is_kept_in_words(text: str) -> None:
    assert repeats(f"họp {text}.") == [([], text)]


def test_printed_words_hold_the_whole_run() -> None:
    assert repeats("Định kỳ 3 tháng, 6 tháng, 1 năm hoặc đột xuất, báo cáo")[0][1] == "Định kỳ 3 tháng, 6 tháng, 1 năm hoặc đột xuất"


@pytest.mark.parametrize(
    "text",
    [
        "Công khai mọi quy trình xử lý hồ sơ",
        "Rà soát từng quy trình, mỗi quy chế",
    ],
)
def test_procedures_and_rules_are_no_quarters(text: str) -> None:
    assert repeats(text) == []
    assert repeats(fold(text)) == []


def test_every_quarter_is_told_from_every_procedure_in_one_sentence() -> None:
    assert repeats("Mỗi quý rà soát mọi quy trình") == [(["P3M"], "Mỗi quý")]
