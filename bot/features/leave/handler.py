"""/leave, the dates that it asks for, and its buttons."""

from bot.call import Call
from bot.features.leave import usecase, view
from bot.features.leave.usecase import Ended, Entered, Refused
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage.store import Tx


def _here(message: Message, call: Call) -> Replies:
    """In place of the tapped message, or afresh after words."""
    return Replies(edit=message) if call.tapped is not None else fresh(message)


def _worded(found: Entered | Refused | None, call: Call) -> Replies:
    voice = call.caller.voice
    match found:
        case Entered():
            return _here(view.entered(found, voice, call.now), call)
        case Refused():
            return _here(view.refused(found, voice), call)
    return _here(Message(voice.say("refusal.not-learner")), call)


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """/leave, alone or with dates."""
    if call.words.strip():
        return await take_dates(tx, call, office)
    found = await usecase.page(tx, call, office)
    return _here(view.page(found, call.caller.voice, call.now), call) if found else _worded(None, call)


async def take_dates(tx: Tx, call: Call, office: Office) -> Replies:
    """Dates typed."""
    return _worded(await usecase.enter_words(tx, call, office), call)


async def crisis_week(tx: Tx, call: Call, office: Office) -> Replies:
    """A crisis week from today."""
    return _worded(await usecase.enter_crisis_week(tx, call, office), call)


async def take_back(tx: Tx, call: Call, office: Office) -> Replies:
    """One leave taken back."""
    return _ended(await usecase.take_back(tx, call, office, call.pressed.leave), call)


async def come_back(tx: Tx, call: Call, office: Office) -> Replies:
    """Back at the desk."""
    return _ended(await usecase.come_back(tx, call, office), call)


def _ended(found: Ended | None, call: Call) -> Replies:
    if found is None:
        return Replies(toast=call.caller.voice.label("refusal.leave-over"))
    return Replies(edit=view.ended(found, call.caller.voice, call.now))
