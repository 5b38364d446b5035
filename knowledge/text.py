"""Vietnamese text: one normal form, folding (case and marks away), syllables."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SYLLABLE = re.compile(r"[^\W_]+(?:[.,]\d+)*")
# Upper and lower case letters for character classes: the code points of both alternate, so «À-Ỹ» would hold «đ» too.
UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
LOWER = UPPER.lower()
_FOLDED = {
    code: "d" if chr(code) in "đĐ" else unicodedata.normalize("NFD", chr(code))[0].lower()
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if chr(code).isalpha()
} | {code: None for code in range(0x300, 0x370)}


def normalise(text: str) -> str:
    """NFC, invisible characters away, every run of blanks one space: «Quảng  Ngãi» typed any way is the same string."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_INVISIBLE))).strip()


def fold(text: str) -> str:
    """Lower case without marks: «Chỉ tiêu Đề án» → «chi tieu de an»; NFC text keeps its length."""
    return text.translate(_FOLDED)


def has_marks(text: str) -> bool:
    """Whether the writer used Vietnamese marks: «chi tieu 5g» has none."""
    return fold(text) != text.lower()


def syllables(text: str) -> list[str]:
    """Lower-case syllables and numbers in order: «Tỷ lệ 5G đạt 1,5%» → [tỷ, lệ, 5g, đạt, 1,5]."""
    return _SYLLABLE.findall(text.lower())


def sentence_case(text: str) -> str:
    """First letter upper: «tỷ lệ phủ sóng» → «Tỷ lệ phủ sóng»."""
    return text[:1].upper() + text[1:]
