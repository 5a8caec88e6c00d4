"""Golden diaries: twelve weeks of typical learners in Riyadh who join on a Wednesday evening, eight lessons `a` to `h`.

`08:30 a` is a lesson, `08:30 a?` the same objective asked again.
"""

from datetime import date, datetime, time, timedelta

import pytest

from lessons.course import LessonId
from lessons.enrolment import AskingKind, EnrolmentState
from scheduler.calendar import Calendar
from tests.scheduler.studying import Answer, Habit, Study, fresh

RIYADH = Calendar("Asia/Riyadh", frozenset({5, 6}))
JOINED = RIYADH.instant(date(2026, 11, 25), time(20))
FIRST_ON = RIYADH.add_working(date(2026, 11, 26), 1)
LESSONS = [LessonId(letter) for letter in "abcdefgh"]
RIGHT, WRONG = Answer(), Answer(correct=False)
A_DAY = timedelta(days=1)


def twelve_weeks(habit: Habit, *, down: tuple[tuple[datetime, datetime], ...] = ()) -> Study:
    study = Study(fresh(RIYADH, JOINED, first_on=FIRST_ON), LESSONS, habit, JOINED, down=down)
    return study.until(JOINED + timedelta(weeks=12))


def asha_is_always_right(_: int, __: AskingKind) -> Answer:
    return RIGHT


def babu_is_wrong_at_first(_: int, kind: AskingKind) -> Answer:
    return WRONG if kind is AskingKind.DAY else RIGHT


def chitra_falls_silent(n: int, _: AskingKind) -> Answer | None:
    return RIGHT if n < 4 else None


def dipu_never_says_whether_he_is_sure(_: int, kind: AskingKind) -> Answer:
    return Answer(sure=None) if kind is AskingKind.DAY else RIGHT


def elma_answers_the_next_morning(_: int, __: AskingKind) -> Answer:
    return Answer(wait=timedelta(hours=26))


DIARIES: list[tuple[Habit, str]] = [
    (
        asha_is_always_right,
        """
        Sun 29 Nov: 08:30 a
        Mon 30 Nov: 08:30 b
        Tue 01 Dec: 08:30 c
        Wed 02 Dec: 08:30 d
        Thu 03 Dec: 08:30 e
        Sun 06 Dec: 08:30 f
        Mon 07 Dec: 08:30 g
        Tue 08 Dec: 08:30 h
        Thu 17 Dec: 08:30 a?
        Sun 20 Dec: 08:30 b?, 08:30 c?
        Mon 21 Dec: 08:30 d?, 08:30 e?
        Thu 24 Dec: 08:30 f?
        Sun 27 Dec: 08:30 g?, 08:30 h?, 08:35 completed
        Sun 10 Jan: 08:30 any?
        Sun 24 Jan: 08:30 any?
        Sun 07 Feb: 08:30 any?
        """,
    ),
    (
        babu_is_wrong_at_first,
        """
        Sun 29 Nov: 08:30 a
        Mon 30 Nov: 08:30 b
        Tue 01 Dec: 08:30 c
        Wed 02 Dec: 08:30 d
        Thu 03 Dec: 08:30 e, 08:30 a?
        Sun 06 Dec: 08:30 f, 08:30 b?
        Mon 07 Dec: 08:30 g, 08:30 c?
        Tue 08 Dec: 08:30 h, 08:30 d?
        Wed 09 Dec: 08:30 e?
        Thu 10 Dec: 08:30 f?
        Sun 13 Dec: 08:30 g?, 08:30 h?
        Mon 21 Dec: 08:30 a?
        Thu 24 Dec: 08:30 b?
        Sun 27 Dec: 08:30 c?, 08:30 d?
        Mon 28 Dec: 08:30 e?, 08:30 f?
        Thu 31 Dec: 08:30 g?, 08:30 h?, 08:35 completed
        Thu 14 Jan: 08:30 any?
        Thu 28 Jan: 08:30 any?
        Thu 11 Feb: 08:30 any?
        """,
    ),
    (
        chitra_falls_silent,
        """
        Sun 29 Nov: 08:30 a
        Mon 30 Nov: 08:30 b
        Tue 01 Dec: 08:30 c
        Wed 02 Dec: 08:30 d, 12:30 remind 1
        Thu 03 Dec: 09:00 remind 2
        Mon 07 Dec: 09:00 remind 3
        Tue 08 Dec: 09:00 pause
        """,
    ),
    (
        dipu_never_says_whether_he_is_sure,
        """
        Sun 29 Nov: 08:30 a
        Mon 30 Nov: 08:30 b
        Tue 01 Dec: 08:30 c
        Wed 02 Dec: 08:30 d
        Thu 03 Dec: 08:30 e
        Sun 06 Dec: 08:30 f
        Mon 07 Dec: 08:30 g
        Tue 08 Dec: 08:30 h
        Thu 17 Dec: 08:30 a?
        Sun 20 Dec: 08:30 b?, 08:30 c?
        Mon 21 Dec: 08:30 d?, 08:30 e?
        Thu 24 Dec: 08:30 f?
        Sun 27 Dec: 08:30 g?, 08:30 h?
        Mon 04 Jan: 08:30 a?
        Thu 07 Jan: 08:30 b?, 08:30 c?
        Sun 10 Jan: 08:30 d?, 08:30 e?
        Mon 11 Jan: 08:30 f?
        Thu 14 Jan: 08:30 g?, 08:30 h?, 08:35 completed
        Thu 28 Jan: 08:30 any?
        Thu 11 Feb: 08:30 any?
        """,
    ),
    (
        elma_answers_the_next_morning,
        """
        Sun 29 Nov: 08:30 a, 12:30 remind 1
        Mon 30 Nov: 09:00 remind 2
        Tue 01 Dec: 08:30 b, 12:30 remind 1
        Wed 02 Dec: 09:00 remind 2
        Thu 03 Dec: 08:30 c, 12:30 remind 1
        Sun 06 Dec: 08:30 d, 12:30 remind 1
        Mon 07 Dec: 09:00 remind 2
        Tue 08 Dec: 08:30 e, 12:30 remind 1
        Wed 09 Dec: 09:00 remind 2
        Thu 10 Dec: 08:30 f, 12:30 remind 1
        Sun 13 Dec: 08:30 g, 12:30 remind 1
        Mon 14 Dec: 09:00 remind 2
        Tue 15 Dec: 08:30 h, 12:30 remind 1
        Wed 16 Dec: 09:00 remind 2
        Sun 20 Dec: 08:30 a?, 08:30 b?, 12:30 remind 1
        Mon 21 Dec: 09:00 remind 2
        Tue 22 Dec: 08:30 c?, 12:30 remind 1
        Wed 23 Dec: 09:00 remind 2
        Sun 27 Dec: 08:30 d?, 08:30 e?, 12:30 remind 1
        Mon 28 Dec: 09:00 remind 2
        Tue 29 Dec: 08:30 f?, 12:30 remind 1
        Wed 30 Dec: 09:00 remind 2
        Sun 03 Jan: 08:30 g?, 08:30 h?, 12:30 remind 1
        Mon 04 Jan: 09:00 remind 2, 10:30 completed
        Mon 18 Jan: 08:30 any?
        Tue 02 Feb: 08:30 any?
        Wed 17 Feb: 08:30 any?
        """,
    ),
]


