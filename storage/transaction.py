"""What a change or a read sees of the database: one transaction with five verbs, the same on both engines."""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Executable, Insert, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

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

    async def run(self, statement: Executable, rows: Rows | None = None) -> int:
        """Execute, once or for each of `rows`; how many rows were touched, or handed over in `rows`."""
        if rows is None:
            return (await self._execute(statement)).rowcount
        if rows:
            await self._execute(statement, rows)  # asyncpg does not count these
        return len(rows)

    async def first(self, statement: Executable, **bound: Any) -> AnyRow | None:
        """The first row, or None. `bound`: values of the statement's bindparams; what runs often is built once."""
        return (await self._execute(statement, bound)).first()

    async def all(self, statement: Executable, **bound: Any) -> Sequence[AnyRow]:
        """Every row."""
        return (await self._execute(statement, bound)).all()

    async def value(self, statement: Executable, **bound: Any) -> Any:
        """The first column of the first row, or None."""
        return (await self._execute(statement, bound)).scalar()

    async def insert(self, statement: Insert) -> int:
        """Insert one row; its primary key (the first column of it)."""
        key = next(iter(cast("Table", statement.table).primary_key))
        return cast("int", (await self._execute(statement.returning(key))).scalar_one())

    def into(self, table: Table) -> sqlite.Insert:
        """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update` on either engine."""
        if self.dialect == "postgresql":
            return cast("sqlite.Insert", postgresql.insert(table))  # the two share these methods
        return sqlite.insert(table)

    async def _execute(
        self, statement: Executable, rows: Rows | Mapping[str, Any] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return self._connection.execute(statement, rows)


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
