"""One message a person for all the reminders that wait for them; and, before it is sent, whether it still matters."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import letter_to
from db.duties import Duty, DutyState, get_duties
from db.messages import Message
from db.nudges import Nudge, NudgeState, Step, latest_due, list_carried, list_waiting, settle_nudges
from db.outbox import OutboxRow, OutboxState, Priority, add_messages
from db.people import Contact, get_person, list_agencies
from db.reports import latest_report_at
from scheduler import wording
from scheduler.audience import Person, load_persons
from scheduler.calendar import local_day
from scheduler.course import Rules, is_paused

TOPIC = "nudge"


async def write_messages(session: AsyncSession, contact_ids: Sequence[int], *, now: dt.datetime, world: dt.datetime) -> int:
    """Put each of these people's waiting reminders into one message to them; returns how many messages."""
    people = await load_persons(session, contact_ids)
    written = 0
    for contact_id in contact_ids:
        waiting = await list_waiting(session, contact_id)
        person = people.get(contact_id)
        wanted = await _still_wanted(session, waiting, person, now)
        if not wanted or person is None or person.account is None:
            continue
        message = await _compose(session, person.contact, wanted, now)
        row = letter_to(person.account, message, priority=Priority.NUDGE, now=now, topic=f"{TOPIC}:{contact_id}")
        # A tick may be run for an instant that the world has yet to see.
        row.not_before = min(now, world)
        await add_messages(session, [row])
        for nudge in wanted:
            nudge.message_id, nudge.channel = row.id, row.channel
        await session.flush()
        written += 1
    return written


async def revise(session: AsyncSession, row: OutboxRow, rules: Rules, *, now: dt.datetime) -> Message | dt.datetime | None:
    """A reminder as it should be sent now: without what was answered, closed or overtaken meanwhile. None when nothing of it
    matters any more; an instant when it is not the time for it. Any other message stays as it is."""
    contact_id = contact_of(row)
    if contact_id is None:
        return row.message
    carried = [one for one in await list_carried(session, row.id) if one.state is NudgeState.PLANNED]
    if not carried:
        return None
    person = (await load_persons(session, (contact_id,))).get(contact_id)
    wanted = await _still_wanted(session, carried, person, now)
    if not wanted or person is None:
        return None
    if not rules.working.is_open(now):
        return rules.working.next_open(now)
    return await _compose(session, person.contact, wanted, now)


def contact_of(row: OutboxRow) -> int | None:
    """Whose reminder a message is; None for any other message."""
    kind, _, number = (row.topic or "").partition(":")
    return int(number) if kind == TOPIC and number.isdigit() else None


async def note_outcome(session: AsyncSession, row: OutboxRow, state: OutboxState, reason: str, *, now: dt.datetime) -> None:
    """Note on the reminders that a message carried what became of it."""
    if contact_of(row) is None or state in (OutboxState.PENDING, OutboxState.SENDING):
        return
    # Sent several times and never answered for: they most likely have it.
    is_sent = state in (OutboxState.SENT, OutboxState.UNCERTAIN)
    outcome = NudgeState.SENT if is_sent else NudgeState.DROPPED
    await settle_nudges(session, row.id, outcome, now=now, reason="" if state is OutboxState.SENT else reason or state.value)


async def _still_wanted(session: AsyncSession, nudges: Sequence[Nudge], person: Person | None, now: dt.datetime) -> list[Nudge]:
    """Those that still matter; the others are noted as dropped, with the reason."""
    ids = {one.duty_id for one in nudges}
    duties = await get_duties(session, ids)
    reported = await latest_report_at(session, ids)
    overtaken = await latest_due(session, person.contact.id, ids) if person else {}
    wanted: dict[tuple[int, Step], Nudge] = {}
    for nudge in nudges:
        duty = duties.get(nudge.duty_id)
        reason = _why_not(nudge, duty, person, reported.get(nudge.duty_id), overtaken.get((nudge.duty_id, nudge.step)), now)
        if reason:
            nudge.state, nudge.settled_at, nudge.reason = NudgeState.DROPPED, now, reason
        else:
            wanted[nudge.duty_id, nudge.step] = nudge
    await session.flush()
    return list(wanted.values())


def _why_not(
    nudge: Nudge, duty: Duty | None, person: Person | None, reported_at: dt.datetime | None, latest: dt.datetime | None, now: dt.datetime
) -> str:
    """Why a reminder is not wanted any more: one of `wording.DROPPED`; empty when it is."""
    if duty is None or duty.state is not DutyState.OPEN:
        return "closed"
    if is_paused(duty, now):
        return "undecided" if duty.awaits else "paused"
    if reported_at is not None and reported_at > nudge.planned_at and nudge.step is not Step.UNREACHED:
        return "answered"
    if latest is not None and latest > nudge.due_at:
        return "overtaken"
    if duty.last_day is None or (duty.last_day + dt.timedelta(days=nudge.rung)) != nudge.rung_day:
        return "moved"
    if person is None or person.account is None:
        return "no_account"
    if nudge.step in (Step.FOCAL_POINT, Step.LEADER) and duty.agency_code != person.contact.agency_code:
        return "handed_over"
    if nudge.step is Step.FOCAL_POINT:
        left_out = person.left_out(local_day(now))
        return left_out.value if left_out else ""
    return ""


async def _compose(session: AsyncSession, contact: Contact, nudges: Sequence[Nudge], now: dt.datetime) -> Message:
    duties = await get_duties(session, {one.duty_id for one in nudges})
    names = {one.code: one.name for one in await list_agencies(session, {one.agency_code for one in duties.values()})}
    by_step: defaultdict[Step, list[wording.NudgeLine]] = defaultdict(list)
    for nudge in sorted(nudges, key=lambda one: (duties[one.duty_id].last_day or dt.date.max, one.duty_id)):
        duty = duties[nudge.duty_id]
        by_step[nudge.step].append(line_of(duty, names.get(duty.agency_code, duty.agency_code), is_again=nudge.is_again))
    person = await get_person(session, contact.id)
    agency = person.agency.name if person.agency else ""
    due_at = max(one.due_at for one in nudges)
    return wording.nudge(contact.name, agency, by_step, now=now, due_at=due_at)


def line_of(duty: Duty, agency: str, *, is_again: bool = False) -> wording.NudgeLine:
    """What a reminder says about one duty."""
    source = f"{duty.source}, mục {duty.clause}" if duty.source and duty.clause else duty.source
    assert duty.last_day is not None
    promised = duty.paused_until if is_again else None
    return wording.NudgeLine(duty.code, agency, duty.task, duty.last_day, duty.rule.printed, source, promised)


def lines_of(duties: Collection[Duty], names: dict[str, str]) -> list[wording.NudgeLine]:
    """The same for several, the soonest first."""
    dated = sorted((one for one in duties if one.last_day is not None), key=lambda one: (one.last_day or dt.date.max, one.id))
    return [line_of(one, names.get(one.agency_code, one.agency_code)) for one in dated]
