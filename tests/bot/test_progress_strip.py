"""The calendar strip of /progress: a table of five weeks for people whose days differ."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.features.progress.strip import first_weekday, strip_of
from bot.phrases import BASE, Phrases
from bot.pictures.strip import Sign, Strip
from lessons.course import LessonId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentState, MeasureKind
from scheduler.calendar import Calendar, weekend_of
from scheduler.public_holidays import DaysOff
from scheduler.spans import Span
from scheduler.standing import DueMeasure, DueReview, OpenAsking, Standing
from storage.ladders import Answered
from tests.scheduler.studying import fresh

VOICE = Phrases.built_in().voice(BASE)
LETTERS = {
    Sign.LESSON_DONE: "L",
    Sign.LESSON_COMING: "l",
    Sign.REPEAT_DONE: "R",
    Sign.REPEAT_COMING: "r",
    Sign.TODAY: "!",
    Sign.DEADLINE: "D",
    Sign.DAY_OFF: "-",
    Sign.LEAVE: "~",
}
LESSONS = tuple(LessonId(f"lesson-{n}") for n in range(1, 45))


def table(strip: Strip) -> str:
    """A line a week, a word a day: L l lesson done or coming, R r repeat, - off, ~ leave, ! today, D deadline."""
    words = ["".join(LETTERS[sign] for sign in Sign if sign in day.signs) or "." for day in strip.days]
    return "\n".join(" ".join(words[n : n + 7]) for n in range(0, len(words), 7))


def drawn(text: str) -> str:
    """The table as a test writes it."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def on_days(zone: str, kind: AskingKind, *days: date) -> list[Answered]:
    """Answers of that kind at noon on those local dates."""
    return [Answered(kind, datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))) for day in days]


def march(*days: int) -> list[date]:
    return [date(2027, 3, day) for day in days]


def waiting(kind: AskingKind, put_at: datetime) -> OpenAsking:
    return OpenAsking(AskingId(1), kind, AskingState.PUT, put_at, None, 0, None)


# Riyadh, Sunday to Thursday; Eid al-Fitr from 9 March 2027 on, and leave from 21 March.

RIYADH = Calendar("Asia/Riyadh", weekend_of("SA"), DaysOff("SA"), away=(Span(date(2027, 3, 21), date(2027, 3, 23)),))
TUESDAY = datetime(2027, 3, 16, 7, 0, tzinfo=UTC)  # 10:00 in Riyadh


def in_riyadh() -> Standing:
    joined = fresh(RIYADH, TUESDAY - timedelta(days=60))
    return replace(joined, last_lesson_on=date(2027, 3, 16), asked_on=(date(2027, 3, 16),))


def test_a_learner_in_riyadh_with_leave_and_eid() -> None:
    known = replace(
        in_riyadh(),
        reviews=(DueReview(LessonId("a"), date(2027, 3, 19)), DueReview(LessonId("b"), date(2027, 3, 30))),
        deadline_on=date(2027, 4, 1),
    )
    answered = on_days("Asia/Riyadh", AskingKind.DAY, *march(1, 3, 7, 8, 16))
    answered += on_days("Asia/Riyadh", AskingKind.REVIEW, *march(3, 8))
    strip = strip_of(known, LESSONS[20:], answered, TUESDAY, VOICE)
    assert table(strip) == drawn(
        """
        .    L   .   LR   .    -    -
        L    LR  -   -    -    -    -
        -    .   L!  l    l    -    -
        ~    ~   ~   lr   l    -    -
        l    l   lr  l    lD   -    -
        """
    )
    assert (strip.days[0].on, strip.first_weekday) == (date(2027, 2, 28), 7)
    assert strip.weekdays == ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
    assert strip.months == ("Feb", "Mar", "Apr")


def test_lessons_to_come_are_as_many_as_are_left_and_no_more() -> None:
    assert table(strip_of(in_riyadh(), LESSONS[41:], (), TUESDAY, VOICE)).count("l") == 3
    assert table(strip_of(in_riyadh(), (), (), TUESDAY, VOICE)).count("l") == 0


def test_nothing_is_to_come_after_the_deadline() -> None:
    known = replace(in_riyadh(), deadline_on=date(2027, 3, 18), reviews=(DueReview(LessonId("a"), date(2027, 3, 24)),))
    last_weeks = table(strip_of(known, LESSONS, (), TUESDAY, VOICE)).splitlines()[2:]
    assert last_weeks == ["- . ! l lD - -", "~ ~ ~ . . - -", ". . . . . - -"]


def test_what_is_overdue_is_no_debt_it_comes_one_a_day_from_tomorrow_on() -> None:
    overdue = tuple(DueReview(LESSONS[n], date(2027, 3, 1)) for n in range(3))
    known = replace(in_riyadh(), reviews=overdue)
    this_week = table(strip_of(known, LESSONS[20:], (), TUESDAY, VOICE)).splitlines()[2:4]
    assert this_week == ["- . ! lr lr - -", "~ ~ ~ lr l - -"]


def test_while_lessons_rest_nothing_is_to_come_and_the_deadline_stays() -> None:
    known = replace(in_riyadh(), state=EnrolmentState.PAUSED, deadline_on=date(2027, 3, 31))
    weeks = table(strip_of(known, LESSONS, (), TUESDAY, VOICE))
    assert "l" not in weeks
    assert weeks.endswith(". . . D . - -")


