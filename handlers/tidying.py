"""What a night is for: nothing is kept longer than was told, and no file that nothing refers to."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from db.approved import forget_drafts, forget_withdrawn
from db.audit import forget_entries
from db.conversations import forget_inquiries, forget_talks
from db.engine import Database
from db.inbox import forget_events
from db.outbox import forget_messages
from db.prompts import forget_prompts, list_awaited_files
from db.sweep import delete_unlisted_files, delete_unused_rows, list_file_hashes

_TRAFFIC_KEPT = dt.timedelta(days=30)
_AUDIT_KEPT = dt.timedelta(days=3 * 365)
_MONTH = dt.timedelta(days=30.44)
_YOUNG = dt.timedelta(hours=1)  # a file that lately came may be about to be referred to


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many rows were too old to be kept, and how many files were nobody's."""

    inquiries: int
    events: int
    messages: int
    files: int


async def tidy(database: Database, *, files_folder: Path, months: int, now: dt.datetime, world: dt.datetime) -> Tidied:
    """Delete what was kept long enough: questions, talks and withdrawn answers after `months`, messages as they came and went
    after 30 days; then the stored files that no row needs. `world`: the instant by the clock that dates files, which a demo's is not."""
    old = now - months * _MONTH
    async with database.write() as session:
        await forget_talks(session, before=old)
        await forget_entries(session, before=now - max(_AUDIT_KEPT, months * _MONTH))
        await forget_drafts(session, before=old)
        await forget_withdrawn(session, before=old)
        inquiries = await forget_inquiries(session, before=old)
        events = await forget_events(session, before=now - _TRAFFIC_KEPT)
        messages = await forget_messages(session, before=now - _TRAFFIC_KEPT)
        await forget_prompts(session, before=now)
        await delete_unused_rows(session, before=now - _YOUNG, spared=await list_awaited_files(session, now=now))
        listed = await list_file_hashes(session)
    files = await asyncio.to_thread(delete_unlisted_files, files_folder, listed, before=world - _YOUNG)
    return Tidied(inquiries, events, messages, files)
