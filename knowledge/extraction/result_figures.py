"""Figures that a sentence reports: shares, counted things, «40/42 chỉ tiêu», «thứ 11/34»; and the day they were true."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.citations import find_citations
from knowledge.dates import Grain, Period, find_periods
from knowledge.figures import find_figures, parse_number
from knowledge.units import is_measure, read_counted

_DIGIT = re.compile(r"\d")
_RATIO = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:\.\d{3})+|\d+)\s?/\s?(\d{1,3}(?:\.\d{3})+|\d+)(?![\w/]|[.,]\d|-[A-ZĐ])")
_RANK = re.compile(
    r"\b(?:(?:xếp|đứng|đạt|ở|giữ)\s+)?(?:vị trí\s+)?(?:thứ hạng|thứ|hạng)\s+(?P<rank>\d{1,3})(?:\s?/\s?\d{1,3})?(?![\d.,/]\d"
    r"|\s*(?:trong tuần|hằng tuần))",
    re.IGNORECASE,
)
_RANKED = re.compile(r"\b(?:xếp|đứng|vị trí|thứ hạng)\b|/", re.IGNORECASE)
_CITED = re.compile(
    r"(?:(?<!tổng )(?<!chỉ )số|ngày|tháng|nghị định|quyết định|thông báo|công văn|văn bản số|khoản|điều|đề án)\s*$", re.IGNORECASE
)
# «Kế hoạch số 15/KH-UBND (02/5)»: the day of the document.
_DOCUMENTS_DAY = re.compile(
    r"(?:\bsố\s+\d[\w/&.-]*|\d\s?[-/]\s?[A-ZĐ][\w&/-]*)(?:\s+của\s+[^();,.\d]{2,40})?\s*\(\s*(?:\d{1,2}/\d{1,2}\s*[;,]\s*)*$"
)
_AIMED = re.compile(
    r"(?:vượt|chỉ tiêu|mục tiêu)[^,;.]{0,20}[≥≤]\s*$|\b(?:chỉ tiêu|mục tiêu|kế hoạch)(?: đề ra| giao| là"
    r"| năm 20\d\d)*\s*[:(]?\s*(?:là\s*)?[≥≤]?\s*$",
    re.IGNORECASE,
)
_EXCEEDS = re.compile(r"\bvượt\s*$", re.IGNORECASE)
_AT_LEAST_ONE = {"ít nhất", "tối thiểu"}
_HEDGE = re.compile(r"\b(gần|khoảng|ước đạt|ước|trên|hơn|xấp xỉ|ít nhất)\s*$", re.IGNORECASE)
# «trong đó các hợp tác xã vùng cao là 220»: counted like the figure before it, whose noun stands in between.
_BARE_BEFORE = re.compile(r"\b(?:là|đạt|có|còn|bằng)\s*$", re.IGNORECASE)
_BARE_AFTER = re.compile(r"\s*(?:[,;.)]|$)")
_BY = re.compile(r"\b(?:đến|tới|tính đến)\s+(?:hết\s+|cuối\s+|nay,?\s+)?(?:ngày\s+)?$", re.IGNORECASE)
_PERIOD_WORD = re.compile(r"20\d\d|\b(?:ngày|tháng|quý|quí)\s", re.IGNORECASE)
_NOT_AS_OF = re.compile(
    r"(?:so với|so|cùng kỳ|kế hoạch|chỉ tiêu|mục tiêu|dự toán|bằng)\s+(?:\S+\s+){0,2}$"
    r"|\b(?:ký|ban hành|Quyết định|Kế hoạch|Công văn|Tờ trình|Nghị quyết|Thông báo|Báo cáo|Luật)\s+(?:ngày\s+)?$"
    r"|\b(?:trước|từ|sớm hơn|chậm nhất)\s+(?:ngày\s+|năm\s+|tháng\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure with its span, value, the number as printed and the unit; `is_rank` for a place in an order; `hedge` is
    the word that makes it approximate («gần»), in small letters."""

    start: int
    end: int
    value: float
    printed: str
    unit: str
    is_rank: bool = False
    starts_words: int = 0  # where the words of the figure begin («xếp thứ» 11/34)
    hedge: str = ""


