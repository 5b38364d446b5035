"""The ways in which a call to the fake Telegram goes wrong, its limits, and what it keeps of calls and messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tests.telegram_markup import Json

OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True)
class Fault:
    """A way in which a call goes wrong. `status` 0: no answer ever comes; `accepted`: the call has its effect all the same."""

    name: str
    status: int = 0
    description: str = ""
    parameters: Mapping[str, int] = field(default_factory=dict, hash=False)
    html: str = ""
    accepted: bool = False
    reset: bool = False

    TOO_MANY: ClassVar[Fault]
    BLOCKED: ClassVar[Fault]
    DEACTIVATED: ClassVar[Fault]
    NOT_STARTED: ClassVar[Fault]
    CHAT_NOT_FOUND: ClassVar[Fault]
    MIGRATED: ClassVar[Fault]
    BAD_MARKUP: ClassVar[Fault]
    SERVER_ERROR: ClassVar[Fault]
    BAD_GATEWAY: ClassVar[Fault]
    UNAUTHORIZED: ClassVar[Fault]
    CONFLICT: ClassVar[Fault]
    HANG_AFTER: ClassVar[Fault]
    HANG_BEFORE: ClassVar[Fault]
    RESET_AFTER: ClassVar[Fault]
    RESET_BEFORE: ClassVar[Fault]

    @staticmethod
    def too_many(retry_after: int) -> Fault:
        return Fault("TOO_MANY", 429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})

    @staticmethod
    def migrated(to: int) -> Fault:
        return Fault("MIGRATED", 400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": to})


Fault.TOO_MANY = Fault.too_many(1)
Fault.BLOCKED = Fault("BLOCKED", 403, "Forbidden: bot was blocked by the user")
Fault.DEACTIVATED = Fault("DEACTIVATED", 403, "Forbidden: user is deactivated")
Fault.NOT_STARTED = Fault("NOT_STARTED", 403, "Forbidden: bot can't initiate conversation with a user")
Fault.CHAT_NOT_FOUND = Fault("CHAT_NOT_FOUND", 400, "Bad Request: chat not found")
Fault.MIGRATED = Fault.migrated(-1001234567890)
Fault.BAD_MARKUP = Fault("BAD_MARKUP", 400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0')
Fault.SERVER_ERROR = Fault("SERVER_ERROR", 500, "Internal Server Error")
Fault.BAD_GATEWAY = Fault("BAD_GATEWAY", 502, html="<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
Fault.UNAUTHORIZED = Fault("UNAUTHORIZED", 401, "Unauthorized")
Fault.CONFLICT = Fault("CONFLICT", 409, OTHER_POLL)
Fault.HANG_AFTER = Fault("HANG_AFTER", accepted=True)
Fault.HANG_BEFORE = Fault("HANG_BEFORE")
Fault.RESET_AFTER = Fault("RESET_AFTER", accepted=True, reset=True)
Fault.RESET_BEFORE = Fault("RESET_BEFORE", reset=True)


@dataclass(frozen=True)
class Limits:
    """How many messages may go out: to all in a second, to one person in a second, to one group in a minute. None: any number."""

    per_second: int | None = 30
    per_chat: int | None = 1
    group_per_minute: int | None = 20


USUAL_LIMITS = Limits()


@dataclass
class Call:
    """A call of the bot; `at` is the loop's time when all of it had come, `status` 0 while or because no answer was given."""

    at: float
    method: str
    params: Json = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """The uploaded files by the name that people see."""
    status: int = 0
    answer: Json = field(default_factory=dict)
    fault: Fault | None = None
    parts: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Shown:
    """A message of the bot as the person sees it now; of a photo or document the text is the caption."""

    message_id: int
    text: str
    html: str
    buttons: list[list[tuple[str, str]]]
    """Rows of label and callback data; the data is empty where a button does something else."""
    sent_at: float
    edited: bool = False
    document: tuple[str, bytes] | None = None
    photo: tuple[str, bytes] | None = None
    reply_to: int | None = None
    markup: Json | None = None
    """The markup as sent, where keyboards that stand below the chat are too."""
