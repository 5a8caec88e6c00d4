"""`/cohort new`, the buttons of a cohort's terms, and the words that are waited for."""

from collections.abc import Awaitable

from bot.call import Call, Role
from bot.features.opening import usecase, view
from bot.features.opening.outcome import Closed, LastDay, Outcome
from bot.message import Message, Replies, fresh
from bot.office import Office
from bot.terms.words import Teller
from storage.store import Tx

NEW = "new"


async def _shown(call: Call, office: Office, outcome: Awaitable[Outcome]) -> Replies:
    """Afresh after words, in place after a tap; a tap on what is settled gets a toast, and what came since stays."""
    found, voice = await outcome, call.caller.voice
    if call.tapped is not None and isinstance(found, Closed):
        return Replies(toast=voice.label("opening.closed"))
    if isinstance(found, LastDay):
        return Replies(toast=voice.label("refusal.last-day"))
    message = view.screen(found, Teller(office.courses, voice, usecase.today(call)), call.now)
    return Replies(edit=message) if call.tapped is not None else fresh(message)


def wants_new(call: Call) -> bool:
    """Whether /cohort asks for another one: `new`, perhaps with its name."""
    return call.words.strip().partition(" ")[0].casefold() == NEW


async def begin(tx: Tx, call: Call, office: Office) -> Replies:
    """Another cohort, by word or button. /cohort is open to more than those who may open one."""
    if Role.COORDINATOR not in call.caller.roles:
        return fresh(Message(call.caller.voice.say("refusal.not-coordinator")))
    name = call.words.strip().partition(" ")[2].strip() if call.tapped is None else ""
    return await _shown(call, office, usecase.begin(tx, call, office, name))


async def edit(tx: Tx, call: Call, office: Office) -> Replies:
    """What stands for a cohort."""
    return await _shown(call, office, usecase.edit(tx, call, office))


async def said(tx: Tx, call: Call, office: Office) -> Replies:
    """Words for the field in hand."""
    return await _shown(call, office, usecase.said(tx, call, office))


async def ask(tx: Tx, call: Call, office: Office) -> Replies:
    """Another value for one of the terms."""
    return await _shown(call, office, usecase.ask(tx, call))


async def choose(tx: Tx, call: Call, office: Office) -> Replies:
    """A value that was offered."""
    return await _shown(call, office, usecase.choose(tx, call, office))


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """All terms."""
    return await _shown(call, office, usecase.show(tx, call, office))


async def settle(tx: Tx, call: Call, office: Office) -> Replies:
    """Open it, or change it."""
    return await _shown(call, office, usecase.settle(tx, call, office))


async def leave(tx: Tx, call: Call, office: Office) -> Replies:
    """Nothing is done."""
    return await _shown(call, office, usecase.leave(tx, call))
