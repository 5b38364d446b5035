"""The door for files that people send: who may hand one in, what is checked, where its bytes go."""

from __future__ import annotations

import asyncio
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from db.accounts import get_account
from db.engine import Database
from db.files import save_file
from db.people import get_person
from handlers.call import ReceivedFile
from handlers.files.heads import first_lines
from handlers.files.kinds import Kind, tell_kind
from handlers.files.names import bare_name, clean_name, suffix_of
from handlers.files.refusals import Refusal, RefusedFile
from handlers.permissions import Right, permits
from knowledge.secrecy import find_secrecy_mark

MEGABYTE = 1024 * 1024
_PATIENCE = 8.0  # seconds for looking into one file; a worker has half a minute for all of it
_AT_ONCE = 2  # files being looked into: each may take as much memory as it unpacks to


@dataclass(frozen=True, slots=True)
class FileDoor:
    """Takes files in: `max_bytes` is the largest, `folder` where stored files lie."""

    database: Database
    folder: Path
    max_bytes: int
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def admits(self, *, channel: str, bot_id: str, user_id: str) -> bool | None:
        """Whether this person may hand in files; None for somebody nobody knows, of whom nothing is fetched."""
        async with self.database.read() as session:
            account = await get_account(session, channel=channel, bot_id=bot_id, user_id=user_id)
            if account is None or account.contact_id is None:
                return None
            return permits((await get_person(session, account.contact_id)).contact, Right.REPORT)

    async def take(self, name: str, data: bytes) -> ReceivedFile:
        """Check a file and write its bytes. Raises RefusedFile; then nothing of it is kept."""
        if len(data) > self.max_bytes:
            raise RefusedFile(Refusal.TOO_LARGE)
        async with self.gate:
            try:
                kind = await asyncio.wait_for(asyncio.to_thread(check, bare_name(name), data), _PATIENCE)
            except TimeoutError as error:
                # Nothing that people write takes so long: it was made to.
                raise RefusedFile(Refusal.DAMAGED) from error
        saved = await asyncio.to_thread(save_file, self.folder, data)
        return ReceivedFile(clean_name(bare_name(name), kind.suffix), saved.sha256, saved.size, kind.media_type)


def check(name: str, data: bytes) -> Kind:
    """What a file of this bare name is. Raises RefusedFile for one that is not kept, for what it is or for what it says."""
    kind = tell_kind(data, suffix_of(name))
    try:
        mark = find_secrecy_mark(first_lines(data, kind))
    except (
        zipfile.BadZipFile,
        zlib.error,
        etree.LxmlError,
        EOFError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise RefusedFile(Refusal.DAMAGED) from error
    if mark:
        raise RefusedFile(Refusal.SECRET, mark)
    return kind
