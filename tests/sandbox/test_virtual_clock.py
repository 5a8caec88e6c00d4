"""People's time never runs past what is due, and a wind lives through all of it."""

import asyncio
import bisect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox.limits import Limits
from sandbox.server import Sandbox
from tests.sandbox.wire import Wire

START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # Sunday, 07:00 in Riyadh


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Wire]:
    async with (
        Sandbox(limits=Limits.off(), start_at=START) as sandbox,
        aiohttp.ClientSession(sandbox.address) as client,
    ):
        yield Wire(sandbox, client)


class Service:
    """Follows the clock as the contract says: what is due is done at its instant, then the next is reported."""

    def __init__(self, wire: Wire, due: list[datetime]) -> None:
        self.wire, self.due = wire, sorted(due)
        self.done: list[tuple[datetime, datetime]] = []  # (due, people's time at which it was done)
        self.busy = False
        self.offset = 0
        self.reports = 0

    async def follow(self) -> None:
        seen = -1
        while True:
            clock = await self.wire.post(
                "clock/service",
                seen=seen,
                idle=not self.busy,
                next_due_at=self.due[0].isoformat() if self.due else None,
                wait=0.1,
            )
            self.reports += 1
            seen = clock["revision"]
            now = datetime.fromisoformat(clock["now"])
            while self.due and self.due[0] <= now:
                self.done.append((self.due.pop(0), now))

    async def poll(self) -> None:
        """Each word that a person says is a new due instant, in hours from the start."""
        while True:
            for update in await self.wire.updates(offset=self.offset, timeout=10):
                bisect.insort(self.due, at(float(update["message"]["text"])))
                self.offset = update["update_id"] + 1

    def late(self) -> list[datetime]:
        return [due for due, done in self.done if done - due > timedelta(seconds=1)]


@asynccontextmanager
async def service(wire: Wire, *hours: float) -> AsyncIterator[Service]:
    follower = Service(wire, [at(each) for each in hours])
    tasks = [asyncio.create_task(follower.follow()), asyncio.create_task(follower.poll())]
    await asyncio.sleep(0.05)
    try:
        yield follower
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def turn(wire: Wire, **command: Any) -> Any:
    return await wire.post("clock?wait=1", **command)


async def now(wire: Wire) -> datetime:
    return datetime.fromisoformat((await wire.get("clock"))["now"])


def near(one: datetime, other: datetime, seconds: float = 2) -> bool:
    return abs((one - other).total_seconds()) < seconds


async def test_the_clock_starts_where_it_is_told_and_runs_like_life(wire: Wire) -> None:
    clock = await wire.get("clock")
    assert near(datetime.fromisoformat(clock.pop("now")), START)
    assert clock == {
        "rate": 1.0,
        "stop_at": None,
        "revision": 0,
        "winding_to": None,
        "next_due_at": None,
        "idle": True,
    }


@pytest.mark.parametrize(("rate", "least", "most"), [(3600, 500, 1500), (0, 0, 0.01)])
async def test_the_rate_multiplies_time(wire: Wire, rate: float, least: float, most: float) -> None:
    await turn(wire, rate=rate)
    before = await now(wire)
    await asyncio.sleep(0.25)
    assert least <= (await now(wire) - before).total_seconds() <= most


async def test_time_never_goes_back(wire: Wire) -> None:
    for command in ("jump_to", "wind_to"):
        body = {command: at(-1).isoformat()}
        assert await wire.impossible("clock", **body) == (409, "Time never goes back.")


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"rate": -1},
        {"rate": "fast"},
        {"jump_to": "noon"},
        {"jump_to": "2026-11-22T10:00:00"},
        {"next": "lesson"},
        {"next": "morning"},
        {"next": "morning", "zone": "Mars/Base"},
    ],
)
async def test_a_command_that_cannot_be_is_refused_with_a_sentence(wire: Wire, command: dict[str, Any]) -> None:
    assert (await wire.impossible("clock", **command))[0] == 400


async def test_each_command_is_a_new_revision(wire: Wire) -> None:
    first = await turn(wire, rate=60)
    second = await turn(wire, jump_to=at(1).isoformat())
    assert (first["revision"], second["revision"]) == (1, 2)


