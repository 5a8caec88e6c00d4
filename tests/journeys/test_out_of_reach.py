"""Telegram does not take an answer just now: the person gets it all the same."""

import pytest

from tests.support.world import World

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", ["502", "cut-before"])
async def test_an_edit_that_fails_again_and_again_comes_as_a_message(world: World, kind: str) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    before = len(await asha.bubbles())
    await world.post("/sandbox/faults", method="editMessageText", kind=kind, count=5)
    await asha.taps("A")
    assert len(await asha.bubbles()) == before + 1
    await asha.sees("How sure are you")
    await asha.taps("Sure")
    await asha.sees("Source", "Next lesson")


async def test_what_could_not_be_said_at_all_is_said_when_telegram_is_back(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await world.morning()
    await asha.taps("To the question")
    await world.post("/sandbox/faults", method="editMessageText", kind="502", count=5)
    await world.post("/sandbox/faults", method="sendMessage", kind="429", retry_after=2, count=1)
    await asha.taps("A")
    await asha.sees("How sure are you")
    assert sum("How sure are you" in bubble.text for bubble in await asha.bubbles()) == 1
