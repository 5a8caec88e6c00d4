"""A question put right: its draft, the words in force, whom it concerns, and every attempt judged anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, select, update

from lessons.course import CourseId, LessonId, QuestionId, Version
from lessons.enrolment import AskingKind, CohortId, EnrolmentId, LearnerId
from storage import rows
from storage.desk_schema import correction, remark
from storage.schema import asking, attempt, cohort, enrolment, person, question_version
from storage.store import Tx
from storage.verdicts import CORRECT_NOW


class Correction(NamedTuple):
    """`words`: stem, key and choices as they shall be; `marked_to`: the last attempt that was looked at."""

    id: int
    course_id: CourseId
    question_id: QuestionId
    parent: Version
    version: Version | None
    words: Mapping[str, Any]
    reason: str
    author_id: int
    state: str
    marked_to: int
    marked: int
    done_at: datetime | None
    clash: str | None


_COLUMNS = [correction.c[name] for name in Correction._fields]
_GET = select(*_COLUMNS).where(correction.c.id == bindparam("correction_id"))
_IN_FORCE = (
    select(*_COLUMNS)
    .where(
        correction.c.course_id == bindparam("course_id"),
        correction.c.question_id == bindparam("question_id"),
        correction.c.state == "confirmed",
    )
    .order_by(correction.c.id.desc())
    .limit(1)
)
_ALL_IN_FORCE = (
    select(*_COLUMNS)
    .where(correction.c.course_id == bindparam("course_id"), correction.c.state == "confirmed")
    .order_by(correction.c.id)
)
_UNDONE = (
    select(*_COLUMNS).where(correction.c.state == "confirmed", correction.c.done_at.is_(None)).order_by(correction.c.id)
)


async def draft(
    tx: Tx,
    *,
    course_id: CourseId,
    question_id: QuestionId,
    parent: Version,
    words: Mapping[str, Any],
    author_id: int,
    now: datetime,
) -> int:
    """A draft that says what stands; returns its id."""
    values = {"course_id": course_id, "question_id": question_id, "parent": parent, "words": words, "reason": ""}
    return await rows.add(tx, correction, values | {"author_id": author_id, "state": "draft", "created_at": now})


async def get(tx: Tx, correction_id: int) -> Correction | None:
    """The correction of that id."""
    row = await tx.first(_GET, correction_id=correction_id)
    return None if row is None else Correction(*row)


async def change(tx: Tx, correction_id: int, **values: Any) -> bool:
    """Other words or another reason; False when it is no draft any more."""
    return bool(await rows.change(tx, correction, {"id": correction_id, "state": "draft"}, values))


async def note(tx: Tx, correction_id: int, **values: Any) -> None:
    """How far a confirmed one has come, or with what it clashes."""
    await rows.change(tx, correction, {"id": correction_id}, values)


async def hold(tx: Tx, correction_id: int) -> None:
    """Nobody else marks by it until the change ends."""
    await tx.hold(correction, correction_id)


async def in_force(tx: Tx, course_id: CourseId, question_id: QuestionId) -> Correction | None:
    """The last confirmed correction of a question."""
    row = await tx.first(_IN_FORCE, course_id=course_id, question_id=question_id)
    return None if row is None else Correction(*row)


async def all_in_force(tx: Tx, course_id: CourseId) -> dict[QuestionId, Correction]:
    """Of every question of a course that was corrected, the last."""
    found = [Correction(*row) for row in await tx.all(_ALL_IN_FORCE, course_id=course_id)]
    return {each.question_id: each for each in found}


async def undone(tx: Tx) -> list[Correction]:
    """Confirmed corrections by which not every attempt was looked at yet."""
    return [Correction(*row) for row in await tx.all(_UNDONE)]


_KNOWN = select(question_version.c.version, question_version.c.words).where(
    question_version.c.course_id == bindparam("course_id"), question_version.c.question_id == bindparam("question_id")
)


async def known_words(tx: Tx, course_id: CourseId, question_id: QuestionId) -> dict[Version, Mapping[str, Any]]:
    """Every version under which a question was asked, with its words."""
    found = await tx.all(_KNOWN, course_id=course_id, question_id=question_id)
    return {Version(row.version): row.words for row in found}


async def keep_words(tx: Tx, found: Correction, version: Version, words: Mapping[str, Any], *, now: datetime) -> None:
    """The corrected words under their version."""
    values: dict[str, Any] = {"version": version, "course_id": found.course_id, "question_id": found.question_id}
    values |= {"words": words, "origin": "correction", "parent": found.parent, "first_used_at": now}
    await rows.add_unless_there(tx, question_version, values)


_MOVE_OPEN = (
    update(asking)
    .where(asking.c.version.in_(bindparam("versions", expanding=True)), asking.c.question_id == bindparam("question"))
    .where(asking.c.state.in_(("planned", "put")))
    .values(version=bindparam("becomes"))
)


async def move_open(tx: Tx, question_id: QuestionId, versions: Sequence[Version], becomes: Version) -> int:
    """What was asked and not answered is graded by the corrected words; the choices keep their ids and places."""
    return await tx.run(_MOVE_OPEN, versions=list(versions), question=question_id, becomes=becomes)


class Marked(NamedTuple):
    """An attempt that a correction may judge anew."""

    id: int
    enrolment_id: EnrolmentId
    learner_id: LearnerId
    cohort_id: CohortId
    lesson_id: LessonId
    kind: AskingKind
    choice_id: str
    correct: bool


_AMONG = (
    (asking.c.question_id == bindparam("question"))
    & asking.c.version.in_(bindparam("versions", expanding=True))
    & (cohort.c.course_id == bindparam("course_id"))
)
_JOINED = (
    asking.join(attempt, attempt.c.asking_id == asking.c.id)
    .join(enrolment, enrolment.c.id == asking.c.enrolment_id)
    .join(cohort, cohort.c.id == enrolment.c.cohort_id)
)
_NEXT = (
    select(
        attempt.c.id,
        asking.c.enrolment_id,
        enrolment.c.learner_id,
        enrolment.c.cohort_id,
        asking.c.lesson_id,
        asking.c.kind,
        attempt.c.choice_id,
        CORRECT_NOW.label("correct"),
    )
    .select_from(_JOINED)
    .where(_AMONG, attempt.c.id > bindparam("after"))
    .order_by(attempt.c.id)
    .limit(bindparam("most", type_=Integer))
)


async def attempts_after(
    tx: Tx, found: Correction, versions: Sequence[Version], *, after: int, most: int
) -> list[Marked]:
    """Attempts at these versions, the oldest first."""
    bound = {"question": found.question_id, "versions": list(versions), "course_id": found.course_id}
    read = await tx.all(_NEXT, **bound, after=after, most=most)
    return [
        Marked(
            r.id,
            r.enrolment_id,
            r.learner_id,
            r.cohort_id,
            r.lesson_id,
            AskingKind(r.kind),
            r.choice_id,
            bool(r.correct),
        )
        for r in read
    ]


async def mark(tx: Tx, attempt_id: int, correction_id: int, *, correct: bool, now: datetime) -> bool:
    """Judge an attempt anew; False when this correction has done so."""
    values = {"attempt_id": attempt_id, "correction_id": correction_id, "correct": int(correct), "made_at": now}
    return await rows.add_unless_there(tx, remark, values)


class Effect(NamedTuple):
    """People by what they chose: how many answered, by choice and verdict; how many of them have completed."""

    choice_id: str
    correct: bool
    people: int
    completed: int


_EFFECT = (
    select(
        attempt.c.choice_id,
        CORRECT_NOW.label("correct"),
        func.count(enrolment.c.id.distinct()).label("people"),
        func.count(enrolment.c.id.distinct()).filter(enrolment.c.state == "completed").label("completed"),
    )
    .select_from(_JOINED)
    .where(_AMONG)
    .group_by(attempt.c.choice_id, CORRECT_NOW)
)
_CHOSE = (
    select(person.c.name)
    .select_from(_JOINED.join(person, person.c.learner_id == enrolment.c.learner_id))
    .where(_AMONG, attempt.c.choice_id == bindparam("choice"), bindparam("verdict", type_=Integer) == CORRECT_NOW)
    .distinct()
    .order_by(person.c.name)
    .limit(bindparam("most", type_=Integer))
)


async def effects(tx: Tx, course_id: CourseId, question_id: QuestionId, versions: Sequence[Version]) -> list[Effect]:
    """Who answered what, by choice and verdict as it counts now."""
    bound = {"question": question_id, "versions": list(versions), "course_id": course_id}
    return [Effect(r.choice_id, bool(r.correct), r.people, r.completed) for r in await tx.all(_EFFECT, **bound)]


async def who_chose(
    tx: Tx,
    course_id: CourseId,
    question_id: QuestionId,
    versions: Sequence[Version],
    choice_id: str,
    *,
    correct: bool,
    most: int,
) -> list[str]:
    """Names of those who chose this and were told so, in their order, some at most."""
    bound = {"question": question_id, "versions": list(versions), "course_id": course_id, "choice": choice_id}
    return [name for (name,) in await tx.tuples(_CHOSE, **bound, verdict=int(correct), most=most)]
