"""Whether a service beside the sandbox has come to rest: what is not served, and what is not sent."""

from datetime import datetime

import aiohttp
from sqlalchemy import func, select

from storage import inbox
from storage.schema import broadcast, delivery, delivery_lease
from storage.store import Store, Tx


async def undone(session: aiohttp.ClientSession, sandbox: str, store: Store) -> int:
    """Updates that the sandbox has not got rid of, or that are not served."""
    async with session.get(f"{sandbox}/sandbox/pending") as answer:
        waiting: int = (await answer.json())["updates"]
    return waiting + await store.read(inbox.undone)


async def on_the_way(session: aiohttp.ClientSession, clock: str, store: Store) -> int:
    """Deliveries that are due or in hand by the clock at that address, and broadcasts not yet reported."""
    async with session.get(clock) as answer:
        now = datetime.fromisoformat((await answer.json())["now"])
    due = (delivery.c.state == "pending") & (delivery.c.due_at <= now)
    those = select(func.count()).where(due | delivery.c.id.in_(select(delivery_lease.c.delivery_id)))
    unreported = select(func.count()).where(broadcast.c.state == "confirmed")  # its report is a delivery to come

    async def count(tx: Tx) -> int:
        return (await tx.value(those) or 0) + (await tx.value(unreported) or 0)

    return await store.read(count)
