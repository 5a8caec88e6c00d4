"""Several that claim at once: every delivery goes to one of them, and on PostgreSQL none waits for another."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url, text

from scheduler.delivery import DeliveryKind
from storage import deliveries, dispatch
from storage.deliveries import Delivery
from storage.store import Store, Tx, Work
from tests.storage.elsewhere import elsewhere
from tests.support.postgres import Server

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


async def owe(store: Store, number: int) -> None:
    async def make(tx: Tx) -> None:
        for n in range(number):
            await deliveries.add(tx, DeliveryKind.NOTICE, f"n:{n}", meaning={}, due_at=NOW, telegram_id=n)

    await store.change(make)


def claim(owner: str, limit: int) -> Work[list[Delivery]]:
    return lambda tx: dispatch.claim(tx, people_now=NOW, now=NOW, owner=owner, limit=limit)


async def test_two_that_claim_at_once_take_each_row_once(store: Store, url: str) -> None:
    await owe(store, 60)

    async def send(at: Store, owner: str, rows: list[Delivery]) -> list[int]:
        for row in rows:
            assert await at.change(lambda tx, row=row: dispatch.sending(tx, [row.id], owner=owner, now=NOW))  # type: ignore[misc]  # bound now
        return [row.id for row in rows]

    async def work(at: Store, owner: str, rows: list[Delivery]) -> list[int]:
        taken = await send(at, owner, rows)
        while rows := await at.change(claim(owner, 4)):
            taken += await send(at, owner, rows)
        return taken

    async with await Store.open(url) as other:
        first = await asyncio.gather(store.change(claim("one", 4)), other.change(claim("two", 4)))
        assert [len(rows) for rows in first] == [4, 4], "both have work, whoever is the faster from then on"
        one, two = await asyncio.gather(work(store, "one", first[0]), work(other, "two", first[1]))
    assert sorted(one + two) == list(range(1, 61))


@pytest.mark.slow
async def test_who_has_long_found_nothing_claims_no_more_than_was_asked_for(postgres: Server) -> None:
    async with postgres.database() as url, await Store.open(url) as store:
        await postgres.says("VACUUM ANALYZE", make_url(url).database)  # as the server does by itself
        for _ in range(12):  # by now it keeps a plan that was made for an empty table
            assert await store.change(claim("one", 4)) == []
        await owe(store, 60)
        assert len(await store.change(claim("one", 4))) == 4


@pytest.mark.slow
async def test_whoever_claims_while_another_does_passes_over_its_rows(postgres: Server) -> None:
    async with postgres.database() as url, await Store.open(url) as store:
        await owe(store, 6)

        async def impatient(tx: Tx) -> list[Delivery]:
            await tx.run(text("SET LOCAL lock_timeout = '2s'"))  # or it would wait for us, and we for it
            return await claim("two", 2)(tx)

        async def both(tx: Tx) -> tuple[list[int], list[int]]:
            mine = await claim("one", 2)(tx)
            others = elsewhere(url, impatient)
            return [row.id for row in mine], [row.id for row in others]

        # Both looked at what the other took, so ours is lost and made again: its second choice is free of the first.
        mine, others = await store.change(both)
        assert not set(mine) & set(others)
