"""Who of a cohort is where, and what is done about it: nudges, more time, leave, postings, moves, ends, pictures."""

import pytest

from storage import audit, colleagues
from tests.support.world import COORDINATOR, Phone, World

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def at_the_desk(world: World) -> Phone:
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    return nasreen


async def looks_at(nasreen: Phone, group: str, person: str) -> None:
    await nasreen.types("/cohort")
    await nasreen.taps(group)
    await nasreen.taps(person)


async def noted(world: World) -> list[str]:
    found = await world.running.store.read(lambda tx: audit.page(tx, cohorts=None))
    return [entry.what for entry in found]


async def test_a_cohort_is_one_screen_with_its_missions(world: World) -> None:
    code = await world.cohort(uses=40)
    nasreen = await at_the_desk(world)
    await world.enrolled("Asha Rahman", code)
    babu, chitra = await world.enrolled("Babu Das", code, "Doha"), await world.enrolled("Chitra Sen", code, "Milan")
    await babu.types("/pause")
    await chitra.does("blocks")
    await world.morning()
    await nasreen.types("/cohort")
    await nasreen.sees("Gulf 2026", "Places left on links: 37", "Active: 1", "Paused: 1", "Out of reach: 1")
    await nasreen.sees("Doha: 1 person, 1 paused", "Milan: 1 person, 1 out of reach", "Riyadh: 1 person")
    await world.wind(hours=5)
    await nasreen.taps("Look again")
    await nasreen.sees("Silent since a reminder: 1", "Riyadh: 1 person, 1 silent")
    await nasreen.taps("Silent (1)")
    await nasreen.sees("1 person of Gulf 2026 is silent")
    await nasreen.taps("Asha Rahman, Riyadh")
    page = await nasreen.sees("Riyadh, now Sunday 13:30 there", "Lessons answered: 0 of 44", "Waits for an answer")
    assert "because" not in page.text
    await nasreen.taps("Back to the cohort")
    await nasreen.sees("By mission")


async def test_a_nudge_comes_once_a_day_and_not_beside_a_reminder(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    nasreen = await at_the_desk(world)
    await world.morning()
    await looks_at(nasreen, "Active (1)", "Asha Rahman, Riyadh")
    await nasreen.taps("Nudge kindly")
    first = (await nasreen.last()).text
    nudges = [b for b in await asha.bubbles() if "coordinator" in b.text.lower()]
    await nasreen.taps("Back to the person")
    await nasreen.taps("Nudge kindly")
    assert (await nasreen.last()).text != first
    assert [b for b in await asha.bubbles() if "coordinator" in b.text.lower()] == nudges
    await world.wind(hours=5)
    assert "person.nudged" in await noted(world)


async def test_more_time_is_previewed_and_told(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    nasreen = await at_the_desk(world)
    await looks_at(nasreen, "Active (1)", "Asha Rahman, Riyadh")
    await nasreen.taps("More time")
    await nasreen.taps("7 more days")
    await nasreen.taps("Duties at the mission")
    await nasreen.sees("because duties at the mission", "Nothing is done yet", "New deadline")
    await nasreen.taps("Do it")
    assert "extension.given" in await noted(world)
    await world.morning()
    await world.wind(hours=1)
    assert "You have more time" in "\n".join([b.text for b in await asha.bubbles()])


async def test_leave_is_entered_on_somebodys_behalf_and_taken_back(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    nasreen = await at_the_desk(world)
    await looks_at(nasreen, "Active (1)", "Asha Rahman, Riyadh")
    await nasreen.taps("Enter leave")
    await nasreen.taps("A week")
    await nasreen.sees("Asha Rahman is away", "The deadline moves with them")
    await world.morning()
    assert not any("A tool that works both ways" in b.text for b in await asha.bubbles())
    await nasreen.taps("Undo")
    await nasreen.sees("Taken back")
    await world.morning()
    assert any("A tool that works both ways" in b.text for b in await asha.bubbles())


async def test_a_new_posting_begins_today_and_is_told(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    nasreen = await at_the_desk(world)
    await looks_at(nasreen, "Active (1)", "Asha Rahman, Riyadh")
    await nasreen.taps("New posting")
    await nasreen.types("Tokyo")
    await nasreen.taps("From today")
    await nasreen.sees("posted to Tokyo, Japan", "Tuesday 09:00, Tokyo time")  # Monday is a holiday there
    await world.wind(days=3)
    assert any("Tokyo" in b.text for b in await asha.bubbles())
    assert any("A tool that works both ways" in b.text for b in await asha.bubbles())


async def test_a_move_keeps_what_is_done_and_an_end_stops_everything(world: World) -> None:
    code = await world.cohort()
    await world.cohort("Asia 2026")
    asha = await world.enrolled("Asha Rahman", code)
    nasreen = await at_the_desk(world)
    await nasreen.types("/cohort")
    await nasreen.taps("Gulf 2026")
    await nasreen.taps("Active (1)")
    await nasreen.taps("Asha Rahman, Riyadh")
    await nasreen.taps("Other cohort")
    await nasreen.taps("Asia 2026")
    await nasreen.sees("from Gulf 2026 to Asia 2026", "Comes along")
    await nasreen.taps("Yes, move them", times=2)
    await nasreen.sees("Asha Rahman is in Asia 2026 now")
    await nasreen.taps("Back to the person")
    await nasreen.taps("End the place")
    await nasreen.taps("Yes, end the place")
    await world.morning()
    assert not any("A tool that works both ways" in b.text for b in await asha.bubbles())
    assert {"person.transferred", "person.withdrawn"} <= set(await noted(world))


async def test_pictures_come_with_words_that_say_the_same(world: World) -> None:
    code = await world.cohort()
    await world.enrolled("Asha Rahman", code)
    nasreen = await at_the_desk(world)
    await world.morning()
    for label in ("Over time", "By mission", "By module"):
        await nasreen.types("/cohort")
        await nasreen.taps(label)
        assert "Gulf 2026" in (await nasreen.last()).text
    sent = [call["method"] for call in (await world.journal())["calls"]]
    assert sent.count("sendPhoto") == 2  # missions of fewer than five people are not told apart


async def test_an_observer_sees_counts_and_changes_nothing(world: World) -> None:
    await world.enrolled("Asha Rahman", await world.cohort())
    await at_the_desk(world)
    rumana, now = await world.phone("Rumana"), await world.now()
    await world.running.store.change(
        lambda tx: colleagues.appoint(tx, rumana.id, "observer", None, name="Rumana", now=now)
    )
    await looks_at(rumana, "Active (1)", "Asha Rahman, Riyadh")
    page = await rumana.sees("Lessons answered: 0 of 44")
    assert not {"Nudge kindly", "More time", "Enter leave", "End the place"} & set(page.labels)
    await rumana.forges("who-out:1:1", page.message_id)
    assert await rumana.toast() == "This is for coordinators. /help lists what you can do."


async def test_cohorts_of_others_are_not_there(world: World) -> None:
    await world.enrolled("Asha Rahman", await world.cohort())
    await world.cohort("Asia 2026")
    await at_the_desk(world)
    rumana, now = await world.phone("Rumana"), await world.now()
    await world.running.store.change(
        lambda tx: colleagues.appoint(tx, rumana.id, "coordinator", [2], name="Rumana", now=now)
    )
    await rumana.types("/cohort")
    page = await rumana.sees("Asia 2026")
    for data in ("cohort:1", "who:1", "who-group:1:active:0", "co-edit:1", "cal:1"):
        await rumana.forges(data, page.message_id)
        last = await rumana.last()
        assert "Asha" not in last.text
        assert "Gulf" not in last.text
