"""What can be counted over a whole course, and where the counts say that guessing pays."""

import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lessons.course import Choice, Course, Kind, Question
from lessons.grading import shown_order
from lessons.lints import reading

LEAST_SHARE_OF_CASES = 0.5
MOST_SHARE_OF_LONGEST_KEYS = 0.4
EVEN = (0.30, 0.37)  # share of a position of the key among three, as shown
ENROLMENTS = 250
ASKINGS = 3  # the day's, the repeat, one more

Order = Callable[..., tuple[Choice, ...]]  # as lessons.grading.shown_order


@dataclass(frozen=True, slots=True)
class Ease:
    """Flesch's reading ease of the lessons: higher is easier."""

    median: float
    lowest: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and shares (0 to 1) of a course; positions are first to last of three, over all enrolments and askings."""

    lessons: int
    questions: int
    cases_share: float
    key_position_shares: tuple[float, ...]  # empty where no question has three choices
    key_longest_share: float
    reading_ease: Ease | None  # None for a language other than English


def figures(course: Course) -> Figures:
    """Count a course. Most of the time goes into the order in which a thousand enrolments see the choices."""
    questions = [question for lesson in course.lessons for question in lesson.questions]
    found = [reading.of_lesson(lesson) for lesson in course.lessons] if english(course) else []
    eases = [ease for ease in found if ease is not None]
    return Figures(
        lessons=len(course.lessons),
        questions=len(questions),
        cases_share=_share(question.kind is Kind.CASE for question in questions),
        key_position_shares=key_position_shares(questions),
        key_longest_share=_share(map(key_is_longest, questions)),
        reading_ease=Ease(statistics.median(eases), min(eases)) if eases else None,
    )


def english(course: Course) -> bool:
    """Whether the formulas made for English hold."""
    return course.language.split("-")[0] == "en"


def key_position_shares(questions: Iterable[Question], *, order: Order = shown_order) -> tuple[float, ...]:
    """How often the key of a question with three choices is shown first, second and third."""
    shown = [0, 0, 0]
    for question in questions:
        if len(question.choices) != len(shown):
            continue
        key = question.choice(question.key)
        for enrolment in range(1, ENROLMENTS + 1):
            for number in range(1, ASKINGS + 1):
                choices = order(question, enrolment=enrolment, number=number)
                shown[next(place for place, choice in enumerate(choices) if choice is key)] += 1
    return tuple(count / sum(shown) for count in shown) if sum(shown) else ()


def key_is_longest(question: Question) -> bool:
    """Whether no other choice is as long as the key: who guesses by length would be right."""
    lengths = {choice.id: len(choice.text) for choice in question.choices}
    return all(lengths[question.key] > length for name, length in lengths.items() if name != question.key)


def _share(facts: Iterable[bool]) -> float:
    counted = [*facts]
    return sum(counted) / len(counted) if counted else 0.0


def unbalanced(counted: Figures) -> Iterator[str]:
    """A sentence for each figure that lets a learner do well without reading, or decide too little."""
    if not counted.questions:
        return
    if counted.cases_share < LEAST_SHARE_OF_CASES:
        yield f"{counted.cases_share:.0%} of the questions are cases; make it at least {LEAST_SHARE_OF_CASES:.0%}"
    if counted.key_longest_share > MOST_SHARE_OF_LONGEST_KEYS:
        yield (
            f"the key is the longest choice in {counted.key_longest_share:.0%} of the questions, which learners "
            f"notice; keep it to {MOST_SHARE_OF_LONGEST_KEYS:.0%}"
        )
    least, most = EVEN
    for place, share in zip(("first", "second", "third"), counted.key_position_shares, strict=False):
        if not least <= share <= most:
            yield (
                f"the key is shown {place} in {share:.0%} of the askings, outside {least:.0%} to {most:.0%}; "
                "rename choices whose ids lie badly"
            )
