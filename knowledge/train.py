"""Trains the bundled encoder: python -m knowledge.train --data DIR --out DIR."""

from __future__ import annotations

import argparse
import json
import lzma
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.compounds import build_tokenizer
from knowledge.cooccurrence import start_vectors
from knowledge.encoder import Encoder, StaticEncoder
from knowledge.evaluate import Scores, score_search
from knowledge.lexical import top
from knowledge.text import fold

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from torch import Tensor

Tokens = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; the defaults made the bundled model (docs/search.md says what else was tried)."""

    tokens: int = 30_000
    dimension: int = 256
    epochs: int = 4
    batch: int = 1024
    learning_rate: float = 0.01
    # Inverse temperature of the likenesses.
    scale: float = 20.0
    # Share of the questions shown without marks, so that «chi tieu 5g» finds «chỉ tiêu 5G».
    markless: float = 0.25
    # Share of the passages shown without the question's own words: likeness is to be learned from the others, since
    # BM25 counts shared words already.
    overlap_hidden: float = 0.3
    # Tokens of a passage that are read, and characters of it that are cut into tokens at all.
    passage_tokens: int = 200
    passage_characters: int = 1500
    # Pairs the tokenizer is counted from.
    counted: int = 80_000
    # Pairs kept from training, to measure on.
    held_out: int = 1000
    seed: int = 57


class Pair(NamedTuple):
    """A question (a title, or a sentence cut from a passage) and the passage that answers it."""

    question: str
    passage: str


def read_pairs(folder: Path) -> list[Pair]:
    """Every line {"q", "p"} of the folder's *.jsonl.xz files, in the order of their names.

    Raises FileNotFoundError when there is no such file; KeyError, ValueError when a line is no such object.
    """
    files = sorted(folder.glob("*.jsonl.xz"))
    if not files:
        raise FileNotFoundError(f"{folder}: no *.jsonl.xz")
    pairs = []
    for path in files:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                pair = json.loads(line)
                pairs.append(Pair(pair["q"], pair["p"]))
    return pairs


def train_encoder(pairs: Sequence[Pair], recipe: Recipe, *, progress: bool = False) -> SentenceTransformer:
    """A `StaticEmbedding` + `Normalize` model, trained to put questions next to their passages.

    Each question's passage is to be nearer to it than the other passages of its batch, and the other way round
    (InfoNCE, van den Oord et al. 2018). The same pairs and recipe give the same model on the same machine.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tqdm import tqdm  # type: ignore[import-untyped]

    torch.manual_seed(recipe.seed)
    chance = np.random.default_rng(recipe.seed)
    # 1. The vocabulary, then every text as tokens, once.
    counted = random.Random(recipe.seed).sample(list(pairs), min(recipe.counted, len(pairs)))
    tokenizer = build_tokenizer((f"{pair.question}\n{pair.passage}" for pair in counted), recipe.tokens)
    with tqdm(total=3 * len(pairs), desc="tokens", disable=not progress) as shown:
        questions = _cut(tokenizer, (pair.question for pair in pairs), recipe.passage_tokens, shown.update)
        unmarked = _cut(tokenizer, (fold(pair.question) for pair in pairs), recipe.passage_tokens, shown.update)
        passages = _cut(tokenizer, (pair.passage[: recipe.passage_characters] for pair in pairs), recipe.passage_tokens, shown.update)
    # 2. The vectors.
    static = StaticEmbedding(tokenizer, embedding_dim=recipe.dimension)
    with torch.no_grad():
        static.embedding.weight.copy_(torch.from_numpy(start_vectors(passages, tokenizer, recipe.dimension, recipe.seed)))
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    loss_of = MultipleNegativesRankingLoss(
        model, scale=recipe.scale, directions=("query_to_doc", "doc_to_query"), partition_mode="per_direction"
    )
    batch = min(recipe.batch, len(pairs))
    steps = recipe.epochs * (len(pairs) // batch)
    optimizer = torch.optim.Adam(static.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.99))
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / (0.05 * steps), max(0.02, 1 - step / steps)))
    with tqdm(total=steps, desc="steps", disable=not progress) as shown:
        for _ in range(recipe.epochs):
            order = chance.permutation(len(pairs))
            for start in range(0, len(pairs) - batch + 1, batch):
                rows = order[start : start + batch]
                bare = chance.random(batch) < recipe.markless
                asked = [(unmarked if without_marks else questions)[row] for row, without_marks in zip(rows, bare, strict=True)]
                hidden = chance.random(batch) < recipe.overlap_hidden
                shown_passages = [
                    _without(passages[row], questions[row]) if hide else passages[row] for row, hide in zip(rows, hidden, strict=True)
                ]
                loss = loss_of([_features(asked), _features(shown_passages)], torch.arange(batch))
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                scheduler.step()
                shown.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
                shown.update()
    return model.eval()


