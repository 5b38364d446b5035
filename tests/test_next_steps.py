"""The buttons after an answer: other years, the whole clause, who does it, the way there as a picture."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from db.conversations import Inquiry
from db.messages import COMMAND_BYTES
from db.schema import table_of
from handlers import next_steps
from handlers.step_buttons import step_buttons
from knowledge.answer import Citation, Library
from knowledge.answering import answer, answer_year
from knowledge.clause_text import clause_pages, paragraphs_of
from knowledge.next_steps import NextSteps, answer_doer, find_next_steps, indicator_of
from knowledge.talk import Talk
from tests.libraries import CORPUS, library_of
from tests.telegram_bot import rows_of
from tests.worlds import ASKED, FOCAL_POINT, LEADER, TelegramWorld, World

HEALTH = "chỉ tiêu người dân dùng sổ sức khỏe điện tử năm 2027?"


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of(CORPUS)


def steps_after(library: Library, question: str) -> NextSteps:
    return find_next_steps(library, *answer(library, question))


async def set_about(world: World, number: int, about: dict[str, Any]) -> None:
    async with world.database.write() as session:
        await session.execute(update(table_of(Inquiry)).where(table_of(Inquiry).c.id == number).values(about=about))


async def test_another_year_of_the_indicator_is_a_question_of_its_own(every_world: World) -> None:
    official = await every_world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    assert official.buttons[:3] == ["2030", "📄 Nguyên văn", "📈 Lộ trình"]
    assert (await official.press("2030", replies=1)).startswith("Sóng 5G phủ dân số: 99% (đến hết năm 2030).")
    # The talk goes on from there, and so do the buttons.
    assert official.buttons[:1] == ["2027"]
    assert "65%" in await official.write("nam 2027 cua 2")
    asked = [one.question for one in await rows_of(every_world.database, Inquiry)]
    assert asked == [ASKED, "Chỉ tiêu «Sóng 5G phủ dân số» năm 2030?", "Chỉ tiêu «Sóng 5G phủ dân số» năm 2027?"]


async def test_roadmap_comes_as_a_picture_with_its_figures_in_words(every_world: World) -> None:
    official = await every_world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    told = await official.press("Lộ trình", replies=1)
    assert "- 2027: ≥ 65% (mục I.1.a)" in told and "- 2030: 99% (mục I.2.a)" in told
    name, picture = await official.file()
    assert name == "lo-trinh.png" and picture.startswith(b"\x89PNG")
    pictures = list((every_world.settings.data_dir / "files").glob("*"))
    # Typed it means the last question; the same picture is no second file.
    assert "99%" in await official.write("lộ trình")
    assert list((every_world.settings.data_dir / "files").glob("*")) == pictures


async def test_whole_clause_is_shown_with_the_cited_words_in_bold(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    told = await official.press("Nguyên văn", replies=1)
    assert told.split("\n")[:3] == ["Nguyên văn mục I.1.a", "MỤC TIÊU › Đến hết năm 2027", "a) Hạ tầng số"]
    assert "- Thời gian gián đoạn mạng truyền số liệu không quá 4 giờ mỗi năm." in told
    assert "\nNguồn: Kế hoạch 128/KH-UBND ngày 14/3/2026, mục I.1.a\nLưu ý: Kế hoạch này ban hành trước, đang được rà soát" in told
    assert "- <b>Sóng 5G phủ tối thiểu 65% dân số.</b>" in official.shown()[-1].html
    # The answer still stands there, with its buttons.
    assert official.shown()[-2].buttons and "65%" in official.shown()[-2].text


async def test_long_clause_is_leafed_through_in_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(next_steps, "clause_pages", partial(clause_pages, length=70))
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    assert "phần 1/3" in await official.press("Nguyên văn", replies=1)
    assert official.buttons == ["Sau ▶"]
    await official.press("Sau ▶")
    await world.until(lambda: "phần 2/3" in official.shown()[-1].text)
    assert "hộ gia đình" in official.shown()[-1].text and official.buttons == ["◀ Trước", "Sau ▶"]
    await official.press("Sau ▶")
    await world.until(lambda: "phần 3/3" in official.shown()[-1].text and official.buttons == ["◀ Trước"])
    assert len(official.shown()) == official.seen
    # A page beyond the last is the last.
    assert "phần 3/3" in await official.write("nguyen van 1 phan 99")


async def test_who_does_it_is_offered_and_told_where_a_document_says_so(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(HEALTH)
    assert "👤 Ai thực hiện" in official.buttons
    assert "Sở Y tế" in (await official.press("Ai thực hiện", replies=1)).split("\n")[0]
    await official.write(ASKED)
    assert "không nêu cơ quan" in await official.write("ai làm 3")
    # Without a number it is a question of the talk like any other.
    assert "Nguồn" in await official.write("ai làm")


async def test_nobody_goes_on_from_anothers_question(world: World) -> None:
    official, other = await world.linked(FOCAL_POINT, 101), await world.linked(LEADER, 116)
    await official.write(ASKED)
    for command in ("nguyên văn 1", "lộ trình 1", "ai làm 1", "năm 2030 của 1", "lộ trình 99"):
        told = await other.write(command)
        assert "Không thấy câu hỏi số" in told and "5G" not in told
    assert "Chưa có câu hỏi nào" in await other.write("lộ trình")


async def test_in_a_group_only_who_asked_goes_on(telegram_world: TelegramWorld) -> None:
    member = telegram_world.chat(101, chat_id=-500)
    await member.write(f"@{telegram_world.telegram.username} {ASKED}")
    message = member.shown()[-1]
    telegram_world.telegram.tap(102, message.message_id, message.buttons[0][0][1], chat_id=-500)
    await telegram_world.telegram.until(lambda: len(telegram_world.telegram.answered) == 1)
    assert "Chỉ người đã hỏi mới dùng được nút này" in next(iter(telegram_world.telegram.answered.values()))
    assert len(member.shown()) == member.seen
    assert "99%" in await member.press("2030", replies=1)


async def test_question_whose_document_is_gone_leads_nowhere_and_says_so(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write(ASKED)
    gone = {"subject": "phủ sóng 5g", "topic": "Sóng 5G phủ dân số", "cited": [[4711, "I.1.a", None, "Sóng 5G phủ tối thiểu 65% dân số."]]}
    for about in (gone, {}):
        await set_about(world, 1, about)
        assert "không dẫn mục nào" in await official.press("Nguyên văn")
        assert "hai mốc năm" in await official.press("Lộ trình")
        assert "theo năm" in await official.press("2030")
    assert len(official.shown()) == official.seen


def test_each_year_of_each_indicator_is_answered_for_that_indicator_and_year(library: Library) -> None:
    for indicator in library.indicators.all:
        for year in indicator.years:
            found, talk = answer_year(library, indicator, year)
            assert found.answered and found.citations[0].quote in {held.fact.quote for held in indicator.at(year)}
            assert indicator_of(library, talk) is indicator
            assert year not in find_next_steps(library, found, talk).years


def test_table_row_that_says_two_years_leaves_the_one_that_was_not_asked(library: Library) -> None:
    assert steps_after(library, "chỉ tiêu camera giao thông năm 2027?").years == (2030,)


def test_answer_that_there_is_none_goes_on_from_the_nearest(library: Library) -> None:
    steps = steps_after(library, "chỉ tiêu phủ sóng 5G năm 2045?")
    assert (steps.years, steps.has_roadmap) == ((2027,), True)


def test_answer_with_a_result_goes_on_to_its_indicator_where_that_is_certain(library: Library) -> None:
    assert steps_after(library, "tỷ lệ hồ sơ trễ hạn đã đạt bao nhiêu?").has_roadmap
    assert not steps_after(library, "đã có bao nhiêu trạm 5G?").has_roadmap


def test_no_step_where_it_would_lead_nowhere(library: Library) -> None:
    assert steps_after(library, "giá vàng hôm nay bao nhiêu?") == NextSteps()
    assert steps_after(library, "kế hoạch 128 ban hành ngày nào?") == NextSteps()
    assert steps_after(library, "các chỉ tiêu năm 2030") == NextSteps()
    in_words = steps_after(library, "chỉ tiêu môi trường kinh doanh số thông thoáng năm 2030?")
    assert (in_words.years, in_words.has_roadmap) == ((), False)


def test_doer_is_offered_only_where_the_answer_names_one(library: Library) -> None:
    for indicator in library.indicators.all:
        for year in indicator.years[:1]:
            found, talk = answer_year(library, indicator, year)
            doer = answer_doer(library, talk)
            assert find_next_steps(library, found, talk).has_doer == (doer is not None)
            assert doer is None or "Chủ trì/thực hiện: " in doer[0].text


def test_every_page_of_a_clause_is_short_and_nothing_is_lost(library: Library) -> None:
    for document, clause in {(one.document, one.clause) for one in library.catalogue.paragraphs.values()}:
        whole = paragraphs_of(library, document, clause)
        quote = whole[-1].text[-60:]
        pages = clause_pages(library, Citation(library.document(document), clause, None, quote), length=200)
        assert pages is not None
        lines = [one for page in pages.pages for one in page]
        assert "".join("".join(one.text.split()) for one in lines) == "".join("".join(one.text.split()) for one in whole)
        assert all(sum(len(one.text) for one in page) <= 200 + len(quote) for page in pages.pages)
        assert any(one.cited for one in pages.pages[pages.start])


def test_buttons_fit_every_channel() -> None:
    rows = step_buttons(NextSteps((2027, 2030, 2035, 2040), True, True, True), 999_999_999, is_original=False)
    assert [len(row) for row in rows] == [4, 3] and rows[1][0].label == "📄 Cả mục"
    assert all(len(one.command.encode()) <= COMMAND_BYTES for row in rows for one in row)


def test_talk_of_an_older_row_is_still_read() -> None:
    assert Talk.model_validate({"subject": "5g", "asked": "5G?"}).topic == ""
