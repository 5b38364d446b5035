"""Deadlines: the words that make a date or a period a limit, told from meetings, citations and horizons.

«trước ngày 15/01/2026», «chậm nhất trong ngày 08/4/2026», «hoàn thành trong Quí I/2026», «thời hạn: 15/6/2026».
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from knowledge.dates import Grain, Period, find_periods
from knowledge.text import fold


@dataclass(frozen=True, slots=True)
class Deadline:
    """Words that set a last day. `due_on` is the date printed or the period's last day, None where no day can be told
    («trong vòng 10 ngày kể từ ngày ban hành»); `inclusive` is false only for «trước»; `text` is as printed.

    `firm` is false for «trong năm 2026», «đến ngày 30/6/2025» and «trong Quý I/2026» without a word that makes them a limit:
    whether they are one depends on the sentence.
    """

    due_on: dt.date | None
    inclusive: bool
    text: str
    firm: bool
    start: int
    end: int


_JOINED = re.compile(r"\b(?:den|toi)\b|[-–—]")
_HOUR = r"\d{1,2}\s*(?:gio|h|g|:)\s*(?:\d{1,2})?\s*(?:phut)?,?\s*"
_LATEST = r"(?:cham nhat|muon nhat|tre nhat|khong (?:muon|cham|tre) hon|khong qua|toi da)"
_INTO = r"(?:(?:la|vao|den|trong|het|cuoi)\s+){0,3}"
_TERM = (
    r"(?:(?:thoi han|han cuoi(?: cung)?|han chot|han|thoi gian|tien do)\s+(?:hoan thanh|thuc hien|bao cao|gui|nop|trinh|ban hanh|xong)"
    r"|thoi han|han cuoi(?: cung)?|han chot)\s*:?|(?:thoi gian|tien do|han)\s*:"
)
_DONE = r"(?:hoan thanh|hoan tat|xong|ket thuc)\s+"
_CUES: tuple[tuple[re.Pattern[str], bool, bool], ...] = tuple(
    (re.compile(rf"\b{pattern}$"), inclusive, firm)
    for pattern, inclusive, firm in (
        (rf"(?:{_LATEST}\s+(?:la\s+)?)?truoc\s+{_HOUR}", True, True),  # the hour is on the day, so the day still counts
        (rf"(?:{_LATEST}\s+(?:la\s+)?)?truoc\s+(?:thoi diem\s+)?", False, True),
        (rf"{_LATEST}\s*:?\s+{_INTO}(?:{_HOUR})?", True, True),
        (rf"(?:{_TERM})\s*(?:la\s+)?(?:{_LATEST}\s+)?{_INTO}", True, True),
        (rf"{_DONE}{_INTO}", True, True),
        (r"den\s+het\s+", True, True),
        (r"(?:trong|het)\s+(?:thoi gian\s+)?", True, False),
        (r"(?:vao|den)\s+", True, False),
    )
)
_TRIMMED = re.compile(rf"(?:{_DONE}|(?:{_TERM})\s*(?:la\s+)?)")
_VAGUE = re.compile(r"\b(?:dau|giua)\s+(?:cua\s+)?$")
_REPORTED = re.compile(
    r"\b(?:uoc|so lieu)\s+(?:[a-z]+\s+){0,2}$"
    r"|\b(?:da|duoc)\s+(?:duoc\s+)?(?:ban hanh|cap|phe duyet|thanh lap|dau tu|cong bo|trang bi|ky(?: ket)?|xay dung|thuc hien)\s+$"
)
_RELATIVE = re.compile(
    r"\b(?:cham nhat|khong qua|trong|trong vong|trong thoi han|toi da)\s+(?:la\s+)?(?:trong\s+)?(?:vong\s+|thoi han\s+|thoi gian\s+)?"
    r"\d{1,3}\s+(?:ngay|tuan|thang|gio)(?:\s+lam viec)?(?:\s*,?\s*(?:ke\s+)?(?:tu|sau)\s+(?:khi|ngay)[^.;,)]{0,80})?"
)
_MONTHLY = re.compile(
    r"\b(?:cham nhat\s+(?:la\s+)?(?:vao\s+)?|truoc\s+|vao\s+)ngay\s+\d{1,2}\s*"
    r"(?:(?:cua\s+)?(?:hang|moi)\s+(?:thang|quy)|(?:cua\s+)?thang\s+[^\d\s.;)][^.;,)]{0,40}|(?=[),.;]|$))"
)
_UNREAD = re.compile(r"\b(?:truoc|cham nhat(?:\s+(?:la|vao|trong|den)){0,2})\s+(?:ngay\s+)?\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?(?![\d/-])")


def find_deadlines(text: str, *, year: int | None = None) -> list[Deadline]:
    """The deadlines a text sets, in reading order; dates without a deadline's words (meetings, cited documents) are none.

    «chậm nhất trong ngày 08/4/2026» → 08/4, «hoàn thành trong Quí I/2026» → 31/3, «trước tháng 7/2025» → 01/7 not
    inclusive, «trước ngày 20/6» without a `year` → no day, the words only. «giai đoạn 2026 - 2030», «đến năm 2030» and
    «khẩn trương» set none.
    """
    folded = fold(text)
    periods = find_periods(text, year=year)
    found = [one for period in periods if (one := _deadline(period, text, folded))]
    taken = [(one.start, one.end) for one in periods] + [(one.start, one.end) for one in found]
    for pattern, firm in ((_RELATIVE, False), (_MONTHLY, True), (_UNREAD, True)):
        for match in pattern.finditer(folded):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                printed = text[match.start() : match.end()].rstrip(" ,")
                found.append(Deadline(None, not match[0].startswith("truoc"), printed, firm, match.start(), match.start() + len(printed)))
                taken.append((match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _deadline(period: Period, text: str, folded: str) -> Deadline | None:
    if period.grain is Grain.YEARS:
        return None
    before = folded[: period.start]
    vague = _VAGUE.search(before)
    if vague:
        before = before[: vague.start()]
    at_its_end = folded.startswith("cuoi", period.start)
    for pattern, inclusive, firm in _CUES:
        cue = pattern.search(before)
        if not cue:
            continue
        if _REPORTED.search(before[: cue.start()]) or _is_counted_up_to(text, cue.start()):
            return None
        if cue[0].startswith("den ") and not firm and period.grain is not Grain.DAY and not at_its_end:
            return None  # «đến năm 2030» is a horizon
        trimmed = _TRIMMED.match(folded[: period.start], cue.start())
        start = trimmed.end() if trimmed else cue.start()
        due_on = None if vague else period.last if inclusive or at_its_end else period.first
        return Deadline(due_on, inclusive, text[start : period.end], firm, start, period.end)
    is_span = _JOINED.search(folded, period.start, period.end) and (period.grain is Grain.DAY or before.endswith("tu "))
    if at_its_end or is_span:
        return Deadline(period.last, True, text[period.start : period.end], False, period.start, period.end)
    return None


def _is_counted_up_to(text: str, at: int) -> bool:
    """«tính đến ngày 30/6/2026» reports; «tỉnh» before «trước ngày» is another word."""
    return text[:at].rstrip().lower().endswith(" tính") or text[:at].strip().lower() == "tính"
