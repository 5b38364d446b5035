"""Vietnamese dates and periods: «15/01/2026», «Quí I/2026», «6 tháng đầu năm 2026», «từ 01/8/2025 đến 31/12/2025».

Matching is done on folded text, so that the same phrase typed without marks is read too. Texts are NFC
(`knowledge.text.normalise`); all spans are offsets into the text given.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

from knowledge.text import fold

# Civil time in Vietnam has been UTC+7 without daylight saving since 1975.
VIETNAM = dt.timezone(dt.timedelta(hours=7))


class Grain(IntEnum):
    """How finely a period is named; ordered from fine to coarse."""

    DAY = 1
    MONTH = 2
    QUARTER = 3
    HALF = 4
    YEAR = 5
    YEARS = 6


@dataclass(frozen=True, slots=True)
class Period:
    """Days named in a text: `first` and `last` both belong to it. `start`, `end` is where it is printed.

    `cited` is true for the date of a cited document («Quyết định số 327/QĐ-UBND ngày 26/5/2025»).
    """

    first: dt.date
    last: dt.date
    grain: Grain
    start: int
    end: int
    cited: bool = False


def last_day(due_on: dt.date, *, inclusive: bool) -> dt.date:
    """The last permitted day: «trước ngày 15/01/2026» → 14/01, «chậm nhất ngày 15/01/2026» → 15/01."""
    return due_on if inclusive else due_on - dt.timedelta(days=1)


def due_at(last: dt.date) -> dt.datetime:
    """The instant (UTC) from which a duty with that last day is late: the midnight of +07:00 after it, exclusive."""
    return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), VIETNAM).astimezone(dt.UTC)


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def quarter(year: int, number: int) -> tuple[dt.date, dt.date]:
    """First and last day of quarter 1-4."""
    return dt.date(year, 3 * number - 2, 1), month_end(year, 3 * number)


_Days = tuple[dt.date, dt.date]
_Reader = Callable[[re.Match[str], int | None], _Days | None]

_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_OF_YEAR = rf"(?:\s?[/-]\s?(?:nam\s+)?|,?\s+(?:cua\s+)?nam\s+|\s+){_YEAR}"
_MAYBE_YEAR = rf"(?:{_OF_YEAR})?"
_QUARTER = r"(?:iv|i{1,3}|0?[1-4])(?!\w)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def _year(match: re.Match[str], default: int | None) -> int | None:
    printed = match.groupdict().get("year")
    return int(printed) if printed else default


def _read_day(match: re.Match[str], default: int | None) -> _Days | None:
    year = _year(match, default)
    if year is None:
        return None
    try:
        day = dt.date(year, int(match["month"]), int(match["day"]))
    except ValueError:  # 31/02: printed so, and no day
        return None
    return day, day


def _read_month(match: re.Match[str], default: int | None) -> _Days | None:
    year = _year(match, default)
    until = int(match.groupdict().get("until") or match["month"])
    month = int(match["month"])
    if year is None or not 1 <= month <= until <= 12:
        return None
    return dt.date(year, month, 1), month_end(year, until)


def _read_quarter(match: re.Match[str], default: int | None) -> _Days | None:
    year = _year(match, default)
    numbers = [_ROMAN.get(one) or int(one) for one in re.findall(r"iv|i{1,3}|[1-4]", match["quarters"])]
    if year is None or not numbers:
        return None
    return quarter(year, min(numbers))[0], quarter(year, max(numbers))[1]


def _read_part(match: re.Match[str], default: int | None) -> _Days | None:
    year, months = _year(match, default), {"ba": 3, "sau": 6, "chin": 9}
    if year is None:
        return None
    length = months.get(match["months"]) or int(match["months"])
    if match["side"] == "dau":
        return dt.date(year, 1, 1), month_end(year, length)
    return dt.date(year, 13 - length, 1), dt.date(year, 12, 31)


def _read_half(match: re.Match[str], default: int | None) -> _Days | None:
    year = _year(match, default)
    if year is None:
        return None
    return (dt.date(year, 1, 1), dt.date(year, 6, 30)) if match["side"] == "dau" else (dt.date(year, 7, 1), dt.date(year, 12, 31))


def _read_year(match: re.Match[str], default: int | None) -> _Days | None:
    year = _year(match, default)
    return None if year is None else (dt.date(year, 1, 1), dt.date(year, 12, 31))


def _read_years(match: re.Match[str], default: int | None) -> _Days | None:
    first, last = int(match["year"]), int(match["until"])
    return (dt.date(first, 1, 1), dt.date(last, 12, 31)) if first <= last else None


_ON = r"(?:\bngay\s+)?(?<![\d/.,-])(?P<day>\d{1,2})"
_TO = r"\s*(?:-|–|—|den|toi)\s*(?:het\s+)?(?:nam\s+)?(?P<until>20\d\d)(?!\d)"
_AND = r"\s*(?:,|va|-|–|den)\s*"
_FORMS: tuple[tuple[Grain, re.Pattern[str], _Reader], ...] = tuple(
    (grain, re.compile(pattern, re.VERBOSE), reader)
    for grain, pattern, reader in (
        (Grain.YEARS, rf"\b(?:giai\ doan|thoi\ ky|nhiem\ ky)\s+(?:tu\s+)?(?:nam\s+)?{_YEAR}{_TO}", _read_years),
        (Grain.YEARS, rf"\btu\s+nam\s+{_YEAR}{_TO}", _read_years),
        (Grain.DAY, rf"{_ON}\s?[/.-]\s?(?P<month>\d{{1,2}})\s?[/.-]\s?{_YEAR}(?![/-]\w)", _read_day),
        (Grain.DAY, rf"{_ON}\s+thang\s+(?P<month>\d{{1,2}})(?!\d)(?:(?:,?\s+nam\s+|/){_YEAR})?", _read_day),
        (Grain.DAY, r"\bngay\s+(?P<day>\d{1,2})\s?[/-]\s?(?P<month>\d{1,2})(?!\s?[/-]?\d)(?![/-]\w)", _read_day),
        (Grain.MONTH, rf"\bthang\s+(?P<month>\d{{1,2}})(?!\d)(?:{_AND}(?:thang\s+)?(?P<until>\d{{1,2}})(?!\d))?{_MAYBE_YEAR}", _read_month),
        (Grain.MONTH, rf"(?<![\w/.,-])(?<!so\ )(?P<month>0?[1-9]|1[0-2])/{_YEAR}(?![/-]\w)", _read_month),
        (Grain.QUARTER, rf"\bqu[iy]\s+(?P<quarters>{_QUARTER}(?:{_AND}(?:qu[iy]\s+)?{_QUARTER})*){_MAYBE_YEAR}", _read_quarter),
        (Grain.HALF, rf"\b(?P<months>0?[2-9]|1[01]|ba|sau|chin)\s+thang\s+(?P<side>dau|cuoi)\s+nam(?:\s+{_YEAR})?", _read_part),
        (Grain.HALF, rf"\bnua\s+(?P<side>dau|cuoi)\s+nam(?:\s+{_YEAR})?", _read_half),
        (Grain.YEAR, rf"\bnam\s+{_YEAR}", _read_year),
    )
)
_DIGIT = re.compile(r"\d")
_WORDED = re.compile(r"\bqu[iy]\s|\b(?:dau|cuoi)\s+nam\b")  # periods without a figure: «Quý IV», «nửa đầu năm»
_JOINS = re.compile(r"\s*(?:den|toi|-|–|—)\s*(?:het\s+)?(?:ngay\s+)?")
_FROM = re.compile(r"\btu\s+(?:ngay\s+)?$")
_OPEN_FROM = re.compile(r"\btu\s+(?:ngay\s+)?(\d{1,2})(?:/(\d{1,2}))?\s*(?:den|-|–)\s*(?:het\s+)?(?:ngay\s+)?$")
_END_OF = re.compile(r"\bcuoi\s+(?:cua\s+)?$")
_DOCUMENT_NUMBER = re.compile(r"\d[\w.]*\s?[/-]\s?[\w&/.-]*[^\W\d_][\w&/.-]*\s*,?\s*(?:ngay\s+)?$")


def find_periods(text: str, *, year: int | None = None) -> list[Period]:
    """Every day, month, quarter, half, year and range named, in reading order, the longest reading of each place.

    `year` is taken for dates printed without one («ngày 15/6»); without it they are left out.
    «từ 01/8/2025 đến 31/12/2025» is one period; «đến hết năm 2030» gives the period «năm 2030».
    """
    folded = fold(text)
    if not _DIGIT.search(folded) and (year is None or not _WORDED.search(folded)):
        return []
    found: list[Period] = []
    for grain, pattern, reader in _FORMS:
        for match in pattern.finditer(folded):
            days = reader(match, year)
            if days:
                cited = grain is Grain.DAY and _DOCUMENT_NUMBER.search(folded[: match.start()]) is not None
                found.append(_at_its_end(Period(*days, grain, match.start(), match.end(), cited), folded))
    found.sort(key=lambda one: (one.start, -one.end))
    return _ranges(_longest(found), folded)


def _at_its_end(one: Period, folded: str) -> Period:
    """«cuối tháng 6/2025» is the month's last ten days, «cuối quý», «cuối năm» the last month, the last quarter."""
    edge = _END_OF.search(folded[: one.start])
    if not edge or one.grain not in (Grain.MONTH, Grain.QUARTER, Grain.YEAR):
        return one
    back = {Grain.MONTH: 0, Grain.QUARTER: 0, Grain.YEAR: 2}[one.grain]
    first = dt.date(one.last.year, one.last.month - back, 21 if one.grain is Grain.MONTH else 1)
    return replace(one, first=first, start=edge.start())


