"""Backups of a used database, and restores that lose nothing and un-forget nobody."""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from storage import schema
from storage.backups import backup, restore
from storage.errors import BadAddress, BrokenDatabase, Locked, NewerSchema, StorageError, WillNotOverwrite
from storage.forgetting import forget
from storage.lock import service_lock
from storage.store import Store
from tests.storage.academy import ASHA, BABU, CHITRA, NOW, enrol, found

STAMP = "20260301-060000"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "attache.sqlite3"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "backup.sqlite3"


async def names(url: str) -> list[str]:
    async with await Store.open(url) as store:
        found = await store.read(lambda tx: tx.all(select(schema.person.c.name).order_by(schema.person.c.name)))
    return [row.name for row in found]


async def begin(url: str, *people: tuple[int, str]) -> None:
    async with await Store.open(url) as store:
        cohort_id = await found(store)
        for number, (telegram_id, name) in enumerate(people, start=1):
            await enrol(store, cohort_id, telegram_id, name, number=number)


async def test_a_backup_beside_a_writing_service_is_sound_and_whole(url: str, copy: Path) -> None:
    async with await Store.open(url) as store:
        await enrol(store, await found(store), ASHA, "Asha")

        async def write(number: int) -> None:
            await store.change(lambda tx: tx.run(insert(schema.meta).values(key=f"{number}", value="x" * 1000)))

        with service_lock(Path(url.removeprefix("sqlite+aiosqlite:///"))):
            await asyncio.gather(backup(url, copy), *(write(number) for number in range(300)))
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in copy.parent.iterdir()) == ["backup.sqlite3", "data"]
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT name FROM person").fetchall() == [("Asha",)]


