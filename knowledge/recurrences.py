"""How often an assignment comes back: «định kỳ 02 tuần một lần», «hằng quý», «3 tháng, 6 tháng, 1 năm hoặc đột xuất»."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.facts import Recurrence
from knowledge.text import fold


@dataclass(frozen=True, slots=True)
class Repeat:
    """Words that say how often. `values` is empty for a rhythm that has no code («chu kỳ 2,5 năm», «hằng tuần»): then
    only the words, `text` as printed, are kept. `start`, `end` are offsets into the text given."""

    values: tuple[Recurrence, ...]
    text: str
    start: int
    end: int


_ONCE = r"(?:\s*(?:mot|01|1|/)\s*lan|/lan)"
_EVERY = r"(?:hang|moi|tung)\s+"
_QUARTER = r"qu[iy]\b(?!\s+(?:trinh|dinh|che|chuan|hoach|mo|uoc|luat)\b)"
_ITEMS: tuple[tuple[Recurrence | None, str], ...] = (
    (Recurrence.TWO_WEEKS, rf"(?:{_EVERY})?(?:0?2|hai)\s+tuan{_ONCE}?"),
    (Recurrence.HALF_YEAR, rf"(?:0?6|sau)\s+thang{_ONCE}?(?!\s+(?:dau|cuoi)\b)|nua\s+nam|ban\s+nien"),
    (
        Recurrence.QUARTER,
        rf"(?:0?3|ba)\s+thang{_ONCE}?(?!\s+(?:dau|cuoi)\b)|{_EVERY}{_QUARTER}|{_QUARTER}(?!\s+(?:[iv]+|[1-4])\b)(?:/lan)?",
    ),
    (Recurrence.MONTH, rf"{_EVERY}thang\b|(?:0?1|mot)\s+thang{_ONCE}?|thang\b(?!\s+\d)(?:/lan)?"),
    (
        Recurrence.YEAR,
        rf"(?:hang|moi)\s+nam\b(?!\s+\d)|(?:0?1|mot)\s+nam\b{_ONCE}?|12\s+thang{_ONCE}?|thuong\s+nien"
        r"|nam\b(?!\s+(?:\d|hoc|nay|qua|toi|sau|truoc))(?:/lan)?",
    ),
    (Recurrence.AD_HOC, r"(?:bao\s+cao\s+)?dot\s+xuat|khi\s+(?:co|duoc)\s+yeu\s+cau|theo\s+yeu\s+cau\s+dot\s+xuat"),
    (
        None,
        r"(?:giua|cuoi)(?:\s+va\s+cuoi)?\s+nhiem\s+ky|\d+\s+(?:tuan|ngay|nam)(?:\s*(?:mot|1|/)\s*lan)|5\s+nam|hang\s+tuan|hang\s+ngay|tuan",
    ),
)
_ITEM = "|".join(rf"(?P<i{number}>{pattern})" for number, (_, pattern) in enumerate(_ITEMS))
_NAMELESS = "|".join(rf"(?:{pattern})" for _, pattern in _ITEMS)
_JOIN = r"\s*(?:,|;|/|\bva/hoac\b|\bva\b|\bhoac\b|\bcung nhu\b)\s*(?:hoac\s+|va\s+|(?:dinh\s+ky\s+|bao\s+cao\s+|theo\s+))?"
_CUE = r"(?P<cue>(?:(?:theo\s+)?dinh\s+ky|theo|cu)\s*[:(]?\s*(?:theo\s+)?)?"
_RUN = re.compile(rf"(?<![\w/,.-]){_CUE}(?P<run>(?:{_NAMELESS})(?:{_JOIN}(?:{_NAMELESS}))*)(?!\w)")
_ONE = re.compile(_ITEM)
_EXPLICIT = re.compile(rf"{_EVERY}|lan\b|dot\s+xuat|khi\s+(?:co|duoc)|thuong\s+nien|ban\s+nien")
_NUMBERED = re.compile(r"\d|\b(?:hai|ba|sau|mot)\s")
_CYCLE = re.compile(
    r"\b(?:theo\s+)?chu\s+ky\s+\d+(?:,\d+)?\s+(?:nam|thang|tuan|ngay)|\b(?:hang\s+tuan|\d+\s+(?:ngay|tuan|nam)\s+(?:mot|1)\s+lan)\b"
)
# «hằng năm» that only describes a thing: rewards, budgets, growth – nothing comes back because of it.
_DESCRIBES = re.compile(
    r"\b(?:khen thuong|thi dua|xep loai|ngan sach|du toan|kinh phi|binh quan|tang truong|tang|giam|thu nhap|doanh thu"
    r"|sinh hoat|doi song|trung binh)\s+$"
)
_WORDS = {"quy": ("quý", "quí"), "qui": ("quí", "quý"), "nam": ("năm",), "thang": ("tháng",), "tuan": ("tuần",), "moi": ("mỗi",)}


def find_repeats(text: str) -> list[Repeat]:
    """The recurrences a text states, in reading order: «Định kỳ 3 tháng, 6 tháng, 1 năm hoặc đột xuất» is one.

    Durations («trong 6 tháng», «6 tháng đầu năm 2026»), horizons and descriptions («khen thưởng hằng năm») are none.
    """
    folded = fold(text)
    found = [one for match in _RUN.finditer(folded) if (one := _repeat(match, text, folded))]
    for match in _CYCLE.finditer(folded):
        if not any(one.start < match.end() and match.start() < one.end for one in found):
            found.append(Repeat((), text[match.start() : match.end()], match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _repeat(match: re.Match[str], text: str, folded: str) -> Repeat | None:
    run_start = match.start("run")
    values, explicit, numbered = [], False, 0
    for item in _ONE.finditer(match["run"]):
        start, end = run_start + item.start(), run_start + item.end()
        number = next(at for at in range(len(_ITEMS)) if item[f"i{at}"] is not None)
        value = _ITEMS[number][0]
        if not _is_the_word(text[start:end], item[0]):
            continue
        explicit = explicit or _EXPLICIT.search(item[0]) is not None
        numbered += _NUMBERED.search(item[0]) is not None
        if value is not None:
            values.append(value)
    cue = (match["cue"] or "").strip(" (:")
    if not values:
        return None
    if not explicit and "dinh ky" not in cue and (len(values) < 2 or not (numbered or cue)):
        return None
    if set(values) == {Recurrence.YEAR} and "dinh ky" not in cue and _DESCRIBES.search(folded[: match.start()]):
        return None
    start = match.start() if cue else run_start
    ordered = tuple(value for value in Recurrence if value in values)
    return Repeat(ordered, text[start : match.end()].strip(), start, match.end())


def _is_the_word(printed: str, folded: str) -> bool:
    """Whether «quý», «năm», «mỗi quý» are those words and not others that fold alike («quỹ», «nắm», «mọi quy»)."""
    if printed.lower() == folded:
        return True
    pairs = zip(printed.lower().split(), folded.split(), strict=True)
    return all(word in _WORDS.get(plain, (word,)) for word, plain in pairs)
