"""Which questions need a look, and putting one right: those concerned are told, marked anew, and asked again."""

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from python_calamine import load_workbook

from bot.cohort_desk import create_cohort
from bot.demo import history
from lessons.catalogue import built_in
from storage import cohorts, colleagues
from storage.store import Tx
from tests.support.small_course import small_course
from tests.support.world import COORDINATOR, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has tests/lessons/test_items.py
SPRING = "Spring 2026"


async def spring(world: World) -> Phone:
    """A coordinator with the cohort of thirty-four that took the course in spring."""
    await world.cohort(SPRING, start=date(2026, 3, 1))

    async def write(tx: Tx) -> None:
        (cohort,) = await cohorts.every(tx)
        await history.write(tx, built_in(), cohort.id, date(2026, 3, 2))

    await world.running.store.change(write)
    return await world.phone("Nasreen", COORDINATOR)


async def test_the_worst_question_is_found_looked_at_and_taken_as_a_sheet(world: World) -> None:
    nasreen = await spring(world)
    await nasreen.types("/questions")
    puzzling = built_in().lessons[history.PUZZLING]
    worst = await nasreen.sees("Questions of Spring 2026", "1. ", puzzling.title)
    assert puzzling.title in worst.text.split("2. ")[0]
    await nasreen.taps("1")
    await nasreen.sees(puzzling.title, "Right at first:", "✓")
    await nasreen.taps("All questions to look at")
    await nasreen.taps("All questions as a sheet")
    name, content = await nasreen.document()
    table = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert name.endswith(".xlsx")
    assert table[0][:5] == ["Module", "Lesson", "Question", "Role", "Answers"]
    assert len(table) > 44
    assert {type(row[5]) for row in table[1:40]} == {float}


async def test_before_ten_answers_there_is_silence(world: World) -> None:
    await world.enrolled("Asha Rahman", await world.cohort())
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/questions")
    await nasreen.sees("No question has 10 first answers yet")


async def studied(world: World) -> tuple[Phone, Phone, Phone, str]:
    """A coordinator; Asha, who was told wrong; Babu, who was told right; and what Asha chose."""
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    asha, babu = await world.enrolled("Asha Rahman", code), await world.enrolled("Babu Das", code)
    await world.morning()
    question = built_in().lessons[0].questions[0]
    wrong = next(choice for choice in question.choices if choice.id != question.key)
    for phone, choice in ((asha, wrong.id), (babu, question.key)):
        await phone.taps("To the question")
        asked = await phone.last()
        letter = next(
            label for label, data in zip(asked.labels, asked.data, strict=True) if data.endswith(f":{choice}")
        )
        await phone.taps(letter)
        await phone.taps("Sure")
    return nasreen, asha, babu, wrong.text


async def reported(nasreen: Phone, asha: Phone) -> None:
    await asha.taps("Report a mistake in this question")
    await nasreen.taps("Look at this question")
    await nasreen.sees("2 first answers so far; figures come from 10 on")
    await nasreen.taps("Correct it")


async def test_a_wrong_key_is_corrected_from_a_report_to_the_next_asking(world: World) -> None:
    nasreen, asha, babu, chosen = await studied(world)
    await reported(nasreen, asha)
    draft = await nasreen.sees("Correcting:", "Nothing holds until you confirm")
    letter = next(line[0] for line in draft.text.splitlines() if line[3:] == chosen)
    await nasreen.taps(f"Right is {letter}")
    await nasreen.sees(f"{letter}. {chosen} ✓")
    await nasreen.taps("Go on: the reason")
    await nasreen.types("The law changed on 1 July.")
    await nasreen.sees("Trial:", "1 person was told wrong and is right: Asha Rahman", "1 person was told right")
    await nasreen.sees("meets the question again in 3 days", "The law changed on 1 July.")
    await nasreen.taps("Correct it for everybody", times=2)
    await nasreen.sees("It holds")
    await asha.sees(
        "we had marked your answer as wrong; it was right", "The law changed on 1 July.", "Wednesday 25 November"
    )
    await babu.sees("the right answer is now", chosen, "Wednesday 25 November")
    await nasreen.taps("All questions to look at")
    await nasreen.types("/audit")
    await nasreen.sees("corrected a question")
    for _ in range(2):  # a lesson that stays open would keep the question waiting
        await world.morning()
        for tap in ("To the question", "A", "Sure"):
            await babu.taps(tap)
    await world.morning()
    again = [bubble for bubble in (await babu.bubbles())[-2:] if chosen in bubble.text]
    assert len(again) == 1
    await babu.taps(next(line[0] for line in again[0].text.splitlines() if line[3:] == chosen), on=again[0].message_id)
    await babu.taps("Sure", on=again[0].message_id)
    answered = next(bubble for bubble in await babu.bubbles() if bubble.message_id == again[0].message_id)
    assert "✅" in answered.text


async def test_whoever_has_the_question_open_is_judged_by_the_corrected_key(world: World) -> None:
    nasreen, asha, _, chosen = await studied(world)
    late = await world.enrolled("Chitra Sen", await world.cohort("Late 2026"))
    await world.morning()
    await late.taps("To the question")
    asked = await late.last()
    await reported(nasreen, asha)
    draft = await nasreen.last()
    letter = next(line[0] for line in draft.text.splitlines() if line[3:] == chosen)
    await nasreen.taps(f"Right is {letter}")
    await nasreen.taps("Go on: the reason")
    await nasreen.types("The key was wrong.")
    await nasreen.taps("Correct it for everybody")
    hers = next(line[0] for line in asked.text.splitlines() if line[3:] == chosen)
    await late.taps(hers)
    await late.taps("Sure")
    await late.sees("Right")


