"""One life of the service: its own composition, not started but driven by hand, so that its steps have one order."""

import asyncio
import time
from contextvars import copy_context
from datetime import datetime, timedelta
from math import inf
from typing import Any

from sqlalchemy import text

from bot.app import Service
from bot.clock import SystemClock
from bot.intake import Poller
from bot.office import Office
from bot.settings import Settings
from sandbox.server import Sandbox
from scheduler.pacing import Rates
from storage import replicas
from storage.columns import EPOCH, MICROSECOND
from storage.store import Store
from tests.crash.fuse import LIFE, Died, Fuse

NEXT = text("""
SELECT min(at) FROM (
    SELECT CASE WHEN retry_at > at THEN retry_at ELSE at END AS at FROM delivery_due
    UNION ALL SELECT lease_until + 1 FROM delivery_lease
    UNION ALL SELECT at FROM due
    UNION ALL SELECT 0 FROM inbox WHERE state IN ('open', 'applied')
    UNION ALL SELECT 0 FROM broadcast WHERE state = 'confirmed' AND NOT EXISTS (
        SELECT 1 FROM delivery
        WHERE broadcast_id = broadcast.id AND delivery.state IN ('pending', 'sending'))
) AS instants""")


class WoundClock(SystemClock):
    """People's and the machine's time stand where they were put; monotonic time runs, and jumps along with them."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._jumped = 0.0

    def people_now(self) -> datetime:
        return self.at

    def machine_now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic() + self._jumped

    def begin(self, at: datetime) -> None:
        """Another run begins."""
        self.at = at

    def wind(self, by: timedelta) -> None:
        """So much time passes."""
        self.at += by
        self._jumped += by.total_seconds()


class Life(Service):
    """Built as `attache run` builds it. `serve` is what its beats do, one after the other, until nothing is due."""

    def __init__(self, settings: Settings, store: Store, clock: WoundClock, office: Office, fuse: Fuse) -> None:
        super().__init__(settings, store, clock, office)
        self.fuse = fuse
        self.owner = office.owner
        self.gate.rates, self.gate.rate = Rates(inf), inf  # wide open: speed is no matter here
        for parts in (store, self._transport, self._receiver):
            parts.boundary = fuse.crossed
        self._offset: int | None = None

    async def begin(self, sandbox: Sandbox) -> None:
        """Ready to serve: from here on boundaries are crossed."""
        self._sandbox = sandbox
        await self.application.initialize()
        self.fuse.lit = True
        await self.store.change(lambda tx: replicas.join(tx, self.owner))

    async def serve(self) -> datetime | None:
        """Receive and serve the inbox, then plan and drain what is due; the next instant at which anything is."""
        for _ in range(20):
            await self._receive()
            await self._work()
            at = await self._next_at()
            if self.failure.done():
                self.failure.result()
            if at is None or at > self.clock.people_now():
                return at
            await self.planning.tick()
            await self._drain()
        raise AssertionError("what is due at an instant does not come to an end")

    async def _receive(self) -> None:
        poller = self.receiving
        assert isinstance(poller, Poller)
        while any(self._offset is None or each.id >= self._offset for each in self._sandbox.world.updates.waiting):
            self._offset = await poller._poll(self._offset)

    async def _work(self) -> None:
        while True:
            await self.workers._take()
            if not self.workers._busy:
                return
            await asyncio.wait(list(self.workers._busy.values()))

    async def _next_at(self) -> datetime | None:
        """When the next look, delivery, report or end of a lease is due; long ago for what waits already."""
        micros = await self.store.read(lambda tx: tx.value(NEXT))
        return None if micros is None else EPOCH + micros * MICROSECOND

    async def end(self) -> None:
        """Let go of everything, by death or at the end of a run; nothing is written any more."""
        self.fuse.died.set()
        await self.store.close()
        self.fuse.stop()
        await self.fuse.buried()
        await self._transport.shutdown()
        await self._receiver.shutdown()
        await self._studio.close()
        if self.failure.done():
            self.failure.exception()
        await asyncio.sleep(0.001)  # what had reached the wire reaches the other end


async def lived(life: Fuse, work: Any) -> Any:
    """What `work` comes to, as a task of that life. Raises Died as soon as the life is over, whatever `work` does."""
    context = copy_context()
    context.run(LIFE.set, life)
    task = asyncio.get_running_loop().create_task(work, context=context)
    life.tasks.add(task)
    over = asyncio.ensure_future(life.died.wait())
    try:
        await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        over.cancel()
    if life.died.is_set():
        raise Died
    return task.result()
