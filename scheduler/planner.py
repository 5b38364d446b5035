"""Which reminders belong to a moment: what the ladder says, gathered into one message an agency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from db.duties import Duty, DutyState
from scheduler import wording
from scheduler.calendar import local_day
from scheduler.ladder import LADDER, Rung, due_rungs, offsets_for, rungs_of, same_day


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message that a moment calls for. `rung` is the most urgent step of its duties (-3: three days before);
    `contact` and `channel` are None while nobody of the agency is known; `reason` says why it will not be sent."""

    at: dt.datetime
    contact: str | None
    agency: str
    codes: tuple[str, ...]
    rung: int
    channel: str | None
    will_send: bool
    reason: str
    text: str


def plan_reminders(
    duties: Sequence[Duty],
    at: dt.datetime,
    *,
    agency_names: Mapping[str, str],
    sources: Mapping[int, str],
    ladder: Sequence[int] = LADDER,
    move: Callable[[dt.date], dt.date] = same_day,
) -> list[Reminder]:
    """The reminders that go out on the local day of `at`, once it is eight o'clock; closed and undated duties have none.

    Duties of one agency are one message with several codes; those still proposed stand apart from the confirmed ones.
    `sources` names each document by its id. `move` gives the day on which something meant for a day off goes out.
    """
    today = local_day(at)
    gathered: dict[tuple[str, bool], list[tuple[Duty, dt.date, Rung]]] = {}
    for duty in duties:
        if duty.state is DutyState.CLOSED or duty.last_day is None:
            continue
        due = due_rungs(duty.last_day, at, offsets=offsets_for(duty.rule.recurrence, ladder), move=move)
        if due:
            gathered.setdefault((duty.agency_code, duty.state is DutyState.PROPOSED), []).append((duty, duty.last_day, due[-1]))
    reminders = []
    for (code, is_proposed), owed in gathered.items():
        owed.sort(key=lambda one: (one[1], one[0].id))
        agency = agency_names.get(code, code)
        lines = [
            wording.NudgeLine(duty.code, duty.task, last_day, duty.rule.printed, f"{sources.get(duty.document_id, '')}, mục {duty.clause}")
            for duty, last_day, _ in owed
        ]
        reminders.append(
            Reminder(
                at=max(rung.at for _, _, rung in owed),
                contact=None,
                agency=agency,
                codes=tuple(duty.code for duty, _, _ in owed),
                rung=max(rung.offset for _, _, rung in owed),
                channel=None,
                will_send=False,
                reason=wording.PROPOSED if is_proposed else wording.NO_CONTACT,
                text=wording.nudge(agency, lines, today),
            )
        )
    return sorted(reminders, key=lambda one: (one.at, one.agency, one.codes))


def next_reminder_at(duties: Sequence[Duty], after: dt.datetime, *, ladder: Sequence[int] = LADDER) -> dt.datetime | None:
    """The first instant after this one at which the ladder reminds somebody of these duties; None when it never does."""
    rungs = (
        rung.at
        for duty in duties
        if duty.last_day is not None
        for rung in rungs_of(duty.last_day, offsets=offsets_for(duty.rule.recurrence, ladder))
    )
    return min((at for at in rungs if at > after), default=None)