def find_reported(sentence: str) -> list[Reported]:
    """The reported figures from left to right; targets that a result is held against are none."""
    if not _DIGIT.search(sentence):
        return []
    found: list[Reported] = []
    for match in _RANK.finditer(sentence):
        if _RANKED.search(match.group()):
            start = match.start("rank")
            found.append(Reported(start, match.end(), parse_number(match["rank"]), sentence[start : match.end()], "", True, match.start()))
    for match in _RATIO.finditer(sentence):
        part, whole = parse_number(match.group(1)), parse_number(match.group(2))
        is_date = part > whole and whole <= 12
        if is_date or _is_taken(found, match.start()) or _CITED.search(sentence[: match.start()]):
            continue
        if _DOCUMENTS_DAY.search(sentence, max(0, match.start() - 90), match.start()):
            continue
        unit = read_counted(sentence[match.end() :])
        hedge = _HEDGE.search(sentence[: match.start()])
        word = hedge.group(1).lower() if hedge else ""
        start = match.start()
        found.append(Reported(start, match.end(), part, match.group(), unit, starts_words=start, hedge=word))
    for figure in find_figures(sentence):
        start = sentence.find(figure.printed, figure.start)
        before, after = sentence[:start], sentence[figure.end :]
        if _is_taken(found, start) or _CITED.search(before) or _AIMED.search(before):
            continue
        if (_EXCEEDS.search(before) and "so với" in after[:60]) or (figure.word in _AT_LEAST_ONE and figure.value <= 1):
            continue
        unit = figure.unit or (read_counted(after) if figure.word or figure.value >= 10 else "")
        unit = unit or _unit_before(sentence, found, start, figure.end)
        if unit:
            word = figure.word if _HEDGE.match(figure.word) else ""
            found.append(Reported(start, figure.end, figure.value, figure.printed, unit, starts_words=figure.start, hedge=word))
    return sorted(found, key=lambda one: one.start)


def _unit_before(sentence: str, found: list[Reported], start: int, end: int) -> str:
    if not found or not _BARE_BEFORE.search(sentence[:start]) or not _BARE_AFTER.match(sentence, end):
        return ""
    last = found[-1]
    is_counted = last.unit and not is_measure(last.unit) and last.end <= start
    return last.unit if is_counted and last.unit.lower() in sentence[last.end + len(last.unit) + 1 : start].lower() else ""


def _is_taken(found: list[Reported], start: int) -> bool:
    return any(one.start <= start < one.end for one in found)


def stated_date(text: str, *, as_of: str = "") -> str:
    """The day, month or year that a sentence reports for, ISO: «Trong tháng 7/2025» → «2025-07»; empty when none.

    The date of a cited document is none, nor is a year that something is compared with or planned for. A month or a day
    printed without a year («đến ngày 30/6») is of the year of `as_of`, the document's own date, unless it lies after it.
    """
    if not _PERIOD_WORD.search(text):
        return ""
    cited = find_citations(text) if "/" in text or "-" in text else []
    periods = find_periods(text)
    if as_of:
        with_year = {(one.start, one.end) for one in periods}
        periods = [
            one
            for one in find_periods(text, year=int(as_of[:4]))
            if (one.start, one.end) in with_year or _as_iso(one)[: len(as_of)] <= as_of
        ]
    good = [
        period
        for period in periods
        if period.grain is not Grain.YEARS
        and not period.cited
        and not any(one.start <= period.start < one.end for one in cited)
        and not _NOT_AS_OF.search(text, max(0, period.start - 40), period.start)
    ]
    if not good:
        return ""
    return _as_iso(next((period for period in good if _BY.search(text, max(0, period.start - 24), period.start)), good[0]))


def _as_iso(period: Period) -> str:
    if period.grain is Grain.DAY:
        return period.last.isoformat()
    return f"{period.last.year}" if period.grain is Grain.YEAR else f"{period.last:%Y-%m}"
