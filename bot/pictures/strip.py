"""A calendar strip as plain values: a row a week, a column a weekday, and signs for what a day brought or will bring.

How to make one: take the local dates from the first to the last day to show (three to five weeks read best on a
phone) and give each the signs that hold for it. `LESSON_*` and `REPEAT_*` may stand on one date. A date without signs
is a working day on which nothing falls: a debt has no sign. Words come localised: `title` is one short line, `weekdays`
are seven short names in the learner's week order, `first_weekday` (ISO, Monday is 1) the number of the first of them,
`months` has a short name for each month that the dates touch, `legend` words for every sign; only those that occur
are shown.

    Strip(title="Your weeks", days=days, first_weekday=7, weekdays=("S", "M", …), months=("Nov", "Dec"),
          legend=((Sign.LESSON_DONE, "lesson done"), …))
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self

MOST_DAYS = 42  # six weeks; more rows are too small on a phone


class Sign(StrEnum):
    """What can be seen of a day. The order is the legend's."""

    LESSON_DONE = "lesson-done"
    LESSON_COMING = "lesson-coming"
    REPEAT_DONE = "repeat-done"  # a question that came back was answered
    REPEAT_COMING = "repeat-coming"
    TODAY = "today"
    DEADLINE = "deadline"
    DAY_OFF = "day-off"  # weekend or holiday
    LEAVE = "leave"  # leave or a crisis week: nothing is sent


@dataclass(frozen=True, slots=True)
class StripDay:
    """One local date and its signs."""

    on: date
    signs: frozenset[Sign] = frozenset()


@dataclass(frozen=True, slots=True)
class Strip:
    """What is drawn. Raises ValueError for dates with gaps, too many of them, and words that do not fit them."""

    title: str
    days: tuple[StripDay, ...]
    first_weekday: int
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    legend: tuple[tuple[Sign, str], ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.days) <= MOST_DAYS:
            raise ValueError(f"a strip has 1 to {MOST_DAYS} days, not {len(self.days)}")
        if any(one.on + timedelta(days=1) != next_.on for one, next_ in zip(self.days, self.days[1:], strict=False)):
            raise ValueError("the days of a strip follow one another")
        if len(self.weekdays) != 7 or not 1 <= self.first_weekday <= 7:
            raise ValueError("a strip has seven weekdays, the first an ISO number")
        if len(self.months) != len(self.month_starts):
            raise ValueError(f"{len(self.month_starts)} months are shown, {len(self.months)} are named")
        if unnamed := [sign for sign in self.signs if sign not in dict(self.legend)]:
            raise ValueError(f"the legend has no words for {', '.join(unnamed)}")

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Those that occur, in the legend's order."""
        return tuple(sign for sign in Sign if any(sign in day.signs for day in self.days))

    @property
    def month_starts(self) -> tuple[date, ...]:
        """The first date shown of each month."""
        firsts: dict[tuple[int, int], date] = {}
        for day in self.days:
            firsts.setdefault((day.on.year, day.on.month), day.on)
        return tuple(firsts.values())

    @property
    def rows(self) -> int:
        """How many weeks are touched."""
        return self.place(self.days[-1].on)[0] + 1

    def place(self, on: date) -> tuple[int, int]:
        """(row, column) of a date, from 0."""
        lead = (self.days[0].on.isoweekday() - self.first_weekday) % 7
        return divmod(lead + (on - self.days[0].on).days, 7)

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store: the first date, and each day's signs in order."""
        return {
            "title": self.title,
            "first_on": self.days[0].on.isoformat(),
            "days": [sorted(day.signs) for day in self.days],
            "first_weekday": self.first_weekday,
            "weekdays": list(self.weekdays),
            "months": list(self.months),
            "legend": [list(named) for named in self.legend],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The strip as it was stored."""
        first_on = date.fromisoformat(value["first_on"])
        days = (
            StripDay(first_on + timedelta(days=n), frozenset(Sign(sign) for sign in signs))
            for n, signs in enumerate(value["days"])
        )
        legend = tuple((Sign(sign), words) for sign, words in value["legend"])
        weekdays, months = tuple(value["weekdays"]), tuple(value["months"])
        return cls(value["title"], tuple(days), value["first_weekday"], weekdays, months, legend)
