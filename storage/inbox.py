"""Updates as they came, kept before Telegram is told that they arrived.

open ─► applied (effect and reply owed are committed together) ─► done (the person has been shown)
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, or_, select, update

from storage.conflict import insert_unless_there
from storage.schema import inbox
from storage.store import Tx

POISONED_AFTER = 5  # tries; then the update is put aside and the person told
KEEP_PAYLOAD = timedelta(days=7)
KEEP_ID = timedelta(days=30)  # redelivery is deduplicated for so long


class Waiting(NamedTuple):
    """An update not yet done."""

    update_id: int
    telegram_id: int | None
    payload: dict[str, Any]
    state: str
    owed: dict[str, Any] | None
    tries: int


async def keep(tx: Tx, updates: Sequence[tuple[int, int | None, dict[str, Any]]], *, now: datetime) -> None:
    """Store (update_id, telegram_id, payload); one that was stored before stays as it is."""
    rows = [
        {"update_id": n, "telegram_id": who, "payload": payload, "state": "open", "received_at": now}
        for n, who, payload in updates
    ]
    if rows:
        await tx.run(insert_unless_there(tx, inbox, rows))


async def next_of_each(tx: Tx, *, busy: Collection[int | None], limit: int) -> list[Waiting]:
    """The lowest undone update of each person who is not busy: one person's updates stay in order."""
    first = select(func.min(inbox.c.update_id)).where(inbox.c.state.in_(("open", "applied")))
    if busy:
        not_busy = inbox.c.telegram_id.not_in([who for who in busy if who is not None])
        first = first.where(or_(inbox.c.telegram_id.is_(None), not_busy))
    heads = first.group_by(func.coalesce(inbox.c.telegram_id, -inbox.c.update_id)).order_by(func.min(inbox.c.update_id))
    columns = [inbox.c[name] for name in Waiting._fields]
    rows = await tx.all(select(*columns).where(inbox.c.update_id.in_(heads.limit(limit))).order_by(inbox.c.update_id))
    return [Waiting(*row) for row in rows]


async def state_of(tx: Tx, update_id: int) -> tuple[str, dict[str, Any] | None] | None:
    """State and what is owed, or None when the update is not in the inbox."""
    row = await tx.first(select(inbox.c.state, inbox.c.owed).where(inbox.c.update_id == update_id))
    return None if row is None else (row.state, row.owed)


async def applied(tx: Tx, update_id: int, *, owed: dict[str, Any]) -> None:
    """The effect stands, and this is owed to the person."""
    await tx.run(update(inbox).where(inbox.c.update_id == update_id).values(state="applied", owed=owed))


async def done(tx: Tx, update_id: int, *, now: datetime, of_stranger: bool = False) -> None:
    """The person has been shown. Of a stranger nothing is kept, not even for the seven days."""
    values: dict[str, Any] = {"state": "done", "owed": None, "done_at": now}
    if of_stranger:
        values |= {"payload": None, "telegram_id": None}
    await tx.run(update(inbox).where(inbox.c.update_id == update_id).values(values))


async def stumbled(tx: Tx, update_id: int, *, now: datetime) -> bool:
    """Count a failed try; True when the update is put aside now."""
    tries = 1 + (await tx.value(select(inbox.c.tries).where(inbox.c.update_id == update_id)) or 0)
    aside = tries >= POISONED_AFTER
    values: dict[str, Any] = {"tries": tries} | ({"state": "failed", "done_at": now} if aside else {})
    await tx.run(update(inbox).where(inbox.c.update_id == update_id).values(values))
    return aside


async def undone(tx: Tx) -> int:
    """How many updates are not done."""
    return await tx.value(select(func.count()).where(inbox.c.state.in_(("open", "applied")))) or 0


async def tidy(tx: Tx, *, now: datetime) -> None:
    """Empty payloads a week after they are done; drop rows after a month."""
    old = inbox.c.done_at < now - KEEP_PAYLOAD
    await tx.run(update(inbox).where(old, inbox.c.payload.is_not(None)).values(payload=None, owed=None))
    await tx.run(delete(inbox).where(inbox.c.done_at < now - KEEP_ID))
