"""Baseline and checks: which kept questions each is made of, what came of them, and what a cohort may be told of it.

Three forms, so that nobody meets a question twice. Each takes equally many questions of each module: what differs
between a baseline and a check is then what was learnt, not what was asked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

from lessons.course import Course, ModuleId, QuestionId, Role
from lessons.enrolment import MeasureKind

QUESTIONS = 10  # of one form
FORMS = 3
FEWEST_PEOPLE = 5  # figures of fewer tell about persons, so they are not shown (DESIGN 7)

Form = tuple[QuestionId, ...]
_T = TypeVar("_T")


def forms(course: Course) -> tuple[Form, Form, Form]:
    """Three disjoint forms of ten kept questions in teaching order; of fewer, equally many, in a course with under 30.

    Modules take turns to give one question to each form; what is left of them is shared out at the end. Later lessons
    take later turns, so a lesson added at the end changes little.
    """
    kept = [[q.id for le in module.lessons for q in le.questions if q.role is Role.KEPT] for module in course.modules]
    whole = [_by_three(ids) for ids in kept]
    left = [ids[len(triples) * FORMS :] for ids, triples in zip(kept, whole, strict=True)]
    chosen = [*_in_turn(whole), *_by_three(list(_in_turn(left)))][:QUESTIONS]
    order = [question for ids in kept for question in ids]
    first, second, third = (tuple(sorted((three[n] for three in chosen), key=order.index)) for n in range(FORMS))
    return first, second, third


def form_for(kind: MeasureKind, seat_number: int) -> int:
    """Which form (0-2) the person at that seat of a cohort (0, 1, 2…) meets in that measure: a Latin square.

    Of any three neighbours each meets another form in the same measure, and nobody meets one twice.
    """
    return (seat_number + list(MeasureKind).index(kind)) % FORMS


def _by_three(ids: Sequence[QuestionId]) -> list[Sequence[QuestionId]]:
    return [ids[n : n + FORMS] for n in range(0, len(ids) - FORMS + 1, FORMS)]


def _in_turn(rows: Iterable[Iterable[_T]]) -> Iterator[_T]:
    """The first of each row, then the second of each that has one, and so on."""
    return (each for turn in zip_longest(*rows) for each in turn if each is not None)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a kept question, as recorded."""

    question: QuestionId
    correct: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How many answers were right, of how many."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        """0 to 1; 0 when nothing was asked."""
        return self.right / self.asked if self.asked else 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.asked + other.asked)


NOTHING = Score(0, 0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether people know what they know: answers by sure and right. None where too few people stand behind it."""

    sure_right: int | None
    sure_wrong: int | None
    unsure_right: int | None
    unsure_wrong: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one person's measure: in all, by module, and how sure she was."""

    score: Score
    modules: Mapping[ModuleId, Score]
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Pooled:
    """What came of a measure for a cohort. None where fewer than five people stand behind a figure."""

    people: int
    score: Score | None
    modules: Mapping[ModuleId, Score | None]
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Gain:
    """Later share less earlier share, -1 to 1; None where either is not known. Modules that both measures asked."""

    in_all: float | None
    modules: Mapping[ModuleId, float | None]


def result(course: Course, answers: Sequence[Answered]) -> Result:
    """What those answers of one person to one form come to.

    A question that the course no longer has does not count. Modules stand in teaching order, those that were asked.
    """
    modules: dict[ModuleId, Score] = {}
    by_question = {answer.question: answer for answer in answers}
    counted: list[Answered] = []
    for module in course.modules:
        of_it = [by_question[q.id] for le in module.lessons for q in le.questions if q.id in by_question]
        if of_it:
            modules[module.id] = Score(sum(answer.correct for answer in of_it), len(of_it))
            counted += of_it
    cells = Counter((answer.sure, answer.correct) for answer in counted)
    calibration = Calibration(cells[True, True], cells[True, False], cells[False, True], cells[False, False])
    return Result(sum(modules.values(), NOTHING), modules, calibration)


def gain(baseline: Result | Pooled, later: Result | Pooled) -> Gain:
    """How much more was right later, in all and by module. Compare pooled results of the same people only."""
    return Gain(
        _gained(baseline.score, later.score),
        {m: _gained(baseline.modules[m], later.modules[m]) for m in baseline.modules if m in later.modules},
    )


def _gained(before: Score | None, after: Score | None) -> float | None:
    if before is None or after is None or not (before.asked and after.asked):
        return None
    return after.share - before.share


def pooled(results: Sequence[Result]) -> Pooled:
    """The results of a cohort's people in one measure, one each, as they may be shown.

    A figure from fewer than five people is None, and so is what would let one work it out from the totals.
    """
    people = [one for one in results if one.score.asked]
    asked: dict[ModuleId, set[int]] = {}
    for n, one in enumerate(people):
        for module in one.modules:
            asked.setdefault(module, set()).add(n)
    hidden = _hidden(asked)
    totals = {module: sum((people[n].modules[module] for n in who), NOTHING) for module, who in asked.items()}
    return Pooled(
        people=len(people),
        score=sum((one.score for one in people), NOTHING) if len(people) >= FEWEST_PEOPLE else None,
        modules={module: None if module in hidden else total for module, total in totals.items()},
        calibration=_pooled_calibration([one.calibration for one in people]),
    )


def _hidden(asked: Mapping[ModuleId, set[int]]) -> set[ModuleId]:
    """Modules of fewer than five people, and as many more as it takes: total less shown modules is the hidden ones."""
    hidden = {module for module, who in asked.items() if len(who) < FEWEST_PEOPLE}
    shown = sorted(asked.keys() - hidden, key=lambda module: (len(asked[module]), module))
    for module in shown:
        if not hidden or len(set[int]().union(*(asked[each] for each in hidden))) >= FEWEST_PEOPLE:
            break
        hidden.add(module)
    return hidden


def _pooled_calibration(people: Sequence[Calibration]) -> Calibration:
    """Each count needs five people in it. Right answers are known in all, so one hidden count of them hides both."""

    def total(counts: Sequence[int | None], sisters: Sequence[int | None]) -> int | None:
        behind = min(sum(map(bool, counts)), sum(map(bool, sisters)))
        return sum(count or 0 for count in counts) if behind >= FEWEST_PEOPLE else None

    sure_right, unsure_right = [one.sure_right for one in people], [one.unsure_right for one in people]
    sure_wrong, unsure_wrong = [one.sure_wrong for one in people], [one.unsure_wrong for one in people]
    return Calibration(
        sure_right=total(sure_right, unsure_right),
        sure_wrong=total(sure_wrong, unsure_wrong),
        unsure_right=total(unsure_right, sure_right),
        unsure_wrong=total(unsure_wrong, sure_wrong),
    )
