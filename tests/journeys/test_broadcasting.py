"""Broadcasts: to whom, when, with what, taken back, held, approved by a second coordinator."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import colleagues
from tests.support.world import COORDINATOR, Phone, World, a_world

pytestmark = pytest.mark.slow  # the quick half has tests/bot/test_audience.py
DEPUTY = 9002
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def careful(tmp_path: Path) -> AsyncIterator[World]:
    """A world in which a broadcast can be taken back for a minute, and more than one receiver needs a second yes."""
    async with a_world(tmp_path, undo_seconds=60, approval_above=1) as world, world.serving():
        yield world


async def four(world: World) -> tuple[Phone, dict[str, Phone]]:
    """A coordinator, and people in Riyadh, Doha, Milan and Tokyo."""
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    places = {"Asha Rahman": "Riyadh", "Babu Das": "Doha", "Chitra Sen": "Milan", "Dina Ali": "Tokyo"}
    return nasreen, {place: await world.enrolled(name, code, place) for name, place in places.items()}


async def deputy(world: World, telegram_id: int = DEPUTY, name: str = "Rafiq") -> Phone:
    """A second coordinator."""
    now = await world.now()
    await world.running.store.change(
        lambda tx: colleagues.appoint(tx, telegram_id, "coordinator", None, name=name, now=now)
    )
    phone = await world.phone(name, telegram_id)
    await phone.types("/start")
    return phone


async def reached(phones: dict[str, Phone], words: str) -> set[str]:
    """The places where these words have arrived."""
    return {place for place, phone in phones.items() if any(words in b.text for b in await phone.bubbles())}


async def test_the_gulf_missions_at_nine_of_their_own_morning(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast Please read circular 14.")
    await nasreen.taps("To whom")
    await nasreen.sees("Now: 4 of 4 people")
    await nasreen.taps("Only the Gulf · 2")
    await nasreen.sees("Now: 2 of 4 people")
    await nasreen.taps("Back to the preview")
    await nasreen.sees("It goes to 2 people", "Only: Qatar, Saudi Arabia")
    await nasreen.taps("When")
    await nasreen.taps("09:00")
    await nasreen.sees("It arrives when their clocks show 09:00 next", "the first Sunday 22 November")
    await nasreen.taps("Send it at 09:00 their time")
    assert await reached(phones, "circular 14") == set()
    await world.wind(hours=14)  # 09:40 in Riyadh and Doha the next morning
    assert await reached(phones, "circular 14") == {"Riyadh", "Doha"}
    await nasreen.sees("Your message to Gulf 2026", "Arrived: 2")


async def test_an_hour_may_be_typed(world: World) -> None:
    nasreen, _ = await four(world)
    await nasreen.types("/broadcast Hello")
    await nasreen.taps("When")
    await nasreen.types("soon")
    await nasreen.sees("Please type an hour such as 10:30")
    await nasreen.types("10.30")
    await nasreen.sees("when their clocks show 10:30 next")


async def test_some_are_left_out_by_country_and_by_where_they_stand(world: World) -> None:
    nasreen, phones = await four(world)
    await phones["Doha"].types("/pause")
    await nasreen.types("/broadcast Hello all")
    await nasreen.taps("To whom")
    await nasreen.taps("By country")
    await nasreen.taps("Japan · 1")
    await nasreen.taps("✓ Japan · 1")
    await nasreen.sees("Now: 3 people")
    await nasreen.taps("Back")
    await nasreen.taps("By where they stand")
    await nasreen.taps("Active · 3")
    await nasreen.taps("Back")
    await nasreen.taps("Back to the preview")
    await nasreen.sees("It goes to 2 people", "Without: Japan", "Only: Active")
    await nasreen.taps("Send it now")
    assert await reached(phones, "Hello all") == {"Riyadh", "Milan"}


async def test_an_audience_of_nobody_gets_a_sentence_and_a_way_back(world: World) -> None:
    nasreen, phones = await four(world)
    await phones["Tokyo"].does("blocks")
    await nasreen.types("/broadcast Hello")
    await nasreen.taps("To whom")
    await nasreen.taps("By country")
    await nasreen.taps("Japan · 1")
    await nasreen.taps("Back")
    await nasreen.taps("Back to the preview")
    await nasreen.sees("Nobody of these can be reached")
    await nasreen.taps("To whom")
    await nasreen.taps("Everybody · 4")
    await nasreen.taps("Back to the preview")
    await nasreen.sees("It goes to 3 people")


async def test_formatting_arrives_and_what_looks_like_a_tag_is_a_word(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast <b>Not bold & <i>unbalanced")
    await nasreen.sees("<b>Not bold & <i>unbalanced")
    await nasreen.taps("Send it now")
    assert await reached(phones, "<b>Not bold & <i>unbalanced") == {"Riyadh", "Doha", "Milan"}  # Tokyo sleeps


async def test_words_that_fill_a_whole_message_are_previewed_above(world: World) -> None:
    nasreen, phones = await four(world)
    words = "<&>" * 1166  # 3,498 characters, some 14,000 when escaped
    await nasreen.types(f"/broadcast {words}")
    await nasreen.sees("It will arrive as you see it above")
    assert words in (await nasreen.bubbles())[-2].text
    await nasreen.taps("Send it now")
    assert "Riyadh" in await reached(phones, words)


async def test_a_document_goes_on_with_its_caption(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast")
    await nasreen.sends("circular-14.pdf", b"%PDF-1.7 circular", "Please read")
    await nasreen.sees("It will arrive as you see it above", "It goes to 4 people")
    await nasreen.taps("Send it now")
    assert await phones["Riyadh"].document() == ("circular-14.pdf", b"%PDF-1.7 circular")
    await phones["Riyadh"].sees("From Foreign Service Academy", "Please read")


async def test_a_poll_goes_on_as_a_poll_of_each_ones_own(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast")
    await nasreen.asks("Which day suits you?", "Sunday", "Monday")
    await nasreen.sees("It goes to 4 people", "does not add the votes up")
    await nasreen.taps("Send it now")
    for place in ("Riyadh", "Doha"):
        last = (await phones[place].chat())["messages"][-1]
        assert last["poll"]["question"] == "Which day suits you?"
    await nasreen.taps("Look again")
    await nasreen.sees("Arrived: 3")


async def test_a_photo_goes_on_with_its_caption(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast")
    await nasreen.sends_photo(PIXEL, "Our new office")
    await nasreen.sees("It will arrive as you see it above", "It goes to 4 people")
    await nasreen.taps("Send it now")
    arrived = (await phones["Riyadh"].chat())["messages"][-1]
    assert "photo" in arrived
    assert "Our new office" in arrived["text"]


async def test_a_caption_that_is_too_long_may_be_sent_again(world: World) -> None:
    nasreen, _ = await four(world)
    await nasreen.types("/broadcast")
    await nasreen.sends("circular-14.pdf", b"%PDF-1.7", "x" * 701)
    await nasreen.sees("may have 700 characters")
    await nasreen.sends("circular-14.pdf", b"%PDF-1.7", "Shorter")
    await nasreen.sees("It goes to 4 people")


async def test_what_was_sent_can_be_taken_back_for_a_minute(careful: World) -> None:
    nasreen, phones = await four(careful)
    await nasreen.types("/broadcast Too early")
    await nasreen.taps("To whom")
    await nasreen.taps("By country")
    await nasreen.taps("Qatar · 1")
    await nasreen.taps("Back")
    await nasreen.taps("Back to the preview")
    await nasreen.sees("For 60 seconds after that you can take it back")
    await nasreen.taps("Send it now", times=2)
    await nasreen.sees("You can take it back until", "waiting for their hour: 1")
    await nasreen.taps("Take it back")
    await nasreen.sees("Not sent after all: 1 (taken back)", "It was stopped")
    await careful.wind(hours=1)
    assert await reached(phones, "Too early") == set()


async def test_a_minute_later_it_is_too_late_to_take_back(careful: World) -> None:
    nasreen, phones = await four(careful)
    await nasreen.types("/broadcast On its way")
    await nasreen.taps("To whom")
    await nasreen.taps("By country")
    await nasreen.taps("Qatar · 1")
    await nasreen.taps("Back")
    await nasreen.taps("Back to the preview")
    await nasreen.taps("Send it now")
    panel = await nasreen.last()
    await careful.wind(minutes=2)
    await nasreen.forges(panel.data[0], panel.message_id)
    assert await reached(phones, "On its way") == {"Doha"}


async def test_a_broadcast_rests_and_goes_on(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast Good evening")
    await nasreen.taps("Send it now")
    await nasreen.taps("Pause")
    await nasreen.sees("Held back: 1", "Nothing more leaves until you let it go on")
    await world.wind(hours=10)
    assert await reached(phones, "Good evening") == {"Riyadh", "Doha", "Milan"}
    await nasreen.taps("Let it go on")
    assert await reached(phones, "Good evening") == {"Riyadh", "Doha", "Milan", "Tokyo"}
    await nasreen.sees("Arrived: 4")


async def test_the_rest_of_a_broadcast_is_stopped(world: World) -> None:
    nasreen, phones = await four(world)
    await nasreen.types("/broadcast Good evening")
    await nasreen.taps("Send it now")
    await nasreen.taps("Stop the rest", times=2)
    await nasreen.sees("Arrived: 3", "Not sent after all: 1 (stopped)")
    await world.wind(hours=10)
    assert "Tokyo" not in await reached(phones, "Good evening")


async def test_a_second_coordinator_agrees_once(careful: World) -> None:
    nasreen, phones = await four(careful)
    rafiq = await deputy(careful)
    await nasreen.types("/broadcast To all of you")
    await nasreen.sees("More than 1 people would get it")
    await nasreen.taps("Ask for a second yes")
    await nasreen.sees("A second coordinator is asked")
    await rafiq.sees("To all of you", "Nasreen would like to send this to 4 people")
    await rafiq.taps("Agree, send it", times=2)
    await rafiq.sees("Thank you. It leaves now")
    await careful.wind(minutes=2)
    assert await reached(phones, "To all of you") == {"Riyadh", "Doha", "Milan"}
    assert sum("To all of you" in b.text for b in await phones["Riyadh"].bubbles()) == 1


async def test_two_coordinators_who_agree_at_once_send_it_once(careful: World) -> None:
    nasreen, phones = await four(careful)
    rafiq, tania = await deputy(careful), await deputy(careful, 9005, "Tania")
    await nasreen.types("/broadcast To all of you")
    await nasreen.taps("Ask for a second yes")
    await asyncio.gather(*(each._post("taps", label="Agree, send it") for each in (rafiq, tania)))
    await careful.settled()
    answers = {(await each.last()).text for each in (rafiq, tania)}
    assert sum("It leaves now" in words for words in answers) == 1
    await careful.wind(minutes=2)
    assert sum("To all of you" in b.text for b in await phones["Riyadh"].bubbles()) == 1


async def test_a_second_coordinator_says_why_not(careful: World) -> None:
    nasreen, phones = await four(careful)
    rafiq = await deputy(careful)
    await nasreen.types("/broadcast To all of you")
    await nasreen.taps("Ask for a second yes")
    await rafiq.taps("Do not send it")
    await rafiq.types("The date is wrong.")
    await rafiq.sees("It does not go out")
    await nasreen.sees("Rafiq did not agree", "The date is wrong.", "Nothing was sent")
    await careful.wind(hours=12)
    assert await reached(phones, "To all of you") == set()


async def test_without_a_second_coordinator_the_draft_waits(careful: World) -> None:
    nasreen, _ = await four(careful)
    await nasreen.types("/broadcast To all of you")
    await nasreen.taps("Ask for a second yes")
    await nasreen.sees("this cohort has none", "/colleagues")


async def test_whoever_is_no_coordinator_any_more_sends_nothing(world: World) -> None:
    _, phones = await four(world)
    rafiq = await deputy(world)
    await rafiq.types("/broadcast From me")
    now = await world.now()
    await world.running.store.change(lambda tx: colleagues.revoke(tx, DEPUTY, now=now))
    await rafiq.taps("Send it now")
    assert "This is for coordinators." in (await rafiq.toast() or "")
    assert await reached(phones, "From me") == set()


async def test_a_draft_and_a_broadcast_outlive_restarts(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        async with world.serving():
            nasreen, phones = await four(world)
            await nasreen.types("/broadcast")
        async with world.serving():
            await nasreen.types("Good evening")
            await nasreen.taps("When")
        async with world.serving():
            await nasreen.types("20:30")
            await nasreen.taps("Send it at 20:30 their time")
        async with world.serving():
            await world.wind(hours=24)
            assert await reached(phones, "Good evening") == set(phones)


async def test_the_panel_follows_without_a_tap(world: World) -> None:
    nasreen, _ = await four(world)
    await nasreen.types("/broadcast Good evening")
    await nasreen.taps("Send it now")
    panel = await nasreen.last()
    await world.running._panels.refresh()
    assert "Arrived: 3" in next(b.text for b in await nasreen.bubbles() if b.message_id == panel.message_id)
