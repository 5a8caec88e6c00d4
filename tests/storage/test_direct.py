"""The short way to SQLite answers as SQLAlchemy's own does, and fails as it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, event, select, text, update
from sqlalchemy.exc import IntegrityError

from storage import schema
from storage.store import Store, Tx
from tests.storage.conftest import sqlite_in
from tests.storage.walk import walk

META = schema.meta
SOME = select(META.c.key, META.c.value).where(META.c.key.in_(bindparam("keys", expanding=True))).order_by(META.c.key)
SET = update(META).where(META.c.key == bindparam("which")).values(value=bindparam("what"))
ADD = text("INSERT INTO meta(key, value) VALUES (:key, :value)")
LOOK = schema.enrolment.update().where(schema.enrolment.c.id == bindparam("which")).values(look_at=bindparam("at"))


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Somebody listens to SQLAlchemy, so that its own way is taken."""
    heard: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def told_in(folder: Path) -> list[tuple[str, Any]]:
    async with await Store.open(sqlite_in(folder)) as store:
        return await walk(store)


async def test_a_whole_course_of_life_reads_the_same_either_way(tmp_path: Path) -> None:
    with overheard() as heard:
        by_sqlalchemy = await told_in(tmp_path / "one")
    assert len(heard) > 100
    assert await told_in(tmp_path / "two") == by_sqlalchemy


async def fill(store: Store, n: int) -> None:
    rows = [{"key": f"k{each}", "value": str(each)} for each in range(n)]
    assert await store.change(lambda tx: tx.run(ADD, rows)) == n


@pytest.mark.parametrize("keys", [["k1"], ["k1", "k3", "k9"], [], [f"k{n}" for n in range(2_000)]])
async def test_a_list_of_any_length_is_spelled_out(sqlite_store: Store, keys: list[str]) -> None:
    await fill(sqlite_store, 5)
    found = await sqlite_store.read(lambda tx: tx.all(SOME, keys=keys))
    assert [(row.key, row.value) for row in found] == [(f"k{n}", str(n)) for n in range(5) if f"k{n}" in keys]


async def test_how_many_rows_were_touched_is_counted(sqlite_store: Store) -> None:
    await fill(sqlite_store, 2)
    assert await sqlite_store.change(lambda tx: tx.run(SET, which="k1", what="x")) == 1
    assert await sqlite_store.change(lambda tx: tx.run(SET, which="k7", what="x")) == 0


async def test_what_the_database_refuses_is_the_error_that_sqlalchemy_raises(sqlite_store: Store) -> None:
    await fill(sqlite_store, 1)
    with pytest.raises(IntegrityError) as refused:
        await sqlite_store.change(lambda tx: tx.run(ADD, key="k0", value="Asha Rahman"))
    assert "Asha" not in str(refused.value), "an error is logged: nobody's words may stand in it"


async def test_a_failure_undoes_its_own_change_and_no_other(sqlite_store: Store) -> None:
    async def half(tx: Tx) -> None:
        await tx.run(ADD, key="half", value="1")
        await tx.run(ADD, key="half", value="2")

    with pytest.raises(IntegrityError):
        await sqlite_store.change(half)
    await fill(sqlite_store, 1)
    assert len(await sqlite_store.read(lambda tx: tx.all(SOME, keys=["half", "k0"]))) == 1


async def test_a_read_sees_one_snapshot_however_it_asks(sqlite_store: Store) -> None:
    """The first statement begins the transaction, the direct ones too."""
    await fill(sqlite_store, 1)

    async def look(tx: Tx) -> tuple[bool, int]:
        found = len(await tx.all(SOME, keys=["k0"]))
        return tx._connection.in_transaction(), found

    assert await sqlite_store.read(look) == (True, 1)


async def test_an_instant_without_a_zone_is_refused_either_way(sqlite_store: Store) -> None:
    from datetime import datetime

    naive = datetime(2026, 3, 1, 6)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="zone"):
        await sqlite_store.change(lambda tx: tx.run(LOOK, which=1, at=naive))
