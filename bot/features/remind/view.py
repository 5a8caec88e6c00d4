"""Reminders: short, kind, with the way back in one tap. The wording rotates."""

from bot import callbacks as b
from bot.features.remind.usecase import Waiting
from bot.message import Button, Message
from bot.phrases import Voice

LABELS = {"lesson": "button.read-lesson", "case": "button.open-case", "question": "button.see-question"}


def _way_in(waiting: Waiting, voice: Voice) -> Button:
    return b.button(voice.label(LABELS[waiting.what]), b.ReadLesson(waiting.asking.id))


def reminder(waiting: Waiting, voice: Voice) -> Message:
    """One of three."""
    turn = "abc"[waiting.asking.id % 3]  # so that not every lesson is missed in the same words
    html = voice.say(f"remind.{waiting.what}-{waiting.n}{turn}", lesson=waiting.title)
    rows: tuple[tuple[Button, ...], ...] = ((_way_in(waiting, voice),),)
    if waiting.n > 1:
        rows += ((b.button(voice.label("button.pause"), b.Pause()),),)
    return Message(html, rows)


def pause(waiting: Waiting, voice: Voice) -> Message:
    """The kind pause with one button to resume."""
    html = voice.say("remind.pause", lesson=waiting.title)
    return Message(html, ((b.button(voice.label("button.resume"), b.Resume()),),))
