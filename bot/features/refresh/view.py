"""Refreshers on or off, in a sentence."""

from bot import callbacks as b
from bot.features.refresh.usecase import Switched
from bot.message import Message
from bot.phrases import Voice


def screen(switched: Switched | None, voice: Voice) -> Message:
    """What was decided, and the way back."""
    if switched is None:
        return Message(voice.say("refresh.not-yet"))
    if switched.next_on is None:
        again = b.button(voice.label("button.refreshers-yes"), b.Refreshers(1))
        return Message(voice.say("refresh.off"), ((again,),))
    stop = b.button(voice.label("button.stop-refreshers"), b.Refreshers(0))
    return Message(voice.say("refresh.on", day=voice.day(switched.next_on)), ((stop,),))