async def test_a_backup_overwrites_nothing_unasked(url: str, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    copy.write_text("precious")
    with pytest.raises(WillNotOverwrite, match=r"exists already.*--force"):
        await backup(url, copy)
    assert copy.read_text() == "precious"
    await backup(url, copy, force=True)
    assert copy.read_bytes().startswith(b"SQLite format 3")


async def test_a_backup_is_never_written_over_its_database_or_a_folder(url: str, file: Path) -> None:
    await begin(url)
    with pytest.raises(WillNotOverwrite, match="the database itself"):
        await backup(url, file, force=True)
    with pytest.raises(WillNotOverwrite, match="is a folder"):
        await backup(url, file.parent, force=True)


async def test_a_restore_brings_a_used_database_back_and_keeps_the_present_one(
    url: str, file: Path, copy: Path
) -> None:
    await begin(url, (ASHA, "Asha"), (BABU, "Babu"))
    await backup(url, copy)
    async with await Store.open(url) as store:
        cohort_id = await store.read(lambda tx: tx.value(select(schema.cohort.c.id)))
        await enrol(store, cohort_id, CHITRA, "Chitra", number=3)
    done = await restore(copy, url, stamp=STAMP)
    assert await names(url) == ["Asha", "Babu"]
    kept = file.with_name(f"attache.sqlite3.before-restore-{STAMP}")
    assert (done.kept_as, done.migrated, done.forgotten, done.forgets_all) == (kept, False, 0, True)
    assert await names(f"sqlite:///{kept}") == ["Asha", "Babu", "Chitra"]
    assert copy.exists()


async def test_whoever_was_forgotten_since_the_backup_is_forgotten_again(url: str, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"), (BABU, "Babu"))
    await backup(url, copy)
    async with await Store.open(url) as store:
        await store.change(lambda tx: forget(tx, ASHA, NOW))
    done = await restore(copy, url, stamp=STAMP)
    assert (done.forgotten, await names(url)) == (1, ["Babu"])
    # and the tombstone came along: a second restore of the same backup forgets her too
    done = await restore(copy, url, stamp=f"{STAMP}-2")
    assert (done.forgotten, await names(url)) == (1, ["Babu"])


async def test_nothing_of_a_forgotten_person_is_in_the_restored_file(url: str, file: Path, copy: Path) -> None:
    await begin(url, (ASHA, "Asha Marker-Person"), (BABU, "Babu"))
    await backup(url, copy)
    async with await Store.open(url) as store:
        await store.change(lambda tx: forget(tx, ASHA, NOW))
    await restore(copy, url, stamp=STAMP)
    assert b"Marker-Person" in copy.read_bytes()
    assert b"Marker-Person" not in file.read_bytes()
    assert not list(file.parent.glob("*.restoring*"))


async def test_whoever_came_back_before_the_backup_is_kept(url: str, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    async with await Store.open(url) as store:
        await store.change(lambda tx: forget(tx, ASHA, NOW))
        cohort_id = await store.read(lambda tx: tx.value(select(schema.cohort.c.id)))
        await enrol(store, cohort_id, ASHA, "Asha again", number=2)
    await backup(url, copy)
    await restore(copy, url, stamp=STAMP)
    assert await names(url) == ["Asha again"]


async def test_tombstones_of_both_databases_live_on(url: str, copy: Path) -> None:
    """A backup from another machine has its own salt; people forgotten on either side stay forgotten."""
    elsewhere = f"sqlite:///{copy.with_name('elsewhere.sqlite3')}"
    await begin(elsewhere, (ASHA, "Asha"), (BABU, "Babu"))
    await backup(elsewhere, copy)
    early = copy.with_name("early.sqlite3")
    await backup(elsewhere, early)
    async with await Store.open(elsewhere) as store:
        await store.change(lambda tx: forget(tx, ASHA, NOW))
    await backup(elsewhere, copy, force=True)
    await begin(url, (BABU, "Babu"))
    async with await Store.open(url) as store:
        await store.change(lambda tx: forget(tx, BABU, NOW + timedelta(days=1)))
    assert (await restore(copy, url, stamp="1")).forgotten == 1
    assert await names(url) == []
    assert (await restore(early, url, stamp="2")).forgotten == 2
    assert await names(url) == []


async def test_a_restore_onto_nothing_needs_no_present_database(url: str, copy: Path, tmp_path: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    fresh = f"sqlite:///{tmp_path / 'new' / 'attache.sqlite3'}"
    assert (await restore(copy, fresh, stamp=STAMP)).kept_as is None
    assert await names(fresh) == ["Asha"]


async def test_a_damaged_database_is_replaced_kept_and_said_to_have_no_tombstones(
    url: str, file: Path, copy: Path
) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    file.write_bytes(b"Dear diary, " * 1000)
    done = await restore(copy, url, stamp=STAMP)
    assert done.forgets_all is False
    assert done.kept_as is not None
    assert done.kept_as.read_bytes().startswith(b"Dear diary")
    assert await names(url) == ["Asha"]


async def test_a_stale_log_of_the_old_database_is_not_read_into_the_new_one(url: str, file: Path, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    async with await Store.open(url) as store:
        await enrol(store, 1, BABU, "Babu", number=2)
        log = file.with_name(f"{file.name}-wal").read_bytes()
    file.write_bytes(b"Dear diary, " * 1000)
    file.with_name(f"{file.name}-wal").write_bytes(log)
    await restore(copy, url, stamp=STAMP)
    assert await names(url) == ["Asha"]


async def test_a_running_service_refuses_the_restore(url: str, file: Path, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    with service_lock(file, "run"), pytest.raises(Locked, match=f"process {os.getpid()}"):
        await restore(copy, url, stamp=STAMP)


async def test_a_database_that_somebody_has_open_is_not_replaced(url: str, file: Path, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    async with await Store.open(url) as store:
        await store.change(lambda tx: forget(tx, ASHA, NOW))
        with pytest.raises(Locked, match="open in another process"):
            await restore(copy, url, stamp=STAMP)
    assert await names(url) == []
    assert not list(file.parent.glob("*restor*"))


async def test_a_damaged_backup_leaves_everything_as_it_was(url: str, file: Path, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    copy.write_bytes(copy.read_bytes()[:20_000])
    with pytest.raises(BrokenDatabase, match=str(copy)):
        await restore(copy, url, stamp=STAMP)
    assert await names(url) == ["Asha"]
    assert not list(file.parent.glob("*restor*"))


async def test_a_backup_with_a_damaged_page_is_found_out(url: str, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    octets = bytearray(copy.read_bytes())
    octets[8192:8292] = b"\xff" * 100
    copy.write_bytes(octets)
    with pytest.raises(BrokenDatabase, match=str(copy)):
        await restore(copy, url, stamp=STAMP)


async def test_a_backup_of_a_newer_version_is_refused(url: str, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(NewerSchema):
        await restore(copy, url, stamp=STAMP)


@pytest.mark.parametrize("content", [None, b""])
async def test_what_is_no_backup_is_refused(content: bytes | None, url: str, copy: Path) -> None:
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(StorageError, match="attache backup"):
        await restore(copy, url, stamp=STAMP)


async def test_a_restore_never_writes_over_an_earlier_kept_database(url: str, copy: Path) -> None:
    await begin(url, (ASHA, "Asha"))
    await backup(url, copy)
    await restore(copy, url, stamp=STAMP)
    with pytest.raises(WillNotOverwrite, match="before-restore"):
        await restore(copy, url, stamp=STAMP)
    assert await names(url) == ["Asha"]


async def test_postgresql_is_pointed_to_its_own_tools(copy: Path) -> None:
    with pytest.raises(BadAddress, match="pg_dump"):
        await backup("postgresql://host/name", copy)
    with pytest.raises(BadAddress, match="pg_restore"):
        await restore(copy, "postgresql://host/name", stamp=STAMP)
