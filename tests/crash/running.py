"""Many runs, on several processes at once, and what they came to."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from random import Random

from sqlalchemy import make_url

from tests.crash.fuse import Crossing
from tests.crash.places import Place, in_memory, on_server
from tests.crash.playing import Run, Stage, stage
from tests.support.postgres import Server

At = tuple[Crossing, ...]
CHUNK = 100  # runs that a process is given at a time


@dataclass(frozen=True, slots=True)
class Told:
    """What is kept of a run: `twice` and `doubted` by kind, `then` is what the life after a single death crosses."""

    at: At
    deaths: int
    then: tuple[Crossing, ...]
    faults: dict[str, list[str]]
    twice: dict[str, int]
    doubted: dict[str, int]
    seconds: float

    @property
    def reached(self) -> bool:
        """Whether each life lasted to the crossing at which it was to end."""
        return self.deaths == len(self.at)

    @property
    def outcome(self) -> str:
        """In a word."""
        if self.faults:
            return "at fault"
        if self.doubted:
            return "in doubt, and told"
        return "twice, unavoidably" if self.twice else "as if nothing had happened"


@dataclass
class Tale:
    """All runs of an engine. `boundaries`: what an undisturbed life crosses, in order."""

    engine: str
    boundaries: list[Crossing] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not any(each.faults for each in self.told)


def told(run: Run) -> Told:
    """The run without its evidence."""
    faults = {rule: found for rule, found in run.verdict.faults.items() if found}
    then = tuple(run.crossings[-1]) if len(run.at) == run.deaths == 1 else ()
    twice, doubted = dict(run.verdict.twice), dict(run.verdict.doubted)
    return Told(run.at, run.deaths, then, faults, twice, doubted, run.seconds)


async def undisturbed(ready: Stage) -> list[Crossing]:
    """What is crossed when nobody dies: all that three runs cross, for a look at the queue more or less is chance."""
    found: dict[Crossing, None] = {}
    for _ in range(3):
        found |= dict.fromkeys((await ready.play()).crossings[0])
    return list(found)


async def boundaries(place: AbstractAsyncContextManager[Place]) -> list[Crossing]:
    """The same, on a stage of its own."""
    async with stage(place) as ready:
        return await undisturbed(ready)


async def played(
    place: AbstractAsyncContextManager[Place], runs: Sequence[At], tick: Callable[[], None] = lambda: None
) -> list[Told]:
    """These runs, one after the other."""
    found = []
    async with stage(place) as ready:
        for at in runs:
            found.append(told(await ready.play(*at)))
            tick()
    return found


def place_of(address: str | None) -> AbstractAsyncContextManager[Place]:
    """A new database: on that server, or a SQLite file."""
    return in_memory() if address is None else on_server(_server(address))


@cache
def _server(address: str) -> Server:
    """It keeps a migrated database to copy."""
    return Server(make_url(address))


def _chunk(address: str | None, runs: Sequence[At]) -> list[Told]:
    return asyncio.run(played(place_of(address), runs))


def spread(address: str | None, runs: Sequence[At], *, jobs: int, tick: Callable[[int], None]) -> list[Told]:
    """These runs, on so many processes."""
    chunks = [runs[start : start + CHUNK] for start in range(0, len(runs), CHUNK)]
    found: list[Told] = []
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for some in pool.map(_chunk, [address] * len(chunks), chunks):
            found += some
            tick(len(some))
    return found


def pairs_of(singles: Sequence[Told]) -> list[At]:
    """Every crossing of the first life with every crossing of the life that follows it."""
    return [(*each.at, crossing) for each in singles for crossing in each.then]


def sampled(runs: Sequence[At], n: int | None, seed: int) -> Sequence[At]:
    """`n` of them, or all."""
    if n is None or n >= len(runs):
        return runs
    return sorted(Random(seed).sample(runs, n))  # noqa: S311 - it picks runs, not secrets
