"""The alumni's switch."""

from bot.call import Call
from bot.features.refresh import usecase, view
from bot.message import Replies
from bot.office import Office
from storage.store import Tx


async def switch(tx: Tx, call: Call, office: Office) -> Replies:
    """Refreshers on or off. The tapped message stays to be read; its buttons go."""
    return Replies(strip=True, new=(view.screen(await usecase.switch(tx, call, office), call.caller.voice),))
