"""Lints: what does not keep a course from being taught but would teach badly. All are warnings."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from lessons.course import Course, Kind, Lesson, Question, Role
from lessons.problem import Place, Problem, Severity

REVIEW_NOTICE = timedelta(days=60)
LEAST_SHARE_OF_CASES = 0.5
MOST_SHARE_OF_LONGEST_KEYS = 0.4

_ALL_OF_THEM = re.compile(r"\b(all|none|both|neither|any) of (the|these|those) (above|below|others?)\b", re.IGNORECASE)
# Only the sentence that asks: "She has not left yet. What do you do?" is no negative.
_NEGATIVE = re.compile(
    r"\b(which|what|who)\b[^.?!]*?"
    r"\b(never|(is|are|does|do|was|were|should|must|may|can|would|will) ?(not|n't|n’t))\b[^.?!]*\?"
    r"|\bexcept\b[^.?!]*\?",
    re.IGNORECASE,
)

Places = Mapping[tuple[str, str], Place]


def lint(course: Course, *, today: date, places: Places | None = None) -> tuple[Problem, ...]:
    """Every lint of a course as a warning.

    `places` are those of `parsing.Parsed`; without them a problem names the thing, not its file.
    """
    known = places or {}
    found = [
        Problem(spot.file, spot.line, sentence, Severity.WARNING)
        for what, name, sentence in _findings(course, today)
        for spot in [known.get((what, name), Place(name, 1))]
    ]
    return tuple(sorted(found))


def _findings(course: Course, today: date) -> Iterator[tuple[str, str, str]]:
    """(kind of thing, its id, sentence)."""
    yield from (("course", course.id, sentence) for sentence in _balance(course))
    for lesson in course.lessons:
        yield from (("lesson", lesson.id, sentence) for sentence in _of_lesson(lesson, today))
        for question in lesson.questions:
            yield from (("question", question.id, sentence) for sentence in _of_question(question))


def _balance(course: Course) -> Iterator[str]:
    questions = [question for lesson in course.lessons for question in lesson.questions]
    if not questions:
        return
    cases = sum(question.kind is Kind.CASE for question in questions) / len(questions)
    if cases < LEAST_SHARE_OF_CASES:
        yield f"{cases:.0%} of the questions are cases; make it at least {LEAST_SHARE_OF_CASES:.0%}"
    longest = sum(key_is_longest(question) for question in questions) / len(questions)
    if longest > MOST_SHARE_OF_LONGEST_KEYS:
        yield (
            f"the key is the longest choice in {longest:.0%} of the questions, which learners notice; "
            f"keep it to {MOST_SHARE_OF_LONGEST_KEYS:.0%}"
        )


def key_is_longest(question: Question) -> bool:
    """Whether no other choice is as long as the key: who guesses by length would be right."""
    lengths = {choice.id: len(choice.text) for choice in question.choices}
    return all(lengths[question.key] > length for name, length in lengths.items() if name != question.key)


def _of_lesson(lesson: Lesson, today: date) -> Iterator[str]:
    left = lesson.review_by - today
    if left < timedelta(0):
        yield f"the review was due on {lesson.review_by}; read the lesson again and set a new `review_by`"
    elif left <= REVIEW_NOTICE:
        yield f"the review is due on {lesson.review_by}, in {left.days} days; read the lesson again by then"
    for role in Role:
        if lesson.question(role) is None:
            yield f"no question has the role `{role}`; write one"


def _of_question(question: Question) -> Iterator[str]:
    for text in (question.stem, *(choice.text for choice in question.choices)):
        if found := _ALL_OF_THEM.search(text):
            yield f"“{found[0]}” means nothing when choices are shuffled; write the choice out"
    if found := _NEGATIVE.search(question.stem):
        yield "the question asks for what is not so, and tired readers miss the “not”; ask for what is so"
