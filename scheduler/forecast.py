"""What confirming duties would bring: who is written to on which days while nobody answers. Asks the planner's own `decide`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from db.duties import Duty, DutyState
from db.nudges import Escalation, Step
from scheduler.audience import People
from scheduler.calendar import local_day
from scheduler.course import Rules, course_of
from scheduler.ladder import next_rung
from scheduler.planner import decide


@dataclass(frozen=True, slots=True)
class Day:
    """The messages of one day, one a person; `others` of them go to people who are told because an agency cannot be reached
    or is overdue (leaders, coordinators) only. `is_late`: everything in them is overdue."""

    day: dt.date
    messages: int
    others: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """`days` in order; `reached`: the people of the agencies who are reminded; `unreached`: agencies of which nobody is."""

    days: tuple[Day, ...]
    reached: frozenset[int]
    unreached: tuple[str, ...]


@dataclass(slots=True)
class _Told:
    """Who is told on one day, and whether as one who has to do it."""

    people: dict[int, bool] = field(default_factory=dict)
    is_late: bool = True


def forecast(duties: Iterable[Duty], people: People, rules: Rules, *, now: dt.datetime, late_days: int = 7) -> Forecast:
    """Every message that these duties would bring if they were confirmed now, until so many days after the last day; an open
    duty goes on from where it is. The people are those of today; several duties of one person on one day are one message."""
    told: defaultdict[dt.date, _Told] = defaultdict(_Told)
    reached: set[int] = set()
    is_reached: dict[str, bool] = {}
    for duty in duties:
        if duty.last_day is not None:
            is_reached.setdefault(duty.agency_code, False)
        for is_late, day, contact_id, step in _walk(duty, people, rules, now, late_days):
            is_own = step is Step.FOCAL_POINT
            told[day].people[contact_id] = told[day].people.get(contact_id, False) or is_own
            told[day].is_late &= is_late
            if is_own:
                is_reached[duty.agency_code] = True
                reached.add(contact_id)
    days = [Day(day, len(one.people), sum(not is_own for is_own in one.people.values()), one.is_late) for day, one in sorted(told.items())]
    return Forecast(tuple(days), frozenset(reached), tuple(code for code, known in is_reached.items() if not known))


def _walk(duty: Duty, people: People, rules: Rules, now: dt.datetime, late_days: int) -> Iterable[tuple[bool, dt.date, int, Step]]:
    """(after the last day?, day, person, part) of each message that one duty brings, as if nobody answered."""
    if duty.last_day is None:
        return
    # A copy without a session: nothing of this is stored.
    one = Duty(**{name: getattr(duty, name) for name in Duty.model_fields if name not in ("state", "confirmed_at")})
    one.state, one.confirmed_at = DutyState.OPEN, duty.confirmed_at or now
    chain: Escalation | None = None
    latest = max(duty.last_day, local_day(now)) + dt.timedelta(days=late_days)
    at = now
    while (course := course_of(one, rules)) is not None:
        rung = next_rung(course, at, rules.working)
        if rung is None or rung.sent_on > latest:
            return
        at = rung.at
        decision = decide(one, course, people, chain, at, rules)
        if decision is None:
            return
        for person, step in decision.audience.told:
            yield rung.is_late, local_day(at), person.contact.id, step
        if decision.position:
            leaders = tuple(each.contact.id for each in people.of(one.agency_code).leaders)
            chain = chain or Escalation(
                duty_id=0, started_at=at, leader_ids=leaders, coordinator_ids=tuple(each.contact.id for each in people.coordinators)
            )
            chain.position = decision.position
        one.reminded_until = decision.rung.at
