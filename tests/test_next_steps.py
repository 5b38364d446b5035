"""The buttons after an answer: other years, the whole clause, who does it, the way there as a picture."""

from __future__ import annotations

from tests.worlds import ASKED, FOCAL_POINT, World


async def test_another_year_of_the_indicator_is_a_question_of_its_own(every_world: World) -> None:
    official = await every_world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    assert official.buttons[:3] == ["2030", "📄 Nguyên văn", "📈 Lộ trình"]
    assert (await official.press("2030", replies=1)).startswith("Sóng 5G phủ dân số: 99% (đến hết năm 2030).")
    # The talk goes on from there, and so do the buttons.
    assert official.buttons[:1] == ["2027"]
    assert "65%" in await official.write("còn 2027?")
