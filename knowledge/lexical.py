"""BM25 over syllables and pairs of syllables, in two spellings: as typed, and with the marks folded away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from knowledge.text import fold, has_marks, normalise, syllables

# Lucene's BM25 with the defaults of bm25s, which the published figures of docs/search.md were taken with.
K1, B = 1.5, 0.75
# Share of the folded score in a query typed with marks, so that one wrong mark does not lose the passage; from
# alqac22 with marks damaged in 30% of the syllables (docs/search.md).
FOLDED_SHARE = 0.4

Ids = NDArray[np.int64]
Keys = NDArray[np.uint64]
Scores = NDArray[np.float32]

_PAIR = np.uint64(0x9E3779B97F4A7C15)
# «hoà» and «hòa», «quí» and «quý» are one syllable in two orthographies; both are common in official writing.
_TONE_ON_LAST = {f"{first}{last}": f"{toned}{plain}" for first, lasts, toneds in (
    ("o", "àáảãạ", "òóỏõọ"), ("o", "èéẻẽẹ", "òóỏõọ"), ("u", "ỳýỷỹỵ", "ùúủũụ"))
    for last, toned in zip(lasts, toneds, strict=True) for plain in [fold(last)]}  # fmt: skip
_TONE = re.compile(rf"(?<!q)({'|'.join(_TONE_ON_LAST)})$")
_FINAL_Y = re.compile(r"^(h|k|l|m|s|t|qu)([yỳýỷỹỵ])$")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")


def one_spelling(syllable: str) -> str:
    """A lower-case syllable in the one spelling that the index keeps: «hoà» → «hòa», «quý» → «quí»."""
    if final_y := _FINAL_Y.match(syllable):
        return final_y[1] + final_y[2].translate(_Y_TO_I)
    return _TONE.sub(lambda found: _TONE_ON_LAST[found[1]], syllable)


@dataclass(frozen=True, slots=True)
class _Postings:
    """Rows of the passages that hold a term, with the term's BM25 weight there, as compressed rows of a matrix.

    keys: (terms,) sorted hashes of the terms; starts: (terms + 1,); rows, weights: (postings,).
    """

    keys: Keys
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: Scores

    @classmethod
    def build(cls, passages: list[Keys]) -> _Postings:
        """From the terms of every passage, repeated as often as they occur."""
        count = max(len(passages), 1)
        lengths = np.array([len(terms) for terms in passages], dtype=np.int64)
        keys, term = np.unique(np.concatenate([*passages, np.empty(0, np.uint64)]), return_inverse=True)
        pairs, frequency = np.unique(term * count + np.repeat(np.arange(len(passages)), lengths), return_counts=True)
        term, row = np.divmod(pairs, count)
        in_passages = np.bincount(term, minlength=len(keys))
        rarity = np.log1p((len(passages) - in_passages + 0.5) / (in_passages + 0.5))
        length = 1 - B + B * lengths / max(lengths.mean(), 1.0) if len(passages) else lengths.astype(float)
        weights = rarity[term] * frequency / (frequency + K1 * length[row])
        starts = np.concatenate([[0], np.cumsum(in_passages)])
        return cls(keys, starts.astype(np.int64), row.astype(np.int32), weights.astype(np.float32))

    def scores(self, terms: Keys, passages: int) -> Scores:
        """(passages,) BM25 of the query's terms; a term said twice counts twice."""
        places = np.minimum(np.searchsorted(self.keys, terms), max(len(self.keys) - 1, 0))
        found = [slice(self.starts[at], self.starts[at + 1]) for at in places[self.keys[places] == terms]] if len(self.keys) else []
        if not found:
            return np.zeros(passages, dtype=np.float32)
        rows = np.concatenate([self.rows[span] for span in found])
        weights = np.concatenate([self.weights[span] for span in found])
        return np.bincount(rows, weights, minlength=passages).astype(np.float32)


