"""The coordinator's main path in a phone-sized window: cohort, roster, broadcast, a question put right, evidence."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.sandbox.phone_page import chromium
from tests.support.processes import environment, started

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SHOTS = Path(os.environ.get("ATTACHE_SHOTS", "shots"))
PLACES = (
    ("Embassy, Riyadh", "Saudi Arabia"),
    ("Embassy, Doha", "Qatar"),
    ("Embassy, Rome", "Italy"),
)


def roster() -> str:
    """Thirty officials at three missions."""
    rows = ["Name,Mission,Country,Rank,Sex"]
    for n in range(30):
        mission, country = PLACES[n % 3]
        rows.append(f'Officer {chr(65 + n % 26)}{chr(97 + n)} Karim,"{mission}",{country},Counsellor,female')
    return "\n".join(rows)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """The demo on a free port; its address."""
    log = tmp_path / "demo.log"
    async with started("bot", "demo", "--keep", str(tmp_path / "kept"), env=environment(tmp_path), log=log):
        async with asyncio.timeout(40):
            while not (found := re.search(r"http://\S+", log.read_text())):
                await asyncio.sleep(0.05)
        yield found[0]


class Desk:
    """The coordinator's phone, by what stands on it."""

    def __init__(self, phone: Locator) -> None:
        self.phone = phone

    async def tap(self, label: str | re.Pattern[str], then: str) -> None:
        """Tap the newest such button and wait for words in the newest message."""
        await self.phone.get_by_role("button", name=label, exact=isinstance(label, str)).last.click()
        await self.sees(then)

    async def says(self, words: str, then: str) -> None:
        """Type it."""
        await self.phone.get_by_role("textbox").fill(words)
        await self.phone.get_by_role("textbox").press("Enter")
        await self.sees(then)

    async def sees(self, words: str) -> None:
        """The newest message holds these words."""
        await expect(self.phone.get_by_role("article").last).to_contain_text(words)


async def _cohort_and_roster(desk: Desk, folder: Path) -> None:
    (folder / "roster.csv").write_text(roster())
    await desk.says("/cohort new Autumn 2026", "Open it as it stands")
    await desk.tap("Open it", "Autumn 2026 is open")
    await desk.tap("Invite people", "On the roster: 0")
    await desk.tap("Send a roster", "Send the roster of Autumn 2026")
    await desk.phone.locator("input[type=file]").set_input_files(folder / "roster.csv")
    await desk.sees("30 rows read. Nothing is imported yet")
    await desk.tap("Import 30 rows", "30 new people are on the roster")


async def _broadcast(desk: Desk) -> None:
    await desk.says("/broadcast The webinar starts on Sunday.", "For which cohort?")
    await desk.tap("Spring 2026", "It goes to")
    await desk.tap("To whom", "people. Narrow it")
    await desk.tap(re.compile("Only the Gulf"), "Now: 22 of")
    await desk.tap("Back to the preview", "Only: ")
    await desk.tap("When", "At once, or when")
    await desk.tap("09:00", "when their clocks show 09:00 next")
    await desk.tap("Send it at 09:00 their time", "Your message to Spring 2026")


async def _question(desk: Desk) -> None:
    await desk.says("/questions", "Whose questions?")
    await desk.tap("Spring 2026", "Tap a number")
    await desk.tap("1", "Another answer is chosen more often than the right one")
    await desk.tap("Correct it", "Nothing holds until you confirm")
    await desk.tap(re.compile("Right is"), "Correcting:")
    await desk.tap("Go on: the reason", "Why is it corrected?")
    await desk.says("The law changed on 1 July.", "were told wrong and are right")
    await desk.tap("Correct it for everybody", "It holds")


async def test_a_stranger_runs_a_cohort_by_the_screens_alone(demo: str, tmp_path: Path) -> None:
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 360, "height": 740})
        page.set_default_timeout(15_000)
        await page.goto(demo)
        await page.get_by_role("button", name="The coordinator").click()
        desk = Desk(page.locator('section.phone[data-person="1002"]'))
        await _cohort_and_roster(desk, tmp_path)
        await _broadcast(desk)
        await _question(desk)
        await desk.says("/reports", "A report on which cohort?")
        await desk.tap("Spring 2026", "Reports on Spring 2026")
        await desk.phone.get_by_role("button", name="Evidence pack", exact=True).last.click()
        await expect(desk.phone.get_by_role("article").last).to_contain_text("evidence-", timeout=30_000)
        SHOTS.mkdir(exist_ok=True)
        await page.screenshot(path=SHOTS / "desk-360.png")
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
