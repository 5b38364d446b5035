"""A demo begun anew: everything that was said and done is deleted."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.documents import Document, Passage, Rendition, Version
from db.duties import Duty, DutyState
from db.facts import Abbreviation, Assignment, Relation, Result, Target
from db.files import StoredFile
from db.nudges import Escalation, Nudge
from db.people import Agency, Contact
from db.periodic import PeriodicNotice
from db.prompts import Prompt
from db.reports import DutyChange, Evidence, Extension, StatusReport
from db.schema import Row, table_of
from db.tables import METADATA

# What somebody brought along; a table that is not named here holds what came of using it.
_BROUGHT: tuple[type[Row], ...] = (
    Agency,
    Contact,
    StoredFile,
    Document,
    Version,
    Rendition,
    Passage,
    Target,
    Result,
    Assignment,
    Relation,
    Abbreviation,
)


async def propose_again(session: AsyncSession) -> None:
    """Every duty is as it was proposed, with nothing said, sent or done about it; parts of a group's duty are the group's again."""
    for table in (PeriodicNotice, Escalation, Nudge, DutyChange, Extension, Evidence, StatusReport, Prompt):
        await session.execute(delete(table_of(table)))
    await session.execute(delete(Duty).where(col(Duty.parent_id).is_not(None)))
    since = ("confirmed_at", "closed_at", "outcome", "assignee_id", "awaits", "awaited_at", "pause", "paused_until")
    nothing = dict.fromkeys((*since, "reminded_until", "remind_at"))
    await session.execute(update(Duty).values(state=DutyState.PROPOSED, **nothing))
    session.expire_all()


async def forget_demo(session: AsyncSession) -> list[int]:
    """Delete all rows but documents, files, agencies and people, and of the people the invented ones; returns whose ids they were."""
    kept = {table_of(row) for row in _BROUGHT}
    for table in reversed(METADATA.sorted_tables):
        if table not in kept:
            await session.execute(delete(table))
    # An absence of the demo's days is none of another beginning.
    forgotten = {"away_from": None, "away_until": None, "silenced_at": None}
    await session.execute(update(Contact).values(forgotten))
    invented = (await session.execute(delete(Contact).where(col(Contact.is_sample)).returning(col(Contact.id)))).scalars().all()
    session.expire_all()
    return sorted(invented)
