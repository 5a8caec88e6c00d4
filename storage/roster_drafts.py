"""A roster that was read and waits for a yes. Its rows are emptied when it is settled, and after a week."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from storage import rows
from storage.desk_schema import roster_draft
from storage.store import Tx

KEEP = timedelta(days=7)


class Draft(NamedTuple):
    """A file as it was read; `sheet` is None once it is settled, `cohort_id` until one was named."""

    id: int
    author_id: int
    cohort_id: int | None
    sheet: dict[str, Any] | None
    state: str


_BY_ID = select(*(roster_draft.c[name] for name in Draft._fields)).where(roster_draft.c.id == bindparam("wanted"))
_OPEN = roster_draft.c.state == "draft"
_AIM = update(roster_draft).where(roster_draft.c.id == bindparam("which"), _OPEN).values(cohort_id=bindparam("cohort"))
_SETTLE = (
    update(roster_draft)
    .where(roster_draft.c.id == bindparam("which"), _OPEN)
    .values(state=bindparam("becomes"), sheet=None)
)
_DROP = update(roster_draft).where(_OPEN).values(state="dropped", sheet=None)
_DROP_OF = _DROP.where(roster_draft.c.author_id == bindparam("author"))
_DROP_OLD = _DROP.where(roster_draft.c.created_at < bindparam("before"))


async def put(tx: Tx, author_id: int, cohort_id: int | None, sheet: dict[str, Any], *, now: datetime) -> int:
    """A new draft in the place of the author's earlier one; its id."""
    await tx.run(_DROP_OF, author=author_id)
    values = {"author_id": author_id, "cohort_id": cohort_id, "sheet": sheet, "state": "draft", "created_at": now}
    return await rows.add(tx, roster_draft, values)


async def get(tx: Tx, draft_id: int) -> Draft | None:
    """The draft of that id."""
    row = await tx.first(_BY_ID, wanted=draft_id)
    return None if row is None else Draft(*row)


async def aim(tx: Tx, draft_id: int, cohort_id: int) -> bool:
    """It is for this cohort; False when it is settled."""
    return bool(await tx.run(_AIM, which=draft_id, cohort=cohort_id))


async def settle(tx: Tx, draft_id: int, *, imported: bool) -> bool:
    """Imported or thrown away, and its rows are gone; False when it was settled before."""
    return bool(await tx.run(_SETTLE, which=draft_id, becomes="imported" if imported else "dropped"))


async def drop_all(tx: Tx) -> None:
    """None may keep words about somebody who is forgotten."""
    await tx.run(_DROP)


async def tidy(tx: Tx, *, now: datetime) -> None:
    """Nobody said yes for a week."""
    await tx.run(_DROP_OLD, before=now - KEEP)
