"""Where the service's data stand: a new SQLite file or a new PostgreSQL database, as often as one is wanted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Literal

import asyncpg  # type: ignore[import-untyped]  # asyncpg brings no types
from sqlalchemy import make_url

from storage.engine import file_of, url_of
from tests.support.postgres import Server, cluster

Engine = Literal["sqlite", "postgres"]
LOOK = 0.002


Databases = Callable[[Path], AbstractAsyncContextManager[str]]  # a new, empty database for a block: its address


@contextmanager
def databases(engine: Engine) -> Iterator[Databases]:
    """A maker of databases; PostgreSQL runs while the block does."""
    if engine == "sqlite":
        yield in_folder
        return
    with cluster() as ours:
        yield on_server(ours.server)


@asynccontextmanager
async def in_folder(folder: Path) -> AsyncIterator[str]:
    """A SQLite file."""
    yield url_of(None, folder)


def on_server(server: Server) -> Databases:
    """A maker of databases on a PostgreSQL that runs already."""

    @asynccontextmanager
    async def fresh(_folder: Path) -> AsyncIterator[str]:
        async with server.database(migrated=False) as url:
            yield url

    return fresh


async def touched(url: str) -> None:
    """Return when somebody else has begun to use the new database."""
    if file := file_of(url):
        while not file.exists():
            await asyncio.sleep(LOOK)
        return
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    try:
        while not await connection.fetchval(others):
            await asyncio.sleep(LOOK)
    finally:
        await connection.close()
