"""Databases that are as before at the start of each run, and whose own clock can be wound.

The engine lives on from one life to the next, as a database server does, and saves each life its warming up; the
store around it dies with the life.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Protocol, TypeVar

import asyncpg  # type: ignore[import-untyped]  # asyncpg brings no types
from sqlalchemy import make_url

from storage.columns import MICROSECOND
from storage.engine import FILE, url_of
from storage.on_postgres import OnPostgres
from storage.on_sqlite import OnSqlite
from storage.schema import metadata
from storage.store import Store, Tx
from tests.support.postgres import Server
from tests.year.parts import IN_MEMORY

T = TypeVar("T")
Engine = Literal["sqlite", "postgres"]
TABLES = metadata.sorted_tables
KEEP = [f"CREATE TABLE kept_{table.name} AS SELECT * FROM {table.name}" for table in TABLES]
EMPTY = [f"DELETE FROM {table.name}" for table in reversed(TABLES)]
FILL = [f"INSERT INTO {table.name} SELECT * FROM kept_{table.name}" for table in TABLES]


class Place(Protocol):
    """A database. `keep` once, `fresh` before each run; both while nobody uses it."""

    url: str
    gives_up: bool  # what waits to be committed when a life ends is not committed; else it is

    def store(self) -> Store:
        """For one life."""

    async def keep(self) -> None:
        """As it is now it will be at the start of each run."""

    async def fresh(self) -> None:
        """As it was kept."""

    async def passes(self, by: timedelta) -> None:
        """So much time passes by the database's own clock."""


class AtOnce(ThreadPoolExecutor):
    """Instead of a thread: what it is given is done before it answers, so that every run has one order of steps."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # whatever it is, whoever waits hears it
            done.set_exception(error)
        return done


class LastingSqlite(OnSqlite):
    """Closed by one life, it serves the next. Its threads are taken out."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._group.thread, self._threads = AtOnce(), AtOnce()

    async def close(self) -> None:
        """Return when the group that is being committed is on the disk."""
        await self.change(_nothing)

    async def let_go(self) -> None:
        """Close it indeed."""
        await super().close()


class LastingPostgres(OnPostgres):
    """Closed by one life, it serves the next."""

    async def close(self) -> None:
        """Return when nothing is under way."""
        await self._rest.wait()

    async def let_go(self) -> None:
        """Close it indeed."""
        await super().close()


async def _nothing(_tx: Tx) -> None:
    """No change."""


class InMemory:
    """A SQLite file that no disk has to be waited for. Its one process takes everything over at once."""

    gives_up = True

    def __init__(self, url: str, engine: OnSqlite, beside: sqlite3.Connection) -> None:
        self.url = url
        self._engine = engine
        self._beside = beside

    def store(self) -> Store:
        return Store(self._engine, self.url)

    async def keep(self) -> None:
        self._beside.executescript(";".join(KEEP))

    async def fresh(self) -> None:
        self._beside.executescript(";".join(["BEGIN IMMEDIATE", *EMPTY, *FILL, "COMMIT"]))

    async def passes(self, by: timedelta) -> None:
        """Its clock is the process's."""


class OnServer:
    """A PostgreSQL database."""

    gives_up = False

    def __init__(self, url: str, engine: OnPostgres, beside: Any) -> None:
        self.url = url
        self._engine = engine
        self._beside = beside
        counted = [table.name for table in TABLES if table.autoincrement_column is not None]
        self._sequences = [
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {name}))"
            for name in counted
        ]

    def store(self) -> Store:
        return Store(self._engine, self.url)

    async def keep(self) -> None:
        await self._beside.execute(";".join(KEEP))

    async def fresh(self) -> None:
        await self._beside.execute(";".join(["BEGIN", *EMPTY, *FILL, *self._sequences, "COMMIT"]))

    async def passes(self, by: timedelta) -> None:
        n = by // MICROSECOND
        await self._beside.execute(
            f"UPDATE replica SET lease_until = lease_until - {n};"
            f"UPDATE pace SET as_of = as_of - {n}, next_at = next_at - {n}, open_at = open_at - {n}"
        )


@asynccontextmanager
async def in_memory() -> AsyncIterator[Place]:
    """An empty SQLite database for a block."""
    with TemporaryDirectory(prefix="attache-crash-", dir=IN_MEMORY) as folder:
        url = url_of(None, Path(folder))
        await (await Store.open(url)).close()
        engine, beside = LastingSqlite(url), sqlite3.connect(Path(folder) / FILE)
        try:
            yield InMemory(url, engine, beside)
        finally:
            beside.close()
            await engine.let_go()


@asynccontextmanager
async def on_server(server: Server) -> AsyncIterator[Place]:
    """An empty PostgreSQL database for a block."""
    async with server.database() as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        engine, beside = LastingPostgres(url), await asyncpg.connect(plain)
        try:
            yield OnServer(url, engine, beside)
        finally:
            await beside.close()
            await engine.let_go()
