"""A day's study: give the lesson, open its question, take the choice, take the confidence, settle."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot import agenda, classroom, seat
from bot.call import Call
from bot.office import Office
from bot.seat import Seat
from lessons.course import Lesson, Question
from lessons.enrolment import AskingKind, AskingState, EnrolmentState
from lessons.grading import shown_order
from lessons.progress import Progress
from scheduler.delivery import DeliveryKind, notice_key
from scheduler.spacing import Rung
from storage import askings, deliveries, people
from storage.askings import Asking
from storage.store import Tx


class Refusal(StrEnum):
    """Why there is nothing to do; a value that the view words."""

    NOT_YOURS = "not-yours"
    LESSON_GONE = "lesson-gone"
    PAUSED = "paused"
    COMPLETED = "completed"
    DONE_TODAY = "done-today"
    OPENED_ALREADY = "opened-already"
    NO_SUCH_CHOICE = "no-such-choice"
    REPORTED_ALREADY = "reported-already"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    why: Refusal
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LessonShown:
    """A lesson to read, with the asking behind its button."""

    seat: Seat
    lesson: Lesson
    asking: Asking


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """A question with its choices in this asking's order; `chosen` once a choice stands."""

    seat: Seat
    lesson: Lesson
    asking: Asking
    question: Question


@dataclass(frozen=True, slots=True)
class FeedbackShown:
    """A settled answer: verdict, why, and what comes next."""

    seat: Seat
    lesson: Lesson
    asking: Asking
    question: Question
    rung: Rung
    returns_at: datetime | None
    next_at: datetime | None
    now: datetime
    completed: Progress | None = None


Shown = LessonShown | QuestionShown | FeedbackShown | Refused


async def _words(tx: Tx, asking: Asking, lesson: Lesson) -> Question:
    """The question as it was worded when this asking was planned, whatever the course says today."""
    kept: dict[str, Any] = await askings.words_of(tx, asking.version)
    return classroom.as_asked(kept, asking, lesson)


async def show(tx: Tx, seat_: Seat, asking: Asking, now: datetime) -> Shown:
    """The asking as it stands: question, chosen, or feedback."""
    lesson = seat_.course.lesson(asking.lesson_id)
    if lesson is None:
        return Refused(Refusal.LESSON_GONE)
    question = await _words(tx, asking, lesson)
    if asking.state is not AskingState.SETTLED:
        return QuestionShown(seat_, lesson, asking, question)
    rung = (await askings.rungs(tx, asking.enrolment_id)).get(asking.lesson_id, Rung())
    returns = await seat.returns_at(tx, seat_, rung.due_on, now) if rung.due_on else None
    next_at = await seat.next_lesson_at(tx, seat_, now)
    return FeedbackShown(seat_, lesson, asking, question, rung, returns, next_at, now)


async def today(tx: Tx, call: Call, office: Office) -> Shown:
    """Today's lesson now: the open one again, or the next one early."""
    mine = await seat.of_caller(tx, call, office)
    if mine is None:
        return Refused(Refusal.NOT_YOURS)
    opened = await askings.open_of(tx, mine.enrolment.id)
    for asking in opened:
        if asking.kind is AskingKind.DAY:
            return await _lesson_again(tx, mine, asking, call.now)
    if opened:
        await deliveries.cancel(tx, mine.enrolment.id, now=call.now)
        await classroom.put(tx, opened[0], now=call.now)
        return await show(tx, mine, opened[0], call.now)
    if mine.enrolment.state is EnrolmentState.PAUSED:
        return Refused(Refusal.PAUSED)
    if mine.enrolment.state is EnrolmentState.COMPLETED:
        return Refused(Refusal.COMPLETED)
    return await _early(tx, mine, call, office)


async def _early(tx: Tx, mine: Seat, call: Call, office: Office) -> Shown:
    standing = await agenda.standing(tx, mine.enrolment, mine.learner, mine.course, call.now)
    on = mine.today(call.now)
    if standing.next_lesson is None or standing.last_lesson_on == on:
        next_at = await seat.next_lesson_at(tx, mine, call.now)
        due = min((review.due_on for review in standing.reviews), default=None)
        if next_at is None and due is not None:
            next_at = await seat.returns_at(tx, mine, due, call.now)
        return Refused(Refusal.DONE_TODAY, next_at)
    given = await classroom.give_lesson(tx, mine.enrolment, mine.course, standing.next_lesson, on=on, now=call.now)
    asking = given and await askings.get(tx, given[0])
    if asking is None:
        return Refused(Refusal.LESSON_GONE)
    return await _lesson_again(tx, mine, asking, call.now, office)


