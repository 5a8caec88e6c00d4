"""Deliveries on their way: leased by a process, marked `sending` just before the call, settled after it.

Whoever settles a row must still hold it: a process that was away for longer than its lease changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Text, and_, bindparam, delete, insert, or_, select, type_coerce, update

from scheduler.delivery import LOWEST_SHARE, DeliveryKind, DeliveryState, Lane
from storage import deliveries, rows
from storage.columns import Instant, Stored
from storage.deliveries import LEASE, Delivery
from storage.replicas import gone
from storage.schema import delivery, delivery_due, delivery_lease
from storage.store import Tx

LOT = 200  # lapsed rows looked at in one go
MOURNED = timedelta(seconds=10)  # after a process was last known to be alive, its calls are over too


class _Kind(Stored):
    """The word in the column, as what it stands for."""

    cache_ok = True

    @staticmethod
    def read(value: str) -> DeliveryKind:
        return DeliveryKind(value)


class Lapsed(NamedTuple):
    """How a row was left by its holder."""

    state: DeliveryState
    owner: str
    lease_until: datetime


_COLUMNS = [type_coerce(delivery.c.kind, _Kind) if n == "kind" else delivery.c[n] for n in Delivery._fields]
_READY = (
    select(*_COLUMNS)
    .join_from(delivery_due, delivery, delivery.c.id == delivery_due.c.delivery_id)
    .where(delivery_due.c.lane == bindparam("lane", type_=Integer), delivery_due.c.at <= bindparam("people_now"))
    .where(or_(delivery_due.c.retry_at.is_(None), delivery_due.c.retry_at <= bindparam("now")))
    .order_by(delivery_due.c.at, delivery_due.c.delivery_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=delivery_due, skip_locked=True)
)
_TAKEN = (  # where they stand: those among them that another holds are not of these ids
    delivery_due.c.lane == bindparam("lane", type_=Integer),
    delivery_due.c.at <= bindparam("last"),
    delivery_due.c.delivery_id.in_(bindparam("ids", expanding=True)),
)
_LEASE = insert(delivery_lease).from_select(
    ["delivery_id", "owner", "lease_until"],
    select(delivery_due.c.delivery_id, bindparam("holder", type_=Text), bindparam("until", type_=Instant)).where(
        *_TAKEN
    ),
)
_TAKE = delete(delivery_due).where(*_TAKEN)


async def claim(tx: Tx, *, people_now: datetime, now: datetime, owner: str, limit: int) -> list[Delivery]:
    """Lease what is due, the highest lane first, within a lane the longest due."""
    taken: list[Delivery] = []
    for lane in Lane:
        room = limit - len(taken) - (limit // LOWEST_SHARE if lane is not max(Lane) else 0)
        if room > 0:
            found = await tx.tuples(_READY, lane=int(lane), people_now=people_now, now=now, most=room)
            if ready := list(map(Delivery._make, found)):
                these: dict[str, Any] = {"lane": int(lane), "last": ready[-1].due_at, "ids": [row.id for row in ready]}
                await tx.run(_LEASE, holder=owner, until=now + LEASE, **these)
                await tx.run(_TAKE, **these)
                taken += ready
    return taken


_THESE = delivery_lease.c.delivery_id.in_(bindparam("ids", expanding=True))
_OURS = delivery_lease.c.owner == bindparam("holder")
_IN_STATE = (  # each row is looked up: as a list PostgreSQL and SQLite would read every delivery there is
    select(delivery.c.id)
    .where(delivery.c.id == delivery_lease.c.delivery_id, delivery.c.state == bindparam("stands"))
    .exists()
)
_PROLONG = (
    update(delivery_lease)
    .where(_THESE, _OURS, _IN_STATE)
    .values(lease_until=bindparam("until"))
    .returning(delivery_lease.c.delivery_id)
)
_SENDING = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", tries=delivery.c.tries + 1)
)


async def sending(tx: Tx, ids: Collection[int], *, owner: str, now: datetime) -> set[int]:
    """Commit just before the calls; of these rows, those that are still ours to send."""
    prolonged = await tx.tuples(_PROLONG, ids=list(ids), holder=owner, stands="pending", until=now + LEASE)
    ours = {number for (number,) in prolonged}
    if ours:
        await tx.run(_SENDING, ids=list(ours))
    return ours


_RELEASE_ALL = delete(delivery_lease).where(_THESE, _OURS).returning(delivery_lease.c.delivery_id)
_SENT = (
    update(delivery)
    .where(delivery.c.id == bindparam("row_id"))
    .values(state="sent", telegram_id=None, reason=None, done_at=bindparam("at"), message_id=bindparam("message"))
)


async def sent(tx: Tx, messages: Sequence[tuple[int, int]], *, owner: str, now: datetime) -> set[int]:
    """(delivery, Telegram's message id) of what arrived; those rows that we still held."""
    released = await tx.tuples(_RELEASE_ALL, ids=[row for row, _ in messages], holder=owner)
    ours = {number for (number,) in released}
    await tx.run(_SENT, [{"row_id": row, "at": now, "message": n} for row, n in messages if row in ours])
    return ours


_GIVE_BACK = delete(delivery_lease).where(_OURS, _IN_STATE).returning(delivery_lease.c.delivery_id)


async def give_back(tx: Tx, *, owner: str) -> int:
    """Rows that this process has leased and not begun to send wait again, for whoever comes next."""
    back = [number for (number,) in await tx.tuples(_GIVE_BACK, holder=owner, stands="pending")]
    await deliveries.put_back(tx, back, retry_at=None)
    return len(back)


_SPEECHLESS = update(delivery).where(delivery.c.id.in_(bindparam("ids", expanding=True))).values(meaning={})


async def forget_words(tx: Tx, ids: Collection[int]) -> None:
    """A reply's words are not kept once they were shown."""
    await tx.run(_SPEECHLESS, ids=list(ids))


_RELEASE = delete(delivery_lease).where(delivery_lease.c.delivery_id == bindparam("row_id"), _OURS)
_RELEASE_AS_FOUND = _RELEASE.where(delivery_lease.c.lease_until == bindparam("until"), _IN_STATE)


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
    if not await _released(tx, delivery_id, owner, lapsed):
        return False
    values: dict[str, Any] = {"state": state.value, "reason": reason}
    if state is not DeliveryState.PENDING:
        values |= {"done_at": now, "message_id": message_id}
    if state in (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.FAILED):
        values["telegram_id"] = None
    await rows.change(tx, delivery, {"id": delivery_id}, values)
    if state is DeliveryState.PENDING:
        await deliveries.put_back(tx, [delivery_id], retry_at=retry_at)
    return True


async def _released(tx: Tx, delivery_id: int, owner: str, lapsed: Lapsed | None) -> bool:
    mine: dict[str, Any] = {"row_id": delivery_id, "holder": owner}
    if lapsed is None:
        return bool(await tx.run(_RELEASE, **mine))
    stands = "pending" if lapsed.state is DeliveryState.LEASED else lapsed.state.value
    return bool(await tx.run(_RELEASE_AS_FOUND, **mine, until=lapsed.lease_until, stands=stands))


@cache
def _lapsed(dialect: str) -> Select[Any]:
    held = delivery_lease.c
    dead = and_(held.owner != bindparam("me"), gone(dialect, held.owner, for_=MOURNED))
    both = select(*_COLUMNS, delivery.c.state, held.owner, held.lease_until)
    both = both.join_from(delivery_lease, delivery, delivery.c.id == held.delivery_id)
    return both.where(or_(held.lease_until < bindparam("now"), dead)).limit(LOT)


async def lapsed(tx: Tx, now: datetime, *, me: str) -> list[tuple[Delivery, Lapsed]]:
    """Rows whose lease ran out or whose holder is dead, and how they were found."""
    found = await tx.tuples(_lapsed(tx.dialect), now=now, me=me)
    return [(Delivery._make(row), Lapsed(_left(state), owner, until)) for *row, state, owner, until in found]


def _left(state: str) -> DeliveryState:
    """What the column says of a row in hand, told apart."""
    return DeliveryState.LEASED if state == "pending" else DeliveryState(state)
