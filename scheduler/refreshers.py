"""Which question an alumna is asked again, and when: one a fortnight, what is nearest to being forgotten first.

The forgetting curve is FSRS-6 with its default weights (the `fsrs` library), at the retention that DESIGN sets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fsrs import Card, Rating, Scheduler

from lessons.course import LessonId
from scheduler.errors import SchedulerError

FORTNIGHT = timedelta(days=14)
LONGEST_GAP = 120  # days
RETENTION = 0.85

_NOON = time(12, tzinfo=UTC)  # any one hour does: only whole days between answers count
_FSRS = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),  # no second asking within minutes
    relearning_steps=(),
    maximum_interval=LONGEST_GAP,
    enable_fuzzing=False,  # its dice
)


@dataclass(frozen=True, slots=True)
class Recalled:
    """An answer to a question of the objective, on that local date."""

    on: date
    correct: bool
    sure: bool

    @property
    def rating(self) -> Rating:
        """Wrong is again, right but not sure is hard, right and sure is good; one tap does not tell what was easy."""
        if not self.correct:
            return Rating.Again
        return Rating.Good if self.sure else Rating.Hard


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesson whose objective may be asked: its answers so far, and whether it has changed since the last of them."""

    lesson: LessonId
    history: tuple[Recalled, ...]
    changed: bool = False

    @property
    def fresh(self) -> bool:
        """New or changed: to be asked once before all that is known."""
        return self.changed or not self.history


def due_on(history: Sequence[Recalled]) -> date:
    """The local date on which the objective is as likely to be forgotten as the retention allows.

    1 to 120 days after the last answer. Raises SchedulerError for an objective that was never answered.
    """
    if not history:
        raise SchedulerError("an objective that was never answered is not due on a date; ask it as a new one")
    return _card(history).due.date()


def recall(history: Sequence[Recalled], on: date) -> float:
    """How likely the objective is recalled on that local date, 0 to 1; 0 when it was never answered."""
    return _FSRS.get_card_retrievability(_card(history), datetime.combine(on, _NOON))


def choose(candidates: Sequence[Candidate], *, on: date) -> LessonId | None:
    """The lesson to ask on that local date: a fresh one, else of those due the least recalled, else None.

    The smaller id when two are alike. A changed lesson stays fresh until the caller says that it was asked.
    """
    fresh = [candidate.lesson for candidate in candidates if candidate.fresh]
    if fresh:
        return min(fresh)
    due = [(recall(known.history, on), known.lesson) for known in candidates if due_on(known.history) <= on]
    return min(due)[1] if due else None


def next_on(candidates: Sequence[Candidate], *, last_on: date) -> date | None:
    """The first local date, a fortnight or more after the last refresher, on which there is one to choose.

    None when there are no candidates.
    """
    soonest = last_on + FORTNIGHT
    if any(candidate.fresh for candidate in candidates):
        return soonest
    return max(soonest, min(due_on(known.history) for known in candidates)) if candidates else None


def _card(history: Sequence[Recalled]) -> Card:
    """What FSRS makes of the answers in the order of their dates; answers of one date stay in the order given."""
    card = Card(card_id=0, due=datetime.combine(date.min, _NOON))  # without these it would read the clock
    for answer in sorted(history, key=lambda answer: answer.on):
        card, _ = _FSRS.review_card(card, answer.rating, datetime.combine(answer.on, _NOON))
    return card
