"""The store on PostgreSQL: a transaction for each change, run again when it loses against another one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from sqlalchemy.exc import DBAPIError

from storage.engine import IMPATIENT, place_of, postgres_engine
from storage.errors import told
from storage.transaction import T, Work, at_once

TRIES = 8
LOST = {"40001", "40P01"}  # serialization_failure, deadlock_detected


class OnPostgres:
    """A pool of connections to a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self.commits = 0
        self._place = place_of(url)
        # One snapshot for a change, and whoever writes to a row that another has changed since begins anew. That two
        # write apart on the strength of the same rows is kept from happening by `Tx.hold`. SERIALIZABLE would see to it
        # by itself, but guesses: of 200 taps at once it made a hundred begin anew that had nothing in common.
        self._engine = postgres_engine(url, isolation_level="REPEATABLE READ", settings=IMPATIENT)
        self._reader = self._engine.execution_options(postgresql_readonly=True)
        self._losers = asyncio.Lock()
        self._under_way = 0
        self._rest = asyncio.Event()
        self._rest.set()

    async def change(self, fn: Work[T]) -> T:
        """Commit, trying up to eight times. Who has lost once tries again in turn, or all would lose together."""
        async with self._at_work(), AsyncExitStack() as turn:
            for tried in range(1, TRIES + 1):
                try:
                    return await self._once(fn)
                except DBAPIError as error:
                    if tried == TRIES or getattr(error.orig, "sqlstate", None) not in LOST:
                        raise
                if tried == 1:
                    await turn.enter_async_context(self._losers)
                else:
                    await asyncio.sleep(0.005 * 2**tried)  # another process won: it commits meanwhile
        raise AssertionError("the last try returns or raises")

    async def _once(self, fn: Work[T]) -> T:
        async with self._engine.begin() as connection:
            answer = await connection.run_sync(partial(at_once, fn))
        self.commits += 1
        return answer

    async def read(self, fn: Work[T]) -> T:
        """One snapshot that cannot write."""
        async with self._at_work(), self._reader.connect() as connection:
            return await connection.run_sync(partial(at_once, fn))

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[None]:
        """Keep `close` waiting, and put asyncpg's bare errors into a sentence: so it says that there is no server."""
        self._under_way += 1
        self._rest.clear()
        try:
            yield
        except OSError as error:
            raise (told(error, self._place) or error) from error
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._rest.set()

    async def scrub(self) -> bool:
        """PostgreSQL's own vacuum does this."""
        return True

    async def close(self) -> None:
        """Close the pool once nothing is under way."""
        await self._rest.wait()
        await self._engine.dispose()
