"""Files that come with a reply: checked by what they are, kept under a clean name, handed on to the coordinator."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.files import SavedFile, add_file
from db.reports import Evidence
from handlers.call import Call


async def attach_files(session: AsyncSession, call: Call, *, duty_id: int, report_id: int | None) -> list[Evidence]:
    """Keep the files of the message that is being worked as evidence for a duty, with the report that it made."""
    kept = []
    for file in call.incoming.files:
        await add_file(session, SavedFile(file.sha256, file.size), now=call.now)
        evidence = Evidence(
            report_id=report_id,
            duty_id=duty_id,
            contact_id=call.contact.id if call.contact else None,
            sha256=file.sha256,
            file_name=file.name,
            size=file.size,
            media_type=file.media_type,
            at=call.now,
        )
        session.add(evidence)
        kept.append(evidence)
    await session.flush()
    return kept
