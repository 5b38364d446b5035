"""Days as people name them in a chat: «20/01», «thứ 6 tuần sau», «hết tháng 1», «3 ngày nữa», «thêm 1 tuần».

Works on folded words with chat spellings written out (`handlers.replies.words`); spans are offsets into those.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

_DAY, _WEEK = dt.timedelta(days=1), 7
_FRIDAY = 4
# A day without a year that was so recently is more likely that one than the one in a year.
_JUST_PASSED = dt.timedelta(days=45)
_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_WEEKDAYS = {"2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tu": 2, "5": 3, "nam": 3, "6": 4, "sau": 4, "7": 5, "bay": 5}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was named, from `start` to `end`. `has_passed`: it has no year, and was there only a short while ago."""

    on: dt.date
    start: int
    end: int
    has_passed: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """So many days on top of a last day: «thêm 5 ngày»."""

    days: int
    start: int
    end: int


def find_day(words: str, today: dt.date) -> Day | None:
    """The first day that is named. One without a year is the next such day, today included, never one in the past."""
    found: list[Day] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(words):
            if (day := read(match, today)) is not None:
                found.append(Day(day[0], match.start(), match.end(), day[1]))
    # The longest of those that begin first: «ngày 20 tháng 1», and not the «ngày 20» in it.
    return min(found, key=lambda one: (one.start, -one.end), default=None)


def find_more(words: str) -> More | None:
    """By how much a last day should be put off."""
    match = _MORE.search(words)
    if match is None:
        return None
    count = _number(match["count"]) or 1
    unit = {"ngay": 1, "hom": 1, "bua": 1, "tuan": _WEEK, "thang": 30}[match["unit"]]
    return More(count * unit, match.start(), match.end())


def find_wrong_day(words: str) -> str:
    """A day that no calendar has: «30/02», «đến 15/13»; empty where none is named. «15/20 xã» is a share."""
    for match in _READERS[0][0].finditer(words):
        day, month, year = int(match["day"]), int(match["month"]), match["year"]
        is_day = (1 <= day <= 31 and 1 <= month <= 12) or _NAMED_DAY.search(words[: match.start()]) or match[0].startswith("ngay ")
        if is_day and _on((int(year) if len(year) == 4 else 2000 + int(year)) if year else 2000, month, day) is None:
            return match[0].removeprefix("ngay ")
    return ""


_NAMED_DAY = re.compile(r"\b(?:den|toi|sang|ngay) $")
_Read = tuple[dt.date, bool] | None
_COUNT = r"(?P<count>\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)"
_MORE = re.compile(rf"\b(?:them )?(?:khoang )?{_COUNT} (?P<unit>ngay|hom|bua|tuan|thang)\b(?! nua)")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else _NUMBERS.get(text)


