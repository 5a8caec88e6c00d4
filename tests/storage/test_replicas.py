"""Updates among several processes: one serves a person at a time, and what the dead leave is taken over once."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from storage import inbox, replicas
from storage.inbox import Waiting
from storage.schema import replica
from storage.store import Store, Tx
from tests.storage.elsewhere import elsewhere
from tests.support.postgres import Server

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
ASHA, BABU = 101, 102
LATE = timedelta(seconds=-1)


async def keep(store: Store, owner: str | None, who: int, *numbers: int) -> None:
    rows = [(n, who, {"update_id": n}) for n in numbers]
    await store.change(lambda tx: inbox.keep(tx, rows, now=NOW, owner=owner))


async def lives(store: Store, owner: str, lease: timedelta = replicas.LEASE) -> None:
    await store.change(lambda tx: replicas.renew(tx, owner, lease=lease))


async def heads(store: Store, owner: str) -> list[Waiting]:
    return await store.read(lambda tx: inbox.next_of_each(tx, busy=[], limit=100, owner=owner))


async def next_for(store: Store, owner: str) -> list[int]:
    return [waiting.update_id for waiting in await heads(store, owner)]


async def take_over(store: Store, owner: str) -> list[int]:
    return await store.change(lambda tx: inbox.take_over(tx, owner))


async def test_an_update_belongs_to_whoever_received_it_first(store: Store) -> None:
    await lives(store, "one")
    await lives(store, "two")
    await keep(store, "one", ASHA, 1)
    await keep(store, "two", ASHA, 1)
    assert await next_for(store, "one") == [1]
    assert await next_for(store, "two") == []


async def test_whoever_holds_a_later_update_waits_for_the_earlier_one_of_another(store: Store) -> None:
    await lives(store, "one")
    await lives(store, "two")
    await keep(store, "one", ASHA, 1)
    await keep(store, "two", ASHA, 2)
    await keep(store, "two", BABU, 3)
    assert await next_for(store, "two") == [3], "Babu's alone: Asha's first is in another's hands"
    assert await store.read(lambda tx: inbox.held_up(tx, "two", busy=[BABU]))
    await store.change(lambda tx: inbox.done(tx, 1, now=NOW))
    assert await next_for(store, "two") == [2, 3]


async def test_many_in_the_hands_of_another_hide_nothing_of_ours(store: Store) -> None:
    await lives(store, "one")
    for who in range(50):
        await keep(store, "one", 1000 + who, who + 1)
    await keep(store, "two", 5000, 99)
    found = await store.read(lambda tx: inbox.next_of_each(tx, busy=[], limit=5, owner="two"))
    assert [waiting.update_id for waiting in found] == [99]


async def test_what_a_living_process_holds_is_not_taken_over(store: Store) -> None:
    await lives(store, "one")
    await keep(store, "one", ASHA, 1)
    assert await take_over(store, "two") == []
    assert await next_for(store, "one") == [1]


@pytest.mark.parametrize("how", ["its lease lapsed", "it said goodbye", "nobody owned it"])
async def test_what_the_dead_have_left_is_taken_over_whole(store: Store, how: str) -> None:
    owner = None if how == "nobody owned it" else "one"
    await lives(store, "one", LATE if how == "its lease lapsed" else replicas.LEASE)
    await keep(store, owner, ASHA, 1, 2)
    await keep(store, owner, BABU, 3)
    await store.change(lambda tx: inbox.done(tx, 3, now=NOW))
    if how == "it said goodbye":
        await store.change(lambda tx: replicas.leave(tx, "one"))
    assert [waiting.owner for waiting in await heads(store, "two")] == [owner], "free, and not yet ours"
    await lives(store, "two")
    assert await take_over(store, "two") == [1, 2], "what is done stays where it was"
    assert await take_over(store, "three") == []
    assert [(waiting.update_id, waiting.owner) for waiting in await heads(store, "two")] == [(1, "two")]


async def test_a_renewed_lease_holds(store: Store) -> None:
    await lives(store, "one", LATE)
    await keep(store, "one", ASHA, 1)
    await lives(store, "one")
    assert await take_over(store, "two") == []


async def test_a_lease_lapses_by_itself(store: Store) -> None:
    await lives(store, "one", timedelta(seconds=0.3))
    await keep(store, "one", ASHA, 1)
    assert await take_over(store, "two") == []
    await asyncio.sleep(0.35)
    assert await take_over(store, "two") == [1]


async def test_two_that_take_over_at_once_take_each_update_once(store: Store, url: str) -> None:
    for who in range(40):
        await keep(store, None, 1000 + who, 3 * who + 1, 3 * who + 2, 3 * who + 3)
    await lives(store, "one")
    await lives(store, "two")
    async with await Store.open(url) as other:
        found = await asyncio.gather(take_over(store, "one"), take_over(other, "two"))
    one, two = (set(numbers) for numbers in found)
    assert one | two == set(range(1, 121))
    assert not one & two
    mine, others = set(await next_for(store, "one")), set(await next_for(store, "two"))
    assert not mine & others
    assert len(mine | others) == 40, "everybody's first is with one of them"


async def test_on_sqlite_a_start_ends_every_lease_but_its_own(sqlite_store: Store) -> None:
    await lives(sqlite_store, "before")
    await keep(sqlite_store, "before", ASHA, 1)
    await sqlite_store.change(lambda tx: replicas.join(tx, "now"))
    assert await take_over(sqlite_store, "now") == [1]


@pytest.mark.slow
async def test_on_postgres_a_start_ends_no_lease(postgres: Server) -> None:
    async with postgres.database() as url, await Store.open(url) as store:
        await lives(store, "before")
        await keep(store, "before", ASHA, 1)
        await store.change(lambda tx: replicas.join(tx, "now"))
        assert await take_over(store, "now") == []


@pytest.mark.slow
async def test_what_another_is_taking_over_is_passed_over(postgres: Server) -> None:
    async with postgres.database() as url, await Store.open(url) as store:
        await keep(store, None, ASHA, *range(1, inbox.TAKEN_AT_ONCE + 6))
        found: list[Iterable[int]] = []

        async def impatient(tx: Tx) -> list[int]:
            await tx.run(text("SET LOCAL lock_timeout = '2s'"))  # or it would wait for us, and we for it
            return await inbox.take_over(tx, "two")

        async def both(tx: Tx) -> None:
            found.append(await inbox.take_over(tx, "one"))
            if len(found) == 1:
                found.append(elsewhere(url, impatient))

        await store.change(both)
        assert list(found[1]) == [*range(inbox.TAKEN_AT_ONCE + 1, inbox.TAKEN_AT_ONCE + 6)]


async def test_the_long_gone_are_forgotten_and_the_late_are_not(store: Store) -> None:
    await lives(store, "late", LATE)
    await lives(store, "gone", -2 * replicas.LONG_GONE)
    await store.change(replicas.tidy)
    await lives(store, "here")

    async def there(tx: Tx) -> list[str]:
        rows = await tx.all(select(replica.c.owner).order_by(replica.c.owner))
        return [row.owner for row in rows]

    assert await store.read(there) == ["here", "late"]
