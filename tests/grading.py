"""Grades answers against questions with gold, as a reader would: are the facts there, in time, with the right source?

A question: {id, kind, question | turns, answerable, must_contain: groups of which each needs one alternative, documents,
clause, and the wordings a good answer repeats (comparator_any, per_year_any, as_of_any)}.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.answer import Answer, Library
from knowledge.answering import answer
from knowledge.talk import Talk
from knowledge.text import fold, normalise

_LISTING = {"comparison", "responsibility", "conflict_supersession", "followup"}
_EARLY = {"exact_target", "noisy", "paraphrase", "deadline", "result"}
_EARLY_LIMIT, _LIMIT, _LISTING_LIMIT = 350, 900, 1500
_DENIES = re.compile(r"\b(?:khong|chua) (?:he |duoc )?(?:co|neu|dat|quy dinh|tim thay|thay|ghi|de cap|xac dinh|cong bo)\b")
_WORDINGS = ("comparator_any", "per_year_any", "as_of_any")

Change = Callable[[str], str]


@dataclass(slots=True)
class Grade:
    """How one turn was answered: what is wrong with it, and whether clause and wording are right (None: not asked)."""

    id: str
    kind: str
    question: str
    text: str
    wrong: list[str] = field(default_factory=list)
    clause: bool | None = None
    wording: bool | None = None


def read_questions(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def ask_all(library: Library, questions: list[dict[str, Any]], change: Change = lambda text: text) -> Iterator[Grade]:
    """Every turn graded, the turns of one question in one talk; `change` alters what is typed (marks away, a slip)."""
    for question in questions:
        turns = question.get("turns") or [question]
        talk: Talk | None = None
        for number, gold in enumerate(turns, 1):
            found, talk = answer(library, change(gold["question"]), talk)
            identity = f"{question['id']}#{number}" if "turns" in question else question["id"]
            yield grade(Grade(identity, question["kind"], gold["question"], found.text), gold, found)


def grade(mark: Grade, gold: dict[str, Any], found: Answer) -> Grade:
    """Fill in what is wrong."""
    if len(found.text) > (_LISTING_LIMIT if mark.kind in _LISTING else _LIMIT):
        mark.wrong.append(f"{len(found.text)} characters")
    if found.answered != gold["answerable"]:
        mark.wrong.append("answered" if found.answered else "not answered")
    if not gold["answerable"]:
        if not _DENIES.search(fold(found.text)):
            mark.wrong.append("does not say that it is missing")
        return mark
    groups = gold["must_contain"]
    if not _says(groups, found.text):
        mark.wrong.append("facts missing")
    elif mark.kind in _EARLY and not _says(groups, found.text[:_EARLY_LIMIT]):
        mark.wrong.append("facts late")
    cited = [one for one in found.citations if Path(one.document.file).stem in gold["documents"]]
    if not cited:
        mark.wrong.append("document not cited")
    if gold.get("clause"):
        wanted = gold["clause"] if isinstance(gold["clause"], list) else [gold["clause"]]
        mark.clause = any(_path(one.clause)[: len(_path(clause))] == _path(clause) for one in cited for clause in wanted)
    wordings = [any(_holds(one, found.text) for one in gold[name]) for name in _WORDINGS if name in gold]
    mark.wording = all(wordings) if wordings else None
    return mark


def _says(groups: list[list[str]], text: str) -> bool:
    return all(any(_holds(one, text) for one in group) for group in groups)


def _holds(wanted: str, text: str) -> bool:
    """Whether a text holds a figure or phrase; «5%» does not stand in «15%», nor «7» in «0,7»."""
    wanted, text = _plain(wanted), _plain(text)
    before = r"(?<![\d.,])" if wanted[:1].isdigit() else ""
    after = r"(?![\d]|[.,]\d)" if wanted[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", text) is not None


def _plain(text: str) -> str:
    text = normalise(text).lower().replace(">=", "≥").replace("**", "")
    return re.sub(r"\s+", " ", re.sub(r"(\d) %", r"\1%", re.sub(r"≥\s*", "≥ ", text))).strip()


def _path(clause: str) -> list[str]:
    return [part for part in re.split(r"[.\s)]+", _plain(clause)) if part]
