"""What a day's study can come to, as values that the view words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.alumni import Novelty
from bot.completion import Completion
from bot.seat import Seat
from lessons.course import Lesson, Question
from lessons.simulation import Simulation
from scheduler.spacing import Rung
from storage.askings import Asking


class Refusal(StrEnum):
    """Why there is nothing to do; a value that the view words."""

    NOT_YOURS = "not-yours"
    LESSON_GONE = "lesson-gone"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended"
    PUT_AWAY = "put-away"
    NOT_ALUMNA = "not-alumna"
    NOT_ALUMNA_ENDED = "not-alumna-ended"
    NO_REFRESHER = "no-refresher"
    DONE_TODAY = "done-today"
    FULL = "full"
    NOTHING_DUE = "nothing-due"
    OPENED_ALREADY = "opened-already"
    NO_SUCH_CHOICE = "no-such-choice"
    REPORTED_ALREADY = "reported-already"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LessonShown:
    """A lesson to read, with the asking behind its button."""

    seat: Seat
    lesson: Lesson
    asking: Asking


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case to decide in the place of a lesson."""

    seat: Seat
    simulation: Simulation
    asking: Asking

    @property
    def number(self) -> int:
        """Its number in the course, which its buttons carry."""
        return self.seat.course.simulations.index(self.simulation)


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question as this asking puts it; `novelty` of a refresher that is not as it was learnt."""

    seat: Seat
    lesson: Lesson
    asking: Asking
    question: Question
    novelty: Novelty | None = None


@dataclass(frozen=True, slots=True)
class FeedbackShown:
    """A settled answer: verdict, why, and what comes next. `unplayed`: number of a case that an alumna may decide."""

    seat: Seat
    lesson: Lesson
    asking: Asking
    question: Question
    rung: Rung
    returns_at: datetime | None
    next_at: datetime | None
    now: datetime
    next_is_case: bool = False
    completed: Completion | None = None
    unplayed: int | None = None


Shown = LessonShown | CaseShown | QuestionShown | FeedbackShown | Refused
