"""What is old goes, what is young stays, and a file that nothing refers to goes too."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from db.approved import ApprovedAnswer
from db.audit import AuditEntry
from db.conversations import Inquiry
from db.engine import Database
from db.files import add_file, save_file
from db.inbox import InboxRow, InboxState
from db.messages import plain
from db.outbox import OutboxRow, OutboxState, Priority
from db.schema import Row
from handlers.tidying import tidy
from tests.telegram_bot import rows_of

DAY = dt.timedelta(days=1)


def rows_from(then: dt.datetime) -> list[Row]:
    """One of everything that is kept for a time, settled then."""
    return [
        Inquiry(question="5G?", kind="none", answered=False, answer="", citations=(), asked_at=then),
        AuditEntry(at=then, action="invite"),
        InboxRow(
            channel="telegram",
            bot_id="1",
            external_id=then.isoformat(),
            payload={},
            received_at=then,
            state=InboxState.DONE,
            settled_at=then,
        ),
        OutboxRow(
            channel="telegram",
            bot_id="1",
            recipient="1",
            priority=Priority.ANSWER,
            message=plain("Dạ."),
            created_at=then,
            not_before=then,
            state=OutboxState.SENT,
            settled_at=then,
        ),
    ]


async def test_each_kind_goes_when_its_time_is_over(database: Database, now: dt.datetime, tmp_path: Path) -> None:
    ages = (1 * DAY, 29 * DAY, 31 * DAY, 360 * DAY, 370 * DAY, 4 * 365 * DAY)
    async with database.write() as session:
        session.add_all([row for age in ages for row in rows_from(now - age)])
    tidied = await tidy(database, files_folder=tmp_path, months=12, now=now, world=now)
    assert (tidied.inquiries, tidied.events, tidied.messages) == (2, 4, 4)
    kept = [len(await rows_of(database, kind)) for kind in (Inquiry, InboxRow, OutboxRow, AuditEntry)]
    assert kept == [4, 2, 2, 5]


async def test_what_still_waits_is_kept_however_old(database: Database, now: dt.datetime, tmp_path: Path) -> None:
    async with database.write() as session:
        for row in rows_from(now - 800 * DAY):
            if isinstance(row, InboxRow | OutboxRow):
                row.settled_at = None
                session.add(row)
    tidied = await tidy(database, files_folder=tmp_path, months=12, now=now, world=now)
    assert (tidied.events, tidied.messages) == (0, 0)


async def test_file_that_is_nobodys_goes(database: Database, now: dt.datetime, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    saved = save_file(folder, b"nobody's")
    async with database.write() as session:
        await add_file(session, saved, now=now)
    assert (await tidy(database, files_folder=folder, months=12, now=now, world=now)).files == 0
    later = dt.datetime.now(dt.UTC) + 2 * DAY
    assert (await tidy(database, files_folder=folder, months=12, now=later, world=later)).files == 1
    assert list(folder.iterdir()) == []


async def test_withdrawn_answer_goes_in_its_time(database: Database, now: dt.datetime, tmp_path: Path) -> None:
    async with database.write() as session:
        for taken in (None, now - 10 * DAY, now - 400 * DAY):
            old = now - 800 * DAY
            session.add(ApprovedAnswer(question="5G?", answer="Có.", created_at=old, approved_at=old, withdrawn_at=taken))
    await tidy(database, files_folder=tmp_path, months=12, now=now, world=now)
    assert [one.withdrawn_at for one in await rows_of(database, ApprovedAnswer)] == [None, now - 10 * DAY]
