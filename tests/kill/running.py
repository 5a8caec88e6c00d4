"""One run: an engine, a way of receiving, so many kills; what came of it."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

import aiohttp

from lessons import catalogue
from storage.store import Store
from tests.bot.rim import free_port
from tests.kill import newborn
from tests.kill.calm_clock import calm_clock
from tests.kill.deaths import A_LIFE, A_START, Deaths
from tests.kill.evidence import Evidence, gather
from tests.kill.ledger import Verdict, judge
from tests.kill.lives import EndedByItself, Lives
from tests.kill.people import People
from tests.kill.places import Databases
from tests.kill.placing import COORDINATOR, NOON, meet, place
from tests.kill.quiet import Quiet
from tests.kill.script import Size
from tests.support.processes import Remote, environment, sandbox_process

Way = Literal["polling", "webhook"]
SEND_RATE = 200  # bulk messages a second: a broadcast lasts for some lives
NEWBORN = 20  # of so many kills, one falls on a new database


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. `hurried`: leases are wound on at the end instead of waiting for them."""

    name: str
    way: Way
    kills: int
    updates: int
    sends: int
    seed: int
    hurried: bool = False


@dataclass
class Told:
    """What came of it: kills by their moment, the verdict, the seconds it took, the worst lateness of a lease."""

    plan: Plan
    kills: Counter[str] = field(default_factory=Counter)
    verdict: Verdict = field(default_factory=Verdict)
    evidence: Evidence | None = None
    seconds: float = 0.0
    late: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands before the first life: the sandbox, its people, and the service's environment by database."""

    session: aiohttp.ClientSession
    remote: Remote
    size: Size
    env: Callable[[str], dict[str, str]]


@asynccontextmanager
async def _stage(plan: Plan, folder: Path) -> AsyncIterator[Stage]:
    size = Size.of(plan.updates, plan.sends, lessons=len(catalogue.built_in().lessons))
    async with (
        aiohttp.ClientSession() as session,
        sandbox_process(folder, NOON.isoformat()) as address,
        calm_clock(NOON) as clock,
    ):
        remote = Remote(session, address)
        await meet(remote, session, size)
        yield Stage(session, remote, size, _environment(plan, folder, address, clock))


async def run(plan: Plan, fresh: Databases, folder: Path, *, tick: Callable[[], None] = lambda: None) -> Told:
    """Play it through on databases from `fresh`. `tick` is called after each kill."""
    began, told = time.monotonic(), Told(plan)
    rng = Random(f"{plan.seed} {plan.name}")  # noqa: S311 - it deals out moments, not secrets

    def on_kill(moment: str) -> None:
        told.kills[moment] += 1
        tick()

    async with _stage(plan, folder) as stage:
        for moment in await newborn.killed(max(1, plan.kills // NEWBORN), fresh, stage.env, folder, rng):
            on_kill(moment)
        async with fresh(folder / "data") as url, await Store.open(url) as store:
            lives = Lives(stage.env(url), folder / "service.log")
            try:
                await _play(told, stage, store, lives, rng, on_kill)
            except EndedByItself as ended:
                told.verdict.faults["ends by itself"] = [str(ended)]
            finally:
                await lives.end()
            told.verdict.faults["errors in the log"] = [f"{n} × {event}" for event, n in lives.troubles().items()]
    told.seconds = time.monotonic() - began
    return told


async def _play(
    told: Told, stage: Stage, store: Store, lives: Lives, rng: Random, on_kill: Callable[[str], None]
) -> None:
    lasts = told.plan.kills * (A_START + A_LIFE / 2)
    placed = await place(store, stage.remote, stage.size, catalogue.built_in(), rng, lasts=lasts)
    quiet = Quiet(lives, store, stage.session, stage.remote.address)
    people = People(stage.remote, placed, stage.size, rng)
    await _live(told, people, Deaths(lives, store, quiet, rng, on_kill), quiet)
    status = await lives.stop()
    told.evidence = await gather(store, stage.remote, stage.session, placed, people.done)
    told.verdict = judge(told.evidence)
    told.verdict.faults["never ends"] = quiet.stuck
    told.verdict.faults["does not end cleanly"] = [f"status {status} after SIGTERM"] if status else []
    told.late = quiet.late


async def _live(told: Told, people: People, deaths: Deaths, quiet: Quiet) -> None:
    """People act while the service dies, until all kills are spent; then quiet."""
    first, last = told.kills.total(), told.plan.kills
    acting = asyncio.create_task(people.act())
    try:
        while (so_far := told.kills.total()) < last:
            people.allow((so_far + 1 - first) / (last - first))
            await deaths.one(may_be_two=last - so_far > 1)
        people.allow(1.0)
        await acting
        await quiet.comes(hurried=told.plan.hurried)
    finally:
        acting.cancel()


def _environment(plan: Plan, folder: Path, address: str, clock: str) -> Callable[[str], dict[str, str]]:
    more = {"ATTACHE_SEND_RATE": str(SEND_RATE), "ATTACHE_COORDINATORS": str(COORDINATOR), "ATTACHE_CLOCK": clock}
    if plan.way == "webhook":
        port = free_port()
        more |= {"ATTACHE_HTTP_PORT": str(port), "ATTACHE_WEBHOOK_URL": f"http://127.0.0.1:{port}/updates"}
        more |= {"ATTACHE_WEBHOOK_SECRET": "hook_SECRET-0123456789abcdefghij"}
    return lambda url: environment(folder, address, ATTACHE_DATABASE_URL=url, **more)