class LexicalIndex:
    """BM25 scores of passages for a query, keyed by passage id.

    Own arrays instead of bm25s: its import costs 0.26 s (it pulls scipy) and its vocabulary of pairs is a Python dict;
    here terms are sorted 64-bit hashes, so that an index of 10,000 passages loads in milliseconds.
    """

    def __init__(self, ids: Ids, typed: _Postings, folded: _Postings) -> None:
        self.ids = ids
        self._typed = typed
        self._folded = folded

    @classmethod
    def build(cls, passages: Iterable[tuple[int, str]]) -> LexicalIndex:
        """From (passage id, text)."""
        hashes = _Hashes()
        ids: list[int] = []
        typed: list[Keys] = []
        folded: list[Keys] = []
        for passage_id, text in passages:
            ids.append(passage_id)
            as_typed, without_marks = _terms(text, hashes)
            typed.append(as_typed)
            folded.append(without_marks)
        return cls(np.array(ids, dtype=np.int64), _Postings.build(typed), _Postings.build(folded))

    def scores(self, query: str) -> Scores:
        """BM25 of every passage, in the order of `ids`; zero where no word is shared.

        «chi tieu 5g» is scored without marks on both sides; «chỉ tiêu 5G» by its marks, and partly without them.
        """
        as_typed, without_marks = _terms(query, _Hashes())
        folded = self._folded.scores(without_marks, len(self.ids))
        if not has_marks(query):
            return folded
        typed = self._typed.scores(as_typed, len(self.ids))
        return np.float32(FOLDED_SHARE) * folded + np.float32(1 - FOLDED_SHARE) * typed

    def search(self, query: str, k: int) -> list[tuple[int, float]]:
        """The k best (passage id, BM25), best first; passages that share no word are left out."""
        scores = self.scores(query)
        best = top(scores, k)
        return [(int(self.ids[row]), float(scores[row])) for row in best if scores[row] > 0]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All there is to keep, by name; `from_arrays` takes it back."""
        kept: dict[str, NDArray[np.generic]] = {"ids": self.ids}
        for spelling, postings in (("typed", self._typed), ("folded", self._folded)):
            for part in _Postings.__slots__:
                kept[f"{spelling}.{part}"] = getattr(postings, part)
        return kept

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> LexicalIndex:
        """The index whose `arrays` these are. Raises KeyError when one is missing."""
        typed, folded = (
            _Postings(**{part: arrays[f"{spelling}.{part}"] for part in _Postings.__slots__})  # type: ignore[arg-type]
            for spelling in ("typed", "folded")
        )
        return cls(arrays["ids"].astype(np.int64, copy=False), typed, folded)


def top(scores: Scores, k: int) -> NDArray[np.intp]:
    """Rows of the k highest scores, best first; equal scores in the order of the rows."""
    if k < len(scores):
        floor = np.partition(scores, len(scores) - k)[len(scores) - k]
        rows = np.flatnonzero(scores >= floor)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")][:k]


class _Hashes(dict[str, tuple[int, int]]):
    """Syllable → 64-bit hashes of it in its one spelling, and of that without marks; each is computed once."""

    def __missing__(self, syllable: str) -> tuple[int, int]:
        word = one_spelling(syllable)
        typed, folded = (int.from_bytes(blake2b(form.encode(), digest_size=8).digest(), "little") for form in (word, fold(word)))
        self[syllable] = typed, folded
        return typed, folded


def _terms(text: str, hashes: _Hashes) -> tuple[Keys, Keys]:
    """Terms of a text as typed and folded: its syllables, then its pairs of neighbouring syllables."""
    found = [hashes[syllable] for syllable in syllables(normalise(text))]
    typed, folded = np.array(found, dtype=np.uint64).reshape(-1, 2).T
    return _with_pairs(typed), _with_pairs(folded)


def _with_pairs(single: Keys) -> Keys:
    return np.concatenate([single, single[:-1] * _PAIR ^ single[1:]])
