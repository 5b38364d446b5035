"""Text → comparable terms: abbreviations and chat spellings written out, marks kept beside."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.agencies import agency_names
from knowledge.spelling import Spelling
from knowledge.text import fold, syllables
from knowledge.vocabulary import ABBREVIATIONS, CHAT, EVERYDAY, PROVINCES, QUESTION_PHRASES, STOPWORDS

_REMEMBERED = 8192  # profiles


@dataclass(frozen=True, slots=True)
class Profile:
    """What a text holds, for matching: syllables as written, folded syllables, folded pairs."""

    words: frozenset[str]
    folded: frozenset[str]
    pairs: frozenset[tuple[str, str]]


class Terms:
    """The vocabulary of a catalogue: how rare each folded syllable is, and which short forms stand for what."""

    def __init__(self, texts: Iterable[str], abbreviations: Iterable[tuple[str, str]] = (), own: str = "") -> None:
        """`own`: who issued the documents and what they are called; a place named there is where all of it happens."""
        self.expansions = {fold(short): long.lower() for short, long in (*ABBREVIATIONS.items(), *abbreviations) if short}
        for short in [key for key in self.expansions if key in _COMMON_WORDS]:
            del self.expansions[short]
        self._spelled: dict[str, tuple[str, ...]] = {}
        self._profile = lru_cache(maxsize=_REMEMBERED)(self._read_profile)
        self._folded: dict[str, str] = {}
        counts: Counter[str] = Counter()
        spelled: Counter[str] = Counter()
        written: Counter[tuple[str, str]] = Counter()
        texts = list(texts)
        for text in texts:
            words = self.spell_out(text)
            counts.update(set(map(self._fold, words)))
            spelled.update(words)
            written.update(pairwise(words))
        self._counts, self._total = counts, max(len(texts), 1)
        self._written: dict[tuple[str, str], tuple[str, str]] = {}
        for pair, _ in reversed(written.most_common()):
            self._written[(self._fold(pair[0]), self._fold(pair[1]))] = pair
        self._texts = texts
        self._spelling = Spelling(spelled, written, (*QUESTION_PHRASES, *agency_names()), self.expansions)
        issued = f" {' '.join(syllables(fold(own)))} "
        self.own_names = {tuple(name.split()) for name in PROVINCES if f" {name} " in issued}
        self._initials: dict[str, str] = {}
        self.rarest = math.log(1 + self._total)

    def mend(self, text: str) -> str:
        """A question with its slips put right: «chir tieeu dvctr» → «chi tieu dvctt»; what is right stays as typed."""
        return self._spelling.mend(text, self._is_known)

    def _is_known(self, token: str) -> bool:
        folded = fold(token)
        if folded in self.expansions or folded in CHAT or folded in STOPWORDS or folded in EVERYDAY:
            return True
        return token.isupper() and self.by_initials(folded) != ""

    def spell_out(self, text: str) -> list[str]:
        """Lower-case syllables with short forms written out: «TTHC phi địa giới» → thủ tục hành chính phi địa giới."""
        spelled = self._spelled
        words: list[str] = []
        for token in _TOKEN.findall(_SPLIT_SHORT_FORM.sub("KHCN", text)):
            known = spelled.get(token)
            if known is None:
                known = spelled[token] = self._spell_token(token)
            words.extend(known)
        return words

    def spell_out_where(self, text: str) -> list[tuple[str, int, int]]:
        """As `spell_out`, each syllable with the start and end of the word of the text that it comes from."""
        return [(word, one.start(), one.end()) for one in _TOKEN.finditer(text) for word in self._spell_token(one.group())]

    def _spell_token(self, token: str) -> tuple[str, ...]:
        expansion = self.expansions.get(fold(token)) if _is_short_form(token) else None
        return tuple(_with_y(word) for word in syllables(expansion or token))

    def _fold(self, word: str) -> str:
        """Folding with a memory: the same few thousand syllables come again and again."""
        known = self._folded.get(word)
        if known is None:
            known = self._folded[word] = fold(word)
        return known

    def profile(self, text: str) -> Profile:
        """The terms of a document's text. What was read before is remembered: the same paragraphs are weighed again and again."""
        return self._profile(text)

    def _read_profile(self, text: str) -> Profile:
        words = self.spell_out(text)
        folded = [_plain_number(self._fold(word)) for word in words]
        return Profile(frozenset(words), frozenset(folded), frozenset(pairwise(folded)))

    def rarity(self, folded: str) -> float:
        """Inverse document frequency, at least a little: log(1 + N / (1 + n)); unknown syllables weigh most."""
        return math.log(1 + self._total / (1 + self._counts.get(folded, 0)))

    def knows(self, folded: str) -> bool:
        return folded in self._counts

    def written(self, first: str, second: str) -> tuple[str, str]:
        """How the documents mostly write two folded syllables that stand together: (tien, do) → (tiến, độ); else empty."""
        return self._written.get((first, second), ("", ""))

    def knows_pair(self, first: str, second: str) -> bool:
        return (first, second) in self._written

    def question_tokens(self, text: str) -> list[tuple[str, str]]:
        """(as typed in lower case, folded) syllables of a question: chat spellings and short forms resolved.

        «tthc phi dia gioi bn %» → thủ tục hành chính phi dia gioi bao nhieu.
        """
        tokens: list[tuple[str, str]] = []
        raw = [match.group() for match in _TOKEN.finditer(_SPLIT_SHORT_FORM.sub("KHCN", text))]
        for at, token in enumerate(raw):
            folded = fold(token)
            previous = tokens[-1][1] if tokens else ""
            following = fold(raw[at + 1]) if at + 1 < len(raw) else ""
            if match := _MEASURE.fullmatch(folded):
                tokens.extend(((match.group(1), _plain_number(match.group(1))), (match.group(2), match.group(2))))
            elif (
                folded in self.expansions
                and folded not in STOPWORDS
                and not (folded in CHAT and not token.isupper() and not self._fits(folded, previous, following))
            ):
                tokens.extend((word, fold(word)) for word in syllables(self.expansions[folded]))
            elif folded in CHAT and not (self.knows(folded) and self.knows_pair(previous, folded)):
                tokens.extend((word, word) for word in CHAT[folded].split())
            elif self.knows(folded) or folded in STOPWORDS or folded in EVERYDAY or token.lower() != folded or not folded.isascii():
                tokens.extend((word, _plain_number(fold(word))) for word in ([token] if token == "AI" else syllables(token)))
            elif (token.isupper() or not re.search(r"[aeiouy]", folded)) and (spelled := self.by_initials(folded)):
                tokens.extend((word, word) for word in spelled.split())
            else:
                tokens.append((token.lower(), _plain_number(folded)))
        return _with_digits([(_with_y(word), _with_y(token)) for word, token in tokens])

    def _fits(self, folded: str, previous: str, following: str) -> bool:
        first = fold(self.expansions[folded].split()[0])
        return self.knows_pair(previous, first) or len(folded) > 2

    def by_initials(self, folded: str) -> str:
        """The phrase of the documents whose initials an unknown short form spells: «sxkd» → san xuat kinh doanh."""
        if not 3 <= len(folded) <= 7 or not folded.isalpha():
            return ""
        if folded not in self._initials:
            found: Counter[str] = Counter()
            for text in self._texts:
                words = syllables(fold(text))
                letters = "".join(word[0] for word in words)
                at = letters.find(folded)
                while at >= 0:
                    found[" ".join(words[at : at + len(folded)])] += 1
                    at = letters.find(folded, at + 1)
            best = found.most_common(1)
            self._initials[folded] = best[0][0] if best and best[0][1] > (len(folded) < 5) else ""
        return self._initials[folded]


