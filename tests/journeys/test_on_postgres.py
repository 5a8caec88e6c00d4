"""The same service on PostgreSQL: an official's first days, the coordinator's view, a restart, and /forget."""

from pathlib import Path

import pytest

from tests.support.postgres import Server
from tests.support.world import COORDINATOR, a_world


@pytest.mark.slow
async def test_an_official_learns_is_counted_and_is_forgotten(tmp_path: Path, postgres: Server) -> None:
    async with postgres.database(migrated=False) as url, a_world(tmp_path, database_url=url) as world:
        async with world.serving():
            code = await world.cohort()
            asha = await world.enrolled("Asha Rahman", code)
            await asha.sees("Your first lesson: Sunday 08:30, Riyadh")
            await world.morning()
            await asha.sees("A tool that works both ways")
            await asha.taps("To the question")
            await asha.taps("A", times=2)
            await asha.sees("How sure are you")
        async with world.serving():  # the answer is remembered
            await asha.taps("Not sure")
            await asha.sees("Source", "Next lesson: Monday 08:30, Riyadh")
            await world.morning()
            assert "To the question" in (await asha.last()).labels
            nasreen = await world.phone("Nasreen", COORDINATOR)
            await nasreen.types("/cohort")
            await nasreen.sees("Gulf 2026", "Active: 1", "Riyadh: 1 person")
            await asha.types("/forget")
            await asha.taps((await asha.last()).labels[0])
            await nasreen.types("/find Asha")
            assert "Asha" not in (await nasreen.last()).text
        journal = await world.journal()
        assert journal["refusals"] == []
        assert all(tap["answered"] for tap in journal["taps"])
    assert not list(tmp_path.glob("*.sqlite3"))
