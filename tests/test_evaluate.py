"""Retrieval figures: computed as defined, on sets read as documented."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from knowledge.encoder import load_encoder
from knowledge.evaluate import Scores, compare_searches, evaluate_retrieval, fused_search, read_retrieval_set, score_search

Lines = Sequence[Mapping[str, object]]
PASSAGES: Lines = [
    {"id": "k1", "title": "Phủ sóng", "text": "Tỉnh Hòa Giang phủ sóng 5G tới 70% dân số."},
    {"id": "k2", "title": "", "text": "Sở Y tế nối dữ liệu khám bệnh của các trạm y tế xã."},
    {"id": "k3", "text": "Người dân nộp hồ sơ trực tuyến, không nộp lại giấy tờ."},
]
QUESTIONS: Lines = [{"id": 1, "text": "Phủ sóng 5G tới đâu?"}, {"id": 2, "text": "Nộp hồ sơ ở đâu?"}, {"id": 3, "text": "Ai hỏi?"}]
ANSWERS: Lines = [{"qid": 1, "pid": "k1"}, {"qid": 2, "pid": "k3"}]


def write_set(folder: Path, passages: Lines = PASSAGES, questions: Lines = QUESTIONS, answers: Lines = ANSWERS) -> Path:
    for name, lines in (("passages", passages), ("queries", questions), ("qrels", answers)):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (folder / f"{name}.jsonl").write_text(text + "\n\n", encoding="utf-8")
    return folder


def test_title_and_text_are_one_passage_and_unanswered_questions_are_left_out(tmp_path: Path) -> None:
    kept = read_retrieval_set(write_set(tmp_path))
    assert kept.passages[0] == (0, "Phủ sóng Tỉnh Hòa Giang phủ sóng 5G tới 70% dân số.")
    assert kept.questions == ("Phủ sóng 5G tới đâu?", "Nộp hồ sơ ở đâu?")
    assert kept.relevant == (frozenset({0}), frozenset({2}))


def test_scores_follow_the_rank_of_the_answer() -> None:
    rank_of_answer = {"first": 1, "fourth": 4, "eleventh": 11, "never": 500}

    def search(question: str, k: int) -> list[int]:
        return [7 if rank == rank_of_answer[question] else 100 + rank for rank in range(1, k + 1)]

    scores = score_search(search, list(rank_of_answer), [frozenset({7})] * 4)
    assert scores == Scores(acc1=0.25, acc10=0.5, mrr10=(1 + 1 / 4) / 4, recall100=0.75)


def test_several_answers_count_the_first_and_the_share_found() -> None:
    scores = score_search(lambda question, k: [5, 1, 2], ["?"], [frozenset({1, 2, 3, 4})])
    assert scores == Scores(acc1=0, acc10=1, mrr10=0.5, recall100=0.5)


def test_the_search_that_answers_questions_is_measured(tmp_path: Path) -> None:
    scores = evaluate_retrieval(write_set(tmp_path), fused_search(load_encoder()))
    assert scores == Scores(1, 1, 1, 1)


def test_every_search_is_compared_with_and_without_marks(tmp_path: Path) -> None:
    compared = list(compare_searches(write_set(tmp_path), load_encoder()))
    assert [(search, spelling) for search, spelling, _ in compared] == [
        (search, spelling) for search in ("lexical", "dense", "hybrid") for spelling in ("as written", "no marks")
    ]
    assert compared[0][2] == compared[1][2] == Scores(1, 1, 1, 1)


@pytest.mark.parametrize(
    "broken",
    [
        {"answers": [{"qid": 1, "pid": "k9"}]},
        {"answers": [{"qid": 9, "pid": "k1"}]},
        {"answers": []},
        {"passages": [{"id": "k1"}]},
        {"questions": [{"text": "không có số"}]},
    ],
)
def test_a_set_that_cannot_be_measured_is_refused(tmp_path: Path, broken: dict[str, Lines]) -> None:
    with pytest.raises(ValueError, match=r"jsonl|no question"):
        read_retrieval_set(write_set(tmp_path, **broken))


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (write_set(tmp_path) / "queries.jsonl").write_text('{"id": 1, "text": "a"}\n{oops\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"queries\.jsonl:2"):
        read_retrieval_set(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_set(tmp_path) / "qrels.jsonl").unlink()
    with pytest.raises(FileNotFoundError, match="qrels"):
        read_retrieval_set(tmp_path)