_I_FOR_Y = re.compile(r"(qu|[klmt])([iìỉĩíị])")
_Y = dict(zip("iìỉĩíị", "yỳỷỹýỵ", strict=True))


def _with_y(word: str) -> str:
    """One spelling of syllables that are written with i or y: «quí», «tỉ», «kĩ» as quý, tỷ, kỹ."""
    match = _I_FOR_Y.fullmatch(word)
    return match[1] + _Y[match[2]] if match else word


_NUMERALS = {
    "mot": "1", "hai": "2", "ba": "3", "bon": "4", "nam": "5", "sau": "6", "bay": "7", "tam": "8", "chin": "9", "muoi": "10",
}  # fmt: skip
_COUNTED = {"tuan", "thang", "ngay", "quy", "lan"}


def _with_digits(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """«hai tuần một lần» → 2 tuần 1 lần, as documents write it."""
    return [
        (_NUMERALS[token],) * 2 if token in _NUMERALS and at + 1 < len(tokens) and tokens[at + 1][1] in _COUNTED else (word, token)
        for at, (word, token) in enumerate(tokens)
    ]


_SPLIT_SHORT_FORM = re.compile(r"\bKH\s*[,+-]\s*CN\b", re.IGNORECASE)  # «KH,CN»
# «1Gbps», «170TB»: a number and its unit.
_MEASURE = re.compile(r"(\d+)(gb|gbps|mb|mbps|tb|km|ha|kg|mw)")
_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)+|[^\W_]+(?:[.,]\d+)*")
# Short forms that are also everyday syllables are written out only where they stand in capitals.
_COMMON_WORDS = {"ca", "ct", "nl", "vb"}


def _is_short_form(token: str) -> bool:
    return len(token) >= 2 and token[1:] != token[1:].lower()


def _plain_number(token: str) -> str:
    """«07» and «7» are one number; years and decimals stay."""
    return token.lstrip("0") or "0" if token.isdigit() and len(token) <= 3 else token
