"""Nudges about an open question: up to three reminders, then a kind pause."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scheduler.calendar import Calendar
from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours
from scheduler.zones import A_DAY, change_between, next_reading, zone_named

MOST_REMINDERS = 3
PAUSE = 4  # the nudge that pauses instead of reminding
_FIRST_AFTER = timedelta(hours=4)
_WORKING_DAYS_AFTER = {1: 0, 2: 1, 3: 3}


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a nudge may come: from `start` until before `end`, by the local clock of a working day."""

    start: time = time(9, 0)
    end: time = time(17, 0)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise SchedulerError("working hours must end after they start, on the same day")

    def from_(self, at: datetime, calendar: Calendar) -> datetime:
        """The first instant, `at` or later, inside working hours of a working day (UTC); short days keep their own."""
        return self.first(at, calendar, not_before=calendar.day(at))[1]

    def first(self, at: datetime, calendar: Calendar, *, not_before: date) -> tuple[date, datetime]:
        """(local date served, first instant), on that date or later."""
        days = calendar.working_days(not_before)
        return next((day, found) for day in days if (found := self.of(day, calendar).within(day, at, calendar)))

    def within(self, day: date, at: datetime, calendar: Calendar) -> datetime | None:
        """The first instant of that local date, `at` or later, inside these hours (UTC); None when there is none."""
        zone = zone_named(calendar.zone_on(day))
        at = max(at, calendar.instant(day, time()))
        while (local := at.astimezone(zone)).date() <= day:
            if local.date() == day and self.start <= local.time() < self.end:
                return at.astimezone(UTC)
            opens = next_reading(at, self.start, zone)
            at = change_between(zone, at, opens) or opens  # clocks that change may open or shut a day
        return None

    def of(self, day: date, calendar: Calendar) -> "WorkingHours":
        """These hours, or the shorter ones of that local date."""
        short = calendar.short_on(day)
        return WorkingHours(short.start, short.end) if short else self

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
    """The nth nudge about an asking (1 to 3 remind, 4 pauses), its earliest instant and the local date it serves."""

    n: int
    at: datetime
    on: date


def next_nudge(
    *,
    since_at: datetime,
    sent: int,
    reminders: int = MOST_REMINDERS,
    nudged_on: date | None,
    calendar: Calendar,
    hours: WorkingHours = WorkingHours(),
) -> Nudge | None:
    """The nudge that follows after `sent` of them, None after the pause and where there are to be no `reminders`.

    After 4 hours, after 1 and 3 working days since the question was put or the learner last did something (`since_at`),
    then the pause on the working day after the last reminder: always inside working
    hours, and never on the local date of the last nudge (`nudged_on`, of whatever asking) or before it.
    """
    if not reminders or sent >= PAUSE:
        return None
    n = sent + 1 if sent < reminders else PAUSE
    at, not_before = since_at + _FIRST_AFTER, calendar.day(since_at)
    if n > 1:
        after = _WORKING_DAYS_AFTER[reminders] + 1 if n == PAUSE else _WORKING_DAYS_AFTER[n]
        not_before = calendar.add_working(calendar.latest_day(since_at), after)
        at = calendar.instant(not_before, time())
    if nudged_on is not None:
        not_before = max(not_before, nudged_on + A_DAY)
    on, at = hours.first(at, calendar, not_before=not_before)
    return Nudge(n, at, on)


def allowed_from(at: datetime, *, calendar: Calendar, hours: WorkingHours, quiet: QuietHours) -> datetime:
    """The first instant, `at` or later, inside working hours of a working day and outside quiet hours (UTC)."""
    return allowed(at, calendar=calendar, hours=hours, quiet=quiet, not_before=calendar.day(at))[1]


def allowed(
    at: datetime, *, calendar: Calendar, hours: WorkingHours, quiet: QuietHours, not_before: date
) -> tuple[date, datetime]:
    """(local date served, first instant) as `allowed_from`, on that date or later."""
    days = calendar.working_days(not_before)
    return next((day, found) for day in days if (found := _allowed_on(day, at, calendar, hours, quiet)))


def _allowed_on(day: date, at: datetime, calendar: Calendar, hours: WorkingHours, quiet: QuietHours) -> datetime | None:
    hours, zone = hours.of(day, calendar).beside(quiet), calendar.zone_on(day)
    while (opened := hours.within(day, at, calendar)) is not None:
        at = quiet.free_at(opened, zone)
        if at == opened:
            return at
    return None
