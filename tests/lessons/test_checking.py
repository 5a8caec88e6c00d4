"""Lints: what would teach badly is a warning that names the mend."""

import dataclasses
from datetime import date, timedelta

import pytest

from lessons.checking import against, lint, of_parts, of_whole
from lessons.course import Choice, ChoiceId, Course, Kind, LessonId, Question, QuestionId, Role
from lessons.lints.figures import Figures, key_position_shares
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

    (problem,) = of_parts(_with(_course(), TODAY - timedelta(days=1)), today=TODAY, places=places)

    assert (problem.file, problem.line, problem.severity) == ("call.yaml", 4, Severity.WARNING)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "the review was due on"), (0, "in 0 days"), (60, "in 60 days"), (61, None), (365, None)],
)
def test_a_review_is_told_sixty_days_before(days: int, said: str | None) -> None:
    found = of_parts(_with(_course(), TODAY + timedelta(days=days)), today=TODAY)

    assert [said in problem.sentence for problem in found if said] == ([True] if said else [])
    assert bool(found) is bool(said)


@pytest.mark.parametrize("text", ["All of the above", "Both of these others", "none of the above, I think"])
def test_a_choice_that_points_at_the_others_is_told(text: str) -> None:
    found = of_parts(_course(choice=text, key="papers"), today=TODAY)

    assert any("means nothing when choices are shuffled" in problem.sentence for problem in found)


@pytest.mark.parametrize("text", ["All of the workers sign", "Both papers", "None of them was paid"])
def test_ordinary_words_for_many_are_no_lint(text: str) -> None:
    assert not [one for one in of_parts(_course(choice=text, key="papers"), today=TODAY) if "shuffled" in one.sentence]


@pytest.mark.parametrize(
    "stem",
    [
        "Which of these is not a sign of forced labour?",
        "He waits at the gate. What should not be done first?",
        "Who isn’t covered by the Act?",
        "What would you never write down?",
        "Every one of these is trafficking, except which?",
        "Which answer should you not send?",
    ],
)
def test_a_question_for_what_is_not_so_is_told(stem: str) -> None:
    found = of_parts(_course(stem=stem), today=TODAY)

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
    assert of_parts(_course(stem=stem), today=TODAY) == ()


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


def _two_lessons(stem: str) -> Course:
    """The day question of the second lesson has this stem."""
    course = _course(stem="A worker says that his employer keeps his passport. What do you do on this day?")
    first = course.lessons[0]
    asked = dataclasses.replace(first.questions[0], id=QuestionId("later"), stem=stem)
    second = dataclasses.replace(first, id=LessonId("later-lesson"), questions=(asked,))
    return dataclasses.replace(course, modules=(dataclasses.replace(course.modules[0], lessons=(first, second)),))


@pytest.mark.parametrize(
    ("stem", "told"),
    [
        ("A worker says that his employer keeps his passport. What do you do on that day?", "94%"),
        ("a WORKER says: that his employer keeps her passport, what do you do on this day", "94%"),
        ("A cook says that her employer keeps her passport and her telephone. What do you ask?", None),
        ("On this day what do you do? His passport his employer keeps, a worker says that.", None),
    ],
)
def test_a_stem_that_is_nearly_one_of_another_lesson_is_told_at_the_later_question(stem: str, told: str | None) -> None:
    found = [one for one in of_parts(_two_lessons(stem), today=TODAY) if "the stem is" in one.sentence]

    assert {(one.file, one.sentence.split()[3]) for one in found} == ({("later", told)} if told else set())


def test_stems_of_one_lesson_may_be_alike() -> None:
    assert lint(_course(), today=TODAY) == ()


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((0.30, 0.33, 0.37), []),
        ((0.29, 0.35, 0.36), ["first in 29%"]),
        ((0.31, 0.31, 0.38), ["third in 38%"]),
        ((0.20, 0.60, 0.20), ["first in 20%", "second in 60%", "third in 20%"]),
        ((), []),
    ],
)
def test_a_key_that_favours_a_position_is_told(shares: tuple[float, ...], told: list[str]) -> None:
    counted = Figures(1, 3, 1.0, shares, 0.0, None)

    found = [one.sentence.removeprefix("the key is shown ") for one in of_whole(_course(), counted)]

    assert [sentence.split(" of")[0] for sentence in found] == told


def test_positions_are_those_of_the_order_that_is_shown() -> None:
    def key_last(question: Question, *, enrolment: int, number: int) -> tuple[Choice, ...]:
        return tuple(sorted(question.choices, key=lambda choice: choice.id == question.key))

    questions = _course().lessons[0].questions

    assert key_position_shares(questions, order=key_last) == (0.0, 0.0, 1.0)


def test_the_order_that_is_shown_favours_no_position() -> None:
    shares = key_position_shares(_course().lessons[0].questions)

    assert all(0.30 <= share <= 0.37 for share in shares)
    assert sum(shares) == pytest.approx(1)


def test_questions_with_two_choices_have_no_say_in_positions() -> None:
    question = _course().lessons[0].questions[0]

    assert key_position_shares([dataclasses.replace(question, choices=question.choices[:2])]) == ()


CALL_DAY = _course().lessons[0].questions[0]


def test_a_course_that_keeps_what_was_asked_owes_nothing() -> None:
    assert against(_course(), [(CALL_DAY.id, CALL_DAY.version)], lessons=["a-call"]) == ()


def test_a_question_that_the_database_knows_and_the_course_has_lost_is_an_error_that_names_it() -> None:
    (problem,) = against(_course(), [("q-gone", "0123"), ("q-gone", "4567")])

    assert problem.severity is Severity.ERROR
    assert "the question `q-gone`, which the course no longer has" in problem.sentence


def test_a_lesson_that_the_database_knows_and_the_course_has_lost_is_an_error() -> None:
    (problem,) = against(_course(), [], lessons=["a-call", "a-walk"])

    assert problem.severity is Severity.ERROR
    assert "the lesson `a-walk`" in problem.sentence


def test_new_words_are_told_and_are_no_error() -> None:
    places = {("question", str(CALL_DAY.id)): Place("call.yaml", 18)}

    (problem,) = against(_course(), [(CALL_DAY.id, "0123456789abcdef")], places=places)

    assert (str(problem), problem.severity) == (
        "call.yaml:18: the words of q-day are new since it was last asked; that is a new version",
        Severity.WARNING,
    )


def test_words_that_were_asked_once_are_not_new_whatever_was_asked_in_between() -> None:
    assert against(_course(), [(CALL_DAY.id, CALL_DAY.version), (CALL_DAY.id, "0123456789abcdef")]) == ()
