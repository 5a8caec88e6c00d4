"""A cohort's calendar as it stands, with the holidays that come where its people serve."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.features.calendar.outcome import Holidays, Overview
from bot.office import Office
from scheduler.public_holidays import holidays_in
from scheduler.spans import Span
from scheduler.zones import A_DAY
from storage import calendars, rolls
from storage.calendars import OwnDays
from storage.cohorts import Cohort
from storage.rolls import Serving
from storage.store import Tx

AHEAD = timedelta(days=60)
_SUFFIXES = (" (observed)", " Holiday")  # "Eid al-Fitr Holiday" is what the neighbours call "Eid al-Fitr"


async def of(tx: Tx, cohort: Cohort, office: Office, today: date) -> Overview:
    """Everything that moves the days of a cohort, as of that date."""
    course = office.courses.get(cohort.course_id)
    own = await calendars.own_days(tx, cohort.id)
    ahead = OwnDays(*(frozenset(day for day in days if day >= today) for days in own))
    until = today + AHEAD
    return Overview(
        cohort,
        course.cadence.weeks_to_deadline if course else 0,
        ahead,
        tuple(holidays(await rolls.serving(tx, cohort.id, today), cohort.home, office, Span(today, until), ahead)),
        until,
        await rolls.away(tx, cohort.id, today),
        [
            week._replace(place=week.place or country_name(week.country, office))
            for week in await rolls.crises(tx, cohort.id, today)
        ],
    )


def holidays(serving: list[Serving], home: str, office: Office, within: Span, own: OwnDays) -> Iterator[Holidays]:
    """The holidays of host countries and of home, in order; alike ones of several countries in one line."""
    everybody = sum(each.people for each in serving)
    there = [Serving(home, None, everybody), *(each for each in serving if each.country != home)]
    lines = [line for each in there for line in _of(each, within, own)]
    names = {name for name, *_ in lines}
    days: dict[tuple[str, bool, Serving], set[date]] = {}
    for name, estimated, on, each in lines:
        days.setdefault((_plain(name, names), estimated, each), set()).add(on)
    alike: dict[tuple[Span, str, bool], list[Serving]] = {}
    for (name, estimated, each), dates in days.items():
        for span in _runs(sorted(dates)):
            alike.setdefault((span, name, estimated), []).append(each)
    for (span, name, estimated), where in sorted(alike.items(), key=lambda pair: (pair[0][0].first, pair[0][0].last)):
        countries = dict.fromkeys(country_name(each.country, office) for each in where)
        people = min(everybody, sum(each.people for each in where))
        yield Holidays(name, span, estimated, tuple(countries), people)


def _of(there: Serving, within: Span, own: OwnDays) -> Iterator[tuple[str, bool, date, Serving]]:
    """A country's holidays, day by day, without those that are worked all the same."""
    for year in range(within.first.year, within.last.year + 1):
        for holiday in holidays_in(there.country, there.subdivision, year):
            if holiday.on in within and holiday.on not in own.working:
                yield holiday.name, holiday.estimated, holiday.on, there


def _runs(days: Iterable[date]) -> Iterator[Span]:
    first: date | None = None
    last = date.min
    for day in days:
        if first is not None and day != last + A_DAY:
            yield Span(first, last)
            first = None
        first, last = first or day, day
    if first is not None:
        yield Span(first, last)


def _plain(name: str, names: set[str]) -> str:
    """The shorter name where somebody else calls it so."""
    for suffix in _SUFFIXES:
        if name.removesuffix(suffix) in names:
            name = name.removesuffix(suffix)
    return name


def country_name(code: str, office: Office) -> str:
    """A country as the bot names it."""
    there = office.places.names.by_country.get(code)
    return there[0].country_name if there else code
