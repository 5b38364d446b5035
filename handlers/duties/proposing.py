"""Assignments become duties: one for each agency that owes it, proposed for a person to confirm."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.current import CurrentFact, load_current
from db.deadlines import DeadlineRule, Recurrence
from db.documents import Document, DocumentState, list_documents
from db.duties import Duty, DutyState, Proposal, get_duties, list_duties, list_recurring
from db.duties import propose_duties as store_proposals
from db.people import Agency, ensure_agencies, list_agencies
from db.reports import ChangeKind, list_changes
from handlers import wording
from handlers.duties.series import REMEMBERED, leave_out_settled
from knowledge.agencies import GROUP, AgencyEntry, Registry, build_registry, code_for, default_registry, find_agencies
from knowledge.dates import VIETNAM, due_at, last_day
from knowledge.text import fold, sentence_case
from scheduler.calendar import periods_from
from scheduler.preview import Reminder

# They are reported to; nobody reminds them.
_NOT_REMINDED = frozenset({"leadership", "national"})
_TURNS = 2  # of a recurring assignment: the current period and the next


@dataclasses.dataclass(frozen=True, slots=True)
class Proposed:
    """Duties before they are stored, and the agencies that must be known for them."""

    proposals: tuple[Proposal, ...]
    agencies: tuple[Agency, ...]


def propose_duties(
    assignments: Iterable[CurrentFact],
    *,
    document_ids: Mapping[int, int],
    today: dt.date,
    sources: Mapping[int, str] | None = None,
    anchor: dt.date | None = None,
    registry: Registry | None = None,
) -> Proposed:
    """The duties that assignments make: one a lead agency and last day.

    A recurring assignment gives its current and its next period, due on the period's last day; two-weekly ones count
    from `anchor` and stay without a day while there is none. An open group («các sở, ban, ngành, địa phương») owes as
    one. An assignment without a lead, a deadline, a period and a recurrence gives none. `document_ids` by version id;
    `sources`: what each document is called, by its id.
    """
    registry = registry or default_registry()
    proposals: list[Proposal] = []
    agencies: dict[str, Agency] = {}
    for assignment in assignments:
        owed_by = [agency for name in assignment.fields["lead"] if (agency := _agency(name, registry))]
        for rule in deadline_rules(assignment.fields, today=today, anchor=anchor) if owed_by else ():
            for agency in owed_by:
                agencies.setdefault(agency.code, agency)
                proposals.append(
                    Proposal(
                        assignment_id=assignment.id,
                        document_id=document_ids[assignment.version_id],
                        agency_code=agency.code,
                        clause=assignment.fields["clause"],
                        task=assignment.fields["task"],
                        rule=rule,
                        last_day=rule.last_day,
                        due_at=due_at(rule.last_day) if rule.last_day else None,
                        source=(sources or {}).get(document_ids[assignment.version_id], ""),
                    )
                )
    return Proposed(tuple(proposals), tuple(agencies.values()))


def deadline_rules(assignment: Mapping[str, Any], *, today: dt.date, anchor: dt.date | None = None) -> list[DeadlineRule]:
    """The rules behind an assignment's duties: its printed day, or a turn each of what comes back.

    Where several periods end on one day («3 tháng, 6 tháng, 1 năm» on 31/12) the longest stands for them. What a
    person must complete (a period without a day, two weeks without an anchor) is a rule without a last day.
    """
    printed, period_from, period_to = assignment["due_text"], assignment["period_from"], assignment["period_to"]
    given = DeadlineRule(
        printed=printed, due_on=assignment["due_on"], inclusive=assignment["inclusive"], period_from=period_from, period_to=period_to
    )
    fixed = [given.model_copy(update={"last_day": last_day(given.due_on, inclusive=given.inclusive)})] if given.due_on else []
    turns: dict[dt.date, DeadlineRule] = {}
    undated: list[DeadlineRule] = []
    values = [Recurrence(value) for value in assignment["recurrence"] if value != Recurrence.AD_HOC]
    for value in values:  # from short to long: a longer period that ends on the same day takes its place
        periods = periods_from(value, max(today, period_from or today), _TURNS, anchor=anchor, until=period_to)
        if not periods and value is Recurrence.TWO_WEEKS and anchor is None:
            undated.append(given.model_copy(update={"recurrence": value}))
        for period in periods:
            turns[period.last] = DeadlineRule(
                printed=printed,
                due_on=period.last,
                last_day=period.last,
                period_from=period.first,
                period_to=period.last,
                recurrence=value,
                anchor=anchor if value is Recurrence.TWO_WEEKS else None,
            )
    if values:
        return [*fixed, *undated, *(turns[day] for day in sorted(turns))]
    if fixed:
        return fixed
    is_open = bool(period_to) or (bool(printed) and Recurrence.AD_HOC not in assignment["recurrence"])
    return [given] if is_open else []


def _agency(name: str, registry: Registry) -> Agency | None:
    """The agency or group behind a lead's name; None for those whom nobody reminds."""
    mention = next(iter(find_agencies(name, registry=registry)), None)
    if mention is None:
        return Agency(code=code_for(name), name=name)
    if mention.kind in _NOT_REMINDED:
        return None
    if mention.is_group:
        group = registry.group_of(mention.name)
        called = group.name if group else mention.name
        return Agency(code=group.code if group else code_for(called), name=sentence_case(called), kind=GROUP)
    if not mention.code:
        return Agency(code=code_for(mention.name), name=mention.name, kind=mention.kind)
    return _row(registry.by_code[mention.code])


