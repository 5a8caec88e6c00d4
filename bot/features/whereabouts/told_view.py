"""What learners read: a nudge, and what was done on their behalf."""

from datetime import datetime

from bot import callbacks as b
from bot.features.whereabouts.nudging import LeftAlone
from bot.features.whereabouts.telling import Told
from bot.message import Message
from bot.office import Office
from bot.phrases import Voice
from lessons.enrolment import AskingKind


def nudge(about: LeftAlone, voice: Voice, office: Office) -> Message:
    """One kind word, with the way in."""
    academy = office.settings.academy
    if about.asking is None or about.title is None:
        resume = b.button(voice.label("button.resume"), b.Resume())
        return Message(voice.say("nudge.paused", academy=academy), ((resume,),))
    lesson, read = about.title, b.ReadLesson(about.asking.id)
    if about.asking.kind is AskingKind.DAY:
        words, label = voice.say("nudge.lesson", academy=academy, lesson=lesson), voice.label("button.read-lesson")
    elif about.asking.kind is AskingKind.CASE:
        words, label = voice.say("nudge.case", academy=academy, case=lesson), voice.label("button.open-case")
    else:
        words, label = voice.say("nudge.question", academy=academy, lesson=lesson), voice.label("button.see-question")
    return Message(words, ((b.button(label, read),),))


def told(found: Told, voice: Voice, office: Office, now: datetime) -> Message:
    """What was done, what follows, and what they may do about it."""
    academy, contact = office.settings.academy, office.settings.contact
    if found.seat is None or found.what == "withdrawal":
        return Message(voice.say("told.withdrawal", academy=academy, contact=contact))
    deadline = voice.day(found.seat.around.deadline_on)
    if found.leave is not None:
        days = voice.days(found.leave.span.first, found.leave.span.last)
        return Message(voice.say("told.leave", academy=academy, days=days, deadline=deadline))
    if found.from_on is not None:
        begun = found.from_on <= found.seat.today(now)
        key = "told.posting" if begun else "told.posting-from"
        return Message(voice.say(key, academy=academy, place=found.place, day=voice.day(found.from_on)))
    cohort = found.seat.around.cohort.name
    return Message(voice.say("told.transfer", academy=academy, cohort=cohort, deadline=deadline))
