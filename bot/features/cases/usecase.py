"""Figures of the cases of a cohort, from five people on."""

from dataclasses import dataclass

from bot import case_figures
from bot.call import Call
from bot.case_figures import CaseFigures
from bot.office import Office
from lessons.course import Course
from lessons.simulation import Simulation
from lessons.suppression import small
from storage import cohorts, plays
from storage.cohorts import Cohort
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
    """One case; None: fewer than five people have begun it."""

    cohort: Cohort
    simulation: Simulation
    figures: CaseFigures | None


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
    return Figures(cohort, simulation, await case_figures.of(tx, cohort.id, simulation))
