"""A stage for the page's tests: a sandbox, a tiny bot that follows a script, and the page in Debian's Chromium."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, Request, async_playwright

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire

NO_BROWSER = "The page with the phones needs Debian's Chromium: apt-get install -y chromium"
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
# A Sunday, 07:12 in Riyadh: before the hour of a lesson.
SUNDAY_AT = datetime(2026, 11, 22, 4, 12, tzinfo=UTC)
LONG_LABEL = "Take her statement, open a file and ask for her passport in writing"

ASHA = {
    "id": 101,
    "first_name": "Asha",
    "title": "The official",
    "place": "Riyadh",
    "zone": "Asia/Riyadh",
    "mail": {
        "from": "Foreign Service Academy",
        "subject": "Your invitation",
        "text": "Dear Asha,\n\nopen the invitation to begin.",
        "link": "https://t.me/attache_demo_bot?start=CODE-1",
    },
}
BABU = {"id": 102, "first_name": "Babu", "title": "The coordinator", "place": "Dhaka", "zone": "Asia/Dhaka"}
CHITRA = {"id": 103, "first_name": "Chitra", "title": "The alumna", "place": "London", "zone": "Europe/London"}


def keyboard(*rows: tuple[str, str]) -> dict[str, Any]:
    """One button a row: label and data."""
    return {"inline_keyboard": [[{"text": label, "callback_data": data}] for label, data in rows]}


@dataclass
class TinyBot:
    """Answers as a lesson would; `holding` keeps it from answering taps until it is cleared."""

    wire: Wire
    holding: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.holding.set()

    async def run(self) -> None:
        """Poll and answer, for ever."""
        offset = 0
        while True:
            for update in await self.wire.done("getUpdates", offset=offset, timeout=10):
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    await self._tapped(update["callback_query"])
                elif "message" in update:
                    await self._said(update["message"])

    async def _said(self, message: dict[str, Any]) -> None:
        chat, text = message["chat"]["id"], message.get("text", "")
        if text.startswith("/start"):
            await self._send(
                chat,
                f"<b>Welcome</b>, code {text[7:] or 'none'}.\nSay /help at any time.",
                ("Begin", "begin"),
                (LONG_LABEL, "long"),
            )
        else:
            await self._send(chat, f"You said: {escape(text)}")

    async def _tapped(self, query: dict[str, Any]) -> None:
        await self.holding.wait()
        chat, message = query["message"]["chat"]["id"], query["message"]["message_id"]
        answers: dict[str, dict[str, Any]] = {
            "begin": {"text": "Here it comes."},
            "again": {"text": "You chose already.", "show_alert": True},
        }
        if query["data"] == "begin":
            await self.wire.done(
                "editMessageText",
                chat_id=chat,
                message_id=message,
                text="Lesson one.",
                reply_markup=keyboard(("Choose", "again")),
            )
        await self.wire.done("answerCallbackQuery", callback_query_id=query["id"], **answers.get(query["data"], {}))

    async def _send(self, chat: int, text: str, *rows: tuple[str, str]) -> None:
        markup = {"reply_markup": keyboard(*rows)} if rows else {}
        await self.wire.done("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **markup)

    async def live_until(self, due_at: datetime) -> None:
        """Report to the clock as a service whose only lesson, to Asha, is due then."""
        due: datetime | None = due_at
        seen = -1
        while True:
            report = {"seen": seen, "idle": True, "next_due_at": due and due.isoformat(), "wait": 5}
            clock = await self.wire.post("clock/service", **report)
            seen = clock["revision"]
            if due and datetime.fromisoformat(clock["now"]) >= due:
                await self._send(101, "Good morning. This is your lesson.", ("To the question", "q"))
                due = None


@dataclass
class Stage:
    """One open page. `errors` and `elsewhere` gather what a clean page has none of."""

    wire: Wire
    bot: TinyBot
    page: Page
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Gather console errors, uncaught exceptions and requests that leave the sandbox."""

        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                self.errors.append(message.text)

        def asked(request: Request) -> None:
            if not request.url.startswith(self.wire.sandbox.address):
                self.elsewhere.append(request.url)

        self.page.on("console", said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", asked)

    async def open(self) -> None:
        """The page, with its phones there."""
        await self.page.goto(self.wire.sandbox.address)
        await self.page.locator(".phone").nth(2).wait_for(state="attached")

    def phone(self, title: str) -> Locator:
        """The phone of "The official" and so on."""
        return self.page.get_by_role("region", name=f"Phone of {title}", exact=False)

    def button(self, title: str, name: str) -> Locator:
        """A button of that phone, by its exact label."""
        return self.phone(title).get_by_role("button", name=name, exact=True)

    def message(self, title: str, text: str) -> Locator:
        """A message with this text on that phone."""
        return self.phone(title).locator("article.message").filter(has_text=text)

    @asynccontextmanager
    async def living_until(self, due_at: datetime) -> AsyncIterator[None]:
        """Meanwhile the bot follows the clock and sends Asha her lesson when it is due."""
        living = asyncio.create_task(self.bot.live_until(due_at))
        try:
            yield
        finally:
            await _ended(living)

    async def accept_invitation(self) -> None:
        """From the e-mail to the bot's first answer, on the official's phone."""
        await self.button("The official", "Open invitation").click()
        await self.button("The official", "START").click()
        await self.message("The official", "Welcome").wait_for()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium; without it the test is skipped, or fails when CI is set."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def stage_in(browser: Browser, *, width: int, height: int) -> AsyncIterator[Stage]:
    """A fresh sandbox on a Sunday morning, three people, the bot, and the page at that size."""
    async with (
        Sandbox(limits=Limits.off(), start_at=SUNDAY_AT) as sandbox,
        aiohttp.ClientSession(sandbox.address) as client,
        aiohttp.ClientSession(sandbox.address) as bot_client,
    ):
        wire, bot = Wire(sandbox, client), TinyBot(Wire(sandbox, bot_client))
        for person in (ASHA, BABU, CHITRA):
            await wire.post("people", **person)
        await wire.done("setMyCommands", commands=[{"command": "today", "description": "Today's lesson"}])
        context = await browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(10_000)
        stage = Stage(wire, bot, await context.new_page())
        stage.watch()
        running = asyncio.create_task(bot.run())
        try:
            await stage.open()
            yield stage
        finally:
            await context.close()
            await _ended(running)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
