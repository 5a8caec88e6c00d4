"""What an evidence pack rests on: the people of a cohort, and their last answers in the course."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from lessons.enrolment import CohortId, EnrolmentId
from storage.desk_schema import invitee
from storage.schema import asking, attempt, enrolment
from storage.store import Tx
from storage.verdicts import CORRECT_NOW
from storage.whereabouts import MISSION, STAYS


class Row(NamedTuple):
    """Somebody of a cohort; `answers`: how many questions of the course were answered."""

    enrolment: EnrolmentId
    state: str
    mission: str | None
    sex: str | None
    rank: str | None
    first_on: date
    completed_at: datetime | None
    answers: int


_IN_COHORT = enrolment.c.cohort_id == bindparam("cohort_id")
_SETTLED = (asking.c.enrolment_id == enrolment.c.id) & (asking.c.kind != "kept") & (asking.c.state == "settled")
_ANSWERS = select(func.count()).where(_SETTLED).correlate(enrolment).scalar_subquery()
_PEOPLE = (
    select(
        enrolment.c.id,
        enrolment.c.state,
        MISSION,
        invitee.c.sex,
        invitee.c.rank,
        enrolment.c.first_on,
        enrolment.c.completed_at,
        _ANSWERS.label("answers"),
    )
    .select_from(enrolment.outerjoin(invitee, invitee.c.enrolment_id == enrolment.c.id))
    .where(_IN_COHORT, STAYS)
    .order_by(enrolment.c.id)
)
_NEWEST = (
    select(
        asking.c.enrolment_id,
        CORRECT_NOW.label("correct"),
        func.row_number()
        .over(partition_by=(asking.c.enrolment_id, asking.c.lesson_id), order_by=asking.c.id.desc())
        .label("newest"),
    )
    .select_from(enrolment.join(asking, asking.c.enrolment_id == enrolment.c.id))
    .join(attempt, attempt.c.asking_id == asking.c.id)
    .where(_IN_COHORT, STAYS, asking.c.kind.in_(("day", "review")), asking.c.state == "settled")
    .subquery()
)
_LAST = (
    select(_NEWEST.c.enrolment_id, func.sum(_NEWEST.c.correct).label("right_"), func.count().label("asked"))
    .where(_NEWEST.c.newest == 1)
    .group_by(_NEWEST.c.enrolment_id)
    .order_by(_NEWEST.c.enrolment_id)
)


async def people(tx: Tx, cohort_id: CohortId, on: date) -> list[Row]:
    """Everybody who was not withdrawn, missions as they are on that date."""
    return [Row(*row) for row in await tx.all(_PEOPLE, cohort_id=cohort_id, on=on)]


async def last_answers(tx: Tx, cohort_id: CohortId) -> dict[EnrolmentId, tuple[int, int]]:
    """Enrolment → (right, asked) of the last answer to each lesson."""
    return {EnrolmentId(r.enrolment_id): (r.right_, r.asked) for r in await tx.all(_LAST, cohort_id=cohort_id)}
