"""Leave, crisis weeks, back early: which days stay empty, and where the deadline goes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import classroom, cohort_desk
from lessons.catalogue import built_in
from storage import enrolments, people
from storage.store import Tx
from tests.support.small_course import BUILT_IN, MODULE, answer, small_course
from tests.support.world import Phone, World, a_world

pytestmark = pytest.mark.slow


@pytest.fixture
async def asha(world: World) -> Phone:
    """Asha in Riyadh on the Saturday evening before her first lesson; the deadline is Sunday 11 April 2027."""
    return await world.enrolled("Asha Rahman", await world.cohort())


async def studies(phone: Phone) -> None:
    """Open the newest lesson and answer its question."""
    await phone.taps("To the question")
    await answer(phone, BUILT_IN / MODULE)


async def test_leave_from_next_week_moves_lessons_and_the_deadline_and_says_so(world: World, asha: Phone) -> None:
    await asha.types("/leave 29 Nov - 10 Dec")
    told = await asha.sees("Leave from Sunday 29 November to Thursday 10 December", "all clocks stand still")
    await asha.sees("Your deadline moves from Sunday 11 April to Friday 23 April.")
    await asha.sees("Next lesson: Sunday 08:30, Riyadh.", "Lessons go on after it: Sunday 13 December, 08:30, Riyadh.")
    assert told.labels == ("Undo",)
    for _ in range(5):
        await world.morning()
        await studies(asha)
    await asha.sees("Next, a case to decide: Sunday 13 December, 08:30, Riyadh")
    before = len(await asha.bubbles())
    await world.wind(days=13)
    assert len(await asha.bubbles()) == before, "nothing comes on leave"
    await asha.types("/settings")
    await asha.sees("Leave: 29 Nov", "Deadline: Friday 23 April", "08:30, Riyadh (leave until Thursday 10 December)")
    await world.wind(days=3)
    assert len(await asha.bubbles()) == before + 1
    await world.morning()
    assert any("a case to decide" in bubble.text for bubble in (await asha.bubbles())[before:])


async def test_undo_puts_everything_back(world: World, asha: Phone) -> None:
    await asha.types("/leave 29 Nov - 10 Dec")
    await asha.taps("Undo", times=2)
    await asha.sees("Taken back.", "Your deadline is Sunday 11 April.", "Next lesson: Sunday 08:30, Riyadh.")
    await asha.types("/leave")
    listed = await asha.sees("type its first and last day")
    assert listed.labels == ("Crisis week: 7 days from today",)


async def test_leave_alone_lists_what_is_entered_and_asks_for_dates(world: World, asha: Phone) -> None:
    await asha.types("/leave")
    await asha.types("29 Nov")
    await asha.sees("Leave on Sunday 29 November", "from Sunday 11 April to Monday 12 April")
    await asha.types("/leave 6 Dec to 8 Dec")
    await asha.types("/leave")
    listed = await asha.sees("• 29 Nov\n• 6–8 Dec", "Next lesson: Sunday 08:30, Riyadh.")
    assert listed.labels == ("Take back 29 Nov", "Take back 6–8 Dec", "Crisis week: 7 days from today")
    await asha.taps("Take back 29 Nov")
    await asha.sees("Taken back.", "Your deadline is Wednesday 14 April.")


async def test_leave_that_overlaps_counts_once(asha: Phone) -> None:
    await asha.types("/leave 29 Nov - 10 Dec")
    await asha.types("/leave 6 Dec - 12 Dec")
    await asha.sees("Your deadline moves from Friday 23 April to Sunday 25 April.")
    await asha.types("/leave 1 Dec - 3 Dec")
    await asha.sees("Your deadline stays Sunday 25 April: these days were counted already.")
    await asha.types("/leave 1 Dec - 3 Dec")
    await asha.types("/leave")
    assert len((await asha.last()).labels) == 4, "the same leave typed twice is entered once"


async def test_on_leave_today_nothing_comes_and_i_am_back_starts_with_the_next_slot(world: World, asha: Phone) -> None:
    await world.morning()
    await studies(asha)
    await asha.types("/leave today - 26 Nov")
    await asha.sees("Leave from Sunday 22 November to Thursday 26 November", "Sunday 29 November, 08:30, Riyadh")
    await world.wind(days=2, hours=3)
    await asha.types("/leave")
    listed = await asha.sees("• 22–26 Nov")
    assert listed.labels == ("I am back", "Crisis week: 7 days from today")
    await asha.taps("I am back")
    await asha.sees("Welcome back. Your leave is over from today.", "Your deadline is Tuesday 13 April.")
    await asha.sees("Next lesson: Wednesday 08:30, Riyadh.")
    before = len(await asha.bubbles())
    await world.wind(hours=12)
    assert len(await asha.bubbles()) == before, "what was missed this morning does not come at the moment of return"
    await world.morning()
    assert any("lesson 2 of " in bubble.text for bubble in (await asha.bubbles())[before:])


async def test_an_open_lesson_stays_open_on_leave_and_its_reminders_rest(world: World, asha: Phone) -> None:
    await world.morning()
    await asha.types("/leave today - 26 Nov")
    await asha.sees("A tool that works both ways stays open for you. No reminder comes until you are back.")
    before = len(await asha.bubbles())
    await world.wind(days=6, hours=23)
    assert len(await asha.bubbles()) == before
    await world.wind(hours=10)
    await asha.sees("waits for a quiet moment today")


async def test_what_is_planned_and_has_not_left_is_taken_back(world: World, asha: Phone) -> None:
    now = await world.now()

    async def owe(tx: Tx) -> None:
        mine = await people.learner_of(tx, asha.id, now=now)
        enrolment = (await enrolments.of_learner(tx, mine.id))[0] if mine else None
        assert enrolment is not None
        course, later = built_in(), now + timedelta(hours=2)
        lesson = course.lessons[0].id
        await classroom.owe_lesson(tx, enrolment, course, lesson, on=now.date(), due_at=later, now=now)

    await world.running.store.change(owe)
    await asha.types("/leave")
    await asha.types("today - 26 Nov")
    await asha.sees("Next lesson: Sunday 29 November, 08:30, Riyadh (leave until Thursday 26 November).")


async def test_a_crisis_week_is_one_tap(world: World, asha: Phone) -> None:
    await asha.types("/settings")
    await asha.taps("Leave")
    await asha.taps("Crisis week: 7 days from today")
    await asha.sees("Crisis week from Saturday 21 November to Friday 27 November", "Sunday 29 November, 08:30")
    await asha.sees("Your deadline moves from Sunday 11 April to Saturday 17 April.")
    await asha.types("/settings")
    await asha.sees("(crisis week until Friday 27 November)")
    before = len(await asha.bubbles())
    await world.wind(days=7)
    assert len(await asha.bubbles()) == before
    await world.morning()
    await asha.sees("lesson 1 of ")


UNREADABLE = [
    ("next week", "I could not read dates in that."),
    ("12 - 26", "I could not read dates in that."),
    ("31 Nov", "The calendar has no such day."),
    ("10 Dec - 29 Nov", "The last day comes before the first."),
    ("1 Nov 2026 - 5 Nov 2026", "These days are over, and leave counts from today on."),
    ("1 Dec 2026 - 31 Dec 2027", "That is longer than a year."),
    ("1 Dec 2031", "That is years away."),
    ("1 May - 5 May", "Saturday 1 May 2027 comes after your deadline, Sunday 11 April, so it would change nothing."),
]


async def test_dates_that_cannot_be_meant_are_answered_with_the_mend_and_asked_again(asha: Phone) -> None:
    await asha.types("/leave")
    for words, mend in UNREADABLE:
        await asha.types(words)
        await asha.sees(mend, "such as 1")
    await asha.types("29 Nov")
    await asha.sees("Leave on Sunday 29 November")


async def test_days_that_have_passed_are_left_out(asha: Phone) -> None:
    await asha.types("/leave 15 Nov - 26 Nov")
    await asha.sees("Leave from Saturday 21 November to Thursday 26 November", "it counts from today")


async def test_leave_that_is_over_or_somebody_elses_cannot_be_taken_back(world: World, asha: Phone) -> None:
    await asha.types("/leave today - 24 Nov")
    undo = await asha.last()
    babu = await world.enrolled("Babu Das", await world.cohort("Second"))
    await babu.forges(undo.data[0], (await babu.last()).message_id)
    assert "This leave is over" in (await babu.toast() or "")
    await world.wind(days=5)
    await asha.taps("Undo", on=undo.message_id)
    assert "This leave is over" in (await asha.toast() or "")
    await asha.types("/settings")
    await asha.sees("Deadline: Wednesday 14 April")


async def test_of_an_alumna_leave_holds_the_refreshers_and_there_is_no_deadline(
    tmp_path: Path,
) -> None:
    module = small_course(tmp_path / "content", lessons=1)
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving():
        asha = await world.enrolled("Asha Rahman", await _cohort_of_the_small_course(world))
        await world.morning()
        await asha.taps("To the question")
        await answer(asha, module)
        await world.wind(days=18)
        await answer(asha, module)
        await asha.taps("Yes, one a fortnight")
        await asha.types("/settings")
        first = await asha.sees("The next question comes Monday 8 February, 08:30.")
        assert "Deadline" not in first.text
        assert "Pace" not in first.labels
        await asha.types("/leave 1 Feb - 27 Feb")
        told = await asha.sees("Leave from Monday 1 February", "The next question comes Sunday 28 February, 08:30.")
        assert "deadline" not in told.text
        before = len(await asha.bubbles())
        await world.wind(days=79)
        assert len(await asha.bubbles()) == before


async def _cohort_of_the_small_course(world: World) -> str:
    made = await cohort_desk.create_cohort(world.settings, course="small", name="Small", start="2026-11-22", uses=5)
    return str(made["code"])
