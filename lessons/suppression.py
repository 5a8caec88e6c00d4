"""Which figures of a report are held back, so that nothing can be worked out about fewer than five people.

A count from one to four is held back, and as many more as it takes that no count held back follows from the counts and
totals that are shown; zero is shown. Groups of fewer than five stand together under "others". What is assumed of a
reader: knows the rule, every total, and that a count held back is at least one.
"""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeVar

from lessons.measures import FEWEST_PEOPLE

Key = TypeVar("Key")
Cell = tuple[int, int]
Table = Sequence[Sequence[int]]
Shown = list[list[int | None]]


def small(count: int) -> bool:
    """Whether a count tells about persons."""
    return 0 < count < FEWEST_PEOPLE


def in_one_row(counts: Sequence[int]) -> list[int | None] | None:
    """Counts whose sum is known, those held back as None; None where even the number of them would tell."""
    hidden = {n for n, count in enumerate(counts) if small(count)}
    rest = sorted((n for n, count in enumerate(counts) if count >= FEWEST_PEOPLE), key=lambda n: counts[n])
    while hidden and not _enough([counts[n] for n in hidden]):
        if not rest:
            return None
        hidden.add(rest.pop(0))
    return [None if n in hidden else count for n, count in enumerate(counts)]


def _enough(hidden: Sequence[int]) -> bool:
    """Whether counts of at least one each with this sum can be shared out in another way, over five people or more."""
    return len(hidden) > 1 and sum(hidden) >= FEWEST_PEOPLE and sum(hidden) > len(hidden)


def in_table(table: Table) -> Shown | None:
    """Counts whose sums by row and by column are known, those held back as None; None where no choice of them is safe.

    A count held back is safe when another table with the same sums, the same counts shown and at least one in every
    count held back has another number in its place.
    """
    hidden = {(r, c) for r, row in enumerate(table) for c, count in enumerate(row) if small(count)}
    while (told := next((cell for cell in sorted(hidden) if not _may_differ(table, hidden, cell)), None)) is not None:
        further = _beside(table, hidden, told)
        if further is None:
            return None
        hidden.add(further)
    return [[None if (r, c) in hidden else count for c, count in enumerate(row)] for r, row in enumerate(table)]


def _beside(table: Table, hidden: set[Cell], told: Cell) -> Cell | None:
    """The smallest count still shown in its row or column, else the smallest anywhere."""
    shown = [(r, c) for r, row in enumerate(table) for c, count in enumerate(row) if count and (r, c) not in hidden]
    near = [cell for cell in shown if cell[0] == told[0] or cell[1] == told[1]]
    return min(near or shown, key=lambda cell: (table[cell[0]][cell[1]], cell), default=None)


def _may_differ(table: Table, hidden: set[Cell], cell: Cell) -> bool:
    """Whether that count could be one more, or one less, with all sums as they are.

    Walks from row to column and back: one count takes one, the next in turn gives one, until the round is closed.
    """
    row, column = cell
    others = hidden - {cell}
    give = {each for each in others if table[each[0]][each[1]] > 1}
    more = _leads(column, row, down=give, up=others)  # its column gives one, some row takes it on ...
    return more or (table[row][column] > 1 and _leads(column, row, down=others, up=give))


def _leads(column: int, row: int, *, down: set[Cell], up: set[Cell]) -> bool:
    """From a column to a row, by cells of `down` (column to row) and `up` (row to column) in turn."""
    columns, rows = {column}, set[int]()
    while True:
        reached = {r for r, c in down if c in columns} - rows
        if not reached:
            return False
        rows |= reached
        if row in rows:
            return True
        columns |= {c for r, c in up if r in rows}


Way = tuple[str, str]


def in_flow(ways: Mapping[Way, int], *, known: frozenset[Way] = frozenset()) -> dict[Way, int | None] | None:
    """Counts of people on ways from place to place, those held back as None; None where no choice of them is safe.

    As many leave every place as come to it, and readers know that; `known` are the ways whose count they know anyway.
    A count held back is safe when it may be one more, or one less, with others held back making up for it.
    """
    hidden = {way for way, n in ways.items() if small(n) and way not in known}
    free = {way for way, n in ways.items() if n and way not in known}
    for told in sorted(hidden):
        rounds = [found for found in (_round(ways, hidden, free, told, by) for by in (1, -1)) if found is not None]
        if not rounds:
            return None
        hidden |= set(min(rounds, key=lambda found: sum(ways[way] for way in found if way not in hidden)))
    return {way: None if way in hidden else n for way, n in ways.items()}


def _round(ways: Mapping[Way, int], hidden: set[Way], free: set[Way], told: Way, by: int) -> list[Way] | None:
    """The ways of which the fewest people are still shown that make up for one more (`by` 1) or one less on this one:
    up along them or down against them, from where it leads to where it comes from, or back. Dijkstra's."""
    if ways[told] + by < 1:
        return None
    start, goal = told[::by][::-1]
    steps: dict[str, list[tuple[str, Way]]] = {}
    for way in sorted(free - {told}):
        steps.setdefault(way[0], []).append((way[1], way))
        if ways[way] > 1:  # at least one is left on each
            steps.setdefault(way[1], []).append((way[0], way))
    waiting: list[tuple[int, str, list[Way]]] = [(0, start, [])]
    seen = set[str]()
    while waiting:
        cost, place, path = heappop(waiting)
        if place == goal:
            return path
        if place not in seen:
            seen.add(place)
            for to, way in steps.get(place, ()):
                heappush(waiting, (cost + (0 if way in hidden else ways[way]), to, [*path, way]))
    return None


def together(groups: Mapping[Key, int], *, most: int) -> tuple[list[Key], list[Key]]:
    """(groups that stand alone, the largest first; those that stand together as "others", of five people or more).

    Those of fewer than five, those beyond the `most` largest, and the next smallest where "others" would be fewer than
    five or one group under another name. With fewer than five people in all everybody is in "others".
    """
    order = sorted(groups, key=lambda key: (-groups[key], str(key)))
    alone = [key for key in order[:most] if groups[key] >= FEWEST_PEOPLE]
    others = [key for key in order if key not in alone]
    while alone and others and (len(others) < 2 or sum(groups[key] for key in others) < FEWEST_PEOPLE):
        others.insert(0, alone.pop())
    return alone, others


def in_steps(counts: Sequence[int]) -> list[tuple[int, int]]:
    """(position, sum so far) of counts in the order of time, at so few positions that each step is none or five people.

    What comes after the last such step is added to it, so it is not told apart from the known total either.
    """
    steps: list[tuple[int, int]] = []
    so_far = told = 0
    for position, count in enumerate(counts):
        so_far += count
        if not small(so_far - told):
            steps.append((position, so_far))
            told = so_far
    if so_far == told:
        return steps
    while steps and steps[-1][1] == told:  # the last rise, and what stayed level after it
        steps.pop()
    return [*steps, (len(counts) - 1, so_far)] if so_far >= FEWEST_PEOPLE else []


def may_stand(group: frozenset[int], shown: Sequence[frozenset[int]]) -> bool:
    """Whether a figure over these people may stand beside figures over those groups.

    Two figures over groups that differ by one person are that person's figure: the difference must be five or none.
    """
    return len(group) >= FEWEST_PEOPLE and not any(small(len(group ^ other)) for other in shown)
