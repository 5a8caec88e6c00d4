"""Quiet hours, above all when clocks change."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scheduler.broadcast import due_for, eta
from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours
from tests.support.clock_changes import moments

MINUTE = timedelta(minutes=1)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@st.composite
def windows(draw: st.DrawFn) -> QuietHours:
    """Quiet hours of a quarter of an hour to 16 hours, more often than not around the hours of clock changes."""
    start = draw(st.one_of(clocks, st.builds(time, st.sampled_from([22, 23, 0, 1, 2, 3]), st.just(30))))
    length = draw(st.integers(1, 64))
    end = (datetime(2026, 1, 1, start.hour, start.minute, tzinfo=UTC) + length * timedelta(minutes=15)).time()
    return QuietHours(start, end)


@pytest.mark.parametrize(("start", "end"), [(time(7), time(7)), (time(7), time(23, 1)), (time(21), time(13, 30))])
def test_windows_of_no_length_or_more_than_16_hours_are_refused(start: time, end: time) -> None:
    with pytest.raises(SchedulerError, match="quiet hours"):
        QuietHours(start, end)


@pytest.mark.parametrize(
    ("local", "quiet"),
    [("20:59", False), ("21:00", True), ("23:30", True), ("03:00", True), ("06:59", True), ("07:00", False)],
)
def test_the_default_is_nine_in_the_evening_to_seven(local: str, quiet: bool) -> None:
    at = datetime.fromisoformat(f"2026-11-23T{local}:00+03:00")
    assert QuietHours().covers(at, "Asia/Riyadh") is quiet


@pytest.mark.parametrize(
    ("at", "free_at"),
    [
        ("2026-11-23T20:59:00+03:00", "2026-11-23T20:59:00+03:00"),
        ("2026-11-23T21:00:00+03:00", "2026-11-24T07:00:00+03:00"),
        ("2026-11-24T03:00:00+03:00", "2026-11-24T07:00:00+03:00"),
    ],
)
def test_free_at_is_the_instant_itself_or_the_morning(at: str, free_at: str) -> None:
    found = QuietHours().free_at(datetime.fromisoformat(at), "Asia/Riyadh")
    assert found == datetime.fromisoformat(free_at)


def test_a_repeated_hour_is_not_answered_with_the_past() -> None:
    second_quarter_past_one = datetime.fromisoformat("2026-10-25T01:15:00+00:00")
    found = QuietHours(time(0, 0), time(1, 30)).free_at(second_quarter_past_one, "Europe/London")
    assert found == datetime.fromisoformat("2026-10-25T01:30:00+00:00")


def test_the_day_that_the_date_line_skips_is_slept_through() -> None:
    evening = datetime.fromisoformat("2011-12-29T22:00:00-10:00")
    found = QuietHours().free_at(evening, "Pacific/Apia")
    assert found == datetime.fromisoformat("2011-12-31T07:00:00+14:00")


@given(moment=moments(), quiet=windows())
@settings(deadline=None)
@example(
    moment=("Europe/London", datetime.fromisoformat("2026-10-25T00:45:00+00:00")),
    quiet=QuietHours(time(1, 30), time(6, 0)),
)
def test_free_at_is_the_first_free_minute(moment: tuple[str, datetime], quiet: QuietHours) -> None:
    zone, at = moment
    found = quiet.free_at(at, zone)
    minute = at
    while quiet.covers(minute, zone):
        minute += MINUTE
    assert found == minute


@given(moment=moments(), quiet=windows(), seconds=st.floats(0, 60))
@settings(deadline=None)
def test_free_at_is_never_quiet_never_past_and_settled(
    moment: tuple[str, datetime], quiet: QuietHours, seconds: float
) -> None:
    zone, at = moment[0], moment[1] + timedelta(seconds=seconds)
    found = quiet.free_at(at, zone)
    assert found >= at
    assert not quiet.covers(found, zone)
    assert quiet.free_at(found, zone) == found
    assert due_for(at, quiet, zone) == found


@given(moment=moments(), quiet=windows())
@settings(deadline=None)
def test_the_last_quiet_instant_is_followed_by_a_free_one(moment: tuple[str, datetime], quiet: QuietHours) -> None:
    zone, at = moment
    assume(quiet.covers(at, zone))
    assert quiet.covers(quiet.free_at(at, zone) - timedelta(microseconds=1), zone)


@pytest.mark.parametrize(
    ("recipients", "per_second", "seconds"), [(0, 25, 0), (1, 25, 1), (1000, 25, 40), (1001, 25, 41), (3, 0.5, 6)]
)
def test_a_broadcast_takes_as_long_as_the_gate_lets_it(recipients: int, per_second: float, seconds: int) -> None:
    assert eta(recipients, per_second) == timedelta(seconds=seconds)


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(SchedulerError, match="above 0"):
        eta(10, 0)
