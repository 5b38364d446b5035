"""The facts that understanding a document yields: plain values, each with the words it was read from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Comparator(StrEnum):
    """How a target's value is meant."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "="
    RANGE = "range"
    ABOUT = "about"
    TEXT = "text"


class Recurrence(StrEnum):
    """How often an assignment comes back (ISO 8601 durations, and on demand)."""

    TWO_WEEKS = "P2W"
    MONTH = "P1M"
    QUARTER = "P3M"
    HALF_YEAR = "P6M"
    YEAR = "P1Y"
    AD_HOC = "adhoc"


@dataclass(frozen=True, slots=True)
class Target:
    """One figure (or stated aim) that a document wants reached by a horizon year.

    `printed` is the value as it stands in the text («1,5», «07», «80 - 90»); `quote` is an unbroken run of the
    document's words that holds it. `paragraph` is the ordinal of the paragraph it was read from.
    """

    clause: str
    paragraph: int
    page: int | None
    indicator: str
    comparator: Comparator
    value: float | None
    value_max: float | None
    printed: str
    unit: str
    base: str
    horizon_year: int | None
    per_year: bool
    quantified: bool
    quote: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A figure reported as reached. `as_of` is ISO: a day, a month («2025-07») or a year; empty when unknown.

    `hedge` keeps «gần», «khoảng», «ước», «trên», «hơn» as printed; `scope` keeps «Quảng Ngãi cũ», «cấp xã».
    """

    clause: str
    paragraph: int
    page: int | None
    indicator: str
    value: float
    printed: str
    unit: str
    approximate: bool
    hedge: str
    scope: str
    as_of: str
    quote: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be done, by whom, by when. An empty `lead` means that the text names nobody.

    `due_text` is the deadline as printed («trước ngày 15/01/2026»); `due_on` the date printed or the period's last
    day; `inclusive` is false only for «trước».
    """

    clause: str
    paragraph: int
    page: int | None
    task: str
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    report_to: tuple[str, ...]
    due_on: dt.date | None
    due_text: str
    inclusive: bool
    period_from: dt.date | None
    period_to: dt.date | None
    recurrence: tuple[Recurrence, ...]
    quote: str


class RelationKind(StrEnum):
    """How one document stands to another."""

    REPLACES = "replaces"
    UNDER_REVIEW = "under_review"


@dataclass(frozen=True, slots=True)
class Relation:
    """`newer` replaces `older` (numbers as printed; empty means the document itself), or `older` is to be revised."""

    kind: RelationKind
    newer: str
    older: str
    clause: str
    paragraph: int
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form that the document defines itself: «Khoa học và Công nghệ (KH&CN)»."""

    short: str
    long: str
