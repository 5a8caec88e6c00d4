"""The store on SQLite: one thread that writes, a few that only read; none waits for the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import cast

from storage.engine import READERS, sqlite_reader, sqlite_writer
from storage.group_commit import GroupCommit
from storage.transaction import T, Work, at_once


class OnSqlite:
    """An open SQLite file."""

    def __init__(self, url: str) -> None:
        self._writer = sqlite_writer(url)
        self._group = GroupCommit(self._writer)
        self._reader = sqlite_reader(url)
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="storage-reader")

    @property
    def commits(self) -> int:
        """Physical transactions so far."""
        return self._group.commits

    async def change(self, fn: Work[T]) -> T:
        """Join the group that is committed next."""
        return cast("T", await self._group.join(partial(at_once, fn)))

    async def read(self, fn: Work[T]) -> T:
        """One snapshot, on a thread that cannot write."""
        work = partial(copy_context().run, self._look, fn)
        return cast("T", await asyncio.get_running_loop().run_in_executor(self._threads, work))

    def _look(self, fn: Work[T]) -> T:
        with self._reader.connect() as connection:
            return at_once(fn, connection)

    async def scrub(self) -> bool:
        """Move the write-ahead log into the file and empty it; secure_delete keeps the file itself clean."""
        return await asyncio.get_running_loop().run_in_executor(self._group.thread, self._checkpoint)

    def _checkpoint(self) -> bool:
        with self._writer.connect() as connection:
            cursor = connection.connection.cursor()  # beneath SQLAlchemy, which would begin a transaction
            held_back, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not held_back

    async def close(self) -> None:
        """Commit what waits and close every connection; the last one takes the write-ahead log away."""
        await self._group.close()
        await asyncio.to_thread(self._threads.shutdown)
        self._reader.dispose()
        self._writer.dispose()
