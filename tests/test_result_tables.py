"""Tables of a report: what was done is a result, what was planned is none; every passage is invented."""

from __future__ import annotations

from knowledge.extraction.results import extract_results
from knowledge.extraction.targets import extract_targets
from knowledge.facts import Result
from knowledge.reading import Line
from knowledge.structure import parse


def read(*rows: str, as_of: str = "2026-07", heading: str = "I. KẾT QUẢ THỰC HIỆN") -> list[Result]:
    structure = parse(tuple(Line(one, whole=True) for one in (heading, *rows)))
    return extract_results(structure.paragraphs, kind="Báo cáo", as_of=as_of)


def figures(*rows: str, as_of: str = "2026-07") -> list[tuple[str, str, str, str]]:
    return [(one.indicator, one.printed, one.unit, one.as_of) for one in read(*rows, as_of=as_of)]


def test_column_of_what_was_done_is_read_and_the_plan_is_not() -> None:
    assert figures(
        "STT | Chỉ tiêu | ĐVT | Kế hoạch năm 2026 | Thực hiện 6 tháng | Tỷ lệ (%)",
        "1 | Số trạm đo mưa lắp mới | Trạm | 60 | 41 | 68,3",
        "2 | Tỷ lệ kho lúa có mã số | % | 80 | 71,5 | 89,4",
    ) == [("Số trạm đo mưa lắp mới", "41", "Trạm", "2026-07"), ("Tỷ lệ kho lúa có mã số", "71,5", "%", "2026-07")]


def test_unit_may_stand_in_the_cell_or_in_the_name() -> None:
    assert figures(
        "STT | Nội dung | Kế hoạch | Thực hiện",
        "1 | Tỷ lệ kho lúa có mã số | 100% | 96%",
        "2 | Diện tích lúa mùa (ha) | 1.500 | 1.240",
        "3 | Trạm đo mưa | 60 trạm | 41 trạm",
    ) == [
        ("Tỷ lệ kho lúa có mã số", "96", "%", "2026-07"),
        ("Diện tích lúa mùa", "1.240", "ha", "2026-07"),
        ("Trạm đo mưa", "41", "trạm", "2026-07"),
    ]


def test_head_of_the_column_says_for_when() -> None:
    assert figures(
        "TT | Chỉ tiêu | Đơn vị | Thực hiện năm 2025 | Kế hoạch 2026 | Ước thực hiện 6 tháng đầu năm 2026",
        "1 | Số trạm đo mưa | Trạm | 30 | 60 | 41",
    ) == [("Số trạm đo mưa", "30", "Trạm", "2025"), ("Số trạm đo mưa", "41", "Trạm", "2026-06")]


def test_head_in_two_rows_is_read_together() -> None:
    assert figures(
        "STT | Chỉ tiêu | Đơn vị | Năm 2026 | ",
        " |  |  | Kế hoạch | Thực hiện",
        "1 | Số trạm đo mưa | Trạm | 60 | 41",
    ) == [("Số trạm đo mưa", "41", "Trạm", "2026-07")]


def test_estimate_is_marked_and_the_quote_is_the_row() -> None:
    (one,) = read("STT | Chỉ tiêu | Kế hoạch | Ước thực hiện", "1 | Số trạm đo mưa | 60 | 41")
    assert (one.approximate, one.hedge, one.quote) == (True, "ước", "1 | Số trạm đo mưa | 60 | 41")


def test_table_of_plans_alone_and_empty_cells_report_nothing() -> None:
    assert read("STT | Chỉ tiêu | Kế hoạch 2026 | Kế hoạch 2027", "1 | Số trạm đo mưa | 60 trạm | 80 trạm") == []
    assert read("STT | Chỉ tiêu | Kế hoạch | Thực hiện", "1 | Số trạm đo mưa | 60 |", "II | Nhóm hai |  |") == []


def test_plan_of_a_table_in_a_report_is_a_target_and_the_figure_done_is_none() -> None:
    rows = ("STT | Chỉ tiêu | ĐVT | Kế hoạch 2026 | Thực hiện 6 tháng", "1 | Số trạm đo mưa lắp mới | Trạm | 60 | 41")
    structure = parse(tuple(Line(one, whole=True) for one in ("3. Kết quả thực hiện các chỉ tiêu:", *rows)))
    assert [(one.indicator, one.value, one.horizon_year) for one in extract_targets(structure.paragraphs)] == [
        ("Số trạm đo mưa lắp mới", 60, 2026)
    ]


def test_short_heads_and_bare_years_are_read() -> None:
    assert figures(
        "TT | Nội dung | ĐVT | Thực hiện 2025 | KH 2026 | TH 6 tháng 2026 | So với KH (%)",
        "1 | Số trạm đo mưa | Trạm | 30 | 60 | 41 | 68,3",
    ) == [("Số trạm đo mưa", "30", "Trạm", "2025"), ("Số trạm đo mưa", "41", "Trạm", "2026-07")]


def test_what_was_done_in_words_is_read_like_a_sentence() -> None:
    (one,) = read("STT | Nhiệm vụ | Cơ quan thực hiện | Kết quả thực hiện", "1 | Lập kho dữ liệu | Sở Y tế | Đã lập xong 10/12 kho lúa")
    assert (one.indicator, one.printed, one.unit, one.quote) == (
        "Lập kho dữ liệu: Lập xong kho lúa",
        "10/12",
        "kho",
        "Đã lập xong 10/12 kho lúa",
    )
