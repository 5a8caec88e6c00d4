"""/posting, the place and the day that it asks for, and its buttons."""

from bot.call import Call
from bot.features.posting import usecase, view
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage.store import Tx


def _shown(found: view.Outcome | None, call: Call) -> Replies:
    """In place of the tapped message, or afresh after words."""
    voice = call.caller.voice
    if found is None and call.tapped is None:
        return fresh(Message(voice.say("refusal.not-learner")))
    if found is None:
        return Replies(toast=voice.label("refusal.old-button"), strip=True)
    message = view.screen(found, voice, call.now)
    return Replies(edit=message) if call.tapped is not None else fresh(message)


async def ask(tx: Tx, call: Call, office: Office) -> Replies:
    """/posting, alone or with a place."""
    if call.words.strip():
        return await take_place(tx, call, office)
    return _shown(await usecase.ask(tx, call, office), call)


async def take_place(tx: Tx, call: Call, office: Office) -> Replies:
    """A place typed."""
    return _shown(await usecase.take_place(tx, call, office), call)


async def pick(tx: Tx, call: Call, _office: Office) -> Replies:
    """A place picked."""
    return _shown(await usecase.pick(tx, call, call.pressed.n), call)


async def from_today(tx: Tx, call: Call, office: Office) -> Replies:
    """At once."""
    return _shown(await usecase.from_today(tx, call, office), call)


async def take_day(tx: Tx, call: Call, office: Office) -> Replies:
    """A day typed."""
    return _shown(await usecase.take_day(tx, call, office), call)


async def call_off(tx: Tx, call: Call, office: Office) -> Replies:
    """An announced posting taken back."""
    return _shown(await usecase.call_off(tx, call, office, call.pressed.from_on), call)
