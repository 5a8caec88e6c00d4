"""After a fault: until nothing is on its way any more."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from storage.deliveries import LEASE
from storage.schema import delivery, delivery_due, delivery_lease
from storage.store import Tx
from tests.faults.ground import Ground
from tests.support import left_to_do

MOST, MOST_PATIENT = 120.0, 400.0  # seconds until all is quiet
LONGEST_RETRY = 300.0  # seconds that a delivery may be put off (scheduler/delivery.py)
ALIVE = {"sending": 12.0, "pending": 25.0}  # seconds for which a row may be in hand, in that state and in good hands


class Rest:
    """Waits; unless it is `patient`, what was given up is found lapsed, and what was put off is found due."""

    def __init__(self, ground: Ground, *, patient: bool) -> None:
        self._ground, self._patient = ground, patient
        self._wrong: list[str] = []

    async def comes(self) -> list[str]:
        """What is wrong: nothing, as a rule."""
        until = time.monotonic() + (MOST_PATIENT if self._patient else MOST)
        while await self._undone() or await self._on_the_way():
            for service in self._ground.services:
                service.still_there()
            if time.monotonic() > until:
                left = f"{await self._undone()} updates and {await self._on_the_way()} deliveries"
                return [*self._wrong, f"{left} are not done long after the fault"]
            await self._look()
            await asyncio.sleep(0.5)
        return self._wrong

    async def _undone(self) -> int:
        ground = self._ground
        return await left_to_do.undone(ground.session, ground.remote.address, ground.store)

    async def _on_the_way(self) -> int:
        return await left_to_do.on_the_way(self._ground.session, self._ground.clock, self._ground.store)

    async def _look(self) -> None:
        now = datetime.now(UTC)
        latest = select(func.max(delivery_due.c.retry_at))
        last: datetime | None = await self._ground.store.read(lambda tx: tx.value(latest))
        if last is not None and (put_off := (last - now).total_seconds()) > LONGEST_RETRY:
            self._wrong.append(f"a delivery is put off for {put_off:.0f} s")
        if not self._patient:
            await self._ground.store.change(lambda tx: _wind(tx, now))


async def _wind(tx: Tx, now: datetime) -> None:
    """Leases whose call must be over long ago run out; what was put off is due."""
    for state, seconds in ALIVE.items():
        given_up = delivery_lease.c.lease_until < now + LEASE - timedelta(seconds=seconds)
        in_state = delivery_lease.c.delivery_id.in_(select(delivery.c.id).where(delivery.c.state == state))
        these = update(delivery_lease).where(in_state, given_up)
        await tx.run(these.values(lease_until=now - timedelta(seconds=1)))
    await tx.run(update(delivery_due).where(delivery_due.c.retry_at > now).values(retry_at=now))
