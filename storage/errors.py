"""What can be wrong with a database, each told in one sentence that names the place and the mend.

Refusals (already answered, not enrolled) are values and live elsewhere: these are errors.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError


class StorageError(Exception):
    """Anything the storage package raises on purpose; `str(error)` is fit for an operator."""


class BadAddress(StorageError):
    """The database address cannot be used."""


class BrokenDatabase(StorageError):
    """The file is no database of ours, or it is damaged."""


class NewerSchema(StorageError):
    """The database was made by a newer version of Attaché."""


class OlderSchema(StorageError):
    """The database must be migrated before it can be used."""


class Locked(StorageError):
    """Another process holds the database."""


class Unreachable(StorageError):
    """The database cannot be opened, reached or written to."""


class Closed(StorageError):
    """The store was closed: nothing more is taken."""


class WillNotOverwrite(StorageError):
    """A file stands where one is to be written."""


class NotMoved(StorageError):
    """A database could not be moved: nothing was changed on either side."""


def broken(place: object) -> BrokenDatabase:
    """The one sentence for a damaged file."""
    return BrokenDatabase(
        f"{place} is damaged or is not a database: put a good copy in its place with "
        f"`attache restore BACKUP` (the damaged file is kept aside)."
    )


def told(error: BaseException, place: object) -> StorageError | None:
    """The sentence for an error of the driver, or None where it is the caller's business (a constraint, say).

    `place` is the database file, or the address without its password.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _told_by_sqlite(cause, place)
    if sentence := _told_by_postgres(str(getattr(cause, "sqlstate", "")), place):
        return sentence
    if isinstance(cause, OSError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return _silent(place)
    return None


def _silent(place: object) -> Unreachable:
    return Unreachable(f"The database {place} does not answer: see that the server runs and is reachable.")


def _told_by_postgres(sqlstate: str, place: object) -> StorageError | None:
    match sqlstate[:2], sqlstate:
        case (("28" | "3D"), _):  # authorisation, no such database
            return Unreachable(f"{place} turns us away: check the name, the user and the password in the address.")
        case _, "53100":
            return Unreachable(f"The disk that holds {place} is full: make room, nothing stored is lost.")
        case _, "53300":
            return Unreachable(f"{place} has no connection left: end other clients or raise its max_connections.")
        case _, ("40001" | "40P01"):  # after as many tries as storage/on_postgres.py makes
            return Unreachable(f"{place} is kept busy by other changes and did not take this one: try again.")
        case _, "25006":  # read_only_sql_transaction, as on a stand-by
            return Unreachable(f"{place} cannot be written to: see that the address is the primary server's.")
        case _, "55P03" | "25P03":  # lock_timeout, idle_in_transaction_session_timeout
            return Unreachable(f"{place} was kept busy by another process: it is tried again.")
        case (("08" | "53" | "57"), _) if sqlstate != "57014":  # connection, resources, shutting down or starting
            return _silent(place)
    return None


def _told_by_sqlite(cause: sqlite3.Error, place: object) -> StorageError | None:
    match getattr(cause, "sqlite_errorcode", 0) & 0xFF:  # extended codes keep the plain one in the low byte
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return broken(place)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Locked(f"{place} was kept busy by another process for ten seconds: try again.")
        case sqlite3.SQLITE_FULL:
            return Unreachable(f"The disk that holds {place} is full: make room, nothing stored is lost.")
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_IOERR:
            return Unreachable(f"{place} cannot be opened or written to: see that its folder exists and is yours.")
    return None
