"""Deliveries of which nobody knows whether they arrived: listed, sent again, left alone, or healed by a tap.

unknown ─► pending (sent again) | unknown with the reason "left" (looked at) | sent (a tap proves it)
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from lessons.enrolment import LearnerId
from scheduler.delivery import DeliveryKind, DeliveryState
from storage.deliveries import put_back
from storage.schema import UNKNOWN, delivery, enrolment, person
from storage.store import Tx

LEFT = "left"  # the reason of a row that a coordinator has looked at and left alone
IN_DOUBT = and_(  # nobody has looked at it, and there is still somebody to send it to
    UNKNOWN,
    or_(delivery.c.reason.is_(None), delivery.c.reason != LEFT),
    or_(delivery.c.telegram_id.is_not(None), delivery.c.learner_id.in_(select(person.c.learner_id))),
)


class Unknown(NamedTuple):
    """A delivery in doubt. `due_at` is people's clock, `done_at` (when it came to be in doubt) the machine's."""

    id: int
    key: str
    kind: DeliveryKind
    learner_id: LearnerId | None
    telegram_id: int | None
    meaning: dict[str, Any]
    due_at: datetime
    done_at: datetime


_COLUMNS = [delivery.c[name] for name in Unknown._fields]
_HERS = delivery.c.enrolment_id.in_(select(enrolment.c.id).where(enrolment.c.learner_id == bindparam("learner_id")))
_UNKNOWN_OF = select(delivery.c.id, delivery.c.kind, delivery.c.meaning).where(_HERS, UNKNOWN)
_KNOWN_OF = select(delivery.c.id).where(
    _HERS, delivery.c.state == DeliveryState.SENT.value, delivery.c.message_id == bindparam("message_id")
)


async def in_doubt(tx: Tx, kind: DeliveryKind | None = None, *, seen_at: datetime | None = None) -> list[Unknown]:
    """What nobody has looked at, the newest first: all, or of one kind and in doubt by that instant already."""
    wanted = select(*_COLUMNS).where(IN_DOUBT)
    if kind is not None:
        wanted = wanted.where(delivery.c.kind == kind.value)
    if seen_at is not None:
        wanted = wanted.where(delivery.c.done_at <= seen_at)
    rows = await tx.all(wanted.order_by(delivery.c.done_at.desc(), delivery.c.id.desc()))
    return [Unknown(*row)._replace(kind=DeliveryKind(row.kind)) for row in rows]


async def waits(tx: Tx, key: str) -> bool:
    """Whether the delivery of that key has still to go out."""
    state: str | None = await tx.value(select(delivery.c.state).where(delivery.c.key == key))
    return state == DeliveryState.PENDING.value


async def count(tx: Tx) -> int:
    """How many deliveries nobody has looked at."""
    return await tx.value(select(func.count()).select_from(delivery).where(IN_DOUBT)) or 0


async def send_again(tx: Tx, row: Unknown, *, due_at: datetime) -> bool:
    """One more try, due at that instant of people's clock; False when it is in doubt no longer."""
    fresh = {"state": "pending", "done_at": None, "message_id": None, "reason": None}
    values = fresh | {"due_at": due_at, "meaning": row.meaning | {"again": True}}
    if not await tx.run(update(delivery).where(_same(row)).values(values)):
        return False
    await put_back(tx, [row.id], retry_at=None)
    return True


async def leave(tx: Tx, row: Unknown) -> bool:
    """Looked at and left alone; False when it is in doubt no longer. The words of a reply are kept no longer."""
    values: dict[str, Any] = {"reason": LEFT, "telegram_id": None}
    if row.kind is DeliveryKind.REPLY:
        values["meaning"] = {}
    return bool(await tx.run(update(delivery).where(_same(row)).values(values)))


def _same(row: Unknown) -> ColumnElement[bool]:
    """That row, still in the same doubt: not sent again and in doubt anew."""
    return and_(delivery.c.id == row.id, delivery.c.done_at == row.done_at, IN_DOUBT)


async def arrived(
    tx: Tx,
    learner_id: LearnerId,
    kinds: Collection[DeliveryKind],
    about: Mapping[str, Any],
    *,
    message_id: int,
    now: datetime,
) -> int | None:
    """A button of one of these kinds was tapped: the unknown row that it proves, now `sent`; None where there is none.

    `about` is what the row's meaning must say (`asking`, `kind`): of several the newest is taken. Without it the row
    must be the only one. A message whose own row is known already proves nothing about another. `now`: machine's clock.
    """
    found = await tx.all(_UNKNOWN_OF, learner_id=learner_id)
    fitting = [row.id for row in found if row.kind in kinds and about.items() <= row.meaning.items()]
    if not fitting or (len(fitting) > 1 and not about):
        return None
    if await tx.first(_KNOWN_OF, learner_id=learner_id, message_id=message_id) is not None:
        return None
    values = {"state": "sent", "reason": None, "message_id": message_id, "done_at": now}
    await tx.run(update(delivery).where(delivery.c.id == max(fitting)).values(values))
    return int(max(fitting))
