"""What only SQLite promises: group commit, one file, turns with a writer outside."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.errors import Locked, Unreachable
from storage.store import Store, Tx
from tests.storage.conftest import sqlite_in
from tests.storage.notes import keys, note


async def test_64_changes_at_once_land_in_few_commits(sqlite_store: Store) -> None:
    store = sqlite_store
    answers = await asyncio.gather(*(store.change(note(f"{n:02}")) for n in range(64)))
    assert answers == [f"{n:02}" for n in range(64)]
    assert store.commits <= 3
    assert len(await store.read(keys)) == 64


async def test_a_group_is_answered_after_the_commit_of_all(sqlite_store: Store, tmp_path: Path) -> None:
    seen: list[int] = []

    async def asha() -> None:
        await sqlite_store.change(note("asha"))
        with closing(sqlite3.connect(tmp_path / "attache.sqlite3")) as other:
            seen.append(other.execute("SELECT count(*) FROM meta").fetchone()[0])

    await asyncio.gather(asha(), *(sqlite_store.change(note(f"other {n}")) for n in range(20)))
    assert seen[0] >= 21


async def test_when_the_commit_fails_everybody_in_the_group_hears_it(sqlite_store: Store) -> None:
    store = sqlite_store

    async def deferred(tx: Tx) -> None:
        await tx.run(text("PRAGMA defer_foreign_keys=ON"))
        await tx.run(text("INSERT INTO person (learner_id, telegram_id, name) VALUES (99, 1, 'Nobody')"))

    answers = await asyncio.gather(
        store.change(note("asha")),
        store.change(deferred),
        store.change(note("chitra")),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [IntegrityError] * 3
    assert await store.read(keys) == set()
    assert await store.change(note("later")) == "later"


async def test_closing_leaves_one_file(tmp_path: Path) -> None:
    async with await Store.open(sqlite_in(tmp_path)) as store:
        await store.change(note("asha"))
        await store.read(keys)
    assert [path.name for path in tmp_path.iterdir()] == ["attache.sqlite3"]


@pytest.mark.slow
async def test_a_writer_outside_for_too_long_is_told_as_busy(tmp_path: Path) -> None:
    async with await Store.open(sqlite_in(tmp_path)) as store:
        await store.change(note("asha"))
        with closing(sqlite3.connect(tmp_path / "attache.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Locked, match=r"attache.sqlite3 was kept busy"):
                await store.change(note("babu"))
        assert await store.change(note("chitra")) == "chitra"


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable, match="cannot be created"):
        await Store.open(sqlite_in(tmp_path / "file"))
