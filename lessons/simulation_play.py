"""Playing a simulation: what is open, what a move leads to, where to begin again. Pure; a play is a small value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lessons.simulation import (
    Bound,
    Condition,
    Effect,
    Ending,
    Move,
    MoveId,
    PlaceId,
    Scene,
    Simulation,
    VariableId,
)


@dataclass(frozen=True, slots=True)
class State:
    """Where a play stands: a scene or an ending, the variables in the simulation's order, the moves made so far."""

    at: PlaceId
    values: tuple[tuple[VariableId, int], ...]
    path: tuple[MoveId, ...] = ()

    def value(self, variable: VariableId) -> int:
        """The variable now. KeyError for one that the play does not know."""
        return dict(self.values)[variable]

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store."""
        return {"at": self.at, "values": dict(self.values), "path": list(self.path)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The state as it was stored."""
        values = tuple((VariableId(name), int(number)) for name, number in value["values"].items())
        return cls(PlaceId(value["at"]), values, tuple(MoveId(move) for move in value["path"]))


@dataclass(frozen=True, slots=True)
class Step:
    """A move that was made: what it really changed (bounds stop it), and the state after it."""

    move: Move
    changes: tuple[Effect, ...]
    state: State


def begin(simulation: Simulation) -> State:
    """A new play, in the first scene."""
    return State(simulation.scenes[0].id, tuple((each.id, each.start) for each in simulation.variables))


def holds(condition: Condition, state: State) -> bool:
    """Whether all of a condition is true now."""
    values = dict(state.values)
    for test in condition:
        if isinstance(test, Bound):
            value = values[test.variable]
            if value < test.number if test.at_least else value > test.number:
                return False
        elif any(move in state.path for move in test.moves) is not test.made:
            return False
    return True


def scene_of(simulation: Simulation, state: State) -> Scene | None:
    """The scene where the play stands; None when it has ended or its scene is gone from the course."""
    return simulation.scene(state.at)


def ending_of(simulation: Simulation, state: State) -> Ending | None:
    """The ending that the play has reached, or None."""
    return simulation.ending(state.at)


def paragraphs(place: Scene | Ending, state: State) -> tuple[str, ...]:
    """Its words as this play meets them."""
    return (place.text, *(also.text for also in place.also if holds(also.when, state)))


def open_moves(simulation: Simulation, state: State) -> tuple[Move, ...]:
    """What the officer may do now, in the order of the file; nothing once the play has ended."""
    scene = scene_of(simulation, state)
    return tuple(move for move in scene.moves if holds(move.when, state)) if scene else ()


def take(simulation: Simulation, state: State, move_id: str) -> Step | None:
    """Make a move. None when it is not open now: button data is hostile input, and a second tap comes late."""
    move = next((each for each in open_moves(simulation, state) if each.id == move_id), None)
    if move is None:
        return None
    bounds = {variable.id: variable for variable in simulation.variables}
    added: dict[VariableId, int] = {}
    for effect in move.effects:
        added[effect.variable] = added.get(effect.variable, 0) + effect.change
    values = tuple((name, bounds[name].within(value + added.get(name, 0))) for name, value in state.values)
    before = dict(state.values)
    changes = tuple(Effect(name, value - before[name]) for name, value in values if value != before[name])
    made = State(state.at, values, (*state.path, move.id))
    to = next((detour.to for detour in move.instead if holds(detour.when, made)), move.to)
    return Step(move, changes, State(to, values, made.path))


def at_turning_point(simulation: Simulation, state: State) -> State | None:
    """This play as it stood when it first came to its turning point, to go on from there.

    None when it did not come there, or when the course has changed so that its moves lead elsewhere now.
    """
    now = begin(simulation)
    for move in state.path:
        if now.at == simulation.turning_point.scene:
            return now
        step = take(simulation, now, move)
        if step is None:
            return None
        now = step.state
    return now if now.at == simulation.turning_point.scene else None


def turning_move(simulation: Simulation, state: State) -> Move | None:
    """The move that this play made at its turning point, or None when it has made none there."""
    there = at_turning_point(simulation, state)
    if there is None or len(there.path) == len(state.path):
        return None
    made = state.path[len(there.path)]
    return next((move for move in open_moves(simulation, there) if move.id == made), None)