@pytest.mark.parametrize(("habit", "diary"), DIARIES, ids=[habit.__name__ for habit, _ in DIARIES])
def test_twelve_weeks_are_these(habit: Habit, diary: str) -> None:
    assert twelve_weeks(habit).diary() == [line.strip() for line in diary.strip().splitlines()]


def test_the_first_lesson_comes_on_sunday_at_half_past_eight() -> None:
    assert twelve_weeks(asha_is_always_right).diary()[0] == "Sun 29 Nov: 08:30 a"


def test_an_outage_moves_lessons_and_loses_none() -> None:
    gone, back = RIYADH.instant(date(2026, 11, 30), time(7)), RIYADH.instant(date(2026, 12, 2), time(3))
    study = twelve_weeks(asha_is_always_right, down=((gone, back),))
    assert study.diary()[:3] == ["Sun 29 Nov: 08:30 a", "Wed 02 Dec: 08:30 b", "Thu 03 Dec: 08:30 c"]
    assert study.given == len(LESSONS)


def test_a_lesson_that_an_outage_delays_comes_on_the_same_day() -> None:
    gone, back = RIYADH.instant(date(2026, 11, 30), time(7)), RIYADH.instant(date(2026, 11, 30), time(15))
    study = twelve_weeks(asha_is_always_right, down=((gone, back),))
    assert study.diary()[1:3] == ["Mon 30 Nov: 15:00 b", "Tue 01 Dec: 08:30 c"]


def test_the_reviews_of_one_lesson_in_one_line() -> None:
    study = twelve_weeks(babu_is_wrong_at_first)
    days = [f"{RIYADH.local(at):%d.%m}" for at, what in study.journal if what in ("a", "a?")]
    assert " ".join(days) == "29.11 03.12 21.12"  # 4 days after wrong and sure, 18 after right


def test_who_is_always_right_completes() -> None:
    assert twelve_weeks(asha_is_always_right).standing.state is EnrolmentState.COMPLETED
