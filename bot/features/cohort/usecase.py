"""Who of a cohort is where. Completion is seen, answers are not."""

from dataclasses import dataclass

from bot.call import Call
from bot.office import Office
from storage import cohorts
from storage.cohorts import Census, Cohort, Member
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Roll:
    """A cohort with its counts and the members who may need a hand."""

    cohort: Cohort
    course: str
    census: Census
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """Several cohorts: which one?"""

    cohorts: tuple[Cohort, ...]


async def show(tx: Tx, _call: Call, office: Office) -> Roll | Choose | None:
    """The only cohort, or which; None where there is none."""
    every = await cohorts.every(tx)
    if len(every) == 1:
        return await roll(tx, every[0].id, office)
    return Choose(tuple(every[:20])) if every else None


async def roll(tx: Tx, cohort_id: int, office: Office) -> Roll | None:
    """One cohort's roll; None when there is no such cohort."""
    cohort = await cohorts.get(tx, cohort_id)
    if cohort is None:
        return None
    course = office.courses.get(cohort.course_id)
    census = await cohorts.census(tx, cohort.id)
    members = await cohorts.members(tx, cohort.id, limit=12)
    return Roll(cohort, course.title if course else cohort.course_id, census, tuple(members))
