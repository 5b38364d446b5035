"""Why a file is turned away: one reason a cause. `handlers.wording.files` says it to whoever sent it."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """What is wrong with a file."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    PROGRAM = "program"
    MACRO = "macro"
    LOCKED = "locked"  # a password is needed
    ARCHIVE = "archive"
    BOMB = "bomb"  # unpacks to more than anybody writes
    DAMAGED = "damaged"
    OTHER_KIND = "other_kind"
    SECRET = "secret"  # marked as a state secret


class RefusedFile(Exception):
    """A file that is not kept; `found` is what it was seen to be, the secrecy mark for one: as far as a person is helped by it."""

    def __init__(self, reason: Refusal, found: str = "") -> None:
        super().__init__(reason.value, found)
        self.reason, self.found = reason, found
