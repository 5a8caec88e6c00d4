"""Which of several processes leads: on PostgreSQL whoever holds an advisory lock, on SQLite the only one there is.

The lock belongs to a connection. It goes with the process, with the connection, and with a process that stands
still: the server ends a session that has not spoken for a few seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import NullPool, text
from sqlalchemy.exc import DBAPIError

from storage.engine import US, file_of, parsed

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

LOCK = 0x41747461636865  # "Attache" in ASCII; an advisory lock is known within one database
EVERY = 1.0  # seconds between tries, and between signs of life
STAND_BACK = 1.5  # seconds after a loss: whoever stands by tries before us
PATIENCE = 3.0  # seconds for the server to answer one
SILENCE = "5s"  # after which the server takes the lock from whoever says nothing
LOST = (DBAPIError, OSError)

Work = Callable[[], Awaitable[None]]
Told = Callable[[bool], None]


class Leadership(Protocol):
    """Leads or stands by."""

    async def lead(self, work: Work, told: Told) -> None:
        """Run `work` whenever this process leads; cancel it at once when it does no more, and stand by again.

        `told(leads)` is called at each change and may be called with what it knows. Ends when `work` does, and
        raises what it raises.
        """


class Alone:
    """There is nobody else."""

    async def lead(self, work: Work, told: Told) -> None:
        """From the start to the end."""
        told(True)
        await work()


class ByLock:
    """Leads while a connection of its own holds the lock."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def lead(self, work: Work, told: Told) -> None:
        """Try every second; see `Leadership`."""
        engine = _engine(self._url)
        try:
            while True:
                connection = await _locked(engine, told)
                told(True)
                try:
                    if await _while_held(connection, work):
                        return
                finally:
                    told(False)
                    await _let_go(connection)
                await asyncio.sleep(STAND_BACK)
        finally:
            await engine.dispose()


def leadership_of(url: str) -> Leadership:
    """Of the service on the database at `url`."""
    return ByLock(url) if file_of(url) is None else Alone()


def _engine(url: str) -> "AsyncEngine":
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - brings the ORM, 8 MiB that SQLite spares

    settings = {"application_name": US, "idle_session_timeout": SILENCE}
    options = {"server_settings": settings, "timeout": PATIENCE, "command_timeout": PATIENCE}
    return create_async_engine(parsed(url), isolation_level="AUTOCOMMIT", poolclass=NullPool, connect_args=options)


async def _locked(engine: "AsyncEngine", told: Told) -> "AsyncConnection":
    """A connection that holds the lock, however long it takes."""
    connection: AsyncConnection | None = None
    try:
        while True:
            try:
                connection = connection or await engine.connect()
                if await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
                    return connection
            except LOST:
                broken, connection = connection, None
                await _let_go(broken)
            told(False)
            await asyncio.sleep(EVERY)
    except BaseException:
        await _let_go(connection)
        raise


async def _while_held(connection: "AsyncConnection", work: Work) -> bool:
    """Whether `work` came to its end; False when the lock was lost before."""
    working, watching = asyncio.ensure_future(work()), asyncio.create_task(_lost(connection))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return working.done()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _lost(connection: "AsyncConnection") -> None:
    """Returns when the connection is gone, or its server does not answer."""
    ended = asyncio.Event()
    wire: Any = (await connection.get_raw_connection()).driver_connection
    wire.add_termination_listener(lambda _: ended.set())
    with suppress(*LOST):
        while not ended.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await ended.wait()
            if not ended.is_set():
                await connection.execute(text("SELECT 1"))


async def _let_go(connection: "AsyncConnection | None") -> None:
    """Close it, whatever state it is in; the server frees the lock with it."""
    if connection is not None:
        with suppress(*LOST):
            await connection.invalidate()
        with suppress(*LOST):
            await connection.close()
