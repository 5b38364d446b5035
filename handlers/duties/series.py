"""Turns of the same thing: which duties belong together because one is the next period's of the other."""

from __future__ import annotations

from dataclasses import dataclass

from db.deadlines import Recurrence
from db.duties import Duty, Proposal, words_of


@dataclass(frozen=True, slots=True)
class Series:
    """What the turns of one agency's recurring duty have in common."""

    document_id: int | None
    source: str
    clause: str
    agency_code: str
    task: str
    recurrence: Recurrence | None

    @classmethod
    def of(cls, duty: Duty | Proposal) -> Series:
        # A document is known by its number; without one by what somebody wrote down.
        source = "" if duty.document_id is not None else duty.source
        return cls(duty.document_id, source, duty.clause, duty.agency_code, words_of(duty.task), duty.rule.recurrence)
