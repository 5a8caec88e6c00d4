"""Reminders: short, kind, with the way back in one tap. The wording rotates."""

from bot import callbacks as b
from bot.features.remind.usecase import Waiting
from bot.message import Button, Message
from bot.phrases import Voice


def _way_in(waiting: Waiting, voice: Voice) -> Button:
    if waiting.is_lesson:
        return b.button(voice.label("button.read-lesson"), b.ReadLesson(waiting.asking.id))
    return b.button(voice.label("button.see-question"), b.ReadLesson(waiting.asking.id))


def reminder(waiting: Waiting, voice: Voice) -> Message:
    """One of three."""
    what = "lesson" if waiting.is_lesson else "question"
    turn = "abc"[waiting.asking.id % 3]  # so that not every lesson is missed in the same words
    html = voice.say(f"remind.{what}-{waiting.n}{turn}", lesson=waiting.lesson.title)
    rows: tuple[tuple[Button, ...], ...] = ((_way_in(waiting, voice),),)
    if waiting.n > 1:
        rows += ((b.button(voice.label("button.pause"), b.Pause()),),)
    return Message(html, rows)


def pause(waiting: Waiting, voice: Voice) -> Message:
    """The kind pause with one button to resume."""
    html = voice.say("remind.pause", lesson=waiting.lesson.title)
    return Message(html, ((b.button(voice.label("button.resume"), b.Resume()),),))