def _row(entry: AgencyEntry) -> Agency:
    return Agency(code=entry.code, name=entry.name, kind=entry.kind, short_names=entry.short_names)


def default_agencies() -> list[Agency]:
    """The usual agencies of a province, as rows, for an installation that has imported none."""
    return [_row(entry) for entry in default_registry().agencies]


def registry_of(agencies: Sequence[Agency]) -> Registry:
    """The default registry with an installation's own agencies in the place of those of the same code or name.

    They are found by their own names and by the usual ones.
    """
    own: list[AgencyEntry] = []
    usual = list(default_registry().agencies)
    for one in agencies:
        if one.kind == GROUP:
            continue
        same = [entry for entry in usual if entry.code == one.code or fold(entry.name) == fold(one.name)]
        usual = [entry for entry in usual if entry not in same]
        known = (name for entry in same for name in (entry.name, *entry.short_names) if name != one.name)
        kind = one.kind or next((entry.kind for entry in same), "")
        bare = tuple(name for entry in same for name in entry.bare_names)
        own.append(AgencyEntry(one.code, one.name, kind, tuple(dict.fromkeys((*one.short_names, *known))), bare))
    return build_registry([*own, *usual])


async def propose_from_documents(
    session: AsyncSession, *, now: dt.datetime, anchor: dt.date | None = None, document_ids: Iterable[int] | None = None
) -> list[Duty]:
    """Propose the duties of the documents that are in force (of those named only), and store those that are new."""
    current = await load_current(session)
    wanted = None if document_ids is None else set(document_ids)
    in_force = [one for one in current.documents if one.state is DocumentState.IN_FORCE]
    versions = {one.version_id: one.id for one in in_force if wanted is None or one.id in wanted}
    assignments = [one for one in current.assignments if one.version_id in versions]
    registry = registry_of(await list_agencies(session))
    today = now.astimezone(VIETNAM).date()
    sources = await source_names(session)
    proposed = propose_duties(assignments, document_ids=versions, today=today, sources=sources, anchor=anchor, registry=registry)
    await ensure_agencies(session, proposed.agencies)
    return await store_proposals(session, await _unsettled(session, proposed.proposals, today), now=now)


async def _unsettled(session: AsyncSession, proposals: Sequence[Proposal], today: dt.date) -> list[Proposal]:
    """Those that do not belong to something recurring that a person has decided about."""
    known = await list_recurring(session, since=today - REMEMBERED)
    # A group's duty may be long past while its parts go on.
    parents = await get_duties(session, {one.parent_id for one in known if one.parent_id is not None})
    known += [one for one in parents.values() if one not in known]
    by_id = {one.id: one for one in known}
    changes = await list_changes(session, by_id)
    before = [(by_id[one.duty_id], one.before) for one in changes if one.kind is ChangeKind.HANDED_OVER]
    return leave_out_settled(proposals, known, before)


async def describe_duties(session: AsyncSession) -> list[dict[str, Any]]:
    """Every duty for a script, the soonest first: {code, agency_code, agency, document, clause, task, rule, last_day, due_at, state,
    outcome, parent, repeats, ladder, confirmed_at, closed_at, next_reminder_at}."""
    names, sources = await _names(session), await source_names(session)
    return [
        {
            "code": duty.code,
            "agency_code": duty.agency_code,
            "agency": names.get(duty.agency_code, duty.agency_code),
            "document": sources.get(duty.document_id or 0, duty.source),
            "clause": duty.clause,
            "task": duty.task,
            "rule": duty.rule.model_dump(mode="json"),
            "last_day": duty.last_day.isoformat() if duty.last_day else None,
            "due_at": _local(duty.due_at),
            "state": duty.state.value,
            "outcome": duty.outcome.value if duty.outcome else None,
            "parent": f"PV{duty.parent_id}" if duty.parent_id else None,
            "repeats": duty.repeats and duty.rule.recurrence is not None,
            "ladder": list(duty.ladder) if duty.ladder is not None else None,
            "confirmed_at": _local(duty.confirmed_at),
            "closed_at": _local(duty.closed_at),
            "next_reminder_at": _local(duty.remind_at) if duty.state is DutyState.OPEN else None,
        }
        for duty in await list_duties(session)
    ]


def reminder_line(reminder: Reminder) -> dict[str, Any]:
    """A reminder for a script: {at, contact, agency, codes, rung, channel, will_send, reason, text}."""
    return {**dataclasses.asdict(reminder), "at": reminder.at.astimezone(VIETNAM).isoformat(), "codes": list(reminder.codes)}


def _local(at: dt.datetime | None) -> str | None:
    return at.astimezone(VIETNAM).isoformat() if at else None


async def _names(session: AsyncSession) -> dict[str, str]:
    return {agency.code: agency.name for agency in await list_agencies(session)}


def source_name(one: Document) -> str:
    """What a document is called where it is a duty's source."""
    return wording.document_label(
        kind=one.kind, number=one.number, issued_on=one.issued_on, held_on=one.held_on, subject=one.subject, sample=one.sample
    )


async def source_names(session: AsyncSession) -> dict[int, str]:
    return {one.id: source_name(one) for one in await list_documents(session)}
