"""What the bot has asked a person in words and not yet heard back."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select

from storage import rows
from storage.schema import conversation
from storage.store import Tx

KEEP = timedelta(days=7)


class Conversation(NamedTuple):
    """The step that waits for words, and what was said so far."""

    step: str
    so_far: dict[str, Any]


_GET = select(conversation.c.step, conversation.c.so_far).where(conversation.c.telegram_id == bindparam("who"))
_END = delete(conversation).where(conversation.c.telegram_id == bindparam("who"))
_TIDY = delete(conversation).where(conversation.c.since_at < bindparam("before"))


async def get(tx: Tx, telegram_id: int) -> Conversation | None:
    """The conversation in hand, or None."""
    row = await tx.first(_GET, who=telegram_id)
    return None if row is None else Conversation(row.step, row.so_far)


async def put(tx: Tx, telegram_id: int, step: str, so_far: dict[str, Any], *, now: datetime) -> None:
    """Wait for words at this step."""
    values = {"telegram_id": telegram_id, "step": step, "so_far": so_far, "since_at": now}
    await rows.put(tx, conversation, values, key=("telegram_id",))


async def end(tx: Tx, telegram_id: int) -> bool:
    """Wait no longer; True when something was being waited for."""
    return bool(await tx.run(_END, who=telegram_id))


async def tidy(tx: Tx, *, now: datetime) -> None:
    """Forget dialogues that were left a week ago."""
    await tx.run(_TIDY, before=now - KEEP)
