"""How the plan stands: how one duty does, and what the counts of many say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from db.duties import Duty, DutyOutcome, DutyState
from db.nudges import Nudge, NudgeState
from db.progress import ASKING_STEPS, Standing
from db.reports import ChangeKind, DutyChange, Status, StatusReport

DONE = (Standing.DONE_IN_TIME, Standing.DONE_LATE)
_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def stand(
    duty: Duty, reports: Iterable[StatusReport], nudges: Iterable[Nudge], changes: Iterable[DutyChange], at: dt.datetime
) -> Standing | None:
    """How a duty stands at an instant, from its own rows in any order; None where it was not on the list then.

    What was said, asked and closed is as it was at the instant; the last day is today's, since a day that was granted
    later counts. After a handing over only what came afterwards counts.
    """
    if duty.state is DutyState.PROPOSED or duty.outcome not in (None, DutyOutcome.DONE):
        return None
    if duty.confirmed_at is None or duty.confirmed_at > at:
        return None
    if duty.state is DutyState.CLOSED and duty.closed_at is not None and duty.closed_at <= at:
        return Standing.DONE_IN_TIME if duty.due_at is None or duty.closed_at < duty.due_at else Standing.DONE_LATE
    if duty.due_at is not None and duty.due_at <= at:
        return Standing.OVERDUE
    # Asked for a later day, or said not to be theirs: it cannot go on before the coordinators have decided.
    if duty.awaits is not None and (duty.awaited_at is None or duty.awaited_at <= at):
        return Standing.OBSTACLE
    since = max((one.at for one in changes if one.kind is ChangeKind.HANDED_OVER and one.at <= at), default=_EVER)
    said = last_report(reports, at, since=since)
    match said.status if said else None:
        case Status.OBSTACLE:
            return Standing.OBSTACLE
        # Reported done and still open: the coordinator has opened it again.
        case Status.IN_PROGRESS | Status.DONE:
            return Standing.IN_PROGRESS
        case Status.NOT_STARTED:
            return Standing.NOT_DUE
    was_asked = any(since < asked_at <= at for one in nudges if (asked_at := when_asked(one)) is not None)
    return Standing.NOT_REPORTED if was_asked else Standing.NOT_DUE


def last_report(reports: Iterable[StatusReport], at: dt.datetime, *, since: dt.datetime = _EVER) -> StatusReport | None:
    """The report that counts at an instant: the last that was not taken back."""
    counted = [one for one in reports if one.undone_at is None and since < one.at <= at]
    return max(counted, key=lambda one: one.id, default=None)


def when_asked(nudge: Nudge) -> dt.datetime | None:
    """When a reminder asked the duty's own agency; None where it did not, or has not gone out."""
    return nudge.settled_at if nudge.state is NudgeState.SENT and nudge.step in ASKING_STEPS else None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many duties stand how."""

    by_standing: Mapping[Standing, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_standing.values())

    @property
    def done(self) -> int:
        return sum(self.of(one) for one in DONE)

    def of(self, standing: Standing) -> int:
        return self.by_standing.get(standing, 0)

    def share(self, standing: Standing) -> int:
        """Per cent of all, rounded."""
        return round(100 * self.of(standing) / self.total) if self.total else 0


def sum_counts(counted: Iterable[Mapping[Standing, int]]) -> Counts:
    """The counts of all of them together, the worst state first."""
    added = list(counted)
    totals = {one: sum(each.get(one, 0) for each in added) for one in Standing}
    return Counts({one: count for one, count in totals.items() if count})


def worst_first(counted: Mapping[str, Mapping[Standing, int]]) -> list[tuple[str, Counts]]:
    """(agency code, its counts): the most overdue first, then the most obstacles, then the most without an answer."""
    ranked = [(code, sum_counts([each])) for code, each in counted.items()]
    worst = (Standing.OVERDUE, Standing.OBSTACLE, Standing.NOT_REPORTED)
    return sorted(ranked, key=lambda one: (*(-one[1].of(state) for state in worst), -one[1].total, one[0]))
