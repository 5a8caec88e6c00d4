"""What the planner knows of an enrolment."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from lessons.course import Cadence, LessonId, TaughtId
from lessons.enrolment import NEW, AskingId, AskingKind, AskingState, EnrolmentId, EnrolmentState, MeasureKind
from scheduler.calendar import Calendar
from scheduler.quiet_hours import QuietHours
from scheduler.reminders import MOST_REMINDERS, WorkingHours


@dataclass(frozen=True, slots=True)
class OpenAsking:
    """An asking that is planned, put or chosen; `nudged_on` is the local date of its last nudge."""

    id: AskingId
    kind: AskingKind
    state: AskingState
    put_at: datetime | None
    chosen_at: datetime | None
    nudges: int
    nudged_on: date | None


@dataclass(frozen=True, slots=True)
class DueReview:
    """A lesson whose objective is to be asked again from that local date on."""

    lesson: LessonId
    due_on: date


@dataclass(frozen=True, slots=True)
class DueMeasure:
    """A baseline or check that has not been sent, and the local date from which it may be."""

    kind: MeasureKind
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the planner knows of an enrolment.

    `next_lesson`: a lesson, or the case that comes in its place. `free_since_at`: only slots after it count.
    `asked_on`: local dates of the askings of at least the last three weeks. `reviews`: of lessons without an open
    asking. `nudged_on`: local date of the last nudge about any asking, closed ones included. `seen_at`: when the
    learner last did anything. `pace`: a lesson at most every so many working days. `reminders`: about one question, at
    most. `deadline_on`: the last local date on which anything may come before completion. `refresher_on`: None when
    none is wanted; `silences`: refreshers left alone one after the other; `renewal_on`: when the yearly consent was
    asked for.
    """

    enrolment: EnrolmentId
    state: EnrolmentState
    calendar: Calendar
    slot: time
    quiet: QuietHours
    first_on: date
    free_since_at: datetime
    next_lesson: TaughtId | None
    last_lesson_on: date | None
    asked_on: tuple[date, ...]
    open: tuple[OpenAsking, ...]
    reviews: tuple[DueReview, ...]
    refresher_on: date | None
    cadence: Cadence = field(default_factory=Cadence)
    hours: WorkingHours = field(default_factory=WorkingHours)
    nudged_on: date | None = None
    seen_at: datetime | None = None
    pace: int = 1
    reminders: int = MOST_REMINDERS
    deadline_on: date | None = None
    measures: tuple[DueMeasure, ...] = ()
    measured_on: date | None = None
    silences: int = 0
    consent_until_on: date | None = None
    renewal_on: date | None = None

    def has_open(self, kind: AskingKind) -> bool:
        """Whether an asking of that kind is open."""
        return any(asking.kind is kind for asking in self.open)

    @property
    def new_is_open(self) -> bool:
        """Whether a lesson or case is open: no other comes before it is answered."""
        return any(asking.kind in NEW for asking in self.open)

    @property
    def last_nudge_on(self) -> date | None:
        """The local date of the last nudge about any asking: there is never a second one on it."""
        known = (self.nudged_on, *(asking.nudged_on for asking in self.open))
        return max((on for on in known if on is not None), default=None)
