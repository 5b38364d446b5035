"""Duties, agencies and talks are kept, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.conversations import Citation, Conversation, Inquiry, Turn, Verdict, add_inquiry, get_turns, put_turns, set_verdict
from db.deadlines import DeadlineRule, Recurrence
from db.documents import (
    add_version,
)
from db.duties import (
    Duty,
    DutyOutcome,
    DutyState,
    Proposal,
    delete_proposals,
    find_duty,
    list_duties,
    propose_duties,
)
from db.engine import Database, open_database
from db.facts import Assignment
from db.people import Agency, ensure_agencies, list_agencies, upsert_agencies
from db.reports import ChangeKind, list_changes
from handlers.duties.confirming import confirm_duties
from scheduler.course import By, NotOpen, Rules, close, reopen
from tests.stored_plan import (
    add_plan,
    whole_content,
)

RULES = Rules()
RULE = DeadlineRule(
    printed="trước ngày 15/3/2026",
    due_on=dt.date(2026, 3, 15),
    inclusive=False,
    last_day=dt.date(2026, 3, 14),
    recurrence=Recurrence.QUARTER,
)


async def add_proposal(session: AsyncSession, now: dt.datetime, **given: Any) -> Proposal:
    """A proposal from a plan of one assignment, its agency known."""
    await ensure_agencies(session, [Agency(code="SXD", name="Sở Xây dựng"), Agency(code="STC", name="Sở Tài chính")])
    document = await add_plan(session, now)
    assignment = (await session.execute(select(Assignment).order_by(col(Assignment.id).desc()).limit(1))).scalar_one()
    return Proposal(
        **{
            "assignment_id": assignment.id,
            "document_id": document.id,
            "agency_code": "SXD",
            "clause": assignment.clause,
            "task": assignment.task,
            "rule": RULE,
            "last_day": RULE.last_day,
            "due_at": dt.datetime(2026, 3, 14, 17, tzinfo=dt.UTC),
            **given,
        }
    )


async def test_proposed_duty_keeps_the_rule_with_the_printed_words(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        await propose_duties(session, [await add_proposal(session, now)], now=now)
    async with database.read() as session:
        (duty,) = await list_duties(session, DutyState.PROPOSED)
    assert (duty.code, duty.rule, duty.last_day, duty.proposed_at) == (f"PV{duty.id}", RULE, dt.date(2026, 3, 14), now)


async def test_reading_a_document_again_proposes_only_what_is_new(session: AsyncSession, now: dt.datetime) -> None:
    proposal = await add_proposal(session, now)
    (duty,) = await propose_duties(session, [proposal], now=now)
    await confirm_duties(session, None, RULES, By(None, now))
    await add_version(session, document_id=proposal.document_id, text_fold_hash="other", content=whole_content(), now=now)
    again = (await session.execute(select(Assignment).order_by(col(Assignment.id).desc()).limit(1))).scalar_one()
    assert again.id != proposal.assignment_id

    reread = dataclasses.replace(proposal, assignment_id=again.id)
    added = await propose_duties(session, [reread, dataclasses.replace(reread, agency_code="STC")], now=now)

    assert [new.agency_code for new in added] == ["STC"]
    await session.refresh(duty)
    assert (duty.state, duty.assignment_id) == (DutyState.OPEN, again.id)


async def test_duty_without_a_day_is_proposed_once(session: AsyncSession, now: dt.datetime) -> None:
    proposal = await add_proposal(session, now, last_day=None, due_at=None, rule=DeadlineRule(printed="khẩn trương"))
    assert len(await propose_duties(session, [proposal, proposal], now=now)) == 1
    assert await propose_duties(session, [proposal], now=now) == []


async def test_two_replicas_propose_a_duty_once(database_url: str, now: dt.datetime) -> None:
    first, second = open_database(database_url), open_database(database_url)
    async with first.write() as session:
        proposal = await add_proposal(session, now)

    async def propose(database: Database) -> None:
        async with database.write() as session:
            await propose_duties(session, [proposal], now=now)

    await asyncio.gather(propose(first), propose(second))
    async with first.read() as session:
        assert len(await list_duties(session)) == 1
    await first.close()
    await second.close()


@pytest.mark.parametrize("typed", ["PV{}", "pv{}", " pv {} ", "Pv 0{}"])
async def test_duty_is_found_however_its_code_is_typed(session: AsyncSession, now: dt.datetime, typed: str) -> None:
    (duty,) = await propose_duties(session, [await add_proposal(session, now)], now=now)
    assert await find_duty(session, typed.format(duty.id)) is duty


@pytest.mark.parametrize("typed", ["", "PV", "12", "PV1x", "PV999999", "PV99999999999999999999", "PV١"])
async def test_what_is_no_code_finds_no_duty(session: AsyncSession, now: dt.datetime, typed: str) -> None:
    await propose_duties(session, [await add_proposal(session, now)], now=now)
    assert await find_duty(session, typed) is None


def told(duty: Duty) -> tuple[DutyState, dt.datetime | None, DutyOutcome | None, bool]:
    return duty.state, duty.closed_at, duty.outcome, duty.remind_at is not None


async def test_duty_is_confirmed_and_closed_once(session: AsyncSession, now: dt.datetime) -> None:
    (duty,) = await propose_duties(session, [await add_proposal(session, now)], now=now)
    by = By(None, now, " nhầm ")
    assert await confirm_duties(session, [duty.code.lower(), "PV999"], RULES, by) == [duty]
    assert await confirm_duties(session, [duty.code], RULES, by) == []
    assert (duty.state, duty.confirmed_at, duty.remind_at is not None) == (DutyState.OPEN, now, True)
    await close(session, duty, DutyOutcome.DONE, RULES, by)
    with pytest.raises(NotOpen):
        await close(session, duty, DutyOutcome.DROPPED, RULES, by)
    await session.refresh(duty)
    assert told(duty) == (DutyState.CLOSED, now, DutyOutcome.DONE, False)
    await reopen(session, duty, RULES, by)
    assert told(duty) == (DutyState.OPEN, None, None, True)
    changes = [(one.kind, one.before, one.after, one.reason) for one in await list_changes(session, [duty.id])]
    assert changes == [
        (ChangeKind.CONFIRMED, "", "", "nhầm"),
        (ChangeKind.CLOSED, "", "done", "nhầm"),
        (ChangeKind.REOPENED, "done", "", "nhầm"),
    ]


async def test_dropping_proposals_leaves_what_was_confirmed(session: AsyncSession, now: dt.datetime) -> None:
    proposal = await add_proposal(session, now)
    (kept,) = await propose_duties(session, [proposal], now=now)
    await confirm_duties(session, None, RULES, By(None, now))
    (dropped,) = await propose_duties(session, [dataclasses.replace(proposal, agency_code="STC")], now=now)
    assert await delete_proposals(session, [proposal.document_id]) == 1
    assert [duty.code for duty in await list_duties(session)] == [kept.code]
    # A code that someone may have written down does not come to mean another duty.
    (newer,) = await propose_duties(session, [dataclasses.replace(proposal, agency_code="STC")], now=now)
    assert newer.code != dropped.code


async def test_duties_come_soonest_first_and_undated_last(session: AsyncSession, now: dt.datetime) -> None:
    proposal = await add_proposal(session, now)
    days = [None, dt.date(2026, 6, 30), dt.date(2026, 3, 31)]
    await propose_duties(session, [dataclasses.replace(proposal, last_day=day) for day in days], now=now)
    assert [duty.last_day for duty in await list_duties(session)] == [days[2], days[1], None]
    assert await list_duties(session, agency_code="STC") == []


async def test_agency_list_may_name_a_parent_after_its_child(database: Database) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="X1", name="Xã Một", parent="UB"), Agency(code="UB", name="UBND tỉnh Hòa Giang")])
    async with database.read() as session:
        assert [(agency.code, agency.parent) for agency in await list_agencies(session)] == [("UB", None), ("X1", "UB")]


async def test_imported_agency_takes_over_and_a_named_one_does_not(database: Database) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SXD", name="Sở Xây dựng", short_names=("SXD", "sở xây dựng"))])
        added = await ensure_agencies(session, [Agency(code="SXD", name="?"), Agency(code="STC", name="Sở Tài chính")])
        assert [agency.code for agency in added] == ["STC"]
        await upsert_agencies(session, [Agency(code="STC", name="Sở Tài chính tỉnh")])
    async with database.read() as session:
        assert [(agency.name, agency.short_names) for agency in await list_agencies(session)] == [
            ("Sở Tài chính tỉnh", ()),
            ("Sở Xây dựng", ("SXD", "sở xây dựng")),
        ]


async def test_talk_is_remembered_until_it_is_too_old(database: Database, now: dt.datetime) -> None:
    turns = (Turn(asked_at=now, question="chỉ tiêu 5G?", about={"years": [2030], "indicator": None}),)
    async with database.write() as session:
        await put_turns(session, "web:1", [], now=now)
        await put_turns(session, "web:1", turns, now=now)
    async with database.read() as session:
        assert await get_turns(session, "web:1", since=now) == turns
        assert await get_turns(session, "web:1", since=now + dt.timedelta(seconds=1)) == ()
        assert await get_turns(session, "web:2", since=now) == ()


async def test_two_first_messages_of_a_talk_at_once_both_go_through(database_url: str, now: dt.datetime) -> None:
    first, second = open_database(database_url), open_database(database_url)

    async def put(database: Database) -> None:
        async with database.write() as session:
            await put_turns(session, "web:1", [], now=now)

    await asyncio.gather(put(first), put(second))
    async with first.read() as session:
        assert len((await session.execute(select(Conversation))).all()) == 1
    await first.close()
    await second.close()


async def test_verdict_is_kept_beside_the_answer_and_its_citations(database: Database, now: dt.datetime) -> None:
    citation = Citation(document="15/KH-HG", file="ke-hoach.docx", clause="II.1.a", quote="từ 92,5% trở lên")
    async with database.write() as session:
        inquiry = await add_inquiry(
            session, Inquiry(question="?", kind="target", answered=True, answer="≥ 92,5%", citations=(citation,), asked_at=now)
        )
        assert await set_verdict(session, inquiry.id, Verdict.WRONG)
        assert not await set_verdict(session, inquiry.id + 1, Verdict.RIGHT)
    async with database.read() as session:
        stored = (await session.execute(select(Inquiry))).scalar_one()
    assert (stored.verdict, stored.citations) == (Verdict.WRONG, (citation,))
