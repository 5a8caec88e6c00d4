"""Who is on a cohort's roll: found by name, where they serve, and who is away."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from lessons.enrolment import CohortId, EnrolmentId
from storage.schema import cohort, crisis_week, enrolment, given, leave, person, posting
from storage.store import Tx

_STAYS = enrolment.c.state != "withdrawn"


class Named(NamedTuple):
    """An enrolment by the name of its learner and of its cohort."""

    id: EnrolmentId
    name: str
    cohort: str


async def named(tx: Tx, among: frozenset[int] | None = None) -> list[Named]:
    """Everybody who has not left, in all cohorts or those among these ids, by name."""
    everybody = (
        select(enrolment.c.id, person.c.name, cohort.c.name.label("cohort"))
        .join(person, person.c.learner_id == enrolment.c.learner_id)
        .join(cohort, cohort.c.id == enrolment.c.cohort_id)
        .where(_STAYS)
    )
    if among is not None:
        everybody = everybody.where(enrolment.c.cohort_id.in_(sorted(among)))
    rows = await tx.all(everybody.order_by(person.c.name, enrolment.c.id))
    return [Named(EnrolmentId(row.id), row.name, row.cohort) for row in rows]


async def taught(tx: Tx, cohort_id: CohortId) -> bool:
    """Whether a lesson has reached anybody in the cohort."""
    had = select(given.c.lesson_id).join(enrolment, enrolment.c.id == given.c.enrolment_id)
    had = had.where(enrolment.c.cohort_id == cohort_id, given.c.sent_at.is_not(None))
    return await tx.value(had.limit(1)) is not None


class Serving(NamedTuple):
    """A country (ISO 3166) and its state in which people of a cohort serve, and how many."""

    country: str
    subdivision: str | None
    people: int


async def serving(tx: Tx, cohort_id: CohortId, on: date) -> list[Serving]:
    """Where the people of a cohort serve on that date, the most first."""
    theirs = posting.alias()
    holds = (
        select(theirs.c.id)
        .where(theirs.c.learner_id == enrolment.c.learner_id)
        .order_by(theirs.c.from_on > on, theirs.c.from_on.desc(), theirs.c.id.desc())
        .limit(1)
        .correlate(enrolment)
        .scalar_subquery()
    )
    there = select(posting.c.country, posting.c.subdivision, func.count().label("people"))
    there = there.select_from(enrolment.join(posting, posting.c.id == holds))
    there = there.where(enrolment.c.cohort_id == cohort_id, _STAYS)
    rows = await tx.all(there.group_by(posting.c.country, posting.c.subdivision))
    return sorted((Serving(*row) for row in rows), key=lambda each: (-each.people, each.country))


async def away(tx: Tx, cohort_id: CohortId, on: date) -> Counter[str]:
    """How many of a cohort have told of leave, and how many of a crisis of their own, for that date."""
    there = select(leave.c.kind, func.count(leave.c.learner_id.distinct()).label("n"))
    there = there.join(enrolment, enrolment.c.learner_id == leave.c.learner_id)
    there = there.where(enrolment.c.cohort_id == cohort_id, _STAYS, leave.c.first_on <= on, leave.c.last_on >= on)
    return Counter({row.kind: row.n for row in await tx.all(there.group_by(leave.c.kind))})


class CrisisThere(NamedTuple):
    """A declared crisis week, and how many of a cohort have a posting there."""

    place: str | None
    country: str
    first_on: date
    last_on: date
    people: int


async def crises(tx: Tx, cohort_id: CohortId, since: date) -> Sequence[CrisisThere]:
    """Crisis weeks that are not over on that date and concern somebody of the cohort, the earliest first."""
    there = (posting.c.country == crisis_week.c.country) & (
        crisis_week.c.place.is_(None) | (crisis_week.c.place == posting.c.place)
    )
    columns = (crisis_week.c.place, crisis_week.c.country, crisis_week.c.first_on, crisis_week.c.last_on)
    counted = select(*columns, func.count(posting.c.learner_id.distinct()).label("people"))
    counted = counted.select_from(crisis_week.join(posting, there)).join(
        enrolment, enrolment.c.learner_id == posting.c.learner_id
    )
    counted = counted.where(enrolment.c.cohort_id == cohort_id, _STAYS, crisis_week.c.last_on >= since)
    rows = await tx.all(counted.group_by(crisis_week.c.id, *columns).order_by(crisis_week.c.first_on))
    return [CrisisThere(*row) for row in rows]
