"""When each schedule asks, for many learners at once: rules that look at answers, and fixed plans that do not.

A rule fills the days as the planner does (`scheduler/planner.py`, `_wanted`): one lesson with its question and one
repeat a working day, a second repeat in the lesson's place when more than ten are overdue, two repeats once lessons
have ended. Asking goes on until the term ends; nobody completes early.

Equal numbers: a budget is what each learner is asked, the lessons' own questions included. Repeats never eat what
lessons still need, and all lessons are given by the end. A rule that has nothing left to ask before the end spends the
rest on what was longest unseen, one a working day (two where one would not do); one that wants more is cut off. Nobody
is asked more than twice a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import numpy as np
from fsrs import Card, Rating, Scheduler

from scheduler.spacing import Ladder, Rung, climb
from tests.bench.learners import Minds
from tests.bench.memories import Bools, Ints

MONDAY = date(2027, 1, 4)
NEVER = 10**6


@dataclass(frozen=True, slots=True)
class Term:
    """From day 0, a Monday, to the last day; weeks of five working days."""

    weeks: int = 20
    questions_a_day: int = 2
    overdue_before_new: int = 10

    @property
    def last_day(self) -> int:
        """The day that ends the course."""
        return self.weeks * 7 - 1

    def without_waiting(self) -> "Term":
        """The same, but lessons never wait for repeats; FSRS, which asks again the next day, does better by this."""
        return replace(self, overdue_before_new=NEVER)

    def working_days(self) -> Iterator[int]:
        """Days 0 to the last, without weekends."""
        return (day for day in range(self.last_day + 1) if day % 7 < 5)


class Rule(Protocol):
    """Says when an objective comes again."""

    def after(self, rows: Ints, columns: Ints, day: int, correct: Bools, sure: Bools) -> Ints:
        """Days on which these objectives come again for these learners after today's answers; NEVER if not at all."""


class Climbing:
    """Our ladder: `climb`, with any ladder's numbers."""

    def __init__(self, ladder: Ladder | None = None) -> None:
        self._ladder = ladder or Ladder()
        self._rungs: dict[tuple[int, int], Rung] = {}

    def after(self, rows: Ints, columns: Ints, day: int, correct: Bools, sure: Bools) -> Ints:
        """As `Rule` has it."""
        days = []
        for row, column, right, certain in zip(*_plain(rows, columns, correct, sure), strict=True):
            rung = self._rungs.get((row, column), Rung())
            on = MONDAY + timedelta(days=day)
            rung = climb(rung, correct=bool(right), sure=bool(certain), on=on, ladder=self._ladder)
            self._rungs[row, column] = rung
            days.append((rung.due_on - MONDAY).days if rung.due_on else NEVER)
        return np.array(days, np.int64)


class Qstream:
    """Wrong 12 days, right 24 days, retired when right twice in a row, sure or not (Kerfoot and Baker 2012)."""

    def __init__(self) -> None:
        self._ladder = Climbing(Ladder(right_days=24, unsure_days=12, sure_wrong_days=12))

    def after(self, rows: Ints, columns: Ints, day: int, correct: Bools, sure: Bools) -> Ints:
        """As `Rule` has it."""
        return self._ladder.after(rows, columns, day, correct, np.ones_like(sure))


@dataclass(slots=True)
class Fsrs:
    """FSRS 6, default weights, whole days only: wrong is Again, right but not sure Hard, right and sure Good."""

    retention: float = 0.9
    _cards: dict[tuple[int, int], Card] = field(default_factory=dict)

    def after(self, rows: Ints, columns: Ints, day: int, correct: Bools, sure: Bools) -> Ints:
        """As `Rule` has it."""
        scheduler = Scheduler(
            desired_retention=self.retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
        )
        at = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) + timedelta(days=day)
        days = []
        for row, column, right, certain in zip(*_plain(rows, columns, correct, sure), strict=True):
            card = self._cards.get((row, column)) or Card(card_id=1)  # without an id it waits a millisecond for one
            rating = Rating.Again if not right else Rating.Good if certain else Rating.Hard
            card, _ = scheduler.review_card(card, rating, at)
            self._cards[row, column] = card
            days.append(day + (card.due - at).days)
        return np.array(days, np.int64)


