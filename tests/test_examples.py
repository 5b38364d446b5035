"""The questions shown to whoever does not know what to ask: of the documents in force, and answered well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers import wording
from handlers.call import Assistant
from handlers.documents import SAMPLES
from knowledge.answer import AnswerKind, Library
from knowledge.answering import answer
from knowledge.catalogue import Catalogue
from knowledge.examples import examples_of
from tests.libraries import CORPUS, library_of
from tests.speaking import commands, say
from tests.worlds import FOCAL_POINT, World


@pytest.mark.parametrize("folder", [CORPUS, SAMPLES], ids=["corpus", "digest"])
def test_examples_are_answered_as_they_should_be(folder: object) -> None:
    library = library_of(CORPUS if folder == CORPUS else SAMPLES)
    found = examples_of(library)
    kinds = [answer(library, one)[0].kind for one in found]
    assert kinds == [AnswerKind.TARGET, AnswerKind.ASSIGNMENT, AnswerKind.DEADLINE]
    assert all(answer(library, one)[0].answered and len(one) <= 40 and len(one.encode()) <= 64 for one in found)
    assert examples_of(replace(library, examples=None)) == found


def test_documents_without_deadlines_show_a_result_and_empty_ones_nothing(library: Library) -> None:
    whole = library.catalogue
    held = replace(library, examples=None, catalogue=_without_assignments(whole))
    kinds = [answer(held, one)[0].kind for one in examples_of(held)]
    assert AnswerKind.RESULT in kinds and AnswerKind.DEADLINE not in kinds
    assert examples_of(replace(library, examples=None, catalogue=Catalogue([], []))) == ()


def _without_assignments(whole: Catalogue) -> Catalogue:
    facts = (whole.targets, whole.results, (), whole.relations, whole.abbreviations)
    return Catalogue(whole.documents.values(), whole.passages.values(), *facts)


async def test_start_help_and_the_bare_command_show_them(assistant: Assistant, library: Library, empty_assistant: Assistant) -> None:
    for text in ("/start", "/trogiup", "/hoi"):
        assert commands(await say(assistant, FOCAL_POINT, text)) == list(examples_of(library))
    assert commands(await say(empty_assistant, FOCAL_POINT, "/start")) == list(wording.EXAMPLES)


async def test_linking_says_them_and_so_does_a_first_answer_that_found_nothing(world: World) -> None:
    official = world.chat(101)
    linked = await official.share_phone(f"+84{FOCAL_POINT[1:]}")
    assert "• chỉ tiêu sóng 5G phủ dân số năm 2027?" in linked
    stranger = world.chat(102)
    first = await stranger.write("giá vàng hôm nay bao nhiêu?")
    assert "Có thể hỏi tiếp:" in first and len(stranger.buttons) == 4
    # What was tapped goes, the others stay; later answers have none.
    assert "Việc của Sở Nội vụ" in await stranger.press("được giao việc gì", replies=1)
    assert "Có thể hỏi tiếp" not in stranger.shown()[-1].text
    assert not any("hạn" in one for one in stranger.buttons)
