"""Retrieval measured: how often the passage that answers a question comes first, among the first ten, at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.encoder import Encoder
from knowledge.index import DENSE_WEIGHT, SearchIndex
from knowledge.text import fold

DEPTH = 100

# (question, k) → the k best passage ids, best first.
Search = Callable[[str, int], Sequence[int]]
# Passages (id, text) → a search over them.
IndexFactory = Callable[[Sequence[tuple[int, str]]], Search]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Passages (title and text as one), questions, and the ids of the passages that answer each question."""

    passages: tuple[tuple[int, str], ...]
    questions: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the questions, each 0–1. Acc@k: a relevant passage is among the first k; MRR@10: 1 / rank of the
    first relevant passage, 0 beyond rank 10; Recall@100: share of the relevant passages among the first 100."""

    acc1: float
    acc10: float
    mrr10: float
    recall100: float

    def __str__(self) -> str:
        return f"Acc@1 {self.acc1:.1%}, Acc@10 {self.acc10:.1%}, MRR@10 {self.mrr10:.1%}, Recall@100 {self.recall100:.1%}"


def read_retrieval_set(folder: Path) -> RetrievalSet:
    """Reads passages.jsonl {id, title, text}, queries.jsonl {id, text} and qrels.jsonl {qid, pid}.

    Questions without a relevant passage are left out. Raises FileNotFoundError; ValueError when a line is no such
    object, when qrels name an unknown passage, or when nothing is left to ask.
    """
    numbers: dict[str, int] = {}
    passages = []
    for line in _lines(folder / "passages.jsonl", ("id", "text")):
        number = numbers.setdefault(str(line["id"]), len(numbers))
        passages.append((number, f"{line.get('title') or ''} {line['text']}".strip()))
    relevant: dict[str, set[int]] = {}
    for line in _lines(folder / "qrels.jsonl", ("qid", "pid")):
        if str(line["pid"]) not in numbers:
            raise ValueError(f"{folder / 'qrels.jsonl'}: no passage {line['pid']!r}")
        relevant.setdefault(str(line["qid"]), set()).add(numbers[str(line["pid"])])
    asked = [line for line in _lines(folder / "queries.jsonl", ("id", "text")) if str(line["id"]) in relevant]
    if not asked:
        raise ValueError(f"{folder}: no question has a relevant passage")
    return RetrievalSet(
        passages=tuple(passages),
        questions=tuple(str(line["text"]) for line in asked),
        relevant=tuple(frozenset(relevant[str(line["id"])]) for line in asked),
    )


def evaluate_retrieval(folder: Path, index_factory: IndexFactory) -> Scores:
    """Scores of the search that the factory makes of the folder's passages. Raises as `read_retrieval_set`."""
    kept = read_retrieval_set(folder)
    return score_search(index_factory(kept.passages), kept.questions, kept.relevant)


def score_search(search: Search, questions: Sequence[str], relevant: Sequence[frozenset[int]]) -> Scores:
    """Asks every question and compares what is found with the passages that answer it."""
    acc1 = acc10 = mrr10 = recall100 = 0.0
    for question, wanted in zip(questions, relevant, strict=True):
        ranks = [rank for rank, found in enumerate(search(question, DEPTH), start=1) if found in wanted]
        recall100 += len(ranks) / len(wanted)
        if ranks:
            acc1 += ranks[0] == 1
            acc10 += ranks[0] <= 10
            mrr10 += 1 / ranks[0] if ranks[0] <= 10 else 0
    count = max(len(questions), 1)
    return Scores(acc1 / count, acc10 / count, mrr10 / count, recall100 / count)


def fused_search(encoder: Encoder) -> IndexFactory:
    """The search that answers questions, as a factory for `evaluate_retrieval`."""

    def build(passages: Sequence[tuple[int, str]]) -> Search:
        index = SearchIndex.build(passages, encoder)
        return lambda question, k: [hit.id for hit in index.search(question, k)]

    return build


def compare_searches(folder: Path, encoder: Encoder) -> Iterator[tuple[str, str, Scores]]:
    """(search, spelling, scores) for BM25, vectors and both, of questions as written and with their marks removed.

    Raises as `read_retrieval_set`.
    """
    kept = read_retrieval_set(folder)
    index = SearchIndex.build(kept.passages, encoder)
    unmarked = tuple(map(fold, kept.questions))
    for name, weight in (("lexical", 0.0), ("dense", 1.0), ("hybrid", DENSE_WEIGHT)):
        index.dense_weight = weight
        for spelling, questions in (("as written", kept.questions), ("no marks", unmarked)):
            yield name, spelling, score_search(lambda question, k: [hit.id for hit in index.search(question, k)], questions, kept.relevant)


def _lines(path: Path, needed: Sequence[str]) -> Iterator[Mapping[str, object]]:
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                line = json.loads(text)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path}:{number}: not JSON") from error
            if not isinstance(line, dict) or any(key not in line for key in needed):
                raise ValueError(f"{path}:{number}: needs {', '.join(needed)}")
            yield line
