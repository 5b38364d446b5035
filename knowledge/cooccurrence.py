"""Token vectors to start training from: tokens that keep the same company in the corpus get similar ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.text import fold

# Tokens this near to each other keep company.
WINDOW = 6
# Context distribution smoothing of Levy, Goldberg & Dagan 2015.
_SMOOTHING = 0.75
# Frequent tokens say less: weight a / (a + frequency) of Arora, Liang & Ma 2017.
_RARITY = 1e-3


def start_vectors(texts: Sequence[NDArray[np.int64]], tokenizer: Tokenizer, dimension: int, seed: int) -> NDArray[np.float32]:
    """(tokens, dimension) vectors: positive pointwise mutual information of neighbours, reduced by SVD.

    Levy, Goldberg & Dagan 2015, «Improving distributional similarity with lessons learned from word embeddings». A
    token that no text holds, such as «▁ho▁so», gets the mean of those that it is the mark-less form of.
    """
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.utils.extmath import randomized_svd  # type: ignore[import-untyped]

    size = tokenizer.get_vocab_size()
    frequency = np.bincount(np.concatenate(texts), minlength=size).astype(np.float64)
    together = csr_matrix((size, size), dtype=np.float32)
    for some in range(0, len(texts), 25_000):
        first, second = _neighbours(texts[some : some + 25_000])
        together += csr_matrix((np.ones(len(first), dtype=np.float32), (first, second)), shape=(size, size))
    together = (together + together.T).tocoo()
    company = np.asarray(together.sum(axis=1)).ravel()
    context = company**_SMOOTHING
    context /= max(context.sum(), 1)
    often = together.data > 1
    rows, columns = together.row[often], together.col[often]
    information = np.log(together.data[often] / (company[rows] * context[columns]))
    positive = information > 0
    matrix = csr_matrix((information[positive], (rows[positive], columns[positive])), shape=(size, size))
    left, strength, _ = randomized_svd(matrix, dimension, n_iter=3, random_state=seed)
    reduced = left * np.sqrt(strength)
    reduced /= np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-9)
    # A little noise: training must be able to tell tokens apart that the counts do not.
    vectors: NDArray[np.float64] = np.random.default_rng(seed).normal(0, 0.02 / dimension**0.5, (size, dimension))
    vectors[:, : reduced.shape[1]] += reduced
    vectors *= (_RARITY / (_RARITY + frequency / max(frequency.sum(), 1)))[:, None]
    _fill_unseen(vectors, frequency, tokenizer)
    return vectors.astype(np.float32)


def _neighbours(texts: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every two tokens of one text within the window of each other."""
    ids = np.concatenate(texts)
    of_text = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    first, second = [], []
    for apart in range(1, WINDOW + 1):
        same = of_text[apart:] == of_text[:-apart]
        first.append(ids[apart:][same])
        second.append(ids[:-apart][same])
    return np.concatenate(first), np.concatenate(second)


def _fill_unseen(vectors: NDArray[np.float64], frequency: NDArray[np.float64], tokenizer: Tokenizer) -> None:
    marked: dict[str, list[int]] = {}
    for token, at in tokenizer.get_vocab().items():
        if frequency[at]:
            marked.setdefault(fold(token), []).append(at)
    for token, at in tokenizer.get_vocab().items():
        if not frequency[at] and (forms := marked.get(token)):
            vectors[at] = np.average(vectors[forms], axis=0, weights=frequency[forms])
