"""A new posting, at once or from a day to come, and the way back from it."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.world import Phone, World, a_world

pytestmark = pytest.mark.slow

RIYADH, TOKYO, ANGELES = "Asia/Riyadh", "Asia/Tokyo", "America/Los_Angeles"


async def studies(phone: Phone) -> None:
    """Open every lesson and answer every question that waits."""
    for bubble in await phone.bubbles():
        if "To the question" in bubble.labels:
            await phone.taps("To the question", on=bubble.message_id)
    for bubble in await phone.bubbles():
        if bubble.labels[:2] == ("A", "B"):
            await phone.taps("A", on=bubble.message_id)
            await phone.taps("Sure", on=bubble.message_id)
    for bubble in await phone.bubbles():
        if "Begin the case" in bubble.labels:
            await phone.taps("Begin the case", on=bubble.message_id)
            await decides(phone, bubble.message_id)


async def decides(phone: Phone, message_id: int) -> None:
    """The first move of each scene, until there is none."""
    while True:
        scene = next(bubble for bubble in await phone.bubbles() if bubble.message_id == message_id)
        if "A" not in scene.labels:
            return
        await phone.taps("A", on=message_id)


async def live(world: World, phone: Phone, *, days: int) -> None:
    """So many days in which she studies within hours."""
    for _ in range(days * 6):
        await world.wind(hours=4)
        await studies(phone)


async def lessons(phone: Phone) -> list[tuple[str, datetime]]:
    """(`lesson 1` or `case`, when it came) of each, in their order; a case that came is by then at its end."""
    told = [m for m in (await phone.chat())["messages"] if m["from"] == "bot"]
    found = [(re.search(r" · (lesson \d+)", m["text"]), m) for m in told]
    return [
        (lesson[1] if lesson else "case", datetime.fromisoformat(m["date"]))
        for lesson, m in found
        if lesson or re.search("[▰▱]", m["text"])
    ]


def slot_day(at: datetime) -> tuple[str, date]:
    """(zone, local date) of the one place in which it came at half past eight."""
    here = {zone: at.astimezone(ZoneInfo(zone)) for zone in (RIYADH, TOKYO, ANGELES)}
    return next((zone, local.date()) for zone, local in here.items() if (local.hour, local.minute) == (8, 30))


async def test_a_dated_transfer_keeps_the_old_hours_until_its_day(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/posting Tokyo")
    await asha.sees("Tokyo, Japan, where it is now Sunday 22 November, 01:40.", "From which day do you serve there?")
    await asha.types("1 December")
    told = await asha.sees(
        "Tokyo, Japan, from Tuesday 1 December", "Until Monday 30 November everything stays", "Riyadh"
    )
    await asha.sees("lessons come at 08:30", "Monday to Friday", "1 Jan: New Year's Day", "11 Jan: Coming of Age Day")
    await asha.sees("Next lesson: Sunday 08:30, Riyadh.")
    assert told.labels == ("Undo",)
    await live(world, asha, days=12)
    assert [slot_day(at) for _, at in await lessons(asha)] == [
        *((RIYADH, date(2026, 11, day)) for day in (22, 23, 24, 25, 26, 29, 30)),
        *((TOKYO, date(2026, 12, day)) for day in (1, 2, 3)),
    ]
    await asha.types("/settings")
    await asha.sees("Posting: Tokyo", "Lesson days: Monday to Friday")


async def test_over_the_date_line_and_back_each_date_has_one_lesson_and_none_is_lost(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort(), "Los Angeles")
    await asha.types("/posting Tokyo")
    await asha.types("3 Dec")
    await asha.types("/posting Los Angeles")
    await asha.types("8 Dec")
    await asha.types("/settings")
    await asha.sees("From Thursday 3 December: Tokyo", "From Tuesday 8 December: Los Angeles")
    await live(world, asha, days=19)
    came = await lessons(asha)
    given = [name for name, _ in came if name != "case"]
    assert given == [f"lesson {n}" for n in range(1, len(given) + 1)]
    assert [name for name, _ in came].index("case") == 5  # after the first module
    thanksgiving = 26
    assert [slot_day(at) for _, at in came] == [
        *((ANGELES, date(2026, 11, day)) for day in (23, 24, 25, 27, 30) if day != thanksgiving),
        *((ANGELES, date(2026, 12, day)) for day in (1, 2)),
        *((TOKYO, date(2026, 12, day)) for day in (3, 4, 7)),
        *((ANGELES, date(2026, 12, day)) for day in (8, 9, 10)),
    ]


@pytest.mark.parametrize(
    ("here", "there", "next_lesson"),
    [
        ("Los Angeles", "Tokyo", "Next lesson: Thursday 08:30, Tokyo."),
        (
            "Tokyo",
            "Los Angeles",
            "Next lesson: Friday 08:30, Los Angeles (Thanksgiving Day until Thursday 26 November).",
        ),
    ],
)
async def test_a_move_over_the_date_line_from_today_holds_at_once(
    world: World, here: str, there: str, next_lesson: str
) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort(), here)
    await live(world, asha, days=4)
    before = await lessons(asha)
    await asha.types(f"/posting {there}")
    await asha.taps("From today")
    await asha.sees(f"{there}, ", "from today", next_lesson)
    await asha.types("/settings")
    await asha.sees(f"Posting: {there}")
    await live(world, asha, days=2)
    came = await lessons(asha)
    days = [slot_day(at)[1] for _, at in came]
    assert len(days) == len(set(days)) > len(before)
    assert slot_day(came[-1][1])[0] == {"Tokyo": TOKYO, "Los Angeles": ANGELES}[there]


async def test_who_arrives_after_the_hour_of_lessons_has_the_rest_of_the_day_free(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/leave 22 - 26 Nov")
    await world.wind(days=6)  # a Friday, on which Riyadh rests and Rome works
    await asha.types("/posting Rome")
    before = len(await asha.bubbles())
    await asha.taps("From today")
    await asha.sees("Rome, Italy, from today", "Next lesson: Monday 08:30, Rome.")
    assert len(await asha.bubbles()) == before


async def test_undo_and_settings_take_a_transfer_back(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    for _ in range(2):
        await asha.types("/posting Tokyo")
        await asha.types("1 March")
    await asha.taps("Undo", times=2)
    await asha.sees("Taken back: Tokyo from Monday 1 March. You stay in Riyadh.", "Next lesson: Sunday 08:30, Riyadh.")
    await asha.types("/posting Doha")
    await asha.types("2 February")
    await asha.types("/settings")
    await asha.sees("From Tuesday 2 February: Doha")
    await asha.taps("New posting")
    await asha.sees("From Tuesday 2 February: Doha")
    await asha.taps("Not to Doha after all")
    await asha.sees("You stay in Riyadh.")
    await asha.types("/settings")
    assert "Doha" not in (await asha.last()).text


DAYS = [
    ("soon", "I could not read a date in that."),
    ("1 - 5 March", "I could not read a date in that."),
    ("31 February", "The calendar has no such day."),
    ("1 March 2028", "That is more than a year ahead."),
    ("1 March 2032", "That is more than a year ahead."),
]


async def test_a_day_that_cannot_be_meant_is_asked_for_again(world: World) -> None:
    asha = await world.enrolled("Asha Rahman", await world.cohort())
    await asha.types("/posting London")
    await asha.taps(next(label for label in (await asha.last()).labels if "United Kingdom" in label))
    for words, mend in DAYS:
        await asha.types(words)
        await asha.sees(mend, "such as 1 March")
    await asha.types("1 November 2026")
    await asha.sees("London, United Kingdom, from today", "25–28 Dec: Christmas Day")
    await asha.sees("Next lesson: Monday 08:30, London.")


async def test_the_next_lesson_says_which_holiday_it_waits_for(tmp_path: Path) -> None:
    eve = datetime(2027, 3, 8, 12, tzinfo=UTC)
    async with a_world(tmp_path, start_at=eve) as world, world.serving():
        asha = await world.enrolled("Asha Rahman", await world.cohort(start=eve.date()))
        await asha.types("/settings")
        await asha.sees("15 March, 08:30, Riyadh (Eid al-Fitr Holiday until Sunday 14 March, expected by the moon).")
