"""One page that shows a lesson as phones show it: every screen, side by side, for an author's eye. Needs no network."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from html import escape
from itertools import groupby
from pathlib import Path

from bot.desk import DeskError
from bot.phrases import Phrases, Voice
from bot.preview_phones import facts_of, grid, page, phone
from bot.screens import ZONE, Answered, Asked, screens_of
from lessons import catalogue, strict_yaml
from lessons.course import Course, Lesson, Role

NOTES = {
    Role.DAY: "One message in the morning and three taps: to the question, a choice, sure or not sure. While it waits "
    "nothing else comes but the reminders.",
    Role.REPEAT: "Comes when the ladder says, here twelve days after a right answer. A wrong answer brings the same "
    "question again instead.",
    Role.KEPT: "Kept for the baseline and the checks; it is not shown while the lesson is learnt.",
}
FOOTER = (
    "The words and the order are those of one learner in Riyadh; each learner sees the choices in an order of their "
    "own. The dashed line shows how much a small phone holds at once."
)
TITLES = {Role.DAY: "The day", Role.REPEAT: "When it comes back", Role.KEPT: "Kept for the checks"}


def piece_named(name: str, content: Path | None = None) -> tuple[Course, str]:
    """(course, id) of a lesson or a simulation by its file or its id (`content` holds further courses).

    Raises DeskError for what is not there, CourseError for a file of a course that has errors.
    """
    if name.endswith(".yaml"):
        return _of_file(Path(name))
    taught, _ = catalogue.courses(content)
    for course in taught.values():
        if _has(course, name):
            return course, name
    known = [str(lesson.id) for course in taught.values() for lesson in course.lessons]
    known += [str(each.id) for course in taught.values() for each in course.simulations]
    close = get_close_matches(name, known, n=1)
    mend = (
        f"did you mean {close[0]}?" if close else "give its id or its file, as in my-course/01-module/01-lesson.yaml."
    )
    raise DeskError(f"{name!r} is no lesson and no simulation taught here; {mend}")


def _of_file(file: Path) -> tuple[Course, str]:
    if not file.is_file():
        raise DeskError(f"There is no file {file}; check the path.")
    course = catalogue.load(file.resolve().parent.parent)
    tree, _ = strict_yaml.load(file.read_bytes(), file.name)
    name = tree.text("id") if isinstance(tree, strict_yaml.Mapping) else None
    if name is None or not _has(course, name.text):
        raise DeskError(f"{file} is no lesson of {course.id} and no simulation; give the file of one.")
    return course, name.text


def _has(course: Course, name: str) -> bool:
    return course.lesson(name) is not None or course.simulation(name) is not None


def preview(course: Course, lesson_id: str) -> str:
    """The page: HTML without outside parts, the same for the same lesson. DeskError for an unknown lesson."""
    lesson = course.lesson(lesson_id)
    if lesson is None:
        raise DeskError(f"{lesson_id!r} is no lesson of {course.id}.")
    sections = list(_sections(course, lesson))
    links = "".join(f'<a href="#{name}" target="_self">{escape(title)}</a>' for name, title, _ in sections)
    return page(
        language=escape(course.language),
        title=escape(lesson.title),
        place=escape(_place(course, lesson)),
        objective=escape(lesson.objective),
        facts=_facts(lesson),
        links=links,
        sections="\n".join(html for _, _, html in sections),
        footer=FOOTER,
    )


def _place(course: Course, lesson: Lesson) -> str:
    module = next(each for each in course.modules if lesson in each.lessons)
    return f"{course.title} · {module.title} · lesson {course.lessons.index(lesson) + 1} of {len(course.lessons)}"


def _facts(lesson: Lesson) -> str:
    cards = sum(len(card.lead) + len(card.text) for card in lesson.cards)
    told = {
        "id": lesson.id,
        "cards": f"{cards:,} characters",
        "review by": f"{lesson.review_by.day} {lesson.review_by:%B %Y}",
        "questions": ", ".join(f"{each.role} ({each.kind})" for each in lesson.questions),
    }
    return facts_of(told)


def _sections(course: Course, lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    """(anchor, title, HTML) in the order in which a learner meets them."""
    shown, voice = screens_of(course, lesson.id), Phrases.built_in().voice(course.language, ZONE)
    arrived = phone("The lesson", "as it arrives", [shown.lesson], voice)
    alone = phone("Left alone", "three reminders, then a kind pause", shown.reminders, voice)
    for role in Role:
        if (asked := shown.asked.get(role)) is not None:
            put = _putting(asked, voice)
            grids = [grid([arrived, *put, alone] if role is Role.DAY else put), *_answers(asked, voice)]
            yield role, TITLES[role], _section(role, TITLES[role], asked.question.id, NOTES[role], grids)


def _section(anchor: str, title: str, question: str, note: str, grids: Sequence[str]) -> str:
    head = f"<h2>{escape(title)} <code>{escape(question)}</code></h2>"
    body = "\n".join(grids)
    return f'<section id="{anchor}">{head}<p class="note">{escape(note)}</p>{body}</section>'


def _putting(asked: Asked, voice: Voice) -> list[str]:
    question = phone("The question", f"a {asked.question.kind}", [asked.put], voice)
    return [question, phone("A choice tapped", "how sure?", [asked.chosen], voice)]


def _answers(asked: Asked, voice: Voice) -> Iterator[str]:
    """A row for the sure and one for the unsure, so that a choice stands below itself."""
    for _, row in groupby(asked.answers, key=lambda answer: answer.sure):
        yield grid([_feedback(answer, voice) for answer in row], choices=len(asked.question.choices))


def _feedback(answer: Answered, voice: Voice) -> str:
    verdict, sure = "right" if answer.correct else "wrong", "sure" if answer.sure else "not sure"
    return phone(f"Chose {answer.letter}", sure, [answer.shown], voice, verdict=verdict)
