"""What a change or a read sees of the database: one transaction with six verbs, the same on both engines."""

import sqlite3
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Executable, Insert, Row, Table, Update, bindparam, text, update

from storage import direct

T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[Mapping[str, Any]]


class Tx:
    """One transaction, good until the function it was given to returns.

    Its methods are awaited and answer at once: the work runs to its end (`at_once` below) on a thread of its own
    with SQLite, and with PostgreSQL on a stack of its own that SQLAlchemy suspends while the server thinks.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect: str = connection.dialect.name  # "sqlite" or "postgresql"
        self._direct = direct.open_to(connection)
        self._driver: sqlite3.Connection | None = None

    async def run(self, statement: Executable, rows: Rows | None = None, **bound: Any) -> int:
        """Execute, once or for each of `rows`; how many rows were touched, or handed over in `rows`.

        `bound`: values of the statement's bindparams. What runs often is built once and always given its values so.
        """
        if rows is None:
            if self._direct and bound:
                return self._directly(statement, bound)[1]
            return self._execute(statement, bound).rowcount
        if rows and self._direct:
            direct.execute_each(self._begun(), statement, rows)
        elif rows:
            self._execute(statement, rows)  # asyncpg does not count these
        return len(rows)

    async def first(self, statement: Executable, **bound: Any) -> AnyRow | None:
        """The first row, or None."""
        rows = await self.all(statement, **bound)
        return rows[0] if rows else None

    async def all(self, statement: Executable, **bound: Any) -> Sequence[AnyRow]:
        """Every row."""
        if self._direct and bound:
            return self._directly(statement, bound)[0]
        return self._execute(statement, bound).all()

    async def tuples(self, statement: Executable, **bound: Any) -> Iterable[tuple[Any, ...]]:
        """Every row without names, the quick way to many; equal values may be one object, which nobody changes."""
        if self._direct and bound:
            return direct.tuples(self._begun(), statement, bound)
        return self._execute(statement, bound).all()

    async def value(self, statement: Executable, **bound: Any) -> Any:
        """The first column of the first row, or None."""
        row = await self.first(statement, **bound)
        return row[0] if row is not None else None

    async def insert(self, statement: Insert, **bound: Any) -> int:
        """Insert one row; its primary key (the first column of it)."""
        return cast("int", await self.value(_returning_key(statement), **bound))

    async def alone_with(self, table: Table) -> None:
        """Nobody else changes this small table until the transaction ends. To be called before any other verb.

        PostgreSQL must be asked; SQLite has one writer anyway.
        """
        if self.dialect == "postgresql":
            self._execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))

    async def hold(self, table: Table, row_id: int) -> None:
        """What hangs on this row is changed by nobody else until the transaction ends.

        PostgreSQL: the row is touched, so of two that do this at once one begins anew with what the other wrote.
        """
        if self.dialect == "postgresql":
            await self.run(_touched(table), row_id=row_id)

    def _execute(
        self, statement: Executable, rows: Rows | Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return self._connection.execute(statement, rows)

    def _directly(self, statement: Executable, bound: Mapping[str, Any]) -> tuple[list[AnyRow], int]:
        return direct.execute(self._begun(), statement, bound)

    def _begun(self) -> sqlite3.Connection:
        if self._driver is None:
            self._driver = direct.driver_of(self._connection)
        return self._driver


@lru_cache(maxsize=16)
def _touched(table: Table) -> Update:
    key = next(iter(table.primary_key))
    return update(table).where(key == bindparam("row_id")).values({key: key})


@lru_cache(maxsize=512)
def _returning_key(statement: Insert) -> Insert:
    return statement.returning(next(iter(cast("Table", statement.table).primary_key)))


Work = Callable[[Tx], Awaitable[T]]


def at_once(fn: Work[T], connection: Connection) -> T:
    """Run `fn` to its end on this thread. It awaits nothing but its Tx, so it never has to wait.

    Raises RuntimeError when it awaits anything else, such as the network: then nothing is written.
    """
    steps = cast("Generator[Any, None, T]", fn(Tx(connection)).__await__())
    try:
        next(steps)
    except StopIteration as done:
        return cast("T", done.value)
    steps.close()
    raise RuntimeError("a change or a read may await nothing but its Tx")
