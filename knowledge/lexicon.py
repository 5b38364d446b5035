"""Vietnamese words in general, beside those of the documents: the vocabulary that the bundled encoder was trained with.

It was counted from laws and an encyclopedia, so it tells «gia đình» and «đô thị» as words though no document here has
them. Loaded when first asked: most questions never do.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BUNDLED = Path(__file__).parent / "model"
_BLANK = "▁"  # how the vocabulary writes a blank


@cache
def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a `StaticEmbedding` folder; loaded once. Raises OSError when there is none."""
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.is_file():
        raise FileNotFoundError(path)
    return Tokenizer.from_file(str(path))


def is_word(syllable: str) -> bool:
    """Whether a lower-case syllable is a word or part of one, marks as typed: «vàng» is, «chya» is not."""
    return load_tokenizer(BUNDLED).token_to_id(_BLANK + syllable) is not None


def is_compound(first: str, second: str) -> bool:
    """Whether two lower-case syllables make one word: «gia đình», «do thi»."""
    return load_tokenizer(BUNDLED).token_to_id(f"{_BLANK}{first}{_BLANK}{second}") is not None
