"""Cohorts and the invitations into them. A code is shown once; the database keeps its hash."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import Case, Integer, bindparam, case, func, select, update

from lessons.course import CourseId
from lessons.enrolment import CohortId
from scheduler.calendar import ShortDays
from scheduler.spans import Span
from storage import rows
from storage.schema import asking, cohort, enrolment, invitation, learner, person, posting
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who learn a course together."""

    id: CohortId
    course_id: CourseId
    name: str
    start_on: date
    slot: time
    deadline_on: date | None = None
    pace: int = 1
    bar: int = 80  # per cent of objectives mastered that completes
    home: str = "BD"
    short_days: ShortDays | None = None


class Invitation(NamedTuple):
    """A way into a cohort, and why it may no longer serve."""

    id: int
    cohort_id: CohortId
    used_up: bool
    expired: bool


class Census(NamedTuple):
    """How many of a cohort are where. `silent`: active, with a lesson left alone after a reminder."""

    invited: int
    active: int
    silent: int
    paused: int
    completed: int
    ended: int
    unreachable: int


_COLUMNS = (
    cohort.c.id,
    cohort.c.course_id,
    cohort.c.name,
    cohort.c.start_on,
    cohort.c.slot,
    cohort.c.deadline_on,
    cohort.c.pace,
    cohort.c.bar,
    cohort.c.home,
)
_SHORT = (cohort.c.short_first_on, cohort.c.short_last_on, cohort.c.short_start, cohort.c.short_end)

_COHORTS = select(*_COLUMNS, *_SHORT)
_BY_ID = _COHORTS.where(cohort.c.id == bindparam("cohort_id"))
_BY_NAME = _COHORTS.where(cohort.c.name == bindparam("wanted"))
_EVERY = _COHORTS.order_by(cohort.c.id.desc())


def _value(row: Any) -> Cohort:
    fields = row._asdict()
    first, last, start, end = (fields.pop(column.name) for column in _SHORT)
    return Cohort(**fields, short_days=None if first is None else ShortDays(Span(first, last), start, end))


def digest(code: str) -> str:
    """What the database keeps of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


async def create(
    tx: Tx, *, course_id: CourseId, name: str, start_on: date, slot: time, now: datetime
) -> CohortId | None:
    """A new cohort; None when the name is taken."""
    if await by_name(tx, name) is not None:
        return None
    values = {"course_id": course_id, "name": name, "start_on": start_on, "slot": slot, "created_at": now}
    return CohortId(await rows.add(tx, cohort, values))


async def invite(tx: Tx, cohort_id: CohortId, *, code: str, uses: int, expires_at: datetime, now: datetime) -> None:
    """A code that lets so many people in until it expires."""
    values = {"code_hash": digest(code), "uses": uses, "expires_at": expires_at, "created_at": now}
    await rows.add(tx, invitation, values | {"cohort_id": cohort_id})


_BY_CODE = select(invitation).where(invitation.c.code_hash == bindparam("wanted"))
_USE = (
    update(invitation)
    .where(invitation.c.id == bindparam("invitation_id"), invitation.c.used < invitation.c.uses)
    .values(used=invitation.c.used + 1)
)


async def by_code(tx: Tx, code: str, *, now: datetime) -> Invitation | None:
    """The invitation of a code, or None when no such code was ever given."""
    row = await tx.first(_BY_CODE, wanted=digest(code))
    if row is None:
        return None
    return Invitation(row.id, CohortId(row.cohort_id), row.used >= row.uses, row.expires_at <= now)


async def use(tx: Tx, invitation_id: int) -> bool:
    """Take one use; False when another took the last."""
    return bool(await tx.run(_USE, invitation_id=invitation_id))


async def get(tx: Tx, cohort_id: int) -> Cohort | None:
    """The cohort of that id."""
    row = await tx.first(_BY_ID, cohort_id=cohort_id)
    return None if row is None else _value(row)


async def by_name(tx: Tx, name: str) -> Cohort | None:
    """The cohort of that name."""
    row = await tx.first(_BY_NAME, wanted=name)
    return None if row is None else _value(row)


async def every(tx: Tx) -> list[Cohort]:
    """All cohorts, the newest first."""
    return [_value(row) for row in await tx.all(_EVERY)]


async def set_calendar(tx: Tx, cohort_id: CohortId, **values: Any) -> None:
    """Set start_on, deadline_on, pace or bar."""
    await rows.change(tx, cohort, {"id": cohort_id}, values)


async def set_short_days(tx: Tx, cohort_id: CohortId, short: ShortDays | None) -> None:
    """Dates of shorter office hours, as in Ramadan."""
    columns = [column.name for column in _SHORT]
    values = (short.span.first, short.span.last, short.start, short.end) if short else (None,) * 4
    await set_calendar(tx, cohort_id, **dict(zip(columns, values, strict=True)))


def _group() -> Case[str]:
    """Where a member stands. Someone out of reach counts there and nowhere else."""
    nudged = select(asking.c.id).where(asking.c.enrolment_id == enrolment.c.id, asking.c.state == "put")
    return case(
        (learner.c.reach != "reachable", "unreachable"),
        ((enrolment.c.state == "active") & nudged.where(asking.c.nudges > 0).exists(), "silent"),
        else_=enrolment.c.state,
    )


_ROLL = enrolment.join(learner, learner.c.id == enrolment.c.learner_id)
_GROUP = _group().label("group")
_CENSUS = (
    select(_GROUP, func.count().label("n"))
    .select_from(_ROLL)
    .where(enrolment.c.cohort_id == bindparam("cohort_id"))
    .group_by(_GROUP)
)
_PLACES_LEFT = select(func.coalesce(func.sum(invitation.c.uses - invitation.c.used), 0)).where(
    invitation.c.cohort_id == bindparam("cohort_id")
)


async def census(tx: Tx, cohort_id: CohortId) -> Census:
    """Counts by group, and the places that invitations still hold."""
    found = {row.group: row.n for row in await tx.all(_CENSUS, cohort_id=cohort_id)}
    invited = await tx.value(_PLACES_LEFT, cohort_id=cohort_id)
    return Census(invited, *(found.get(name, 0) for name in Census._fields[1:]))


class Member(NamedTuple):
    """A name in a group of the census, with the posting."""

    group: str
    name: str
    place: str | None


_NEWEST = (
    select(posting.c.place)
    .where(posting.c.learner_id == enrolment.c.learner_id)
    .order_by(posting.c.from_on.desc(), posting.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_MEMBERS = (
    select(_GROUP, person.c.name, _NEWEST.label("place"))
    .select_from(_ROLL.join(person, person.c.learner_id == learner.c.id))
    .where(enrolment.c.cohort_id == bindparam("cohort_id"), _group() == bindparam("wanted"))
    .order_by(person.c.name)
    .limit(bindparam("most", type_=Integer))
)


async def members(tx: Tx, cohort_id: CohortId, *, limit: int) -> list[Member]:
    """Members by name, at most `limit` a group: those whom a coordinator may want to call first."""
    told: list[Member] = []
    for name in Census._fields[1:]:
        told += [Member(*row) for row in await tx.all(_MEMBERS, cohort_id=cohort_id, wanted=name, most=limit)]
    return told
