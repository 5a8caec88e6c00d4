"""Updates as they came, kept before Telegram is told that they arrived.

open ─► applied (effect and reply owed are committed together) ─► done (the person has been shown)

Each belongs to the process that received it, and is served by that one; what a dead process leaves is taken over.
Whoever owns a person's lowest undone update serves it; the later ones wait for it, whosever they are.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Executable, Integer, bindparam, delete, func, or_, select, update

from storage import rows
from storage.replicas import gone
from storage.schema import UNDONE, inbox
from storage.store import Tx

POISONED_AFTER = 5  # tries; then the update is put aside and the person told
KEEP_PAYLOAD = timedelta(days=7)
KEEP_ID = timedelta(days=30)  # redelivery is deduplicated for so long
TAKEN_AT_ONCE = 200


class Waiting(NamedTuple):
    """An update not yet done."""

    update_id: int
    telegram_id: int | None
    payload: dict[str, Any]
    state: str
    owed: dict[str, Any] | None
    tries: int
    owner: str | None


async def keep(
    tx: Tx, updates: Sequence[tuple[int, int | None, dict[str, Any]]], *, now: datetime, owner: str | None = None
) -> None:
    """Store (update_id, telegram_id, payload) as `owner`'s; one that was stored before stays as it is."""
    kept = [
        {"update_id": n, "telegram_id": who, "payload": payload, "state": "open", "received_at": now, "owner": owner}
        for n, who, payload in updates
    ]
    if kept:
        await tx.run(rows.adding_unless_there(tx.dialect, inbox, tuple(kept[0])), kept)


_BUSY: BindParameter[int] = bindparam("busy", expanding=True)
_OWNER: BindParameter[str] = bindparam("holder")
_COLUMNS = [inbox.c[name] for name in Waiting._fields]
_HEADS = (
    select(func.min(inbox.c.update_id))
    .where(UNDONE, or_(inbox.c.telegram_id.is_(None), inbox.c.telegram_id.not_in(_BUSY)))
    .group_by(func.coalesce(inbox.c.telegram_id, -inbox.c.update_id))
)
_NEXT = (
    select(*_COLUMNS)
    .where(inbox.c.update_id.in_(_HEADS))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most", type_=Integer))
)


@cache
def _next_of(dialect: str) -> Executable:
    return _NEXT.where(or_(inbox.c.owner == _OWNER, gone(dialect, inbox.c.owner)))


async def next_of_each(tx: Tx, *, busy: Collection[int | None], limit: int, owner: str | None = None) -> list[Waiting]:
    """The lowest undone update of each person who is not busy: one person's updates stay in order.

    With `owner`: only where that update is its own, or free to be taken over.
    """
    bound: dict[str, Any] = {"busy": _people(busy), "most": limit}
    if owner is None:
        found = await tx.all(_NEXT, **bound)
    else:
        found = await tx.all(_next_of(tx.dialect), **bound, holder=owner)
    return [Waiting(*row) for row in found]


def _people(busy: Collection[int | None]) -> list[int]:
    return [who for who in busy if who is not None]


@cache
def _taking_over(dialect: str) -> Executable:
    free = select(inbox.c.update_id).where(UNDONE, gone(dialect, inbox.c.owner))
    free = free.order_by(inbox.c.update_id).limit(TAKEN_AT_ONCE).with_for_update(skip_locked=True, of=inbox)
    once = free.cte("free")  # see dispatch._READY
    taking = update(inbox).where(inbox.c.update_id.in_(select(once.c.update_id))).values(owner=_OWNER)
    return taking.returning(inbox.c.update_id)


async def take_over(tx: Tx, owner: str) -> list[int]:
    """Make undone updates of nobody, or of processes that are gone, one's own; their numbers.

    What another takes at this moment is passed over. Serve none of them before it is its person's next.
    """
    return sorted(row.update_id for row in await tx.all(_taking_over(tx.dialect), holder=owner))


_HELD_UP = (
    select(inbox.c.update_id)
    .where(UNDONE, inbox.c.owner == _OWNER, inbox.c.telegram_id.is_not(None), inbox.c.telegram_id.not_in(_BUSY))
    .limit(1)
)


async def held_up(tx: Tx, owner: str, *, busy: Collection[int | None]) -> bool:
    """Whether that owner has undone updates of people who are not busy; where none is next, another has the next."""
    return await tx.value(_HELD_UP, holder=owner, busy=_people(busy)) is not None


_STATE_OF = select(inbox.c.state, inbox.c.owed).where(inbox.c.update_id == bindparam("wanted"))
_TRIES_OF = select(inbox.c.tries).where(inbox.c.update_id == bindparam("wanted"))


async def state_of(tx: Tx, update_id: int) -> tuple[str, dict[str, Any] | None] | None:
    """State and what is owed, or None when the update is not in the inbox."""
    row = await tx.first(_STATE_OF, wanted=update_id)
    return None if row is None else (row.state, row.owed)


async def applied(tx: Tx, update_id: int, *, owed: dict[str, Any]) -> None:
    """The effect stands, and this is owed to the person."""
    await _change(tx, update_id, {"state": "applied", "owed": owed})


async def _change(tx: Tx, update_id: int, values: dict[str, Any]) -> None:
    await rows.change(tx, inbox, {"update_id": update_id}, values)


async def done(tx: Tx, update_id: int, *, now: datetime, of_stranger: bool = False) -> None:
    """The person has been shown. Of a stranger nothing is kept, not even for the seven days."""
    values: dict[str, Any] = {"state": "done", "owed": None, "done_at": now}
    if of_stranger:
        values |= {"payload": None, "telegram_id": None}
    await _change(tx, update_id, values)


async def stumbled(tx: Tx, update_id: int, *, now: datetime) -> bool:
    """Count a failed try; True when the update is put aside now."""
    tries = 1 + (await tx.value(_TRIES_OF, wanted=update_id) or 0)
    aside = tries >= POISONED_AFTER
    values: dict[str, Any] = {"tries": tries} | ({"state": "failed", "done_at": now} if aside else {})
    await _change(tx, update_id, values)
    return aside


_HOW_MANY = select(func.count()).select_from(inbox).where(UNDONE)
_OLDEST = select(func.min(inbox.c.received_at)).where(UNDONE)


async def undone(tx: Tx) -> int:
    """How many updates are not done."""
    return await tx.value(_HOW_MANY) or 0


async def oldest(tx: Tx) -> datetime | None:
    """When the undone update that has waited longest came; None where none waits."""
    at: datetime | None = await tx.value(_OLDEST)
    return at


async def tidy(tx: Tx, *, now: datetime) -> None:
    """Empty payloads a week after they are done; drop rows after a month."""
    old = inbox.c.done_at < now - KEEP_PAYLOAD
    await tx.run(update(inbox).where(old, inbox.c.payload.is_not(None)).values(payload=None, owed=None))
    await tx.run(delete(inbox).where(inbox.c.done_at < now - KEEP_ID))
