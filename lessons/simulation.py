"""A case that an officer decides: scenes, moves, what moves change, and how it may end. A wrong one cannot be built.

Ids are slugs and for ever; scenes and endings share one set of names, moves another.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NewType

from lessons.naming import SLUG, CourseError, ModuleId, Source, TermId

SimulationId = NewType("SimulationId", str)
PlaceId = NewType("PlaceId", str)  # of a scene or an ending: where a play stands
MoveId = NewType("MoveId", str)
VariableId = NewType("VariableId", str)

VARIABLES = 3  # shown as bars at the end


@dataclass(frozen=True, slots=True)
class Variable:
    """What a play gains or loses, a whole number from `low` to `high`; effects stop at these."""

    id: VariableId
    label: str
    start: int
    low: int
    high: int

    def __post_init__(self) -> None:
        if not self.low <= self.start <= self.high or self.low == self.high:
            raise CourseError(f"variable {self.id} starts at {self.start}, outside {self.low} to {self.high}")

    def within(self, value: int) -> int:
        """The value, or the bound that it passed."""
        return max(self.low, min(self.high, value))


@dataclass(frozen=True, slots=True)
class Bound:
    """A variable is at least, or at most, a number."""

    variable: VariableId
    number: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class After:
    """One of these moves was made before; or, when `made` is False, none of them was."""

    moves: tuple[MoveId, ...]
    made: bool = True


Condition = tuple[Bound | After, ...]  # all must hold; an empty one always does


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the ids of the sources that prove it."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Also:
    """A paragraph that is shown when its condition holds."""

    when: Condition
    text: str


@dataclass(frozen=True, slots=True)
class Detour:
    """Where a move leads instead, when the condition holds once its effects are counted."""

    when: Condition
    to: PlaceId


@dataclass(frozen=True, slots=True)
class Effect:
    """What a move adds to a variable."""

    variable: VariableId
    change: int


@dataclass(frozen=True, slots=True)
class Move:
    """What the officer may do in a scene. The first detour that holds takes the place of `to`."""

    id: MoveId
    text: str
    to: PlaceId
    when: Condition = ()
    effects: tuple[Effect, ...] = ()
    instead: tuple[Detour, ...] = ()
    because: Claim | None = None  # told in the debrief


@dataclass(frozen=True, slots=True)
class Scene:
    """A situation that asks for a decision. `pause` are the seconds for which the bot seems to type before it."""

    id: PlaceId
    text: str
    moves: tuple[Move, ...]
    also: tuple[Also, ...] = ()
    pause: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """How it came out, and what good practice says of it."""

    id: PlaceId
    title: str
    text: str
    debrief: tuple[Claim, ...]
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The scene on which most hangs and from which one may play again, and why it is that."""

    scene: PlaceId
    why: Claim


@dataclass(frozen=True, slots=True)
class Simulation:
    """A whole case. It begins with the first scene and follows the lessons of its module."""

    id: SimulationId
    module: ModuleId
    title: str
    role: str
    variables: tuple[Variable, ...]
    scenes: tuple[Scene, ...]
    endings: tuple[Ending, ...]
    turning_point: TurningPoint
    tomorrow: str
    sources: tuple[Source, ...]
    review_by: date
    terms: tuple[TermId, ...] = ()
    _places: Mapping[str, Scene | Ending] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", {place.id: place for place in self.places})
        if wrong := next(_wrongs(self), None):
            raise CourseError(f"simulation {self.id}: {wrong}")

    @property
    def version(self) -> str:
        """Fingerprint of everything in it, 16 hexadecimal digits; worked out anew each time."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def places(self) -> "tuple[Scene | Ending, ...]":
        """Every scene, then every ending."""
        return (*self.scenes, *self.endings)

    @property
    def moves(self) -> Iterator[Move]:
        """Every move of every scene."""
        return (move for scene in self.scenes for move in scene.moves)

    def scene(self, place_id: str) -> Scene | None:
        """The scene of that id, or None: it may be an ending, or gone."""
        place = self._places.get(place_id)
        return place if isinstance(place, Scene) else None

    def ending(self, place_id: str) -> Ending | None:
        """The ending of that id, or None: it may be a scene, or gone."""
        place = self._places.get(place_id)
        return place if isinstance(place, Ending) else None

    def cited(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """Those sources, in the simulation's order."""
        wanted = {*ids}
        return tuple(source for source in self.sources if source.id in wanted)

    def conditions(self) -> Iterator[Condition]:
        """Every condition there is."""
        for place in self.places:
            yield from (also.when for also in place.also)
        for move in self.moves:
            yield move.when
            yield from (detour.when for detour in move.instead)

    def claims(self) -> Iterator[Claim]:
        """Every statement that a debrief may hold."""
        yield self.turning_point.why
        yield from (claim for ending in self.endings for claim in ending.debrief)
        yield from (move.because for move in self.moves if move.because)


def _wrongs(one: Simulation) -> Iterator[str]:
    """A sentence for each way in which the parts do not fit together."""
    if len(one.variables) != VARIABLES:
        yield f"it has {len(one.variables)} variables; give {VARIABLES}"
    if not one.scenes or not one.endings or not all(ending.debrief for ending in one.endings):
        yield "it needs scenes, and endings with a debrief each"
    if one.scene(one.turning_point.scene) is None:
        yield f"the turning point `{one.turning_point.scene}` is no scene"
    if not all(claim.sources for claim in one.claims()):
        yield "a claim of a debrief has no source"
    groups: tuple[list[str], ...] = (
        [one.id],
        [variable.id for variable in one.variables],
        [place.id for place in one.places],
        [move.id for move in one.moves],
        [source.id for source in one.sources],
    )
    for ids in groups:
        yield from (f"`{name}` is no slug" for name in ids if not SLUG.fullmatch(name))
        yield from (f"two parts have the id `{name}`" for name, count in Counter(ids).items() if count > 1)
    yield from _strange(one)


def _strange(one: Simulation) -> Iterator[str]:
    """Names that stand for nothing."""
    tests = [test for condition in one.conditions() for test in condition]
    changed = [effect.variable for move in one.moves for effect in move.effects]
    asked = [test.variable for test in tests if isinstance(test, Bound)]
    earlier = [move for test in tests if isinstance(test, After) for move in test.moves]
    leads_to = [to for move in one.moves for to in (move.to, *(detour.to for detour in move.instead))]
    cited = [name for claim in one.claims() for name in claim.sources]
    for what, used, known in (
        ("scene or ending", leads_to, {place.id for place in one.places}),
        ("variable", [*changed, *asked], {variable.id for variable in one.variables}),
        ("move", earlier, {move.id for move in one.moves}),
        ("source", cited, {source.id for source in one.sources}),
    ):
        yield from (f"`{name}` is no {what} of it" for name in used if name not in known)
