"""What holds for any standing and any way of studying, over clock changes above all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.course import Cadence, LessonId
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentState, MeasureKind
from scheduler.acts import AskMeasure, AskRefresher, AskReview, GiveLesson, PauseKindly, Remind, after
from scheduler.calendar import Calendar, Move, ShortDays
from scheduler.planner import plan
from scheduler.quiet_hours import QuietHours
from scheduler.reminders import WorkingHours
from scheduler.spans import Span
from scheduler.standing import DueMeasure, DueReview, OpenAsking, Standing
from tests.scheduler.studying import Answer, Study, fresh, hold_to_look_at
from tests.support.clock_changes import ZONES, changes, moments

weekends = st.sampled_from([frozenset({5, 6}), frozenset({6, 7}), frozenset({5}), frozenset({5, 7})])
hours = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))


@st.composite
def quiet_hours(draw: st.DrawFn) -> QuietHours:
    """The default as often as not, else any of 1 to 16 hours."""
    if draw(st.booleans()):
        return QuietHours()
    start = draw(hours)
    return QuietHours(start, time((start.hour + draw(st.integers(1, 16))) % 24, start.minute))


@st.composite
def calendars(draw: st.DrawFn, zone: str, now: datetime) -> Calendar:
    """A posting, as often as not with moves (over the date line too), leave, days off and short days around `now`."""
    alone = Calendar(zone, draw(weekends))
    if draw(st.booleans()):
        return alone
    near = st.integers(-6, 12).map(lambda n: _back(alone.day(now), n))
    spans = st.builds(lambda first, days: Span(first, _back(first, days)), near, st.integers(0, 5))
    moves = draw(st.lists(st.builds(Move, near, st.sampled_from(ZONES), weekends), max_size=2))
    short = st.builds(
        lambda span, start, n: ShortDays(span, time(start), time(start + n)),
        spans,
        st.integers(0, 18),
        st.integers(1, 5),
    )
    return replace(
        alone,
        days_off=frozenset(draw(st.lists(near, max_size=4))),
        moves=tuple(sorted(moves, key=lambda move: move.from_on)),
        away=tuple(draw(st.lists(spans, max_size=2))),
        short_days=tuple(draw(st.lists(short, max_size=1))),
    )


@st.composite
def standings(draw: st.DrawFn) -> tuple[Standing, datetime]:
    """Anything that the store could say of an enrolment, and an instant at which it is planned."""
    zone, now = draw(moments())
    calendar = draw(calendars(zone, now))
    today = calendar.day(now)
    days = st.integers(-9, 9).map(lambda n: today + timedelta(days=n))
    past = st.timedeltas(timedelta(), timedelta(days=9)).map(lambda ago: now - ago)

    def opened(number: int) -> OpenAsking:
        state = draw(st.sampled_from([AskingState.PLANNED, AskingState.PUT, AskingState.CHOSEN]))
        put_at = None if state is AskingState.PLANNED else draw(past)
        chosen_at = draw(past) if state is AskingState.CHOSEN else None
        nudged_on = draw(st.none() | st.integers(-9, 0).map(lambda n: today + timedelta(days=n)))
        kind = draw(st.sampled_from(AskingKind))
        return OpenAsking(AskingId(number), kind, state, put_at, chosen_at, draw(st.integers(0, 4)), nudged_on)

    due = draw(st.lists(days, max_size=14))
    known = Standing(
        enrolment=fresh(calendar, now).enrolment,
        state=draw(st.sampled_from([EnrolmentState.ACTIVE] * 5 + list(EnrolmentState))),
        calendar=calendar,
        slot=draw(hours),
        quiet=draw(quiet_hours()),
        first_on=draw(days),
        free_since_at=draw(past),
        next_lesson=draw(st.sampled_from([LessonId("new"), LessonId("new"), None])),
        last_lesson_on=draw(st.none() | days.filter(lambda day: day <= today)),
        asked_on=tuple(draw(st.lists(st.integers(-3, 0), max_size=3).map(lambda ns: [_back(today, n) for n in ns]))),
        open=tuple(opened(number) for number in range(1, draw(st.sampled_from([0, 0, 1, 1, 2, 3])) + 1)),
        reviews=tuple(DueReview(LessonId(f"old-{n}"), on) for n, on in enumerate(due)),
        refresher_on=draw(st.none() | days),
        cadence=draw(st.sampled_from([Cadence(), Cadence(questions_a_day=1), Cadence(questions_a_day=3)])),
        seen_at=draw(st.none() | past),
        pace=draw(st.sampled_from([1, 1, 2, 3])),
        deadline_on=draw(st.none() | days),
        measures=tuple(
            DueMeasure(kind, on) for kind, on in draw(st.dictionaries(st.sampled_from(MeasureKind), days)).items()
        ),
        measured_on=draw(st.none() | days.filter(lambda day: day <= today)),
        silences=draw(st.integers(0, 3)),
        consent_until_on=draw(st.none() | days),
        renewal_on=draw(st.none() | days.filter(lambda day: day <= today)),
    )
    return known, now


def _back(day: date, n: int) -> date:
    return day + timedelta(days=n)


def hold_to_the_rules(known: Standing, now: datetime) -> None:
    """Every promise of the planner at one instant."""
    found = plan(known, now)
    done = after(known, found.acts)
    assert plan(done, now).acts == ()
    assert plan(done, now).look_at == found.look_at
    hold_to_look_at(done, now, found.look_at)
    sends = [act for act in found.acts if isinstance(act, GiveLesson | AskReview | AskMeasure | AskRefresher)]
    nudges = [act for act in found.acts if isinstance(act, Remind | PauseKindly)]
    for act in sends:
        served = now.astimezone(ZoneInfo(known.calendar.zone_on(act.on)))
        assert served.date() == act.on
        assert act.due_at <= now
        assert known.calendar.is_working(act.on)
        assert not known.quiet.hold(served.time())
    for date_, asked in _asked_on(sends).items():
        assert asked + known.asked_on.count(date_) <= known.cadence.questions_a_day
    assert sum(isinstance(act, GiveLesson) for act in sends) <= 1
    assert len(nudges) <= 1
    if nudges:
        today = known.calendar.day(now)
        short = known.calendar.short_on(today)
        usual = WorkingHours(short.start, short.end) if short else WorkingHours()
        window = usual.beside(known.quiet)
        assert window.start <= known.calendar.local(now).time() < window.end
        assert known.calendar.is_working(today)
        assert not known.quiet.covers(now, known.calendar.zone_at(now))
        assert all(asking.nudged_on != today for asking in known.open)


def _asked_on(acts: Sequence[GiveLesson | AskReview | AskMeasure | AskRefresher]) -> Counter[date]:
    return Counter(act.on for act in acts if isinstance(act, GiveLesson | AskReview))


@given(standings())
@settings(max_examples=100, deadline=None)
def test_a_plan_keeps_the_rules_and_is_a_fixed_point(case: tuple[Standing, datetime]) -> None:
    hold_to_the_rules(*case)


@pytest.mark.slow
@given(standings())
@settings(max_examples=1_000, deadline=None)
def test_a_plan_keeps_the_rules_and_is_a_fixed_point_in_depth(case: tuple[Standing, datetime]) -> None:
    hold_to_the_rules(*case)


answers = st.builds(
    Answer,
    correct=st.booleans(),
    sure=st.sampled_from([True, True, False, None]),
    wait=st.timedeltas(timedelta(minutes=1), timedelta(hours=30)).map(
        lambda t: timedelta(minutes=t // timedelta(minutes=1))
    ),
)
habits = st.lists(st.none() | answers | answers | answers | answers, min_size=1, max_size=12)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Someone who joins in the week before a clock change, studies by any habit, and lives through an outage."""
    zone = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from(changes(zone))) if changes(zone) else datetime(2026, 11, 25, 17, tzinfo=UTC)
    joined = near - timedelta(minutes=draw(st.integers(0, 7 * 24 * 60)))
    calendar = Calendar(zone, draw(weekends))
    known = fresh(calendar, joined, slot=draw(hours), quiet=draw(quiet_hours()))
    habit = draw(habits)
    gone = joined + timedelta(minutes=draw(st.integers(0, 20 * 24 * 60)))
    back = gone + timedelta(hours=draw(st.integers(1, 60)))
    lessons = [LessonId(f"l{n}") for n in range(draw(st.integers(1, 15)))]
    return Study(known, lessons, lambda n, _: habit[n % len(habit)], joined, down=[(gone, back)])


