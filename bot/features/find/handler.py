"""/find."""

from bot.call import Call
from bot.features.find import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def find(tx: Tx, call: Call, office: Office) -> Replies:
    """/find WORDS."""
    return fresh(view.screen(await usecase.find(tx, call, office), call.caller.voice))
