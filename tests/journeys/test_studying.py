"""Lessons, questions, the ladder, reminders, pause."""

import re

import pytest

from lessons.catalogue import built_in
from tests.support.world import Bubble, Phone, World

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py

COURSE = built_in()


async def answer(phone: Phone, *, right: bool, sure: bool = True) -> Bubble:
    """Answer the question on the phone and return the feedback."""
    shown = await phone.last()
    ids = {data.split(":")[2] for data in shown.data if data.startswith("a:")}
    keys = {q.key for le in COURSE.lessons for q in le.questions if {c.id for c in q.choices} == ids}
    data = next(d for d in shown.data if (d.split(":")[2] in keys) is right)
    await phone.taps(shown.labels[shown.data.index(data)], on=shown.message_id)
    await phone.taps("Sure" if sure else "Not sure", on=shown.message_id)
    return next(b for b in await phone.bubbles() if b.message_id == shown.message_id)


async def test_today_gives_the_first_lesson_at_once_and_none_more_that_day(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.taps("Start now")
    await asha.sees("lesson 1 of ")
    await asha.taps("To the question")
    feedback = await answer(asha, right=True)
    assert "Next lesson: Sunday 08:30, Riyadh" in feedback.text
    await asha.types("/today")
    await asha.sees("That was today’s lesson", "Sunday 22 November, 08:30")


async def test_a_wrong_and_sure_answer_comes_back_after_four_days(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    feedback = await answer(asha, right=False)
    assert "It comes back on Thursday 26 November" in feedback.text
    for _ in range(3):  # Monday to Wednesday
        await world.morning()
        await asha.taps("To the question")
        await answer(asha, right=True)
    await world.morning()
    lesson, review = (await asha.bubbles())[-2:]
    if "Once more" in lesson.text:
        lesson, review = review, lesson
    assert "lesson 5 of " in lesson.text
    assert "Once more: A tool that works both ways" in review.text
    assert review.silent != lesson.silent, "one morning, one sound"


async def test_an_ignored_lesson_brings_one_reminder_after_four_hours(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    lessons = len(await asha.bubbles())
    await world.wind(hours=3, minutes=50)
    assert len(await asha.bubbles()) == lessons
    await world.wind(minutes=15)
    await asha.sees("A tool that works both ways", "our minutes")
    await asha.taps("Read it now")
    await asha.sees("lesson 1 of ")
    assert len(await asha.bubbles()) == lessons + 2


async def test_the_next_lesson_is_reminded_of_in_other_words(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    said = []
    for title in ("A tool that works both ways", "Sending, transit, receiving"):
        await world.morning()
        await world.wind(hours=4)
        said.append(re.sub(r"<b>.*?</b>", "…", (await asha.sees(title)).html))
        await asha.taps("To the question")
        await answer(asha, right=True)
    assert said[0] != said[1]


async def test_no_reminder_comes_for_what_was_answered(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    await answer(asha, right=True)
    before = len(await asha.bubbles())
    await world.wind(hours=20)
    assert len(await asha.bubbles()) == before


async def test_three_reminders_then_a_kind_pause_with_one_button_back(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    start = len(await asha.bubbles())
    await world.wind(days=9)
    later = (await asha.bubbles())[start:]
    assert [("Pause" in " ".join(b.labels), "rest from today" in b.text) for b in later] == [
        (False, False),
        (True, False),
        (True, False),
        (False, True),
    ]
    await world.wind(days=14)
    assert len(await asha.bubbles()) == start + 4, "until then you will hear nothing from me"
    await asha.taps("Resume")
    await asha.sees("A tool that works both ways is where you left it")
    await asha.taps("Read it now")
    await asha.sees("lesson 1 of ")
    await world.wind(days=9)
    await asha.sees("rest from today")
    assert sum("Pause the lessons" in b.labels for b in await asha.bubbles()) == 4, (
        "reminders start anew after a return"
    )


async def test_somebody_who_answers_every_day_is_not_paused_for_one_open_question(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    await answer(asha, right=False)
    for _ in range(4):
        await world.morning()
        door = next(b for b in reversed(await asha.bubbles()) if "To the question" in b.labels)
        await asha.taps("To the question", on=door.message_id)
        await answer(asha, right=True)
    await world.wind(days=8)
    assert not any("rest from today" in b.text for b in (await asha.bubbles())[:-1])


async def test_without_the_second_tap_midnight_takes_it_as_not_sure(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    await asha.taps("A")
    await world.morning()
    last = await asha.sees("Your last answer", "lesson 2 of ")
    assert len(last.text) < 4096


async def test_a_double_tap_counts_once(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    before = len(await asha.bubbles())
    await asha.taps("To the question", times=2)
    assert len(await asha.bubbles()) == before + 1
    await asha.taps("A", times=2)
    await asha.taps("Sure", times=2)
    await asha.sees("Source")
    assert all(tap["answered"] for tap in (await world.journal())["taps"])


async def test_the_first_choice_wins_whatever_is_tapped_later(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    question = await asha.last()
    await asha.taps("A")
    await asha.forges(question.data[1], question.message_id)
    first = await asha.last()
    assert "A  " in first.text.split("◀")[0].splitlines()[-1]


async def test_forged_and_foreign_buttons_change_nothing_and_are_answered(world: World) -> None:
    code = await world.cohort()
    asha, babu = await world.enrolled("Asha Rahman", code), await world.enrolled("Babu Das", code)
    await world.morning()
    await asha.taps("To the question")
    question, lesson = await asha.last(), await babu.last()
    for data in (question.data[0], "a:1", "zz", "a:999999:x", "bc-send:1", "q:-1", "s:1:7", "settings:❤"):
        await babu.forges(data, lesson.message_id)
        assert await babu.toast()
    assert (await asha.last()).text == question.text
    assert all(tap["answered"] for tap in (await world.journal())["taps"])


async def test_a_reported_mistake_reaches_the_coordinator_without_a_name(world: World) -> None:
    nasreen = await world.phone("Nasreen", 9001)
    await nasreen.types("/start")
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    await answer(asha, right=True)
    await asha.taps("Report a mistake in this question")
    assert (await asha.last()).labels == ()
    notice = await nasreen.sees("reports a mistake", "Gulf 2026", "A tool that works both ways")
    assert "Asha" not in notice.text


async def test_pause_and_resume_in_the_middle_of_everything(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/pause")
    await asha.sees("Your lessons rest")
    before = len(await asha.bubbles())
    await world.wind(days=5)
    assert len(await asha.bubbles()) == before
    await asha.types("/today")
    await asha.sees("Your lessons rest")
    await asha.types("/resume")
    await asha.sees("Your next lesson")
