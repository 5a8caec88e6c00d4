"""Baselines and checks: which form was offered to whom, how far it has come, and what was answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from lessons.course import QuestionId
from lessons.enrolment import CohortId, EnrolmentId, MeasureKind
from lessons.measures import Answered
from storage.schema import asking, attempt, enrolment, measure
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Measure:
    """One baseline or check of an enrolment. `state`: offered, begun, done or declined.

    One is over before the next begins, so what was answered from `begun_at` to `done_at` was answered in it.
    """

    enrolment_id: EnrolmentId
    kind: MeasureKind
    form: int
    state: str
    sent_on: date
    begun_at: datetime | None
    done_at: datetime | None


def _value(row: Any) -> Measure:
    kind = MeasureKind(row.kind)
    return Measure(row.enrolment_id, kind, row.form, row.state, row.sent_on, row.begun_at, row.done_at)


_OF_ENROLMENT = select(measure).where(measure.c.enrolment_id == bindparam("enrolment_id"))


async def of_enrolment(tx: Tx, enrolment_id: EnrolmentId) -> dict[MeasureKind, Measure]:
    """Every measure that was offered, by kind."""
    rows = await tx.all(_OF_ENROLMENT, enrolment_id=enrolment_id)
    return {MeasureKind(row.kind): _value(row) for row in rows}


async def offer(tx: Tx, enrolment_id: EnrolmentId, kind: MeasureKind, *, form: int, on: date) -> None:
    """It is on its way to the phone."""
    values = {"enrolment_id": enrolment_id, "kind": kind.value, "form": form, "state": "offered", "sent_on": on}
    await tx.run(insert(measure).values(values))


async def withdraw(tx: Tx, enrolment_id: EnrolmentId, kind: MeasureKind) -> None:
    """It did not go out: it will be offered again."""
    mine = (measure.c.enrolment_id == enrolment_id) & (measure.c.kind == kind.value)
    await tx.run(delete(measure).where(mine, measure.c.state == "offered"))


async def change(tx: Tx, enrolment_id: EnrolmentId, kind: MeasureKind, **values: Any) -> None:
    """Set columns of a measure."""
    mine = update(measure).where(measure.c.enrolment_id == enrolment_id, measure.c.kind == kind.value)
    await tx.run(mine.values(**values))


async def answered(tx: Tx, enrolment_id: EnrolmentId) -> dict[MeasureKind, list[Answered]]:
    """What was answered in each measure that was begun; a kept question is put once to one person."""
    found = await _answered(tx, measure.c.enrolment_id == enrolment_id)
    return {kind: answers for (_, kind), answers in found.items()}


async def done_in(tx: Tx, cohort_id: CohortId) -> list[tuple[Measure, list[Answered]]]:
    """Every measure of a cohort that was finished, with what was answered in it."""
    theirs = measure.c.enrolment_id.in_(select(enrolment.c.id).where(enrolment.c.cohort_id == cohort_id))
    done = theirs & (measure.c.state == "done")
    rows = [_value(row) for row in await tx.all(select(measure).where(done))]
    found = await _answered(tx, done)
    return [(each, found.get((each.enrolment_id, each.kind), [])) for each in rows]


async def _answered(tx: Tx, which: Any) -> dict[tuple[EnrolmentId, MeasureKind], list[Answered]]:
    until_done = or_(measure.c.done_at.is_(None), attempt.c.answered_at <= measure.c.done_at)
    rows = await tx.all(
        select(measure.c.enrolment_id, measure.c.kind, asking.c.question_id, attempt.c.correct, attempt.c.sure)
        .join(asking, asking.c.enrolment_id == measure.c.enrolment_id)
        .join(attempt, attempt.c.asking_id == asking.c.id)
        .where(which, asking.c.kind == "kept", asking.c.state == "settled")
        .where(attempt.c.answered_at >= measure.c.begun_at, until_done)
        .order_by(asking.c.id)
    )
    found: dict[tuple[EnrolmentId, MeasureKind], list[Answered]] = {}
    for row in rows:
        whose = (EnrolmentId(row.enrolment_id), MeasureKind(row.kind))
        found.setdefault(whose, []).append(Answered(QuestionId(row.question_id), bool(row.correct), bool(row.sure)))
    return found
