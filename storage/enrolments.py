"""Enrolments, and when each is to be looked at next. The looks stand in a narrow table clustered by time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, insert, select, update

from lessons.course import CourseId
from lessons.enrolment import CohortId, EnrolmentId, EnrolmentState, LearnerId
from storage.schema import cohort, due, enrolment, extension, person
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One learner in one cohort."""

    id: EnrolmentId
    learner_id: LearnerId
    cohort_id: CohortId
    course_id: CourseId
    state: EnrolmentState
    first_on: date
    free_since_at: datetime
    refresher_on: date | None
    seat: int = 0  # its number in the cohort, from 0
    extension_days: int = 0
    silences: int = 0
    consent_until_on: date | None = None
    renewal_on: date | None = None
    completed_at: datetime | None = None
    ended_on: date | None = None
    look_at: datetime | None = None


_COLUMNS = (
    enrolment.c.id,
    enrolment.c.learner_id,
    enrolment.c.cohort_id,
    cohort.c.course_id,
    enrolment.c.state,
    enrolment.c.first_on,
    enrolment.c.free_since_at,
    enrolment.c.seat,
    enrolment.c.extension_days,
    enrolment.c.refresher_on,
    enrolment.c.silences,
    enrolment.c.consent_until_on,
    enrolment.c.renewal_on,
    enrolment.c.completed_at,
    enrolment.c.ended_on,
    enrolment.c.look_at,
)
_JOINED = select(*_COLUMNS).join(cohort, cohort.c.id == enrolment.c.cohort_id)
_BY_ID = _JOINED.where(enrolment.c.id == bindparam("enrolment_id"))


def _value(row: Any) -> Enrolment:
    return Enrolment(**row._asdict() | {"state": EnrolmentState(row.state)})


async def get(tx: Tx, enrolment_id: int) -> Enrolment | None:
    """The enrolment of that id."""
    row = await tx.first(_BY_ID, enrolment_id=enrolment_id)
    return None if row is None else _value(row)


async def of_learner(tx: Tx, learner_id: LearnerId) -> list[Enrolment]:
    """All enrolments of a learner that were not withdrawn, the newest first."""
    mine = _JOINED.where(enrolment.c.learner_id == learner_id, enrolment.c.state != "withdrawn")
    return [_value(row) for row in await tx.all(mine.order_by(enrolment.c.id.desc()))]


async def learners_of(tx: Tx, cohort_id: CohortId) -> list[LearnerId]:
    """Everybody in a cohort who can be written to: reachable, not withdrawn, not forgotten."""
    from_person = select(enrolment.c.learner_id).join(person, person.c.learner_id == enrolment.c.learner_id)
    rows = await tx.all(from_person.where(enrolment.c.cohort_id == cohort_id, enrolment.c.state != "withdrawn"))
    return [LearnerId(row.learner_id) for row in rows]


async def enrol(
    tx: Tx, learner_id: LearnerId, cohort_id: CohortId, *, first_on: date, now: datetime
) -> tuple[EnrolmentId, bool]:
    """(enrolment, whether it is new). One who left comes back to where they stood."""
    mine = (enrolment.c.learner_id == learner_id) & (enrolment.c.cohort_id == cohort_id)
    there = await tx.first(select(enrolment.c.id, enrolment.c.state).where(mine))
    if there is not None:
        if there.state == "withdrawn":
            await set_state(tx, EnrolmentId(there.id), EnrolmentState.ACTIVE, free_since_at=now)
        return EnrolmentId(there.id), False
    seats = select(func.coalesce(func.max(enrolment.c.seat) + 1, 0)).where(enrolment.c.cohort_id == cohort_id)
    values = {"state": "active", "joined_at": now, "first_on": first_on, "free_since_at": now}
    values["seat"] = await tx.value(seats)
    made = await tx.insert(insert(enrolment).values(learner_id=learner_id, cohort_id=cohort_id, **values))
    return EnrolmentId(made), True


async def set_state(tx: Tx, enrolment_id: EnrolmentId, state: EnrolmentState, **also: Any) -> None:
    """Move to a state; further columns by keyword."""
    await tx.run(update(enrolment).where(enrolment.c.id == enrolment_id).values(state=state.value, **also))


async def change(tx: Tx, enrolment_id: EnrolmentId, **values: Any) -> None:
    """Set columns of an enrolment."""
    await tx.run(update(enrolment).where(enrolment.c.id == enrolment_id).values(**values))


async def extend(tx: Tx, enrolment_id: EnrolmentId, days: int, reason: str, *, now: datetime) -> None:
    """More time for one learner, with the reason on record."""
    granted = {"enrolment_id": enrolment_id, "days": days, "reason": reason, "made_at": now}
    await tx.run(insert(extension).values(granted))
    await change(tx, enrolment_id, extension_days=enrolment.c.extension_days + days)


async def set_free_since(tx: Tx, enrolment_id: EnrolmentId, at: datetime) -> None:
    """Nothing has been open since."""
    await tx.run(update(enrolment).where(enrolment.c.id == enrolment_id).values(free_since_at=at))


async def look_soon(tx: Tx, enrolment_ids: Collection[int], now: datetime) -> None:
    """Something changed for many at once: the planner looks at each with its next tick."""
    chosen = sorted(enrolment_ids)
    await tx.run(delete(due).where(due.c.enrolment_id.in_(chosen)))
    await tx.run(insert(due), [{"at": now, "enrolment_id": each} for each in chosen])
    await tx.run(update(enrolment).where(enrolment.c.id.in_(chosen)).values(look_at=now))


async def of_cohort(tx: Tx, cohort_id: CohortId) -> list[Enrolment]:
    """Everybody in a cohort who has not left, in the order of their seats."""
    mine = _JOINED.where(enrolment.c.cohort_id == cohort_id, enrolment.c.state != "withdrawn")
    return [_value(row) for row in await tx.all(mine.order_by(enrolment.c.seat, enrolment.c.id))]


async def look(tx: Tx, enrolment_id: EnrolmentId, at: datetime | None) -> None:
    """Look at this enrolment at that instant, or not at all."""
    await tx.run(delete(due).where(due.c.enrolment_id == enrolment_id))
    if at is not None:
        await tx.run(insert(due).values(at=at, enrolment_id=enrolment_id))
    await tx.run(update(enrolment).where(enrolment.c.id == enrolment_id).values(look_at=at))


_DUE_NOW = (
    select(due.c.enrolment_id)
    .where(due.c.at <= bindparam("now"))
    .order_by(due.c.at)
    .limit(bindparam("most", type_=Integer))
)


async def due_now(tx: Tx, now: datetime, *, limit: int) -> Sequence[EnrolmentId]:
    """Enrolments whose look has come, the longest due first."""
    rows = await tx.all(_DUE_NOW, now=now, most=limit)
    return [EnrolmentId(row.enrolment_id) for row in rows]


async def next_look(tx: Tx) -> datetime | None:
    """The earliest look planned."""
    at: datetime | None = await tx.value(select(func.min(due.c.at)))
    return at
