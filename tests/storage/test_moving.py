"""A whole database moved to another place: every row or none, and the next id after the last."""

import asyncio
import os
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # asyncpg brings no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint, Connection, Table, Text, inspect, make_url, select, text

from lessons.enrolment import CohortId
from storage import enrolments, people, schema
from storage.columns import Instant, Json, LocalDate
from storage.engine import on_connection, place_of
from storage.errors import Locked, NewerSchema, NotMoved, StorageError, Unreachable
from storage.lock import service_lock
from storage.migrations import current, head, migrate
from storage.moving import move
from storage.store import Store, Tx
from tests.storage import academy
from tests.storage.conftest import sqlite_in
from tests.storage.walk import walk
from tests.support.postgres import Server, cluster

pytestmark = pytest.mark.slow  # most moves want PostgreSQL, and every one a filled store
TEXTS = [("extension", "reason"), ("broadcast", "words"), ("posting", "place"), ("meta", "value")]
TABLES = schema.metadata.sorted_tables


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with rows in every table, to be copied."""
    return file_at(asyncio.run(filled(tmp_path_factory.mktemp("used"))))


@pytest.fixture
def source(used: Path, tmp_path: Path) -> str:
    """A used database of the test's own."""
    (tmp_path / "old").mkdir()
    url = sqlite_in(tmp_path / "old")
    shutil.copy(used, file_at(url))
    return url


@pytest.fixture
def file(source: str) -> Path:
    return file_at(source)


async def filled(folder: Path) -> str:
    url = sqlite_in(folder)
    async with await Store.open(url) as store:
        await walk(store)
        learner_id = await academy.enrol(store, await academy.found(store), academy.ASHA, "Asha", number=7_000)
        await store.change(partial(_fill_in, learner_id=learner_id))
    return url


async def _fill_in(tx: Tx, learner_id: int) -> None:
    """What the walk takes away again, or leaves to tests of its own."""
    away = {"kind": "leave", "first_on": date(2026, 3, 8), "last_on": date(2026, 3, 9), "made_at": academy.NOW}
    await tx.run(schema.leave.insert().values(learner_id=learner_id, **away))
    await tx.run(schema.replica.insert().values(owner="one", lease_until=academy.NOW))
    delivery_id = await tx.value(select(schema.delivery.c.id))
    await tx.run(schema.delivery_due.delete())
    await tx.run(schema.delivery_due.insert().values(lane=1, at=academy.NOW, delivery_id=delivery_id))
    await tx.run(schema.delivery_lease.delete())
    await tx.run(schema.delivery_lease.insert().values(delivery_id=delivery_id, owner="one", lease_until=academy.NOW))

    for table in TABLES:
        if await tx.first(select(table).limit(1)) is None:
            await tx.run(table.insert().values(await _a_row(tx, table)))


async def _a_row(tx: Tx, table: Table) -> dict[str, Any]:
    """Something in every column that must hold something; rows of other tables are there already."""
    words = {
        check.name.removeprefix(f"ck_{table.name}_"): re.findall("'([^']+)'", str(check.sqltext))[0]
        for check in table.constraints
        if isinstance(check, CheckConstraint) and isinstance(check.name, str) and "'" in str(check.sqltext)
    }
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.nullable or (column.primary_key and column.autoincrement is True):
            continue
        if column.foreign_keys:
            row[column.name] = await tx.value(select(next(iter(column.foreign_keys)).column).limit(1))
        else:
            made = {Instant: academy.NOW, LocalDate: date(2026, 3, 8), Json: {}, Text: words.get(column.name, "one")}
            row[column.name] = made.get(type(column.type), 1)
    return row


