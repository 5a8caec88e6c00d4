"""Questions asked: each occasion with its answer as recorded, and what of an enrolment's is open."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, or_, select, update

from lessons.course import CourseId, LessonId, Question, QuestionId, Version
from lessons.enrolment import OPEN_ASKINGS, AskingId, AskingKind, AskingState, EnrolmentId, LearnerId
from lessons.simulation import Simulation
from storage import rows, schema, wordings
from storage.schema import asking, attempt, enrolment, mistake
from storage.store import Tx
from storage.verdicts import CORRECT_NOW


@dataclass(frozen=True, slots=True)
class Asking:
    """One occasion on which a question is put, with the answer where there is one.

    Where a case is offered, `lesson_id` and `question_id` are both that of the case, and there is no answer.
    """

    id: AskingId
    enrolment_id: EnrolmentId
    lesson_id: LessonId
    question_id: QuestionId
    kind: AskingKind
    number: int
    version: Version
    state: AskingState
    planned_on: date
    put_at: datetime | None
    settled_at: datetime | None
    feedback_owed: bool
    nudges: int
    nudged_on: date | None
    choice_id: str | None
    correct: bool
    sure: bool | None
    answered_at: datetime | None


_ASKING = (
    asking.c.id,
    asking.c.enrolment_id,
    asking.c.lesson_id,
    asking.c.question_id,
    asking.c.kind,
    asking.c.number,
    asking.c.version,
    asking.c.state,
    asking.c.planned_on,
    asking.c.put_at,
    asking.c.settled_at,
    asking.c.feedback_owed,
    asking.c.nudges,
    asking.c.nudged_on,
)
_ANSWER = (attempt.c.choice_id, CORRECT_NOW.label("correct"), attempt.c.sure, attempt.c.answered_at)
_WITH_ANSWER = select(*_ASKING, *_ANSWER).outerjoin(attempt, attempt.c.asking_id == asking.c.id)

_OF_ENROLMENT = asking.c.enrolment_id == bindparam("enrolment_id")
_OPEN = asking.c.state.in_([literal_column(f"'{state}'") for state in OPEN_ASKINGS])
_BY_ID = _WITH_ANSWER.where(asking.c.id == bindparam("asking_id"))
_OPEN_OF = _WITH_ANSWER.where(_OF_ENROLMENT, _OPEN).order_by(asking.c.id)
_OF_LESSON = _WITH_ANSWER.where(_OF_ENROLMENT, asking.c.lesson_id == bindparam("lesson_id"))
_SETTLED_OF_LESSON = _OF_LESSON.where(asking.c.state == "settled").order_by(asking.c.id)


def _value(row: Any) -> Asking:
    return Asking(
        id=row.id,
        enrolment_id=row.enrolment_id,
        lesson_id=row.lesson_id,
        question_id=row.question_id,
        kind=AskingKind(row.kind),
        number=row.number,
        version=row.version,
        state=AskingState(row.state),
        planned_on=row.planned_on,
        put_at=row.put_at,
        settled_at=row.settled_at,
        feedback_owed=bool(row.feedback_owed),
        nudges=row.nudges,
        nudged_on=row.nudged_on,
        choice_id=row.choice_id,
        correct=bool(row.correct),
        sure=None if row.sure is None else bool(row.sure),
        answered_at=row.answered_at,
    )


async def get(tx: Tx, asking_id: int) -> Asking | None:
    """The asking of that id."""
    row = await tx.first(_BY_ID, asking_id=asking_id)
    return None if row is None else _value(row)


async def open_of(tx: Tx, enrolment_id: EnrolmentId) -> list[Asking]:
    """Askings planned, put or chosen, the oldest first."""
    return [_value(row) for row in await tx.all(_OPEN_OF, enrolment_id=enrolment_id)]


async def of_lesson(tx: Tx, enrolment_id: EnrolmentId, lesson_id: LessonId) -> list[Asking]:
    """Settled askings of a lesson's questions, the oldest first."""
    found = await tx.all(_SETTLED_OF_LESSON, enrolment_id=enrolment_id, lesson_id=lesson_id)
    return [_value(row) for row in found]


_OWED = (asking.c.enrolment_id == bindparam("whose")) & (asking.c.feedback_owed == 1)
_FEEDBACK_OWED = _WITH_ANSWER.where(_OWED).order_by(asking.c.id).limit(1)
_FEEDBACK_GIVEN = update(asking).where(_OWED).values(feedback_owed=0)


async def feedback_owed(tx: Tx, enrolment_id: EnrolmentId) -> Asking | None:
    """The asking that midnight settled and whose feedback the learner has not seen."""
    row = await tx.first(_FEEDBACK_OWED, whose=enrolment_id)
    return None if row is None else _value(row)