def save_encoder(model: SentenceTransformer, folder: Path) -> None:
    """Writes the model as sentence-transformers does, its vectors in half precision (half the megabytes)."""
    model.half().save(str(folder), create_model_card=False)
    (folder / "model.safetensors").chmod(0o644)


def measure_held_out(encoder: Encoder, pairs: Sequence[Pair]) -> Scores:
    """Scores of the vectors alone in finding each pair's passage among the passages of all the pairs."""
    passages = encoder.encode([pair.passage for pair in pairs])

    def search(question: str, k: int) -> list[int]:
        return [int(row) for row in top(passages @ encoder.encode([question])[0], k)]

    return score_search(search, [pair.question for pair in pairs], [frozenset({row}) for row in range(len(pairs))])


def _cut(tokenizer: Tokenizer, texts: Iterable[str], limit: int, count: Callable[[int], object]) -> list[Tokens]:
    """The first `limit` tokens of each text; `count` is told how many texts are done."""
    cut: list[Tokens] = []
    waiting = iter(texts)
    while some := list(islice(waiting, 2000)):
        cut += [np.array(encoding.ids[:limit], dtype=np.int64) for encoding in tokenizer.encode_batch_fast(some, add_special_tokens=False)]
        count(len(some))
    return cut


def _without(passage: Tokens, question: Tokens) -> Tokens:
    """The passage without the question's tokens, unless next to nothing would be left."""
    rest = passage[~np.isin(passage, question)]
    return rest if len(rest) > 2 else passage


def _features(texts: Sequence[Tokens]) -> dict[str, Tensor]:
    """As `StaticEmbedding.preprocess` makes them."""
    import torch

    starts = np.cumsum([0, *(len(ids) for ids in texts[:-1])])
    return {"input_ids": torch.from_numpy(np.concatenate(texts)), "offsets": torch.from_numpy(starts)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains, saves, loads what was saved and prints how well it finds the held-out pairs."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.train", description="Train the bundled encoder.")
    parser.add_argument("--data", type=Path, required=True, help='folder of *.jsonl.xz files with lines {"q", "p"}')
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model into")
    for option in fields(Recipe):
        parser.add_argument(
            f"--{option.name.replace('_', '-')}", type=type(option.default), default=option.default, help="default: %(default)s"
        )
    chosen = vars(parser.parse_args(arguments))
    data, out = chosen.pop("data"), chosen.pop("out")
    recipe = Recipe(**chosen)
    pairs = read_pairs(data)
    random.Random(recipe.seed).shuffle(pairs)
    held_out, learned = pairs[: recipe.held_out], pairs[recipe.held_out :]
    save_encoder(train_encoder(learned, recipe, progress=True), out)
    scores = measure_held_out(StaticEncoder(out), held_out)
    print(f"{len(learned)} pairs learned; vectors alone on {len(held_out)} others: {scores}")


if __name__ == "__main__":
    main()
