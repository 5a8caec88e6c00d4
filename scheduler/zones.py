"""Local time and instants: the only place where one becomes the other.

Local intent (a date, an hour) and the zone are stored; the instant is computed late, because zones change their rules.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scheduler.errors import SchedulerError

A_DAY = timedelta(days=1)


class ZoneUnknown(SchedulerError):
    """No such IANA time zone."""


@lru_cache(maxsize=1024)  # the library keeps eight of them
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


@lru_cache(maxsize=65536)  # the same mornings are asked for again and again
def instants(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which the zone's clocks show that day and time; they differ in a repeated hour.

    A time that clocks skip gives the instant of the skip, twice.
    """
    early, late = (datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return early, late
    skip = change_between(zone, late, early)  # in a skip, fold 0 counts with the offset before it (PEP 495)
    return (skip, skip) if skip else (early, early)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When that local date ends on the zone's clocks."""
    return instants(day + A_DAY, time(), zone)[0]


def next_reading(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant after `at` at which the zone's clocks show that time, or skip it."""
    today = at.astimezone(zone).date()
    days = (today + n * A_DAY for n in range(3))  # the third is for a day that the date line skips
    return min(instant for day in days for instant in instants(day, clock, zone) if instant > at)
