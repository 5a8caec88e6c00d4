"""A case in the place of a lesson: it comes in the morning, is reminded of, survives a restart, and lessons go on."""

from pathlib import Path

import pytest

from tests.journeys.test_posting import studies
from tests.support.world import Phone, World, a_world

pytestmark = pytest.mark.slow
TITLE = "The rubber boat"


async def through_the_first_module(world: World) -> Phone:
    """Five lessons on five mornings; the feedback on the last says what comes."""
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    for _ in range(5):
        await world.morning()
        await studies(asha)
    await asha.sees("Next, a case to decide: Sunday 08:30, Riyadh.")
    return asha


async def over_the_weekend(world: World) -> None:
    """From Thursday to Sunday morning."""
    await world.wind(days=2)
    await world.morning()


async def test_a_case_comes_is_reminded_of_and_lessons_go_on_once_it_is_decided(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await through_the_first_module(world)
            await over_the_weekend(world)
            case = next(bubble for bubble in (await asha.bubbles())[-2:] if "a case to decide" in bubble.text)
            assert TITLE in case.text
            assert case.labels == ("Begin the case",)
            await world.wind(hours=4.5)
            reminder = await asha.sees(TITLE, "even minutes")
            assert reminder.labels == ("Open the case",)
            await asha.types("/progress")
            await asha.sees("Cases decided: 0 of 12", f"Waiting for you: {TITLE}.")
            await asha.taps("Open the case", on=reminder.message_id)
            opened = await asha.sees("a case to decide", TITLE)
            await asha.taps("Begin the case", on=opened.message_id)
            await asha.taps("A", on=opened.message_id)
            here = next(bubble for bubble in await asha.bubbles() if bubble.message_id == opened.message_id)
        async with world.serving():  # restarted in mid-scene
            await asha.types("/today")
            again = await asha.sees("a case to decide", TITLE)
            await asha.taps("Begin the case", on=again.message_id)
            scene = next(bubble for bubble in await asha.bubbles() if bubble.message_id == again.message_id)
            assert (scene.text, scene.labels) == (here.text, here.labels)
            while "A" in scene.labels:
                await asha.taps("A", on=again.message_id)
                scene = next(bubble for bubble in await asha.bubbles() if bubble.message_id == again.message_id)
            await asha.sees("Next lesson: Monday 08:30, Riyadh.")
            await asha.types("/progress")
            await asha.sees("Cases decided: 1 of 12")
            await world.morning()
            assert any("lesson 6 of 44" in bubble.text for bubble in (await asha.bubbles())[-3:])


async def test_a_case_played_before_its_turn_counts_and_does_not_come_again(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world, world.serving():
        asha = await through_the_first_module(world)
        await asha.types("/case")
        await asha.taps(TITLE)
        await asha.taps("Begin the case")
        scene = await asha.last()
        while "A" in scene.labels:
            await asha.taps("A", on=scene.message_id)
            scene = next(bubble for bubble in await asha.bubbles() if bubble.message_id == scene.message_id)
        await asha.sees("Next lesson: Sunday 08:30, Riyadh.")
        await over_the_weekend(world)
        assert any("lesson 6 of 44" in bubble.text for bubble in (await asha.bubbles())[-3:])
        assert (await world.journal())["refusals"] == []
