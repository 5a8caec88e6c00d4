"""The budget of messages a second: slots, pauses, the climb back, what is paid for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.pacing import CLIMB, SLOWEST, Pace, Rates, at, paused, reserve, went_ahead

NOW = datetime(2026, 11, 26, 6, tzinfo=UTC)
RATES = Rates(25)
SECOND = timedelta(seconds=1)


def begun(rates: Rates = RATES, now: datetime = NOW) -> Pace:
    return at(None, rates, now)


def most_in_a_second(slots: list[datetime]) -> int:
    return max(sum(start <= each < start + SECOND for each in slots) for start in slots)


def test_the_first_slot_is_now_and_the_next_follow_at_the_rate() -> None:
    _, slots = reserve(begun(), RATES, 4)
    assert [(slot - NOW).total_seconds() for slot in slots] == [0, 0.04, 0.08, 0.12]


def test_a_quiet_hour_saves_nothing_up() -> None:
    pace, before = reserve(begun(), RATES, 30)
    _, slots = reserve(at(pace, RATES, NOW + timedelta(hours=1)), RATES, 60)
    assert most_in_a_second(before + slots) <= 25


def test_a_lead_leaves_time_for_the_commit() -> None:
    _, slots = reserve(begun(), RATES, 1, lead=timedelta(milliseconds=20))
    assert slots == [NOW + timedelta(milliseconds=20)]


@given(
    st.floats(1, 1000),
    st.lists(st.tuples(st.integers(0, 40), st.floats(0, 3), st.integers(0, 3)), min_size=1, max_size=30),
)
def test_however_it_is_asked_no_second_holds_more_than_the_rate(
    rate: float, asked: list[tuple[int, float, int]]
) -> None:
    rates, pace, now, slots = Rates(rate), begun(Rates(rate)), NOW, list[datetime]()
    for n, later, ahead in asked:
        now += timedelta(seconds=later)
        pace, more = reserve(went_ahead(at(pace, rates, now), rates, ahead), rates, n)
        slots += more
    assert slots == sorted(slots)
    if slots:
        assert most_in_a_second(slots) <= rate + 1


def test_calls_that_went_ahead_push_bulk_back() -> None:
    pace = went_ahead(begun(), RATES, 5)
    _, (slot,) = reserve(pace, RATES, 1)
    assert slot == NOW + timedelta(seconds=0.2)


def test_a_pause_lets_nothing_through_and_then_half_the_rate() -> None:
    pace = paused(begun(), RATES, 7)
    _, slots = reserve(pace, RATES, 2)
    assert slots[0] == NOW + timedelta(seconds=7)
    assert (slots[1] - slots[0]).total_seconds() == pytest.approx(1 / 12.5)


def test_the_rate_climbs_back_call_by_call() -> None:
    _, slots = reserve(paused(begun(), RATES, 1), RATES, CLIMB)
    waits = [(after - before).total_seconds() for before, after in pairwise(slots)]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] == pytest.approx(0.04)


def test_many_429s_of_one_storm_halve_the_rate_once() -> None:
    pace = begun()
    for _ in range(10):
        pace = paused(pace, RATES, 3)
    assert pace.rate == 12.5


def test_storm_after_storm_leaves_a_sixteenth() -> None:
    pace = begun()
    for n in range(20):
        pace = paused(at(pace, RATES, NOW + timedelta(minutes=n)), RATES, 1)
    assert pace.rate == 25 / SLOWEST


def test_a_shorter_pause_opens_nothing_sooner() -> None:
    pace = paused(paused(begun(), RATES, 10), RATES, 1)
    assert pace.open_at == NOW + timedelta(seconds=10)


def test_a_clock_that_is_set_back_an_hour_holds_nothing_up() -> None:
    pace, _ = reserve(begun(), RATES, 25)
    _, (slot,) = reserve(at(pace, RATES, NOW - timedelta(hours=1)), RATES, 1)
    assert slot == NOW - timedelta(hours=1) + SECOND


def test_a_pause_keeps_its_length_when_the_clock_is_set_back() -> None:
    pace = paused(begun(), RATES, 30)
    assert at(pace, RATES, NOW - timedelta(hours=1)).open_at == NOW - timedelta(hours=1) + timedelta(seconds=30)


PAID = Rates(30, paid=1000, stars_a_day=100)


def test_paid_broadcasts_follow_at_the_paid_rate_and_are_counted() -> None:
    pace, slots = reserve(begun(PAID), PAID, 3, paid=True)
    assert (slots[1] - slots[0]).total_seconds() == pytest.approx(0.001)
    assert pace.paid_for(PAID, NOW) == 997


def test_the_budget_is_a_day_s_and_begins_anew_at_midnight() -> None:
    pace, _ = reserve(begun(PAID), PAID, 1000, paid=True)
    assert pace.paid_for(PAID, NOW) == 0
    tomorrow = NOW + timedelta(days=1)
    pace, _ = reserve(at(pace, PAID, tomorrow), PAID, 1, paid=True)
    assert pace.paid_for(PAID, tomorrow) == 999


@pytest.mark.parametrize("rates", [Rates(30), Rates(30, paid=1000), Rates(30, paid=20, stars_a_day=100)])
def test_without_a_rate_and_a_budget_nothing_is_paid_for(rates: Rates) -> None:
    assert begun(rates).paid_for(rates, NOW) == 0
