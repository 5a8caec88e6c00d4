"""An official's first week on a phone."""

from tests.support.world import World


async def test_an_official_goes_from_the_invitation_to_the_first_feedback(world: World) -> None:
    code = await world.cohort()
    asha = await world.phone("Asha Rahman")
    await asha.types(f"/start {code}")
    await asha.sees("welcome to Migration Diplomacy", "Foreign Service Academy", "4 minutes a day")
    await asha.taps("Continue")
    await asha.sees("What is kept", "Who sees it", "Never write about a real case")
    await asha.taps("I agree")
    await asha.sees("Which name should appear")
    await asha.taps("Asha Rahman")
    await asha.sees("Where are you posted?")
    await asha.types("jedda")
    await asha.sees("Name: Asha Rahman", "Posting: Jeddah, Saudi Arabia")
    await asha.sees("Saturday 21 November, 19:40", "Sunday to Thursday")
    await asha.taps("Change place")
    await asha.types("Riyadh")
    await asha.taps("Yes, that is right")
    await asha.sees("Your first lesson: Sunday 08:30, Riyadh")

    await world.morning()
    lesson = await asha.sees("A tool that works both ways", "lesson 1 of ", "Sources")
    assert lesson.labels[0] == "To the question"
    await asha.taps("To the question")
    question = await asha.last()
    assert question.labels == ("A", "B", "C")
    await asha.taps("A")
    await asha.sees("How sure are you")
    await asha.taps("Not sure")
    await asha.sees("Source", "Next lesson: Monday 08:30, Riyadh")
    journal = await world.journal()
    assert journal["refusals"] == []
    assert all(tap["answered"] for tap in journal["taps"])
