"""Hundreds of questions as officials type them, over the invented province and over the bundled digest."""

from __future__ import annotations

import random
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handlers.documents import SAMPLES
from knowledge.text import fold
from tests.grading import Change, Grade, ask_all, read_questions
from tests.libraries import CORPUS, library_of

DIGEST = Path(__file__).parent / "digest"
SETS = {"corpus": (CORPUS, CORPUS), "digest": (DIGEST, SAMPLES)}
# Of the turns of both sets: right, and right in their clause and wording, as measured when last improved. They may only rise.
CORRECT, CLAUSE, WORDING = 0.90, 0.90, 0.94
LOST = 0.03  # at most, with the marks away or one slip in the longest word

_BESIDE = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioiosdfghjkkxcvbnmn", strict=False))


def with_a_slip(text: str) -> str:
    """One letter of the longest word dropped, doubled, swapped or struck beside."""
    longest = max(re.findall(r"[^\W\d_]+", text), key=len, default="")
    if len(longest) < 4:
        return text
    chance = random.Random(text)
    at = chance.randrange(1, len(longest) - 1)
    slips = [
        longest[:at] + longest[at + 1 :],
        longest[:at] + longest[at] + longest[at:],
        longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :],
        longest[:at] + _BESIDE.get(fold(longest[at]), "x") + longest[at + 1 :],
    ]
    return text.replace(longest, chance.choice(slips), 1)


def without_marks(text: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return plain.replace("đ", "d").replace("Đ", "D")


@cache
def questions(name: str) -> list[dict[str, Any]]:
    return read_questions(SETS[name][0] / "questions.jsonl")


@cache
def graded(change: Change | None = None) -> list[Grade]:
    return [one for name, (_, folder) in SETS.items() for one in ask_all(library_of(folder), questions(name), change or str)]


def right(grades: list[Grade]) -> float:
    return sum(not one.wrong for one in grades) / len(grades)


def explain(grades: list[Grade]) -> str:
    wrong = [f"{one.id} {one.question!r}: {', '.join(one.wrong)}" for one in grades if one.wrong]
    return f"{len(grades) - len(wrong)} of {len(grades)} right; " + "\n".join(wrong)


def test_questions_are_answered_right() -> None:
    grades = graded()
    assert right(grades) >= CORRECT, explain(grades)
    assert share([one.clause for one in grades]) >= CLAUSE
    assert share([one.wording for one in grades]) >= WORDING


def share(marks: list[bool | None]) -> float:
    told = [mark for mark in marks if mark is not None]
    return sum(told) / len(told)


@pytest.mark.parametrize("change", [without_marks, with_a_slip])
def test_marks_left_out_or_one_slip_cost_little(change: Change) -> None:
    grades = graded(change)
    assert right(grades) >= right(graded()) - LOST, explain(grades)


def test_the_unicode_form_costs_nothing() -> None:
    decomposed = graded(lambda text: unicodedata.normalize("NFD", text))
    assert [one.wrong for one in decomposed] == [one.wrong for one in graded()]


@pytest.mark.parametrize("name", SETS)
def test_every_gold_stands_in_the_documents(name: str) -> None:
    catalogue = library_of(SETS[name][1]).catalogue
    texts: dict[str, str] = {}
    for paragraph in catalogue.paragraphs.values():
        file = Path(catalogue.documents[paragraph.document].file).stem
        texts[file] = texts.get(file, "") + squeezed(f"{paragraph.marker} {paragraph.text}")
    for question in questions(name):
        for gold in question.get("turns", [question]):
            for evidence in gold.get("evidence", []):
                assert any(squeezed(evidence) in texts[document] for document in gold["documents"]), (question["id"], evidence)


def squeezed(text: str) -> str:
    return re.sub(r"[^\w%≥≤]", "", unicodedata.normalize("NFC", text)).lower()
