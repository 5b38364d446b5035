"""What a reply is understood to mean, and that questions, doubt and negation are no reports."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator

import pytest

from handlers.replies.words import Certainty, Reply, read_reply
from knowledge.text import fold
from tests.reply_phrases import MEASURED, TUNED

MONDAY = dt.date(2026, 1, 5)


def _cases(lines: str) -> Iterator[tuple[str, Certainty, tuple[str, ...], dict[str, str]]]:
    for line in filter(None, lines.splitlines()):
        text, certainty, meanings, *more = (part.strip() for part in line.split("|"))
        fields: dict[str, str] = {}
        name = ""
        for word in more[0].split() if more else ():
            if "=" in word:
                name, _, word = word.partition("=")
                fields[name] = word
            else:
                fields[name] += f" {word}"
        yield text, Certainty[certainty.upper()], tuple(meanings.split()), fields


def _read(reply: Reply) -> dict[str, str]:
    return {
        "codes": ",".join(map(str, reply.codes)),
        "percent": "" if reply.percent is None else str(reply.percent),
        "day": reply.day.isoformat() if reply.day else "",
        "more": "" if reply.more_days is None else str(reply.more_days),
        "note": reply.note,
        "whom": reply.whom,
    }


def _differs(text: str, certainty: Certainty, meanings: tuple[str, ...], fields: dict[str, str]) -> str:
    """In what a text is read otherwise than it is meant; empty when in nothing."""
    reply = read_reply(text, MONDAY)
    read = _read(reply)
    wrong = [] if reply.certainty is certainty else [f"{reply.certainty.name} and not {certainty.name}"]
    if certainty is not Certainty.NONE:
        if meanings != tuple(one.value for one in reply.may_mean):
            wrong.append(f"{reply.may_mean}")
        wanted = {"codes": "", "percent": "", "day": "", "more": ""} | fields
        wrong += [f"{name}: {read[name]!r} and not {value!r}" for name, value in wanted.items() if read[name] != value]
    return ", ".join(wrong)


@pytest.mark.parametrize("case", list(_cases(TUNED)), ids=lambda case: case[0])
def test_reply_means_what_people_mean_by_it(case: tuple[str, Certainty, tuple[str, ...], dict[str, str]]) -> None:
    assert not _differs(*case)


def test_replies_that_no_rule_was_written_by_are_mostly_understood() -> None:
    cases = list(_cases(MEASURED))
    wrong = {case[0]: differs for case in cases if (differs := _differs(*case))}
    print(*(f"{text}: {differs}" for text, differs in wrong.items()), sep="\n")
    assert len(wrong) <= len(cases) // 5
    # What would be recorded without being asked for must not be something else than was meant.
    for text, certainty, meanings, _ in cases:
        reply = read_reply(text, MONDAY)
        if reply.certainty is Certainty.CERTAIN:
            assert certainty is not Certainty.NONE and set(meanings) >= {one.value for one in reply.may_mean}, text


@pytest.mark.parametrize("case", list(_cases(TUNED + MEASURED)), ids=lambda case: case[0])
def test_reply_is_read_the_same_however_its_letters_are_stored(case: tuple[str, Certainty, tuple[str, ...], dict[str, str]]) -> None:
    text = case[0]
    composed = read_reply(text, MONDAY)
    assert read_reply(unicodedata.normalize("NFD", text), MONDAY) == composed
    assert read_reply(text.upper(), MONDAY).may_mean == composed.may_mean


def test_typing_without_marks_makes_no_report_of_a_question() -> None:
    for text, certainty, meanings, _ in _cases(TUNED + MEASURED):
        reply = read_reply(fold(text), MONDAY)
        assert reply.certainty < Certainty.CERTAIN or set(meanings) >= {one.value for one in reply.may_mean}, text
        assert certainty is not Certainty.NONE or reply.certainty is not Certainty.CERTAIN, text
