"""Everything unprompted, one row each under a unique key, and what became of it.

pending ─► leased ─► sending ─► sent | failed | unknown | cancelled        (storage/dispatch.py moves it)

A pending row stands in `delivery_due` too, and only a pending one.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Integer, bindparam, delete, func, insert, literal_column, null, select, update

from lessons.enrolment import EnrolmentId, LearnerId
from scheduler.delivery import DeliveryKind, Lane, lane_of
from storage import rows
from storage.schema import IN_HAND, delivery, delivery_due
from storage.store import Tx

LEASE = timedelta(seconds=60)
OPEN = ("pending", "leased", "sending")
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
    meaning: dict[str, Any]
    due_at: datetime
    tries: int


def _row(kind: DeliveryKind, key: str, meaning: dict[str, Any], due_at: datetime, to: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind.value,
        "lane": int(lane_of(kind)),
        "meaning": meaning,
        "due_at": due_at,
    } | to


_WAITING = (delivery.c.lane, delivery.c.due_at, delivery.c.id)
_WAIT = insert(delivery_due).values({column.name: bindparam(column.name) for column in delivery_due.c})


async def add(tx: Tx, kind: DeliveryKind, key: str, *, meaning: dict[str, Any], due_at: datetime, **to: Any) -> bool:
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
    """One delivery each: (key, learner, due_at)."""
    also = {} if broadcast_id is None else {"broadcast_id": broadcast_id}
    values = [_row(kind, key, meaning, due_at, {"learner_id": who} | also) for key, who, due_at in owed]
    for start in range(0, len(values), PAGE):
        page = [row | {"state": "pending"} for row in values[start : start + PAGE]]
        await tx.run(rows.adding_unless_there(tx.dialect, delivery, tuple(page[0])), page)
        await tx.run(_all_wait(tx.dialect), keys=[row["key"] for row in page])


@cache
def _all_wait(dialect: str) -> Executable:
    """Of rows that are pending, those that do not wait yet."""
    pending = select(*_WAITING, null()).where(delivery.c.key.in_(bindparam("keys", expanding=True)))
    pending = pending.where(delivery.c.state == literal_column("'pending'"))
    waiting = rows.inserting(dialect, delivery_due).from_select(["lane", "at", "delivery_id", "retry_at"], pending)
    return waiting.on_conflict_do_nothing()


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
    return await rows.add(tx, delivery, row)


_AGAIN = select(*_WAITING).where(delivery.c.id == bindparam("delivery_id"))


async def put_back(tx: Tx, delivery_id: int, *, retry_at: datetime | None) -> None:
    """A row whose state has just become `pending` waits again, from that instant of the machine's clock on."""
    row = await tx.first(_AGAIN, delivery_id=delivery_id)
    if row is not None:
        waiting = {"lane": row.lane, "at": row.due_at, "delivery_id": row.id, "retry_at": retry_at}
        await rows.add_unless_there(tx, delivery_due, waiting)


_CANCEL = (
    update(delivery)
    .where(delivery.c.enrolment_id == bindparam("whose"), delivery.c.state.in_(("pending", "leased")))
    .where(delivery.c.kind.in_(_ABOUT_ASKINGS))
    .values(state="cancelled", done_at=bindparam("now"), reason="cancelled")
    .returning(delivery.c.id)
)
_WAIT_NO_MORE = delete(delivery_due).where(delivery_due.c.delivery_id.in_(bindparam("ids", expanding=True)))
_LEAVING = select(delivery.c.meaning).where(
    delivery.c.enrolment_id == bindparam("enrolment_id"), delivery.c.state == "sending"
)


async def cancel(tx: Tx, enrolment_id: EnrolmentId, *, now: datetime) -> int:
    """No question and no nudge goes out any more for this enrolment unless it is on its way already."""
    stopped = await tx.all(_CANCEL, whose=enrolment_id, now=now)
    await wait_no_more(tx, [row.id for row in stopped])
    return len(stopped)


async def wait_no_more(tx: Tx, ids: Sequence[int]) -> None:
    """These rows have just left `pending`."""
    if ids:
        await tx.run(_WAIT_NO_MORE, ids=list(ids))


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
_HELD = select(func.count()).select_from(delivery).where(IN_HAND)


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
