"""What an evidence pack says, and what it keeps to itself."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.enrolment import EnrolmentId
from lessons.evidence import SIDES, Person, pack
from lessons.measures import Calibration, Result, Score


def person(n: int, *, weeks: float | None = 12.0, **groups: str) -> Person:
    return Person(EnrolmentId(n), True, weeks, groups)


def result(right: int, sure_right: int = 3, sure_wrong: int = 1) -> Result:
    return Result(Score(right, 10), {}, Calibration(sure_right, sure_wrong, right - sure_right, 9 - right))


def of(count: int, right: int, first: int = 0) -> dict[EnrolmentId, Result]:
    return {EnrolmentId(n): result(right) for n in range(first, first + count)}


def test_shares_are_of_the_same_people_at_both_times() -> None:
    people = [person(n) for n in range(20)]
    measured = {"baseline": of(20, 4), "check-30": of(10, 8)}
    found = pack(people, waiting=3, measured=measured, ended={EnrolmentId(n): Score(9, 10) for n in range(12)})
    assert (found.invited, found.enrolled, found.completed) == (23, 20, 20)
    assert [(c.point, c.people) for c in found.compared] == [("end", 12)]  # ten and twelve differ by two people
    assert (found.compared[0].before, found.compared[0].after) == (0.4, 0.9)
    later = pack(people, waiting=0, measured={"baseline": of(20, 4), "check-30": of(10, 8)}, ended={})
    assert [(c.point, c.people, c.after) for c in later.compared] == [("check-30", 10, 0.8)]
    assert later.compared[0].sure_right == (0.3, 0.3)


def test_an_empty_cohort_and_one_of_three_say_nothing_about_persons() -> None:
    empty = pack([], waiting=0, measured={}, ended={})
    assert (empty.enrolled, empty.baseline, empty.compared, empty.weeks, empty.curve) == (0, None, (), None, ())
    three = [person(n, sex="female", mission="Riyadh", rank="Counsellor") for n in range(3)]
    few = pack(three, waiting=0, measured={"baseline": of(3, 4), "check-30": of(3, 9)}, ended={})
    assert (few.baseline, few.compared, few.weeks, few.curve) == (None, (), None, ())
    assert set(few.groups.values()) == {None}


def test_weeks_are_quarters_from_ten_people_on() -> None:
    nine = pack([person(n, weeks=10 + n) for n in range(9)], waiting=0, measured={}, ended={})
    assert nine.weeks is None
    ten = pack([person(n, weeks=10 + n) for n in range(10)], waiting=0, measured={}, ended={})
    assert ten.weeks is not None
    assert (ten.weeks.people, ten.weeks.middle) == (10, 14.5)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.booleans()), max_size=60))
def test_no_group_and_no_count_of_it_is_fewer_than_five_people(rows: list[tuple[str, bool]]) -> None:
    people = [person(n, weeks=12.0 if done else None, mission=name) for n, (name, done) in enumerate(rows)]
    groups = pack(people, waiting=0, measured={}, ended={}).groups["mission"]
    for group in groups or ():
        assert group.people >= 5
        assert group.completed is None or group.completed == 0 or group.completed >= 5
        assert group.not_yet is None or group.not_yet == 0 or group.not_yet >= 5
        assert (group.completed is None) is (group.not_yet is None)  # else one follows from the other


def test_a_side_that_nobody_states_is_left_out() -> None:
    found = pack([person(n, sex="female") for n in range(8)], waiting=0, measured={}, ended={})
    assert found.groups["rank"] is None
    assert found.groups["sex"] is not None
    assert set(found.groups) == set(SIDES)


@given(st.lists(st.integers(0, 30), max_size=40))
def test_the_curve_rises_by_five_people_or_more(weeks: list[int]) -> None:
    curve = pack([person(n, weeks=float(w)) for n, w in enumerate(weeks)], waiting=0, measured={}, ended={}).curve
    sums = [0, *(n for _, n in curve)]
    assert all(b - a == 0 or b - a >= 5 for a, b in pairwise(sums))


@pytest.mark.parametrize("count", [4, 5])
def test_a_baseline_counts_from_five_people_on(count: int) -> None:
    people = [person(n) for n in range(count)]
    assert (pack(people, waiting=0, measured={"baseline": of(count, 4)}, ended={}).baseline is not None) is (count == 5)
