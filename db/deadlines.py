"""The rule behind a deadline: what was printed, and what it means."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Recurrence(StrEnum):
    """How often a duty comes back: ISO 8601 durations, and on demand."""

    TWO_WEEKS = "P2W"
    MONTH = "P1M"
    QUARTER = "P3M"
    HALF_YEAR = "P6M"
    YEAR = "P1Y"
    AD_HOC = "adhoc"


class DeadlineRule(BaseModel):
    """A deadline as its document words it, kept beside every day derived from it.

    `printed` is the document's wording («trước ngày 15/01/2026»), empty when an administrator set the day.
    `due_on` is the date printed, or the last day of the period printed; `inclusive` is false only for «trước».
    `last_day` is the last permitted day: the day before `due_on` when not inclusive. `anchor` is a day on which a
    two-week period begins.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    printed: str = ""
    due_on: date | None = None
    inclusive: bool = True
    last_day: date | None = None
    period_from: date | None = None
    period_to: date | None = None
    recurrence: Recurrence | None = None
    anchor: date | None = None
