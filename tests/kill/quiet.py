"""Afterwards: one last life until nothing is on its way any more, and how late a lease that ran out was seen to."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
from sqlalchemy import and_, func, select, update

from storage.schema import delivery_lease, metadata
from storage.store import Store, Tx
from tests.kill.lives import Lives
from tests.support import left_to_do

GRACE = 10.0  # seconds within which a lease that has run out must have been seen to
MOST, MOST_HURRIED = 900.0, 60.0  # seconds until all is quiet
LEASE_AND_DOUBT = timedelta(seconds=125)  # a minute's lease, then a minute before the one more try


class Quiet:
    """Watches a service come to rest. `late`: seconds that a lease was overdue at most; `stuck`: what never ended."""

    def __init__(self, lives: Lives, store: Store, session: aiohttp.ClientSession, sandbox: str) -> None:
        self._lives, self._store, self._session, self._sandbox = lives, store, session, sandbox
        self.late = 0.0
        self.stuck: list[str] = []

    async def comes(self, *, hurried: bool) -> None:
        """Start the service for the last time and wait; `hurried` lets it find two minutes gone, twice."""
        if hurried:
            await self._store.change(lambda tx: _wind(tx, "lease_until"))
        await self._lives.start()
        await self._lives.online()
        most = MOST_HURRIED if hurried else MOST
        try:
            async with asyncio.timeout(most):
                while await self.undone():
                    await self._watch()
                while await self._on_the_way():
                    if hurried:
                        await self._store.change(lambda tx: _wind(tx, "retry_at"))
                    await self._watch()
        except TimeoutError:
            left = f"{await self.undone()} updates and {await self._on_the_way()} deliveries"
            self.stuck.append(f"{left} are not done {most:.0f} s after the last kill")
        if self.late > GRACE:
            self.stuck.append(f"a lease had run out {self.late:.0f} s before anybody saw to it")

    async def undone(self) -> int:
        """Updates that the sandbox has not got rid of, or that are not served."""
        return await left_to_do.undone(self._session, self._sandbox, self._store)

    async def _watch(self) -> None:
        self._lives.still_there()
        await asyncio.sleep(0.2)
        if self._lives.age() > GRACE:
            run_out = await self._store.read(_longest_run_out)
            self.late = max(self.late, min(run_out, self._lives.age()))  # no more than this life can be blamed for

    async def _on_the_way(self) -> int:
        return await left_to_do.on_the_way(self._session, f"{self._sandbox}/sandbox/clock", self._store)


async def _longest_run_out(tx: Tx) -> float:
    """Seconds since the first lease ran out that nobody has seen to."""
    first: datetime | None = await tx.value(select(func.min(delivery_lease.c.lease_until)))
    return max(0.0, (datetime.now(UTC) - first).total_seconds()) if first else 0.0


async def _wind(tx: Tx, name: str) -> None:
    """Let every instant in columns of that name lie two minutes earlier."""
    for table in metadata.sorted_tables:
        if name in table.c:
            key = list(table.primary_key.columns)
            for row in await tx.all(select(*key, table.c[name].label("until")).where(table.c[name].is_not(None))):
                this = and_(*(column == getattr(row, column.name) for column in key))
                await tx.run(update(table).where(this).values({name: row.until - LEASE_AND_DOUBT}))
