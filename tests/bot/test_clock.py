"""People's time as another process keeps it: followed, never outrun, and always told what is due."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.clock import FollowedClock, SystemClock
from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.bot.rim import TOKEN, free_port, until
from tests.sandbox.wire import Wire

START = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEAR = timedelta(seconds=2)
Standing = Callable[[], Awaitable[tuple[bool, datetime | None]]]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with (
        Sandbox(token=TOKEN, start_at=START, limits=Limits.off()) as sandbox,
        aiohttp.ClientSession(sandbox.address) as client,
    ):
        yield Wire(sandbox, client)


async def followed(wire: Wire) -> FollowedClock:
    clock = FollowedClock(f"{wire.sandbox.address}/sandbox/clock")
    await clock.first_look()
    return clock


async def told_what_is_due(wire: Wire) -> None:
    """Wait until the clock knows the service."""
    await until(lambda: _due(wire))


async def _due(wire: Wire) -> bool:
    return (await wire.get("clock"))["next_due_at"] is not None


async def _holds(truth: bool) -> bool:
    return truth


@asynccontextmanager
async def following(clock: FollowedClock, standing: Standing, woken: Callable[[], None]) -> AsyncIterator[None]:
    task = asyncio.create_task(clock.follow(standing, woken))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Work:
    """A service with one thing due at a time."""

    def __init__(self, clock: FollowedClock, *due_at: datetime) -> None:
        self.clock = clock
        self.due_at = list(due_at)
        self.done_at: list[datetime] = []
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1
        while self.due_at and self.due_at[0] <= self.clock.people_now():
            self.due_at.pop(0)
            self.done_at.append(self.clock.people_now())

    async def standing(self) -> tuple[bool, datetime | None]:
        due_at = self.due_at[0] if self.due_at else None
        return due_at is None or due_at > self.clock.people_now(), due_at


async def test_the_first_look_takes_peoples_time_over(wire: Wire) -> None:
    clock = await followed(wire)
    assert abs(clock.people_now() - START) < NEAR


async def test_leases_and_rates_keep_the_machines_time(wire: Wire) -> None:
    clock = await followed(wire)
    assert abs(clock.machine_now() - SystemClock().machine_now()) < NEAR
    assert abs(clock.monotonic() - SystemClock().monotonic()) < NEAR.total_seconds()


async def test_between_looks_time_runs_at_the_clocks_rate(wire: Wire) -> None:
    await wire.post("clock", rate=3600)
    clock = await followed(wire)
    first = clock.people_now()
    await asyncio.sleep(0.1)
    passed = clock.people_now() - first
    assert timedelta(minutes=5) < passed < timedelta(minutes=15)


async def test_a_stopped_clock_stands(wire: Wire) -> None:
    await wire.post("clock", rate=0)
    clock = await followed(wire)
    first = clock.people_now()
    await asyncio.sleep(0.05)
    assert clock.people_now() == first


async def test_a_jump_wakes_the_service(wire: Wire) -> None:
    clock = await followed(wire)
    work = Work(clock)
    async with following(clock, work.standing, work.wake):
        await wire.post("clock", jump_to=(START + HOUR).isoformat())
        await until(lambda: _holds(clock.people_now() >= START + HOUR))
        assert work.woken >= 1


async def test_a_winding_clock_stops_at_everything_that_is_due(wire: Wire) -> None:
    clock = await followed(wire)
    due = [START + HOUR, START + 2 * HOUR, START + timedelta(hours=2, seconds=1)]
    work = Work(clock, *due)
    async with following(clock, work.standing, work.wake):
        await told_what_is_due(wire)
        await wire.post("clock?wait=1", wind_to=(START + 5 * HOUR).isoformat())
        await until(lambda: _holds(clock.people_now() >= START + 5 * HOUR))
    assert [at.replace(microsecond=0) for at in work.done_at] == due


async def test_peoples_time_does_not_pass_what_is_due_before_it_is_done(wire: Wire) -> None:
    clock = await followed(wire)
    work = Work(clock, START + HOUR)
    seen: list[datetime] = []

    async def busy() -> tuple[bool, datetime | None]:
        seen.append(clock.people_now())
        return seen[-1] < START + HOUR, START + HOUR

    async with following(clock, busy, work.wake):
        await told_what_is_due(wire)
        await wire.post("clock", wind_to=(START + 5 * HOUR).isoformat())
        await asyncio.sleep(0.3)
    assert START + HOUR in seen
    assert max(seen) == START + HOUR


async def test_a_clock_that_is_away_for_a_while_is_followed_again() -> None:
    port = free_port()
    clock = FollowedClock(f"http://127.0.0.1:{port}/sandbox/clock")
    work = Work(clock)
    async with following(clock, work.standing, work.wake):
        await asyncio.sleep(0.05)
        assert work.woken == 0
        async with Sandbox(port=port, token=TOKEN, start_at=START):
            await until(lambda: _holds(work.woken > 0))
            assert abs(clock.people_now() - START) < NEAR


def test_the_systems_clock_is_aware() -> None:
    clock = SystemClock()
    assert clock.people_now().tzinfo is UTC
    assert abs(clock.people_now() - clock.machine_now()) < NEAR
