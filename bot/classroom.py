"""Giving lessons, asking questions and settling answers: the writes that several features and the planner share.

Each runs inside the caller's change.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from lessons.course import Choice, Course, Kind, Lesson, LessonId, Question, Role
from lessons.enrolment import AskingId, AskingKind, AskingState, EnrolmentState
from lessons.progress import Progress
from scheduler.delivery import DeliveryKind, lesson_key, refresher_key, review_key
from scheduler.spacing import Rung, climb
from storage import askings, deliveries, enrolments
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.store import Tx

REFRESHER_GAP = timedelta(days=14)  # one question a fortnight


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer with its verdict, where the objective stands now, and whether it completed the course."""

    rung: Rung
    completed: bool


async def give_lesson(
    tx: Tx, enrolment: Enrolment, course: Course, lesson_id: LessonId, *, on: date, now: datetime
) -> tuple[AskingId, str] | None:
    """Record that the lesson is given and its day question will be asked: (asking, key of the delivery)."""
    lesson = course.lesson(lesson_id)
    question = lesson.question(Role.DAY) if lesson else None
    if lesson is None or question is None:
        return None
    round_ = await askings.give(tx, enrolment.id, lesson_id, on=on)
    asking, _ = await _plan(tx, enrolment, course, lesson, question, AskingKind.DAY, on=on, now=now)
    return asking, lesson_key(enrolment.id, lesson_id, round_)


async def owe_lesson(
    tx: Tx,
    enrolment: Enrolment,
    course: Course,
    lesson_id: LessonId,
    *,
    on: date,
    due_at: datetime,
    now: datetime,
) -> None:
    """Give the lesson by a delivery."""
    given = await give_lesson(tx, enrolment, course, lesson_id, on=on, now=now)
    if given is not None:
        asking, key = given
        await _owe(tx, DeliveryKind.LESSON, key, enrolment, asking, due_at)


async def owe_review(
    tx: Tx, enrolment: Enrolment, course: Course, lesson_id: LessonId, *, on: date, due_at: datetime, now: datetime
) -> None:
    """Ask again by a delivery: the same question after a wrong answer, its sister case after a right one."""
    lesson = course.lesson(lesson_id)
    question = await _next_question(tx, enrolment, lesson) if lesson else None
    if lesson is None or question is None:  # the course no longer has it: nothing to ask again
        await askings.set_rung(tx, enrolment.id, lesson_id, Rung(retired=True))
        return
    asking, number = await _plan(tx, enrolment, course, lesson, question, AskingKind.REVIEW, on=on, now=now)
    await _owe(tx, DeliveryKind.REVIEW, review_key(enrolment.id, question.id, number), enrolment, asking, due_at)


async def owe_refresher(
    tx: Tx, enrolment: Enrolment, course: Course, *, on: date, due_at: datetime, now: datetime
) -> None:
    """Ask an alumna about the lesson that was asked about longest ago."""
    asked = {lesson.id: await askings.of_lesson(tx, enrolment.id, lesson.id) for lesson in course.lessons}
    known = [lesson for lesson in course.lessons if asked[lesson.id]]
    lesson = min(known, key=lambda each: asked[each.id][-1].id, default=None)
    question = await _next_question(tx, enrolment, lesson) if lesson else None
    if lesson is None or question is None:
        await enrolments.set_refresher(tx, enrolment.id, None)
        return
    asking, number = await _plan(tx, enrolment, course, lesson, question, AskingKind.REFRESHER, on=on, now=now)
    await _owe(tx, DeliveryKind.REFRESHER, refresher_key(enrolment.id, question.id, number), enrolment, asking, due_at)


