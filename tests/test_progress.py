"""How the plan stands: one duty at an instant, the same of many by the database, counts that add up."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.deadlines import DeadlineRule
from db.duties import Awaited, Duty, DutyOutcome, DutyState
from db.engine import Database
from db.nudges import Nudge, NudgeState, Step
from db.people import Agency, Contact, Role, upsert_agencies
from db.progress import Scope, Standing, count_standings, list_next_due, list_standings
from db.reports import ChangeKind, DutyChange, Status, StatusReport
from scheduler.calendar import at_local
from scheduler.progress import DONE, stand, sum_counts, worst_first

AT = at_local(dt.date(2026, 1, 12), dt.time(8))
DAY = dt.timedelta(days=1)


def duty(id: int = 1, *, agency: str = "SYT", last_day: dt.date | None = dt.date(2026, 1, 20), **given: Any) -> Duty:
    values: dict[str, Any] = {
        "state": DutyState.OPEN,
        "confirmed_at": AT - 30 * DAY,
        "due_at": at_local(last_day + DAY, dt.time()) if last_day else None,
        **given,
    }
    return Duty(
        id=id,
        fingerprint=str(id),
        agency_code=agency,
        clause="II.1",
        task=f"Việc {id}",
        rule=DeadlineRule(),
        last_day=last_day,
        proposed_at=AT - 40 * DAY,
        **values,
    )


def report(status: Status, *, id: int = 1, at: dt.datetime = AT - DAY, **given: Any) -> StatusReport:
    return StatusReport(id=id, duty_id=1, at=at, status=status, **given)


def nudge(*, id: int = 1, at: dt.datetime = AT - 2 * DAY, step: Step = Step.FOCAL_POINT, state: NudgeState = NudgeState.SENT) -> Nudge:
    return Nudge(
        id=id,
        duty_id=1,
        contact_id=1,
        rung=-id,
        rung_day=dt.date(2026, 1, 1),
        step=step,
        due_at=at,
        planned_at=at,
        state=state,
        settled_at=at,
    )


def handed(at: dt.datetime) -> DutyChange:
    return DutyChange(duty_id=1, at=at, kind=ChangeKind.HANDED_OVER)


CLOSED: dict[str, Any] = {"state": DutyState.CLOSED, "outcome": DutyOutcome.DONE}
LATE: dict[str, Any] = {"last_day": dt.date(2026, 1, 10)}


@pytest.mark.parametrize(
    ("one", "reports", "nudges", "changes", "expected"),
    [
        (duty(), [], [], [], Standing.NOT_DUE),
        (duty(), [], [nudge()], [], Standing.NOT_REPORTED),
        (duty(), [], [nudge(state=NudgeState.PLANNED)], [], Standing.NOT_DUE),
        (duty(), [], [nudge(step=Step.COORDINATOR)], [], Standing.NOT_DUE),
        (duty(), [report(Status.IN_PROGRESS)], [nudge()], [], Standing.IN_PROGRESS),
        (duty(), [report(Status.IN_PROGRESS, undone_at=AT - DAY)], [nudge()], [], Standing.NOT_REPORTED),
        (duty(), [report(Status.IN_PROGRESS, at=AT + DAY)], [nudge()], [], Standing.NOT_REPORTED),
        (duty(), [report(Status.OBSTACLE)], [], [], Standing.OBSTACLE),
        (duty(), [report(Status.OBSTACLE), report(Status.IN_PROGRESS, id=2)], [], [], Standing.IN_PROGRESS),
        (duty(), [report(Status.NOT_STARTED)], [nudge()], [], Standing.NOT_DUE),
        (duty(awaits=Awaited.OWNER), [report(Status.NOT_OURS)], [nudge()], [], Standing.OBSTACLE),
        (duty(awaits=Awaited.EXTENSION), [], [nudge()], [], Standing.OBSTACLE),
        (duty(), [report(Status.NOT_OURS)], [nudge()], [], Standing.NOT_REPORTED),
        # The new agency has neither been asked nor answered.
        (duty(), [report(Status.OBSTACLE)], [nudge()], [handed(AT - DAY / 2)], Standing.NOT_DUE),
        # Overdue wins over whatever was reported, and over a request that nobody has granted.
        (duty(**LATE), [report(Status.IN_PROGRESS)], [nudge()], [], Standing.OVERDUE),
        (duty(**LATE, awaits=Awaited.EXTENSION), [report(Status.OBSTACLE)], [], [], Standing.OVERDUE),
        (duty(last_day=dt.date(2026, 1, 12)), [], [nudge()], [], Standing.NOT_REPORTED),
        (duty(last_day=None), [], [], [], Standing.NOT_DUE),
        (duty(**CLOSED, closed_at=AT - DAY), [], [], [], Standing.DONE_IN_TIME),
        (duty(**CLOSED, closed_at=AT - DAY, last_day=None), [], [], [], Standing.DONE_IN_TIME),
        (duty(**CLOSED, closed_at=at_local(dt.date(2026, 1, 11), dt.time()), **LATE), [], [], [], Standing.DONE_LATE),
        # Closed after the instant that is looked at.
        (duty(**CLOSED, closed_at=AT + DAY, **LATE), [], [], [], Standing.OVERDUE),
        (duty(state=DutyState.PROPOSED, confirmed_at=None), [], [], [], None),
        (duty(confirmed_at=AT + DAY), [], [], [], None),
        *((duty(**{**CLOSED, "outcome": one}, closed_at=AT - DAY), [], [], [], None) for one in list(DutyOutcome)[1:]),
    ],
)
def test_duty_stands_as_its_rows_say(
    one: Duty, reports: list[StatusReport], nudges: list[Nudge], changes: list[DutyChange], expected: Standing | None
) -> None:
    assert stand(one, reports, nudges, changes, AT) is expected


@dataclass(frozen=True)
class Rows:
    duty: Duty
    reports: list[StatusReport]
    nudges: list[Nudge]
    changes: list[DutyChange]


def invent(numbers: random.Random, id: int) -> Rows:
    """A duty with any history."""

    def near(days: int = 20) -> dt.datetime:
        return AT + numbers.randrange(-days * 24, 6 * 24) * dt.timedelta(hours=1)

    last_day = numbers.choice([None, AT.date() + numbers.randrange(-15, 15) * DAY])
    state = numbers.choice([DutyState.PROPOSED, *[DutyState.OPEN] * 6, *[DutyState.CLOSED] * 3])
    given: dict[str, Any] = {"state": state, "confirmed_at": None if state is DutyState.PROPOSED else near(25)}
    if state is DutyState.CLOSED:
        given |= {"closed_at": near(), "outcome": numbers.choice([*[DutyOutcome.DONE] * 4, *DutyOutcome])}
    elif state is DutyState.OPEN:
        given["awaits"] = numbers.choice([None, None, *Awaited])
    one = duty(id, agency=numbers.choice(["SYT", "STC", "SNV"]), last_day=last_day, **given)
    reports = [
        StatusReport(
            id=10 * id + place, duty_id=id, at=near(), status=numbers.choice(list(Status)), undone_at=numbers.choice([None, None, near()])
        )
        for place in range(numbers.randrange(4))
    ]
    nudges = [nudge(id=10 * id + place, at=near(), step=numbers.choice(list(Step))) for place in range(numbers.randrange(3))]
    for each in nudges:
        each.duty_id, each.state = id, numbers.choice(list(NudgeState))
    changes = [
        DutyChange(duty_id=id, at=near(), kind=numbers.choice([ChangeKind.HANDED_OVER, ChangeKind.MOVED]))
        for _ in range(numbers.choice([0, 0, 1, 2]))
    ]
    return Rows(one, reports, nudges, changes)


@given(st.integers(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_state(seed: int, shuffling: random.Random) -> None:
    rows = invent(random.Random(seed), 1)
    before = stand(rows.duty, rows.reports, rows.nudges, rows.changes, AT)
    for part in (rows.reports, rows.nudges, rows.changes):
        shuffling.shuffle(part)
    assert stand(rows.duty, rows.reports, rows.nudges, rows.changes, AT) is before


@given(st.lists(st.dictionaries(st.sampled_from(list(Standing)), st.integers(1, 50))))
def test_counts_add_up_and_shares_are_of_all(counted: list[dict[Standing, int]]) -> None:
    counts = sum_counts(counted)
    assert counts.total == sum(sum(one.values()) for one in counted) == sum(counts.by_standing.values())
    assert all(0 <= counts.share(one) <= 100 for one in Standing)
    assert sum(one.total for _, one in worst_first({str(place): one for place, one in enumerate(counted)})) == counts.total


async def test_database_says_of_many_what_the_rows_say_of_each(database: Database) -> None:
    numbers = random.Random(7)
    invented = [invent(numbers, id) for id in range(1, 240)]
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code=code, name=code) for code in ("SYT", "STC", "SNV")])
        session.add(Contact(id=1, name="A", role=Role.FOCAL_POINT, created_at=AT))
        await session.flush()
        session.add_all([one.duty for one in invented])
        await session.flush()
        session.add_all([each for one in invented for each in (*one.reports, *one.nudges, *one.changes)])
    expected = {one.duty.id: stood for one in invented if (stood := stand(one.duty, one.reports, one.nudges, one.changes, AT))}
    assert set(expected.values()) == set(Standing)
    async with database.read() as session:
        listed = await list_standings(session, Scope(), AT)
        assert {one.duty.id: one.standing for one in listed} == expected
        assert [one.standing for one in listed] == sorted((one.standing for one in listed), key=list(Standing).index)
        pages = [await list_standings(session, Scope(), AT, limit=50, offset=at) for at in range(0, len(listed), 50)]
        assert [one.duty.id for page in pages for one in page] == [one.duty.id for one in listed]
        counted = await count_standings(session, Scope(), AT)
        assert sum_counts(counted.values()).by_standing == {
            one: list(expected.values()).count(one) for one in Standing if one in expected.values()
        }
        narrow = Scope(agency_code="STC", due_from=dt.date(2026, 1, 1), due_to=dt.date(2026, 1, 9), states=(Standing.OVERDUE,))
        found = await list_standings(session, narrow, AT)
        assert found and all(one.duty.agency_code == "STC" and one.standing is Standing.OVERDUE for one in found)
        assert (await count_standings(session, narrow, AT)) == {"STC": {Standing.OVERDUE: len(found)}}
        coming = await list_next_due(session, Scope(), AT, limit=5)
        assert [one.duty.last_day for one in coming] == sorted(one.duty.last_day for one in coming if one.duty.last_day)
        since, due_by = AT - 3 * DAY, dt.date(2026, 1, 9)
        touched = await list_standings(session, Scope(since=since, due_by=due_by), AT)
        assert {one.duty.id for one in touched} == {
            one.duty.id
            for one in listed
            if (one.standing in DONE and one.duty.closed_at and one.duty.closed_at >= since)
            or (
                one.standing not in DONE
                and (any(at and at >= since for at in (one.reported_at, one.asked_at)) or (one.duty.last_day or AT.date()) <= due_by)
            )
        }
        assert 0 < len(touched) < len(listed)
