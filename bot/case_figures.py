"""What a cohort made of a case, small figures held back: for its coordinators and for the evidence pack."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from lessons.enrolment import CohortId
from lessons.measures import FEWEST_PEOPLE
from lessons.simulation import Ending, Move, Simulation
from lessons.suppression import Way, in_flow, small
from storage import plays
from storage.plays import Flow
from storage.store import Tx

OUTSIDE = ""  # no id of a place: where people come from and go to


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """First plays of one case. A count of None is held back; `ways` are those between places that may be shown.

    `minutes`: half took less; None: too few. `regretted`: the move at the turning point that most made otherwise later.
    """

    simulation: Simulation
    begun: int | None
    ended: int | None
    minutes: float | None
    endings: tuple[tuple[Ending, int | None], ...]
    regretted: tuple[Move, int] | None
    ways: Mapping[Way, int]


async def of(tx: Tx, cohort_id: CohortId, simulation: Simulation) -> CaseFigures | None:
    """None where fewer than five people have begun it."""
    first = await plays.first_plays(tx, cohort_id, simulation.id)
    if len(first) < FEWEST_PEOPLE:
        return None
    took = [minutes for _, minutes in first if minutes is not None]
    if small(len(took)) or not took:
        return CaseFigures(simulation, len(first), None if took else 0, None, (), None, {})
    ways = _all_ways(simulation, await plays.flows(tx, cohort_id, simulation.id), len(took))
    shown = in_flow(ways, known=frozenset({(OUTSIDE, simulation.scenes[0].id)})) or {}
    return CaseFigures(
        simulation,
        None if small(len(first) - len(took)) else len(first),
        len(took),
        median(took),
        tuple((each, shown[each.id, OUTSIDE]) for each in simulation.endings if (each.id, OUTSIDE) in shown),
        await _regretted(tx, cohort_id, simulation),
        {way: n for way, n in shown.items() if n and OUTSIDE not in way},
    )


def _all_ways(simulation: Simulation, flows: Iterable[Flow], ended: int) -> dict[Way, int]:
    """(from, to) to people, so that as many leave every place as come to it: into the case, and out of its endings."""
    ways = Counter[Way]({(OUTSIDE, simulation.scenes[0].id): ended})
    for flow in flows:
        ways[flow.scene, flow.leads_to] += flow.people
    for each in simulation.endings:
        came = sum(n for way, n in ways.items() if way[1] == each.id)
        if came:
            ways[each.id, OUTSIDE] = came
    return dict(ways)


async def _regretted(tx: Tx, cohort_id: CohortId, simulation: Simulation) -> tuple[Move, int] | None:
    counts = await plays.regretted(tx, cohort_id, simulation.id, simulation.turning_point.scene)
    scene = simulation.scene(simulation.turning_point.scene)
    moves = [(each, counts.get(each.id, 0)) for each in scene.moves] if scene else []
    most = max(moves, key=lambda pair: pair[1], default=None)
    return most if most is not None and most[1] >= FEWEST_PEOPLE else None
