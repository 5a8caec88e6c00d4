from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import SchedulerError
from scheduler.spans import Span, apart, thaw

A_DAY = timedelta(days=1)
DATES = st.dates(date(2026, 12, 1), date(2027, 3, 31))
SPANS = st.builds(lambda first, days: Span(first, first + timedelta(days=days)), DATES, st.integers(0, 20))
SEVERAL = st.lists(SPANS, max_size=8)


def march(first: int, last: int) -> Span:
    return Span(date(2027, 3, first), date(2027, 3, last))


def covered(spans: Sequence[Span]) -> set[date]:
    return {day for span in spans for day in span}


def test_a_span_holds_its_first_and_its_last_date() -> None:
    leave = march(12, 14)

    assert list(leave) == [date(2027, 3, 12), date(2027, 3, 13), date(2027, 3, 14)]
    assert leave.days == 3
    assert date(2027, 3, 12) in leave
    assert date(2027, 3, 14) in leave
    assert date(2027, 3, 11) not in leave
    assert date(2027, 3, 15) not in leave


def test_a_span_may_be_one_day_long_but_cannot_end_before_it_starts() -> None:
    assert march(12, 12).days == 1
    with pytest.raises(SchedulerError, match="2027-03-11 before it starts on 2027-03-12"):
        march(12, 11)


def test_a_span_may_reach_the_last_date_there_is() -> None:
    assert list(Span(date.max - A_DAY, date.max)) == [date.max - A_DAY, date.max]


@pytest.mark.parametrize(
    ("due", "since", "frozen", "moved"),
    [
        (15, 10, [], 15),
        (15, 10, [march(20, 25)], 15),
        (15, 10, [march(12, 13)], 17),
        (15, 10, [march(15, 15)], 16),
        (15, 10, [march(12, 16)], 20),
        (15, 10, [march(8, 11)], 16),  # what was frozen before the counting began does not count
        (15, 10, [march(12, 14), march(13, 14)], 18),  # a date frozen twice counts once
        (15, 10, [march(12, 13), march(17, 18)], 19),  # the moved date meets the next span
        (15, 10, [march(16, 18)], 15),
        (10, 10, [march(10, 12)], 10),  # nothing lies between
        (9, 10, [march(8, 20)], 9),
    ],
)
def test_a_due_date_moves_by_the_frozen_dates_before_it(due: int, since: int, frozen: list[Span], moved: int) -> None:
    assert thaw(date(2027, 3, due), since=date(2027, 3, since), frozen=frozen) == date(2027, 3, moved)


@given(spans=SEVERAL)
def test_spans_taken_apart_hold_the_same_dates_each_once(spans: list[Span]) -> None:
    dates = [day for span in apart(spans) for day in span]

    assert dates == sorted(covered(spans))


@given(spans=SEVERAL, since=DATES, wait=st.integers(1, 60))
def test_the_wait_that_is_not_frozen_stays_the_same(spans: list[Span], since: date, wait: int) -> None:
    moved = thaw(since + wait * A_DAY, since=since, frozen=spans)

    open_dates = [day for day in Span(since + A_DAY, moved) if day not in covered(spans)]
    assert len(open_dates) == wait
    assert moved == open_dates[-1]


@given(spans=SEVERAL, since=DATES, wait=st.integers(1, 60))
def test_the_moved_date_is_the_fixed_point(spans: list[Span], since: date, wait: int) -> None:
    due = since + wait * A_DAY
    moved = thaw(due, since=since, frozen=spans)

    assert moved == due + len([day for day in covered(spans) if since < day <= moved]) * A_DAY


@given(spans=SEVERAL, since=DATES, wait=st.integers(0, 60))
def test_nothing_due_by_the_date_of_counting_moves(spans: list[Span], since: date, wait: int) -> None:
    assert thaw(since - wait * A_DAY, since=since, frozen=spans) == since - wait * A_DAY
