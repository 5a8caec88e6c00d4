"""Every way through a simulation, counted exactly.

Ways that stand in one scene with the same variables, and the same earlier moves as far as a condition asks for them,
go on alike, so they are followed once: a visit. Visits are few where paths are many.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from lessons.simulation import After, MoveId, PlaceId, Simulation, VariableId
from lessons.simulation_play import State, begin, open_moves, take

MOST_VISITS = 20_000  # more is no case that anybody can oversee

Visit = tuple[PlaceId, tuple[tuple[VariableId, int], ...], frozenset[MoveId]]


@dataclass(frozen=True, slots=True)
class Paths:
    """What there is to meet. Each visit has the shortest play that leads there."""

    states: Mapping[Visit, State]
    steps: Mapping[Visit, tuple[tuple[MoveId, Visit], ...]]
    whole: bool  # False when it was given up at `MOST_VISITS`

    def at(self, place: str) -> tuple[State, ...]:
        """The plays that stand in that scene or ending, shortest first."""
        return tuple(state for state in self.states.values() if state.at == place)


@dataclass(frozen=True, slots=True)
class Outline:
    """A simulation in figures: its parts, its paths (each another series of moves) and their decisions."""

    scenes: int
    endings: int
    paths: int
    fewest: int
    most: int
    by_ending: Mapping[PlaceId, int]  # paths that end there

    def __str__(self) -> str:
        parts = f"{self.scenes} scenes, {self.endings} endings, {self.paths:,} paths"
        return f"{parts}, {self.fewest} to {self.most} decisions"


def explore(simulation: Simulation) -> Paths:
    """Follow every move of every visit."""
    return _explored(simulation)


@lru_cache(maxsize=64)  # a check asks for the same paths again and again
def _explored(simulation: Simulation) -> Paths:
    visit_of = visits_of(simulation)
    first = begin(simulation)
    states = {visit_of(first): first}
    steps: dict[Visit, tuple[tuple[MoveId, Visit], ...]] = {}
    waiting = deque(states)
    while waiting and len(states) <= MOST_VISITS:
        visit = waiting.popleft()
        onward: list[tuple[MoveId, Visit]] = []
        for move, state in _onward(simulation, states[visit]):
            after = visit_of(state)
            if after not in states:
                states[after] = state
                waiting.append(after)
            onward.append((move, after))
        steps[visit] = tuple(onward)
    return Paths(states, steps, whole=not waiting)


def visits_of(simulation: Simulation) -> Callable[[State], Visit]:
    """What a state is to the rest of the play: two states of one visit go on alike."""
    tests = (test for condition in simulation.conditions() for test in condition)
    asked = frozenset(move for test in tests if isinstance(test, After) for move in test.moves)
    return lambda state: (state.at, state.values, asked.intersection(state.path))


def _onward(simulation: Simulation, state: State) -> Iterator[tuple[MoveId, State]]:
    for move in open_moves(simulation, state):
        if (step := take(simulation, state, move.id)) is not None:
            yield move.id, step.state


def circle(paths: Paths) -> tuple[Visit, ...]:
    """Visits that lead back to the first of them, so that a play need never end; none when every play ends."""
    try:
        _in_order(paths)
    except CycleError as error:
        found: tuple[Visit, ...] = tuple(error.args[1])
        return found
    return ()


def _in_order(paths: Paths) -> list[Visit]:
    """Every visit before those that it leads to."""
    sorter = TopologicalSorter({visit: {after for _, after in steps} for visit, steps in paths.steps.items()})
    return [*sorter.static_order()][::-1]


@lru_cache(maxsize=64)
def outline(simulation: Simulation) -> Outline | None:
    """The figures; None when the plays are too many to follow, or need not end."""
    paths = explore(simulation)
    if not paths.whole or circle(paths):
        return None
    ways: Counter[Visit] = Counter([next(iter(paths.states))])
    fewest, most = dict.fromkeys(ways, 0), dict.fromkeys(ways, 0)
    for visit in _in_order(paths):
        steps = paths.steps[visit]
        decides = len(steps) > 1
        for _, after in steps:
            ways[after] += ways[visit]
            fewest[after] = min(fewest.get(after, MOST_VISITS), fewest[visit] + decides)
            most[after] = max(most.get(after, 0), most[visit] + decides)
    ends = [visit for visit, steps in paths.steps.items() if not steps]
    by_ending: Counter[PlaceId] = Counter()
    for visit in ends:
        by_ending[visit[0]] += ways[visit]
    return Outline(
        scenes=len(simulation.scenes),
        endings=len(simulation.endings),
        paths=sum(by_ending.values()),
        fewest=min(fewest[visit] for visit in ends),
        most=max(most[visit] for visit in ends),
        by_ending=dict(by_ending),
    )