async def test_without_a_service_a_wind_arrives_at_once(wire: Wire) -> None:
    clock = await turn(wire, wind_to=at(100).isoformat())
    assert near(datetime.fromisoformat(clock["now"]), at(100))
    assert clock["winding_to"] is None


async def test_without_a_service_there_is_no_next_event(wire: Wire) -> None:
    clock = await turn(wire, next="event")
    assert "note" in clock
    assert near(datetime.fromisoformat(clock["now"]), START)


async def test_next_morning_is_half_past_eight_where_the_person_is(wire: Wire) -> None:
    clock = await turn(wire, next="morning", zone="Asia/Riyadh")
    assert near(datetime.fromisoformat(clock["now"]), at(1.5) + timedelta(seconds=5))
    clock = await turn(wire, next="morning", zone="Asia/Riyadh")
    assert near(datetime.fromisoformat(clock["now"]), at(25.5) + timedelta(seconds=5))


async def test_a_wind_lives_through_every_due_instant(wire: Wire) -> None:
    hours = [1, 1, 2.5, 30, 31, 99]
    async with service(wire, *hours) as follower:
        clock = await turn(wire, wind_to=at(100).isoformat())
        assert clock["winding_to"] is None
        assert [due for due, _ in follower.done] == [at(each) for each in hours]
        assert follower.late() == []
        assert near(datetime.fromisoformat(clock["now"]), at(100))


async def test_a_wind_does_what_is_due_at_its_very_end(wire: Wire) -> None:
    async with service(wire, 5, 6) as follower:
        await turn(wire, wind_to=at(5).isoformat())
        assert [due for due, _ in follower.done] == [at(5)]


async def test_a_wind_waits_for_a_service_that_is_busy(wire: Wire) -> None:
    async with service(wire, 1) as follower:
        follower.busy = True
        clock = await wire.post("clock", wind_to=at(10).isoformat())
        await asyncio.sleep(0.3)
        assert (await wire.get("clock"))["winding_to"] is not None
        assert near(await now(wire), datetime.fromisoformat(clock["now"]))
        follower.busy = False
        async with asyncio.timeout(3):
            await wire.get("clock?wait=1")
        assert near(await now(wire), at(10))


async def test_a_wind_waits_until_what_people_said_has_been_heard(wire: Wire) -> None:
    await wire.asha()
    async with service(wire) as follower:
        for word in ("3", "2", "4.5"):
            await wire.act(101, "says", text=word)
        await turn(wire, wind_to=at(5).isoformat())
        assert [due for due, _ in follower.done] == [at(2), at(3), at(4.5)]
        assert follower.late() == []


async def test_pending_updates_mean_not_idle(wire: Wire) -> None:
    await wire.asha()
    assert (await wire.get("clock"))["idle"] is True
    await wire.act(101, "says", text="1")
    assert (await wire.get("clock"))["idle"] is False


@pytest.mark.parametrize("rate", [60, 3600])
async def test_fast_time_stops_at_what_is_due_until_it_is_done(wire: Wire, rate: float) -> None:
    soon = rate / 3600 * 0.2  # 0.2 s away at this rate
    async with service(wire, soon, soon * 2) as follower:
        await wire.post("clock", rate=rate)
        await asyncio.sleep(0.2 * 2 + 0.2)
        assert [due for due, _ in follower.done] == [at(soon), at(soon * 2)]
        assert follower.late() == []
        assert await now(wire) > at(soon * 2)


async def test_fast_time_holds_still_for_a_busy_service(wire: Wire) -> None:
    async with service(wire, 0.2) as follower:
        await wire.post("clock", rate=3600)
        await asyncio.sleep(0.05)
        follower.busy = True
        await asyncio.sleep(0.3)
        clock = await wire.get("clock")
        assert clock["now"] == clock["stop_at"] == at(0.2).isoformat()
        revision = clock["revision"]
        follower.busy = False
        await asyncio.sleep(0.3)
        assert (await wire.get("clock"))["revision"] > revision
        assert await now(wire) > at(0.2)


