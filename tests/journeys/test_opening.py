"""A cohort is opened and changed from the chat: every line by a button or a word, nothing before it is confirmed."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import cohort_desk
from bot.desk import database
from storage import audit, cohorts, colleagues, conversations
from storage.audit import Entry
from storage.store import Store, Tx
from tests.support.small_course import small_course
from tests.support.world import COORDINATOR, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def coordinator(world: World) -> Phone:
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    return nasreen


async def opened(world: World) -> list[dict[str, Any]]:
    return await cohort_desk.list_cohorts(world.settings)


async def shown(world: World, name: str = "Gulf 2026") -> dict[str, Any]:
    return await cohort_desk.show_cohort(world.settings, name=name)


async def stored(world: World, work: Any) -> Any:
    async with await Store.open(database(world.settings)) as store:
        return await store.change(work)


async def trail(world: World) -> list[Entry]:
    entries: list[Entry] = await stored(world, lambda tx: audit.page(tx, cohorts=None))
    return [each for each in entries if each.what.startswith("cohort.")]


async def editing(world: World, nasreen: Phone, name: str = "Gulf 2026") -> None:
    """The terms of a cohort, as the button on its screen shows them."""
    found = await stored(world, lambda tx: cohorts.by_name(tx, name))
    await nasreen.forges(f"co-edit:{found.id}", (await nasreen.last()).message_id)


async def test_the_shortest_way_is_a_name_and_one_tap(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new")
    await nasreen.sees("What is the cohort called?")
    await nasreen.types("Gulf 2026")
    page = await nasreen.sees("Gulf 2026, not opened yet", "Course: Migration Diplomacy", "Start: Sunday 22 November")
    for words in ("20 weeks after each first lesson", "every working day", "working week of each place", "80 per cent"):
        assert words in page.text
    assert len(page.text.splitlines()) <= 12
    assert await opened(world) == []
    await nasreen.taps("Open it", times=2)
    page = await nasreen.sees("Gulf 2026 is open", "start on Sunday 22 November, at 08:30")
    assert page.labels == ("Invite people", "To the cohort")
    assert [each["cohort"] for each in await opened(world)] == ["Gulf 2026"]
    (entry,) = await trail(world)
    assert (entry.what, entry.actor_id) == ("cohort.opened", COORDINATOR)
    assert entry.about["start_on"] == "2026-11-22"
    assert "Gulf" not in str(entry.about)


async def test_the_name_may_stand_behind_the_command(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new  Gulf   <2026> ")
    await nasreen.sees("Gulf <2026>, not opened yet")
    await nasreen.taps("Leave it")
    await nasreen.sees("No cohort was opened")
    assert await opened(world) == []


async def test_every_line_can_be_tapped_or_typed_before_it_is_opened(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    for field, words in (
        ("Name", "Gulf 2026"),
        ("Start", "6 Dec"),
        ("Deadline", "30 April 2027"),
        ("Mastery bar", "75 %"),
    ):
        await nasreen.taps(field)
        await nasreen.types(words)
        await nasreen.sees("not opened yet")
    for field, choice in (("Pace", "Every second working day"), ("Reminders", "One")):
        await nasreen.taps(field)
        await nasreen.taps(choice)
    await nasreen.taps("Lesson days")
    await nasreen.sees("Now: the working week of each place")
    await nasreen.taps("✓ Thu")
    await nasreen.sees("Now: Sunday to Wednesday")
    await nasreen.taps("That is right")
    await nasreen.sees(
        "Gulf 2026, not opened yet",
        "Start: Sunday 6 December",
        "Deadline: Friday 30 April 2027",
        "Pace: a lesson every 2 working days",
        "Lesson days: Sunday to Wednesday",
        "Reminders: 1 about a lesson",
        "Mastery bar: 75 per cent",
    )
    await nasreen.taps("Open it")
    kept = await shown(world)
    assert (kept["start"], kept["deadline"], kept["pace"]) == ("2026-12-06", "2027-04-30", 2)
    assert (kept["days"], kept["reminders"], kept["bar"]) == ([1, 2, 3, 7], 1, 75)


async def test_what_is_offered_is_taken_and_what_was_chosen_can_be_taken_back(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    await nasreen.taps("Start")
    await nasreen.taps("Sunday 29 November")
    await nasreen.taps("Deadline")
    await nasreen.taps("Sunday 18 April 2027")
    await nasreen.sees("Start: Sunday 29 November", "Deadline: Sunday 18 April 2027")
    await nasreen.taps("Deadline")
    await nasreen.taps("As the course says")
    await nasreen.taps("Lesson days")
    await nasreen.types("Mon-Wed, Sat")
    await nasreen.sees("Lesson days: Monday, Tuesday, Wednesday, Saturday")
    await nasreen.taps("Lesson days")
    await nasreen.taps("Working week of each place")
    await nasreen.taps("Pace")
    await nasreen.taps("Back")
    await nasreen.sees(
        "20 weeks after each first lesson", "working week of each place", "Pace: a lesson every working day"
    )


@pytest.mark.parametrize(
    ("field", "words", "sentence"),
    [
        ("Name", "…", "A cohort needs a name of letters or digits."),
        ("Name", "x" * 61, "longer than 60 characters"),
        ("Name", "LONDON", "There is a cohort named “LONDON” already."),
        ("Start", "soon", "I cannot read a date in “soon”."),
        ("Start", "31 Feb", "There is no such date as “31 Feb”."),
        ("Start", "1 March 2020", "“1 March 2020” is over."),
        ("Start", "2020-03-01", "“2020-03-01” is over."),
        ("Start", "1 March 2099", "more than two years away"),
        ("Deadline", "21 Nov", "The deadline comes before the start, Sunday 22 November."),
        ("Pace", "9", "“9” is no pace."),
        ("Lesson days", "someday", "I cannot read weekdays in “someday”."),
        ("Reminders", "many", "“many” is no number of reminders."),
        ("Mastery bar", "30", "“30” is no mastery bar. Please write a number from 50 to 100"),
    ],
)
async def test_what_cannot_hold_gets_one_sentence_and_is_asked_for_again(
    world: World, field: str, words: str, sentence: str
) -> None:
    await world.cohort("London")
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    await nasreen.taps(field)
    await nasreen.types(words)
    page = await nasreen.sees(sentence)
    assert "not opened yet" not in page.text
    await nasreen.taps("Back")
    await nasreen.sees("Gulf, not opened yet", "Start: Sunday 22 November", "20 weeks after each first lesson")


async def test_one_lesson_day_must_remain(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    await nasreen.taps("Lesson days")
    await nasreen.types("Mon")
    await nasreen.taps("Lesson days")
    await nasreen.taps("✓ Mon")
    assert (await nasreen.toast() or "").startswith("One lesson day must remain")


async def test_a_name_that_is_taken_meanwhile_is_said_and_mended(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    await world.cohort("gulf")
    await nasreen.taps("Open it")
    await nasreen.sees("There is a cohort named “Gulf” already.")
    await nasreen.taps("Name")
    await nasreen.types("Gulf II")
    await nasreen.taps("Open it")
    await nasreen.sees("Gulf II is open")
    assert len(await opened(world)) == 2


async def test_the_dialogue_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            nasreen = await coordinator(world)
            await nasreen.types("/cohort new Gulf")
            await nasreen.taps("Start")
        async with world.serving():
            await nasreen.types("29 Nov")
            await nasreen.sees("Gulf, not opened yet", "Start: Sunday 29 November")
        async with world.serving():
            await nasreen.taps("Open it")
            await nasreen.sees("Gulf is open")


async def test_a_screen_that_was_overtaken_does_nothing(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    old = (await nasreen.last()).message_id
    await nasreen.types("/cohort new London")
    await nasreen.taps("Open it", on=old)
    assert await nasreen.toast() == "This is settled, or a newer screen is below."
    assert await opened(world) == []
    await nasreen.types("what now")
    await nasreen.sees("London, not opened yet")


async def test_a_coordinator_who_is_removed_in_mid_dialogue_can_do_nothing_more(world: World) -> None:
    who = 9100
    await coordinator(world)
    await stored(world, lambda tx: colleagues.appoint(tx, who, "coordinator", None, name=None, now=datetime.now(UTC)))
    babu = await world.phone("Babu", who)
    await babu.types("/cohort new Gulf")
    await babu.sees("not opened yet")
    page = (await babu.last()).message_id
    await stored(world, lambda tx: colleagues.revoke(tx, who, now=datetime.now(UTC)))
    await babu.taps("Open it", on=page)
    assert (await babu.toast() or "").startswith("This is for coordinators")
    await babu.types("Gulf again")
    assert "not opened yet" not in (await babu.last()).text
    assert await opened(world) == []


async def test_whoever_has_some_cohorts_sees_the_one_they_open_and_changes_no_other(world: World) -> None:
    who = 9100
    await coordinator(world)
    await world.cohort("London")
    await world.cohort("Paris")

    async def appoint(tx: Tx) -> tuple[int, int]:
        london, paris = await cohorts.by_name(tx, "London"), await cohorts.by_name(tx, "Paris")
        assert london
        assert paris
        await colleagues.appoint(tx, who, "coordinator", [london.id], name=None, now=datetime.now(UTC))
        return london.id, paris.id

    london, paris = await stored(world, appoint)
    babu = await world.phone("Babu", who)
    await babu.types("/cohort new Gulf")
    await babu.taps("Open it")
    page = (await babu.last()).message_id
    held = await stored(world, lambda tx: colleagues.of(tx, who))
    gulf = await stored(world, lambda tx: cohorts.by_name(tx, "Gulf"))
    assert held.cohorts == {london, gulf.id}
    await babu.forges(f"co-edit:{paris}", page)
    await babu.sees("no longer yours to change")
    await babu.forges("co-edit:4711", page)
    await babu.sees("no longer yours to change")


async def test_a_change_says_whom_it_moves_before_it_is_made(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await world.enrolled("Babu Das", code, "Milan")
    await editing(world, nasreen)
    page = await nasreen.sees("Gulf 2026, as it stands")
    assert page.labels[-1] == "To the cohort"
    assert "Course" not in page.labels
    await nasreen.taps("Lesson days")
    await nasreen.types("Tue, Wed")
    page = await nasreen.sees("Gulf 2026, not changed yet", "Lesson days: Tuesday to Wednesday (now the working week")
    await nasreen.sees("Concerns 2 people under way", "Asha Rahman, Riyadh: Sunday 08:30 → Tuesday 08:30")
    await nasreen.taps("Deadline")
    await nasreen.types("30 April 2027")
    await nasreen.sees("Deadline: Friday 30 April 2027 (now 20 weeks", "They are told of the new deadline")
    assert (await shown(world))["deadline"] is None, "nothing is done before it is confirmed"
    await nasreen.taps("Change it", times=2)
    page = await nasreen.sees("Done. Gulf 2026 is changed", "2 people under way are planned anew", "2 people are told")
    assert page.labels == ("To the cohort",)
    (entry, *_) = await trail(world)
    assert (entry.what, entry.about) == (
        "cohort.changed",
        {"deadline_on_was": "usual", "deadline_on": "2027-04-30", "days_was": "usual", "days": "2+3"},
    )
    before = len(await asha.bubbles())
    await world.wind(datetime(2026, 11, 22, 12, tzinfo=UTC))
    told = [bubble.text for bubble in (await asha.bubbles())[before:]]
    assert told == [], "Sunday is no lesson day any more, nor one for words beside the lessons"
    await world.wind(datetime(2026, 11, 24, 12, tzinfo=UTC))
    texts = [bubble.text for bubble in (await asha.bubbles())[before:]]
    assert sum("is now Friday 30 April 2027" in text for text in texts) == 1
    assert len(texts) > 1, "and the lesson has come"


async def test_a_start_moves_everybody_until_lessons_have_begun(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await editing(world, nasreen)
    await nasreen.taps("Start")
    await nasreen.types("2 Dec")
    await nasreen.sees("Asha Rahman, Riyadh: Sunday 08:30 → Wednesday 2 December, 08:30")
    await nasreen.taps("Change it")
    before = len(await asha.bubbles())
    await world.wind(datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert len(await asha.bubbles()) == before
    await world.wind(datetime(2026, 12, 2, 6, tzinfo=UTC))
    assert len(await asha.bubbles()) > before
    await nasreen.types("/start")
    await editing(world, nasreen)
    await nasreen.taps("Start")
    await nasreen.types("20 Dec")
    await nasreen.sees("Lessons have begun in Gulf 2026, so its start stands.")


async def test_a_start_after_the_deadline_names_what_to_move(world: World) -> None:
    await world.cohort()
    nasreen = await coordinator(world)
    await editing(world, nasreen)
    await nasreen.taps("Deadline")
    await nasreen.types("30 Nov")
    await nasreen.taps("Change it")
    await nasreen.types("/start")
    await editing(world, nasreen)
    await nasreen.taps("Start")
    await nasreen.types("6 Dec")
    await nasreen.sees("The start comes after the deadline, Monday 30 November.")


async def test_two_coordinators_who_change_different_lines_keep_both(world: World) -> None:
    await world.cohort()
    nasreen, babu = await coordinator(world), await world.phone("Babu", 9100)
    await stored(world, lambda tx: colleagues.appoint(tx, 9100, "coordinator", None, name=None, now=datetime.now(UTC)))
    await babu.types("/start")
    for phone, field, words in ((nasreen, "Pace", "2"), (babu, "Mastery bar", "70")):
        await editing(world, phone)
        await phone.taps(field)
        await phone.types(words)
    await nasreen.taps("Change it")
    await babu.taps("Change it")
    kept = await shown(world)
    assert (kept["pace"], kept["bar"]) == (2, 70)


async def test_a_change_that_is_left_changes_nothing(world: World) -> None:
    await world.cohort()
    nasreen = await coordinator(world)
    await editing(world, nasreen)
    await nasreen.taps("Name")
    await nasreen.types("Gulf 2027")
    await nasreen.sees("Name: Gulf 2027 (now Gulf 2026)")
    await nasreen.taps("Leave it")
    await nasreen.sees("Gulf 2026 stays as it was")
    assert [each["cohort"] for each in await opened(world)] == ["Gulf 2026"]


async def test_a_learners_own_days_win_over_the_cohorts(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha, babu = await world.enrolled("Asha Rahman", code), await world.enrolled("Babu Das", code)
    await asha.types("/settings")
    await asha.taps("Lesson days")
    await asha.taps("✓ Thu")
    await editing(world, nasreen)
    await nasreen.taps("Lesson days")
    await nasreen.types("Wed")
    await nasreen.sees("1 of them keeps lesson days of their own")
    await nasreen.taps("Change it")
    counts = len(await asha.bubbles()), len(await babu.bubbles())
    await world.wind(datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert len(await asha.bubbles()) > counts[0]
    assert len(await babu.bubbles()) == counts[1]
    await babu.types("/settings")
    await babu.sees("Lesson days: Wednesday")


@pytest.mark.parametrize(("choice", "reminders", "rests"), [("None", 0, False), ("One", 1, True)])
async def test_reminders_are_as_many_as_the_cohort_has(world: World, choice: str, reminders: int, rests: bool) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf 2026")
    await nasreen.taps("Reminders")
    await nasreen.taps(choice)
    await nasreen.taps("Open it")
    made = await cohort_desk.invite(world.settings, name="Gulf 2026", uses=1)
    asha = await world.enrolled("Asha Rahman", str(made["code"]))
    await world.morning()
    before = len(await asha.bubbles())
    await world.wind(days=10)
    later = [bubble.text for bubble in (await asha.bubbles())[before:]]
    assert len(later) == reminders + rests, later
    assert any("the lessons rest from today" in text for text in later) is rests


async def test_a_course_that_was_taken_away_is_told_and_breaks_nothing(tmp_path: Path) -> None:
    content = tmp_path / "content"
    small_course(content)
    async with a_world(tmp_path / "data", content=content) as world:
        async with world.serving():
            nasreen = await coordinator(world)
            await nasreen.types("/cohort new Small")
            await nasreen.sees("Which course does the new cohort learn?")
            await nasreen.taps("A small course")
            await nasreen.taps("Open it")
            await nasreen.sees("Small is open")
            await nasreen.types("/cohort new Other")
            await nasreen.taps("A small course")
            await nasreen.types("Other")
        shutil.rmtree(content / "small")
        async with world.serving():
            await nasreen.taps("Open it")
            await nasreen.sees("“small” is not taught here. Please choose one that is: migration-diplomacy.")
            await editing(world, nasreen, "Small")
            await nasreen.sees("small, whose files are no longer in the content folder")
            await nasreen.taps("Pace")
            await nasreen.taps("Every second working day")
            await nasreen.taps("Change it")
            await nasreen.sees("Done. Small is changed")
            assert [each["taught"] for each in await opened(world)] == [False]


async def test_conversations_hold_no_more_than_the_draft(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/cohort new Gulf")
    await nasreen.taps("Open it")
    assert await stored(world, lambda tx: conversations.get(tx, COORDINATOR)) is None
