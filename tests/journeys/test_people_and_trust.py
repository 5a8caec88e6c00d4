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


async def test_a_new_posting_brings_its_clock_and_its_weekend(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/settings")
    await asha.taps("New posting")
    await asha.types("London")
    labels = (await asha.last()).labels
    await asha.taps(next(label for label in labels if "United Kingdom" in label))
    await asha.sees("London, United Kingdom")
    await asha.taps("Yes, that is right")
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
