"""One message a person for all the reminders that wait for them; and, before it is sent, whether it still matters."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account, letter_to, list_accounts
from db.duties import Duty, DutyState, get_duties
from db.messages import Message
from db.nudges import Nudge, NudgeState, Step, latest_due, list_carried, list_waiting, settle_nudges
from db.outbox import OutboxRow, OutboxState, Priority, add_messages
from db.people import Contact, list_agencies
from db.reports import handed_over_at, latest_report_at
from scheduler import wording
from scheduler.audience import Person, load_persons
from scheduler.calendar import local_day
from scheduler.course import Rules, is_paused

TOPIC = "nudge"
# Marks a message planned for an instant so far from the world's that only that instant can be meant by it.
_AT, _OTHER_TIME = "at", dt.timedelta(days=3)


async def write_messages(session: AsyncSession, contact_ids: Sequence[int], *, now: dt.datetime, world: dt.datetime) -> int:
    """Put each of these people's waiting reminders into one message to them; returns how many messages."""
    waiting: defaultdict[int, list[Nudge]] = defaultdict(list)
    for nudge in await list_waiting(session, contact_ids):
        waiting[nudge.contact_id].append(nudge)
    known = await _know(session, [one for nudges in waiting.values() for one in nudges])
    written: list[tuple[OutboxRow, list[Nudge]]] = []
    for contact_id, nudges in waiting.items():
        wanted = _still_wanted(nudges, known, now)
        person = known.people.get(contact_id)
        if not wanted or person is None or person.account is None:
            continue
        message = _compose(person.contact, wanted, known, now)
        row = letter_to(person.account, message, priority=Priority.NUDGE, now=now, topic=_topic(contact_id, now, world))
        # A tick may be run for an instant that the world has yet to see.
        row.not_before = min(now, world)
        written.append((row, wanted))
    await add_messages(session, [row for row, _ in written])
    for row, wanted in written:
        for nudge in wanted:
            nudge.message_id, nudge.channel = row.id, row.channel
    await session.flush()
    return len(written)


async def revise(session: AsyncSession, row: OutboxRow, rules: Rules, *, now: dt.datetime) -> Message | dt.datetime | None:
    """A reminder as it should be sent now: without what was answered, closed or overtaken meanwhile. None when nothing of it
    matters any more; an instant when it is not the time for it. Any other message stays as it is."""
    contact_id = contact_of(row)
    if contact_id is None:
        return row.message
    # What was planned for quite another time (`tick --at`) speaks of that one.
    now = row.created_at if _is_of_other_time(row) and abs(now - row.created_at) >= _OTHER_TIME else now
    carried = [one for one in await list_carried(session, row.id) if one.state is NudgeState.PLANNED]
    known = await _know(session, carried)
    wanted = _still_wanted(carried, known, now)
    await session.flush()
    person = known.people.get(contact_id)
    if not wanted or person is None:
        return None
    if not any(_goes_to(row, one) for one in await list_accounts(session, [contact_id])):
        # The chat is not theirs any more: the next tick writes to where they are now.
        for nudge in wanted:
            nudge.message_id = None
        await session.flush()
        return None
    if not rules.working.is_open(now):
        return rules.working.next_open(now)
    return _compose(person.contact, wanted, known, now)


def contact_of(row: OutboxRow) -> int | None:
    """Whose reminder a message is; None for any other message."""
    kind, number, *_ = [*(row.topic or "").split(":"), ""]
    return int(number) if kind == TOPIC and number.isdigit() else None


def _topic(contact_id: int, now: dt.datetime, world: dt.datetime) -> str:
    return f"{TOPIC}:{contact_id}" if abs(now - world) < _OTHER_TIME else f"{TOPIC}:{contact_id}:{_AT}"


def _is_of_other_time(row: OutboxRow) -> bool:
    return (row.topic or "").endswith(f":{_AT}")


def _goes_to(row: OutboxRow, account: Account) -> bool:
    return (row.channel, row.bot_id, row.recipient) == (account.channel, account.bot_id, account.chat_id)


async def note_outcome(session: AsyncSession, row: OutboxRow, state: OutboxState, reason: str, *, now: dt.datetime) -> None:
    """Note on the reminders that a message carried what became of it."""
    if contact_of(row) is None or state in (OutboxState.PENDING, OutboxState.SENDING):
        return
    # Sent several times and never answered for: they most likely have it.
    is_sent = state in (OutboxState.SENT, OutboxState.UNCERTAIN)
    outcome = NudgeState.SENT if is_sent else NudgeState.DROPPED
    await settle_nudges(session, row.id, outcome, now=now, reason="" if state is OutboxState.SENT else reason or state.value)


