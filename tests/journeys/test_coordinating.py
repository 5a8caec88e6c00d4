"""The coordinator's two commands, and who may use them."""

import pytest

from tests.support.world import COORDINATOR, World

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def test_a_broadcast_is_previewed_confirmed_once_and_reported(world: World) -> None:
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    asha, babu = await world.enrolled("Asha Rahman", code), await world.enrolled("Babu Das", code)
    chitra = await world.enrolled("Chitra Sen", code)
    await chitra.does("blocks")
    await nasreen.types("/broadcast Webinar on <Sunday> & Monday at 10:00")
    preview = await nasreen.sees("This is how it will arrive", "Webinar on <Sunday> & Monday", "It goes to 2 people")
    assert "1 person cannot be reached" in preview.text
    assert len(await asha.bubbles()) == len(await babu.bubbles())
    await nasreen.taps("Send it now", times=2)
    await asha.sees("From Foreign Service Academy", "Webinar on <Sunday> & Monday at 10:00")
    await babu.sees("Webinar on <Sunday>")
    assert sum("Webinar" in b.text for b in await asha.bubbles()) == 1
    await nasreen.sees("Your message to Gulf 2026", "Arrived: 2")


async def test_quiet_hours_hold_a_broadcast_back(world: World) -> None:
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    asha = await world.enrolled("Asha Rahman", code, "Riyadh")  # 19:40 there
    kim = await world.enrolled("Chitra Sen", code, "Tokyo")  # 01:40 there
    await nasreen.types("/broadcast Good evening")
    await nasreen.sees("1 of them is in quiet hours")
    await nasreen.taps("Send it now")
    await asha.sees("Good evening")
    assert "Good evening" not in (await kim.last()).text
    await nasreen.taps("Look again")
    await world.wind(hours=6)
    await kim.sees("Good evening")
    await nasreen.sees("Arrived: 2")


async def test_a_broadcast_thrown_away_reaches_nobody(world: World) -> None:
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    asha = await world.enrolled("Asha Rahman", code)
    await nasreen.types("/broadcast Never mind")
    await nasreen.taps("Throw it away")
    await nasreen.sees("Nothing was sent")
    await world.wind(hours=1)
    assert "Never mind" not in (await asha.last()).text


async def test_an_empty_or_endless_broadcast_gets_a_sentence(world: World) -> None:
    await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/broadcast")
    await nasreen.sees("What should go out?", "a photo or a document with a caption, or a poll")
    await nasreen.types("/broadcast " + "x" * 3600)
    await nasreen.sees("within 3500 characters")
    await nasreen.types("/broadcast hello")
    await nasreen.sees("Nobody of these can be reached")


async def test_a_learner_is_no_coordinator(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    for command, whose in (("/cohort", "observers and coordinators"), ("/broadcast hello", "coordinators")):
        await asha.types(command)
        await asha.sees(f"This is for {whose}")
    await asha.types("/help")
    assert "/broadcast" not in (await asha.last()).text


async def test_two_cohorts_are_told_apart(world: World) -> None:
    gulf, _ = await world.cohort(), await world.cohort("London 2026")
    nasreen = await world.phone("Nasreen", COORDINATOR)
    asha = await world.enrolled("Asha Rahman", gulf)
    await nasreen.types("/cohort")
    await nasreen.sees("Which cohort?")
    await nasreen.taps("Gulf 2026")
    await nasreen.sees("Active: 1")
    await nasreen.types("/broadcast Gulf only")
    await nasreen.taps("Gulf 2026")
    await nasreen.taps("Send it now")
    await asha.sees("Gulf only")
