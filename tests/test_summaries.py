"""Long answers in short: what stays, what a tap brings, and that nothing is lost or cut on the way."""

from __future__ import annotations

import pytest

from db.conversations import Inquiry
from db.messages import Action
from handlers.asking import answer_message, ask
from handlers.call import Assistant
from handlers.summaries import summarise
from knowledge.answer import Answer, AnswerKind, Library
from tests.speaking import commands, say
from tests.telegram_bot import rows_of
from tests.worlds import ASKED, COORDINATOR, FOCAL_POINT, LEADER, World

LONG = "các chỉ tiêu năm 2030"
NOTICE = "Lưu ý: Kế hoạch này ban hành trước, đang được rà soát."
MORE = Action(label="Xem thêm", command="xem thêm")
RIGHT = Action(label="👍 Đúng", command="đúng 12")


def lines_of(text: str) -> list[str]:
    return summarise(answer_message(Answer(AnswerKind.TARGET, True, text), (MORE,), (RIGHT,)), 12).text.split("\n")


def test_short_answer_stays_as_it_is() -> None:
    message = answer_message(Answer(AnswerKind.TARGET, True, "Sóng 5G: 99%.\nNguồn: Kế hoạch 1\n«" + "a " * 300 + "»"), (MORE,))
    assert summarise(message, 12) == message


def test_list_keeps_its_first_lines_its_source_and_its_notice() -> None:
    items = [f"- Chỉ tiêu thứ {at} của nhóm này được nêu rõ: ≥ {at}0%" for at in range(1, 21)]
    told = lines_of("\n".join(("Các chỉ tiêu:", *items, "… và 5 mục nữa; gõ «xem thêm» để xem tiếp.", "Nguồn: Kế hoạch 1", NOTICE)))
    assert told == ["Các chỉ tiêu:", *items[:6], "Nguồn: Kế hoạch 1", NOTICE, "Còn 19 mục; bấm «Xem thêm» hoặc gõ «xem thêm 12»."]


def test_long_quotes_go_unless_they_are_the_answer() -> None:
    quote = "«" + "Tỉnh đầu tư hạ tầng số cho 128 xã. " * 11 + "»"
    claimed = lines_of("\n".join(("115 trạm; 58 trạm.", quote, "Nguồn: A", quote, "Nguồn: B")))
    assert claimed == ["115 trạm; 58 trạm.", "Nguồn: A", "Nguồn: B", "Còn 2 đoạn trích; bấm «Xem thêm» hoặc gõ «xem thêm 12»."]
    assert lines_of("\n".join((quote, "Nguồn: A", quote, "Nguồn: B")))[0] == quote


def test_headings_go_with_the_lines_below_them() -> None:
    items = [f"- Việc {at}: " + "rà soát, đánh giá việc triển khai nghị quyết tại đơn vị mình và " * 2 for at in range(9)]
    told = lines_of("\n".join(("Việc của Sở:", "Thông báo 1:", *items[:5], "Thông báo 2:", *items[5:], "Nguồn: A")))
    assert "Thông báo 1:" in told and "Thông báo 2:" not in told and told.count("Nguồn: A") == 1


@pytest.mark.parametrize("question", [LONG, "các chỉ tiêu năm 2027", "Sở Khoa học và Công nghệ được giao việc gì?"])
def test_whole_lines_only(library: Library, question: str) -> None:
    answer = ask(library, question).answer
    message = summarise(answer_message(answer), 12)
    assert set(message.text.split("\n")[:-1]) <= set(answer.text.split("\n"))
    assert len(message.text) < 800


async def test_typed_more_brings_first_the_whole_then_the_rest(assistant: Assistant) -> None:
    short = await say(assistant, FOCAL_POINT, LONG)
    assert "xem thêm 1" in commands(short) and "xem thêm" not in commands(short)
    whole = await say(assistant, FOCAL_POINT, "xem thêm 1")
    (inquiry,) = await rows_of(assistant.database, Inquiry)
    assert whole.text == inquiry.answer and set(short.text.split("\n")[:-1]) <= set(whole.text.split("\n"))
    assert "Không thấy" in (await say(assistant, LEADER, "xem thêm 1")).text
    assert "Không thấy" in (await say(assistant, FOCAL_POINT, "xem thêm 99")).text


async def test_summary_becomes_the_whole_in_place_and_its_list_goes_on(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    short = await official.write(LONG)
    assert official.buttons == ["Xem thêm", "👍 Đúng", "👎 Chưa đúng"]
    await official.press("Xem thêm")
    await world.until(lambda: len(official.shown()[-1].text) > len(short) + 300)
    (inquiry,) = await rows_of(world.database, Inquiry)
    assert official.shown()[-1].text == inquiry.answer and "mục nữa" in inquiry.answer
    assert official.buttons == ["Xem thêm", "👍 Đúng", "👎 Chưa đúng"]
    # The list goes on in a message of its own.
    further = await official.press("Xem thêm", replies=1)
    assert further.startswith("- ") and further.split("\n")[0] not in inquiry.answer


async def test_bare_more_means_the_summary_that_was_shown_last(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    short = await official.write(LONG)
    whole = await official.write("xem thêm")
    assert set(short.split("\n")[:-1]) < set(whole.split("\n"))
    further = await official.write("xem thêm")
    assert further.split("\n")[0] not in whole


async def test_report_of_a_long_answer_is_short_and_says_nothing_twice(world: World) -> None:
    coordinator, official = await world.linked(COORDINATOR, 103), await world.linked(FOCAL_POINT, 101)
    await official.write(LONG)
    await official.press("Chưa đúng", replies=1)
    report = await coordinator.replies(1)
    assert len(report) < 1400 and "hỏi lại câu trên" in report
    await official.write(ASKED)
    await official.press("Chưa đúng", replies=1)
    assert (await coordinator.replies(1)).count("Sóng 5G phủ tối thiểu 65% dân số.") == 1


async def test_what_a_first_answer_tells_besides_stays_when_it_is_shown_whole(world: World) -> None:
    stranger = world.chat(102)
    assert "trợ lý tự động" in await stranger.write(LONG)
    await stranger.press("Xem thêm")
    await world.until(lambda: "mục nữa" in stranger.shown()[-1].text)
    assert "trợ lý tự động" in stranger.shown()[-1].text and "bấm «Xem thêm»" not in stranger.shown()[-1].text
