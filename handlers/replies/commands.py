"""What can be said here, as it is typed."""

from __future__ import annotations

from handlers.command import Command

COMMANDS: tuple[Command, ...] = ()
