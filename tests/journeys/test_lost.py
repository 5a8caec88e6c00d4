"""Messages that may not have arrived: a coordinator sees them, sends again or leaves them; a tap heals them."""

import pytest
from sqlalchemy import select

from bot import desk
from storage import schema
from tests.support.world import COORDINATOR, Phone, World

pytestmark = pytest.mark.slow


async def three(world: World) -> tuple[Phone, list[Phone]]:
    """A coordinator who is known to the bot, and three learners."""
    code = await world.cohort()
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    places = {"Asha Rahman": "Riyadh", "Babu Das": "Doha", "Chitra Sen": "Milan"}
    return nasreen, [await world.enrolled(name, code, place) for name, place in places.items()]


async def fault(world: World, kind: str, at: Phone, **more: object) -> None:
    """The next message to that phone meets this fault."""
    await world.post("/sandbox/faults", method="sendMessage", kind=kind, chat_id=at.id, **more)


async def broadcast(nasreen: Phone, words: str) -> None:
    await nasreen.types(f"/broadcast {words}")
    await nasreen.taps("Send it now")


async def holding(phone: Phone, words: str) -> int:
    return sum(words in bubble.text for bubble in await phone.bubbles())


async def rows(world: World, kind: str) -> list[tuple[str, str | None, int | None]]:
    """(state, reason, message) of the deliveries of a kind."""
    columns = (schema.delivery.c.state, schema.delivery.c.reason, schema.delivery.c.message_id)
    asked = select(*columns).where(schema.delivery.c.kind == kind).order_by(schema.delivery.c.id)
    return [tuple(row) for row in await world.running.store.read(lambda tx: tx.all(asked))]


async def doctor_minds(world: World) -> bool:
    """Whether `attache doctor` names deliveries in doubt."""
    findings = await desk.examine(world.settings)
    return any(finding.name == "unknown" and not finding.ok for finding in findings)


async def test_a_call_cut_after_it_was_taken_is_listed_and_left(world: World) -> None:
    nasreen, (asha, babu, chitra) = await three(world)
    await fault(world, "cut-after", babu)
    await broadcast(nasreen, "Webinar on <Sunday>\nBring your questions")
    assert [await holding(each, "Webinar") for each in (asha, babu, chitra)] == [1, 1, 1]
    await nasreen.types("/lost")
    listed = await nasreen.sees("May not have arrived", "Broadcast “Webinar on <Sunday>”, Gulf 2026: 1")
    assert "Babu Das, Doha, Saturday 21 November, 19:40 there" in listed.text
    assert ("Asha" in listed.text, "questions" in listed.text) == (False, False)
    assert listed.labels == ("Send again", "Leave it")
    assert await doctor_minds(world)
    await nasreen.taps("Leave it", times=2)
    await nasreen.sees("Nothing is in doubt")
    assert not await doctor_minds(world)
    await world.wind(hours=1)
    assert await holding(babu, "Webinar") == 1
    assert ("unknown", "left", None) in await rows(world, "broadcast")


@pytest.mark.parametrize("kind", ["cut-before", "502"])
async def test_a_call_that_was_not_taken_is_sent_again_and_arrives_once(world: World, kind: str) -> None:
    nasreen, (asha, babu, chitra) = await three(world)
    await fault(world, kind, babu)
    await broadcast(nasreen, "Webinar on Sunday")
    assert [await holding(each, "Webinar") for each in (asha, babu, chitra)] == [1, 0, 1]
    await nasreen.types("/lost")
    screen = await nasreen.last()
    await nasreen.taps("Send again", times=2)
    assert [await holding(each, "Webinar") for each in (asha, babu, chitra)] == [1, 1, 1]
    await nasreen.forges(screen.data[0], screen.message_id)
    await nasreen.sees("dealt with already", "Nothing is in doubt")
    assert await holding(babu, "Webinar") == 1
    assert {state for state, *_ in await rows(world, "broadcast")} == {"sent"}


async def test_a_button_means_only_what_its_screen_showed(world: World) -> None:
    nasreen, (_, babu, _) = await three(world)
    await fault(world, "cut-before", babu, count=2)
    await broadcast(nasreen, "Webinar on Sunday")
    await nasreen.types("/lost")
    screen = await nasreen.last()
    await nasreen.taps("Send again")
    assert await holding(babu, "Webinar") == 0  # in doubt anew
    await nasreen.forges(screen.data[0], screen.message_id)
    await nasreen.sees("dealt with already", "Babu Das, Doha")
    assert await holding(babu, "Webinar") == 0
    await nasreen.taps("Send again")
    assert await holding(babu, "Webinar") == 1


async def test_what_is_sent_again_waits_for_quiet_hours_to_end(world: World) -> None:
    nasreen, (asha, _, _) = await three(world)
    await fault(world, "cut-before", asha)
    await broadcast(nasreen, "Webinar on Sunday")
    await world.wind(hours=4)  # 23:40 in Riyadh
    await nasreen.types("/lost")
    await nasreen.taps("Send again")
    await nasreen.sees("1 message goes out again now, or when quiet hours end")
    assert await holding(asha, "Webinar") == 0
    await world.wind(hours=8)
    assert await holding(asha, "Webinar") == 1


