"""Copies of a SQLite database: taken beside a running service, and put back without un-forgetting anybody."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiosqlite
from sqlalchemy import select

from storage import rows
from storage.columns import EPOCH, MICROSECOND
from storage.engine import file_of
from storage.errors import BadAddress, BrokenDatabase, Locked, StorageError, WillNotOverwrite, told
from storage.forgetting import SALT, forget_again, salts
from storage.lock import service_lock
from storage.migrations import current, migrate
from storage.schema import meta, tombstone
from storage.store import Store, Tx

PAGES = 4096  # a step of the copy; between two steps the service may write


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    kept_as: Path | None  # the database that was there before
    migrated: bool
    forgotten: int  # people erased again
    forgets_all: bool  # False: the present database could not be asked who was forgotten since


@dataclass(frozen=True, slots=True)
class Graves:
    """Who must stay forgotten: tombstones and the salts they were made with."""

    forgotten: Mapping[str, datetime]
    salts: tuple[str, ...]


async def backup(url: str, to: Path, *, force: bool = False) -> Path:
    """Copy the database to `to` while it is in use, check the copy, then put it there in one step.

    The copy holds people's names: it is readable by its owner only. Raises WillNotOverwrite unless `force`,
    BrokenDatabase where the copy is not sound, BadAddress on PostgreSQL.
    """
    source = _sqlite_file(url, "pg_dump makes its backups")
    _may_write(source, to, force)
    await current(url)  # refuses a damaged or foreign file with its own sentence
    await _copy_into_place(source, to)
    return to


async def restore(backup_file: Path, url: str, *, stamp: str, who: str = "restore") -> Restored:
    """Put `backup_file` in the place of the database; `stamp` names the copy that is kept of the present one.

    An older backup is migrated. Whoever was forgotten after the backup was made is forgotten again. Until the
    last step the present database is untouched. Raises Locked while anybody uses it, BrokenDatabase and
    NewerSchema for the backup, BadAddress on PostgreSQL.
    """
    present = _sqlite_file(url, "pg_restore puts its backups back")
    _readable(backup_file)
    with service_lock(present, who):
        ready = present.with_name(f"{present.name}.restoring")
        try:
            await _copy_into_place(backup_file, ready)
            migrated = await _upgraded(ready, backup_file)
            graves = await _graves(present)
            forgotten = await _forget_again(ready, graves) if graves else 0
            kept_as = await asyncio.to_thread(_swap, ready, present, stamp)
        finally:
            _tidy(ready)
    return Restored(kept_as, migrated, forgotten, forgets_all=graves is not None)


def _may_write(source: Path, to: Path, force: bool) -> None:
    if to.is_dir():
        raise WillNotOverwrite(f"{to} is a folder: name a file in it, such as {to / 'attache-backup.sqlite3'}.")
    if to.exists() and source.exists() and to.samefile(source):
        raise WillNotOverwrite(f"{to} is the database itself: choose another name.")
    if to.exists() and not force:
        raise WillNotOverwrite(f"{to} exists already: choose another name, or say --force to replace it.")


def _readable(backup_file: Path) -> None:
    if not backup_file.is_file():
        raise StorageError(f"{backup_file} is not a file: name a backup made by `attache backup`.")


def _sqlite_file(url: str, instead: str) -> Path:
    path = file_of(url)
    if path is None:
        raise BadAddress(f"This database is PostgreSQL: {instead}.")
    return path


async def _copy_into_place(source: Path, to: Path) -> None:
    """Copy by SQLite's online backup, prove the copy sound, make it one plain file, move it into place.

    aiosqlite keeps the long steps off the event loop.
    """
    partial = to.with_name(f"{to.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        async with (
            _read_only(source) as old,
            aiosqlite.connect(partial, isolation_level=None, check_same_thread=False) as new,
        ):
            await old.backup(new, pages=PAGES, sleep=0.01)
            await new.execute("PRAGMA journal_mode=DELETE")  # one file, to be carried away and opened read-only
            ((said,),) = await new.execute_fetchall("PRAGMA integrity_check(1)")
            if said != "ok":
                raise BrokenDatabase(f"{source} is damaged ({said}): use another backup.")
        _flush(partial)
        partial.replace(to)
        _flush(to.parent)
    except (sqlite3.Error, OSError) as error:
        raise (told(error, source if isinstance(error, sqlite3.Error) else to) or error) from error
    finally:
        partial.unlink(missing_ok=True)


def _read_only(path: Path) -> aiosqlite.Connection:
    return aiosqlite.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)


async def _upgraded(ready: Path, backup_file: Path) -> bool:
    url = f"sqlite:///{ready}"
    if await current(url) is None:
        raise BrokenDatabase(f"{backup_file} holds no Attaché database: name a backup made by `attache backup`.")
    return await migrate(url)


async def _graves(present: Path) -> Graves | None:
    """Who is forgotten in the present database, whatever its schema; None where it cannot be read."""
    if not _is_there(present):
        return Graves({}, ())
    try:
        async with _read_only(present) as old:
            graves = await old.execute_fetchall("SELECT telegram_hash, forgotten_at FROM tombstone")
            salt = list(await old.execute_fetchall("SELECT value FROM meta WHERE key = ?", (SALT,)))
    except sqlite3.Error:
        return None
    forgotten = {grave: EPOCH + at * MICROSECOND for grave, at in graves}
    return Graves(forgotten, tuple(salt[0][0].split() if salt else ()))


def _is_there(path: Path) -> bool:
    return path.exists()


async def _forget_again(ready: Path, graves: Graves) -> int:
    """Carry the tombstones and their salts over; how many people that erased."""

    async def carry(tx: Tx) -> int:
        own = await salts(tx)
        together = list(dict.fromkeys([*graves.salts, *own]))
        await rows.put(tx, meta, {"key": SALT, "value": " ".join(together)}, key=("key",))
        found = await tx.all(select(tombstone.c.telegram_hash, tombstone.c.forgotten_at))
        before = {row.telegram_hash: row.forgotten_at for row in found}
        # A tombstone that the backup has too is older than the backup: she came back before it was made.
        later = {grave: at for grave, at in graves.forgotten.items() if grave not in before or before[grave] < at}
        people = await forget_again(tx, later)
        for grave, at in later.items():  # also for those the backup has never met
            values = {"telegram_hash": grave, "forgotten_at": at}
            await rows.put(tx, tombstone, values, key=("telegram_hash",))
        return people

    async with await Store.open(f"sqlite:///{ready}") as store:
        people = await store.change(carry)
        await store.scrub()
    return people


def _swap(ready: Path, present: Path, stamp: str) -> Path | None:
    """Keep the present database aside and put the other one there; at no instant is there none."""
    if not present.exists():
        ready.replace(present)
        _flush(present.parent)
        return None
    _settle(present)
    kept_as = present.with_name(f"{present.name}.before-restore-{stamp}")
    if kept_as.exists():
        raise WillNotOverwrite(f"{kept_as} exists already: move it away and restore again.")
    try:
        kept_as.hardlink_to(present)
    except OSError:  # a file system without hard links
        shutil.copy2(present, kept_as)
    for log, kept_log in zip(_logs(present), _logs(kept_as), strict=True):
        with suppress(FileNotFoundError):  # a damaged database still has one; it must not be read into the other
            log.replace(kept_log)
    ready.replace(present)
    _flush(present.parent)
    return kept_as


def _settle(present: Path) -> None:
    """Fold the write-ahead log into the file, which also proves that nobody has it open."""
    try:
        with closing(sqlite3.connect(present, timeout=2, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise Locked(f"{present} is open in another process: stop it and restore again.") from error
    except sqlite3.DatabaseError:
        return  # damaged: it is kept as it is


def _tidy(database: Path) -> None:
    for leftover in (database, *_logs(database)):
        leftover.unlink(missing_ok=True)


def _logs(database: Path) -> tuple[Path, Path]:
    return database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm")


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
