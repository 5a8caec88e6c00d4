"""What the planner knows of an enrolment, what it may say, and what is known once it is carried out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import assert_never

from lessons.course import Cadence, LessonId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentId, EnrolmentState
from scheduler.calendar import Calendar
from scheduler.quiet_hours import QuietHours
from scheduler.reminders import WorkingHours


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
class Standing:
    """Everything the planner knows of an enrolment.

    `free_since_at`: only slots after it count. `asked_on`: local dates of the askings of at least the last week.
    `reviews`: of lessons without an open asking. `nudged_on`: local date of the last nudge about any asking, closed
    ones included.
    """

    enrolment: EnrolmentId
    state: EnrolmentState
    calendar: Calendar
    slot: time
    quiet: QuietHours
    first_on: date
    free_since_at: datetime
    next_lesson: LessonId | None
    last_lesson_on: date | None
    asked_on: tuple[date, ...]
    open: tuple[OpenAsking, ...]
    reviews: tuple[DueReview, ...]
    refresher_on: date | None
    cadence: Cadence = field(default_factory=Cadence)
    hours: WorkingHours = field(default_factory=WorkingHours)
    nudged_on: date | None = None

    def has_open(self, kind: AskingKind) -> bool:
        """Whether an asking of that kind is open."""
        return any(asking.kind is kind for asking in self.open)

    @property
    def last_nudge_on(self) -> date | None:
        """The local date of the last nudge about any asking: there is never a second one on it."""
        known = (self.nudged_on, *(asking.nudged_on for asking in self.open))
        return max((on for on in known if on is not None), default=None)


@dataclass(frozen=True, slots=True)
class GiveLesson:
    """Send the lesson and plan its day question."""

    lesson: LessonId
    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AskReview:
    """Ask about a lesson again."""

    lesson: LessonId
    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AskRefresher:
    """Ask an alumna one question."""

    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Remind:
    """Send the nth reminder (1 to 3) about an asking."""

    asking: AskingId
    n: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class PauseKindly:
    """Three reminders went unanswered: pause, and say how to resume."""

    asking: AskingId
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Settle:
    """The learner's midnight (`at`) passed without a "sure" tap: taken as not sure."""

    asking: AskingId
    at: datetime


Act = GiveLesson | AskReview | AskRefresher | Remind | PauseKindly | Settle


def after(standing: Standing, acts: Iterable[Act]) -> Standing:
    """What will be known once the acts are carried out, as far as it matters at the same instant."""
    for act in acts:
        standing = _after_one(standing, act)
    return standing


def _after_one(standing: Standing, act: Act) -> Standing:
    match act:
        case Settle():
            chosen = [a.chosen_at for a in standing.open if a.id == act.asking and a.chosen_at]
            left = tuple(a for a in standing.open if a.id != act.asking)
            return replace(standing, open=left, free_since_at=max(standing.free_since_at, *chosen))
        case GiveLesson():
            return replace(_asked(standing, AskingKind.DAY, act.on), last_lesson_on=act.on)
        case AskReview():
            left_over = tuple(review for review in standing.reviews if review.lesson != act.lesson)
            return replace(_asked(standing, AskingKind.REVIEW, act.on), reviews=left_over)
        case AskRefresher():
            return _asked(standing, AskingKind.REFRESHER, act.on)
        case Remind():
            on = standing.calendar.day(act.due_at)
            nudged = [replace(a, nudges=act.n, nudged_on=on) if a.id == act.asking else a for a in standing.open]
            return replace(standing, open=tuple(nudged), nudged_on=on)
        case PauseKindly():
            return replace(standing, state=EnrolmentState.PAUSED)
        case _:
            assert_never(act)


def _asked(standing: Standing, kind: AskingKind, on: date) -> Standing:
    asking = OpenAsking(AskingId(0), kind, AskingState.PLANNED, None, None, 0, None)  # no id yet: it is planned
    return replace(standing, open=(*standing.open, asking), asked_on=(*standing.asked_on, on))