async def test_other_words_change_no_marks(world: World) -> None:
    nasreen, asha, _, _ = await studied(world)
    await reported(nasreen, asha)
    await nasreen.taps("Other words for the question")
    await nasreen.types("x" * 301)
    await nasreen.sees("Please keep it within 300 characters")
    await nasreen.types("A brother calls. What do you ask first?")
    await nasreen.sees("A brother calls. What do you ask first?")
    await nasreen.taps("Go on: the reason")
    await nasreen.types("Clearer words.")
    await nasreen.sees("Nobody’s answer is judged differently")
    before = len(await asha.bubbles())
    await nasreen.taps("Correct it for everybody")
    assert len(await asha.bubbles()) == before


async def test_a_draft_outlives_a_restart(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            nasreen, asha, _, chosen = await studied(world)
            await reported(nasreen, asha)
            draft = await nasreen.last()
            letter = next(line[0] for line in draft.text.splitlines() if line[3:] == chosen)
            await nasreen.taps(f"Right is {letter}")
            await nasreen.taps("Go on: the reason")
        async with world.serving():
            await nasreen.types("The key was wrong.")
        async with world.serving():
            await nasreen.taps("Correct it for everybody")
            await asha.sees("it was right")


async def test_whoever_lost_the_role_corrects_nothing(world: World) -> None:
    _, asha, _, _ = await studied(world)
    now = await world.now()
    await world.running.store.change(lambda tx: colleagues.appoint(tx, 77, "coordinator", None, name="R", now=now))
    rafiq = await world.phone("Rafiq", 77)
    await rafiq.types("/start")
    await asha.taps("Report a mistake in this question")
    await rafiq.taps("Look at this question")
    await rafiq.taps("Correct it")
    await world.running.store.change(lambda tx: colleagues.revoke(tx, 77, now=now))
    await rafiq.taps("Leave it as it is")
    assert "This is for coordinators" in (await rafiq.toast() or "")


async def test_who_has_only_some_cohorts_of_a_course_asks_an_owner(world: World) -> None:
    _, asha, _, _ = await studied(world)
    await world.cohort("Europe 2026")
    now = await world.now()
    await world.running.store.change(lambda tx: colleagues.appoint(tx, 77, "coordinator", [1], name="R", now=now))
    rafiq = await world.phone("Rafiq", 77)
    await rafiq.types("/start")
    await asha.taps("Report a mistake in this question")
    await rafiq.taps("Look at this question")
    await rafiq.taps("Correct it")
    await rafiq.sees("also asked in cohorts that are not yours")


async def test_a_cohort_whose_course_is_gone_gets_a_sentence(tmp_path: Path) -> None:
    module = small_course(tmp_path / "content")
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world:
        async with world.serving():
            nasreen = await world.phone("Nasreen", COORDINATOR)
            await nasreen.types("/start")
            await small_cohort(world)
        shutil.rmtree(module.parent)
        async with world.serving():
            await nasreen.types("/questions")
            await nasreen.sees("not in the content folder any more", "Put its files back")


async def test_a_file_that_says_something_else_is_told_and_does_not_win(tmp_path: Path) -> None:
    module = small_course(tmp_path / "content")
    path = sorted(module.glob("0*.yaml"))[0]
    lesson = yaml.safe_load(path.read_text())
    first, second = [each for each in lesson["questions"][0]["choices"] if each["id"] != lesson["questions"][0]["key"]]
    async with a_world(tmp_path / "data", content=tmp_path / "content") as world, world.serving():
        nasreen = await world.phone("Nasreen", COORDINATOR)
        await nasreen.types("/start")
        code = await small_cohort(world)
        asha = await world.enrolled("Asha Rahman", code)
        await nasreen.types("/cohort")
        await world.morning()
        await asha.taps("To the question")
        await asha.taps("A")
        await asha.taps("Sure")
        await asha.taps("Report a mistake in this question")
        await nasreen.taps("Look at this question")
        await nasreen.taps("Correct it")
        draft = await nasreen.last()
        letter = next(line[0] for line in draft.text.splitlines() if line[3:] == first["text"])
        await nasreen.taps(f"Right is {letter}")
        await nasreen.taps("Go on: the reason")
        await nasreen.types("The key was wrong.")
        await nasreen.taps("Correct it for everybody")
        lesson["questions"][0]["key"] = second["id"]
        path.write_text(yaml.safe_dump(lesson, sort_keys=False, allow_unicode=True))
        await world.running.look_at_content()
        babu = await world.enrolled("Babu Das", code)
        await babu.taps("Start now")
        await nasreen.sees("The correction stands", first["text"], second["text"])
        await babu.taps("To the question")
        asked = await babu.last()
        await babu.taps(next(line[0] for line in asked.text.splitlines() if line[3:] == first["text"]))
        await babu.taps("Sure")
        await babu.sees("Right")


async def small_cohort(world: World) -> str:
    """A cohort of the small course."""
    made = await create_cohort(world.settings, course="small", name="Small", uses=9, start="2026-11-22")
    return str(made["code"])
