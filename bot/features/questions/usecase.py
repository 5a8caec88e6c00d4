"""Item analysis of a cohort."""

from dataclasses import dataclass
from typing import Any

from bot import corrected
from bot.call import Call
from bot.office import Office
from lessons.course import Course, Lesson, Question
from lessons.items import Item, analyse, worst
from storage import cohorts, corrections, items
from storage.cohorts import Cohort
from storage.store import Tx

MOST_COHORTS = 20


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing to show: `why` is "gone", "no-cohort", "no-course" or "no-question"."""

    why: str


@dataclass(frozen=True, slots=True)
class Which:
    """Several cohorts."""

    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A question with its lesson, its figures (None: too few answers) and how many have answered."""

    lesson: Lesson
    question: Question
    item: Item | None
    n: int


@dataclass(frozen=True, slots=True)
class Worst:
    """Those to look at; `every`: figures of every so-manieth person."""

    cohort: Cohort
    seen: tuple[Seen, ...]
    judged: int  # questions with enough answers
    every: int


@dataclass(frozen=True, slots=True)
class One:
    """One question."""

    cohort: Cohort
    seen: Seen
    every: int


Outcome = Refused | Which | Worst | One


async def show(tx: Tx, call: Call, office: Office) -> Outcome:
    """/questions."""
    mine = [each for each in await cohorts.every(tx) if call.caller.may_see(each.id)]
    if len(mine) == 1:
        return await of_cohort(tx, call, office, mine[0].id)
    return Which(tuple(mine[:MOST_COHORTS])) if mine else Refused("no-cohort")


async def taught(tx: Tx, call: Call, office: Office, cohort_id: int) -> tuple[Cohort, Course] | Refused:
    """The cohort and its course, where both are there and the caller may see them."""
    cohort = await cohorts.get(tx, cohort_id)
    if cohort is None or not call.caller.may_see(cohort.id):
        return Refused("gone")
    course = office.courses.get(cohort.course_id)
    return (cohort, course) if course is not None else Refused("no-course")


async def of_cohort(tx: Tx, call: Call, office: Office, cohort_id: int) -> Outcome:
    """The five that most need a look."""
    found = await taught(tx, call, office, cohort_id)
    if isinstance(found, Refused):
        return found
    cohort, course = found
    seen, every = await _seen(tx, cohort, course)
    judged = {one.item.question: one for one in seen if one.item is not None}
    chosen = worst(one.item for one in judged.values() if one.item is not None)
    return Worst(cohort, tuple(judged[item.question] for item in chosen), len(judged), every)


async def one(tx: Tx, call: Call, office: Office, cohort_id: int, question_id: str) -> Outcome:
    """One question with its figures."""
    found = await taught(tx, call, office, cohort_id)
    if isinstance(found, Refused):
        return found
    cohort, course = found
    seen, every = await _seen(tx, cohort, course)
    this = next((each for each in seen if each.question.id == question_id), None)
    if this is None:
        held = await _held(tx, course)
        lesson = course.lesson_of(question_id)
        question = held.get(question_id) or course.question(question_id)
        if lesson is None or question is None:
            return Refused("no-question")
        this = Seen(lesson, question, None, 0)
    return One(cohort, this, every)


async def _held(tx: Tx, course: Course) -> dict[str, Question]:
    """Questions whose words a correction overrides."""
    found = {}
    for question_id, each in (await corrections.all_in_force(tx, course.id)).items():
        question = course.question(question_id)
        if question is not None and corrected.overrides(each, question):
            found[str(question_id)] = corrected.reworded(question, each.words)
    return found


async def _seen(tx: Tx, cohort: Cohort, course: Course, *, everybody: bool = False) -> tuple[list[Seen], int]:
    """Every question of the course that was answered, in the course's order."""
    tallies, every = await items.tallies(tx, cohort.id, people=None if everybody else items.PEOPLE)
    known, held, found = {each.question: each for each in tallies}, await _held(tx, course), []
    for lesson in course.lessons:
        for question in lesson.questions:
            tally, now = known.get(question.id), held.get(question.id, question)
            if tally is not None:
                found.append(Seen(lesson, now, analyse(tally, now.key), tally.n))
    return found, every


async def sheet(tx: Tx, meaning: dict[str, Any], office: Office) -> tuple[Cohort, list[Seen]] | None:
    """Everything, of everybody."""
    cohort = await cohorts.get(tx, meaning["cohort"])
    course = office.courses.get(cohort.course_id) if cohort else None
    if cohort is None or course is None:
        return None
    return cohort, (await _seen(tx, cohort, course, everybody=True))[0]
