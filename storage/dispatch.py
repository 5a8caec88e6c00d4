"""Deliveries on their way: leased by a process, marked `sending` just before the call, settled after it.

Whoever settles a row must still hold it: a process that was away for longer than its lease changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, delete, or_, select, update

from scheduler.delivery import LOWEST_SHARE, DeliveryKind, DeliveryState, Lane
from storage import deliveries, rows
from storage.deliveries import LEASE, Delivery
from storage.replicas import gone
from storage.schema import IN_HAND, delivery, delivery_due
from storage.store import Tx

LOT = 200  # lapsed rows looked at in one go
MOURNED = timedelta(seconds=10)  # after a process was last known to be alive, its calls are over too
_COLUMNS = [delivery.c[name] for name in Delivery._fields]
_READY = (
    select(delivery_due.c.delivery_id)
    .where(delivery_due.c.lane == bindparam("lane", type_=Integer), delivery_due.c.at <= bindparam("people_now"))
    .where(or_(delivery_due.c.retry_at.is_(None), delivery_due.c.retry_at <= bindparam("now")))
    .order_by(delivery_due.c.at, delivery_due.c.delivery_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("ready")  # worked out once: as a bare subquery PostgreSQL may run it for each row, and take them all
)
_TAKE = (
    delete(delivery_due)
    .where(delivery_due.c.delivery_id.in_(select(_READY.c.delivery_id)))
    .returning(delivery_due.c.at, delivery_due.c.delivery_id)
)
_LEASE = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)), delivery.c.state == "pending")
    .values(state="leased", owner=bindparam("holder"), lease_until=bindparam("lease"))
    .returning(*_COLUMNS)
)


_KINDS = {kind.value: kind for kind in DeliveryKind}


class Lapsed(NamedTuple):
    """How a row was left by its holder."""

    state: DeliveryState
    owner: str
    lease_until: datetime


def _value(row: Any) -> Delivery:
    number, key, kind, *rest = row[: len(_COLUMNS)]
    return Delivery(number, key, _KINDS[kind], *rest)


async def claim(tx: Tx, *, people_now: datetime, now: datetime, owner: str, limit: int) -> list[Delivery]:
    """Lease what is due, the highest lane first, within a lane the longest due."""
    taken: list[int] = []
    for lane in Lane:
        room = limit - len(taken) - (limit // LOWEST_SHARE if lane is not max(Lane) else 0)
        if room > 0:
            rows = await tx.all(_TAKE, lane=int(lane), people_now=people_now, now=now, most=room)
            taken += [number for _, number in sorted((row[0], row[1]) for row in rows)]
    if not taken:
        return []
    leased = {row[0]: row for row in await tx.all(_LEASE, ids=taken, holder=owner, lease=now + LEASE)}
    return [_value(leased[number]) for number in taken if number in leased]


_SENDING = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)), delivery.c.state == "leased")
    .where(delivery.c.owner == bindparam("holder"))
    .values(state="sending", lease_until=bindparam("lease"), tries=delivery.c.tries + 1)
    .returning(delivery.c.id)
)


async def sending(tx: Tx, ids: Collection[int], *, owner: str, now: datetime) -> set[int]:
    """Commit just before the calls; of these rows, those that are still ours to send."""
    return {row.id for row in await tx.all(_SENDING, ids=list(ids), holder=owner, lease=now + LEASE)}


_OURS = select(delivery.c.id).where(
    delivery.c.id.in_(bindparam("ids", expanding=True)), delivery.c.owner == bindparam("holder")
)
_SENT = (
    update(delivery)
    .where(delivery.c.id == bindparam("row_id"))
    .values(
        state="sent",
        owner=None,
        lease_until=None,
        telegram_id=None,
        reason=None,
        done_at=bindparam("at"),
        message_id=bindparam("message"),
    )
)


async def sent(tx: Tx, messages: Sequence[tuple[int, int]], *, owner: str, now: datetime) -> set[int]:
    """(delivery, Telegram's message id) of what arrived; those rows that we still held."""
    ours = {row.id for row in await tx.all(_OURS, ids=[row for row, _ in messages], holder=owner)}
    await tx.run(_SENT, [{"row_id": row, "at": now, "message": n} for row, n in messages if row in ours])
    return ours


async def give_back(tx: Tx, *, owner: str) -> int:
    """Rows that this process has leased and not begun to send wait again, for whoever comes next."""
    mine = (delivery.c.owner == owner) & (delivery.c.state == "leased")
    values = {"state": "pending", "owner": None, "lease_until": None}
    back = await tx.all(update(delivery).where(mine).values(values).returning(delivery.c.id))
    for row in back:
        await deliveries.put_back(tx, row.id, retry_at=None)
    return len(back)


_SPEECHLESS = update(delivery).where(delivery.c.id.in_(bindparam("ids", expanding=True))).values(meaning={})


async def forget_words(tx: Tx, ids: Collection[int]) -> None:
    """A reply's words are not kept once they were shown."""
    await tx.run(_SPEECHLESS, ids=list(ids))


async def settle(
    tx: Tx,
    delivery_id: int,
    state: DeliveryState,
    *,
    now: datetime,
    owner: str,
    reason: str | None = None,
    message_id: int | None = None,
    retry_at: datetime | None = None,
    lapsed: Lapsed | None = None,
) -> bool:
    """What became of it; False when another holds the row now (its lease had lapsed).

    `lapsed`: how it was found; False too where its holder has gone on with it since.
    """
    values: dict[str, Any] = {"state": state.value, "reason": reason, "owner": None, "lease_until": None}
    if state is not DeliveryState.PENDING:
        values |= {"done_at": now, "message_id": message_id}
    if state in (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.FAILED):
        values["telegram_id"] = None
    found = {} if lapsed is None else {"state": lapsed.state.value, "lease_until": lapsed.lease_until}
    if not await rows.change(tx, delivery, {"id": delivery_id, "owner": owner} | found, values):
        return False
    if state is DeliveryState.PENDING:
        await deliveries.put_back(tx, delivery_id, retry_at=retry_at)
    return True


@cache
def _lapsed(dialect: str) -> Select[Any]:
    dead = and_(delivery.c.owner != bindparam("me"), gone(dialect, delivery.c.owner, for_=MOURNED))
    columns = (*_COLUMNS, delivery.c.state, delivery.c.owner, delivery.c.lease_until)
    return select(*columns).where(IN_HAND, or_(delivery.c.lease_until < bindparam("now"), dead)).limit(LOT)


async def lapsed(tx: Tx, now: datetime, *, me: str) -> list[tuple[Delivery, Lapsed]]:
    """Rows whose lease ran out or whose holder is dead, and how they were found."""
    found = await tx.all(_lapsed(tx.dialect), now=now, me=me)
    return [(_value(row), Lapsed(DeliveryState(row.state), row.owner, row.lease_until)) for row in found]
