"""On PostgreSQL short changes that follow one another without a pause must not keep a long one from ever committing."""

import asyncio
from itertools import count

import pytest
from sqlalchemy import func, select

from storage import meta
from storage.schema import meta as table
from storage.store import Store, Tx
from tests.support.postgres import Server

pytestmark = pytest.mark.slow
EVERY = select(func.count()).select_from(table)


async def _short(store: Store, name: str) -> None:
    for n in count():

        async def change(tx: Tx, n: int = n) -> None:
            await tx.value(EVERY)
            await meta.put(tx, name, str(n))

        await store.change(change)


async def _long(tx: Tx) -> None:
    for _ in range(30):
        await tx.value(EVERY)
    await meta.put(tx, "long", "done")


async def test_a_long_change_commits_among_short_ones_that_never_cease(postgres: Server) -> None:
    async with postgres.database() as url, await Store.open(url) as store:
        short = [asyncio.create_task(_short(store, f"short-{n}")) for n in range(8)]
        try:
            await store.change(_long)
            assert await store.read(lambda tx: meta.get(tx, "long")) == "done"
        finally:
            for each in short:
                each.cancel()
            await asyncio.gather(*short, return_exceptions=True)
