"""Turns of the same thing: which duties belong together because one is the next period's of the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from db.deadlines import Recurrence
from db.duties import Duty, DutyOutcome, Proposal, words_of

# A yearly duty's turn before the last.
REMEMBERED = dt.timedelta(days=800)
_GIVEN_UP = (DutyOutcome.DROPPED, DutyOutcome.SUPERSEDED)


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

    def any_rhythm(self) -> Series:
        """The same task of the same agency, however often it comes back."""
        return replace(self, recurrence=None)


def is_over_with(turns: Sequence[Duty]) -> bool:
    """Whether a person gave up the latest of these turns: then none comes after it."""
    latest = max(turns, key=lambda one: one.rule.last_day or dt.date.min, default=None)
    return latest is not None and latest.outcome in _GIVEN_UP


def leave_out_settled(proposals: Iterable[Proposal], known: Iterable[Duty], before: Iterable[tuple[Duty, str]] = ()) -> list[Proposal]:
    """The proposals whose series nobody has decided about: one that was confirmed goes on by itself, one that was given up or
    stopped does not come back. What is known already stays, whatever became of it. `before`: (duty, an agency that it once
    was proposed for)."""
    turns: dict[Series, list[Duty]] = {}
    for duty in known:
        turns.setdefault(Series.of(duty), []).append(duty)
    settled = {
        series
        for series, each in turns.items()
        if is_over_with(each) or any(one.confirmed_at is not None or one.outcome is DutyOutcome.SPLIT or not one.repeats for one in each)
    }
    owners = [(one, one.agency_code) for series in settled for one in turns[series]]
    owners += [(duty, agency) for duty, agency in before if Series.of(duty) in settled]
    # The words may have been corrected since; then the fact that both come from tells.
    words = {replace(Series.of(one), agency_code=agency) for one, agency in owners}
    facts = {(one.assignment_id, agency, one.rule.recurrence) for one, agency in owners if one.assignment_id is not None}
    fingerprints = {duty.fingerprint for each in turns.values() for duty in each}
    return [
        one
        for one in proposals
        if one.rule.recurrence is None
        or one.fingerprint in fingerprints
        or (Series.of(one) not in words and (one.assignment_id, one.agency_code, one.rule.recurrence) not in facts)
    ]
