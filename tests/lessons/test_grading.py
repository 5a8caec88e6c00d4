"""Grades, the order in which choices are shown, and the fingerprint of what was asked."""

import dataclasses
from collections import Counter

import pytest

from lessons.course import Choice, ChoiceId, CourseError, Kind, Question, QuestionId, Role
from lessons.grading import grade, shown_order


def _question(*choices: str, name: str = "visa-day") -> Question:
    return Question(
        id=QuestionId(name),
        role=Role.DAY,
        kind=Kind.CASE,
        stem="What do you do?",
        choices=tuple(Choice(ChoiceId(one), f"I {one}", f"Because to {one} helps.") for one in choices),
        key=ChoiceId(choices[0]),
        sources=("handbook",),
    )


QUESTION = _question("ask", "call", "wait")


@pytest.mark.parametrize(("choice", "right"), [("ask", True), ("call", False), ("wait", False)])
def test_only_the_key_is_right(choice: str, right: bool) -> None:
    assert grade(QUESTION, choice) is right


@pytest.mark.parametrize("forged", ["", "ASK", "ask ", "1", "x" * 500])
def test_a_choice_that_is_none_is_refused(forged: str) -> None:
    with pytest.raises(CourseError, match="visa-day has no such choice"):
        grade(QUESTION, forged)


def test_every_choice_is_shown_once() -> None:
    for enrolment in range(50):
        assert set(shown_order(QUESTION, enrolment=enrolment, number=1)) == set(QUESTION.choices)


def test_the_same_asking_is_always_shown_in_the_same_order() -> None:
    orders = {shown_order(QUESTION, enrolment=7, number=2) for _ in range(5)}

    assert len(orders) == 1


def test_the_order_is_the_same_on_every_machine_and_after_every_upgrade() -> None:
    shown = [
        [choice.id for choice in shown_order(QUESTION, enrolment=enrolment, number=number)]
        for enrolment, number in [(1, 1), (1, 2), (2, 1)]
    ]

    assert shown == [["ask", "call", "wait"], ["wait", "call", "ask"], ["wait", "call", "ask"]]


def test_the_order_in_the_file_moves_nothing() -> None:
    turned = dataclasses.replace(QUESTION, choices=QUESTION.choices[::-1])

    assert all(
        shown_order(turned, enrolment=one, number=1) == shown_order(QUESTION, enrolment=one, number=1)
        for one in range(50)
    )


@pytest.mark.parametrize("choices", [("ask", "call", "wait"), ("wait", "ask", "call"), ("a", "b", "c")])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_each_choice_stands_in_each_position_about_equally(choices: tuple[str, ...], position: int) -> None:
    question = _question(*choices)
    shown = Counter(
        shown_order(question, enrolment=enrolment, number=number)[position].id
        for enrolment in range(1, 1001)
        for number in (1, 2, 3)
    )

    assert all(0.30 <= shown[ChoiceId(choice)] / 3000 <= 0.37 for choice in choices)


def test_an_order_seen_before_does_not_tell_the_next_one() -> None:
    same = sum(
        shown_order(QUESTION, enrolment=one, number=1) == shown_order(QUESTION, enrolment=one, number=2)
        for one in range(1000)
    )

    assert 120 <= same <= 220  # one in six by chance


def test_two_questions_of_one_enrolment_have_orders_of_their_own() -> None:
    other = _question("ask", "call", "wait", name="visa-repeat")
    same = sum(
        [c.id for c in shown_order(QUESTION, enrolment=one, number=1)]
        == [c.id for c in shown_order(other, enrolment=one, number=1)]
        for one in range(1000)
    )

    assert 120 <= same <= 220


def _reworded(part: str) -> Question:
    first, *others = QUESTION.choices
    changed = {
        "stem": dataclasses.replace(QUESTION, stem="What do you do now?"),
        "choice": dataclasses.replace(QUESTION, choices=(dataclasses.replace(first, text="I ask her"), *others)),
        "because": dataclasses.replace(QUESTION, choices=(dataclasses.replace(first, because="It helps."), *others)),
        "key": dataclasses.replace(QUESTION, key=ChoiceId("wait")),
    }
    return changed[part]


@pytest.mark.parametrize("part", ["stem", "choice", "because", "key"])
def test_a_changed_word_is_a_new_version(part: str) -> None:
    assert _reworded(part).version != QUESTION.version


@pytest.mark.parametrize("unseen", [{"sources": ("other",)}, {"kind": Kind.FACT}, {"role": Role.KEPT}])
def test_what_a_learner_does_not_read_keeps_the_version(unseen: dict[str, object]) -> None:
    assert dataclasses.replace(QUESTION, **unseen).version == QUESTION.version  # type: ignore[arg-type] # a table


def test_a_version_is_sixteen_hexadecimal_digits() -> None:
    assert len(QUESTION.version) == 16
    assert int(QUESTION.version, 16) >= 0


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"key": "never"}, "none of its choices"),
        ({"choices": ()}, "has 0 choices"),
        ({"choices": QUESTION.choices[:1] * 2}, "two choices with one id"),
    ],
)
def test_a_question_that_would_be_wrong_cannot_be_built(broken: dict[str, object], sentence: str) -> None:
    with pytest.raises(CourseError, match=sentence):
        dataclasses.replace(QUESTION, **broken)  # type: ignore[arg-type] # a table of wrong values
