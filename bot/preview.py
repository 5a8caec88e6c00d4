"""One page that shows a lesson as phones show it: every screen, side by side, for an author's eye. Needs no network."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from bot.desk import DeskError
from bot.message import Message
from bot.phrases import Phrases, Voice
from bot.screens import ZONE, Answered, Asked, Shown, screens_of
from lessons import catalogue, strict_yaml
from lessons.course import Course, Lesson, Role

NOTES = {
    Role.DAY: "One message in the morning and three taps: to the question, a choice, sure or not sure. While it waits "
    "nothing else comes but the reminders.",
    Role.REPEAT: "Comes when the ladder says, here twelve days after a right answer. A wrong answer brings the same "
    "question again instead.",
    Role.KEPT: "Kept for the baseline and the checks; it is not shown while the lesson is learnt.",
}
TITLES = {Role.DAY: "The day", Role.REPEAT: "When it comes back", Role.KEPT: "Kept for the checks"}


def lesson_named(name: str, content: Path | None = None) -> tuple[Course, str]:
    """(course, lesson id) of a lesson's file or of an id (`content` holds further courses).

    Raises DeskError for what is not there, CourseError for a file of a course that has errors.
    """
    if name.endswith(".yaml"):
        return _of_file(Path(name))
    taught, _ = catalogue.courses(content)
    for course in taught.values():
        if course.lesson(name) is not None:
            return course, name
    known = [str(lesson.id) for course in taught.values() for lesson in course.lessons]
    close = get_close_matches(name, known, n=1)
    mend = (
        f"did you mean {close[0]}?"
        if close
        else "give a lesson's id or its file, as in my-course/01-module/01-lesson.yaml."
    )
    raise DeskError(f"{name!r} is no lesson taught here; {mend}")


def _of_file(file: Path) -> tuple[Course, str]:
    if not file.is_file():
        raise DeskError(f"There is no file {file}; check the path.")
    course = catalogue.load(file.resolve().parent.parent)
    tree, _ = strict_yaml.load(file.read_bytes(), file.name)
    name = tree.text("id") if isinstance(tree, strict_yaml.Mapping) else None
    if name is None or course.lesson(name.text) is None:
        raise DeskError(f"{file} is no lesson of {course.id}; give the file of a lesson.")
    return course, name.text


def preview(course: Course, lesson_id: str) -> str:
    """The page: HTML without outside parts, the same for the same lesson. DeskError for an unknown lesson."""
    lesson = course.lesson(lesson_id)
    if lesson is None:
        raise DeskError(f"{lesson_id!r} is no lesson of {course.id}.")
    page = Template(files(__package__).joinpath("preview.html").read_text("utf-8"))
    sections = list(_sections(course, lesson))
    links = "".join(f'<a href="#{name}" target="_self">{escape(title)}</a>' for name, title, _ in sections)
    return page.substitute(
        language=escape(course.language),
        title=escape(lesson.title),
        place=escape(_place(course, lesson)),
        objective=escape(lesson.objective),
        facts=_facts(lesson),
        links=links,
        sections="\n".join(html for _, _, html in sections),
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
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in told.items())


def _sections(course: Course, lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    """(anchor, title, HTML) in the order in which a learner meets them."""
    shown, voice = screens_of(course, lesson.id), Phrases.built_in().voice(course.language, ZONE)
    arrived = _phone("The lesson", "as it arrives", [shown.lesson], voice)
    alone = _phone("Left alone", "three reminders, then a kind pause", shown.reminders, voice)
    for role in Role:
        if (asked := shown.asked.get(role)) is not None:
            put = _putting(asked, voice)
            grids = [_grid([arrived, *put, alone] if role is Role.DAY else put), *_answers(asked, voice)]
            yield role, TITLES[role], _section(role, TITLES[role], asked.question.id, NOTES[role], grids)


def _section(anchor: str, title: str, question: str, note: str, grids: Sequence[str]) -> str:
    head = f"<h2>{escape(title)} <code>{escape(question)}</code></h2>"
    body = "\n".join(grids)
    return f'<section id="{anchor}">{head}<p class="note">{escape(note)}</p>{body}</section>'


def _grid(phones: Sequence[str], *, choices: int = 0) -> str:
    kind = f'"phones answers" style="--choices: {choices}"' if choices else '"phones"'
    return f"<div class={kind}>{''.join(phones)}</div>"


def _putting(asked: Asked, voice: Voice) -> list[str]:
    question = _phone("The question", f"a {asked.question.kind}", [asked.put], voice)
    return [question, _phone("A choice tapped", "how sure?", [asked.chosen], voice)]


def _answers(asked: Asked, voice: Voice) -> Iterator[str]:
    """A row for the sure and one for the unsure, so that a choice stands below itself."""
    for _, row in groupby(asked.answers, key=lambda answer: answer.sure):
        yield _grid([_feedback(answer, voice) for answer in row], choices=len(asked.question.choices))


def _feedback(answer: Answered, voice: Voice) -> str:
    verdict, sure = "right" if answer.correct else "wrong", "sure" if answer.sure else "not sure"
    return _phone(f"Chose {answer.letter}", sure, [answer.shown], voice, verdict=verdict)


def _phone(title: str, note: str, messages: Sequence[Shown], voice: Voice, *, verdict: str = "") -> str:
    said = f'<span class="{verdict}">{verdict}</span>' if verdict else ""
    caption = f"<figcaption><b>{escape(title)}</b>{said}<span>{escape(note)}</span></figcaption>"
    first = messages[0].at.astimezone(ZoneInfo(ZONE))
    status = f"<div class=status><b>{voice.hour(first.time())}</b><span>Riyadh</span></div>"
    head = (
        "<div class=head><span class=avatar aria-hidden=true>A</span><div><b>Attaché</b><small>bot</small></div></div>"
    )
    fold = "" if messages[1:] else "<div class=fold aria-hidden=true><span>one screen</span></div>"
    chat = "".join(_chat(messages, voice))
    screen = f"<div class=screen>{status}{head}<div class=chat>{fold}{chat}</div></div>"
    return f"<figure class=phone>{caption}{screen}</figure>"


def _chat(messages: Sequence[Shown], voice: Voice) -> Iterator[str]:
    for day, of_day in groupby(messages, key=lambda shown: voice.day_of(shown.at)):
        yield f"<div class=day>{escape(day)}</div>"
        yield from (_message(shown.message, voice.hour(shown.at.astimezone(ZoneInfo(ZONE)).time())) for shown in of_day)


def _message(message: Message, hour: str) -> str:
    rows = "".join(
        "<div class=row>" + "".join(f"<span class=key>{escape(b.label)}</span>" for b in row) + "</div>"
        for row in message.rows
    )
    keyed = " keyed" if rows else ""
    # The message is Telegram's HTML subset already, escaped where it was worded.
    bubble = f"<div class=bubble><div class=text>{message.html}<span class=hour>{hour}</span></div></div>"
    return f'<div class="message{keyed}">{bubble}{rows}</div>'
