"""The demo's hand on the sandbox: people, their phones and the clock, over HTTP."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from bot.demo.children import StageError

Json = dict[str, Any]
BUSY = 300.0  # real seconds the service may stay busy at one instant; an outage's lease takes 60
PAUSE = 0.03  # real seconds between two looks while the service is not idle


class NotPossible(Exception):
    """The sandbox says that this phone cannot do that; the message is its sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """A button as a phone shows it."""

    message_id: int
    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What one person sees: the buttons of the newest message first.

    `waiting`: a tap or a word of theirs has no answer yet. `newest_at`: when the newest message came.
    """

    keys: tuple[Key, ...] = ()
    empty: bool = True
    waiting: bool = False
    blocked: bool = False
    newest_at: datetime | None = None


def screen_of(chat: Json) -> Screen:
    """The phone as GET chat shows it."""
    messages = chat["messages"]
    if not messages:
        return Screen(blocked=chat["blocked"])
    newest = messages[-1]
    return Screen(
        keys=tuple(
            Key(message["message_id"], button["label"], button["data"])
            for message in reversed(messages)
            for row in message["keyboard"]
            for button in row
            if "data" in button
        ),
        empty=False,
        waiting=bool(chat["unanswered_taps"]) or newest["from"] == "person",
        blocked=chat["blocked"],
        newest_at=datetime.fromisoformat(newest["date"]),
    )


@dataclass(frozen=True, slots=True)
class Time:
    """The clock of the people, and what the service said last of its next look."""

    now: datetime
    next_due_at: datetime | None
    idle: bool
    winding: bool


class Phones:
    """Everything that a hand can do. Raises NotPossible with the sandbox's sentence."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    async def meet(self, **person: Any) -> None:
        """Somebody with a phone, or a change of them."""
        await self._post("/sandbox/people", person)

    async def says(self, person: int, text: str) -> None:
        """Words typed."""
        await self._post(f"/sandbox/people/{person}/says", {"text": text})

    async def taps(self, person: int, key: Key, *, forged: bool = False) -> None:
        """A tap; a forged one goes out even when the button is gone, as from a phone that lags behind."""
        body: Json = {"message_id": key.message_id, "data": key.data}
        await self._post(f"/sandbox/people/{person}/taps", body | ({"forged": True} if forged else {}))

    async def does(self, person: int, act: str) -> None:
        """`blocks`, `unblocks`, `clears`."""
        await self._post(f"/sandbox/people/{person}/{act}", {})

    async def screen(self, person: int) -> Screen:
        """What the phone shows."""
        return screen_of(await self._get(f"/sandbox/people/{person}/chat"))

    async def journal(self) -> Json:
        """Every call of the bot and every tap."""
        return await self._get("/sandbox/journal")

    async def fault(self, **fault: Any) -> None:
        """Something is to go wrong."""
        await self._post("/sandbox/faults", fault)

    async def no_faults(self) -> None:
        """Nothing goes wrong any more."""
        async with self._session.delete(f"{self._address}/sandbox/faults") as answer:
            answer.raise_for_status()

    async def time(self) -> Time:
        """The clock."""
        return _time(await self._get("/sandbox/clock"))

    async def rate(self, rate: float) -> Time:
        """1 is life, 0 stands still."""
        return _time(await self._post("/sandbox/clock", {"rate": rate}))

    async def wind(self, to: datetime) -> Time:
        """Go there; the service lives through everything on the way and is idle at the end."""
        value = await self._post("/sandbox/clock?wait=1", {"wind_to": to.isoformat()})
        try:
            async with asyncio.timeout(BUSY):
                while value["winding_to"] is not None:
                    value = await self._get("/sandbox/clock?wait=1")
        except TimeoutError:
            raise StageError(f"The service was not idle within {BUSY:.0f} s; look into its log.") from None
        return _time(value)

    async def settled(self) -> Time:
        """Everything that people did has been answered, and the service has said when it looks next."""
        seen = await self.wind((await self.time()).now)
        while not seen.idle:  # a service that has only just begun has not reported yet
            await asyncio.sleep(PAUSE)
            seen = await self.wind(seen.now)
        return seen

    async def _get(self, path: str) -> Json:
        async with self._session.get(self._address + path) as answer:
            return await _body(answer)

    async def _post(self, path: str, body: Json) -> Json:
        async with self._session.post(self._address + path, json=body) as answer:
            return await _body(answer)


def _time(value: Json) -> Time:
    due = value["next_due_at"]
    return Time(
        now=datetime.fromisoformat(value["now"]),
        next_due_at=datetime.fromisoformat(due) if due else None,
        idle=value["idle"],
        winding=value["winding_to"] is not None,
    )


async def _body(answer: aiohttp.ClientResponse) -> Json:
    body: Json = await answer.json()
    if answer.status != 200:
        raise NotPossible(body.get("error", f"The sandbox answered {answer.status}."))
    return body
