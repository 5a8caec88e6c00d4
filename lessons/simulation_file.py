"""The file of a simulation: its shape, and the value it becomes. What ties its keys together: simulation_rules."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from lessons.naming import ModuleId, Source, TermId
from lessons.shapes import BECAUSE_LIMIT, ChoiceSlug, Day, QuestionSlug, Shape, Slug, SourceShape, Title
from lessons.simulation import (
    VARIABLES,
    Also,
    Claim,
    Condition,
    Detour,
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
from lessons.simulation_grammar import CONDITION_PATTERN, EFFECT_PATTERN, condition_of, effect_of

SCENE_LIMIT = 600
MOVE_LIMIT = 120
LABEL_LIMIT = 18  # beside a bar, in one line of a phone
LONGEST_PAUSE = 10  # seconds
MOST_SOURCES = 7  # a debrief that cites them all is one message of Telegram


def _condition(text: str) -> str:
    condition_of(text)
    return text


def _effect(text: str) -> str:
    effect_of(text)
    return text


def _words(limit: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=limit)


Condition_ = Annotated[
    str, _words(200), AfterValidator(_condition), Field(json_schema_extra={"pattern": CONDITION_PATTERN})
]
Effect_ = Annotated[str, _words(80), AfterValidator(_effect), Field(json_schema_extra={"pattern": EFFECT_PATTERN})]
Text = Annotated[str, _words(SCENE_LIMIT)]
Statement = Annotated[str, _words(BECAUSE_LIMIT)]


class VariableShape(Shape):
    """One of the three that are shown as bars at the end."""

    id: ChoiceSlug = Field(description="give the variable a short name that never changes")
    label: Annotated[str, _words(LABEL_LIMIT)] = Field(description="name it as the learner reads it beside the bar")
    start: int = Field(description="say what it is at the beginning")
    low: int = Field(description="say what it cannot fall below")
    high: int = Field(description="say what it cannot rise above")


class AlsoShape(Shape):
    """A paragraph that not every play meets."""

    when: tuple[Condition_, ...] = Field(min_length=1, description="say when it is shown")
    text: Text = Field(description="write the paragraph")


class DetourShape(Shape):
    """Where a move leads instead."""

    when: tuple[Condition_, ...] = Field(min_length=1, description="say when the move leads there instead")
    to: ChoiceSlug = Field(description="give the id of a scene or an ending")


class MoveShape(Shape):
    """What the officer may do."""

    id: ChoiceSlug = Field(description="give the move a short name that never changes")
    text: Annotated[str, _words(MOVE_LIMIT)] = Field(description="write what the officer does")
    to: ChoiceSlug = Field(description="give the id of the scene or the ending to which it leads")
    when: tuple[Condition_, ...] = Field(default=(), description="leave it out, or say when it is open")
    effects: tuple[Effect_, ...] = Field(default=(), description="say what it changes, as in `trust +1`")
    instead: tuple[DetourShape, ...] = Field(default=(), description="list where it leads otherwise; the first wins")
    because: Statement | None = Field(default=None, description="say what it brought and cost; told in the debrief")
    sources: tuple[Slug, ...] = Field(default=(), description="list the ids of the sources that prove the because")


class SceneShape(Shape):
    """A situation that asks for a decision."""

    id: ChoiceSlug = Field(description="give the scene a short name that never changes")
    text: Text = Field(description="write what the officer meets")
    pause: Annotated[int, Field(ge=0, le=LONGEST_PAUSE)] = Field(
        default=0, description="say for how many seconds the bot seems to type before it"
    )
    also: tuple[AlsoShape, ...] = Field(default=(), description="list paragraphs that only some plays meet")
    moves: tuple[MoveShape, ...] = Field(min_length=2, max_length=5, description="write two or three moves")


class ClaimShape(Shape):
    """A statement of a debrief."""

    text: Statement = Field(description="write one statement")
    sources: tuple[Slug, ...] = Field(min_length=1, description="list the ids of the sources that prove it")


class EndingShape(Shape):
    """How it came out."""

    id: ChoiceSlug = Field(description="give the ending a short name that never changes")
    title: Annotated[str, _words(60)] = Field(description="name what was reached, never “you failed”")
    text: Text = Field(description="tell how it came out")
    also: tuple[AlsoShape, ...] = Field(default=(), description="list paragraphs that only some plays meet")
    debrief: tuple[ClaimShape, ...] = Field(
        min_length=1, max_length=3, description="say what good practice says, with its sources"
    )


class TurningPointShape(Shape):
    """The scene on which most hangs."""

    scene: ChoiceSlug = Field(description="give the id of the scene")
    text: Statement = Field(description="say why it turns there")
    sources: tuple[Slug, ...] = Field(min_length=1, description="list the ids of the sources that prove it")


class SimulationShape(Shape):
    """A simulation's file."""

    id: QuestionSlug = Field(description="give the simulation a short name of a-z, 0-9 and hyphens that never changes")
    module: Slug = Field(description="give the id of the module whose last lesson it follows")
    title: Title = Field(description="name the simulation in a few words")
    review_by: Day = Field(description="give the date by which someone must read it again, as in 2027-05-20")
    role: Text = Field(description="tell the officer who and where she is, and what she may do")
    variables: tuple[VariableShape, ...] = Field(
        min_length=VARIABLES, max_length=VARIABLES, description="write three variables"
    )
    turning_point: TurningPointShape = Field(description="name the scene on which most hangs, and say why")
    tomorrow: Statement = Field(description="give one thing to do tomorrow morning")
    terms: tuple[Slug, ...] = Field(default=(), max_length=4, description="list up to four terms of the glossary")
    scenes: tuple[SceneShape, ...] = Field(min_length=1, description="write the scenes, the first one first")
    endings: tuple[EndingShape, ...] = Field(min_length=1, description="write three to five endings")
    sources: tuple[SourceShape, ...] = Field(
        min_length=1,
        max_length=MOST_SOURCES,
        description="list where each statement can be checked, with name, date and address",
    )


