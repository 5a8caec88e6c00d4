"""Both engines: what a test asks of `url` or `store` it asks of SQLite and of PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.support.postgres import Server

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@pytest.fixture(params=BOTH)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without a row; a SQLite file is not there yet."""
    if request.param == "sqlite":
        yield sqlite_in(tmp_path)
    else:
        server: Server = request.getfixturevalue("postgres")
        async with server.database() as address:
            yield address


@pytest.fixture(params=BOTH)
async def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without a table; a SQLite file is not there yet."""
    if request.param == "sqlite":
        yield sqlite_in(tmp_path)
    else:
        server: Server = request.getfixturevalue("postgres")
        async with server.database(migrated=False) as address:
            yield address


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An open store without a row."""
    async with await Store.open(url) as opened:
        yield opened


@pytest.fixture
async def sqlite_store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open store without a row, for what only SQLite promises."""
    async with await Store.open(sqlite_in(tmp_path)) as opened:
        yield opened


def sqlite_in(folder: Path) -> str:
    """The address of a SQLite file in a folder."""
    return f"sqlite+aiosqlite:///{folder / 'attache.sqlite3'}"
