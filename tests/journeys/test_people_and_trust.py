"""Settings, privacy, blocking, and words nobody waits for."""

from pathlib import Path

import pytest

from bot.phrases import BASE, Phrases, catalogue
from bot.phrases.pseudo import pseudo
from tests.support.world import World, a_world

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def test_settings_are_changed_in_place_and_say_when_the_next_lesson_comes(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/settings")
    await asha.sees("Riyadh", "Lessons at: 08:30", "Next lesson: Sunday 08:30")
    before = len(await asha.bubbles())
    await asha.taps("Hour")
    await asha.taps("10:00")
    await asha.sees("Lessons at: 10:00", "Next lesson: Sunday 10:00")
    await asha.taps("Quiet hours")
    await asha.taps("20:00 – 08:00")
    await asha.sees("Quiet from 20:00 to 08:00")
    assert len(await asha.bubbles()) == before
    assert not any("anguage" in label for label in (await asha.last()).labels)
    await world.wind(hours=14)
    await asha.sees("Quiet from")
    await world.wind(hours=1)
    await asha.sees("lesson 1 of ")


async def test_lesson_days_are_toggled_and_one_remains(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/settings")
    await asha.taps("Lesson days")
    shown = await asha.sees("while you are in Riyadh? Now: Sunday to Thursday.", "Next lesson: Sunday 08:30, Riyadh.")
    assert shown.labels[:7] == ("✓ Sun", "✓ Mon", "✓ Tue", "✓ Wed", "✓ Thu", "Fri", "Sat")
    await asha.taps("✓ Sun", times=2)
    await asha.sees("Now: Monday to Thursday.", "Next lesson: Monday 08:30, Riyadh.")
    for day in ("Mon", "Wed", "Thu"):
        await asha.taps(f"✓ {day}")
    await asha.sees("Now: Tuesday.", "Next lesson: Tuesday 08:30, Riyadh.")
    await asha.taps("✓ Tue")
    assert await asha.toast() == "One lesson day must remain. Tap another day first, then this one."
    before = len(await asha.bubbles())
    await world.wind(days=2, hours=12)
    assert len(await asha.bubbles()) == before
    await world.wind(hours=1)
    await asha.sees("lesson 1 of ")
    await asha.taps("As usual here")
    week = next(bubble for bubble in await asha.bubbles() if bubble.message_id == shown.message_id)
    assert "Now: Sunday to Thursday." in week.text
    assert "Waiting for you: A tool that works both ways." in week.text


async def test_a_day_added_after_its_hour_begins_the_week_after(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/leave 22 - 26 Nov")
    await world.wind(days=7)
    await asha.types("/settings")
    await asha.taps("Lesson days")
    await asha.taps("Sat")
    await asha.sees("Now: Saturday to Thursday.", "Next lesson: Sunday 08:30, Riyadh.")


async def test_a_slower_pace_says_what_becomes_of_the_deadline(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/settings")
    await asha.sees("Pace: a lesson every working day", "Deadline: Sunday 11 April")
    await asha.taps("Pace")
    await asha.sees(
        "56 lessons and cases are left.", "Tuesday 9 February, in time for your deadline on Sunday 11 April."
    )
    await asha.taps("Every third working day")
    await asha.sees("after your deadline on Sunday 11 April; 25 of them would come too late.")
    await asha.taps("Every second working day")
    await asha.sees(
        "Now: every 2 working days.", "the last one would come on Sunday 9 May", "Next lesson: Sunday 08:30, Riyadh."
    )
    await asha.taps("Back")
    await asha.sees("Pace: a lesson every 2 working days")
    await world.morning()
    await asha.taps("To the question")
    await asha.taps("A")
    await asha.taps("Sure")
    await asha.sees("Next lesson: Tuesday 08:30, Riyadh")


async def test_settings_fit_four_rows_and_a_pause_tells_of_the_deadline(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/settings")
    rows = [message["keyboard"] for message in (await asha.chat())["messages"] if message["keyboard"]][-1]
    assert [len(row) for row in rows] == [2, 2, 2, 1]
    await asha.taps("Pause the lessons")
    paused = await asha.sees("Your deadline stays Sunday 11 April; if you are away, /leave moves it.")
    assert paused.labels == ("Resume", "Leave")


async def test_another_language_is_spoken_at_once_and_back(tmp_path: Path) -> None:
    phrases = Phrases({BASE: catalogue(BASE), "cy": pseudo()})
    async with a_world(tmp_path) as world, world.serving(phrases):
        asha = await world.enrolled("Asha Rahman", await world.cohort())
        await asha.types("/settings")
        await asha.taps("Language")
        assert (await asha.last()).labels == ("English", "Cymraeg", "Back")
        await asha.taps("Cymraeg")
        assert (await asha.last()).text.startswith("⟦")
        for command in ("/leave", "/leave 29 Nov", "/posting Tokyo", "/pause"):
            await asha.types(command)
            assert "⟦" in (await asha.last()).text
        await asha.types("/settings")
        for bubble in (await asha.bubbles())[-4:]:
            assert all("⟦" in label for label in bubble.labels), bubble.labels
        await asha.taps((await asha.last()).labels[-2])
        await asha.taps("English")
        await asha.sees("Settings", "Lesson days: Sunday to Thursday")


async def test_a_new_posting_brings_its_clock_and_its_weekend(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/settings")
    await asha.taps("New posting")
    await asha.types("London")
    labels = (await asha.last()).labels
    await asha.taps(next(label for label in labels if "United Kingdom" in label))
    await asha.sees("London, United Kingdom")
    await asha.taps("From today")
    await asha.sees("Monday to Friday", "Next lesson: Monday 08:30")


async def test_a_learner_who_blocks_is_left_alone_and_comes_back_where_she_stood(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.does("blocks")
    await world.wind(days=3)
    assert not (await world.journal())["unreachable"], "nothing is sent to somebody known to have blocked"
    await asha.does("unblocks")
    await asha.types("/start")
    await asha.sees("Good to see you again", "Your next lesson")
    await world.morning()
    await asha.sees("lesson 1 of ")


async def test_a_deleted_account_ends_planning(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.does("deactivates")
    await world.wind(days=4)
    assert len((await world.journal())["unreachable"]) == 1


async def test_privacy_answers_a_stranger_too(world: World) -> None:
    babu = await world.phone("Babu")
    await babu.types("/privacy")
    await babu.sees("not end-to-end encrypted", "/mydata", "/forget", "nasreen@academy.example")


async def test_my_data_holds_everything_and_forget_erases_it(world: World, tmp_path: Path) -> None:
    asha = await world.enrolled("Asha Markerperson", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    question = await asha.last()
    await asha.taps("A")
    await asha.taps("Sure")
    await asha.types("/mydata")
    texts = "\n".join(b.text for b in (await asha.bubbles())[-2:])
    for kept in ("Asha Markerperson", str(asha.id), "Riyadh", "Asia/Riyadh", "works-both-ways-day", "sure"):
        assert kept in texts
    await asha.types("/forget")
    await asha.taps("No, keep my seat")
    await asha.sees("Nothing has been erased")
    await asha.types("/forget")
    await asha.taps("Yes, forget me")
    await asha.sees("It is done")
    await asha.forges(question.data[0], question.message_id)
    assert "enrolled learners" in (await asha.toast() or "")
    await asha.types("/mydata")
    await asha.sees("Nothing is kept about you")
    await world.wind(days=3)
    await asha.sees("Nothing is kept about you")
    await world.running.store.scrub()
    for file in tmp_path.glob("attache.sqlite3*"):
        assert b"Markerperson" not in file.read_bytes(), file.name


async def test_unknown_words_and_pictures_get_one_helpful_line(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    for words in ("What is the weather?", "/nonsense", "🙂", "x" * 4000):
        await asha.types(words)
        await asha.sees("I read only taps and commands")


async def test_cancel_leaves_a_dialogue(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/cancel")
    await asha.sees("There is nothing to cancel")
    await asha.types("/settings")
    await asha.taps("New posting")
    await asha.types("/cancel")
    await asha.sees("Cancelled")
    await asha.types("London")
    await asha.sees("I read only taps and commands")


async def test_every_word_for_people_comes_from_the_catalogue(tmp_path: Path) -> None:
    phrases = Phrases({"cy": pseudo(), BASE: catalogue(BASE)})
    async with a_world(tmp_path) as world, world.serving(phrases):
        code = await world.cohort()
        asha = await world.phone("Asha Rahman", language="cy")
        await asha.types(f"/start {code}")
        for _ in range(2):
            await asha.taps((await asha.last()).labels[0])
        await asha.types("Asha Rahman")
        await asha.types("Riyadh")
        await asha.taps((await asha.last()).labels[0])
        await world.morning()
        for _ in range(3):
            await asha.taps((await asha.last()).labels[0])
        for command in ("/help", "/progress", "/settings", "/privacy", "/mydata", "/forget", "/pause", "/today"):
            await asha.types(command)
        for bubble in await asha.bubbles():
            assert "⟦" in bubble.text, bubble.text
            for label in bubble.labels:
                assert "⟦" in label or label in "ABC" or label == "Asha Rahman", label
