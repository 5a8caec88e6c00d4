"""/help, /cancel, and words nobody waits for."""

from bot.call import Call
from bot.features.guide import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def show(_tx: Tx, call: Call, office: Office) -> Replies:
    """/help."""
    lines = office.help_lines(call.caller.roles)
    return fresh(view.guide(lines, call.caller.voice, office))


async def cancel(tx: Tx, call: Call, _office: Office) -> Replies:
    """/cancel."""
    return fresh(view.cancelled(await usecase.cancel(tx, call), call.caller.voice))


async def unknown(_tx: Tx, call: Call, _office: Office) -> Replies:
    """One helpful line."""
    return fresh(view.unknown(call.caller.roles, call.caller.voice))
