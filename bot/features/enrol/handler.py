"""/start and the dialogue of enrolling."""

from datetime import datetime

from bot.call import Call
from bot.features.enrol import usecase, view
from bot.features.enrol.outcome import Outcome, Refused
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage.deliveries import Delivery
from storage.store import Tx


def _fresh(outcome: Outcome, call: Call, office: Office) -> Replies:
    return fresh(view.screen(outcome, call.caller.voice, office, call.now))


def _edit(outcome: Outcome, call: Call, office: Office) -> Replies:
    message = view.screen(outcome, call.caller.voice, office, call.now)
    if isinstance(outcome, Refused):  # the old screen stays; its buttons have no more to say
        return Replies(new=(message,), strip=True)
    return Replies(edit=message)


async def start(tx: Tx, call: Call, office: Office) -> Replies:
    """/start CODE, /start."""
    return _fresh(await usecase.start(tx, call, office), call, office)


async def begin(tx: Tx, call: Call, office: Office) -> Replies:
    """Welcome read."""
    return _edit(await usecase.step_to(tx, call, office, "consent"), call, office)


async def agree(tx: Tx, call: Call, office: Office) -> Replies:
    """Consent given."""
    return _edit(await usecase.step_to(tx, call, office, "name"), call, office)


async def decline(tx: Tx, call: Call, office: Office) -> Replies:
    """No consent."""
    return _edit(await usecase.decline(tx, call, office), call, office)


async def is_me(tx: Tx, call: Call, office: Office) -> Replies:
    """The link names her."""
    return _edit(await usecase.is_me(tx, call, office), call, office)


async def not_me(tx: Tx, call: Call, office: Office) -> Replies:
    """It names somebody else."""
    return _edit(await usecase.not_me(tx, call), call, office)


async def render_moved_on(_tx: Tx, _row: Delivery, office: Office, _now: datetime) -> Message | None:
    """To the chat that was left."""
    return view.moved_on(office.phrases.voice(None), office)


async def use_shown_name(tx: Tx, call: Call, office: Office) -> Replies:
    """The name that Telegram shows."""
    return _edit(await usecase.take_name(tx, call, office, call.caller.display), call, office)


async def take_name(tx: Tx, call: Call, office: Office) -> Replies:
    """A name typed."""
    return _fresh(await usecase.take_name(tx, call, office, call.words), call, office)


async def take_place(tx: Tx, call: Call, office: Office) -> Replies:
    """A place typed."""
    return _fresh(await usecase.take_place(tx, call, office, call.words), call, office)


async def pick_place(tx: Tx, call: Call, office: Office) -> Replies:
    """A place picked."""
    return _edit(await usecase.pick_place(tx, call, office, call.pressed.n), call, office)


async def change_name(tx: Tx, call: Call, office: Office) -> Replies:
    """Back to the name."""
    return _edit(await usecase.step_to(tx, call, office, "name"), call, office)


async def change_place(tx: Tx, call: Call, office: Office) -> Replies:
    """Back to the posting."""
    return _edit(await usecase.step_to(tx, call, office, "place"), call, office)


async def confirm(tx: Tx, call: Call, office: Office) -> Replies:
    """Everything is right."""
    return _edit(await usecase.confirm(tx, call, office), call, office)
