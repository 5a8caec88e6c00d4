"""`attache demo` as a stranger meets it: a phone-sized window, from the invitation to the first feedback."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sandbox.phone_page import chromium
from tests.support.processes import environment, started

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SHOTS = Path(os.environ.get("ATTACHE_SHOTS", "shots"))


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """The demo on a free port; its address."""
    log = tmp_path / "demo.log"
    async with started("bot", "demo", "--keep", str(tmp_path / "kept"), env=environment(tmp_path), log=log):
        async with asyncio.timeout(40):
            while not (found := re.search(r"http://\S+", log.read_text())):
                await asyncio.sleep(0.05)
        yield found[0]


async def _tap(phone: Locator, label: str) -> None:
    await phone.get_by_role("button", name=label, exact=True).last.click()


async def _says(phone: Locator, words: str) -> None:
    await phone.get_by_role("textbox").fill(words)
    await phone.get_by_role("textbox").press("Enter")


async def _from_invitation_to_feedback(page: Page) -> None:
    phone = page.locator('section.phone[data-person="1001"]')
    await _tap(phone, "Open invitation")
    await _tap(phone, "START")
    await _tap(phone, "Continue")
    await _tap(phone, "I agree")
    await _tap(phone, "Rahim Uddin")
    await expect(phone).to_contain_text("Where are you posted")
    await _says(phone, "Riyadh")
    await _tap(phone, "Yes, that is right")
    await expect(phone).to_contain_text("Your first lesson: Sunday 08:30, Riyadh")
    await page.get_by_role("button", name=re.compile("Next morning")).click()
    await _tap(phone, "To the question")
    await _tap(phone, "B")
    await _tap(phone, "Sure")
    await expect(phone).to_contain_text("Next lesson: Monday 08:30, Riyadh", timeout=15_000)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1280, 860)])
async def test_a_stranger_reaches_the_first_feedback(demo: str, width: int, height: int) -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(15_000)
        await page.goto(demo)
        await _from_invitation_to_feedback(page)
        SHOTS.mkdir(exist_ok=True)
        shot = SHOTS / f"first-feedback-{width}.png"
        await page.screenshot(path=shot)
        assert shot.stat().st_size > 20_000
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
