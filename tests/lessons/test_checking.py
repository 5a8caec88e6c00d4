"""Lints: what would teach badly is a warning that names the mend."""

import dataclasses
from datetime import date, timedelta

import pytest

from lessons.checking import lint
from lessons.course import ChoiceId, Course, Kind, Question, QuestionId, Role
from lessons.problem import Place, Severity
from tests.lessons.sample import FILES, parsed

TODAY = date(2026, 11, 23)


def _course(
    *, kind: Kind = Kind.CASE, key: str = "place", stem: str | None = None, choice: str | None = None
) -> Course:
    """One lesson with a question for each role; every question is alike but for its id and role."""
    course = parsed(FILES).course
    assert course is not None
    lesson = course.lessons[0]
    question = lesson.questions[0]
    first, *others = question.choices
    choices = (dataclasses.replace(first, text=choice or first.text), *others)
    written = [
        dataclasses.replace(
            question,
            id=QuestionId(f"q-{role}"),
            role=role,
            kind=kind,
            key=ChoiceId(key),
            stem=stem or question.stem,
            choices=choices,
        )
        for role in Role
    ]
    lesson = dataclasses.replace(lesson, questions=tuple(written))
    module = dataclasses.replace(course.modules[0], lessons=(lesson,))
    return dataclasses.replace(course, modules=(module,))


def _with(course: Course, review_by: date) -> Course:
    lesson = dataclasses.replace(course.lessons[0], review_by=review_by)
    return dataclasses.replace(course, modules=(dataclasses.replace(course.modules[0], lessons=(lesson,)),))


def test_a_good_course_has_no_lint() -> None:
    assert lint(_course(), today=TODAY) == ()


def test_a_lint_is_a_warning_at_the_place_of_its_thing() -> None:
    places = {("lesson", "a-call"): Place("call.yaml", 4)}

    (problem,) = lint(_with(_course(), TODAY - timedelta(days=1)), today=TODAY, places=places)

    assert (problem.file, problem.line, problem.severity) == ("call.yaml", 4, Severity.WARNING)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "the review was due on"), (0, "in 0 days"), (60, "in 60 days"), (61, None), (365, None)],
)
def test_a_review_is_told_sixty_days_before(days: int, said: str | None) -> None:
    found = lint(_with(_course(), TODAY + timedelta(days=days)), today=TODAY)

    assert [said in problem.sentence for problem in found if said] == ([True] if said else [])
    assert bool(found) is bool(said)


@pytest.mark.parametrize("text", ["All of the above", "Both of these others", "none of the above, I think"])
def test_a_choice_that_points_at_the_others_is_told(text: str) -> None:
    found = lint(_course(choice=text, key="papers"), today=TODAY)

    assert any("means nothing when choices are shuffled" in problem.sentence for problem in found)


@pytest.mark.parametrize("text", ["All of the workers sign", "Both papers", "None of them was paid"])
def test_ordinary_words_for_many_are_no_lint(text: str) -> None:
    assert not [one for one in lint(_course(choice=text, key="papers"), today=TODAY) if "shuffled" in one.sentence]


@pytest.mark.parametrize(
    "stem",
    [
        "Which of these is not a sign of forced labour?",
        "He waits at the gate. What should not be done first?",
        "Who isn’t covered by the Act?",
        "What would you never write down?",
        "Every one of these is trafficking, except which?",
    ],
)
def test_a_question_for_what_is_not_so_is_told(stem: str) -> None:
    found = lint(_course(stem=stem), today=TODAY)

    assert len(found) == 3
    assert all("tired readers miss" in problem.sentence for problem in found)


@pytest.mark.parametrize(
    "stem",
    [
        "A woman who has signed has not left yet. How do you describe her?",
        "He does not know where his passport is. What do you ask first?",
        "The employer says he cannot pay. Which office do you call?",
    ],
)
def test_a_not_in_the_situation_is_no_lint(stem: str) -> None:
    assert lint(_course(stem=stem), today=TODAY) == ()


def test_too_few_cases_are_told_with_their_share() -> None:
    (problem,) = lint(_course(kind=Kind.FACT), today=TODAY)

    assert problem.sentence == "0% of the questions are cases; make it at least 50%"


def test_keys_that_are_mostly_longest_are_told_with_their_share() -> None:
    (problem,) = lint(_course(choice="Where she is now, and since when"), today=TODAY)

    assert problem.sentence.startswith("the key is the longest choice in 100% of the questions")


def test_a_key_as_long_as_another_choice_is_not_longest() -> None:
    assert lint(_course(key="papers", choice="x" * len("Her passport number")), today=TODAY) == ()


def test_a_lesson_without_a_repeat_is_told() -> None:
    course = _course()
    lesson = dataclasses.replace(course.lessons[0], questions=course.lessons[0].questions[:1])
    course = dataclasses.replace(course, modules=(dataclasses.replace(course.modules[0], lessons=(lesson,)),))

    assert [problem.sentence for problem in lint(course, today=TODAY)] == [
        "no question has the role `kept`; write one",
        "no question has the role `repeat`; write one",
    ]


def test_a_course_without_lessons_does_not_divide_by_nothing() -> None:
    assert lint(dataclasses.replace(_course(), modules=()), today=TODAY) == ()


def test_the_sample_question_is_what_these_tables_rest_on() -> None:
    question: Question = _course().lessons[0].questions[0]

    assert [len(choice.text) for choice in question.choices] == [16, 19, 19]
