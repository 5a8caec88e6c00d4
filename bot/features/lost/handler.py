"""/lost and its buttons; the notice that brings a coordinator there."""

from datetime import datetime

from bot.call import Call
from bot.features.lost import usecase, view
from bot.message import Message, Replies, fresh
from bot.office import Office
from storage import people, unknowns
from storage.deliveries import Delivery
from storage.store import Tx


async def show(tx: Tx, call: Call, _office: Office) -> Replies:
    """What may not have arrived."""
    return fresh(view.screen(await usecase.listed(tx, call), call.caller.voice))


async def send_again(tx: Tx, call: Call, _office: Office) -> Replies:
    """One more try."""
    return Replies(edit=view.screen(await usecase.send_again(tx, call), call.caller.voice))


async def leave(tx: Tx, call: Call, _office: Office) -> Replies:
    """Left as it is."""
    return Replies(edit=view.screen(await usecase.leave(tx, call), call.caller.voice))


async def render_notice(tx: Tx, row: Delivery, office: Office, _now: datetime) -> Message | None:
    """How many there are; None once all have been looked at or healed."""
    n = await unknowns.count(tx)
    zone = await people.zone_of_coordinator(tx, row.meaning["for"])
    return view.notice(n, office.phrases.voice(None, zone or "UTC")) if n else None
