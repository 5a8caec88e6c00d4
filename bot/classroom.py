"""Giving lessons, asking questions and settling answers: the writes that several features and the planner share.

Each runs inside the caller's change.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import alumni
from bot.owing import next_question, owe, owe_word, plan_question
from lessons.course import Choice, Course, Kind, Lesson, LessonId, Question, Role, TaughtId
from lessons.enrolment import NEW, AskingId, AskingKind, AskingState, EnrolmentState
from lessons.progress import Progress
from lessons.simulation import SimulationId
from scheduler.delivery import DeliveryKind, lesson_key, review_key
from scheduler.spacing import Rung, climb
from storage import askings, cohorts, deliveries, enrolments, ladders, wordings
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.store import Tx

UNDER_WAY = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)  # something may be answered while lessons rest


@dataclass(frozen=True, slots=True)
class Settled:
    """Where the objective and the enrolment stand after an answer, and whether it completed the course."""

    rung: Rung
    enrolment: Enrolment
    completed: bool = False


async def give_lesson(
    tx: Tx, enrolment: Enrolment, course: Course, taught: TaughtId, *, on: date, now: datetime
) -> tuple[AskingId, str] | None:
    """Record that the lesson is given and its day question will be asked, or that the case is offered in its place.

    Returns (asking, key of the delivery).
    """
    lesson, case = course.lesson(taught), course.simulation(taught)
    question = lesson.question(Role.DAY) if lesson else None
    if case is not None:
        asking = await askings.plan_case(tx, enrolment.id, course_id=course.id, simulation=case, on=on, now=now)
    elif lesson is not None and question is not None:
        asking, _ = await plan_question(tx, enrolment, course, lesson, question, AskingKind.DAY, on=on, now=now)
    else:
        return None
    return asking, lesson_key(enrolment.id, taught, await ladders.give(tx, enrolment.id, taught, on=on))


async def owe_lesson(
    tx: Tx,
    enrolment: Enrolment,
    course: Course,
    taught: TaughtId,
    *,
    on: date,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Give the lesson or case by a delivery; False when it has no question to be given with."""
    given = await give_lesson(tx, enrolment, course, taught, on=on, now=now)
    if given is not None:
        asking, key = given
        await owe(tx, DeliveryKind.LESSON, key, enrolment, asking, due_at)
    return given is not None


async def plan_review(
    tx: Tx, enrolment: Enrolment, course: Course, lesson_id: LessonId, *, on: date, now: datetime
) -> tuple[AskingId, str] | None:
    """Plan to ask again: the same question after a wrong answer, its sister case after a right one.

    Returns (asking, key of the delivery); None when the course no longer has it, and then it is not asked for again.
    """
    lesson = course.lesson(lesson_id)
    question = await next_question(tx, enrolment, lesson) if lesson else None
    if lesson is None or question is None:
        await ladders.set_rung(tx, enrolment.id, lesson_id, Rung(retired=True))
        return None
    asking, number = await plan_question(tx, enrolment, course, lesson, question, AskingKind.REVIEW, on=on, now=now)
    return asking, review_key(enrolment.id, question.id, number)


async def owe_review(
    tx: Tx, enrolment: Enrolment, course: Course, lesson_id: LessonId, *, on: date, due_at: datetime, now: datetime
) -> bool:
    """Ask again by a delivery; False when there is nothing to ask any more."""
    planned = await plan_review(tx, enrolment, course, lesson_id, on=on, now=now)
    if planned is not None:
        asking, key = planned
        await owe(tx, DeliveryKind.REVIEW, key, enrolment, asking, due_at)
    return planned is not None


async def end(tx: Tx, enrolment: Enrolment, *, on: date, due_at: datetime, now: datetime) -> None:
    """The deadline has passed: lessons stop, what is done stands, and the learner is told once."""
    await withdraw_planned(tx, enrolment, now=now)
    await enrolments.set_state(tx, enrolment.id, EnrolmentState.ENDED, ended_on=on)
    await owe_word(tx, DeliveryKind.ENDED, enrolment, on=on, due_at=due_at)


async def reopen(tx: Tx, enrolment: Enrolment, now: datetime) -> None:
    """More time was given after the deadline: lessons go on at the next slot, and what is open is nudged about anew.

    Nothing happens to an enrolment that has not ended. The caller grants the days and plans anew.
    """
    if enrolment.state is not EnrolmentState.ENDED:
        return
    await enrolments.set_state(tx, enrolment.id, EnrolmentState.ACTIVE, ended_on=None, free_since_at=now)
    for asking in await askings.open_of(tx, enrolment.id):
        if asking.put_at is not None:
            await askings.change(tx, asking.id, put_at=now, nudges=0)


