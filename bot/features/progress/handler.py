"""/progress."""

from bot.call import Call
from bot.features.progress import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """Where the caller stands."""
    return fresh(view.screen(await usecase.how_far(tx, call, office), call.caller.voice, call.now))
