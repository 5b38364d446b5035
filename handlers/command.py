"""An action as it is typed: what every room of conversations lists its own of, and dispatch reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.permissions import Right


@dataclass(frozen=True, slots=True)
class Command:
    """`pattern` is matched against the whole folded text, its groups are the arguments, taken from the text as typed;
    `is_private`: not in a group."""

    name: str
    pattern: str
    right: Right
    run: Callable[..., Awaitable[None]]
    is_private: bool = False


def numbered(run: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A handler that takes a number first, from the text of that number."""

    async def with_number(call: object, number: str, *others: str | None) -> None:
        await run(call, int(number), *others)

    return with_number