def file_at(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


def said(file: Path, statement: str, *values: object) -> None:
    """By hand, with no rule looked at."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute(statement, values)
        connection.commit()


async def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table; the engines order texts each in their way."""

    def read(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {each.name: sorted(map(tuple, connection.execute(select(each))), key=repr) for each in TABLES}

    return await on_connection(url, read)


async def tables_at(url: str) -> set[str]:
    return set(await on_connection(url, lambda connection: inspect(connection).get_table_names()))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
async def target(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without a table; a SQLite file is not there yet."""
    if request.param == "sqlite":
        yield sqlite_in(tmp_path / "new")
    else:
        server: Server = request.getfixturevalue("postgres")
        async with server.database(migrated=False) as address:
            yield address


async def is_blank(url: str) -> bool:
    """Nothing was left there: not a table, and of SQLite not a file."""
    if url.startswith("sqlite"):
        return [each.name for each in file_at(url).parent.glob("*")] in ([], ["attache.sqlite3.lock"])
    return await tables_at(url) == set()


async def test_every_table_arrives_row_by_row(source: str, target: str) -> None:
    before = await everything(source)
    assert [name for name, rows in before.items() if not rows] == []
    assert before["tombstone"]
    moved = await move(source, target)
    assert await everything(target) == before
    assert await everything(source) == before
    assert (moved.rows, moved.tables) == (sum(map(len, before.values())), len(TABLES))
    assert await current(target) == head()


@pytest.mark.slow
async def test_there_and_back_is_the_same_again(source: str, postgres: Server, tmp_path: Path) -> None:
    back = sqlite_in(tmp_path / "back")
    async with postgres.database(migrated=False) as there, postgres.database() as beside:
        await move(source, there)
        await move(there, beside)
        await move(beside, back)
    assert await everything(back) == await everything(source)
    assert file_at(back).stat().st_mode & 0o777 == 0o600


async def test_service_goes_on_with_ids_after_the_last(source: str, target: str) -> None:
    await move(source, target)
    before = await everything(target)
    last = {each.name: max(row[0] for row in before[each.name]) for each in TABLES if "id" in each.c}
    async with await Store.open(target) as store:
        ids = await store.change(_arrive)
        await academy.enrol(store, 1, academy.BABU, "Babu", number=8_000)
    after = await everything(target)
    assert ids[0] > last["learner"]
    assert ids[1] > last["enrolment"]
    for name in ("learner", "posting", "asking", "attempt", "delivery"):
        assert len(after[name]) > len(before[name])


async def _arrive(tx: Tx) -> tuple[int, int]:
    learner_id = await people.welcome(tx, telegram_id=555, name="Chitra", language="en", consent="1", now=academy.NOW)
    enrolled, _ = await enrolments.enrol(tx, learner_id, CohortId(1), first_on=date(2026, 3, 1), now=academy.NOW)
    return learner_id, enrolled


@pytest.mark.slow
async def test_every_counter_of_postgresql_stands_at_its_largest_id(source: str, postgres: Server) -> None:
    async with postgres.database(migrated=False) as there:
        await move(source, there)

        def counters(connection: Connection) -> dict[str, int | None]:
            asked = text("SELECT nextval(CAST(pg_get_serial_sequence(:of, 'id') AS regclass))")
            return {e.name: connection.execute(asked, {"of": e.name}).scalar() for e in TABLES if "id" in e.c}

        largest = {name: max(row[0] for row in rows) for name, rows in (await everything(there)).items() if rows}
        for name, counter in (await on_connection(there, counters)).items():
            assert counter == largest[name] + 1, name


async def refused(url: str, to: str, kind: type[StorageError], words: str) -> str:
    """In one line, which is returned."""
    with pytest.raises(kind, match=words) as caught:
        await move(url, to)
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_a_target_with_a_row_is_refused(source: str, target: str) -> None:
    async with await Store.open(target) as store:
        await store.change(lambda tx: tx.run(schema.meta.insert().values(key="one", value="row")))
    await refused(source, target, NotMoved, rf"{re.escape(place_of(target))} is not empty .*rows in meta.*name an")
    assert (await everything(target))["meta"] == [("one", "row")]


async def test_an_empty_target_that_was_migrated_is_taken(source: str, target: str) -> None:
    await migrate(target)
    await move(source, target)
    assert await everything(target) == await everything(source)


@pytest.mark.parametrize("migrated", [False, True])
async def test_a_target_with_somebody_elses_table_is_refused(source: str, target: str, migrated: bool) -> None:
    if migrated:
        await migrate(target)
    elif target.startswith("sqlite"):
        file_at(target).parent.mkdir()
    await on_connection(target, lambda c: c.execute(text("CREATE TABLE recipes (name TEXT)")), migrating=True)
    await refused(source, target, NotMoved, r"has a table recipes that is not Attaché's: name an empty database")


async def test_a_target_of_a_newer_version_is_refused(source: str, target: str) -> None:
    await migrate(target)
    await newer(target)
    await refused(source, target, NewerSchema, "9999")


async def newer(url: str) -> None:
    statement = text("UPDATE alembic_version SET version_num = '9999'")
    await on_connection(url, lambda connection: connection.execute(statement), migrating=True)


async def test_a_source_of_a_newer_version_is_refused(source: str, target: str) -> None:
    await newer(source)
    await refused(source, target, NewerSchema, "9999")
    assert await is_blank(target)


async def test_a_source_that_is_not_there_is_refused_and_not_made(tmp_path: Path, target: str) -> None:
    missing = tmp_path / "nowhere" / "attache.sqlite3"
    await refused(f"sqlite:///{missing}", target, NotMoved, rf"{missing} is not there: ATTACHE_DATABASE_URL")
    assert not missing.parent.exists()


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
async def test_a_source_without_a_table_is_refused(blank_url: str, target: str) -> None:
    if blank_url.startswith("sqlite"):
        file_at(blank_url).touch()
    await refused(blank_url, target, NotMoved, "holds no Attaché database")
    assert await is_blank(target)


async def test_the_source_itself_is_refused(source: str, file: Path, tmp_path: Path) -> None:
    (tmp_path / "other-name").symlink_to(file)
    for name in (source, f"sqlite:///{tmp_path / 'other-name'}"):
        await refused(source, name, NotMoved, "is the database that is to move: name another one after --to")


@pytest.mark.slow
async def test_the_source_itself_is_refused_by_any_address(postgres: Server) -> None:
    async with postgres.database() as url:
        address = make_url(url)
        role = f"other_{address.database}"
        await postgres.says(f"CREATE ROLE {role} LOGIN SUPERUSER")
        other = address.set(username=role).render_as_string(hide_password=False)
        for name in (url, other):
            await refused(url, name, NotMoved, "is the database that is to move")
        await postgres.says(f"DROP ROLE {role}")


async def test_a_service_that_runs_on_the_source_is_named(source: str, file: Path, target: str) -> None:
    with service_lock(file, "run"):
        await refused(source, target, Locked, rf"{file} is in use by `attache run` .process {os.getpid()}.*stop that")
    assert await is_blank(target)


async def test_a_service_that_runs_on_a_target_file_is_named(source: str, tmp_path: Path) -> None:
    target = sqlite_in(tmp_path)
    with service_lock(file_at(target), "demo"):
        await refused(source, target, Locked, "`attache demo`")


@pytest.mark.slow
async def test_a_service_that_runs_on_postgresql_is_seen(source: str, postgres: Server, tmp_path: Path) -> None:
    async with postgres.database() as there:
        async with await Store.open(there) as store:
            await store.read(lambda tx: tx.all(select(schema.meta)))
            await refused(source, there, Locked, r"is in use by Attaché .1 open connection.: stop `attache run` on ev")
            await refused(there, sqlite_in(tmp_path), Locked, "is in use by Attaché")
        await move(source, there)


LATE = "INSERT INTO meta VALUES ('late', '')"


async def late(url: str) -> None:
    """Write there as somebody else, with little patience."""
    other = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        await other.execute("SET lock_timeout = '100ms'")
        await other.execute(LATE)
    finally:
        await other.close()


@pytest.mark.slow
async def test_nobody_writes_to_either_side_while_it_moves(
    source: str, file: Path, postgres: Server, tmp_path: Path
) -> None:
    held_back: list[str] = []

    async def knocked(url: str) -> None:
        with pytest.raises(asyncpg.LockNotAvailableError):
            await late(url)
        held_back.append(url)

    async with postgres.database() as there, postgres.database() as beside:

        def knock(what: str, _done: int, _of: int) -> None:
            if what != "Comparing meta":
                return
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, knocked(there)).result()
            if not held_back[1:]:  # the file moves first
                with (
                    pytest.raises(sqlite3.OperationalError, match="locked"),
                    closing(sqlite3.connect(file, 0)) as other,
                ):
                    other.execute(LATE)

        await move(source, there, report=knock)
        await move(there, beside, report=knock)
        assert set(held_back) == {there}
        assert len(held_back) >= 2
        await late(there)
        assert await everything(beside) == await everything(source)


async def test_a_server_that_is_not_there_is_refused(source: str, tmp_path: Path) -> None:
    told = await refused(source, f"postgresql://u:secret@/x?host={tmp_path}", Unreachable, "does not answer")
    assert "secret" not in told


@pytest.mark.slow
async def test_a_target_that_somebody_else_keeps_busy_is_refused(source: str, postgres: Server) -> None:
    async with postgres.database() as there:
        other = await asyncpg.connect(make_url(there).set(drivername="postgresql").render_as_string(False))
        async with other.transaction():
            await other.execute("LOCK TABLE meta")
            await refused(source, there, Locked, "was kept busy by another process for 3 seconds: try again")
        await other.close()
        await move(source, there)


@pytest.mark.slow
@pytest.mark.parametrize("migrated", [False, True])
async def test_a_row_that_breaks_a_rule_is_named_and_leaves_the_target_empty(
    migrated: bool, source: str, file: Path, postgres: Server
) -> None:
    said(file, "UPDATE attempt SET asking_id = 4000 WHERE id = 1")
    async with postgres.database(migrated=migrated) as there:
        await refused(source, there, NotMoved, r"Row id 1 of attempt is refused by .*fk_attempt_asking_id.*mend it")
        if migrated:
            assert not any((await everything(there)).values())
        else:
            assert await is_blank(there)
        said(file, "UPDATE attempt SET asking_id = 1 WHERE id = 1")
        await move(source, there)
        assert await everything(there) == await everything(source)


@pytest.mark.parametrize("target", ["sqlite"], indirect=True)
async def test_a_row_that_points_nowhere_does_not_come_into_a_file(source: str, file: Path, target: str) -> None:
    said(file, "UPDATE attempt SET asking_id = 4000 WHERE id = 1")
    await refused(source, target, NotMoved, "Row 1 of attempt points at no row of asking")
    assert await is_blank(target)


@pytest.mark.slow
async def test_a_number_too_large_is_named_without_its_value(source: str, file: Path, postgres: Server) -> None:
    said(file, "UPDATE cohort SET pace = 5000000000 WHERE id = 1")
    async with postgres.database(migrated=False) as there:
        told = await refused(source, there, NotMoved, r"Row id 1 of cohort is refused by .*int32")
        assert "5000000000" not in told
        assert await is_blank(there)


async def test_a_row_that_cannot_be_read_is_named(source: str, file: Path, target: str) -> None:
    said(file, "UPDATE cohort SET start_on = 'soon' WHERE id = 2")
    await refused(source, target, NotMoved, "Row id 2 of cohort cannot be read: mend it")
    assert await is_blank(target)


async def test_a_value_that_would_change_on_the_way_is_found_by_its_checksum(
    source: str, file: Path, target: str
) -> None:
    said(file, "UPDATE cohort SET slot = '08:30:15' WHERE id = 1")
    await refused(source, target, NotMoved, "cohort would not be the same at .*checksums differ.*nothing was moved")
    assert await is_blank(target)


@pytest.mark.parametrize("at", ["Copying asking", "Comparing meta"])
async def test_a_move_that_is_broken_off_leaves_nothing_and_can_be_made_again(
    at: str, source: str, target: str
) -> None:
    def give_up(what: str, done: int, _of: int) -> None:
        if what == at and done:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(move(source, target, report=give_up))
    assert await is_blank(target)
    await move(source, target)
    assert await everything(target) == await everything(source)


@pytest.mark.slow
async def test_a_server_that_dies_half_way_has_nothing_afterwards(source: str) -> None:
    with cluster() as ours:
        url = ours.server.url()
        for at in ("Copying asking", "Comparing meta"):

            def pull(what: str, done: int, _of: int, at: str = at) -> None:
                if what == at and done:
                    ours.stop()

            with pytest.raises(Unreachable, match="does not answer"):
                await move(source, url, report=pull)
            ours.start()
            assert await tables_at(url) == set()
        await move(source, url)
        assert await everything(url) == await everything(source)


@pytest.mark.slow
async def test_any_text_arrives_or_is_refused_by_name(source: str, file: Path, postgres: Server) -> None:
    """PostgreSQL keeps no NUL character in a text."""
    loop = asyncio.get_running_loop()
    before = await everything(source)

    async def one(there: str, words: str, row: str, column: str) -> None:
        if "\0" not in words:
            await move(source, there)
            assert await everything(there) == await everything(source)
            await on_connection(there, lambda c: c.execute(text(f"TRUNCATE {', '.join(before)}")))
            return
        with pytest.raises(NotMoved, match=rf"Row {row} is refused by .*its {column} holds a NUL") as caught:
            await move(source, there)
        assert "\n" not in str(caught.value)
        assert not any((await everything(there)).values())

    @settings(max_examples=15)
    @given(words=st.text(st.sampled_from("\0a'\\ü কে\U0001f600\x7f\n")), where=st.sampled_from(TEXTS))
    def holds(there: str, words: str, where: tuple[str, str]) -> None:
        table, column = where
        key = "key" if table == "meta" else "id"
        with closing(sqlite3.connect(file)) as connection:
            row, old = connection.execute(f"SELECT {key}, {column} FROM {table} LIMIT 1").fetchone()
        change = f"UPDATE {table} SET {column} = ? WHERE {key} = ?"
        said(file, change, words, row)
        asyncio.run_coroutine_threadsafe(one(there, words, f"{key} {row} of {table}", column), loop).result()
        said(file, change, old, row)

    async with postgres.database() as there:
        await asyncio.to_thread(holds, there)
    assert await everything(source) == before
