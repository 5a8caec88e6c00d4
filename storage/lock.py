"""One service process to a SQLite file: a lock beside it that the kernel lets go of when its holder dies."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.errors import Locked, Unreachable

PATIENCE = 5  # tries, 50 ms apart: whoever only looks at the lock has it for an instant


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock."""

    who: str  # "run", "demo", "restore"…
    pid: int
    since_at: datetime


def lock_of(database: Path) -> Path:
    """The lock file of a SQLite file."""
    return database.with_name(f"{database.name}.lock")


@contextmanager
def service_lock(database: Path | None, who: str = "run") -> Iterator[None]:
    """Hold the lock of `database` while the block runs; None (PostgreSQL) needs none.

    Raises Locked with the holder's name. A forked child shares the lock, a spawned one does not.
    """
    if database is None:
        yield
        return
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(lock_of(database), os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Unreachable(f"{lock_of(database)} cannot be written: {error.strerror}.") from error
    try:
        if not _taken(handle, fcntl.LOCK_EX):
            raise Locked(_sentence(database))
        os.truncate(handle, 0)
        os.pwrite(handle, json.dumps({"who": who, "pid": os.getpid()}).encode(), 0)
        yield
    finally:
        os.close(handle)  # which lets go of the lock; the file stays, or two could lock two files of one name


def holder_of(database: Path) -> Holder | None:
    """Whoever holds the lock now, or None."""
    try:
        handle = os.open(lock_of(database), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if _taken(handle, fcntl.LOCK_SH, tries=1):
            return None
        # The file was written when the lock was taken: its own time says since when.
        since_at = datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC).replace(microsecond=0)
        try:
            words = json.loads(os.pread(handle, 4096, 0))
            return Holder(str(words["who"]), int(words["pid"]), since_at)
        except (ValueError, KeyError, TypeError):
            return Holder("another process", 0, since_at)
    finally:
        os.close(handle)


def _taken(handle: int, kind: int, tries: int = PATIENCE) -> bool:
    for tried in range(tries):
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if tried + 1 < tries:
                time.sleep(0.05)
        else:
            return True
    return False


def _sentence(database: Path) -> str:
    holder = holder_of(database)
    if holder is None:
        return f"{database} was held by another process a moment ago: try again."
    return (
        f"{database} is in use by `attache {holder.who}` (process {holder.pid}, since "
        f"{holder.since_at:%d %B %Y %H:%M} UTC): stop that one first. SQLite serves one process; "
        f"for more than one set ATTACHE_DATABASE_URL to PostgreSQL."
    )