@dataclass(frozen=True, slots=True)
class _Known:
    """What tells whether reminders still matter, and what they say; loaded at once for those of many people."""

    people: dict[int, Person]
    duties: dict[int, Duty]
    agencies: dict[str, str]
    reported: dict[int, dt.datetime]
    handed_over: dict[int, dt.datetime]
    latest: dict[tuple[int, int, Step], dt.datetime]


async def _know(session: AsyncSession, nudges: Sequence[Nudge]) -> _Known:
    contact_ids, duty_ids = {one.contact_id for one in nudges}, {one.duty_id for one in nudges}
    people, duties = await load_persons(session, contact_ids), await get_duties(session, duty_ids)
    codes = {one.agency_code for one in duties.values()} | {one.contact.agency_code for one in people.values() if one.contact.agency_code}
    return _Known(
        people=people,
        duties=duties,
        agencies={one.code: one.name for one in await list_agencies(session, codes)},
        reported=await latest_report_at(session, duty_ids),
        handed_over=await handed_over_at(session, duty_ids),
        latest=await latest_due(session, contact_ids, duty_ids),
    )


def _still_wanted(nudges: Sequence[Nudge], known: _Known, now: dt.datetime) -> list[Nudge]:
    """Those that still matter; the others are noted as dropped, with the reason."""
    wanted: dict[tuple[int, Step], Nudge] = {}
    for nudge in nudges:
        if reason := _why_not(nudge, known, now):
            nudge.state, nudge.settled_at, nudge.reason = NudgeState.DROPPED, now, reason
        else:
            wanted[nudge.duty_id, nudge.step] = nudge
    return list(wanted.values())


def _why_not(nudge: Nudge, known: _Known, now: dt.datetime) -> str:
    """Why a reminder is not wanted any more: one of `wording.NOT_SENT`; empty when it is."""
    duty, person = known.duties.get(nudge.duty_id), known.people.get(nudge.contact_id)
    if duty is None or duty.state is not DutyState.OPEN:
        return "closed"
    if is_paused(duty, now):
        return "undecided" if duty.awaits else "paused"
    if _is_between(known.reported.get(nudge.duty_id), nudge.planned_at, now) and nudge.step is not Step.UNREACHED:
        return "answered"
    if _is_after(known.latest.get((nudge.contact_id, nudge.duty_id, nudge.step)), nudge.due_at):
        return "overtaken"
    if duty.last_day is None or (duty.last_day + dt.timedelta(days=nudge.rung)) != nudge.rung_day:
        return "moved"
    if _is_between(known.handed_over.get(nudge.duty_id), nudge.planned_at, now):
        return "handed_over"
    if person is None or person.account is None:
        return "no_account"
    if nudge.step in (Step.FOCAL_POINT, Step.LEADER) and duty.agency_code != person.contact.agency_code:
        return "handed_over"
    left_out = person.left_out(local_day(now)) if nudge.step is Step.FOCAL_POINT else None
    return left_out.value if left_out else ""


def _is_after(at: dt.datetime | None, other: dt.datetime) -> bool:
    return at is not None and at > other


def _is_between(at: dt.datetime | None, since: dt.datetime, now: dt.datetime) -> bool:
    """Whether something happened meanwhile. What people did months after a moment that is only tried out says nothing about it;
    a little later than now is what was done while the clock was being read."""
    return _is_after(at, since) and at is not None and at < now + _OTHER_TIME


def _compose(contact: Contact, nudges: Sequence[Nudge], known: _Known, now: dt.datetime) -> Message:
    by_step: defaultdict[Step, list[wording.NudgeLine]] = defaultdict(list)
    for nudge in sorted(nudges, key=lambda one: (known.duties[one.duty_id].last_day or dt.date.max, one.duty_id)):
        duty = known.duties[nudge.duty_id]
        by_step[nudge.step].append(line_of(duty, known.agencies.get(duty.agency_code, duty.agency_code), is_again=nudge.is_again))
    agency = known.agencies.get(contact.agency_code or "", "")
    due_at = max(one.due_at for one in nudges)
    return wording.nudge(contact.name, agency, by_step, now=now, due_at=due_at)


def line_of(duty: Duty, agency: str, *, is_again: bool = False) -> wording.NudgeLine:
    """What a reminder says about one duty."""
    source = f"{duty.source}, mục {duty.clause}" if duty.source and duty.clause else duty.source
    assert duty.last_day is not None
    promised = duty.paused_until if is_again else None
    return wording.NudgeLine(duty.code, agency, duty.task, duty.last_day, duty.rule.printed, source, promised)