async def test_a_tap_on_a_reminder_in_doubt_proves_that_it_arrived(world: World) -> None:
    nasreen, (asha, babu, chitra) = await three(world)
    await world.morning()
    for each in (babu, chitra):
        await each.types("/pause")
    await fault(world, "cut-after", asha)
    await world.wind(hours=5)
    reminder = await asha.last()
    assert reminder.labels == ("Read it now",)
    assert [state for state, *_ in await rows(world, "reminder")] == ["unknown"]
    await nasreen.types("/lost")
    await nasreen.sees("Reminders: 1", "Asha Rahman, Riyadh, Sunday 22 November, 12:3")
    await asha.taps("Read it now", on=reminder.message_id)
    assert await rows(world, "reminder") == [("sent", None, reminder.message_id)]
    await nasreen.taps("Leave it")
    await nasreen.sees("dealt with already", "Nothing is in doubt")


async def test_a_tap_on_the_lesson_proves_nothing_about_the_reminder(world: World) -> None:
    _, (asha, babu, chitra) = await three(world)
    await world.morning()
    for each in (babu, chitra):
        await each.types("/pause")
    await fault(world, "cut-before", asha)
    await world.wind(hours=5)
    await asha.types("/today")
    lesson = await asha.sees("lesson 1 of 44")
    await asha.taps(lesson.labels[0], on=lesson.message_id)
    assert [state for state, *_ in await rows(world, "reminder")] == ["unknown"]


async def test_a_tap_on_the_first_reminder_proves_nothing_about_the_second(world: World) -> None:
    _, (asha, babu, chitra) = await three(world)
    await world.morning()
    for each in (babu, chitra):
        await each.types("/pause")
    await world.wind(hours=5)
    first = await asha.sees("quiet moment")
    await fault(world, "cut-before", asha)
    await world.wind(days=1)
    assert [state for state, *_ in await rows(world, "reminder")] == ["sent", "unknown"]
    await asha.taps("Read it now", on=first.message_id)
    assert [state for state, *_ in await rows(world, "reminder")] == ["sent", "unknown"]


@pytest.mark.first
async def test_a_lesson_that_failed_twice_is_sent_a_third_time_only_when_told(world: World) -> None:
    nasreen, (asha, _, _) = await three(world)
    await fault(world, "cut-before", asha, count=4)  # the offer of a baseline goes out above the lesson
    await world.morning()
    await world.wind(minutes=10)
    assert await holding(asha, "lesson 1 of 44") == 0
    await nasreen.types("/lost")
    await nasreen.sees("Lessons: 1", "Offers of a baseline or check: 1", "Asha Rahman, Riyadh")
    await nasreen.taps("1. Send again")
    await nasreen.taps("Send again")
    assert [await holding(asha, words) for words in ("lesson 1 of 44", "before the first lesson")] == [1, 1]
    assert [state for kind in ("lesson", "check") for state, *_ in (await rows(world, kind))[:1]] == ["sent", "sent"]
    lesson = next(bubble for bubble in await asha.bubbles() if "lesson 1 of 44" in bubble.text)
    await asha.taps(lesson.labels[0], on=lesson.message_id)
    await asha.sees("A", "B")


async def test_coordinators_hear_of_it_once_a_day_at_most(world: World) -> None:
    nasreen, (asha, babu, _) = await three(world)
    await fault(world, "cut-before", asha)
    await fault(world, "cut-before", babu)
    await broadcast(nasreen, "Webinar on Sunday")
    await world.wind(minutes=20)
    await nasreen.sees("2 messages may not have arrived. See them with /lost.")
    await world.wind(days=1)
    assert await holding(nasreen, "may not have arrived") == 1  # nothing is new
    for words in ("Webinar on Monday", "Webinar on Tuesday"):
        await fault(world, "cut-before", asha)
        await broadcast(nasreen, words)
        await world.wind(minutes=20)
        assert await holding(nasreen, "may not have arrived") == 2
    await world.wind(days=1)
    await nasreen.sees("4 messages may not have arrived")
    await nasreen.types("/lost")
    for label in ("1. Leave it", "1. Leave it", "Leave it"):
        await nasreen.taps(label)
    await nasreen.sees("Nothing is in doubt")


async def test_strangers_and_learners_are_refused(world: World) -> None:
    nasreen, (asha, babu, _) = await three(world)
    await fault(world, "cut-before", babu)
    await broadcast(nasreen, "Webinar on Sunday")
    await nasreen.types("/lost")
    again, leave = (await nasreen.last()).data
    passer_by = await world.phone("Passer-by")
    for phone in (asha, passer_by):
        await phone.types("/lost")
        refused = await phone.sees("This is for coordinators")
        for data in (again, leave):
            await phone.forges(data, refused.message_id)
            assert "This is for coordinators" in (await phone.toast() or "")
    assert await holding(babu, "Webinar") == 0
    await nasreen.taps("Send again")
    assert await holding(babu, "Webinar") == 1


@pytest.mark.parametrize(
    "data", ["lost-again:broadcast-1:999999999999999999", "lost-again:nonsense:1", "lost-leave:reply:0"]
)
async def test_a_forged_group_or_instant_does_nothing(world: World, data: str) -> None:
    nasreen, _ = await three(world)
    await nasreen.types("/lost")
    await nasreen.forges(data, (await nasreen.last()).message_id)
    await nasreen.sees("dealt with already", "Nothing is in doubt")
