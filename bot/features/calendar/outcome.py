"""What a coordinator is answered about the calendar, as values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from bot.circumstances import Circumstances
from bot.features.calendar import changes
from bot.features.calendar.changes import Change, Misread
from lessons.enrolment import CohortId
from scheduler.spans import Span
from storage.calendars import OwnDays
from storage.cohorts import Cohort
from storage.rolls import CrisisThere


@dataclass(frozen=True, slots=True)
class Draft:
    """A change and the cohort it is for; None for a crisis week or an extension."""

    cohort: CohortId | None
    change: Change

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {"cohort": self.cohort, "change": changes.as_json(self.change)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The draft as it was stored."""
        return cls(kept["cohort"], changes.from_json(kept["change"]))


@dataclass(frozen=True, slots=True)
class Holidays:
    """A public holiday, the countries that keep it on these dates, and how many people of the cohort it frees."""

    name: str
    span: Span
    estimated: bool
    countries: tuple[str, ...]
    people: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A cohort's calendar. `holidays` up to `until`; `away`: kind of leave to how many today."""

    cohort: Cohort
    weeks: int
    own_days: OwnDays
    holidays: tuple[Holidays, ...]
    until: date
    away: Counter[str]
    crises: Sequence[CrisisThere]


@dataclass(frozen=True, slots=True)
class WhichCalendar:
    """Several cohorts: whose calendar is shown?"""

    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class WhichDraft:
    """What was typed fits several cohorts, learners or places: which one is meant?"""

    about: str  # cohort, learner or place
    n: int  # the draft's number, which its buttons carry
    labels: tuple[str, ...]
    unknown: bool = False  # none fits; these come near


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to one person; the next send is None when nothing comes by itself.

    `then`: the slots from the changed date on, before and after, where the next send comes earlier and stays.
    """

    before: Circumstances
    after: Circumstances
    sends: tuple[datetime | None, datetime | None]
    open: bool  # a lesson waits for an answer
    then: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Foresight:
    """Whom a change concerns. `looked`: how many of `total` were looked at; the counts are of those."""

    total: int
    looked: int
    affected: int
    shown: tuple[Effect, ...]
    deadlines: tuple[date, date] | None  # the earliest and latest new one, if any moves
    unreachable: tuple[str, ...]
    over: tuple[str, ...]
    beside: int = 0  # people elsewhere in the country of a crisis


@dataclass(frozen=True, slots=True)
class Preview:
    """What would follow, before anything is done."""

    n: int
    draft: Draft
    subject: str  # the cohort's or the learner's name
    seen: Foresight


@dataclass(frozen=True, slots=True)
class Done:
    """It is done: how many it affects and how many will be told."""

    draft: Draft
    subject: str
    affected: int
    told: int


@dataclass(frozen=True, slots=True)
class Left:
    """Nothing has changed. `enrolment`: whom it would have concerned, where that is one person."""

    enrolment: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The preview is no longer open: done, left, or another came after it."""


@dataclass(frozen=True, slots=True)
class NoCohort:
    """There is no cohort yet."""


Outcome = Overview | WhichCalendar | WhichDraft | Preview | Done | Left | Closed | NoCohort | Misread
