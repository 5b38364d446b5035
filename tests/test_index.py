"""Search over passages: what is found, what is kept on disk, and when it is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from knowledge.encoder import Encoder, Vectors, load_encoder
from knowledge.index import IndexStale, SearchIndex, fingerprint, fuse
from knowledge.text import fold, syllables

PASSAGES = [
    (9_000_000_000, "Tỉnh Hòa Giang phủ sóng di động 5G tới 70% dân số năm 2030."),
    (11, "Sở Y tế nối dữ liệu khám bệnh của các trạm y tế xã trong năm 2027."),
    (25, "Người dân nộp hồ sơ trực tuyến, không phải nộp lại giấy tờ đã số hóa."),
    (33, "Các trạm y tế xã có đường truyền riêng; mỗi trạm một máy chủ."),
]


class WordEncoder:
    """Likeness is the share of mark-less words in common: knows nothing, needs no weights."""

    def __init__(self, name: str = "words") -> None:
        self.name = name

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in syllables(fold(text)):
                vectors[row, int.from_bytes(sha256(word.encode()).digest()[:2], "big") % 512] = 1
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
        return vectors


@pytest.fixture
def encoder() -> Encoder:
    return WordEncoder()


@pytest.fixture
def index(encoder: Encoder) -> SearchIndex:
    return SearchIndex.build(PASSAGES, encoder)


def found(index: SearchIndex, query: str, k: int = 10, allowed: set[int] | None = None) -> list[int]:
    return [hit.id for hit in index.search(query, k, allowed)]


@pytest.mark.parametrize("query", ["phủ sóng 5G", "phu song 5g", "PHỦ SÓNG 5G", "phủ song 5g"])
def test_the_passage_is_found_however_the_question_is_typed(index: SearchIndex, query: str) -> None:
    assert found(index, query)[0] == 9_000_000_000


def test_hits_come_best_first_with_the_scores_behind_them(index: SearchIndex) -> None:
    hits = index.search("trạm y tế xã có máy chủ", 3)
    assert hits[0].id == 33
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)
    assert hits[0].lexical > hits[1].lexical > 0
    assert hits[0].dense == pytest.approx(7 / np.sqrt(7 * 13), abs=0.1)


def test_a_passage_without_a_shared_word_can_win_by_its_vector() -> None:
    class Synonyms(WordEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            return super().encode([text.replace("bệnh viện", "cơ sở khám chữa bệnh") for text in texts])

    index = SearchIndex.build([(1, "Hồ chứa nước được đắp cao"), (2, "Cơ sở khám chữa bệnh được xây"), (3, "Đường sắt")], Synonyms())
    hits = index.search("bệnh viện", 3)
    assert hits[0].id == 2


def test_only_allowed_passages_are_found(index: SearchIndex) -> None:
    assert found(index, "trạm y tế xã", allowed={25, 11}) == [11, 25]
    assert found(index, "trạm y tế xã", allowed={999}) == found(index, "trạm y tế xã", allowed=set()) == []


def test_allowed_passages_are_found_behind_many_better_ones(encoder: Encoder) -> None:
    better = [(number, f"phủ sóng 5G ở xã {number}") for number in range(1500)]
    index = SearchIndex.build([*better, (5000, "sóng biển cao"), (5001, "nộp thuế")], encoder)
    assert found(index, "phủ sóng 5G ở xã", 5, {5000, 5001}) == [5000, 5001]


def test_at_most_k_are_found(index: SearchIndex) -> None:
    assert [len(found(index, "trạm y tế", k)) for k in (0, 1, 2, 400)] == [0, 1, 2, 4]


def test_an_empty_index_or_question_is_no_error(index: SearchIndex, encoder: Encoder, tmp_path: Path) -> None:
    empty = SearchIndex.build([], encoder)
    empty.save(tmp_path)
    assert found(empty, "hồ sơ") == found(SearchIndex.load(tmp_path, encoder), "hồ sơ") == []
    assert {hit.score for hit in index.search("", 10)} == {0}


def test_weights_of_fusion_run_from_words_alone_to_vectors_alone() -> None:
    lexical = np.array([8, 4, 0], dtype=np.float32)
    dense = np.array([0.2, 0.3, 0.7], dtype=np.float32)
    np.testing.assert_allclose(fuse(lexical, dense, 0), [1, 0.5, 0])
    np.testing.assert_allclose(fuse(lexical, dense, 1), [0, 0.2, 1], atol=1e-6)
    np.testing.assert_allclose(fuse(lexical, dense, 0.5), [0.5, 0.35, 0.5], atol=1e-6)


def test_a_saved_index_finds_the_same(index: SearchIndex, encoder: Encoder, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    again = SearchIndex.load(tmp_path / "index", encoder, expected=fingerprint(encoder.name, PASSAGES))
    for query in ("trạm y tế xã", "nop ho so"):
        assert again.search(query, 4) == index.search(query, 4)
        assert again.search(query, 4, {11, 25}) == index.search(query, 4, {11, 25})


def test_an_index_of_another_encoder_is_refused(index: SearchIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    with pytest.raises(IndexStale):
        SearchIndex.load(tmp_path, WordEncoder("other words"))


def test_an_index_of_other_passages_is_refused(index: SearchIndex, encoder: Encoder, tmp_path: Path) -> None:
    index.save(tmp_path)
    with pytest.raises(IndexStale):
        SearchIndex.load(tmp_path, encoder, expected=fingerprint(encoder.name, PASSAGES[1:]))


def test_a_missing_index_is_stale(encoder: Encoder, tmp_path: Path) -> None:
    with pytest.raises(IndexStale):
        SearchIndex.load(tmp_path / "nowhere", encoder)


@pytest.mark.parametrize("left", [0, 7, 60, -1])
def test_a_broken_index_is_stale(index: SearchIndex, encoder: Encoder, tmp_path: Path, left: int) -> None:
    index.save(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(IndexStale):
        SearchIndex.load(tmp_path, encoder)


def test_a_save_broken_off_leaves_the_old_index(
    index: SearchIndex, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.save(tmp_path)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="no power"):
        broken.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no power")))
        SearchIndex.build(PASSAGES[1:], encoder).save(tmp_path)
    assert SearchIndex.load(tmp_path, encoder).fingerprint == index.fingerprint
    assert len(list(tmp_path.iterdir())) == 1


def test_a_loaded_index_outlives_its_replacement(index: SearchIndex, encoder: Encoder, tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = SearchIndex.load(tmp_path, encoder)
    SearchIndex.build([(1, "khác hẳn")] * 1, encoder).save(tmp_path)
    assert loaded.search("trạm y tế xã", 4) == index.search("trạm y tế xã", 4)
    assert len(SearchIndex.load(tmp_path, encoder)) == 1


def test_the_fingerprint_ignores_order_and_nothing_else() -> None:
    known = fingerprint("words", PASSAGES)
    assert fingerprint("words", PASSAGES[::-1]) == known
    others = [
        fingerprint("other", PASSAGES),
        fingerprint("words", PASSAGES[1:]),
        fingerprint("words", [(10, PASSAGES[0][1]), *PASSAGES[1:]]),
        fingerprint("words", [(PASSAGES[0][0], "khác"), *PASSAGES[1:]]),
    ]
    assert len({known, *others}) == 5


def test_the_bundled_encoder_lifts_what_is_said_in_other_words() -> None:
    index = SearchIndex.build(PASSAGES, load_encoder())
    assert found(index, "thủ tục hành chính qua mạng")[0] == 25


def test_searching_imports_no_torch_and_no_scipy(index: SearchIndex, tmp_path: Path) -> None:
    SearchIndex.build(PASSAGES, load_encoder()).save(tmp_path)
    code = (
        "import sys; from pathlib import Path\n"
        "from knowledge.encoder import load_encoder; from knowledge.index import SearchIndex\n"
        f"assert SearchIndex.load(Path({str(tmp_path)!r}), load_encoder()).search('phu song 5g', 1)\n"
        "print([name for name in ('torch', 'scipy', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    assert done.stdout.strip() == "[]"
