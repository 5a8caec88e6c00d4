"""One run: people tap in calm weather, a broadcast goes out beside their taps, and Telegram once asks for a pause."""

import asyncio
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select

from bot import callbacks as b
from bot.callbacks import pack
from lessons import catalogue
from storage import deliveries
from storage.schema import broadcast
from storage.store import Store
from tests.bench.enrolled import NOW
from tests.bench.speed.filling import WORDS
from tests.replicas.judge import Act, Asked, Call, Verdict, judge
from tests.replicas.people import Done, People
from tests.replicas.stage import COORDINATOR, Crowd, Engine, Replica, Way, cpu_of, database, phones, replicas
from tests.support.postgres import Server
from tests.support.processes import Remote, sandbox_process

SLOW, BRISK = 2.0, 8.0  # acts of other people a second
BRISK_FROM, STORM_AT = 0.35, 0.6  # shares of the broadcast
ACTS_EACH = 3
LOOK = 1.0  # seconds between looks at how far the broadcast is
PATIENCE = 2.0  # times as long as it should take; what has not come by then does not come


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. `calm`: seconds of taps alone; `retry_after`: of the provoked 429, None for none.

    `slow` and `brisk`: acts of other people a second, before a third of the broadcast is out and after it.
    """

    engine: Engine
    way: Way
    replicas: int
    people: int
    rate: float
    calm: float = 30.0
    retry_after: int | None = 5
    slow: float = SLOW
    brisk: float = BRISK

    @property
    def name(self) -> str:
        """A short one."""
        return f"{self.engine}, {self.replicas} by {self.way}, {self.rate:g} a second"

    @property
    def others(self) -> int:
        """People enough for the taps, with some to spare."""
        lasts = self.people / (self.rate - self.brisk / 2) * 1.2 + 30
        acts = (self.slow + self.brisk) * self.calm / 2
        acts += lasts * (BRISK_FROM * self.slow + (1 - BRISK_FROM) * self.brisk)
        return round(acts / ACTS_EACH) + 48


@dataclass
class Told:
    """What came of it; `shares` of the replicas, `cpu` in seconds by process."""

    plan: Plan
    verdict: Verdict = field(default_factory=Verdict)
    shares: list[int] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)
    waits: dict[str, float] = field(default_factory=dict)  # the coordinator's, in seconds
    seconds: float = 0.0


class Run:
    """Everything that one run has in hand."""

    def __init__(self, told: Told, store: Store, remote: Remote, people: People, tick: Callable[[int], None]) -> None:
        self.told = told
        self._store = store
        self._remote = remote
        self._people = people
        self._tick = tick
        self._broadcast = 0
        self.gave_up = False
        self.states: dict[str, int] = {}

    @property
    def sent(self) -> int:
        """How many have it."""
        return self.states.get("sent", 0)

    @property
    def over(self) -> bool:
        """Nobody waits for it any more."""
        return self.gave_up or (bool(self.states) and not any(self.states.get(state) for state in deliveries.OPEN))

    async def play(self) -> None:
        """Calm taps, then the broadcast with taps beside."""
        plan = self.told.plan
        for rate in (plan.slow, plan.brisk):
            ends = time.monotonic() + plan.calm / 2
            await self._people.act(rate, lambda ends=ends: time.monotonic() > ends)  # type: ignore[misc]  # bound now
        await self._confirm()
        watching = asyncio.create_task(self._watch())
        try:
            await self._people.act(plan.slow, lambda: self.sent > BRISK_FROM * plan.people)
            await self._people.act(plan.brisk, lambda: self.over)
            await watching
        finally:
            watching.cancel()

    async def _confirm(self) -> None:
        """Through the coordinator's chat, as people do it."""
        waits, chat = self.told.waits, f"/sandbox/people/{COORDINATOR}"
        began = time.monotonic()
        await self._remote.post(f"{chat}/says", text=f"/broadcast {WORDS}")
        await self._remote.until(COORDINATOR, "For which cohort")
        waits["/broadcast"], began = time.monotonic() - began, time.monotonic()
        await self._remote.post(f"{chat}/taps", label="Many")
        await self._remote.until(COORDINATOR, "This is how it will arrive", seconds=60)
        waits["the cohort's button"], began = time.monotonic() - began, time.monotonic()
        (draft,) = await self._store.read(lambda tx: tx.all(select(broadcast.c.id)))
        self._broadcast = draft.id
        await self._remote.post(f"{chat}/taps", data=pack(b.SendBroadcast(draft.id)))
        await self._remote.until(COORDINATOR, "Your message to", seconds=60)
        waits["the send button"] = time.monotonic() - began

    async def _watch(self) -> None:
        """How far it is; the pause is provoked on the way."""
        plan, stormed, began = self.told.plan, False, time.monotonic()
        while not self.over:
            if time.monotonic() - began > 60 + PATIENCE * plan.people / plan.rate:
                self.gave_up = True
                return
            before = self.sent
            self.states = await self._store.read(lambda tx: deliveries.counts(tx, self._broadcast))
            self._tick(self.sent - before)
            if plan.retry_after is not None and not stormed and self.sent > STORM_AT * plan.people:
                stormed = True
                fault = {"method": "sendMessage", "kind": "429", "count": 1, "retry_after": plan.retry_after}
                await self._remote.post("/sandbox/faults", **fault)
            await asyncio.sleep(LOOK)


