"""What was read out of a version: targets, results, assignments, relations, abbreviations.

Column for column what understanding yields, so that a row goes in and comes out by name.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Json, Row


class Fact(Row):
    """What all facts have: the version, and the place in it."""

    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="version.id", ondelete="CASCADE", index=True)


class Target(Fact, table=True):
    """A figure, or an aim in words, that a document wants reached by `horizon_year`."""

    clause: str
    paragraph: int
    page: int | None
    indicator: str
    comparator: str
    value: float | None
    value_max: float | None
    printed: str
    unit: str
    base: str
    horizon_year: int | None
    per_year: bool
    quantified: bool
    quote: str
    group: str


class Result(Fact, table=True):
    """A figure reported as reached; `as_of` is ISO, may be a month or a year, empty when unknown."""

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


class Assignment(Fact, table=True):
    """What is to be done, by whom and by when; `recurrence` holds ISO 8601 durations, or `adhoc`."""

    clause: str
    paragraph: int
    page: int | None
    task: str
    lead: tuple[str, ...] = Field(sa_type=Json(tuple[str, ...]))
    coordinating: tuple[str, ...] = Field(sa_type=Json(tuple[str, ...]))
    report_to: tuple[str, ...] = Field(sa_type=Json(tuple[str, ...]))
    due_on: date | None
    due_text: str
    inclusive: bool
    period_from: date | None
    period_to: date | None
    recurrence: tuple[str, ...] = Field(sa_type=Json(tuple[str, ...]))
    quote: str


class Relation(Fact, table=True):
    """How one document stands to another, by their numbers as printed; empty means the document itself."""

    kind: str
    newer: str
    older: str
    clause: str
    paragraph: int
    page: int | None
    quote: str


class Abbreviation(Fact, table=True):
    """A short form that the document defines itself."""

    short: str
    long: str


async def get_assignments(session: AsyncSession, ids: Collection[int]) -> dict[int, Assignment]:
    """The assignments with these ids, by id."""
    found = await session.execute(select(Assignment).where(col(Assignment.id).in_(ids)))
    return {one.id: one for one in found.scalars()}
