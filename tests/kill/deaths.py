"""Lives that end with SIGKILL, at every kind of moment."""

import asyncio
import time
from collections.abc import Callable
from random import Random

from sqlalchemy import select

from storage.schema import delivery
from storage.store import Store, Tx
from tests.kill.lives import Lives
from tests.kill.quiet import Quiet

ANY, START, BROADCAST, TWICE = "at any moment", "at the start", "in a broadcast", "twice in quick succession"
WEIGHTS = {ANY: 50, START: 20, BROADCAST: 15, TWICE: 15}
A_LIFE = 1.6  # seconds online at most, where nothing else decides
A_START = 1.4  # seconds until it is online
BROADCAST_COMES = 2.0  # seconds to wait for a broadcast to be on its way
BEHIND = 250  # updates not done, from which a life is lengthened
CATCHING_UP = 5.0  # seconds by which it is, at most


class Deaths:
    """Starts the service and kills it, again and again. `on_kill` hears the moment of each."""

    def __init__(self, lives: Lives, store: Store, quiet: Quiet, rng: Random, on_kill: Callable[[str], None]) -> None:
        self._lives, self._store, self._quiet, self._rng, self._on_kill = lives, store, quiet, rng, on_kill

    async def one(self, *, may_be_two: bool) -> int:
        """A life and its death, perhaps with a second one right behind: how many kills."""
        moments = {moment: weight for moment, weight in WEIGHTS.items() if moment != TWICE or may_be_two}
        moment = self._rng.choices(list(moments), list(moments.values()))[0]
        await self._lives.start()
        await self._until(moment)
        await self._dies(moment)
        if moment != TWICE:
            return 1
        await self._lives.start()
        await asyncio.sleep(self._rng.uniform(0, 0.2))
        await self._dies(moment)
        return 2

    async def _dies(self, moment: str) -> None:
        await self._lives.kill()
        self._on_kill(moment)

    async def _until(self, moment: str) -> None:
        if moment == START:
            await asyncio.sleep(self._rng.uniform(0, A_START))
            return
        await self._lives.online()
        if moment == BROADCAST:
            until = time.monotonic() + BROADCAST_COMES
            while time.monotonic() < until and not await self._store.read(_broadcast_on_its_way):
                await asyncio.sleep(0.005)
            return
        await asyncio.sleep(self._rng.uniform(0, A_LIFE))
        until = time.monotonic() + CATCHING_UP
        while time.monotonic() < until and await self._quiet.undone() > BEHIND:
            await asyncio.sleep(0.1)


async def _broadcast_on_its_way(tx: Tx) -> bool:
    going = select(delivery.c.id).where(delivery.c.state == "sending", delivery.c.kind == "broadcast").limit(1)
    return await tx.first(going) is not None