async def run(
    plan: Plan, server: Server | None, folder: Path, *, asked: Asked, tick: Callable[[int], None] = lambda _: None
) -> Told:
    """Play it through. `asked` may be milder than what is promised; `tick` hears how many more were sent."""
    told, crowd, began = Told(plan), Crowd(plan.people, plan.others), time.monotonic()
    async with (
        aiohttp.ClientSession() as session,
        sandbox_process(folder, NOW.isoformat()) as address,
        database(folder / "data", server, crowd) as url,
        await Store.open(url) as store,
    ):
        remote = Remote(session, address)
        placed = await phones(remote, session, crowd)
        people = People(remote, placed, [term.term for term in catalogue.built_in().glossary])
        async with replicas(folder / "data", url, address, number=plan.replicas, way=plan.way, rate=plan.rate) as ours:
            before = _cpu(ours)
            await Run(told, store, remote, people, tick).play()
            told.cpu = {name: used - before[name] for name, used in _cpu(ours).items()}
            told.shares = [await each.sent(session) for each in ours]
        calls, acts = _journal(await remote.journal(), people.done, len(placed))
        (folder / "journal.json").write_text(json.dumps({"calls": calls, "acts": acts}))
        told.verdict = judge(calls, acts, asked, told.shares)
    told.verdict.faults["errors in the log"] = _troubles(ours)
    told.seconds = time.monotonic() - began
    return told


def _cpu(ours: Sequence[Replica]) -> dict[str, float]:
    used = {f"replica {n}": each.cpu() for n, each in enumerate(ours, 1)}
    return used | {"this script": cpu_of(os.getpid())}


def _troubles(ours: Sequence[Replica]) -> list[str]:
    lines = [line for each in ours for line in each.log.read_text().splitlines()]
    return [line[:300] for line in lines if '"level":"error"' in line.replace(" ", "")]


def _journal(journal: dict[str, list[dict[str, Any]]], done: Sequence[Done], skip: int) -> tuple[list[Call], list[Act]]:
    """Calls in order, without the first `skip`, which put the questions on the phones; acts with their delays."""
    calls = [
        Call(_seconds(each["real_at"]), each["method"], each["chat_id"], each["status"], each.get("fault"))
        for each in journal["calls"][skip:]
    ]
    shown: dict[int | None, list[float]] = defaultdict(list)
    for call in calls:
        if call.counted and call.status == 200:
            shown[call.chat].append(call.at)
    taps = {tap["callback_query_id"]: tap for tap in journal["taps"]}
    acts = []
    for each in sorted(done, key=lambda each: each.at):
        tap = taps[each.query] if each.query else None
        at = _seconds(tap["real_at"]) if tap else each.at
        answer = tap["answered_after_ms"] if tap else None
        after = next((seen for seen in shown[each.person] if seen >= at), None)
        acts.append(Act(at, each.person, tap is not None, answer, None if after is None else 1000 * (after - at)))
    return calls, acts


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
