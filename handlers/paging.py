"""A long list, page by page, in one message: which part is shown, and the buttons that turn it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from db.messages import COMMAND_BYTES, Action
from handlers.wording import pages

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """The items of one page; `number` and `first` (the place of its first item in the list) count from 1. `is_other`: the
    page that was asked for does not exist, and this is the nearest."""

    items: tuple[Item, ...]
    number: int
    count: int
    first: int
    is_other: bool

    @property
    def remark(self) -> str:
        """What is to be said where another page is shown than was asked for."""
        return pages.ONLY_PAGES.format(count=self.count) if self.is_other else ""


def page_of(items: Sequence[Item], asked: int, *, size: int) -> Page[Item]:
    """The page asked for, or the nearest that there is; of no items an empty first page."""
    count = max(-(-len(items) // size), 1)
    number = min(max(asked, 1), count)
    start = (number - 1) * size
    return Page(tuple(items[start : start + size]), number, count, start + 1, number != asked)


def turning(page: Page[Item], command: Callable[[int], str]) -> tuple[tuple[Action, ...], ...]:
    """«◀ 2/5 ▶» as a row of buttons, each with the command of its page; none where there is one page, or no room for a command."""
    if page.count == 1 or len(command(page.count).encode()) > COMMAND_BYTES:
        return ()
    shown = [(pages.BACK, page.number - 1), (f"{page.number}/{page.count}", page.number), (pages.ONWARD, page.number + 1)]
    return (tuple(Action(label=label, command=command(number)) for label, number in shown if 1 <= number <= page.count),)


def rows_of(buttons: Sequence[Action], width: int) -> tuple[tuple[Action, ...], ...]:
    """Buttons in rows of so many."""
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))


def shorten(text: str, limit: int) -> str:
    """At most so many characters, cut after a word: «Phát triển khoa học…»."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-–") + "…"
