"""Days off: the public holidays of a country and of home, with what the coordinator adds and strikes out.

Holidays come from the `holidays` library, years of a country at a time; a year is built once and kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import holidays
from holidays.holiday_base import HolidayBase

_YEARS_KEPT = 4096  # country-years; one is about 15 dates
_LANGUAGE = "en_US"  # every country that is translated has it; the others are named in English already, or as at home


@dataclass(frozen=True, slots=True)
class Holiday:
    """A local date off work and its name in English; `estimated` when it hangs on a moon not seen yet."""

    on: date
    name: str
    estimated: bool = False


@lru_cache(maxsize=_YEARS_KEPT)
def holidays_in(country: str, subdivision: str | None, year: int) -> tuple[Holiday, ...]:
    """The public holidays of that year in order, by ISO 3166 codes of a country ("MY") and of its state ("KDH").

    A state that the library does not know has its country's holidays; a country that it does not know has none.
    """
    known = _known(country.upper(), subdivision, year)
    if known is None:
        return ()
    marks = _marks(known)
    return tuple(Holiday(on, *_unmarked(name, marks)) for on in sorted(known) for name in known.get_list(on))


def _known(country: str, subdivision: str | None, year: int) -> HolidayBase | None:
    if len(country) != 2:  # the library keeps other things than countries under longer names
        return None
    for subdiv in (subdivision or None, None):
        try:
            options = holidays.country_holidays(country, language=_LANGUAGE).get_supported_options()
            # Saudi Arabia, Palestine and Ivory Coast hide by default that a date is only calculated.
            shown: dict[str, Any] = {option: True for option in options if option.endswith("_show_estimated")}
            return holidays.country_holidays(country, subdiv=subdiv, years=year, language=_LANGUAGE, **shown)
        except NotImplementedError:  # its way to say that it knows no such country or state
            continue
    return None


def _marks(known: HolidayBase) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What an estimated name looks like in that country, and the label that it has once the date is certain."""
    observed = known.tr(getattr(known, "observed_label", "%s"))
    labels = {"estimated_label": "%s", "observed_estimated_label": observed}
    return tuple(
        (re.compile(re.escape(known.tr(getattr(known, mark))).replace("%s", "(.+)")), plain)
        for mark, plain in labels.items()
        if hasattr(known, mark)
    )


def _unmarked(name: str, marks: tuple[tuple[re.Pattern[str], str], ...]) -> tuple[str, bool]:
    for mark, plain in marks:
        if marked := mark.fullmatch(name):
            return plain % marked[1], True
    return name, False


@lru_cache(maxsize=_YEARS_KEPT)
def _dates_off(country: str, subdivision: str | None, home: tuple[str, ...], year: int) -> frozenset[date]:
    return frozenset(holiday.on for holiday in _all_holidays(country, subdivision, home, year))


def _all_holidays(country: str, subdivision: str | None, home: tuple[str, ...], year: int) -> Iterator[Holiday]:
    yield from holidays_in(country, subdivision, year)
    for further in home:
        yield from holidays_in(further, None, year)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The dates on which nobody at a posting works, weekends aside: ask `day in days_off`.

    ISO 3166 codes of the host country and its state; `home`: further countries whose holidays count too. The
    coordinator sets further days off (`also`) and declares working days (`struck`), which count above all else.
    """

    country: str
    subdivision: str | None = None
    home: tuple[str, ...] = ()
    also: frozenset[date] = frozenset()
    struck: frozenset[date] = frozenset()

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date) or day in self.struck:
            return False
        return day in self.also or day in _dates_off(self.country, self.subdivision, self.home, day.year)

    def named(self, on: date) -> tuple[Holiday, ...]:
        """The holidays for which that date is off, the host country's first, each name once.

        () for a working day, and for a day off that has no name because the coordinator set it.
        """
        if on in self.struck:
            return ()
        there = _all_holidays(self.country, self.subdivision, self.home, on.year)
        return tuple({holiday.name: holiday for holiday in there if holiday.on == on}.values())