def simulation_of(shape: SimulationShape) -> Simulation:
    """The simulation. CourseError when its parts do not fit together, which `simulation_problems` tells by line."""
    return Simulation(
        id=SimulationId(shape.id),
        module=ModuleId(shape.module),
        title=shape.title,
        role=shape.role,
        variables=tuple(Variable(VariableId(v.id), v.label, v.start, v.low, v.high) for v in shape.variables),
        scenes=tuple(_scene(scene) for scene in shape.scenes),
        endings=tuple(_ending(ending) for ending in shape.endings),
        turning_point=TurningPoint(PlaceId(shape.turning_point.scene), _claim(shape.turning_point)),
        tomorrow=shape.tomorrow,
        sources=tuple(Source(one.id, one.name, one.date, one.address, one.facts) for one in shape.sources),
        review_by=shape.review_by,
        terms=tuple(TermId(term) for term in shape.terms),
    )


def _scene(shape: SceneShape) -> Scene:
    moves = tuple(_move(move) for move in shape.moves)
    return Scene(PlaceId(shape.id), shape.text, moves, _also(shape.also), shape.pause)


def _ending(shape: EndingShape) -> Ending:
    debrief = tuple(_claim(claim) for claim in shape.debrief)
    return Ending(PlaceId(shape.id), shape.title, shape.text, debrief, _also(shape.also))


def _move(shape: MoveShape) -> Move:
    return Move(
        id=MoveId(shape.id),
        text=shape.text,
        to=PlaceId(shape.to),
        when=_when(shape.when),
        effects=tuple(effect_of(effect) for effect in shape.effects),
        instead=tuple(Detour(_when(detour.when), PlaceId(detour.to)) for detour in shape.instead),
        because=Claim(shape.because, shape.sources) if shape.because else None,
    )


def _also(shapes: tuple[AlsoShape, ...]) -> tuple[Also, ...]:
    return tuple(Also(_when(shape.when), shape.text) for shape in shapes)


def _when(texts: tuple[str, ...]) -> Condition:
    return tuple(condition_of(text) for text in texts)


def _claim(shape: ClaimShape | TurningPointShape) -> Claim:
    return Claim(shape.text, shape.sources)
