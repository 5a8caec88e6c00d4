"""The quick form of `make faults`: a few faults side by side, each only seconds long."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running import Plan, Told, run
from tests.faults.striking import FAULTS
from tests.support.postgres import Cluster, cluster

pytestmark = [pytest.mark.slow, pytest.mark.first]
QUICK = (("cut-after", "sqlite"), ("full-disk", "sqlite"), ("restart", "postgres"))


@pytest.fixture(scope="module")
def mortal() -> Iterator[Cluster]:
    """A PostgreSQL of our own: the one that other tests use must not die."""
    with cluster() as ours:
        yield ours


@pytest.fixture(scope="module")
def told(mortal: Cluster, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """All of them at the same time, each with a sandbox, a database and a service of its own."""

    async def one(name: str, engine: str, turn: asyncio.Lock) -> Told:
        folder: Path = tmp_path_factory.mktemp(name)
        plan = Plan(FAULTS[name], engine, FAULTS[name].shortest, people=24)
        return await run(plan, folder, mortal if engine == "postgres" else None, turn)

    async def all_of_them() -> list[Told]:
        turn = asyncio.Lock()
        return await asyncio.gather(*(one(name, engine, turn) for name, engine in QUICK))

    return asyncio.run(all_of_them())


def test_after_a_fault_the_service_goes_on_by_itself_and_nothing_is_lost_or_doubled(told: list[Told]) -> None:
    for each in told:
        wrong = (each.wrong, {rule: found for rule, found in each.verdict.faults.items() if found}, each.unshown)
        assert wrong == ([], {}, 0), each.plan.fault.name
        assert each.sound, (each.plan.fault.name, each.tap, each.bulk)
        assert each.verdict.counts["taps"] > 8
        assert each.verdict.counts["sends"] > 30
