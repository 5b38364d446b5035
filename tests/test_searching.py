"""Searching by words: what is found, what is marked in it, how long it is, and whose search it is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from db.audit import AuditEntry
from db.conversations import Inquiry
from db.messages import Message, Style
from handlers.call import Assistant
from knowledge.answer import Library
from knowledge.content import read_content
from knowledge.finding import Found, _quoted, find_marks, find_passages
from knowledge.text import fold
from tests.speaking import commands, say, walk
from tests.telegram_bot import rows_of
from tests.worlds import FOCAL_POINT, LEADER, TelegramWorld, World


def marked(found: Found) -> list[str]:
    return [found.quote[start:end] for start, end in found.marks]


def marked_in(library: Library, words: str, text: str) -> list[str]:
    content, _ = read_content(words, library.terms)
    return [text[start:end] for start, end in find_marks(library.terms, content.concepts, text)]


@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        ("ha tang so", "Phát triển hạ tầng số và nền tảng số, số 12.", ["hạ tầng số"]),
        ("hạ tầng số", "Đầu tư HẠ TẦNG SỐ; hạ tầng điện.", ["HẠ TẦNG SỐ", "hạ tầng"]),
        ("dvctt", "Cung cấp dịch vụ công trực tuyến (DVCTT) cho dân.", ["dịch vụ công trực tuyến", "DVCTT"]),
        ("dịch vụ công", "Cổng DVCTT của tỉnh.", []),
        ("an ninh mạng", "Bảo đảm an toàn thông tin, an ninh mạng.", ["an toàn thông tin", "an ninh mạng"]),
        ("5g", "Phủ sóng 5G, không phải 15G hay 5Gb.", ["5G"]),
        ("cáp", "Cấp xã dùng cáp quang.", ["cáp"]),
    ],
)
def test_words_are_marked_whole_and_where_they_mean_the_same(library: Library, words: str, text: str, shown: list[str]) -> None:
    assert marked_in(library, words, text) == shown


@pytest.mark.parametrize("words", ["ha tang so", "cáp quang", "dữ liệu mở", "doanh nghiệp công nghệ số", "5g", "chữ ký số", "kỹ sư"])
def test_what_is_found_is_an_unbroken_run_of_the_document_with_its_words_marked(library: Library, words: str) -> None:
    found = find_passages(library, words)
    assert found
    for one in found:
        assert one.quote in one.paragraph.text and len(one.quote) <= 400 and marked(one)
        at = one.paragraph.text.index(one.quote)
        around = one.paragraph.text[at - 1 : at] + one.paragraph.text[at + len(one.quote) : at + len(one.quote) + 1]
        assert not around.strip()  # cut between words only
    assert len({(one.paragraph.document, fold(one.quote)) for one in found}) == len(found)


@pytest.mark.parametrize("words", ["", "?!…", "blabla xyz", "con mèo ăn cá", "giá vàng hôm nay", "bóng đá world cup", "anh cấp em"])
def test_senseless_words_find_nothing(library: Library, words: str) -> None:
    assert find_passages(library, words) == []


def test_long_passage_is_quoted_around_the_words(library: Library) -> None:
    paragraph = next(iter(library.catalogue.paragraphs.values()))
    filler = "Câu này nói về việc khác và dài vừa đủ để đẩy phần cần tìm ra xa. "
    text = filler * 9 + "Tỉnh đầu tư hạ tầng số cho 128 xã. " + filler * 9
    content, _ = read_content("hạ tầng số", library.terms)
    found = _quoted(library.terms, content, replace(paragraph, text=text))
    assert found.quote.startswith("Tỉnh đầu tư") and found.quote.endswith(".") and marked(found) == ["hạ tầng số"]
    # One endless word is still no reason to say more than fits.
    assert len(_quoted(library.terms, content, replace(paragraph, text="hạ tầng số " + "x" * 3000)).quote) <= 400


async def test_pages_are_turned_by_number_however_long_the_words(assistant: Assistant) -> None:
    first = await say(assistant, FOCAL_POINT, "/timkiem " + "doanh nghiệp công nghệ số " * 3)
    assert first.text.count("Nguồn:") == 3 and len(first.text) < 1700
    seen = await walk(assistant, FOCAL_POINT, "tìm 1 trang 1", stem="tìm")
    pages = int(re.findall(r"1/(\d+)", " ".join(one.label for row in first.actions for one in row))[0])
    assert len(seen) == pages and seen["tìm 1 trang 1"] == first
    assert all(bold_words(one) for one in seen.values())
    (inquiry,) = await rows_of(assistant.database, Inquiry)
    assert (inquiry.kind, inquiry.answered, len(inquiry.citations)) == ("search", True, 3)
    assert inquiry.citations[0].quote in first.text and inquiry.answer == first.text
    assert [one.action for one in await rows_of(assistant.database, AuditEntry)] == ["turn"] * pages


def bold_words(message: Message) -> list[str]:
    return [span.text for one in message.paragraphs if one.is_quote for span in one.spans if span.style is Style.BOLD]


async def test_a_page_that_does_not_exist_gets_the_nearest(assistant: Assistant) -> None:
    await say(assistant, FOCAL_POINT, "/timkiem hạ tầng số")
    for asked in (0, 99):
        assert "Danh sách chỉ có" in (await say(assistant, FOCAL_POINT, f"tìm 1 trang {asked}")).text
    assert "Không thấy" in (await say(assistant, FOCAL_POINT, "tìm 77 trang 2")).text


async def test_anothers_search_is_not_shown(assistant: Assistant) -> None:
    await say(assistant, FOCAL_POINT, "/timkiem hạ tầng số")
    assert "Không thấy câu hỏi số 1" in (await say(assistant, LEADER, "tìm 1 trang 2")).text


async def test_nothing_found_offers_to_ask_and_the_bare_command_explains(assistant: Assistant, empty_assistant: Assistant) -> None:
    for text in ("/timkiem blabla", "/timkiem ?!…", "/timkiem " + "xyz " * 1250):
        nothing = await say(assistant, FOCAL_POINT, text)
        assert "Không thấy đoạn nào" in nothing.text and commands(nothing) and len(nothing.text) < 300
    how = await say(assistant, FOCAL_POINT, "/timkiem")
    assert "hạ tầng số" in how.text
    assert "Nguồn:" in (await say(assistant, FOCAL_POINT, commands(how)[0])).text
    assert "Không thấy đoạn nào" in (await say(empty_assistant, FOCAL_POINT, "/timkiem hạ tầng số")).text


async def test_search_is_marked_in_bold_and_turned_in_place(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    first = await official.write("/timkiem ha tang <so>")
    assert "Tìm «ha tang <so>»" in first and "<b>hạ tầng số</b>" in official.shown()[-1].html.lower()
    await official.press("▶")
    await world.until(lambda: official.buttons[0] == "◀")
    assert len(official.shown()) == official.seen and official.shown()[-1].text != first


async def test_search_in_a_group_is_turned_by_whoever_has_searched(telegram_world: TelegramWorld) -> None:
    telegram = telegram_world.telegram
    member = telegram_world.chat(101, chat_id=-500)
    await member.write(f"/timkiem@{telegram.username} hạ tầng số")
    shown = member.shown()[-1]
    telegram.tap(102, shown.message_id, shown.buttons[0][-1][1], chat_id=-500)
    await telegram.until(lambda: "Chỉ người đã hỏi" in str(list(telegram.answered.values())))
