"""Whether a text layer can be read: torn Vietnamese, fonts of the time before Unicode, words glued together.

The signs are shares over many words, so that names, abbreviations and a paragraph of English pass, and they hold for
Vietnamese typed without marks too. Below `ENOUGH_WORDS` nothing is claimed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from knowledge.reading_errors import Illegibility
from knowledge.text import fold, normalise

ENOUGH_WORDS = 40
_ENOUGH_LETTERS = 120
_VIETNAMESE = frozenset("abcdefghijklmnopqrstuvwxyzđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ")
_TOKEN = re.compile(r"[^\s\d\-–—/|,;:!?\"“”'‘’«»…<>=+*%&≥≤±×•°]+")
_LETTERS = re.compile(r"[^\W\d_]+")
# Words of one letter, with the forms people type without marks.
_ONE_LETTER_WORDS = frozenset("ởôýyàáạơồổủổuoaeếứừ")
_SYLLABLE = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?", re.ASCII
)
# TCVN3 keeps its vowels where Latin-1 has signs: «kÕ ho¹ch», «®­îc», «b¸o c¸o».
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[\u00a1-\u00bf\u00d7\u00f7†‡ˆ‰‹›•™˜]|[\u00a1-\u00bf\u00d7\u00f7†‡ˆ‰‹™˜](?=[^\W\d_])")
_TORN_CHARACTER = re.compile(r"[\ufffd\ue000-\uf8ff\u0300-\u036f\u02b0-\u02ff\x00-\x08\x0e-\x1f]")
_UNITS = frozenset({"km", "kg", "kw", "kwh", "mw", "mm", "cm", "dm", "tp", "tr", "vv", "gb", "tb", "mb", "kv", "ths", "ts", "bs", "pgs"})


def find_illegibility(text: str) -> Illegibility | None:
    """What makes this text unreadable, or None. «K t lu n c a Phó Ch  t ch» is torn, «KÕ ho¹ch» a legacy font."""
    soft_hyphens = text.count("\u00ad")  # TCVN3 writes «ư» with it; normalising takes it away
    text = normalise(text)
    letters = sum(map(str.isalpha, text))
    words = _LETTERS.findall(text)
    if letters > _ENOUGH_LETTERS and sum(len(word) for word in words if len(word) > 10) > letters * 0.5:
        return Illegibility.TORN  # the blanks are lost
    if len(words) < ENOUGH_WORDS:
        return None
    if len(_TORN_CHARACTER.findall(_without_bullets(text))) > letters * 0.01:
        return Illegibility.TORN
    foreign = sum(letter.lower() not in _VIETNAMESE for letter in text if letter.isalpha())
    signs = len(_SIGN_IN_WORD.findall(text)) + soft_hyphens
    if foreign + signs > letters * 0.04:
        # Letters of another script (Cyrillic, IPA) come from a wrong map in the file, not from a font of the old days.
        return Illegibility.TORN if _count_beyond_latin1(text) > (foreign + signs) * 0.5 else Illegibility.LEGACY_FONT
    tokens = [token for token in _TOKEN.findall(text) if any(map(str.isalpha, token))]
    if _share(tokens, _is_stray_letter) > 0.1 or _share(tokens, _lacks_vowel) > 0.1 or _share(tokens, _mixes_case) > 0.1:
        return Illegibility.TORN
    marked = [word for word in words if len(word) > 1 and not word.isupper()]
    if marked and sum(fold(word) != word.lower() for word in marked) > len(marked) * 0.1 and _share(marked, _is_possible) < 0.55:
        return Illegibility.TORN
    return None


def _share(words: list[str], is_so: Callable[[str], bool]) -> float:
    return sum(map(is_so, words)) / max(len(words), 1)


def _without_bullets(text: str) -> str:
    """Bullets of symbol fonts are private-use characters and say nothing about the letters."""
    return re.sub(r"(?m)(?:^|(?<=\s))[\ue000-\uf8ff](?=\s|$)", "", text)


def _count_beyond_latin1(text: str) -> int:
    return sum(letter > "\u00ff" and letter.lower() not in _VIETNAMESE for letter in text if letter.isalpha())


def _is_stray_letter(token: str) -> bool:
    """A letter alone that is neither a word nor an item's letter («a)», «b.»)."""
    return len(token) == 1 and token.lower() not in _ONE_LETTER_WORDS


def _lacks_vowel(token: str) -> bool:
    """«tch», «Kt»: letters in small type without a vowel; abbreviations («TTHC», «TTg») and units pass."""
    plain = fold(token).strip(".)(")
    return len(plain) > 1 and plain.isalpha() and token[1:].islower() and not re.search(r"[aeiouy]", plain) and plain not in _UNITS


def _mixes_case(token: str) -> bool:
    """«nghÞ quyÕt» of an old font: a capital with a mark after a small letter."""
    return any(one.islower() and two.isupper() and two > "\x7f" for one, two in pairwise(token))


def _is_possible(word: str) -> bool:
    return bool(_SYLLABLE.fullmatch(fold(word)))
