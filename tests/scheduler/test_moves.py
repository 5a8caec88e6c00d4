"""Postings that follow one another: which local date an instant belongs to, and when a slot of that date is.

Los Angeles and Tokyo lie on either side of the date line: eastwards two dates overlap, westwards some hours have none.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar, Move, ShortDays
from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours
from scheduler.reminders import WorkingHours
from scheduler.slots import Slot, slot_after, slot_at, slot_on
from scheduler.spans import Span
from tests.support.clock_changes import ZONES

TOKYO, ANGELES = "Asia/Tokyo", "America/Los_Angeles"
WEEKEND = frozenset({6, 7})
WEDNESDAY = date(2026, 12, 9)
EAST = Calendar(ANGELES, WEEKEND, moves=(Move(WEDNESDAY, TOKYO, WEEKEND),))
WEST = Calendar(TOKYO, WEEKEND, moves=(Move(WEDNESDAY, ANGELES, WEEKEND),))
AT, QUIET = time(8, 30), QuietHours()


def utc(told: str) -> datetime:
    """`09 15:00` of December 2026, UTC."""
    return datetime.fromisoformat(f"2026-12-{told}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "at", "day", "latest"),
    [
        (EAST, "08 14:59", 8, 8),  # Tokyo's Wednesday has not begun
        (EAST, "08 15:00", 8, 9),  # it has; Los Angeles still has its Tuesday
        (EAST, "09 07:59", 8, 9),
        (EAST, "09 08:00", 9, 9),  # Tuesday is over in Los Angeles as well
        (WEST, "08 14:59", 8, 8),
        (WEST, "08 15:00", 8, 8),  # Tokyo's Tuesday is over, Wednesday waits for Los Angeles
        (WEST, "09 07:59", 8, 8),
        (WEST, "09 08:00", 9, 9),
    ],
)
def test_an_instant_belongs_to_a_local_date(calendar: Calendar, at: str, day: int, latest: int) -> None:
    assert calendar.day(utc(at)) == date(2026, 12, day)
    assert calendar.latest_day(utc(at)) == date(2026, 12, latest)


@pytest.mark.parametrize(
    ("calendar", "slots"),
    [
        (EAST, ["07 16:30", "08 16:30", "08 23:30", "09 23:30"]),  # Mon, Tue in Los Angeles; Wed, Thu in Tokyo
        (WEST, ["06 23:30", "07 23:30", "09 16:30", "10 16:30"]),
    ],
)
def test_every_local_date_has_one_slot_in_the_zone_of_its_posting(calendar: Calendar, slots: list[str]) -> None:
    found = [slot_on(calendar, AT, day=date(2026, 12, day), quiet=QUIET) for day in (7, 8, 9, 10)]
    assert [slot.at for slot in found if slot] == [utc(at) for at in slots]
    at, walked = utc("05 12:00"), list[Slot]()
    while len(walked) < 4:
        walked.append(slot_after(calendar, AT, after=at, not_before=date(2026, 12, 1), quiet=QUIET))
        at = walked[-1].at
    assert [slot.day.day for slot in walked] == [7, 8, 9, 10]


def test_nothing_can_be_sent_in_the_hours_that_belong_to_no_date() -> None:
    hour = utc("08 12:00")  # nine in the evening in Tokyo
    while hour < utc("09 16:30"):
        assert slot_at(WEST, AT, now=hour, quiet=QUIET) is None
        hour += timedelta(minutes=30)
    assert WorkingHours().from_(utc("08 15:00"), WEST) == utc("09 17:00")  # nine in Los Angeles


def test_where_two_dates_overlap_the_later_slot_counts() -> None:
    slot = slot_at(EAST, AT, now=utc("08 23:30"), quiet=QUIET)
    assert slot is not None
    assert slot.day == WEDNESDAY


def test_a_day_lasts_until_the_next_one_begins() -> None:
    assert EAST.end_of(date(2026, 12, 8)) == utc("09 08:00")
    assert WEST.end_of(date(2026, 12, 8)) == utc("09 08:00")  # 41 hours after it began in Tokyo
    assert WEST.own_midnight(date(2026, 12, 8)) == utc("08 15:00")


def test_leave_and_days_off_are_no_working_days_and_short_days_move_the_slot() -> None:
    riyadh = Calendar(
        "Asia/Riyadh",
        frozenset({5, 6}),
        days_off=frozenset({date(2026, 12, 6)}),
        away=(Span(date(2026, 12, 8), date(2026, 12, 9)),),
        short_days=(ShortDays(Span(date(2026, 12, 10), date(2026, 12, 10)), time(10), time(14)),),
    )
    days = [day.day for day, _ in zip(riyadh.working_days(date(2026, 12, 3)), range(4), strict=False)]
    assert days == [3, 7, 10, 13]
    assert riyadh.working_back(date(2026, 12, 10), 2) == date(2026, 12, 3)
    short = slot_on(riyadh, AT, day=date(2026, 12, 10), quiet=QUIET)
    assert short is not None
    assert riyadh.local(short.at).time() == time(10)
    assert WorkingHours().from_(riyadh.instant(date(2026, 12, 10), time(14)), riyadh) == riyadh.instant(
        date(2026, 12, 13), time(9)
    )


def test_short_days_must_have_a_length() -> None:
    with pytest.raises(SchedulerError, match="must end after they start"):
        ShortDays(Span(WEDNESDAY, WEDNESDAY), time(14), time(10))


@given(
    st.sampled_from(ZONES),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from(ZONES)), max_size=3),
    st.timedeltas(timedelta(), timedelta(days=25)),
)
@settings(deadline=None)
def test_days_go_forward_and_end_where_the_next_begins(
    zone: str, moves: list[tuple[int, str]], ahead: timedelta
) -> None:
    first = date(2026, 10, 20)
    dated = sorted(dict(moves).items())
    calendar = Calendar(zone, WEEKEND, moves=tuple(Move(first + timedelta(days=n), name, WEEKEND) for n, name in dated))
    at = datetime(2026, 10, 19, tzinfo=UTC) + ahead
    day = calendar.day(at)
    assert at < calendar.end_of(day)
    assert calendar.day(calendar.end_of(day)) == day + timedelta(days=1)
    assert calendar.day(calendar.end_of(day) - timedelta(seconds=1)) == day
    assert day <= calendar.latest_day(at) <= day + timedelta(days=1)
