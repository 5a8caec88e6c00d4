"""What the planner may say, and what is known once it is carried out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from lessons.course import LessonId, TaughtId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentState, MeasureKind
from scheduler.standing import OpenAsking, Standing


@dataclass(frozen=True, slots=True)
class GiveLesson:
    """Send the lesson and plan its day question; or offer the case that comes in the place of a lesson."""

    lesson: TaughtId
    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AskReview:
    """Ask about a lesson again."""

    lesson: LessonId
    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AskMeasure:
    """Offer the ten kept questions of a baseline or check."""

    kind: MeasureKind
    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AskRefresher:
    """Ask an alumna one question."""

    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Lapse:
    """A refresher was left alone for a fortnight: take it back."""

    asking: AskingId
    on: date


@dataclass(frozen=True, slots=True)
class AskRenewal:
    """A year has passed: ask whether refreshers are still wanted."""

    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Farewell:
    """Three refreshers, or the yearly question, were left alone: stop kindly."""

    on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Remind:
    """Send the nth reminder (1 to 3) about an asking; it serves the local date `on`."""

    asking: AskingId
    n: int
    due_at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class PauseKindly:
    """Three reminders went unanswered: pause, and say how to resume."""

    asking: AskingId
    due_at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class Settle:
    """The learner's midnight, or the next slot before it, passed (`at`) without a "sure" tap: taken as not sure."""

    asking: AskingId
    at: datetime


@dataclass(frozen=True, slots=True)
class End:
    """The deadline's midnight (`at`) passed: lessons stop, and from `due_at` on the learner is told once."""

    at: datetime
    due_at: datetime


Act = (
    GiveLesson
    | AskReview
    | AskMeasure
    | AskRefresher
    | Lapse
    | AskRenewal
    | Farewell
    | Remind
    | PauseKindly
    | Settle
    | End
)


def after(standing: Standing, acts: Iterable[Act]) -> Standing:
    """What will be known once the acts are carried out, as far as it matters at the same instant."""
    for act in acts:
        standing = _after_one(standing, act)
    return standing


def _after_one(standing: Standing, act: Act) -> Standing:
    match act:
        case Settle():
            chosen = [a.chosen_at for a in standing.open if a.id == act.asking and a.chosen_at]
            left = _without(standing, act.asking)
            return replace(standing, open=left, free_since_at=max(standing.free_since_at, *chosen))
        case GiveLesson():
            return replace(_asked(standing, AskingKind.DAY, act.on), last_lesson_on=act.on)
        case AskReview():
            left_over = tuple(review for review in standing.reviews if review.lesson != act.lesson)
            return replace(_asked(standing, AskingKind.REVIEW, act.on), reviews=left_over)
        case AskMeasure():
            left_due = tuple(due for due in standing.measures if due.kind is not act.kind)
            return replace(standing, measures=left_due, measured_on=act.on)
        case Remind():
            nudged = [replace(a, nudges=act.n, nudged_on=act.on) if a.id == act.asking else a for a in standing.open]
            return replace(standing, open=tuple(nudged), nudged_on=act.on)
        case PauseKindly():
            return replace(standing, state=EnrolmentState.PAUSED)
        case End():
            return replace(standing, state=EnrolmentState.ENDED)
        case AskRefresher() | Lapse() | AskRenewal() | Farewell():
            return _after_alumni(standing, act)
        case _:
            assert_never(act)


def _after_alumni(standing: Standing, act: AskRefresher | Lapse | AskRenewal | Farewell) -> Standing:
    match act:
        case AskRefresher():
            return _asked(standing, AskingKind.REFRESHER, act.on)
        case Lapse():
            left = _without(standing, act.asking)
            return replace(standing, open=left, silences=standing.silences + 1, refresher_on=act.on)
        case AskRenewal():
            return replace(standing, renewal_on=act.on)
        case Farewell():
            return replace(standing, refresher_on=None)
        case _:
            assert_never(act)


def _without(standing: Standing, asking: AskingId) -> tuple[OpenAsking, ...]:
    return tuple(a for a in standing.open if a.id != asking)


def _asked(standing: Standing, kind: AskingKind, on: date) -> Standing:
    asking = OpenAsking(AskingId(0), kind, AskingState.PLANNED, None, None, 0, None)  # no id yet: it is planned
    return replace(standing, open=(*standing.open, asking), asked_on=(*standing.asked_on, on))
