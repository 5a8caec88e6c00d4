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
    found, voice = await usecase.read(tx, call, office), call.caller.voice
    match call.pressed.page:
        case "hour":
            return Replies(edit=view.hours(voice))
        case "quiet":
            return Replies(edit=view.quiets(voice))
        case "days" if found is not None:
            return Replies(edit=view.days(found, voice, call.now))
        case "pace" if found is not None:
            return await _paces(tx, found, call)
        case "language" if found is not None:
            return Replies(edit=view.languages(found, voice))
    return Replies(edit=_home(found, call))


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


async def set_hour(tx: Tx, call: Call, office: Office) -> Replies:
    """Lessons at another hour."""
    return Replies(edit=_home(await usecase.set_hour(tx, call, office, _time(call.pressed.minutes)), call))


async def set_quiet(tx: Tx, call: Call, office: Office) -> Replies:
    """Other quiet hours."""
    quiet = _time(call.pressed.start), _time(call.pressed.end)
    return Replies(edit=_home(await usecase.set_quiet(tx, call, office, quiet), call))


async def set_day(tx: Tx, call: Call, office: Office) -> Replies:
    """One weekday on or off."""
    found = await usecase.set_day(tx, call, office, call.pressed.day, on=call.pressed.on == 1)
    if found is None:
        return Replies(toast=call.caller.voice.label("refusal.last-day"))
    return Replies(edit=view.days(found, call.caller.voice, call.now))


async def usual_days(tx: Tx, call: Call, office: Office) -> Replies:
    """The working days of the place."""
    found, voice = await usecase.usual_days(tx, call, office), call.caller.voice
    return Replies(edit=view.days(found, voice, call.now) if found else _home(None, call))


async def set_pace(tx: Tx, call: Call, office: Office) -> Replies:
    """Another pace."""
    found = await usecase.set_pace(tx, call, office, call.pressed.every)
    return await _paces(tx, found, call) if found else Replies(edit=_home(None, call))


async def _paces(tx: Tx, found: Preferences, call: Call) -> Replies:
    forecast = await usecase.forecast(tx, found.seat, call.now)
    return Replies(edit=view.paces(found, forecast, call.caller.voice, call.now))


async def set_language(tx: Tx, call: Call, office: Office) -> Replies:
    """Another language, in which the answer comes."""
    found = await usecase.set_language(tx, call, office, call.pressed.language)
    if found is None:
        return Replies(edit=_home(None, call))
    return Replies(edit=view.home(found, office.voice(found.seat.learner), call.now))


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
