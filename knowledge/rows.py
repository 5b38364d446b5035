"""What was understood of a document → rows for the database."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import Any

from db.documents import Content
from knowledge.understanding import Understood


def content_of(understood: Understood) -> Content:
    """Rows for the database: the columns of each table by name."""
    return Content(
        passages=[
            {
                "ordinal": one.ordinal,
                "paragraph": one.paragraph.ordinal,
                "kind": one.paragraph.kind.value,
                "clause": one.paragraph.clause,
                "headings": one.paragraph.headings,
                "marker": one.paragraph.marker,
                "text": one.text,
                "page": one.paragraph.page,
            }
            for one in understood.passages
        ],
        targets=[_row(one) for one in understood.targets],
        results=[_row(one) for one in understood.results],
        assignments=[_row(one) for one in understood.assignments],
        relations=[_row(one) for one in understood.relations],
        abbreviations=[_row(one) for one in understood.abbreviations],
    )


def _row(fact: Any) -> dict[str, object]:
    """A fact's fields by name; enums as their values."""
    return {column.name: _plain(getattr(fact, column.name)) for column in dataclasses.fields(fact)}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    return value.value if isinstance(value, StrEnum) else value
