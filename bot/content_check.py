"""A whole check of content: the lints, lengths as phones show them, and the ids on which answers in a database hang."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from bot.circumstances import Circumstances
from bot.features.study import view
from bot.features.study.outcome import FeedbackShown, LessonShown, QuestionShown
from bot.phrases import Phrases, Voice
from bot.seat import Seat
from lessons import catalogue, checking
from lessons.checking import Figures
from lessons.course import Course, CourseId, Lesson, Module, Question
from lessons.enrolment import AskingId, AskingKind, AskingState, CohortId, EnrolmentId, EnrolmentState, LearnerId
from lessons.problem import Place, Problem, Severity
from lessons.shapes import LESSON_LIMIT, LESSON_TARGET
from lessons.simulation import SimulationId
from lessons.simulation_paths import Outline, outline
from scheduler.delivery import Reach
from scheduler.spacing import Rung
from storage import teaching
from storage.askings import Asking
from storage.engine import file_of, place_of, url_of
from storage.enrolments import Enrolment
from storage.errors import Unreachable
from storage.people import Learner
from storage.store import Store, Tx

LONGEST_MESSAGE = 4096  # characters once markup is read; Bot API, sendMessage
LARGE_ID = 10**12  # button data must have room for it
A_WEDNESDAY = datetime(2026, 9, 30, 5, 30, tzinfo=UTC)  # the longest names of day and month, so the longest dates


@dataclass(frozen=True, slots=True)
class Report:
    """Every problem of what was checked, and the figures of each course and simulation that has no error."""

    problems: tuple[Problem, ...]
    figures: Mapping[CourseId, Figures]
    simulations: Mapping[SimulationId, Outline]

    @property
    def sound(self) -> bool:
        """Whether nothing keeps the content from being taught: the exit status."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """`figures` are those of the one course, null when there is none; `courses` are all by id."""
        courses = {name: _rounded(asdict(one)) for name, one in self.figures.items()}
        only = next(iter(courses.values())) if len(courses) == 1 else None
        problems = [asdict(one) | {"severity": one.severity.value} for one in self.problems]
        simulations = {name: asdict(one) for name, one in self.simulations.items()}
        return {"problems": problems, "figures": only, "courses": courses, "simulations": simulations}

    def in_words(self) -> str:
        """The problems, or that there are none, and a line for each simulation."""
        told = [str(problem) for problem in self.problems] or ["No problems found."]
        return "\n".join([*told, *(f"{name}: {one}" for name, one in self.simulations.items())])


def _rounded(value: Any) -> Any:
    match value:
        case dict():
            return {key: _rounded(each) for key, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
        case float():
            return round(value, 4)
    return value


async def check(path: Path | None, *, today: date, database: str | None = None) -> Report:
    """Check a course, every course of a folder, or for None the built-in one.

    `database` is the file or address of a database to compare with; it is only read. Raises a StorageError when
    that cannot be done.
    """
    folders = (catalogue.course_folders(path) or (path,)) if path else (None,)
    problems: set[Problem] = set()
    figures: dict[CourseId, Figures] = {}
    outlines: dict[SimulationId, Outline] = {}
    for folder in folders:
        checked = catalogue.checked(folder, today=today)
        problems |= {*checked.problems}
        if checked.course is not None and checked.figures is not None:
            figures[checked.course.id] = checked.figures
            outlines |= {one.id: found for one in checked.course.simulations if (found := outline(one))}
            problems |= {*too_long(checked.course, checked.places)}
            if database is not None:
                problems |= {*await against(checked.course, database, checked.places)}
    return Report(tuple(sorted(problems)), figures, outlines)


async def against(course: Course, database: str, places: checking.Places) -> tuple[Problem, ...]:
    """What an edited course owes to the answers in a database (its file or its address)."""
    url = url_of(database if "://" in database else f"sqlite+aiosqlite:///{database}", Path())
    if (file := file_of(url)) is not None and not file.is_file():
        raise Unreachable(f"There is no database at {place_of(url)}; give its file or its address.")

    async def look(tx: Tx) -> tuple[list[tuple[str, str]], list[str]]:
        return await teaching.known_questions(tx, course.id), await teaching.known_lessons(tx, course.id)

    async with await Store.open(url, migrate=False) as store:
        questions, lessons = await store.read(look)
    return checking.against(course, questions, lessons=lessons, places=places)


def too_long(course: Course, places: checking.Places) -> tuple[Problem, ...]:
    """An error for each lesson, question or feedback that is too long as the views render it in English."""
    voice = Phrases.built_in().voice("en", "Asia/Riyadh")
    asked = [(lesson, question) for lesson in course.lessons for question in lesson.questions]
    owed = max((len(visible(html)) for each in asked for html in _owed(course, *each, voice)), default=0)
    found = [
        *_of_lessons(course, owed, voice),
        *(("question", each[1].id, sentence) for each in asked for sentence in _of_question(course, *each, voice)),
    ]
    spots = [(places.get((what, name), Place(name, 1)), sentence) for what, name, sentence in found]
    return tuple(sorted({Problem(spot.file, spot.line, sentence) for spot, sentence in spots}))


def visible(html: str) -> str:
    """The text that is left once markup is read: what Telegram counts and people see."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def _of_lessons(course: Course, owed: int, voice: Voice) -> Iterator[tuple[str, str, str]]:
    # Sources are small print under the lesson: they count for Telegram, not for what must be read.
    without = _without_sources(course)
    for lesson, bare in zip(course.lessons, without.lessons, strict=True):
        whole = _length(course, lesson, voice)
        if whole + owed > LONGEST_MESSAGE:
            below = f" below the longest feedback ({owed} more)" if whole <= LONGEST_MESSAGE else ""
            yield (
                "lesson",
                lesson.id,
                f"the lesson's message has {whole} characters as phones show it{below}, and Telegram takes "
                f"{LONGEST_MESSAGE}; shorten its cards and its sources",
            )
        if (read := _length(without, bare, voice)) > LESSON_LIMIT:
            yield (
                "lesson",
                lesson.id,
                f"the lesson has {read} characters as phones show it, without its sources, over {LESSON_LIMIT}; "
                f"cut its cards to {LESSON_TARGET}",
            )


