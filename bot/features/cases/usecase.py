"""Figures of the cases of a cohort, from five people on."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from bot.call import Call
from bot.office import Office
from lessons.course import Course
from lessons.measures import FEWEST_PEOPLE
from lessons.simulation import Ending, Move, Simulation
from lessons.suppression import in_one_row, small
from storage import cohorts, plays
from storage.cohorts import Cohort
from storage.plays import Flow
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing to show: `why` is "gone" or "none"."""

    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Every case of the course with how many have begun it; None: fewer than five."""

    cohort: Cohort
    cases: tuple[tuple[Simulation, int | None], ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """One case. Empty flows: fewer than five people. `minutes`: half took less. A count of None is held back."""

    cohort: Cohort
    simulation: Simulation
    begun: int
    ended: int
    minutes: float | None
    endings: tuple[tuple[Ending, int | None], ...]
    regretted: tuple[Move, int] | None
    flows: tuple[Flow, ...]


Outcome = Refused | Listed | Figures


async def _seen(tx: Tx, call: Call, office: Office) -> tuple[Cohort, Course] | Refused:
    cohort = await cohorts.get(tx, call.pressed.cohort)
    course = office.courses.get(cohort.course_id) if cohort else None
    if cohort is None or course is None or not call.caller.may_see(cohort.id):
        return Refused("gone")
    return (cohort, course) if course.simulations else Refused("none")


async def listed(tx: Tx, call: Call, office: Office) -> Outcome:
    """All cases of a cohort's course."""
    found = await _seen(tx, call, office)
    if isinstance(found, Refused):
        return found
    cohort, course = found
    begun = await plays.people(tx, cohort.id)
    counts = ((one, begun.get(one.id, 0)) for one in course.simulations)
    return Listed(cohort, tuple((one, None if small(n) else n) for one, n in counts))


async def one(tx: Tx, call: Call, office: Office) -> Outcome:
    """One case."""
    found = await _seen(tx, call, office)
    if isinstance(found, Refused):
        return found
    cohort, course = found
    if call.pressed.number >= len(course.simulations):
        return Refused("gone")
    simulation = course.simulations[call.pressed.number]
    first = await plays.first_plays(tx, cohort.id, simulation.id)
    if len(first) < FEWEST_PEOPLE:
        return Figures(cohort, simulation, 0, 0, None, (), None, ())
    took = [minutes for _, minutes in first if minutes is not None]
    shown = [flow for flow in await plays.flows(tx, cohort.id, simulation.id) if flow.people >= FEWEST_PEOPLE]
    return Figures(
        cohort,
        simulation,
        len(first),
        len(took),
        median(took) if len(took) >= FEWEST_PEOPLE else None,
        _endings(simulation, Counter(ending for ending, _ in first if ending)),
        await _regretted(tx, cohort, simulation),
        tuple(shown),
    )


def _endings(simulation: Simulation, counted: Counter[str]) -> tuple[tuple[Ending, int | None], ...]:
    reached = [ending for ending in simulation.endings if counted[ending.id]]
    shown = in_one_row([counted[ending.id] for ending in reached])
    return () if shown is None else tuple(zip(reached, shown, strict=True))


async def _regretted(tx: Tx, cohort: Cohort, simulation: Simulation) -> tuple[Move, int] | None:
    """The move at the turning point that most people made otherwise when they played again."""
    counts = await plays.regretted(tx, cohort.id, simulation.id, simulation.turning_point.scene)
    scene = simulation.scene(simulation.turning_point.scene)
    moves = [(each, counts.get(each.id, 0)) for each in scene.moves] if scene else []
    most = max(moves, key=lambda pair: pair[1], default=None)
    return most if most is not None and most[1] >= FEWEST_PEOPLE else None