def _longest(found: list[Period]) -> list[Period]:
    kept: list[Period] = []
    for one in found:
        if kept and one.start < kept[-1].end:
            if one.end - one.start > kept[-1].end - kept[-1].start:
                kept[-1] = one
        else:
            kept.append(one)
    return kept


def _ranges(periods: list[Period], folded: str) -> list[Period]:
    """Join «từ A đến B»; an A without month or year («từ 01/3 đến 15/6/2026») takes B's."""
    joined: list[Period] = []
    for one in periods:
        before = joined[-1] if joined else None
        if before and not before.cited and _JOINS.fullmatch(folded[before.end : one.start]) and before.first <= one.last:
            head = _FROM.search(folded[: before.start])
            if head or folded[before.end : one.start].strip() in {"-", "–", "—"}:
                start = head.start() if head else before.start
                joined[-1] = Period(before.first, one.last, max(before.grain, one.grain), start, one.end)
                continue
        joined.append(_opened(one, folded[: one.start]) or one)
    return joined


def _opened(one: Period, before: str) -> Period | None:
    opening = _OPEN_FROM.search(before) if one.grain is Grain.DAY else None
    if not opening:
        return None
    try:
        first = dt.date(one.first.year, int(opening[2] or one.first.month), int(opening[1]))
    except ValueError:
        return None
    return Period(first, one.last, Grain.DAY, opening.start(), one.end) if first < one.last else None