def hold_to_the_days(study: Study, days: int) -> None:
    """Nothing outside the person's hours, never over the cap, one nudge a day, and no day without its lesson."""
    joined = study.now
    study.until(joined + timedelta(days=days))
    calendar, quiet = study.standing.calendar, study.standing.quiet
    for when, act in study.acts:
        if isinstance(act, GiveLesson | AskReview | AskRefresher | Remind | PauseKindly):
            assert not quiet.covers(when, calendar.zone)
            assert calendar.is_working(calendar.day(when))
    asked = Counter(act.on for _, act in study.acts if isinstance(act, GiveLesson | AskReview))
    assert max(asked.values(), default=0) <= 2
    given = Counter(act.on for _, act in study.acts if isinstance(act, GiveLesson))
    assert max(given.values(), default=0) <= 1
    nudged = Counter(calendar.day(when) for when, act in study.acts if isinstance(act, Remind | PauseKindly))
    assert max(nudged.values(), default=0) <= 1


@given(studies())
@settings(max_examples=40, deadline=None)
def test_any_learner_is_taught_within_the_rules(study: Study) -> None:
    hold_to_the_days(study, 24)


@pytest.mark.slow
@given(studies())
@settings(max_examples=400, deadline=None)
def test_any_learner_is_taught_within_the_rules_in_depth(study: Study) -> None:
    hold_to_the_days(study, 60)


