"""What of a course the database knows: ids on which answers hang, and the words under which questions were asked."""

from sqlalchemy import bindparam, select

from lessons.course import CourseId
from storage.schema import cohort, enrolment, given, question_version
from storage.store import Tx

_QUESTIONS = (
    select(question_version.c.question_id, question_version.c.version)
    .where(question_version.c.course_id == bindparam("course_id"))
    .order_by(question_version.c.question_id, question_version.c.version)
)
_LESSONS = (
    select(given.c.lesson_id)
    .join(enrolment, enrolment.c.id == given.c.enrolment_id)
    .join(cohort, cohort.c.id == enrolment.c.cohort_id)
    .where(cohort.c.course_id == bindparam("course_id"))
    .distinct()
    .order_by(given.c.lesson_id)
)


async def known_questions(tx: Tx, course_id: CourseId) -> list[tuple[str, str]]:
    """(question id, version) of every question of a course that was ever asked, by id; one row a version."""
    return [(row.question_id, row.version) for row in await tx.all(_QUESTIONS, course_id=course_id)]


async def known_lessons(tx: Tx, course_id: CourseId) -> list[str]:
    """Ids of the lessons of a course that were ever given, in order."""
    return [row.lesson_id for row in await tx.all(_LESSONS, course_id=course_id)]
