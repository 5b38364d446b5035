"""A real browser on the page: Debian's Chromium (or any that is installed), driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PATIENCE = 10_000  # milliseconds


def find_chromium() -> str:
    """Where the browser is; the test is skipped, with the reason, where there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed: nothing is tried in a browser")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium is installed (apt install chromium): nothing is tried in a browser")
    return found


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A browser until the block is left."""
    path = find_chromium()
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        await browser.close()


@dataclass(slots=True)
class Screen:
    """One page in the browser, and whatever went wrong on it."""

    page: Page
    errors: list[str]

    @classmethod
    async def open(cls, browser: Browser, address: str, **given: Any) -> Screen:
        """The page at an address; `given` as Playwright's `new_context` takes it."""
        context = await browser.new_context(**given)
        context.set_default_timeout(_PATIENCE)
        page = await context.new_page()
        screen = cls(page, [])
        page.on("pageerror", lambda error: screen.errors.append(str(error)))
        page.on("console", lambda message: screen.errors.append(message.text) if message.type == "error" else None)
        await page.goto(address)
        await page.get_by_test_id("composer").wait_for()
        return screen

    async def choose(self, person: str) -> None:
        await self.page.get_by_test_id(f"person-{person}").click()

    async def ask(self, text: str) -> Locator:
        """Type and send; the newest message of the assistant once it is there."""
        before = await self.told.count()
        await self.page.get_by_test_id("composer").fill(text)
        await self.page.get_by_test_id("composer").press("Enter")
        return await self.answer(before)

    async def press(self, label: str) -> None:
        """Tap the newest button of that name, until that has had its effect."""
        button = self.page.get_by_test_id("action").filter(has_text=label).last
        await button.click()
        await self.page.locator("[aria-busy=true]").first.wait_for(state="detached")

    async def save(self, path: Path) -> None:
        """A picture of the page once it is still and its own pictures are there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        await self.page.wait_for_function("[...document.images].every((one) => one.complete)")
        await self.page.screenshot(path=path, animations="disabled")

    async def answer(self, before: int) -> Locator:
        """The first message of the assistant after so many."""
        newest = self.told.nth(before)
        await newest.wait_for()
        return newest

    @property
    def told(self) -> Locator:
        """What the assistant has said, as far as it is shown."""
        return self.page.locator("[role=tabpanel]:not([hidden]) [data-own=false]")

    async def buttons(self, message: Locator) -> list[str]:
        """The commands that a message's buttons stand for."""
        found = await message.get_by_test_id("action").all()
        return [str(await one.get_attribute("data-command")) for one in found]
