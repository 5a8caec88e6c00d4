"""Lessons given, questions asked, answers as recorded, and the ladder each objective stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, or_, select, update

from lessons.course import CourseId, LessonId, Question, QuestionId, Version
from lessons.enrolment import OPEN_ASKINGS, AskingId, AskingKind, AskingState, EnrolmentId, LearnerId
from scheduler.spacing import Rung
from storage.conflict import insert_or_replace, insert_unless_there
from storage.schema import asking, attempt, enrolment, given, ladder, mistake, question_version
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Asking:
    """One occasion on which a question is put, with the answer where there is one."""

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
_ANSWER = (attempt.c.choice_id, attempt.c.correct, attempt.c.sure, attempt.c.answered_at)
_WITH_ANSWER = select(*_ASKING, *_ANSWER).outerjoin(attempt, attempt.c.asking_id == asking.c.id)

_OF_ENROLMENT = asking.c.enrolment_id == bindparam("enrolment_id")
_BY_ID = _WITH_ANSWER.where(asking.c.id == bindparam("asking_id"))
_OPEN_OF = _WITH_ANSWER.where(_OF_ENROLMENT, asking.c.state.in_([*OPEN_ASKINGS])).order_by(asking.c.id)
_DATES = select(asking.c.planned_on, asking.c.nudged_on, asking.c.state, asking.c.kind).where(
    _OF_ENROLMENT, or_(asking.c.planned_on >= bindparam("since"), asking.c.nudged_on >= bindparam("since"))
)
_GIVEN = select(given).where(given.c.enrolment_id == bindparam("enrolment_id")).order_by(given.c.given_on)
_RUNGS = select(ladder).where(ladder.c.enrolment_id == bindparam("enrolment_id"))


def _value(row: Any) -> Asking:
    fields = row._asdict()
    fields |= {
        "kind": AskingKind(row.kind),
        "state": AskingState(row.state),
        "feedback_owed": bool(row.feedback_owed),
        "correct": bool(row.correct),
        "sure": None if row.sure is None else bool(row.sure),
    }
    return Asking(**fields)


async def get(tx: Tx, asking_id: int) -> Asking | None:
    """The asking of that id."""
    row = await tx.first(_BY_ID, asking_id=asking_id)
    return None if row is None else _value(row)


async def open_of(tx: Tx, enrolment_id: EnrolmentId) -> list[Asking]:
    """Askings planned, put or chosen, the oldest first."""
    return [_value(row) for row in await tx.all(_OPEN_OF, enrolment_id=enrolment_id)]


async def of_lesson(tx: Tx, enrolment_id: EnrolmentId, lesson_id: LessonId) -> list[Asking]:
    """Settled askings of a lesson's questions, the oldest first."""
    mine = _WITH_ANSWER.where(asking.c.enrolment_id == enrolment_id, asking.c.lesson_id == lesson_id)
    return [_value(row) for row in await tx.all(mine.where(asking.c.state == "settled").order_by(asking.c.id))]


class Answer(NamedTuple):
    """A settled answer as the refreshers look back on it; `on` is the local date for which it was planned."""

    lesson_id: LessonId
    question_id: QuestionId
    version: Version
    kind: AskingKind
    on: date
    correct: bool
    sure: bool


async def history(tx: Tx, enrolment_id: EnrolmentId) -> list[Answer]:
    """Every settled answer of an enrolment but those of measures, the oldest first."""
    columns = (asking.c.lesson_id, asking.c.question_id, asking.c.version, asking.c.kind, asking.c.planned_on)
    mine = select(*columns, attempt.c.correct, attempt.c.sure).join(attempt, attempt.c.asking_id == asking.c.id)
    mine = mine.where(asking.c.enrolment_id == enrolment_id, asking.c.state == "settled", asking.c.kind != "kept")
    rows = await tx.all(mine.order_by(asking.c.id))
    return [
        Answer(r.lesson_id, r.question_id, r.version, AskingKind(r.kind), r.planned_on, bool(r.correct), bool(r.sure))
        for r in rows
    ]


