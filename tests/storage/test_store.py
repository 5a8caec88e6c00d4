"""The seam for change on both engines: failures, cancellation, snapshots, kill -9."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from storage import meta as metas
from storage.engine import file_of
from storage.errors import Closed, OlderSchema, StorageError
from storage.schema import cohort, learner, meta
from storage.store import Store, Tx
from tests.storage.elsewhere import elsewhere
from tests.storage.notes import keys, note


async def test_a_change_answers_and_is_there(store: Store) -> None:
    assert await store.change(note("asha")) == "asha"
    assert await store.read(keys) == {"asha"}


async def test_nobody_is_answered_before_the_commit(store: Store, url: str) -> None:
    seen: list[set[str]] = []

    async def asha() -> None:
        await store.change(note("asha"))
        seen.append(elsewhere(url, keys))

    await asyncio.gather(asha(), *(store.change(note(f"other {n}")) for n in range(20)))
    assert "asha" in seen[0]


async def test_a_failing_change_is_undone_alone_and_told_its_own_error(store: Store) -> None:
    async def babu(tx: Tx) -> None:
        await note("babu")(tx)
        raise LookupError("babu's own")

    await store.change(note("there"))
    answers = await asyncio.gather(
        store.change(note("asha")),
        store.change(babu),
        store.change(note("there")),
        store.change(note("chitra")),
        return_exceptions=True,
    )
    assert answers[0] == "asha"
    assert isinstance(answers[1], LookupError)
    assert isinstance(answers[2], IntegrityError)
    assert answers[3] == "chitra"
    assert await store.read(keys) == {"there", "asha", "chitra"}


async def test_what_reads_decides_and_writes_never_overwrites_another(store: Store) -> None:
    """A hundred and fifty at once on one row: each sees what the one before it wrote, and none gives up."""

    async def count(tx: Tx) -> int:
        before = int(await metas.get(tx, "n") or 0)
        await metas.put(tx, "n", str(before + 1))
        return before

    assert sorted(await asyncio.gather(*(store.change(count) for _ in range(150)))) == [*range(150)]


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


async def test_a_reader_sees_one_snapshot_of_what_is_committed(store: Store, url: str) -> None:
    async def twice(tx: Tx) -> tuple[set[str], set[str]]:
        before = await keys(tx)
        elsewhere(url, note("meanwhile"))
        return before, await keys(tx)

    await store.change(note("asha"))
    assert await store.read(twice) == ({"asha"}, {"asha"})
    assert await store.read(keys) == {"asha", "meanwhile"}


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StorageError):
        await store.read(note("asha"))


async def test_close_finishes_what_waits_and_then_takes_nothing_more(url: str) -> None:
    store = await Store.open(url)
    waiting = [asyncio.create_task(store.change(note(f"{n}"))) for n in range(300)]
    await asyncio.sleep(0)
    await store.close()
    assert len(elsewhere(url, keys)) == 300
    await store.close()
    assert len(await asyncio.gather(*waiting)) == 300
    with pytest.raises(Closed):
        await store.change(note("late"))
    with pytest.raises(Closed):
        await store.read(keys)


async def test_insert_answers_with_the_new_key_and_run_with_the_rows_touched(store: Store) -> None:
    async def two(tx: Tx) -> tuple[Any, int, int, str]:
        first: Any = await tx.insert(insert(meta).values(key="k", value="v"))
        rows = [{"key": f"{n}", "value": ""} for n in range(3)]
        return first, await tx.run(insert(meta), rows), await tx.run(insert(meta), []), tx.dialect

    *answers, dialect = await store.change(two)
    assert answers == ["k", 3, 0]
    assert dialect in ("sqlite", "postgresql")


async def test_first_and_value_are_none_where_there_is_nothing(store: Store) -> None:
    async def look(tx: Tx) -> tuple[Any, Any]:
        return await tx.first(select(learner)), await tx.value(select(cohort.c.name))

    assert await store.read(look) == (None, None)


async def test_a_database_that_must_be_migrated_is_refused_where_migration_is_off(blank_url: str) -> None:
    with pytest.raises(OlderSchema, match="attache migrate"):
        await Store.open(blank_url, migrate=False)


async def test_two_stores_on_one_database_take_turns(url: str) -> None:
    async with await Store.open(url) as one, await Store.open(url) as two:
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
async def test_kill_9_loses_no_acknowledged_change(url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, url],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as child:
        assert child.stdout is not None
        heard = [child.stdout.readline() for _ in range(400)]
        child.send_signal(signal.SIGKILL)
        heard += child.stdout.read().split(b"\n")[:-1]
    acknowledged = {line.decode().strip() for line in heard}
    if (file := file_of(url)) is not None:
        with closing(sqlite3.connect(file)) as after:
            assert after.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept = elsewhere(url, keys)
    assert len(acknowledged) >= 400
    assert acknowledged <= kept
