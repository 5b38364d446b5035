"""Search over passages: BM25 and vectors, fused by weight, kept in one file under the index folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Set
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import Encoder, Vectors
from knowledge.lexical import Ids, LexicalIndex, Scores, top
from knowledge.tensors import map_tensors

if TYPE_CHECKING:
    import faiss

# Weight of the vectors against BM25, both scaled to 0–1 over the candidates; chosen on alqac22, proved on xquad_vi
# (docs/search.md). Ranks fused with equal weights lose to BM25 alone there.
DENSE_WEIGHT = 0.2
# How many of each list are fused: enough that a passage far down in one list can still win by the other.
CANDIDATES = 100

_FILE = "search.safetensors"
_FORMAT = "1"


class IndexStale(Exception):
    """The index kept in a folder is missing, unreadable, or of other passages or another encoder: build it anew."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder = folder
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found: its fused score (0–1, comparable within one search only), its BM25 (0 when no word is
    shared; grows with the query) and the cosine of its vector with the query's (−1 to 1)."""

    id: int
    score: float
    lexical: float
    dense: float


class SearchIndex:
    """BM25 and vectors of the same passages. Search is read-only and safe from several threads.

    `dense_weight` may be set to weigh the two otherwise: 0 ranks by BM25 alone, 1 by the vectors alone.
    """

    def __init__(self, lexical: LexicalIndex, dense: faiss.IndexIDMap2, encoder: Encoder, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.dense_weight = DENSE_WEIGHT
        self._lexical = lexical
        self._dense = dense
        self.encoder = encoder
        self._order = np.argsort(lexical.ids)

    @classmethod
    def build(cls, passages: Iterable[tuple[int, str]], encoder: Encoder) -> SearchIndex:
        """From (passage id, text); ids are unique."""
        kept = list(passages)
        lexical = LexicalIndex.build(kept)
        dense = _dense_index(lexical.ids, encoder.encode([text for _, text in kept]))
        return cls(lexical, dense, encoder, fingerprint(encoder.name, kept))

    def __len__(self) -> int:
        return len(self._lexical.ids)

    def search(self, query: str, k: int, allowed: Set[int] | None = None) -> list[Hit]:
        """The k best passages, best first, of those `allowed` (all when None). Empty when there is no candidate."""
        if not len(self) or k < 1:
            return []
        usable = None if allowed is None else np.isin(self._lexical.ids, np.fromiter(allowed, np.int64, len(allowed)))
        # 1. The best of each list, and for each candidate the score that the other list gives it.
        vector = self.encoder.encode([query])
        every_lexical = self._lexical.scores(query)
        wanted = max(CANDIDATES, k)
        rows = np.union1d(self._lexical_rows(every_lexical, wanted, usable), self._dense_rows(vector, wanted, usable))
        if not len(rows):
            return []
        lexical = every_lexical[rows]
        dense = self._dense.reconstruct_batch(self._lexical.ids[rows]) @ vector[0]
        # 2. Fuse.
        scores = fuse(lexical, dense, self.dense_weight)
        return [Hit(int(self._lexical.ids[rows[at]]), float(scores[at]), float(lexical[at]), float(dense[at])) for at in top(scores, k)]

    def save(self, folder: Path) -> None:
        """Writes the index into the folder; a reader sees the old one or the new one, never a half."""
        import faiss
        from safetensors.numpy import save as to_bytes

        arrays = {f"lexical.{name}": array for name, array in self._lexical.arrays().items()}
        arrays["dense"] = faiss.serialize_index(self._dense)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".search-", delete=False) as file:
            try:
                file.write(to_bytes(arrays, metadata=self._label(self.encoder.name, self.fingerprint)))
                file.flush()
                os.fsync(file.fileno())
                os.replace(file.name, folder / _FILE)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    @classmethod
    def load(cls, folder: Path, encoder: Encoder, *, expected: str | None = None) -> SearchIndex:
        """The index saved in the folder.

        Raises IndexStale when there is none, when another encoder or another release made it, or when its
        fingerprint is not the `expected` one.
        """
        import faiss

        try:
            arrays, label = map_tensors(folder / _FILE)
        except (FileNotFoundError, ValueError) as error:
            raise IndexStale(folder, "missing or unreadable") from error
        kept = label.get("fingerprint", "")
        if label != cls._label(encoder.name, kept):
            raise IndexStale(folder, "made by another encoder or release")
        if expected not in (None, kept):
            raise IndexStale(folder, "made of other passages")
        dense = cast("faiss.IndexIDMap2", faiss.deserialize_index(arrays.pop("dense").astype(np.uint8, copy=False)))
        lexical = LexicalIndex.from_arrays({name.removeprefix("lexical."): array for name, array in arrays.items()})
        return cls(lexical, dense, encoder, kept)

    @staticmethod
    def _label(encoder: str, fingerprint: str) -> dict[str, str]:
        return {"format": _FORMAT, "encoder": encoder, "fingerprint": fingerprint}

    def _lexical_rows(self, scores: Scores, wanted: int, usable: NDArray[np.bool_] | None) -> NDArray[np.intp]:
        masked = scores if usable is None else np.where(usable, scores, 0)
        best = top(masked, wanted)
        return best[masked[best] > 0]

    def _dense_rows(self, vector: Vectors, wanted: int, usable: NDArray[np.bool_] | None) -> NDArray[np.intp]:
        """Rows of the nearest passages: fetched in ever larger numbers until enough of them are usable."""
        fetch = min(wanted if usable is None else 4 * wanted, len(self))
        while True:
            _, ids = self._dense.search(vector, fetch)
            rows: NDArray[np.intp] = self._order[np.searchsorted(self._lexical.ids, ids[0], sorter=self._order)]
            if usable is not None:
                rows = rows[usable[rows]]
            if len(rows) >= wanted or fetch == len(self):
                return rows[:wanted]
            fetch = min(4 * fetch, len(self))


def fuse(lexical: Scores, dense: Scores, dense_weight: float) -> Scores:
    """(candidates,) scores 0–1: each list scaled by its own range, then the weighted mean."""
    return np.float32(1 - dense_weight) * _scaled(lexical) + np.float32(dense_weight) * _scaled(dense)


def fingerprint(encoder: str, passages: Iterable[tuple[int, str]]) -> str:
    """A digest of the encoder's name and the passages' ids and texts, in whatever order they come."""
    digest = sha256(f"{_FORMAT}\0{encoder}\0".encode())
    for passage_id, text in sorted(passages):
        digest.update(f"{passage_id}\0{text}\0".encode())
    return digest.hexdigest()


def _scaled(scores: Scores) -> Scores:
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.full_like(scores, high > 0)


def _dense_index(ids: Ids, vectors: Vectors) -> faiss.IndexIDMap2:
    import faiss

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
    index.add_with_ids(vectors, ids)
    return index
