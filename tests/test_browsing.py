"""Browsing the targets: every button leads somewhere, every figure stands beside its name, nothing asked for breaks it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.audit import AuditEntry
from db.conversations import Inquiry
from db.documents import DocumentState, list_documents
from db.messages import COMMAND_BYTES
from handlers.browsing import _groups
from handlers.call import Assistant
from handlers.paging import page_of, shorten
from knowledge.answer import Library
from knowledge.browsing import NO_YEAR, find_places, lay_out
from knowledge.catalogue import Catalogue
from knowledge.wording import figure_words
from tests.speaking import commands, say, walk
from tests.telegram_bot import rows_of
from tests.worlds import FOCAL_POINT, World


async def test_every_button_leads_somewhere_and_every_target_is_reached(assistant: Assistant, library: Library) -> None:
    seen = await walk(assistant, FOCAL_POINT, "/chitieu", stem="/chitieu")
    opened = {command: message for command, message in seen.items() if "đúng" in " ".join(commands(message))}
    assert len(opened) == len(library.catalogue.targets)
    assert all("Nguồn:" in message.text and len(message.text) < 1000 for message in seen.values())
    assert not any("Không có" in message.text for message in seen.values())
    assert all(len(command.encode()) <= COMMAND_BYTES for command in seen)
    # A question each, and no audit row for those.
    assert len(await rows_of(assistant.database, Inquiry)) == len(opened)
    assert len(await rows_of(assistant.database, AuditEntry)) == len(seen) - len(opened)


async def test_what_is_opened_is_what_was_listed(assistant: Assistant, library: Library) -> None:
    for horizon, groups in lay_out(library).items():
        for group in groups[:2]:
            for number, held in enumerate(group.targets, 1):
                answer = await say(assistant, FOCAL_POINT, f"/chitieu {horizon or 'khác'} {group.number} {number}")
                assert held.fact.indicator in answer.text and held.fact.quote in answer.text
                assert not held.fact.quantified or figure_words(held.fact) in answer.text


async def test_horizons_tell_how_many_and_groups_what_they_are(assistant: Assistant) -> None:
    horizons = await say(assistant, FOCAL_POINT, "/chitieu")
    labels = [one.label for row in horizons.actions for one in row]
    assert labels == ["2026 · 1", "2027 · 20", "2028 · 1", "2030 · 20"]
    assert "(42)" in horizons.text and "đang được rà soát" in horizons.text
    groups = await say(assistant, FOCAL_POINT, "/chitieu 2030")
    assert groups.actions[0][0].label == "1. Hạ tầng số · 3"
    assert groups.actions[-1][0].command == "/chitieu"
    # Of a single group there is nothing to choose.
    assert "↑ Nhóm" not in [one.label for row in (await say(assistant, FOCAL_POINT, "/chitieu 2028")).actions for one in row]


async def test_follow_up_goes_on_from_an_opened_target(assistant: Assistant) -> None:
    assert "65%" in (await say(assistant, FOCAL_POINT, "/chitieu 2027 1 1")).text
    assert "99%" in (await say(assistant, FOCAL_POINT, "còn 2030?")).text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/chitieu 1999", "Không có chỉ tiêu đến hết năm 1999."),
        ("/chitieu 2030 999", "Không có nhóm 999"),
        ("/chitieu 2030 0", "Không có nhóm 0"),
        ("/chitieu 2030 1 trang 0", "chỉ có 1 trang"),
        ("/chitieu 2030 1 trang 99", "chỉ có 1 trang"),
        ("/chitieu 2030 trang 99", "chỉ có 1 trang"),
        ("/chitieu 2030 1 99", "Không có chỉ tiêu ở vị trí này"),
        ("/chitieu 2030 1 0", "Không có chỉ tiêu ở vị trí này"),
        ("/chitieu khac 9 9", "Không có chỉ tiêu không gắn năm."),
        ("/chitieu <b>&amp;</b>", "Không có chỉ tiêu nào mang các từ"),
        ("/chitieu ?!…", "Không có chỉ tiêu nào mang các từ"),
        ("/chitieu " + "xyz " * 1250, "Không có chỉ tiêu nào mang các từ"),
    ],
)
async def test_a_place_that_does_not_exist_gets_the_nearest_that_does(assistant: Assistant, text: str, told: str) -> None:
    message = await say(assistant, FOCAL_POINT, text)
    assert told in message.text and message.actions and len(message.text) < 900


async def test_empty_store_says_so(empty_assistant: Assistant) -> None:
    for text in ("/chitieu", "/chitieu 2030", "/chitieu 2030 1 1", "/chitieu hạ tầng"):
        message = await say(empty_assistant, FOCAL_POINT, text)
        assert "không nêu chỉ tiêu nào" in message.text and not message.actions


async def test_words_find_targets_without_marks_and_by_their_short_form(assistant: Assistant) -> None:
    found = await say(assistant, FOCAL_POINT, "/chitieu ha tang so 2030")
    assert "Sóng 5G phủ dân số: 99% (đến hết năm 2030" in found.text and "2027" not in found.text.split("Nguồn")[0]
    assert "Hồ sơ nộp trực tuyến" in (await say(assistant, FOCAL_POINT, "/chitieu dvctt")).text
    answer = await say(assistant, FOCAL_POINT, commands(found)[0])
    assert "99%" in answer.text


async def test_pages_of_a_filter_fit_a_button_or_are_not_offered(assistant: Assistant) -> None:
    found = await say(assistant, FOCAL_POINT, "/chitieu doanh nghiệp")
    turned = [one for one in commands(found) if "trang" in one]
    assert turned and "7. " in (await say(assistant, FOCAL_POINT, turned[-1])).text
    long = await say(assistant, FOCAL_POINT, "/chitieu doanh nghiệp doanh nghiệp doanh nghiệp doanh nghiệp doanh nghiệp")
    assert "gõ ít từ hơn" in long.text and not [one for one in commands(long) if "trang" in one]


async def test_message_changes_in_place_as_one_browses(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("/chitieu")
    for label, shown in (("2030 ·", "Chọn nhóm"), ("5. ", "1. "), ("↑ Nhóm", "Chọn nhóm"), ("↑ Mốc", "Chọn mốc")):
        await official.press(label)
        await world.until(lambda: shown in official.shown()[-1].text)  # noqa: B023
    assert len(official.shown()) == official.seen
    await official.press("2027 ·")
    await world.until(lambda: "2027" in official.shown()[-1].text)
    await official.press("1. Hạ tầng số")
    await world.until(lambda: "<b>≥ 65%</b>" in official.shown()[-1].html)
    # A target is opened as an answer of its own, with its verdict, and the list stays.
    assert "65%" in await official.press("1", replies=1)
    assert official.buttons[-2:] == ["👍 Đúng", "👎 Chưa đúng"]
    await official.press("Chưa đúng", replies=1)
    (inquiry,) = await rows_of(world.database, Inquiry)
    assert inquiry.verdict is not None and "Sóng 5G phủ dân số năm 2027" in inquiry.question


async def test_list_opened_from_another_message_leaves_that_as_it_is(world: World) -> None:
    official = await world.linked(FOCAL_POINT, 101)
    await official.write("/chitieuu")
    assert "Chọn mốc" in await official.press("/chitieu", replies=1)
    assert "Có phải" in official.shown()[-2].text


async def test_documents_that_change_between_two_taps_never_lend_their_figures(assistant: Assistant) -> None:
    before = await say(assistant, FOCAL_POINT, "/chitieu 2027 1")
    assert "Sóng 5G phủ dân số: ≥ 65%" in before.text
    async with assistant.database.write() as session:
        for one in await list_documents(session):
            one.state = DocumentState.WITHDRAWN
    assistant.shelf._looked_at = 0.0  # a second later
    for command in commands(before):
        assert "không nêu chỉ tiêu nào" in (await say(assistant, FOCAL_POINT, command)).text


def test_replaced_documents_have_no_place_and_what_names_no_year_comes_last(library: Library) -> None:
    replaced = [replace(one, superseded_by="9/KH-UBND") for one in library.catalogue.documents.values()]
    assert lay_out(_of(library, Catalogue(replaced, library.catalogue.passages.values(), library.catalogue.targets))) == {}
    held = [replace(one, fact=replace(one.fact, horizon_year=None)) if at == 0 else one for at, one in enumerate(library.catalogue.targets)]
    layout = lay_out(_of(library, Catalogue(library.catalogue.documents.values(), library.catalogue.passages.values(), held)))
    assert list(layout)[-1] == NO_YEAR and sum(len(one.targets) for one in layout[NO_YEAR]) == 1


def test_groups_of_several_documents_are_told_apart(library: Library) -> None:
    documents = list(library.catalogue.documents.values())
    plan = next(one for one in documents if one.number)
    other = replace(plan, id=99, number="7/KH-UBND", issued_on="2026-08-01")
    passages = [*library.catalogue.passages.values()]
    passages += [replace(one, id=one.id + 10_000, document=99) for one in passages if one.document == plan.id]
    targets = [*library.catalogue.targets, *(replace(one, document=99) for one in library.catalogue.targets)]
    two = _of(library, Catalogue([*documents, other], passages, targets))
    groups = lay_out(two)[2030]
    assert [one.document.number for one in groups] == ["7/KH-UBND"] * 7 + ["128/KH-UBND"] * 7
    message = _groups(two, 2030, 1)
    assert "nhóm 1–7: Kế hoạch 7/KH-UBND" in message.text and "nhóm 8–10: Kế hoạch 128/KH-UBND" in message.text
    assert [one.label for one in message.actions[-2]] == ["1/2", "▶"]
    assert {one.group.document.number for one in find_places(two, "sóng 5g 2030")} == {"7/KH-UBND", "128/KH-UBND"}


def _of(library: Library, catalogue: Catalogue) -> Library:
    return replace(library, catalogue=catalogue)


@pytest.mark.parametrize(("asked", "number", "first"), [(1, 1, 1), (2, 2, 7), (3, 3, 13), (0, 1, 1), (99, 3, 13)])
def test_page_is_the_one_asked_or_the_nearest(asked: int, number: int, first: int) -> None:
    page = page_of(range(14), asked, size=6)
    assert (page.number, page.count, page.first, page.is_other) == (number, 3, first, asked != number)
    assert page_of([], 5, size=6).items == ()


def test_names_are_cut_after_a_word() -> None:
    assert shorten("Phát triển hệ sinh thái đổi mới", 20) == "Phát triển hệ sinh…"
    assert shorten("Hạ tầng", 20) == "Hạ tầng"
