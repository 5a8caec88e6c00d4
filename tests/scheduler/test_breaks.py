"""Days off in a row under one name."""

from datetime import date

import pytest

from scheduler.breaks import Break, breaks
from scheduler.public_holidays import DaysOff
from scheduler.spans import Span


def day(month: int, on: int) -> date:
    return date(2027, month, on)


YEAR = Span(day(1, 1), day(12, 31))
TABLE = [
    ("SA", {5, 6}, Break("Eid al-Fitr Holiday", Span(day(3, 9), day(3, 14)), estimated=True)),  # over a weekend
    ("SA", {5, 6}, Break("National Day Holiday", Span(day(9, 23), day(9, 23)), estimated=False)),
    ("JP", {6, 7}, Break("Vernal Equinox Day", Span(day(3, 21), day(3, 22)), estimated=False)),  # Sunday and Monday
    ("GB", {6, 7}, Break("Christmas Day", Span(day(12, 25), day(12, 28)), estimated=False)),
]


@pytest.mark.parametrize(("country", "weekend", "found"), TABLE)
def test_holidays_in_a_row_are_one_break_under_the_name_of_most_of_its_days(
    country: str, weekend: set[int], found: Break
) -> None:
    assert found in [*breaks(DaysOff(country), weekend, YEAR)]


def test_what_falls_on_the_weekend_alone_is_left_out() -> None:
    arafah = Span(day(5, 15), day(5, 15))  # a Saturday, and a Friday and a Saturday are the weekend
    assert [*breaks(DaysOff("SA"), {5, 6}, arafah)] == []
    assert [each.name for each in breaks(DaysOff("SA"), {6, 7}, YEAR) if day(2, 22) in each.span] == [
        "Founding Day Holiday"
    ]


def test_a_working_day_parts_two_breaks() -> None:
    spans = [each.span for each in breaks(DaysOff("BD"), {5, 6}, Span(day(3, 6), day(3, 12)))]
    assert spans == [Span(day(3, 7), day(3, 7)), Span(day(3, 10), day(3, 12))]


def test_breaks_are_cut_to_the_dates_asked_for_and_skip_what_was_struck() -> None:
    within = Span(day(3, 10), day(3, 11))
    assert [each.span for each in breaks(DaysOff("SA"), {5, 6}, within)] == [within]
    struck = DaysOff("SA", struck=frozenset({day(3, 10)}))
    assert [each.span for each in breaks(struck, {5, 6}, within)] == [Span(day(3, 11), day(3, 11))]
