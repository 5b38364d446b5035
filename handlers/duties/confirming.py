"""Duties opened by a person: a group's duty becomes one of each agency that belongs to it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import list_documents
from db.duties import Duty, DutyOutcome, DutyState, list_duties, parse_duty_code
from db.people import Agency, ensure_agencies, list_agencies
from handlers.duties.proposing import default_agencies, registry_of
from knowledge.agencies import GROUP, group_members
from knowledge.text import fold
from scheduler import course
from scheduler.course import By, Rules


async def confirm_duties(session: AsyncSession, codes: Collection[str] | None, rules: Rules, by: By) -> list[Duty]:
    """Open the proposed duties among `codes` (None: all that are proposed); returns the duties that are open because of it,
    by code. Confirming twice opens each once."""
    wanted = None if codes is None else {parse_duty_code(code) for code in codes}
    opened: list[Duty] = []
    for duty in await list_duties(session, DutyState.PROPOSED):
        if wanted is not None and duty.id not in wanted:
            continue
        members = await members_of(session, duty)
        if members:
            opened += await _split(session, duty, members, rules, by)
        else:
            await course.confirm(session, duty, rules, by)
            opened.append(duty)
    return sorted(opened, key=lambda one: one.id)


async def members_of(session: AsyncSession, duty: Duty) -> list[Agency]:
    """The agencies that owe a group's duty one by one: of the installation's own list, or, while there is none, of the usual
    ones of a province. Empty for a duty of one agency, and for a group that nobody belongs to."""
    agencies = await list_agencies(session)
    group = next((one for one in agencies if one.code == duty.agency_code), None)
    if group is None or group.kind != GROUP:
        return []
    listed = [one for one in agencies if one.is_listed and one.kind != GROUP] or default_agencies()
    documents = {one.id: one.subject for one in await list_documents(session)}
    title = documents.get(duty.document_id or 0, "")
    codes = set(group_members(group.name, title, registry=registry_of(listed)))
    called = fold(group.name)
    return [one for one in listed if one.code in codes or called in map(fold, one.groups)]


async def _split(session: AsyncSession, duty: Duty, members: list[Agency], rules: Rules, by: By) -> list[Duty]:
    """A duty of each member in the place of the group's."""
    await ensure_agencies(session, members)
    parts = []
    for agency in members:
        part = Duty(
            fingerprint=hashlib.sha256(f"{duty.fingerprint}\x1f{agency.code}".encode()).hexdigest(),
            assignment_id=duty.assignment_id,
            document_id=duty.document_id,
            parent_id=duty.id,
            agency_code=agency.code,
            clause=duty.clause,
            task=duty.task,
            source=duty.source,
            rule=duty.rule,
            last_day=duty.last_day,
            due_at=duty.due_at,
            ladder=duty.ladder,
            proposed_at=duty.proposed_at,
        )
        session.add(part)
        parts.append(part)
    await session.flush()
    for part in parts:
        await course.confirm(session, part, rules, by)
    await course.close(session, duty, DutyOutcome.SPLIT, rules, by)
    return parts
