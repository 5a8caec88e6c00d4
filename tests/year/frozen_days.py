"""Days that do not count: how absences push a review's due date and a deadline."""

from datetime import date, datetime, timedelta
from functools import cache

from tests.year.local_days import DAY
from tests.year.records import Absence, Story


@cache
def _dates(absences: tuple[Absence, ...]) -> frozenset[date]:
    return frozenset(a.first + DAY * n for a in absences for n in range((a.last - a.first).days + 1))


def frozen_dates(story: Story, known_at: datetime) -> frozenset[date]:
    """Every date of an absence declared by then."""
    return _dates(tuple(a for a in story.absences if a.declared_at <= known_at))


def due_on(answered_on: date, days: int, frozen: frozenset[date]) -> date:
    """The date on which `days` days that are not frozen have passed since the answer's."""
    if not frozen:
        return answered_on + DAY * days
    on, left = answered_on, days
    while left:
        on += DAY
        left -= on not in frozen
    return on


def _pushed(base: date, first_on: date, frozen: frozenset[date]) -> date:
    last = base
    while True:
        further = base + DAY * sum(first_on <= on <= last for on in frozen)
        if further == last:
            return last
        last = further


def deadline(story: Story, absences: int, extensions: int) -> tuple[date, date]:
    """Earliest and latest reading of the deadline with the first so many absences and extensions by declaration.

    They differ only when an absence lies in the extended days: the rule does not say whether it pushes once more.
    """
    if story.cohort_deadline_on and story.cohort_start_on:
        base = story.cohort_deadline_on + max(timedelta(), story.first_on - story.cohort_start_on)
    elif story.cohort_deadline_on:
        base = story.cohort_deadline_on
    else:
        base = story.first_on + timedelta(weeks=story.weeks_to_deadline)
    granted = sorted(story.extensions, key=lambda extension: extension.granted_at)[:extensions]
    more = DAY * sum(extension.days for extension in granted)
    declared = sorted(story.absences, key=lambda a: a.declared_at)[:absences]
    certain = _dates(_in_time(story, base + more, declared, timedelta()))
    possible = _dates(_in_time(story, base + more, declared, DAY))
    return _pushed(base, story.first_on, certain) + more, _pushed(base + more, story.first_on, possible)


def _in_time(story: Story, base: date, declared: list[Absence], slack: timedelta) -> tuple[Absence, ...]:
    """Absences that were declared before the deadline had passed: what has ended is not moved by a later word."""
    counted: tuple[Absence, ...] = ()
    for absence in declared:
        if absence.declared_at.date() <= _pushed(base, story.first_on, _dates(counted)) + slack:
            counted += (absence,)
    return counted


def deadline_at(story: Story, known_at: datetime) -> tuple[date, date]:
    """Earliest and latest reading of the deadline, as far as anybody knew by then."""
    absences = sum(a.declared_at <= known_at for a in story.absences)
    return deadline(story, absences, sum(e.granted_at <= known_at for e in story.extensions))
