"""What can be said here, as it is typed."""

from __future__ import annotations

from handlers.command import Command
from handlers.permissions import Right
from handlers.replies import evidence

COMMANDS: tuple[Command, ...] = (
    Command(
        "evidence",
        r"(?:/?tep|minh chung)(?: cua)? (pv ?\d{1,9})(?: trang (\d{1,4}))?",
        Right.SEE_DUTIES,
        evidence.files_of_duty,
        is_private=True,
    ),
)
