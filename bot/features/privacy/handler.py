"""/privacy, /mydata, /forget."""

from bot.call import Call
from bot.features.privacy import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def policy(_tx: Tx, call: Call, office: Office) -> Replies:
    """What is kept and who sees it."""
    return fresh(view.policy(call.caller.voice, office))


async def my_data(tx: Tx, call: Call, office: Office) -> Replies:
    """A copy of everything kept."""
    return fresh(*view.copy(await usecase.kept(tx, call, office), call.caller.voice))


async def ask_forget(_tx: Tx, call: Call, _office: Office) -> Replies:
    """Asked once more before anything is erased."""
    return fresh(view.ask_forget(call.caller.voice))


async def forget_me(tx: Tx, call: Call, _office: Office) -> Replies:
    """Erase."""
    return Replies(edit=view.forgotten(await usecase.forget(tx, call), call.caller.voice))


async def keep_me(_tx: Tx, call: Call, _office: Office) -> Replies:
    """Stay."""
    return Replies(edit=view.stays(call.caller.voice))
