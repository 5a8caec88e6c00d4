"""/forget leaves attempts without a person, a tombstone, and not a byte of her in the files."""

import struct
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from storage import schema
from storage.forgetting import forget, forget_again, hash_of, salts
from storage.store import Store, Tx
from tests.storage.academy import ASHA, BABU, NOW, enrol, found

MARKER = "Asha Marker-Person"


@pytest.fixture
async def store(store: Store) -> Store:
    await settle_in(store)
    return store


async def settle_in(store: Store) -> None:
    cohort_id = await found(store)
    await enrol(store, cohort_id, ASHA, MARKER, number=1)
    await enrol(store, cohort_id, BABU, "Babu", number=2)


async def rows(store: Store, table: Table, **where: Any) -> list[Any]:
    conditions = [table.c[name] == value for name, value in where.items()]
    return list(await store.read(lambda tx: tx.all(select(table).where(*conditions).order_by(*table.primary_key))))


async def test_the_person_goes_and_her_attempts_stay(store: Store) -> None:
    assert await store.change(lambda tx: forget(tx, ASHA, NOW)) is True
    assert [row.name for row in await rows(store, schema.person)] == ["Babu"]
    assert len(await rows(store, schema.posting)) == 1
    assert len(await rows(store, schema.learner)) == 2
    assert len(await rows(store, schema.attempt)) == 2


async def test_what_was_planned_for_her_stops(store: Store) -> None:
    await store.change(lambda tx: forget(tx, ASHA, NOW))
    hers, his = await rows(store, schema.enrolment)
    assert (hers.state, hers.look_at) == ("withdrawn", None)
    assert his.state == "active"
    assert [row.enrolment_id for row in await rows(store, schema.due)] == [his.id]
    states = [row.state for row in await rows(store, schema.delivery, enrolment_id=hers.id)]
    assert sorted(states) == ["cancelled", "cancelled", "sent"]
    states = [row.state for row in await rows(store, schema.delivery, enrolment_id=his.id)]
    assert sorted(states) == ["pending", "pending", "sent"]
    held = await rows(store, schema.delivery_lease)
    assert [his.id] == [(await rows(store, schema.delivery, id=lease.delivery_id))[0].enrolment_id for lease in held]


@pytest.mark.parametrize("name", ["person", "conversation", "inbox", "delivery"])
async def test_her_number_stands_nowhere(store: Store, name: str) -> None:
    table = schema.metadata.tables[name]
    assert await rows(store, table, telegram_id=ASHA)
    await store.change(lambda tx: forget(tx, ASHA, NOW))
    assert not await rows(store, table, telegram_id=ASHA)
    assert await rows(store, table, telegram_id=BABU)


async def test_her_updates_are_emptied_and_done(store: Store) -> None:
    await store.change(lambda tx: forget(tx, ASHA, NOW))
    emptied = await rows(store, schema.inbox, telegram_id=None)
    assert [(row.state, row.payload, row.owed) for row in emptied] == [("done", None, None)] * 2


async def test_what_she_sends_after_forget_is_still_answered(store: Store) -> None:
    await store.change(lambda tx: forget(tx, ASHA, NOW, asked_in=100))
    (later,) = await rows(store, schema.inbox, telegram_id=ASHA)
    assert (later.update_id, later.state) == (101, "open")
    assert later.payload is not None


async def test_forgetting_a_stranger_says_so_and_forgetting_twice_is_once(store: Store) -> None:
    assert await store.change(lambda tx: forget(tx, 1, NOW)) is False
    assert await store.change(lambda tx: forget(tx, ASHA, NOW)) is True
    assert await store.change(lambda tx: forget(tx, ASHA, NOW)) is False
    assert await store.read(lambda tx: tx.value(select(func.count()).select_from(schema.tombstone))) == 2


async def test_the_tombstone_is_a_salted_hash(store: Store) -> None:
    await store.change(lambda tx: forget(tx, ASHA, NOW))
    (salt,) = await store.change(salts)
    (grave,) = await rows(store, schema.tombstone)
    assert grave.telegram_hash == hash_of(salt, ASHA)
    assert grave.forgotten_at == NOW


async def test_only_those_with_a_tombstone_are_forgotten_again(store: Store) -> None:
    async def again(tx: Tx) -> int:
        (salt,) = await salts(tx)
        return await forget_again(tx, {hash_of(salt, BABU): NOW, hash_of(salt, 5): NOW})

    assert await store.change(again) == 1
    assert [row.name for row in await rows(store, schema.person)] == [MARKER]


def traces(folder: Path) -> list[str]:
    """Where in the files her name or her number can still be found, the number as text and as stored."""
    number = struct.pack(">q", ASHA)[2:]  # SQLite stores it in six bytes
    wanted = {"name": MARKER.encode(), "number": str(ASHA).encode(), "stored number": number}
    return [
        f"{what} in {path.name}"
        for path in sorted(folder.iterdir())
        for what, octets in wanted.items()
        if octets in path.read_bytes()
    ]


async def test_no_byte_of_her_is_left_in_file_or_log(sqlite_store: Store, tmp_path: Path) -> None:
    store = sqlite_store
    await settle_in(store)
    cohort_id = await store.read(lambda tx: tx.value(select(schema.cohort.c.id)))
    for number in range(3, 60):  # pages split and merge around her rows
        await enrol(store, cohort_id, ASHA + number * 1000, f"Other {number}", number=number)
    await store.scrub()
    assert {
        "name in attache.sqlite3",
        "number in attache.sqlite3",
        "stored number in attache.sqlite3",
    } <= set(traces(tmp_path))
    await store.change(lambda tx: forget(tx, ASHA, NOW))
    for number in range(3, 60, 2):
        other = ASHA + number * 1000
        await store.change(lambda tx, other=other: forget(tx, other, NOW))  # type: ignore[misc]  # bound now
    assert await store.scrub() is True
    assert traces(tmp_path) == []
