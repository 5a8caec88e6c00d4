"""How far a cohort has come, for pictures: lessons answered by date, lesson and mission. Counts, never answers."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam, func, select, type_coerce

from lessons.course import LessonId
from lessons.enrolment import CohortId
from storage.columns import EPOCH, BigInt
from storage.schema import asking, enrolment, ladder
from storage.store import Tx
from storage.whereabouts import MISSION, STAYS

_A_DAY = timedelta(days=1)
_IN_COHORT = enrolment.c.cohort_id == bindparam("cohort_id")
_SAMPLED = enrolment.c.seat % bindparam("every", type_=Integer) == 0  # every so-manieth person, which is fair to all
_DONE = (asking.c.kind == "day") & (asking.c.state == "settled")
_STUDIED = enrolment.join(asking, asking.c.enrolment_id == enrolment.c.id)


def _day(at: ColumnElement[Any]) -> ColumnElement[int]:
    """The UTC date of an instant, in days since 1970."""
    return (type_coerce(at, BigInt) // (_A_DAY // timedelta(microseconds=1))).label("day")


_ANSWERED_ON, _COMPLETED_ON = _day(asking.c.settled_at), _day(enrolment.c.completed_at)
_LESSONS_BY_DAY = (
    select(_ANSWERED_ON, func.count().label("n"))
    .select_from(_STUDIED)
    .where(_IN_COHORT, STAYS, _SAMPLED, _DONE, asking.c.settled_at.is_not(None))
    .group_by("day")
    .order_by("day")
)
_COMPLETED_BY_DAY = (
    select(_COMPLETED_ON, func.count().label("n"))
    .where(_IN_COHORT, STAYS, enrolment.c.completed_at.is_not(None))
    .group_by("day")
    .order_by("day")
)
# A lesson whose question was answered has one rung, and the key of that table alone tells them: half a million askings
# need not be read for a picture.
_BY_LESSON = (
    select(ladder.c.lesson_id, func.count().label("n"))
    .select_from(enrolment.join(ladder, ladder.c.enrolment_id == enrolment.c.id))
    .where(_IN_COHORT, STAYS)
    .group_by(ladder.c.lesson_id)
    .order_by(ladder.c.lesson_id)
)
_PEOPLE = select(func.count()).select_from(enrolment).where(_IN_COHORT, STAYS, _SAMPLED)
_ANSWERED = (
    select(func.count())
    .select_from(ladder)
    .where(ladder.c.enrolment_id == enrolment.c.id)
    .correlate(enrolment)
    .scalar_subquery()
)
_EACH = select(MISSION, _ANSWERED.label("done")).select_from(enrolment).where(_IN_COHORT, STAYS).subquery()
_BY_MISSION = select(_EACH.c.mission, func.count().label("people"), func.sum(_EACH.c.done).label("done")).group_by(
    _EACH.c.mission
)


def _dated(day: int) -> date:
    return (EPOCH + day * _A_DAY).date()


async def people(tx: Tx, cohort_id: CohortId, *, every: int = 1) -> int:
    """How many have a place in a cohort; of every so-manieth seat."""
    return await tx.value(_PEOPLE, cohort_id=cohort_id, every=every) or 0


async def lessons_by_day(tx: Tx, cohort_id: CohortId, *, every: int = 1) -> dict[date, int]:
    """Lessons whose question was answered on each date (UTC) by people of every so-manieth seat, the earliest first."""
    return {_dated(row.day): row.n for row in await tx.all(_LESSONS_BY_DAY, cohort_id=cohort_id, every=every)}


async def completed_by_day(tx: Tx, cohort_id: CohortId) -> dict[date, int]:
    """People who completed on each date (UTC), the earliest first."""
    return {_dated(row.day): row.n for row in await tx.all(_COMPLETED_BY_DAY, cohort_id=cohort_id)}


async def by_lesson(tx: Tx, cohort_id: CohortId) -> dict[LessonId, int]:
    """How many people have answered each lesson's question."""
    return {LessonId(row.lesson_id): row.n for row in await tx.all(_BY_LESSON, cohort_id=cohort_id)}


class OfMission(NamedTuple):
    """The people of a mission (None: nowhere known) and the lessons they have answered together."""

    mission: str | None
    people: int
    done: int


async def by_mission(tx: Tx, cohort_id: CohortId, on: date) -> list[OfMission]:
    """Every mission of a cohort, as people are posted on that date."""
    return [
        OfMission(row.mission, row.people, int(row.done))
        for row in await tx.all(_BY_MISSION, cohort_id=cohort_id, on=on)
    ]
