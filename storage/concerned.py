"""Whom another calendar of a cohort concerns: counted, sampled and changed in a few statements, not one by one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, case, delete, func, insert, select, update

from lessons.enrolment import CohortId, EnrolmentId, LearnerId
from storage.calendars import POSTING, Posting, posting_in
from storage.columns import Instant, LocalDate
from storage.schema import due, enrolment, learner, person, posting
from storage.store import Tx


class Concerned(NamedTuple):
    """People under way who can be reached, and how many of them keep a pace or lesson days of their own."""

    people: int
    own_pace: int
    own_days: int


_COHORT = enrolment.c.cohort_id == bindparam("of_cohort")
_THERE = enrolment.join(learner, learner.c.id == enrolment.c.learner_id)
_UNDER_WAY = _COHORT & enrolment.c.state.in_(("active", "paused")) & (learner.c.reach == "reachable")
_NEWEST = (
    select(posting.c.id)
    .where(posting.c.learner_id == enrolment.c.learner_id)
    .order_by(posting.c.from_on.desc(), posting.c.id.desc())
    .limit(1)
    .correlate(enrolment)
    .scalar_subquery()
)
_COUNT = (
    select(
        func.count().label("people"),
        func.coalesce(func.sum(case((learner.c.pace.is_not(None), 1), else_=0)), 0).label("own_pace"),
        func.coalesce(func.sum(case((posting.c.days.is_not(None), 1), else_=0)), 0).label("own_days"),
    )
    .select_from(_THERE.outerjoin(posting, posting.c.id == _NEWEST))
    .where(_UNDER_WAY)
)
_FIRST = (
    select(enrolment.c.id)
    .select_from(_THERE)
    .where(_UNDER_WAY)
    .order_by(enrolment.c.seat, enrolment.c.id)
    .limit(bindparam("most", type_=Integer))
)
_TOLD = (
    select(enrolment.c.learner_id)
    .select_from(_THERE.join(person, person.c.learner_id == enrolment.c.learner_id))
    .where(_UNDER_WAY)
    .order_by(enrolment.c.seat, enrolment.c.id)
)


async def count(tx: Tx, cohort_id: CohortId) -> Concerned:
    """How many a change concerns."""
    row = await tx.first(_COUNT, of_cohort=cohort_id)
    return Concerned(row.people, row.own_pace, row.own_days) if row else Concerned(0, 0, 0)


async def first(tx: Tx, cohort_id: CohortId, *, most: int) -> list[EnrolmentId]:
    """The first of them, in the order of their seats."""
    return [EnrolmentId(row.id) for row in await tx.all(_FIRST, of_cohort=cohort_id, most=most)]


async def learners(tx: Tx, cohort_id: CohortId) -> Sequence[LearnerId]:
    """All of them, to be told."""
    return [LearnerId(row.learner_id) for row in await tx.all(_TOLD, of_cohort=cohort_id)]


_STAYS = _COHORT & (enrolment.c.state != "withdrawn")
_LOOK_NO_MORE = delete(due).where(due.c.enrolment_id.in_(select(enrolment.c.id).where(_STAYS)))
_LOOK_AT = insert(due).from_select(
    ["at", "enrolment_id"], select(bindparam("at", type_=Instant), enrolment.c.id).where(_STAYS)
)
_LOOKED_AT = update(enrolment).where(_STAYS).values(look_at=bindparam("at", type_=Instant))


async def look_soon(tx: Tx, cohort_id: CohortId, now: datetime) -> None:
    """The planner looks at everybody in the cohort with its next tick."""
    await tx.run(_LOOK_NO_MORE, of_cohort=cohort_id)
    await tx.run(_LOOK_AT, of_cohort=cohort_id, at=now)
    await tx.run(_LOOKED_AT, of_cohort=cohort_id, at=now)


_POSTED = (
    select(enrolment.c.id.label("enrolment_id"), *POSTING)
    .select_from(enrolment.join(posting, posting.c.id == _NEWEST))
    .where(_STAYS)
)
_BEGIN = (
    update(enrolment)
    .where(enrolment.c.id == bindparam("enrolment_id"))
    .values(first_on=bindparam("day", type_=LocalDate))
)


async def begin_on(tx: Tx, cohort_id: CohortId, day_of: Callable[[Posting], date]) -> None:
    """First lessons on another local date, which `day_of` says of a posting."""
    posted = [(row.enrolment_id, posting_in(row)) for row in await tx.all(_POSTED, of_cohort=cohort_id)]
    if posted:
        days = {where: day_of(where) for where in {_alike(where) for _, where in posted}}
        moved = [{"enrolment_id": who, "day": days[_alike(where)]} for who, where in posted]
        await tx.run(_BEGIN, moved)


def _alike(where: Posting) -> Posting:
    """The same for everybody who has that zone, weekend and lesson days."""
    return Posting("", where.country, where.subdivision, where.zone, date.min, where.days)
