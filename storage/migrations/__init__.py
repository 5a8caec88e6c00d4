"""The history of the schema, run from inside the package: no alembic.ini, nothing to configure.

A change of storage/schema.py becomes a revision by one command (then read what it wrote):

    python -m storage.migrations.draft "say what changed" && ruff format storage/migrations

Until the first release 0001 is made anew: rm storage/migrations/versions/0001_first.py, then draft "first".

Alembic is loaded only where there is something to migrate: a start that finds the database up to date reads one row.
"""

import sqlite3
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.engine import file_of, make_file, on_connection, place_of
from storage.errors import BrokenDatabase, NewerSchema, told

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"
T = TypeVar("T")
_ALEMBIC = Lock()  # it keeps what it works on in a module of its own: one thread at a time
TURN = 0x417474616368  # PostgreSQL's advisory lock: replicas that start together migrate one after the other


def config() -> "Config":
    """Alembic's configuration, built in code so that it works from a wheel."""
    from alembic.config import Config  # noqa: PLC0415 - the service loads Alembic only to migrate

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


@cache
def head() -> str | None:
    """The revision this code expects; None only while no revision has been written."""
    return max(known(), default=None)


@cache
def known() -> frozenset[str]:
    """Every revision this code has heard of: the numbers at which the names of their files begin."""
    return frozenset(file.name.partition("_")[0] for file in VERSIONS.glob("[0-9]*_*.py"))


async def current(url: str) -> str | None:
    """The revision of the database, None for one that is empty or not there yet.

    Raises BrokenDatabase for a damaged file or somebody else's database, NewerSchema for an unknown revision.
    """
    path = file_of(url)
    if path is not None and not path.exists():
        return None
    return await _run(url, partial(checked, place=place_of(url)))


async def migrate(url: str, to: str = "head") -> bool:
    """Create or upgrade the database in one transaction; True when there was something to do.

    The caller holds the service's lock (storage/lock.py) wherever somebody may be using the database.
    Raises what `current` raises; on any error the database is as it was.
    """
    path = file_of(url)
    if path is not None:
        make_file(path)
    if await current(url) == (head() if to == "head" else to):
        return False
    return await _run(url, partial(upgrade, to=to, place=place_of(url)), migrating=True)


async def _run(url: str, fn: Callable[[Connection], T], *, migrating: bool = False) -> T:
    try:
        return await on_connection(url, fn, migrating=migrating)
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise (told(error, place_of(url)) or error) from error


def checked(connection: Connection, place: str) -> str | None:
    """What `current` says, inside a transaction of the caller's."""
    revision = _revision(connection)
    if revision is None and (tables := inspect(connection).get_table_names()):
        raise BrokenDatabase(
            f"{place} holds a database that is not Attaché's (it has a table {sorted(tables)[0]}): "
            f"name another place, or put a good copy there with `attache restore BACKUP`."
        )
    if revision is not None and revision not in known():
        raise NewerSchema(
            f"{place} was written by a newer Attaché (schema {revision}, this one knows {head()}): "
            f"install the newer version, or restore a backup of this version with `attache restore BACKUP`."
        )
    return revision


def _revision(connection: Connection) -> str | None:
    """What Alembic wrote down; None in a database that it has not seen, or has left."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(connection: Connection, to: str, place: str) -> bool:
    """What `migrate` does, inside a transaction of the caller's; on PostgreSQL one at a time."""
    from alembic import command  # noqa: PLC0415 - the service loads Alembic only to migrate

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
    before = checked(connection, place)  # somebody may have migrated while we waited for our turn
    settings = config()
    settings.attributes["connection"] = connection
    with _ALEMBIC:
        command.upgrade(settings, to)
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise BrokenDatabase(f"{place} could not be migrated: rows would point nowhere. Nothing was changed.")
    return _revision(connection) != before
