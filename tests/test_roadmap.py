"""An indicator over its horizons: which figures it has, that picture and words show the same, and what a hostile document does to it."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from knowledge.answer import Library
from knowledge.chart import HEIGHT, WIDTH, draw_roadmap
from knowledge.indicators import Indicator
from knowledge.reached import results_of
from knowledge.roadmap import Roadmap, roadmap_lines, roadmap_of
from tests.libraries import CORPUS, library_of

HEAD = """ỦY BAN NHÂN DÂN
TỈNH HÒA GIANG

Số: {number}/KH-UBND

Hòa Giang, ngày {day} tháng 3 năm {year}

KẾ HOẠCH

Phát triển hạ tầng số tỉnh Hòa Giang giai đoạn {year} - 2030
{replaces}
I. MỤC TIÊU

"""
LONG = "Bến xe, nhà ga, cảng cá, chợ đầu mối, khu vui chơi và điểm dừng nghỉ $x^2$ trên các tuyến đường tỉnh, đường huyện, đường xã"


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of(CORPUS)


def written(folder: Path, *plans: str) -> Library:
    """The library of plans of our own: each the text of its targets."""
    for number, targets in enumerate(plans):
        replaces = f"\nKế hoạch này thay thế Kế hoạch số {200 + number - 1}/KH-UBND.\n" if number else ""
        head = HEAD.format(number=200 + number, day=10 + number, year=2026 + number, replaces=replaces)
        (folder / f"ke-hoach-{number}.txt").write_text(head + targets, "utf-8")
    return library_of(folder)


def named(library: Library, words: str) -> Indicator:
    return next(one for one in library.indicators.all if words.lower() in one.name.lower())


def roadmap_for(library: Library, words: str) -> Roadmap:
    roadmap = roadmap_of(library, named(library, words))
    assert roadmap is not None
    return roadmap


def figures(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def test_horizons_and_results_stand_in_the_order_of_time(library: Library) -> None:
    roadmap = roadmap_for(library, "Hồ sơ trễ hạn")
    assert [(one.when, one.label, one.is_result) for one in roadmap.marks] == [
        ("7/2026", "2,7%", True),
        ("2027", "≤ 2%", False),
        ("2030", "≤ 0,5%", False),
    ]


def test_words_say_each_figure_with_its_clause_and_the_document(library: Library) -> None:
    assert roadmap_lines(roadmap_for(library, "Camera"))[:4] == [
        "Lộ trình: Camera giao thông kết nối về trung tâm điều hành",
        "- 2027: ≥ 450 chiếc (mục I.4)",
        "- 2030: ≥ 1.000 chiếc (mục I.4)",
        "Nguồn: Kế hoạch 128/KH-UBND ngày 14/3/2026",
    ]


def test_picture_and_words_show_the_same_figures(library: Library) -> None:
    roadmaps = [roadmap for one in library.indicators.all if (roadmap := roadmap_of(library, one)) is not None]
    assert len(roadmaps) > 8
    for roadmap in roadmaps:
        told = "\n".join(roadmap_lines(roadmap))
        texts = draw_roadmap(roadmap).texts
        drawn = [text for text in texts if text in {one.label for one in roadmap.marks}]
        assert sorted(drawn) == sorted(one.label for one in roadmap.marks)
        # Whatever figure stands anywhere in the picture stands in the words, and each figure of a line in the picture.
        assert {figure for text in texts for figure in figures(text)} <= {
            *figures(told),
            *(one.month.split("/")[0] for one in roadmap.marks),
        }
        for one in roadmap.marks:
            assert one.label in one.figure and one.figure in told


def test_picture_is_a_png_of_its_size_and_the_same_bytes_each_time(library: Library) -> None:
    first, second = (draw_roadmap(roadmap_for(library, "Chỉ số dữ liệu mở")).png for _ in range(2))
    assert first == second
    assert first[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", first[16:24]) == (WIDTH, HEIGHT)


def test_result_of_another_thing_is_none_of_the_indicators(library: Library) -> None:
    shown = {one.name: [held.fact.printed for held in results_of(library, one)] for one in library.indicators.all}
    assert {name: found for name, found in shown.items() if found} == {"Hồ sơ nộp trực tuyến": ["68,4"], "Hồ sơ trễ hạn": ["2,7"]}


def test_one_horizon_or_none_with_a_figure_makes_no_roadmap(library: Library) -> None:
    assert roadmap_of(library, named(library, "Trung tâm dữ liệu")) is None
    assert roadmap_of(library, named(library, "Môi trường kinh doanh số")) is None


def test_figure_of_a_replaced_plan_is_not_drawn_beside_the_one_in_force(tmp_path: Path) -> None:
    goals = "1. Đến hết năm {}\n\n- Trạm sạc xe điện đạt {}%.\n\n"
    old = goals.format(2028, 31) + "2. Đến hết năm 2030\n\n- Trạm sạc xe điện đạt 62%.\n"
    new = goals.format(2028, 33) + "2. Đến hết năm 2030\n\n- Trạm sạc xe điện đạt 66%.\n"
    roadmap = roadmap_for(written(tmp_path, old, new), "Trạm sạc")
    assert [one.label for one in roadmap.marks] == ["33%", "66%"]


def test_two_figures_of_one_year_are_both_shown_and_warned_of(tmp_path: Path) -> None:
    goals = "1. Đến hết năm 2028\n\n- Có ít nhất 25 trạm quan trắc.\n\n- Có ít nhất 40 trạm quan trắc.\n\n2. Đến hết năm 2030\n\n"
    roadmap = roadmap_for(written(tmp_path, goals + "- Có ít nhất 55 trạm quan trắc.\n"), "trạm quan trắc")
    assert [(one.when, one.label) for one in roadmap.marks] == [("2028", "≥ 25"), ("2028", "≥ 40"), ("2030", "≥ 55")]
    assert any("con số khác nhau" in one for one in draw_roadmap(roadmap).texts)


def test_very_long_name_ranges_and_signs_of_mathematics_are_drawn_all_the_same(tmp_path: Path) -> None:
    goals = f"1. Đến hết năm 2028\n\n- {LONG} đạt 0,75%.\n\n2. Đến hết năm 2030\n\n- {LONG} đạt 30% - 40%.\n"
    roadmap = roadmap_for(written(tmp_path, goals), "Bến xe")
    picture = draw_roadmap(roadmap)
    assert {"0,75%", "30% - 40%"} <= set(picture.texts)
    assert sum("$" in text or "Bến xe" in text for text in picture.texts) >= 1
