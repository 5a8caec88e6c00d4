"""A cohort's progress and its deliveries as rows to be taken out, a page at a time, oldest first."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, or_, select

from lessons.enrolment import CohortId
from storage.desk_schema import invitee, remark
from storage.schema import asking, attempt, broadcast, cohort, delivery, enrolment, given, ladder, learner, person
from storage.store import Tx
from storage.verdicts import CORRECT_NOW
from storage.whereabouts import GROUP, MISSION

PROGRESS = (
    "telegram_id",
    "cohort",
    "state",
    "standing",
    "mission",
    "rank",
    "sex",
    "joined_at",
    "completed_at",
    "ended_on",
    "lessons_given",
    "lessons_answered",
    "right_at_first",
    "mastered",
    "cases_decided",
)
DELIVERIES = (
    "telegram_id",
    "cohort",
    "delivery",
    "kind",
    "state",
    "reason",
    "due_at",
    "done_at",
    "tries",
    "message_id",
)
REMARKS = ("attempt", "correction", "correct", "made_at")

_OF_COHORT = bindparam("cohort_id", type_=Integer)
_AFTER, _MOST = bindparam("after", type_=Integer), bindparam("most", type_=Integer)
_FIRST_DAY = (asking.c.enrolment_id == enrolment.c.id) & (asking.c.kind == "day") & (asking.c.state == "settled")
_ANSWERED = select(func.count()).where(_FIRST_DAY).correlate(enrolment).scalar_subquery()
_RIGHT = (
    select(func.coalesce(func.sum(CORRECT_NOW), 0))
    .select_from(asking.join(attempt, attempt.c.asking_id == asking.c.id))
    .where(_FIRST_DAY)
    .correlate(enrolment)
    .scalar_subquery()
)
_CASES = (asking.c.enrolment_id == enrolment.c.id) & (asking.c.kind == "case")
_GIVEN = (
    select(func.count())
    .where(given.c.enrolment_id == enrolment.c.id)
    .where(given.c.lesson_id.not_in(select(asking.c.lesson_id).where(_CASES).correlate(enrolment)))
    .correlate(enrolment)
    .scalar_subquery()
)
_DECIDED = (
    select(func.count(asking.c.lesson_id.distinct()))
    .where(_CASES, asking.c.state == "settled")
    .correlate(enrolment)
    .scalar_subquery()
)
_MASTERED = (
    select(func.count())
    .where(ladder.c.enrolment_id == enrolment.c.id, ladder.c.retired == 1)
    .correlate(enrolment)
    .scalar_subquery()
)
_PROGRESS = (
    select(
        enrolment.c.id,
        enrolment.c.learner_id,
        person.c.telegram_id,
        cohort.c.name.label("cohort"),
        enrolment.c.state,
        GROUP.element.label("standing"),
        MISSION,
        invitee.c.rank,
        invitee.c.sex,
        enrolment.c.joined_at,
        enrolment.c.completed_at,
        enrolment.c.ended_on,
        _GIVEN.label("lessons_given"),
        _ANSWERED.label("lessons_answered"),
        _RIGHT.label("right_at_first"),
        _MASTERED.label("mastered"),
        _DECIDED.label("cases_decided"),
    )
    .select_from(
        enrolment.join(cohort, cohort.c.id == enrolment.c.cohort_id)
        .join(learner, learner.c.id == enrolment.c.learner_id)
        .outerjoin(person, person.c.learner_id == enrolment.c.learner_id)
        .outerjoin(invitee, invitee.c.enrolment_id == enrolment.c.id)
    )
    .where(enrolment.c.cohort_id == _OF_COHORT, enrolment.c.id > _AFTER)
    .order_by(enrolment.c.id)
    .limit(_MOST)
)
_THEIRS = or_(
    delivery.c.enrolment_id.in_(select(enrolment.c.id).where(enrolment.c.cohort_id == _OF_COHORT)),
    delivery.c.broadcast_id.in_(select(broadcast.c.id).where(broadcast.c.cohort_id == _OF_COHORT)),
)
_DELIVERIES = (
    select(
        delivery.c.id,
        delivery.c.learner_id,
        person.c.telegram_id,
        delivery.c.id.label("delivery"),
        *(delivery.c[name] for name in DELIVERIES[3:]),
    )
    .select_from(delivery.outerjoin(person, person.c.learner_id == delivery.c.learner_id))
    .where(_THEIRS, delivery.c.id > _AFTER)
    .order_by(delivery.c.id)
    .limit(_MOST)
)
_REMARKS = (
    select(
        remark.c.id,
        remark.c.attempt_id.label("attempt"),
        remark.c.correction_id.label("correction"),
        remark.c.correct,
        remark.c.made_at,
    )
    .select_from(
        remark.join(attempt, attempt.c.id == remark.c.attempt_id)
        .join(asking, asking.c.id == attempt.c.asking_id)
        .join(enrolment, enrolment.c.id == asking.c.enrolment_id)
    )
    .where(enrolment.c.cohort_id == _OF_COHORT)
    .order_by(remark.c.id)
)

Page = Sequence[tuple[int, int | None, dict[str, Any]]]


async def progress(tx: Tx, cohort_id: CohortId, on: date, *, after: int = 0, limit: int = 1000) -> Page:
    """(enrolment, learner, values by PROGRESS) after that enrolment, missions as they are on that date."""
    read = await tx.all(_PROGRESS, cohort_id=cohort_id, on=on, after=after, most=limit)
    return [(row.id, row.learner_id, _plain(row, PROGRESS)) for row in read]


async def deliveries(tx: Tx, cohort_id: CohortId, name: str, *, after: int = 0, limit: int = 1000) -> Page:
    """(delivery, learner, values by DELIVERIES) after that delivery; `name` is the cohort's."""
    read = await tx.all(_DELIVERIES, cohort_id=cohort_id, after=after, most=limit)
    return [(row.id, row.learner_id, {"cohort": name} | _plain(row, DELIVERIES)) for row in read]


async def remarks(tx: Tx, cohort_id: CohortId) -> list[dict[str, Any]]:
    """Every attempt of a cohort that a correction judged anew, by REMARKS, in the order in which that was done."""
    return [_plain(row, REMARKS) for row in await tx.all(_REMARKS, cohort_id=cohort_id)]


def _plain(row: Any, columns: Sequence[str]) -> dict[str, Any]:
    return {name: _value(getattr(row, name)) for name in columns if hasattr(row, name)}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
