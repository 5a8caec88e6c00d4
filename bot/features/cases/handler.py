"""The cases of a cohort, by buttons."""

from bot.call import Call
from bot.features.cases import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def listed(tx: Tx, call: Call, office: Office) -> Replies:
    """All of them."""
    return Replies(edit=view.screen(await usecase.listed(tx, call, office), call.caller.voice))


async def one(tx: Tx, call: Call, office: Office) -> Replies:
    """One, with its picture: an edit could show none."""
    return fresh(view.screen(await usecase.one(tx, call, office), call.caller.voice))
