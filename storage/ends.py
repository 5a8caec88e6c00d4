"""The two ends of a move: one open transaction each, on either engine, in which nobody else writes.

SQLite is held by its write lock beside the service's lock. PostgreSQL knows no such file: a service that runs is seen
by its connections (application_name in pg_stat_activity), and one that starts meanwhile waits for the locks on the
tables.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, inspect, select, table, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from storage.engine import US, file_of, make_file, place_of, postgres_engine, sqlite_migrator, sqlite_still
from storage.errors import Locked, NotMoved, OlderSchema, told
from storage.migrations import TURN, checked, head, upgrade
from storage.schema import metadata

T = TypeVar("T")
MOVER = f"{US} db move"
PATIENCE = 3  # seconds for locks that somebody else holds
GLANCES = 10  # 100 ms apart: whoever has just gone is shown for an instant longer


class Run(Protocol):
    """Run a function on the one connection."""

    def __call__(self, fn: Callable[[Connection], T], /) -> Awaitable[T]: ...


class End:
    """One side of a move, named `place`; what was not committed when its block ends never happened."""

    def __init__(self, url: str, run: Run) -> None:
        self.place = place_of(url)
        self.file = file_of(url)
        self._run = run

    async def do(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in the transaction. What the driver says comes as a StorageError where it has a sentence."""
        with telling(self.place):
            return await self._run(fn)

    async def commit(self) -> None:
        """Make it so."""
        await self.do(Connection.commit)


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Put errors of the drivers into the sentence that names this end."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == "55P03":  # lock_not_available
            raise Locked(f"{place} was kept busy by another process for {PATIENCE} seconds: try again.") from error
        raise (told(error, place) or NotMoved(f"{place} refuses ({reason(error)}): nothing was moved.")) from error


def reason(error: BaseException) -> str:
    """What the driver says, without the values that it may add."""
    cause = getattr(error, "orig", None) or error
    line = re.sub(r"^<class '[\w.]+'>: ", "", str(cause).partition("\n")[0])
    if isinstance(error, IntegrityError | ProgrammingError):
        return line
    in_brackets = re.search(r"\(([^()]*)\)$", line)
    return in_brackets[1] if in_brackets else type(cause).__name__


@asynccontextmanager
async def opened(url: str, engine_of_file: Callable[[str], Engine]) -> AsyncIterator[End]:
    """The database at `url` in one transaction; `engine_of_file` makes the engine where it is SQLite."""
    async with AsyncExitStack() as stack:
        if file_of(url) is not None:
            yield End(url, await _on_a_thread(stack, engine_of_file(url)))
            return
        engine = postgres_engine(url, isolation_level="READ COMMITTED", name=MOVER)
        stack.push_async_callback(engine.dispose)
        with telling(place_of(url)):
            connection = await stack.enter_async_context(engine.connect())
        yield End(url, connection.run_sync)


async def _on_a_thread(stack: AsyncExitStack, engine: Engine) -> Run:
    """One connection and one thread, so that whatever was begun is over before the connection is closed."""
    thread = ThreadPoolExecutor(1, thread_name_prefix="storage-mover")
    stack.callback(thread.shutdown)

    async def run(fn: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread, fn)

    stack.push_async_callback(run, engine.dispose)
    with telling(engine.url.database or ""):
        connection = await run(engine.connect)
    stack.push_async_callback(run, connection.close)
    return lambda fn: run(partial(fn, connection))


@asynccontextmanager
async def source_at(url: str) -> AsyncIterator[End]:
    """A database at head that nobody uses and nobody writes to while the block runs."""
    async with opened(url, sqlite_still) as end:
        await end.do(partial(_hold_source, place=end.place))
        yield end


@asynccontextmanager
async def target_at(url: str, source: End) -> AsyncIterator[End]:
    """An empty database brought to head, which nobody uses; all of it is undone unless the block commits."""
    path = file_of(url)
    made = path is not None and not path.exists()
    try:
        if path is not None:
            make_file(path)
        async with opened(url, sqlite_migrator) as end:
            if source.file is None and end.file is None and await source.do(_identity) == await end.do(_identity):
                raise itself(end.place)
            await end.do(partial(_hold_target, place=end.place))
            yield end
    except BaseException:
        if path is not None and made:
            for leftover in (path, *(path.with_name(f"{path.name}-{ending}") for ending in ("wal", "shm"))):
                leftover.unlink(missing_ok=True)
        raise


def itself(place: str) -> NotMoved:
    """The source was named as the target."""
    return NotMoved(f"{place} is the database that is to move: name another one after --to.")


def _identity(connection: Connection) -> tuple[object, ...]:
    """Which PostgreSQL database this is, by whatever address it was reached."""
    asked = (
        "SELECT s.system_identifier, d.oid FROM pg_control_system() s, pg_database d WHERE datname = current_database()"
    )
    return tuple(connection.execute(text(asked)).one())


def _hold_source(connection: Connection, place: str) -> None:
    if connection.dialect.name == "postgresql":
        _nobody_else(connection, place)
    revision = checked(connection, place)
    if revision is None:
        raise NotMoved(f"{place} holds no Attaché database: ATTACHE_DATABASE_URL must name the one that is to move.")
    if revision != head():
        raise OlderSchema(f"{place} has schema {revision}, this Attaché needs {head()}: run `attache migrate` first.")
    _lock_tables(connection, "SHARE")  # others may read


def _hold_target(connection: Connection, place: str) -> None:
    if connection.dialect.name == "postgresql":
        _nobody_else(connection, place)
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
    ours = {*metadata.tables, "alembic_version"}
    if foreign := sorted(set(inspect(connection).get_table_names()) - ours):
        raise NotMoved(f"{place} has a table {foreign[0]} that is not Attaché's: name an empty database.")
    upgrade(connection, "head", place)
    _lock_tables(connection, "EXCLUSIVE")
    _empty(connection, place)


def _nobody_else(connection: Connection, place: str) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :us")
    for _ in range(GLANCES):
        many = connection.execute(asked, {"us": US}).scalar_one()
        if not many:
            return
        connection.execute(text("SELECT pg_stat_clear_snapshot(), pg_sleep(0.1)"))
    raise Locked(
        f"{place} is in use by Attaché ({many} open connection{'s' if many > 1 else ''}): "
        f"stop `attache run` on every machine, then move again."
    )


def _lock_tables(connection: Connection, mode: str) -> None:
    """SQLite's transaction has its one lock from the beginning."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {', '.join(metadata.tables)} IN {mode} MODE"))


def _empty(connection: Connection, place: str) -> None:
    for name in sorted(metadata.tables):
        if connection.execute(select(text("1")).select_from(table(name)).limit(1)).first() is not None:
            raise NotMoved(f"{place} is not empty (there are rows in {name}): name an empty database.")
