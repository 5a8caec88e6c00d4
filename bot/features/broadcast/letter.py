"""A broadcast as a receiver gets it."""

from typing import Any

from bot import callbacks as b
from bot.callbacks import broadcasting
from bot.message import Media, Message
from bot.office import Office
from bot.phrases import Html, Voice
from storage.broadcasts import Broadcast


def letter(sent: Broadcast, voice: Voice, office: Office, *, answerable: bool = True) -> Message:
    """Words, a photo or document with its caption, or a poll; below it a way to answer."""
    media = _media(dict(sent.media)) if sent.media else None
    rows = ((b.button(voice.label("button.write-back"), broadcasting.WriteBack(sent.id)),),) if answerable else ()
    if media is not None and media.kind == "poll":
        return Message("", rows, media=media)
    academy = office.settings.academy
    if not sent.words:
        return Message(voice.say("broadcast.received-bare", academy=academy), rows, media=media)
    return Message(voice.say("broadcast.received", academy=academy, words=Html(sent.words)), rows, media=media)


def _media(stored: dict[str, Any]) -> Media:
    return Media(**stored | {"options": tuple(stored["options"])})