class Answered(NamedTuple):
    """A question that was answered and settled: why it was put, and when it was answered."""

    kind: AskingKind
    at: datetime


async def answered(tx: Tx, enrolment_id: EnrolmentId, *, since: datetime) -> list[Answered]:
    """Settled answers since that instant but those of measures, the oldest first."""
    mine = select(asking.c.kind, attempt.c.answered_at).join(attempt, attempt.c.asking_id == asking.c.id)
    mine = mine.where(asking.c.enrolment_id == enrolment_id, asking.c.state == "settled", asking.c.kind != "kept")
    rows = await tx.all(mine.where(attempt.c.answered_at >= since).order_by(attempt.c.answered_at))
    return [Answered(AskingKind(row.kind), row.answered_at) for row in rows]


async def feedback_owed(tx: Tx, enrolment_id: EnrolmentId) -> Asking | None:
    """The asking that midnight settled and whose feedback the learner has not seen."""
    mine = _WITH_ANSWER.where(asking.c.enrolment_id == enrolment_id, asking.c.feedback_owed == 1)
    row = await tx.first(mine.order_by(asking.c.id).limit(1))
    return None if row is None else _value(row)


async def feedback_given(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """What midnight settled has been shown."""
    owed = update(asking).where(asking.c.enrolment_id == enrolment_id, asking.c.feedback_owed == 1)
    await tx.run(owed.values(feedback_owed=0))


class Dates(NamedTuple):
    """Local dates since a given one: of askings that were not cancelled, measures apart, and of the last nudge."""

    asked_on: tuple[date, ...]
    nudged_on: date | None


async def dates(tx: Tx, enrolment_id: EnrolmentId, *, since: date) -> Dates:
    """What was asked and nudged about since that date, answered or not."""
    rows = await tx.all(_DATES, enrolment_id=enrolment_id, since=since)
    counted = (row for row in rows if row.state != "cancelled" and row.kind != "kept")
    nudged = (row.nudged_on for row in rows if row.nudged_on is not None)
    return Dates(tuple(row.planned_on for row in counted if row.planned_on >= since), max(nudged, default=None))


async def not_silent(tx: Tx, learner_id: LearnerId) -> int:
    """Somebody who writes or taps is not silent: the count of nudges starts anew for whatever is open; for how many."""
    hers = asking.c.enrolment_id.in_(select(enrolment.c.id).where(enrolment.c.learner_id == learner_id))
    nudged = asking.c.state.in_([*OPEN_ASKINGS]) & (asking.c.nudges > 0)
    return await tx.run(update(asking).where(hers, nudged).values(nudges=0))


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
    words = {
        "stem": question.stem,
        "key": question.key,
        "choices": [[c.id, c.text, c.because] for c in question.choices],
    }
    version = {"version": question.version, "course_id": course_id, "question_id": question.id}
    await tx.run(insert_unless_there(tx, question_version, version | {"words": words, "first_used_at": now}))
    asked = select(func.max(asking.c.number)).where(asking.c.enrolment_id == enrolment_id)
    number = 1 + (await tx.value(asked.where(asking.c.question_id == question.id)) or 0)
    values = {
        "enrolment_id": enrolment_id,
        "lesson_id": lesson_id,
        "question_id": question.id,
        "kind": kind.value,
        "number": number,
        "version": question.version,
        "state": AskingState.PLANNED.value,
        "planned_on": on,
    }
    return AskingId(await tx.insert(insert(asking).values(values))), number


async def words_of(tx: Tx, version: Version) -> dict[str, Any]:
    """Stem, key and choices as they were when this version was first used."""
    found: dict[str, Any] = await tx.value(
        select(question_version.c.words).where(question_version.c.version == version)
    )
    return found


async def change(tx: Tx, asking_id: AskingId, **values: Any) -> None:
    """Set columns of an asking."""
    await tx.run(update(asking).where(asking.c.id == asking_id).values(**values))


async def first_opening(tx: Tx, asking_id: AskingId, *, now: datetime) -> bool:
    """The learner brings up the question; False when it was brought up before."""
    unopened = update(asking).where(asking.c.id == asking_id, asking.c.opened_at.is_(None))
    return bool(await tx.run(unopened.values(opened_at=now)))


async def record(tx: Tx, asking_id: AskingId, choice_id: str, *, correct: bool, now: datetime, update_id: int) -> bool:
    """Record the choice. The first one wins: False when one was recorded before."""
    values = {"asking_id": asking_id, "choice_id": choice_id, "correct": int(correct)}
    values |= {"answered_at": now, "update_id": update_id}
    if not await tx.run(insert_unless_there(tx, attempt, values)):
        return False
    await change(tx, asking_id, state=AskingState.CHOSEN.value)
    return True


async def record_sure(tx: Tx, asking_id: AskingId, *, sure: bool, now: datetime, update_id: int | None) -> None:
    """Add the confidence, once."""
    unsaid = update(attempt).where(attempt.c.asking_id == asking_id, attempt.c.sure.is_(None))
    await tx.run(unsaid.values(sure=int(sure), sure_at=now, sure_update_id=update_id))


class Given(NamedTuple):
    """A lesson given to an enrolment."""

    lesson_id: LessonId
    round: int
    given_on: date
    sent_at: datetime | None
    opened_at: datetime | None


async def lessons_given(tx: Tx, enrolment_id: EnrolmentId) -> list[Given]:
    """Every lesson given, in the order of their dates."""
    rows = await tx.all(_GIVEN, enrolment_id=enrolment_id)
    return [Given(r.lesson_id, r.round, r.given_on, r.sent_at, r.opened_at) for r in rows]


async def give(tx: Tx, enrolment_id: EnrolmentId, lesson_id: LessonId, *, on: date) -> int:
    """Give a lesson (again); returns the round."""
    mine = (given.c.enrolment_id == enrolment_id) & (given.c.lesson_id == lesson_id)
    before = await tx.value(select(given.c.round).where(mine)) or 0
    values = {"enrolment_id": enrolment_id, "lesson_id": lesson_id, "round": before + 1, "given_on": on}
    await tx.run(insert_or_replace(tx, given, values | {"sent_at": None}, key=("enrolment_id", "lesson_id")))
    return before + 1


async def mark_given(tx: Tx, enrolment_id: EnrolmentId, lesson_id: LessonId, **values: Any) -> None:
    """Set sent_at or opened_at."""
    mine = update(given).where(given.c.enrolment_id == enrolment_id, given.c.lesson_id == lesson_id)
    await tx.run(mine.values(**values))


async def rungs(tx: Tx, enrolment_id: EnrolmentId) -> dict[LessonId, Rung]:
    """Where every objective stands."""
    rows = await tx.all(_RUNGS, enrolment_id=enrolment_id)
    return {LessonId(r.lesson_id): Rung(r.right_in_a_row, r.due_on, bool(r.retired), r.since_on) for r in rows}


async def set_rung(tx: Tx, enrolment_id: EnrolmentId, lesson_id: LessonId, rung: Rung) -> None:
    """Where an objective stands now."""
    values = {"right_in_a_row": rung.right_in_a_row, "due_on": rung.due_on, "retired": int(rung.retired)}
    values["since_on"] = rung.since_on
    place = {"enrolment_id": enrolment_id, "lesson_id": lesson_id}
    await tx.run(insert_or_replace(tx, ladder, place | values, key=("enrolment_id", "lesson_id")))


async def report(tx: Tx, asking_id: AskingId, *, now: datetime) -> bool:
    """A mistake reported; False when this learner reported this asking before."""
    return bool(await tx.run(insert_unless_there(tx, mistake, {"asking_id": asking_id, "reported_at": now})))


async def settled_days(tx: Tx, enrolment_id: EnrolmentId, kind: AskingKind) -> Sequence[LessonId]:
    """Lessons with a settled asking of that kind."""
    mine = select(asking.c.lesson_id).where(asking.c.enrolment_id == enrolment_id, asking.c.kind == kind.value)
    return [LessonId(r.lesson_id) for r in await tx.all(mine.where(asking.c.state == "settled").distinct())]
