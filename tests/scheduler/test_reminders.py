"""Nudges in order, inside working hours, never two on one local date."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar
from scheduler.errors import SchedulerError
from scheduler.quiet_hours import QuietHours
from scheduler.reminders import WorkingHours, allowed_from, next_nudge
from tests.support.clock_changes import moments

RIYADH = Calendar("Asia/Riyadh", frozenset({5, 6}))


def nudges(put: str, calendar: Calendar = RIYADH) -> str:
    """All nudges about an asking that is never answered, each sent on time, as local weekday and hour."""
    put_at = datetime.fromisoformat(put).replace(tzinfo=calendar.local(datetime.fromisoformat(put + "Z")).tzinfo)
    told, nudged_on = [], None
    for sent in range(4):
        nudge = next_nudge(since_at=put_at, sent=sent, nudged_on=nudged_on, calendar=calendar)
        assert nudge is not None
        assert nudge.n == sent + 1
        nudged_on = calendar.day(nudge.at)
        told.append(f"{calendar.local(nudge.at):%a %H:%M}")
    return ", ".join(told)


@pytest.mark.parametrize(
    ("put", "told"),
    [
        ("2026-11-29T08:30", "Sun 12:30, Mon 09:00, Wed 09:00, Thu 09:00"),
        ("2026-11-29T03:00", "Sun 09:00, Mon 09:00, Wed 09:00, Thu 09:00"),
        ("2026-11-29T13:00", "Mon 09:00, Tue 09:00, Wed 09:00, Thu 09:00"),  # 17:00 is too late
        ("2026-12-03T08:30", "Thu 12:30, Sun 09:00, Tue 09:00, Wed 09:00"),  # over the weekend
        ("2026-12-03T20:00", "Sun 09:00, Mon 09:00, Tue 09:00, Wed 09:00"),
        ("2026-12-04T10:00", "Sun 09:00, Mon 09:00, Tue 09:00, Wed 09:00"),  # studied on a Friday
    ],
)
def test_an_unanswered_question_is_nudged_about(put: str, told: str) -> None:
    assert nudges(put) == told


def test_a_day_off_moves_what_would_fall_on_it() -> None:
    off = Calendar("Asia/Riyadh", frozenset({5, 6}), frozenset({date(2026, 11, 30)}))
    assert nudges("2026-11-29T08:30", off) == "Sun 12:30, Tue 09:00, Thu 09:00, Sun 09:00"


def test_nothing_follows_the_pause() -> None:
    put_at = datetime.fromisoformat("2026-11-29T08:30+03:00")
    assert next_nudge(since_at=put_at, sent=4, nudged_on=None, calendar=RIYADH) is None


def test_a_nudge_waits_for_the_day_after_any_other() -> None:
    put_at = datetime.fromisoformat("2026-11-29T08:30+03:00")
    nudge = next_nudge(since_at=put_at, sent=0, nudged_on=date(2026, 12, 3), calendar=RIYADH)
    assert nudge is not None
    assert nudge.at == datetime.fromisoformat("2026-12-06T09:00+03:00")


@pytest.mark.parametrize(("start", "end"), [(time(9), time(9)), (time(17), time(9))])
def test_working_hours_end_after_they_start(start: time, end: time) -> None:
    with pytest.raises(SchedulerError, match="after they start"):
        WorkingHours(start, end)


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (QuietHours(), WorkingHours()),
        (QuietHours(time(8), time(12)), WorkingHours()),
        (QuietHours(time(9), time(17)), WorkingHours(time(17), time.max)),
        (QuietHours(time(8), time(18)), WorkingHours(time(18), time.max)),
        (QuietHours(time(8), time(0)), WorkingHours(time(0), time(8))),
        (QuietHours(time(23), time(9)), WorkingHours()),
    ],
)
def test_quiet_hours_that_swallow_the_working_ones_leave_the_hours_after_them(
    quiet: QuietHours, hours: WorkingHours
) -> None:
    assert WorkingHours().beside(quiet) == hours


hours_of_work = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda h: h[0] < h[1])


@st.composite
def windows(draw: st.DrawFn) -> QuietHours:
    """Quiet hours of 1 to 16 whole hours."""
    start = draw(st.integers(0, 23))
    return QuietHours(time(start), time((start + draw(st.integers(1, 16))) % 24))


@given(moment=moments(), hours=hours_of_work, quiet=windows())
@settings(deadline=None)
@example(
    moment=("Africa/Cairo", datetime.fromisoformat("2026-10-29T21:00+00:00")),  # 23:00 comes twice
    hours=(0, 1),
    quiet=QuietHours(time(0), time(1)),
)
def test_the_allowed_instant_is_the_first_one(
    moment: tuple[str, datetime], hours: tuple[int, int], quiet: QuietHours
) -> None:
    zone, at = moment
    calendar = Calendar(zone, frozenset({5, 6}))
    wide = WorkingHours(time(hours[0]), time(hours[1])).beside(quiet)

    def allowed(instant: datetime) -> bool:
        clock = calendar.local(instant).time()
        working = calendar.is_working(calendar.day(instant)) and wide.start <= clock < wide.end
        return working and not quiet.covers(instant, zone)

    found = allowed_from(at, calendar=calendar, hours=wide, quiet=quiet)
    minute = at
    while not allowed(minute):
        minute += timedelta(minutes=15) if minute.minute % 15 == 0 else timedelta(minutes=1)
    assert found == minute
    assert allowed_from(found, calendar=calendar, hours=wide, quiet=quiet) == found


@given(moment=moments(), nudged=st.integers(-3, 3), sent=st.integers(0, 3))
@settings(deadline=None)
def test_a_nudge_falls_in_working_hours_of_a_day_without_one(
    moment: tuple[str, datetime], nudged: int, sent: int
) -> None:
    zone, put_at = moment
    calendar = Calendar(zone, frozenset({5, 6}))
    nudged_on = calendar.day(put_at) + timedelta(days=nudged)
    nudge = next_nudge(since_at=put_at, sent=sent, nudged_on=nudged_on, calendar=calendar)
    assert nudge is not None
    local = calendar.local(nudge.at)
    assert local.date() > nudged_on
    assert calendar.is_working(local.date())
    assert time(9) <= local.time() < time(17)
    assert nudge.at > put_at
