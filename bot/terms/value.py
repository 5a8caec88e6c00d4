"""The terms of a cohort as one value, kept as JSON until they are confirmed; and why typed ones cannot hold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from pydantic import TypeAdapter

from scheduler.calendar import Calendar, weekend_of
from storage.cohorts import Cohort

FIELDS = ("course", "name", "start", "deadline", "pace", "days", "reminders", "bar")  # in the order they are told
PACES, BARS, REMINDERS = range(1, 4), range(50, 101), range(4)
LONGEST_NAME = 60  # characters: it stands on buttons
HOME, HOME_ZONE = "BD", "Asia/Dhaka"


class Why(StrEnum):
    """Why terms cannot hold. The first six are those of typed dates."""

    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    REVERSED = "reversed"
    PAST = "past"
    TOO_LONG = "too-long"
    TOO_FAR = "too-far"
    NO_NAME = "no-name"
    LONG_NAME = "long-name"
    TAKEN = "taken"
    BEFORE_START = "before-start"
    AFTER_DEADLINE = "after-deadline"
    STARTED = "started"
    PACE = "pace-odd"
    BAR = "bar-odd"
    REMINDERS = "reminders-odd"
    DAYS = "days-odd"
    NO_COURSE = "no-course"
    HOME = "home-odd"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Which of the terms cannot hold, why, and the words or the value that are meant."""

    field: str
    why: Why
    typed: str = ""
    on: date | None = None  # the date that stands against it


@dataclass(frozen=True, slots=True)
class Terms:
    """`deadline_on` None: the course's weeks; `days` None: the working week of each place; `home` by ISO 3166."""

    course_id: str
    name: str
    start_on: date
    deadline_on: date | None = None
    pace: int = 1
    days: frozenset[int] | None = None
    reminders: int = REMINDERS[-1]
    bar: int = 80
    home: str = HOME

    @classmethod
    def of(cls, cohort: Cohort) -> Self:
        """As they stand for a cohort."""
        return cls(**{name: getattr(cohort, name) for name in cls.__slots__})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As they were kept."""
        return _STORED.validate_python(kept)  # type: ignore[return-value]  # there are no heirs

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        kept: dict[str, Any] = _STORED.dump_python(self, mode="json")
        return kept | {"days": None if self.days is None else sorted(self.days)}

    def columns(self) -> dict[str, Any]:
        """What of them may be changed, as the store names it."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "course_id"}

    def on(self, cohort: Cohort) -> Cohort:
        """The cohort as it would be."""
        return replace(cohort, **self.columns())


_STORED: TypeAdapter[Terms] = TypeAdapter(Terms)
COLUMN_OF = {"course": "course_id", "start": "start_on", "deadline": "deadline_on"}


def column_of(field: str) -> str:
    """The attribute of a field."""
    return COLUMN_OF.get(field, field)


def differences(old: Terms, new: Terms) -> tuple[str, ...]:
    """The fields that differ."""
    return tuple(each for each in (*FIELDS, "home") if getattr(old, column_of(each)) != getattr(new, column_of(each)))


def against(terms: Terms, old: Terms | None, today: date | None) -> Trouble | None:
    """Why they cannot hold together, if so. Dates that differ from `old` must not be over at `today`, where given."""
    for field in ("start", "deadline"):
        on: date | None = getattr(terms, column_of(field))
        stands = old is not None and on == getattr(old, column_of(field))
        if today is not None and on is not None and on < today and not stands:
            return Trouble(field, Why.PAST, on.isoformat())
    if terms.deadline_on is None or terms.deadline_on >= terms.start_on:
        return None
    if old is not None and old.deadline_on == terms.deadline_on:
        return Trouble("start", Why.AFTER_DEADLINE, terms.name, terms.deadline_on)
    return Trouble("deadline", Why.BEFORE_START, terms.name, terms.start_on)


def usual_start(today: date) -> date:
    """The next working day at home."""
    return Calendar(HOME_ZONE, weekend_of(HOME)).add_working(today, 1)