def _on(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _read_date(match: re.Match[str], today: dt.date) -> _Read:
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if year:
        on = _on(int(year) if len(year) == 4 else 2000 + int(year), month, day)
        return (on, False) if on else None
    # Four years hold every day there is.
    coming = next((on for ahead in range(5) if (on := _on(today.year + ahead, month, day)) and on >= today), None)
    if coming is None:
        return None
    before = next((on for back in range(2) if (on := _on(today.year - back, month, day)) and on < today), None)
    return coming, before is not None and today - before <= _JUST_PASSED and coming - today > _JUST_PASSED


def _read_day_of_month(match: re.Match[str], today: dt.date) -> _Read:
    year, month = today.year, today.month
    for _ in range(3):
        on = _on(year, month, int(match["day"]))
        if on is not None and on >= today:
            return on, False
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _read_month(match: re.Match[str], today: dt.date) -> _Read:
    named, part = match["month"], match["part"]
    year = int(match["year"] or today.year)
    if named in (None, "nay"):
        month = today.month
    elif named in ("sau", "toi"):
        year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    else:
        month = int(named)
        if not 1 <= month <= 12:
            return None
        if match["year"] is None and month < today.month:
            year += 1
    if part == "giua":
        on = dt.date(year, month, 15)
        return (on, False) if on >= today else None
    return _month_end(year, month), False


def _read_quarter(match: re.Match[str], today: dt.date) -> _Read:
    number = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(match["quarter"]) or int(match["quarter"])
    year = int(match["year"] or today.year)
    on = _month_end(year, number * 3)
    return (on if on >= today or match["year"] else _month_end(year + 1, number * 3)), False


def _read_year(match: re.Match[str], today: dt.date) -> _Read:
    return dt.date(int(match["year"] or today.year), 12, 31), False


def _read_weekday(match: re.Match[str], today: dt.date) -> _Read:
    weekday = 6 if match["sunday"] else _WEEKDAYS[match["weekday"]]
    if match["week"] in ("sau", "toi"):
        return _week(today, 1) + _DAY * weekday, False
    return today + _DAY * ((weekday - today.weekday()) % _WEEK), False


def _week(today: dt.date, ahead: int) -> dt.date:
    """The Monday of this week, or of one ahead."""
    return today + _DAY * (ahead * _WEEK - today.weekday())


def _read_week(match: re.Match[str], today: dt.date) -> _Read:
    """«cuối tuần» is for an office its Friday; said on a Saturday it is the Sunday."""
    part, is_next = match["part"], match["week"] in ("sau", "toi")
    if part is None and not is_next:
        return None
    begin = _week(today, 1 if is_next or part == "dau" else 0)
    on = begin + _DAY * {"dau": 0, "giua": 2}.get(part or "", _FRIDAY)
    return (on if on >= today else begin + _DAY * 6), False


def _read_ahead(match: re.Match[str], today: dt.date) -> _Read:
    count = _number(match["count"])
    days = (count or 0) * {"ngay": 1, "hom": 1, "bua": 1, "tuan": _WEEK, "thang": 30}[match["unit"]]
    return (today + _DAY * days, False) if count else None


def _fixed(days: int) -> Callable[[re.Match[str], dt.date], _Read]:
    return lambda _, today: (today + _DAY * days, False)


_YEAR = r"(?:[ /](?:nam )?(?P<year>20\d\d))?"
# «3/20 việc» is how many of them, and no day.
_SLASHED = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>20\d\d|\d\d))?(?![\d%/-]| (?:viec|phan|noi dung|muc|nhiem vu)\b)"
_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], _Read]], ...] = (
    (re.compile(rf"(?:\bngay )?(?<![\d/.-]){_SLASHED}"), _read_date),
    (re.compile(rf"(?:\bngay )?\b(?P<day>\d{{1,2}}) thang (?P<month>\d{{1,2}}){_YEAR}\b"), _read_date),
    (re.compile(r"\b(?:ngay|mung|hom) (?P<day>\d{1,2})(?![\d/.%-]| thang| ngay)"), _read_day_of_month),
    (re.compile(rf"\b(?P<part>het|cuoi|giua|trong)(?: trong)? thang(?: (?P<month>\d{{1,2}}|nay|sau|toi)(?![\d%]))?{_YEAR}\b"), _read_month),
    (re.compile(r"\b(?P<part>(?:trong )?)thang (?P<month>sau|toi)(?P<year>\b)"), lambda m, t: _read_next_month(t)),
    (re.compile(rf"\b(?:het|cuoi|trong) quy (?P<quarter>iv|i{{1,3}}|[1-4]){_YEAR}\b"), _read_quarter),
    (re.compile(r"\b(?:het|cuoi)(?: nam)(?: nay| (?P<year>20\d\d))?\b"), _read_year),
    (
        re.compile(r"\b(?:(?:thu |t)(?P<weekday>[2-7]|hai|ba|tu|nam|sau|bay)|(?P<sunday>chu nhat|cn))\b(?: tuan (?P<week>nay|sau|toi))?"),
        _read_weekday,
    ),
    (re.compile(r"\b(?:(?P<part>dau|giua|cuoi|het) )?(?:trong )?tuan(?: (?P<week>nay|sau|toi))?\b"), _read_week),
    (re.compile(rf"\b{_COUNT} (?P<unit>ngay|hom|bua|tuan|thang) nua\b"), _read_ahead),
    (re.compile(rf"\bsau {_COUNT} (?P<unit>ngay|hom|tuan)\b"), _read_ahead),
    (re.compile(r"\b(?:trong )?(?:hom|ngay|bua|chieu|toi|trua|cuoi ngay)(?: hom)? nay\b|\btrong ngay\b(?! \d)"), _fixed(0)),
    (re.compile(r"\b(?:(?:ngay|sang|chieu|toi|trua|bua) )?mai\b"), _fixed(1)),
    (re.compile(r"\b(?:ngay|bua) (?:mot|kia)\b"), _fixed(2)),
)


def _read_next_month(today: dt.date) -> _Read:
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return _month_end(year, month), False
