"""Assignments become duties of the agencies that owe them, and duties reminders, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from db.current import CurrentFact
from db.deadlines import DeadlineRule, Recurrence
from db.documents import Content, Document, DocumentState, add_document, add_version
from db.duties import DutyOutcome, DutyState, Proposal, list_duties
from db.people import Agency, upsert_agencies
from handlers.duties.confirming import confirm_duties
from handlers.duties.proposing import (
    deadline_rules,
    default_agencies,
    describe_duties,
    propose_duties,
    propose_from_documents,
    registry_of,
    reminder_line,
)
from handlers.wording import duty_line
from knowledge import facts
from knowledge.agencies import find_agencies
from knowledge.facts import Assignment
from scheduler.course import By, Rules, close
from scheduler.preview import Reminder
from scheduler.preview import preview_reminders as preview
from tests.stored_plan import fields_of

TODAY = dt.date(2026, 1, 5)
ANCHOR = dt.date(2026, 1, 5)
PLAIN = Assignment(
    clause="II.2",
    paragraph=3,
    page=None,
    task="Lập danh mục trạm đo",
    lead=("Sở Y tế",),
    coordinating=(),
    report_to=(),
    due_on=None,
    due_text="",
    inclusive=True,
    period_from=None,
    period_to=None,
    recurrence=(),
    quote="Lập danh mục trạm đo",
)


def propose(*, anchor: dt.date | None = ANCHOR, **given: Any) -> list[Proposal]:
    """What one assignment proposes."""
    fact = CurrentFact(1, 10, fields_of(dataclasses.replace(PLAIN, **given)))
    return list(propose_duties([fact], document_ids={10: 7}, today=TODAY, anchor=anchor).proposals)


def days(proposals: list[Proposal]) -> list[dt.date | None]:
    return [one.last_day for one in proposals]


# ---------------------------------------------------------------- what is owed


def test_exclusive_date_is_owed_by_the_day_before_and_keeps_its_words() -> None:
    (one,) = propose(due_on=dt.date(2026, 1, 15), due_text="trước ngày 15/01/2026", inclusive=False)
    assert (one.last_day, one.due_at) == (dt.date(2026, 1, 14), dt.datetime(2026, 1, 14, 17, tzinfo=dt.UTC))
    assert (one.rule.printed, one.rule.due_on, one.rule.inclusive) == ("trước ngày 15/01/2026", dt.date(2026, 1, 15), False)
    assert (one.agency_code, one.document_id, one.assignment_id) == ("SYT", 7, 1)


def test_each_agency_that_leads_owes_its_own_duty() -> None:
    found = propose(lead=("Sở Nội vụ", "Sở Tài chính"), due_on=dt.date(2026, 4, 8))
    assert [one.agency_code for one in found] == ["SNV", "STC"]


def test_open_group_owes_as_one() -> None:
    assert [one.agency_code for one in propose(lead=("từng sở, ban, ngành, địa phương",), due_on=dt.date(2026, 3, 1))] == ["N_SBNDP"]


def test_agency_that_no_list_has_is_proposed_with_a_code_of_its_own() -> None:
    fact = CurrentFact(1, 10, fields_of(dataclasses.replace(PLAIN, lead=("Trung tâm Xúc tiến đầu tư",), due_on=dt.date(2026, 3, 1))))
    proposed = propose_duties([fact], document_ids={10: 7}, today=TODAY)
    (agency,) = proposed.agencies
    assert agency.name == "Trung tâm Xúc tiến đầu tư"
    assert [one.agency_code for one in proposed.proposals] == [agency.code]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"lead": (), "due_on": dt.date(2026, 3, 1)},
        {"recurrence": ("adhoc",), "due_text": "khi có yêu cầu"},
        {"lead": ("Thường trực Tỉnh ủy",), "due_on": dt.date(2026, 3, 1)},
    ],
)
def test_nothing_to_remind_of_or_nobody_to_remind_gives_no_duty(given: dict[str, Any]) -> None:
    assert propose(**given) == []


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Recurrence.TWO_WEEKS, [dt.date(2026, 1, 18), dt.date(2026, 2, 1)]),
        (Recurrence.MONTH, [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]),
        (Recurrence.QUARTER, [dt.date(2026, 3, 31), dt.date(2026, 6, 30)]),
        (Recurrence.HALF_YEAR, [dt.date(2026, 6, 30), dt.date(2026, 12, 31)]),
        (Recurrence.YEAR, [dt.date(2026, 12, 31), dt.date(2027, 12, 31)]),
    ],
)
def test_recurring_assignment_gives_its_current_and_next_period(value: Recurrence, wanted: list[dt.date]) -> None:
    found = propose(recurrence=(value,), due_text="định kỳ")
    assert days(found) == wanted
    assert {one.rule.recurrence for one in found} == {value}


def test_periods_that_end_on_one_day_are_one_duty_of_the_longest() -> None:
    found = propose(recurrence=("P3M", "P6M", "P1Y", "adhoc"), due_text="3 tháng, 6 tháng, 1 năm")
    assert [(one.last_day, one.rule.recurrence) for one in found] == [
        (dt.date(2026, 3, 31), Recurrence.QUARTER),
        (dt.date(2026, 6, 30), Recurrence.HALF_YEAR),
        (dt.date(2026, 12, 31), Recurrence.YEAR),
        (dt.date(2027, 12, 31), Recurrence.YEAR),
    ]


def test_two_weeks_without_an_anchor_wait_for_one() -> None:
    (one,) = propose(anchor=None, recurrence=("P2W",), due_text="02 tuần một lần")
    assert (one.last_day, one.due_at, one.rule.recurrence) == (None, None, Recurrence.TWO_WEEKS)


@pytest.mark.parametrize(
    "given",
    [{"period_from": dt.date(2026, 1, 1), "period_to": dt.date(2030, 12, 31)}, {"due_text": "trong vòng 10 ngày kể từ ngày ban hành"}],
)
def test_deadline_that_a_person_must_give_is_proposed_without_a_day(given: dict[str, Any]) -> None:
    assert days(propose(**given)) == [None]


def test_recurrence_starts_no_earlier_than_the_text_says() -> None:
    assert days(propose(recurrence=("P3M",), period_from=dt.date(2026, 7, 1))) == [dt.date(2026, 9, 30), dt.date(2026, 12, 31)]


def test_fixed_day_and_recurrence_both_count() -> None:
    rules = deadline_rules(
        fields_of(dataclasses.replace(PLAIN, due_on=dt.date(2026, 2, 10), recurrence=(facts.Recurrence.QUARTER,))), today=TODAY
    )
    assert [rule.last_day for rule in rules] == [dt.date(2026, 2, 10), dt.date(2026, 3, 31), dt.date(2026, 6, 30)]


def test_own_list_of_agencies_goes_before_the_usual_one() -> None:
    registry = registry_of([Agency(code="SYT", name="Sở Y tế tỉnh Hòa Giang", short_names=("Y tế HG",), kind="department")])
    assert [one.name for one in find_agencies("giao Y tế HG", registry=registry)] == ["Sở Y tế tỉnh Hòa Giang"]
    assert [one.name for one in find_agencies("Sở Y tế, STC", registry=registry)] == ["Sở Y tế tỉnh Hòa Giang", "Sở Tài chính"]


def test_agency_listed_under_another_code_is_not_known_twice() -> None:
    registry = registry_of([Agency(code="YT01", name="Sở Y tế")])
    assert [one.code for one in find_agencies("sở y tế, SYT", registry=registry)] == ["YT01", "YT01"]


def test_usual_agencies_have_codes_of_their_own() -> None:
    assert len({one.code for one in default_agencies()}) == len(default_agencies())


# ---------------------------------------------------------------- kept and shown


async def preview_reminders(session: AsyncSession, at: dt.datetime) -> list[Reminder]:
    return await preview(session, at, Rules())


async def store(session: AsyncSession, now: dt.datetime, *assignments: Assignment, **given: Any) -> Document:
    values = {"kind": "Kế hoạch", "number": "15/KH-HG", "state": DocumentState.IN_FORCE, **given}
    document = await add_document(session, Document(**values, created_at=now))
    content = Content(assignments=[fields_of(one) for one in assignments])
    await add_version(session, document_id=document.id, text_fold_hash="folded", content=content, now=now)
    return document


DUE = dataclasses.replace(PLAIN, due_on=dt.date(2026, 1, 15), due_text="trước ngày 15/01/2026", inclusive=False)


async def test_documents_in_force_propose_their_duties_once(session: AsyncSession, now: dt.datetime) -> None:
    await store(session, now, DUE)
    await store(session, now, dataclasses.replace(DUE, task="Việc cũ"), state=DocumentState.SUPERSEDED)
    (duty,) = await propose_from_documents(session, now=now, anchor=ANCHOR)
    assert (duty.task, duty.state, duty.agency_code) == ("Lập danh mục trạm đo", DutyState.PROPOSED, "SYT")
    assert await propose_from_documents(session, now=now, anchor=ANCHOR) == []


async def test_only_the_named_documents_propose(session: AsyncSession, now: dt.datetime) -> None:
    first = await store(session, now, DUE)
    await store(session, now, dataclasses.replace(DUE, task="Việc khác"), number="16/KH-HG")
    assert [one.document_id for one in await propose_from_documents(session, now=now, document_ids=[first.id])] == [first.id]


async def test_duties_are_described_with_agency_document_and_rule(session: AsyncSession, now: dt.datetime) -> None:
    await store(session, now, DUE)
    (duty,) = await propose_from_documents(session, now=now)
    (line,) = await describe_duties(session)
    assert set(line) >= {"code", "agency", "document", "clause", "task", "rule", "last_day", "due_at", "state"}
    assert (line["code"], line["agency"], line["document"]) == (duty.code, "Sở Y tế", "Kế hoạch số 15/KH-HG")
    assert (line["last_day"], line["due_at"], line["state"]) == ("2026-01-14", "2026-01-15T00:00:00+07:00", "proposed")
    assert line["rule"]["printed"] == "trước ngày 15/01/2026"


async def test_reminder_shows_a_proposed_duty_as_such_and_is_not_sent(session: AsyncSession, now: dt.datetime) -> None:
    await store(session, now, DUE)
    (duty,) = await propose_from_documents(session, now=now)
    (reminder,) = await preview_reminders(session, dt.datetime(2026, 1, 13, 1, tzinfo=dt.UTC))
    line = reminder_line(reminder)
    assert list(line) == ["at", "contact", "agency", "codes", "rung", "channel", "will_send", "reason", "text"]
    assert (line["at"], line["agency"], line["codes"], line["rung"]) == ("2026-01-13T08:00:00+07:00", "Sở Y tế", [duty.code], -1)
    assert (line["will_send"], line["contact"], line["channel"]) == (False, None, None)
    assert "chưa được xác nhận" in line["reason"]
    for words in (duty.code, "Sở Y tế", "Lập danh mục trạm đo", "14/01/2026", "còn 1 ngày", "«trước ngày 15/01/2026»", "15/KH-HG", "II.2"):
        assert words in line["text"]


async def test_confirmed_duty_waits_for_a_contact(session: AsyncSession, now: dt.datetime) -> None:
    await store(session, now, DUE)
    await propose_from_documents(session, now=now)
    await confirm_duties(session, None, Rules(), By(None, now))
    (reminder,) = await preview_reminders(session, dt.datetime(2026, 1, 14, 1, tzinfo=dt.UTC))
    assert (reminder.will_send, "Chưa có cán bộ đầu mối" in reminder.reason) == (False, True)


async def test_day_without_a_rung_has_no_reminder(session: AsyncSession, now: dt.datetime) -> None:
    await store(session, now, DUE)
    await propose_from_documents(session, now=now)
    # Sunday the 11th's reminder comes on the Monday.
    assert await preview_reminders(session, dt.datetime(2026, 1, 11, 1, tzinfo=dt.UTC)) == []
    assert [one.rung for one in await preview_reminders(session, dt.datetime(2026, 1, 12, 1, tzinfo=dt.UTC))] == [-3]


async def test_duties_of_one_agency_are_one_message(session: AsyncSession, now: dt.datetime) -> None:
    later = dataclasses.replace(DUE, task="Báo cáo số trạm hỏng", due_on=dt.date(2026, 1, 13), inclusive=True)
    other = dataclasses.replace(DUE, lead=("Sở Nội vụ",))
    await store(session, now, DUE, later, other)
    duties = {one.task: one.code for one in await propose_from_documents(session, now=now) if one.agency_code == "SYT"}
    health = next(one for one in await preview_reminders(session, dt.datetime(2026, 1, 13, 1, tzinfo=dt.UTC)) if one.agency == "Sở Y tế")
    assert health.codes == (duties["Báo cáo số trạm hỏng"], duties["Lập danh mục trạm đo"])
    assert health.rung == 0
    assert "2 phần việc" in health.text


@pytest.mark.parametrize(
    ("rule", "last_day", "wanted"),
    [
        (DeadlineRule(printed="trước ngày 15/01/2026"), dt.date(2026, 1, 14), "hết ngày 14/01/2026 (văn bản ghi «trước ngày 15/01/2026»)"),
        (DeadlineRule(recurrence=Recurrence.TWO_WEEKS), None, "ngày bắt đầu của kỳ hai tuần"),
        (DeadlineRule(printed="trong vòng 10 ngày"), None, "ấn định ngày cuối (văn bản ghi «trong vòng 10 ngày»)"),
    ],
)
def test_listed_duty_says_its_day_or_what_is_missing(rule: DeadlineRule, last_day: dt.date | None, wanted: str) -> None:
    line = duty_line(code="PV1", agency="Sở Y tế", task="Lập danh mục", rule=rule, last_day=last_day, state=DutyState.PROPOSED)
    assert line.startswith("PV1 (đề xuất) – Sở Y tế: Lập danh mục – ")
    assert wanted in line


async def test_name_that_a_person_gave_an_agency_is_the_one_shown(session: AsyncSession, now: dt.datetime) -> None:
    await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế tỉnh Hòa Giang")])
    await store(session, now, DUE)
    await propose_from_documents(session, now=now)
    assert [one["agency"] for one in await describe_duties(session)] == ["Sở Y tế tỉnh Hòa Giang"]


async def test_closed_and_undated_duties_remind_nobody(session: AsyncSession, now: dt.datetime) -> None:
    await store(session, now, DUE, dataclasses.replace(PLAIN, due_text="trong vòng 10 ngày kể từ ngày ban hành"))
    await propose_from_documents(session, now=now)
    duties = await list_duties(session)
    assert [duty.last_day for duty in duties] == [dt.date(2026, 1, 14), None]
    at = dt.datetime(2026, 1, 14, 1, tzinfo=dt.UTC)
    assert [one.codes for one in await preview_reminders(session, at)] == [(duties[0].code,)]
    await close(session, duties[0], DutyOutcome.DROPPED, Rules(), By(None, now))
    assert await preview_reminders(session, at) == []
