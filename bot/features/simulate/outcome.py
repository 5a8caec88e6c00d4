"""What may come of a tap in a case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.completion import Completion
from lessons.simulation import Ending, Move, Simulation
from lessons.simulation_play import State
from storage.plays import Play


class Refusal(StrEnum):
    """Why nothing is played."""

    NOT_YOURS = "not-yours"
    NO_CASE = "no-case"
    NOT_YET = "not-yet"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was recorded."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the course: its number there, whether its module was taught, and where its last play stands."""

    number: int
    simulation: Simulation
    module: str
    is_open: bool
    going_on: bool
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class Cases:
    """All of a course."""

    enrolment: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """Title and role, before the first scene."""

    enrolment: int
    number: int
    simulation: Simulation


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a play stands."""

    simulation: Simulation
    play: Play
    state: State


@dataclass(frozen=True, slots=True)
class Ended:
    """It has come to an ending. `chosen`: moves at the turning point by the cohort, None held back; empty: too few.

    `next_at`: when a lesson, or a case (`next_is_case`), comes next; `completed`: this was all that the course lacked.
    """

    simulation: Simulation
    play: Play
    state: State
    chosen: tuple[tuple[Move, int | None], ...]
    again: bool  # whether one may go on from the turning point
    place: str
    now: datetime
    next_at: datetime | None = None
    next_is_case: bool = False
    completed: Completion | None = None


Outcome = Refused | Cases | Opened | Scene | Ended
