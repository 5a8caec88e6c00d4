"""Working days, weekends and local time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar, weekend_of
from scheduler.errors import SchedulerError
from scheduler.zones import ZoneUnknown
from tests.support.clock_changes import ZONES, changes, moments

RIYADH = Calendar("Asia/Riyadh", frozenset({5, 6}))
LONDON = Calendar("Europe/London", frozenset({6, 7}))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("country", "subdivision", "weekend"),
    [
        ("SA", None, {5, 6}),
        ("AE", None, {6, 7}),
        ("BD", None, {5, 6}),
        ("GB", None, {6, 7}),
        ("IR", None, {5}),
        ("BN", None, {5, 7}),
        ("MY", None, {6, 7}),
        ("MY", "KDH", {5, 6}),
        ("MY", "KTN", {5, 6}),
        ("MY", "TRG", {5, 6}),
        ("MY", "JHR", {6, 7}),
        ("MY", "no such state", {6, 7}),
        ("XX", None, {6, 7}),
        ("gb", "ENG", {6, 7}),
    ],
)
def test_a_weekend_is_that_of_the_country_and_state(country: str, subdivision: str | None, weekend: set[int]) -> None:
    assert weekend_of(country, subdivision) == weekend


@pytest.mark.parametrize("zone", ["Nowhere/Land", "", "Europe", "../etc/passwd", "Asia/Riyadh\0", "x" * 5000])
def test_an_unknown_zone_is_refused_in_a_short_sentence(zone: str) -> None:
    with pytest.raises(ZoneUnknown, match="give one such as Asia/Riyadh") as refusal:
        Calendar(zone, frozenset({5, 6}))
    assert len(str(refusal.value)) < 120


@pytest.mark.parametrize("weekend", [frozenset(range(1, 8)), frozenset({0}), frozenset({8})])
def test_a_weekend_without_sense_is_refused(weekend: frozenset[int]) -> None:
    with pytest.raises(SchedulerError, match="weekend"):
        Calendar("Asia/Riyadh", weekend)


def test_working_days_are_counted_from_one() -> None:
    with pytest.raises(SchedulerError, match="from 1"):
        RIYADH.add_working(date(2026, 11, 22), 0)


def test_the_working_week_of_riyadh_starts_on_sunday() -> None:
    thursday, sunday = date(2026, 11, 26), date(2026, 11, 29)
    assert RIYADH.add_working(thursday, 1) == RIYADH.working_from(thursday + timedelta(days=1)) == sunday


def test_a_day_off_is_no_working_day() -> None:
    off = Calendar("Asia/Riyadh", frozenset({5, 6}), frozenset({date(2026, 11, 29)}))
    assert off.add_working(date(2026, 11, 26), 1) == date(2026, 11, 30)
    assert off.working_from(date(2026, 11, 29)) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "instant"),
    [
        ("Asia/Riyadh", date(2026, 11, 29), time(8, 30), "2026-11-29T05:30:00+00:00"),
        ("Europe/London", date(2026, 10, 25), time(1, 30), "2026-10-25T00:30:00+00:00"),  # twice: the first
        ("Europe/London", date(2026, 3, 29), time(1, 30), "2026-03-29T01:00:00+00:00"),  # skipped: 02:00
        ("America/Havana", date(2026, 3, 8), time(0, 0), "2026-03-08T05:00:00+00:00"),  # skipped: 01:00
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:30:00+00:00"),  # half an hour
        ("Pacific/Apia", date(2011, 12, 30), time(8, 30), "2011-12-30T10:00:00+00:00"),  # a day left out
    ],
)
def test_a_local_time_is_an_instant(zone: str, day: date, clock: time, instant: str) -> None:
    calendar = Calendar(zone, frozenset({6, 7}))
    assert calendar.instant(day, clock) == datetime.fromisoformat(instant)


def test_an_instant_is_given_in_utc() -> None:
    assert RIYADH.instant(date(2026, 11, 29), time(8, 30)).tzinfo is UTC


@given(moment=moments(), clock=st.times().map(lambda t: t.replace(microsecond=0)))
@settings(deadline=None)
def test_no_earlier_instant_of_the_day_has_reached_that_local_time(moment: tuple[str, datetime], clock: time) -> None:
    zone, at = moment
    calendar = Calendar(zone, frozenset({6, 7}))
    wanted = datetime.combine(calendar.day(at), clock)
    found = calendar.instant(wanted.date(), clock)
    assert calendar.local(found).replace(tzinfo=None) >= wanted
    assert calendar.local(found - SECOND).replace(tzinfo=None) < wanted


@given(moments())
@settings(deadline=None)
def test_a_day_ends_at_the_local_midnight(moment: tuple[str, datetime]) -> None:
    zone, at = moment
    calendar = Calendar(zone, frozenset({6, 7}))
    day = calendar.day(at)
    end = calendar.end_of(day)
    assert at < end
    assert calendar.day(end - SECOND) == day
    assert calendar.day(end) > day


@given(moment=moments(), n=st.integers(1, 30), off=st.sets(st.integers(0, 20), max_size=8))
@settings(deadline=None)
def test_the_nth_working_day_has_n_working_days_up_to_it(moment: tuple[str, datetime], n: int, off: set[int]) -> None:
    day = moment[1].date()
    calendar = Calendar("Asia/Riyadh", frozenset({5, 6}), frozenset(day + timedelta(days=o) for o in off))
    found = calendar.add_working(day, n)
    between = [day + timedelta(days=count) for count in range(1, (found - day).days + 1)]
    assert calendar.is_working(found)
    assert sum(map(calendar.is_working, between)) == n


def test_the_zones_of_these_tests_change_their_clocks() -> None:
    assert {zone: len(changes(zone)) for zone in ZONES} == {
        "Europe/London": 6,
        "America/New_York": 6,
        "Africa/Cairo": 6,
        "Asia/Beirut": 6,
        "Australia/Lord_Howe": 6,
        "Pacific/Apia": 1,
        "Asia/Riyadh": 0,
        "America/Havana": 6,
    }
