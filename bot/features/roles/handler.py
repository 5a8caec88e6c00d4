"""/colleagues, /audit and their buttons; the link that appoints."""

from datetime import datetime

from bot.call import Call
from bot.features.roles import usecase, view
from bot.features.roles.usecase import Outcome
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage import colleagues, people
from storage.deliveries import Delivery
from storage.store import Tx

PREFIX = usecase.PREFIX


def _shown(outcome: Outcome, call: Call, office: Office) -> Replies:
    message = view.screen(outcome, call.caller.voice, office)
    return Replies(edit=message) if call.tapped is not None else fresh(message)


async def team(tx: Tx, call: Call, office: Office) -> Replies:
    """/colleagues."""
    return _shown(await usecase.team(tx, call), call, office)


async def one(tx: Tx, call: Call, office: Office) -> Replies:
    """One of them."""
    return _shown(await usecase.one(tx, call.pressed.who, call), call, office)


async def add(_tx: Tx, call: Call, office: Office) -> Replies:
    """Which role for somebody new?"""
    return _shown(usecase.WhichRole(), call, office)


async def which_cohorts(tx: Tx, call: Call, office: Office) -> Replies:
    """For which cohorts?"""
    return _shown(await usecase.which_cohorts(tx, call.pressed.role), call, office)


async def link(tx: Tx, call: Call, office: Office) -> Replies:
    """The link."""
    return _shown(await usecase.link(tx, call), call, office)


async def accept(tx: Tx, call: Call, office: Office) -> Replies:
    """/start c-CODE."""
    return _shown(await usecase.accept(tx, call), call, office)


async def set_role(tx: Tx, call: Call, office: Office) -> Replies:
    """Another role."""
    return _shown(await usecase.set_role(tx, call), call, office)


async def toggle_cohort(tx: Tx, call: Call, office: Office) -> Replies:
    """One cohort more or less."""
    return _shown(await usecase.toggle_cohort(tx, call), call, office)


async def ask_revoke(tx: Tx, call: Call, office: Office) -> Replies:
    """Take the role away?"""
    return _shown(await usecase.ask_revoke(tx, call), call, office)


async def revoke(tx: Tx, call: Call, office: Office) -> Replies:
    """Taken away."""
    return _shown(await usecase.revoke(tx, call), call, office)


async def trail(tx: Tx, call: Call, _office: Office) -> Replies:
    """/audit."""
    before = 0 if call.pressed is None else call.pressed.before
    message = view.trail(await usecase.trail(tx, before, call), call.caller.voice)
    return Replies(edit=message) if call.tapped is not None else fresh(message)


async def render_appointed(tx: Tx, row: Delivery, office: Office, _now: datetime) -> Message | None:
    """Somebody opened the link."""
    found = await colleagues.of(tx, row.meaning["who"])
    if found is None or row.telegram_id is None:
        return None
    zone = await people.zone_of_coordinator(tx, row.telegram_id)
    voice = office.phrases.voice(None, zone or "UTC")
    return view.somebody_came(found.name, found.role, found.telegram_id, voice)
