"""What a channel must offer to have messages sent over it, and what can come of a send. Errors are data."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from db.messages import Message


@dataclass(frozen=True, slots=True)
class Letter:
    """One call to make: part number `part` of a message, or (`edits`: the platform's ids of its parts) its new form.

    `row_id` is the outbox row's; the words of an `is_secret` message are not kept there once it is sent.
    """

    recipient: str
    message: Message
    part: int = 0
    reply_to: str | None = None
    edits: tuple[str, ...] | None = None
    is_plain: bool = False
    row_id: int = 0
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived, under this id; `is_last` when no part of the message is left."""

    message_id: str
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Throttled:
    """Too fast for the platform: nothing more by this bot before that."""

    retry_after: dt.timedelta


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive, and may the next time."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have arrived: the answer to it did not. `is_cut`: the connection broke, rather than nothing being said."""

    reason: str
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """This chat cannot be reached any more; `reason` is one of `scheduler.wording.GONE`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another id now."""

    recipient: str


@dataclass(frozen=True, slots=True)
class BadMarkup:
    """The platform cannot read the markup: once more without."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take it."""

    reason: str


@dataclass(frozen=True, slots=True)
class LockedOut:
    """The platform does not know the bot (any more): a person must see to its token."""

    reason: str


Outcome = Sent | Throttled | NotSent | Uncertain | Gone | Moved | BadMarkup | Refused | LockedOut


class Channel(Protocol):
    """One bot on one platform, as far as sending goes. Errors are outcomes, not exceptions."""

    name: str
    bot_id: str

    async def send(self, letter: Letter) -> Outcome: ...
