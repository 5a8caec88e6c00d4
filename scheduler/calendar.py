"""Working days and local time of a posting: the only place where local time becomes an instant.

Local intent (a date, an hour) and the zone are stored; the instant is computed late, because zones change their rules.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from scheduler.errors import SchedulerError

A_DAY = timedelta(days=1)
SATURDAY_SUNDAY = frozenset({6, 7})
_KNOWN_WEEK = tuple(date(2026, 1, 5) + n * A_DAY for n in range(7))  # weekends as they are since 2026


class ZoneUnknown(SchedulerError):
    """No such IANA time zone."""


def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises ZoneUnknown."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: "Europe" is a folder of the zone files
        raise ZoneUnknown(f"there is no time zone {name[:40]!r}; give one such as Asia/Riyadh") from None


def change_between(zone: ZoneInfo, start: datetime, end: datetime) -> datetime | None:
    """The first instant (whole seconds) after `start`, up to `end`, at which the zone's offset is not that of `start`.

    None when the offset is the same at both ends: zones do not change twice within a day.
    """
    before = start.astimezone(zone).utcoffset()
    if end.astimezone(zone).utcoffset() == before:
        return None
    seconds = range(int(start.timestamp()), int(end.timestamp()) + 1)

    def changed(second: int) -> bool:
        return datetime.fromtimestamp(second, zone).utcoffset() != before

    return datetime.fromtimestamp(seconds[bisect_left(seconds, True, key=changed)], UTC)


def instants(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which the zone's clocks show that day and time; they differ in a repeated hour.

    A time that clocks skip gives the instant of the skip, twice.
    """
    early, late = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return early, late
    skip = change_between(zone, late, early)  # in a skip, fold 0 counts with the offset before it (PEP 495)
    return (skip, skip) if skip else (early, early)


def next_reading(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant after `at` at which the zone's clocks show that time, or skip it."""
    today = at.astimezone(zone).date()
    days = (today + n * A_DAY for n in range(3))  # the third is for a day that the date line skips
    return min(instant for day in days for instant in instants(day, clock, zone) if instant > at)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A posting's zone (IANA name), weekend (ISO weekdays 1-7) and days off (local dates).

    Raises ZoneUnknown, and SchedulerError when no working day is left in the week.
    """

    zone: str
    weekend: frozenset[int]
    days_off: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if not self.weekend <= frozenset(range(1, 8)):
            raise SchedulerError("a weekend is made of ISO weekdays, 1 for Monday to 7 for Sunday")
        if len(self.weekend) == 7:
            raise SchedulerError("a weekend of seven days leaves no working day; leave at least one out")

    def local(self, at: datetime) -> datetime:
        """What the clocks of the posting show."""
        return at.astimezone(zone_named(self.zone))

    def day(self, at: datetime) -> date:
        """The local date."""
        return self.local(at).date()

    def instant(self, day: date, at: time) -> datetime:
        """The instant of a local time: the first when it comes twice, the first after the skip when it is skipped."""
        return instants(day, at, zone_named(self.zone))[0]

    def is_working(self, day: date) -> bool:
        """Neither weekend nor a day off."""
        return day.isoweekday() not in self.weekend and day not in self.days_off

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

    def end_of(self, day: date) -> datetime:
        """The learner's midnight that ends that local day."""
        return self.instant(day + A_DAY, time())


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
