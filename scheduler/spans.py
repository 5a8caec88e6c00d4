"""Spans of local dates, and how they move others: leave and crisis weeks freeze the calendar."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from scheduler.errors import SchedulerError
from scheduler.zones import A_DAY


@dataclass(frozen=True, slots=True)
class Span:
    """Local dates from the first to the last, both included. Raises SchedulerError when the last comes first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise SchedulerError(f"a span cannot end on {self.last} before it starts on {self.first}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        return (date.fromordinal(n) for n in range(self.first.toordinal(), self.last.toordinal() + 1))

    @property
    def days(self) -> int:
        """How many dates it holds, at least 1."""
        return (self.last - self.first).days + 1

    def cut(self, first: date, last: date) -> "Span | None":
        """What of it lies within those dates, both included; None when nothing does."""
        first, last = max(self.first, first), min(self.last, last)
        return Span(first, last) if first <= last else None


def apart(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order that hold the same dates, each date once."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        if merged and span.first <= merged[-1].last:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


@lru_cache(maxsize=1024)  # the same leave pushes many dates
def _known_apart(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return apart(spans)


def thaw(day: date, *, since: date, frozen: Sequence[Span]) -> date:
    """`day` moved later by one for each frozen date after `since` up to the moved date itself.

    What was due in five days is due in five days that are not frozen, so a day after `since` never ends on a frozen
    date. A day up to `since` stays as it is.
    """
    moved = day
    for span in _known_apart(tuple(frozen)) if frozen and day > since else ():
        if span.first > moved:
            break
        moved += max(timedelta(), span.last - max(span.first - A_DAY, since))
    return moved
