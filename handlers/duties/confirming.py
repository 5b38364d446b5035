"""Duties opened by a person: a group's duty becomes one of each agency that belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import list_documents
from db.duties import (
    Duty,
    DutyOutcome,
    DutyState,
    add_duties,
    fingerprint_of,
    list_parts,
    lock_duties,
    lock_proposed,
    parse_duty_code,
)
from db.facts import get_assignments
from db.people import Agency, ensure_agencies, list_agencies
from handlers.duties.proposing import default_agencies, registry_of
from knowledge.agencies import GROUP, find_agencies, group_members
from knowledge.text import fold
from scheduler import course
from scheduler.calendar import local_day
from scheduler.course import By, Rules


class Membership:
    """Which agencies owe a group's duty one by one: of the installation's own list, or, while there is none, of the usual
    ones of a province. Whoever its results go to owes nothing of it; `recipients` are their names, by assignment."""

    def __init__(
        self, agencies: Sequence[Agency], subjects: Mapping[int, str], recipients: Mapping[int, Sequence[str]] | None = None
    ) -> None:
        self._groups = {one.code: one for one in agencies if one.kind == GROUP}
        self._listed = [one for one in agencies if one.is_listed and one.kind != GROUP] or default_agencies()
        self._subjects = subjects
        self._recipients = recipients or {}
        self._registry = registry_of(self._listed)

    def of(self, duty: Duty) -> list[Agency]:
        """Empty for a duty of one agency, and for a group that nobody belongs to."""
        group = self._groups.get(duty.agency_code)
        if group is None:
            return []
        named = self._recipients.get(duty.assignment_id or 0, ())
        sent_to = {mention.code for name in named for mention in find_agencies(name, registry=self._registry) if not mention.is_group}
        return [one for one in self.of_group(group, self._subjects.get(duty.document_id or 0, "")) if one.code not in sent_to]

    def of_group(self, group: Agency, title: str = "") -> list[Agency]:
        codes = set(group_members(group.name, title, registry=self._registry))
        called = fold(group.name)
        return [one for one in self._listed if one.code in codes or called in map(fold, one.groups)]


async def load_membership(session: AsyncSession, duties: Iterable[Duty] = ()) -> Membership:
    """`duties`: those whose groups will be looked at."""
    assignments = await get_assignments(session, {one.assignment_id for one in duties if one.assignment_id is not None})
    subjects = {one.id: one.subject for one in await list_documents(session)}
    return Membership(await list_agencies(session), subjects, {key: one.report_to for key, one in assignments.items()})


async def confirm_duties(session: AsyncSession, codes: Collection[str] | None, rules: Rules, by: By) -> list[Duty]:
    """Open the proposed duties among `codes` (None: all that are proposed); returns the duties that are open because of it,
    by code. Confirming twice, or two at once, opens each once."""
    await lock_duties(session)
    wanted = None if codes is None else {number for code in codes if (number := parse_duty_code(code)) is not None}
    # Read anew and locked: what somebody drops at this moment stays dropped.
    proposed = await lock_proposed(session, wanted)
    membership = await load_membership(session, proposed)
    opened: list[Duty] = []
    for duty in proposed:
        members = membership.of(duty)
        if members:
            opened += await split(session, duty, members, rules, by)
        else:
            await course.confirm(session, duty, rules, by)
            opened.append(duty)
    return sorted(opened, key=lambda one: one.id)


async def members_of(session: AsyncSession, duty: Duty) -> list[Agency]:
    """The agencies that owe a group's duty one by one; empty for a duty of one agency, and for a group of nobody."""
    return (await load_membership(session, [duty])).of(duty)


async def add_missing_parts(session: AsyncSession, group: Duty, rules: Rules, by: By) -> list[Duty]:
    """The duties of agencies that came to belong to a group after its duty was confirmed, for each last day that the others
    still have before them; those that are new."""
    await lock_duties(session)
    parts = await list_parts(session, [group.id])
    today = local_day(by.at)
    ahead = {one.last_day: one for one in parts if one.state is DutyState.OPEN and (one.last_day is None or one.last_day >= today)}
    if not ahead and (group.last_day is None or group.last_day >= today):
        ahead = {group.last_day: group}
    known = {(one.agency_code, one.last_day) for one in parts}
    members = (await load_membership(session, [group])).of(group)
    await ensure_agencies(session, members)
    new = [part_of(group, agency, like=one) for one in ahead.values() for agency in members if (agency.code, one.last_day) not in known]
    added = await add_duties(session, new)
    for part in added:
        part.proposed_at = by.at
        await course.confirm(session, part, rules, by)
    return added


def part_of(group: Duty, agency: Agency, *, like: Duty) -> Duty:
    """What one agency owes of a group's duty, for the day of another part (or the group's own)."""
    # For the group's own day as ever; for a later turn the day tells them apart.
    turn = () if like.rule == group.rule else (str(like.rule.last_day or ""),)
    return Duty(
        fingerprint=fingerprint_of(group.fingerprint, agency.code, *turn),
        assignment_id=like.assignment_id,
        document_id=like.document_id,
        parent_id=group.id,
        agency_code=agency.code,
        clause=like.clause,
        task=like.task,
        source=like.source,
        rule=like.rule,
        last_day=like.last_day,
        due_at=like.due_at,
        ladder=like.ladder,
        repeats=like.repeats,
        proposed_at=like.proposed_at,
    )


async def split(session: AsyncSession, duty: Duty, members: Sequence[Agency], rules: Rules, by: By) -> list[Duty]:
    """A duty of each member in the place of the group's."""
    await ensure_agencies(session, members)
    parts = await add_duties(session, [part_of(duty, agency, like=duty) for agency in members])
    for part in parts:
        await course.confirm(session, part, rules, by)
    await course.close(session, duty, DutyOutcome.SPLIT, rules, by)
    return parts
