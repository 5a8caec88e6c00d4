"""The hours in which a learner's phone stays silent."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from scheduler.errors import SchedulerError
from scheduler.zones import A_DAY, change_between, next_reading, zone_named

LONGEST = timedelta(hours=16)  # longer windows leave too little of the shortest days of clock changes


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end` by the local clock, over midnight when `end` is the earlier.

    Raises SchedulerError for a window of no length or of more than 16 hours.
    """

    start: time = time(21, 0)
    end: time = time(7, 0)

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise SchedulerError("quiet hours that start and end at the same time have no length; change one")
        if (_since_midnight(self.end) - _since_midnight(self.start)) % A_DAY > LONGEST:
            raise SchedulerError("quiet hours longer than 16 hours leave too little of the day; shorten them")

    def hold(self, clock: time) -> bool:
        """Whether that reading of the local clock lies inside."""
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def covers(self, at: datetime, zone: str) -> bool:
        """Whether the phone is to be silent at that instant in that zone (IANA name)."""
        return self.hold(at.astimezone(zone_named(zone)).time())

    def free_at(self, at: datetime, zone: str) -> datetime:
        """The first instant, `at` or later, that is not covered (UTC).

        Clocks that are set back may end the quiet hours early or repeat them; each step is looked at again.
        """
        while self.covers(at, zone):
            here = zone_named(zone)
            end = next_reading(at, self.end, here)
            at = change_between(here, at, end) or end
        return at.astimezone(UTC)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
