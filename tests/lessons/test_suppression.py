"""No count that is held back follows from what is shown: asked of every other table with the same sums."""

from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.measures import FEWEST_PEOPLE
from lessons.suppression import in_flow, in_one_row, in_steps, in_table, may_stand, small, together

ROWS = st.lists(st.integers(0, 9), min_size=1, max_size=6)
TABLES = st.integers(1, 3).flatmap(
    lambda wide: st.lists(st.lists(st.integers(0, 7), min_size=wide, max_size=wide), min_size=1, max_size=4)
)


def rows_with(total: int, shown: list[int | None]) -> list[tuple[int, ...]]:
    """Every row that a reader must think possible: what is shown, at least one where it is held back, the same sum."""
    free = total - sum(count for count in shown if count is not None)
    cells = [range(1, free + 1) if count is None else (count,) for count in shown]
    return [row for row in product(*cells) if sum(row) == total]


@settings(max_examples=50, deadline=None)  # each asks of every row that could be
@given(ROWS)
def test_no_count_of_a_row_follows_from_the_others_and_the_sum(counts: list[int]) -> None:
    shown = in_one_row(counts)
    if shown is None:
        assert any(map(small, counts))
        return
    assert all(count is None or not small(count) for count in shown)
    possible = rows_with(sum(counts), shown)
    for n, count in enumerate(shown):
        assert count is not None or len({row[n] for row in possible}) > 1


def tables_with(table: list[list[int]], shown: list[list[int | None]]) -> list[tuple[tuple[int, ...], ...]]:
    columns = [sum(column) for column in zip(*table, strict=True)]
    rows = [rows_with(sum(row), seen) for row, seen in zip(table, shown, strict=True)]
    return [each for each in product(*rows) if [sum(column) for column in zip(*each, strict=True)] == columns]


@given(TABLES)
def test_no_count_of_a_table_follows_from_the_others_and_all_sums(table: list[list[int]]) -> None:
    shown = in_table(table)
    if shown is None:
        assert any(small(count) for row in table for count in row)
        return
    for row, seen in zip(table, shown, strict=True):
        assert all(count is None or (count == true and not small(count)) for count, true in zip(seen, row, strict=True))
    possible = tables_with(table, shown)
    for r, row_shown in enumerate(shown):
        for c, count in enumerate(row_shown):
            assert count is not None or len({each[r][c] for each in possible}) > 1


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([12, 3, 8], [12, None, None]),  # the next smallest goes with it
        ([12, 2, 3], [12, None, None]),
        ([12, 2, 2], [None, None, None]),  # four people together are still too few
        ([1, 1, 1, 1, 1], None),  # a reader who knows the rule knows them all
        ([12, 0, 8], [12, 0, 8]),
        ([3], None),
        ([], []),
    ],
)
def test_a_row_is_held_back_so_far(counts: list[int], shown: list[int | None] | None) -> None:
    assert in_one_row(counts) == shown


def test_a_table_hides_in_rows_and_columns() -> None:
    assert in_table([[10, 3], [20, 30]]) == [[None, None], [None, None]]
    assert in_table([[10, 3, 50], [20, 9, 60]]) == [[None, None, 50], [None, None, 60]]
    assert in_table([[10, 0], [20, 30]]) == [[10, 0], [20, 30]]
    assert in_table([[3, 9]]) is None


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 30), max_size=12), st.integers(1, 8))
def test_small_groups_stand_together_and_are_five_or_all(groups: dict[str, int], most: int) -> None:
    alone, others = together(groups, most=most)
    assert sorted([*alone, *others]) == sorted(groups)
    assert len(alone) <= most
    assert all(groups[key] >= FEWEST_PEOPLE for key in alone)
    if others and alone:
        assert len(others) > 1
        assert sum(groups[key] for key in others) >= FEWEST_PEOPLE


@given(st.lists(st.integers(0, 12), max_size=20))
def test_each_step_in_time_is_nobody_or_five(counts: list[int]) -> None:
    steps = in_steps(counts)
    sums = [0, *(so_far for _, so_far in steps)]
    assert not any(small(after - before) for before, after in pairwise(sums))
    assert all(so_far == sum(counts[: position + 1]) for position, so_far in steps)
    assert not steps or sums[-1] == sum(counts), "the known total must not tell of a last small step"
    assert steps or sum(counts) < FEWEST_PEOPLE


def test_figures_over_groups_that_differ_by_few_are_not_shown_beside_each_other() -> None:
    ten, eight, six = frozenset(range(10)), frozenset(range(8)), frozenset(range(5))
    assert may_stand(ten, [])
    assert not may_stand(eight, [ten])
    assert may_stand(six, [ten])
    assert may_stand(ten, [ten])
    assert not may_stand(frozenset(range(4)), [])


PATHS = ("ab1", "ac1", "abc2", "a2", "ac2")  # places that a person may go through, from outside and back
PEOPLE = st.lists(st.integers(0, 8), min_size=len(PATHS), max_size=len(PATHS))
OUTSIDE = "0"


def walked(people: list[int]) -> dict[tuple[str, str], int]:
    ways = Counter[tuple[str, str]]()
    for path, n in zip(PATHS, people, strict=True):
        for way in pairwise(f"{OUTSIDE}{path}{OUTSIDE}"):
            ways[way] += n
    return {way: n for way, n in ways.items() if n}


def flows_near(ways: dict[tuple[str, str], int], hidden: list[tuple[str, str]]) -> list[tuple[int, ...]]:
    """Every change of counts held back, by one at most, after which as many leave each place as come to it."""
    found = []
    for change in product((-1, 0, 1), repeat=len(hidden)):
        left = Counter[str]()
        for (start, to), by in zip(hidden, change, strict=True):
            left[start] -= by
            left[to] += by
        if not any(left.values()) and all(ways[w] + by > 0 for w, by in zip(hidden, change, strict=True)):
            found.append(change)
    return found


@settings(deadline=None)  # each asks of every flow beside it
@given(PEOPLE)
def test_no_count_of_a_flow_follows_from_the_others_and_what_leaves_each_place(people: list[int]) -> None:
    ways = walked(people)
    first = frozenset({(OUTSIDE, "a")})
    shown = in_flow(ways, known=first)
    if shown is None:
        assert any(map(small, ways.values()))
        return
    assert all(n is None or (n == ways[way] and (not small(n) or way in first)) for way, n in shown.items())
    hidden = [way for way, n in shown.items() if n is None]
    near = flows_near(ways, hidden)
    for n in range(len(hidden)):
        assert any(change[n] for change in near)


def test_a_flow_of_many_shows_all_of_it() -> None:
    ways = walked([6, 7, 8, 5, 6])
    assert in_flow(ways) == ways


def test_one_person_who_went_alone_hides_another_way_beside() -> None:
    shown = in_flow(walked([8, 1, 0, 0, 0]), known=frozenset({(OUTSIDE, "a")}))
    assert shown is not None
    assert [way for way, n in shown.items() if n is None] == [("a", "b"), ("b", "1"), ("a", "c"), ("c", "1")]
