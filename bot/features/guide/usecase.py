"""Leaving a dialogue."""

from bot.call import Call
from storage import conversations
from storage.store import Tx


async def cancel(tx: Tx, call: Call) -> bool:
    """Wait no longer for words; True when something was waited for."""
    return await conversations.end(tx, call.caller.telegram_id)
