"""Refreshers on or off, for another year or no longer, each in a few sentences."""

from bot import callbacks as b
from bot.features.refresh.usecase import Switched
from bot.message import Message
from bot.phrases import Voice


def screen(switched: Switched | None, voice: Voice) -> Message:
    """What was decided, and the way back."""
    if switched is None:
        return Message(voice.say("refresh.not-yet"))
    if switched.next_on is None:
        return Message(
            voice.say("refresh.off"), ((b.button(voice.label("button.refreshers-again"), b.Refreshers(1)),),)
        )
    stop = b.button(voice.label("button.stop-refreshers"), b.Refreshers(0))
    return Message(voice.say("refresh.on", day=voice.day(switched.next_on)), ((stop,),))


def renewal(course: str, voice: Voice) -> Message:
    """Another year?"""
    yes = b.button(voice.label("button.renew"), b.Renew(1))
    return Message(
        voice.say("refresh.renewal", course=course), ((yes, b.button(voice.label("button.enough"), b.Renew(0))),)
    )


def farewell(course: str, voice: Voice) -> Message:
    """They have stopped, and how they start again."""
    again = b.button(voice.label("button.refreshers-again"), b.Refreshers(1))
    return Message(voice.say("refresh.farewell", course=course), ((again,),))
