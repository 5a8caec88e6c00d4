"""What an alumna is asked: her answers by lesson, what has changed in the course since, the question that follows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from bot.corrected import versions
from bot.owing import next_question, owe, plan_question
from lessons.course import Course, QuestionId, Role, Version
from lessons.enrolment import AskingId, AskingKind
from scheduler.delivery import DeliveryKind, refresher_key
from scheduler.refreshers import Candidate, Recalled, choose, next_on
from storage import enrolments, ladders
from storage.askings import Asking
from storage.enrolments import Enrolment
from storage.ladders import Answer
from storage.store import Tx

NO_CORRECTIONS: Mapping[QuestionId, Version] = MappingProxyType({})


class Novelty(StrEnum):
    """What is not as she learnt it: a lesson that came later, or a question in other words."""

    NEW = "new"
    CHANGED = "changed"


def candidates(
    course: Course, history: Sequence[Answer], corrected: Mapping[QuestionId, Version] = NO_CORRECTIONS
) -> tuple[tuple[Candidate, ...], frozenset[QuestionId]]:
    """Every lesson as a candidate, and the questions that were only met in words that no longer hold.

    A lesson counts as changed until one of its changed questions was asked as a refresher: new or changed lessons
    reach alumni as one refresher at most.
    """
    met = {(answer.question_id, answer.version) for answer in history}
    refreshed = {(a.question_id, a.version) for a in history if a.kind is AskingKind.REFRESHER}
    before = {answer.question_id for answer in history}
    found, stale = [], set[QuestionId]()
    for lesson in course.lessons:
        now = {
            question.id: corrected.get(question.id, question.version)
            for question in lesson.questions
            if question.role is not Role.KEPT
        }
        edited = {id_ for id_, v in now.items() if any(q == id_ and version != v for q, version in met)}
        unmet = {id_ for id_ in edited & before if (id_, now[id_]) not in met}
        changed = bool(unmet) and not any((id_, now[id_]) in refreshed for id_ in edited)
        stale |= unmet if changed else set()
        answers = tuple(Recalled(a.on, a.correct, a.sure) for a in history if a.lesson_id == lesson.id)
        found.append(Candidate(lesson.id, answers, changed))
    return tuple(found), frozenset(stale)


async def novelty(tx: Tx, asking: Asking, course: Course) -> Novelty | None:
    """Whether an open refresher asks about a lesson that she never had, or in words that she has not met."""
    known, stale = candidates(course, await ladders.history(tx, asking.enrolment_id), await versions(tx, course))
    if asking.question_id in stale:
        return Novelty.CHANGED
    is_new = any(candidate.lesson == asking.lesson_id and not candidate.history for candidate in known)
    return Novelty.NEW if is_new else None


async def owe_refresher(
    tx: Tx, enrolment: Enrolment, course: Course, *, on: date, due_at: datetime, now: datetime
) -> None:
    """Ask an alumna about what she is nearest to forgetting, by a delivery; wait when nothing is due."""
    planned = await plan_refresher(tx, enrolment, course, on=on, now=now)
    if planned is None:
        return await enrolments.change(tx, enrolment.id, refresher_on=await next_refresher(tx, enrolment, course, on))
    asking, key = planned
    return await owe(tx, DeliveryKind.REFRESHER, key, enrolment, asking, due_at)


async def plan_refresher(
    tx: Tx, enrolment: Enrolment, course: Course, *, on: date, now: datetime, early: bool = False
) -> tuple[AskingId, str] | None:
    """The refresher's asking and key; None when nothing is due on that date (`early`: what comes next, then)."""
    known, stale = candidates(course, await ladders.history(tx, enrolment.id), await versions(tx, course))
    lesson_id = choose(known, on=on)
    if lesson_id is None and early and (next_on_ := next_on(known, last_on=on)):
        lesson_id = choose(known, on=next_on_)
    lesson = course.lesson(lesson_id) if lesson_id else None
    if lesson is None:
        return None
    changed = next((question for question in lesson.questions if question.id in stale), None)
    question = changed or await next_question(tx, enrolment, lesson)
    if question is None:
        return None
    asking, number = await plan_question(tx, enrolment, course, lesson, question, AskingKind.REFRESHER, on=on, now=now)
    return asking, refresher_key(enrolment.id, question.id, number)


async def next_refresher(tx: Tx, enrolment: Enrolment, course: Course, last_on: date) -> date | None:
    """When the next refresher comes after one on that local date: a fortnight later, or when something is due."""
    known, _ = candidates(course, await ladders.history(tx, enrolment.id), await versions(tx, course))
    return next_on(known, last_on=last_on)
