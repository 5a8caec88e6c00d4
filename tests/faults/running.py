"""One fault under load: how soon work is done again after it, and what the ledger says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from lessons import catalogue
from tests.faults.ground import Ground, ground_in
from tests.faults.load import SEND_RATE, Load
from tests.faults.rest import Rest
from tests.faults.striking import Fault
from tests.kill.evidence import gather
from tests.kill.ledger import Verdict, judge
from tests.kill.lives import EndedByItself
from tests.kill.placing import meet, place
from tests.kill.script import Size
from tests.support.postgres import Cluster

PROMISED = 10.0  # seconds after a fault's end within which work is done again
PATIENCE = 40.0  # seconds that we wait for it, to tell the figure
LOOK = 0.5
WARM, AFTER = 2.0, 1.0  # seconds of load before the fault and after work is done again


@dataclass(frozen=True, slots=True)
class Plan:
    """`people` get each broadcast. `patient`: leases run out by themselves at the end instead of being wound on."""

    fault: Fault
    engine: str
    seconds: float
    people: int = 100
    seed: int = 7
    patient: bool = False


@dataclass
class Told:
    """What came of it. Instants are the machine's; the figures are seconds after the fault's end, None for never."""

    plan: Plan
    lasted: float = 0.0
    tap: float | None = None
    bulk: float | None = None
    meanwhile: float | None = None  # seconds after the fault's beginning, for a tap made during it
    verdict: Verdict = field(default_factory=Verdict)
    unshown: int = 0  # feedback that no phone shows; the answer itself is kept
    wrong: list[str] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """Findings of the ledger: acknowledged and lost, doubled, or left over."""
        return sum(len(found) for found in self.verdict.faults.values())

    @property
    def sound(self) -> bool:
        """Within the promise, and nothing is wrong."""
        soon = all(each is not None and each <= PROMISED for each in (self.tap, self.bulk))
        return soon and not self.lost and not self.wrong


async def run(plan: Plan, folder: Path, server: Cluster | None, turn: asyncio.Lock | None = None) -> Told:
    """Play it through on a new database; `turn` where others do so in the same process."""
    told = Told(plan)
    async with ground_in(folder, server, turn or asyncio.Lock()) as ground:
        try:
            await _play(told, ground)
        except EndedByItself as ended:
            told.wrong.append(str(ended))
        told.wrong += ground.wrong
    return told


async def _play(told: Told, ground: Ground) -> None:
    plan, rng = told.plan, Random(f"{told.plan.seed} {told.plan.fault.name}")  # noqa: S311 - no secrets
    lasts = WARM + plan.seconds + PATIENCE
    newcomers = plan.people // 5
    broadcasts = round(lasts * SEND_RATE / plan.people) + 2
    size = Size(plan.people - newcomers, newcomers, questions=1, broadcasts=broadcasts)
    await meet(ground.remote, ground.session, size)
    placed = await place(ground.store, ground.remote, size, catalogue.built_in(), rng, lasts=WARM + plan.seconds)
    load = ground.load = Load(ground.remote, placed, size, rng)
    for _ in range(plan.fault.replicas):
        await ground.serve()
    async with _busy(load):
        await asyncio.sleep(WARM)
        began = datetime.now(UTC)
        await plan.fault.strike(ground, plan.seconds)
        ended, began = datetime.now(UTC), ground.began or began
        await _resumed(told, ground, began, ended)
        await asyncio.sleep(AFTER)
    told.lasted = (ended - began).total_seconds()
    told.wrong += await Rest(ground, patient=plan.patient).comes()
    evidence = await gather(ground.store, ground.remote, ground.session, placed, load.done)
    evidence.unanswered &= {query for query, at in load.made_at.items() if (at - ended).total_seconds() > PROMISED}
    told.verdict = judge(evidence)
    if plan.fault.name == "two-pollers":  # what it is about
        refused = told.verdict.faults["refused calls"]
        told.verdict.faults["refused calls"] = [each for each in refused if "getUpdates: Conflict" not in each]
    told.unshown = len(told.verdict.faults.pop("feedback not shown"))


@asynccontextmanager
async def _busy(load: Load) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(load.act()), asyncio.create_task(load.broadcast())]
    try:
        yield
        load.end()
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _resumed(told: Told, ground: Ground, began: datetime, ended: datetime) -> None:
    """Look at the journal until a tap made after the fault is answered and a bulk message has gone out."""
    assert ground.load is not None
    while (datetime.now(UTC) - ended).total_seconds() < PATIENCE:
        for service in ground.services:
            service.still_there()
        async with ground.session.get(f"{ground.remote.address}/sandbox/journal") as answer:
            calls = [call for call in (await answer.json())["calls"] if call["status"] == 200]
        made = ground.load.made_at
        answered = {str(each["params"].get("callback_query_id")): _at(each) for each in calls}
        told.tap = _first([at for query, at in answered.items() if query in made and made[query] > ended], ended)
        told.bulk = _first([_at(each) for each in calls if _bulk(each) and _at(each) > ended], ended)
        during = [at for query, at in answered.items() if query in made and began < made[query] < ended]
        told.meanwhile = _first([at for at in during if at < ended], began)
        if told.tap is not None and told.bulk is not None:
            return
        await asyncio.sleep(LOOK)


def _at(call: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(call["real_at"])


def _bulk(call: dict[str, Any]) -> bool:
    return call["method"] == "sendMessage" and str(call["params"].get("text", "")).endswith("to the cohort.")


def _first(instants: list[datetime], since: datetime) -> float | None:
    return (min(instants) - since).total_seconds() if instants else None
