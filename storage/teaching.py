"""What of a course the database knows: ids on which answers hang, and the words under which questions were asked."""

from sqlalchemy import select

from lessons.course import CourseId
from storage.schema import cohort, enrolment, given, question_version
from storage.store import Tx


async def known_questions(tx: Tx, course_id: CourseId) -> list[tuple[str, str]]:
    """(question id, version) of every question of a course that was ever asked, by id; one row a version."""
    mine = select(question_version.c.question_id, question_version.c.version).where(
        question_version.c.course_id == course_id
    )
    rows = await tx.all(mine.order_by(question_version.c.question_id, question_version.c.version))
    return [(row.question_id, row.version) for row in rows]


async def known_lessons(tx: Tx, course_id: CourseId) -> list[str]:
    """Ids of the lessons of a course that were ever given, in order."""
    of_course = select(given.c.lesson_id).join(enrolment, enrolment.c.id == given.c.enrolment_id)
    mine = of_course.join(cohort, cohort.c.id == enrolment.c.cohort_id).where(cohort.c.course_id == course_id)
    return [row.lesson_id for row in await tx.all(mine.distinct().order_by(given.c.lesson_id))]
