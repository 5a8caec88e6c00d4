"""/progress: how far, until when, what comes next, and five weeks in a picture."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import cohort_desk
from tests.support.small_course import answer, small_course
from tests.support.world import Phone, World, a_world

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Class:
    """Asha in Riyadh, in a course of three lessons; her week begins on Sunday 22 November."""

    world: World
    asha: Phone
    module: Path

    async def studies(self) -> None:
        """Answer the newest lesson's question."""
        await self.asha.taps("To the question")
        await answer(self.asha, self.module)

    async def progress(self) -> str:
        """The words of /progress."""
        await self.asha.types("/progress")
        return (await self.asha.last()).text


@pytest.fixture
async def taught(tmp_path: Path) -> AsyncIterator[Class]:
    module = small_course(tmp_path / "content", 3)
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world:
        made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
        async with world.serving():
            yield Class(world, await world.enrolled("Asha Rahman", str(made["code"])), module)
            assert (await world.journal())["refusals"] == []


async def picture(phone: Phone) -> dict[str, Any]:
    """The newest message with a picture, as the sandbox tells it."""
    for _ in range(3):  # the first picture on a busy machine may take longer than anybody waits for it
        shown: list[dict[str, Any]] = [m for m in (await phone.chat())["messages"] if m.get("photo")]
        if shown:
            return shown[-1]
        await phone.types("/progress")
    raise AssertionError("no picture was drawn")


async def test_the_words_and_the_picture_come_in_one_message(taught: Class) -> None:
    await taught.world.morning()
    await taught.studies()
    assert await taught.progress() == (
        "A small course\n\n"
        "Lessons done: 1 of 3\n"
        "Mastered: 0\n"
        "Coming back in good time: 1\n\n"
        "Next lesson: Monday 08:30, Riyadh.\n\n"
        "You have until Sunday 11 April, 24:00 in Riyadh."
    )
    shown = await picture(taught.asha)
    assert shown["text"] == (await taught.asha.last()).text
    assert shown["photo_size"][0] == 800


async def test_leave_is_said_where_it_moves_the_deadline_and_the_next_lesson(taught: Class) -> None:
    await taught.asha.types("/leave 22 Nov - 3 Dec")
    await taught.world.wind(to=datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    words = await taught.progress()
    assert "Next lesson: Sunday 6 December, 08:30, Riyadh (leave until Thursday 3 December)." in words
    assert "You have until Friday 23 April, 24:00 in Riyadh. Your leave has moved it 12 days later." in words
    await taught.asha.types("/leave")
    await taught.asha.taps("I am back")
    await taught.asha.types("/leave")
    await taught.asha.taps("Crisis week: 7 days from today")
    assert (
        "Sunday 18 April, 24:00 in Riyadh. Leave and crisis weeks have moved it 7 days later."
        in await taught.progress()
    )


async def test_an_open_lesson_is_named_and_a_button_under_the_picture_brings_it(taught: Class) -> None:
    await taught.world.morning()
    assert "Waiting for you: A tool that works both ways." in await taught.progress()
    await taught.asha.taps("Read it now")
    await taught.asha.sees("lesson 1 of 3")
    assert (await picture(taught.asha))["keyboard"] in (None, [])


async def test_who_rests_sees_the_deadline_and_the_way_back(taught: Class) -> None:
    await taught.asha.types("/pause")
    words = await taught.progress()
    assert "Your lessons rest until you tap Resume." in words
    assert "You have until Sunday 11 April" in words
    await taught.asha.taps("Resume")
    await taught.asha.sees("Welcome back. Your next lesson: Sunday 08:30")
    assert (await picture(taught.asha))["keyboard"] in (None, []), "no button that has nothing to do any more"
    assert "Next lesson: Sunday 08:30, Riyadh." in await taught.progress()


async def test_from_the_last_lesson_to_the_life_as_alumna(taught: Class) -> None:
    for _ in range(3):
        await taught.world.morning()
        await taught.studies()
    words = await taught.progress()
    assert "All lessons are with you.\nThe next question comes Thursday 10 December, 08:30." in words
    await taught.world.wind(to=datetime(2026, 12, 10, 5, 31, tzinfo=UTC))
    assert "A question from A tool that works both ways waits for you." in await taught.progress()
    await taught.asha.taps("See the question")
    await answer(taught.asha, taught.module)
    await taught.world.wind(days=3)
    for _ in range(2):
        await answer(taught.asha, taught.module)
    words = await taught.progress()
    assert "Lessons done: 3 of 3\nMastered: 3\n\nYou have completed the course." in words
    assert "No refreshers come; /settings turns them on." in words
    assert "You have until" not in words
    await taught.asha.types("/settings")
    await taught.asha.taps("Yes, one a fortnight")
    assert "Your next refresher: " in await taught.progress()


async def test_after_the_deadline_what_is_done_stands(taught: Class) -> None:
    await taught.world.morning()
    await taught.studies()
    await taught.asha.types("/pause")
    await taught.world.wind(to=datetime(2027, 4, 12, 9, 0, tzinfo=UTC))
    words = await taught.progress()
    assert "Lessons done: 1 of 3" in words
    assert "The deadline was Sunday 11 April, and lessons have stopped. What you have done stands" in words
    assert "You have until" not in words
