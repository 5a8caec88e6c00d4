"""The ticker, over real time in hundredths of a second."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from scheduler.errors import SchedulerError
from scheduler.heartbeat import Beat, Heartbeat


class Beaten:
    """A beat's work: counts its runs and how many run at once, waits for `hold` when there is one."""

    def __init__(self) -> None:
        self.runs = 0
        self.now = 0
        self.most = 0
        self.hold: asyncio.Event | None = None
        self.error: Exception | None = None

    async def __call__(self) -> None:
        self.runs += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if self.hold:
                await self.hold.wait()
            if self.error:
                raise self.error
        finally:
            self.now -= 1


@pytest.fixture
async def started() -> AsyncIterator[list[Heartbeat]]:
    """Heartbeats put in here are stopped at the end."""
    all_of_them: list[Heartbeat] = []
    yield all_of_them
    for heartbeat in all_of_them:
        await heartbeat.stop()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def test_a_beat_comes_at_start_and_again(started: list[Heartbeat]) -> None:
    work, heard = Beaten(), list[str]()
    heartbeat = Heartbeat({"plan": Beat(0.02, work)}, on_beat=heard.append)
    started.append(heartbeat)
    heartbeat.start()
    await until(lambda: work.runs >= 3)
    assert heard[:2] == ["plan", "plan"]


async def test_a_nudge_brings_a_beat_at_once(started: list[Heartbeat]) -> None:
    work = Beaten()
    heartbeat = Heartbeat({"plan": Beat(3600, work)})
    started.append(heartbeat)
    heartbeat.start()
    await until(lambda: work.runs == 1 and work.now == 0)
    heartbeat.nudge("plan")
    await until(lambda: work.runs == 2)


async def test_nudges_during_a_beat_bring_one_more_and_never_two_at_once(started: list[Heartbeat]) -> None:
    work = Beaten()
    work.hold = asyncio.Event()
    heartbeat = Heartbeat({"plan": Beat(3600, work)})
    started.append(heartbeat)
    heartbeat.start()
    await until(lambda: work.now == 1)
    for _ in range(5):
        heartbeat.nudge("plan")
    work.hold.set()
    await until(lambda: work.runs == 2 and work.now == 0)
    await asyncio.sleep(0.05)
    assert (work.runs, work.most) == (2, 1)


async def test_an_error_is_told_and_the_beat_goes_on(started: list[Heartbeat]) -> None:
    work, heard, told = Beaten(), list[str](), list[tuple[str, str]]()
    work.error = RuntimeError("disk full")
    heartbeat = Heartbeat(
        {"plan": Beat(0.02, work)}, on_beat=heard.append, on_error=lambda name, error: told.append((name, str(error)))
    )
    started.append(heartbeat)
    heartbeat.start()
    await until(lambda: len(told) >= 2)
    assert told[0] == ("plan", "disk full")
    assert heard == []
    work.error = None
    await until(lambda: heard != [])


async def test_one_slow_beat_holds_no_other_up(started: list[Heartbeat]) -> None:
    slow, quick = Beaten(), Beaten()
    slow.hold = asyncio.Event()
    heartbeat = Heartbeat({"slow": Beat(3600, slow), "quick": Beat(0.02, quick)})
    started.append(heartbeat)
    heartbeat.start()
    await until(lambda: quick.runs >= 3 and slow.now == 1)
    slow.hold.set()


async def test_stopping_waits_for_what_runs_and_starts_no_more() -> None:
    work = Beaten()
    work.hold = asyncio.Event()
    heartbeat = Heartbeat({"plan": Beat(0.02, work)})
    heartbeat.start()
    await until(lambda: work.now == 1)
    heartbeat.nudge("plan")
    stopping = asyncio.create_task(heartbeat.stop())
    await asyncio.sleep(0.03)
    assert not stopping.done()
    work.hold.set()
    await stopping
    await asyncio.sleep(0.06)
    assert (work.runs, work.now) == (1, 0)


async def test_stopping_with_a_time_limit_cancels_what_runs() -> None:
    work = Beaten()
    work.hold = asyncio.Event()
    heartbeat = Heartbeat({"plan": Beat(3600, work)})
    heartbeat.start()
    await until(lambda: work.now == 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(heartbeat.stop(), 0.02)
    await until(lambda: work.now == 0)


async def test_stopping_twice_or_before_the_start_does_nothing() -> None:
    heartbeat = Heartbeat({"plan": Beat(3600, Beaten())})
    await heartbeat.stop()
    heartbeat.start()
    await heartbeat.stop()
    await heartbeat.stop()
    heartbeat.nudge("plan")


async def test_an_unknown_beat_is_refused() -> None:
    with pytest.raises(SchedulerError, match="no beat 'tidy'; there are plan"):
        Heartbeat({"plan": Beat(1, Beaten())}).nudge("tidy")
