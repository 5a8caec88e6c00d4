"""The one seam for change: every write is `store.change(fn)`, every look is `store.read(fn)`.

What differs between the engines stands in storage/on_sqlite.py and storage/on_postgres.py.
"""

import sqlite3
from collections.abc import Callable
from typing import Protocol, Self

from sqlalchemy.exc import DBAPIError

from storage import migrations
from storage.engine import file_of, place_of
from storage.errors import Closed, OlderSchema, told
from storage.on_postgres import OnPostgres
from storage.on_sqlite import OnSqlite
from storage.transaction import T, Tx, Work

__all__ = ["Store", "Tx", "Work"]


def nothing(_point: str) -> None:
    """Nobody watches the boundaries."""


class Engine(Protocol):
    """What a storage engine can do; the recipe for another one is to write these five."""

    @property
    def commits(self) -> int: ...
    async def change(self, fn: Work[T]) -> T: ...
    async def read(self, fn: Work[T]) -> T: ...
    async def scrub(self) -> bool: ...
    async def close(self) -> None: ...


class Store:
    """An open database. Build it with `Store.open`, end it with `close` or `async with`."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self.shared = not isinstance(engine, OnSqlite)  # whether several processes may serve this database
        self._closed = False
        self.boundary: Callable[[str], None] = nothing  # called before and after each commit: tests let us die there

    @classmethod
    async def open(cls, url: str, *, migrate: bool = True) -> Self:
        """Open the database; with `migrate`, create and upgrade it first.

        Raises BrokenDatabase, NewerSchema, Unreachable, BadAddress; OlderSchema where `migrate` is off.
        """
        if migrate:
            await migrations.migrate(url)
        elif (revision := await migrations.current(url)) != (wanted := migrations.head()):
            raise OlderSchema(
                f"{place_of(url)} has schema {revision or 'none'}, this Attaché needs {wanted}: run `attache migrate`."
            )
        return cls(OnSqlite(url) if file_of(url) else OnPostgres(url), place_of(url))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def commits(self) -> int:
        """Physical write transactions so far; on SQLite several changes may share one."""
        return self._engine.commits

    async def change(self, fn: Work[T]) -> T:
        """Run `fn` in a transaction and return its answer once that is durably committed.

        `fn` is short, awaits nothing but its Tx (RuntimeError otherwise), and may be run again and on any
        thread. What it raises undoes its own writes and comes here. A caller that is cancelled cannot know:
        the change was made whole or not at all. Raises Closed after `close`, or another StorageError.
        """
        if self._closed:
            raise Closed("The store is closed: this change was not made.")
        self.boundary("commit:before")
        try:
            answer = await self._engine.change(fn)
        except (DBAPIError, sqlite3.Error) as error:
            if (sentence := told(error, self._place)) is None:
                raise
            raise sentence from error
        self.boundary("commit:after")
        return answer

    async def read(self, fn: Work[T]) -> T:
        """Run `fn` by the rules of `change` on one snapshot of what is committed; it can write nothing."""
        if self._closed:
            raise Closed("The store is closed: nothing can be read.")
        try:
            return await self._engine.read(fn)
        except (DBAPIError, sqlite3.Error) as error:
            if (sentence := told(error, self._place)) is None:
                raise
            raise sentence from error

    async def scrub(self) -> bool:
        """After /forget: leave deleted bytes neither in the file nor in the write-ahead log.

        False when a reader held it back for ten seconds: try again later.
        """
        return await self._engine.scrub()

    async def close(self) -> None:
        """Finish the changes that wait, then let go of the database. Twice is once."""
        if not self._closed:
            self._closed = True
            await self._engine.close()
