"""What may be asked of an alumna: every lesson with her answers, and what is new or reads otherwise since."""

from datetime import date
from itertools import count

import pytest

from bot.alumni import candidates
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
    Version,
)
from lessons.enrolment import AskingKind
from scheduler.refreshers import Recalled
from storage.ladders import Answer

DAY, REVIEW, REFRESHER = AskingKind.DAY, AskingKind.REVIEW, AskingKind.REFRESHER
CHOICES = (Choice(ChoiceId("yes"), "Yes", "It is."), Choice(ChoiceId("no"), "No", "It is not."))


def question(id_: str, role: Role, edition: int = 1) -> Question:
    return Question(QuestionId(id_), role, Kind.CASE, f"{id_}, edition {edition}", CHOICES, CHOICES[0].id, ())


def course(**editions: int) -> Course:
    """Lessons `a` and `b` with a day, a repeat and a kept question each; `a_day=2` is its second edition."""
    lessons = []
    for name in ("a", "b"):
        asked = tuple(question(f"{name}_{role}", role, editions.get(f"{name}_{role}", 1)) for role in Role)
        lessons.append(Lesson(LessonId(name), name, "", (), (), date(2027, 1, 1), asked))
    return Course(CourseId("c"), "C", "en", (Module(ModuleId("m"), "M", tuple(lessons)),))


def history(*told: str) -> list[Answer]:
    """`a_day day`, `a_day@2 refresher wrong`: answers on one date after the other, right and sure unless told."""
    answers = []
    for n, each in zip(count(1), told, strict=False):
        what, kind, *verdict = each.split()
        id_, _, edition = what.partition("@")
        version = question(id_, Role.DAY, int(edition or 1)).version
        sure, right = "unsure" not in verdict, "wrong" not in verdict
        answers.append(
            Answer(LessonId(id_[0]), QuestionId(id_), Version(version), AskingKind(kind), date(2026, 1, n), right, sure)
        )
    return answers


LEARNT = ("a_day day", "b_day day", "a_repeat review", "b_repeat review")


def test_every_lesson_is_a_candidate_with_its_answers_in_order() -> None:
    known, stale = candidates(course(), history("a_day day wrong", "b_day day", "a_day review unsure"))
    assert [candidate.lesson for candidate in known] == ["a", "b"]
    assert known[0].history == (
        Recalled(date(2026, 1, 1), correct=False, sure=True),
        Recalled(date(2026, 1, 3), correct=True, sure=False),
    )
    assert not any(candidate.fresh for candidate in known)
    assert stale == frozenset()


def test_a_lesson_that_was_never_answered_is_new() -> None:
    known, stale = candidates(course(), history("a_day day", "a_repeat review"))
    assert [(candidate.lesson, candidate.fresh, candidate.changed) for candidate in known] == [
        ("a", False, False),
        ("b", True, False),
    ]
    assert stale == frozenset()


def test_answers_to_a_lesson_that_is_gone_are_left_out() -> None:
    known, _ = candidates(course(), [*history(*LEARNT), *history("z_day day")])
    assert [candidate.lesson for candidate in known] == ["a", "b"]


@pytest.mark.parametrize(
    ("editions", "told", "changed", "stale"),
    [
        ({}, LEARNT, "", ""),
        ({"a_day": 2}, LEARNT, "a", "a_day"),
        ({"a_day": 2, "a_repeat": 2}, LEARNT, "a", "a_day a_repeat"),
        ({"a_day": 2, "b_repeat": 3}, LEARNT, "a b", "a_day b_repeat"),
        ({"a_kept": 2}, LEARNT, "", ""),  # a measure is nobody's refresher
        ({"a_repeat": 2}, ("a_day day", "b_day day"), "", ""),  # she never met it in other words
        ({"a_day": 2}, (*LEARNT, "a_day@2 review"), "", ""),  # met in the new words before the end
        ({"a_day": 2}, (*LEARNT, "a_repeat refresher"), "a", "a_day"),  # its sister was asked, not the changed one
        ({"a_day": 2}, (*LEARNT, "a_day@2 refresher wrong"), "", ""),
        ({"a_day": 2, "a_repeat": 2}, (*LEARNT, "a_day@2 refresher"), "", ""),  # one refresher at most
        ({"a_day": 3}, (*LEARNT, "a_day@2 refresher"), "a", "a_day"),  # changed once more
        ({"a_day": 1}, (*LEARNT, "a_day@2 refresher"), "", ""),  # changed back to what she learnt
    ],
)
def test_a_changed_question_makes_its_lesson_fresh_until_it_was_asked_once(
    editions: dict[str, int], told: tuple[str, ...], changed: str, stale: str
) -> None:
    known, unmet = candidates(course(**editions), history(*told))
    assert " ".join(candidate.lesson for candidate in known if candidate.changed) == changed
    assert " ".join(sorted(unmet)) == stale
