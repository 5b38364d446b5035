"""Text → vectors: the bundled static model read with numpy alone, or any sentence-transformers model by name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.lexicon import BUNDLED, load_tokenizer
from knowledge.tensors import map_tensors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
_BATCH = 1024


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their likeness, −1 to 1."""

    @property
    def name(self) -> str:
        """Names the model and its weights: vectors of two encoders of one name may be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimension) vectors of length 1; a text without a known token is the zero vector."""
        ...


class StaticEncoder:
    """The mean of the token vectors of a sentence-transformers `StaticEmbedding` + `Normalize` folder, without torch."""

    def __init__(self, folder: Path) -> None:
        weights = folder / "model.safetensors"
        with weights.open("rb") as file:
            self.name = f"static:{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"
        self._tokenizer = load_tokenizer(folder)
        self._tokenizer.no_padding()
        self._vectors = map_tensors(weights)[0]["embedding.weight"]

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            encodings = self._tokenizer.encode_batch_fast(list(texts[start : start + _BATCH]), add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                if encoding.ids:
                    vectors[row] = self._vectors[encoding.ids].astype(np.float32, copy=False).mean(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(lengths, np.float32(1e-12))
        return vectors


class TransformerEncoder:
    """Any model that sentence-transformers loads, by its name or folder; torch is imported when it is made."""

    def __init__(self, name_or_path: str) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = name_or_path
        # In single precision also where the weights are kept in half: a CPU is no faster with halves, only coarser.
        self._model: SentenceTransformer = SentenceTransformer(name_or_path, device="cpu").float()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension() or 0), dtype=np.float32)
        return self._model.encode(list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)


def load_encoder(name_or_path: str | None = None) -> Encoder:
    """The bundled encoder, or the model of that name or folder (setting EMBEDDING_MODEL).

    Raises OSError when the model is neither a folder nor to be had.
    """
    return TransformerEncoder(name_or_path) if name_or_path else StaticEncoder(BUNDLED)
