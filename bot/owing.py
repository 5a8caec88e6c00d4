"""What is put and what is said: an asking planned, the delivery that carries it, a measure, a word beside the lessons.

Each runs inside the caller's change.
"""

from datetime import date, datetime
from typing import Any

from bot.corrected import as_it_holds
from lessons.course import Course, Lesson, Question, Role
from lessons.enrolment import AskingId, AskingKind, MeasureKind
from lessons.measures import form_for
from scheduler.delivery import DeliveryKind, check_key, word_key
from storage import askings, deliveries, measures
from storage.enrolments import Enrolment
from storage.store import Tx


async def plan_question(
    tx: Tx,
    enrolment: Enrolment,
    course: Course,
    lesson: Lesson,
    question: Question,
    kind: AskingKind,
    *,
    on: date,
    now: datetime,
) -> tuple[AskingId, int]:
    """A new asking of a question, in the words that hold: (asking, the how-manieth of this question)."""
    question = await as_it_holds(tx, course, question, now)
    return await askings.plan(
        tx, enrolment.id, course_id=course.id, lesson_id=lesson.id, question=question, kind=kind, on=on, now=now
    )


async def owe(tx: Tx, kind: DeliveryKind, key: str, enrolment: Enrolment, asking: AskingId, due_at: datetime) -> None:
    """Owe the delivery that carries an asking."""
    to = {"learner_id": enrolment.learner_id, "enrolment_id": enrolment.id}
    await deliveries.add(tx, kind, key, meaning={"asking": asking}, due_at=due_at, **to)


async def next_question(tx: Tx, enrolment: Enrolment, lesson: Lesson) -> Question | None:
    """The same question after a wrong answer, its sister case after a right one; the day's at first."""
    settled = await askings.of_lesson(tx, enrolment.id, lesson.id)
    day, repeat = lesson.question(Role.DAY), lesson.question(Role.REPEAT)
    if not settled or day is None or repeat is None:
        return day or repeat
    last = settled[-1]
    same, other = (day, repeat) if last.question_id == day.id else (repeat, day)
    return other if last.correct else same


async def owe_measure(tx: Tx, enrolment: Enrolment, kind: MeasureKind, *, on: date, due_at: datetime) -> None:
    """Offer a baseline or check."""
    await measures.offer(tx, enrolment.id, kind, form=form_for(kind, enrolment.seat), on=on)
    n = 1 + await deliveries.count_of(tx, enrolment.id, f"check:{enrolment.id}:{kind}:")
    to = {"learner_id": enrolment.learner_id, "enrolment_id": enrolment.id}
    meaning = {"kind": kind.value, "on": on.isoformat()}
    await deliveries.add(tx, DeliveryKind.CHECK, check_key(enrolment.id, kind, n), meaning=meaning, due_at=due_at, **to)


async def owe_word(
    tx: Tx, kind: DeliveryKind, enrolment: Enrolment, *, on: date, due_at: datetime, **meaning: Any
) -> None:
    """Say what became of an enrolment; said again later when it could not go out in time."""
    n = 1 + await deliveries.count_of(tx, enrolment.id, f"{kind}:{enrolment.id}:{on}:")
    to = {"learner_id": enrolment.learner_id, "enrolment_id": enrolment.id}
    key, meaning = word_key(kind, enrolment.id, on, n), meaning | {"on": on.isoformat()}
    await deliveries.add(tx, kind, key, meaning=meaning, due_at=due_at, **to)
