"""The deadline: lessons stop, it is told once at a decent hour, what is done stands, and more time may be given."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import agenda, classroom, cohort_desk
from bot.shelf import Shelf
from lessons.enrolment import CohortId
from storage import cohorts, enrolments
from storage.engine import url_of
from storage.store import Store, Tx
from tests.support.small_course import answer, small_course
from tests.support.world import COORDINATOR, Bubble, Phone, World, a_world

pytestmark = pytest.mark.slow

MONDAY = date(2026, 11, 23)
TUESDAY_NINE = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # 09:00 in Riyadh
YES = "Yes, one a fortnight"
PASSED = "The deadline of A small course has passed."


@dataclass(frozen=True, slots=True)
class Class:
    """Asha in Riyadh, in a course of two lessons whose deadline is Monday 23 November."""

    world: World
    asha: Phone
    module: Path

    async def told(self) -> list[Bubble]:
        """What her phone says of the deadline, unasked."""
        return [bubble for bubble in await self.asha.bubbles() if PASSED in bubble.text]

    async def change(self, fn: Any) -> Any:
        """One change in the service's store."""
        return await self.world.running.store.change(fn)


@pytest.fixture
async def taught(tmp_path: Path) -> AsyncIterator[Class]:
    module = small_course(tmp_path / "content")
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world:
        made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
        async with await Store.open(url_of(None, tmp_path / "data")) as store:
            await store.change(lambda tx: cohorts.set_calendar(tx, CohortId(1), deadline_on=MONDAY))
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", str(made["code"]))
        yield Class(world, asha, module)
        assert (await world.journal())["refusals"] == []


async def give_time(tx: Tx, world: World, days: int, now: datetime) -> None:
    """What a coordinator does who gives more time."""
    (mine,) = await enrolments.of_cohort(tx, CohortId(1))
    await enrolments.extend(tx, mine.id, days, "a long mission", now=now)
    await classroom.reopen(tx, mine, now)
    await agenda.replan(tx, Shelf(world.settings.content), mine.id, now=now)


async def test_the_deadline_is_told_once_in_working_hours_and_lessons_stop(taught: Class) -> None:
    world, asha = taught.world, taught.asha
    async with world.serving():
        await world.morning()
        await asha.taps("To the question")
        await answer(asha, taught.module)
        await world.wind(to=TUESDAY_NINE.replace(hour=5, minute=59))
        assert await taught.told() == []
        await world.wind(to=TUESDAY_NINE)
        told = await asha.sees(PASSED, "It was Monday 23 November", "Lessons done: 1 of 2", "Mastered: 0")
        assert "Nasreen Akter" in told.text, "whom to ask for more time"
        before = len(await asha.bubbles())
        await world.wind(days=60)
        assert len(await asha.bubbles()) == before


async def test_the_open_question_still_counts_after_the_deadline(taught: Class) -> None:
    world, asha = taught.world, taught.asha
    async with world.serving():
        await world.morning()
        await asha.taps("To the question")
        await world.wind(to=TUESDAY_NINE)
        await asha.sees(PASSED, "Lessons done: 0 of 2", "A question that is still open above can be answered")
        feedback = await answer(asha, taught.module)
        assert "This answer counts. The deadline has passed" in feedback.text
        assert "follows on" not in feedback.text, "no date is promised that will not be kept"
        await asha.types("/progress")
        await asha.sees("Lessons done: 1 of 2")


async def test_a_word_held_up_past_working_hours_comes_the_next_day_and_once(taught: Class) -> None:
    world, asha = taught.world, taught.asha
    async with world.serving():
        await world.wind(to=datetime(2026, 11, 23, 22, 0, tzinfo=UTC))  # past her midnight: it is owed for nine
    await world.post("/sandbox/clock", jump_to="2026-11-24T15:00:00+00:00")  # 18:00 in Riyadh
    async with world.serving():
        assert await taught.told() == []
        await world.wind(to=datetime(2026, 11, 25, 5, 59, tzinfo=UTC))
        assert await taught.told() == []
        await world.wind(to=datetime(2026, 11, 25, 6, 0, tzinfo=UTC))
        assert len(await taught.told()) == 1
        await world.wind(days=10)
        assert len(await taught.told()) == 1
        assert asha.name


async def test_more_time_opens_the_lessons_again_and_the_new_deadline_is_told_too(taught: Class) -> None:
    world, asha = taught.world, taught.asha
    async with world.serving():
        await world.morning()
        await world.wind(to=TUESDAY_NINE)
        await taught.change(lambda tx: give_time(tx, world, 9, TUESDAY_NINE))
        await world.settled()
        await asha.sees(PASSED)
        await world.wind(hours=4)
        await asha.sees("waits for a quiet moment today", "A tool that works both ways")
        await asha.taps("Read it now")
        await asha.taps("To the question")
        assert "Next lesson: Wednesday 08:30" in (await answer(asha, taught.module)).text
        await world.morning()
        await asha.sees("lesson 2 of 2")
        await world.wind(days=30)
        assert [b.text.partition("It was ")[2].split(".")[0] for b in await taught.told()] == [
            "Monday 23 November",
            "Wednesday 2 December",
        ]


async def test_time_given_before_it_is_told_leaves_nothing_to_tell(taught: Class) -> None:
    world = taught.world
    async with world.serving():
        at_night = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
        await world.wind(to=at_night)
        await taught.change(lambda tx: give_time(tx, world, 60, at_night))
        await world.wind(days=5)
        assert await taught.told() == []


async def test_nobody_who_blocked_the_bot_is_written_to_again_and_again(taught: Class) -> None:
    world, asha = taught.world, taught.asha
    async with world.serving():
        await world.wind(to=datetime(2026, 11, 23, 22, 0, tzinfo=UTC))
        await asha.does("blocks")
        await world.wind(days=3)
        assert (await world.journal())["unreachable"] == []
        await asha.does("unblocks")
        await asha.types("/start")
        await asha.sees("The deadline of your course has passed and lessons have stopped.")


async def test_after_the_deadline_every_screen_words_it(taught: Class) -> None:
    world, asha = taught.world, taught.asha
    nasreen = await world.phone("Nasreen", COORDINATOR)
    async with world.serving():
        await world.wind(to=TUESDAY_NINE)
        opened = next(b for b in await asha.bubbles() if "To the question" in b.labels)
        await asha.taps("To the question", on=opened.message_id)
        await answer(asha, taught.module)
        for command, words in {
            "/today": "The deadline has passed and lessons have stopped. What you have done stands.",
            "/start": "The deadline of your course has passed and lessons have stopped.",
            "/settings": "The deadline of your course has passed; lessons have stopped.",
            "/pause": "so there is nothing to pause",
            "/resume": "Your coordinator may give more time",
            "/refresher": "the deadline of yours came first",
            "/mydata": "deadline passed",
        }.items():
            before = len(await asha.bubbles())
            await asha.types(command)
            said = "\n".join(bubble.text for bubble in (await asha.bubbles())[before:])
            assert words in said, (command, said)
            assert YES not in {label for bubble in (await asha.bubbles())[before:] for label in bubble.labels}
        await nasreen.types("/cohort")
        await nasreen.sees("Deadline passed: 1", "Riyadh: 1 person, 1 past the deadline", "Active: 0")
