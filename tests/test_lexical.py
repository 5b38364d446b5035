"""BM25 over Vietnamese syllables: scores as the published formula has them, and spellings that people really type."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import bm25s
import numpy as np
import pytest

from knowledge.lexical import LexicalIndex, one_spelling
from knowledge.text import syllables

PASSAGES = [
    (40, "Tỉnh Hòa Giang phủ sóng di động 5G tới 70% dân số năm 2030."),
    (11, "Sở Y tế nối dữ liệu khám bệnh của các trạm y tế xã trong năm 2027."),
    (25, "Người dân nộp hồ sơ trực tuyến, không phải nộp lại giấy tờ đã số hóa."),
    (33, "Các trạm y tế xã có đường truyền riêng; mỗi trạm một máy chủ."),
]


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return LexicalIndex.build(PASSAGES)


def found(index: LexicalIndex, query: str, k: int = 10) -> list[int]:
    return [passage_id for passage_id, _ in index.search(query, k)]


def test_scores_equal_those_of_bm25s(index: LexicalIndex) -> None:
    def with_pairs(text: str) -> list[str]:
        words = syllables(text)
        return [*words, *(f"{first} {last}" for first, last in pairwise(words))]

    markless = [(1, "tram xa nop ho so so hoa"), (2, "so 5g"), (3, "nop nop ho so, nop mai"), (4, "tinh hoa giang")]
    query = "ho so tram xa nop nop ho so"
    reference = bm25s.BM25()
    reference.index([with_pairs(text) for _, text in markless], show_progress=False)
    known = [term for term in with_pairs(query) if term in reference.vocab_dict]
    np.testing.assert_allclose(LexicalIndex.build(markless).scores(query), reference.get_scores(known), rtol=1e-5)


def test_a_question_without_marks_finds_the_marked_passage(index: LexicalIndex) -> None:
    assert found(index, "nop ho so truc tuyen")[0] == 25


def test_marks_that_were_typed_decide() -> None:
    index = LexicalIndex.build([(1, "bán má ở chợ"), (2, "bán mạ ở chợ"), (3, "bán mã ở chợ")])
    assert found(index, "mạ")[0] == 2
    assert found(index, "mã")[0] == 3


def test_marks_that_were_not_typed_do_not_decide() -> None:
    index = LexicalIndex.build([(1, "bán má ở chợ"), (2, "bán mạ ở chợ"), (3, "bán cua ở chợ")])
    scores = dict(index.search("ma", 10))
    assert scores == {1: pytest.approx(scores[2]), 2: scores[2]}


def test_one_wrong_mark_does_not_lose_the_passage(index: LexicalIndex) -> None:
    assert found(index, "đường truyến")[0] == 33


@pytest.mark.parametrize(("typed", "printed"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("quí", "quý"), ("tỷ", "tỉ"), ("kỹ", "kĩ")])
def test_both_orthographies_are_one_syllable(typed: str, printed: str) -> None:
    assert one_spelling(typed) == one_spelling(printed)


@pytest.mark.parametrize(("one", "other"), [("quý", "quỹ"), ("tay", "tai"), ("thúy", "thuế"), ("ký", "kỳ"), ("quy", "qua")])
def test_other_syllables_stay_apart(one: str, other: str) -> None:
    assert one_spelling(one) != one_spelling(other)


def test_pairs_count_more_than_the_same_words_apart() -> None:
    index = LexicalIndex.build([(1, "sơ bộ về hồ nước"), (2, "hồ sơ về nước bộ"), (3, "việc khác hẳn")])
    assert found(index, "hồ sơ")[0] == 2


def test_decomposed_text_is_the_same_text(index: LexicalIndex) -> None:
    query = "số hóa giấy tờ"
    np.testing.assert_array_equal(index.scores(unicodedata.normalize("NFD", query)), index.scores(query))


def test_passages_without_a_shared_word_are_not_found(index: LexicalIndex) -> None:
    assert found(index, "5G") == [40]
    assert found(index, "vũ trụ") == []


def test_nothing_to_ask_or_to_find_is_no_error(index: LexicalIndex) -> None:
    assert found(index, "") == found(index, "!?") == found(LexicalIndex.build([]), "hồ sơ") == []
    assert found(LexicalIndex.build([(5, "")]), "hồ sơ") == []


def test_arrays_hold_all_of_it(index: LexicalIndex) -> None:
    again = LexicalIndex.from_arrays(index.arrays())
    for query in ("trạm y tế xã", "tram y te"):
        assert again.search(query, 3) == index.search(query, 3)