async def test_life_like_time_does_not_stop(wire: Wire) -> None:
    async with service(wire, 0) as follower:
        follower.busy = True
        await wire.post("clock", rate=1)
        assert (await wire.get("clock"))["stop_at"] is None


async def test_next_event_goes_to_the_earliest_look_of_the_service(wire: Wire) -> None:
    async with service(wire, 7, 9) as follower:
        clock = await turn(wire, next="event")
        assert near(datetime.fromisoformat(clock["now"]), at(7))
        assert [due for due, _ in follower.done] == [at(7)]
        clock = await turn(wire, next="event")
        assert near(datetime.fromisoformat(clock["now"]), at(9))
        clock = await turn(wire, next="event")
        assert clock["note"] == "Nothing is due."


async def test_next_event_knows_what_was_said_a_moment_ago(wire: Wire) -> None:
    await wire.asha()
    async with service(wire, 50):
        await wire.act(101, "says", text="3")
        clock = await turn(wire, next="event")
        assert near(datetime.fromisoformat(clock["now"]), at(3))


async def test_a_jump_skips_what_lies_between_as_an_outage_does(wire: Wire) -> None:
    async with service(wire, 1) as follower:
        await wire.post("clock", jump_to=at(9).isoformat())
        await asyncio.sleep(0.1)
        assert follower.late() == [at(1)]


async def test_a_new_command_ends_a_wind(wire: Wire) -> None:
    async with service(wire, 1) as follower:
        follower.busy = True
        await wire.post("clock", wind_to=at(10).isoformat())
        clock = await wire.post("clock", rate=1)
        assert (clock["winding_to"], clock["stop_at"]) == (None, None)


async def test_an_idle_service_is_not_answered_in_a_frenzy(wire: Wire) -> None:
    async with service(wire, 50) as follower:
        await wire.post("clock", rate=60)
        before = follower.reports
        await asyncio.sleep(0.5)
        assert follower.reports - before <= 8


async def test_a_service_that_restarts_takes_a_hold_over(wire: Wire) -> None:
    async with service(wire, 1) as first:
        first.busy = True
        await wire.post("clock", wind_to=at(10).isoformat())
        await asyncio.sleep(0.1)
    async with service(wire, 1) as second:
        await wire.get("clock?wait=1")
        assert [due for due, _ in second.done] == [at(1)]


async def test_messages_carry_peoples_time(wire: Wire) -> None:
    await wire.asha()
    await turn(wire, jump_to=at(24).isoformat())
    sent = await wire.done("sendMessage", chat_id=101, text="x")
    assert near(datetime.fromtimestamp(sent["date"], UTC), at(24))


async def test_the_stream_shows_the_clock_when_it_is_touched(wire: Wire) -> None:
    async with wire.client.get("/sandbox/stream") as stream:
        for _ in range(3):
            await stream.content.readline()
        await wire.post("clock", rate=60)
        async with asyncio.timeout(2):
            assert await stream.content.readline() == b"event: clock\n"
            assert b'"rate": 60' in await stream.content.readline()


async def report(wire: Wire, *, seen: int, idle: bool = True) -> Any:
    return await wire.post("clock/service", seen=seen, idle=idle, next_due_at=None, wait=0)


async def test_a_report_made_before_the_wind_began_does_not_release_it(wire: Wire) -> None:
    before = await report(wire, seen=-1)
    begun = await wire.post("clock", wind_to=at(5).isoformat())
    await report(wire, seen=before["revision"])
    assert near(await now(wire), START)
    await report(wire, seen=begun["revision"])
    assert near(await now(wire), at(5))


async def test_idleness_that_was_true_before_an_update_came_does_not_count(wire: Wire) -> None:
    await wire.asha()
    await report(wire, seen=-1)
    update_id = (await wire.act(101, "says", text="hello"))["update_id"]
    begun = await wire.post("clock", wind_to=at(5).isoformat())
    await report(wire, seen=begun["revision"])  # the update is still pending
    assert near(await now(wire), START)
    await wire.updates(offset=update_id + 1)
    await report(wire, seen=begun["revision"])  # perhaps on its way since before the update was taken
    assert near(await now(wire), START)
    await report(wire, seen=begun["revision"])
    assert near(await now(wire), at(5))
