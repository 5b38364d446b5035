"""A tokenizer of Vietnamese words, counted from a corpus: syllables, compounds of two and three, and their mark-less forms."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from knowledge.text import fold, normalise, syllables

UNKNOWN = "<unk>"

# Of the vocabulary: whole syllables, compounds, mark-less forms; pieces of rare words take the rest. By trial.
SYLLABLES, COMPOUNDS, MARKLESS = 0.27, 0.53, 0.13
# A pair or triple is a compound when it stands this much oftener than chance would have it (natural logarithm).
COHESION = 2.0
MIN_COUNT = 10
# Log probabilities of what only stands in for words that are not in the vocabulary.
_PIECE, _CHARACTER, _SPACE, _MARKLESS_PENALTY = -12.0, -14.0, -12.0, -1.0
# The corpus is counted in slices, and what occurred once in a slice is forgotten, to bound memory.
_SLICE = 20_000

_BREAK = re.compile(r"[^\w\s]+(?:\s|$)|\s[^\w\s]+|\n")
_Words = tuple[str, ...]


def build_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """A tokenizer of at most `size` tokens that cuts «hồ sơ trực tuyến» into «hồ sơ» and «trực tuyến».

    A Unigram model over text whose blanks are ordinary characters: the likeliest cut wins, so a frequent compound
    is one token. Case and punctuation are dropped; «1,5» stays whole. The same texts give the same tokenizer.
    """
    counts = _count(texts)
    words = counts[1]
    common = dict(words.most_common(round(SYLLABLES * size)))
    vocabulary = Counter({_spelt(word): count for word, count in common.items()})
    vocabulary.update({_spelt(compound): count for compound, count in _compounds(counts, common, round(COMPOUNDS * size)).items()})
    markless: Counter[str] = Counter()
    for token, count in vocabulary.items():
        if (folded := fold(token)) not in vocabulary:
            markless[folded] += count
    total = max(sum(vocabulary.values()), 1)
    chances = {UNKNOWN: -20.0, "▁": _SPACE}
    chances.update({token: math.log(count / total) for token, count in vocabulary.items()})
    for token, count in markless.most_common(round(MARKLESS * size)):
        chances[token] = math.log(count / total) + _MARKLESS_PENALTY
    for piece, chance in _pieces(words, common):
        if len(chances) >= size:
            break
        chances.setdefault(piece, chance)
    return _tokenizer(chances)


def _tokenizer(chances: Mapping[str, float]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(list(chances.items()), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            # As `syllables`: letters and digits, a point or comma only before a digit.
            normalizers.Replace(Regex(r"[\s_]+|[^\w\s.,]+|[.,](?!\d)|(?<!\d)[.,]"), " "),
            normalizers.Replace(Regex(r" +"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    return tokenizer


def _count(texts: Iterable[str]) -> dict[int, Counter[str]]:
    """How often each syllable, pair and triple occurs, blank-separated, none across punctuation; by length 1, 2, 3."""
    counts: dict[int, Counter[str]] = {1: Counter(), 2: Counter(), 3: Counter()}
    for number, text in enumerate(texts, start=1):
        for run in _BREAK.split(normalise(text)):
            words = syllables(run)
            counts[1].update(words)
            counts[2].update(map(" ".join, pairwise(words)))
            counts[3].update(map(" ".join, zip(words, words[1:], words[2:], strict=False)))
        if number % _SLICE == 0:
            for length in (2, 3):
                counts[length] = Counter({run: count for run, count in counts[length].items() if count > 1})
    return counts


def _compounds(counts: Mapping[int, Counter[str]], common: Mapping[str, int], wanted: int) -> dict[str, int]:
    """The `wanted` runs that save most when kept whole: count × how much oftener than by chance; one in eight is a triple."""
    total = max(sum(counts[1].values()), 1)
    pairs: dict[str, float] = {}
    for pair, count in counts[2].items():
        first, last = pair.split()
        if count >= MIN_COUNT and first in common and last in common and not (first[0].isdigit() or last[0].isdigit()):
            cohesion = math.log(count * total / (counts[1][first] * counts[1][last]))
            if cohesion > COHESION:
                pairs[pair] = count * cohesion
    triples: dict[str, float] = {}
    for triple, count in counts[3].items():
        first, middle, last = triple.split()
        if count >= 2 * MIN_COUNT and (f"{first} {middle}" in pairs or f"{middle} {last}" in pairs):
            by_chance = max(
                counts[2][f"{first} {middle}"] * counts[1][last], counts[1][first] * counts[2][f"{middle} {last}"], total
            ) / total  # fmt: skip
            cohesion = math.log(count / by_chance)
            if cohesion > COHESION:
                triples[triple] = count * cohesion
    kept = {pair: counts[2][pair] for pair in _best(pairs, wanted * 7 // 8)}
    return kept | {triple: counts[3][triple] for triple in _best(triples, wanted // 8)}


def _pieces(words: Counter[str], common: Mapping[str, int]) -> Iterable[tuple[str, float]]:
    """What rare words are cut into, the most useful first: the characters, then runs of two to four of them."""
    characters: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
        if word not in common:
            runs.update({word[at : at + length]: count for length in (2, 3, 4) for at in range(len(word) - length + 1)})
    yield from ((character, _CHARACTER) for character, _ in characters.most_common(200))
    yield from ((run, _PIECE) for run, _ in runs.most_common())


def _best(gains: Mapping[str, float], wanted: int) -> list[str]:
    return sorted(gains, key=lambda run: (-gains[run], run))[:wanted]


def _spelt(run: str) -> str:
    return "▁" + run.replace(" ", "▁")
