"""A delivery waits, or is in somebody's hand, or neither: whoever does what to it, and whatever others do meanwhile."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from lessons.enrolment import EnrolmentId, LearnerId
from scheduler.delivery import DeliveryKind, DeliveryState
from storage import deliveries, dispatch, schema
from storage.deliveries import LEASE, Delivery
from storage.dispatch import Lapsed
from storage.store import Store, Tx, Work
from tests.storage import academy
from tests.storage.elsewhere import elsewhere
from tests.support.postgres import Server

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
LAPSED_AT = NOW + LEASE + timedelta(seconds=1)
HERS = EnrolmentId(1)


@pytest.fixture
async def owing(store: Store) -> Store:
    """Three reminders to somebody in the middle of her course are owed, and nothing else."""
    await owe_three(store)
    return store


async def owe_three(store: Store) -> None:
    await academy.enrol(store, await academy.found(store), academy.ASHA, "Asha")

    await store.change(lambda tx: _anew(tx, held=False))


async def _owe(tx: Tx) -> None:
    for n in range(3):
        await deliveries.add(tx, DeliveryKind.REMINDER, f"r:{n}", meaning={}, due_at=NOW, enrolment_id=HERS)


def claim(owner: str = "one", limit: int = 3) -> Work[list[Delivery]]:
    return lambda tx: dispatch.claim(tx, people_now=NOW, now=NOW, owner=owner, limit=limit)


def sending(rows: list[Delivery], owner: str = "one") -> Work[set[int]]:
    return lambda tx: dispatch.sending(tx, [row.id for row in rows], owner=owner, now=NOW)


async def lapsed(store: Store) -> list[tuple[Delivery, Lapsed]]:
    return await store.read(lambda tx: dispatch.lapsed(tx, LAPSED_AT, me="three"))


def settle(row: Delivery, state: DeliveryState, owner: str = "one", found: Lapsed | None = None) -> Work[bool]:
    return lambda tx: dispatch.settle(tx, row.id, state, now=NOW, owner=owner, lapsed=found)


async def standing(store: Store) -> list[tuple[str, str]]:
    """The state of each, and where it stands; what stands in both, or in the wrong place, is told apart."""

    async def look(tx: Tx) -> list[tuple[str, str]]:
        due = {row.delivery_id for row in await tx.all(select(schema.delivery_due))}
        held = {row.delivery_id: row.owner for row in await tx.all(select(schema.delivery_lease))}
        rows = await tx.all(select(schema.delivery).order_by(schema.delivery.c.id))
        return [(row.state, f"{'due ' * (row.id in due)}{held.get(row.id, '')}".strip()) for row in rows]

    return await store.read(look)


async def test_a_row_waits_or_is_in_hand_or_neither(owing: Store) -> None:
    assert await standing(owing) == [("pending", "due")] * 3
    first, second, third = await owing.change(claim())
    assert await standing(owing) == [("pending", "one")] * 3
    await owing.change(sending([first, second]))
    assert await standing(owing) == [("sending", "one"), ("sending", "one"), ("pending", "one")]
    await owing.change(lambda tx: dispatch.sent(tx, [(first.id, 7)], owner="one", now=NOW))
    await owing.change(settle(second, DeliveryState.PENDING))
    assert await standing(owing) == [("sent", ""), ("pending", "due"), ("pending", "one")]
    assert await owing.change(lambda tx: dispatch.give_back(tx, owner="one")) == 1
    assert await standing(owing) == [("sent", ""), ("pending", "due"), ("pending", "due")]
    assert third.key == "r:2"


async def test_whoever_stops_gives_back_what_has_not_left_and_nothing_else(owing: Store) -> None:
    (first,) = await owing.change(claim(limit=1))
    await owing.change(sending([first]))
    await owing.change(claim("two"))
    assert await owing.change(lambda tx: dispatch.give_back(tx, owner="one")) == 0
    assert await standing(owing) == [("sending", "one"), ("pending", "two"), ("pending", "two")]


async def test_what_is_cancelled_in_hand_can_neither_leave_nor_be_settled(owing: Store) -> None:
    first, second, third = await owing.change(claim())
    await owing.change(sending([first]))
    assert await owing.change(lambda tx: deliveries.cancel(tx, HERS, now=NOW)) == 2
    assert await owing.change(sending([second, third])) == set()
    assert not await owing.change(settle(third, DeliveryState.FAILED))
    assert await standing(owing) == [("sending", "one"), ("cancelled", ""), ("cancelled", "")]


async def test_a_lapsed_lease_is_found_as_its_holder_left_it(owing: Store) -> None:
    first, *_ = await owing.change(claim())
    await owing.change(sending([first]))
    found = {row.key: left for row, left in await lapsed(owing)}
    until = NOW + LEASE
    assert found["r:0"] == Lapsed(DeliveryState.SENDING, "one", until)
    assert found["r:1"] == found["r:2"] == Lapsed(DeliveryState.LEASED, "one", until)


async def test_whoever_went_on_in_the_same_instant_keeps_the_row(owing: Store) -> None:
    await owing.change(claim())
    found = await lapsed(owing)
    await owing.change(sending([row for row, _ in found]))  # prolonged, to the same instant
    for row, left in found:
        assert not await owing.change(settle(row, DeliveryState.PENDING, left.owner, left))
    assert await standing(owing) == [("sending", "one")] * 3


async def test_what_is_in_hand_and_owed_once_more_does_not_wait_as_well(owing: Store) -> None:
    await owing.change(claim())
    again = [(f"r:{n}", LearnerId(1), NOW) for n in range(4)]
    await owing.change(lambda tx: deliveries.add_many(tx, DeliveryKind.REMINDER, again, {}))
    assert await standing(owing) == [*[("pending", "one")] * 3, ("pending", "due")]


async def test_rows_with_the_same_words_keep_their_own_instants(owing: Store) -> None:
    late = [(f"l:{n}", LearnerId(1), NOW - n * timedelta(microseconds=1)) for n in range(1, 3)]
    await owing.change(lambda tx: deliveries.add_many(tx, DeliveryKind.LESSON, late, {"asking": 1}))
    rows = await owing.change(claim(limit=9))
    assert [(row.key, row.kind, row.meaning, row.due_at) for row in rows[:2]] == [
        (key, DeliveryKind.LESSON, {"asking": 1}, at) for key, _, at in reversed(late)
    ]


Doing = Callable[[Tx, list[int]], Awaitable[object]]


async def _claim(tx: Tx, _ids: list[int]) -> object:
    return await claim("two")(tx)


async def _cancel(tx: Tx, _ids: list[int]) -> object:
    return await deliveries.cancel(tx, HERS, now=NOW)


async def _sending(tx: Tx, ids: list[int]) -> object:
    return await dispatch.sending(tx, ids, owner="one", now=NOW)


async def _settle(tx: Tx, ids: list[int]) -> object:
    return [await dispatch.settle(tx, each, DeliveryState.FAILED, now=NOW, owner="one") for each in ids]


async def _lapse(tx: Tx, _ids: list[int]) -> object:
    found = await dispatch.lapsed(tx, LAPSED_AT, me="three")
    return [await settle(row, DeliveryState.PENDING, left.owner, left)(tx) for row, left in found]


async def _give_back(tx: Tx, _ids: list[int]) -> object:
    return await dispatch.give_back(tx, owner="one")


async def _owe_again(tx: Tx, _ids: list[int]) -> None:
    await deliveries.add_many(tx, DeliveryKind.REMINDER, [(f"r:{n}", LearnerId(1), NOW) for n in range(3)], {})


OF_WAITING: tuple[Doing, ...] = (_claim, _cancel, _owe_again)
OF_HELD: tuple[Doing, ...] = (_cancel, _sending, _settle, _lapse, _give_back, _owe_again)
SOUND = {("pending", "due"), ("pending", "one"), ("pending", "two"), ("sending", "one")}
SOUND |= {("cancelled", ""), ("failed", "")}


@pytest.mark.slow
@pytest.mark.parametrize(("all_of", "held"), [(OF_WAITING, False), (OF_HELD, True)], ids=["waiting", "in hand"])
async def test_whatever_two_do_at_once_each_row_stands_in_one_place(
    all_of: tuple[Doing, ...], *, held: bool, postgres: Server
) -> None:
    async with postgres.database() as url, await Store.open(url) as store:
        await owe_three(store)
        for ours, theirs in product(all_of, all_of):
            await store.change(lambda tx: _anew(tx, held=held))
            await _at_once(store, url, ours, theirs)
            found = await standing(store)
            assert set(found) <= SOUND, f"{ours.__name__} while {theirs.__name__}"
            if {ours, theirs} == {_claim, _cancel}:
                assert found == [("cancelled", "")] * 3


async def _anew(tx: Tx, *, held: bool) -> None:
    for table in (schema.delivery_due, schema.delivery_lease, schema.delivery):
        await tx.run(table.delete())
    await _owe(tx)
    if held:
        await claim()(tx)


async def _at_once(store: Store, url: str, ours: Doing, theirs: Doing) -> None:
    """Ours has looked before theirs is committed, and writes after it: where they meet, ours begins anew."""
    met = list[object]()

    async def change(tx: Tx) -> object:
        ids = [row.id for row in await tx.all(select(schema.delivery.c.id))]
        if not met:
            met.append(elsewhere(url, lambda tx: theirs(tx, ids)))
        return await ours(tx, ids)

    await store.change(change)
