"""The hour of the day at which lessons and questions come, and until when it counts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from scheduler.calendar import Calendar
from scheduler.quiet_hours import QuietHours
from scheduler.zones import instants, midnight, zone_named


@dataclass(frozen=True, slots=True)
class Slot:
    """A working day's slot: the local date it serves, its instant, and when it has passed."""

    day: date
    at: datetime
    closes_at: datetime


def slot_on(calendar: Calendar, slot: time, *, day: date, quiet: QuietHours) -> Slot | None:
    """A working day's slot, at the end of quiet hours if they cover it; None on any other day.

    On short days an hour outside office hours becomes the hour at which offices open. A slot in the evening's quiet
    hours goes to the morning in which they end, and counts for that day. It has passed as the evening's quiet hours
    start, at the local midnight at the latest.
    """
    if not calendar.is_working(day):
        return None
    short = calendar.short_on(day)
    if short and not short.start <= slot < short.end:
        slot = short.start
    return _slot_in(calendar.zone_on(day), day, slot, quiet.start, quiet.end)


@lru_cache(maxsize=65536)  # a whole mission has the same mornings
def _slot_in(zone: str, day: date, slot: time, silent_from: time, silent_until: time) -> Slot | None:
    quiet, here = QuietHours(silent_from, silent_until), zone_named(zone)
    at = instants(day, slot, here)[0]
    if quiet.covers(at, zone):
        at = instants(day, quiet.end, here)[0]
    if at.astimezone(here).date() != day:  # the date line may skip the day
        return None
    silent = instants(day, quiet.start, here)[0]
    return Slot(day, at, silent if silent > at else midnight(day, here))


def slot_at(calendar: Calendar, slot: time, *, now: datetime, quiet: QuietHours) -> Slot | None:
    """The slot that has come and not passed; the later one where a move eastwards makes two local dates overlap."""
    today = calendar.day(now)
    for day in (date.fromordinal(today.toordinal() + 1), today):
        found = slot_on(calendar, slot, day=day, quiet=quiet)
        if found is not None and found.at <= now < found.closes_at:
            return found
    return None


def slot_after(calendar: Calendar, slot: time, *, after: datetime, not_before: date, quiet: QuietHours) -> Slot:
    """The first slot strictly after that instant, on a working day that is not before that local date."""
    for day in calendar.working_days(max(calendar.day(after), not_before)):
        found = slot_on(calendar, slot, day=day, quiet=quiet)
        if found is not None and found.at > after:
            return found
    raise AssertionError("a calendar has working days without end")


def next_slot(calendar: Calendar, slot: time, *, after: datetime, not_before: date, quiet: QuietHours) -> datetime:
    """The instant of `slot_after` (UTC)."""
    return slot_after(calendar, slot, after=after, not_before=not_before, quiet=quiet).at
