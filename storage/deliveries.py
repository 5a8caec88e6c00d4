"""Everything unprompted, one row each under a unique key, and what became of it.

pending ─► leased ─► sending ─► sent | failed | unknown | cancelled
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, func, insert, or_, select, update

from lessons.enrolment import EnrolmentId, LearnerId
from scheduler.delivery import DeliveryKind, DeliveryState, lane_of
from storage.conflict import insert_unless_there
from storage.schema import delivery
from storage.store import Tx

LEASE = timedelta(seconds=60)
OPEN = ("pending", "leased", "sending")
_ABOUT_ASKINGS = ("lesson", "review", "refresher", "reminder", "pause")


class Delivery(NamedTuple):
    """A row as the outbox takes it in hand."""

    id: int
    key: str
    kind: DeliveryKind
    learner_id: LearnerId | None
    telegram_id: int | None
    enrolment_id: EnrolmentId | None
    meaning: dict[str, Any]
    due_at: datetime
    tries: int


_COLUMNS = [delivery.c[name] for name in Delivery._fields]


def _value(row: Any) -> Delivery:
    fields = {name: getattr(row, name) for name in Delivery._fields}
    return Delivery(**fields | {"kind": DeliveryKind(row.kind)})


def _row(kind: DeliveryKind, key: str, meaning: dict[str, Any], due_at: datetime, to: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind.value,
        "lane": int(lane_of(kind)),
        "meaning": meaning,
        "due_at": due_at,
    } | to


async def add(tx: Tx, kind: DeliveryKind, key: str, *, meaning: dict[str, Any], due_at: datetime, **to: Any) -> bool:
    """Owe a delivery (`learner_id=`, `enrolment_id=` or `telegram_id=`); False when the key exists already."""
    row = _row(kind, key, meaning, due_at, to) | {"state": "pending"}
    return bool(await tx.run(insert_unless_there(tx, delivery, row)))


async def add_in_hand(
    tx: Tx,
    key: str,
    *,
    telegram_id: int,
    meaning: dict[str, Any],
    owner: str,
    due_at: datetime,
    now: datetime,
) -> int:
    """A reply that goes out at once: born in `sending`, so that a crash leaves a trace and not a riddle."""
    row = _row(DeliveryKind.REPLY, key, meaning, due_at, {"telegram_id": telegram_id})
    row |= {"state": "sending", "owner": owner, "lease_until": now + LEASE, "tries": 1}
    return await tx.insert(insert(delivery).values(row))


_READY = (
    select(delivery.c.id)
    .where(delivery.c.state == "pending", delivery.c.due_at <= bindparam("people_now"))
    .where(or_(delivery.c.retry_at.is_(None), delivery.c.retry_at <= bindparam("now")))
    .order_by(delivery.c.lane, delivery.c.due_at, delivery.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(delivery)
    .where(delivery.c.id.in_(_READY))
    .values(state="leased", owner=bindparam("holder"), lease_until=bindparam("lease"))
    .returning(*_COLUMNS, delivery.c.lane)
)


async def claim(tx: Tx, *, people_now: datetime, now: datetime, owner: str, limit: int) -> list[Delivery]:
    """Lease what is due, the highest lane first."""
    rows = await tx.all(_CLAIM, people_now=people_now, now=now, holder=owner, lease=now + LEASE, most=limit)
    return [_value(row) for row in sorted(rows, key=lambda row: (row.lane, row.due_at, row.id))]


async def sending(tx: Tx, delivery_id: int, *, owner: str, now: datetime) -> bool:
    """Commit just before the call; False when the row is no longer ours to send."""
    mine = (delivery.c.id == delivery_id) & (delivery.c.owner == owner) & (delivery.c.state == "leased")
    values = {"state": "sending", "lease_until": now + LEASE, "tries": delivery.c.tries + 1}
    return bool(await tx.run(update(delivery).where(mine).values(values)))


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
) -> bool:
    """What became of it; False when another holds the row now (its lease had lapsed)."""
    values: dict[str, Any] = {"state": state.value, "reason": reason, "owner": None, "lease_until": None}
    if state is DeliveryState.PENDING:
        values["retry_at"] = retry_at
    else:
        values |= {"done_at": now, "message_id": message_id}
    if state in (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.FAILED):
        values["telegram_id"] = None
    mine = (delivery.c.id == delivery_id) & (delivery.c.owner == owner)
    settled = bool(await tx.run(update(delivery).where(mine).values(values)))
    if settled and state is DeliveryState.SENT:  # a reply's words are not kept once they were shown
        emptied = update(delivery).where(delivery.c.id == delivery_id, delivery.c.kind == DeliveryKind.REPLY.value)
        await tx.run(emptied.values(meaning={}))
    return settled


_LAPSED = (
    select(*_COLUMNS, delivery.c.state, delivery.c.owner)
    .where(delivery.c.state.in_(("leased", "sending")), delivery.c.lease_until < bindparam("now"))
    .limit(100)
)


async def lapsed(tx: Tx, now: datetime) -> list[tuple[Delivery, DeliveryState, str]]:
    """Rows whose lease ran out: (row, the state it was left in, its owner)."""
    rows = await tx.all(_LAPSED, now=now)
    return [(_value(row), DeliveryState(row.state), row.owner) for row in rows]


async def cancel(tx: Tx, enrolment_id: EnrolmentId, *, now: datetime) -> int:
    """No question and no nudge goes out any more for this enrolment unless it is on its way already."""
    waiting = (delivery.c.enrolment_id == enrolment_id) & delivery.c.state.in_(("pending", "leased"))
    waiting &= delivery.c.kind.in_(_ABOUT_ASKINGS)
    return await tx.run(update(delivery).where(waiting).values(state="cancelled", done_at=now, reason="cancelled"))


async def leaving(tx: Tx, enrolment_id: EnrolmentId) -> set[int]:
    """Askings of an enrolment whose message is in the air at this moment."""
    mine = select(delivery.c.meaning).where(delivery.c.enrolment_id == enrolment_id, delivery.c.state == "sending")
    return {row.meaning["asking"] for row in await tx.all(mine) if "asking" in row.meaning}


async def next_due(tx: Tx) -> datetime | None:
    """The earliest instant at which a pending delivery is due."""
    at: datetime | None = await tx.value(select(func.min(delivery.c.due_at)).where(delivery.c.state == "pending"))
    return at


async def busy(tx: Tx, people_now: datetime) -> int:
    """How many rows are due or in hand."""
    due_now = (delivery.c.state == "pending") & (delivery.c.due_at <= people_now)
    held = delivery.c.state.in_(("leased", "sending"))
    return await tx.value(select(func.count()).where(or_(due_now, held))) or 0


async def count_of(tx: Tx, enrolment_id: EnrolmentId, key_prefix: str) -> int:
    """How many deliveries of an enrolment have a key that starts so."""
    mine = (delivery.c.enrolment_id == enrolment_id) & delivery.c.key.startswith(key_prefix, autoescape=True)
    return await tx.value(select(func.count()).where(mine)) or 0


async def counts(tx: Tx, key_prefix: str) -> dict[str, int]:
    """State → how many, of the deliveries whose key starts so."""
    mine = delivery.c.key.startswith(key_prefix, autoescape=True)
    rows = await tx.all(select(delivery.c.state, func.count().label("n")).where(mine).group_by(delivery.c.state))
    return {row.state: row.n for row in rows}


async def add_many(
    tx: Tx, kind: DeliveryKind, rows: Sequence[tuple[str, LearnerId, datetime]], meaning: dict[str, Any]
) -> None:
    """One delivery each: (key, learner, due_at)."""
    values = [_row(kind, key, meaning, due_at, {"learner_id": who}) | {"state": "pending"} for key, who, due_at in rows]
    for start in range(0, len(values), 500):
        await tx.run(insert_unless_there(tx, delivery, values[start : start + 500]))
