"""Files that the page sends, read part by part: never more than one in memory, none larger than is taken."""

from __future__ import annotations

from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from bot import wording
from bot.web.channel import HERE
from handlers.call import ReceivedFile
from handlers.files.receiving import MEGABYTE, FileDoor
from handlers.files.refusals import Refusal, RefusedFile
from handlers.wording import files as files_wording

MOST_FILES = 10  # as many as an album on Telegram
_FIELDS = frozenset({"person", "id", "text", "reply_to"})
_FIELD = 64 * 1024  # bytes of a field that is no file
_BESIDES = 256 * 1024  # bytes of all that is no file


class BadUpload(Exception):
    """An upload that cannot be read; says why, for a person."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


async def read_upload(request: web.Request, door: FileDoor) -> tuple[dict[str, Any], list[ReceivedFile], list[str]]:
    """The fields, the files that were taken in, and of each other one why it was not, in words for its sender.

    The fields come before the files: of somebody nobody knows no file is read. Raises BadUpload.
    """
    limit = door.max_bytes // MEGABYTE
    too_much = BadUpload(wording.WEB_TOO_MANY_BYTES.format(limit=limit, count=MOST_FILES), 413)
    if request.content_length is None or request.content_length > MOST_FILES * door.max_bytes + _BESIDES:
        raise too_much
    given: dict[str, Any] = {"text": ""}
    files: list[ReceivedFile] = []
    refused: list[str] = []
    count, may = 0, None
    try:
        async for part in await request.multipart():
            if isinstance(part, MultipartReader) or part is None:
                raise BadUpload(wording.WEB_BAD_REQUEST)
            if part.name in _FIELDS and part.filename is None:
                given[part.name] = (await _bytes(part, _FIELD)).decode("utf-8", "replace")
                continue
            count += 1
            name = part.filename or ""
            if count == 1:
                may = await door.admits(channel=HERE.name, bot_id=HERE.bot_id, user_id=given.get("person", ""))
            if count > MOST_FILES:
                refused.append(files_wording.TOO_MANY_AT_ONCE.format(limit=MOST_FILES))
                break
            if not may:
                refused += [files_wording.NOT_FROM_YOU] if may is False else []
                break
            try:
                files.append(await door.take(name, await _bytes(part, door.max_bytes)))
            except RefusedFile as error:
                refused.append(files_wording.refusal(name, error, limit_mb=limit))
    except (ValueError, web.RequestPayloadError, AssertionError) as error:
        raise BadUpload(wording.WEB_BAD_REQUEST) from error
    finally:
        # Browsers hear an answer only when all they send was taken.
        await request.release()
    if not count:
        raise BadUpload(wording.WEB_NO_FILE)
    return given, files, refused


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    """A part's bytes. Raises RefusedFile where there are more; they are read all the same."""
    received = bytearray()
    size = 0
    while chunk := await part.read_chunk():
        size += len(chunk)
        if size <= most:
            received += chunk
    if size > most:
        raise RefusedFile(Refusal.TOO_LARGE)
    return bytes(received)
