"""A world in a test: the sandbox as Telegram, the real service over HTTP, a virtual clock, and phones in hands."""

import asyncio
import base64
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot import cohort_desk
from bot.app import Service, running
from bot.phrases import Phrases
from bot.settings import Settings
from sandbox.server import Sandbox

TOKEN = "4200000001:AAtestTESTtestTESTtestTESTtestTEST000"
SATURDAY = datetime(2026, 11, 21, 16, 40, tzinfo=UTC)  # 19:40 in Riyadh, where the week begins the next morning
COORDINATOR = 9001


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as a phone shows it."""

    message_id: int
    text: str
    html: str
    labels: tuple[str, ...]
    data: tuple[str, ...]
    silent: bool
    edited: bool


class Phone:
    """One person's phone: types, taps, sees."""

    def __init__(self, world: "World", telegram_id: int, name: str) -> None:
        self.world = world
        self.id = telegram_id
        self.name = name

    async def _post(self, what: str, **body: Any) -> Any:
        return await self.world.post(f"/sandbox/people/{self.id}/{what}", **body)

    async def types(self, words: str) -> None:
        """Send a text and wait until everything that follows has happened."""
        await self._post("says", text=words)
        await self.world.settled()

    async def asks(self, question: str, *options: str) -> None:
        """Send a poll."""
        await self._post("sends", poll={"question": question, "options": list(options)})
        await self.world.settled()

    async def replies(self, to: int, words: str) -> None:
        """Answer one message in Telegram's own way."""
        await self._post("says", text=words, reply_to=to)
        await self.world.settled()

    async def sends(self, name: str, content: bytes, caption: str = "") -> None:
        """Send a document."""
        document = {"file_name": name, "base64": base64.b64encode(content).decode()}
        await self._post("sends", document=document, **({"caption": caption} if caption else {}))
        await self.world.settled()

    async def sends_photo(self, content: bytes, caption: str = "") -> None:
        """Send a photo."""
        photo = {"file_name": "photo.png", "base64": base64.b64encode(content).decode()}
        await self._post("sends", photo=photo, caption=caption)
        await self.world.settled()

    async def taps(self, label: str, *, times: int = 1, on: int | None = None) -> None:
        """Tap the newest button of that label (or the one on a message), perhaps twice at once."""
        target = {"label": label} if on is None else {"label": label, "message_id": on}
        await asyncio.gather(*(self._post("taps", **target) for _ in range(times)))
        await self.world.settled()

    async def forges(self, data: str, on: int) -> None:
        """Send button data that no button has."""
        await self._post("taps", message_id=on, data=data, forged=True)
        await self.world.settled()

    async def does(self, what: str) -> None:
        """blocks, unblocks, deactivates, clears."""
        await self._post(what)
        await self.world.settled()

    async def chat(self) -> dict[str, Any]:
        """The chat as the sandbox tells it."""
        chat: dict[str, Any] = await self.world.get(f"/sandbox/people/{self.id}/chat")
        return chat

    async def bubbles(self) -> list[Bubble]:
        """What the bot has written, oldest first."""
        return [
            Bubble(
                m["message_id"],
                m["text"],
                m["html"],
                tuple(b["label"] for row in m["keyboard"] or [] for b in row),
                tuple(b.get("data") or "" for row in m["keyboard"] or [] for b in row),
                m["silent"],
                m["edited_at"] is not None,
            )
            for m in (await self.chat())["messages"]
            if m["from"] == "bot"
        ]

    async def last(self) -> Bubble:
        """The newest message of the bot."""
        return (await self.bubbles())[-1]

    async def sees(self, *words: str) -> Bubble:
        """The newest message holds these words."""
        last = await self.last()
        for each in words:
            assert each in last.text, f"{self.name} does not see {each!r} in:\n{last.text}"
        return last

    async def document(self) -> tuple[str, bytes]:
        """(name, content) of the newest file the bot sent."""
        sent = [m["document"] for m in (await self.chat())["messages"] if m["from"] == "bot" and "document" in m]
        return sent[-1]["name"], await self.world.fetch(sent[-1]["url"])

    async def toast(self) -> str | None:
        """What the last tap was answered with."""
        toast = (await self.chat())["toast"]
        return toast["text"] if toast else None


