"""A learner's calendar: where they are posted on each local date, and on which of these dates they work.

Every local date belongs to one posting and is counted in its zone, so a move over the date line serves each date once:
eastwards two dates overlap, westwards the hours between them belong to none.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

import holidays

from scheduler.errors import SchedulerError
from scheduler.spans import Span
from scheduler.zones import A_DAY, instants, midnight, zone_named

SATURDAY_SUNDAY = frozenset({6, 7})
NO_DAYS: frozenset[date] = frozenset()
_KNOWN_WEEK = tuple(date(2026, 1, 5) + n * A_DAY for n in range(7))  # weekends as they are since 2026


@dataclass(frozen=True, slots=True)
class Move:
    """A posting that holds from that local date on: zone (IANA), weekend (ISO weekdays 1-7) and days off there."""

    from_on: date
    zone: str
    weekend: frozenset[int]
    days_off: Container[date] = NO_DAYS

    def __post_init__(self) -> None:
        _check(self.zone, self.weekend)


@dataclass(frozen=True, slots=True)
class ShortDays:
    """Dates on which offices keep shorter hours, as in Ramadan: from `start` until before `end`."""

    span: Span
    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise SchedulerError("short days must end after they start, on the same day")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Zone, weekend and days off of the first posting, then the moves in the order of their dates.

    `away`: leave and crisis weeks, on which nothing comes and clocks are frozen. Raises ZoneUnknown, and SchedulerError
    when no working day is left in the week.
    """

    zone: str
    weekend: frozenset[int]
    days_off: Container[date] = NO_DAYS
    moves: tuple[Move, ...] = ()
    away: tuple[Span, ...] = ()
    short_days: tuple[ShortDays, ...] = ()

    def __post_init__(self) -> None:
        _check(self.zone, self.weekend)

    def posting_on(self, day: date) -> "Calendar | Move":
        """The posting to which a local date belongs."""
        for move in reversed(self.moves):
            if move.from_on <= day:
                return move
        return self

    def zone_on(self, day: date) -> str:
        """The zone in which that local date is counted."""
        return self.posting_on(day).zone

    def _stay_at(self, at: datetime) -> tuple[str, date | None]:
        """(zone in force at that instant, the date on which the next posting begins)."""
        zone, until = self.zone, None
        for move in self.moves:
            if at < _begins(zone, move.zone, move.from_on):
                until = move.from_on
                break
            zone = move.zone
        return zone, until

    def zone_at(self, at: datetime) -> str:
        """The zone in force at that instant: a posting lasts until its last local date has ended."""
        return self._stay_at(at)[0]

    def local(self, at: datetime) -> datetime:
        """What the clocks of the posting show."""
        return at.astimezone(zone_named(self.zone_at(at)))

    def day(self, at: datetime) -> date:
        """The local date; on the way to a posting in the west, the last one that was counted."""
        if not self.moves:
            return at.astimezone(zone_named(self.zone)).date()
        zone, until = self._stay_at(at)
        day = at.astimezone(zone_named(zone)).date()
        return day if until is None or day < until else until - A_DAY

    def latest_day(self, at: datetime) -> date:
        """The later local date where a move eastwards makes two overlap, else `day`."""
        begun = (at.astimezone(zone_named(move.zone)).date() for move in self.moves)
        later = (on for on, move in zip(begun, self.moves, strict=True) if on >= move.from_on)
        return max([self.day(at), *later])

    def instant(self, day: date, at: time) -> datetime:
        """The instant of a local time: the first when it comes twice, the first after the skip when it is skipped."""
        return instants(day, at, zone_named(self.zone_on(day)))[0]

    def is_working(self, day: date) -> bool:
        """Neither weekend nor a day off, nor away."""
        posting = self.posting_on(day)
        if day.isoweekday() in posting.weekend or day in posting.days_off:
            return False
        return not self.away or not any(day in span for span in self.away)

    def working_days(self, day: date) -> Iterator[date]:
        """All working days from that day on, itself included, without end."""
        while True:
            if self.is_working(day):
                yield day
            day += A_DAY

    def working_from(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return next(self.working_days(day))

    def add_working(self, day: date, n: int) -> date:
        """The nth working day after that day, n at least 1."""
        if n < 1:
            raise SchedulerError(f"working days are counted from 1, not {n}")
        days = self.working_days(day + A_DAY)
        return next(found for count, found in enumerate(days, start=1) if count == n)

    def working_back(self, day: date, n: int) -> date:
        """The nth working day before that day; the day itself for 0."""
        while n > 0:
            day -= A_DAY
            n -= self.is_working(day)
        return day

    def own_midnight(self, day: date) -> datetime:
        """When that local date ends on the clocks of its own posting."""
        return midnight(day, zone_named(self.zone_on(day)))

    def end_of(self, day: date) -> datetime:
        """The learner's midnight that ends that local day; on the way to the west it waits for the new posting's."""
        return max(self.own_midnight(day), self.instant(day + A_DAY, time()))

    def short_on(self, day: date) -> ShortDays | None:
        """The shorter hours of that local date, if any."""
        return next((short for short in self.short_days if day in short.span), None)


def _check(zone: str, weekend: frozenset[int]) -> None:
    zone_named(zone)
    if not weekend <= frozenset(range(1, 8)):
        raise SchedulerError("a weekend is made of ISO weekdays, 1 for Monday to 7 for Sunday")
    if len(weekend) == 7:
        raise SchedulerError("a weekend of seven days leaves no working day; leave at least one out")


@lru_cache(maxsize=4096)
def _begins(before: str, zone: str, on: date) -> datetime:
    return max(instants(on, time(), zone_named(name))[0] for name in (before, zone))


@lru_cache(maxsize=1024)
def weekend_of(country: str, subdivision: str | None = None) -> frozenset[int]:
    """The weekend (ISO weekdays) of a country by its ISO 3166 code, and of its state where they differ (MY, KDH).

    As the `holidays` library has it; Saturday and Sunday when it does not know the country.
    """
    for subdiv in (subdivision, None):
        try:
            known = holidays.country_holidays(country.upper(), subdiv=subdiv)
        except NotImplementedError:  # its way to say that it knows no such country or state
            continue
        return frozenset(day.isoweekday() for day in _KNOWN_WEEK if known.is_weekend(day))
    return SATURDAY_SUNDAY
