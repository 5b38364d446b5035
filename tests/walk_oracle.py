"""Who should have been reminded on the walk, worked out anew from the words of the rules by straight-line arithmetic of days.

Nothing of the scheduler is imported: a second opinion, slow and plain. One morning after the other, one duty after the
other: is it a morning on which this duty has a step, and if so, who gets a line.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from tests import province
from tests.walk_script import SCRIPT, Deed, Event

ONE = dt.timedelta(days=1)
# Weekdays without work from December to April, and the Saturday worked instead: the notices for 2025–2026.
OFF = {
    dt.date(2026, 1, 1),
    dt.date(2026, 1, 2),
    *(dt.date(2026, 2, day) for day in range(16, 21)),
    dt.date(2026, 4, 27),
    dt.date(2026, 4, 30),
}
WORKED = {dt.date(2026, 1, 10)}
FIRST, LAST = dt.date(2025, 12, 1), dt.date(2026, 4, 30)

# (day, person, duty, rung, part, state, reason)
Line = tuple[dt.date, str, str, int, str, str, str]


def works(day: dt.date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in OFF)


def next_working(day: dt.date) -> dt.date:
    while not works(day):
        day += ONE
    return day


@dataclass
class Owed:
    """A duty as the oracle remembers it."""

    code: str
    agency: str
    first_day: dt.date  # the last day it was opened with
    is_short: bool  # of a period of a month or less
    last_day: dt.date = field(init=False)
    is_open: bool = True
    is_undecided: bool = False
    quiet_until: dt.date | None = None
    asks_on: dt.date | None = None
    late: int = 0
    was_unreached: bool = False
    has_begun: bool = False

    def __post_init__(self) -> None:
        self.last_day = self.first_day

    def steps_on(self, morning: dt.date) -> list[int]:
        """The steps that land on this morning, in days from the last day; the last of them is the one that speaks."""
        found = []
        for offset in [*((-3, -1, 0) if self.is_short else (-14, -7, -3, -1, 0)), 1, 3, 7, *range(14, 200, 7)]:
            day = self.last_day + offset * ONE
            # What is many days off cannot land here: Tết moves a step by nine days at most.
            if abs((day - morning).days) > 10:
                continue
            lands = next_working(day)
            if offset <= 0 and lands > self.last_day:
                lands = day
                while not works(lands):
                    lands -= ONE
            if lands == morning:
                found.append(offset)
        return found


def expected(duties: list[tuple[str, str, dt.date, bool]]) -> list[Line]:
    """Every line of the record for these duties (code, agency, last day, of a short period), confirmed on the first morning."""
    owed = [Owed(*one) for one in duties]
    blocked: set[str] = set()
    lines: list[Line] = []
    day = FIRST + ONE
    while day <= LAST:
        if works(day):
            written: list[tuple[Owed, list[str]]] = []
            for duty in owed:
                told = _morning(duty, day, blocked)
                lines += told
                written.append((duty, [line[1] for line in told]))
            _deeds(owed, day, is_between=True)
            lines = [_at_sending(line, owed, day) if line[0] == day else line for line in lines]
            if any(line[0] == day and line[6] == "blocked" for line in lines):
                blocked.add(f"Đầu mối {province.BLOCKED}")
        else:
            _deeds(owed, day, is_between=True)
        _deeds(owed, day, is_between=False)
        day += ONE
    return sorted(lines)


def _morning(duty: Owed, day: dt.date, blocked: set[str]) -> list[Line]:
    if not duty.is_open or duty.is_undecided or (duty.quiet_until is not None and day <= duty.quiet_until):
        return []
    steps = duty.steps_on(day)
    before = duty.late
    duty.late += sum(one > 0 for one in steps)
    if not steps and duty.asks_on == day:
        assert duty.quiet_until is not None
        steps = [(duty.quiet_until + ONE - duty.last_day).days]
    if not steps:
        return []
    step = steps[-1]
    people = (province.focal_points(duty.agency), province.substitutes(duty.agency), province.leaders(duty.agency))
    if step > 0:
        people = (people[0] + people[1], [], people[2])
    lines: list[Line] = []
    told = False
    for place, group in enumerate(people):
        for name in group:
            why = _hindrance(name, duty.agency, day, blocked)
            part = "leader" if place == 2 and not why else "focal_point"
            lines.append((day, name, duty.code, step, part, "dropped" if why else "sent", why))
            told = told or not why
        if told:
            break
    above: list[tuple[str, str]] = []
    if before < 2 <= duty.late:
        above += [(name, "leader") for name in province.leaders(duty.agency)]
    if before < 3 <= duty.late:
        above.append((province.COORDINATOR, "coordinator"))
    elif not told and (not duty.has_begun or step == 0 or before < 1 <= duty.late):
        above.append((province.COORDINATOR, "unreached"))
    duty.has_begun = True
    lines += [(day, name, duty.code, step, part, "sent", "") for name, part in above]
    return sorted(set(lines))


def _hindrance(name: str, agency: str, day: dt.date, blocked: set[str]) -> str:
    if name == f"Đầu mối {province.SILENCED}":
        return "silenced"
    if name == f"Đầu mối {agency}":
        if agency in province.AWAY:
            first, last = province.AWAY[agency]
            if first <= day and (last is None or day <= last):
                return "away"
        if agency in province.UNLINKED:
            return "no_account"
        if name in blocked:
            return "off"
    return ""


def _at_sending(line: Line, owed: list[Owed], day: dt.date) -> Line:
    """What became of a line between being written and being sent."""
    if line[5] != "sent":
        return line
    (duty,) = [one for one in owed if one.code == line[2]]
    between = [
        one.deed for one in SCRIPT if one.on == day and one.is_between and (one.agency, one.last_day) == (duty.agency, duty.first_day)
    ]
    if Deed.DONE in between:
        return (*line[:5], "dropped", "closed")
    if Deed.ASK in between:
        return (*line[:5], "dropped", "undecided")
    if Deed.OBSTACLE in between:
        return (*line[:5], "dropped", "answered")
    if line[1] == f"Đầu mối {province.BLOCKED}":
        return (*line[:5], "dropped", "blocked")
    return line


def _deeds(owed: list[Owed], day: dt.date, *, is_between: bool) -> None:
    for event in SCRIPT:
        if event.on == day and event.is_between == is_between:
            for duty in owed:
                if (duty.agency, duty.first_day) == (event.agency, event.last_day):
                    _do(duty, event)


def _do(duty: Owed, event: Event) -> None:
    match event.deed:
        case Deed.DONE:
            duty.is_open, duty.late, duty.quiet_until, duty.asks_on = False, 0, None, None
        case Deed.REOPEN:
            duty.is_open, duty.has_begun = True, True
        case Deed.PROMISE:
            assert event.until is not None
            duty.quiet_until, duty.asks_on = event.until, next_working(event.until + ONE)
        case Deed.SNOOZE:
            duty.quiet_until, duty.asks_on = event.until, None
        case Deed.ASK | Deed.NOT_OURS:
            duty.is_undecided = True
        case Deed.REFUSE:
            duty.is_undecided = False
        case Deed.GRANT:
            assert event.until is not None
            duty.is_undecided, duty.last_day, duty.late = False, event.until, 0
        case Deed.HAND_OVER:
            duty.is_undecided, duty.agency, duty.late = False, event.to, 0
        case Deed.OBSTACLE:
            pass
