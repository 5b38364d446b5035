"""Slips of the keyboard put right before a question is read: one or two letters, Telex and VNI left-overs, words run together.

A noisy channel (Kernighan, Church & Gale 1990): each token may stand for itself or for a syllable that the documents,
the agencies' names or everyday questions hold; the cheapest way through the whole question wins, where a slip costs
and two syllables that stand together somewhere are worth something.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise, product
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.lexicon import is_compound, is_word
from knowledge.text import fold, has_marks, syllables

_TOKEN = re.compile(r"[^\W_]+")
# Every syllable that Vietnamese spelling allows, without marks: «vang» is a word though no document holds it.
_VALID = re.compile(
    r"(?:(?:ngh|gh|k)(?=[iey])|(?:ng|g|c)(?=[aou])|qu(?=[aeiouy])|gi|(?:nh|ch|kh|ph|th|tr|[bdhlmnprstvx]))?"
    r"(?:(?:uye|[iy]e|uo|oa|oe|ua|ue|uy|oo|[aeiouy])(?:[cmnpt]|ng)|(?:oa|uye|uy|ue|[aeiy])(?:ch|nh)"
    r"|uyu|[iy]eu|uoi|uou|oai|oay|oao|uay|oeo|uya|ia|ua|uu|ui|ue|uy|oa|oe|oi|ai|ao|au|ay|eo|eu|iu|[aeiouy])|gi[nm]?"
)
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")  # what has its tone leaves no key of one over
_FIGURE = "0"  # stands for every figure: «tháng 9», «năm 2030»
_TELEX_PAIRS = (("aa", "a"), ("ee", "e"), ("oo", "o"), ("dd", "d"), ("aw", "a"), ("ow", "o"), ("uw", "u"))
_NEIGHBOURS = frozenset(
    "qw wa qa we er rt ty yu ui io op as sd df fg gh hj jk kl zx xc cv vb bn nm ws sw es ed rd rf tf tg yg yh uh uj ij ik ok ol "
    "az sx sz dx dc fc fv gv gb hb hn jn jm km".split()
)

# Costs in one currency: what a reading must gain elsewhere to be preferred.
_SLIP = 2.0
_EASY = 0.6  # off where a slip is a common one: a key struck twice, the key beside, two letters swapped
_FIRST_LETTER = 1.0  # people get the first letter right
_SECOND_SLIP = 1.8
_LEFT_OVER = 0.4  # a keystroke that an input method would have turned into a mark
_MARK = 0.3
_RUN_TOGETHER = 1.6
_NO_WORD = 5.0  # what Vietnamese spelling does not allow was hardly meant
_GOOD_WORD = 0.5  # more for a slip whose outcome is a syllable that Vietnamese spelling allows
_REAL_WORD = 1.5  # more where it is a word even: both neighbours must speak for another
_UNSEEN_MARKS = 0.2
_OTHER_MARKS = 0.4  # more for a slip where only the marks are strange
_TOGETHER = 1.5  # gained by two syllables that stand together somewhere
_OFTEN_TOGETHER = 0.15
_COMMON = 0.12  # gained for each doubling-or-so of a syllable's count
_EXACTLY_SO = 0.3  # gained by the marks with which they do
_CANDIDATES = 24
_FORMS = 4  # ways to mark a syllable
_SPOKEN = 5  # a wording of questions counts as if it stood so often in the documents
_MIN_LETTERS = 3  # shorter ones are short forms
_MIN_TWO_SLIPS = 6  # letters


class _Reading(NamedTuple):
    """One way to read a token: the syllables it stands for, folded and as written, what that costs, and whether it is
    another way than it was typed."""

    folded: tuple[str, ...]
    written: tuple[str, ...]
    cost: float
    is_mended: bool = True


class Spelling:
    """How the documents write: `words` and `pairs` of neighbours are their syllables with marks, counted; `phrases` are
    names and wordings beside them; `short_forms` (folded) are written as they are («DVCTT») and may be mistyped too."""

    def __init__(self, words: Counter[str], pairs: Counter[tuple[str, str]], phrases: Iterable[str], short_forms: Iterable[str]) -> None:
        spoken = [syllables(phrase) for phrase in phrases] * _SPOKEN
        words = words + Counter(word for phrase in spoken for word in phrase)
        self._beside: Counter[tuple[str, str]] = Counter()
        for (one, two), count in (pairs + Counter(pair for phrase in spoken for pair in pairwise(phrase))).items():
            self._beside[(_key(one), _key(two))] += count
        folds = {word: fold(word) for word in (*words, _FIGURE)}
        self._pairs: Counter[tuple[str, str]] = Counter()
        for (one, two), count in self._beside.items():
            self._pairs[(folds[one], folds[two])] += count
        self._counts: Counter[str] = Counter()
        self._written: dict[str, list[str]] = {}
        for word, count in words.most_common():
            self._counts[folds[word]] += count
            self._written.setdefault(folds[word], []).append(word)
        self._short_forms = frozenset(one for one in short_forms if one.isalpha())
        # What a slip may have meant: single letters and figures are never guessed.
        known = {*self._counts, *(one for one in self._short_forms if len(one) > 3)}
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(known):
            if word.isalnum() and not word.isdigit() and len(word) > 1:
                self._by_length.setdefault(len(word), []).append(word)
        self._near = lru_cache(maxsize=2048)(self._find_near)

    def mend(self, text: str, is_known: Callable[[str], bool]) -> str:
        """The text (NFC) with its slips put right: «chỉ têu Sở Công Thươgn 2O30» → «chỉ tiêu Sở Công Thương 2O30».

        `is_known` tells of a token that it is a word of chats or a short form. What is right stays as it was typed.
        """
        matches = list(_TOKEN.finditer(text))
        marked = has_marks(text)
        last = len(matches) - 1
        lattice = [self._readings(match.group(), marked, at > 0, at in (0, last), is_known) for at, match in enumerate(matches)]
        if all(len(readings) == 1 for readings in lattice):
            return text
        for match, reading in reversed(list(zip(matches, self._cheapest(lattice), strict=True))):
            if reading.is_mended:
                text = text[: match.start()] + _in_case(match.group(), " ".join(reading.written)) + text[match.end() :]
        return text

    def _readings(self, token: str, marked: bool, inside: bool, at_edge: bool, is_known: Callable[[str], bool]) -> list[_Reading]:
        """What a token can stand for; the first is itself."""
        folded = fold(token)
        if folded[0].isdigit():
            return [_Reading((_FIGURE,), (_FIGURE,), 0.0, is_mended=False)]
        # With one neighbour only, half as much must speak for another word.
        real_word = _REAL_WORD / 2 if at_edge else _REAL_WORD
        itself = _Reading((folded,), (token.lower(),), 0.0, is_mended=False)
        if not folded.isascii() or len(folded) < _MIN_LETTERS:
            return [itself]
        if folded in self._counts or is_known(token):
            return self._remarked(itself, real_word) if marked and token.islower() and folded in self._counts else [itself]
        valid = _VALID.fullmatch(folded) is not None
        is_name = marked and inside and token[0].isupper() and not token.isupper() and valid and is_word(token.lower())
        if (token.isupper() and len(folded) < 4) or is_name:
            # Codes and names are not guessed.
            return [itself]
        readings = [itself if valid else itself._replace(cost=_NO_WORD)]
        plain = folded if _TONE.search(unicodedata.normalize("NFD", token)) else _without_input_marks(folded)
        if plain != folded and plain in self._counts and _VALID.fullmatch(plain):
            readings.extend(self._as_written(plain, _LEFT_OVER, marked))
        most = 1 if token[1:] != token[1:].lower() else 2  # «VNeIDD»: codes have few letters to spare
        extra = real_word if is_word(token.lower()) else _GOOD_WORD if valid else 0.0
        for word, cost, slips in self._near(folded):
            if slips <= most:
                readings.extend(self._as_written(word, cost + extra, marked))
        if not valid:
            readings.extend(self._apart(folded, marked))
        return readings

    def _remarked(self, itself: _Reading, real_word: float) -> list[_Reading]:
        """«thự tế» where the documents write «thực tế»: other marks, or a syllable near it."""
        (folded,), (word,) = itself.folded, itself.written
        if word == folded or word in self._written[folded]:
            return [itself]
        if is_word(word):
            extra = _OTHER_MARKS + real_word
            return [itself, *(one for near, cost, _ in self._near(folded) for one in self._as_written(near, cost + extra, True))]
        readings = [itself._replace(cost=_UNSEEN_MARKS)]
        readings.extend(_Reading((folded,), (form,), _MARK) for form in self._written[folded][:_FORMS])
        for near, cost, _ in self._near(folded):
            readings.extend(self._as_written(near, cost + _OTHER_MARKS, True))
        return readings

    def _as_written(self, folded: str, cost: float, marked: bool) -> list[_Reading]:
        """The commonest ways to write it, in a text with marks; common syllables cost less."""
        cost -= _COMMON * math.log1p(self._counts.get(folded, 0))
        if folded not in self._counts:
            return [_Reading((folded,), (folded.upper(),), cost)]
        return [_Reading((folded,), (form,), cost) for form in (self._written[folded][:_FORMS] if marked else [folded])]

    def _find_near(self, folded: str) -> list[tuple[str, float, int]]:
        """(known syllable or short form, cost, slips): one slip away, or two for a long token, cheapest first."""
        most = 2 if len(folded) >= _MIN_TWO_SLIPS else 1
        near: list[tuple[str, float, int]] = []
        for length in range(max(len(folded) - most, 2), len(folded) + most + 1):
            for word, slips, _ in process.extract(
                folded, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                near.append((word, _cost(folded, word, int(slips)), int(slips)))
        near.sort(key=lambda one: one[1] - _COMMON * math.log1p(self._counts.get(one[0], 0)))
        return near[:_CANDIDATES]

    def _apart(self, folded: str, marked: bool) -> list[_Reading]:
        """«chitieu» → chỉ tiêu: two known syllables that stand together somewhere."""
        found = []
        for at in range(2, len(folded) - 1):
            pair = (folded[:at], folded[at:])
            if pair in self._pairs:
                forms = product(*(self._written[half][:_FORMS] for half in pair)) if marked else [pair]
                found.append(_Reading(pair, max(forms, key=lambda form: self._beside.get(form, 0)), _RUN_TOGETHER))
        return found

    def _cheapest(self, lattice: list[list[_Reading]]) -> list[_Reading]:
        """Viterbi: the readings, one a token, that cost least together."""
        best: list[tuple[float, int]] = [(one.cost, -1) for one in lattice[0]]
        table = [best]
        for before, here in pairwise(lattice):
            row = []
            for one in here:
                ways = [(table[-1][at][0] - self._gain(other, one), at) for at, other in enumerate(before)]
                cheapest, at = min(ways)
                row.append((cheapest + one.cost, at))
            table.append(row)
        at = min(range(len(table[-1])), key=lambda one: table[-1][one][0])
        path = []
        for row, readings in zip(reversed(table), reversed(lattice), strict=True):
            path.append(readings[at])
            at = row[at][1]
        return path[::-1]

    def _gain(self, one: _Reading, two: _Reading) -> float:
        count = self._pairs.get((one.folded[-1], two.folded[0]))
        if not count:
            return _TOGETHER if is_compound(one.written[-1], two.written[0]) else 0.0
        # Of several ways to mark a syllable the one that is written beside its neighbour wins.
        exactly = self._beside.get((one.written[-1], two.written[0]), 0)
        return _TOGETHER + _OFTEN_TOGETHER * math.log(count) + _EXACTLY_SO * exactly / count


def _key(word: str) -> str:
    return _FIGURE if word[0].isdigit() else word


def _cost(typed: str, meant: str, slips: int) -> float:
    cost = _SLIP + (slips - 1) * _SECOND_SLIP
    if typed[0] != meant[0]:
        cost += _FIRST_LETTER
    if slips == 1 and _is_easy(typed, meant):
        cost -= _EASY
    return cost


def _is_easy(typed: str, meant: str) -> bool:
    """A key struck twice or passed over, two letters swapped, the key beside."""
    if len(typed) == len(meant):
        differing = [(one, two) for one, two in zip(typed, meant, strict=True) if one != two]
        return len(differing) == 2 or any("".join(keys) in _NEIGHBOURS or "".join(reversed(keys)) in _NEIGHBOURS for keys in differing)
    longer = max(typed, meant, key=len)
    return len(typed) > len(meant) and any(one == two for one, two in pairwise(longer))


def _without_input_marks(folded: str) -> str:
    """Telex and VNI keystrokes that were not turned into marks, taken out: «tieeu», «chir», «tie6u1» → tieu, chi, tieu."""
    plain = re.sub(r"(?<=[a-z])\d+", "", folded)
    for typed, meant in _TELEX_PAIRS:
        plain = plain.replace(typed, meant)
    return re.sub(r"(?<=[aeiouychnmpt])[sfrxj]+$", "", plain)


def _in_case(typed: str, meant: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return meant.upper()
    return meant[:1].upper() + meant[1:] if typed[:1].isupper() and meant.islower() else meant
