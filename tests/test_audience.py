"""Whom a reminder reaches, who is left out and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from db.accounts import Account
from db.engine import Database
from db.nudges import Step
from db.people import Agency, Contact, Role, upsert_agencies
from scheduler.audience import LeftOut, Person, Staff, audience_of, is_reached, load_people, reachable, staff_of
from tests.staffed import join, link, owe

DAY = dt.date(2026, 1, 12)
NOW = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)


def person(number: int, role: Role = Role.FOCAL_POINT, *, linked: bool = True, off: str = "", **given: Any) -> Person:
    contact = Contact(id=number, name=f"Người {number}", agency_code="SYT", role=role, created_at=NOW, **given)
    account = Account(channel="telegram", bot_id="1", user_id=str(number), chat_id=str(number), created_at=NOW) if linked else None
    return Person(contact, account, off)


def told(staff: Staff, **given: Any) -> dict[int, Step]:
    return {one.contact.id: step for one, step in audience_of(staff, DAY, **given).told}


def left_out(staff: Staff, **given: Any) -> dict[int, LeftOut]:
    return {one.contact.id: why for one, why in audience_of(staff, DAY, **given).left_out}


FOCAL, SECOND, SUBSTITUTE, LEADER = person(1), person(2), person(3, is_substitute=True), person(4, Role.LEADER)
OFFICIAL = person(5, Role.OFFICIAL)
STAFF = staff_of([FOCAL, SECOND, SUBSTITUTE, LEADER, OFFICIAL])


def test_focal_points_are_reminded_and_nobody_else() -> None:
    assert told(STAFF) == {1: Step.FOCAL_POINT, 2: Step.FOCAL_POINT}


def test_whoever_took_a_duty_on_is_reminded_alone() -> None:
    assert told(STAFF, assignee=SECOND) == {2: Step.FOCAL_POINT}
    assert told(STAFF, assignee=OFFICIAL) == {5: Step.FOCAL_POINT}


def test_after_the_last_day_everybody_who_could_do_it_is_reminded_once() -> None:
    assert told(STAFF, is_late=True) == dict.fromkeys((1, 2, 3), Step.FOCAL_POINT)
    assert told(STAFF, is_late=True, assignee=SECOND) == dict.fromkeys((1, 2, 3), Step.FOCAL_POINT)
    # One who took it on without being a focal point is not forgotten.
    assert told(STAFF, is_late=True, assignee=OFFICIAL) == dict.fromkeys((5, 1, 2, 3), Step.FOCAL_POINT)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"away_from": DAY, "away_until": DAY}, LeftOut.AWAY),
        ({"away_from": DAY - dt.timedelta(3)}, LeftOut.AWAY),
        ({"silenced_at": NOW}, LeftOut.SILENCED),
        ({"linked": False}, LeftOut.NO_ACCOUNT),
        ({"linked": False, "off": "blocked"}, LeftOut.OFF),
    ],
)
def test_substitute_stands_in_where_the_focal_point_cannot_be_reminded(given: dict[str, Any], why: LeftOut) -> None:
    missing = person(1, **given)
    staff = staff_of([missing, SUBSTITUTE, LEADER])
    assert told(staff) == {3: Step.FOCAL_POINT}
    assert left_out(staff) == {1: why}
    assert is_reached(staff, DAY)
    # Whoever took it on is a focal point as well, and is named once.
    assert left_out(staff, assignee=missing) == {1: why}


@pytest.mark.parametrize("away", [(DAY + dt.timedelta(1), None), (DAY - dt.timedelta(5), DAY - dt.timedelta(1))])
def test_who_is_away_on_other_days_is_reminded(away: tuple[dt.date, dt.date | None]) -> None:
    assert told(staff_of([person(1, away_from=away[0], away_until=away[1]), SUBSTITUTE])) == {1: Step.FOCAL_POINT}


def test_leader_is_told_where_nobody_else_is_there_and_counts_as_no_focal_point() -> None:
    staff = staff_of([person(1, silenced_at=NOW), person(3, is_substitute=True, linked=False), LEADER])
    assert told(staff) == {4: Step.LEADER}
    assert left_out(staff) == {1: LeftOut.SILENCED, 3: LeftOut.NO_ACCOUNT}
    assert not is_reached(staff, DAY)
    assert told(staff_of([OFFICIAL])) == {}


def test_silenced_leader_is_told_of_what_is_overdue_unless_away() -> None:
    silent, away = person(4, Role.LEADER, silenced_at=NOW), person(6, Role.LEADER, silenced_at=NOW, away_from=DAY)
    assert reachable([silent, away, person(7, Role.LEADER, linked=False)], DAY) == [silent]


async def test_assignee_counts_while_they_work_in_the_agency_that_owes(database: Database) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế"), Agency(code="SNV", name="Sở Nội vụ")])
        mine = await join(session, "Bình", "0912000001", NOW)
        other = await join(session, "Hà", "0912000002", NOW, agency="SNV")
        first = await owe(session, DAY, NOW, assignee_id=mine.id)
        second = await owe(session, DAY, NOW, assignee_id=other.id)
        people = await load_people(session)
        found = people.assignee_of(first)
        assert found is not None and found.contact.id == mine.id
        assert people.assignee_of(second) is None


async def test_administrators_coordinate_where_no_coordinator_can_be_told(database: Database) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế")])
        coordinator = await join(session, "Dung", "0912000003", NOW, role=Role.COORDINATOR)
        admin = await join(session, "Giang", "0912000005", NOW, agency=None, role=Role.ADMIN)
        await link(session, admin, NOW)
        assert {one.contact.id for one in (await load_people(session, ())).coordinators} == {coordinator.id, admin.id}
        account = await link(session, coordinator, NOW)
        assert [one.contact.id for one in (await load_people(session, ())).coordinators] == [coordinator.id]
        account.off_at, account.off_reason = NOW, "blocked"
        await session.flush()
        people = await load_people(session, ())
        assert people.everybody[coordinator.id].off_reason == "blocked"
        assert len(people.coordinators) == 2
