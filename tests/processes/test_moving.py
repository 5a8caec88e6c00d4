"""`attache db move` as it is typed: to PostgreSQL and back, and who is in the way is named."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from storage import cohorts
from storage.backups import backup
from storage.lock import service_lock
from storage.store import Store
from tests.support.postgres import Server
from tests.support.processes import attache, environment

pytestmark = pytest.mark.slow


async def test_a_deployment_moves_to_postgresql_goes_on_there_and_comes_back(tmp_path: Path, postgres: Server) -> None:
    env = environment(tmp_path / "data")
    await attache("cohort", "create", "--name", "Gulf", env=env)
    back = f"sqlite+aiosqlite:///{tmp_path / 'back.sqlite3'}"
    async with postgres.database(migrated=False) as url:
        status, out, err = await attache("db", "move", "--to", url, env=env)
        assert status == 0, err
        assert "counts and checksums agree" in out
        assert "set ATTACHE_DATABASE_URL" in out
        assert "Comparing" in err
        there = env | {"ATTACHE_DATABASE_URL": url}
        assert (await attache("cohort", "create", "--name", "London", env=there))[0] == 0
        status, out, err = await attache("db", "move", "--to", back, "--json", env=there)
        assert status == 0, err
        assert json.loads(out)["target"] == str(tmp_path / "back.sqlite3")
    async with await Store.open(back, migrate=False) as store:
        assert {each.name for each in await store.read(cohorts.every)} == {"Gulf", "London"}


async def test_whoever_holds_the_database_is_named_by_every_verb_that_needs_it_alone(tmp_path: Path) -> None:
    file, copy = tmp_path / "attache.sqlite3", tmp_path / "copy.sqlite3"
    await (await Store.open(f"sqlite:///{file}")).close()
    await backup(f"sqlite:///{file}", copy)
    verbs = (("migrate",), ("restore", str(copy)), ("db", "move", "--to", f"sqlite:///{tmp_path / 'new'}"))
    with service_lock(file, "run"):
        for status, _, err in await asyncio.gather(*(attache(*each, env=environment(tmp_path)) for each in verbs)):
            assert status == 1
            assert f"is in use by `attache run` (process {os.getpid()}" in err
            assert "Traceback" not in err