async def feedback_given(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """What midnight settled has been shown."""
    await tx.run(_FEEDBACK_GIVEN, whose=enrolment_id)


class Dates(NamedTuple):
    """Local dates since a given one: of askings that were not cancelled, measures apart, and of the last nudge."""

    asked_on: tuple[date, ...]
    nudged_on: date | None


_SINCE = or_(asking.c.planned_on >= bindparam("since"), asking.c.nudged_on >= bindparam("since"))
_DATES = select(asking.c.planned_on, asking.c.nudged_on, asking.c.state, asking.c.kind).where(_OF_ENROLMENT, _SINCE)


async def dates(tx: Tx, enrolment_id: EnrolmentId, *, since: date) -> Dates:
    """What was asked and nudged about since that date, answered or not."""
    found = await tx.all(_DATES, enrolment_id=enrolment_id, since=since)
    counted = (row for row in found if row.state != "cancelled" and row.kind != "kept")
    nudged = (row.nudged_on for row in found if row.nudged_on is not None)
    return Dates(tuple(row.planned_on for row in counted if row.planned_on >= since), max(nudged, default=None))


_OF_LEARNER = select(enrolment.c.id).where(enrolment.c.learner_id == bindparam("learner_id"))
NUDGED = asking.c.enrolment_id.in_(_OF_LEARNER) & _OPEN & schema.NUDGED  # of a learner, bound as `learner_id`
_NOT_SILENT = update(asking).where(NUDGED).values(nudges=0)


async def not_silent(tx: Tx, learner_id: LearnerId) -> int:
    """Somebody who writes or taps is not silent: the count of nudges starts anew for whatever is open; for how many."""
    return await tx.run(_NOT_SILENT, learner_id=learner_id)


_LAST_NUMBER = select(func.max(asking.c.number)).where(_OF_ENROLMENT, asking.c.question_id == bindparam("question_id"))


async def plan(
    tx: Tx,
    enrolment_id: EnrolmentId,
    *,
    course_id: CourseId,
    lesson_id: LessonId,
    question: Question,
    kind: AskingKind,
    on: date,
    now: datetime,
) -> tuple[AskingId, int]:
    """A new asking of a question; its words are kept under their version. Returns (id, number)."""
    await wordings.keep(tx, course_id, question, now=now)
    values = {"lesson_id": lesson_id, "question_id": question.id, "kind": kind.value, "version": question.version}
    return await _add(tx, enrolment_id, values, on)


async def plan_case(
    tx: Tx, enrolment_id: EnrolmentId, *, course_id: CourseId, simulation: Simulation, on: date, now: datetime
) -> AskingId:
    """A case is to be offered; which version of it is kept, by its title."""
    await wordings.keep_title(tx, course_id, simulation, now=now)
    values = {"lesson_id": simulation.id, "question_id": simulation.id, "version": simulation.version}
    made, _ = await _add(tx, enrolment_id, values | {"kind": AskingKind.CASE.value}, on)
    return made


async def _add(tx: Tx, enrolment_id: EnrolmentId, values: dict[str, Any], on: date) -> tuple[AskingId, int]:
    number = 1 + (await tx.value(_LAST_NUMBER, enrolment_id=enrolment_id, question_id=values["question_id"]) or 0)
    values |= {"enrolment_id": enrolment_id, "number": number, "state": AskingState.PLANNED.value, "planned_on": on}
    return AskingId(await rows.add(tx, asking, values)), number


async def change(tx: Tx, asking_id: AskingId, **values: Any) -> None:
    """Set columns of an asking."""
    await rows.change(tx, asking, {"id": asking_id}, values)


_FIRST_OPENING = (
    update(asking)
    .where(asking.c.id == bindparam("asking_id"), asking.c.opened_at.is_(None))
    .values(opened_at=bindparam("now"))
)


async def first_opening(tx: Tx, asking_id: AskingId, *, now: datetime) -> bool:
    """The learner brings up the question; False when it was brought up before."""
    return bool(await tx.run(_FIRST_OPENING, asking_id=asking_id, now=now))


async def record(tx: Tx, asking_id: AskingId, choice_id: str, *, correct: bool, now: datetime, update_id: int) -> bool:
    """Record the choice. The first one wins: False when one was recorded before."""
    values = {"asking_id": asking_id, "choice_id": choice_id, "correct": int(correct)}
    values |= {"answered_at": now, "update_id": update_id}
    if not await rows.add_unless_there(tx, attempt, values):
        return False
    await change(tx, asking_id, state=AskingState.CHOSEN.value)
    return True


_RECORD_SURE = (
    update(attempt)
    .where(attempt.c.asking_id == bindparam("asking"), attempt.c.sure.is_(None))
    .values(sure=bindparam("is_sure"), sure_at=bindparam("now"), sure_update_id=bindparam("by"))
)


async def record_sure(tx: Tx, asking_id: AskingId, *, sure: bool, now: datetime, update_id: int | None) -> None:
    """Add the confidence, once."""
    await tx.run(_RECORD_SURE, asking=asking_id, is_sure=int(sure), now=now, by=update_id)


async def report(tx: Tx, asking_id: AskingId, *, now: datetime) -> bool:
    """A mistake reported; False when this learner reported this asking before."""
    return await rows.add_unless_there(tx, mistake, {"asking_id": asking_id, "reported_at": now})
