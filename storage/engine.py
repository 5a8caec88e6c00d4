"""Engines for both databases: where they stand and the pragmas that make SQLite safe.

SQLite is driven by Python's own sqlite3 on threads of ours (storage/group_commit.py says why), PostgreSQL by
asyncpg.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import ArgumentError

from storage.errors import BadAddress, Unreachable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

T = TypeVar("T")
FILE = "attache.sqlite3"
READERS = 4
US = "attache"  # how PostgreSQL knows us
DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}

Pragmas = dict[str, str | int]
ALWAYS: Pragmas = {"busy_timeout": 10000, "foreign_keys": 1, "trusted_schema": 0}
# FULL: with NORMAL an acknowledged answer can vanish at power loss. secure_delete: /forget leaves no bytes.
WRITING: Pragmas = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, **ALWAYS}
READING: Pragmas = {**ALWAYS, "query_only": 1}
MIGRATING: Pragmas = {
    **WRITING,
    "foreign_keys": 0,
}  # a table copied by Alembic's batch mode would empty its children


def url_of(settings_url: str | None, data: Path) -> str:
    """The address of the database: the setting, or the SQLite file in the data folder.

    Raises BadAddress for anything but a SQLite file or PostgreSQL.
    """
    if not settings_url:
        return f"sqlite+aiosqlite:///{data / FILE}"
    return parsed(settings_url).render_as_string(hide_password=False)


def parsed(url: str) -> URL:
    """The address with the driver we use. Raises BadAddress, which never shows a password."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise BadAddress(
            "The database address is not one: it looks like sqlite+aiosqlite:///folder/attache.sqlite3 "
            "or postgresql+asyncpg://user:password@host/name."
        ) from None
    driver = DRIVERS.get(address.drivername)
    if driver is None:
        raise BadAddress(
            f"{address.drivername} is no database Attaché knows: use sqlite+aiosqlite or postgresql+asyncpg."
        )
    in_memory = not address.database or address.database.startswith((":memory:", "file:"))
    if driver.startswith("sqlite") and in_memory:
        raise BadAddress("SQLite must be a plain file, as in sqlite+aiosqlite:///folder/attache.sqlite3.")
    return address.set(drivername=driver)


def file_of(url: str) -> Path | None:
    """The SQLite file, or None for PostgreSQL."""
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def place_of(url: str) -> str:
    """How a sentence names the database: the file, or the address without its password."""
    return str(file_of(url) or parsed(url).render_as_string(hide_password=True))


def sqlite_writer(url: str) -> Engine:
    """The engine of changes: one connection."""
    return _sqlite(url, WRITING, begin="BEGIN IMMEDIATE", connections=1)


def sqlite_reader(url: str) -> Engine:
    """The engine of reads: every transaction sees one snapshot and can write nothing."""
    return _sqlite(url, READING, begin="BEGIN", connections=READERS)


def sqlite_migrator(url: str) -> Engine:
    """The engine of migrations: foreign keys are checked once at the end, not on the way."""
    return _sqlite(url, MIGRATING, begin="BEGIN IMMEDIATE", connections=1)


def sqlite_still(url: str) -> Engine:
    """The engine of a database that is being moved: it is only read, and nobody else may write meanwhile."""
    return _sqlite(url, ALWAYS, begin="BEGIN IMMEDIATE", connections=1)


# A process that stands still inside a change must not keep its rows from the others.
IMPATIENT = {"idle_in_transaction_session_timeout": "5s", "lock_timeout": "8s"}


def postgres_engine(
    url: str, *, isolation_level: IsolationLevel, name: str = US, settings: Mapping[str, str] | None = None
) -> "AsyncEngine":
    """A pool of connections that are asked for a sign of life before they are used; `settings` are the server's.

    `name` is what pg_stat_activity shows: storage/moving.py looks there for a service that runs.
    """
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - brings the ORM, 8 MiB that SQLite spares

    named = {"server_settings": {"application_name": name} | dict(settings or {})}
    shape = {"isolation_level": isolation_level, "pool_pre_ping": True, "connect_args": named}
    return create_async_engine(parsed(url), hide_parameters=True, **shape)  # an error is logged: no words, no names


async def on_connection(url: str, fn: Callable[[Connection], T], *, migrating: bool = False) -> T:
    """Run `fn` in one transaction of its own, on either engine: for what happens before a store is open."""
    if file_of(url) is None:
        engine = postgres_engine(url, isolation_level="READ COMMITTED")
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(fn)
        finally:
            await engine.dispose()
    return await asyncio.to_thread(_on_sqlite, sqlite_migrator(url) if migrating else sqlite_reader(url), fn)


def _on_sqlite(engine: Engine, fn: Callable[[Connection], T]) -> T:
    try:
        with engine.begin() as connection:
            return fn(connection)
    finally:
        engine.dispose()


def make_file(path: Path) -> None:
    """Create the folder and an empty file that nobody else may read; the WAL inherits its mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unreachable(f"{path} cannot be created or written to: {error.strerror}.") from error


def _sqlite(url: str, pragmas: Pragmas, *, begin: str, connections: int) -> Engine:
    engine = create_engine(
        parsed(url).set(drivername="sqlite"),
        connect_args={"isolation_level": None},  # the driver must not begin transactions of its own
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error is logged: nobody's words or names may stand in it
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        for name, value in pragmas.items():
            connection.execute(f"PRAGMA {name}={value}")

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
