"""A play: what is open, what a move changes, where it leads, how to go back. Wrong values cannot be built."""

import dataclasses
import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.naming import CourseError, ModuleId, Source
from lessons.simulation import (
    After,
    Bound,
    Claim,
    Condition,
    Detour,
    Effect,
    Ending,
    Move,
    MoveId,
    PlaceId,
    Scene,
    Simulation,
    SimulationId,
    TurningPoint,
    Variable,
    VariableId,
)
from lessons.simulation_paths import circle, explore, outline
from lessons.simulation_play import (
    State,
    at_turning_point,
    begin,
    ending_of,
    open_moves,
    paragraphs,
    scene_of,
    take,
    turning_move,
)
from tests.lessons.simulation_sample import decisions, every_path, simulation

CELL = simulation()
TRUST, PROTECTION = VariableId("trust"), VariableId("protection")


def played(*moves: str, one: Simulation = CELL) -> State:
    """The play after those moves."""
    state = begin(one)
    for move in moves:
        step = take(one, state, move)
        assert step is not None, (move, state)
        state = step.state
    return state


BEST = ("call", "ask", "keep", "list", "thank")


def test_a_play_begins_in_the_first_scene_with_every_variable_at_its_start() -> None:
    assert begin(CELL) == State(PlaceId("the-call"), ((PROTECTION, 3), (TRUST, 5), (VariableId("standing"), 5)))


def test_a_move_changes_what_it_says_and_is_remembered() -> None:
    step = take(CELL, begin(CELL), "wait")
    assert step is not None
    assert step.changes == (Effect(PROTECTION, -1), Effect(TRUST, 1))
    assert (step.state.at, step.state.path) == ("the-desk", ("wait",))


def test_a_bound_stops_an_effect_and_the_step_tells_what_really_changed() -> None:
    low = dataclasses.replace(begin(CELL), values=((PROTECTION, 0), (TRUST, 10), (VariableId("standing"), 5)))
    step = take(CELL, low, "wait")
    assert step is not None
    assert step.changes == ()
    assert step.state.values == low.values


def test_a_move_that_is_not_open_is_not_made() -> None:
    assert take(CELL, begin(CELL), "thank") is None
    assert take(CELL, begin(CELL), "no-such-move") is None
    assert take(CELL, played(*BEST), "thank") is None


def test_a_condition_opens_and_closes_a_move() -> None:
    proud, humble = played("call", "ask", "tell", "list", "silence"), played("call", "ask", "tell", "list", "sorry")
    assert [move.id for move in open_moves(CELL, proud)] == ["thank", "plead", "leave"]
    assert [move.id for move in open_moves(CELL, humble)] == ["thank", "leave"]


def test_an_earlier_move_changes_where_a_move_leads_and_what_is_read() -> None:
    assert played("call", "ask", "keep", "list").at == "the-court"
    assert played("call", "ask", "tell", "list").at == "the-photo"
    court = CELL.scene("the-court")
    assert court is not None
    assert len(paragraphs(court, played("call", "ask", "keep", "list"))) == 1
    assert paragraphs(court, played("call", "ask", "tell", "speak"))[1] == "His mother sits in the room."


@pytest.mark.parametrize(
    ("moves", "reached"),
    [
        (BEST, "fair"),
        (("wait", "ask", "tell", "speak", "thank"), "thin"),
        (("call", "shout", "keep", "list", "thank"), "narrow"),
    ],
)
def test_the_variables_decide_how_it_ends(moves: tuple[str, ...], reached: str) -> None:
    end = played(*moves)
    ending = ending_of(CELL, end)
    assert ending is not None
    assert ending.id == reached
    assert scene_of(CELL, end) is None
    assert open_moves(CELL, end) == ()


def test_an_ended_play_goes_back_to_its_turning_point_as_it_stood_there() -> None:
    assert at_turning_point(CELL, played("wait", "ask", "tell", "speak", "leave")) == played("wait", "ask")
    made = turning_move(CELL, played("wait", "ask", "tell", "speak", "leave"))
    assert made is not None
    assert made.id == "tell"


def test_a_play_that_has_not_come_to_its_turning_point_cannot_go_back_to_it() -> None:
    assert at_turning_point(CELL, played("wait")) is None
    assert turning_move(CELL, played("wait")) is None
    assert at_turning_point(CELL, played("wait", "ask")) == played("wait", "ask")
    assert turning_move(CELL, played("wait", "ask")) is None


def test_a_play_whose_moves_the_course_no_longer_has_begins_anew() -> None:
    gone = dataclasses.replace(played(*BEST), path=(MoveId("an-old-move"), MoveId("ask")))
    assert at_turning_point(CELL, gone) is None


def test_a_play_is_stored_as_plain_values() -> None:
    end = played(*BEST)
    assert State.from_json(json.loads(json.dumps(end.as_json()))) == end


def test_the_count_of_paths_is_that_of_a_walk_along_each() -> None:
    ends = every_path(CELL)
    found = outline(CELL)
    assert found is not None
    assert (found.paths, found.by_ending) == (len(ends), Counter(end.at for end in ends))
    assert len({end.path for end in ends}) == len(ends)
    counted = [decisions(CELL, end) for end in ends]
    assert (found.fewest, found.most) == (min(counted), max(counted))


