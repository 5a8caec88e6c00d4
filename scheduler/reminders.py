"""Nudges about an open question: three reminders, then a kind pause."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scheduler.calendar import Calendar, change_between, next_reading, zone_named
from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours

PAUSE = 4  # the nudge that pauses instead of reminding
_FIRST_AFTER = timedelta(hours=4)
_WORKING_DAYS_AFTER = {2: 1, 3: 3, PAUSE: 4}


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a nudge may come: from `start` until before `end`, by the local clock of a working day."""

    start: time = time(9, 0)
    end: time = time(17, 0)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise SchedulerError("working hours must end after they start, on the same day")

    def from_(self, at: datetime, calendar: Calendar) -> datetime:
        """The first instant, `at` or later, inside working hours of a working day (UTC)."""
        zone = zone_named(calendar.zone)
        while not self._hold(calendar.local(at), calendar):
            opens = next_reading(at, self.start, zone)
            at = change_between(zone, at, opens) or opens  # clocks that change may open or shut a day
        return at.astimezone(UTC)

    def _hold(self, local: datetime, calendar: Calendar) -> bool:
        return self.start <= local.time() < self.end and calendar.is_working(local.date())

    def beside(self, quiet: QuietHours) -> "WorkingHours":
        """These hours, or, when quiet hours swallow them whole, the free hours after the quiet ones."""
        swallowed = quiet.hold(self.start) and (
            quiet.end >= self.end if quiet.start <= quiet.end else self.end <= quiet.end or self.start >= quiet.start
        )
        if not swallowed:
            return self
        return WorkingHours(quiet.end, quiet.start if quiet.end < quiet.start else time.max)


@dataclass(frozen=True, slots=True)
class Nudge:
    """The nth nudge about an asking (1 to 3 remind, 4 pauses) and the earliest instant for it."""

    n: int
    at: datetime


def next_nudge(
    *,
    put_at: datetime,
    sent: int,
    nudged_on: date | None,
    calendar: Calendar,
    hours: WorkingHours = WorkingHours(),
) -> Nudge | None:
    """The nudge that follows after `sent` of them, None after the pause.

    After 4 hours, after 1 and 3 working days, then the pause on the working day after that: always inside working
    hours, and never on the local date of the last nudge (`nudged_on`, of whatever asking) or before it.
    """
    n = sent + 1
    if n > PAUSE:
        return None
    if n == 1:
        at = put_at + _FIRST_AFTER
    else:
        day = calendar.add_working(calendar.day(put_at), _WORKING_DAYS_AFTER[n])
        at = calendar.instant(day, hours.start)
    at = hours.from_(at, calendar)
    if nudged_on is not None and calendar.day(at) <= nudged_on:
        at = hours.from_(calendar.end_of(nudged_on), calendar)
    return Nudge(n, at)


def allowed_from(at: datetime, *, calendar: Calendar, hours: WorkingHours, quiet: QuietHours) -> datetime:
    """The first instant, `at` or later, inside working hours of a working day and outside quiet hours (UTC)."""
    hours = hours.beside(quiet)
    while True:
        opened = hours.from_(at, calendar)
        at = quiet.free_at(opened, calendar.zone)
        if at == opened:
            return at
