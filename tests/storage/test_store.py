"""The seam for change on a real SQLite file: group commit, failures, cancellation, snapshots, kill -9."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from storage.errors import Closed, Locked, OlderSchema, StorageError, Unreachable
from storage.schema import cohort, learner, meta
from storage.store import Store, Tx, Work


def url_in(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'attache.sqlite3'}"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(url_in(tmp_path)) as opened:
        yield opened


def note(key: str, value: str = "") -> Work[str]:
    async def write(tx: Tx) -> str:
        await tx.run(insert(meta).values(key=key, value=value))
        return key

    return write


async def keys(tx: Tx) -> set[str]:
    return {row.key for row in await tx.all(select(meta.c.key))}


async def test_a_change_answers_and_is_there(store: Store) -> None:
    assert await store.change(note("asha")) == "asha"
    assert await store.read(keys) == {"asha"}


async def test_64_changes_at_once_land_in_few_commits(store: Store) -> None:
    answers = await asyncio.gather(*(store.change(note(f"{n:02}")) for n in range(64)))
    assert answers == [f"{n:02}" for n in range(64)]
    assert store.commits <= 3
    assert len(await store.read(keys)) == 64


async def test_nobody_is_answered_before_the_commit(store: Store, tmp_path: Path) -> None:
    seen: list[int] = []

    async def asha() -> None:
        await store.change(note("asha"))
        with closing(sqlite3.connect(tmp_path / "attache.sqlite3")) as other:
            seen.append(other.execute("SELECT count(*) FROM meta").fetchone()[0])

    await asyncio.gather(asha(), *(store.change(note(f"other {n}")) for n in range(20)))
    assert seen[0] >= 21


async def test_a_failing_change_is_undone_alone_and_told_its_own_error(store: Store) -> None:
    async def babu(tx: Tx) -> None:
        await note("babu")(tx)
        raise LookupError("babu's own")

    answers = await asyncio.gather(
        store.change(note("asha")),
        store.change(babu),
        store.change(note("asha")),
        store.change(note("chitra")),
        return_exceptions=True,
    )
    assert answers[0] == "asha"
    assert isinstance(answers[1], LookupError)
    assert isinstance(answers[2], IntegrityError)
    assert answers[3] == "chitra"
    assert await store.read(keys) == {"asha", "chitra"}


async def test_when_the_commit_fails_everybody_in_the_group_hears_it(store: Store) -> None:
    async def deferred(tx: Tx) -> None:
        from sqlalchemy import text

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


async def test_a_cancelled_caller_breaks_nobodys_change(store: Store) -> None:
    waiting = [asyncio.create_task(store.change(note(f"{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    for task in waiting[::2]:
        task.cancel()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
    assert answers[1::2] == [f"{n}" for n in range(1, 20, 2)]
    assert {f"{n}" for n in range(1, 20, 2)} <= await store.read(keys)


async def test_a_change_that_raises_cancelled_error_stops_nobody(store: Store) -> None:
    async def odd(tx: Tx) -> None:
        raise asyncio.CancelledError

    odd_one, other = await asyncio.gather(store.change(odd), store.change(note("asha")), return_exceptions=True)
    assert isinstance(odd_one, asyncio.CancelledError)
    assert other == "asha"


async def test_a_change_that_waits_for_anything_but_its_tx_is_refused_and_undone(store: Store) -> None:
    async def chatty(tx: Tx) -> None:
        await note("babu")(tx)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but its Tx"):
        await store.change(chatty)
    assert await store.read(keys) == set()


async def test_a_reader_sees_one_snapshot_of_what_is_committed(store: Store, tmp_path: Path) -> None:
    async def twice(tx: Tx) -> tuple[set[str], set[str]]:
        before = await keys(tx)
        with closing(sqlite3.connect(tmp_path / "attache.sqlite3")) as other:
            other.execute("INSERT INTO meta VALUES ('meanwhile', '')")
            other.commit()
        return before, await keys(tx)

    await store.change(note("asha"))
    assert await store.read(twice) == ({"asha"}, {"asha"})
    assert await store.read(keys) == {"asha", "meanwhile"}


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StorageError):
        await store.read(note("asha"))


async def test_close_finishes_what_waits_and_then_takes_nothing_more(tmp_path: Path) -> None:
    store = await Store.open(url_in(tmp_path))
    waiting = [asyncio.create_task(store.change(note(f"{n}"))) for n in range(300)]
    await asyncio.sleep(0)
    await store.close()
    await store.close()
    assert len(await asyncio.gather(*waiting)) == 300
    with pytest.raises(Closed):
        await store.change(note("late"))
    with pytest.raises(Closed):
        await store.read(keys)


async def test_closing_leaves_one_file(tmp_path: Path) -> None:
    async with await Store.open(url_in(tmp_path)) as store:
        await store.change(note("asha"))
        await store.read(keys)
    assert [path.name for path in tmp_path.iterdir()] == ["attache.sqlite3"]


async def test_insert_answers_with_the_new_key_and_run_with_the_rows_touched(store: Store) -> None:
    async def two(tx: Tx) -> tuple[Any, int, int, str]:
        first: Any = await tx.insert(insert(meta).values(key="k", value="v"))
        rows = [{"key": f"{n}", "value": ""} for n in range(3)]
        return first, await tx.run(insert(meta), rows), await tx.run(insert(meta), []), tx.dialect

    assert await store.change(two) == ("k", 3, 0, "sqlite")


async def test_first_and_value_are_none_where_there_is_nothing(store: Store) -> None:
    async def look(tx: Tx) -> tuple[Any, Any]:
        return await tx.first(select(learner)), await tx.value(select(cohort.c.name))

    assert await store.read(look) == (None, None)


@pytest.mark.slow
async def test_a_writer_outside_for_too_long_is_told_as_busy(tmp_path: Path) -> None:
    async with await Store.open(url_in(tmp_path)) as store:
        await store.change(note("asha"))
        with closing(sqlite3.connect(tmp_path / "attache.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Locked, match=r"attache.sqlite3 was kept busy"):
                await store.change(note("babu"))
        assert await store.change(note("chitra")) == "chitra"


async def test_a_database_that_must_be_migrated_is_refused_where_migration_is_off(tmp_path: Path) -> None:
    with pytest.raises(OlderSchema, match="attache migrate"):
        await Store.open(url_in(tmp_path), migrate=False)


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable, match="cannot be created"):
        await Store.open(url_in(tmp_path / "file"))


async def test_two_stores_on_one_file_take_turns(tmp_path: Path) -> None:
    async with await Store.open(url_in(tmp_path)) as one, await Store.open(url_in(tmp_path)) as two:
        both = [(one, two)[n % 2].change(note(f"{n}")) for n in range(40)]
        await asyncio.gather(*both)
        assert await two.read(lambda tx: tx.value(select(func.count()).select_from(meta))) == 40


CHILD = """
import asyncio, sys
from sqlalchemy import insert
from storage.schema import meta
from storage.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    async def one(n):
        for turn in range(100000):
            key = f"{n}-{turn}"
            await store.change(lambda tx: tx.run(insert(meta).values(key=key, value="")))
            print(key, flush=True)
    await asyncio.gather(*(one(n) for n in range(8)))

asyncio.run(main())
"""


@pytest.mark.slow
def test_kill_9_loses_no_acknowledged_change(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, url_in(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as child:
        assert child.stdout is not None
        heard = [child.stdout.readline() for _ in range(400)]
        child.send_signal(signal.SIGKILL)
        heard += child.stdout.read().split(b"\n")[:-1]
    acknowledged = {line.decode().strip() for line in heard}
    with closing(sqlite3.connect(tmp_path / "attache.sqlite3")) as after:
        kept = {key for (key,) in after.execute("SELECT key FROM meta")}
        assert after.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(acknowledged) >= 400
    assert acknowledged <= kept
