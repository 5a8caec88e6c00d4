"""Public holidays as people speak of them: some days off in a row, under one name."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.public_holidays import DaysOff
from scheduler.spans import Span


@dataclass(frozen=True, slots=True)
class Break:
    """Days off in a row, weekends between them included; `estimated` when any hangs on a moon not seen yet."""

    name: str
    span: Span
    estimated: bool


def breaks(days_off: DaysOff, weekend: Collection[int], within: Span) -> Iterator[Break]:
    """The holidays between those dates, in order, under the name that most of their days bear.

    Left out is what falls on the weekend (ISO weekdays) alone: it changes nothing.
    """
    run: list[date] = []
    for day in within:
        if days_off.named(day):
            run.append(day)
        elif run and day.isoweekday() not in weekend:
            yield from _break(days_off, weekend, run)
            run = []
    yield from _break(days_off, weekend, run)


def _break(days_off: DaysOff, weekend: Collection[int], run: list[date]) -> Iterator[Break]:
    if all(day.isoweekday() in weekend for day in run):
        return
    named = [days_off.named(day)[0] for day in run]
    name = Counter(holiday.name for holiday in named).most_common(1)[0][0]
    yield Break(name, Span(run[0], run[-1]), any(holiday.estimated for holiday in named))
