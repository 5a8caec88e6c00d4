"""What an offer, a tap or a look at the results comes to, as values that the view words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.seat import Seat, Waiting
from lessons.course import Course, Question
from lessons.enrolment import EnrolmentState, MeasureKind
from lessons.measures import Pooled, Result
from storage.askings import Asking
from storage.cohorts import Cohort
from storage.measures import Measure

OVER = (EnrolmentState.COMPLETED, EnrolmentState.ENDED)


class Refusal(StrEnum):
    """Why there is nothing to do; a value that the view words."""

    NOT_YOURS = "not-yours"
    TOO_LATE = "too-late"
    NO_SUCH_CHOICE = "no-such-choice"
    NOTHING_LEFT = "nothing-left"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Offered:
    """A baseline or check of so many questions; `silent` beside something that rings."""

    seat: Seat
    kind: MeasureKind
    questions: int
    silent: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A question of it, the `number`th of so many; chosen once a choice stands."""

    asking: Asking
    question: Question
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Declined:
    """Not wanted; it is not offered again."""

    kind: MeasureKind


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of it and of those before, in their order; and what comes next."""

    seat: Seat
    kind: MeasureKind
    results: Mapping[MeasureKind, Result]
    waiting: Waiting | None
    next_at: datetime | None
    next_check_on: date | None
    now: datetime


Outcome = Shown | Declined | Finished | Refused


@dataclass(frozen=True, slots=True)
class Sitting:
    """One measure of a seat, beside all of them."""

    seat: Seat
    measure: Measure
    every: Mapping[MeasureKind, Measure]

    @property
    def closed(self) -> bool:
        """Whether it would no longer measure what it is for: the course is over, or a later one was begun."""
        order = list(MeasureKind)
        later = (self.every.get(kind) for kind in order[order.index(self.measure.kind) + 1 :])
        taught = self.measure.kind is MeasureKind.BASELINE and self.seat.enrolment.state in OVER
        return taught or any(each is not None and each.begun_at is not None for each in later)


@dataclass(frozen=True, slots=True)
class Own:
    """A learner's own results, and the measure that waits to be begun or finished."""

    seat: Seat
    results: Mapping[MeasureKind, Result]
    waiting: Measure | None
    next_on: date | None  # of the next check


@dataclass(frozen=True, slots=True)
class Pair:
    """The same people at the start and in a later check."""

    before: Pooled
    after: Pooled


@dataclass(frozen=True, slots=True)
class Totals:
    """A cohort's figures as they may be shown.

    `done`: how many people finished each. `start`: everybody's baseline. What would let one work out the answers of
    fewer than five people from the rest is left out of `start` (None) and `pairs`.
    """

    cohort: Cohort
    course: Course
    done: Mapping[MeasureKind, int]
    start: Pooled | None
    pairs: Mapping[MeasureKind, Pair]
