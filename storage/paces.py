"""Where the budget of messages stands, for all replicas: read and moved on by one of them at a time."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from scheduler.pacing import Pace
from storage import rows
from storage.columns import instant_of
from storage.schema import pace
from storage.store import Tx

_KEY = "telegram"
_ROW = select(*[pace.c[name] for name in Pace.__dataclass_fields__]).where(pace.c.key == bindparam("which"))


class Standing(NamedTuple):
    """The pace, None before the first message; and the instant by the clock that all replicas share."""

    pace: Pace | None
    now: datetime


async def standing(tx: Tx, now: datetime) -> Standing:
    """Where it stands, nobody else moving it until this change ends. `now` counts where one process is all there is."""
    await tx.alone_with(pace)
    row = await tx.first(_ROW, which=_KEY)
    if tx.dialect == "postgresql":  # replicas' clocks differ: the server's is one for all
        now = instant_of(await tx.value(select(func.extract("epoch", func.clock_timestamp()))))
    return Standing(Pace(*row) if row is not None else None, now)


async def keep(tx: Tx, stands: Pace) -> None:
    """It stands here now."""
    values = {name: getattr(stands, name) for name in Pace.__dataclass_fields__}
    await rows.put(tx, pace, {"key": _KEY} | values, key=("key",))
