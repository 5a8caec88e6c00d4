"""Lessons given, the answers that an enrolment looks back on, and the rung on which each objective stands."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from lessons.course import LessonId, QuestionId, TaughtId, Version
from lessons.enrolment import AskingKind, EnrolmentId
from scheduler.spacing import Rung
from storage import rows
from storage.columns import Instant
from storage.schema import asking, attempt, given, ladder
from storage.store import Tx
from storage.verdicts import CORRECT_NOW


class Given(NamedTuple):
    """A lesson, or a case in its place, given to an enrolment."""

    lesson_id: TaughtId
    round: int
    given_on: date
    sent_at: datetime | None
    opened_at: datetime | None


_GIVEN = (
    select(*[given.c[name] for name in Given._fields])
    .where(given.c.enrolment_id == bindparam("enrolment_id"))
    .order_by(given.c.given_on)
)
_ROUND = select(given.c.round).where(
    given.c.enrolment_id == bindparam("enrolment_id"), given.c.lesson_id == bindparam("lesson_id")
)


async def lessons_given(tx: Tx, enrolment_id: EnrolmentId) -> list[Given]:
    """Every lesson and case given, in the order of their dates."""
    return [Given(*row) for row in await tx.all(_GIVEN, enrolment_id=enrolment_id)]


async def give(tx: Tx, enrolment_id: EnrolmentId, lesson_id: TaughtId, *, on: date) -> int:
    """Give a lesson (again); returns the round."""
    mine = {"enrolment_id": enrolment_id, "lesson_id": lesson_id}
    before: int = await tx.value(_ROUND, **mine) or 0
    values = mine | {"round": before + 1, "given_on": on, "sent_at": None}
    await rows.put(tx, given, values, key=("enrolment_id", "lesson_id"))
    return before + 1


async def mark_given(tx: Tx, enrolment_id: EnrolmentId, lesson_id: TaughtId, **values: Any) -> None:
    """Set sent_at or opened_at."""
    await rows.change(tx, given, {"enrolment_id": enrolment_id, "lesson_id": lesson_id}, values)


_RUNGS = select(ladder).where(ladder.c.enrolment_id == bindparam("enrolment_id"))


async def rungs(tx: Tx, enrolment_id: EnrolmentId) -> dict[LessonId, Rung]:
    """Where every objective stands."""
    found = await tx.all(_RUNGS, enrolment_id=enrolment_id)
    return {LessonId(r.lesson_id): Rung(r.right_in_a_row, r.due_on, bool(r.retired), r.since_on) for r in found}


async def set_rung(tx: Tx, enrolment_id: EnrolmentId, lesson_id: LessonId, rung: Rung) -> None:
    """Where an objective stands now."""
    values: dict[str, Any] = {
        "right_in_a_row": rung.right_in_a_row,
        "due_on": rung.due_on,
        "retired": int(rung.retired),
    }
    values |= {"enrolment_id": enrolment_id, "lesson_id": lesson_id, "since_on": rung.since_on}
    await rows.put(tx, ladder, values, key=("enrolment_id", "lesson_id"))


class Answer(NamedTuple):
    """A settled answer as the refreshers look back on it; `on` is the local date for which it was planned."""

    lesson_id: LessonId
    question_id: QuestionId
    version: Version
    kind: AskingKind
    on: date
    correct: bool
    sure: bool


class Answered(NamedTuple):
    """A question that was answered and settled, or a case that was decided: why it was put, and when that was."""

    kind: AskingKind
    at: datetime


_SETTLED = (asking.c.enrolment_id == bindparam("enrolment_id")) & (asking.c.state == "settled")
_TAUGHT = _SETTLED & (asking.c.kind != "kept")
_LOOKED_BACK_ON = (asking.c.lesson_id, asking.c.question_id, asking.c.version, asking.c.kind, asking.c.planned_on)
_HISTORY = (
    select(*_LOOKED_BACK_ON, CORRECT_NOW.label("correct"), attempt.c.sure)
    .join(attempt, attempt.c.asking_id == asking.c.id)
    .where(_TAUGHT)
    .order_by(asking.c.id)
)
_DONE_AT = func.coalesce(attempt.c.answered_at, asking.c.settled_at)
_ANSWERED = (
    select(asking.c.kind, _DONE_AT.label("done_at"))
    .outerjoin(attempt, attempt.c.asking_id == asking.c.id)
    .where(_TAUGHT, bindparam("since", type_=Instant) <= _DONE_AT)
    .order_by(_DONE_AT)
)
_LESSONS_SETTLED = select(asking.c.lesson_id).where(_SETTLED, asking.c.kind == bindparam("wanted")).distinct()


async def history(tx: Tx, enrolment_id: EnrolmentId) -> list[Answer]:
    """Every settled answer of an enrolment but those of measures, the oldest first."""
    return [
        Answer(r.lesson_id, r.question_id, r.version, AskingKind(r.kind), r.planned_on, bool(r.correct), bool(r.sure))
        for r in await tx.all(_HISTORY, enrolment_id=enrolment_id)
    ]


async def answered(tx: Tx, enrolment_id: EnrolmentId, *, since: datetime) -> list[Answered]:
    """Settled answers but those of measures, and cases decided, since that instant, the oldest first."""
    found = await tx.all(_ANSWERED, enrolment_id=enrolment_id, since=since)
    return [Answered(AskingKind(row.kind), row.done_at) for row in found]


async def settled_days(tx: Tx, enrolment_id: EnrolmentId, kind: AskingKind) -> Sequence[TaughtId]:
    """Lessons or cases with a settled asking of that kind."""
    found = await tx.all(_LESSONS_SETTLED, enrolment_id=enrolment_id, wanted=kind.value)
    return [LessonId(row.lesson_id) for row in found]
