"""What comes back goes on by itself once it was confirmed; what nobody confirmed is proposed anew. On either database."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator

import pytest

from db.deadlines import DeadlineRule, Recurrence
from db.documents import DocumentState, list_documents
from db.duties import Duty, DutyOutcome, DutyState, find_duty, list_duties
from db.engine import Database, open_database
from db.people import Agency, list_agencies, upsert_agencies
from db.reports import ChangeKind, list_changes
from handlers.duties import changing
from handlers.duties.confirming import add_missing_parts, confirm_duties
from handlers.duties.making import make_duties
from handlers.duties.renewing import renew
from scheduler import course
from scheduler.course import By, Rules
from tests.worlds import filled_url

RULES, ANCHOR = Rules(), dt.date(2026, 1, 5)
# SKHCN every month; «các sở, ban, ngành» every six months, and every year.
MONTHLY, HALF_YEARLY = "III.2.a", "III.4.b"


def at(month: int, day: int, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, 1, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with filled_url(request, request.param) as found:
        yield found


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """The invented province on 1 September 2026."""
    opened = open_database(url)
    yield opened
    await opened.close()


async def duties_of(database: Database, clause: str, *states: DutyState) -> list[Duty]:
    async with database.read() as session:
        return [one for one in await list_duties(session, *states) if one.clause == clause]


async def confirm(database: Database, duty: Duty, now: dt.datetime) -> None:
    async with database.write() as session:
        await confirm_duties(session, [duty.code], RULES, By(None, now))


async def tick(database: Database, now: dt.datetime) -> None:
    await renew(database, RULES, now=now, anchor=ANCHOR)


def days(duties: list[Duty]) -> list[str]:
    return [f"{one.last_day:%d/%m/%Y}" for one in duties if one.last_day]


async def test_confirmed_duty_goes_on_month_by_month(database: Database) -> None:
    first, _ = await duties_of(database, MONTHLY)
    await confirm(database, first, at(9, 1))
    await tick(database, at(9, 2))
    # The next period, proposed with the first, is opened because of it.
    assert days(await duties_of(database, MONTHLY, DutyState.OPEN)) == ["30/09/2026", "31/10/2026"]
    for month in (10, 11, 12):
        await tick(database, at(month, 1))
        await tick(database, at(month, 1))
    went_on = await duties_of(database, MONTHLY, DutyState.OPEN)
    assert days(went_on) == ["30/09/2026", "31/10/2026", "30/11/2026", "31/12/2026", "31/01/2027"]
    assert await duties_of(database, MONTHLY, DutyState.PROPOSED) == []
    assert all(one.remind_at is not None for one in went_on)
    async with database.read() as session:
        (change,) = await list_changes(session, [went_on[-1].id])
    assert (change.kind, change.before) == (ChangeKind.CONTINUED, went_on[-2].code)


async def test_late_tick_opens_what_punctual_ones_would_have_opened(database: Database) -> None:
    first, _ = await duties_of(database, MONTHLY)
    await confirm(database, first, at(9, 1))
    await tick(database, at(12, 3))
    assert days(await duties_of(database, MONTHLY, DutyState.OPEN)) == [
        "30/09/2026",
        "31/10/2026",
        "30/11/2026",
        "31/12/2026",
        "31/01/2027",
    ]


async def test_two_replicas_open_a_turn_once(url: str) -> None:
    replicas = open_database(url), open_database(url)
    first, _ = await duties_of(replicas[0], MONTHLY)
    await confirm(replicas[0], first, at(9, 1))
    await asyncio.gather(*(tick(one, at(11, 1)) for one in replicas))
    assert days(await duties_of(replicas[1], MONTHLY, DutyState.OPEN)) == ["30/09/2026", "31/10/2026", "30/11/2026", "31/12/2026"]
    for one in replicas:
        await one.close()


async def test_proposal_whose_period_is_over_gives_way_to_the_next(database: Database) -> None:
    await tick(database, at(11, 2))
    assert days(await duties_of(database, MONTHLY)) == ["30/11/2026", "31/12/2026"]
    # What has a day of its own still waits for a decision, however late.
    assert days(await duties_of(database, "II.2.1")) == ["19/06/2026"]


async def test_tick_that_finds_nothing_new_uses_up_no_codes(database: Database) -> None:
    first, _ = await duties_of(database, MONTHLY)
    await confirm(database, first, at(9, 1))
    for _ in range(3):
        await tick(database, at(9, 2))
    async with database.read() as session:
        before = max(one.id for one in await list_duties(session))
    await tick(database, at(10, 1))
    async with database.read() as session:
        new = [one for one in await list_duties(session) if one.id > before]
    assert sorted(one.id for one in new) == list(range(before + 1, before + 1 + len(new)))


async def test_parts_of_a_group_go_on_one_by_one(database: Database) -> None:
    async with database.write() as session:
        stored = await list_agencies(session)
        for one in stored:
            one.is_listed = one.code in ("SYT", "SKHCN")
    group = next(one for one in await duties_of(database, HALF_YEARLY) if one.agency_code == "N_SBN")
    assert group.last_day == dt.date(2026, 12, 31)
    await confirm(database, group, at(9, 1))
    # One of them is handed over: it goes on with the agency that has it now.
    (part, _) = sorted(await duties_of(database, HALF_YEARLY, DutyState.OPEN), key=lambda one: one.agency_code != "SYT")
    async with database.write() as session:
        given = await find_duty(session, part.code)
        (agency,) = await list_agencies(session, ["STC"])
        assert given is not None
        await changing.give_duty(session, given, agency, RULES, By(None, at(9, 1)))
    await tick(database, at(1, 1, 2027))
    owed = [(one.agency_code, f"{one.last_day}") for one in await duties_of(database, HALF_YEARLY, DutyState.OPEN)]
    years = ("2026-12-31", "2027-12-31", "2028-12-31")
    assert sorted(owed) == sorted((code, day) for code in ("SKHCN", "STC") for day in years)
    # Only the half year's, which nobody has confirmed yet, is asked for again.
    left = [one for one in await duties_of(database, HALF_YEARLY, DutyState.PROPOSED) if one.agency_code == "N_SBN"]
    assert {one.rule.recurrence for one in left} == {Recurrence.HALF_YEAR}


async def test_agency_that_comes_later_gets_its_part_when_asked_for(database: Database) -> None:
    async with database.write() as session:
        for one in await list_agencies(session):
            one.is_listed = one.code == "SYT"
    group = next(one for one in await duties_of(database, HALF_YEARLY) if one.agency_code == "N_SBN")
    await confirm(database, group, at(9, 1))
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SMOI", name="Sở Mới", kind="department", is_listed=True)])
    await tick(database, at(9, 2))
    assert {one.agency_code for one in await duties_of(database, HALF_YEARLY, DutyState.OPEN)} == {"SYT"}
    for expected in (["SMOI"], []):
        async with database.write() as session:
            known = await find_duty(session, group.code)
            assert known is not None
            added = await add_missing_parts(session, known, RULES, By(None, at(9, 3)))
        assert [one.agency_code for one in added] == expected
    await tick(database, at(9, 4))
    owed = {(one.agency_code, f"{one.last_day}") for one in await duties_of(database, HALF_YEARLY, DutyState.OPEN)}
    assert owed == {(code, day) for code in ("SYT", "SMOI") for day in ("2026-12-31", "2027-12-31")}


@pytest.mark.parametrize("how", ["dropped", "stopped", "superseded"])
async def test_what_a_person_or_a_document_ended_does_not_go_on(database: Database, how: str) -> None:
    first, second = await duties_of(database, MONTHLY)
    await confirm(database, first, at(9, 1))
    async with database.write() as session:
        duty, later = await find_duty(session, first.code), await find_duty(session, second.code)
        assert duty is not None and later is not None
        if how == "dropped":
            await course.close(session, later, DutyOutcome.DROPPED, RULES, By(None, at(9, 1)))
        elif how == "stopped":
            await changing.stop_repeating(session, duty, RULES, By(None, at(9, 1)))
        else:
            document = next(one for one in await list_documents(session) if one.id == duty.document_id)
            document.state = DocumentState.SUPERSEDED
    for month in (10, 11):
        await tick(database, at(month, 1))
    assert days(await duties_of(database, MONTHLY, DutyState.OPEN)) == ["30/09/2026"]
    assert await duties_of(database, MONTHLY, DutyState.PROPOSED) == []


async def test_duty_made_by_hand_goes_on_at_the_same_place_in_its_period(database: Database) -> None:
    rule = DeadlineRule(
        due_on=dt.date(2026, 9, 25),
        last_day=dt.date(2026, 9, 25),
        period_from=dt.date(2026, 9, 1),
        period_to=dt.date(2026, 9, 30),
        recurrence=Recurrence.MONTH,
    )
    async with database.write() as session:
        (agency,) = await list_agencies(session, ["SYT"])
        await make_duties(session, [agency], "Báo cáo tháng", rule, RULES, By(None, at(9, 1)), source="Phân công", token="one")
    await tick(database, at(11, 1))
    async with database.read() as session:
        made = [one for one in await list_duties(session, DutyState.OPEN) if one.task == "Báo cáo tháng"]
    assert days(made) == ["25/09/2026", "25/10/2026", "25/11/2026", "25/12/2026"]
