"""Small facts about the service itself, such as the bot's name."""

from sqlalchemy import select

from storage.conflict import insert_or_replace
from storage.schema import meta
from storage.store import Tx

BOT_USERNAME = "bot_username"


async def get(tx: Tx, key: str) -> str | None:
    """The value, or None."""
    value: str | None = await tx.value(select(meta.c.value).where(meta.c.key == key))
    return value


async def put(tx: Tx, key: str, value: str) -> None:
    """Set the value."""
    await tx.run(insert_or_replace(tx, meta, {"key": key, "value": value}, key=("key",)))
