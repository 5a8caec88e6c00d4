"""Baselines and checks: which form was offered to whom, how far it has come, and what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select

from lessons.course import QuestionId
from lessons.enrolment import CohortId, EnrolmentId, MeasureKind
from lessons.measures import Answered
from storage import rows
from storage.schema import asking, attempt, enrolment, measure
from storage.store import Tx
from storage.verdicts import CORRECT_NOW


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
    found = await tx.all(_OF_ENROLMENT, enrolment_id=enrolment_id)
    return {MeasureKind(row.kind): _value(row) for row in found}


async def offer(tx: Tx, enrolment_id: EnrolmentId, kind: MeasureKind, *, form: int, on: date) -> None:
    """It is on its way to the phone."""
    values = {"enrolment_id": enrolment_id, "kind": kind.value, "form": form, "state": "offered", "sent_on": on}
    await rows.add(tx, measure, values)


_WITHDRAW = delete(measure).where(
    measure.c.enrolment_id == bindparam("whose"), measure.c.kind == bindparam("which"), measure.c.state == "offered"
)


async def withdraw(tx: Tx, enrolment_id: EnrolmentId, kind: MeasureKind) -> None:
    """It did not go out: it will be offered again."""
    await tx.run(_WITHDRAW, whose=enrolment_id, which=kind.value)


async def change(tx: Tx, enrolment_id: EnrolmentId, kind: MeasureKind, **values: Any) -> None:
    """Set columns of a measure."""
    await rows.change(tx, measure, {"enrolment_id": enrolment_id, "kind": kind.value}, values)


def _answers(which: ColumnElement[bool]) -> Select[Any]:
    until_done = or_(measure.c.done_at.is_(None), attempt.c.answered_at <= measure.c.done_at)
    return (
        select(
            measure.c.enrolment_id,
            measure.c.kind,
            asking.c.question_id,
            CORRECT_NOW.label("correct"),
            attempt.c.sure,
        )
        .join(asking, asking.c.enrolment_id == measure.c.enrolment_id)
        .join(attempt, attempt.c.asking_id == asking.c.id)
        .where(which, asking.c.kind == "kept", asking.c.state == "settled")
        .where(attempt.c.answered_at >= measure.c.begun_at, until_done)
        .order_by(asking.c.id)
    )


_THEIRS = measure.c.enrolment_id.in_(select(enrolment.c.id).where(enrolment.c.cohort_id == bindparam("cohort_id")))
_DONE = _THEIRS & (measure.c.state == "done")
_DONE_IN = select(measure).where(_DONE)
_ANSWERED = _answers(measure.c.enrolment_id == bindparam("enrolment_id"))
_ANSWERED_IN = _answers(_DONE)


async def answered(tx: Tx, enrolment_id: EnrolmentId) -> dict[MeasureKind, list[Answered]]:
    """What was answered in each measure that was begun; a kept question is put once to one person."""
    found = _by_measure(await tx.all(_ANSWERED, enrolment_id=enrolment_id))
    return {kind: answers for (_, kind), answers in found.items()}


async def done_in(tx: Tx, cohort_id: CohortId) -> list[tuple[Measure, list[Answered]]]:
    """Every measure of a cohort that was finished, with what was answered in it."""
    done = [_value(row) for row in await tx.all(_DONE_IN, cohort_id=cohort_id)]
    found = _by_measure(await tx.all(_ANSWERED_IN, cohort_id=cohort_id))
    return [(each, found.get((each.enrolment_id, each.kind), [])) for each in done]


def _by_measure(answers: Iterable[Any]) -> dict[tuple[EnrolmentId, MeasureKind], list[Answered]]:
    found: dict[tuple[EnrolmentId, MeasureKind], list[Answered]] = {}
    for row in answers:
        whose = (EnrolmentId(row.enrolment_id), MeasureKind(row.kind))
        found.setdefault(whose, []).append(Answered(QuestionId(row.question_id), bool(row.correct), bool(row.sure)))
    return found
