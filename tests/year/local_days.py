"""A person's days as the rules tell them: which dates hold an instant, which are worked, when to speak."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from tests.year.records import Posting, Story

DAY = timedelta(days=1)
_YEARS = range(2026, 2030)
_WORK_FROM, _WORK_UNTIL = time(9), time(17)


@cache
def public_holidays(country: str, subdivision: str | None) -> frozenset[date]:
    """The public holidays of 2026-2029, of the state where one is given."""
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=_YEARS))


@cache
def holidays_of(country: str, subdivision: str | None, home: tuple[str, ...]) -> frozenset[date]:
    """Host and home holidays together."""
    return public_holidays(country, subdivision).union(*(public_holidays(code, None) for code in home))


def known_postings(story: Story, at: datetime) -> tuple[Posting, ...]:
    """The postings that somebody had declared by then, oldest first."""
    if len(story.postings) == 1:
        return story.postings
    told = [posting for posting in story.postings if posting.declared_at <= at]
    return tuple(sorted(told or story.postings[:1], key=lambda posting: posting.from_on))


def holding(postings: tuple[Posting, ...], on: date) -> Posting:
    """The posting of a local date; the first one also holds before its own first date."""
    held = postings[0]
    for posting in postings[1:]:
        if posting.from_on <= on:
            held = posting
    return held


def belongs(story: Story, instant: datetime, known_at: datetime) -> Iterator[tuple[datetime, Posting]]:
    """Local readings of an instant, one for each local date that holds it: two, one or (westwards) none."""
    postings = known_postings(story, known_at)
    for posting in postings:
        local = instant.astimezone(ZoneInfo(posting.zone))
        if len(postings) == 1 or holding(postings, local.date()) is posting:
            yield local, posting


def any_dates(story: Story, instant: datetime, known_at: datetime) -> tuple[date, ...]:
    """The local dates that hold the instant; for one that belongs to none, the dates of every zone around it."""
    found = {local.date() for local, _ in belongs(story, instant, known_at)}
    if not found:
        found = {instant.astimezone(ZoneInfo(p.zone)).date() for p in known_postings(story, known_at)}
    return tuple(sorted(found))


def is_absent(story: Story, on: date, known_at: datetime) -> bool:
    """Leave or crisis week, as far as declared by then."""
    return any(a.first <= on <= a.last and a.declared_at <= known_at for a in story.absences)


def is_worked(story: Story, posting: Posting, on: date, known_at: datetime) -> bool:
    """Not a weekend, a public holiday of host or home, a cohort's day off, nor an absence declared by then."""
    if on.isoweekday() in posting.weekend or on in story.days_off_also:
        return False
    if on in holidays_of(posting.country, posting.subdivision, posting.home) and on not in story.days_off_struck:
        return False
    return not is_absent(story, on, known_at)


def working_days(story: Story, after: date, until: date, known_at: datetime) -> int:
    """How many working days lie in (after, until]."""
    postings = known_postings(story, known_at)
    days = (after + DAY * n for n in range(1, (until - after).days + 1))
    return sum(is_worked(story, holding(postings, day), day, known_at) for day in days)


def is_quiet(story: Story, at: time) -> bool:
    """Inside quiet hours, the first minute included; equal ends mean none."""
    start, end = story.quiet_from, story.quiet_until
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def slot_on(story: Story, on: date) -> time:
    """The slot of a date: into Ramadan's window when outside it, then to the end of quiet hours when inside them."""
    slot, month = story.slot, story.ramadan
    if month and month.first <= on <= month.last and not month.start <= slot < month.end:
        slot = month.start
    return story.quiet_until if is_quiet(story, slot) else slot


def window_end(story: Story, on: date) -> time | None:
    """When quiet hours begin on that date after the slot; None: not before midnight."""
    start = story.quiet_from
    return start if start != story.quiet_until and start > slot_on(story, on) else None


def nudge_hours(story: Story, on: date) -> tuple[time, time] | None:
    """Working hours, or those of Ramadan; None when quiet hours swallow them whole and the rest of the day counts."""
    month = story.ramadan
    inside = month and month.first <= on <= month.last
    start, end = (month.start, month.end) if month and inside else (_WORK_FROM, _WORK_UNTIL)
    edges = (start, story.quiet_until)  # free time inside the hours begins at one of these, if there is any
    if any(start <= edge < end and not is_quiet(story, edge) for edge in edges):
        return start, end
    return None


def is_nudge_time(story: Story, on: date, at: time) -> bool:
    """Inside the hours in which a reminder may come, of a day that is worked."""
    hours = nudge_hours(story, on)
    return not is_quiet(story, at) and (hours is None or hours[0] <= at <= hours[1])


def instant(posting: Posting, on: date, at: time) -> datetime:
    """A local time of a date, as an instant."""
    return datetime.combine(on, at, ZoneInfo(posting.zone)).astimezone(UTC)


def window(story: Story, posting: Posting, on: date) -> tuple[datetime, datetime]:
    """From the slot of a date to the quiet hours of that evening, or to midnight."""
    end = window_end(story, on)
    last = instant(posting, on, end) if end else instant(posting, on + DAY, time())
    return instant(posting, on, slot_on(story, on)), last


def nudge_window(story: Story, posting: Posting, on: date) -> tuple[datetime, datetime]:
    """The first stretch of a date in which a reminder may come."""
    hours = nudge_hours(story, on)
    start, end = hours or (time(), None)
    if is_quiet(story, start):
        start = story.quiet_until
    if story.quiet_from > start and (end is None or story.quiet_from < end):
        end = story.quiet_from
    last = instant(posting, on, end) if end else instant(posting, on + DAY, time())
    return instant(posting, on, start), last