async def put(tx: Tx, asking: Asking, *, now: datetime) -> None:
    """The lesson, case or question has reached the phone."""
    if asking.state is AskingState.PLANNED:
        await askings.change(tx, asking.id, state=AskingState.PUT.value, put_at=now)
    if asking.kind in NEW:
        await ladders.mark_given(tx, asking.enrolment_id, asking.lesson_id, sent_at=now)


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
    rung = (await ladders.rungs(tx, enrolment.id)).get(asking.lesson_id, Rung())
    if asking.kind is AskingKind.KEPT:  # it measures: nothing comes back because of it
        return Settled(rung, enrolment)
    if asking.kind is AskingKind.REFRESHER:
        coming = await alumni.next_refresher(tx, enrolment, course, today) if enrolment.refresher_on else None
        await enrolments.change(tx, enrolment.id, refresher_on=coming, silences=0)
        return Settled(rung, replace(enrolment, refresher_on=coming, silences=0))
    rung = climb(rung, correct=asking.correct, sure=sure, on=today)
    await ladders.set_rung(tx, enrolment.id, asking.lesson_id, rung)
    free_since_at = max(enrolment.free_since_at, asking.answered_at or now)
    await enrolments.set_free_since(tx, enrolment.id, free_since_at)
    enrolment, completed = await _done(tx, replace(enrolment, free_since_at=free_since_at), course, now)
    return Settled(rung, enrolment, completed)


async def _done(tx: Tx, enrolment: Enrolment, course: Course, now: datetime) -> tuple[Enrolment, bool]:
    """After something was answered or decided: the enrolment as it stands, and whether that completed it."""
    if enrolment.state not in UNDER_WAY or not await is_complete(tx, enrolment, course):
        return enrolment, False
    await enrolments.set_state(tx, enrolment.id, EnrolmentState.COMPLETED, completed_at=now)
    return replace(enrolment, state=EnrolmentState.COMPLETED, completed_at=now), True


async def decide(
    tx: Tx, enrolment: Enrolment, course: Course, case: SimulationId, *, now: datetime, today: date
) -> tuple[Enrolment, bool]:
    """A case has come to an ending: it counts as given and decided, on that local date if its turn had not come.

    Returns the enrolment and whether that completed it. Once a course is over, nothing counts any more.
    """
    if enrolment.state not in UNDER_WAY or case in await ladders.settled_days(tx, enrolment.id, AskingKind.CASE):
        return enrolment, False
    opened = [each for each in await askings.open_of(tx, enrolment.id) if each.question_id == str(case)]
    if not opened:  # played before its turn
        given = await give_lesson(tx, enrolment, course, case, on=today, now=now)
        opened = [found] if given and (found := await askings.get(tx, given[0])) else []
    for asking in opened:
        await put(tx, asking, now=now)
        await askings.change(tx, asking.id, state=AskingState.SETTLED.value, settled_at=now)
    await ladders.mark_given(tx, enrolment.id, case, opened_at=now)
    await enrolments.set_free_since(tx, enrolment.id, max(enrolment.free_since_at, now))
    return await _done(tx, replace(enrolment, free_since_at=max(enrolment.free_since_at, now)), course, now)


async def is_complete(tx: Tx, enrolment: Enrolment, course: Course) -> bool:
    """Whether enough is opened, answered and mastered by the cohort's bar."""
    if len(await ladders.lessons_given(tx, enrolment.id)) < len(course.order):  # as on most days
        return False
    cohort = await cohorts.get(tx, enrolment.cohort_id)
    reached = await progress(tx, enrolment, course)
    return reached.complete(cohort.bar / 100) if cohort else reached.complete()


async def progress(tx: Tx, enrolment: Enrolment, course: Course) -> Progress:
    """How far this enrolment has come."""
    known = {lesson.id for lesson in course.lessons}
    given = [g for g in await ladders.lessons_given(tx, enrolment.id) if g.sent_at and g.lesson_id in known]
    answered = known.intersection(await ladders.settled_days(tx, enrolment.id, AskingKind.DAY))
    rungs = {lesson: rung for lesson, rung in (await ladders.rungs(tx, enrolment.id)).items() if lesson in known}
    mastered = sum(rung.retired for rung in rungs.values())
    coming_back = sum(rung.due_on is not None for rung in rungs.values())
    opened = sum(g.opened_at is not None or g.lesson_id in answered for g in given)  # who answered has opened it
    cases = {one.id for one in course.simulations}
    decided = cases.intersection(await ladders.settled_days(tx, enrolment.id, AskingKind.CASE)) if cases else ()
    lessons = (len(known), len(given), len(answered), mastered, coming_back, opened)
    return Progress(*lessons, cases=len(cases), decided=len(decided))


async def withdraw_planned(tx: Tx, enrolment: Enrolment, *, now: datetime) -> None:
    """What was planned and has not left is taken back: it will be offered again."""
    await deliveries.cancel(tx, enrolment.id, now=now)
    leaving = await deliveries.leaving(tx, enrolment.id)  # what is in the air arrives, and stays open
    for asking in await askings.open_of(tx, enrolment.id):
        if asking.state is AskingState.PLANNED and asking.id not in leaving:
            await askings.change(tx, asking.id, state=AskingState.CANCELLED.value)


async def as_asked(tx: Tx, asking: Asking, lesson: Lesson) -> Question:
    """The question as it was worded when this asking was planned, whatever the course says today.

    Role, kind and sources are the course's, where it still has the question.
    """
    now = next((question for question in lesson.questions if question.id == asking.question_id), None)
    if now is not None and now.version == asking.version:  # the same words
        return now
    words = await wordings.of(tx, asking.version)
    return Question(
        id=asking.question_id,
        role=now.role if now else Role.DAY,
        kind=now.kind if now else Kind.CASE,
        stem=words["stem"],
        choices=tuple(Choice(*choice) for choice in words["choices"]),
        key=words["key"],
        sources=now.sources if now else (),
    )
