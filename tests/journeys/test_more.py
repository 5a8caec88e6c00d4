"""/more: one more question or lesson for somebody who asks, as far as a day bears it, and never two open."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import cohort_desk
from lessons.enrolment import AskingKind, CohortId
from storage import askings, cohorts, enrolments
from storage.store import Tx
from tests.support.small_course import answer, small_course
from tests.support.world import Phone, World, a_world

pytestmark = pytest.mark.slow

FULL = "That is today’s measure; a little each day is what lasts. It goes on "


@dataclass(frozen=True, slots=True)
class Class:
    """Asha in Riyadh, in a course of five lessons; her week begins on Sunday 22 November."""

    world: World
    asha: Phone
    module: Path

    async def studies(self, *, right: bool = True) -> None:
        """Answer the newest lesson's question."""
        await self.asha.taps("To the question")
        await answer(self.asha, self.module, right=right)

    async def asked_for_more(self) -> str:
        """What /more is answered with; at most one question stands open then."""
        await self.asha.types("/more")
        assert await self.open() <= 1
        return (await self.asha.last()).text

    async def open(self) -> int:
        """How many questions stand open, a measure's apart."""

        async def count(tx: Tx) -> int:
            (mine,) = await enrolments.of_cohort(tx, CohortId(1))
            return sum(asking.kind is not AskingKind.KEPT for asking in await askings.open_of(tx, mine.id))

        return await self.world.running.store.read(count)


@pytest.fixture
async def taught(tmp_path: Path) -> AsyncIterator[Class]:
    module = small_course(tmp_path / "content", 5)
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world:
        made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
        async with world.serving():
            yield Class(world, await world.enrolled("Asha Rahman", str(made["code"])), module)
            assert (await world.journal())["refusals"] == []


async def test_after_the_days_lesson_the_next_one_comes_and_then_the_day_is_full(taught: Class) -> None:
    await taught.world.morning()
    await taught.studies()
    assert "lesson 2 of 5" in await taught.asked_for_more()
    await taught.studies()
    assert await taught.asked_for_more() == f"{FULL}Monday 23 November, 08:30."
    assert await taught.open() == 0


async def test_the_next_morning_brings_one_lesson_as_ever_and_one_more_for_the_asking(taught: Class) -> None:
    await taught.world.morning()
    await taught.studies()
    await taught.asked_for_more()
    await taught.studies()
    before = len(await taught.asha.bubbles())
    await taught.world.morning()
    (lesson,) = (await taught.asha.bubbles())[before:]
    assert "lesson 3 of 5" in lesson.text
    await taught.studies()
    assert "lesson 4 of 5" in await taught.asked_for_more()
    await taught.studies()
    assert await taught.asked_for_more() == f"{FULL}Tuesday 24 November, 08:30."


async def test_what_is_open_is_shown_again_and_nothing_is_added(taught: Class) -> None:
    await taught.world.morning()
    assert "lesson 1 of 5" in await taught.asked_for_more()
    await taught.studies()
    assert "lesson 2 of 5" in await taught.asked_for_more()
    assert "lesson 2 of 5" in await taught.asked_for_more()
    await taught.asha.types("/today")
    await taught.asha.sees("lesson 2 of 5")
    before = len(await taught.asha.bubbles())
    await taught.world.morning()
    texts = [bubble.text for bubble in (await taught.asha.bubbles())[before:]]
    assert not any("lesson 3 of 5" in text for text in texts), "no new lesson while one is open"
    assert await taught.open() == 1


async def test_before_the_hour_it_is_the_days_lesson_and_the_hour_brings_no_second(taught: Class) -> None:
    await taught.world.wind(to=datetime(2026, 11, 22, 3, 0, tzinfo=UTC))  # 06:00 in Riyadh
    assert "lesson 1 of 5" in await taught.asked_for_more()
    await taught.studies()
    await taught.world.wind(hours=6)
    assert not any("lesson 2 of 5" in bubble.text for bubble in await taught.asha.bubbles())


async def test_a_repeat_that_is_due_comes_before_the_next_lesson(taught: Class) -> None:
    await taught.world.morning()
    await taught.studies(right=False)  # sure and wrong: again on Thursday
    for _ in range(3):
        await taught.world.morning()
        await taught.studies()
    await taught.world.wind(to=datetime(2026, 11, 26, 3, 0, tzinfo=UTC))  # Thursday, 06:00
    await taught.asha.types("/today")
    await taught.asha.sees("lesson 5 of 5")
    await taught.studies()
    assert "Once more: A tool that works both ways" in await taught.asked_for_more()
    await answer(taught.asha, taught.module)
    assert await taught.asked_for_more() == f"{FULL}Sunday 13 December, 08:30."
    before = len(await taught.asha.bubbles())
    await taught.world.wind(hours=6)
    assert len(await taught.asha.bubbles()) == before, "the slot finds the day full"


async def test_with_every_lesson_given_it_says_when_a_question_comes(taught: Class) -> None:
    for _ in range(5):
        await taught.world.morning()
        await taught.studies()
    await taught.world.wind(hours=24)
    nothing = "Nothing is due now. The next question comes Thursday 10 December, 08:30."
    assert await taught.asked_for_more() == nothing
    await taught.asha.types("/today")
    assert (await taught.asha.last()).text == nothing


async def test_on_leave_and_on_a_day_off_a_lesson_comes_when_it_is_asked_for(taught: Class) -> None:
    await taught.asha.types("/leave 22-25 Nov")
    await taught.world.wind(to=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    await taught.asha.types("/today")
    await taught.asha.sees("lesson 1 of 5")
    await taught.studies()
    assert "lesson 2 of 5" in await taught.asked_for_more()
    await taught.studies()
    assert await taught.asked_for_more() == f"{FULL}Thursday 26 November, 08:30."
    await taught.world.wind(to=datetime(2026, 11, 27, 9, 0, tzinfo=UTC))  # Thursday's lesson is open, Friday is off
    await taught.studies()
    assert "lesson 4 of 5" in await taught.asked_for_more()
    await taught.studies()
    assert "lesson 5 of 5" in await taught.asked_for_more()


async def test_at_a_slower_pace_two_questions_are_for_as_many_working_days(taught: Class) -> None:
    await taught.world.running.store.change(lambda tx: cohorts.set_calendar(tx, CohortId(1), pace=2))
    await taught.world.morning()
    await taught.studies()
    await taught.world.wind(hours=24)  # Monday, which brings nothing
    assert "lesson 2 of 5" in await taught.asked_for_more()
    await taught.studies()
    assert await taught.asked_for_more() == f"{FULL}Wednesday 25 November, 08:30."


async def test_who_rests_and_whose_deadline_has_passed_is_told_so(taught: Class) -> None:
    await taught.asha.types("/pause")
    assert "Your lessons rest" in await taught.asked_for_more()
    await taught.asha.types("/resume")
    change = taught.world.running.store.change
    await change(lambda tx: cohorts.set_calendar(tx, CohortId(1), deadline_on=date(2026, 11, 22)))
    await taught.world.wind(to=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    await taught.asha.taps("To the question")
    await answer(taught.asha, taught.module)
    assert "The deadline has passed and lessons have stopped" in await taught.asked_for_more()
    await taught.asha.types("/today")
    await taught.asha.sees("The deadline has passed and lessons have stopped")
