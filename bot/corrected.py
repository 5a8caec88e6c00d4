"""Which words of a question hold: the course's, or those of a coordinator's correction.

A correction overrides the files of the course until they carry its key. Where they say something third, the correction
stands and colleagues are told once; nothing is settled in silence.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lessons.course import Choice, Course, Question, QuestionId, Version
from scheduler.delivery import DeliveryKind, notice_key
from storage import colleagues, corrections, deliveries
from storage.corrections import Correction
from storage.store import Tx


def words_of(question: Question) -> dict[str, Any]:
    """As they are stored."""
    choices = [[choice.id, choice.text, choice.because] for choice in question.choices]
    return {"stem": question.stem, "key": question.key, "choices": choices}


def reworded(question: Question, words: Mapping[str, Any]) -> Question:
    """The question with these words. Raises CourseError where they make none."""
    return Question(
        id=question.id,
        role=question.role,
        kind=question.kind,
        stem=words["stem"],
        choices=tuple(Choice(*choice) for choice in words["choices"]),
        key=words["key"],
        sources=question.sources,
    )


def overrides(found: Correction, question: Question) -> bool:
    """Whether the correction holds against the course's files."""
    return question.version == found.parent or question.key != found.words["key"]


def clashes(found: Correction, question: Question) -> bool:
    """Whether the files say something that the correction did not know."""
    return overrides(found, question) and question.version != found.parent


async def as_it_holds(tx: Tx, course: Course, question: Question, now: datetime) -> Question:
    """The question to be asked from now on."""
    found = await corrections.in_force(tx, course.id, question.id)
    if found is None or not overrides(found, question):
        return question
    if clashes(found, question) and found.clash != question.version:
        await _tell(tx, found, question, now)
    return reworded(question, found.words)


async def _tell(tx: Tx, found: Correction, question: Question, now: datetime) -> None:
    await corrections.note(tx, found.id, clash=question.version)
    for each in await colleagues.everybody(tx):
        if each.role in ("owner", "coordinator") and each.cohorts is None:
            key = notice_key("clash", f"{found.id}:{question.version}", each.telegram_id)
            meaning = {"what": "clash", "correction": found.id}
            to = {"telegram_id": each.telegram_id}
            await deliveries.add(tx, DeliveryKind.NOTICE, key, meaning=meaning, due_at=now, **to)


async def versions(tx: Tx, course: Course) -> dict[QuestionId, Version]:
    """Question → version, where a correction holds."""
    found = {}
    for question_id, each in (await corrections.all_in_force(tx, course.id)).items():
        question = course.question(question_id)
        if question is not None and each.version is not None and overrides(each, question):
            found[question_id] = each.version
    return found
