"""Forms of kept questions, what came of them, and what is not shown of few people."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.catalogue import built_in
from lessons.course import (
    Choice,
    ChoiceId,
    Course,
    CourseId,
    Kind,
    Lesson,
    LessonId,
    Module,
    ModuleId,
    Question,
    QuestionId,
    Role,
)
from lessons.enrolment import MeasureKind
from lessons.measures import (
    QUESTIONS,
    Answered,
    Calibration,
    Gain,
    Result,
    Score,
    form_for,
    forms,
    gain,
    pooled,
    result,
)

SIZES = st.lists(st.integers(0, 9), max_size=12)
SURE_RIGHT, SURE_WRONG, UNSURE_RIGHT, UNSURE_WRONG = (True, True), (False, True), (True, False), (False, False)


def course_of(*kept: int) -> Course:
    """A course of modules a, b, c… with so many lessons, each with a question for the day and a kept one: a-0, a-1…"""

    def question(name: str, role: Role) -> Question:
        choices = tuple(Choice(ChoiceId(c), c, c) for c in "xyz")
        return Question(QuestionId(name), role, Kind.CASE, "?", choices, ChoiceId("x"), ())

    def lesson(name: str) -> Lesson:
        questions = (question(f"{name}-day", Role.DAY), question(name, Role.KEPT))
        return Lesson(LessonId(name), name, name, (), (), date(2027, 5, 20), questions)

    modules = (
        Module(ModuleId(name), name, tuple(lesson(f"{name}-{n}") for n in range(size)))
        for name, size in zip("abcdefghijklmnop", kept, strict=False)
    )
    return Course(CourseId("course"), "Course", "en", tuple(modules))


def by_module(form: Sequence[QuestionId]) -> str:
    return "".join(question.split("-")[0] for question in form)


def sat(*answers: tuple[str, tuple[bool, bool]]) -> Result:
    """The result of answers (question, (correct, sure)) in a course of three modules of six."""
    return result(course_of(6, 6, 6), [Answered(QuestionId(q), *how) for q, how in answers])


def test_each_form_has_one_question_of_every_module_before_any_has_two() -> None:
    assert [by_module(form) for form in forms(course_of(6, 6, 6, 6, 6, 6, 6, 6))] == ["aabbcdefgh"] * 3
    assert forms(course_of(3, 6))[1] == ("a-1", "b-1", "b-4")


def test_the_built_in_course_gives_three_forms_of_ten_over_all_its_modules() -> None:
    course = built_in()
    where = {q.id: (m.id, q.role) for m in course.modules for le in m.lessons for q in le.questions}

    for form in forms(course):
        assert len(form) == 10
        assert list(form) == [question for question in where if question in form]  # in teaching order
        assert {where[question] for question in form} == {(module.id, Role.KEPT) for module in course.modules}
    assert len({question for form in forms(course) for question in form}) == 30


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ((), [(), (), ()]),
        ((2,), [(), (), ()]),
        ((1, 1), [(), (), ()]),
        ((1, 1, 1), [("a-0",), ("b-0",), ("c-0",)]),
        ((4,), [("a-0",), ("a-1",), ("a-2",)]),
        ((5, 1), [("a-0", "a-3"), ("a-1", "b-0"), ("a-2", "a-4")]),
    ],
)
def test_a_small_course_gives_smaller_forms_that_are_alike(kept: tuple[int, ...], expected: list[object]) -> None:
    assert list(forms(course_of(*kept))) == expected


@given(SIZES)
def test_forms_are_disjoint_and_as_long_as_the_course_allows(sizes: list[int]) -> None:
    made = forms(course_of(*sizes))
    met = [question for form in made for question in form]

    assert len(set(met)) == len(met)
    assert {len(form) for form in made} == {min(QUESTIONS, sum(sizes) // 3)}
    assert not any(question.endswith("day") for question in met)


@given(SIZES.filter(lambda sizes: len(sizes) <= QUESTIONS))
def test_every_module_with_three_kept_questions_is_in_every_form(sizes: list[int]) -> None:
    for form in forms(course_of(*sizes)):
        present = set(by_module(form))
        assert {name for name, size in zip("abcdefghij", sizes, strict=False) if size >= 3} <= present


@given(st.lists(st.integers(1, 3).map(lambda n: 3 * n), min_size=1, max_size=12))
def test_forms_are_alike_in_what_they_ask_of_each_module(sizes: list[int]) -> None:
    assert len({by_module(form) for form in forms(course_of(*sizes))}) == 1


@given(st.lists(st.integers(4, 9), min_size=8, max_size=10))
def test_a_lesson_added_at_the_end_changes_at_most_one_question_of_a_form(sizes: list[int]) -> None:
    longer = [*sizes[:-1], sizes[-1] + 1]

    for before, after in zip(forms(course_of(*sizes)), forms(course_of(*longer)), strict=True):
        assert len(set(before) - set(after)) <= 1


def test_nobody_meets_a_form_twice_and_each_form_serves_equally_often() -> None:
    seats = range(12)

    for seat in seats:
        assert {form_for(kind, seat) for kind in MeasureKind} == {0, 1, 2}
    for kind in MeasureKind:
        assert Counter(form_for(kind, seat) for seat in seats) == {0: 4, 1: 4, 2: 4}


def test_a_result_counts_what_was_right_in_all_and_by_module_and_how_sure() -> None:
    assert sat(("b-0", UNSURE_RIGHT), ("a-0", SURE_RIGHT), ("a-1", SURE_WRONG), ("b-1", SURE_RIGHT)) == Result(
        score=Score(3, 4),
        modules={ModuleId("a"): Score(1, 2), ModuleId("b"): Score(2, 2)},
        calibration=Calibration(sure_right=2, sure_wrong=1, unsure_right=1, unsure_wrong=0),
    )


def test_a_question_that_the_course_no_longer_has_does_not_count() -> None:
    assert sat(("a-0", SURE_RIGHT), ("gone", SURE_WRONG)) == sat(("a-0", SURE_RIGHT))


def test_a_gain_is_the_later_share_less_the_earlier() -> None:
    before = sat(("a-0", SURE_RIGHT), ("a-1", UNSURE_WRONG), ("b-0", SURE_WRONG), ("c-0", SURE_RIGHT))
    after = sat(("a-2", SURE_RIGHT), ("a-3", SURE_RIGHT), ("b-1", SURE_WRONG))

    gained = gain(before, after)
    assert gained.in_all == pytest.approx(2 / 3 - 2 / 4)
    assert gained.modules == {"a": 0.5, "b": 0.0}  # c was not asked again


def test_nothing_answered_is_no_gain() -> None:
    assert gain(sat(), sat(("a-0", SURE_RIGHT))) == Gain(None, {})


def test_figures_of_four_people_are_not_shown_and_those_of_five_are() -> None:
    one = sat(("a-0", SURE_RIGHT), ("b-0", UNSURE_RIGHT))

    four, five = pooled([one] * 4), pooled([one] * 5)
    assert (four.people, four.score, four.modules) == (4, None, {"a": None, "b": None})
    assert four.calibration == Calibration(None, None, None, None)
    assert (five.people, five.score) == (5, Score(10, 10))
    assert five.modules == {"a": Score(5, 5), "b": Score(5, 5)}
    assert five.calibration == Calibration(sure_right=5, sure_wrong=None, unsure_right=5, unsure_wrong=None)
    assert gain(four, five) == Gain(None, {ModuleId("a"): None, ModuleId("b"): None})


def test_who_answered_nothing_is_nobody() -> None:
    one = sat(("a-0", SURE_RIGHT))

    assert pooled([one] * 4 + [sat()]) == pooled([one] * 4)
    assert pooled([]).people == 0


def test_a_hidden_module_cannot_be_worked_out_from_the_total() -> None:
    whole = sat(("a-0", SURE_RIGHT), ("b-0", SURE_RIGHT), ("c-0", SURE_WRONG))
    half = sat(("a-0", SURE_RIGHT))
    more = sat(("a-0", SURE_RIGHT), ("b-0", SURE_RIGHT))

    shown = pooled([whole] * 3 + [more] * 4 + [half] * 2)
    assert shown.score == Score(16, 19)
    assert shown.modules == {"a": Score(9, 9), "b": None, "c": None}  # c is of three people; b goes with it


def test_a_hidden_count_of_sure_answers_cannot_be_worked_out_from_the_total() -> None:
    calm = sat(("a-0", SURE_RIGHT), ("b-0", SURE_WRONG), ("c-0", UNSURE_WRONG))
    shy = sat(("a-0", UNSURE_RIGHT), ("b-0", SURE_WRONG), ("c-0", UNSURE_WRONG))

    assert pooled([calm] * 5 + [shy] * 4).calibration == Calibration(None, 9, None, 9)
    assert pooled([calm] * 5 + [shy] * 5).calibration == Calibration(5, 10, 5, 10)


ANSWERS = st.lists(
    st.tuples(st.sampled_from([f"{m}-{n}" for m in "abc" for n in range(6)]), st.tuples(st.booleans(), st.booleans())),
    max_size=10,
    unique_by=lambda answer: answer[0],
)


@pytest.mark.slow
@given(st.lists(ANSWERS, max_size=12))
def test_what_is_hidden_stands_for_five_people_or_for_all_of_them(
    cohort: list[list[tuple[str, tuple[bool, bool]]]],
) -> None:
    results = [sat(*answers) for answers in cohort]
    shown = pooled(results)
    people = [one for one in results if one.score.asked]
    hidden = {module for module, score in shown.modules.items() if score is None}

    for module, score in shown.modules.items():
        assert score is None or score.asked >= sum(module in one.modules for one in people) >= 5
    behind = sum(bool(hidden & one.modules.keys()) for one in people)
    assert not hidden or behind >= 5 or hidden == shown.modules.keys()
    assert (shown.score is None) == (len(people) < 5)


@given(ANSWERS)
def test_the_parts_of_a_result_add_up(answers: list[tuple[str, tuple[bool, bool]]]) -> None:
    one = sat(*answers)
    cells = one.calibration

    assert sum(one.modules.values(), Score(0, 0)) == one.score
    assert one.score.asked == len(answers)
    assert (cells.sure_right or 0) + (cells.unsure_right or 0) == one.score.right
    assert (cells.sure_wrong or 0) + (cells.unsure_wrong or 0) == one.score.asked - one.score.right
