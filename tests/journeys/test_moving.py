"""An official learns on a SQLite file, everything moves to PostgreSQL overnight, and the next morning goes on there."""

from pathlib import Path

import pytest

from bot import moving
from storage.engine import url_of
from tests.support.postgres import Server
from tests.support.world import a_world


@pytest.mark.slow
async def test_an_official_goes_on_where_she_was_and_newcomers_come_in(tmp_path: Path, postgres: Server) -> None:
    async with postgres.database(migrated=False) as there, a_world(tmp_path) as world:
        async with world.serving():
            code = await world.cohort()
            asha = await world.enrolled("Asha Rahman", code)
            await world.morning()
            await asha.taps("To the question")
            await asha.taps("A")
            await asha.sees("How sure are you")
        await moving.move(world.settings, there)
        world.settings = world.settings.model_copy(update={"database_url": url_of(there, tmp_path)})
        async with world.serving():
            await asha.taps("Not sure")
            await asha.sees("Source", "Next lesson: Monday 08:30, Riyadh")
            babu = await world.enrolled("Babu", code)
            await babu.sees("Your first lesson: Monday 08:30, Riyadh")
            await world.morning()
            for each in (asha, babu):
                assert "To the question" in (await each.last()).labels
        assert (await world.journal())["refusals"] == []
