"""Invitations that serve and that do not; names and places as people type them."""

import pytest

from tests.support.world import World

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def test_a_stranger_without_an_invitation_is_told_whom_to_ask(world: World) -> None:
    babu = await world.phone("Babu")
    await babu.types("/start")
    await babu.sees("you need an invitation link", "nasreen@academy.example")


async def test_an_unknown_code_enrols_nobody(world: World) -> None:
    await world.cohort()
    babu = await world.phone("Babu")
    await babu.types("/start nonsense")
    await babu.sees("not known here")
    await babu.types("/today")
    await babu.sees("for enrolled learners")


async def test_the_last_place_is_taken_once(world: World) -> None:
    code = await world.cohort(uses=1)
    await world.enrolled("Asha Rahman", code)
    babu = await world.phone("Babu")
    await babu.types(f"/start {code}")
    await babu.sees("All places of this invitation are taken")


async def test_two_people_at_the_last_place_get_one_seat(world: World) -> None:
    code = await world.cohort(uses=1)
    asha, babu = await world.phone("Asha Rahman"), await world.phone("Babu Das")
    for phone in (asha, babu):
        await phone.types(f"/start {code}")
        await phone.taps("Continue")
        await phone.taps("I agree")
        await phone.taps(phone.name)
        await phone.types("Doha")
    await asha.taps("Yes, that is right")
    await babu.taps("Yes, that is right")
    await asha.sees("You have a seat")
    await babu.sees("All places of this invitation are taken")


async def test_an_expired_invitation_says_so(world: World) -> None:
    code = await world.cohort()
    await world.wind(days=120)
    babu = await world.phone("Babu")
    await babu.types(f"/start {code}")
    await babu.sees("has expired")


async def test_start_twice_changes_nothing(world: World) -> None:
    code = await world.cohort()
    asha = await world.enrolled("Asha Rahman", code)
    await asha.types(f"/start {code}")
    await asha.sees("Good to see you again, Asha Rahman", "Sunday 08:30, Riyadh")
    await asha.types("/start")
    await asha.sees("Good to see you again")


async def test_start_in_mid_dialogue_goes_on_where_it_was(world: World) -> None:
    code = await world.cohort()
    asha = await world.agreed("Asha Rahman", code)
    await asha.types("/start")
    await asha.sees("Which name should appear")


async def test_declining_keeps_nothing_and_the_invitation_stays_good(world: World) -> None:
    code = await world.cohort(uses=1)
    asha = await world.phone("Asha Rahman")
    await asha.types(f"/start {code}")
    await asha.taps("Continue")
    await asha.taps("No, thank you")
    await asha.sees("Nothing has been kept")
    await asha.types("/mydata")
    await asha.sees("Nothing is kept about you")
    again = await world.enrolled("Asha Rahman", code)
    await again.sees("You have a seat")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ('Asha <b>&"', 'Name: Asha <b>&"'),
        ("\u202eAsha\u202c \u200fRahman", "Name: Asha Rahman"),
        ("আশা রহমান", "Name: আশা রহমান"),
        ("D’Souza-Łukasz", "Name: D’Souza-Łukasz"),
    ],
)
async def test_a_name_appears_as_typed_and_moves_nothing(world: World, typed: str, seen: str) -> None:
    code = await world.cohort()
    asha = await world.agreed("A", code)
    await asha.types(typed)
    await asha.types("Riyadh")
    await asha.sees(seen)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [("🙂" * 64, "could not read a name"), ("123", "could not read a name"), ("Asha " * 40, "within 64 characters")],
)
async def test_a_name_that_is_none_gets_one_sentence(world: World, typed: str, seen: str) -> None:
    code = await world.cohort()
    asha = await world.agreed("A", code)
    await asha.types(typed)
    await asha.sees(seen)
    await asha.types("Asha Rahman")
    await asha.sees("Where are you posted?")


async def test_a_place_is_found_by_spelling_by_choice_and_by_the_clock(world: World) -> None:
    code = await world.cohort()
    asha = await world.agreed("Asha Rahman", code)
    await asha.taps("Asha Rahman")
    await asha.types("Atlantis")
    await asha.sees("I do not find that place")
    await asha.types("Malaysia")
    several = await asha.sees("Which of these is it?")
    assert any("Johor Bahru" in label for label in several.labels)
    await asha.types("19:40")
    assert any("Saudi Arabia" in label for label in (await asha.last()).labels)
    await asha.types("kuala lumper")
    await asha.sees("Posting: Kuala Lumpur, Malaysia", "Monday to Friday")


async def test_a_wrong_name_can_be_undone_at_the_confirmation(world: World) -> None:
    code = await world.cohort()
    asha = await world.agreed("Asha Rahman", code)
    await asha.types("Asha Rahmen")
    await asha.types("Riyadh")
    await asha.taps("Change name")
    await asha.types("Asha Rahman")
    await asha.sees("Name: Asha Rahman", "Posting: Riyadh")


async def test_confirming_twice_gives_one_seat(world: World) -> None:
    code = await world.cohort()
    asha = await world.agreed("Asha Rahman", code)
    await asha.taps("Asha Rahman")
    await asha.types("Riyadh")
    await asha.taps("Yes, that is right", times=2)
    journal = await world.journal()
    assert journal["refusals"] == []
    assert all(tap["answered"] for tap in journal["taps"])
    assert (await asha.last()).text.startswith(("Thank you, Asha Rahman", "Good to see you again"))
