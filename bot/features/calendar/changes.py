"""A change of the calendar as a value, kept as JSON until it is confirmed; and why what was typed is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from scheduler.calendar import ShortDays
from scheduler.places import Place
from scheduler.spans import Span


@dataclass(frozen=True, slots=True)
class Deadline:
    """The cohort's last date; None: the course's number of weeks after each first lesson."""

    on: date | None
    verb: Literal["deadline"] = "deadline"


@dataclass(frozen=True, slots=True)
class Start:
    """The cohort's first date."""

    on: date
    verb: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class Ramadan:
    """Dates of shorter office hours; None: there are none."""

    short: ShortDays | None
    verb: Literal["ramadan"] = "ramadan"


@dataclass(frozen=True, slots=True)
class Day:
    """One date off, or worked whatever the holidays say."""

    on: date
    verb: Literal["off", "on"]


@dataclass(frozen=True, slots=True)
class Pace:
    """A lesson every so many working days."""

    n: int
    verb: Literal["pace"] = "pace"


@dataclass(frozen=True, slots=True)
class Bar:
    """Per cent of objectives mastered that completes."""

    n: int
    verb: Literal["bar"] = "bar"


@dataclass(frozen=True, slots=True)
class Crisis:
    """Nothing comes to anybody posted there on these dates, whatever their cohort."""

    place: Place
    whole_country: bool
    span: Span
    verb: Literal["crisis"] = "crisis"


@dataclass(frozen=True, slots=True)
class Extension:
    """More days for one enrolment, and why."""

    enrolment: int
    days: int
    reason: str
    granted: int | None = None  # days that were granted before, as the preview knew it
    verb: Literal["extend"] = "extend"


OfCohort = Deadline | Start | Ramadan | Day | Pace | Bar
Change = OfCohort | Crisis | Extension
_STORED: TypeAdapter[Change] = TypeAdapter(Annotated[Change, Field(discriminator="verb")])


def as_json(change: Change) -> dict[str, Any]:
    """Plain values for the store."""
    kept: dict[str, Any] = _STORED.dump_python(change, mode="json")
    return kept


def from_json(kept: Mapping[str, Any]) -> Change:
    """The change as it was stored."""
    return _STORED.validate_python(kept)


class Why(StrEnum):
    """Why a typed change cannot be made. The first six are those of typed dates."""

    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    REVERSED = "reversed"
    PAST = "past"
    TOO_LONG = "too-long"
    TOO_FAR = "too-far"
    NO_DATE = "no-date"
    VERB = "verb"
    COHORT = "cohort"
    NO_COHORT = "no-cohort"
    NO_HOURS = "no-hours"
    WINDOW = "window"
    HOURS = "hours"
    PACE = "pace-odd"
    BAR = "bar-odd"
    EXTEND = "extend"
    NO_REASON = "no-reason"
    LONG_REASON = "long-reason"
    DAYS = "days"
    NOBODY = "nobody"
    CRISIS = "crisis"
    NO_PLACE = "no-place"
    BEFORE_START = "before-start"
    AFTER_DEADLINE = "after-deadline"
    STARTED = "started"
    COMPLETED = "completed"
    TOO_SHORT = "too-short"
    SAME = "same"
    OVERTAKEN = "overtaken"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Misread:
    """Why it cannot be made, which words are meant, and the verb whose example mends it (None: all of them)."""

    why: Why
    typed: str = ""
    verb: str | None = None
