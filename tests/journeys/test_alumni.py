"""Life after completion: refreshers for as long as they are wanted, a yearly question, and a kind end to silence."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import cohort_desk
from bot.app import Service
from bot.owing import owe_word
from lessons.enrolment import CohortId
from scheduler.delivery import DeliveryKind
from storage import cohorts, enrolments
from storage.store import Tx
from tests.support.small_course import answer, list_lessons, small_course
from tests.support.world import Bubble, Phone, World, a_world

pytestmark = pytest.mark.slow

YES = "Yes, one a fortnight"


@dataclass(frozen=True, slots=True)
class Academy:
    """Asha in Riyadh has just completed a course of one lesson; its files lie in `module`."""

    world: World
    service: Service
    asha: Phone
    module: Path

    async def answers(self, *, right: bool = True, sure: bool = True) -> Bubble:
        """She answers the newest question."""
        return await answer(self.asha, self.module, right=right, sure=sure)

    async def until(self, words: str, *, days: int) -> Bubble:
        """Days pass one by one until the newest message holds these words; within so many days."""
        for _ in range(days):
            if words in (found := await self.asha.last()).text and not found.edited:
                return found
            await self.world.wind(days=1)
        return await self.asha.sees(words)

    async def count(self, words: str) -> int:
        """How many messages on her phone hold these words."""
        return sum(words in bubble.text for bubble in await self.asha.bubbles())

    async def here(self) -> datetime:
        """The time in Riyadh."""
        return (await self.world.now()).astimezone(ZoneInfo("Asia/Riyadh"))


@pytest.fixture
async def academy(tmp_path: Path) -> AsyncIterator[Academy]:
    module = small_course(tmp_path / "content", lessons=1)
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving() as service:
        made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
        asha = await world.enrolled("Asha Rahman", str(made["code"]))
        await world.morning()
        await asha.taps("To the question")
        await answer(asha, module)
        await world.wind(days=18)
        await answer(asha, module)
        yield Academy(world, service, asha, module)
        assert (await world.journal())["refusals"] == []


async def test_completion_is_told_with_numbers_and_offers_refreshers(academy: Academy) -> None:
    told = await academy.asha.sees("You have completed A small course", "Lessons read: 1", "Mastered: 1")
    assert "Right the first time: 1 of 1" in told.text
    assert "at most one a fortnight" in told.text
    assert len(told.text) <= 900
    assert told.labels == (YES, "No, thank you")


async def test_who_says_no_hears_nothing_but_may_ask(academy: Academy) -> None:
    asha = academy.asha
    await asha.taps("No, thank you")
    await asha.sees("No more refreshers will come by themselves", "/refresher")
    before = len(await asha.bubbles())
    await academy.world.wind(days=200)
    assert len(await asha.bubbles()) == before
    await asha.types("/refresher")
    question = await asha.sees("Refresher: A tool that works both ways")
    assert question.labels == ("A", "B", "C")
    feedback = await academy.answers()
    assert "next refresher" not in feedback.text
    assert "Stop refreshers" not in feedback.labels
    await academy.world.wind(days=200)
    assert len(await asha.bubbles()) == before + 1


async def test_who_says_yes_is_asked_a_fortnight_apart_on_working_days_at_her_hour(academy: Academy) -> None:
    asha = academy.asha
    await asha.taps(YES)
    await asha.types("/refresher")
    await academy.answers(right=False)
    asked = []
    for _ in range(3):
        await academy.until("Refresher:", days=30)
        asked.append(await academy.here())
        told = await academy.answers(right=False)
        assert "Your next refresher: " in told.text
        assert told.labels[-1] == "Stop refreshers"
    gaps = [(later - sooner).days for sooner, later in pairwise(asked)]
    assert all(14 <= gap <= 17 for gap in gaps), gaps
    assert all(at.isoweekday() not in (5, 6) for at in asked), asked
    await asha.taps("Stop refreshers")
    before = len(await asha.bubbles())
    await academy.world.wind(days=60)
    assert len(await asha.bubbles()) == before


async def test_the_date_that_feedback_names_is_kept(academy: Academy) -> None:
    await academy.asha.taps(YES)
    await academy.asha.types("/refresher")
    named = (await academy.answers(right=False)).text.rpartition("Your next refresher: ")[2].rstrip(".\n")
    await academy.until("Refresher:", days=30)
    assert f"{await academy.here():%A %-d %B}" == named


async def test_a_refresher_that_is_asked_for_twice_is_one_question(academy: Academy) -> None:
    asha = academy.asha
    for _ in range(2):
        await asha.types("/refresher")
    first, again = (await asha.bubbles())[-2:]
    assert first.data == again.data
    await academy.answers()
    await asha.taps("A", on=first.message_id)
    assert (await asha.bubbles())[-2].text == (await asha.last()).text, "the first choice stands on both"


async def test_three_silences_end_refreshers_kindly_and_once(academy: Academy) -> None:
    asha = academy.asha
    await asha.taps(YES)
    await asha.types("/refresher")
    await academy.answers(right=False)
    await academy.world.wind(days=90)
    left_alone = [b for b in await asha.bubbles() if b.text.startswith("Refresher:") and "A" in b.labels]
    assert len(left_alone) == 3
    farewell = await asha.sees("It has been quiet for a while", "A small course", "/refresher")
    before = len(await asha.bubbles())
    await academy.world.wind(days=400)
    assert len(await asha.bubbles()) == before
    assert await academy.count("It has been quiet for a while") == 1

    await asha.taps("A", on=left_alone[0].message_id)
    assert await asha.toast() == "This one has been put away. Send /refresher and it brings you another."
    await asha.taps("Start them again", on=farewell.message_id)
    await asha.sees("Gladly. Your next refresher: ", "after a year we ask you again")
    await academy.until("Refresher:", days=30)


async def test_an_answer_ends_the_count_of_silences(academy: Academy) -> None:
    await academy.asha.taps(YES)
    await academy.asha.types("/refresher")
    await academy.answers(right=False)
    for _ in range(2):
        await academy.world.wind(days=36)  # two are left alone, the third has come
        await academy.answers(right=False)
    assert await academy.count("It has been quiet") == 0


@pytest.mark.parametrize("said", ["Another year", "That was enough", None])
async def test_after_a_year_she_is_asked_once_whether_they_are_still_wanted(academy: Academy, said: str | None) -> None:
    asha, world = academy.asha, academy.world
    await asha.taps(YES)
    while not await academy.count("A year has passed"):
        await world.wind(days=14)
        if any(data.startswith("a:") for data in (await asha.last()).data):
            await academy.answers()
    asked = next(bubble for bubble in await asha.bubbles() if "A year has passed" in bubble.text)
    assert asked.labels == ("Another year", "That was enough")
    if said is not None:
        await asha.taps(said, on=asked.message_id)
        assert (await asha.last()).labels == (("Stop refreshers",) if said == "Another year" else ("Start them again",))
    await world.wind(days=30)
    assert await academy.count("A year has passed") == 1
    assert await academy.count("It has been quiet") == (said is None)
    later = [b.text for b in (await asha.bubbles()) if b.message_id > asked.message_id]
    assert any("Refresher:" in text for text in later) is (said == "Another year")


async def test_a_lesson_that_came_later_reaches_her_once_and_may_be_read_first(academy: Academy) -> None:
    asha, world = academy.asha, academy.world
    await asha.taps(YES)
    list_lessons(academy.module, 2)
    await academy.service.look_at_content()
    await asha.types("/refresher")
    asked = await asha.sees("Refresher: ", "This lesson is new since you completed the course")
    assert asked.labels == ("A", "B", "C", "Read the lesson first")
    await asha.taps("Read the lesson first")
    lesson = await asha.sees("lesson 2 of 2", "Sources")
    assert lesson.labels[0] == "To the question"
    await asha.taps("To the question")
    assert (await asha.last()).data == asked.data
    await academy.answers()
    await world.wind(days=13)
    await asha.types("/refresher")
    assert "is new since" not in (await asha.last()).text


async def test_a_question_that_changed_reaches_her_once_and_says_so(academy: Academy) -> None:
    asha = academy.asha
    await asha.taps(YES)
    lesson = next(academy.module.glob("01-*.yaml"))
    lesson.write_text(lesson.read_text().replace("A host ministry offers more", "The host ministry offers more"))
    await academy.service.look_at_content()
    await asha.types("/refresher")
    await asha.sees("This question has changed since you learnt it", "The host ministry offers more")
    await academy.answers()
    await asha.types("/refresher")
    assert "has changed" not in (await asha.last()).text


async def test_who_studies_again_keeps_her_refreshers_and_can_stop_them(academy: Academy) -> None:
    asha, world = academy.asha, academy.world
    await asha.taps(YES)
    code = await world.cohort(start=(await academy.here()).date())
    await asha.types(f"/start {code}")
    for label in ("Continue", "I agree", "Asha Rahman"):
        await asha.taps(label)
    await asha.types("Riyadh")
    await asha.taps("Yes, that is right")
    await asha.types("/refresher")
    await asha.sees("Refresher: A tool that works both ways")
    assert "Stop refreshers" in (await academy.answers()).labels
    await asha.taps("Stop refreshers")
    await asha.sees("No more refreshers will come by themselves")


async def test_a_yearly_question_held_up_past_its_day_is_asked_at_the_next_slot(academy: Academy) -> None:
    await academy.asha.taps(YES)
    today = (await academy.here()).date()
    before = today - timedelta(days=1)

    now = await academy.world.now()

    async def hold_up(tx: Tx) -> None:
        (mine,) = await enrolments.of_cohort(tx, CohortId(1))
        asked = {"refresher_on": before, "consent_until_on": before, "renewal_on": before}
        await enrolments.change(tx, mine.id, **asked)
        await owe_word(tx, DeliveryKind.RENEWAL, mine, on=before, due_at=now)

    await academy.service.store.change(hold_up)
    await academy.world.settled()
    assert await academy.count("A year has passed") == 0
    await academy.until("A year has passed", days=4)
    await academy.world.wind(days=10)
    assert await academy.count("A year has passed") == 1


async def test_a_farewell_held_up_past_its_day_is_said_at_the_next_slot_and_once(academy: Academy) -> None:
    before = (await academy.here()).date() - timedelta(days=1)

    now = await academy.world.now()

    async def hold_up(tx: Tx) -> None:
        (mine,) = await enrolments.of_cohort(tx, CohortId(1))
        await owe_word(tx, DeliveryKind.FAREWELL, mine, on=before, due_at=now)

    await academy.service.store.change(hold_up)
    await academy.world.settled()
    assert await academy.count("It has been quiet") == 0
    await academy.until("It has been quiet", days=4)
    assert (await academy.here()).isoweekday() not in (5, 6)
    await academy.world.wind(days=10)
    assert await academy.count("It has been quiet") == 1


async def test_a_learner_in_the_middle_is_told_what_brings_a_lesson(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/refresher")
    await asha.sees("Refreshers begin when you have completed the course", "/today")


async def test_completion_that_midnight_brings_is_told_in_working_hours(tmp_path: Path) -> None:
    small_course(tmp_path / "content", lessons=1)
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving() as service:
        made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
        await service.store.change(lambda tx: cohorts.set_calendar(tx, CohortId(1), bar=0))
        asha = await world.enrolled("Asha Rahman", str(made["code"]))
        await world.morning()
        await asha.taps("To the question")
        await asha.taps("A")
        await world.wind(days=3)
        told = [bubble for bubble in await asha.bubbles() if "You have completed" in bubble.text]
        assert [bubble.labels for bubble in told] == [(YES, "No, thank you")]
