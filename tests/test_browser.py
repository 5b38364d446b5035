"""The page in a real browser: asked, tapped, looked at, with the clock moved and the server gone in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.settings import Settings
from tests import sent_files as made
from tests.browser import Screen, browsing
from tests.telegram_bot import QUICK, free_port
from tests.test_evidence import add_duty
from tests.web_chat import serving_demo

pytestmark = pytest.mark.timeout(120)
ASKED = "chi tieu phu song 5g nam 2027?"
# Two files dropped on the conversation, one of them too large.
DROP = """() => {
  const dropped = new DataTransfer();
  dropped.items.add(new File(["\x89PNG"], "ảnh.png"));
  dropped.items.add(new File([new ArrayBuffer(20 * 1024 * 1024 + 1)], "lớn.pdf"));
  const event = new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true });
  document.getElementById("scroller").dispatchEvent(event);
}"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as opened:
        yield opened


@pytest.fixture
def demo_settings(filled_sqlite: Path, tmp_path: Path) -> Settings:
    """A demo of the invented province on a port of its own, so that it can be started again at the same address."""
    (tmp_path / "assistant.db").write_bytes((filled_sqlite / "assistant.db").read_bytes())
    (tmp_path / "files").symlink_to(filled_sqlite / "files")
    given = {"data_dir": tmp_path, "secret_key": "k" * 40, "web_port": free_port(), **QUICK}
    return Settings.model_validate(given)


async def test_whole_talk_survives_the_servers_going(browser: Browser, demo_settings: Settings) -> None:
    async with serving_demo(demo_settings, demo_settings.database_url) as (address, _):
        screen = await Screen.open(browser, address, viewport={"width": 1280, "height": 800})
        page = screen.page
        await expect(page.get_by_test_id("example")).to_have_count(3)
        answer = await screen.ask(ASKED)
        await expect(answer).to_contain_text("65%")
        await expect(answer).to_contain_text("mục I.1.a")
        assert await page.locator("[role=log][aria-live=polite]").count() == 1
        for command in await screen.buttons(answer):
            if command.startswith(("đúng", "sai")):
                continue
            before = await screen.told.count()
            await answer.locator(f'[data-command="{command}"]').click()
            await screen.answer(before)
        picture = page.get_by_test_id("picture").locator("img").first
        await expect(picture).to_be_visible()
        assert await picture.evaluate("(one) => one.complete && one.naturalWidth > 600")
        followed = await screen.ask("còn 2030?")
        await expect(followed).to_contain_text("2030")
        await followed.get_by_text("Đúng", exact=False).first.click()
        await expect(page.get_by_test_id("toast")).to_contain_text("Cảm ơn")
        await expect(followed.get_by_test_id("action").filter(has_text="👍")).to_have_count(0)
        said = await screen.told.all_inner_texts()
        await page.get_by_test_id("clock-day").click()
        await expect(page.get_by_test_id("clock")).to_contain_text("06/01/2026")
    await expect(page.get_by_test_id("offline")).to_be_visible()
    await page.get_by_test_id("composer").fill("chỉ tiêu 5G năm 2035?")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("resend")).to_be_visible()
    async with serving_demo(demo_settings, demo_settings.database_url):
        await expect(page.get_by_test_id("offline")).to_be_hidden(timeout=15_000)
        assert await screen.told.all_inner_texts() == said
        await expect(page.get_by_test_id("clock")).to_contain_text("06/01/2026")
        count = await screen.told.count()
        await page.get_by_test_id("resend").click()
        await screen.answer(count)
        await page.reload()
        await expect(screen.told).to_have_count(count + 1)
        # What the browser itself says of a server that is gone is no mistake of the page.
        assert [error for error in screen.errors if "ERR_CONNECTION" not in error and "WebSocket" not in error] == []


async def test_files_are_chosen_taken_back_and_sent(browser: Browser, demo_settings: Settings) -> None:
    async with serving_demo(demo_settings, demo_settings.database_url) as (address, database):
        await add_duty(database)
        screen = await Screen.open(browser, f"{address}/#c1", viewport={"width": 390, "height": 844})
        page = screen.page
        await page.get_by_test_id("file-input").set_input_files({"name": "Báo cáo.pdf", "mimeType": "", "buffer": made.pdf()})
        await page.evaluate(DROP)
        await expect(page.get_by_test_id("toast")).to_contain_text("lớn quá 20 MB")
        remove = page.get_by_test_id("remove-file")
        await expect(remove).to_have_count(2)
        # By keys alone: out of the field, onto the buttons.
        await remove.last.focus()
        await page.keyboard.press("Enter")
        await expect(remove).to_be_focused()
        await page.get_by_test_id("composer").focus()
        await page.keyboard.press("Enter")
        answer = await screen.answer(0)
        await expect(answer).to_contain_text("Đã nhận tệp «Báo cáo.pdf»")
        await expect(page.locator("[data-own=true]").get_by_test_id("file")).to_contain_text("Báo cáo.pdf")
        await expect(page.get_by_test_id("chosen-files")).to_be_hidden()
        assert screen.errors == []


async def test_people_in_tabs_hear_of_each_other_and_keyboard_alone_is_enough(browser: Browser, demo_settings: Settings) -> None:
    async with serving_demo(demo_settings, demo_settings.database_url) as (address, _):
        screen = await Screen.open(browser, f"{address}/#c1", viewport={"width": 390, "height": 844}, color_scheme="dark")
        page = screen.page
        coordinator = await Screen.open(browser, f"{address}/#c3", viewport={"width": 1280, "height": 800})
        # Asked, then judged wrong, by keys alone.
        answer = await screen.ask(ASKED)
        wrong = answer.get_by_test_id("action").filter(has_text="Chưa đúng")
        await wrong.focus()
        before = await screen.told.count()
        await page.keyboard.press("Enter")
        how = await screen.answer(before)
        assert await page.evaluate("document.activeElement.closest('article') !== null")
        # What would be right, as an answer to the message that asks for it.
        await how.get_by_test_id("answer").press("Enter")
        await expect(page.get_by_test_id("answering")).to_contain_text("Nếu biết câu trả lời đúng")
        await expect(await screen.ask("phải là 70%")).to_contain_text("Đã ghi nội dung đúng")
        await expect(page.get_by_test_id("answering")).to_be_hidden()
        await expect(coordinator.told.first).to_contain_text("Báo câu trả lời chưa đúng")
        # The commands of the person's own menu, chosen with arrows.
        await page.get_by_test_id("composer").focus()
        await page.keyboard.type("/chi")
        await expect(page.get_by_test_id("menu")).to_be_visible()
        before = await screen.told.count()
        await page.keyboard.press("Enter")
        browsing_message = await screen.answer(before)
        await browsing_message.locator('[data-command^="/chitieu 2030"]').first.press("Enter")
        await expect(browsing_message).to_contain_text("Chọn nhóm")
        assert await screen.told.count() == before + 1
        for width, height in ((320, 640), (640, 400), (1440, 900)):
            await page.set_viewport_size({"width": width, "height": height})
            assert await page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), width
        await page.get_by_test_id("theme").click()
        await page.get_by_test_id("reset").click()
        await page.get_by_test_id("confirm").click()
        await expect(screen.told).to_have_count(0)
        await expect(coordinator.told).to_have_count(0)
        assert screen.errors == coordinator.errors == []