# London, Monday to Friday; Christmas.

LONDON = Calendar("Europe/London", weekend_of("GB"), DaysOff("GB", "ENG"))
MONDAY = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)


def in_london() -> Standing:
    return replace(fresh(LONDON, MONDAY - timedelta(days=20)), last_lesson_on=date(2026, 12, 14))


def test_a_learner_in_london_over_christmas_whose_lesson_of_today_is_open() -> None:
    known = replace(in_london(), open=(waiting(AskingKind.DAY, MONDAY),), asked_on=(date(2026, 12, 14),))
    answered = on_days("Europe/London", AskingKind.DAY, date(2026, 12, 10), date(2026, 12, 13))
    strip = strip_of(known, LESSONS[10:], answered, MONDAY, VOICE)
    assert table(strip) == drawn(
        """
        .    .   .   .    .    -    -
        .    .   .   L    .    -    L-
        l!   l   l   l    l    -    -
        l    l   l   l    -    -    -
        -    l   l   l    -    -    -
        """
    )
    assert strip.weekdays[0] == "Mon"
    assert strip.months == ("Nov", "Dec", "Jan")


def test_at_a_slower_pace_a_lesson_comes_every_so_many_working_days() -> None:
    known = replace(in_london(), pace=2, asked_on=(date(2026, 12, 14),))
    this_week = table(strip_of(known, LESSONS[10:], (), MONDAY, VOICE)).splitlines()[2:]
    assert this_week == ["! . l . l - -", ". l . l - - -", "- . l . - - -"]


def test_what_waits_since_last_week_stands_on_the_next_working_day_and_nowhere_else() -> None:
    saturday = datetime(2026, 12, 19, 12, tzinfo=UTC)
    known = replace(in_london(), open=(waiting(AskingKind.REVIEW, MONDAY),), asked_on=(date(2026, 12, 14),))
    this_week = table(strip_of(known, (), (), saturday, VOICE)).splitlines()[2:4]
    assert this_week == [". . . . . !- -", "r . . . - - -"]


# Dhaka, an alumna.

DHAKA = Calendar("Asia/Dhaka", weekend_of("BD"), DaysOff("BD"))
SUNDAY = datetime(2027, 2, 7, 6, 0, tzinfo=UTC)


def alumna(**changes: object) -> Standing:
    joined = fresh(DHAKA, SUNDAY - timedelta(days=200))
    known = replace(joined, state=EnrolmentState.COMPLETED, refresher_on=date(2027, 2, 12))
    return replace(known, deadline_on=date(2027, 2, 8), **changes)  # type: ignore[arg-type]  # named by the tests


def test_an_alumna_sees_her_refreshers_and_no_deadline() -> None:
    answered = on_days("Asia/Dhaka", AskingKind.REFRESHER, date(2027, 1, 28))
    assert table(strip_of(alumna(), (), answered, SUNDAY, VOICE)) == drawn(
        """
        -   .   .   .   R   -   -
        .   .   .   .   .   -   -
        !   .   .   .   .   -   -
        r   .   .   .   .   -   -
        -   .   .   .   .   -   -
        """
    )


@pytest.mark.parametrize(
    ("changes", "coming"),
    [
        ({"refresher_on": None}, 0),
        ({"consent_until_on": date(2027, 2, 10)}, 0),  # the yearly question comes first
        ({"measures": (DueMeasure(MeasureKind.CHECK_30, date(2027, 2, 12)),)}, 1),  # a check has no sign
        ({"open": (waiting(AskingKind.REFRESHER, SUNDAY - timedelta(days=2)),)}, 1),
    ],
)
def test_of_an_alumna_no_more_is_told_than_is_known(changes: dict[str, object], coming: int) -> None:
    assert table(strip_of(alumna(**changes), (), (), SUNDAY, VOICE)).count("r") == coming


def test_who_has_ended_sees_what_was() -> None:
    known = replace(in_riyadh(), state=EnrolmentState.ENDED, deadline_on=date(2027, 3, 18))
    weeks = table(strip_of(known, LESSONS, on_days("Asia/Riyadh", AskingKind.DAY, *march(3)), TUESDAY, VOICE))
    assert (weeks.count("L"), weeks.count("l"), weeks.count("D")) == (1, 0, 0)


@pytest.mark.parametrize(
    ("weekend", "first"),
    [({5, 6}, 7), ({6, 7}, 1), ({5}, 6), ({7}, 1), ({1, 5, 6}, 7), ({2, 4, 6, 7}, 1), ({5, 7}, 1), (set(), 1)],
)
def test_a_week_begins_after_the_weekend(weekend: set[int], first: int) -> None:
    assert first_weekday(weekend) == first


def test_an_answer_before_midnight_belongs_to_the_local_date() -> None:
    late = [Answered(AskingKind.DAY, datetime(2027, 3, 14, 22, 0, tzinfo=UTC))]  # 01:00 on Monday in Riyadh
    assert table(strip_of(in_riyadh(), (), late, TUESDAY, VOICE)).splitlines()[2] == "- L ! . . - -"
