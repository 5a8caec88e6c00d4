"""The coordinator's hand on the calendar: every change is previewed, then done or left."""

from datetime import UTC, date, datetime

import pytest

from bot import cohort_desk
from tests.support.world import COORDINATOR, Phone, World

pytestmark = pytest.mark.slow  # the quick half has test_first_week.py


async def coordinator(world: World) -> Phone:
    nasreen = await world.phone("Nasreen", COORDINATOR)
    await nasreen.types("/start")
    return nasreen


async def shown(world: World, cohort: str = "Gulf 2026") -> dict[str, object]:
    return await cohort_desk.show_cohort(world.settings, name=cohort)


async def told(phone: Phone, words: str) -> int:
    return sum(words in bubble.text for bubble in await phone.bubbles())


async def test_the_calendar_is_told_in_words_with_a_line_for_each_change(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    await world.enrolled("Asha Rahman", code)
    await world.enrolled("Babu Das", code, "Doha")
    await nasreen.types("/calendar")
    page = await nasreen.sees("Calendar of Gulf 2026", "Starts: Sunday 22 November", "20 weeks after each first lesson")
    for words in ("Pace: a lesson every working day", "Mastery bar: 80 per cent", "Ramadan: no hours set"):
        assert words in page.text
    assert "Victory Day, Wednesday 16 December: Bangladesh (2 people)" in page.text
    assert "Qatar National Day, Friday 18 December: Qatar (1 person)" in page.text
    for verb in ("deadline", "start", "ramadan", "off", "on", "pace", "bar"):
        assert f"/calendar {verb} " in page.text
    assert "/crisis " in page.text
    assert "/extend " in page.text


async def test_holidays_that_hang_on_the_moon_are_marked_and_gathered(world: World) -> None:
    await world.wind(datetime(2027, 2, 1, 6, tzinfo=UTC))
    code = await world.cohort(start=date(2027, 2, 7))
    nasreen = await coordinator(world)
    await world.enrolled("Asha Rahman", code, "Doha")
    await world.enrolled("Babu Das", code, "Kuwait")
    await nasreen.types("/calendar")
    page = await nasreen.sees("Eid al-Fitr, expected", "by the moon")
    assert "Eid al-Fitr, expected 9–11 Mar: Kuwait, Qatar (2 people)" in page.text


async def test_every_line_that_the_page_teaches_can_be_sent_as_it_is(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    await world.enrolled("Asha Rahman", code, "Beirut")
    await nasreen.types("/calendar")
    lines = [line for line in (await nasreen.last()).text.splitlines() if line.startswith("/")]
    assert len(lines) == 10
    for line in lines:
        await nasreen.types(line)
        last = await nasreen.last()
        assert last.labels == ("Do it", "Leave it") or "nothing would change" in last.text, f"{line}\n{last.text}"


async def test_ramadan_hours_move_the_next_lesson_to_ten(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await nasreen.types("/calendar ramadan 22 Nov - 20 Dec 10:00-14:00")
    await nasreen.sees("Nothing is done yet", "Affects 1 person", "Asha Rahman, Riyadh: Sunday 08:30 → Sunday 10:00")
    await nasreen.taps("Do it")
    await nasreen.sees("Done.", "offices from 10:00 to 14:00", "planned anew")
    before = len(await asha.bubbles())
    await world.wind(datetime(2026, 11, 22, 6, 55, tzinfo=UTC))  # 09:55 in Riyadh
    assert len(await asha.bubbles()) == before
    await world.wind(minutes=10)
    assert len(await asha.bubbles()) > before
    await nasreen.types("/calendar ramadan none")
    await nasreen.taps("Do it")
    await nasreen.types("/calendar")
    await nasreen.sees("Ramadan: no hours set")


async def test_what_lies_ahead_is_shown_on_its_day(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    await world.enrolled("Asha Rahman", code)
    await nasreen.types("/calendar ramadan 7 Feb - 9 Mar 10:00-14:00")
    await nasreen.sees("Sunday 08:30, as before; then Sunday 7 February, 08:30 → Sunday 7 February, 10:00")
    await nasreen.types("/calendar off 7 Feb")
    await nasreen.sees("Sunday 08:30, as before; then Sunday 7 February, 08:30 → Monday 8 February, 08:30")


async def test_a_day_off_moves_the_lesson_of_those_who_would_have_worked(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await world.enrolled("Chitra Sen", code, "Milan")  # where Sunday is no working day
    await nasreen.types("/calendar off 22 Nov")
    preview = await nasreen.sees("Affects 1 person", "Asha Rahman, Riyadh: Sunday 08:30 → Monday 08:30")
    assert "Chitra" not in preview.text
    await nasreen.taps("Do it")
    before = len(await asha.bubbles())
    await world.wind(datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert len(await asha.bubbles()) == before
    await world.morning()
    assert len(await asha.bubbles()) > before


async def test_a_declared_working_day_strikes_a_holiday(world: World) -> None:
    code = await world.cohort(start=date(2026, 12, 16))  # Victory Day
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await nasreen.types("/calendar on 16 Dec")
    await nasreen.sees("Thursday 17 December, 08:30 → Wednesday 16 December, 08:30")
    await nasreen.taps("Do it")
    await nasreen.types("/calendar")
    page = await nasreen.sees("Worked, whatever the holidays say: Wednesday 16 December")
    assert "Victory Day" not in page.text
    await nasreen.types("/calendar on 16 Dec")
    await nasreen.sees("It is so already in Gulf 2026")
    before = len(await asha.bubbles())
    await world.wind(datetime(2026, 12, 16, 5, 35, tzinfo=UTC))
    assert len(await asha.bubbles()) > before


async def test_a_deadline_is_previewed_done_once_and_told(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    chitra, babu = await world.enrolled("Chitra Sen", code), await world.enrolled("Babu Das", code, "Milan")
    await chitra.does("blocks")
    await nasreen.types("/calendar deadline 30 April 2027")
    await nasreen.sees("Affects 2 people", "Out of reach: Chitra Sen")
    await nasreen.sees("New deadlines: from Friday 30 April 2027 to Saturday 1 May 2027", "They are told")
    assert (await shown(world))["deadline"] is None, "nothing is done before it is confirmed"
    await nasreen.taps("Do it", times=2)
    await nasreen.sees("Done.", "2 people are told")
    assert (await shown(world))["deadline"] == "2027-04-30"
    await world.wind(hours=40)
    assert await told(asha, "is now Friday 30 April 2027") == 1
    assert await told(babu, "is now Saturday 1 May 2027") == 1
    assert await told(chitra, "is now") == 0


async def test_a_deadline_that_moved_again_is_told_once_as_it_is(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    for day in ("30 April 2027", "31 May 2027"):
        await nasreen.types(f"/calendar deadline {day}")
        await nasreen.taps("Do it")
    await world.wind(hours=16)
    assert await told(asha, "Your deadline") == 1
    assert await told(asha, "31 May 2027") == 1


async def test_a_word_keeps_the_hours_of_a_posting_that_began_meanwhile(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort(), "Tokyo")
    nasreen = await coordinator(world)
    await nasreen.types("/calendar deadline 30 April 2027")
    await nasreen.taps("Do it")  # due on Tuesday at nine in Tokyo (Monday is a holiday), three in the night in Riyadh
    await asha.types("/posting Riyadh")
    await asha.taps("From today")
    await world.wind(datetime(2026, 11, 24, 5, tzinfo=UTC))
    assert await told(asha, "is now Saturday 1 May 2027") == 0
    await world.wind(datetime(2026, 11, 24, 7, tzinfo=UTC))
    assert await told(asha, "is now Saturday 1 May 2027") == 1


async def test_what_is_left_stays_as_it_was(world: World) -> None:
    await world.cohort()
    nasreen = await coordinator(world)
    await nasreen.types("/calendar pace 2")
    await nasreen.sees("a lesson every 2 working days", "It moves nobody’s days")
    preview = await nasreen.last()
    await nasreen.taps("Leave it")
    await nasreen.sees("Nothing has changed")
    await nasreen.forges(preview.data[0], preview.message_id)
    assert "settled already" in (await nasreen.toast() or "")
    assert (await shown(world))["pace"] == 1
    await nasreen.types("/calendar pace 2")
    await nasreen.types("/cancel")
    await nasreen.taps("Do it")
    assert (await shown(world))["pace"] == 1


async def test_pace_and_bar_are_set(world: World) -> None:
    await world.cohort()
    nasreen = await coordinator(world)
    for words in ("pace 2", "bar 75%"):
        await nasreen.types(f"/calendar {words}")
        await nasreen.taps("Do it")
    now = await shown(world)
    assert (now["pace"], now["bar"]) == (2, 75)


async def test_the_start_moves_only_while_nobody_has_had_a_lesson(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await nasreen.types("/calendar start 29 Nov")
    await nasreen.sees("Asha Rahman, Riyadh: Sunday 08:30 → Sunday 29 November, 08:30")
    await nasreen.taps("Do it")
    before = len(await asha.bubbles())
    await world.wind(datetime(2026, 11, 28, 12, tzinfo=UTC))
    assert len(await asha.bubbles()) == before
    await world.morning()
    assert len(await asha.bubbles()) > before
    await asha.types("/today")
    await nasreen.types("/calendar start 13 Dec")
    await nasreen.sees("Lessons have begun in Gulf 2026")


async def test_a_crisis_week_at_a_mission_freezes_its_people_only(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    dilip = await world.enrolled("Dilip Roy", code, "Beirut")
    eva = await world.enrolled("Eva Khan", code, "Milan")
    farid = await world.enrolled("Farid Ali", code, "Beirut")
    await farid.types("/pause")
    await nasreen.types("/crisis Beirut 23-27 Nov")
    preview = await nasreen.sees("Affects 2 people", "Monday 08:30 → Monday 30 November, 08:30", "Beirut: resting")
    assert "Eva" not in preview.text
    assert "New deadline: Saturday 17 April 2027" in preview.text, "five days more than 20 weeks"
    await nasreen.taps("Do it")
    await nasreen.sees("Crisis week in Beirut, Lebanon: 23–27 Nov", "1 person is told")
    frozen, free, resting = len(await dilip.bubbles()), len(await eva.bubbles()), len(await farid.bubbles())
    await world.wind(datetime(2026, 11, 27, 16, tzinfo=UTC))
    assert len(await eva.bubbles()) > free
    assert len(await dilip.bubbles()) == frozen + 1
    await dilip.sees("a crisis week until Friday 27 November", "Saturday 17 April 2027")
    assert len(await farid.bubbles()) == resting, "who pauses was promised to hear nothing"
    await world.wind(datetime(2026, 11, 30, 7, tzinfo=UTC))
    assert len(await dilip.bubbles()) > frozen + 1


async def test_a_country_takes_in_every_mission_and_several_places_are_asked_for(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    await world.enrolled("Dilip Roy", code, "Beirut")
    await world.enrolled("Eva Khan", code, "Lebanon")
    await nasreen.types("/crisis Beirut 2-8 Mar")
    await nasreen.sees("Affects 1 person", "1 person more serves in Lebanon outside Beirut")
    await nasreen.types("/crisis Lebanon 2-8 Mar")
    await nasreen.sees("Affects 2 people")
    await nasreen.types("/crisis Malaysia 2-8 Mar")
    await nasreen.taps("Malaysia")
    await nasreen.sees("Crisis week in Malaysia", "It moves nobody’s days")


async def test_an_extension_needs_a_name_and_a_reason(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    for words, answer in (
        ("Asha Rahman 14 days", "The reason is missing"),
        ("Asha Rahman 14 days because " + "x" * 201, "longer than 200 characters"),
        ("Asha Rahman 400 days because of travel", "from 1 to 180 days"),
        ("Zulfikar 14 days because of travel", "nobody named “Zulfikar”"),
        ("Asha Rahman", "Write whose deadline moves"),
    ):
        await nasreen.types(f"/extend {words}")
        assert answer in (await nasreen.last()).text
    await nasreen.types("/extend asha rahmn 14 days because her file <came> late")
    await nasreen.sees(
        "14 more days for Asha Rahman, because her file <came> late", "New deadline: Sunday 25 April 2027"
    )
    await nasreen.taps("Do it")
    await world.wind(hours=16)
    told_words = [b.text for b in await asha.bubbles() if "You have more time" in b.text]
    assert len(told_words) == 1
    assert "Sunday 25 April 2027" in told_words[0]
    assert "file" not in told_words[0], "the reason is for the record"


async def test_people_of_one_name_are_told_apart(world: World) -> None:
    gulf, london = await world.cohort(), await world.cohort("London 2026")
    nasreen = await coordinator(world)
    await world.enrolled("Asha Rahman", gulf)
    await world.enrolled("Asha Rahman", london, "Milan")
    await nasreen.types("/extend Asha 7 days because of travel")
    await nasreen.sees("Several bear this name")
    await nasreen.taps("Asha Rahman, London 2026")
    await nasreen.sees("Asha Rahman, Milan: Monday 08:30, as before")
    await nasreen.taps("Do it")
    await nasreen.sees("Done.")


async def test_who_had_ended_goes_on_with_an_extension(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha = await world.enrolled("Asha Rahman", code)
    await nasreen.types("/calendar deadline 22 Nov")
    await nasreen.taps("Do it")
    await world.wind(datetime(2026, 11, 28, 12, tzinfo=UTC))
    await nasreen.types("/calendar deadline 30 Nov")
    await nasreen.sees("Already over, so left as it is: Asha Rahman")
    await nasreen.types("/extend Asha Rahman 2 days because of travel")
    await nasreen.sees("Even so the deadline of Asha Rahman would be over")
    await nasreen.types("/extend Asha Rahman 30 days because of travel")
    await nasreen.sees("Affects 1 person", "New deadline: Tuesday 22 December")
    await nasreen.taps("Do it")
    await asha.types("/progress")
    assert "ended" not in (await asha.last()).text
    assert (await shown(world))["active"] == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/calendar off 32 Mar", "No calendar or clock shows “32 Mar”"),
        ("/calendar off soon", "I cannot read a date in “soon”"),
        ("/calendar off", "The date is missing"),
        ("/calendar off 1 Jan 2020", "“1 Jan 2020” is over"),
        ("/calendar deadline 21 November 2026", "would come before Gulf 2026 has started"),
        ("/calendar ramadan 8 Feb - 30 Mar 10:00-14:00", "longer than 40 days"),
        ("/calendar ramadan 8 Feb - 9 Mar 10:00-10:30", "from 1 to 16 hours"),
        ("/calendar ramadan 8 Feb - 9 Mar", "The office hours are missing"),
        ("/calendar pace 4", "from 1 to 3"),
        ("/calendar bar 40", "from 50 to 100"),
        ("/calendar sing", "I do not know what “sing” should change"),
        ("/calendar Dubai: pace 2", "There is no cohort named “Dubai”"),
        ("/crisis Beirut", "Write the place, or the country, and then the dates"),
        ("/crisis Qwxyz 2-8 Mar", "I do not find a place in “Qwxyz”"),
        ("/crisis Beirut 8 Mar - 2 Mar", "ends before it starts"),
    ],
)
async def test_what_cannot_be_meant_gets_a_sentence_and_an_example(world: World, words: str, answer: str) -> None:
    await world.cohort()
    nasreen = await coordinator(world)
    await nasreen.types(words)
    last = await nasreen.sees(answer)
    assert "/calendar " in last.text or "/crisis " in last.text
    assert last.labels == ()


async def test_several_cohorts_are_named_or_picked(world: World) -> None:
    nasreen = await coordinator(world)
    await nasreen.types("/calendar")
    await nasreen.sees("There is no cohort yet")
    await world.cohort()
    await world.cohort("London 2026")
    await nasreen.types("/calendar")
    await nasreen.taps("London 2026")
    await nasreen.sees("Calendar of London 2026", "/calendar London 2026: pace 2")
    await nasreen.types("/calendar gulf 2026: pace 2")
    await nasreen.taps("Do it")
    await nasreen.types("/calendar pace 3")
    await nasreen.sees("For which cohort?")
    await nasreen.taps("London 2026")
    await nasreen.taps("Do it")
    assert [(await shown(world, name))["pace"] for name in ("Gulf 2026", "London 2026")] == [2, 3]


async def test_nobody_but_a_coordinator_changes_anything(world: World) -> None:
    code = await world.cohort()
    nasreen = await coordinator(world)
    asha, stranger = await world.enrolled("Asha Rahman", code), await world.phone("Karim")
    await nasreen.types("/calendar pace 2")
    preview = await nasreen.last()
    for phone in (asha, stranger):
        for words in ("/calendar pace 3", "/crisis Beirut 2-8 Mar", "/extend Asha Rahman 14 days because of travel"):
            await phone.types(words)
            await phone.sees("This is for coordinators")
        for data in preview.data:
            await phone.forges(data, (await phone.last()).message_id)
            assert "This is for coordinators" in (await phone.toast() or "")
    assert (await shown(world))["pace"] == 1


async def test_a_forged_or_overtaken_button_does_nothing(world: World) -> None:
    await world.cohort()
    nasreen = await coordinator(world)
    await nasreen.types("/calendar pace 2")
    older = await nasreen.last()
    await nasreen.types("/calendar pace 3")
    newer = await nasreen.last()
    for data in (older.data[0], "cal-do:1", "cal-pick:1:0", f"cal-pick:{newer.data[0].split(':')[1]}:0", "cal-leave:9"):
        await nasreen.forges(data, older.message_id)
        assert "settled already" in (await nasreen.toast() or "")
    assert (await shown(world))["pace"] == 1
    await nasreen.taps("Do it", on=newer.message_id)
    assert (await shown(world))["pace"] == 3
