"""The syllabus stands: eight modules, 44 lessons, 132 questions, balanced over the course."""

from collections import Counter
from datetime import date

import pytest

from bot.features.study import view
from bot.phrases import Phrases
from lessons import catalogue
from lessons.course import Lesson, Role
from lessons.lints.figures import figures

pytestmark = pytest.mark.slow  # `attache check` runs in make check and lints the same course

COURSE = catalogue.built_in()
QUESTIONS = [question for lesson in COURSE.lessons for question in lesson.questions]

SYLLABUS = {
    "what-migration-diplomacy-is": 5,
    "the-rules-of-the-road": 6,
    "bangladeshs-machinery": 6,
    "negotiating-overseas-employment": 6,
    "protecting-people": 6,
    "when-a-country-breaks": 5,
    "the-diaspora": 5,
    "the-officers-craft": 5,
}


def test_every_row_of_the_syllabus_is_written() -> None:
    assert {module.id: len(module.lessons) for module in COURSE.modules} == SYLLABUS
    assert (len(COURSE.lessons), len(QUESTIONS)) == (44, 132)


def test_every_lesson_asks_for_the_day_for_the_repeat_and_keeps_one() -> None:
    assert Counter(question.role for question in QUESTIONS) == {Role.DAY: 44, Role.REPEAT: 44, Role.KEPT: 44}


def test_the_course_is_balanced_as_it_is_shown() -> None:
    counted = figures(COURSE)
    assert counted.cases_share >= 0.5
    assert all(0.30 <= share <= 0.37 for share in counted.key_position_shares)
    assert counted.key_longest_share <= 0.40


def test_no_lint_has_anything_to_say() -> None:
    assert catalogue.check(today=date(2026, 11, 23)) == ()


def test_ids_are_unique_over_the_whole_course() -> None:
    assert len({lesson.id for lesson in COURSE.lessons}) == 44
    assert len({question.id for question in QUESTIONS}) == 132


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.id)
def test_a_lesson_is_one_message_of_telegram(lesson: Lesson) -> None:
    html = view.lesson_html(lesson, Phrases.built_in().voice("en"))
    assert len(html) <= 4096
