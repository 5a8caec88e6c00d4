"""Every statement of the aggregates does the same on both engines."""

from pathlib import Path
from typing import Any

import pytest

from storage.store import Store
from tests.storage.conftest import sqlite_in
from tests.storage.tape import statements
from tests.storage.walk import walk
from tests.support.postgres import Server


async def told_in(url: str) -> list[tuple[str, Any]]:
    async with await Store.open(url) as store:
        return await walk(store)


async def test_the_walk_calls_every_statement(tmp_path: Path) -> None:
    called = {name for name, _ in await told_in(sqlite_in(tmp_path))}
    assert statements() - called == set()


@pytest.mark.slow
async def test_both_engines_answer_alike(tmp_path: Path, postgres: Server) -> None:
    here = await told_in(sqlite_in(tmp_path))
    async with postgres.database() as url:
        there = await told_in(url)
    differences = [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]]
    assert differences == []