@given(moment=moments(), weekend=weekends, quiet=quiet_hours(), slot=hours)
@settings(max_examples=60, deadline=None)
def test_who_answers_at_once_gets_a_lesson_every_working_day(
    moment: tuple[str, datetime], weekend: frozenset[int], quiet: QuietHours, slot: time
) -> None:
    zone, joined = moment
    calendar = Calendar(zone, weekend)
    first_on = calendar.day(joined) + timedelta(days=1)
    known = fresh(calendar, joined, slot=slot, quiet=quiet, first_on=first_on)
    study = Study(known, [LessonId(f"l{n}") for n in range(30)], lambda _, __: Answer(wait=timedelta()), joined)
    study.until(calendar.end_of(first_on + timedelta(days=9)))
    days = [first_on + timedelta(days=n) for n in range(10)]
    skipped = date(2011, 12, 30) if zone == "Pacific/Apia" else None
    expected = [day for day in days if calendar.is_working(day) and day != skipped]
    assert [act.on for _, act in study.acts if isinstance(act, GiveLesson)] == expected


def test_a_new_zone_gives_no_local_date_two_lessons() -> None:
    apia, honolulu = (Calendar(zone, frozenset({6, 7})) for zone in ("Pacific/Apia", "Pacific/Honolulu"))
    joined = apia.instant(date(2026, 11, 29), time(20))
    study = Study(fresh(apia, joined), [LessonId(f"l{n}") for n in range(9)], lambda _, __: Answer(), joined)
    study.until(apia.instant(date(2026, 12, 2), time(12)))
    study.standing = replace(study.standing, calendar=honolulu)
    study.until(honolulu.instant(date(2026, 12, 4), time(12)))
    assert [act.on.day for _, act in study.acts if isinstance(act, GiveLesson)] == [30, 1, 2, 3, 4]
