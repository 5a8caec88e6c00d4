"""Which error of a driver becomes which sentence."""

import sqlite3

import pytest
from asyncpg.exceptions import InvalidCatalogNameError, InvalidPasswordError  # type: ignore[import-untyped]  # asyncpg brings no types
from sqlalchemy.exc import DBAPIError

from storage.errors import BrokenDatabase, Locked, StorageError, Unreachable, told


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


def test_a_broken_rule_is_the_callers_business() -> None:
    assert told(of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE), "the place") is None
