"""Takes the README's pictures anew: the page over the bundled digest, on a desk and on a phone. `make screenshots`."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from bot.clock import DemoTime
from bot.settings import Settings
from db.engine import Database, migrate, open_database
from handlers.documents import SAMPLES, take_in
from handlers.duties.confirming import confirm_duties
from knowledge.ingest import Limits
from scheduler.course import By, Rules
from tests.browser import Screen, browsing
from tests.web_chat import WebPage, serving_demo

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
_DESK, _PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


async def fill(settings: Settings) -> None:
    """A store as `make run` makes it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    await migrate(database)
    time = await DemoTime.open(database, start=settings.demo_start)
    limits = Limits(max_bytes=10_000_000, max_pages=200)
    await take_in(database, [SAMPLES], data_dir=settings.data_dir, limits=limits, now=time.now(), samples=True)
    await database.close()


async def take(browser: Browser, address: str) -> None:
    """The pictures, each of a page of its own."""
    desk = await Screen.open(browser, address, viewport=_DESK, color_scheme="light")
    await desk.ask("chi tieu 5g nam 2030?")
    await desk.press("📈 Lộ trình")
    await desk.save(PICTURES / "desk.png")
    phone = await Screen.open(browser, f"{address}/#c2", viewport=_PHONE, color_scheme="light", device_scale_factor=2)
    await phone.ask("6G năm 2030")
    await phone.save(PICTURES / "phone.png")
    dark = await Screen.open(browser, f"{address}/#c3", viewport=_PHONE, color_scheme="dark", device_scale_factor=2)
    await dark.ask("/chitieu 2030")
    await dark.save(PICTURES / "phone-dark.png")
    reminded = await Screen.open(browser, f"{address}/#c4", viewport=_PHONE, color_scheme="light", device_scale_factor=2)
    await reminded.ask("nop r a")
    await reminded.save(PICTURES / "reminder.png")
    watching = await Screen.open(browser, f"{address}/#c6", viewport=_DESK, color_scheme="light")
    await watching.ask("/tiendo")
    await watching.told.filter(has=watching.page.locator("img")).last.wait_for()
    await watching.save(PICTURES / "progress.png")
    for screen in (desk, phone, dark, reminded, watching):
        assert screen.errors == []


async def remind(database: Database, address: str) -> None:
    """Have everything confirmed, and the clock stand on the morning of a reminder."""
    async with database.write() as session:
        start = Settings(_env_file=None).demo_start.astimezone(dt.UTC)
        await confirm_duties(session, None, Rules(), By(None, start))
    async with WebPage(address) as page:
        await page.post("/api/clock", move="to", to="2026-01-12T08:05")
        await page.until(lambda: not page.clock["is_moving"] and page.clock["now"] >= "2026-01-12T08:05")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), web_port=0)
        await fill(settings)
        async with serving_demo(settings, settings.database_url) as (address, database), browsing() as browser:
            await remind(database, address)
            await take(browser, address)
    print(*sorted(PICTURES.glob("*.png")), sep="\n")


if __name__ == "__main__":
    asyncio.run(main())
