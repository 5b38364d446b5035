"""Takes the README's pictures anew: the page over the bundled digest, on a desk and on a phone. `make screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser

from bot.clock import DemoTime
from bot.settings import Settings
from db.engine import migrate, open_database
from handlers.documents import SAMPLES, take_in
from knowledge.ingest import Limits
from tests.browser import Screen, browsing
from tests.web_chat import serving_demo

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
    for screen in (desk, phone, dark):
        assert screen.errors == []


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), web_port=0)
        await fill(settings)
        async with serving_demo(settings, settings.database_url) as (address, _), browsing() as browser:
            await take(browser, address)
    print(*sorted(PICTURES.glob("*.png")), sep="\n")


if __name__ == "__main__":
    asyncio.run(main())
