"""The dialogue that puts a question right, and what is told of it."""

from datetime import date, datetime

from bot.call import Call
from bot.features.correcting import outcome as u
from bot.features.correcting import usecase, view
from bot.message import Message, Replies, fresh
from bot.office import Office
from lessons.course import Question
from storage import corrections, people
from storage.deliveries import Delivery
from storage.store import Tx


def _edit(outcome: u.Outcome, call: Call) -> Replies:
    return Replies(edit=view.screen(outcome, call.caller.voice))


def _fresh(outcome: u.Outcome, call: Call) -> Replies:
    return fresh(view.screen(outcome, call.caller.voice))


async def begin(tx: Tx, call: Call, office: Office) -> Replies:
    """Correct it."""
    return _edit(await usecase.begin(tx, call, office), call)


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """The draft."""
    return _edit(await usecase.show(tx, call, office, call.pressed.correction), call)


async def set_key(tx: Tx, call: Call, office: Office) -> Replies:
    """Another key."""
    return _edit(await usecase.set_key(tx, call, office), call)


async def ask_part(tx: Tx, call: Call, office: Office) -> Replies:
    """Other words."""
    return _edit(await usecase.ask_part(tx, call, office), call)


async def take_part(tx: Tx, call: Call, office: Office) -> Replies:
    """They came."""
    return _fresh(await usecase.take_part(tx, call, office), call)


async def ask_reason(tx: Tx, call: Call, office: Office) -> Replies:
    """Why?"""
    return _edit(await usecase.ask_reason(tx, call, office), call)


async def take_reason(tx: Tx, call: Call, office: Office) -> Replies:
    """The reason came."""
    return _fresh(await usecase.take_reason(tx, call, office), call)


async def confirm(tx: Tx, call: Call, office: Office) -> Replies:
    """Do it."""
    return _edit(await usecase.confirm(tx, call, office), call)


async def progress(tx: Tx, call: Call, office: Office) -> Replies:
    """How far it has come."""
    return _edit(await usecase.progress(tx, call, office), call)


async def drop(tx: Tx, call: Call, office: Office) -> Replies:
    """Leave it as it is."""
    return _edit(await usecase.drop(tx, call, office), call)


async def render_corrected(tx: Tx, row: Delivery, office: Office, now: datetime) -> Message | None:
    """To a learner whose answer was judged anew."""
    found = await corrections.get(tx, row.meaning["correction"]) if "correction" in row.meaning else None
    learner = await people.by_id(tx, row.learner_id, now=now) if row.learner_id else None
    named = found and _named(office, found.course_id, found.question_id)
    if found is None or learner is None or not named:
        return None
    lesson, _ = named
    key = next(text for id_, text, _ in found.words["choices"] if id_ == found.words["key"])
    comes_on = date.fromisoformat(row.meaning["on"]) if row.meaning.get("on") else None
    right = bool(row.meaning.get("right"))
    return view.told(lesson, found.reason, key, right=right, comes_on=comes_on, voice=office.voice(learner))


async def render_clash(tx: Tx, row: Delivery, office: Office, _now: datetime) -> Message | None:
    """To colleagues: a changed file and a correction disagree."""
    found = await corrections.get(tx, row.meaning["correction"])
    named = found and _named(office, found.course_id, found.question_id)
    if found is None or not named or row.telegram_id is None:
        return None
    lesson, question = named
    ours = next(text for id_, text, _ in found.words["choices"] if id_ == found.words["key"])
    theirs = question.choice(question.key)
    zone = await people.zone_of_coordinator(tx, row.telegram_id)
    return view.clash(lesson, ours, theirs.text if theirs else "", office.phrases.voice(None, zone or "UTC"))


def _named(office: Office, course_id: str, question_id: str) -> tuple[str, Question] | None:
    course = office.courses.get(course_id)
    lesson = course.lesson_of(question_id) if course else None
    question = course.question(question_id) if course else None
    return (lesson.title, question) if lesson and question else None
