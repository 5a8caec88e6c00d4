"""/settings, /pause, /resume and their buttons."""

from datetime import time

from bot.call import Call
from bot.features.preferences import usecase, view
from bot.features.preferences.usecase import Preferences
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage.store import Tx


def _home(found: Preferences | None, call: Call) -> Message:
    voice = call.caller.voice
    return view.home(found, voice, call.now) if found else Message(voice.say("refusal.not-learner"))


def _here(message: Message, call: Call) -> Replies:
    """In place of the tapped message, or afresh after a command."""
    return Replies(edit=message) if call.tapped is not None else fresh(message)


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """/settings."""
    return fresh(_home(await usecase.read(tx, call, office), call))


async def page(tx: Tx, call: Call, office: Office) -> Replies:
    """One page of the settings."""
    match call.pressed.page:
        case "hour":
            return Replies(edit=view.hours(call.caller.voice))
        case "quiet":
            return Replies(edit=view.quiets(call.caller.voice))
    return Replies(edit=_home(await usecase.read(tx, call, office), call))


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


async def set_hour(tx: Tx, call: Call, office: Office) -> Replies:
    """Lessons at another hour."""
    return Replies(edit=_home(await usecase.set_hour(tx, call, office, _time(call.pressed.minutes)), call))


async def set_quiet(tx: Tx, call: Call, office: Office) -> Replies:
    """Other quiet hours."""
    quiet = _time(call.pressed.start), _time(call.pressed.end)
    return Replies(edit=_home(await usecase.set_quiet(tx, call, office, quiet), call))


async def ask_posting(tx: Tx, call: Call, _office: Office) -> Replies:
    """A new posting: ask where."""
    return _here(view.posting(await usecase.ask_posting(tx, call), call.caller.voice, call.now), call)


async def take_posting(tx: Tx, call: Call, office: Office) -> Replies:
    """A place typed."""
    return fresh(view.posting(await usecase.take_posting(tx, call, office), call.caller.voice, call.now))


async def pick_posting(tx: Tx, call: Call, _office: Office) -> Replies:
    """A place picked."""
    found = await usecase.pick_posting(tx, call, call.pressed.n)
    if found is None:
        return Replies(toast=call.caller.voice.label("refusal.old-button"), strip=True)
    return Replies(edit=view.posting(found, call.caller.voice, call.now))


async def confirm_posting(tx: Tx, call: Call, office: Office) -> Replies:
    """The new posting is right."""
    found = await usecase.confirm_posting(tx, call, office)
    if found is None:
        return Replies(toast=call.caller.voice.label("refusal.old-button"), strip=True)
    return Replies(edit=_home(found, call))


async def pause(tx: Tx, call: Call, office: Office) -> Replies:
    """Lessons rest."""
    mine = await usecase.pause(tx, call, office)
    voice = call.caller.voice
    return _here(view.paused(mine, voice) if mine else Message(voice.say("refusal.not-learner")), call)


async def resume(tx: Tx, call: Call, office: Office) -> Replies:
    """Lessons go on."""
    found = await usecase.resume(tx, call, office)
    voice = call.caller.voice
    return _here(view.resumed(found, voice, call.now) if found else Message(voice.say("refusal.not-learner")), call)