def _length(course: Course, lesson: Lesson, voice: Voice) -> int:
    shown = LessonShown(_seat(course), lesson, _asking(lesson, lesson.questions[0]))
    return len(visible(view.lesson(shown, voice).html))


def _without_sources(course: Course) -> Course:
    def bare(module: Module) -> Module:
        return replace(module, lessons=tuple(replace(lesson, sources=()) for lesson in module.lessons))

    return replace(course, modules=tuple(map(bare, course.modules)))


def _of_question(course: Course, lesson: Lesson, question: Question, voice: Voice) -> Iterator[str]:
    shown = QuestionShown(_seat(course), lesson, _asking(lesson, question, question.key), question)
    messages = [("question", view.question(shown, voice))]
    messages += [
        (f"feedback on {one.asking.choice_id}", view.feedback(one, voice, reported=True))
        for one in _feedback(course, lesson, question)
    ]
    for what, message in messages:
        if (length := len(visible(message.html))) > LONGEST_MESSAGE:
            yield (
                f"the {what} has {length} characters as phones show it, and Telegram takes {LONGEST_MESSAGE}; "
                "shorten its words and the sources it cites"
            )


def _owed(course: Course, lesson: Lesson, question: Question, voice: Voice) -> Iterator[str]:
    """The feedback as it stands above the next lesson, when midnight settled the answer."""
    for shown in _feedback(course, lesson, question):
        yield voice.say("feedback.owed", feedback=view.feedback_html(shown, voice)) + "\n\n"


def _feedback(course: Course, lesson: Lesson, question: Question) -> Iterator[FeedbackShown]:
    """The longest forms of the feedback: on each choice, sure and not, as a review with everything that follows."""
    for choice in question.choices:
        for sure in (True, False):
            asking = replace(_asking(lesson, question, choice.id), state=AskingState.SETTLED, sure=sure)
            yield FeedbackShown(
                seat=_seat(course),
                lesson=lesson,
                asking=asking,
                question=question,
                rung=Rung(0, A_WEDNESDAY.date()),
                returns_at=A_WEDNESDAY,
                next_at=A_WEDNESDAY,
                now=A_WEDNESDAY - timedelta(days=12),
            )


def _seat(course: Course) -> Seat:
    """Somebody who studies; only the place is ever shown."""
    learner = Learner(
        id=LearnerId(LARGE_ID),
        telegram_id=0,
        name="",
        language="en",
        reach=Reach.REACHABLE,
        slot=None,
        quiet=None,
        place="Bandar Seri Begawan, Brunei Darussalam",
        country="BN",
        subdivision=None,
        zone="Asia/Brunei",
    )
    enrolment = Enrolment(
        EnrolmentId(LARGE_ID),
        learner.id,
        CohortId(1),
        course.id,
        EnrolmentState.ACTIVE,
        A_WEDNESDAY.date(),
        A_WEDNESDAY,
        None,
    )
    return Seat(Circumstances.plain(learner, enrolment, course))


def _asking(lesson: Lesson, question: Question, choice_id: str | None = None) -> Asking:
    return Asking(
        id=AskingId(LARGE_ID),
        enrolment_id=EnrolmentId(LARGE_ID),
        lesson_id=lesson.id,
        question_id=question.id,
        kind=AskingKind.REVIEW,
        number=3,
        version=question.version,
        state=AskingState.PUT if choice_id is None else AskingState.CHOSEN,
        planned_on=A_WEDNESDAY.date(),
        put_at=A_WEDNESDAY,
        settled_at=None,
        feedback_owed=False,
        nudges=0,
        nudged_on=None,
        choice_id=choice_id,
        correct=choice_id == question.key,
        sure=None,
        answered_at=A_WEDNESDAY,
    )
