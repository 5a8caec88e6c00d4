"""A coordinator's words to a cohort: drafted, previewed, confirmed once, perhaps approved by another, reported.

draft ─► (asked ─► refused) ─► confirmed ⇄ paused ─► reported
  └──────────┴─────────────────────┴─────────┴─► cancelled
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update

from lessons.enrolment import CohortId, LearnerId
from storage import deliveries, rows
from storage.columns import Instant
from storage.schema import broadcast, delivery, enrolment
from storage.store import Tx

HELD = "paused"  # the reason of deliveries that wait for a broadcast to go on
RECENT = 50  # broadcasts among which an answer is looked for


class Broadcast(NamedTuple):
    """Words for a cohort."""

    id: int
    author_id: int
    cohort_id: CohortId
    title: str
    words: str
    media: Mapping[str, Any] | None
    audience: Mapping[str, Any]
    hour: time | None
    state: str
    confirmed_at: datetime | None
    leaves_at: datetime | None
    decided_by: int | None
    reason: str | None
    message_id: int | None


_COLUMNS = [broadcast.c[name] for name in Broadcast._fields]
_GET = select(*_COLUMNS).where(broadcast.c.id == bindparam("broadcast_id"))
_UNDER_WAY = select(*_COLUMNS).where(broadcast.c.state == "confirmed")


async def draft(
    tx: Tx,
    *,
    author_id: int,
    cohort_id: CohortId,
    words: str,
    title: str = "",
    media: Mapping[str, Any] | None = None,
    now: datetime,
) -> int:
    """A draft to everybody, at once; returns its id."""
    values = {
        "author_id": author_id,
        "cohort_id": cohort_id,
        "title": title or words[:60],
        "words": words,
        "media": media,
        "audience": {},
        "state": "draft",
        "created_at": now,
    }
    return await rows.add(tx, broadcast, values)


async def get(tx: Tx, broadcast_id: int) -> Broadcast | None:
    """The broadcast of that id."""
    row = await tx.first(_GET, broadcast_id=broadcast_id)
    return None if row is None else Broadcast(*row)


async def change(tx: Tx, broadcast_id: int, **values: Any) -> bool:
    """Other terms of a draft: `cohort_id`, `audience`, `hour`; False when it is one no more."""
    return bool(await rows.change(tx, broadcast, {"id": broadcast_id, "state": "draft"}, values))


async def move(tx: Tx, broadcast_id: int, *, state: str, after: str = "draft", **also: Any) -> bool:
    """From one state to the next; False when it was not in that state (a second tap)."""
    return bool(await rows.change(tx, broadcast, {"id": broadcast_id, "state": after}, {"state": state} | also))


async def show_in(tx: Tx, broadcast_id: int, message_id: int) -> None:
    """The message of the author's chat that shows how far it is."""
    await rows.change(tx, broadcast, {"id": broadcast_id}, {"message_id": message_id})


async def under_way(tx: Tx) -> list[Broadcast]:
    """Confirmed broadcasts whose report is still owed."""
    return [Broadcast(*row) for row in await tx.all(_UNDER_WAY)]


_REASONS = (
    select(delivery.c.state, delivery.c.reason, func.count().label("n"))
    .where(delivery.c.broadcast_id == bindparam("broadcast_id"))
    .group_by(delivery.c.state, delivery.c.reason)
)


async def reasons(tx: Tx, broadcast_id: int) -> dict[tuple[str, str | None], int]:
    """(state, reason) → how many, of its deliveries."""
    return {(row.state, row.reason): row.n for row in await tx.all(_REASONS, broadcast_id=broadcast_id)}


_PENDING = select(delivery.c.id).where(
    delivery.c.broadcast_id == bindparam("broadcast_id"), delivery.c.state == "pending"
)


async def stop(tx: Tx, broadcast_id: int, *, reason: str, now: datetime) -> int:
    """Nothing more of it leaves; how many had not. Those in the air at this moment go on."""
    waiting = [number for (number,) in await tx.tuples(_PENDING, broadcast_id=broadcast_id)]
    for start in range(0, len(waiting), deliveries.PAGE):
        await deliveries.stop(tx, waiting[start : start + deliveries.PAGE], now=now, reason=reason)
    return len(waiting)


_WAIT_FOR_IT = select(delivery.c.id, delivery.c.learner_id, delivery.c.due_at).where(
    delivery.c.broadcast_id == bindparam("broadcast_id"),
    delivery.c.state == "cancelled",
    delivery.c.reason == bindparam("why"),
)
_AGAIN = (
    update(delivery)
    .where(delivery.c.id == bindparam("row_id"))
    .values(state="pending", reason=None, done_at=None, due_at=bindparam("at", type_=Instant))
)


async def held(tx: Tx, broadcast_id: int) -> list[tuple[int, LearnerId, datetime]]:
    """(delivery, learner, when it was due) of those that wait for it to go on."""
    found = await tx.tuples(_WAIT_FOR_IT, broadcast_id=broadcast_id, why=HELD)
    return [(number, LearnerId(learner), due_at) for number, learner, due_at in found]


async def go_on(tx: Tx, due: Mapping[int, datetime]) -> None:
    """Deliveries that were held wait to be sent again, each from its instant on."""
    numbers = list(due)
    if not numbers:
        return
    await tx.run(_AGAIN, [{"row_id": number, "at": at} for number, at in due.items()])
    for start in range(0, len(numbers), deliveries.PAGE):
        await deliveries.put_back(tx, numbers[start : start + deliveries.PAGE], retry_at=None)


_OF_HERS = (
    select(broadcast.c.id)
    .where(
        broadcast.c.state.in_(("confirmed", "paused", "reported", "cancelled")),
        broadcast.c.cohort_id.in_(
            select(enrolment.c.cohort_id).where(enrolment.c.learner_id == bindparam("learner_id"))
        ),
    )
    .order_by(broadcast.c.id.desc())
    .limit(RECENT)
)
_ARRIVED_AS = select(delivery.c.broadcast_id).where(
    delivery.c.key.in_(bindparam("keys", expanding=True)), delivery.c.message_id == bindparam("message_id")
)


async def recent(tx: Tx, learner_id: LearnerId) -> list[int]:
    """The newest broadcasts to cohorts of hers."""
    return [number for (number,) in await tx.tuples(_OF_HERS, learner_id=learner_id)]


async def arrived_as(tx: Tx, keys: list[str], message_id: int) -> int | None:
    """The broadcast whose delivery, one of these keys, has that message id."""
    found: int | None = await tx.value(_ARRIVED_AS, keys=keys, message_id=message_id)
    return found
