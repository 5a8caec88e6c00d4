"""Life stories for a year of people, the same for the same seed, and the bad days of their machine."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.year.places import OVER_THE_DATE_LINE, PLACES, Place, weekend_of
from tests.year.records import ALWAYS, Absence, ClockStep, Down, Extension, Posting, Ramadan, Story

DAY = timedelta(days=1)
START = date(2026, 9, 1)
RAMADAN = Ramadan(date(2027, 2, 8), date(2027, 3, 9), time(9), time(14, 30))
OUTAGE = Down(datetime(2026, 10, 13, 22, tzinfo=UTC), datetime(2026, 10, 15, 0, tzinfo=UTC))  # 26 hours, a Wednesday
STEPS_FORWARD = (
    ClockStep(datetime(2026, 11, 18, 7, tzinfo=UTC), timedelta(hours=1)),
    ClockStep(datetime(2026, 11, 19, 7, tzinfo=UTC), timedelta(hours=-1)),
)
STEPS_BACK = (
    ClockStep(datetime(2027, 1, 20, 7, tzinfo=UTC), timedelta(hours=-1)),
    ClockStep(datetime(2027, 1, 21, 7, tzinfo=UTC), timedelta(hours=1)),
)
STEPS = STEPS_FORWARD + STEPS_BACK
STRUCK = frozenset({date(2026, 12, 16), date(2026, 12, 25)})  # holidays that a coordinator works through

_QUIET = (
    (time(21), time(7)),
    (time(21), time(7)),
    (time(22), time(6)),
    (time(20, 30), time(8)),
    (time(0), time(6)),
    (time(13), time(15)),  # a siesta
    (time(18), time(10)),  # quiet but for the working day
    (time(8), time(18)),  # quiet all through the working day
    (time(23, 45), time(5, 15)),
)
_SLOTS = tuple(time(half // 2, half % 2 * 30) for half in range(12, 41))  # 06:00 to 20:00
_USUAL_SLOTS = (time(8, 30),) * 20


def stories(n: int, seed: int, *, start: date = START) -> tuple[Story, ...]:
    """So many stories, numbered from 1. Each place of the table comes about equally often."""
    return tuple(_story(id_, Random(f"{seed}:{id_}"), start) for id_ in range(1, n + 1))  # noqa: S311 - no secret


def _story(id_: int, dice: Random, start: date) -> Story:
    joined_on = start + DAY * dice.choice((0, 0, 0, 1, 2, 5, 9, 16, 30, 60))
    postings = _postings(id_, dice, joined_on)
    zone = ZoneInfo(postings[0].zone)
    joined_at = datetime.combine(joined_on, time(dice.randint(8, 20), dice.randint(0, 59)), zone).astimezone(UTC)
    quiet_from, quiet_until = dice.choice(_QUIET)
    cohort = dice.random() < 0.6
    return Story(
        id=id_,
        joined_at=joined_at,
        first_on=joined_on + DAY * dice.choice((1, 1, 1, 2, 3)),
        slot=dice.choice(_USUAL_SLOTS + _SLOTS),
        quiet_from=quiet_from,
        quiet_until=quiet_until,
        postings=postings,
        absences=_absences(dice, joined_on),
        ramadan=RAMADAN if dice.random() < 0.5 else None,
        days_off_also=frozenset(start + DAY * dice.randint(5, 300) for _ in range(dice.choice((0, 0, 1, 3)))) - STRUCK,
        days_off_struck=STRUCK if dice.random() < 0.1 else frozenset(),
        cohort_start_on=start if cohort else None,
        cohort_deadline_on=start + timedelta(weeks=dice.choice((14, 18, 20, 26))) if cohort else None,
        weeks_to_deadline=dice.choice((20, 20, 20, 16, 30)),
        extensions=_extensions(dice, joined_at),
        pace=dice.choice((1, 1, 1, 1, 2, 3)),
        right_share=round(dice.uniform(0.5, 0.95), 2),
        sure_share=round(max(dice.uniform(0.3, 0.98), dice.uniform(0.3, 0.98)), 2),
        answer_after=_latencies(dice),
        silences=_spans(dice, joined_at, (0, 0, 0, 1, 1, 2), (2, 5, 10, 20, 45)),
        blocked=_spans(dice, joined_at, (0, 0, 0, 0, 0, 0, 0, 1), (1, 7, 30, 500)),
        resumes_after=dice.choice((timedelta(hours=2), 2 * DAY, 6 * DAY, 20 * DAY, None)),
        consents=dice.random() < 0.7,
        seed=dice.randrange(2**31),
    )


def _posting(place: Place, from_on: date, declared_at: datetime = ALWAYS) -> Posting:
    country, subdivision, zone = place
    weekend = weekend_of(country, subdivision)
    return Posting(from_on, country, subdivision, zone, weekend, declared_at=declared_at)


def _postings(id_: int, dice: Random, joined_on: date) -> tuple[Posting, ...]:
    """One posting for most; every fifth person is transferred, every tenth over the date line, some twice."""
    places: list[Place] = [PLACES[id_ % len(PLACES)]]
    if id_ % 10 == 0:
        places = list(OVER_THE_DATE_LINE[id_ // 10 % len(OVER_THE_DATE_LINE)])
    elif id_ % 10 == 5:
        places.append(dice.choice(PLACES))
    if len(places) == 2 and dice.random() < 0.3:
        places.append(dice.choice((places[0], dice.choice(PLACES))))
    found, on = [_posting(places[0], joined_on)], joined_on
    for place in places[1:]:
        on += DAY * dice.randint(12, 80)
        told_at = datetime.combine(on, time(3), UTC) - dice.choice((20, 5, 2, 2, 1, -1, -4)) * DAY
        found.append(_posting(place, on, told_at))
    return tuple(found)


def _absences(dice: Random, joined_on: date) -> tuple[Absence, ...]:
    """Leave of 1 to 30 days and crisis weeks; some overlap, some are declared once they have begun or are over."""
    found = []
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3))):
        first = joined_on + DAY * dice.randint(3, 220)
        last = first + DAY * (dice.choice((1, 2, 5, 10, 14, 21, 30)) - 1)
        found.append(Absence(first, last, "leave", _told(dice, first)))
        if dice.random() < 0.2:
            again = first + DAY * dice.randint(0, 3)
            found.append(Absence(again, again + DAY * 6, "leave", _told(dice, again)))
    if dice.random() < 0.25:
        first = joined_on + DAY * dice.randint(5, 150)
        found.append(Absence(first, first + DAY * 6, "crisis", _told(dice, first)))
    return tuple(found)


def _told(dice: Random, first: date) -> datetime:
    early = dice.choice((30, 14, 7, 3, 2, 0, -1, -3))
    return datetime.combine(first, time(dice.randint(4, 16), 17), UTC) - DAY * early


def _extensions(dice: Random, joined_at: datetime) -> tuple[Extension, ...]:
    granted = (joined_at + DAY * dice.randint(20, 90) for _ in range(dice.choice((0, 0, 0, 0, 1, 2))))
    return tuple(Extension(at, dice.choice((7, 14, 28))) for at in granted)


def _latencies(dice: Random) -> tuple[timedelta, ...]:
    """Prompt, after work, now and then a day late, or whatever."""
    patterns: tuple[tuple[int, ...], ...] = (
        (3, 8, 20),
        (25,),
        (540, 600, 30),
        (10, 10, 10, 1500),
        (5, 300, 2900, 15),
        (1430,),
        (90, 4400, 12),
    )
    return tuple(timedelta(minutes=minutes) for minutes in dice.choice(patterns))


def _spans(
    dice: Random, joined_at: datetime, how_many: Sequence[int], days: Sequence[int]
) -> tuple[tuple[datetime, datetime], ...]:
    """Spans that do not touch, in order."""
    found, at = [], joined_at + 2 * DAY
    for _ in range(dice.choice(how_many)):
        first = at + timedelta(hours=dice.randint(1, 24 * 70))
        at = first + DAY * dice.choice(days)
        found.append((first, at))
    return tuple(found)
