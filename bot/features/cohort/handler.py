"""/cohort."""

from bot.call import Call
from bot.features.cohort import usecase, view
from bot.message import Replies, fresh
from bot.office import Office
from storage.store import Tx


async def show(tx: Tx, call: Call, office: Office) -> Replies:
    """The only cohort, or which."""
    return fresh(view.screen(await usecase.show(tx, call, office), call.caller.voice))


async def show_one(tx: Tx, call: Call, office: Office) -> Replies:
    """One cohort, as it stands now."""
    return Replies(edit=view.screen(await usecase.roll(tx, call.pressed.cohort, office), call.caller.voice))
