"""Ten kept questions at the start and after the end, on a phone: without a verdict before their end."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import agenda
from lessons.catalogue import built_in
from lessons.course import Role
from lessons.enrolment import AskingKind, AskingState, EnrolmentState, MeasureKind
from lessons.measures import forms
from storage import askings, cohorts, enrolments, measures
from storage.enrolments import Enrolment
from storage.schema import asking, attempt, measure
from storage.store import Tx
from tests.support.world import COORDINATOR, Bubble, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py

COURSE = built_in()
KEPT = {q.stem: q for le in COURSE.lessons for q in le.questions if q.role is Role.KEPT}
VERDICTS = ("✅", "▫️", "Source", "Right", "You were sure", "You doubted", "mastered")


async def offered(phone: Phone) -> Bubble:
    """The newest message that offers a measure or holds one of its questions."""
    ours = ("measure:", "k:", "ks:")
    return next(b for b in reversed(await phone.bubbles()) if any(d.startswith(ours) for d in b.data))


async def on_phone(phone: Phone, message_id: int) -> Bubble:
    return next(b for b in await phone.bubbles() if b.message_id == message_id)


async def answers(phone: Phone, on: int, *, right: bool, sure: bool = True) -> Bubble:
    """Answer the question that stands on a message; returns what the message shows then."""
    shown = await on_phone(phone, on)
    question = KEPT[shown.text.split("\n\n")[1]]
    data = next(d for d in shown.data if (d.split(":")[2] == question.key) is right)
    await phone.taps(shown.labels[shown.data.index(data)], on=on)
    await phone.taps("Sure" if sure else "Not sure", on=on)
    return await on_phone(phone, on)


async def sits(phone: Phone, *, right: int, unsure: int = 0) -> Bubble:
    """Begin the measure that is offered and go through it: so many right, so many of the last ones not sure."""
    on = (await offered(phone)).message_id
    await phone.taps("Begin", on=on)
    for n in range(10):
        shown = await answers(phone, on, right=n < right, sure=n < 10 - unsure)
    return shown


async def read(world: World, query: Any) -> Sequence[Any]:
    async def rows(tx: Tx) -> Sequence[Any]:
        return await tx.all(query)

    return await world.running.store.read(rows)


async def every_enrolment(tx: Tx) -> list[Enrolment]:
    return [e for cohort in await cohorts.every(tx) for e in await enrolments.of_cohort(tx, cohort.id)]


async def everybody_completes(world: World) -> None:
    now = await world.now()

    async def change(tx: Tx) -> None:
        for each in await every_enrolment(tx):
            await enrolments.set_state(tx, each.id, EnrolmentState.COMPLETED, completed_at=now)
            await agenda.replan(tx, {COURSE.id: COURSE}, each.id, now=now)

    await world.running.store.change(change)


async def test_the_whole_baseline_by_phone_shows_no_verdict_before_its_end(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    offer, lesson = (await asha.bubbles())[-2:]
    assert "10 questions before the first lesson\nAbout 5 minutes, once." in offer.text
    assert "No marks go to your head of mission. You see how it went at the end" in offer.text
    assert offer.labels == ("Begin", "Not for me")
    assert "lesson 1 of " in lesson.text
    assert (offer.silent, lesson.silent) == (True, False), "one morning, one sound"
    taps = len((await world.journal())["taps"])
    await asha.taps("Begin", on=offer.message_id)
    for n in range(10):
        shown = await on_phone(asha, offer.message_id)
        assert shown.text.startswith(f"{n + 1} of 10\n\n")
        assert not [word for word in VERDICTS if word in shown.text]
        shown = await answers(asha, offer.message_id, right=n < 7)
    assert len((await world.journal())["taps"]) == taps + 21
    assert shown.text.startswith("Thank you. 7 of 10.")
    assert "Waiting for you: A tool that works both ways" in shown.text
    assert shown.labels == ("Read it now",)
    assert (await asha.bubbles())[-1] == lesson, "everything happened in one message"
    assert (await world.journal())["refusals"] == []


async def test_the_end_says_when_the_first_lesson_comes_if_none_is_open(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    await asha.taps("A")
    await asha.taps("Sure")
    shown = await sits(asha, right=10)
    assert shown.text == "Thank you. 10 of 10.\n\nNext lesson: Monday 08:30, Riyadh."


async def test_double_taps_change_nothing(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    offer = await offered(asha)
    await asha.taps("Begin", on=offer.message_id, times=2)
    for n in range(10):
        shown = await on_phone(asha, offer.message_id)
        assert shown.text.startswith(f"{n + 1} of 10")
        await asha.taps("B", on=offer.message_id, times=2)
        await asha.taps("Not sure", on=offer.message_id, times=2)
    assert "Thank you." in (await on_phone(asha, offer.message_id)).text
    assert len(await read(world, select(attempt))) == 10
    assert len(await read(world, select(asking).where(asking.c.kind == "kept"))) == 10
    assert all(tap["answered"] for tap in (await world.journal())["taps"])


async def test_it_goes_on_where_it_was_left_days_later_and_after_a_restart(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            asha = await world.enrolled("Asha Rahman", await world.cohort())
            await world.morning()
            on = (await offered(asha)).message_id
            await asha.taps("Begin", on=on)
            for _ in range(3):
                await answers(asha, on, right=True)
            await asha.taps("C", on=on)
        async with world.serving():
            await asha.taps("Sure", on=on)
            assert (await on_phone(asha, on)).text.startswith("5 of 10")
            await world.wind(days=2)
        async with world.serving():
            await asha.types("/results")
            await asha.sees("Nothing has been measured yet", "Some questions wait for you")
            await asha.taps("Go on")
            last = await asha.last()
            assert last.text.startswith("5 of 10")
            for _ in range(6):
                last = await answers(asha, last.message_id, right=False)
            assert last.text.startswith("Thank you.")
            await asha.taps("A", on=on)  # the older message still shows the fifth question
            assert (await on_phone(asha, on)).text == last.text
            assert len(await read(world, select(attempt))) == 10


async def test_a_declined_baseline_is_not_offered_again_but_the_checks_come(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    offer = await offered(asha)
    await asha.taps("Not for me", on=offer.message_id)
    told = await on_phone(asha, offer.message_id)
    assert (told.text, told.labels) == (
        "Very well, without these questions then. Everything else comes as planned.",
        (),
    )
    await world.wind(days=3)
    assert not any("Begin" in b.labels for b in await asha.bubbles())
    await asha.types("/results")
    assert (await asha.last()).labels == (), "nothing waits"
    await everybody_completes(world)
    await world.wind(days=34)
    check = await offered(asha)
    assert check.text.startswith("10 questions, to see what has stayed")
    shown = await sits(asha, right=6)
    assert shown.text.startswith("Thank you. 6 of 10.\n\nOf the answers you were sure of, 6 of 10 were right.")


async def test_a_choice_left_over_midnight_counts_as_not_sure_and_the_next_tap_goes_on(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    on = (await offered(asha)).message_id
    await asha.taps("To the question")
    for label in ("A", "Sure"):
        await asha.taps(label)
    await asha.taps("Begin", on=on)
    await asha.taps("B", on=on)
    await asha.types("/today")
    await asha.sees("That was today’s lesson")
    await world.morning()
    lesson = await asha.sees("lesson 2 of ")
    assert "Your last answer" not in lesson.text, "no verdict before the end, not even the next morning"
    question = COURSE.lessons[1].question(Role.DAY)
    assert question is not None
    await asha.forges(f"k:{lesson.data[0][2:]}:{question.key}", on)
    assert len(await read(world, select(attempt))) == 2, "a lesson's question has other buttons"
    await asha.taps("Sure", on=on)
    assert (await on_phone(asha, on)).text.startswith("2 of 10")
    kept = select(attempt.c.sure).join(asking, asking.c.id == attempt.c.asking_id).where(asking.c.kind == "kept")
    assert [row.sure for row in await read(world, kept)] == [0]


async def test_thirty_days_after_the_end_a_check_shows_what_was_gained(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await sits(asha, right=5)
    await everybody_completes(world)
    await world.wind(days=29)
    before = len(await asha.bubbles())
    await world.wind(days=2)
    assert len(await asha.bubbles()) == before + 1
    check = await asha.last()
    assert not check.silent
    shown = await sits(asha, right=8, unsure=3)
    assert "At the start 5 of 10, now 8 of 10." in shown.text
    assert "Of the answers you were sure of, 7 of 7 were right." in shown.text
    assert "Other questions of this kind come once more, on Tuesday 23 February." in shown.text, "after two holidays"
    assert "Waiting for you" not in shown.text, "the course is over"
    await asha.types("/results")
    await asha.sees("At the start: 5 of 10", "30 days after the end: 8 of 10", "Only you see these figures")


async def test_nobody_meets_a_kept_question_twice_over_baseline_and_checks(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await sits(asha, right=4)
    await everybody_completes(world)
    for right, days in ((6, 31), (9, 63)):  # the last slot falls on a weekend and two holidays
        await world.wind(days=days)
        shown = await sits(asha, right=right)
    assert "At the start 4 of 10, now 9 of 10." in shown.text
    assert "These were the last questions of this kind." in shown.text
    met = Counter(row.question_id for row in await read(world, select(asking).where(asking.c.kind == "kept")))
    assert len(met) == 30
    assert set(met.values()) == {1}
    before = len(await asha.bubbles())
    await world.wind(days=120)
    assert len(await asha.bubbles()) == before


async def test_three_people_of_a_cohort_meet_three_forms(world: World) -> None:
    code = await world.cohort()
    phones = [await world.enrolled(name, code) for name in ("Asha", "Babu", "Champa")]
    await world.morning()
    for phone in phones:
        await phone.taps("Begin")
        await answers(phone, (await offered(phone)).message_id, right=True)
    rows = await read(world, select(asking).where(asking.c.kind == "kept").order_by(asking.c.id))
    met = [{row.question_id for row in rows if row.enrolment_id == n} for n in (1, 2, 3)]
    assert [sum(len(ids & set(form)) for form in forms(COURSE)) for ids in met] == [2, 2, 2]
    assert {next(n for n, form in enumerate(forms(COURSE)) if ids <= set(form)) for ids in met} == {0, 1, 2}


async def test_foreign_and_forged_buttons_change_nothing_and_give_no_verdict(world: World) -> None:
    code = await world.cohort()
    asha, babu = await world.enrolled("Asha Rahman", code), await world.enrolled("Babu Das", code)
    await world.morning()
    on = (await offered(asha)).message_id
    await asha.taps("Begin", on=on)
    mine = await on_phone(asha, on)
    number = mine.data[0].split(":")[1]
    theirs = await offered(babu)
    for data in (mine.data[0], f"ks:{number}:1", "measure:1:baseline", "measure-no:1:baseline", "k:1:a"):
        await babu.forges(data, theirs.message_id)
        assert await babu.toast() == "This belongs to another seat. Send /results for your own."
        assert await on_phone(babu, theirs.message_id) == theirs
    for data in (f"a:{mine.data[0][2:]}", f"s:{number}:1", f"q:{number}", f"read:{number}", f"oops:{number}"):
        await asha.forges(data, on)
        assert "another seat" in str(await asha.toast()), "a kept question has no lesson, no feedback and no report"
    await asha.forges(f"k:{number}:none", on)
    assert "This choice no longer exists" in str(await asha.toast())
    for data in ("measure:1:nonsense", "measure:1:check-30"):
        await asha.forges(data, on)
        assert await asha.toast()
    await asha.types("/today")
    await asha.sees("lesson 1 of ")
    assert await on_phone(asha, on) == mine
    assert await read(world, select(attempt)) == []


async def test_a_baseline_is_closed_once_the_course_is_over(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    on = (await offered(asha)).message_id
    await everybody_completes(world)
    await asha.taps("Begin", on=on)
    assert "It is too late for these questions" in str(await asha.toast())


async def test_an_offer_that_did_not_go_out_is_taken_back(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.does("deactivates")
    await world.morning()
    assert await read(world, select(measure)) == []


# What a coordinator sees


async def answered(tx: Tx, one: Enrolment, kind: MeasureKind, right: int, now: datetime) -> None:
    """A measure gone through at once: so many right, all of them sure but the last three."""
    await measures.offer(tx, one.id, kind, form=list(MeasureKind).index(kind), on=now.date())
    await measures.change(tx, one.id, kind, state="done", begun_at=now, done_at=now)
    for n, id_ in enumerate(forms(COURSE)[list(MeasureKind).index(kind)]):
        question, lesson = COURSE.question(id_), COURSE.lesson_of(id_)
        assert question is not None
        assert lesson is not None
        put, _ = await askings.plan(
            tx,
            one.id,
            course_id=COURSE.id,
            lesson_id=lesson.id,
            question=question,
            kind=AskingKind.KEPT,
            on=now.date(),
            now=now,
        )
        await askings.record(tx, put, question.key, correct=n < right, now=now, update_id=0)
        await askings.record_sure(tx, put, sure=n < 7, now=now, update_id=0)
        await askings.change(tx, put, state=AskingState.SETTLED.value)


async def measured(world: World, kind: MeasureKind, right: int, who: Callable[[int], bool]) -> None:
    now = await world.now()

    async def change(tx: Tx) -> None:
        for each in await every_enrolment(tx):
            if who(each.seat):
                await answered(tx, each, kind, right, now)

    await world.running.store.change(change)


async def a_cohort_of(world: World, people: int) -> Phone:
    code = await world.cohort()
    for n in range(people):
        await world.enrolled(f"Person {n}", code)
    return await world.phone("Nasreen", COORDINATOR)


async def test_a_coordinator_sees_no_figures_of_fewer_than_five_people(world: World) -> None:
    nasreen = await a_cohort_of(world, 5)
    await measured(world, MeasureKind.BASELINE, 5, lambda seat: seat < 4)
    await nasreen.types("/results")
    told = await nasreen.sees("Gulf 2026", "At the start: fewer than five people", "30 days after the end: nobody yet")
    assert "%" not in told.text


async def test_a_coordinator_sees_what_the_same_people_gained(world: World) -> None:
    nasreen = await a_cohort_of(world, 5)
    await measured(world, MeasureKind.BASELINE, 5, lambda _: True)
    await nasreen.types("/results")
    await nasreen.sees("At the start: 5 people, 50% right")
    await world.wind(hours=1)
    await measured(world, MeasureKind.CHECK_30, 8, lambda _: True)
    await nasreen.types("/results")
    told = await nasreen.sees(
        "At the start: 5 people, 50% right",
        "30 days after the end: 5 people, 50% right at the start and 80% now",
        "90 days after the end: nobody yet",
        "Gained by module",
        "Answers they were sure of: fewer than five people",
    )
    assert "Protecting people: +100\n" in told.text
    assert "The diaspora: 0\n" in told.text
    assert len(told.text) < 4096


async def test_what_would_tell_of_one_person_beside_the_other_figures_is_held_back(world: World) -> None:
    nasreen = await a_cohort_of(world, 7)
    await measured(world, MeasureKind.BASELINE, 5, lambda seat: seat < 6)
    await world.wind(hours=1)
    await measured(world, MeasureKind.CHECK_30, 8, lambda seat: seat != 5)
    await nasreen.types("/results")
    await nasreen.sees(
        "At the start: 6 people; the share is held back",
        "30 days after the end: 6 people; the 5 who also did the first had 50% right then and 80% now",
    )


async def test_several_cohorts_are_shown_in_short_with_a_button_each(world: World) -> None:
    nasreen = await a_cohort_of(world, 5)
    for n in range(6):
        await world.cohort(f"Further {n}")
    await measured(world, MeasureKind.BASELINE, 5, lambda _: True)
    await nasreen.types("/results")
    short = await nasreen.last()
    assert short.labels == tuple(f"Further {n}" for n in (5, 4, 3, 2, 1))
    await nasreen.forges("results:1", short.message_id)
    await nasreen.sees("Gulf 2026", "At the start: 5 people, 50% right", "Do people know what they know?")
