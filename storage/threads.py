"""Answers of learners to what an academy wrote, and what colleagues say to them. The words go in time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, delete, func, select

from lessons.enrolment import CohortId, LearnerId
from storage import rows
from storage.desk_schema import thread, thread_line
from storage.schema import broadcast, enrolment, person
from storage.store import Tx

KEPT = timedelta(days=90)  # the words of a closed or answered thread


class Thread(NamedTuple):
    """What a learner of a cohort and the colleagues wrote to each other. `name` is None once she was forgotten."""

    id: int
    learner_id: LearnerId
    cohort_id: CohortId
    broadcast_id: int | None
    state: str
    moved_at: datetime
    name: str | None
    about: str | None  # the first words of the broadcast


class Line(NamedTuple):
    """One message of it; `author_id` is a colleague's Telegram id, None: the learner's own words."""

    id: int
    author_id: int | None
    words: str
    said_at: datetime


_COLUMNS = (
    thread.c.id,
    thread.c.learner_id,
    thread.c.cohort_id,
    thread.c.broadcast_id,
    thread.c.state,
    thread.c.moved_at,
    person.c.name,
    broadcast.c.title,
)
_WITH = thread.outerjoin(person, person.c.learner_id == thread.c.learner_id).outerjoin(
    broadcast, broadcast.c.id == thread.c.broadcast_id
)
_GET = select(*_COLUMNS).select_from(_WITH).where(thread.c.id == bindparam("thread_id"))
_OPEN = (
    select(thread.c.id)
    .where(thread.c.learner_id == bindparam("learner_id"), thread.c.broadcast_id == bindparam("broadcast_id"))
    .order_by(thread.c.id.desc())
    .limit(1)
)
_MINE = thread.c.cohort_id.in_(bindparam("cohorts", expanding=True))
_WAITING = (
    select(*_COLUMNS)
    .select_from(_WITH)
    .where(thread.c.state == "waiting")
    .order_by(thread.c.moved_at, thread.c.id)
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("skipped", type_=Integer))
)
_HOW_MANY = select(func.count()).select_from(thread).where(thread.c.state == "waiting")
_LINES = select(*(thread_line.c[name] for name in Line._fields)).where(
    thread_line.c.thread_id == bindparam("thread_id")
)
_LINE = select(thread_line.c.thread_id, thread_line.c.words).where(thread_line.c.id == bindparam("line_id"))
_COHORT = (
    select(enrolment.c.cohort_id)
    .where(enrolment.c.learner_id == bindparam("learner_id"))
    .order_by(enrolment.c.id.desc())
    .limit(1)
)


def _thread(row: Any) -> Thread:
    return Thread(*row)


async def get(tx: Tx, thread_id: int) -> Thread | None:
    """The thread of that id."""
    row = await tx.first(_GET, thread_id=thread_id)
    return None if row is None else _thread(row)


async def about(tx: Tx, learner_id: LearnerId, cohort_id: CohortId, broadcast_id: int, *, now: datetime) -> int:
    """Her thread about a broadcast; begun where there is none."""
    found: int | None = await tx.value(_OPEN, learner_id=learner_id, broadcast_id=broadcast_id)
    if found is not None:
        return found
    values = {"learner_id": learner_id, "cohort_id": cohort_id, "broadcast_id": broadcast_id, "state": "closed"}
    return await rows.add(tx, thread, values | {"opened_at": now, "moved_at": now})


async def say(tx: Tx, thread_id: int, words: str, *, author_id: int | None, now: datetime) -> int:
    """One more line; returns its id."""
    values = {"thread_id": thread_id, "author_id": author_id, "words": words, "said_at": now}
    return await rows.add(tx, thread_line, values)


async def move(tx: Tx, thread_id: int, *, state: str, now: datetime) -> bool:
    """`waiting`, `answered` or `closed`; False when it was in that state."""
    found = await get(tx, thread_id)
    await rows.change(tx, thread, {"id": thread_id}, {"state": state, "moved_at": now})
    return found is not None and found.state != state


async def lines(tx: Tx, thread_id: int) -> list[Line]:
    """Everything said, the oldest first."""
    return [Line(*row) for row in await tx.all(_LINES.order_by(thread_line.c.id), thread_id=thread_id)]


async def line(tx: Tx, line_id: int) -> tuple[int, str] | None:
    """(thread, words) of a line; None once they were deleted."""
    row = await tx.first(_LINE, line_id=line_id)
    return None if row is None else (row.thread_id, row.words)


async def waiting(
    tx: Tx, cohorts: Collection[int] | None, *, skipped: int = 0, most: int = 10
) -> tuple[list[Thread], int]:
    """Those that wait for a colleague, the longest first, and how many there are; None: of every cohort."""
    bound = {} if cohorts is None else {"cohorts": list(cohorts) or [0]}
    found, many = (_WAITING, _HOW_MANY) if cohorts is None else (_WAITING.where(_MINE), _HOW_MANY.where(_MINE))
    page = [_thread(row) for row in await tx.all(found, **bound, skipped=skipped, most=most)]
    return page, await tx.value(many, **bound) or 0


_HERS = delete(thread_line).where(
    thread_line.c.thread_id.in_(select(thread.c.id).where(thread.c.learner_id == bindparam("whose")))
)
_OLD = delete(thread_line).where(
    thread_line.c.thread_id.in_(
        select(thread.c.id).where(thread.c.state != "waiting", thread.c.moved_at < bindparam("before"))
    )
)


async def forget(tx: Tx, learner_id: int) -> None:
    """All words of a learner's threads go."""
    await tx.run(_HERS, whose=learner_id)


async def tidy(tx: Tx, *, now: datetime) -> None:
    """Words of threads that came to rest ninety days ago go."""
    await tx.run(_OLD, before=now - KEPT)
