"""What somebody gets who asks for more, and when a day is full."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lessons.course import Cadence, LessonId
from scheduler.acts import AskReview, GiveLesson
from scheduler.calendar import Calendar
from scheduler.standing import DueReview, Standing
from scheduler.studying import asked_for, is_full
from tests.scheduler.studying import fresh

RIYADH = Calendar("Asia/Riyadh", frozenset({5, 6}))
TUESDAY, MONDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 26)
TEN, FRIDAY_TEN = datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 27, 7, tzinfo=UTC)
DUE, LATER = DueReview(LessonId("due"), TUESDAY), DueReview(LessonId("later"), date(2026, 11, 30))


def standing(**known: Any) -> Standing:
    """Somebody on Tuesday who had her lesson and has another one left."""
    had: dict[str, Any] = {"next_lesson": LessonId("next"), "last_lesson_on": TUESDAY, "asked_on": (TUESDAY,)}
    return replace(fresh(RIYADH, datetime(2026, 11, 1, tzinfo=UTC)), **(had | known))


@pytest.mark.parametrize(
    ("known", "given"),
    [
        ({"last_lesson_on": MONDAY, "asked_on": (MONDAY,), "reviews": (DUE,)}, "next"),  # the day's lesson first
        ({"reviews": (LATER, DUE)}, "due?"),
        ({"reviews": (LATER,)}, "next"),
        ({"next_lesson": None, "reviews": (DUE, LATER)}, "due?"),
        ({"next_lesson": None, "reviews": (LATER,)}, None),
        ({"asked_on": (TUESDAY, TUESDAY), "reviews": (DUE,)}, None),
        ({"cadence": Cadence(questions_a_day=1)}, None),
        ({"cadence": Cadence(questions_a_day=5), "asked_on": (TUESDAY, TUESDAY)}, None),  # one more, not three
        ({"pace": 2, "last_lesson_on": MONDAY, "asked_on": (MONDAY,)}, "next"),  # room for one in two days
        ({"pace": 2, "last_lesson_on": MONDAY, "asked_on": (MONDAY, MONDAY)}, None),
        ({"pace": 2, "last_lesson_on": MONDAY, "asked_on": (MONDAY,), "reviews": (DUE,)}, "due?"),
    ],
)
def test_the_days_lesson_then_a_repeat_then_the_next_lesson(known: dict[str, Any], given: str | None) -> None:
    match asked_for(standing(**known), TEN):
        case GiveLesson(lesson, on, at):
            assert (lesson, on, at) == (given, TUESDAY, TEN)
        case AskReview(lesson, on, at):
            assert (f"{lesson}?", on, at) == (given, TUESDAY, TEN)
        case None:
            assert given is None


@pytest.mark.parametrize(("asked_on", "full"), [((THURSDAY, THURSDAY), False), ((date(2026, 11, 27),) * 2, True)])
def test_a_day_off_counts_by_itself(asked_on: tuple[date, ...], full: bool) -> None:
    assert is_full(standing(asked_on=asked_on), RIYADH.day(FRIDAY_TEN)) is full
