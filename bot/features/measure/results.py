"""What came of baselines and checks: a learner's own figures, and those of a cohort as they may be shown."""

from collections.abc import Mapping

from bot import seat
from bot.call import Call
from bot.features.measure import usecase
from bot.features.measure.outcome import Own, Pair, Sitting, Totals
from bot.office import Office
from bot.seat import Seat
from lessons.enrolment import EnrolmentId, MeasureKind
from lessons.measures import FEWEST_PEOPLE, Pooled, Result, pooled, result
from storage import cohorts, measures
from storage.cohorts import Cohort
from storage.measures import Measure
from storage.store import Tx

MOST_COHORTS = 5  # on one screen

Group = frozenset[EnrolmentId]


async def own(tx: Tx, call: Call, office: Office) -> Own | None:
    """The caller's results; None without a seat."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return None
    results, next_on = await usecase.results_of(tx, mine), await usecase.next_check_on(tx, mine, call.now)
    return Own(mine, results, await _waiting(tx, mine), next_on)


async def _waiting(tx: Tx, mine: Seat) -> Measure | None:
    every = await measures.of_enrolment(tx, mine.enrolment.id)
    open_ones = [each for each in every.values() if each.state in ("offered", "begun")]
    return next((each for each in open_ones if not Sitting(mine, each, every).closed), None)


async def newest(tx: Tx, call: Call, office: Office) -> list[Totals]:
    """The newest cohorts of courses that are taught here, a handful at most."""
    taught = [cohort for cohort in await cohorts.every(tx, call.caller.cohorts) if cohort.course_id in office.courses]
    return [await _totals(tx, cohort, office) for cohort in taught[:MOST_COHORTS]]


async def of(tx: Tx, cohort_id: int, call: Call, office: Office) -> Totals | None:
    """One cohort's figures; None when there is no such cohort, or its course is not taught here."""
    cohort = await cohorts.get(tx, cohort_id) if call.caller.may_see(cohort_id) else None
    return await _totals(tx, cohort, office) if cohort and cohort.course_id in office.courses else None


async def _totals(tx: Tx, cohort: Cohort, office: Office) -> Totals:
    course = office.courses[cohort.course_id]
    people: dict[MeasureKind, dict[EnrolmentId, Result]] = {kind: {} for kind in MeasureKind}
    for measure, answers in await measures.done_in(tx, cohort.id):
        people[measure.kind][measure.enrolment_id] = result(course, answers)
    at_start, shown = people[MeasureKind.BASELINE], list[Group]()
    pairs = {}
    for later in (MeasureKind.CHECK_30, MeasureKind.CHECK_90):
        both = frozenset(at_start.keys() & people[later].keys())
        if _may_show(both, shown):
            pairs[later] = Pair(_pooled(at_start, both), _pooled(people[later], both))
    everybody = frozenset(at_start)
    start = _pooled(at_start, everybody) if _may_show(everybody, shown) else None
    return Totals(cohort, course, {kind: len(each) for kind, each in people.items()}, start, pairs)


def _pooled(people: Mapping[EnrolmentId, Result], who: Group) -> Pooled:
    return pooled([people[each] for each in sorted(who)])


def _may_show(group: Group, shown: list[Group]) -> bool:
    """Whether these people's figures beside those shown already tell of nobody: who is not in both must be five.

    Two totals that differ by one person's answers are that person's answers. A group that may be shown is added.
    """
    if len(group) < FEWEST_PEOPLE:  # its figures are held back in any case
        return True
    if any(0 < len(group ^ other) < FEWEST_PEOPLE for other in shown):
        return False
    shown.append(group)
    return True
