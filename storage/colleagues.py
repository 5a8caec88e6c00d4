"""Who works at the desk: role, cohorts, and the links by which colleagues are appointed. Looked up at every tap."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from storage import rows
from storage.cohorts import digest
from storage.desk_schema import appointment, coordinator_cohort
from storage.schema import coordinator
from storage.store import Tx


class Colleague(NamedTuple):
    """A role in office. `cohorts`: the only ones it holds for; None: all of them."""

    telegram_id: int
    role: str
    origin: str
    name: str | None
    cohorts: frozenset[int] | None = None


class Appointment(NamedTuple):
    """A link that makes a colleague of whoever opens it."""

    id: int
    role: str
    cohorts: list[int] | None
    made_by: int
    taken_by: int | None
    expires_at: datetime


_COLUMNS = (coordinator.c.telegram_id, coordinator.c.role, coordinator.c.origin, coordinator.c.name)
_IN_OFFICE = (
    select(*_COLUMNS)
    .where(coordinator.c.revoked_at.is_(None))
    .order_by(coordinator.c.added_at, coordinator.c.telegram_id)
)
_ONE = _IN_OFFICE.where(coordinator.c.telegram_id == bindparam("who"))
_NAMES = select(coordinator.c.telegram_id, coordinator.c.name).where(
    coordinator.c.telegram_id.in_(bindparam("ids", expanding=True))
)
_SCOPE = select(coordinator_cohort.c.telegram_id, coordinator_cohort.c.cohort_id)
_SCOPE_OF = _SCOPE.where(coordinator_cohort.c.telegram_id == bindparam("who"))
_REVOKE = (
    update(coordinator)
    .where(coordinator.c.telegram_id == bindparam("who"), coordinator.c.origin == "granted")
    .where(coordinator.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_NO_SCOPE = delete(coordinator_cohort).where(coordinator_cohort.c.telegram_id == bindparam("who"))
_BY_CODE = select(*(appointment.c[name] for name in Appointment._fields)).where(
    appointment.c.code_hash == bindparam("wanted")
)
_TAKE = (
    update(appointment)
    .where(appointment.c.id == bindparam("which"), appointment.c.taken_by.is_(None))
    .values(taken_by=bindparam("who"))
)


def _colleague(row: Any, scope: frozenset[int]) -> Colleague:
    return Colleague(row.telegram_id, row.role, row.origin, row.name, scope or None)


async def of(tx: Tx, telegram_id: int) -> Colleague | None:
    """The role of a Telegram id, or None."""
    row = await tx.first(_ONE, who=telegram_id)
    if row is None:
        return None
    scope = frozenset(each.cohort_id for each in await tx.all(_SCOPE_OF, who=telegram_id))
    return _colleague(row, scope)


async def everybody(tx: Tx) -> list[Colleague]:
    """All in office, in the order of their appointment."""
    scopes: dict[int, set[int]] = {}
    for each in await tx.all(_SCOPE):
        scopes.setdefault(each.telegram_id, set()).add(each.cohort_id)
    return [_colleague(row, frozenset(scopes.get(row.telegram_id, ()))) for row in await tx.all(_IN_OFFICE)]


async def names(tx: Tx, telegram_ids: Collection[int]) -> dict[int, str]:
    """Names of these, in office or not, as far as they are known."""
    found = await tx.all(_NAMES, ids=list(telegram_ids) or [0])
    return {row.telegram_id: row.name for row in found if row.name}


async def in_charge(tx: Tx, cohort_id: int, *roles: str) -> list[int]:
    """Telegram ids of colleagues with one of these roles (none named: owner and coordinator) for a cohort."""
    wanted = roles or ("owner", "coordinator")
    return [
        each.telegram_id
        for each in await everybody(tx)
        if each.role in wanted and (each.cohorts is None or cohort_id in each.cohorts)
    ]


async def appoint(
    tx: Tx, telegram_id: int, role: str, cohorts: Sequence[int] | None, *, name: str | None, now: datetime
) -> None:
    """Give a role, or another one, from this moment on."""
    values = {"telegram_id": telegram_id, "origin": "granted", "role": role, "name": name, "added_at": now}
    await rows.put(tx, coordinator, values | {"revoked_at": None}, key=("telegram_id",))
    await tx.run(_NO_SCOPE, who=telegram_id)
    for cohort_id in cohorts or ():
        await rows.add_unless_there(tx, coordinator_cohort, {"telegram_id": telegram_id, "cohort_id": cohort_id})


async def widen(tx: Tx, telegram_id: int, cohort_id: int) -> None:
    """One cohort more for somebody who does not have them all."""
    await rows.add_unless_there(tx, coordinator_cohort, {"telegram_id": telegram_id, "cohort_id": cohort_id})


async def revoke(tx: Tx, telegram_id: int, *, now: datetime) -> bool:
    """Take the role away; False where there was none, or the settings give it."""
    return bool(await tx.run(_REVOKE, who=telegram_id, at=now))


async def offer(
    tx: Tx, *, code: str, role: str, cohorts: Sequence[int] | None, made_by: int, expires_at: datetime, now: datetime
) -> None:
    """A link that may be taken once."""
    values = {"code_hash": digest(code), "role": role, "cohorts": cohorts, "made_by": made_by}
    await rows.add(tx, appointment, values | {"made_at": now, "expires_at": expires_at})


async def offered(tx: Tx, code: str) -> Appointment | None:
    """The appointment of a code, taken or not."""
    row = await tx.first(_BY_CODE, wanted=digest(code))
    return None if row is None else Appointment(*row)


async def take(tx: Tx, appointment_id: int, telegram_id: int) -> bool:
    """Take it; False when another was first."""
    return bool(await tx.run(_TAKE, which=appointment_id, who=telegram_id))


async def recognise(tx: Tx, telegram_id: int, name: str) -> None:
    """Keep the name that Telegram shows, for colleagues."""
    await rows.change(tx, coordinator, {"telegram_id": telegram_id}, {"name": name})
