"""The checks of `attache doctor` on files, the disk and the lock, without opening the store."""

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage.engine import WRITING, sqlite_writer
from storage.errors import told
from storage.lock import holder_of, lock_of

ROOM = 1024**3  # bytes that should be free beside twice the database (a backup and a migration need as much)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    sentence: str


def of_disk(data: Path, database: Path | None) -> Finding:
    """Room for a backup and a migration."""
    folder = _nearest(database.parent if database else data)
    free = shutil.disk_usage(folder).free
    wanted = ROOM + 2 * (database.stat().st_size if database and database.exists() else 0)
    if free < wanted:
        return Finding("disk", False, f"{folder} has {_size(free)} free and should have {_size(wanted)}: make room.")
    return Finding("disk", True, f"{folder} has {_size(free)} free.")


def of_volume(data: Path) -> Finding:
    """What can be seen of encryption: Linux's dm-crypt under the folder. Never a failure."""
    device = _nearest(data).stat().st_dev
    kind = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/dm/uuid")
    try:
        encrypted = kind.read_text().startswith("CRYPT-")
    except OSError:
        encrypted = False
    if encrypted:
        return Finding("volume", True, f"{data} is on an encrypted volume (dm-crypt).")
    seen = f"Nothing shows that {data} is on an encrypted volume: it should be, with the key kept apart."
    return Finding("volume", True, seen)


def of_modes(data: Path, database: Path | None, token_file: Path | None) -> list[Finding]:
    """Files with people's names or the token in them are their owner's alone."""
    private = [path for path in (token_file, database, *(_beside(database) if database else ())) if path]
    if data.is_dir():
        private += [path for path in data.iterdir() if path.is_file() and ".sqlite3" in path.name]
    open_to_all = sorted({path for path in private if path.exists() and _others_may_read(path)})
    if not open_to_all:
        return [Finding("modes", True, "Nobody but the owner can read the database and the token.")]
    return [
        Finding("modes", False, f"{path} can be read by others on this machine: run `chmod 600 {path}`.")
        for path in open_to_all
    ]


def of_lock(database: Path) -> Finding:
    """Who serves this database now."""
    holder = holder_of(database)
    if holder is None:
        return Finding("lock", True, f"Nobody holds {lock_of(database)}: no service is running on it.")
    since = f"{holder.since_at:%d %B %Y %H:%M} UTC"
    return Finding("lock", True, f"`attache {holder.who}` (process {holder.pid}) has served it since {since}.")


def of_file(database: Path) -> list[Finding]:
    """Is it a sound SQLite file, and does it behave as the engine asks?"""
    address = f"{database.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as connection:
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
            damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if damage != "ok":
                mend = "restore the last good copy with `attache restore BACKUP`"
                return [Finding("integrity", False, f"{database} is damaged ({damage.splitlines()[0]}): {mend}.")]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
        findings = [Finding("integrity", True, f"{database} is sound."), _of_keys(orphan)]
        if journal != "wal":
            old_style = f"{database} keeps its journal in mode {journal}, not wal: the next `attache run` sets it."
            return [*findings, Finding("pragmas", False, old_style)]
        return [*findings, of_pragmas(database)]
    except (sqlite3.Error, DBAPIError) as error:
        return [Finding("open", False, str(told(error, database) or error))]


def of_pragmas(database: Path, wanted: dict[str, str | int] = WRITING) -> Finding:
    """Ask a writing connection for what it was told: a SQLite that ignores a pragma says nothing."""
    engine = sqlite_writer(f"sqlite:///{database}")
    try:
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    finally:
        engine.dispose()
    wrong = [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]
    if wrong:
        return Finding("pragmas", False, f"This SQLite does not do as told ({'; '.join(wrong)}): use a newer one.")
    return Finding("pragmas", True, "Write-ahead log, full synchronisation and foreign keys are on.")


def _of_keys(orphan: tuple[str, int, str, int] | None) -> Finding:
    if orphan is None:
        return Finding("foreign keys", True, "Every row points at one that exists.")
    child, row, parent, _ = orphan
    pointless = f"Row {row} of {child} points at no row of {parent}: the file was changed by another program."
    return Finding("foreign keys", False, pointless)


def _beside(database: Path) -> list[Path]:
    return [database.with_name(database.name + ending) for ending in ("-wal", "-shm")]


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _nearest(folder: Path) -> Path:
    """The folder, or the first above it that exists."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def _size(octets: int) -> str:
    return f"{octets / 1024**3:.1f} GiB"
