"""Enrolments, and when each is to be looked at next. The looks stand in a narrow table clustered by time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, delete, func, insert, select, text, update

from lessons.course import CourseId
from lessons.enrolment import CohortId, EnrolmentId, EnrolmentState, LearnerId
from storage import rows
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
_NOT_LEFT = enrolment.c.state != "withdrawn"
_BY_ID = _JOINED.where(enrolment.c.id == bindparam("enrolment_id"))
_OF_LEARNER = _JOINED.where(enrolment.c.learner_id == bindparam("learner_id"), _NOT_LEFT).order_by(
    enrolment.c.id.desc()
)
_OF_COHORT = _JOINED.where(enrolment.c.cohort_id == bindparam("cohort_id"), _NOT_LEFT).order_by(
    enrolment.c.seat, enrolment.c.id
)


def _value(row: Any) -> Enrolment:
    return Enrolment(
        id=row.id,
        learner_id=row.learner_id,
        cohort_id=row.cohort_id,
        course_id=row.course_id,
        state=EnrolmentState(row.state),
        first_on=row.first_on,
        free_since_at=row.free_since_at,
        refresher_on=row.refresher_on,
        seat=row.seat,
        extension_days=row.extension_days,
        silences=row.silences,
        consent_until_on=row.consent_until_on,
        renewal_on=row.renewal_on,
        completed_at=row.completed_at,
        ended_on=row.ended_on,
        look_at=row.look_at,
    )


async def hold(tx: Tx, enrolment_id: EnrolmentId) -> None:
    """Nobody else plans for it, or settles what it was asked, until this change ends."""
    await tx.hold(enrolment, enrolment_id)


async def get(tx: Tx, enrolment_id: int) -> Enrolment | None:
    """The enrolment of that id."""
    row = await tx.first(_BY_ID, enrolment_id=enrolment_id)
    return None if row is None else _value(row)


async def of_learner(tx: Tx, learner_id: LearnerId) -> list[Enrolment]:
    """All enrolments of a learner that were not withdrawn, the newest first."""
    return [_value(row) for row in await tx.all(_OF_LEARNER, learner_id=learner_id)]


_LEARNERS_OF = (
    select(enrolment.c.learner_id)
    .join(person, person.c.learner_id == enrolment.c.learner_id)
    .where(enrolment.c.cohort_id == bindparam("cohort_id"), _NOT_LEFT)
)


async def learners_of(tx: Tx, cohort_id: CohortId) -> list[LearnerId]:
    """Everybody in a cohort who can be written to: reachable, not withdrawn, not forgotten."""
    return [LearnerId(row.learner_id) for row in await tx.all(_LEARNERS_OF, cohort_id=cohort_id)]


_THERE = select(enrolment.c.id, enrolment.c.state).where(
    enrolment.c.learner_id == bindparam("learner_id"), enrolment.c.cohort_id == bindparam("cohort_id")
)
_NEXT_SEAT = select(func.coalesce(func.max(enrolment.c.seat) + 1, 0)).where(
    enrolment.c.cohort_id == bindparam("cohort_id")
)


async def enrol(
    tx: Tx, learner_id: LearnerId, cohort_id: CohortId, *, first_on: date, now: datetime
) -> tuple[EnrolmentId, bool]:
    """(enrolment, whether it is new). One who left comes back to where they stood."""
    there = await tx.first(_THERE, learner_id=learner_id, cohort_id=cohort_id)
    if there is not None:
        if there.state == "withdrawn":
            await set_state(tx, EnrolmentId(there.id), EnrolmentState.ACTIVE, free_since_at=now)
        return EnrolmentId(there.id), False
    await tx.hold(cohort, cohort_id)  # no two get one seat
    values: dict[str, Any] = {"state": "active", "joined_at": now, "first_on": first_on, "free_since_at": now}
    values |= {"learner_id": learner_id, "cohort_id": cohort_id}
    values["seat"] = await tx.value(_NEXT_SEAT, cohort_id=cohort_id)
    return EnrolmentId(await rows.add(tx, enrolment, values)), True


async def set_state(tx: Tx, enrolment_id: EnrolmentId, state: EnrolmentState, **also: Any) -> None:
    """Move to a state; further columns by keyword."""
    await change(tx, enrolment_id, state=state.value, **also)


async def change(tx: Tx, enrolment_id: EnrolmentId, **values: Any) -> None:
    """Set columns of an enrolment."""
    await rows.change(tx, enrolment, {"id": enrolment_id}, values)


_LONGER = (
    update(enrolment)
    .where(enrolment.c.id == bindparam("enrolment_id"))
    .values(extension_days=enrolment.c.extension_days + bindparam("more", type_=Integer))
)


async def extend(tx: Tx, enrolment_id: EnrolmentId, days: int, reason: str, *, now: datetime) -> None:
    """More time for one learner, with the reason on record."""
    granted = {"enrolment_id": enrolment_id, "days": days, "reason": reason, "made_at": now}
    await rows.add(tx, extension, granted)
    await tx.run(_LONGER, enrolment_id=enrolment_id, more=days)


async def set_free_since(tx: Tx, enrolment_id: EnrolmentId, at: datetime) -> None:
    """Nothing has been open since."""
    await change(tx, enrolment_id, free_since_at=at)


_CHOSEN: BindParameter[int] = bindparam("chosen", expanding=True)
_LOOK_NO_MORE = delete(due).where(due.c.enrolment_id.in_(_CHOSEN))
_LOOK_AT = insert(due).values(at=bindparam("at"), enrolment_id=bindparam("enrolment_id"))
_LOOKED_AT = update(enrolment).where(enrolment.c.id.in_(_CHOSEN)).values(look_at=bindparam("at"))


async def look_soon(tx: Tx, enrolment_ids: Collection[int], now: datetime) -> None:
    """Something changed for many at once: the planner looks at each with its next tick."""
    chosen = sorted(enrolment_ids)
    await tx.run(_LOOK_NO_MORE, chosen=chosen)
    await tx.run(_LOOK_AT, [{"at": now, "enrolment_id": each} for each in chosen])
    await tx.run(_LOOKED_AT, chosen=chosen, at=now)


async def of_cohort(tx: Tx, cohort_id: CohortId) -> list[Enrolment]:
    """Everybody in a cohort who has not left, in the order of their seats."""
    return [_value(row) for row in await tx.all(_OF_COHORT, cohort_id=cohort_id)]


async def look(tx: Tx, enrolment_id: EnrolmentId, at: datetime | None) -> None:
    """Look at this enrolment at that instant, or not at all."""
    if at is None:
        await tx.run(_LOOK_NO_MORE, chosen=[enrolment_id])
    else:
        await rows.put(tx, due, {"at": at, "enrolment_id": enrolment_id}, key=("enrolment_id",))
    await change(tx, enrolment_id, look_at=at)


_DUE_NOW = (
    select(due.c.enrolment_id)
    .where(due.c.at <= bindparam("now"))
    .order_by(due.c.at)
    .limit(bindparam("most", type_=Integer))
)


async def due_now(tx: Tx, now: datetime, *, limit: int) -> Sequence[EnrolmentId]:
    """Enrolments whose look has come, the longest due first."""
    return [EnrolmentId(row.enrolment_id) for row in await tx.all(_DUE_NOW, now=now, most=limit)]


_TURN = text("SELECT pg_try_advisory_xact_lock(:turn)")
PLANNING = 0x4174746163686570  # "Attachep" in ASCII: whoever holds it plans


async def our_turn(tx: Tx) -> bool:
    """Whether nobody else plans until this change ends; on SQLite there is nobody else."""
    return tx.dialect == "sqlite" or bool(await tx.value(_TURN, turn=PLANNING))


_IS_DUE = select(due.c.enrolment_id).where(
    due.c.enrolment_id == bindparam("enrolment_id"), due.c.at <= bindparam("now")
)


async def is_due(tx: Tx, enrolment_id: EnrolmentId, now: datetime) -> bool:
    """Whether the look at this enrolment has come and was not made yet."""
    return await tx.first(_IS_DUE, enrolment_id=enrolment_id, now=now) is not None


_NEXT_LOOK = select(func.min(due.c.at))


async def next_look(tx: Tx) -> datetime | None:
    """The earliest look planned."""
    at: datetime | None = await tx.value(_NEXT_LOOK)
    return at
