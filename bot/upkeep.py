"""What the service does for itself: putting the store in order, and knowing whether anything is left to do."""

from datetime import datetime

from bot.clock import Clock
from bot.features.broadcast.usecase import finished
from storage import conversations, corrections, deliveries, enrolments, inbox, replicas, roster_drafts, threads
from storage.store import Store, Tx


async def tidy(store: Store, clock: Clock) -> None:
    """Once an hour: what was kept long enough goes."""
    now, people_now = clock.machine_now(), clock.people_now()

    async def change(tx: Tx) -> None:
        await inbox.tidy(tx, now=now)
        await conversations.tidy(tx, now=people_now)
        await roster_drafts.tidy(tx, now=people_now)
        await threads.tidy(tx, now=people_now)
        await replicas.tidy(tx)

    await store.change(change)
    await store.scrub()


async def standing(store: Store, now: datetime) -> tuple[bool, datetime | None]:
    """(nothing to do now, the next instant at which something is due)."""

    async def look(tx: Tx) -> tuple[bool, datetime | None]:
        looks = [at for at in (await enrolments.next_look(tx), await deliveries.next_due(tx)) if at]
        first = min(looks, default=None)
        busy = (
            await inbox.undone(tx)
            or await deliveries.busy(tx, now)
            or await finished(tx)
            or await corrections.undone(tx)
        )
        return not busy and (first is None or first > now), first

    return await store.read(look)