# What does not fit together cannot be built


WRONG = {
    "a scene that is not there": {"turning_point": TurningPoint(PlaceId("fair"), CELL.turning_point.why)},
    "two variables": {"variables": CELL.variables[:2]},
    "a lost ending": {"endings": CELL.endings[1:]},
    "no ending": {"endings": ()},
    "no debrief": {"endings": (dataclasses.replace(CELL.endings[0], debrief=()), *CELL.endings[1:])},
    "a lost source": {"sources": ()},
    "a claim without a source": {"turning_point": TurningPoint(PlaceId("the-wish"), Claim("So it is.", ()))},
    "two scenes of one name": {"scenes": (*CELL.scenes, CELL.scenes[0])},
    "an id that is none": {"id": SimulationId("The Cell")},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_a_simulation_whose_parts_do_not_fit_cannot_be_built(change: dict[str, object]) -> None:
    with pytest.raises(CourseError, match="simulation"):
        dataclasses.replace(CELL, **change)  # type: ignore[arg-type]  # each row names its field


@pytest.mark.parametrize(("start", "low", "high"), [(11, 0, 10), (-1, 0, 10), (3, 3, 3), (5, 10, 0)])
def test_a_variable_starts_within_its_bounds(start: int, low: int, high: int) -> None:
    with pytest.raises(CourseError, match="outside"):
        Variable(TRUST, "Trust", start, low, high)


# Any simulation at all

NAMES = tuple(VariableId(name) for name in ("one", "two", "three"))
PROOF = Claim("So it is.", ("book",))
BOOK = Source("book", "A book", "2024", "https://example.org")


def conditions(moves: list[MoveId]) -> st.SearchStrategy[Condition]:
    bound = st.builds(Bound, st.sampled_from(NAMES), st.integers(0, 4), st.booleans())
    after = st.builds(After, st.lists(st.sampled_from(moves), min_size=1, max_size=2).map(tuple), st.booleans())
    return st.lists(bound | after, max_size=2).map(tuple)


@st.composite
def any_simulation(draw: st.DrawFn, *, forward: bool) -> Simulation:
    """Up to five scenes with two or three moves each; `forward` ones never lead back."""
    count = draw(st.integers(2, 5))
    scenes, ends = [PlaceId(f"s{n}") for n in range(count)], [PlaceId("e0"), PlaceId("e1")]
    ids = [[MoveId(f"m{n}-{k}") for k in range(draw(st.integers(2, 3)))] for n in range(count)]
    every = [move for row in ids for move in row]
    effects = st.lists(st.builds(Effect, st.sampled_from(NAMES), st.integers(-2, 2)), max_size=2).map(tuple)
    built = []
    for n, row in enumerate(ids):
        target = st.sampled_from([*(scenes[n + 1 :] if forward else scenes), *ends])
        detours = st.lists(st.builds(Detour, conditions(every), target), max_size=2).map(tuple)
        moves = tuple(
            Move(move, "Go on.", draw(target), draw(conditions(every)), draw(effects), draw(detours)) for move in row
        )
        built.append(Scene(scenes[n], "Here.", moves))
    return Simulation(
        id=SimulationId("any"),
        module=ModuleId("module"),
        title="Any",
        role="You.",
        variables=tuple(Variable(name, name, 2, 0, 4) for name in NAMES),
        scenes=tuple(built),
        endings=tuple(Ending(end, "End", "It ends.", (PROOF,)) for end in ends),
        turning_point=TurningPoint(scenes[0], PROOF),
        tomorrow="Rest.",
        sources=(BOOK,),
        review_by=date(2027, 5, 20),
    )


@pytest.mark.slow
@settings(deadline=None)
@given(any_simulation(forward=True))
def test_in_any_simulation_that_leads_on_the_count_agrees_with_a_walk(one: Simulation) -> None:
    ends, found = every_path(one), outline(one)
    assert found is not None
    assert (found.paths, found.by_ending) == (len(ends), Counter(end.at for end in ends))
    counted = [decisions(one, end) for end in ends]
    assert (found.fewest, found.most) == (min(counted), max(counted))


@pytest.mark.slow
@settings(deadline=None)
@given(any_simulation(forward=False), st.lists(st.integers(0, 2), max_size=12))
def test_in_any_play_the_variables_stay_within_bounds_and_the_way_back_is_exact(
    one: Simulation, taps: list[int]
) -> None:
    states = [begin(one)]
    for tap in taps:
        moves = open_moves(one, states[-1])
        step = take(one, states[-1], moves[tap % len(moves)].id) if moves else None
        states += [step.state] if step else []
    assert all(0 <= value <= 4 for state in states for _, value in state.values)
    assert all(State.from_json(state.as_json()) == state for state in states)
    assert at_turning_point(one, states[-1]) == states[0]
    assert {(state.at, state.values) for state in states} <= {(each[0], each[1]) for each in explore(one).states}


@pytest.mark.slow
@settings(deadline=None)
@given(any_simulation(forward=False))
def test_a_simulation_without_a_circle_ends_on_every_path(one: Simulation) -> None:
    found = circle(explore(one))
    assert (outline(one) is None) is bool(found)
    if found:
        assert found[0] == found[-1]
