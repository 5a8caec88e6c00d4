"""The history of the schema: it leads to schema.py, on every way up, and strange databases are refused."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from storage.engine import on_connection, place_of
from storage.errors import BrokenDatabase, NewerSchema
from storage.migrations import config, current, head, known, migrate
from storage.schema import metadata
from storage.store import Store
from tests.support.postgres import Server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "attache.sqlite3"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def tables(file: Path) -> dict[str, list[str]]:
    """The lines of every table and index; constraints may stand in any order."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(line.strip(" \t,") for line in sql.splitlines()) for name, sql in rows}


def catalogue(connection: Connection) -> list[str]:
    """Columns, constraints and indexes as PostgreSQL tells them; of one constraint, the words in any order."""
    told = text("""
        SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    """)
    return sorted(line for (line,) in connection.execute(told) if "alembic_version" not in line)


async def said(url: str, statement: str) -> None:
    await on_connection(url, lambda connection: connection.execute(text(statement)), migrating=True)


async def test_the_history_leads_to_the_schema(blank_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    await migrate(blank_url)
    assert await on_connection(blank_url, differences) == []


@pytest.mark.slow
async def test_the_history_writes_the_very_constraints_of_the_schema(postgres: Server) -> None:
    """The same for PostgreSQL, in the words of its catalogue."""
    async with postgres.database(migrated=False) as migrated, postgres.database(migrated=False) as direct:
        await migrate(migrated)
        await on_connection(direct, metadata.create_all)
        assert await on_connection(migrated, catalogue) == await on_connection(direct, catalogue)


async def test_the_history_writes_the_very_tables_of_the_schema(url: str, file: Path, tmp_path: Path) -> None:
    """Autogenerate is blind to CHECK and STRICT; the words of the tables are not."""
    await migrate(url)
    engine = create_engine(f"sqlite:///{tmp_path / 'direct.sqlite3'}")
    metadata.create_all(engine)
    engine.dispose()
    migrated = tables(file)
    del migrated["alembic_version"]
    assert migrated == tables(tmp_path / "direct.sqlite3")


async def test_every_table_is_strict(url: str, file: Path) -> None:
    await migrate(url)
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict")
        loose = {name for (name,) in rows}
    assert loose == {"alembic_version", "sqlite_schema", "sqlite_sequence", "sqlite_temp_schema"} & loose


def test_there_is_one_head_and_the_names_of_the_files_tell_what_alembic_reads_in_them() -> None:
    scripts = ScriptDirectory.from_config(config())
    assert scripts.get_heads() == [head()]
    assert {script.revision for script in scripts.walk_revisions()} == known()


async def test_what_alembic_wrote_down_is_read_without_it(blank_url: str) -> None:
    def as_alembic_reads_it(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    assert await current(blank_url) == await on_connection(blank_url, as_alembic_reads_it) is None
    await migrate(blank_url)
    assert await current(blank_url) == await on_connection(blank_url, as_alembic_reads_it) == head()


@pytest.mark.parametrize("start", sorted(known()))
async def test_every_revision_comes_up_to_head(start: str, blank_url: str) -> None:
    await migrate(blank_url, to=start)
    assert await current(blank_url) == start
    await migrate(blank_url)
    assert await current(blank_url) == head()


async def test_migrating_twice_does_nothing(blank_url: str) -> None:
    assert await migrate(blank_url) is True
    assert await migrate(blank_url) is False


async def test_replicas_that_start_together_migrate_once(blank_url: str) -> None:
    assert sorted(await asyncio.gather(migrate(blank_url), migrate(blank_url))) == [False, True]


async def test_a_database_that_is_not_there_has_no_revision_and_is_not_made_by_looking(url: str, file: Path) -> None:
    assert await current(url) is None
    assert not file.exists()


async def test_a_newer_database_is_refused_and_left_alone(blank_url: str) -> None:
    await migrate(blank_url)
    await said(blank_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema, match=rf"{re.escape(place_of(blank_url))}.*newer Attaché.*9999.*attache restore"):
        await Store.open(blank_url)


def not_a_database(file: Path) -> None:
    file.write_bytes(b"Dear diary, " * 1000)


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


def overwritten(file: Path) -> None:
    damaged = bytearray(file.read_bytes())
    damaged[100:3000] = b"\xff" * 2900
    file.write_bytes(damaged)


@pytest.mark.parametrize("damage", [not_a_database, truncated, overwritten])
async def test_a_damaged_file_is_refused_in_one_sentence(damage: object, url: str, file: Path) -> None:
    await migrate(url)
    damage(file)  # type: ignore[operator]  # one of the three functions above
    before = file.read_bytes()
    with pytest.raises(BrokenDatabase, match=rf"{file} is damaged.*attache restore"):
        await Store.open(url)
    assert file.read_bytes() == before


async def test_somebody_elses_database_is_refused(blank_url: str) -> None:
    await said(blank_url, "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(BrokenDatabase, match=r"not Attaché's .it has a table recipes"):
        await Store.open(blank_url)
