"""Searches the caller's course; nothing is stored, and what was typed is not said again."""

from dataclasses import dataclass
from enum import StrEnum

from bot import seat
from bot.call import Call, Role
from bot.office import Office
from bot.seat import Seat
from lessons.course import Course, LessonId
from lessons.enrolment import EnrolmentState
from lessons.searching import BEST, Hit, LessonHit, says_something, search
from storage import ladders
from storage.store import Tx


class Why(StrEnum):
    """Why nothing is shown; a value that the view words."""

    NOTHING_ASKED = "nothing-asked"
    NOTHING_FOUND = "nothing-found"


@dataclass(frozen=True, slots=True)
class Found:
    """A hit in its course; `later` when the learner has not been given the lesson yet."""

    hit: Hit
    course: Course
    later: bool = False


async def find(tx: Tx, call: Call, office: Office) -> tuple[Found, ...] | Why:
    """The best three hits: in the caller's own course, or for a coordinator without a seat in every course."""
    if not says_something(call.words):
        return Why.NOTHING_ASKED
    mine = await seat.of_caller(tx, call, office)
    courses = (mine.course,) if mine else tuple(office.courses.values())
    hits = [Found(hit, course) for course in courses for hit in search(course, call.words)]
    hits.sort(key=lambda found: -found.hit.score)
    later = await _not_yet_given(tx, mine) if mine and Role.COORDINATOR not in call.caller.roles else frozenset()
    shown = tuple(
        Found(one.hit, one.course, isinstance(one.hit, LessonHit) and one.hit.lesson.id in later) for one in hits[:BEST]
    )
    return shown or Why.NOTHING_FOUND


async def _not_yet_given(tx: Tx, mine: Seat) -> frozenset[LessonId]:
    """Lessons that are still to come; alumni have all, and after the deadline none comes."""
    if mine.enrolment.state in (EnrolmentState.COMPLETED, EnrolmentState.ENDED):
        return frozenset()
    given = {one.lesson_id for one in await ladders.lessons_given(tx, mine.enrolment.id) if one.sent_at}
    return frozenset(lesson.id for lesson in mine.course.lessons if lesson.id not in given)
