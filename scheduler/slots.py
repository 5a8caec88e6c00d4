"""The hour of the day at which lessons and questions come, and until when it counts."""

from datetime import date, datetime, time

from scheduler.calendar import Calendar
from scheduler.quiet_hours import QuietHours


def slot_on(calendar: Calendar, slot: time, *, day: date, quiet: QuietHours) -> datetime | None:
    """The instant of a working day's slot, at the end of quiet hours if they cover it; None on any other day.

    A slot in the evening's quiet hours goes to the morning in which they end, and counts for that day.
    """
    if not calendar.is_working(day):
        return None
    at = calendar.instant(day, slot)
    if quiet.covers(at, calendar.zone):
        at = calendar.instant(day, quiet.end)
    return at if calendar.day(at) == day else None  # the date line may skip the day


def closing_of(calendar: Calendar, slot_at: datetime, *, quiet: QuietHours) -> datetime:
    """When a slot has passed: as the evening's quiet hours start, at the local midnight at the latest."""
    day = calendar.day(slot_at)
    silent = calendar.instant(day, quiet.start)
    return silent if silent > slot_at else calendar.end_of(day)


def next_slot(calendar: Calendar, slot: time, *, after: datetime, not_before: date, quiet: QuietHours) -> datetime:
    """The first slot strictly after that instant, on a working day that is not before that local date (UTC)."""
    for day in calendar.working_days(max(calendar.day(after), not_before)):
        at = slot_on(calendar, slot, day=day, quiet=quiet)
        if at is not None and at > after:
            return at
    raise AssertionError("a calendar has working days without end")
