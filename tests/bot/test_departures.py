"""Departures: lanes, slots of one budget, `sending` committed in small lots, two processes on one database."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.departures import FRESH, IN_FLIGHT, Departures, TooLate
from bot.gate import Gate
from scheduler import pacing
from scheduler.delivery import DeliveryKind, Lane, Sent, Unsure
from scheduler.pacing import Rates
from storage import deliveries, dispatch, paces, schema
from storage.engine import url_of
from storage.migrations import migrate
from storage.store import Store, Tx
from tests.support.postgres import Server

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
KINDS = {Lane.LESSON: DeliveryKind.LESSON, Lane.REMINDER: DeliveryKind.NOTICE, Lane.BROADCAST: DeliveryKind.BROADCAST}


class Laggard(SystemClock):
    """A clock whose monotonic seconds a test may push on."""

    later = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.later


class Desk:
    """Departures of one process, and what has left by them."""

    def __init__(self, store: Store, owner: str, rates: Rates) -> None:
        self.store, self.owner, self.clock = store, owner, Laggard()
        self.gate = Gate(self.clock, rates, chat_pace=0.0)
        self.departures = Departures(store, self.gate, self.clock, owner)
        self.left: list[tuple[float, Lane]] = []
        self.turned_away = self.too_late = 0

    async def claim(self, limit: int = 1000) -> list[tuple[int, Lane]]:
        rows = await self.store.change(
            lambda tx: dispatch.claim(tx, people_now=NOW, now=self.clock.machine_now(), owner=self.owner, limit=limit)
        )
        lanes = {kind: lane for lane, kind in KINDS.items()}
        return [(row.id, lanes[row.kind]) for row in rows]

    async def go(self, row: int, lane: Lane) -> None:
        try:
            departure = await self.departures.join(row, lane, row)
        except TooLate:
            self.too_late += 1
            return
        if departure is None:
            self.turned_away += 1
            return
        self.left.append((time.monotonic(), lane))
        self.departures.landed()

    async def all(self, rows: Sequence[tuple[int, Lane]]) -> None:
        await asyncio.gather(*(self.go(row, lane) for row, lane in rows))

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.left]


@asynccontextmanager
async def a_desk(store: Store, owner: str = "one", rates: Rates | None = None) -> AsyncIterator[Desk]:
    desk = Desk(store, owner, rates or Rates(50))
    try:
        yield desk
    finally:
        await desk.departures.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        await migrate(url_of(None, tmp_path))
        async with await Store.open(url_of(None, tmp_path)) as opened:
            yield opened
        return
    server: Server = request.getfixturevalue("postgres")
    async with server.database() as url, await Store.open(url) as opened:
        yield opened


async def owe(store: Store, lane: Lane, n: int) -> None:
    async def make(tx: Tx) -> None:
        for each in range(n):
            await deliveries.add(tx, KINDS[lane], f"{lane}:{each}", meaning={}, due_at=NOW, telegram_id=each)

    await store.change(make)


async def states(store: Store) -> dict[str, int]:
    """State → how many; those in hand and not yet on their way as "leased"."""
    leases = await store.read(lambda tx: tx.all(schema.delivery_lease.select()))
    held = {lease.delivery_id for lease in leases}
    rows = await store.read(lambda tx: tx.all(schema.delivery.select()))
    return Counter("leased" if row.state == "pending" and row.id in held else row.state for row in rows)


def most_in_a_second(times: list[float]) -> int:
    return max(sum(start <= at < start + 1 for at in times) for start in times)


async def test_every_row_leaves_once_at_the_rate_and_is_sending_by_then(store: Store) -> None:
    await owe(store, Lane.LESSON, 60)
    async with a_desk(store) as desk:
        began = time.monotonic()
        await desk.all(await desk.claim())
        took = time.monotonic() - began
    assert await states(store) == {"sending": 60}
    assert took >= 59 / 50
    assert most_in_a_second(desk.times) <= 51


async def test_no_more_is_sending_than_fits_into_the_next_moment(store: Store) -> None:
    await owe(store, Lane.BROADCAST, 40)
    async with a_desk(store, rates=Rates(10)) as desk:
        waiting = asyncio.gather(*(desk.go(row, lane) for row, lane in await desk.claim()))
        await asyncio.sleep(0.25)
        assert (await states(store))["sending"] <= 8
        await desk.departures.close()
        await waiting
    assert desk.turned_away + len(desk.left) == 40


async def test_higher_lanes_go_first_and_the_lowest_gets_its_share(store: Store) -> None:
    for lane in (Lane.BROADCAST, Lane.LESSON):
        await owe(store, lane, 40)
    async with a_desk(store, rates=Rates(100)) as desk:
        rows = sorted(await desk.claim(), key=lambda each: -each[1])
        await desk.all(rows)
    lanes = [lane for _, lane in desk.left]
    assert 3 <= lanes[:40].count(Lane.BROADCAST) <= 5
    assert lanes[45:] == [Lane.BROADCAST] * 35


async def test_whoever_comes_when_it_is_closed_does_not_leave(store: Store) -> None:
    await owe(store, Lane.LESSON, 2)
    async with a_desk(store) as desk:
        rows = await desk.claim()
        await desk.departures.close()
        await desk.all(rows)
    assert (desk.turned_away, desk.left) == (2, [])
    assert await states(store) == {"leased": 2}, "they can be given back"


@pytest.mark.parametrize("turns", range(12))
async def test_who_is_given_a_slot_while_it_closes_leaves_and_nobody_waits_for_ever(store: Store, turns: int) -> None:
    await owe(store, Lane.LESSON, 8)
    async with a_desk(store) as desk:
        waiting = asyncio.gather(*(desk.go(row, lane) for row, lane in await desk.claim()))
        for _ in range(turns):
            await asyncio.sleep(0)
        await desk.departures.close()
        async with asyncio.timeout(5):
            await waiting
    counts = await states(store)
    assert (counts.get("sending", 0), counts.get("leased", 0)) == (len(desk.left), desk.turned_away)
    assert desk.turned_away + len(desk.left) == 8


async def test_a_row_that_was_cancelled_meanwhile_does_not_leave(store: Store) -> None:
    await owe(store, Lane.LESSON, 2)
    async with a_desk(store) as desk:
        rows = await desk.claim()
        gone = schema.delivery.update().where(schema.delivery.c.id == rows[0][0]).values(state="cancelled")
        await store.change(lambda tx: tx.run(gone))
        await desk.all(rows)
    assert (desk.turned_away, len(desk.left)) == (1, 1)


@pytest.mark.slow
async def test_while_the_gate_is_closed_nothing_is_marked_and_afterwards_it_goes_at_half_the_rate(store: Store) -> None:
    await owe(store, Lane.BROADCAST, 12)
    async with a_desk(store, rates=Rates(40)) as desk:
        desk.gate.pause(0.8)
        began = time.monotonic()
        waiting = asyncio.gather(*(desk.go(row, lane) for row, lane in await desk.claim()))
        await asyncio.sleep(0.5)
        assert "sending" not in await states(store)
        await waiting
    assert desk.times[0] - began >= 0.8
    assert sum(after - before for before, after in pairwise(desk.times)) > 10 / 20 * 0.9


@pytest.mark.slow
async def test_while_the_budget_is_far_ahead_nothing_is_marked_and_afterwards_it_leaves(store: Store) -> None:
    await owe(store, Lane.LESSON, 2)
    async with a_desk(store, rates=Rates(10)) as desk:

        async def ahead(tx: Tx) -> None:  # as many answers have gone out as fill the next five seconds
            stands = await paces.standing(tx, desk.clock.machine_now())
            pace = pacing.at(stands.pace, Rates(10), stands.now)
            await paces.keep(tx, pacing.went_ahead(pace, Rates(10), 50))

        await store.change(ahead)
        going = asyncio.create_task(desk.all(await desk.claim()))
        await asyncio.sleep(0.5)
        assert await states(store) == {"leased": 2}
        await going
        assert (len(desk.left), desk.turned_away) == (2, 0)


@pytest.mark.slow
async def test_two_processes_share_one_budget(store: Store) -> None:
    await owe(store, Lane.BROADCAST, 90)
    async with a_desk(store, "one", Rates(30)) as one, a_desk(store, "two", Rates(30)) as two:
        halves = await one.claim(45), await two.claim(45)
        began = time.monotonic()
        await asyncio.gather(one.all(halves[0]), two.all(halves[1]))
        took = time.monotonic() - began
    assert (len(one.left), len(two.left)) == (45, 45)
    assert 89 / 30 <= took <= 2 * 89 / 30, "how close to the rate it comes, tests/replicas measures"
    assert most_in_a_second(sorted(one.times + two.times)) <= 32


@pytest.mark.slow
async def test_a_pause_that_one_hears_of_holds_the_other(store: Store) -> None:
    await owe(store, Lane.BROADCAST, 60)
    async with a_desk(store, "one", Rates(30)) as one, a_desk(store, "two", Rates(30)) as two:
        waiting = asyncio.gather(*(two.go(row, lane) for row, lane in await two.claim()))
        await asyncio.sleep(0.4)
        one.gate.pause(1.5)
        fell = time.monotonic()
        await asyncio.sleep(1.2)
        assert not [at for at in two.times if at > fell + 0.4]
        await two.departures.close()
        await waiting
    assert two.times


class Stopped(Gate):
    """The process is stopped while it waits for a slot, and goes on when it may be held for dead."""

    clock: Laggard

    async def until(self, instant: float) -> None:
        if instant > self.clock.monotonic():
            self.clock.later += FRESH + 1


async def test_whoever_was_stopped_for_so_long_that_it_may_be_held_for_dead_does_not_send(store: Store) -> None:
    await owe(store, Lane.LESSON, 1)
    async with a_desk(store) as desk:
        desk.gate = Stopped(desk.clock, Rates(1), chat_pace=0.0)
        desk.gate.clock = desk.clock
        desk.departures = Departures(store, desk.gate, desk.clock, desk.owner)
        await paces_ahead(store)
        await desk.all(await desk.claim())
    assert (desk.too_late, len(desk.left)) == (1, 0)


async def paces_ahead(store: Store) -> None:
    """The next slot is a moment away."""

    async def make(tx: Tx) -> None:
        stands = await paces.standing(tx, SystemClock().machine_now())
        pace = pacing.at(stands.pace, Rates(1), stands.now)
        await paces.keep(tx, replace(pace, next_at=pace.next_at + timedelta(seconds=0.3)))

    await store.change(make)


@pytest.mark.slow
async def test_what_is_in_flight_is_bounded(store: Store) -> None:
    await owe(store, Lane.BROADCAST, IN_FLIGHT + 40)
    async with a_desk(store, rates=Rates(1000)) as desk:
        departed: list[int] = []

        async def hang(row: int, lane: Lane) -> None:
            if await desk.departures.join(row, lane, row) is not None:
                departed.append(row)

        hanging = asyncio.gather(*(hang(row, lane) for row, lane in await desk.claim()))
        await asyncio.sleep(1.0)
        assert len(departed) == IN_FLIGHT
        for _ in range(10):
            desk.departures.landed()
        await asyncio.sleep(0.3)
        assert len(departed) == IN_FLIGHT + 10
        await desk.departures.close()
        await hanging


@pytest.mark.slow
async def test_paid_broadcasts_go_at_the_paid_rate_until_the_day_s_stars_are_spent(store: Store) -> None:
    await owe(store, Lane.BROADCAST, 120)
    async with a_desk(store, rates=Rates(20, paid=500, stars_a_day=10)) as desk:
        began = time.monotonic()
        rows = await desk.claim()
        waiting = asyncio.gather(*(desk.go(row, lane) for row, lane in rows))
        await asyncio.sleep(1.0)
        at_once = [at for at in desk.times if at < began + 0.6]
        assert 64 <= len(at_once) <= 115
        await asyncio.sleep(0.5)
        assert len(desk.left) <= 125
        await desk.departures.close()
        await waiting


@pytest.mark.slow
async def test_while_nobody_answers_bulk_goes_one_by_one_and_ever_later(store: Store) -> None:
    await owe(store, Lane.BROADCAST, 30)
    async with a_desk(store, rates=Rates(200)) as desk:
        for _ in range(3):
            desk.departures.doubt.heard(Unsure("cut"))
        unanswered = [0.0]

        async def hang(row: int, lane: Lane) -> None:
            if await desk.departures.join(row, lane, row) is not None:
                desk.left.append((time.monotonic(), lane))
                if len(desk.left) <= 2:
                    desk.departures.doubt.heard(Unsure("cut"))
                    unanswered.append(desk.departures.doubt.wait)
                else:
                    desk.departures.doubt.heard(Sent(1))
                desk.departures.landed()

        began = time.monotonic()
        await asyncio.gather(*(hang(row, lane) for row, lane in await desk.claim()))
        waits = [after - before for before, after in pairwise([began, *desk.times])]
    assert waits[0] >= 0.5
    assert waits[1] >= 1.0
    assert waits[2] >= 2.0
    assert max(waits[4:]) < 0.5, "one answer is enough, and all go again"
    assert unanswered == [0.0, 1.0, 2.0]
