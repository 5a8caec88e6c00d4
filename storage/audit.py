"""The trail of every change that the desk makes: append-only, in ids, without names or words of people."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_, select

from storage import rows
from storage.desk_schema import audit
from storage.store import Tx


class Entry(NamedTuple):
    """Who (None: the command line) did what, when, to which cohort, and further ids and figures."""

    id: int
    at: datetime
    actor_id: int | None
    what: str
    cohort_id: int | None
    about: dict[str, Any]


_PAGE = (
    select(*(audit.c[name] for name in Entry._fields))
    .where(audit.c.id < bindparam("before"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)
_OF_COHORTS = _PAGE.where(or_(audit.c.cohort_id.is_(None), audit.c.cohort_id.in_(bindparam("cohorts", expanding=True))))
FIRST_PAGE = 2**62


async def note(
    tx: Tx, what: str, *, actor_id: int | None, now: datetime, cohort_id: int | None = None, **about: Any
) -> None:
    """Write it down, in the change that does it. `what` as `cohort.opened`; `about` holds ids and figures only."""
    values = {"at": now, "actor_id": actor_id, "what": what, "cohort_id": cohort_id, "about": about}
    await rows.add(tx, audit, values)


async def page(tx: Tx, *, cohorts: frozenset[int] | None, before: int = FIRST_PAGE, most: int = 10) -> list[Entry]:
    """The newest entries below that id; `cohorts` limits them to these and to what concerns no cohort (None: all)."""
    if cohorts is None:
        found = await tx.all(_PAGE, before=before, most=most)
    else:
        found = await tx.all(_OF_COHORTS, before=before, most=most, cohorts=sorted(cohorts) or [0])
    return [Entry(*row) for row in found]