def _plain(*arrays: Ints | Bools) -> tuple[list[int], ...]:
    return tuple(array.tolist() for array in arrays)


def by_rule(minds: Minds, rule: Rule, term: Term, budget: Ints | None = None) -> None:
    """Teach and ask everybody by that rule until the term ends; without a budget exactly as the planner would."""
    _Days(minds, rule, term, budget).run()


class _Days:
    """A term day by day. `due` holds the day on which each objective comes again."""

    def __init__(self, minds: Minds, rule: Rule, term: Term, budget: Ints | None) -> None:
        self._minds, self._rule, self._term = minds, rule, term
        self._equal = budget is not None
        self._learners, self._objectives = minds.asked.shape
        self._left = np.full(self._learners, NEVER) if budget is None else budget.copy()
        self._due = np.full(minds.asked.shape, NEVER)
        self._given = np.zeros(self._learners, np.int64)

    def run(self) -> None:
        days = list(self._term.working_days())
        for n, day in enumerate(days):
            today = np.zeros(self._learners, np.int64)
            new = self._lessons(day, len(days) - n)
            today += new
            self._repeats(day, today, new)
            if self._equal:
                self._longest_unseen(day, today, len(days) - n - 1)

    def _lessons(self, day: int, days_left: int) -> Bools:
        overdue = (self._due < day).sum(axis=1)
        lessons_left = self._objectives - self._given
        may_come = (overdue <= self._term.overdue_before_new) | (self._equal & (lessons_left >= days_left))
        new: Bools = (lessons_left > 0) & may_come
        rows = np.flatnonzero(new)
        self._minds.read(rows, self._given[rows], day)
        self._ask(rows, self._given[rows], day)
        self._given[rows] += 1
        return new

    def _repeats(self, day: int, today: Ints, new: Bools) -> None:
        room = np.where(new, 1, self._term.questions_a_day)
        for n in range(self._term.questions_a_day):
            spare = self._left > self._objectives - self._given
            rows = np.flatnonzero((n < room) & spare & (self._due.min(axis=1) <= day))
            self._ask(rows, self._due[rows].argmin(axis=1), day)
            today[rows] += 1

    def _longest_unseen(self, day: int, today: Ints, days_after: int) -> None:
        idle = (self._given == self._objectives) & (self._due.min(axis=1) > self._term.last_day)
        for _ in range(self._term.questions_a_day):
            last_chance = self._left > self._term.questions_a_day * days_after
            calm = idle & ((today == 0) | (self._left > days_after))
            spare = (self._left > self._objectives - self._given) & (self._given > 0)
            rows = np.flatnonzero((today < self._term.questions_a_day) & spare & (last_chance | calm))
            seen = np.where(self._minds.seen_on[rows] < 0, NEVER, self._minds.seen_on[rows])
            self._ask(rows, seen.argmin(axis=1), day)
            today[rows] += 1

    def _ask(self, rows: Ints, columns: Ints, day: int) -> None:
        if not rows.size:
            return
        correct, sure = self._minds.answer(rows, columns, day)
        self._due[rows, columns] = self._rule.after(rows, columns, day, correct, sure)
        self._left[rows] -= 1


def by_plan(minds: Minds, term: Term, budget: Ints, *, massed: bool) -> None:
    """A lesson a working day; its repeats right after it, or one on each working day that follows.

    The budget is shared evenly over objectives, the remainder evenly along the lessons. Neither plan can keep to two
    questions a day, and neither has to.
    """
    objectives = minds.asked.shape[1]
    spare = budget - objectives
    marks = np.arange(objectives + 1) * spare[:, None] // objectives
    repeats = np.diff(marks, axis=1)
    days = list(term.working_days())
    for lesson in range(objectives + (0 if massed else int(repeats.max()))):
        if lesson < objectives:
            everyone = np.arange(minds.asked.shape[0])
            column = np.full_like(everyone, lesson)
            minds.read(everyone, column, days[lesson])
            minds.answer(everyone, column, days[lesson])
        for n in range(1, int(repeats.max()) + 1):
            column_n = lesson if massed else lesson - n
            if 0 <= column_n < objectives:
                rows = np.flatnonzero(repeats[:, column_n] >= n)
                minds.answer(rows, np.full_like(rows, column_n), days[lesson])