class World:
    """Sandbox, service and clock together."""

    def __init__(self, sandbox: Sandbox, settings: Settings, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.settings = settings
        self._session = session
        self.service: Service | None = None
        self._people = 0

    async def post(self, path: str, **body: Any) -> Any:
        written = io.BytesIO(json.dumps(body).encode())  # as a stream: a body may be a file of many megabytes
        async with self._session.post(f"{self.sandbox.address}{path}", data=written) as answer:
            told = await answer.json()
            assert answer.status == 200, told
            return told

    async def get(self, path: str) -> Any:
        async with self._session.get(f"{self.sandbox.address}{path}") as answer:
            return await answer.json()

    async def fetch(self, path: str) -> bytes:
        async with self._session.get(f"{self.sandbox.address}{path}") as answer:
            assert answer.status == 200
            return await answer.read()

    @property
    def running(self) -> Service:
        assert self.service is not None, "the service is not running"
        return self.service

    @asynccontextmanager
    async def serving(self, phrases: Phrases | None = None) -> AsyncIterator[Service]:
        """The service runs inside this block."""
        async with running(self.settings, phrases=phrases) as service:
            self.service = service
            service.gate.chat_pace = 0.0  # a week in seconds; the sandbox's limits are lifted to match
            try:
                await self.settled()
                yield service
            finally:
                self.service = None

    async def settled(self) -> None:
        """Wait until every update is done and everything due has been sent."""
        if self.service is None:
            return
        async with asyncio.timeout(20):
            calm = 0
            while calm < 2:
                pending = (await self.get("/sandbox/pending"))["updates"]
                idle, _ = await self.service.standing()
                calm = calm + 1 if not pending and idle else 0
                if self.service.failure.done():
                    self.service.failure.result()
                await asyncio.sleep(0.01)

    async def now(self) -> datetime:
        return datetime.fromisoformat((await self.get("/sandbox/clock"))["now"])

    async def wind(self, to: datetime | None = None, **by: float) -> None:
        """Wind the clock, stopping at everything that is due on the way."""
        target = to or await self.now() + timedelta(**by)
        body = {"wind_to": target.isoformat()}
        async with self._session.post(f"{self.sandbox.address}/sandbox/clock?wait=1", json=body) as answer:
            assert answer.status == 200, await answer.text()
        await self.settled()

    async def morning(self, zone: str = "Asia/Riyadh") -> None:
        """Wind to the next 08:30 in a zone."""
        body = {"next": "morning", "zone": zone}
        async with self._session.post(f"{self.sandbox.address}/sandbox/clock?wait=1", json=body) as answer:
            assert answer.status == 200, await answer.text()
        await self.settled()

    async def phone(self, name: str, telegram_id: int | None = None, language: str = "en") -> Phone:
        """A new person with a phone."""
        self._people += 1
        who = telegram_id or 100 + self._people
        await self.post("/sandbox/people", id=who, first_name=name, language_code=language)
        return Phone(self, who, name)

    async def cohort(self, name: str = "Gulf 2026", *, start: date | None = None, uses: int = 100) -> str:
        """A new cohort; returns the invitation's code."""
        starts = (start or date(2026, 11, 22)).isoformat()
        made = await cohort_desk.create_cohort(
            self.settings, course="migration-diplomacy", name=name, start=starts, uses=uses
        )
        return str(made["code"])

    async def agreed(self, name: str, code: str) -> Phone:
        """Somebody who has opened the invitation and agreed, and is asked for the name."""
        phone = await self.phone(name)
        await phone.types(f"/start {code}")
        await phone.taps("Continue")
        await phone.taps("I agree")
        return phone

    async def enrolled(self, name: str, code: str, place: str = "Riyadh") -> Phone:
        """Somebody who has gone through the whole dialogue."""
        phone = await self.agreed(name, code)
        await phone.types(name)
        await phone.types(place)
        await phone.taps("Yes, that is right")
        return phone

    async def journal(self) -> dict[str, Any]:
        journal: dict[str, Any] = await self.get("/sandbox/journal")
        return journal


@asynccontextmanager
async def a_world(
    folder: Path, *, start_at: datetime = SATURDAY, content: Path | None = None, **overrides: Any
) -> AsyncIterator[World]:
    """A world without a running service; `serving` starts one. `overrides` are further settings, by name."""
    async with Sandbox(port=0, token=TOKEN, start_at=start_at) as sandbox, aiohttp.ClientSession() as session:
        fields: dict[str, Any] = {
            "bot_token": SecretStr(TOKEN),
            "bot_api": sandbox.address,
            "clock": f"{sandbox.address}/sandbox/clock",
            "data": folder,
            "coordinators": (COORDINATOR,),
            "http_port": 0,
            "undo_seconds": 0,  # journeys that take back a broadcast say otherwise
            "typing_seconds": 0,
            "content": content,
            "contact": "Nasreen Akter, nasreen@academy.example",
        }
        world = World(sandbox, Settings(**(fields | overrides)), session)
        await world.post("/sandbox/limits", global_per_second=None, chat_burst=None, chat_per_second=None)
        yield world


def words(html: str) -> str:
    """The text of an HTML message."""
    return unescape(re.sub(r"<[^>]*>", "", html))
