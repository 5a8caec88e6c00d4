"""Which error of a driver becomes which sentence, and a server that goes away and comes back."""

import sqlite3
from collections.abc import Iterator

import pytest
from asyncpg.exceptions import (  # type: ignore[import-untyped]  # asyncpg brings no types
    AdminShutdownError,
    CannotConnectNowError,
    DiskFullError,
    InvalidCatalogNameError,
    InvalidPasswordError,
    QueryCanceledError,
    ReadOnlySQLTransactionError,
    TooManyConnectionsError,
    UniqueViolationError,
)
from sqlalchemy.exc import DBAPIError

from storage import meta
from storage.errors import BrokenDatabase, Locked, StorageError, Unreachable, told
from storage.store import Store, Tx
from tests.support.postgres import Cluster, Server, cluster


def of_sqlite(code: int) -> DBAPIError:
    error = sqlite3.DatabaseError("what the driver says")
    error.sqlite_errorcode = code
    return DBAPIError("SELECT secret", None, error)


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (of_sqlite(sqlite3.SQLITE_CORRUPT), BrokenDatabase, "attache restore"),
        (of_sqlite(sqlite3.SQLITE_CORRUPT_INDEX), BrokenDatabase, "attache restore"),
        (of_sqlite(sqlite3.SQLITE_NOTADB), BrokenDatabase, "attache restore"),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), Locked, "try again"),
        (of_sqlite(sqlite3.SQLITE_FULL), Unreachable, "make room"),
        (of_sqlite(sqlite3.SQLITE_IOERR_WRITE), Unreachable, "cannot be opened or written"),
        (of_sqlite(sqlite3.SQLITE_READONLY_DIRECTORY), Unreachable, "cannot be opened or written"),
        (ConnectionRefusedError(), Unreachable, "does not answer"),
        (DBAPIError("", None, InvalidPasswordError("pw")), Unreachable, "the password in the address"),
        (DBAPIError("", None, InvalidCatalogNameError("x")), Unreachable, "check the name"),
        (DBAPIError("", None, AdminShutdownError("x")), Unreachable, "does not answer"),
        (DBAPIError("", None, CannotConnectNowError("x")), Unreachable, "does not answer"),
        (DBAPIError("", None, DiskFullError("x")), Unreachable, "make room"),
        (DBAPIError("", None, TooManyConnectionsError("x")), Unreachable, "max_connections"),
        (DBAPIError("", None, ReadOnlySQLTransactionError("x")), Unreachable, "primary"),
    ],
)
def test_an_error_that_an_operator_can_mend_becomes_a_sentence(
    error: Exception, kind: type[StorageError], sentence: str
) -> None:
    sentence_told = told(error, "the place")
    assert type(sentence_told) is kind
    assert sentence in str(sentence_told)
    assert "the place" in str(sentence_told)
    assert "secret" not in str(sentence_told)


@pytest.mark.parametrize(
    "error",
    [
        of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        DBAPIError("", None, UniqueViolationError("x")),
        DBAPIError("", None, QueryCanceledError("x")),
    ],
)
def test_a_broken_rule_is_the_callers_business(error: DBAPIError) -> None:
    assert told(error, "the place") is None


@pytest.fixture(scope="module")
def ours() -> Iterator[Cluster]:
    """A server that may be stopped."""
    with cluster() as made:
        yield made


@pytest.mark.slow
async def test_a_server_that_goes_away_is_told_and_has_lost_nothing_when_it_is_back(ours: Cluster) -> None:
    async with ours.server.database() as url, await Store.open(url) as store:
        await store.change(lambda tx: meta.put(tx, "before", "kept"))
        ours.stop()
        for attempted in (store.change, store.read):
            with pytest.raises(Unreachable, match="does not answer: see that the server runs"):
                await attempted(lambda tx: meta.get(tx, "before"))
        with pytest.raises(Unreachable, match="does not answer"):
            await Store.open(url)
        ours.start()
        assert await store.read(lambda tx: meta.get(tx, "before")) == "kept"
        await store.change(lambda tx: meta.put(tx, "after", "kept too"))


@pytest.mark.slow
async def test_a_server_that_dies_in_the_middle_of_a_change_has_made_nothing_of_it(ours: Cluster) -> None:
    async with ours.server.database() as url, await Store.open(url) as store:

        async def half(tx: Tx) -> None:
            await meta.put(tx, "half", "written")
            ours.stop()
            await meta.put(tx, "other half", "written")

        with pytest.raises(Unreachable, match="does not answer"):
            await store.change(half)
        ours.start()
        assert await store.read(lambda tx: meta.get(tx, "half")) is None


@pytest.mark.slow
@pytest.mark.parametrize(("user", "database"), [("nobody_here", "postgres"), ("postgres", "nowhere")])
async def test_a_server_that_knows_neither_user_nor_database_turns_us_away(
    user: str, database: str, postgres: Server
) -> None:
    wrong = postgres.address.set(username=user, database=database).render_as_string(hide_password=False)
    with pytest.raises(Unreachable, match="check the name, the user and the password"):
        await Store.open(wrong)
