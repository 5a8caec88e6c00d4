"""A coordinator's words to a cohort: drafted, previewed, confirmed once, reported."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from lessons.enrolment import CohortId
from storage import rows
from storage.schema import broadcast
from storage.store import Tx


class Broadcast(NamedTuple):
    """Words for a cohort."""

    id: int
    author_id: int
    cohort_id: CohortId
    words: str
    state: str


_COLUMNS = [broadcast.c[name] for name in Broadcast._fields]
_GET = select(*_COLUMNS).where(broadcast.c.id == bindparam("broadcast_id"))
_UNDER_WAY = select(*_COLUMNS).where(broadcast.c.state == "confirmed")


async def draft(tx: Tx, *, author_id: int, cohort_id: CohortId, words: str, now: datetime) -> int:
    """A draft; returns its id."""
    values = {
        "author_id": author_id,
        "cohort_id": cohort_id,
        "words": words,
        "state": "draft",
        "created_at": now,
    }
    return await rows.add(tx, broadcast, values)


async def get(tx: Tx, broadcast_id: int) -> Broadcast | None:
    """The broadcast of that id."""
    row = await tx.first(_GET, broadcast_id=broadcast_id)
    return None if row is None else Broadcast(*row)


async def aim(tx: Tx, broadcast_id: int, cohort_id: CohortId) -> None:
    """Choose the cohort of a draft."""
    await rows.change(tx, broadcast, {"id": broadcast_id, "state": "draft"}, {"cohort_id": cohort_id})


async def move(tx: Tx, broadcast_id: int, *, state: str, after: str = "draft", now: datetime | None = None) -> bool:
    """From one state to the next; False when it was not in that state (a second tap)."""
    still = {"id": broadcast_id, "state": after}
    return bool(await rows.change(tx, broadcast, still, {"state": state, "confirmed_at": now}))


async def under_way(tx: Tx) -> list[Broadcast]:
    """Confirmed broadcasts whose report is still owed."""
    return [Broadcast(*row) for row in await tx.all(_UNDER_WAY)]
