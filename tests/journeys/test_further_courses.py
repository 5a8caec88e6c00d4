"""A course outside the package: taught the same, edited while a cohort runs, refused whole when it breaks."""

from pathlib import Path

import pytest

from bot import cohort_desk
from tests.support.small_course import keys, small_course
from tests.support.world import Phone, World, a_world

pytestmark = pytest.mark.slow


async def enrolled_in_small(world: World) -> Phone:
    made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
    return await world.enrolled("Asha Rahman", str(made["code"]))


async def test_a_further_course_is_taught_to_its_end_and_becomes_refreshers(tmp_path: Path) -> None:
    module = small_course(tmp_path / "content")
    key_of = keys(module)
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving():
        asha = await enrolled_in_small(world)
        for _ in range(24):
            await world.morning()
            for bubble in await asha.bubbles():
                if "To the question" in bubble.labels:
                    await asha.taps("To the question", on=bubble.message_id)
            for bubble in await asha.bubbles():
                ids = frozenset(data.split(":")[2] for data in bubble.data if data.startswith("a:"))
                if ids:
                    label = next(
                        lab for lab, d in zip(bubble.labels, bubble.data, strict=True) if d.endswith(f":{key_of[ids]}")
                    )
                    await asha.taps(label, on=bubble.message_id)
                    await asha.taps("Sure", on=bubble.message_id)
        assert any("You have completed A small course" in b.text for b in await asha.bubbles())
        await asha.taps("Yes, one a fortnight")
        await asha.sees("Your next refresher")
        await world.wind(days=60)  # both were answered rightly twice: nothing is near to being forgotten before
        await asha.sees("Refresher:")
        assert (await world.journal())["refusals"] == []


async def test_an_edit_is_read_while_learners_are_in_the_middle(tmp_path: Path) -> None:
    module = small_course(tmp_path / "content")
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving() as service:
        asha = await enrolled_in_small(world)
        await world.morning()
        await asha.taps("To the question")
        asked = (await asha.last()).text
        lesson = next(module.glob("01-*.yaml"))
        lesson.write_text(lesson.read_text().replace("A host ministry offers more", "The host ministry offers more"))
        await service.look_at_content()
        await asha.taps("A")
        assert asked.split("\n")[2] in (await asha.last()).text, "an asking keeps the words it was put with"


async def test_a_course_that_breaks_is_refused_and_the_running_one_stays(tmp_path: Path) -> None:
    module = small_course(tmp_path / "content")
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving() as service:
        asha = await enrolled_in_small(world)
        lesson = next(module.glob("01-*.yaml"))
        lesson.write_text(lesson.read_text().replace("role: day", "role: weekly"))
        await service.look_at_content()
        await world.morning()
        await asha.sees("A tool that works both ways", "lesson 1 of 2")
