"""The days of a person as the rules tell them, reckoned with zoneinfo and the holidays library alone.

A person is a plain dict; nothing of the scheduler is asked.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.year.few_lessons import WEEKS
from tests.year.local_days import DAY, holidays_of, instant
from tests.year.places import weekend_of
from tests.year.records import Posting

Person = dict[str, Any]
PLACES = {
    "Riyadh": ("SA", None, "Asia/Riyadh"),
    "London UK": ("GB", None, "Europe/London"),
    "Los Angeles": ("US", None, "America/Los_Angeles"),
    "Tokyo": ("JP", None, "Asia/Tokyo"),
    "Apia": ("WS", None, "Pacific/Apia"),
}
SLOT, QUIET = time(8, 30), time(21)
WORK = (time(9), time(17))


def posted(place: str, from_on: date) -> Posting:
    """A posting as the year's rules know it."""
    country, subdivision, zone = PLACES[place]
    weekend = weekend_of(country, subdivision)
    return Posting(from_on, country, subdivision, zone, weekend)


def holding(person: Person, on: date) -> tuple[str, Posting]:
    """(place, posting) of a local date."""
    begun = [each for each in person["postings"] if each[1].from_on <= on]
    found: tuple[str, Posting] = begun[-1] if begun else person["postings"][0]
    return found


def dates(person: Person, at: datetime) -> list[date]:
    """The local dates that hold an instant: two where a move eastwards makes them overlap, none westwards."""
    found = {(at.astimezone(ZoneInfo(p.zone)).date(), p) for _, p in person["postings"]}
    return sorted(on for on, posting in found if holding(person, on)[1] is posting)


def today(person: Person, at: datetime) -> date:
    """The local date: the earlier of two, and on the way west the last one that was counted."""
    if held := dates(person, at):
        return held[0]
    ahead: list[date] = [p.from_on for _, p in person["postings"] if at.astimezone(ZoneInfo(p.zone)).date() < p.from_on]
    return min(ahead) - DAY


def at_on(person: Person, on: date, clock: time) -> datetime:
    """The instant of a local time."""
    return instant(holding(person, on)[1], on, clock)


def midnight(person: Person, on: date) -> datetime:
    """When a local date is over: on its own clocks, and on those of the next date."""
    return max(instant(holding(person, on)[1], on + DAY, time()), at_on(person, on + DAY, time()))


def frozen(person: Person) -> frozenset[date]:
    """Every date of leave, and of a crisis week where the person is posted on that date."""
    days = {on for first, last in person["leaves"] for on in span(first, last)}
    for place, first, last in person["crises"]:
        days |= {on for on in span(first, last) if holding(person, on)[0] == place}
    return frozenset(days)


def span(first: date, last: date) -> list[date]:
    return [first + DAY * n for n in range((last - first).days + 1)]


def works(person: Person, on: date, *, heedless: bool = False) -> bool:
    """Neither weekend nor holiday of host or home, nor away (`heedless` of that)."""
    here = holding(person, on)[1]
    if on.isoweekday() in here.weekend or on in holidays_of(here.country, here.subdivision, here.home):
        return False
    return heedless or on not in frozen(person)


def worked_between(person: Person, after: date, until: date) -> int:
    """How many working days lie in (after, until]."""
    return sum(works(person, on) for on in span(after + DAY, until))


def deadline(person: Person) -> date:
    """Eight weeks after the first lesson and what was granted, a day more for each day away until then."""
    base = last = person["first_on"] + timedelta(weeks=WEEKS) + DAY * person["extension"]
    away = frozen(person)
    while (pushed := base + DAY * sum(person["first_on"] <= on <= last for on in away)) > last:
        last = pushed
    found: date = last
    return found
