"""A light load: people tap and write a few times a second, and a broadcast is always on its way."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

from tests.kill.evidence import Done
from tests.kill.placing import COORDINATOR, Placed
from tests.kill.script import Act, Size, acts_of, mixed
from tests.support.processes import Remote

ACTS_A_SECOND = 3.0
SEND_RATE = 8  # bulk messages a second


class Load:
    """What everybody does. `done` grows; `made_at` says when each tap was made, by its query."""

    def __init__(self, remote: Remote, placed: Placed, size: Size, rng: Random) -> None:
        self.done: list[Done] = []
        self.made_at: dict[str, datetime] = {}
        self.hands = asyncio.Event()  # cleared while nobody may touch a phone
        self.hands.set()
        self._over = asyncio.Event()
        self._remote, self._placed, self._size = remote, placed, size
        choices = [[list(asked.choices) for asked in questions] for questions in placed.questions]
        acts = [acts_of(rng, each, len(placed.course.glossary)) for each in choices]
        self._acts: Iterator[tuple[int, Act]] = mixed(rng, acts)

    async def act(self) -> None:
        """Tap and write until it is over, or until there is nothing left to do."""
        for who, each in self._acts:
            if await self._over_within(1 / ACTS_A_SECOND):
                return
            await self.hands.wait()
            await self._does(who, each)

    async def broadcast(self) -> None:
        """Confirm one broadcast after the other, each a little before the last has gone out."""
        for n in range(self._size.broadcasts):
            await self.hands.wait()
            await self._does(COORDINATOR, Act("send", n))
            if await self._over_within(0.9 * self._size.everybody / SEND_RATE):
                return

    def end(self) -> None:
        """Whoever has a phone in hand finishes; nobody takes up another."""
        self._over.set()

    async def _over_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
        return self._over.is_set()

    async def _does(self, who: int, act: Act) -> None:
        number, message_id, words = self._placed.of(who, act)
        made_at = datetime.now(UTC)
        path = f"/sandbox/people/{number}"
        told = await self._post(path, message_id, words)
        query = told.get("callback_query_id")
        if query:
            self.made_at[str(query)] = made_at
        update_id = told["update_id"]
        assert isinstance(update_id, int)
        self.done.append(Done(update_id, number, who, act, str(query) if query else None))

    async def _post(self, path: str, message_id: int | None, words: str) -> dict[str, object]:
        if message_id is None:
            return await self._remote.post(f"{path}/says", text=words)
        return await self._remote.post(f"{path}/taps", message_id=message_id, data=words, forged=True)