async def _lesson_again(tx: Tx, mine: Seat, asking: Asking, now: datetime, office: Office | None = None) -> Shown:
    """Show the lesson in the reply: what was planned for it is not sent a second time."""
    lesson = mine.course.lesson(asking.lesson_id)
    if lesson is None:
        return Refused(Refusal.LESSON_GONE)
    if asking.state is AskingState.CHOSEN:
        return await show(tx, mine, asking, now)
    if asking.state is AskingState.PLANNED:
        await deliveries.cancel(tx, asking.enrolment_id, now=now)
        await classroom.put(tx, asking, now=now)
    await askings.change(tx, asking.id, opened_at=None)  # the question may have been lost on its way
    if office is not None:
        await agenda.replan(tx, office.courses, asking.enrolment_id, now=now)
    return LessonShown(mine, lesson, asking)


async def read(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """The lesson of an asking again, from a reminder."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if asking.state not in (AskingState.PLANNED, AskingState.PUT) or asking.kind is not AskingKind.DAY:
        return await show(tx, mine, asking, call.now)
    return await _lesson_again(tx, mine, asking, call.now, office)


async def open_question(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """From the lesson to its question. A double tap brings one question."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if asking.state is AskingState.CANCELLED:
        return Refused(Refusal.LESSON_GONE)
    if not await askings.first_opening(tx, asking.id, now=call.now):
        return Refused(Refusal.OPENED_ALREADY)
    await classroom.put(tx, asking, now=call.now)
    await askings.mark_given(tx, asking.enrolment_id, asking.lesson_id, opened_at=call.now)
    return await show(tx, mine, asking, call.now)


async def choose(tx: Tx, asking_id: int, choice_id: str, call: Call, office: Office) -> Shown:
    """Record the choice; the first one wins."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    lesson = mine.course.lesson(asking.lesson_id)
    if lesson is None or asking.state is AskingState.CANCELLED:
        return Refused(Refusal.LESSON_GONE)
    if asking.state in (AskingState.PLANNED, AskingState.PUT):
        question = await _words(tx, asking, lesson)
        if question.choice(choice_id) is None:
            return Refused(Refusal.NO_SUCH_CHOICE)
        await classroom.put(tx, asking, now=call.now)
        correct = choice_id == question.key
        await askings.record(tx, asking.id, choice_id, correct=correct, now=call.now, update_id=call.update_id)
        await askings.reset_nudges(tx, asking.enrolment_id)
        await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now)
    return await show(tx, mine, await askings.get(tx, asking.id) or asking, call.now)


async def sure(tx: Tx, asking_id: int, is_sure: bool, call: Call, office: Office) -> Shown:
    """Take the confidence: verdict, ladder, and what comes next."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    completed = None
    if asking.state is AskingState.CHOSEN:
        settled = await classroom.settle(
            tx,
            asking,
            mine.enrolment,
            mine.course,
            sure=is_sure,
            now=call.now,
            today=mine.today(call.now),
            update_id=call.update_id,
        )
        if settled.completed:
            completed = await classroom.progress(tx, mine.enrolment, mine.course)
        await agenda.replan(tx, office.courses, asking.enrolment_id, now=call.now)
    shown = await show(tx, mine, await askings.get(tx, asking.id) or asking, call.now)
    if completed and isinstance(shown, FeedbackShown):
        return replace(shown, returns_at=None, next_at=None, completed=completed)
    return shown


async def report_mistake(tx: Tx, asking_id: int, call: Call, office: Office) -> Shown:
    """Something is wrong with this question: every coordinator is told, without the learner's name."""
    found = await seat.owned(tx, asking_id, call, office)
    if found is None:
        return Refused(Refusal.NOT_YOURS)
    mine, asking = found
    if not await askings.report(tx, asking.id, now=call.now):
        return Refused(Refusal.REPORTED_ALREADY)
    for telegram_id in await people.coordinators(tx):
        key = notice_key("mistake", asking.id, telegram_id)
        meaning = {"what": "mistake", "asking": asking.id, "for": telegram_id}
        await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=call.now, telegram_id=telegram_id)
    return await show(tx, mine, asking, call.now)


def order(shown: QuestionShown) -> list[tuple[str, str]]:
    """(choice id, text) in this asking's order."""
    choices = shown_order(shown.question, enrolment=shown.asking.enrolment_id, number=shown.asking.number)
    return [(choice.id, choice.text) for choice in choices]
