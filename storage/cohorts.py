"""Cohorts and the invitations into them. A code is shown once; the database keeps its hash."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from lessons.course import CourseId
from lessons.enrolment import CohortId
from scheduler.calendar import ShortDays
from scheduler.spans import Span
from storage import rows
from storage.schema import cohort, invitation
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
    days: frozenset[int] | None = None  # ISO weekdays of lessons; None: the working week of each place
    reminders: int = 3  # about one lesson, before lessons rest; 0: none, and no rest either


class Invitation(NamedTuple):
    """A way into a cohort, and why it may no longer serve."""

    id: int
    cohort_id: CohortId
    used_up: bool
    expired: bool


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
    cohort.c.days,
    cohort.c.reminders,
)
_SHORT = (cohort.c.short_first_on, cohort.c.short_last_on, cohort.c.short_start, cohort.c.short_end)

_COHORTS = select(*_COLUMNS, *_SHORT)
_BY_ID = _COHORTS.where(cohort.c.id == bindparam("cohort_id"))
_BY_NAME = _COHORTS.where(cohort.c.name == bindparam("wanted"))
_EVERY = _COHORTS.order_by(cohort.c.id.desc())


def _value(row: Any) -> Cohort:
    fields = row._asdict()
    first, last, start, end = (fields.pop(column.name) for column in _SHORT)
    fields["days"] = None if row.days is None else frozenset(row.days)
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


async def every(tx: Tx, among: frozenset[int] | None = None) -> list[Cohort]:
    """All cohorts, or those among these ids, the newest first."""
    return [_value(row) for row in await tx.all(_EVERY) if among is None or row.id in among]


async def set_calendar(tx: Tx, cohort_id: CohortId, **values: Any) -> None:
    """Set name, start_on, deadline_on, pace, bar, days, reminders or home."""
    if values.get("days") is not None:
        values["days"] = sorted(values["days"])
    await rows.change(tx, cohort, {"id": cohort_id}, values)


async def set_short_days(tx: Tx, cohort_id: CohortId, short: ShortDays | None) -> None:
    """Dates of shorter office hours, as in Ramadan."""
    columns = [column.name for column in _SHORT]
    values = (short.span.first, short.span.last, short.start, short.end) if short else (None,) * 4
    await set_calendar(tx, cohort_id, **dict(zip(columns, values, strict=True)))