async def _plan(
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
    return await askings.plan(
        tx, enrolment.id, course_id=course.id, lesson_id=lesson.id, question=question, kind=kind, on=on, now=now
    )


async def _owe(tx: Tx, kind: DeliveryKind, key: str, enrolment: Enrolment, asking: AskingId, due_at: datetime) -> None:
    to = {"learner_id": enrolment.learner_id, "enrolment_id": enrolment.id}
    await deliveries.add(tx, kind, key, meaning={"asking": asking}, due_at=due_at, **to)


async def _next_question(tx: Tx, enrolment: Enrolment, lesson: Lesson) -> Question | None:
    settled = await askings.of_lesson(tx, enrolment.id, lesson.id)
    day, repeat = lesson.question(Role.DAY), lesson.question(Role.REPEAT)
    if not settled or day is None or repeat is None:
        return day or repeat
    last = settled[-1]
    same, other = (day, repeat) if last.question_id == day.id else (repeat, day)
    return other if last.correct else same


async def put(tx: Tx, asking: Asking, *, now: datetime) -> None:
    """The lesson or question has reached the phone."""
    if asking.state is AskingState.PLANNED:
        await askings.change(tx, asking.id, state=AskingState.PUT.value, put_at=now)
    if asking.kind is AskingKind.DAY:
        await askings.mark_given(tx, asking.enrolment_id, asking.lesson_id, sent_at=now)


async def settle(
    tx: Tx,
    asking: Asking,
    enrolment: Enrolment,
    course: Course,
    *,
    sure: bool,
    now: datetime,
    today: date,
    update_id: int | None = None,
) -> Settled:
    """Verdict and ladder for an answered asking; completes the enrolment when enough is mastered.

    `today` is the learner's local date, from which the ladder counts.
    """
    await askings.record_sure(tx, asking.id, sure=sure, now=now, update_id=update_id)
    await askings.change(tx, asking.id, state=AskingState.SETTLED.value, settled_at=now)
    rung = (await askings.rungs(tx, enrolment.id)).get(asking.lesson_id, Rung())
    if asking.kind is AskingKind.REFRESHER:
        await enrolments.set_refresher(tx, enrolment.id, today + REFRESHER_GAP)
        return Settled(rung, completed=False)
    rung = climb(rung, correct=asking.correct, sure=sure, on=today)
    await askings.set_rung(tx, enrolment.id, asking.lesson_id, rung)
    await enrolments.set_free_since(tx, enrolment.id, asking.answered_at or now)
    completed = enrolment.state is EnrolmentState.ACTIVE and (await progress(tx, enrolment, course)).complete()
    if completed:
        await enrolments.set_state(tx, enrolment.id, EnrolmentState.COMPLETED, completed_at=now)
    return Settled(rung, completed)


async def progress(tx: Tx, enrolment: Enrolment, course: Course) -> Progress:
    """How far this enrolment has come."""
    known = {lesson.id for lesson in course.lessons}
    given = [g for g in await askings.lessons_given(tx, enrolment.id) if g.sent_at and g.lesson_id in known]
    answered = known.intersection(await askings.settled_days(tx, enrolment.id, AskingKind.DAY))
    rungs = {lesson: rung for lesson, rung in (await askings.rungs(tx, enrolment.id)).items() if lesson in known}
    mastered = sum(rung.retired for rung in rungs.values())
    coming_back = sum(rung.due_on is not None for rung in rungs.values())
    return Progress(len(known), len(given), len(answered), mastered, coming_back)


async def withdraw_planned(tx: Tx, enrolment: Enrolment, *, now: datetime) -> None:
    """What was planned and has not left is taken back: it will be offered again."""
    await deliveries.cancel(tx, enrolment.id, now=now)
    for asking in await askings.open_of(tx, enrolment.id):
        if asking.state is AskingState.PLANNED:
            await askings.change(tx, asking.id, state=AskingState.CANCELLED.value)


def as_asked(words: dict[str, Any], asking: Asking, lesson: Lesson) -> Question:
    """A question from its kept words. Role, kind and sources are the course's, where it still has the question."""
    now = next((question for question in lesson.questions if question.id == asking.question_id), None)
    return Question(
        id=asking.question_id,
        role=now.role if now else Role.DAY,
        kind=now.kind if now else Kind.CASE,
        stem=words["stem"],
        choices=tuple(Choice(*choice) for choice in words["choices"]),
        key=words["key"],
        sources=now.sources if now else (),
    )
