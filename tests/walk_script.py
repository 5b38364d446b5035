"""What people do on the walk through the winter of 2025–2026, and when: the same for the assistant and for the oracle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    DONE = "done"
    REOPEN = "reopen"
    PROMISE = "promise"
    SNOOZE = "snooze"
    OBSTACLE = "obstacle"
    ASK = "ask"  # for a later day
    GRANT = "grant"
    REFUSE = "refuse"
    NOT_OURS = "not_ours"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Event:
    """On a day somebody does something about every open duty of an agency that was first due on `last_day`. `is_between`:
    at 08:05, when that morning's reminders are written and not sent yet; else at 15:00."""

    on: dt.date
    agency: str
    last_day: dt.date
    deed: Deed
    until: dt.date | None = None
    to: str = ""
    is_between: bool = False


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# «Gửi Sở KH&CN kế hoạch … trước ngày 15/01/2026», owed by all 116 agencies; the year's and the month's reports.
_PLAN, _YEAR, _MONTH, _QUARTER = _day("2026-01-14"), _day("2025-12-31"), _day("2026-01-31"), _day("2026-03-31")

SCRIPT = (
    Event(_day("2025-12-24"), "SNV", _YEAR, Deed.DONE),
    Event(_day("2025-12-31"), "STC", _YEAR, Deed.DONE, is_between=True),
    Event(_day("2026-01-09"), "SNV", _PLAN, Deed.DONE),
    Event(_day("2026-01-13"), "SYT", _PLAN, Deed.NOT_OURS),
    Event(_day("2026-01-14"), "STC", _PLAN, Deed.PROMISE, until=_day("2026-01-20")),
    Event(_day("2026-01-14"), "SCT", _PLAN, Deed.ASK, until=_day("2026-01-30"), is_between=True),
    Event(_day("2026-01-15"), "SXD", _PLAN, Deed.ASK, until=_day("2026-02-10")),
    Event(_day("2026-01-16"), "SYT", _PLAN, Deed.HAND_OVER, to="STP"),
    Event(_day("2026-01-19"), "SCT", _PLAN, Deed.GRANT, until=_day("2026-01-30")),
    *(Event(_day("2026-01-12"), f"X{number:02}", _PLAN, Deed.DONE) for number in range(20, 50)),
    *(Event(_day("2026-01-20"), f"X{number:02}", _PLAN, Deed.DONE) for number in range(50, 80)),
    Event(_day("2026-01-21"), "X83", _PLAN, Deed.DONE, is_between=True),
    Event(_day("2026-01-21"), "X81", _PLAN, Deed.OBSTACLE, is_between=True),
    Event(_day("2026-01-22"), "SXD", _PLAN, Deed.REFUSE),
    Event(_day("2026-02-02"), "SGDDT", _MONTH, Deed.DONE),
    Event(_day("2026-02-05"), "X84", _PLAN, Deed.SNOOZE, until=_day("2026-03-10")),
    Event(_day("2026-02-11"), "X85", _PLAN, Deed.PROMISE, until=_day("2026-02-17")),
    *(Event(_day("2026-02-25"), f"X{number:02}", _PLAN, Deed.DONE) for number in range(86, 94)),
    Event(_day("2026-03-02"), "X94", _PLAN, Deed.DONE),
    Event(_day("2026-03-09"), "X94", _PLAN, Deed.REOPEN),
    *(Event(_day("2026-03-24"), code, _QUARTER, Deed.DONE) for code in ("SNV", "SKHCN", "SNGV", "VPUB")),
    Event(_day("2026-03-31"), "TTT", _QUARTER, Deed.PROMISE, until=_day("2026-04-26")),
)
