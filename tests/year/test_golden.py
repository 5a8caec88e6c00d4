"""Golden sequences: typical learners in one line of dates each, `12.3` for 12 March, `10:00` where the hour matters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lessons import catalogue
from tests.year.living import Life
from tests.year.oracle import judge
from tests.year.records import ALWAYS, Absence, Event, Extension, Posting, Ramadan, Record, Story

GULF, USUAL = frozenset({5, 6}), frozenset({6, 7})
START = date(2026, 11, 29)  # a Sunday
JOINED = datetime(2026, 11, 26, 12, tzinfo=UTC)


def at(place: str, from_on: date = date(2026, 11, 1), *, told: datetime = ALWAYS) -> Posting:
    country, zone, weekend = {
        "Riyadh": ("SA", "Asia/Riyadh", GULF),
        "London": ("GB", "Europe/London", USUAL),
        "Los Angeles": ("US", "America/Los_Angeles", USUAL),
        "Tokyo": ("JP", "Asia/Tokyo", USUAL),
        "Kathmandu": ("NP", "Asia/Kathmandu", USUAL),
    }[place]
    return Posting(from_on, country, None, zone, weekend, declared_at=told)


ASHA = Story(
    id=1,
    joined_at=JOINED,
    first_on=START,
    slot=time(8, 30),
    quiet_from=time(21),
    quiet_until=time(7),
    postings=(at("Riyadh"),),
    right_share=1.0,
    sure_share=1.0,
    answer_after=(timedelta(minutes=5),),
    seed=1,
)


def lived(story: Story, days: int = 150) -> Record:
    return Life(story, catalogue.built_in(), datetime(2026, 11, 26, tzinfo=UTC) + timedelta(days=days)).run()


def dates(record: Record, wanted: Callable[[Event], bool], zone: str | None = None, *, hours: bool = False) -> str:
    """The local dates of the events that are wanted, in one line."""
    local = [e.at.astimezone(ZoneInfo(zone or record.story.postings[0].zone)) for e in record.events if wanted(e)]
    return " ".join(f"{each.day}.{each.month}" + (f" {each:%H:%M}" if hours else "") for each in local)


def is_kind(*kinds: str) -> Callable[[Event], bool]:
    return lambda event: event.kind in kinds


def about_the_move(event: Event) -> bool:
    return event.kind == "lesson" and date(2026, 12, 6) <= event.at.date() <= date(2026, 12, 10)


def first(n: int, line: str) -> str:
    return " ".join(line.split()[:n])


def leave(first_on: str, last_on: str, told: datetime = JOINED + timedelta(hours=1)) -> Absence:
    return Absence(date.fromisoformat(first_on), date.fromisoformat(last_on), "leave", told)


LINES: list[tuple[str, Story, Callable[[Record], str], str]] = [
    (
        "five lessons a week, Sunday to Thursday, past the Victory Day of home",
        ASHA,
        lambda record: first(15, dates(record, is_kind("lesson"))),
        "29.11 30.11 1.12 2.12 3.12 6.12 7.12 8.12 9.12 10.12 13.12 14.12 15.12 17.12 20.12",
    ),
    (
        "leave from 8 to 15 December is left out",
        replace(ASHA, absences=(leave("2026-12-08", "2026-12-15"),)),
        lambda record: first(11, dates(record, is_kind("lesson"))),
        "29.11 30.11 1.12 2.12 3.12 6.12 7.12 17.12 20.12 21.12 22.12",
    ),
    (
        "a review due on 17 December comes eight days of leave later",
        replace(ASHA, absences=(leave("2026-12-08", "2026-12-15"),)),
        lambda record: first(1, dates(record, is_kind("review"))),
        "27.12",
    ),
    (
        "London keeps Christmas, and the holidays of Bangladesh",
        replace(ASHA, postings=(at("London"),), first_on=date(2026, 12, 14)),
        lambda record: first(9, dates(record, is_kind("lesson"))),
        "14.12 15.12 17.12 18.12 21.12 22.12 23.12 24.12 29.12",
    ),
    (
        "eastwards over the date line: Tuesday in Los Angeles, Wednesday in Tokyo seven hours later",
        replace(ASHA, postings=(at("Los Angeles"), at("Tokyo", date(2026, 12, 9)))),
        lambda record: dates(record, about_the_move, "UTC", hours=True),
        "7.12 16:30 8.12 16:30 8.12 23:30 9.12 23:30 10.12 23:30",
    ),
    (
        "westwards: Tuesday in Tokyo, Wednesday in Los Angeles 41 hours later",
        replace(ASHA, postings=(at("Tokyo"), at("Los Angeles", date(2026, 12, 9)))),
        lambda record: dates(
            record, lambda e: e.kind == "lesson" and 6 <= e.at.day < 11 and e.at.month == 12, "UTC", hours=True
        ),
        "6.12 23:30 7.12 23:30 9.12 16:30 10.12 16:30",
    ),
    (
        "in Ramadan lessons come when offices open",
        replace(ASHA, ramadan=Ramadan(date(2026, 12, 2), date(2026, 12, 6), time(10), time(14))),
        lambda record: first(10, dates(record, is_kind("lesson"), hours=True)),
        "29.11 08:30 30.11 08:30 1.12 08:30 2.12 10:00 3.12 10:00",
    ),
    (
        "one lesson every second working day",
        replace(ASHA, pace=2),
        lambda record: first(6, dates(record, is_kind("lesson"))),
        "29.11 1.12 3.12 7.12 9.12 13.12",
    ),
    (
        "who falls silent is reminded three times, and then left in peace",
        replace(
            ASHA,
            silences=((datetime(2026, 12, 1, 6, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)),),
            resumes_after=None,
        ),
        lambda record: dates(record, is_kind("remind", "pause"), hours=True),
        "2.12 12:30 3.12 09:00 7.12 09:00 8.12 09:00",
    ),
    (
        "who is always right and sure completes and is asked once a fortnight",
        replace(ASHA, consents=True),
        lambda record: dates(record, is_kind("completed")) + ": " + first(3, dates(record, is_kind("refresher"))),
        "24.2: 15.3 29.3 12.4",
    ),
    (
        "the deadline comes first: told on the next working day at nine",
        replace(ASHA, right_share=0.0, weeks_to_deadline=8),
        lambda record: dates(record, is_kind("ended"), hours=True),
        "25.1 09:00",
    ),
    (
        "two weeks more, granted in time",
        replace(
            ASHA,
            right_share=0.0,
            weeks_to_deadline=8,
            extensions=(Extension(datetime(2027, 1, 10, 9, tzinfo=UTC), 14),),
        ),
        lambda record: dates(record, is_kind("ended"), hours=True),
        "8.2 09:00",
    ),
]


@pytest.mark.parametrize(("story", "line", "golden"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_a_typical_learner(story: Story, line: Callable[[Record], str], golden: str) -> None:
    record = lived(story)
    assert line(record) == golden
    assert judge(record) == ()
