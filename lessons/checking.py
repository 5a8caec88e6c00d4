"""Lints of a course, and what an edited course owes to the answers that exist. Each idea stands in lessons/lints."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from lessons.course import Course, Lesson, Role
from lessons.lints import reading, simulations, stems, terms, wording
from lessons.lints.figures import Figures, english, figures, key_is_longest, unbalanced
from lessons.problem import Place, Problem, Severity

__all__ = ["Figures", "against", "figures", "key_is_longest", "lint", "of_parts", "of_whole"]

REVIEW_NOTICE = timedelta(days=60)

Places = Mapping[tuple[str, str], Place]
Finding = tuple[str, str, str]  # kind of thing ("course" | "lesson" | "question"), its id, sentence


def lint(course: Course, *, today: date, places: Places | None = None) -> tuple[Problem, ...]:
    """Every lint of a course as a warning.

    `places` are those of `parsing.Parsed`; without them a problem names the thing, not its file.
    """
    parts = of_parts(course, today=today, places=places)
    return tuple(sorted({*parts, *of_whole(course, figures(course), places=places)}))


def of_parts(course: Course, *, today: date, places: Places | None = None) -> tuple[Problem, ...]:
    """The lints that look at one lesson, question or simulation, or at two."""
    found = {*_placed(_findings(course, today), places, Severity.WARNING)}
    for what, name, sentence, severity in simulations.findings(course, today):
        found |= {*_placed([(what, name, sentence)], places, severity)}
    return tuple(sorted(found))


def of_whole(course: Course, counted: Figures, *, places: Places | None = None) -> tuple[Problem, ...]:
    """The lints that look at the figures of a whole course."""
    return _placed((("course", course.id, sentence) for sentence in unbalanced(counted)), places, Severity.WARNING)


def against(
    course: Course,
    known: Iterable[tuple[str, str]],
    *,
    lessons: Iterable[str] = (),
    places: Places | None = None,
) -> tuple[Problem, ...]:
    """What the course owes to a database: `known` (question id, version) that were asked, and lessons given.

    An id that is gone is an error: answers hang on it. New words are a warning that changes no exit status: learners
    in the middle keep the words they were asked with, and the new version serves from the next asking on.
    """
    versions: dict[str, set[str]] = {}
    for question_id, version in known:
        versions.setdefault(question_id, set()).add(version)
    cases = {one.id: one.version for one in course.simulations}
    gone = [("question", name) for name in versions if course.question(name) is None and name not in cases]
    gone += [("lesson", name) for name in lessons if course.title_of(name) is None and name not in versions]
    lost: Iterator[Finding] = (
        (
            "course",
            course.id,
            f"the database knows the {what} `{name}`, which the course no longer has; "
            f"put it back, or give its new form the id `{name}` again",
        )
        for what, name in gone
    )
    changed: Iterator[Finding] = (
        ("question", question.id, f"the words of {question.id} are new since it was last asked; that is a new version")
        for lesson in course.lessons
        for question in lesson.questions
        if question.id in versions and question.version not in versions[question.id]
    )
    found = {*_placed(lost, places, Severity.ERROR), *_placed(changed, places, Severity.WARNING)}
    return tuple(sorted(found))


def _placed(findings: Iterable[Finding], places: Places | None, severity: Severity) -> tuple[Problem, ...]:
    known = places or {}
    found = {
        Problem(spot.file, spot.line, sentence, severity)
        for what, name, sentence in findings
        for spot in [known.get((what, name), Place(name, 1))]
    }
    return tuple(sorted(found))


def _findings(course: Course, today: date) -> Iterator[Finding]:
    for lesson in course.lessons:
        yield from (("lesson", lesson.id, sentence) for sentence in _of_lesson(lesson, course, today))
        for question in lesson.questions:
            yield from (("question", question.id, sentence) for sentence in wording.misleading(question))
    yield from (("question", name, sentence) for name, sentence in stems.nearly_the_same(course))


def _of_lesson(lesson: Lesson, course: Course, today: date) -> Iterator[str]:
    left = lesson.review_by - today
    if left < timedelta(0):
        yield f"the review was due on {lesson.review_by}; read the lesson again and set a new `review_by`"
    elif left <= REVIEW_NOTICE:
        yield f"the review is due on {lesson.review_by}, in {left.days} days; read the lesson again by then"
    for role in Role:
        if lesson.question(role) is None:
            yield f"no question has the role `{role}`; write one"
    if english(course):
        yield from reading.hard(lesson)
    glossary = terms.names_of(course)
    if glossary:
        yield from terms.unexplained(lesson, glossary=glossary)
