"""The store on PostgreSQL: a transaction for each change, run again when it loses against another one."""

import asyncio

from sqlalchemy.exc import DBAPIError

from storage.engine import place_of, postgres_engine
from storage.errors import told
from storage.transaction import T, Tx, Work

TRIES = 5
LOST = {"40001", "40P01"}  # serialization_failure, deadlock_detected


class OnPostgres:
    """A pool of connections to a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self.commits = 0
        self._place = place_of(url)
        # Serialisable: a change may read, decide and write as it does with SQLite's single writer.
        self._engine = postgres_engine(url, isolation_level="SERIALIZABLE")
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def change(self, fn: Work[T]) -> T:
        """Commit, trying up to five times."""
        for tried in range(1, TRIES + 1):
            try:
                async with self._engine.begin() as connection:
                    answer = await fn(Tx(connection))
            except DBAPIError as error:
                if tried == TRIES or getattr(error.orig, "sqlstate", None) not in LOST:
                    raise
                await asyncio.sleep(0.005 * 2**tried)  # whoever won commits meanwhile
            except OSError as error:  # asyncpg says it bare where there is no server
                raise (told(error, self._place) or error) from error
            else:
                self.commits += 1
                return answer
        raise AssertionError("the last try returns or raises")

    async def read(self, fn: Work[T]) -> T:
        """One snapshot that cannot write."""
        try:
            async with self._reader.connect() as connection:
                return await fn(Tx(connection))
        except OSError as error:
            raise (told(error, self._place) or error) from error

    async def scrub(self) -> bool:
        """PostgreSQL's own vacuum does this."""
        return True

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()
