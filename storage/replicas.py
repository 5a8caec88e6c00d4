"""The processes that serve one database, each alive until its lease lapses.

One row a process and one small write a beat, however much it has in hand. Leases go by the database's own clock:
those of the processes may differ.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, delete, literal_column, or_, select

from storage import rows
from storage.columns import MICROSECOND, BigInt
from storage.schema import replica
from storage.store import Tx

LEASE = timedelta(seconds=6)  # what a dead process had in hand is free after so long
BEAT = 2.0  # seconds between renewals
LONG_GONE = timedelta(days=1)
_CLOCKS = {  # microseconds since 1970
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)",
}


def _now(dialect: str) -> ColumnElement[int]:
    return literal_column(_CLOCKS[dialect], BigInt)


def _microseconds(span: timedelta) -> int:
    return span // MICROSECOND


async def join(tx: Tx, owner: str, *, lease: timedelta = LEASE) -> None:
    """This process serves from now on. On SQLite it is the only one: whoever was here before is gone."""
    if tx.dialect == "sqlite":
        await tx.run(delete(replica))
    await renew(tx, owner, lease=lease)


async def renew(tx: Tx, owner: str, *, lease: timedelta = LEASE) -> None:
    """Still here."""
    await tx.run(_renewing(tx.dialect, _microseconds(lease)), who=owner)


@cache
def _renewing(dialect: str, lease: int) -> Executable:
    until = _now(dialect) + lease
    adding = rows.inserting(dialect, replica).values(owner=bindparam("who"), lease_until=until)
    return adding.on_conflict_do_update(index_elements=["owner"], set_={"lease_until": until})


async def leave(tx: Tx, owner: str) -> None:
    """Gone: what it had in hand is free at once."""
    await tx.run(delete(replica).where(replica.c.owner == owner))


async def tidy(tx: Tx) -> None:
    """Forget those that went without a word."""
    await tx.run(delete(replica).where(replica.c.lease_until < _now(tx.dialect) - _microseconds(LONG_GONE)))


def gone(dialect: str, owner: ColumnElement[Any], *, for_: timedelta = timedelta()) -> ColumnElement[bool]:
    """Whether the owner in that column is nobody, or a process whose lease lapsed so long ago."""
    alive = select(replica.c.owner).where(replica.c.lease_until > _now(dialect) - _microseconds(for_))
    return or_(owner.is_(None), owner.not_in(alive))
