"""Everything unprompted, one row each under a unique key, and what became of it.

pending ─► leased ─► sending ─► sent | failed | unknown | cancelled        (storage/dispatch.py moves it)

    state            pending     pending     sending     the others
    stands in        due         lease       lease       neither

The column knows no `leased`: taking a row in hand moves it from one narrow table to the other, and back. So whoever
moves or stops a row deletes it from the one in which it stands. On PostgreSQL that is where two meet: of those who do
so at once the later begins anew. They go about it in one order, the narrow tables first, so neither waits for ever.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Insert, Integer, bindparam, delete, func, insert, select, tuple_, update

from lessons.enrolment import EnrolmentId, LearnerId
from scheduler.delivery import DeliveryKind, Lane, lane_of
from storage import rows
from storage.columns import Instant
from storage.schema import delivery, delivery_due, delivery_lease
from storage.store import Tx

LEASE = timedelta(seconds=60)
OPEN = ("pending", "sending")
PAGE = 500  # rows of one INSERT
_ABOUT_ASKINGS = ("lesson", "review", "refresher", "reminder", "pause")


class Delivery(NamedTuple):
    """A row as the outbox takes it in hand."""

    id: int
    key: str
    kind: DeliveryKind
    learner_id: LearnerId | None
    telegram_id: int | None
    enrolment_id: EnrolmentId | None
    meaning: Mapping[str, Any]  # rows with the same words share it
    due_at: datetime
    tries: int


def _row(
    kind: DeliveryKind, key: str, meaning: Mapping[str, Any], due_at: datetime, to: dict[str, Any]
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind.value,
        "lane": int(lane_of(kind)),
        "meaning": meaning,
        "due_at": due_at,
    } | to


_WAITING = (delivery.c.lane, delivery.c.due_at, delivery.c.id)
_WAIT = insert(delivery_due).values({column.name: bindparam(column.name) for column in delivery_due.c})


def _waits(which: ColumnElement[bool]) -> Insert:
    waiting = select(*_WAITING, bindparam("again_at", type_=Instant)).where(which)
    return insert(delivery_due).from_select(["lane", "at", "delivery_id", "retry_at"], waiting)


_THERE = select(delivery.c.key).where(delivery.c.key.in_(bindparam("keys", expanding=True)))
_ALL_WAIT = _waits(delivery.c.key.in_(bindparam("keys", expanding=True)))
_WAIT_AGAIN = _waits(delivery.c.id.in_(bindparam("ids", expanding=True)))


async def add(tx: Tx, kind: DeliveryKind, key: str, *, meaning: Mapping[str, Any], due_at: datetime, **to: Any) -> bool:
    """Owe a delivery (`learner_id=`, `enrolment_id=` or `telegram_id=`); False when the key exists already."""
    row = _row(kind, key, meaning, due_at, to) | {"state": "pending"}
    adding = rows.adding_unless_there(tx.dialect, delivery, tuple(row), *_WAITING)
    added = await tx.first(adding, **row)
    if added is not None:
        await tx.run(_WAIT, lane=added.lane, at=added.due_at, delivery_id=added.id, retry_at=None)
    return added is not None


async def add_many(
    tx: Tx,
    kind: DeliveryKind,
    owed: Sequence[tuple[str, LearnerId, datetime]],
    meaning: dict[str, Any],
    *,
    broadcast_id: int | None = None,
) -> None:
    """One delivery each: (key, learner, due_at). A key that exists already is left as it is."""
    also = {} if broadcast_id is None else {"broadcast_id": broadcast_id}
    values = [_row(kind, key, meaning, due_at, {"learner_id": who} | also) for key, who, due_at in owed]
    for start in range(0, len(values), PAGE):
        page = values[start : start + PAGE]
        there = {key for (key,) in await tx.tuples(_THERE, keys=[row["key"] for row in page])}
        new = [row | {"state": "pending"} for row in page if row["key"] not in there]
        if new:
            await tx.run(rows.adding_unless_there(tx.dialect, delivery, tuple(new[0])), new)  # a key may be named twice
            await tx.run(_ALL_WAIT, keys=[row["key"] for row in new], again_at=None)


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
    row |= {"state": "sending", "tries": 1}
    number = await rows.add(tx, delivery, row)
    await rows.add(tx, delivery_lease, {"delivery_id": number, "owner": owner, "lease_until": now + LEASE})
    return number


async def put_back(tx: Tx, ids: Sequence[int], *, retry_at: datetime | None) -> None:
    """Rows that are `pending` and in nobody's hand wait again, from that instant of the machine's clock on."""
    if ids:
        await tx.run(_WAIT_AGAIN, ids=ids, again_at=retry_at)


_STOPPABLE = (
    select(delivery.c.id)
    .where(delivery.c.enrolment_id == bindparam("enrolment_id"), delivery.c.state == "pending")
    .where(delivery.c.kind.in_(_ABOUT_ASKINGS))
)
_WAIT_NO_MORE = delete(delivery_due).where(
    tuple_(delivery_due.c.lane, delivery_due.c.at, delivery_due.c.delivery_id).in_(
        select(*_WAITING).where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    )
)
_OUT_OF_HAND = delete(delivery_lease).where(delivery_lease.c.delivery_id.in_(bindparam("ids", expanding=True)))
_STOP = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="cancelled", done_at=bindparam("now"), reason=bindparam("why"))
)
_LEAVING = select(delivery.c.meaning).where(
    delivery.c.enrolment_id == bindparam("enrolment_id"), delivery.c.state == "sending"
)


async def cancel(tx: Tx, enrolment_id: EnrolmentId, *, now: datetime) -> int:
    """No question and no nudge goes out any more for this enrolment unless it is on its way already."""
    pending = [number for (number,) in await tx.tuples(_STOPPABLE, enrolment_id=enrolment_id)]
    await stop(tx, pending, now=now, reason="cancelled")
    return len(pending)


async def stop(tx: Tx, pending: Sequence[int], *, now: datetime, reason: str) -> None:
    """These rows, which are `pending`, are sent no more: whoever has one in hand has lost it."""
    if pending:
        await wait_no_more(tx, pending)
        await tx.run(_OUT_OF_HAND, ids=pending)
        await tx.run(_STOP, ids=pending, now=now, why=reason)


async def wait_no_more(tx: Tx, ids: Sequence[int]) -> None:
    """These rows have just left `pending`."""
    if ids:
        await tx.run(_WAIT_NO_MORE, ids=ids)


async def leaving(tx: Tx, enrolment_id: EnrolmentId) -> set[int]:
    """Askings of an enrolment whose message is in the air at this moment."""
    mine = await tx.all(_LEAVING, enrolment_id=enrolment_id)
    return {row.meaning["asking"] for row in mine if "asking" in row.meaning}


_FIRST = select(func.min(delivery_due.c.at)).where(delivery_due.c.lane == bindparam("lane", type_=Integer))


async def next_due(tx: Tx) -> datetime | None:
    """The earliest instant at which a pending delivery is due."""
    firsts = [await tx.value(_FIRST, lane=int(lane)) for lane in Lane]
    return min((at for at in firsts if at is not None), default=None)


_DUE = (
    select(func.count())
    .select_from(delivery_due)
    .where(delivery_due.c.lane.in_([int(lane) for lane in Lane]), delivery_due.c.at <= bindparam("people_now"))
)
_HELD = select(func.count()).select_from(delivery_lease)


async def busy(tx: Tx, people_now: datetime) -> int:
    """How many rows are due or in hand."""
    due = await tx.value(_DUE, people_now=people_now)
    return (due or 0) + (await tx.value(_HELD) or 0)


_COUNT_OF = select(func.count()).where(
    delivery.c.enrolment_id == bindparam("enrolment_id"), delivery.c.key.like(bindparam("pattern"), escape="/")
)
_COUNTS = (
    select(delivery.c.state, func.count().label("n"))
    .where(delivery.c.broadcast_id == bindparam("broadcast_id"))
    .group_by(delivery.c.state)
)


async def count_of(tx: Tx, enrolment_id: EnrolmentId, key_prefix: str) -> int:
    """How many deliveries of an enrolment have a key that starts so."""
    literally = re.sub("[%_/]", r"/\g<0>", key_prefix)
    return await tx.value(_COUNT_OF, enrolment_id=enrolment_id, pattern=f"{literally}%") or 0


async def counts(tx: Tx, broadcast_id: int) -> dict[str, int]:
    """State → how many, of the deliveries of a broadcast."""
    return {row.state: row.n for row in await tx.all(_COUNTS, broadcast_id=broadcast_id)}
