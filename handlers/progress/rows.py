"""A report's rows for scripts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from scheduler.calendar import VIETNAM
from scheduler.report import ReportRow


def report_row(one: ReportRow) -> dict[str, Any]:
    """One duty: {code, agency, people, task, document, clause, last_day, printed, coordinating, evidence, authority, state,
    status, percent, reported_at, reporter, note, obstacle, request, closed_on, days_late, reminders, reminded_at, silent}."""
    return {
        "code": one.code,
        "agency": one.agency,
        "people": list(one.people),
        "task": one.task,
        "document": one.source,
        "clause": one.clause,
        "last_day": _day(one.last_day),
        "printed": one.printed,
        "coordinating": list(one.coordinating),
        "evidence": list(one.products),
        "authority": one.authority,
        "state": one.standing.value,
        "status": one.status.value if one.status else None,
        "percent": one.percent,
        "reported_at": _instant(one.reported_at),
        "reporter": one.reporter,
        "note": one.note,
        "obstacle": one.obstacle,
        "request": one.request,
        "closed_on": _day(one.closed_on),
        "days_late": one.days_late,
        "reminders": one.reminders,
        "reminded_at": _instant(one.reminded_at),
        "silent": one.is_silent,
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: dt.datetime | None) -> str | None:
    return at.astimezone(VIETNAM).isoformat() if at else None
