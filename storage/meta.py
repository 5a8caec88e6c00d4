"""Small facts about the service itself, such as the bot's name."""

from sqlalchemy import bindparam, select

from storage import rows
from storage.schema import meta
from storage.store import Tx

BOT_USERNAME = "bot_username"


_GET = select(meta.c.value).where(meta.c.key == bindparam("wanted"))


async def get(tx: Tx, key: str) -> str | None:
    """The value, or None."""
    value: str | None = await tx.value(_GET, wanted=key)
    return value


async def put(tx: Tx, key: str, value: str) -> None:
    """Set the value."""
    await rows.put(tx, meta, {"key": key, "value": value}, key=("key",))
